/* SPDX-License-Identifier: EUPL-1.2
 *
 * From the document to the question. The parts of a criterion are read by criterion.c. */
#include <string.h>

#include "common/error.h"
#include "query/json.h"
#include "query/read.h"
#include "query/text.h"

#define INVALID KOH_ERROR_INVALID
#define UNSUPPORTED KOH_ERROR_UNSUPPORTED
#define MOST_BY 2
#define MOST_ANALYSES 20
#define MOST_CRITERIA 100

static const char *const purposes[] = { "research", "quality",   "operation",  "statistics",
                                        "policy",   "education", "innovation", NULL };

static void
by_free (gpointer data)
{
  KohBy *by = data;

  g_free (by->attribute);
  g_free (by);
}

static void
analysis_free (gpointer data)
{
  KohAnalysis *analysis = data;

  g_clear_pointer (&analysis->by, g_ptr_array_unref);
  g_free (analysis);
}

/* A text of the project: missing and empty are the same, and question-check says which are needed. */
static gboolean
read_text (JsonObject *object, const char *member, const char *pointer, KohTextKind kind, char **into,
           GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/", member, NULL);
  JsonNode *node = json_object_get_member (object, member);
  const char *text = "";

  if (node != NULL)
    {
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return koh_read_fail (error, INVALID, here, "this must be a string");
      text = json_node_get_string (node);
    }
  if (!koh_text_plain (text, kind))
    return koh_read_fail (error, INVALID, here,
                          kind == KOH_TEXT_LINE ? "this must be one plain line of at most 1000 characters"
                                                : "this must be plain text of at most 10 000 characters");
  *into = g_strdup (text);
  return TRUE;
}

static gboolean
read_approvals (JsonNode *node, GError **error)
{
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  array = koh_read_array (node, "/project/approvals", 0, 50, error);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("/project/approvals/%u", i);

      if (koh_read_line (json_array_get_element (array, i), here, error) == NULL)
        return FALSE;
    }
  return array != NULL;
}

static gboolean
read_project (JsonNode *node, KohQuestion *question, GError **error)
{
  JsonObject *object = koh_read_object (node, "/project", error);

  if (object == NULL ||
      !koh_read_members (object, "/project", "id problem decision purpose legal_basis approvals", "",
                         error) ||
      !read_text (object, "id", "/project", KOH_TEXT_LINE, &question->project_id, error) ||
      !read_text (object, "problem", "/project", KOH_TEXT_PROSE, &question->problem, error) ||
      !read_text (object, "decision", "/project", KOH_TEXT_PROSE, &question->decision, error) ||
      !read_text (object, "purpose", "/project", KOH_TEXT_LINE, &question->purpose, error) ||
      !read_text (object, "legal_basis", "/project", KOH_TEXT_LINE, &question->legal_basis, error) ||
      !read_approvals (json_object_get_member (object, "approvals"), error))
    return FALSE;
  if (*question->purpose != '\0' && !g_strv_contains (purposes, question->purpose))
    return koh_read_fail (
        error, INVALID, "/project/purpose",
        "a purpose is research, quality, operation, statistics, policy, education or innovation");
  return TRUE;
}

/* A member with one value that this version computes and one that it does not yet. */
static gboolean
read_choice (JsonNode *node, const char *pointer, const char *known, const char *later, char **into,
             GError **error)
{
  const char *text = koh_read_line (node, pointer, error);

  if (text == NULL)
    return FALSE;
  if (g_str_equal (text, later))
    return koh_read_fail (error, UNSUPPORTED, pointer, "this version computes “%s” only", known);
  if (!g_str_equal (text, known))
    return koh_read_fail (error, INVALID, pointer, "this must be “%s” or “%s”", known, later);
  *into = g_strdup (text);
  return TRUE;
}

static gboolean
read_index_date (JsonObject *object, KohQuestion *question, GError **error)
{
  if (json_object_has_member (object, "event") || json_object_has_member (object, "occurrence"))
    return koh_read_fail (error, INVALID, "/index", "an index is either an event or one date for everybody");
  question->occurrence = KOH_OCCURRENCE_DATE;
  return koh_read_day (json_object_get_member (object, "date"), "/index/date", &question->date, error);
}

static gboolean
read_index (JsonNode *node, KohQuestion *question, GError **error)
{
  static const char *const words[] = { [KOH_OCCURRENCE_FIRST] = "first",
                                       [KOH_OCCURRENCE_FIRST_IN_PERIOD] = "first_in_period",
                                       [KOH_OCCURRENCE_LAST_IN_PERIOD] = "last_in_period" };
  JsonObject *object = koh_read_object (node, "/index", error);
  const char *word;

  if (object == NULL || !koh_read_members (object, "/index", "event occurrence date", "", error))
    return FALSE;
  if (json_object_has_member (object, "date"))
    return read_index_date (object, question, error);
  if (!koh_read_event (json_object_get_member (object, "event"), "/index/event", &question->index, error))
    return FALSE;
  word = koh_read_line (json_object_get_member (object, "occurrence"), "/index/occurrence", error);
  if (word == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        question->occurrence = (KohOccurrence) i;
        return TRUE;
      }
  return koh_read_fail (error, INVALID, "/index/occurrence",
                        "this must be “first”, “first_in_period” or “last_in_period”");
}

/* Only {"all": […]} at the top: its members are the steps of the attrition. */
static gboolean
read_top_criteria (JsonNode *node, KohQuestion *question, GError **error)
{
  JsonObject *object;
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  object = koh_read_object (node, "/criteria", error);
  if (object == NULL || !koh_read_members (object, "/criteria", "all", "", error))
    return FALSE;
  array = koh_read_array (json_object_get_member (object, "all"), "/criteria/all", 0, MOST_CRITERIA, error);
  return array != NULL && koh_read_criteria (array, "/criteria/all", question->criteria, error);
}

static gboolean
read_one_by (JsonNode *node, const char *pointer, GPtrArray *into, GError **error)
{
  const char *attribute;
  gint at = KOH_DAY_NONE;
  KohBy *by;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);

      if (!koh_read_members (object, pointer, "attribute at",
                             "name groups overlap rest event within take cut", error))
        return FALSE;
      attribute = koh_read_attribute (object, pointer, error);
      if (attribute == NULL || !koh_read_at (object, pointer, &at, error))
        return FALSE;
    }
  else
    {
      attribute = koh_read_line (node, pointer, error);
      if (attribute == NULL || !koh_read_attribute_name (attribute, pointer, error))
        return FALSE;
    }
  by = g_new0 (KohBy, 1);
  by->attribute = g_strdup (attribute);
  by->at = at;
  g_ptr_array_add (into, by);
  return TRUE;
}

/* A missing @node is the same as an empty list. */
static GPtrArray *
read_by (JsonNode *node, const char *pointer, GError **error)
{
  g_autoptr (GPtrArray) into = g_ptr_array_new_with_free_func (by_free);
  JsonArray *array;

  if (node == NULL)
    return g_steal_pointer (&into);
  array = koh_read_array (node, pointer, 0, G_MAXUINT, error);
  if (array == NULL)
    return NULL;
  if (json_array_get_length (array) > MOST_BY)
    {
      koh_read_fail (error, UNSUPPORTED, pointer, "this version groups by two attributes at most");
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s/%u", pointer, i);

      if (!read_one_by (json_array_get_element (array, i), here, into, error))
        return NULL;
    }
  return g_steal_pointer (&into);
}

static gboolean
read_kind (JsonNode *node, const char *pointer, KohAnalysisKind *kind, GError **error)
{
  static const char *const now[] = { [KOH_ANALYSIS_COUNT] = "count",
                                     [KOH_ANALYSIS_ATTRITION] = "attrition",
                                     [KOH_ANALYSIS_CROSSTAB] = "crosstab" };
  static const char *const later[] = { "mean", "histogram", "quantile", "kaplan_meier", "log_rank", "cox",
                                       "rate", "logistic",  "linear",   "poisson",      NULL };
  const char *word = koh_read_line (node, pointer, error);

  if (word == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (now); i++)
    if (g_str_equal (word, now[i]))
      {
        *kind = (KohAnalysisKind) i;
        return TRUE;
      }
  if (g_strv_contains (later, word))
    return koh_read_fail (error, UNSUPPORTED, pointer,
                          "this version computes count, attrition and crosstab only");
  return koh_read_fail (error, INVALID, pointer,
                        "this analysis is unknown; count, attrition and crosstab are known");
}

static gboolean
read_analysis (JsonNode *node, const char *pointer, KohQuestion *question, GError **error)
{
  g_autofree char *type_at = g_strconcat (pointer, "/type", NULL),
                  *by_at = g_strconcat (pointer, "/by", NULL);
  JsonObject *object = koh_read_object (node, pointer, error);
  KohAnalysisKind kind = KOH_ANALYSIS_COUNT;
  KohAnalysis *analysis;
  JsonNode *by;

  if (object == NULL || !read_kind (json_object_get_member (object, "type"), type_at, &kind, error) ||
      !koh_read_members (object, pointer, "type by", "of name", error))
    return FALSE;
  analysis = g_new0 (KohAnalysis, 1);
  g_ptr_array_add (question->analyses, analysis);
  analysis->kind = kind;
  by = json_object_get_member (object, "by");
  if (by == NULL && kind != KOH_ANALYSIS_CROSSTAB)
    {
      analysis->by = g_ptr_array_ref (question->by);
      return TRUE;
    }
  analysis->by = read_by (by, by_at, error);
  if (analysis->by == NULL)
    return FALSE;
  if (kind == KOH_ANALYSIS_CROSSTAB && analysis->by->len == 0)
    return koh_read_fail (error, INVALID, by_at, "a crosstab names the attributes that it is made of");
  return TRUE;
}

static gboolean
read_analyses (JsonNode *node, KohQuestion *question, GError **error)
{
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  array = koh_read_array (node, "/analyses", 0, MOST_ANALYSES, error);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("/analyses/%u", i);

      if (!read_analysis (json_array_get_element (array, i), here, question, error))
        return FALSE;
    }
  return array != NULL;
}

static gboolean
read_question (JsonNode *document, KohQuestion *question, GError **error)
{
  JsonObject *object = koh_read_object (document, "", error);
  gint64 version;

  if (object == NULL)
    return FALSE;
  if (!koh_json_integer (object, "kohorte", 0, G_MAXINT32, &version, NULL))
    return koh_read_fail (error, INVALID, "/kohorte", "this must be 1: the version of the document");
  if (version != 1)
    return koh_read_fail (error, UNSUPPORTED, "/kohorte", "this program reads version 1 of the document");
  if (!koh_read_members (object, "", "kohorte title project mode link index criteria by analyses",
                         "follow_up", error) ||
      !read_text (object, "title", "", KOH_TEXT_LINE, &question->title, error) ||
      !read_project (json_object_get_member (object, "project"), question, error) ||
      !read_choice (json_object_get_member (object, "mode"), "/mode", "approved", "explore", &question->mode,
                    error) ||
      !read_choice (json_object_get_member (object, "link"), "/link", "person", "none", &question->link,
                    error) ||
      !read_index (json_object_get_member (object, "index"), question, error) ||
      !read_top_criteria (json_object_get_member (object, "criteria"), question, error))
    return FALSE;
  question->by = read_by (json_object_get_member (object, "by"), "/by", error);
  return question->by != NULL && read_analyses (json_object_get_member (object, "analyses"), question, error);
}

/* The tree is made anew from its canonical text, so that a document built by a program obeys the same
 * bounds as one that came as text, equal questions have equal trees, and nobody else holds it. */
static JsonNode *
own_copy (JsonNode *document, char **text, GError **error)
{
  *text = koh_json_canonical (document);
  return koh_json_parse (*text, -1, "The question", error);
}

KohQuestion *
koh_question_from_json (JsonNode *document, GError **error)
{
  g_autoptr (KohQuestion) question = g_new0 (KohQuestion, 1);
  g_autofree char *text = NULL;

  g_atomic_ref_count_init (&question->references);
  question->date = KOH_DAY_NONE;
  question->index.from = question->index.to = KOH_DAY_NONE;
  question->criteria = g_ptr_array_new_with_free_func (koh_criterion_free);
  question->analyses = g_ptr_array_new_with_free_func (analysis_free);
  question->document = own_copy (document, &text, error);
  if (question->document == NULL || !read_question (question->document, question, error))
    return NULL;
  question->hash = koh_hash_of ("kohorte/question/1", text, strlen (text));
  json_node_seal (question->document);
  return g_steal_pointer (&question);
}
