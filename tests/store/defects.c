/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/defects.h"

#include "store/column.h"

#include "fixture.h"

#define EVENTS                                                                                               \
  "[peer]\nname=x\n[dataset d]\nkind=event\ncode_system=SKS\nsource=sqlite:data.sqlite\nquery=SELECT * "     \
  "FROM t\n"
#define PERSONS "[peer]\nname=x\n[dataset d]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n"

/* 200 good rows, and two that are not. */
static const char events[] =
    "CREATE TABLE t (person, date, code);"
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 198)"
    " INSERT INTO t SELECT printf ('%010d', n), '2020-01-01', 'DI21' FROM c;"
    "INSERT INTO t VALUES ('0000000500', '2020-13-01', 'DI21'), ('0000000501', '2020-01-01', 'di21');";

static void
fewer_than_the_share_are_left_out_and_named (void)
{
  g_autoptr (Fixture) fixture = fixture_new (events, EVENTS "on_error=skip 0.0101\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = koh_store_persons (store, NULL, &error);
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "x", NULL, &error);
  g_autofree char *report = koh_store_report (store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (persons->len, ==, 198);
  g_assert_cmpint (koh_catalogue_dataset (catalogue, "d")->rows, ==, 200);
  g_assert_cmpstr (report, ==,
                   "d: 198 rows; 2 more break the schema and are left out:\n"
                   "  Dataset d, row 199, column date: '2020-13-01' is not a date (YYYY-MM-DD)\n"
                   "  Dataset d, row 200, column code: 'di21' is not a code: upper-case letters and digits, "
                   "without dots\n");
}

static void
as_many_as_the_share_refuse_the_dataset (void)
{
  static const char *const settings[] = { "on_error=skip 0.01\n", "on_error=skip 0.001\n",
                                          "on_error=refuse\n", "" };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *ini = g_strconcat (EVENTS, settings[i], NULL);
      g_autoptr (Fixture) fixture = fixture_new (events, ini);
      g_autoptr (KohStore) store = fixture_store (fixture);
      g_autoptr (GError) error = NULL, described = NULL;
      g_autofree char *report = koh_store_report (store, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (koh_store_persons (store, NULL, &error));
      g_assert_null (koh_store_describe (store, "x", NULL, &described));
      g_assert_cmpstr (error->message, ==, described->message);
      assert_error (error, KOH_ERROR_DATA, "row 199, column date: '2020-13-01' is not a date");
      if (i < 2)
        assert_error (error, KOH_ERROR_DATA,
                      "Dataset d: 2 of 200 rows break the schema, and on_error=skip 0.0");
      g_assert_true (g_str_has_prefix (report, "d: refused\n  Dataset d"));
    }
}

static guint64
flag (KohStore *store, const char *attribute, const char *value)
{
  g_autoptr (KohSpine) spine = koh_spine_new (64);
  g_autoptr (GPtrArray) in = g_ptr_array_new ();
  KohCriterion criterion = {
    .kind = KOH_CRITERION_ATTRIBUTE, .enabled = TRUE, .attribute = (char *) attribute, .in = in
  };
  KohColumn column = { .kind = KOH_COLUMN_FLAG, .width = 1, .criterion = &criterion };
  KohGather gather = { .store = store, .spine = spine };
  g_autoptr (GError) error = NULL;
  guint64 *planes, word;

  g_ptr_array_add (in, (char *) value);
  criterion.at = day ("2018-06-01");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *person = g_strdup_printf ("%010u", i);

      koh_spine_add (spine, person, i);
    }
  koh_spine_sort (spine);
  planes = koh_gather_column (&gather, &column, &error);
  g_assert_no_error (error);
  word = planes[0];
  koh_planes_free (planes, 64, 1);
  return word;
}

/* The row with a bad birth date is left out of a column that does not ask for it, and of two rows that
 * contradict each other, neither counts. */
static void
a_row_is_left_out_of_every_column (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, birth_date, sex); INSERT INTO t VALUES ('0000000000', '1980-01-01', 'K'),"
      " ('0000000001', '1980-02-30', 'K'), ('0000000002', '1980-01-01', 'K'), ('0000000002', '1980-01-01', "
      "'M'),"
      " ('0000000003', '1980-01-01', 'K'), ('0000000004', '1980-01-01', 'M'), ('000', '1980-01-01', 'M'),"
      " ('0000000002', '1980-01-01', 'K');",
      PERSONS "on_error=skip 0.7\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = koh_store_persons (store, NULL, &error);
  g_autoptr (KohDefects) defects = NULL;

  g_assert_no_error (error);
  g_assert_cmphex (flag (store, "sex", "K"), ==, 0x9);
  g_assert_cmphex (flag (store, "sex", "M"), ==, 0x10);
  g_assert_cmpuint (persons->len, ==, 3);
  g_assert_true (koh_mapping_examine (store, koh_store_mapping (store, "d"), &defects, NULL, &error));
  g_assert_cmpuint (defects->rows, ==, 8);
  g_assert_cmpuint (defects->left_out, ==, 5);
}

static void
contradictions_are_found_by_person_and_time (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, valid_from, valid_to, q); INSERT INTO t VALUES"
      " ('0000000000', '2018-01-01', '2018-12-31', '1'), ('0000000001', '2018-01-01', '2018-12-31', '1'),"
      " ('0000000001', '2018-01-01', '2018-12-31', '2'), ('0000000002', '2017-01-01', '2017-12-31', '1'),"
      " ('0000000002', '2017-01-01', '2017-12-31', '1'), ('0000000002', '2018-01-01', '2018-12-31', '1');",
      PERSONS "validity=year\non_error=skip 0.9\n");
  g_autoptr (KohStore) store = fixture_store (fixture);

  g_assert_cmphex (flag (store, "q", "1"), ==, 0x5);
  g_assert_cmphex (flag (store, "q", "2"), ==, 0);
}

static void
only_the_first_are_named (void)
{
  g_autoptr (KohDefects) defects = koh_defects_new (0);

  for (guint i = 0; i < 50; i++)
    koh_defects_add (defects, "row");
  g_assert_cmpuint (defects->named->len, ==, KOH_DEFECTS_NAMED);
  g_assert_cmpuint (defects->left_out, ==, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/defects/fewer-than-the-share-are-left-out-and-named",
                   fewer_than_the_share_are_left_out_and_named);
  g_test_add_func ("/store/defects/as-many-as-the-share-refuse-the-dataset",
                   as_many_as_the_share_refuse_the_dataset);
  g_test_add_func ("/store/defects/a-row-is-left-out-of-every-column", a_row_is_left_out_of_every_column);
  g_test_add_func ("/store/defects/contradictions-are-found-by-person-and-time",
                   contradictions_are_found_by_person_and_time);
  g_test_add_func ("/store/defects/only-the-first-are-named", only_the_first_are_named);
  return g_test_run ();
}
