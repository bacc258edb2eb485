/* SPDX-License-Identifier: EUPL-1.2
 *
 * From an answer document to tables. Every member that is shown is checked first: the document may come from a
 * file that somebody sent. */
#include "client/answer.h"

#include "client/answer-words.h"
#include "common/error.h"
#include "query/json.h"
#include "query/question.h"
#include "query/sentence.h"

/* What reading a row needs to know. */
typedef struct
{
  const KohMap *map;
  const char *language;
  gint64 k;
  gboolean open;    /* the cohort did */
  GPtrArray *steps; /* of char *: names of the attrition's steps, from the question; NULL */
} Reading;

static gboolean
wrong (GError **error, const char *what)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "This is not an answer document: %s.", what);
  return FALSE;
}

static void
row_free (gpointer data)
{
  KohAnswerRow *row = data;

  g_strfreev (row->levels);
  g_free (row->name);
  g_free (row->shown);
  g_free (row);
}

static void
table_free (gpointer data)
{
  KohAnswerTable *table = data;

  g_free (table->title);
  g_ptr_array_unref (table->attributes);
  g_ptr_array_unref (table->titles);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
koh_answer_free (KohAnswer *answer)
{
  g_free (answer->title);
  g_free (answer->sentence);
  g_free (answer->brief);
  g_free (answer->headline);
  g_clear_pointer (&answer->tables, g_ptr_array_unref);
  g_clear_pointer (&answer->notes, g_ptr_array_unref);
  g_clear_pointer (&answer->facts, g_ptr_array_unref);
  g_free (answer);
}

/* ---- Rows ---- */

/* "2", or ["2", "3"] → "2 + 3". NULL where it is neither. */
static char *
level_text (JsonNode *node, const char *attribute, const Reading *reading, gboolean *joined)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *run;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
    return koh_answer_level (reading->map, attribute, json_node_get_string (node), reading->language);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  run = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (run); i++)
    {
      JsonNode *element = json_array_get_element (run, i);
      g_autofree char *label = NULL;

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_string (element) == NULL)
        return NULL;
      label = koh_answer_level (reading->map, attribute, json_node_get_string (element), reading->language);
      g_string_append_printf (text, "%s%s", i > 0 ? " + " : "", label);
    }
  *joined = json_array_get_length (run) > 1;
  return json_array_get_length (run) > 0 ? g_strdup (text->str) : NULL;
}

static gboolean
read_levels (KohAnswerRow *row, JsonObject *object, const KohAnswerTable *table, const Reading *reading, GError **error)
{
  JsonObject *by = koh_json_object (object, "by", NULL);
  g_autoptr (GPtrArray) levels = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < table->attributes->len; i++)
    {
      const char *attribute = g_ptr_array_index (table->attributes, i);
      JsonNode *node = by != NULL ? json_object_get_member (by, attribute) : NULL;
      gboolean joined = FALSE;
      char *text;

      if (node == NULL) /* the one row of a table that did not open stands for all levels */
        text = g_strdup (koh_answer_say (reading->language, "all", "alle"));
      else
        text = level_text (node, attribute, reading, &joined);
      if (text == NULL)
        return wrong (error, "a group of a row is neither a level nor a list of levels");
      g_ptr_array_add (levels, text);
      row->joined += joined;
    }
  g_ptr_array_add (levels, NULL);
  row->levels = (char **) g_ptr_array_free (g_steal_pointer (&levels), FALSE);
  return TRUE;
}

static const char *
step_name (const KohAnswerRow *row, JsonObject *object, const Reading *reading)
{
  const char *written = koh_json_string (object, "name", NULL);

  if (reading->steps != NULL && row->step >= 0 && row->step < (gint) reading->steps->len)
    return g_ptr_array_index (reading->steps, row->step);
  return written != NULL ? written : "";
}

static KohAnswerRow *
read_row (JsonNode *node, const KohAnswerTable *table, const Reading *reading, GError **error)
{
  KohAnswerRow *row = g_new0 (KohAnswerRow, 1);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 step = -1;
  gboolean ok;

  ok = object != NULL || wrong (error, "a row is not an object");
  ok = ok && read_levels (row, object, table, reading, error);
  if (ok && table->kind == KOH_ANSWER_ATTRITION)
    ok = koh_json_integer (object, "step", 0, 10000, &step, error);
  row->step = step;
  if (ok && table->kind == KOH_ANSWER_ATTRITION)
    row->name = g_strdup (step_name (row, object, reading));
  row->suppressed = ok && !json_object_has_member (object, "n");
  if (ok && row->suppressed && table->kind == KOH_ANSWER_ATTRITION)
    row->shown = g_strdup (koh_answer_say (reading->language, "hidden", "skjult"));
  else if (ok && row->suppressed)
    row->shown = koh_answer_token (reading->k);
  else if (ok)
    {
      ok = koh_json_integer (object, "n", 0, G_MAXINT64 >> 10, &row->n, error);
      row->shown = ok ? koh_sentence_number (row->n, reading->language) : NULL;
    }
  if (!ok)
    g_clear_pointer (&row, row_free);
  return row;
}

/* ---- Tables ---- */

static gboolean
read_kind (JsonObject *object, KohAnswerKind *kind, GError **error)
{
  const char *type = koh_json_string (object, "type", NULL);

  if (g_strcmp0 (type, "count") == 0)
    *kind = KOH_ANSWER_COUNT;
  else if (g_strcmp0 (type, "attrition") == 0)
    *kind = KOH_ANSWER_ATTRITION;
  else if (g_strcmp0 (type, "crosstab") == 0)
    *kind = KOH_ANSWER_CROSSTAB;
  else
    return wrong (error, "it has a result of a type that this version does not show");
  return TRUE;
}

/* The grouping attributes, in the order of the first row that has them. */
static void
find_attributes (KohAnswerTable *table, JsonArray *rows, const Reading *reading)
{
  for (guint i = 0; i < json_array_get_length (rows) && table->attributes->len == 0; i++)
    {
      JsonNode *node = json_array_get_element (rows, i);
      JsonObject *by = JSON_NODE_HOLDS_OBJECT (node) ? koh_json_object (json_node_get_object (node), "by", NULL) : NULL;
      g_autoptr (GList) members = by != NULL ? json_object_get_members (by) : NULL;

      for (GList *link = members; link != NULL; link = link->next)
        {
          g_ptr_array_add (table->attributes, g_strdup (link->data));
          g_ptr_array_add (table->titles, koh_answer_attribute (reading->map, link->data, reading->language));
        }
    }
}

static gint
last_step (const KohAnswerTable *table)
{
  gint last = -1;

  for (guint i = 0; i < table->rows->len; i++)
    last = MAX (last, ((KohAnswerRow *) g_ptr_array_index (table->rows, i))->step);
  return last;
}

/* The last step is the cohort, whose being small is no secret once it did not open. */
static void
name_small_cohort (KohAnswerTable *table, const Reading *reading)
{
  gint last = last_step (table);

  for (guint i = 0; i < table->rows->len && table->attributes->len == 0 && !reading->open; i++)
    {
      KohAnswerRow *row = g_ptr_array_index (table->rows, i);

      if (row->suppressed && row->step == last && last >= 0)
        {
          g_free (row->shown);
          row->shown = koh_answer_token (reading->k);
        }
    }
}

static KohAnswerTable *
read_table (JsonNode *node, const Reading *reading, GError **error)
{
  KohAnswerTable *table = g_new0 (KohAnswerTable, 1);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *rows = object != NULL ? koh_json_array (object, "rows", NULL) : NULL;
  gboolean ok;

  table->attributes = g_ptr_array_new_with_free_func (g_free);
  table->titles = g_ptr_array_new_with_free_func (g_free);
  table->rows = g_ptr_array_new_with_free_func (row_free);
  ok = (rows != NULL || wrong (error, "a result has no rows")) && read_kind (object, &table->kind, error);
  if (ok)
    {
      table->title = g_strdup (koh_answer_kind_title (table->kind, reading->language));
      find_attributes (table, rows, reading);
    }
  for (guint i = 0; ok && i < json_array_get_length (rows); i++)
    {
      KohAnswerRow *row = read_row (json_array_get_element (rows, i), table, reading, error);

      ok = row != NULL;
      if (ok)
        {
          g_ptr_array_add (table->rows, row);
          table->joined = table->joined || row->joined > 0;
          table->suppressed = table->suppressed || row->suppressed;
        }
    }
  if (ok)
    name_small_cohort (table, reading);
  else
    g_clear_pointer (&table, table_free);
  return table;
}

/* The cohort's size: the sum of the first table that counts it, else the attrition's last step. */
static gint64
total (const GPtrArray *tables)
{
  gint64 attrition = -1;

  for (guint i = 0; i < tables->len; i++)
    {
      const KohAnswerTable *table = g_ptr_array_index (tables, i);
      gint last = last_step (table);
      gint64 sum = 0;

      for (guint j = 0; j < table->rows->len; j++)
        {
          const KohAnswerRow *row = g_ptr_array_index (table->rows, j);

          if (row->step == last)
            sum = row->suppressed || sum < 0 ? -1 : sum + row->n;
        }
      if (table->kind != KOH_ANSWER_ATTRITION)
        return sum;
      attrition = sum;
    }
  return attrition;
}

/* ---- The document ---- */

static KohQuestion *
read_question (JsonObject *document)
{
  JsonNode *node = json_object_get_member (document, "question");

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? koh_question_from_json (node, NULL) : NULL;
}

/* What the steps of an attrition are called, in the language. */
static GPtrArray *
name_steps (const KohQuestion *question, const KohMap *map, const char *language)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (steps, g_strdup (koh_answer_say (language, "Index event", "Indekshændelse")));
  for (guint i = 0; i < question->criteria->len; i++)
    {
      const KohCriterion *criterion = g_ptr_array_index (question->criteria, i);

      if (!criterion->enabled)
        continue;
      if (criterion->name != NULL)
        g_ptr_array_add (steps, g_strdup (criterion->name));
      else
        g_ptr_array_add (steps, koh_sentence_criterion (criterion, map, language));
    }
  return steps;
}

static gboolean
read_tables (KohAnswer *answer, JsonObject *document, const Reading *reading, GError **error)
{
  JsonArray *results = koh_json_array (document, "results", NULL);

  if (results == NULL)
    return wrong (error, "it has no results");
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      KohAnswerTable *table = read_table (json_array_get_element (results, i), reading, error);

      if (table == NULL)
        return FALSE;
      g_ptr_array_add (answer->tables, table);
    }
  return TRUE;
}

KohAnswer *
koh_answer_read (JsonNode *node, const KohMap *map, const char *language, GError **error)
{
  g_autoptr (KohAnswer) answer = g_new0 (KohAnswer, 1);
  g_autoptr (KohQuestion) question = NULL;
  g_autoptr (GPtrArray) steps = NULL;
  Reading reading = { map, language, 0, FALSE, NULL };
  JsonObject *document, *disclosure, *sentence;
  const char *text;
  gint64 version;

  if (!JSON_NODE_HOLDS_OBJECT (node) ||
      !koh_json_integer (json_node_get_object (node), "kohorte_answer", 1, 1, &version, NULL))
    {
      wrong (error, "the member kohorte_answer is missing, or of a later version");
      return NULL;
    }
  document = json_node_get_object (node);
  disclosure = koh_json_object (document, "disclosure", NULL);
  if (disclosure == NULL || !koh_json_integer (disclosure, "k", 1, 1000000, &answer->k, NULL))
    {
      wrong (error, "it does not tell the smallest number that may be shown");
      return NULL;
    }
  text = koh_json_string (document, "title", NULL);
  answer->title = g_strdup (text != NULL ? text : "");
  sentence = koh_json_object (document, "sentence", NULL);
  text = sentence != NULL ? koh_json_string (sentence, koh_answer_say (language, "en", "da"), NULL) : NULL;
  answer->sentence = g_strdup (text != NULL ? text : "");
  answer->open = g_strcmp0 (koh_json_string (disclosure, "cohort", NULL), "suppressed") != 0;
  answer->tables = g_ptr_array_new_with_free_func (table_free);
  question = read_question (document);
  steps = question != NULL ? name_steps (question, map, language) : NULL;
  answer->brief = question != NULL ? koh_sentence (question, map, language, FALSE) : g_strdup (answer->sentence);
  reading.k = answer->k;
  reading.open = answer->open;
  reading.steps = steps;
  if (!read_tables (answer, document, &reading, error))
    return NULL;
  answer->persons = answer->open ? total (answer->tables) : -1;
  answer->headline = koh_answer_headline (answer, language);
  answer->notes = koh_answer_notes (answer, language);
  answer->facts = koh_answer_facts (document, map, answer->k, language);
  return g_steal_pointer (&answer);
}
