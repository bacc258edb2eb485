/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/question.h"

#include <string.h>

#include "common/error.h"
#include "query/json.h"

#define INDEX                                                                                                \
  "'index':{'event':{'dataset':'diagnoses','codes':['SKS:DI21','SKS:DI22'],'exact':true,'from':'2018-01-01'" \
  ",'to':'2022-12-31'},'occurrence':'first'}"

/* Every form that this version computes. Single quotes stand for double ones. */
static const char whole[] =
    "{'kohorte':1,'title':'Statin after a first heart attack',"
    "'project':{'id':'P-1','problem':'One\\nproblem','decision':'One "
    "decision','purpose':'research','legal_basis':'EHDS-53-1-e','approvals':['VEK-H-1']},"
    "'mode':'approved','link':'person',"
    INDEX ","
    "'criteria':{'all':["
    "{'attribute':'age','at':'index','between':[50,79.5],'name':'Age','enabled':true},"
    "{'attribute':'income.income_quintile','at':'2018-01-01','in':[1,'2']},"
    "{'event':{'dataset':'dispensings','codes':['ATC:C10AA']},'within':[0,30],'at_least':1},"
    "{'not':{'event':{'dataset':'diagnoses'},'within':[null,-1]}},"
    "{'any':[{'attribute':'weight','between':[null,90]},{'all':[{'attribute':'sex','in':['K']}]}],'enabled':"
    "false},"
    "{'at_least':2,'of':[{'attribute':'sex','in':['M']},"
    "{'event':{'dataset':'laboratory','value':{'op':'between','value':[6.5,48],'unit':'mmol/mol'}}},"
    "{'not':{'attribute':'x','in':['y']}}]}"
    "]},"
    "'by':['sex',{'attribute':'income_quintile','at':'2018-01-01'}],"
    "'analyses':[{'type':'count'},{'type':'attrition','by':[]},{'type':'crosstab','by':['sex','age_band']}]}";

static char *
quoted (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static KohQuestion *
read_whole (void)
{
  g_autofree char *text = quoted (whole);
  g_autoptr (GError) error = NULL;
  KohQuestion *question = koh_question_parse (text, -1, &error);

  g_assert_no_error (error);
  return question;
}

static const KohCriterion *
criterion_at (const KohQuestion *question, guint i)
{
  return question->criteria->pdata[i];
}

static void
test_head (void)
{
  g_autoptr (KohQuestion) question = read_whole ();
  const KohCodeRef *code = question->index.codes->pdata[1];

  g_assert_cmpstr (question->title, ==, "Statin after a first heart attack");
  g_assert_cmpstr (question->project_id, ==, "P-1");
  g_assert_cmpstr (question->problem, ==, "One\nproblem");
  g_assert_cmpstr (question->decision, ==, "One decision");
  g_assert_cmpstr (question->purpose, ==, "research");
  g_assert_cmpstr (question->legal_basis, ==, "EHDS-53-1-e");
  g_assert_cmpstr (question->mode, ==, "approved");
  g_assert_cmpstr (question->link, ==, "person");
  g_assert_cmpstr (question->index.dataset, ==, "diagnoses");
  g_assert_cmpuint (question->index.codes->len, ==, 2);
  g_assert_cmpstr (code->system, ==, "SKS");
  g_assert_cmpstr (code->code, ==, "DI22");
  g_assert_true (question->index.exact);
  g_assert_cmpint (question->index.from, ==, koh_day_join (2018, 1, 1));
  g_assert_cmpint (question->index.to, ==, koh_day_join (2022, 12, 31));
  g_assert_cmpint (question->occurrence, ==, KOH_OCCURRENCE_FIRST);
}

static void
test_criteria (void)
{
  g_autoptr (KohQuestion) question = read_whole ();
  const KohCriterion *age = criterion_at (question, 0), *quintile = criterion_at (question, 1);
  const KohCriterion *statin = criterion_at (question, 2), *not = criterion_at (question, 3);
  const KohCriterion *any = criterion_at (question, 4), *event = not ->children->pdata[0],
                     *weight = any->children->pdata[0];
  const KohCriterion *sex = ((KohCriterion *) any->children->pdata[1])->children->pdata[0];

  const KohCriterion *two = criterion_at (question, 5);
  const KohValueCondition *value;

  g_assert_cmpuint (question->criteria->len, ==, 6);
  g_assert_cmpint (two->kind, ==, KOH_CRITERION_AT_LEAST);
  g_assert_cmpuint (two->at_least, ==, 2);
  g_assert_cmpuint (two->children->len, ==, 3);
  value = &((KohCriterion *) two->children->pdata[1])->event.value;
  g_assert_cmpint (value->op, ==, KOH_VALUE_BETWEEN);
  g_assert_cmpfloat (value->number, ==, 6.5);
  g_assert_cmpfloat (value->high, ==, 48);
  g_assert_cmpstr (value->unit, ==, "mmol/mol");
  g_assert_cmpint (statin->event.value.op, ==, KOH_VALUE_ANY);
  g_assert_cmpstr (((KohCriterion *) two->children->pdata[2])->pointer, ==, "/criteria/all/5/of/2");
  g_assert_cmpint (age->kind, ==, KOH_CRITERION_ATTRIBUTE);
  g_assert_cmpstr (age->pointer, ==, "/criteria/all/0");
  g_assert_cmpstr (age->name, ==, "Age");
  g_assert_true (age->enabled && age->has_low && age->has_high && age->in == NULL);
  g_assert_cmpfloat (age->low, ==, 50);
  g_assert_cmpfloat (age->high, ==, 79.5);
  g_assert_cmpint (age->at, ==, KOH_DAY_NONE);
  g_assert_cmpstr (quintile->attribute, ==, "income.income_quintile");
  g_assert_cmpint (quintile->at, ==, koh_day_join (2018, 1, 1));
  g_assert_cmpuint (quintile->in->len, ==, 2);
  g_assert_cmpstr (quintile->in->pdata[0], ==, "1");
  g_assert_cmpstr (quintile->in->pdata[1], ==, "2");
  g_assert_cmpint (statin->kind, ==, KOH_CRITERION_EVENT);
  g_assert_true (statin->has_first && statin->has_last && !statin->event.exact);
  g_assert_cmpint (statin->first, ==, 0);
  g_assert_cmpint (statin->last, ==, 30);
  g_assert_cmpuint (statin->at_least, ==, 1);
  g_assert_cmpint (statin->event.from, ==, KOH_DAY_NONE);
  g_assert_cmpint (not ->kind, ==, KOH_CRITERION_NOT);
  g_assert_cmpstr (event->pointer, ==, "/criteria/all/3/not");
  g_assert_cmpuint (event->event.codes->len, ==, 0);
  g_assert_true (!event->has_first && event->has_last);
  g_assert_cmpint (event->last, ==, -1);
  g_assert_cmpint (any->kind, ==, KOH_CRITERION_ANY);
  g_assert_false (any->enabled);
  g_assert_true (!weight->has_low && weight->has_high);
  g_assert_cmpstr (sex->pointer, ==, "/criteria/all/4/any/1/all/0");
}

static void
test_analyses (void)
{
  g_autoptr (KohQuestion) question = read_whole ();
  const KohAnalysis *count = question->analyses->pdata[0], *attrition = question->analyses->pdata[1];
  const KohAnalysis *crosstab = question->analyses->pdata[2];

  g_assert_cmpuint (question->by->len, ==, 2);
  g_assert_cmpint (((KohBy *) question->by->pdata[0])->at, ==, KOH_DAY_NONE);
  g_assert_cmpint (((KohBy *) question->by->pdata[1])->at, ==, koh_day_join (2018, 1, 1));
  g_assert_cmpint (count->kind, ==, KOH_ANALYSIS_COUNT);
  g_assert_true (count->by == question->by);
  g_assert_cmpint (attrition->kind, ==, KOH_ANALYSIS_ATTRITION);
  g_assert_cmpuint (attrition->by->len, ==, 0);
  g_assert_cmpint (crosstab->kind, ==, KOH_ANALYSIS_CROSSTAB);
  g_assert_cmpstr (((KohBy *) crosstab->by->pdata[1])->attribute, ==, "age_band");
}

/* Whole with @from replaced by @to. */
static KohQuestion *
read_changed (const char *from, const char *to, GError **error)
{
  g_autoptr (GString) changed = g_string_new (whole);
  g_autofree char *text = NULL;

  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  text = quoted (changed->str);
  return koh_question_parse (text, -1, error);
}

typedef struct
{
  const char *from, *to;
  const char *pointer; /* with which the message begins */
} Case;

static void
refuse_all (const Case *cases, guint n, gint code)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KohQuestion) question = read_changed (cases[i].from, cases[i].to, &error);
      g_autofree char *start = g_strconcat (cases[i].pointer, ": ", NULL);

      if (question != NULL || !g_error_matches (error, KOH_ERROR, code) ||
          !g_str_has_prefix (error->message, start))
        g_test_message ("“%s” → “%s”: %s", cases[i].from, cases[i].to,
                        error != NULL ? error->message : "accepted");
      g_assert_null (question);
      g_assert_error (error, KOH_ERROR, code);
      g_assert_true (g_str_has_prefix (error->message, start));
    }
}

static void
test_unsupported (void)
{
  static const Case cases[] = {
    { "'kohorte':1", "'kohorte':2", "/kohorte" },
    { "'mode':'approved'", "'mode':'explore'", "/mode" },
    { "'link':'person'", "'link':'none'", "/link" },
    { "'mode':", "'follow_up':{'end':365},'mode':", "/follow_up" },
    { "'at_least':1", "'at_least':2", "/criteria/all/2/at_least" },
    { "'at_least':1", "'at_most':0", "/criteria/all/2/at_most" },
    { "'at_least':1", "'as':'mi2'", "/criteria/all/2/as" },
    { "'at_least':1", "'pick':'last'", "/criteria/all/2/pick" },
    { "'at_least':1", "'from':'mi2'", "/criteria/all/2/from" },
    { "'at_least':1", "'take':'max'", "/criteria/all/2/take" },
    { "[50,79.5]", "['2018-01-01',null]", "/criteria/all/0/between/0" },
    { "'by':['sex',{", "'by':['sex','region',{", "/by" },
    { "'by':['sex',{", "'by':[{'name':'treatment','groups':[]},{", "/by/0/groups" },
    { "'by':['sex',{", "'by':[{'event':{'dataset':'laboratory'},'take':'last','cut':[48]},{", "/by/0/cut" },
    { "{'type':'count'}", "{'type':'kaplan_meier','interval':30}", "/analyses/0/type" },
    { "{'type':'count'}", "{'type':'mean','of':{'attribute':'weight'}}", "/analyses/0/type" },
    { "{'type':'count'}", "{'type':'histogram'}", "/analyses/0/type" },
    { "{'type':'count'}", "{'type':'count','of':{'attribute':'x'}}", "/analyses/0/of" },
  };

  refuse_all (cases, G_N_ELEMENTS (cases), KOH_ERROR_UNSUPPORTED);
}

static void
test_unknown (void)
{
  static const Case cases[] = {
    { "'kohorte':1", "'kohorte':1,'x':1", "/x" },
    { "'kohorte':1", "'kohorte':1,'a/b~c':1", "/a~1b~0c" },
    { "'kohorte':1", "'kohorte':1,'':1", "/" },
    { "'kohorte':1", "'kohorte':1,'criteria ':{}", "/criteria " },
    { "'id':'P-1'", "'name':'P-1'", "/project/name" },
    { "'exact':true", "'precise':true", "/index/event/precise" },
    { "'occurrence'", "'pick':'first','occurrence'", "/index/pick" },
    { "'criteria':{'all':", "'criteria':{'any':[],'all':", "/criteria/any" },
    { "'criteria':{'all':", "'criteria':{'name':'x','all':", "/criteria/name" },
    { "'name':'Age'", "'label':'Age'", "/criteria/all/0/label" },
    { "'name':'Age'", "'within':[0,1]", "/criteria/all/0/within" },
    { "'at_least':1", "'at':'index'", "/criteria/all/2/at" },
    { "'at_least':1", "'in':[1]", "/criteria/all/2/in" },
    { "{'not':{", "{'within':[0,1],'not':{", "/criteria/all/3/within" },
    { "{'not':{", "{'at_least':1,'not':{", "/criteria/all/3/at_least" },
    { "{'at_least':2,'of':", "{'within':[0,1],'at_least':2,'of':", "/criteria/all/5/within" },
    { "'by':['sex',{'attribute'", "'by':['sex',{'in':[1],'attribute'", "/by/1/in" },
    { "{'type':'count'}", "{'type':'count','interval':30}", "/analyses/0/interval" },
    { "{'type':'count'}", "{'type':'counts'}", "/analyses/0/type" },
  };

  refuse_all (cases, G_N_ELEMENTS (cases), KOH_ERROR_INVALID);
}

static void
test_wrong_values (void)
{
  static const Case cases[] = {
    { "'kohorte':1,", "", "/kohorte" },
    { "'kohorte':1,", "'kohorte':'1',", "/kohorte" },
    { "'title':'Statin after a first heart attack'", "'title':7", "/title" },
    { "'title':'Statin", "'title':'A\\nline", "/title" },
    { "'title':'Statin", "'title':'\\u202estatin", "/title" },
    { "'title':'Statin", "'title':'\\u0007statin", "/title" },
    { "'problem':'One\\nproblem'", "'problem':null", "/project/problem" },
    { "'purpose':'research'", "'purpose':'profit'", "/project/purpose" },
    { "'approvals':['VEK-H-1']", "'approvals':[1]", "/project/approvals/0" },
    { "'approvals':['VEK-H-1']", "'approvals':'VEK-H-1'", "/project/approvals" },
    { "'mode':'approved',", "", "/mode" },
    { "'mode':'approved'", "'mode':'fast'", "/mode" },
    { "'link':'person',", "", "/link" },
    { "'link':'person'", "'link':true", "/link" },
    { ",'occurrence':'first'", "", "/index/occurrence" },
    { "'index':{'event'", "'index':{'date':'2020-01-01','event'", "/index" },
    { INDEX, "'index':{'date':'2020-02-30'}", "/index/date" },
    { INDEX, "'index':{'date':null}", "/index/date" },
    { INDEX, "'index':{'date':'2020-01-01','occurrence':'first'}", "/index" },
    { INDEX, "'index':{}", "/index/event" },
    { "'occurrence':'first'", "'occurrence':'second'", "/index/occurrence" },
    { "'dataset':'diagnoses',", "", "/index/event/dataset" },
    { "'dataset':'diagnoses'", "'dataset':'diag noses'", "/index/event/dataset" },
    { "'dataset':'diagnoses'", "'dataset':'a.b'", "/index/event/dataset" },
    { "'SKS:DI21'", "'DI21'", "/index/event/codes/0" },
    { "'SKS:DI21'", "'SKS:'", "/index/event/codes/0" },
    { "'SKS:DI21'", "':DI21'", "/index/event/codes/0" },
    { "'SKS:DI21'", "'SKS:DI21.0'", "/index/event/codes/0" },
    { "'SKS:DI21'", "'SKS:di21'", "/index/event/codes/0" },
    { "'SKS:DI21'", "'SKS:DI21 '", "/index/event/codes/0" },
    { "'SKS:DI21'", "'S S:DI21'", "/index/event/codes/0" },
    { "'SKS:DI21'", "21", "/index/event/codes/0" },
    { "['SKS:DI21','SKS:DI22']", "[]", "/index/event/codes" },
    { "['SKS:DI21','SKS:DI22']", "'SKS:DI21'", "/index/event/codes" },
    { "'exact':true", "'exact':1", "/index/event/exact" },
    { "'from':'2018-01-01'", "'from':'2018-1-1'", "/index/event/from" },
    { "'from':'2018-01-01'", "'from':'2018-02-29'", "/index/event/from" },
    { "'from':'2018-01-01'", "'from':'1879-12-31'", "/index/event/from" },
    { "'to':'2022-12-31'", "'to':null", "/index/event/to" },
    { "{'attribute':'age','at':'index'", "{'attribute':'age','at':'now'", "/criteria/all/0/at" },
    { "'attribute':'age'", "'attribute':''", "/criteria/all/0/attribute" },
    { "'attribute':'age'", "'attribute':'a.b.c'", "/criteria/all/0/attribute" },
    { "'attribute':'age'", "'attribute':'a; drop'", "/criteria/all/0/attribute" },
    { "'between':[50,79.5],", "", "/criteria/all/0" },
    { "'between':[50,79.5]", "'between':[50,79],'in':[1]", "/criteria/all/0" },
    { "'between':[50,79.5]", "'between':[50]", "/criteria/all/0/between" },
    { "'between':[50,79.5]", "'between':[50,60,70]", "/criteria/all/0/between" },
    { "'between':[50,79.5]", "'between':{'from':50}", "/criteria/all/0/between" },
    { "'between':[50,79.5]", "'between':[true,79]", "/criteria/all/0/between/0" },
    { "'in':[1,'2']", "'in':[]", "/criteria/all/1/in" },
    { "'in':[1,'2']", "'in':[1.5]", "/criteria/all/1/in/0" },
    { "'in':[1,'2']", "'in':[null]", "/criteria/all/1/in/0" },
    { "'in':[1,'2']", "'in':['']", "/criteria/all/1/in/0" },
    { "'in':[1,'2']", "'in':[1,'1']", "/criteria/all/1/in/1" },
    { "'op':'between'", "'op':'near'", "/criteria/all/5/of/1/event/value/op" },
    { "'op':'between',", "", "/criteria/all/5/of/1/event/value/op" },
    { "'op':'between'", "'op':'ge'", "/criteria/all/5/of/1/event/value/value" },
    { "[6.5,48]", "48", "/criteria/all/5/of/1/event/value/value" },
    { "[6.5,48]", "[6.5]", "/criteria/all/5/of/1/event/value/value" },
    { "[6.5,48]", "[6.5,null]", "/criteria/all/5/of/1/event/value/value/1" },
    { "[6.5,48]", "['6.5',48]", "/criteria/all/5/of/1/event/value/value/0" },
    { "'value':[6.5,48],", "", "/criteria/all/5/of/1/event/value/value" },
    { "'unit':'mmol/mol'", "'unit':''", "/criteria/all/5/of/1/event/value/unit" },
    { "'unit':'mmol/mol'", "'units':'%'", "/criteria/all/5/of/1/event/value/units" },
    { "'value':{'op':'between','value':[6.5,48],'unit':'mmol/mol'}", "'value':48", "/criteria/all/5/of/1/event/value" },
    { "'within':[0,30]", "'within':[0]", "/criteria/all/2/within" },
    { "'within':[0,30]", "'within':30", "/criteria/all/2/within" },
    { "'within':[0,30]", "'within':[0.5,30]", "/criteria/all/2/within/0" },
    { "'within':[0,30]", "'within':[0,99999]", "/criteria/all/2/within/1" },
    { "'at_least':1", "'at_least':0", "/criteria/all/2/at_least" },
    { "'at_least':1", "'at_least':1.5", "/criteria/all/2/at_least" },
    { "'enabled':true", "'enabled':'yes'", "/criteria/all/0/enabled" },
    { "'name':'Age'", "'name':''", "/criteria/all/0/name" },
    { "'name':'Age'", "'name':'A\\tB'", "/criteria/all/0/name" },
    { "'any':[{'attribute':'weight','between':[null,90]},{'all':[{'attribute':'sex','in':['K']}]}]",
      "'any':[]", "/criteria/all/4/any" },
    { "{'all':[{'attribute':'sex','in':['K']}]}", "{'all':[]}", "/criteria/all/4/any/1/all" },
    { "{'all':[{'attribute':'sex','in':['K']}]}", "{}", "/criteria/all/4/any/1" },
    { "{'all':[{'attribute':'sex','in':['K']}]}", "7", "/criteria/all/4/any/1" },
    { "{'not':{", "{'attribute':'sex','not':{", "/criteria/all/3" },
    { "{'not':{", "{'of':[],'not':{", "/criteria/all/3" },
    { "{'not':{", "{'at_least':2},{'not':{", "/criteria/all/3" },
    { "{'not':{", "{'at_least':1,'of':[]},{'not':{", "/criteria/all/3/of" },
    { "'at_least':2,'of'", "'of'", "/criteria/all/5/at_least" },
    { "'at_least':2,'of'", "'at_least':0,'of'", "/criteria/all/5/at_least" },
    { "'at_least':2,'of'", "'at_least':4,'of'", "/criteria/all/5/at_least" },
    { "'at_least':2,'of'", "'at_least':'2','of'", "/criteria/all/5/at_least" },
    { "'by':['sex',{", "'by':[1,{", "/by/0" },
    { "'by':['sex',{'attribute':'income_quintile',", "'by':['sex',{", "/by/1/attribute" },
    { "{'type':'count'}", "{}", "/analyses/0/type" },
    { "{'type':'count'}", "'count'", "/analyses/0" },
    { "{'type':'crosstab','by':['sex','age_band']}", "{'type':'crosstab'}", "/analyses/2/by" },
    { "{'type':'crosstab','by':['sex','age_band']}", "{'type':'crosstab','by':[]}", "/analyses/2/by" },
  };
  g_autoptr (GError) error = NULL;

  refuse_all (cases, G_N_ELEMENTS (cases), KOH_ERROR_INVALID);
  g_assert_null (koh_question_parse ("[]", -1, &error));
  g_assert_cmpstr (error->message, ==, "/: this must be an object");
  g_clear_error (&error);
  g_assert_null (koh_question_parse ("{\"kohorte\":1,\"kohorte\":1}", -1, &error));
  g_assert_nonnull (strstr (error->message, "line 1, column 14"));
}

static void
test_least (void)
{
  g_autofree char *text = quoted ("{'kohorte':1,'project':{},'mode':'approved','link':'person',"
                                  "'index':{'event':{'dataset':'deaths'},'occurrence':'first_in_period'}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = koh_question_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (question->title, ==, "");
  g_assert_cmpstr (question->problem, ==, "");
  g_assert_cmpint (question->index.from, ==, KOH_DAY_NONE);
  g_assert_cmpint (question->index.to, ==, KOH_DAY_NONE);
  g_assert_cmpint (question->occurrence, ==, KOH_OCCURRENCE_FIRST_IN_PERIOD);
  g_assert_cmpuint (question->criteria->len + question->by->len + question->analyses->len, ==, 0);
}

static void
test_index (void)
{
  g_autofree char *dated = quoted ("{'kohorte':1,'project':{},'mode':'approved','link':'person',"
                                   "'index':{'date':'2020-01-01'}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = koh_question_parse (dated, -1, &error), last = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (question->occurrence, ==, KOH_OCCURRENCE_DATE);
  g_assert_cmpint (question->date, ==, koh_day_join (2020, 1, 1));
  g_assert_null (question->index.dataset);
  last = read_changed ("'occurrence':'first'", "'occurrence':'last_in_period'", &error);
  g_assert_no_error (error);
  g_assert_cmpint (last->occurrence, ==, KOH_OCCURRENCE_LAST_IN_PERIOD);
  g_assert_cmpint (last->date, ==, KOH_DAY_NONE);
}

static void
test_hash (void)
{
  g_autoptr (KohQuestion) question = read_whole (), again = NULL, other = NULL, spaced = NULL;
  g_autofree char *text = koh_question_to_text (question), *second = NULL;
  g_autoptr (GError) error = NULL;

  again = koh_question_parse (text, -1, &error);
  g_assert_no_error (error);
  second = koh_question_to_text (again);
  g_assert_cmpstr (text, ==, second);
  g_assert_true (koh_hash_equal (&question->hash, &again->hash));
  spaced = read_changed ("{'kohorte':1,", " { 'kohorte' : 1.0 ,\n", &error);
  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&question->hash, &spaced->hash));
  other = read_changed ("[0,30]", "[0,31]", &error);
  g_assert_no_error (error);
  g_assert_false (koh_hash_equal (&question->hash, &other->hash));
}

/* Whoever made the tree cannot change the question afterwards. */
static void
test_own_tree (void)
{
  g_autofree char *text = quoted (whole);
  g_autoptr (JsonNode) document = koh_json_parse (text, -1, "The question", NULL);
  g_autoptr (KohQuestion) question = koh_question_from_json (document, NULL);
  g_autofree char *before = koh_question_to_text (question), *after = NULL;

  json_object_set_string_member (json_node_get_object (document), "title", "Another");
  after = koh_question_to_text (question);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (json_node_is_immutable (question->document));
}

static void
test_built_tree (void)
{
  g_autofree char *text = quoted (whole);
  g_autoptr (JsonNode) document = koh_json_parse (text, -1, "The question", NULL);
  g_autoptr (GError) error = NULL;

  json_object_set_double_member (json_node_get_object (document), "kohorte", 1e300);
  g_assert_null (koh_question_from_json (document, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

static void
test_counts (void)
{
  g_autofree char *text = quoted (
      "{'kohorte':1,'project':{},'mode':'approved','link':'person','index':{'event':{'dataset':'deaths'},'"
      "occurrence':'first'},"
      "'criteria':{'all':[{'attribute':'sex','in':['K']},{'attribute':'sex','in':['K'],'enabled':false},"
      "{'not':{'attribute':'sex','in':['K'],'enabled':false}},"
      "{'any':[{'attribute':'sex','in':['K'],'enabled':false},{'all':[{'not':{'attribute':'sex','in':['K'],'"
      "enabled':false}}]}]},"
      "{'any':[{'attribute':'sex','in':['K'],'enabled':false},{'attribute':'sex','in':['M']}]},"
      "{'all':[{'attribute':'sex','in':['M']}],'enabled':false},"
      "{'at_least':1,'of':[{'attribute':'sex','in':['M'],'enabled':false}]},"
      "{'at_least':2,'of':[{'attribute':'sex','in':['M'],'enabled':false},{'attribute':'sex','in':['K']}]}]}}");
  static const gboolean counts[] = { TRUE, FALSE, FALSE, FALSE, TRUE, FALSE, FALSE, TRUE };
  g_autoptr (KohQuestion) question = koh_question_parse (text, -1, NULL);

  g_assert_cmpuint (question->criteria->len, ==, G_N_ELEMENTS (counts));
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_cmpint (koh_criterion_counts (question->criteria->pdata[i]), ==, counts[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/question/reads-project-and-index", test_head);
  g_test_add_func ("/query/question/reads-every-criterion", test_criteria);
  g_test_add_func ("/query/question/reads-analyses-and-groupings", test_analyses);
  g_test_add_func ("/query/question/says-what-it-does-not-compute-yet", test_unsupported);
  g_test_add_func ("/query/question/refuses-unknown-members-by-pointer", test_unknown);
  g_test_add_func ("/query/question/refuses-wrong-values-by-pointer", test_wrong_values);
  g_test_add_func ("/query/question/reads-a-draft", test_least);
  g_test_add_func ("/query/question/reads-every-index", test_index);
  g_test_add_func ("/query/question/equal-documents-have-equal-hashes", test_hash);
  g_test_add_func ("/query/question/holds-its-own-tree", test_own_tree);
  g_test_add_func ("/query/question/a-built-tree-obeys-the-same-bounds", test_built_tree);
  g_test_add_func ("/query/question/what-is-switched-off-does-not-count", test_counts);
  return g_test_run ();
}
