/* SPDX-License-Identifier: EUPL-1.2
 *
 * Is the world what it says it is? The bands are loose: national figures within what 50,000 persons
 * allow. */
#include "demo/world.h"

#include "common/error.h"
#include "folder.h"
#include "store/store.h"

static const char *const peers[] = { "rigshospitalet", "aarhus", "danmarks-statistik" };
static char *world; /* 50,000 persons at national rates */

static void
make (const char *folder, const char *peer, const KohWorldOptions *options)
{
  g_autofree char *path = g_build_filename (folder, peer, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  koh_world_write (peer, path, options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_band (const char *what, double value, double least, double most)
{
  g_test_message ("%s: %.4g (%.4g to %.4g)", what, value, least, most);
  if (!(value >= least && value <= most))
    g_error ("%s is %g, which is not between %g and %g", what, value, least, most);
}

#define NUMBER(sql) folder_number (world, sql)

static void
the_population_has_the_pyramid_of_the_country (void)
{
  double n = NUMBER ("SELECT count(*) FROM ds.bef");
  double then = NUMBER ("SELECT count(*) FROM ds.bef WHERE foedselsdato < '2008-01-01'");

  g_assert_cmpfloat (n, ==, 50000);
  assert_band ("distinct numbers", NUMBER ("SELECT count(DISTINCT cpr) FROM ds.bef"), 50000, 50000);
  assert_band ("born in the period", 1 - then / n, 0.12, 0.15);
  assert_band ("men", NUMBER ("SELECT avg(koen = 1) FROM ds.bef"), 0.485, 0.515);
  /* Of 5,961 thousand: 0–19 1,299; 20–64 3,429; 65–79 918; 80+ 315. */
  assert_band (
      "below 20",
      NUMBER (
          "SELECT count(*) FROM ds.bef WHERE foedselsdato < '2008-01-01' AND foedselsdato >= '1988-01-01'") /
          then,
      0.208, 0.228);
  assert_band (
      "65 to 79",
      NUMBER (
          "SELECT count(*) FROM ds.bef WHERE foedselsdato < '1943-01-01' AND foedselsdato >= '1928-01-01'") /
          then,
      0.144, 0.164);
  assert_band ("80 or more", NUMBER ("SELECT count(*) FROM ds.bef WHERE foedselsdato < '1928-01-01'") / then,
               0.047, 0.059);
  assert_band ("region 1084", NUMBER ("SELECT avg(reg = '1084') FROM ds.bef"), 0.31, 0.331);
  assert_band ("region 1081", NUMBER ("SELECT avg(reg = '1081') FROM ds.bef"), 0.094, 0.106);
}

static void
deaths_emigrations_and_income_are_plausible (void)
{
  double rows = NUMBER ("SELECT count(*) FROM ds.ind");

  assert_band ("deaths per 1000 years", 1000 * NUMBER ("SELECT count(*) FROM ds.doed") / rows, 10, 14.5);
  assert_band ("emigrations per 1000 years", 1000 * NUMBER ("SELECT count(*) FROM ds.udvandring") / rows, 4.5,
               7);
  for (guint q = 1; q <= 5; q++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM ds.ind WHERE kvintil = %u", q);

      assert_band (sql, NUMBER (sql) / rows, 0.18, 0.22);
    }
  assert_band ("income missing", NUMBER ("SELECT avg(kvintil IS NULL) FROM ds.ind"), 0.003, 0.008);
  assert_band ("vocational at 30 to 64",
               NUMBER ("SELECT avg(i.hfaudd = '30') FROM ds.ind i JOIN ds.bef b USING (cpr) WHERE gyldig_fra "
                       "= '2015-01-01' AND foedselsdato BETWEEN '1951-01-01' AND '1985-01-01'"),
               0.31, 0.37);
  /* Those with higher education have higher income. */
  assert_band ("income by education",
               NUMBER ("SELECT avg(CASE WHEN hfaudd = '70' THEN kvintil END) - avg(CASE WHEN hfaudd = '10' "
                       "THEN kvintil END) FROM ds.ind i JOIN ds.bef b USING (cpr) WHERE gyldig_fra = "
                       "'2015-01-01' AND foedselsdato BETWEEN '1951-01-01' AND '1985-01-01'"),
               0.6, 2.2);
}

#define INFARCTS                                                                                             \
  "WITH i AS (SELECT cpr, min(dag) AS dag FROM (SELECT cpr, date(starttidspunkt) AS dag FROM rh.kontakt "    \
  "JOIN "                                                                                                    \
  "rh.diagnose USING (kontakt_id) WHERE diagnosekode >= 'DI21' AND diagnosekode < 'DI22' UNION ALL SELECT "  \
  "cpr, "                                                                                                    \
  "date(starttidspunkt) FROM au.kontakt JOIN au.diagnose USING (kontakt_id) WHERE diagnosekode >= 'DI21' "   \
  "AND "                                                                                                     \
  "diagnosekode < 'DI22') GROUP BY cpr) "

static void
infarcts_and_statins_are_plausible (void)
{
  double adult_years =
      NUMBER ("SELECT count(*) FROM ds.ind i JOIN ds.bef b USING (cpr) WHERE reg IN ('1084', '1082') AND "
              "substr(gyldig_fra, 1, 4) - substr(foedselsdato, 1, 4) >= 18");
  double infarcts =
      NUMBER (INFARCTS "SELECT count(*) FROM i JOIN ds.bef b USING (cpr) WHERE reg IN ('1084', '1082')");
  double men = NUMBER (INFARCTS "SELECT avg(koen = 1) FROM i JOIN ds.bef b USING (cpr)");

  /* 174 and 80 of 100,000 men and women a year. */
  assert_band ("infarcts per 100,000 adult years", 1e5 * infarcts / adult_years, 95, 165);
  assert_band ("men among infarcts", men, 0.55, 0.76);
  assert_band ("statin within 30 days",
               NUMBER (INFARCTS
                       "SELECT avg(n > 0) FROM (SELECT count(r.cpr) AS n FROM i JOIN ds.bef b ON b.cpr = "
                       "i.cpr LEFT JOIN ds.doed d ON d.cpr = i.cpr"
                       " LEFT JOIN (SELECT cpr, ekspeditionsdato AS t FROM ds.recept WHERE atc >= 'C10AA' "
                       "AND atc < 'C10AB') r ON r.cpr = i.cpr AND t BETWEEN dag AND date(dag, '+30 days')"
                       " WHERE dato IS NULL OR dato > date(dag, '+30 days') GROUP BY i.cpr)"),
               0.74, 0.93);
  assert_band ("every 90 days",
               NUMBER ("WITH r AS (SELECT cpr, julianday(ekspeditionsdato) - julianday(lag(ekspeditionsdato) "
                       "OVER (PARTITION BY cpr, atc ORDER BY ekspeditionsdato)) AS gap FROM ds.recept WHERE "
                       "atc = 'C10AA05') SELECT avg(gap BETWEEN 85 AND 95) FROM r WHERE gap IS NOT NULL"),
               0.85, 1);
  assert_band ("statin users in 2015",
               NUMBER ("SELECT count(DISTINCT cpr) FROM ds.recept WHERE atc >= 'C10AA' AND atc < 'C10AB' AND "
                       "ekspeditionsdato LIKE '2015%'") /
                   NUMBER ("SELECT count(*) FROM ds.ind WHERE gyldig_fra = '2015-01-01'"),
               0.07, 0.15);
  assert_band ("type 2 diabetes, ever metformin",
               NUMBER ("SELECT count(DISTINCT cpr) FROM ds.recept WHERE atc = 'A10BA02'") / 50000, 0.045,
               0.085);
}

static void
some_patients_are_seen_by_both_hospitals (void)
{
  double both =
      NUMBER ("SELECT count(*) FROM (SELECT cpr FROM rh.kontakt INTERSECT SELECT cpr FROM au.kontakt)");
  double any = NUMBER ("SELECT count(*) FROM (SELECT cpr FROM rh.kontakt UNION SELECT cpr FROM au.kontakt)");

  assert_band ("patients of both", both / any, 0.05, 0.08);
  assert_band ("replacement numbers", NUMBER ("SELECT avg(substr(cpr, 7, 1) > '9') FROM rh.kontakt"), 0.003,
               0.007);
  assert_band ("replacement numbers in the register",
               NUMBER ("SELECT count(*) FROM ds.bef WHERE substr(cpr, 7, 1) > '9'"), 0, 0);
  assert_band ("one infarct at both, on the same day or the next",
               NUMBER ("SELECT count(*) FROM rh.kontakt a JOIN au.kontakt b USING (cpr) JOIN rh.diagnose c "
                       "ON c.kontakt_id = a.kontakt_id JOIN au.diagnose d ON d.kontakt_id = b.kontakt_id"
                       " WHERE c.diagnosekode LIKE 'DI21%' AND d.diagnosekode LIKE 'DI21%' AND "
                       "abs(julianday(date(a.starttidspunkt)) - julianday(date(b.starttidspunkt))) <= 1"),
               10, 200);
  assert_band ("contacts a year",
               NUMBER ("SELECT count(*) FROM rh.kontakt JOIN ds.bef USING (cpr) WHERE reg = '1084'") /
                   NUMBER ("SELECT count(*) FROM ds.ind JOIN ds.bef USING (cpr) WHERE reg = '1084'"),
               0.7, 1.25);
  assert_band ("observations",
               NUMBER ("SELECT avg(diagnosekode LIKE 'DZ03%') FROM rh.diagnose WHERE diagnosetype = 'A'"),
               0.15, 0.23);
}

/* Made by three peers on their own, and yet about the same persons. */
static void
all_peers_speak_of_the_same_persons (void)
{
  static const char *const hospitals[] = { "rh", "au" };

  for (guint h = 0; h < 2; h++)
    {
      g_autofree char *strangers =
          g_strdup_printf ("SELECT count(DISTINCT cpr) FROM %s.kontakt WHERE substr(cpr, 7, 1) <= '9' AND "
                           "cpr NOT IN (SELECT cpr FROM ds.bef)",
                           hospitals[h]);
      g_autofree char *unborn = g_strdup_printf (
          "SELECT count(*) FROM %s.kontakt JOIN ds.bef USING (cpr) WHERE date(starttidspunkt) < foedselsdato "
          "OR starttidspunkt < '2008' OR starttidspunkt >= '2024'",
          hospitals[h]);
      g_autofree char *dead = g_strdup_printf (
          "SELECT count(*) FROM %s.kontakt JOIN ds.doed USING (cpr) WHERE dato < date(starttidspunkt)",
          hospitals[h]);
      g_autofree char *gone = g_strdup_printf (
          "SELECT count(*) FROM %s.kontakt JOIN ds.udvandring USING (cpr) WHERE dato <= date(starttidspunkt)",
          hospitals[h]);
      g_autofree char *births =
          g_strdup_printf ("SELECT count(*) FROM %s.kontakt JOIN ds.bef USING (cpr) JOIN %s.diagnose USING "
                           "(kontakt_id) WHERE diagnosekode IN ('DO80', 'DO82') AND koen = 1",
                           hospitals[h], hospitals[h]);

      g_assert_cmpfloat (NUMBER (strangers), ==, 0);
      g_assert_cmpfloat (NUMBER (unborn), ==, 0);
      g_assert_cmpfloat (NUMBER (births), ==, 0);
      g_assert_cmpfloat (NUMBER (dead), ==, 0);
      g_assert_cmpfloat (NUMBER (gone), ==, 0);
    }
  g_assert_cmpfloat (
      NUMBER (
          "SELECT count(*) FROM ds.recept r JOIN ds.bef USING (cpr) WHERE ekspeditionsdato < foedselsdato"),
      ==, 0);
  g_assert_cmpfloat (
      NUMBER ("SELECT count(*) FROM ds.recept r JOIN ds.doed d USING (cpr) WHERE ekspeditionsdato > dato"),
      ==, 0);
  g_assert_cmpfloat (
      NUMBER ("SELECT count(*) FROM ds.ind i JOIN ds.doed d USING (cpr) WHERE gyldig_fra > dato"), ==, 0);
  g_assert_cmpfloat (NUMBER ("SELECT count(*) FROM ds.doed JOIN ds.udvandring USING (cpr)"), ==, 0);
  g_assert_cmpfloat (NUMBER ("SELECT count(*) FROM rh.kontakt JOIN ds.bef USING (cpr) WHERE reg = '1084'"), >,
                     0.8 * NUMBER ("SELECT count(*) FROM rh.kontakt"));
}

static void
every_database_says_that_it_is_synthetic (void)
{
  static const char *const names[] = { "rh", "au", "ds" };

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *sql =
          g_strdup_printf ("SELECT text = 'SYNTETISK' FROM %s.about ORDER BY line DESC LIMIT 1", names[i]);
      g_autofree char *path = g_build_filename (world, peers[i], "peer.ini", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (KohStore) store = koh_store_new (path, &error);
      g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, peers[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpfloat (NUMBER (sql), ==, 1);
      g_assert_cmpuint (catalogue->datasets->len, ==, i < 2 ? 5 : 7);
      for (guint d = 0; d < catalogue->datasets->len; d++)
        {
          const KohDataset *dataset = catalogue->datasets->pdata[d];

          g_assert_true (g_str_has_suffix (dataset->da, " (syntetiske data)"));
          g_assert_true (g_str_has_suffix (dataset->en, " (synthetic data)"));
          g_assert_nonnull (strstr (dataset->en_description, "no person exists"));
        }
    }
}

static void
the_same_seed_gives_the_same_bytes (void)
{
  KohWorldOptions options = { 3000, 42, 8 }, other = { 3000, 43, 8 };
  char *one = folder_new (), *two = folder_new (), *three = folder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_autofree char *a_path = g_build_filename (one, peers[i], "data.sqlite", NULL), *a = NULL;
      g_autofree char *b_path = g_build_filename (two, peers[i], "data.sqlite", NULL), *b = NULL;
      g_autofree char *c_path = g_build_filename (three, peers[i], "data.sqlite", NULL), *c = NULL;
      gsize a_size, b_size, c_size;

      make (one, peers[i], &options);
      make (two, peers[i], &options);
      make (three, peers[i], &other);
      g_assert_true (g_file_get_contents (a_path, &a, &a_size, NULL));
      g_assert_true (g_file_get_contents (b_path, &b, &b_size, NULL));
      g_assert_true (g_file_get_contents (c_path, &c, &c_size, NULL));
      g_assert_cmpmem (a, a_size, b, b_size);
      g_assert_false (a_size == c_size && memcmp (a, c, a_size) == 0);
    }
  folder_remove (one);
  folder_remove (two);
  folder_remove (three);
}

static void
enriching_multiplies_infarcts (void)
{
  KohWorldOptions options = { 5000, 20230307, 8 }, national = { 5000, 20230307, 1 };
  char *many = folder_new (), *few = folder_new ();
  static const char sql[] = "SELECT count(DISTINCT cpr) FROM rh.kontakt JOIN rh.diagnose USING (kontakt_id) "
                            "WHERE diagnosekode LIKE 'DI21%'";

  make (many, "rigshospitalet", &options);
  make (few, "rigshospitalet", &national);
  assert_band ("ratio", folder_number (many, sql) / folder_number (few, sql), 4, 13);
  folder_remove (many);
  folder_remove (few);
}

static void
cancel_cb (guint64 done, guint64 persons, gpointer cancellable)
{
  if (done > 0)
    g_cancellable_cancel (cancellable);
}

static void
a_failure_leaves_no_database (void)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "data.sqlite", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  KohWorldOptions options = { 10000, 1, 8 }, none = { 0, 1, 8 };

  g_assert_false (koh_world_write ("aarhus", folder, &options, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (koh_world_write ("odense", folder, &options, NULL, NULL, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (koh_world_write ("aarhus", folder, &none, NULL, NULL, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  folder_remove (folder);
}

int
main (int argc, char **argv)
{
  KohWorldOptions national = { 50000, 20230307, 1 };
  int status;

  g_test_init (&argc, &argv, NULL);
  world = folder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    make (world, peers[i], &national);
  g_test_add_func ("/demo/world/the-population-has-the-pyramid-of-the-country",
                   the_population_has_the_pyramid_of_the_country);
  g_test_add_func ("/demo/world/deaths-emigrations-and-income-are-plausible",
                   deaths_emigrations_and_income_are_plausible);
  g_test_add_func ("/demo/world/infarcts-and-statins-are-plausible", infarcts_and_statins_are_plausible);
  g_test_add_func ("/demo/world/some-patients-are-seen-by-both-hospitals",
                   some_patients_are_seen_by_both_hospitals);
  g_test_add_func ("/demo/world/all-peers-speak-of-the-same-persons", all_peers_speak_of_the_same_persons);
  g_test_add_func ("/demo/world/every-database-says-that-it-is-synthetic",
                   every_database_says_that_it_is_synthetic);
  g_test_add_func ("/demo/world/the-same-seed-gives-the-same-bytes", the_same_seed_gives_the_same_bytes);
  g_test_add_func ("/demo/world/enriching-multiplies-infarcts", enriching_multiplies_infarcts);
  g_test_add_func ("/demo/world/a-failure-leaves-no-database", a_failure_leaves_no_database);
  status = g_test_run ();
  folder_remove (world);
  return status;
}
