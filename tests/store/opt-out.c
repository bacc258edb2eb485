/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/opt-out.h"

#include "store/column.h"

#include "fixture.h"

#define DATASETS                                                                                             \
  "[dataset bef]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM bef\n"                         \
  "[dataset diag]\nkind=event\ncode_system=SKS\nsource=sqlite:data.sqlite\nquery=SELECT * FROM diag\n"
#define INI "[peer]\nname=x\npopulation=true\nopt_out=out.txt\n" DATASETS

static const char sql[] =
    "CREATE TABLE bef (person, birth_date, sex); INSERT INTO bef VALUES ('0101800001', '1980-01-01', 'M'),"
    " ('010180-0002', '1980-01-01', 'K'), ('0101800003', '1980-01-01', 'K');"
    "CREATE TABLE diag (person, date, code); INSERT INTO diag VALUES ('0101800001', '2018-03-01', 'DI219'),"
    " ('0101800002', '2018-03-01', 'DI219'), ('0101800002', 'no date', 'DI219');";

static void
put (const Fixture *fixture, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, "out.txt", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static guint64
plane (KohStore *store, KohColumnKind kind)
{
  g_autoptr (KohSpine) spine = koh_spine_new (64);
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  KohCriterion criterion = { .kind = KOH_CRITERION_EVENT, .enabled = TRUE, .at_least = 1 };
  KohColumn column = { .kind = kind, .width = 1, .criterion = &criterion };
  KohGather gather = { .store = store, .spine = spine };
  g_autoptr (GError) error = NULL;
  guint64 *planes, word;

  criterion.event =
      (KohEvent){ .dataset = (char *) "diag", .codes = codes, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE };
  koh_spine_add (spine, "0101800001", 0);
  koh_spine_add (spine, "0101800002", 1);
  koh_spine_add (spine, "0101800003", 2);
  koh_spine_sort (spine);
  planes = koh_gather_column (&gather, &column, &error);
  g_assert_no_error (error);
  word = planes[0];
  koh_planes_free (planes, 64, 1);
  return word;
}

/* Their rows are not even held against the schema. */
static void
who_has_opted_out_is_in_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new (sql, INI);
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = NULL, registered = NULL;
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autofree char *report = NULL;

  put (fixture, "\xef\xbb\xbf"
                "010180-0002\r\n\r\n 9999999999 \n010180 0002");
  persons = koh_store_persons (store, NULL, &error);
  g_assert_no_error (error);
  registered = koh_store_register (store, NULL, &error);
  g_assert_no_error (error);
  catalogue = koh_store_describe (store, "x", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (persons->len, ==, 2);
  g_assert_cmpstr (persons->pdata[0], ==, "0101800001");
  g_assert_cmpstr (persons->pdata[1], ==, "0101800003");
  g_assert_cmpuint (registered->len, ==, 2);
  g_assert_cmpint (koh_catalogue_dataset (catalogue, "bef")->rows, ==, 2);
  g_assert_cmpint (koh_catalogue_dataset (catalogue, "diag")->rows, ==, 1);
  g_assert_cmphex (plane (store, KOH_COLUMN_REGISTERED), ==, 0x5);
  g_assert_cmphex (plane (store, KOH_COLUMN_FLAG), ==, 0x1);
  report = koh_store_report (store, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report, ==,
                   "bef: 2 rows\ndiag: 1 rows\n"
                   "opt_out: 1 of the 2 persons in the list are in the data; their 3 rows are left out\n");
}

static void
a_changed_list_is_another_snapshot_and_holds_at_once (void)
{
  g_autoptr (Fixture) fixture = fixture_new (sql, INI);
  g_autoptr (KohStore) store = fixture_store (fixture), without = NULL;
  g_autoptr (GError) error = NULL;
  KohHash first, second, third;

  fixture_sql (fixture, "DELETE FROM diag WHERE date = 'no date'");
  put (fixture, "0101800002\n");
  g_assert_true (koh_store_snapshot (store, &first, NULL, &error));
  g_assert_cmphex (plane (store, KOH_COLUMN_REGISTERED), ==, 0x5);
  put (fixture, "0101800002\n0101800003\n");
  g_assert_true (koh_store_snapshot (store, &second, NULL, &error));
  g_assert_cmphex (plane (store, KOH_COLUMN_REGISTERED), ==, 0x1);
  g_assert_false (koh_hash_equal (&first, &second));

  fixture_ini (fixture, "[peer]\nname=x\npopulation=true\n" DATASETS);
  without = fixture_store (fixture);
  g_assert_true (koh_store_snapshot (without, &third, NULL, &error));
  g_assert_false (koh_hash_equal (&first, &third));
  g_assert_cmphex (plane (without, KOH_COLUMN_REGISTERED), ==, 0x7);
  g_assert_cmphex (plane (without, KOH_COLUMN_FLAG), ==, 0x3);
}

static const struct
{
  const char *list, *message;
} bad[] = {
  { NULL, "out.txt cannot be read" },
  { "0101800002\nOle Hansen\n", "out.txt, line 2: this is not a key of 10 letters and digits" },
  { "0101800002;0101800003\n", "out.txt, line 1: this is not a key" },
  { "# all of them\n", "out.txt, line 1: this is not a key" },
};

static void
without_the_list_nothing_is_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new (sql, INI);
      g_autoptr (KohStore) store = fixture_store (fixture);
      g_autoptr (GError) persons = NULL, registered = NULL, described = NULL, reported = NULL;

      if (bad[i].list != NULL)
        put (fixture, bad[i].list);
      g_assert_null (koh_store_persons (store, NULL, &persons));
      assert_error (persons, KOH_ERROR_DATA, bad[i].message);
      g_assert_null (koh_store_register (store, NULL, &registered));
      assert_error (registered, KOH_ERROR_DATA, bad[i].message);
      g_assert_null (koh_store_describe (store, "x", NULL, &described));
      assert_error (described, KOH_ERROR_DATA, bad[i].message);
      g_assert_null (koh_store_report (store, NULL, &reported));
      assert_error (reported, KOH_ERROR_DATA, bad[i].message);
    }
}

static void
a_key_that_is_nearly_opt_out_is_refused (void)
{
  static const char *const lines[] = { "optout=out.txt", "opt-out=out.txt", "Opt_out=out.txt", "opt_out=" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *ini = g_strdup_printf ("[peer]\nname=x\n%s\n" DATASETS, lines[i]);
      g_autoptr (Fixture) fixture = fixture_new (sql, ini);
      g_autoptr (GError) error = NULL;

      g_assert_null (koh_store_new (fixture->ini, &error));
      assert_error (error, KOH_ERROR_INVALID, "[peer], ");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/opt-out/who-has-opted-out-is-in-nothing", who_has_opted_out_is_in_nothing);
  g_test_add_func ("/store/opt-out/a-changed-list-is-another-snapshot-and-holds-at-once",
                   a_changed_list_is_another_snapshot_and_holds_at_once);
  g_test_add_func ("/store/opt-out/without-the-list-nothing-is-read", without_the_list_nothing_is_read);
  g_test_add_func ("/store/opt-out/a-key-that-is-nearly-opt-out-is-refused",
                   a_key_that_is_nearly_opt_out_is_refused);
  return g_test_run ();
}
