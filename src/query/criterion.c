/* SPDX-License-Identifier: EUPL-1.2
 *
 * Events and criteria of a question: how they are read, and what counts. */
#include "query/read.h"

#include <string.h>

#include "common/error.h"
#include "query/text.h"

#define INVALID KOH_ERROR_INVALID
#define UNSUPPORTED KOH_ERROR_UNSUPPORTED
#define MOST_CODES 2000
#define MOST_VALUES 1000
#define MOST_CHILDREN 100
#define MOST_DAYS 65535 /* of a window: as many as there are dates */

static void
code_free (gpointer data)
{
  KohCodeRef *code = data;

  g_free (code->system);
  g_free (code->code);
  g_free (code);
}

void
koh_event_clear (KohEvent *event)
{
  g_clear_pointer (&event->dataset, g_free);
  g_clear_pointer (&event->codes, g_ptr_array_unref);
  g_clear_pointer (&event->value.unit, g_free);
}

void
koh_criterion_free (gpointer data)
{
  KohCriterion *criterion = data;

  g_free (criterion->pointer);
  g_free (criterion->name);
  g_clear_pointer (&criterion->children, g_ptr_array_unref);
  g_free (criterion->attribute);
  g_clear_pointer (&criterion->in, g_ptr_array_unref);
  koh_event_clear (&criterion->event);
  g_free (criterion);
}

gboolean
koh_criterion_counts (const KohCriterion *criterion)
{
  if (!criterion->enabled)
    return FALSE;
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE || criterion->kind == KOH_CRITERION_EVENT)
    return TRUE;
  for (guint i = 0; i < criterion->children->len; i++)
    if (koh_criterion_counts (criterion->children->pdata[i]))
      return TRUE;
  return FALSE;
}

/* "SYSTEM:CODE", split at the first colon. Whether the system and the code exist is question-check's
 * business; here they only have to be written as such things are. */
static gboolean
read_code (JsonNode *node, const char *pointer, GPtrArray *into, GError **error)
{
  const char *text = koh_read_line (node, pointer, error);
  const char *colon = text != NULL ? strchr (text, ':') : NULL;
  g_autofree char *system = NULL;
  KohCodeRef *code;

  if (text == NULL)
    return FALSE;
  system = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup ("");
  if (!koh_text_name (system))
    return koh_read_fail (error, INVALID, pointer, "a code is written “SYSTEM:CODE”, for example “SKS:DI21”");
  if (colon[1] == '\0' || strlen (colon + 1) > 40)
    return koh_read_fail (error, INVALID, pointer, "a code has 1 to 40 characters after its “:”");
  for (const char *p = colon + 1; *p != '\0'; p++)
    if (!g_ascii_isupper (*p) && !g_ascii_isdigit (*p) && *p != '+' && *p != '-' && *p != '_')
      return koh_read_fail (error, INVALID, pointer, "a code is written in upper case and without dots");
  code = g_new0 (KohCodeRef, 1);
  code->system = g_steal_pointer (&system);
  code->code = g_strdup (colon + 1);
  g_ptr_array_add (into, code);
  return TRUE;
}

static gboolean
read_codes (JsonNode *node, const char *pointer, GPtrArray *into, GError **error)
{
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 0)
    return koh_read_fail (error, INVALID, pointer,
                          "no code is listed; leave “codes” out to mean any event of the dataset");
  array = koh_read_array (node, pointer, 1, MOST_CODES, error);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s/%u", pointer, i);

      if (!read_code (json_array_get_element (array, i), here, into, error))
        return FALSE;
    }
  return array != NULL;
}

static gboolean
read_optional_day (JsonObject *object, const char *member, const char *pointer, gint *day, GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/", member, NULL);
  JsonNode *node = json_object_get_member (object, member);

  return node == NULL || koh_read_day (node, here, day, error);
}

static gboolean
read_optional_boolean (JsonObject *object, const char *member, const char *pointer, gboolean *value,
                       GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/", member, NULL);
  JsonNode *node = json_object_get_member (object, member);

  return node == NULL || koh_read_boolean (node, here, value, error);
}

static JsonArray *
read_pair (JsonNode *node, const char *pointer, GError **error)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 2)
    return json_node_get_array (node);
  koh_read_fail (error, INVALID, pointer, "this must be a list of two: the lower and the upper bound");
  return NULL;
}

static const char *const value_ops[] = { [KOH_VALUE_ANY] = "",    [KOH_VALUE_LT] = "lt", [KOH_VALUE_LE] = "le",
                                         [KOH_VALUE_EQ] = "eq",   [KOH_VALUE_NE] = "ne", [KOH_VALUE_GE] = "ge",
                                         [KOH_VALUE_GT] = "gt",   [KOH_VALUE_BETWEEN] = "between" };

const char *
koh_value_op_name (KohValueOp op)
{
  return value_ops[op];
}

static gboolean
read_decimal (JsonNode *node, const char *pointer, gdouble *number, GError **error)
{
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return koh_read_fail (error, INVALID, pointer, "this must be a number");
  *number = json_node_get_double (node);
  return TRUE;
}

static gboolean
read_value_numbers (JsonNode *node, const char *pointer, KohValueCondition *value, GError **error)
{
  g_autofree char *low_at = g_strconcat (pointer, "/0", NULL), *high_at = g_strconcat (pointer, "/1", NULL);
  JsonArray *pair;

  if (value->op != KOH_VALUE_BETWEEN)
    return read_decimal (node, pointer, &value->number, error);
  pair = read_pair (node, pointer, error);
  return pair != NULL && read_decimal (json_array_get_element (pair, 0), low_at, &value->number, error) &&
         read_decimal (json_array_get_element (pair, 1), high_at, &value->high, error);
}

/* {"op": "ge", "value": 48, "unit": "mmol/mol"} */
static gboolean
read_value (JsonNode *node, const char *pointer, KohValueCondition *value, GError **error)
{
  g_autofree char *op_at = g_strconcat (pointer, "/op", NULL), *number_at = g_strconcat (pointer, "/value", NULL),
                  *unit_at = g_strconcat (pointer, "/unit", NULL);
  JsonObject *object;
  const char *op, *unit;

  if (node == NULL)
    return TRUE;
  object = koh_read_object (node, pointer, error);
  if (object == NULL || !koh_read_members (object, pointer, "op value unit", "", error))
    return FALSE;
  op = koh_read_line (json_object_get_member (object, "op"), op_at, error);
  if (op == NULL)
    return FALSE;
  for (guint i = KOH_VALUE_LT; i < G_N_ELEMENTS (value_ops); i++)
    if (g_str_equal (op, value_ops[i]))
      value->op = (KohValueOp) i;
  if (value->op == KOH_VALUE_ANY)
    return koh_read_fail (error, INVALID, op_at, "this must be lt, le, eq, ne, ge, gt or between");
  if (json_object_has_member (object, "unit"))
    {
      unit = koh_read_line (json_object_get_member (object, "unit"), unit_at, error);
      if (unit == NULL)
        return FALSE;
      value->unit = g_strdup (unit);
    }
  return read_value_numbers (json_object_get_member (object, "value"), number_at, value, error);
}

gboolean
koh_read_event (JsonNode *node, const char *pointer, KohEvent *event, GError **error)
{
  g_autofree char *dataset_at = g_strconcat (pointer, "/dataset", NULL);
  g_autofree char *codes_at = g_strconcat (pointer, "/codes", NULL);
  g_autofree char *value_at = g_strconcat (pointer, "/value", NULL);
  JsonObject *object = koh_read_object (node, pointer, error);
  const char *dataset;

  event->codes = g_ptr_array_new_with_free_func (code_free);
  event->from = event->to = KOH_DAY_NONE;
  if (object == NULL || !koh_read_members (object, pointer, "dataset codes exact from to value", "", error))
    return FALSE;
  dataset = koh_read_name (json_object_get_member (object, "dataset"), dataset_at, error);
  if (dataset == NULL)
    return FALSE;
  event->dataset = g_strdup (dataset);
  return read_codes (json_object_get_member (object, "codes"), codes_at, event->codes, error) &&
         read_optional_boolean (object, "exact", pointer, &event->exact, error) &&
         read_optional_day (object, "from", pointer, &event->from, error) &&
         read_optional_day (object, "to", pointer, &event->to, error) &&
         read_value (json_object_get_member (object, "value"), value_at, &event->value, error);
}

/* A value of an `in` list, as a string. */
static char *
read_listed (JsonNode *node, const char *pointer, GError **error)
{
  const char *text;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      text = koh_read_line (node, pointer, error);
      return g_strdup (text);
    }
  koh_read_fail (error, INVALID, pointer, "a value must be a string or a whole number");
  return NULL;
}

static gboolean
read_in (JsonNode *node, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *array = koh_read_array (node, pointer, 1, MOST_VALUES, error);

  criterion->in = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s/%u", pointer, i);
      char *value = read_listed (json_array_get_element (array, i), here, error);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (criterion->in, value);
      if (!g_hash_table_add (seen, value))
        return koh_read_fail (error, INVALID, here, "this value stands twice in the list");
    }
  return array != NULL;
}

static gboolean
read_bound (JsonNode *node, const char *pointer, gboolean *has, gdouble *value, GError **error)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (type == G_TYPE_STRING)
    return koh_read_fail (error, UNSUPPORTED, pointer, "“between” takes numbers in this version");
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return koh_read_fail (error, INVALID, pointer, "this must be a number, or null for no bound");
  *has = TRUE;
  *value = json_node_get_double (node);
  return TRUE;
}

static gboolean
read_between (JsonNode *node, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *low_at = g_strconcat (pointer, "/0", NULL), *high_at = g_strconcat (pointer, "/1", NULL);
  JsonArray *pair = read_pair (node, pointer, error);

  return pair != NULL &&
         read_bound (json_array_get_element (pair, 0), low_at, &criterion->has_low, &criterion->low, error) &&
         read_bound (json_array_get_element (pair, 1), high_at, &criterion->has_high, &criterion->high,
                     error);
}

static gboolean
read_attribute (JsonObject *object, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *in_at = g_strconcat (pointer, "/in", NULL),
                  *between_at = g_strconcat (pointer, "/between", NULL);
  JsonNode *in = json_object_get_member (object, "in"), *between = json_object_get_member (object, "between");
  const char *attribute;

  criterion->kind = KOH_CRITERION_ATTRIBUTE;
  if (!koh_read_members (object, pointer, "attribute at in between name enabled", "take cut", error))
    return FALSE;
  attribute = koh_read_attribute (object, pointer, error);
  if (attribute == NULL || !koh_read_at (object, pointer, &criterion->at, error))
    return FALSE;
  criterion->attribute = g_strdup (attribute);
  if ((in == NULL) == (between == NULL))
    return koh_read_fail (error, INVALID, pointer, "an attribute needs one of “in” and “between”");
  return in != NULL ? read_in (in, in_at, criterion, error)
                    : read_between (between, between_at, criterion, error);
}

static gboolean
read_offset (JsonNode *node, const char *pointer, gboolean *has, gint *days, GError **error)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < -MOST_DAYS || json_node_get_int (node) > MOST_DAYS)
    return koh_read_fail (error, INVALID, pointer,
                          "this must be a whole number of days, or null for no bound");
  *has = TRUE;
  *days = (gint) json_node_get_int (node);
  return TRUE;
}

static gboolean
read_within (JsonNode *node, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *first_at = g_strconcat (pointer, "/0", NULL), *last_at = g_strconcat (pointer, "/1", NULL);
  JsonArray *pair;

  if (node == NULL)
    return TRUE;
  pair = read_pair (node, pointer, error);
  return pair != NULL &&
         read_offset (json_array_get_element (pair, 0), first_at, &criterion->has_first, &criterion->first,
                      error) &&
         read_offset (json_array_get_element (pair, 1), last_at, &criterion->has_last, &criterion->last,
                      error);
}

static gboolean
read_number (JsonNode *node, const char *pointer, guint least, guint *number, GError **error)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < least || json_node_get_int (node) > G_MAXINT32)
    return koh_read_fail (error, INVALID, pointer, "this must be a whole number, %u or more", least);
  *number = (guint) json_node_get_int (node);
  return TRUE;
}

static gboolean
read_at_least (JsonNode *node, const char *pointer, KohCriterion *criterion, GError **error)
{
  if (node == NULL)
    return TRUE;
  if (!read_number (node, pointer, 1, &criterion->at_least, error))
    return FALSE;
  if (criterion->at_least > 1)
    return koh_read_fail (error, UNSUPPORTED, pointer,
                          "this version counts at least one event only; write 1 or leave it out");
  return TRUE;
}

static gboolean
read_event (JsonObject *object, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *event_at = g_strconcat (pointer, "/event", NULL);
  g_autofree char *within_at = g_strconcat (pointer, "/within", NULL);
  g_autofree char *at_least_at = g_strconcat (pointer, "/at_least", NULL);

  criterion->kind = KOH_CRITERION_EVENT;
  return koh_read_members (object, pointer, "event within at_least name enabled",
                           "at_most as pick from take cut between", error) &&
         koh_read_event (json_object_get_member (object, "event"), event_at, &criterion->event, error) &&
         read_within (json_object_get_member (object, "within"), within_at, criterion, error) &&
         read_at_least (json_object_get_member (object, "at_least"), at_least_at, criterion, error);
}

gboolean
koh_read_criteria (JsonArray *array, const char *pointer, GPtrArray *into, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s/%u", pointer, i);
      KohCriterion *criterion = koh_read_criterion (json_array_get_element (array, i), here, error);

      if (criterion == NULL)
        return FALSE;
      g_ptr_array_add (into, criterion);
    }
  return TRUE;
}

/* `all` and `any` hold a list, `not` one criterion. */
static gboolean
read_compound (JsonObject *object, const char *word, const char *pointer, KohCriterion *criterion,
               GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/", word, NULL),
                  *known = g_strconcat (word, " name enabled", NULL);
  JsonNode *node = json_object_get_member (object, word);
  KohCriterion *child;
  JsonArray *array;

  criterion->kind = word[0] == 'n'              ? KOH_CRITERION_NOT
                    : g_str_equal (word, "all") ? KOH_CRITERION_ALL
                                                : KOH_CRITERION_ANY;
  criterion->children = g_ptr_array_new_with_free_func (koh_criterion_free);
  if (!koh_read_members (object, pointer, known, "", error))
    return FALSE;
  if (criterion->kind != KOH_CRITERION_NOT)
    {
      array = koh_read_array (node, here, 1, MOST_CHILDREN, error);
      return array != NULL && koh_read_criteria (array, here, criterion->children, error);
    }
  child = koh_read_criterion (node, here, error);
  if (child != NULL)
    g_ptr_array_add (criterion->children, child);
  return child != NULL;
}

/* {"at_least": n, "of": [ … ]}; more than are listed could never hold. */
static gboolean
read_some (JsonObject *object, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *of_at = g_strconcat (pointer, "/of", NULL),
                  *at_least_at = g_strconcat (pointer, "/at_least", NULL);
  JsonArray *array;

  criterion->kind = KOH_CRITERION_AT_LEAST;
  criterion->children = g_ptr_array_new_with_free_func (koh_criterion_free);
  if (!koh_read_members (object, pointer, "at_least of name enabled", "", error) ||
      !read_number (json_object_get_member (object, "at_least"), at_least_at, 1, &criterion->at_least, error))
    return FALSE;
  array = koh_read_array (json_object_get_member (object, "of"), of_at, 1, MOST_CHILDREN, error);
  if (array == NULL)
    return FALSE;
  if (criterion->at_least > json_array_get_length (array))
    return koh_read_fail (error, INVALID, at_least_at, "only %u criteria are listed",
                          json_array_get_length (array));
  return koh_read_criteria (array, of_at, criterion->children, error);
}

static gboolean
read_common (JsonObject *object, const char *pointer, KohCriterion *criterion, GError **error)
{
  g_autofree char *name_at = g_strconcat (pointer, "/name", NULL);
  JsonNode *name = json_object_get_member (object, "name");

  criterion->pointer = g_strdup (pointer);
  criterion->at = KOH_DAY_NONE;
  criterion->enabled = TRUE;
  criterion->at_least = 1;
  criterion->event.from = criterion->event.to = KOH_DAY_NONE;
  if (name != NULL)
    {
      const char *text = koh_read_line (name, name_at, error);

      if (text == NULL)
        return FALSE;
      criterion->name = g_strdup (text);
    }
  return read_optional_boolean (object, "enabled", pointer, &criterion->enabled, error);
}

static gboolean
read_kind (JsonObject *object, const char *pointer, KohCriterion *criterion, GError **error)
{
  static const char *const kinds[] = { "all", "any", "not", "of", "attribute", "event" };
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (json_object_has_member (object, kinds[i]))
      {
        if (found != NULL)
          return koh_read_fail (error, INVALID, pointer, "a criterion is one of “%s” and “%s”, not both",
                                found, kinds[i]);
        found = kinds[i];
      }
  if (found == NULL)
    return koh_read_members (object, pointer, "name enabled at_least", "groups overlap rest", error) &&
           koh_read_fail (error, INVALID, pointer,
                          "a criterion needs one of “attribute”, “event”, “all”, “any”, “not” and “of”");
  if (g_str_equal (found, "attribute"))
    return read_attribute (object, pointer, criterion, error);
  if (g_str_equal (found, "event"))
    return read_event (object, pointer, criterion, error);
  if (g_str_equal (found, "of"))
    return read_some (object, pointer, criterion, error);
  return read_compound (object, found, pointer, criterion, error);
}

KohCriterion *
koh_read_criterion (JsonNode *node, const char *pointer, GError **error)
{
  JsonObject *object = koh_read_object (node, pointer, error);
  KohCriterion *criterion;

  if (object == NULL)
    return NULL;
  criterion = g_new0 (KohCriterion, 1);
  if (read_common (object, pointer, criterion, error) && read_kind (object, pointer, criterion, error))
    return criterion;
  koh_criterion_free (criterion);
  return NULL;
}
