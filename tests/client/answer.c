/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading answer documents: what they say, and what is refused. */
#include "client/answer.h"

#include "common/error.h"
#include "documents.h"

static KohAnswer *
read_answer (const char *text, const char *language)
{
  g_autoptr (JsonNode) node = document (text);
  g_autoptr (KohMap) map = labels ();
  g_autoptr (GError) error = NULL;
  KohAnswer *answer = koh_answer_read (node, map, language, &error);

  g_assert_no_error (error);
  return answer;
}

static const KohAnswerRow *
row (const KohAnswer *answer, guint table, guint at)
{
  return ((KohAnswerTable *) answer->tables->pdata[table])->rows->pdata[at];
}

static void
test_joined_levels_are_one_row (void)
{
  g_autoptr (KohAnswer) answer = read_answer (JOINED, "en");
  const KohAnswerTable *count = answer->tables->pdata[0];

  g_assert_cmpuint (answer->tables->len, ==, 3);
  g_assert_cmpuint (count->rows->len, ==, 4);
  g_assert_true (count->joined);
  g_assert_false (count->suppressed);
  g_assert_cmpstr (row (answer, 0, 3)->levels[0], ==, "Women + missing");
  g_assert_cmpstr (row (answer, 0, 3)->levels[1], ==, "2 + 3");
  g_assert_cmpuint (row (answer, 0, 3)->joined, ==, 2);
  g_assert_cmpuint (row (answer, 0, 0)->joined, ==, 0);
  g_assert_cmpstr (row (answer, 0, 0)->shown, ==, "1,234");
  g_assert_cmpint (answer->persons, ==, 1303);
  g_assert_cmpstr (answer->headline, ==, "1,303 persons");
}

/* A hidden step may be of any size: saying "<5" of it would be untrue. */
static void
test_hidden_step_is_not_called_small (void)
{
  g_autoptr (KohAnswer) answer = read_answer (JOINED, "en");

  g_assert_true (row (answer, 1, 1)->suppressed);
  g_assert_cmpstr (row (answer, 1, 1)->shown, ==, "hidden");
  g_assert_cmpuint (answer->notes->len, ==, 2);
}

static void
test_small_cohort_says_so_and_no_more (void)
{
  g_autoptr (KohAnswer) answer = read_answer (SMALL, "da");

  g_assert_false (answer->open);
  g_assert_cmpint (answer->persons, ==, -1);
  g_assert_cmpstr (answer->headline, ==, "Færre end 7 personer");
  g_assert_cmpstr (row (answer, 0, 0)->shown, ==, "<7");
  g_assert_cmpstr (row (answer, 1, 0)->shown, ==, "40");
  g_assert_cmpstr (row (answer, 1, 1)->shown, ==, "skjult");
  g_assert_cmpstr (row (answer, 1, 2)->shown, ==, "<7");
}

static void
test_labels_are_optional (void)
{
  g_autoptr (JsonNode) node = document (JOINED);
  g_autoptr (KohAnswer) answer = koh_answer_read (node, NULL, "en", NULL);

  g_assert_cmpstr (row (answer, 0, 3)->levels[0], ==, "K + missing");
  g_assert_cmpstr (((KohAnswerTable *) answer->tables->pdata[0])->titles->pdata[1], ==, "Income quintile");
}

static void
test_one_person_is_singular (void)
{
  g_autoptr (KohAnswer) en = read_answer (
    "{\"kohorte_answer\":1,\"disclosure\":{\"k\":1},\"results\":[{\"type\":\"count\",\"rows\":[{\"by\":{},\"n\":1}]}]}", "en");

  g_assert_cmpstr (en->headline, ==, "1 person");
}

static void
test_malformed_documents_are_refused (void)
{
#define RESULTS(text) "{\"kohorte_answer\":1,\"disclosure\":{\"k\":5},\"results\":" text "}"
#define ROW(text) RESULTS ("[{\"type\":\"count\",\"rows\":[" text "]}]")
  static const char *const documents[] = {
    "[]",
    "{}",
    "{\"kohorte_answer\":\"1\"}",
    "{\"kohorte_answer\":1}",
    "{\"kohorte_answer\":1,\"disclosure\":{\"k\":0},\"results\":[]}",
    "{\"kohorte_answer\":1,\"disclosure\":{\"k\":5}}",
    RESULTS ("{}"),
    RESULTS ("[7]"),
    RESULTS ("[{\"type\":\"count\"}]"),
    RESULTS ("[{\"type\":\"horoscope\",\"rows\":[]}]"),
    ROW ("7"),
    ROW ("{\"by\":{},\"n\":-1}"),
    ROW ("{\"by\":{},\"n\":1.5}"),
    ROW ("{\"by\":{},\"n\":\"12\"}"),
    ROW ("{\"by\":{\"sex\":7},\"n\":12}"),
    ROW ("{\"by\":{\"sex\":[]},\"n\":12}"),
    ROW ("{\"by\":{\"sex\":[\"M\",7]},\"n\":12}"),
    ROW ("{\"by\":{\"sex\":null},\"n\":12}"),
    RESULTS ("[{\"type\":\"attrition\",\"rows\":[{\"n\":12}]}]"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (JsonNode) node = document (documents[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (koh_answer_read (node, NULL, "en", &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
    }
}

/* Members that are merely told (provenance) may be missing or strange without costing the answer. */
static void
test_strange_provenance_is_left_out (void)
{
  g_autoptr (KohAnswer) answer = read_answer (
    "{\"kohorte_answer\":1,\"title\":7,\"sentence\":[],\"peers\":[7,null,{}],\"seconds\":\"x\",\"rounds\":-1,"
    "\"receipts\":{\"one\":7},\"computed_at\":\"yesterday\",\"question\":{\"kohorte\":9},\"disclosure\":{\"k\":5},"
    "\"results\":[]}",
    "en");

  g_assert_cmpstr (answer->title, ==, "");
  g_assert_cmpstr (answer->headline, ==, "No total was asked for");
  g_assert_cmpuint (answer->facts->len, >, 0);
}

static void
test_moments_are_local_and_in_words (void)
{
  g_autofree char *en = koh_answer_moment ("2026-11-23T20:15:00Z", "en");
  g_autofree char *da = koh_answer_moment ("2026-11-23T20:15:00Z", "da");

  g_assert_cmpstr (en, ==, "23 November 2026, 20:15");
  g_assert_cmpstr (da, ==, "23. november 2026 kl. 20.15");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/answer/joined-levels-are-one-row", test_joined_levels_are_one_row);
  g_test_add_func ("/client/answer/hidden-step-is-not-called-small", test_hidden_step_is_not_called_small);
  g_test_add_func ("/client/answer/small-cohort-says-so-and-no-more", test_small_cohort_says_so_and_no_more);
  g_test_add_func ("/client/answer/labels-are-optional", test_labels_are_optional);
  g_test_add_func ("/client/answer/one-person-is-singular", test_one_person_is_singular);
  g_test_add_func ("/client/answer/malformed-documents-are-refused", test_malformed_documents_are_refused);
  g_test_add_func ("/client/answer/strange-provenance-is-left-out", test_strange_provenance_is_left_out);
  g_test_add_func ("/client/answer/moments-are-local-and-in-words", test_moments_are_local_and_in_words);
  return g_test_run ();
}
