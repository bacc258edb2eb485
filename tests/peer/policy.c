/* SPDX-License-Identifier: EUPL-1.2
 *
 * The policy is read strictly, and decides by question, history and policy alone. */
#include "peer/policy.h"

#include <string.h>

#include "common/error.h"
#include "fixture.h"
#include "query/json.h"

static const char open_policy[] = "{\"kohorte_policy\":1,\"demo\":true,\"accept\":\"automatic\",\"reason\":"
                                  "\"r\",\"k\":5,\"modes\":[\"approved\"],"
                                  "\"analyses\":[\"count\",\"attrition\",\"crosstab\"],\"purposes\":["
                                  "\"research\",\"quality\"],\"datasets\":[\"*\"]}";

static Fixture *shared;

static JsonNode *
changed (const char *member, const char *value)
{
  JsonNode *node = koh_json_parse (open_policy, -1, "it", NULL);
  JsonObject *object = json_node_get_object (node);

  if (member != NULL && value == NULL)
    json_object_remove_member (object, member);
  else if (member != NULL)
    {
      g_autofree char *wrapped = g_strdup_printf ("[%s]", value);
      g_autoptr (JsonNode) parsed = koh_json_parse (wrapped, -1, "it", NULL);

      json_object_set_member (object, member, json_array_dup_element (json_node_get_array (parsed), 0));
    }
  return node;
}

static KohPolicy *
parse (const char *member, const char *value, GError **error)
{
  g_autoptr (JsonNode) node = changed (member, value);
  g_autofree char *text = koh_json_canonical (node);

  return koh_policy_parse (text, -1, error);
}

static void
bad_policies_are_refused (void)
{
  static const char *const cases[][2] = {
    { "kohorte_policy", NULL },    { "kohorte_policy", "2" },     { "accept", NULL },
    { "accept", "\"perhaps\"" },   { "accept", "true" },          { "k", NULL },
    { "k", "2" },                  { "k", "1001" },               { "k", "\"5\"" },
    { "modes", NULL },             { "modes", "[\"secret\"]" },   { "modes", "\"approved\"" },
    { "analyses", "[\"rows\"]" },  { "analyses", "[1]" },         { "purposes", "[\"curiosity\"]" },
    { "datasets", NULL },          { "datasets", "[null]" },      { "demo", "1" },
    { "questions", "-1" },         { "besides", "1" },            { "datasets", "[[]]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (cases[i][0], cases[i][1], &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
    }
  g_assert_null (koh_policy_parse ("[]", -1, NULL));
  g_assert_null (koh_policy_parse ("{", -1, NULL));
}

static KohVerdict
judge (const char *member, const char *value, const KohHistory *history, GError **error)
{
  static const KohHistory none = { 0, FALSE };
  g_autoptr (KohPolicy) policy = parse (member, value, error);
  g_autoptr (KohQuestion) question = fixture_question (shared);
  g_autoptr (KohMap) map = fixture_map (shared);

  g_assert_nonnull (policy);
  return koh_policy_judge (policy, question, map, history != NULL ? history : &none, error);
}

static void
assert_declined (const char *member, const char *value, const KohHistory *history, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (judge (member, value, history, &error), ==, KOH_VERDICT_DECLINE);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_DECLINED);
  g_assert_nonnull (strstr (error->message, says));
}

static void
the_demo_question_is_accepted (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (judge (NULL, NULL, NULL, &error), ==, KOH_VERDICT_ACCEPT);
  g_assert_no_error (error);
  g_assert_cmpint (judge ("accept", "\"ask\"", NULL, &error), ==, KOH_VERDICT_REVIEW);
  g_assert_no_error (error);
  assert_declined ("accept", "\"refuse\"", NULL, "r");
}

static void
only_a_demonstration_is_allowed (void)
{
  assert_declined ("demo", NULL, NULL, "semi-honest");
  assert_declined ("demo", "false", NULL, "semi-honest");
}

static void
what_the_policy_does_not_name_is_declined (void)
{
  assert_declined ("purposes", "[\"research\"]", NULL, "quality");
  assert_declined ("modes", "[\"explore\"]", NULL, "approved");
  assert_declined ("analyses", "[\"count\"]", NULL, "attrition");
  assert_declined ("datasets", "[\"dispensings\",\"population\",\"income\"]", NULL, "diagnoses");
  assert_declined ("datasets", "[\"diagnoses\",\"population\",\"income\"]", NULL, "dispensings");
  /* Attributes belong to datasets: sex and age to the population, the quintile to income. */
  assert_declined ("datasets", "[\"diagnoses\",\"dispensings\",\"income\"]", NULL, "population");
  assert_declined ("datasets", "[\"diagnoses\",\"dispensings\",\"population\"]", NULL, "income");
  g_assert_cmpint (
      judge ("datasets", "[\"diagnoses\",\"dispensings\",\"population\",\"income\"]", NULL, NULL), ==,
      KOH_VERDICT_ACCEPT);
}

/* An index date asks of births, deaths and emigrations, though it names none of them. */
static void
a_date_asks_who_was_there (void)
{
  static const char *const policies[][2] = {
    { "[\"population\",\"deaths\",\"emigrations\"]", NULL },
    { "[\"population\",\"emigrations\"]", "deaths" },
    { "[\"population\",\"deaths\"]", "emigrations" },
    { "[\"deaths\",\"emigrations\"]", "population" },
  };
  static const char text[] =
    "{\"kohorte\":1,\"project\":{\"purpose\":\"quality\"},\"mode\":\"approved\",\"link\":\"person\","
    "\"index\":{\"date\":\"2020-01-01\"},\"analyses\":[{\"type\":\"count\"}]}";
  static const KohHistory none = { 0, FALSE };
  g_autoptr (KohQuestion) question = koh_question_parse (text, -1, NULL);
  g_autoptr (KohMap) map = fixture_map (shared);

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KohPolicy) policy = parse ("datasets", policies[i][0], NULL);
      KohVerdict verdict = koh_policy_judge (policy, question, map, &none, &error);

      g_assert_cmpint (verdict, ==, policies[i][1] == NULL ? KOH_VERDICT_ACCEPT : KOH_VERDICT_DECLINE);
      if (policies[i][1] != NULL)
        g_assert_nonnull (strstr (error->message, policies[i][1]));
    }
}

/* A hospital's policy names its own datasets; the dispensings are somebody else's to refuse. */
static void
other_owners_data_are_theirs_to_refuse (void)
{
  static const KohHistory none = { 0, FALSE };
  g_autoptr (GError) error = NULL;
  g_autoptr (KohMap) all = fixture_map (shared);
  g_autoptr (KohMap) own = koh_map_new ();
  g_autoptr (KohQuestion) question = fixture_question (shared);
  g_autoptr (KohPolicy) policy = parse ("datasets", "[\"diagnoses\"]", &error);

  g_assert_no_error (error);
  koh_map_take (own, g_ptr_array_steal_index (all->catalogues, 0));
  g_assert_cmpint (koh_policy_judge (policy, question, own, &none, &error), ==, KOH_VERDICT_ACCEPT);
  g_assert_no_error (error);
}

static void
a_project_has_so_many_questions (void)
{
  KohHistory before = { 2, FALSE }, full = { 3, FALSE }, again = { 3, TRUE };

  g_assert_cmpint (judge ("questions", "3", &before, NULL), ==, KOH_VERDICT_ACCEPT);
  assert_declined ("questions", "3", &full, "DEMO-1");
  g_assert_cmpint (judge ("questions", "3", &again, NULL), ==, KOH_VERDICT_ACCEPT);
  g_assert_cmpint (judge (NULL, NULL, &full, NULL), ==, KOH_VERDICT_ACCEPT);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  shared = fixture_new (200);
  g_test_add_func ("/peer/policy/bad-policies-are-refused", bad_policies_are_refused);
  g_test_add_func ("/peer/policy/the-demo-question-is-accepted", the_demo_question_is_accepted);
  g_test_add_func ("/peer/policy/only-a-demonstration-is-allowed", only_a_demonstration_is_allowed);
  g_test_add_func ("/peer/policy/what-the-policy-does-not-name-is-declined",
                   what_the_policy_does_not_name_is_declined);
  g_test_add_func ("/peer/policy/a-date-asks-who-was-there", a_date_asks_who_was_there);
  g_test_add_func ("/peer/policy/other-owners-data-are-theirs-to-refuse",
                   other_owners_data_are_theirs_to_refuse);
  g_test_add_func ("/peer/policy/a-project-has-so-many-questions", a_project_has_so_many_questions);
  status = g_test_run ();
  fixture_free (shared);
  return status;
}
