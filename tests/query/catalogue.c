/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/catalogue.h"

#include <glib/gstdio.h>
#include <string.h>

#include "common/error.h"
#include "query/json.h"

static KohMap *
read_map (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "query", "catalogues", NULL);
  g_autoptr (GError) error = NULL;
  KohMap *map = koh_map_read_folder (folder, &error);

  g_assert_no_error (error);
  return map;
}

static KohCatalogue *
example (void)
{
  KohCatalogue *catalogue = koh_catalogue_new ("aarhus");
  KohDataset *dataset = koh_dataset_new ("income", KOH_DATASET_PERSON);
  KohVariable *variable = koh_variable_new ("income_quintile", KOH_VARIABLE_STRING);

  g_free (catalogue->contact);
  catalogue->contact = g_strdup ("data@example.org");
  catalogue->population = TRUE;
  dataset->validity = KOH_VALIDITY_YEAR;
  dataset->rows = 123456;
  dataset->first = koh_day_join (2010, 1, 1);
  dataset->code_system = g_strdup ("SKS");
  dataset->loaded = koh_day_join (2024, 2, 29);
  dataset->completeness = 0.98765;
  dataset->valid = 0.996;
  dataset->duplicates = 0.0149;
  variable->valid = 0.5;
  variable->completeness = 0.98765;
  variable->unit = g_strdup ("kr.");
  koh_variable_add_level (variable, "1", "laveste", "lowest");
  koh_variable_add_level (variable, "2", "næste", NULL);
  g_ptr_array_add (dataset->variables, variable);
  g_ptr_array_add (catalogue->datasets, dataset);
  return catalogue;
}

static void
test_round_trip (void)
{
  g_autoptr (KohCatalogue) catalogue = example ();
  g_autoptr (JsonNode) node = koh_catalogue_to_json (catalogue), again = NULL;
  g_autofree char *text = koh_json_canonical (node), *second = NULL;
  g_autoptr (JsonNode) read = koh_json_parse (text, -1, "The catalogue", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) copy = koh_catalogue_from_json (read, &error);
  KohHash first, other;
  KohDataset *dataset;

  g_assert_no_error (error);
  again = koh_catalogue_to_json (copy);
  second = koh_json_canonical (again);
  g_assert_cmpstr (text, ==, second);
  first = koh_catalogue_hash (catalogue);
  other = koh_catalogue_hash (copy);
  g_assert_true (koh_hash_equal (&first, &other));

  dataset = koh_catalogue_dataset (copy, "income");
  g_assert_cmpint (dataset->validity, ==, KOH_VALIDITY_YEAR);
  g_assert_cmpint (dataset->first, ==, koh_day_join (2010, 1, 1));
  g_assert_cmpint (dataset->last, ==, KOH_DAY_NONE);
  g_assert_cmpint (dataset->loaded, ==, koh_day_join (2024, 2, 29));
  g_assert_cmpfloat (dataset->completeness, ==, 0.99);
  g_assert_cmpfloat (dataset->valid, ==, 1);
  g_assert_cmpfloat (dataset->duplicates, ==, 0.01);
  g_assert_cmpfloat (koh_dataset_variable (dataset, "income_quintile")->valid, ==, 0.5);
  g_assert_cmpuint (koh_dataset_variable (dataset, "income_quintile")->levels->len, ==, 2);
  g_assert_null (koh_dataset_variable (dataset, "age"));
  g_assert_null (koh_catalogue_dataset (copy, "none"));

  dataset->rows = 999999;
  other = koh_catalogue_hash (copy);
  g_assert_false (koh_hash_equal (&first, &other));
}

static void
test_rounding (void)
{
  static const gint64 rows[][2] = { { 0, 0 },      { 7, 7 },       { 99, 99 },
                                    { 104, 100 },  { 105, 110 },   { 123456, 120000 },
                                    { 995, 1000 }, { 9949, 9900 }, { 5963000, 6000000 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (KohCatalogue) catalogue = example (), read = NULL;
      g_autoptr (JsonNode) node = NULL;
      KohVariable *variable;

      ((KohDataset *) catalogue->datasets->pdata[0])->rows = rows[i][0];
      node = koh_catalogue_to_json (catalogue);
      read = koh_catalogue_from_json (node, NULL);
      g_assert_cmpint (koh_catalogue_dataset (read, "income")->rows, ==, rows[i][1]);
      variable = koh_dataset_variable (koh_catalogue_dataset (read, "income"), "income_quintile");
      g_assert_cmpfloat (variable->completeness, ==, 0.99);
    }
}

/* Few rows tell nothing, and no step is finer than ten rows. What an older peer does not tell is unknown. */
static void
test_shares (void)
{
  static const struct
  {
    gint64 rows;
    gdouble share, told;
  } cases[] = { { 99, 0.5, -1 },      { 100, 0.94, 0.9 },  { 190, 0.96, 1 },   { 200, 0.97, 0.95 },
                { 990, 0.98, 1 },     { 1000, 0.984, 0.98 }, { 1000, -1, -1 }, { 5000000, 0.9951, 1 } };
  g_autoptr (KohMap) map = read_map ();
  KohDataset *older = koh_map_dataset (map, "diagnoses");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat (koh_catalogue_round_share (cases[i].share, cases[i].rows), ==, cases[i].told);
  g_assert_cmpfloat (older->valid, ==, -1);
  g_assert_cmpfloat (older->duplicates, ==, -1);
  g_assert_cmpint (older->loaded, ==, KOH_DAY_NONE);
}

/* The example's text with @from replaced by @to is refused, and the message says @why. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *from, *to, *why;
  } cases[] = {
    { "\"kohorte_catalogue\":1", "\"kohorte_catalogue\":2", "must be 1" },
    { "\"kohorte_catalogue\":1,", "", "must be 1" },
    { "\"contact\":", "\"kontakt\":", "“kontakt” is unknown" },
    { "\"peer\":\"aarhus\"", "\"peer\":\"\"", "empty" },
    { "\"peer\":\"aarhus\"", "\"peer\":1", "must be a string" },
    { "\"population\":true", "\"population\":1", "true or false" },
    { "\"datasets\":[{", "\"datasets\":[1,{", "must be an object" },
    { "\"kind\":\"person\"", "\"kind\":\"table\"", "income: “kind”" },
    { "\"validity\":\"year\"", "\"validity\":\"month\"", "income: “validity”" },
    { "\"name\":\"income\"", "\"name\":\"in come\"", "letters, digits" },
    { "\"name\":\"income\"", "\"name\":\"\"", "letters, digits" },
    { "\"first\":\"2010-01-01\"", "\"first\":\"2010-02-30\"", "must be dates" },
    { "\"rows\":120000", "\"rows\":-1", "whole number" },
    { "\"rows\":120000", "\"rows\":1.5", "whole number" },
    { "\"rows\":120000", "\"rows\":120000,\"row\":1", "“row” is unknown" },
    { "\"code_system\":\"SKS\"", "\"code_system\":\"S K\"", "code_system" },
    { "\"type\":\"string\"", "\"type\":\"text\"", "income.income_quintile: “type”" },
    { "\"completeness\":0.99", "\"completeness\":1.01", "from 0 to 1" },
    { "\"completeness\":0.99", "\"completeness\":\"1\"", "from 0 to 1" },
    { "\"valid\":0.5", "\"valid\":-0.5", "“valid” must be a number from 0 to 1" },
    { "\"duplicates\":0.01", "\"duplicates\":2", "“duplicates” must be a number from 0 to 1" },
    { "\"duplicates\":0.01", "\"doubles\":0.01", "“doubles” is unknown" },
    { "\"loaded\":\"2024-02-29\"", "\"loaded\":\"2023-02-29\"", "must be dates" },
    { "{\"code\":\"1\",", "{\"code\":\"\",", "be there once" },
    { "{\"code\":\"1\",", "{\"code\":\"2\",", "be there once" },
    { "{\"code\":\"1\",", "{\"code\":\"missing\",", "not be “missing”" },
    { "{\"code\":\"1\",", "{\"code\":\"1\",\"x\":1,", "“x” is unknown" },
    { "\"da\":\"laveste\",", "", "“da” is missing" },
    { "\"da\":\"laveste\"", "\"da\":\"a\\nb\"", "control characters" },
    { "\"da\":\"laveste\"", "\"da\":\"a\\u202eb\"", "control characters" },
  };
  g_autoptr (KohCatalogue) catalogue = example ();
  g_autoptr (JsonNode) node = koh_catalogue_to_json (catalogue);
  g_autofree char *text = koh_json_canonical (node);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (JsonNode) read = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (KohCatalogue) none = NULL;

      g_assert_cmpuint (g_string_replace (changed, cases[i].from, cases[i].to, 1), ==, 1);
      read = koh_json_parse (changed->str, -1, "The catalogue", &error);
      g_assert_no_error (error);
      none = koh_catalogue_from_json (read, &error);
      g_assert_null (none);
      g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
      if (strstr (error->message, cases[i].why) == NULL)
        g_test_message ("case %u: “%s” does not say “%s”", i, error->message, cases[i].why);
      g_assert_nonnull (strstr (error->message, cases[i].why));
    }
}

static void
test_twice (void)
{
  g_autoptr (KohCatalogue) catalogue = example (), none = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (catalogue->datasets, koh_dataset_new ("income", KOH_DATASET_EVENT));
  node = koh_catalogue_to_json (catalogue);
  none = koh_catalogue_from_json (node, &error);
  g_assert_null (none);
  g_assert_nonnull (strstr (error->message, "stands there twice"));
}

static void
test_folder (void)
{
  g_autoptr (KohMap) map = read_map ();
  g_autoptr (GArray) owners = koh_map_owners (map, "diagnoses"), nobody = koh_map_owners (map, "none");

  g_assert_cmpuint (map->catalogues->len, ==, 3);
  g_assert_cmpstr (((KohCatalogue *) map->catalogues->pdata[0])->peer, ==, "aarhus");
  g_assert_cmpstr (((KohCatalogue *) map->catalogues->pdata[2])->peer, ==, "rigshospitalet");
  g_assert_cmpint (koh_map_population (map), ==, 1);
  g_assert_cmpuint (owners->len, ==, 2);
  g_assert_cmpuint (g_array_index (owners, guint, 1), ==, 2);
  g_assert_cmpuint (nobody->len, ==, 0);
  g_assert_null (koh_map_dataset (map, "none"));
}

static void
test_wrong_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kohorte-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "odense.json", NULL);
  g_autoptr (KohCatalogue) catalogue = example ();
  g_autoptr (JsonNode) node = koh_catalogue_to_json (catalogue);
  g_autofree char *text = koh_json_canonical (node);
  g_autoptr (GError) error = NULL;

  g_assert_null (koh_map_read_folder ("/nowhere/at/all", &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (koh_map_read_folder (folder, &error));
  g_assert_nonnull (strstr (error->message, "name the file aarhus.json"));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "{", -1, NULL));
  g_assert_null (koh_map_read_folder (folder, &error));
  g_assert_nonnull (strstr (error->message, "odense.json"));
  g_unlink (path);
  g_rmdir (folder);
}

static void
resolves (const KohMap *map, const char *name, const char *dataset, const char *variable)
{
  g_autoptr (GError) error = NULL;
  KohDataset *found = NULL;
  KohVariable *hit = koh_map_attribute (map, name, &found, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found->name, ==, dataset);
  g_assert_cmpstr (hit->name, ==, variable);
}

static void
does_not_resolve (const KohMap *map, const char *name, const char *why)
{
  g_autoptr (GError) error = NULL;
  KohDataset *found = NULL;

  g_assert_null (koh_map_attribute (map, name, &found, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_attributes (void)
{
  g_autoptr (KohMap) map = read_map ();

  resolves (map, "sex", "population", "sex");
  resolves (map, "age", "population", "birth_date");
  resolves (map, "age_band", "population", "birth_date");
  resolves (map, "population.age", "population", "birth_date");
  resolves (map, "residence.region", "residence", "region");
  resolves (map, "pd_l1", "biomarkers", "pd_l1"); /* at two owners, but one dataset */
  does_not_resolve (map, "region", "“population.region” or “residence.region”");
  does_not_resolve (map, "hair", "No peer has an attribute “hair”");
  does_not_resolve (map, "value", "No peer has"); /* of an event, not of a person */
  does_not_resolve (map, "laboratory.value", "has no attribute");
  does_not_resolve (map, "none.sex", "No peer has a dataset");
  does_not_resolve (map, "population.hair", "has no attribute");
  does_not_resolve (map, "income.age", "has no attribute");
}

static void
test_levels (void)
{
  g_autoptr (KohMap) map = read_map ();
  g_autoptr (GError) error = NULL;
  GPtrArray *bands = koh_map_levels (map, "age_band", &error), *sexes = koh_map_levels (map, "sex", NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (bands->len, ==, 19);
  g_assert_cmpstr (((KohLevel *) bands->pdata[0])->code, ==, "0–4");
  g_assert_cmpstr (((KohLevel *) bands->pdata[17])->code, ==, "85–89");
  g_assert_cmpstr (((KohLevel *) bands->pdata[18])->code, ==, "90+");
  g_assert_cmpuint (sexes->len, ==, 2);
  g_assert_cmpstr (((KohLevel *) sexes->pdata[0])->code, ==, "M");
  g_assert_null (koh_map_levels (map, "age", &error));
  g_assert_nonnull (strstr (error->message, "“age_band” has"));
  g_clear_error (&error);
  g_assert_null (koh_map_levels (map, "weight", &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/catalogue/json-holds-all-of-it", test_round_trip);
  g_test_add_func ("/query/catalogue/nothing-exact-is-published", test_rounding);
  g_test_add_func ("/query/catalogue/shares-tell-nothing-of-few-persons", test_shares);
  g_test_add_func ("/query/catalogue/refuses-wrong-documents", test_refusals);
  g_test_add_func ("/query/catalogue/refuses-a-dataset-twice", test_twice);
  g_test_add_func ("/query/map/reads-a-folder-in-name-order", test_folder);
  g_test_add_func ("/query/map/names-the-wrong-file", test_wrong_folder);
  g_test_add_func ("/query/map/resolves-attributes", test_attributes);
  g_test_add_func ("/query/map/levels-of-groupings", test_levels);
  return g_test_run ();
}
