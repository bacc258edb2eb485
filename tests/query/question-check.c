/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/question-check.h"

#include <string.h>

#include "common/error.h"
#include "query/check.h"
#include "query/json.h"

/* Asks nothing wrong. Single quotes stand for double ones. */
static const char sound[] =
    "{'kohorte':1,'title':'T','project':{'id':'P','problem':'a','decision':'b','purpose':'research','legal_"
    "basis':'c'},"
    "'mode':'approved','link':'person',"
    "'index':{'event':{'dataset':'diagnoses','codes':['SKS:DI21'],'from':'2018-01-01','to':'2022-12-31'},'"
    "occurrence':'first'},"
    "'criteria':{'all':[{'attribute':'age','between':[40,84]},{'attribute':'sex','in':['K']},"
    "{'event':{'dataset':'dispensings','codes':['ATC:C10AA']},'within':[0,30]},"
    "{'not':{'event':{'dataset':'deaths'},'within':[0,30]}}]},"
    "'by':['sex','income_quintile'],'analyses':[{'type':'count'}]}";

static KohMap *map;

static GPtrArray *
check_changed (const char *from, const char *to)
{
  g_autoptr (GString) changed = g_string_new (sound);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = NULL;

  if (from != NULL)
    g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_strdelimit (changed->str, "'", '"');
  question = koh_question_parse (changed->str, -1, &error);
  g_assert_no_error (error);
  return koh_question_check (question, map);
}

typedef struct
{
  const char *from, *to;
  gboolean is_error;
  const char *pointer, *says;
} Case;

static void
find_all (const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) problems = check_changed (cases[i].from, cases[i].to);
      gboolean found = FALSE;

      for (guint j = 0; j < problems->len; j++)
        {
          const KohProblem *problem = problems->pdata[j];

          g_test_message ("%s → %s: %s", cases[i].to, problem->pointer, problem->message);
          found = found || (g_str_equal (problem->pointer, cases[i].pointer) &&
                            problem->is_error == cases[i].is_error &&
                            strstr (problem->message, cases[i].says) != NULL);
        }
      if (!found)
        g_test_message ("not found: %s", cases[i].to);
      g_assert_true (found);
      g_assert_cmpuint (problems->len, ==, 1);
    }
}

static void
test_sound (void)
{
  g_autoptr (GPtrArray) problems = check_changed (NULL, NULL);

  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_purpose (void)
{
  static const Case cases[] = {
    { "'title':'T'", "'title':' '", FALSE, "/title", "no title" },
    { "'id':'P',", "", FALSE, "/project/id", "no project" },
    { "'legal_basis':'c'", "'legal_basis':''", FALSE, "/project/legal_basis", "no legal basis" },
    { "'problem':'a'", "'problem':'\\n'", TRUE, "/project/problem", "which problem" },
    { "'decision':'b',", "", TRUE, "/project/decision", "which decision" },
    { "'purpose':'research',", "", TRUE, "/project/purpose", "Choose a purpose" },
  };

  find_all (cases, G_N_ELEMENTS (cases));
}

static void
test_events (void)
{
  static const Case cases[] = {
    { "'dataset':'diagnoses'", "'dataset':'diagnosis'", TRUE, "/index/event/dataset",
      "No peer has a dataset “diagnosis”" },
    { "'dataset':'diagnoses','codes':['SKS:DI21']", "'dataset':'income'", TRUE, "/index/event/dataset",
      "attributes of persons" },
    { "SKS:DI21", "ATC:C10AA", TRUE, "/index/event/codes/0", "are SKS, not ATC" },
    { "SKS:DI21", "ICD9:410", TRUE, "/index/event/codes/0", "system “ICD9” is unknown" },
    { "SKS:DI21", "SKS:21", TRUE, "/index/event/codes/0", "not written as a code" },
    { "SKS:DI21", "SKS:DA00-DB99", TRUE, "/index/event/codes/0", "is a range" },
    { "SKS:DI21", "SKS:DI98", FALSE, "/index/event/codes/0", "not a known code" },
    { "'SKS:DI21'", "'SKS:DI21','SKS:DI21'", FALSE, "/index/event/codes/1", "stands twice" },
    { "'to':'2022-12-31'", "'to':'2024-12-31'", FALSE, "/index/event/to", "end on 2023-12-31" },
    { "'to':'2022-12-31'", "'to':'2017-12-31'", TRUE, "/index/event/from", "ends before it begins" },
    { "{'dataset':'deaths'}", "{'dataset':'deaths','codes':['SKS:DI21']}", TRUE,
      "/criteria/all/3/not/event/codes/0", "have no codes" },
    { "{'dataset':'deaths'}", "{'dataset':'death'}", TRUE, "/criteria/all/3/not/event/dataset", "No peer" },
    { "ATC:C10AA", "ATC:C98", FALSE, "/criteria/all/2/event/codes/0", "not a known code" },
    { "[0,30]", "[31,30]", TRUE, "/criteria/all/2/within", "ends before it begins" },
    { "{'dataset':'deaths'}", "{'dataset':'deaths','value':{'op':'ge','value':1}}", TRUE,
      "/criteria/all/3/not/event/value", "have no values" },
    { "{'dataset':'deaths'}", "{'dataset':'laboratory','value':{'op':'between','value':[2,1]}}", TRUE,
      "/criteria/all/3/not/event/value", "above the upper" },
    { "{'dataset':'deaths'}", "{'dataset':'laboratory','value':{'op':'ge','value':1,'unit':'%'}}", FALSE,
      "/criteria/all/3/not/event/value", "not known to be in %" },
    { "{'dataset':'deaths'}", "{'dataset':'visits','codes':['LOCAL:X1']}", FALSE,
      "/criteria/all/3/not/event/codes/0", "not a known code" },
  };

  find_all (cases, G_N_ELEMENTS (cases));
}

static void
test_attributes (void)
{
  static const Case cases[] = {
    { "'attribute':'sex'", "'attribute':'gender'", TRUE, "/criteria/all/1/attribute",
      "No peer has an attribute “gender”" },
    { "'attribute':'sex'", "'attribute':'region'", TRUE, "/criteria/all/1/attribute",
      "“population.region” or" },
    { "'in':['K']", "'in':['F']", TRUE, "/criteria/all/1/in/0", "its values are M, K" },
    { "'in':['K']", "'in':['K','missing']", TRUE, "/criteria/all/1/in/1", "not a value" },
    { "'sex','in':['K']", "'sex','between':[1,2]", TRUE, "/criteria/all/1/between", "no numbers" },
    { "[40,84]", "[84,40]", TRUE, "/criteria/all/0/between", "above the upper" },
    { "'age','between':[40,84]", "'age_band','between':[40,84]", TRUE, "/criteria/all/0/between",
      "one of a list" },
    { "'age','between':[40,84]", "'age_band','in':['40-44']", TRUE, "/criteria/all/0/in/0", "not a value" },
    { "'age','between':[40,84]", "'age','in':[40,'forty']", TRUE, "/criteria/all/0/in/1", "not an age" },
    { "'attribute':'sex','in':['K']", "'attribute':'pd_l1','in':['high']", TRUE, "/criteria/all/1/attribute",
      "Give “at” a date" },
    { "'by':['sex','income_quintile']", "'by':['pd_l1']", TRUE, "/by/0", "Give “at” a date" },
  };
  static const char *const right[][2] = {
    { "'sex','in':['K']", "'sex','in':['K','M']" },
    { "'age','between':[40,84]", "'age_band','in':['40–44','90+']" },
    { "'age','between':[40,84]", "'age','in':[40,41]" },
    { "'attribute':'sex','in':['K']", "'attribute':'income_quintile','between':[1,2]" },
    { "'attribute':'sex','in':['K']", "'attribute':'pd_l1','at':'2020-01-01','in':['high']" },
    { "'attribute':'sex','in':['K']", "'attribute':'weight','at':'2020-01-01','between':[null,90.5]" },
    { "'attribute':'sex','in':['K']", "'attribute':'population.region','in':[1081]" },
  };

  find_all (cases, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autoptr (GPtrArray) problems = check_changed (right[i][0], right[i][1]);

      g_assert_cmpuint (problems->len, ==, 0);
    }
}

/* A date for everybody: who died or emigrated must be told, and every owner can look values up. */
static void
test_index_date (void)
{
  static const char index[] = "{'event':{'dataset':'diagnoses','codes':['SKS:DI21'],'from':'2018-01-01','to':'2022-12-31'},'"
                              "occurrence':'first'}";
  g_autoptr (GPtrArray) problems = check_changed (index, "{'date':'2020-06-01'}"), last = NULL, without = NULL;
  g_autoptr (GPtrArray) late = check_changed (index, "{'date':'2024-06-01'}");
  g_autoptr (KohMap) hospital = koh_map_new ();
  g_autofree char *path =
      g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "query", "catalogues", "aarhus.json", NULL);
  g_autoptr (JsonNode) node = koh_json_read_file (path, NULL);
  g_autoptr (GString) text = g_string_new (sound);
  g_autoptr (KohQuestion) question = NULL;
  KohMap *all = map;
  guint found = 0;

  g_assert_cmpuint (problems->len, ==, 0);
  last = check_changed ("'occurrence':'first'", "'occurrence':'last_in_period'");
  g_assert_cmpuint (last->len, ==, 0);
  g_assert_cmpuint (late->len, ==, 2);
  for (guint i = 0; i < late->len; i++)
    {
      const KohProblem *problem = late->pdata[i];

      g_assert_cmpstr (problem->pointer, ==, "/index/date");
      g_assert_false (problem->is_error);
      g_assert_nonnull (strstr (problem->message, i == 0 ? "“deaths” end on" : "“emigrations” end on"));
    }
  /* A value that changes on any day. */
  g_string_replace (text, index, "{'date':'2020-06-01'}", 1);
  g_string_replace (text, "'attribute':'sex','in':['K']", "'attribute':'pd_l1','in':['high']", 1);
  g_strdelimit (text->str, "'", '"');
  question = koh_question_parse (text->str, -1, NULL);
  g_clear_pointer (&last, g_ptr_array_unref);
  last = koh_question_check (question, map);
  g_assert_cmpuint (last->len, ==, 0);
  koh_map_take (hospital, koh_catalogue_from_json (node, NULL));
  map = hospital;
  without = check_changed (index, "{'date':'2020-06-01'}");
  map = all;
  for (guint i = 0; i < without->len; i++)
    {
      const KohProblem *problem = without->pdata[i];

      found += g_str_equal (problem->pointer, "/index/date") && problem->is_error;
    }
  g_assert_cmpuint (found, ==, 3); /* births, deaths, emigrations */
}

static void
test_enough (void)
{
  static const Case cases[] = {
    { "{'attribute':'sex','in':['K']}",
      "{'at_least':2,'of':[{'attribute':'sex','in':['K']},{'attribute':'sex','in':['M'],'enabled':false}]}", TRUE,
      "/criteria/all/1/at_least", "only 1 are switched on" },
    { "{'attribute':'sex','in':['K']}",
      "{'at_least':1,'of':[{'attribute':'sex','in':['K']},{'attribute':'gender','in':['M']}]}", TRUE,
      "/criteria/all/1/of/1/attribute", "No peer" },
  };
  g_autoptr (GPtrArray) problems = check_changed (
      "{'attribute':'sex','in':['K']}",
      "{'at_least':2,'of':[{'attribute':'sex','in':['K']},{'attribute':'sex','in':['M']}]}");

  find_all (cases, G_N_ELEMENTS (cases));
  g_assert_cmpuint (problems->len, ==, 0);
}

/* The owner of a period's attribute can look it up where the index date is its own. */
static void
test_own_index (void)
{
  g_autoptr (GPtrArray) problems =
      check_changed ("'dataset':'diagnoses','codes':['SKS:DI21']", "'dataset':'cancer','codes':['SKS:DC34']"),
                        own = NULL;
  g_autoptr (GString) text = g_string_new (sound);
  g_autoptr (KohQuestion) question = NULL;

  g_assert_cmpuint (problems->len, ==, 0);
  g_string_replace (text, "'dataset':'diagnoses','codes':['SKS:DI21']",
                    "'dataset':'cancer','codes':['SKS:DC34']", 1);
  g_string_replace (text, "'attribute':'sex','in':['K']", "'attribute':'household','in':['single']", 1);
  g_strdelimit (text->str, "'", '"');
  question = koh_question_parse (text->str, -1, NULL);
  own = koh_question_check (question, map);
  g_assert_cmpuint (own->len, ==, 0);
}

static void
test_by (void)
{
  static const Case cases[] = {
    { "'by':['sex','income_quintile']", "'by':['age']", TRUE, "/by/0", "“age_band” has" },
    { "'by':['sex','income_quintile']", "'by':['income']", TRUE, "/by/0", "no list of values" },
    { "'by':['sex','income_quintile']", "'by':['sex','hair']", TRUE, "/by/1", "No peer" },
    { "'by':['sex','income_quintile']", "'by':['sex','population.sex']", TRUE, "/by/1",
      "twice in one table" },
    { "{'type':'count'}", "{'type':'crosstab','by':['hair','sex']}", TRUE, "/analyses/0/by/0", "No peer" },
    { "[{'type':'count'}]", "[]", TRUE, "/analyses", "Nothing is asked for" },
    { "[{'type':'count'}]",
      "[{'type':'crosstab','by':['sex','age_band']},{'type':'crosstab','by':['age_band','population.region']}"
      ","
      "{'type':'crosstab','by':['sex','population.region']}]",
      TRUE, "/analyses", "ask for the one table sex × age_band × population.region" },
    { "[{'type':'count'}]",
      "[{'type':'count'},{'type':'crosstab','by':['income_quintile','age_band']},{'type':'attrition','by':['"
      "age_band','sex']}]",
      TRUE, "/analyses", "sex × income_quintile × age_band" },
  };
  static const char *const trees[] = {
    "[{'type':'count'},{'type':'attrition'},{'type':'crosstab','by':['income_quintile','age_band']}]",
    "[{'type':'crosstab','by':['sex','age_band']},{'type':'crosstab','by':['age_band','population.region']},{"
    "'type':'count','by':[]}]",
    "[{'type':'crosstab','by':['sex','age_band']},{'type':'crosstab','by':['age_band','sex']}]",
    "[{'type':'crosstab','by':['sex']},{'type':'crosstab','by':['age_band']},{'type':'crosstab','by':['"
    "income_quintile']}]",
  };

  find_all (cases, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    {
      g_autoptr (GPtrArray) problems = check_changed ("[{'type':'count'}]", trees[i]);

      g_assert_cmpuint (problems->len, ==, 0);
    }
}

static gboolean
is_tree (const char *text)
{
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 set = 0;

      for (const char *p = words[i]; *p != '\0'; p++)
        set |= *p == '-' ? 0 : G_GUINT64_CONSTANT (1) << (*p - 'a');
      g_array_append_val (sets, set);
    }
  return koh_check_is_tree (sets);
}

static void
test_trees (void)
{
  g_assert_true (is_tree ("-"));
  g_assert_true (is_tree ("ab bc cd"));
  g_assert_true (is_tree ("ab ab ab"));
  g_assert_true (is_tree ("ab cd"));
  g_assert_true (is_tree ("abc ab bc ac"));
  g_assert_true (is_tree ("abc bcd cde"));
  g_assert_true (is_tree ("ab ac ad ae"));
  g_assert_false (is_tree ("ab bc ac"));
  g_assert_false (is_tree ("ab bc cd da"));
  g_assert_false (is_tree ("abc cde efa"));
  g_assert_false (is_tree ("ab bc ac de"));
  g_assert_true (is_tree ("abc cde efa ace"));
}

static void
test_population (void)
{
  g_autoptr (KohMap) hospitals = koh_map_new ();
  g_autofree char *path =
      g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "query", "catalogues", "aarhus.json", NULL);
  g_autoptr (JsonNode) node = koh_json_read_file (path, NULL);
  g_autoptr (GPtrArray) problems = NULL;
  KohMap *all = map;
  gboolean found = FALSE;

  koh_map_take (hospitals, koh_catalogue_from_json (node, NULL));
  map = hospitals;
  problems = check_changed (NULL, NULL);
  map = all;
  for (guint i = 0; i < problems->len; i++)
    found = found || strstr (((KohProblem *) problems->pdata[i])->message, "population register") != NULL;
  g_assert_true (found);
}

static void
test_switched_off (void)
{
  g_autoptr (GPtrArray) problems =
      check_changed ("'attribute':'sex',", "'attribute':'hair','enabled':false,");

  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_ok (void)
{
  static const struct
  {
    const char *from, *to, *message;
    gint code;
  } cases[] = {
    { "'problem':'a'", "'problem':''", "/project/problem: Tell which problem is to be solved.",
      KOH_ERROR_INVALID },
    { "'title':'T'", "'title':''", NULL, 0 },
    { "'by':['sex','income_quintile']", "'by':['pd_l1']",
      "/by/0: The value of “pd_l1” changes on any day, and another peer knows the index date; this version "
      "cannot look it up. "
      "Give “at” a date.",
      KOH_ERROR_UNSUPPORTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (sound);
      g_autoptr (KohQuestion) question = NULL;
      g_autoptr (GError) error = NULL;

      g_string_replace (text, cases[i].from, cases[i].to, 1);
      g_strdelimit (text->str, "'", '"');
      question = koh_question_parse (text->str, -1, NULL);
      g_assert_cmpint (koh_question_check_ok (question, map, &error), ==, cases[i].message == NULL);
      if (cases[i].message != NULL)
        {
          g_assert_error (error, KOH_ERROR, cases[i].code);
          g_assert_cmpstr (error->message, ==, cases[i].message);
        }
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "query", "catalogues", NULL);
  map = koh_map_read_folder (folder, &error);
  g_assert_no_error (error);
  g_test_add_func ("/query/check/finds-nothing-where-nothing-is-wrong", test_sound);
  g_test_add_func ("/query/check/problem-decision-and-purpose-are-told", test_purpose);
  g_test_add_func ("/query/check/events-and-codes", test_events);
  g_test_add_func ("/query/check/attributes-and-values", test_attributes);
  g_test_add_func ("/query/check/an-index-date-needs-births-deaths-and-emigrations", test_index_date);
  g_test_add_func ("/query/check/at-least-so-many-can-hold", test_enough);
  g_test_add_func ("/query/check/own-index-date-needs-no-other-peer", test_own_index);
  g_test_add_func ("/query/check/groupings-and-tables", test_by);
  g_test_add_func ("/query/check/join-trees", test_trees);
  g_test_add_func ("/query/check/somebody-holds-the-population", test_population);
  g_test_add_func ("/query/check/what-is-switched-off-is-not-looked-at", test_switched_off);
  g_test_add_func ("/query/check/the-first-error-is-the-error", test_ok);
  status = g_test_run ();
  koh_map_free (map);
  return status;
}
