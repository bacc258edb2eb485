/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/reading.h"

#include <sys/stat.h>

#include "fixture.h"

#define EVENT_INI                                                                                            \
  "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n"
#define PERSON_INI                                                                                           \
  "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n"

static void
every_row_comes_once_and_whole (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("CREATE TABLE t (person, date, \"end\", code, value, unit);"
                   "INSERT INTO t VALUES ('010180-1234', '2020-02-29', NULL, 'DI219', 1.5, 'mmol/l'),"
                   " (' 240361ra07', '2021-01-01', '2021-01-03', '', NULL, NULL);",
                   EVENT_INI "code_system=SKS\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  KohSelection all = KOH_SELECT_ALL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohReading) reading =
      koh_reading_open (store, koh_store_mapping (store, "d"), &all, NULL, &error);
  const KohRow *row;

  g_assert_no_error (error);
  g_assert_cmpuint (koh_reading_columns (reading), ==, 2);
  g_assert_cmpstr (koh_reading_name (reading, 0), ==, "value");
  g_assert_true (koh_reading_next (reading, &row, &error));
  g_assert_cmpstr (row->person, ==, "0101801234");
  g_assert_cmpint (row->date, ==, day ("2020-02-29"));
  g_assert_cmpint (row->end, ==, KOH_DAY_NONE);
  g_assert_cmpstr (row->code, ==, "DI219");
  g_assert_cmpstr (koh_reading_text (reading, 0), ==, "1.5");
  g_assert_cmpstr (koh_reading_text (reading, 1), ==, "mmol/l");
  g_assert_true (koh_reading_next (reading, &row, &error));
  g_assert_cmpstr (row->person, ==, "240361RA07");
  g_assert_cmpint (row->end, ==, day ("2021-01-03"));
  g_assert_cmpstr (row->code, ==, NULL);
  g_assert_cmpstr (koh_reading_text (reading, 0), ==, NULL);
  g_assert_true (koh_reading_next (reading, &row, &error));
  g_assert_null (row);
}

static const struct
{
  const char *ini, *columns, *rows, *message;
} bad_rows[] = {
  { EVENT_INI "code_system=SKS\n", "person, date, code",
    "('0101801234','2018-12-01','DI21'), ('0101801234','2018-13-01','DI21')",
    "Dataset d, row 2, column date: '2018-13-01' is not a date (YYYY-MM-DD)" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234','2019-02-29','DI21')",
    "row 1, column date: '2019-02-29' is not a date" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234',NULL,'DI21')",
    "row 1, column date: is empty" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234',17897,'DI21')",
    "column date: '17897' is not a date" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234','1879-12-31','DI21')",
    "column date: '1879-12-31' is not a date" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234','2018-01-01','DI21.9')",
    "column code: 'DI21.9' is not a code" },
  { EVENT_INI "code_system=SKS\n", "person, date, code", "('0101801234','2018-01-01','di21')",
    "column code: 'di21' is not a code" },
  { EVENT_INI, "person, date", "(NULL,'2018-01-01')",
    "row 1, column person: is not a key of 10 letters and digits" },
  { EVENT_INI, "person, date", "(101801234,'2018-01-01')", "column person: is not a key" },
  { EVENT_INI, "person, date", "('01018012345','2018-01-01')", "column person: is not a key" },
  { EVENT_INI, "person, date", "('010180123æ','2018-01-01')", "column person: is not a key" },
  { EVENT_INI, "person, date, \"end\"", "('0101801234','2018-01-02','2018-01-01')",
    "column end: '2018-01-01' is before the date" },
  { PERSON_INI, "person, birth_date", "('0101801234','1980-01-01'), ('0101801235','1.1.1980')",
    "row 2 in order of persons, column birth_date: '1.1.1980' is not a date" },
  { PERSON_INI, "person, sex", "('0101801235','M'), ('0101801234','M'), ('0101801235','K')",
    "row 3 in order of persons, column person: has a row already" },
  { PERSON_INI "validity=year\n", "person, valid_from, valid_to, q",
    "('0101801234','2018-01-01','2018-12-30','1')",
    "column valid_from: '2018-01-01' and valid_to are not the first and last day of one year" },
  { PERSON_INI "validity=year\n", "person, valid_from, valid_to, q",
    "('0101801234','2018-01-01','2019-12-31','1')", "are not the first and last day of one year" },
  { PERSON_INI "validity=year\n", "person, valid_from, valid_to, q", "('0101801234',NULL,'2019-12-31','1')",
    "column valid_from: is empty" },
  { PERSON_INI "validity=year\n", "person, valid_from, valid_to, q",
    "('0101801234','2018-01-01','2018-12-31','1'), ('0101801234','2018-01-01','2018-12-31','1')",
    "row 2 in order of persons, column valid_from: '2018-01-01' is where another row of the same person "
    "begins too" },
  { PERSON_INI, "person, valid_from, valid_to, q", "('0101801234','2018-01-02','2018-01-01','1')",
    "column valid_to: '2018-01-01' is before valid_from" },
};

static void
a_bad_row_refuses_its_dataset_and_is_named (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE t (%s); INSERT INTO t VALUES %s;",
                                              bad_rows[i].columns, bad_rows[i].rows);
      g_autoptr (Fixture) fixture = fixture_new (sql, bad_rows[i].ini);
      g_autoptr (KohStore) store = fixture_store (fixture);
      g_autoptr (GError) describing = NULL, listing = NULL;

      g_assert_null (koh_store_describe (store, "x", NULL, &describing));
      assert_error (describing, KOH_ERROR_DATA, bad_rows[i].message);
      g_assert_null (koh_store_persons (store, NULL, &listing));
      assert_error (listing, KOH_ERROR_DATA, bad_rows[i].message);
      g_assert_null (strstr (describing->message, "010180"));
    }
}

static const struct
{
  const char *ini, *columns, *message;
} bad_queries[] = {
  { EVENT_INI, "date", "the query has no column “person”" },
  { EVENT_INI, "person", "the query has no column “date”" },
  { EVENT_INI "code_system=SKS\n", "person, date", "has a code_system= but no column “code”" },
  { EVENT_INI, "person, date, code", "needs code_system= in peer.ini for its column “code”" },
  { EVENT_INI, "person, date, kode", "gives an event a column that is none of its own: “kode”" },
  { EVENT_INI, "person, date, \"Ward\"",
    "names a column with other than lower-case letters, digits and _: “Ward”" },
  { PERSON_INI "levels.sex=M;K\n", "person, gender", "lacks what peer.ini declares, the column “sex”" },
  { PERSON_INI "validity=year\n", "person, q", "has a validity but no column “valid_from”" },
  { PERSON_INI, "person, valid_from, q", "has a validity but no column “valid_to”" },
  { "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT person, a, a FROM t\n",
    "person, a", "“a" },
  { "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT person FROM nowhere\n",
    "person", "no such table: nowhere" },
  { "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=DELETE FROM t\n", "person",
    "Dataset d: " },
  { "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT person FROM t); "
    "DELETE FROM t; SELECT (1\n",
    "person", "Dataset d: " },
};

static void
a_query_that_does_not_fit_is_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_queries); i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE t (%s);", bad_queries[i].columns);
      g_autoptr (Fixture) fixture = fixture_new (sql, bad_queries[i].ini);
      g_autoptr (KohStore) store = fixture_store (fixture);
      g_autoptr (GError) error = NULL;

      g_assert_null (koh_store_describe (store, "x", NULL, &error));
      assert_error (error, KOH_ERROR_DATA, bad_queries[i].message);
    }
}

static void
reading_writes_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date); INSERT INTO t VALUES ('0101801234', '2020-01-01');", EVENT_INI);
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autoptr (KohConnector) connector = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before, size_after;

  g_assert_true (g_file_get_contents (fixture->database, &before, &size_before, NULL));
  g_chmod (fixture->database, 0400);
  catalogue = koh_store_describe (store, "x", NULL, &error);
  g_assert_no_error (error);
  connector = koh_sqlite_open (fixture->database, "x", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (koh_connector_query (connector, "INSERT INTO t VALUES (1, 2)", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "The query must be one SELECT");
  g_clear_error (&error);
  g_assert_null (koh_connector_query (connector, "SELECT 1; DELETE FROM t", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "The query must be one SELECT");
  g_assert_true (g_file_get_contents (fixture->database, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
}

static void
a_database_that_cannot_be_read_is_named (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", EVENT_INI);
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;

  g_unlink (fixture->database);
  g_assert_null (koh_store_describe (store, "x", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "data.sqlite cannot be read: No such file or directory");
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (
      fixture->database, "This is no database, but long enough to look like something", -1, NULL));
  g_assert_null (koh_store_describe (store, "x", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "data.sqlite cannot be read: file is not a database");
  g_clear_error (&error);
  g_unlink (fixture->database);
  g_assert_cmpint (g_mkdir (fixture->database, 0700), ==, 0);
  g_assert_null (koh_store_describe (store, "x", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "it is not a file");
  g_rmdir (fixture->database);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (50000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A query that would run for hours, and gives no row before it ends. */
static void
cancelling_ends_a_query_that_gives_no_rows (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (n); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 5000) "
      "INSERT INTO t SELECT n FROM c;",
      "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT '0101801234' AS "
      "person, '2020-01-01' AS date FROM t a, t b, t c WHERE a.n + b.n + c.n < 0\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 begun = g_get_monotonic_time ();

  g_assert_null (koh_store_persons (store, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 20 * G_USEC_PER_SEC);
  g_thread_join (thread);
}

static void
persons_stand_once_and_sorted (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("CREATE TABLE t (person, date); CREATE TABLE r (person, birth_date);"
                   "INSERT INTO t VALUES ('0201801234', '2020-01-01'), ('010180-1234', '2020-01-01'), "
                   "('0201801234', '2020-01-02'), ('0101801234', '2020-01-03');"
                   "INSERT INTO r VALUES ('0301801234', '1980-01-03'), ('010180 1234', NULL);",
                   EVENT_INI "[dataset r]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM r\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = koh_store_persons (store, NULL, &error),
                        registered = koh_store_register (store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (persons->len, ==, 3);
  g_assert_cmpstr (persons->pdata[0], ==, "0101801234");
  g_assert_cmpstr (persons->pdata[1], ==, "0201801234");
  g_assert_cmpstr (persons->pdata[2], ==, "0301801234");
  g_assert_cmpuint (registered->len, ==, 2);
  g_assert_cmpstr (registered->pdata[0], ==, "0101801234");
}

static void
keys_are_ten_letters_and_digits (void)
{
  static const struct
  {
    const char *text, *key;
  } cases[] = {
    { "0101801234", "0101801234" },
    { "010180-1234", "0101801234" },
    { " 010180 1234 ", "0101801234" },
    { "240361ra07", "240361RA07" },
    { "010180123", NULL },
    { "01018012345", NULL },
    { "", NULL },
    { "010180_1234", NULL },
    { "010180123ø", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *key = koh_person_normalise (cases[i].text);

      g_assert_cmpstr (key, ==, cases[i].key);
    }
  g_assert_null (koh_person_normalise (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/reading/every-row-comes-once-and-whole", every_row_comes_once_and_whole);
  g_test_add_func ("/store/reading/a-bad-row-refuses-its-dataset-and-is-named",
                   a_bad_row_refuses_its_dataset_and_is_named);
  g_test_add_func ("/store/reading/a-query-that-does-not-fit-is-refused",
                   a_query_that_does_not_fit_is_refused);
  g_test_add_func ("/store/reading/reading-writes-nothing", reading_writes_nothing);
  g_test_add_func ("/store/reading/a-database-that-cannot-be-read-is-named",
                   a_database_that_cannot_be_read_is_named);
  g_test_add_func ("/store/reading/cancelling-ends-a-query-that-gives-no-rows",
                   cancelling_ends_a_query_that_gives_no_rows);
  g_test_add_func ("/store/reading/persons-stand-once-and-sorted", persons_stand_once_and_sorted);
  g_test_add_func ("/store/reading/keys-are-ten-letters-and-digits", keys_are_ten_letters_and_digits);
  return g_test_run ();
}
