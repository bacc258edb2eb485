/* SPDX-License-Identifier: EUPL-1.2
 *
 * sentences.json holds parts of questions and what they read as, in both languages; whoever changes a
 * wording reads the new sentences there. */
#include "query/sentence.h"

#include <string.h>

#include "query/json.h"

static KohMap *map;

static char *
source (const char *name)
{
  return g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "query", name, NULL);
}

static KohQuestion *
complete (JsonObject *part)
{
  static const char *const members[] = { "index", "criteria", "by", "analyses" };
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) document = json_node_init_object (json_node_alloc (), object);
  g_autoptr (GError) error = NULL;
  KohQuestion *question;

  json_object_set_int_member (object, "kohorte", 1);
  json_object_set_string_member (object, "mode", "approved");
  json_object_set_string_member (object, "link", "person");
  json_object_set_object_member (object, "project", json_object_new ());
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (json_object_has_member (part, members[i]))
      json_object_set_member (object, members[i], json_object_dup_member (part, members[i]));
  question = koh_question_from_json (document, &error);
  g_assert_no_error (error);
  return question;
}

static void
reads_as (JsonObject *part, const KohQuestion *question, const char *language, gboolean full)
{
  g_autofree char *member = g_strconcat (full ? "full_" : "", language, NULL);
  const char *expected = koh_json_string (part, member, NULL);
  g_autofree char *text =
      koh_sentence (question, json_object_get_boolean_member (part, "map") ? map : NULL, language, full);

  if (expected == NULL && full)
    return;
  g_assert_cmpstr (text, ==, expected);
}

static void
test_golden (void)
{
  g_autofree char *path = source ("sentences.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = koh_json_read_file (path, &error);
  JsonArray *cases;

  g_assert_no_error (error);
  cases = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (cases), >=, 20);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *part = json_array_get_object_element (cases, i);
      g_autoptr (KohQuestion) question = complete (part);

      g_test_message ("%s", json_object_get_string_member (part, "name"));
      reads_as (part, question, "en", FALSE);
      reads_as (part, question, "da", FALSE);
      reads_as (part, question, "en", TRUE);
      reads_as (part, question, "da", TRUE);
    }
}

/* A small world of questions, many of them alike: every part is one of few. */

static guint
pick (GRand *dice, guint n)
{
  return (guint) g_rand_int_range (dice, 0, (gint) n);
}

static void
append_event (GString *text, GRand *dice)
{
  static const char *const datasets[] = { "diagnoses", "cancer" };
  static const char *const codes[] = { "", ",'codes':['SKS:DI21']", ",'codes':['SKS:DI22']",
                                       ",'codes':['SKS:DI21','SKS:DI22']",
                                       ",'codes':['SKS:DI21'],'exact':true" };
  static const char *const periods[] = { "", ",'from':'2018-01-01'", ",'to':'2018-01-01'",
                                         ",'from':'2018-01-01','to':'2018-01-01'" };

  static const char *const values[] = { "", "", "", ",'value':{'op':'ge','value':1}", ",'value':{'op':'gt','value':1}",
                                        ",'value':{'op':'ge','value':1,'unit':'%'}",
                                        ",'value':{'op':'between','value':[1,2],'unit':'%'}" };

  g_string_append_printf (text, "{'dataset':'%s'%s%s%s}", datasets[pick (dice, 2)],
                          values[pick (dice, G_N_ELEMENTS (values))],
                          codes[pick (dice, G_N_ELEMENTS (codes))],
                          periods[pick (dice, G_N_ELEMENTS (periods))]);
}

static void
append_leaf (GString *text, GRand *dice)
{
  static const char *const windows[] = { "",
                                         ",'within':[null,null]",
                                         ",'within':[0,null]",
                                         ",'within':[1,null]",
                                         ",'within':[null,0]",
                                         ",'within':[-1,0]",
                                         ",'within':[0,0]",
                                         ",'within':[0,1]",
                                         ",'within':[-1,1]",
                                         ",'within':[1,1]",
                                         ",'within':[-1,-1]" };
  static const char *const attributes[] = { "'attribute':'sex','in':['K']",
                                            "'attribute':'sex','in':['M']",
                                            "'attribute':'sex','in':['K','M']",
                                            "'attribute':'age','between':[1,2]",
                                            "'attribute':'age','between':[1,null]",
                                            "'attribute':'age','between':[null,1]",
                                            "'attribute':'age','between':[1,1]",
                                            "'attribute':'age','in':[1,2]",
                                            "'attribute':'age','in':['1, 2']",
                                            "'attribute':'population.region','in':['1081']",
                                            "'attribute':'residence.region','in':['1081']",
                                            "'attribute':'residence.region','at':'2018-01-01','in':['1081']",
                                            "'attribute':'income_quintile','in':[1]",
                                            "'attribute':'income_quintile','in':['1 (lowest)']",
                                            "'attribute':'income','between':[1,2]" };

  if (pick (dice, 2) == 0)
    g_string_append_printf (text, "{%s}", attributes[pick (dice, G_N_ELEMENTS (attributes))]);
  else
    {
      g_string_append (text, "{'event':");
      append_event (text, dice);
      g_string_append_printf (text, "%s}", windows[pick (dice, G_N_ELEMENTS (windows))]);
    }
}

static void
append_criterion (GString *text, GRand *dice, guint depth)
{
  guint kind = depth == 0 ? 4 : pick (dice, 6), n;

  if (kind >= 4)
    {
      append_leaf (text, dice);
      return;
    }
  n = kind == 0 ? 1 : 1 + pick (dice, 3);

  if (kind == 3)
    g_string_append_printf (text, "{'at_least':%u,'of':", 1 + pick (dice, n));
  else
    g_string_append_printf (text, "{'%s':", kind == 0 ? "not" : kind == 1 ? "all" : "any");
  if (kind > 0)
    g_string_append_c (text, '[');
  for (guint i = 0; i < n; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      append_criterion (text, dice, depth - 1);
    }
  g_string_append (text, kind > 0 ? "]" : "");
  if (pick (dice, 8) == 0)
    g_string_append (text, ",'enabled':false");
  g_string_append_c (text, '}');
}

static KohQuestion *
draw (GRand *dice)
{
  static const char *const groups[] = { "",
                                        ",'by':['sex']",
                                        ",'by':['sex','age_band']",
                                        ",'by':['age_band','sex']",
                                        ",'by':[{'attribute':'sex','at':'2018-01-01'}]",
                                        ",'by':['population.region']",
                                        ",'by':['residence.region']" };
  static const char *const analyses[] = { "{'type':'count'}", "{'type':'attrition'}",
                                          "{'type':'crosstab','by':['sex']}",
                                          "{'type':'count'},{'type':'count','by':[]}" };
  g_autoptr (GString) text =
      g_string_new ("{'kohorte':1,'project':{},'mode':'approved','link':'person','index':{");
  static const char *const occurrences[] = { "first", "first_in_period", "last_in_period" };
  g_autoptr (GError) error = NULL;
  KohQuestion *question;

  if (pick (dice, 4) == 0)
    g_string_append_printf (text, "'date':'2018-01-0%u'},", 1 + pick (dice, 2));
  else
    {
      g_string_append (text, "'event':");
      append_event (text, dice);
      g_string_append_printf (text, ",'occurrence':'%s'},", occurrences[pick (dice, 3)]);
    }
  g_string_append (text, "'criteria':{'all':[");
  for (guint i = 0, n = pick (dice, 3); i < n; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      append_criterion (text, dice, 2);
    }
  g_string_append_printf (text, "]}%s,'analyses':[%s]}", groups[pick (dice, G_N_ELEMENTS (groups))],
                          analyses[pick (dice, G_N_ELEMENTS (analyses))]);
  g_strdelimit (text->str, "'", '"');
  question = koh_question_parse (text->str, -1, &error);
  g_assert_no_error (error);
  return question;
}

/* What a question means, written down from its structure by other code than the sentence's. */

static void
mean_event (GString *text, const KohEvent *event)
{
  g_string_append_printf (text, "%s/%d/%d/%d", event->dataset, event->codes->len > 0 && event->exact,
                          event->from, event->to);
  if (event->value.op != KOH_VALUE_ANY)
    g_string_append_printf (text, "/v%d:%g:%g:%s", event->value.op, event->value.number, event->value.high,
                            event->value.unit);
  for (guint i = 0; i < event->codes->len; i++)
    g_string_append_printf (text, "/%s", ((KohCodeRef *) event->codes->pdata[i])->code);
}

static void
mean_criterion (GString *text, const KohCriterion *criterion, gboolean negated)
{
  const char *sign = negated ? "!" : "";
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  if (criterion->kind == KOH_CRITERION_EVENT)
    {
      g_string_append_printf (text, "%sE(", sign);
      mean_event (text, &criterion->event);
      g_string_append_printf (text, "|%d:%d|%d:%d)", criterion->has_first, criterion->first,
                              criterion->has_last, criterion->last);
      return;
    }
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    {
      g_string_append_printf (text, "%sA(%s@%d|%d:%g|%d:%g", sign, criterion->attribute, criterion->at,
                              criterion->has_low, criterion->low, criterion->has_high, criterion->high);
      for (guint i = 0; criterion->in != NULL && i < criterion->in->len; i++)
        g_string_append_printf (text, "|=%s", (const char *) criterion->in->pdata[i]);
      g_string_append_c (text, ')');
      return;
    }
  for (guint i = 0; i < criterion->children->len; i++)
    if (koh_criterion_counts (criterion->children->pdata[i]))
      g_ptr_array_add (parts, criterion->children->pdata[i]);
  if (criterion->kind == KOH_CRITERION_NOT ||
      (parts->len == 1 && (criterion->kind != KOH_CRITERION_AT_LEAST || criterion->at_least == 1)))
    {
      mean_criterion (text, parts->pdata[0], negated ^ (criterion->kind == KOH_CRITERION_NOT));
      return;
    }
  /* At least one is any of them, and at least all is all of them. */
  g_string_append_printf (text, "%s%u(", sign,
                          criterion->kind == KOH_CRITERION_ALL        ? parts->len
                          : criterion->kind == KOH_CRITERION_AT_LEAST ? criterion->at_least
                                                                      : 1);
  for (guint i = 0; i < parts->len; i++)
    {
      mean_criterion (text, parts->pdata[i], FALSE);
      g_string_append_c (text, ';');
    }
  g_string_append_c (text, ')');
}

static char *
meaning (const KohQuestion *question)
{
  GString *text = g_string_new (NULL);

  if (question->occurrence != KOH_OCCURRENCE_DATE)
    mean_event (text, &question->index);
  g_string_append_printf (text, "#%d/%d", question->occurrence, question->date);
  for (guint i = 0; i < question->criteria->len; i++)
    if (koh_criterion_counts (question->criteria->pdata[i]))
      {
        g_string_append_c (text, '\n');
        mean_criterion (text, question->criteria->pdata[i], FALSE);
      }
  for (guint i = 0; i < question->analyses->len; i++)
    {
      const KohAnalysis *analysis = question->analyses->pdata[i];

      g_string_append_printf (text, "\n?%d", analysis->kind);
      for (guint j = 0; j < analysis->by->len; j++)
        g_string_append_printf (text, " %s@%d", ((KohBy *) analysis->by->pdata[j])->attribute,
                                ((KohBy *) analysis->by->pdata[j])->at);
    }
  return g_string_free (text, FALSE);
}

/* Among many questions of a small world, no two that mean different things have one full form, and no two
 * that mean the same have two. */
static void
test_full_form (void)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (20230307);
  guint equal = 0;

  for (guint variant = 0; variant < 3; variant++)
    {
      g_autoptr (GHashTable) means = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GHashTable) forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

      for (guint i = 0; i < 20000; i++)
        {
          g_autoptr (KohQuestion) question = draw (dice);
          g_autofree char *mean = meaning (question);
          g_autofree char *form =
              koh_sentence (question, variant == 2 ? NULL : map, variant == 1 ? "da" : "en", TRUE);
          const char *known = g_hash_table_lookup (means, form), *told = g_hash_table_lookup (forms, mean);

          if (known != NULL)
            g_assert_cmpstr (known, ==, mean);
          if (told != NULL)
            g_assert_cmpstr (told, ==, form);
          equal += known != NULL;
          g_hash_table_insert (means, g_strdup (form), g_strdup (mean));
          g_hash_table_insert (forms, g_steal_pointer (&mean), g_steal_pointer (&form));
        }
    }
  g_assert_cmpuint (equal, >, 1000); /* the world is small enough for the test to say something */
}

static void
test_names (void)
{
  g_autofree char *text =
      g_strdelimit (g_strdup ("{'kohorte':1,'title':'%s','project':{},'mode':'approved','link':'person','"
                              "index':{'event':{'dataset':'deaths'},'occurrence':'first'},"
                              "'criteria':{'all':[{'attribute':'sex','in':['K'],'name':'%s'}]}}"),
                    "'", '"');
  g_autofree char *plain = NULL, *named = NULL;
  g_autoptr (KohQuestion) a = NULL, b = NULL;

  plain = g_strdup_printf (text, "A", "B");
  named = g_strdup_printf (text, "C", "D");
  a = koh_question_parse (plain, -1, NULL);
  b = koh_question_parse (named, -1, NULL);
  g_clear_pointer (&plain, g_free);
  g_clear_pointer (&named, g_free);
  plain = koh_sentence (a, map, "en", TRUE);
  named = koh_sentence (b, map, "en", TRUE);
  g_assert_cmpstr (plain, ==, named);
}

static void
test_criterion (void)
{
  static const struct
  {
    const char *criterion, *en, *da;
  } cases[] = {
    { "{'attribute':'age','between':[40,84]}", "Aged 40–84 on the index date",
      "Alder 40–84 år på indeksdatoen" },
    { "{'not':{'attribute':'age','between':[40,84]}}", "Not aged 40–84 on the index date (unknown included)",
      "Alder ikke 40–84 år på indeksdatoen (ukendt medregnet)" },
    { "{'attribute':'age','between':[null,null]}", "Of known age on the index date",
      "Af kendt alder på indeksdatoen" },
    { "{'attribute':'sex','in':['K']}", "Women", "Kvinder" },
    { "{'not':{'attribute':'sex','in':['K']}}", "Not women (unknown included)",
      "Ikke kvinder (ukendt medregnet)" },
    { "{'attribute':'income_quintile','in':[1,2]}", "Income quintile 1 (lowest) or 2 on the index date",
      "Indkomstkvintil 1 (laveste) eller 2 på indeksdatoen" },
    { "{'not':{'attribute':'income_quintile','in':[1]}}",
      "Income quintile not 1 (lowest) on the index date (unknown included)",
      "Indkomstkvintil ikke 1 (laveste) på indeksdatoen (ukendt medregnet)" },
    { "{'event':{'dataset':'dispensings','codes':['ATC:C10AA']},'within':[0,30]}",
      "Redeemed a prescription for HMG CoA reductase inhibitors 0–30 days after the index date",
      "Indløste en recept på HMG-CoA-reduktasehæmmere 0–30 dage efter indeksdatoen" },
    { "{'not':{'event':{'dataset':'diagnoses','codes':['SKS:DC']},'within':[-365,-1]}}",
      "Did not receive a diagnosis of malignant neoplasms 1–365 days before the index date",
      "Fik ikke diagnosen ondartede svulster 1–365 dage før indeksdatoen" },
    { "{'event':{'dataset':'deaths'},'within':[0,30],'enabled':false}", "Died 0–30 days after the index date",
      "Døde 0–30 dage efter indeksdatoen" },
    { "{'any':[{'attribute':'sex','in':['K']},{'event':{'dataset':'deaths'},'within':[0,0]}]}",
      "At least one of the following holds: (1) they are women; (2) they died on the index date",
      "Mindst ét af det følgende gælder: (1) de er kvinder; (2) de døde på indeksdatoen" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{'kohorte':1,'project':{},'mode':'approved','link':'person',"
                           "'index':{'event':{'dataset':'diagnoses'},'occurrence':'first'},"
                           "'criteria':{'all':[%s]}}",
                           cases[i].criterion);
      g_autoptr (KohQuestion) question = NULL;
      g_autofree char *en = NULL, *da = NULL;

      g_strdelimit (text, "'", '"');
      question = koh_question_parse (text, -1, NULL);
      en = koh_sentence_criterion (question->criteria->pdata[0], map, "en");
      da = koh_sentence_criterion (question->criteria->pdata[0], map, "da");
      g_assert_cmpstr (en, ==, cases[i].en);
      g_assert_cmpstr (da, ==, cases[i].da);
    }
}

static void
test_number (void)
{
  static const struct
  {
    gint64 number;
    const char *da, *en;
  } cases[] = {
    { 0, "0", "0" },
    { 999, "999", "999" },
    { 1000, "1.000", "1,000" },
    { 12345, "12.345", "12,345" },
    { 6000000, "6.000.000", "6,000,000" },
    { -1234, "−1.234", "−1,234" },
    { G_MAXINT64, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807" },
    { G_MININT64, "−9.223.372.036.854.775.808", "−9,223,372,036,854,775,808" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *da = koh_sentence_number (cases[i].number, "da"),
                      *en = koh_sentence_number (cases[i].number, "en");

      g_assert_cmpstr (da, ==, cases[i].da);
      g_assert_cmpstr (en, ==, cases[i].en);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = source ("catalogues");
  map = koh_map_read_folder (folder, &error);
  g_assert_no_error (error);
  g_test_add_func ("/query/sentence/reads-as-people-write", test_golden);
  g_test_add_func ("/query/sentence/equal-full-forms-mean-equal-questions", test_full_form);
  g_test_add_func ("/query/sentence/names-and-titles-change-nothing", test_names);
  g_test_add_func ("/query/sentence/one-criterion-for-a-heading", test_criterion);
  g_test_add_func ("/query/sentence/numbers-are-grouped-as-the-language-does", test_number);
  status = g_test_run ();
  koh_map_free (map);
  return status;
}
