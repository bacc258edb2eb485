/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation of four catalogues, and plans of questions to it: what the tests of the planner share. */
#pragma once

#include <string.h>

#include "common/error.h"
#include "query/plan.h"

#define INDEX_TWO                                                                                            \
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI21\"], \"from\": \"2018-01-01\", \"to\": "   \
  "\"2022-12-31\"}, \"occurrence\": \"first\"}"
#define INDEX_ONE                                                                                            \
  "{\"event\": {\"dataset\": \"deaths\", \"from\": \"2018-01-01\", \"to\": \"2022-12-31\"}, "                \
  "\"occurrence\": "                                                                                         \
  "\"first_in_period\"}"
#define INDEX_DATE "{\"date\": \"2020-06-01\"}"
#define COUNT "{\"type\": \"count\"}"

static inline KohDataset *
add_dataset (KohMap *map, guint owner, const char *name, KohDatasetKind kind, KohValidity validity)
{
  KohDataset *dataset = koh_dataset_new (name, kind);

  dataset->validity = validity;
  dataset->first = koh_day_join (2010, 1, 1);
  dataset->last = koh_day_join (2023, 6, 30);
  if (kind == KOH_DATASET_EVENT && !g_str_equal (name, "deaths") &&
      !g_str_equal (name, "emigrations"))
    dataset->code_system = g_strdup (g_str_equal (name, "dispensings") ? "ATC" : "SKS");
  g_ptr_array_add (((KohCatalogue *) map->catalogues->pdata[owner])->datasets, dataset);
  return dataset;
}

static inline void
add_variable (KohDataset *dataset, const char *name, guint levels)
{
  KohVariable *variable =
    koh_variable_new (name, levels > 0 ? KOH_VARIABLE_STRING : KOH_VARIABLE_DATE);

  for (guint i = 0; i < levels; i++)
    {
      g_autofree char *code = g_strdup_printf ("%u", i + 1);

      koh_variable_add_level (variable, code, code, code);
    }
  g_ptr_array_add (dataset->variables, variable);
}

/* aarhus, rigshospitalet and danmarks-statistik; and vejle, which is not in the committee. */
static inline KohMap *
make_map (void)
{
  static const char *const names[] = { "aarhus", "danmarks-statistik", "rigshospitalet", "vejle" };
  KohMap *map = koh_map_new ();
  KohDataset *dataset;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      KohCatalogue *catalogue = koh_catalogue_new (names[i]);

      g_free (catalogue->organisation);
      catalogue->organisation = g_strdup (names[i]);
      catalogue->population = i == 1;
      koh_map_take (map, catalogue);
    }
  add_dataset (map, 0, "diagnoses", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 2, "diagnoses", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 1, "dispensings", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 1, "deaths", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 1, "emigrations", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 3, "procedures", KOH_DATASET_EVENT, KOH_VALIDITY_NONE);
  add_dataset (map, 0, "undated", KOH_DATASET_EVENT, KOH_VALIDITY_NONE)->first = KOH_DAY_NONE;
  dataset = add_dataset (map, 1, "population", KOH_DATASET_PERSON, KOH_VALIDITY_NONE);
  add_variable (dataset, "birth_date", 0);
  add_variable (dataset, "sex", 2);
  add_variable (dataset, "region", 5);
  add_variable (dataset, "parish", 200);
  dataset = add_dataset (map, 1, "income", KOH_DATASET_PERSON, KOH_VALIDITY_YEAR);
  add_variable (dataset, "income_quintile", 5);
  dataset = add_dataset (map, 1, "moves", KOH_DATASET_PERSON, KOH_VALIDITY_PERIOD);
  add_variable (dataset, "municipality", 98);
  return map;
}

static inline KohSessionFacts *
make_facts (const KohMap *map)
{
  KohSessionFacts *facts = koh_session_facts_new ();

  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[i];
      const KohHash snapshot = koh_hash_of ("test/snapshot", catalogue->peer, strlen (catalogue->peer));

      koh_session_facts_add_owner (facts, catalogue->peer, catalogue->organisation, &snapshot,
                                   catalogue->population);
    }
  facts->positions = 100000;
  facts->k = 5;
  facts->roster = koh_hash_of ("test/roster", "r", 1);
  facts->epoch = koh_hash_of ("test/epoch", "e", 1);
  return facts;
}

static inline KohQuestion *
make_question (const char *title, const char *index, const char *criteria, const char *analyses)
{
  g_autofree char *text = g_strdup_printf (
      "{\"kohorte\": 1, \"title\": \"%s\", \"project\": {\"id\": \"p\", \"problem\": \"p\", \"decision\": "
      "\"d\", "
      "\"purpose\": \"research\", \"legal_basis\": \"l\"}, \"mode\": \"approved\", \"link\": \"person\", "
      "\"index\": %s, \"criteria\": {\"all\": [%s]}, \"analyses\": [%s]}",
      title, index, criteria, analyses);
  g_autoptr (GError) error = NULL;
  KohQuestion *question = koh_question_parse (text, -1, &error);

  g_assert_no_error (error);
  return question;
}

static inline KohPlan *
make (const char *index, const char *criteria, const char *analyses, GError **error)
{
  g_autoptr (KohMap) map = make_map ();
  g_autoptr (KohSessionFacts) facts = make_facts (map);
  g_autoptr (KohQuestion) question = make_question ("t", index, criteria, analyses);

  return koh_plan_new (question, map, facts, error);
}

static inline KohPlan *
must (const char *index, const char *criteria, const char *analyses)
{
  g_autoptr (GError) error = NULL;
  KohPlan *plan = make (index, criteria, analyses, &error);

  g_assert_no_error (error);
  return plan;
}

/* The only column of this kind; NULL where there is none. */
static inline const KohColumn *
only (const KohPlan *plan, KohColumnKind kind)
{
  const KohColumn *found = NULL;

  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    {
      const KohColumn *column = koh_plan_columns (plan)->pdata[i];

      if (column->kind == kind)
        {
          g_assert_null (found);
          found = column;
        }
    }
  return found;
}

static inline guint
how_many (const KohPlan *plan, KohColumnKind kind)
{
  guint n = 0;

  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    n += ((const KohColumn *) koh_plan_columns (plan)->pdata[i])->kind == kind;
  return n;
}

#define WITHIN(first, last) "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [" #first ", " #last "]}"
#define SEX "{\"attribute\": \"sex\", \"in\": [\"1\"]}"
#define FIVE SEX ", " SEX ", " SEX ", " SEX ", " SEX
#define REGION "{\"attribute\": \"region\", \"in\": [\"2\", \"3\"]}"
#define EARLIER "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DC\"]}, \"within\": [-365, -1]}"
#define RICH INDEX_TWO, EARLIER ", " SEX ", " WITHIN (0, 30), \
  COUNT ", {\"type\": \"crosstab\", \"by\": [\"sex\", {\"attribute\": \"age_band\", \"at\": \"index\"}]}, " \
  "{\"type\": \"attrition\", \"by\": [\"sex\"]}"

static inline void
assert_refused (const char *index, const char *criteria, const char *analyses, KohErrorCode code,
                const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohPlan) plan = make (index, criteria, analyses, &error);

  g_assert_null (plan);
  g_assert_error (error, KOH_ERROR, (gint) code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” lacks “%s”", error->message, says);
}
