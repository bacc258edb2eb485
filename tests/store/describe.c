/* SPDX-License-Identifier: EUPL-1.2 */
#include "fixture.h"

static void
counts_have_two_significant_digits (void)
{
  static const struct
  {
    guint rows;
    gint64 told;
  } cases[] = { { 0, 0 }, { 7, 7 }, { 99, 99 }, { 104, 100 }, { 105, 110 }, { 1234, 1200 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql =
          g_strdup_printf ("CREATE TABLE t (person, date); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL "
                           "SELECT n + 1 FROM c LIMIT %u)"
                           " INSERT INTO t SELECT printf ('%%010d', n), '2020-01-01' FROM c WHERE n <= %u;",
                           MAX (cases[i].rows, 1), cases[i].rows);
      g_autoptr (Fixture) fixture = fixture_new (
          sql, "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n");
      g_autoptr (KohStore) store = fixture_store (fixture);
      g_autoptr (GError) error = NULL;
      g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "x", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (koh_catalogue_dataset (catalogue, "d")->rows, ==, cases[i].told);
    }
}

static void
variables_periods_and_completeness_are_told (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE bef (person, birth_date, sex, region, height, note);"
      "INSERT INTO bef VALUES ('0101800001', '1980-01-01', 'M', '1084', 1.80, 'a'), ('0101800002', NULL, "
      "'K', '1082', 2, NULL), ('0101800003', '1981-01-01', NULL, '1081', NULL, 'b');"
      "CREATE TABLE ind (person, valid_from, valid_to, q); INSERT INTO ind VALUES ('0101800001', "
      "'2015-01-01', '2015-12-31', 3), ('0101800001', '2017-01-01', '2017-12-31', NULL);"
      "CREATE TABLE diag (person, date, code, value); INSERT INTO diag VALUES ('0101800001', '2018-03-01', "
      "'DI219', 48), ('0101800003', '2016-02-29', 'DJ18', 50);",
      "[peer]\nname=x\npopulation=true\ntitle.da=Ejeren\ntitle.en=The "
      "owner\norganisation=O\ncontact=c@example.org\n"
      "[dataset bef]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM "
      "bef\nlevels.sex=M;K\nlabel.sex.K.en=Woman\ntitle.sex.da=Køn\nunit.height=m\n"
      "[dataset ind]\nkind=person\nvalidity=year\nsource=sqlite:data.sqlite\nquery=SELECT * FROM ind\n"
      "[dataset "
      "diag]\nkind=event\ncode_system=SKS\ntitle.da=Diagnoser\nsource=sqlite:data.sqlite\nquery=SELECT * "
      "FROM diag\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "owner", NULL, &error),
                           again = koh_store_describe (store, "owner", NULL, &error);
  KohHash a = koh_catalogue_hash (catalogue), b = koh_catalogue_hash (again);
  KohDataset *bef, *ind, *diag;
  KohVariable *sex;

  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&a, &b));
  g_assert_cmpstr (catalogue->peer, ==, "owner");
  g_assert_cmpstr (catalogue->da, ==, "Ejeren");
  g_assert_cmpstr (catalogue->organisation, ==, "O");
  g_assert_true (catalogue->population);
  bef = koh_catalogue_dataset (catalogue, "bef");
  ind = koh_catalogue_dataset (catalogue, "ind");
  diag = koh_catalogue_dataset (catalogue, "diag");

  sex = koh_dataset_variable (bef, "sex");
  g_assert_cmpstr (sex->da, ==, "Køn");
  g_assert_cmpint (sex->type, ==, KOH_VARIABLE_STRING);
  g_assert_cmpuint (sex->levels->len, ==, 2);
  g_assert_cmpstr (((KohLevel *) sex->levels->pdata[1])->en, ==, "Woman");
  g_assert_cmpfloat (sex->completeness, ==, -1); /* of three persons */
  g_assert_cmpint (koh_dataset_variable (bef, "birth_date")->type, ==, KOH_VARIABLE_DATE);
  g_assert_cmpint (koh_dataset_variable (bef, "height")->type, ==, KOH_VARIABLE_DECIMAL);
  g_assert_cmpstr (koh_dataset_variable (bef, "height")->unit, ==, "m");
  g_assert_cmpint (koh_dataset_variable (bef, "note")->type, ==, KOH_VARIABLE_STRING);
  g_assert_cmpuint (koh_dataset_variable (bef, "note")->levels->len, ==, 0);
  /* The built-in value set, since all values are of it. */
  g_assert_cmpuint (koh_dataset_variable (bef, "region")->levels->len, ==, 5);
  g_assert_cmpint (bef->first, ==, KOH_DAY_NONE);

  g_assert_cmpint (ind->validity, ==, KOH_VALIDITY_YEAR);
  g_assert_cmpint (ind->first, ==, day ("2015-01-01"));
  g_assert_cmpint (ind->last, ==, day ("2017-12-31"));
  g_assert_cmpint (koh_dataset_variable (ind, "q")->type, ==, KOH_VARIABLE_INTEGER);
  g_assert_null (koh_dataset_variable (ind, "valid_from"));

  g_assert_cmpstr (diag->code_system, ==, "SKS");
  g_assert_cmpstr (diag->en, ==, "Diagnoser");
  g_assert_cmpint (diag->first, ==, day ("2016-02-29"));
  g_assert_cmpint (diag->last, ==, day ("2018-03-01"));
  g_assert_nonnull (koh_dataset_variable (diag, "value"));
  g_assert_null (koh_dataset_variable (diag, "code"));
}

/* 2000 rows: every tenth without a value, every twentieth with one that is not listed, 40 given twice, and 40
 * of which the date is none. */
static void
quality_is_told_in_shares (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date, value); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
      "LIMIT 1920)"
      " INSERT INTO t SELECT printf ('%010d', n / 3), '2020-01-01', CASE WHEN n % 10 = 0 THEN NULL WHEN n % "
      "20 = 1"
      " THEN 'x' || n ELSE n END FROM c; INSERT INTO t SELECT * FROM t WHERE rowid % 10 = 2 LIMIT 40;"
      "INSERT INTO t SELECT person, 'none', value FROM t LIMIT 40;",
      "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n"
      "type.value=integer\non_error=skip 0.1\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "x", NULL, &error);
  g_autoptr (GDateTime) today = g_date_time_new_now_utc ();
  KohDataset *d;
  KohVariable *value;

  g_assert_no_error (error);
  d = koh_catalogue_dataset (catalogue, "d");
  value = koh_dataset_variable (d, "value");
  g_assert_cmpint (d->rows, ==, 2000);
  g_assert_cmpfloat_with_epsilon (d->valid, 0.98, 1e-9);
  g_assert_cmpfloat_with_epsilon (d->duplicates, 0.02, 1e-9);
  g_assert_cmpfloat_with_epsilon (d->completeness, 0.90, 1e-9);
  g_assert_cmpfloat_with_epsilon (value->completeness, 0.90, 1e-9);
  g_assert_cmpfloat_with_epsilon (value->valid, 0.95, 1e-9);
  g_assert_cmpint (ABS (d->loaded - koh_day_join (g_date_time_get_year (today), g_date_time_get_month (today),
                                                  g_date_time_get_day_of_month (today))),
                   <=, 1);
}

static void
few_rows_tell_no_quality (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date, value); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
      "LIMIT 94)"
      " INSERT INTO t SELECT printf ('%010d', n), '2020-01-01', n FROM c;",
      "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "x", NULL, &error);
  KohDataset *d = koh_catalogue_dataset (catalogue, "d");

  g_assert_no_error (error);
  g_assert_cmpfloat (d->valid, ==, -1);
  g_assert_cmpfloat (d->duplicates, ==, -1);
  g_assert_cmpfloat (d->completeness, ==, -1);
  g_assert_cmpfloat (koh_dataset_variable (d, "value")->completeness, ==, -1);
  g_assert_cmpfloat (koh_dataset_variable (d, "value")->valid, ==, -1);
}

static void
new_data_are_described_anew (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date); INSERT INTO t VALUES ('0101800001', '2020-01-01');",
      "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) before = koh_store_describe (store, "x", NULL, &error), after = NULL;

  fixture_sql (fixture, "INSERT INTO t VALUES ('0101800002', '2020-01-02')");
  after = koh_store_describe (store, "x", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (koh_catalogue_dataset (before, "d")->rows, ==, 1);
  g_assert_cmpint (koh_catalogue_dataset (after, "d")->rows, ==, 2);
}

static void
a_population_holder_without_a_register_is_refused (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("CREATE TABLE t (person, birth_date); CREATE TABLE u (person, date);",
                   "[peer]\nname=x\npopulation=true\n[dataset "
                   "d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM u\n");
  g_autoptr (KohStore) store = fixture_store (fixture), two = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (koh_store_describe (store, "x", NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "has no dataset with a column birth_date: no population register");
  g_clear_error (&error);
  fixture_ini (fixture,
               "[peer]\nname=x\n[dataset a]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n"
               "[dataset b]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n");
  two = fixture_store (fixture);
  g_assert_null (koh_store_register (two, NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "Datasets a and b both have birth_date");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/describe/counts-have-two-significant-digits", counts_have_two_significant_digits);
  g_test_add_func ("/store/describe/variables-periods-and-completeness-are-told",
                   variables_periods_and_completeness_are_told);
  g_test_add_func ("/store/describe/quality-is-told-in-shares", quality_is_told_in_shares);
  g_test_add_func ("/store/describe/few-rows-tell-no-quality", few_rows_tell_no_quality);
  g_test_add_func ("/store/describe/new-data-are-described-anew", new_data_are_described_anew);
  g_test_add_func ("/store/describe/a-population-holder-without-a-register-is-refused",
                   a_population_holder_without_a_register_is_refused);
  return g_test_run ();
}
