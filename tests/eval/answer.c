/* SPDX-License-Identifier: EUPL-1.2
 *
 * From opened numbers, made by hand, to the answer's document. */
#include <json-glib/json-glib.h>

#include "common/error.h"
#include "eval/evaluate.h"
#include "eval/rules.h"
#include "mpc/reveal.h"
#include "people.h"
#include "query/sentence.h"

#define INDEX                                                                                                \
  "{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2018-02-10\", \"to\": \"2018-06-20\"}, "             \
  "\"occurrence\": \"first\"}"
#define BITS 10

static KohPlan *
make_plan (const char *criteria, const char *analyses)
{
  g_autoptr (KohMap) map = people_map ();
  g_autoptr (KohSessionFacts) facts = people_facts (1000, 5);
  g_autoptr (KohQuestion) question = people_question (INDEX, criteria, analyses);
  g_autoptr (GError) error = NULL;
  KohPlan *plan = koh_plan_new (question, map, facts, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (koh_plan_count_bits (plan), ==, BITS);
  return plan;
}

static JsonNode *
open_numbers (const KohPlan *plan, const guint64 *numbers, guint n, GError **error)
{
  g_autoptr (KohDisclosure) rules = koh_rules_of_plan (plan);
  g_autoptr (KohParty) party = koh_party_new_plain ();
  g_autoptr (KohBits) table = koh_bits_zero (party, n, BITS);
  g_autoptr (KohMap) map = people_map ();
  KohHash transcript, session = { { 0 } };
  g_autoptr (GBytes) message = NULL;
  GBytes *messages[3] = { NULL };

  g_assert_cmpuint (n, ==, koh_disclosure_rows (rules));
  for (guint r = 0; r < n; r++)
    for (guint b = 0; b < BITS; b++)
      table->own[b * table->words + r / 64] |= (numbers[r] >> b & 1) << (r % 64);
  message = messages[0] = koh_release (party, table, NULL, NULL);
  return koh_answer_open (plan, map, messages, TRUE, &session, &transcript, error);
}

/* @part of the document, in JSON with single quotes. */
static void
assert_says (const KohPlan *plan, const guint64 *numbers, guint n, const char *part, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = open_numbers (plan, numbers, n, &error);
  g_autoptr (JsonNode) wanted = NULL;
  g_autofree char *text = g_strdelimit (g_strdup (expected), "'", '"'), *found = NULL, *plain = NULL;

  g_assert_no_error (error);
  wanted = json_from_string (text, &error);
  g_assert_no_error (error);
  found = json_to_string (json_object_get_member (json_node_get_object (answer), part), FALSE);
  plain = json_to_string (wanted, FALSE);
  g_assert_cmpstr (found, ==, plain);
}

/* M and K joined; regions 1084, and the other two and missing joined. The rows follow the order of `by`. */
static void
runs_are_arrays_and_rows_follow_the_question (void)
{
  g_autoptr (KohPlan) plan =
      make_plan ("", "{\"type\": \"crosstab\", \"by\": [\"region\", \"sex\"]}, {\"type\": \"count\", "
                     "\"by\": [\"sex\"]}, {\"type\": \"count\"}");
  const guint64 numbers[] = { 1, /* sex */ 0, 1, 1, /* region */ 1, 0, 0, 1,
                              /* sex × region */ 0, 0, 0, 0, 11, 0, 0, 12, 5, 0, 0, 0,
                              /* sex */ 0, 23, 5, /* all */ 28 };

  assert_says (plan, numbers, G_N_ELEMENTS (numbers), "results",
               "[{'type': 'crosstab', 'rows': ["
               "{'by': {'region': '1084', 'sex': ['M', 'K']}, 'n': 11}, {'by': {'region': '1084', 'sex': "
               "'missing'}, 'n': 5}, "
               "{'by': {'region': ['1085', '1081', 'missing'], 'sex': ['M', 'K']}, 'n': 12}, "
               "{'by': {'region': ['1085', '1081', 'missing'], 'sex': 'missing'}, 'n': 0}]}, "
               "{'type': 'count', 'rows': [{'by': {'sex': ['M', 'K']}, 'n': 23}, {'by': {'sex': 'missing'}, "
               "'n': 5}]}, "
               "{'type': 'count', 'rows': [{'by': {}, 'n': 28}]}]");
  assert_says (
      plan, numbers, G_N_ELEMENTS (numbers), "disclosure",
      "{'k': 5, 'cohort': 'open', 'joined': [{'attribute': 'sex', 'levels': [['M', 'K'], ['missing']]}, "
      "{'attribute': 'region', 'levels': [['1084'], ['1085', '1081', 'missing']]}], 'suppressed_steps': []}");
}

/* Of 1…4 persons: tables have one row without a number, and the attrition one group. */
static void
a_small_cohort_has_no_numbers (void)
{
  g_autoptr (KohPlan) plan =
      make_plan ("{\"name\": \"women\", \"attribute\": \"sex\", \"in\": [\"K\"]}, {\"name\": \"west\", "
                 "\"attribute\": \"region\", "
                 "\"in\": [\"1081\"]}",
                 "{\"type\": \"count\", \"by\": [\"sex\"]}, {\"type\": \"attrition\", \"by\": [\"sex\"]}");
  const guint64 numbers[] = { 0, /* sex */ 0, 0, 1, /* steps */ 1, 1, 0,
                              /* sex */ 0, 0, 0, /* the steps by sex */ 0, 0, 40, 0, 0, 9, 0, 0, 0 };

  assert_says (plan, numbers, G_N_ELEMENTS (numbers), "results",
               "[{'type': 'count', 'rows': [{'by': {}, 'suppressed': true}]}, {'type': 'attrition', 'rows': ["
               "{'step': 0, 'name': 'index event', 'n': 40}, {'step': 1, 'name': 'women', 'n': 9}, "
               "{'step': 2, 'name': 'west', 'suppressed': true}]}]");
  assert_says (plan, numbers, G_N_ELEMENTS (numbers), "disclosure",
               "{'k': 5, 'cohort': 'suppressed', 'joined': [], 'suppressed_steps': [2]}");
}

static void
steps_have_a_row_for_each_group (void)
{
  g_autoptr (KohPlan) plan =
    make_plan ("{\"name\": \"old\", \"attribute\": \"age\", \"at\": \"index\", \"between\": [50, null]}",
               "{\"type\": \"attrition\", \"by\": [\"sex\"]}, {\"type\": \"attrition\"}");
  const guint64 numbers[] = { 1, /* sex */ 1, 0, 1, /* steps */ 0, 1, /* sex */ 20, 0, 30, /* all */ 50,
                              /* by sex */ 0, 0, 0, 20, 0, 30, /* in all */ 0, 50 };

  assert_says (
      plan, numbers, G_N_ELEMENTS (numbers), "results",
      "[{'type': 'attrition', 'rows': ["
      "{'step': 0, 'name': 'index event', 'by': {'sex': 'M'}, 'suppressed': true}, "
      "{'step': 0, 'name': 'index event', 'by': {'sex': ['K', 'missing']}, 'suppressed': true}, "
      "{'step': 1, 'name': 'old', 'by': {'sex': 'M'}, 'n': 20}, "
      "{'step': 1, 'name': 'old', 'by': {'sex': ['K', 'missing']}, 'n': 30}]}, {'type': 'attrition', 'rows': "
      "["
      "{'step': 0, 'name': 'index event', 'suppressed': true}, {'step': 1, 'name': 'old', 'n': 50}]}]");
  assert_says (
      plan, numbers, G_N_ELEMENTS (numbers), "disclosure",
      "{'k': 5, 'cohort': 'open', 'joined': [{'attribute': 'sex', 'levels': [['M'], ['K', 'missing']]}], "
      "'suppressed_steps': [[0], [0]]}");
}

static void
a_criterion_without_a_name_is_told_in_a_sentence (void)
{
  g_autoptr (KohMap) map = people_map ();
  g_autoptr (KohPlan) plan =
      make_plan ("{\"attribute\": \"region\", \"in\": [\"1081\"]}", "{\"type\": \"attrition\"}");
  const guint64 numbers[] = { 1, 1, 1, 28, 40, 28 };
  g_autofree char *sentence = koh_sentence_criterion (koh_plan_steps (plan)->pdata[0], map, "en");
  g_autofree char *expected = g_strdup_printf (
      "[{'type': 'attrition', 'rows': [{'step': 0, 'name': 'index event', 'n': 40}, {'step': 1, "
      "'name': '%s', 'n': 28}]}]",
      sentence);

  assert_says (plan, numbers, G_N_ELEMENTS (numbers), "results", expected);
}

static void
the_document_names_its_question (void)
{
  g_autoptr (KohPlan) plan = make_plan ("", "{\"type\": \"count\"}");
  const guint64 numbers[] = { 1, 28 };
  g_autoptr (JsonNode) answer = open_numbers (plan, numbers, G_N_ELEMENTS (numbers), NULL);
  g_autofree char *hash = koh_hash_to_hex (&koh_plan_question (plan)->hash);
  JsonObject *object = json_node_get_object (answer);

  g_assert_cmpstr (json_object_get_string_member (object, "question_hash"), ==, hash);
  g_assert_cmpstr (json_object_get_string_member (object, "mode"), ==, "approved");
  g_assert_cmpstr (json_object_get_string_member (object, "link"), ==, "person");
  g_assert_cmpstr (json_object_get_string_member (object, "title"), ==, "t");
}

/* Three peers in league could send such numbers; the asker does not believe them, and does not fall. */
static void
numbers_that_are_no_answer_are_refused (void)
{
  g_autoptr (KohPlan) plan = make_plan ("", "{\"type\": \"count\", \"by\": [\"sex\"]}");
  const guint64 numbers[] = { 1, 1, 1, 0, 7, 8, 9 };
  g_autoptr (GError) error = NULL;

  g_assert_null (open_numbers (plan, numbers, G_N_ELEMENTS (numbers), &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/eval/answer/runs-are-arrays-and-rows-follow-the-question",
                   runs_are_arrays_and_rows_follow_the_question);
  g_test_add_func ("/eval/answer/a-small-cohort-has-no-numbers", a_small_cohort_has_no_numbers);
  g_test_add_func ("/eval/answer/steps-have-a-row-for-each-group", steps_have_a_row_for_each_group);
  g_test_add_func ("/eval/answer/a-criterion-without-a-name-is-told-in-a-sentence",
                   a_criterion_without_a_name_is_told_in_a_sentence);
  g_test_add_func ("/eval/answer/the-document-names-its-question", the_document_names_its_question);
  g_test_add_func ("/eval/answer/numbers-that-are-no-answer-are-refused",
                   numbers_that_are_no_answer_are_refused);
  return g_test_run ();
}
