/* SPDX-License-Identifier: EUPL-1.2
 *
 * Questions about random persons: what comes out of columns, shares, counters and disclosure control must
 * be what the question means, counted person by person. Events lie densely, so that a window or a period
 * that is wrong by one day changes a count. */
#include "eval/evaluate.h"

#include <string.h>

#include "people.h"
#include "three.h"

#define K 3

typedef struct
{
  const KohPlan *plan;
  guint64 **planes;
  GBytes *messages[KOH_PARTIES];
  guint calls;
} Session;

static void
progress_cb (KohPhase phase, guint64 rows_done, guint64 rows, const KohCost *cost, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  g_assert_cmpuint (rows_done, <=, rows);
}

static void
take_part (KohParty *party, gpointer data)
{
  Session *session = data;
  const GPtrArray *columns = koh_plan_columns (session->plan);
  g_autofree const guint64 **own = g_new0 (const guint64 *, columns->len);
  const guint me = koh_party_get_index (party);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < columns->len; i++)
    {
      const KohColumn *column = columns->pdata[i];

      if (koh_party_is_plain (party) || koh_plan_facts (session->plan)->committee[me] == column->owner)
        own[i] = session->planes[i];
    }
  session->messages[me] =
      koh_evaluate (party, session->plan, own, progress_cb, &session->calls, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (session->messages[me]);
}

static JsonNode *
ask (const People *people, const KohPlan *plan, const KohMap *map, gboolean plain)
{
  Session session = { .plan = plan, .planes = people_planes (people, plan) };
  g_autoptr (GError) error = NULL;
  KohHash transcript, none = { { 0 } };
  JsonNode *answer;

  if (plain)
    {
      g_autoptr (KohParty) party = koh_party_new_plain ();

      take_part (party, &session);
    }
  else
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GError *errors[KOH_PARTIES];

      three_run (mesh, NULL, take_part, &session, errors);
      for (guint i = 0; i < KOH_PARTIES; i++)
        g_assert_no_error (errors[i]);
    }
  g_assert_cmpuint (session.calls, >=, 4);
  answer = koh_answer_open (plan, map, session.messages, plain, plain ? &none : &three_session, &transcript,
                            &error);
  g_assert_no_error (error);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&session.messages[i], g_bytes_unref);
  people_planes_free (session.planes, plan);
  return answer;
}

/* The values that a row's `by` tells of one attribute. */
static char **
values_of (JsonObject *by, const char *attribute)
{
  JsonNode *node = json_object_get_member (by, attribute);
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();

  g_assert_nonnull (node);
  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      g_strv_builder_add (values, json_array_get_string_element (json_node_get_array (node), i));
  else
    g_strv_builder_add (values, json_node_get_string (node));
  return g_strv_builder_end (values);
}

static guint
direct_count (const People *people, const KohQuestion *question, guint step, const KohAnalysis *analysis,
              JsonObject *row)
{
  JsonObject *by = json_object_has_member (row, "by") ? json_object_get_object_member (row, "by") : NULL;
  char **values[2] = { NULL };
  guint n;

  for (guint i = 0; by != NULL && i < analysis->by->len; i++)
    values[i] = values_of (by, ((const KohBy *) analysis->by->pdata[i])->attribute);
  n = people_count (people, question, step, by != NULL ? analysis->by : NULL, values);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_strfreev (values[i]);
  return n;
}

/* Every number stands for what it says; the rows of a table are all of the cohort, unless that is small.
 * Gives how many numbers there are. */
static guint
assert_answer (const People *people, const KohQuestion *question, guint steps, JsonNode *answer)
{
  JsonArray *results = json_object_get_array_member (json_node_get_object (answer), "results");
  const guint cohort = people_count (people, question, steps, NULL, NULL);
  guint numbers = 0;

  g_assert_cmpuint (json_array_get_length (results), ==, question->analyses->len);
  for (guint i = 0; i < question->analyses->len; i++)
    {
      const KohAnalysis *analysis = question->analyses->pdata[i];
      JsonArray *rows = json_object_get_array_member (json_array_get_object_element (results, i), "rows");
      guint total = 0;

      for (guint j = 0; j < json_array_get_length (rows); j++)
        {
          JsonObject *row = json_array_get_object_element (rows, j);
          guint step = analysis->kind == KOH_ANALYSIS_ATTRITION
                           ? (guint) json_object_get_int_member (row, "step")
                           : steps;
          guint n;

          if (!json_object_has_member (row, "n"))
            {
              g_assert_true (json_object_get_boolean_member (row, "suppressed"));
              continue;
            }
          n = (guint) json_object_get_int_member (row, "n");
          g_assert_true (n == 0 || n >= K);
          g_assert_cmpuint (n, ==, direct_count (people, question, step, analysis, row));
          total += step == steps ? n : 0;
          numbers++;
        }
      g_assert_cmpuint (json_array_get_length (rows), >, 0);
      g_assert_cmpuint (total, ==, cohort == 0 || cohort >= K ? cohort : 0);
    }
  return numbers;
}

static guint
try (const People *people, guint positions, gboolean plain, const char *index, const char *criteria,
     const char *analyses)
{
  g_autoptr (KohMap) map = people_map ();
  g_autoptr (KohSessionFacts) facts = people_facts (positions, K);
  g_autoptr (KohQuestion) question = people_question (index, criteria, analyses);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohPlan) plan = koh_plan_new (question, map, facts, &error);
  g_autoptr (JsonNode) answer = NULL;

  g_assert_no_error (error);
  answer = ask (people, plan, map, plain);
  return assert_answer (people, question, koh_plan_steps (plan)->len, answer);
}

static const char *const indexes[] = {
  /* Two owners, either occurrence; and with the period open. */
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI21\"], \"from\": \"2018-02-10\", \"to\": "
  "\"2018-06-20\"}, "
  "\"occurrence\": \"first\"}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI21\", \"SKS:DE11\"], \"from\": "
  "\"2018-02-10\", "
  "\"to\": \"2018-06-20\"}, \"occurrence\": \"first_in_period\"}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI21\"], \"exact\": true}, \"occurrence\": "
  "\"first\"}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2018-03-01\"}, \"occurrence\": \"first_in_period\"}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI2\"], \"to\": \"2018-03-03\"}, "
  "\"occurrence\": \"first\"}",
  /* One owner, which holds the register too; a period of one day, and over New Year. */
  "{\"event\": {\"dataset\": \"cancer\", \"codes\": [\"SKS:DC34\"]}, \"occurrence\": \"first\"}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2018-03-05\", \"to\": \"2018-03-05\"}, "
  "\"occurrence\": \"first_in_period\"}",
  "{\"event\": {\"dataset\": \"cancer\", \"from\": \"2017-12-20\", \"to\": \"2018-01-10\"}, "
  "\"occurrence\": \"first_in_period\"}",
};

/* The same criteria are asked of these too: the latest event, and one date for everybody. */
static const char *const other_indexes[] = {
  ("{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2018-02-10\", \"to\": \"2018-06-20\"}, "
   "\"occurrence\": \"last_in_period\"}"),
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DI21\"]}, \"occurrence\": \"last_in_period\"}",
  "{\"event\": {\"dataset\": \"cancer\", \"to\": \"2018-01-10\"}, \"occurrence\": \"last_in_period\"}",
  "{\"date\": \"2018-03-01\"}",
  "{\"date\": \"2018-08-31\"}",
};

static const char *const criteria[] = {
  /* Windows of another owner: short, long, one day, open at one end or at both. */
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:C10AA\"]}, \"within\": [0, 30]}",
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [-3, -1]}",
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [7, 7]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"from\": \"2018-03-01\", \"to\": \"2018-05-01\"}, \"within\": "
  "[-20, 12]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:C10AA\"], \"exact\": true}, \"within\": "
  "[-400, 400]}",
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [null, -20]}",
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [null, 0]}",
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [null, 65000]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:N02\"]}, \"within\": [-9, null]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:N02\"]}, \"within\": [1, null]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:N02\"]}, \"within\": [-65000, null]}",
  "{\"event\": {\"dataset\": \"dispensings\", \"codes\": [\"ATC:N02\"]}}",
  /* The index dataset itself, or one that the index owner may or may not have alone. */
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DC\"]}, \"within\": [-30, -1]}",
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DE11\"]}, \"within\": [1, 14]}",
  "{\"event\": {\"dataset\": \"cancer\", \"codes\": [\"SKS:DC50\"]}, \"within\": [-60, 60]}",
  /* Attributes: fixed, at a date, by year, of age, of several owners. */
  "{\"attribute\": \"sex\", \"in\": [\"K\"]}",
  "{\"not\": {\"attribute\": \"sex\", \"in\": [\"K\"]}}",
  "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [50, 79]}",
  "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [null, 41.5]}",
  "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [0, null]}",
  "{\"attribute\": \"age\", \"at\": \"2018-02-28\", \"between\": [18, 60]}",
  "{\"attribute\": \"age\", \"at\": \"index\", \"in\": [\"30\", \"31\", \"33\", \"58\", \"59\", \"60\"]}",
  "{\"attribute\": \"age_band\", \"at\": \"index\", \"in\": [\"0–4\", \"20–24\", \"25–29\", \"90+\"]}",
  "{\"attribute\": \"income_quintile\", \"at\": \"index\", \"in\": [\"1\", \"2\"]}",
  "{\"attribute\": \"income_quintile\", \"at\": \"index\", \"between\": [2, 4]}",
  "{\"attribute\": \"income_quintile\", \"at\": \"2016-05-05\", \"in\": [\"5\", \"4\", \"3\"]}",
  "{\"attribute\": \"smoking\", \"at\": \"index\", \"in\": [\"never\", \"current\"]}",
  "{\"attribute\": \"pd_l1\", \"in\": [\"high\"]}",
  /* Groups: of one owner, of several, nested, with disabled parts. */
  "{\"any\": [{\"attribute\": \"sex\", \"in\": [\"M\"]}, {\"attribute\": \"region\", \"in\": [\"1084\"]}]}",
  "{\"any\": [{\"attribute\": \"age\", \"at\": \"index\", \"between\": [60, null]}, "
  "{\"event\": {\"dataset\": \"diagnoses\", \"codes\": [\"SKS:DE\"]}, \"within\": [-50, 0]}, "
  "{\"attribute\": \"pd_l1\", \"in\": [\"low\"]}]}",
  "{\"not\": {\"all\": [{\"attribute\": \"region\", \"in\": [\"1081\", \"1085\"]}, "
  "{\"event\": {\"dataset\": \"dispensings\"}, \"within\": [-14, 14]}]}}",
  "{\"not\": {\"any\": [{\"attribute\": \"sex\", \"in\": [\"M\"]}, {\"attribute\": \"age\", \"at\": "
  "\"index\", "
  "\"between\": [null, 30]}]}}",
  "{\"all\": [{\"attribute\": \"sex\", \"in\": [\"M\"], \"enabled\": false}, {\"attribute\": \"region\", "
  "\"in\": [\"1084\"]}]}",
  "{\"attribute\": \"sex\", \"in\": [\"M\"], \"enabled\": false}",
  /* So many of several: of one owner, of all three, with a disabled part, among others. */
  "{\"at_least\": 2, \"of\": [{\"attribute\": \"sex\", \"in\": [\"M\"]}, {\"attribute\": \"region\", \"in\": "
  "[\"1084\"]}, {\"attribute\": \"age\", \"at\": \"2018-01-01\", \"between\": [40, null]}]}",
  "{\"at_least\": 3, \"of\": [{\"attribute\": \"pd_l1\", \"in\": [\"low\"]}, {\"attribute\": \"sex\", \"in\": "
  "[\"M\"]}, {\"event\": {\"dataset\": \"dispensings\"}, \"within\": [-30, 30]}, {\"attribute\": \"region\", "
  "\"in\": [\"1084\"], \"enabled\": false}, {\"event\": {\"dataset\": \"diagnoses\"}, \"within\": [1, null]}, "
  "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [30, 70]}]}",
  "{\"not\": {\"at_least\": 2, \"of\": [{\"attribute\": \"smoking\", \"at\": \"index\", \"in\": [\"never\"]}, "
  "{\"attribute\": \"sex\", \"in\": [\"K\"]}, {\"attribute\": \"sex\", \"in\": [\"K\"]}, {\"attribute\": "
  "\"pd_l1\", \"in\": [\"high\"]}]}}",
};

static const char *const analyses[] = {
  "{\"type\": \"count\"}",
  "{\"type\": \"attrition\"}, {\"type\": \"count\", \"by\": [\"sex\"]}",
  "{\"type\": \"crosstab\", \"by\": [\"sex\", {\"attribute\": \"age_band\", \"at\": \"index\"}]}, {\"type\": "
  "\"attrition\", "
  "\"by\": [\"sex\"]}",
  "{\"type\": \"crosstab\", \"by\": [{\"attribute\": \"income_quintile\", \"at\": \"index\"}, \"region\"]}, "
  "{\"type\": "
  "\"count\"}, {\"type\": \"attrition\", \"by\": [\"region\", {\"attribute\": \"income_quintile\", \"at\": "
  "\"index\"}]}",
  "{\"type\": \"count\", \"by\": [{\"attribute\": \"smoking\", \"at\": \"index\"}]}, {\"type\": \"count\", "
  "\"by\": "
  "[\"pd_l1\"]}, {\"type\": \"attrition\"}",
  "{\"type\": \"count\", \"by\": [{\"attribute\": \"age_band\", \"at\": \"2018-06-01\"}]}, {\"type\": "
  "\"crosstab\", \"by\": "
  "[\"region\", \"sex\"]}, {\"type\": \"attrition\", \"by\": [\"sex\"]}, {\"type\": \"attrition\"}",
  "{\"type\": \"crosstab\", \"by\": [\"pd_l1\", {\"attribute\": \"income_quintile\", \"at\": "
  "\"2017-01-01\"}]}, {\"type\": "
  "\"crosstab\", \"by\": [\"sex\", \"pd_l1\"]}",
};

/* One to three criteria, any index, any analyses. */
static void
try_any (const People *people, guint positions, gboolean plain, GRand *rand, guint i)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autofree char *all = NULL;

  g_ptr_array_add (chosen, (gpointer) criteria[i % G_N_ELEMENTS (criteria)]);
  for (guint more = (guint) g_rand_int_range (rand, 0, 3); more > 0; more--)
    g_ptr_array_add (chosen, (gpointer) criteria[g_rand_int_range (rand, 0, G_N_ELEMENTS (criteria))]);
  g_ptr_array_add (chosen, NULL);
  all = g_strjoinv (", ", (char **) chosen->pdata);
  try (people, positions, plain,
       g_rand_int_range (rand, 0, 3) > 0
           ? indexes[g_rand_int_range (rand, 0, G_N_ELEMENTS (indexes))]
           : other_indexes[g_rand_int_range (rand, 0, G_N_ELEMENTS (other_indexes))],
       all,
       analyses[g_rand_int_range (rand, 0, G_N_ELEMENTS (analyses))]);
}

/* Every criterion alone, for every index, so that no other hides its errors. */
static void
each_criterion_holds_of_whom_it_should (void)
{
  g_autoptr (People) people = people_new (1, 2001);

  for (guint i = 0; i < G_N_ELEMENTS (indexes); i++)
    for (guint c = 0; c < G_N_ELEMENTS (criteria); c++)
      g_assert_cmpuint (try (people, 2001, TRUE, indexes[i], criteria[c], "{\"type\": \"attrition\"}"), >, 0);
}

static void
so_it_does_for_the_latest_event_and_for_one_date (void)
{
  g_autoptr (People) people = people_new (6, 1500);

  for (guint i = 0; i < G_N_ELEMENTS (other_indexes); i++)
    for (guint c = 0; c < G_N_ELEMENTS (criteria); c++)
      g_assert_cmpuint (
          try (people, 1500, TRUE, other_indexes[i], criteria[c], "{\"type\": \"attrition\"}"), >, 0);
}

static void
each_table_holds_what_it_says (void)
{
  g_autoptr (People) people = people_new (2, 1900);

  for (guint i = 0; i < G_N_ELEMENTS (indexes); i++)
    for (guint a = 0; a < G_N_ELEMENTS (analyses); a++)
      try (people, 1900, TRUE, indexes[i], "", analyses[a]);
  for (guint i = 0; i < G_N_ELEMENTS (other_indexes); i++)
    for (guint a = 0; a < G_N_ELEMENTS (analyses); a++)
      try (people, 1900, TRUE, other_indexes[i], "", analyses[a]);
}

static void
questions_put_together_hold (void)
{
  g_autoptr (People) people = people_new (3, 1350);
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);

  for (guint i = 0; i < 150; i++)
    try_any (people, 1350, TRUE, rand, i);
}

static void
shares_give_the_same (void)
{
  g_autoptr (People) people = people_new (4, 700);
  g_autoptr (GRand) rand = g_rand_new_with_seed (32);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (criteria); i++)
    try_any (people, 700, FALSE, rand, i);
}

/* More rows than a chunk has, and not a whole number of words. */
static void
chunks_add_up (gconstpointer plain)
{
  const guint positions = (1u << 16) + 333;
  g_autoptr (People) people = people_new (5, positions);

  g_assert_cmpuint (try (people, positions, plain != NULL, indexes[0], criteria[0], analyses[2]), >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/eval/evaluate/each-criterion-holds-of-whom-it-should",
                   each_criterion_holds_of_whom_it_should);
  g_test_add_func ("/eval/evaluate/so-it-does-for-the-latest-event-and-for-one-date",
                   so_it_does_for_the_latest_event_and_for_one_date);
  g_test_add_func ("/eval/evaluate/each-table-holds-what-it-says", each_table_holds_what_it_says);
  g_test_add_func ("/eval/evaluate/questions-put-together-hold", questions_put_together_hold);
  g_test_add_func ("/eval/evaluate/shares-give-the-same", shares_give_the_same);
  g_test_add_data_func ("/eval/evaluate/chunks-add-up", NULL, chunks_add_up);
  g_test_add_data_func ("/eval/evaluate/chunks-add-up-in-clear", "plain", chunks_add_up);
  return g_test_run ();
}
