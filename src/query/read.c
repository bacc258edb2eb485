/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/read.h"

#include <string.h>

#include "common/error.h"
#include "query/text.h"

#define INVALID KOH_ERROR_INVALID

gboolean
koh_read_fail (GError **error, gint code, const char *pointer, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list list;

  va_start (list, format);
  message = g_strdup_vprintf (format, list);
  va_end (list);
  g_set_error (error, KOH_ERROR, code, "%s: %s", *pointer != '\0' ? pointer : "/", message);
  return FALSE;
}

static gboolean
among (const char *name, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  return g_strv_contains ((const char *const *) list, name);
}

/* A member's name in a pointer (RFC 6901). */
static char *
escape (const char *name)
{
  GString *into = g_string_new (name);

  g_string_replace (into, "~", "~0", 0);
  g_string_replace (into, "/", "~1", 0);
  return g_string_free (into, FALSE);
}

gboolean
koh_read_members (JsonObject *object, const char *pointer, const char *known, const char *later,
                  GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *escaped = escape (l->data);
      g_autofree char *here = g_strconcat (pointer, "/", escaped, NULL);

      if (*(const char *) l->data != '\0' && among (l->data, known))
        continue;
      if (*(const char *) l->data != '\0' && among (l->data, later))
        return koh_read_fail (error, KOH_ERROR_UNSUPPORTED, here,
                              "this version does not compute this yet; take it out");
      return koh_read_fail (error, INVALID, here, "this member is unknown");
    }
  return TRUE;
}

JsonObject *
koh_read_object (JsonNode *node, const char *pointer, GError **error)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  koh_read_fail (error, INVALID, pointer, node == NULL ? "this is missing" : "this must be an object");
  return NULL;
}

JsonArray *
koh_read_array (JsonNode *node, const char *pointer, guint least, guint most, GError **error)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array != NULL && json_array_get_length (array) >= least && json_array_get_length (array) <= most)
    return array;
  if (array != NULL && json_array_get_length (array) < least)
    koh_read_fail (error, INVALID, pointer, "this list is empty");
  else if (array != NULL)
    koh_read_fail (error, INVALID, pointer, "this list may have %u entries at most", most);
  else
    koh_read_fail (error, INVALID, pointer, node == NULL ? "this is missing" : "this must be a list");
  return NULL;
}

static const char *
string_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

const char *
koh_read_line (JsonNode *node, const char *pointer, GError **error)
{
  const char *text = string_of (node);

  if (text == NULL)
    koh_read_fail (error, INVALID, pointer, node == NULL ? "this is missing" : "this must be a string");
  else if (*text == '\0')
    koh_read_fail (error, INVALID, pointer, "this is empty");
  else if (koh_text_plain (text, KOH_TEXT_LINE))
    return text;
  else
    koh_read_fail (error, INVALID, pointer, "this must be one plain line of at most 1000 characters");
  return NULL;
}

const char *
koh_read_name (JsonNode *node, const char *pointer, GError **error)
{
  const char *text = koh_read_line (node, pointer, error);

  if (text == NULL || koh_text_name (text))
    return text;
  koh_read_fail (error, INVALID, pointer,
                 "a name has letters, digits and “_” only, and begins with a letter");
  return NULL;
}

gboolean
koh_read_boolean (JsonNode *node, const char *pointer, gboolean *value, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return koh_read_fail (error, INVALID, pointer, "this must be true or false");
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
koh_read_day (JsonNode *node, const char *pointer, gint *day, GError **error)
{
  if (!koh_day_parse (string_of (node), day))
    return koh_read_fail (error, INVALID, pointer,
                          "this must be a date, YYYY-MM-DD, from 1880-01-01 to 2059-06-06");
  return TRUE;
}

gboolean
koh_read_at (JsonObject *object, const char *pointer, gint *at, GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/at", NULL);
  JsonNode *node = json_object_get_member (object, "at");

  *at = KOH_DAY_NONE;
  if (node == NULL || g_strcmp0 (string_of (node), "index") == 0)
    return TRUE;
  if (!koh_day_parse (string_of (node), at))
    return koh_read_fail (error, INVALID, here, "this must be “index” or a date, YYYY-MM-DD");
  return TRUE;
}

gboolean
koh_read_attribute_name (const char *text, const char *pointer, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);
  guint n = g_strv_length (parts);

  if ((n == 1 && koh_text_name (parts[0])) ||
      (n == 2 && koh_text_name (parts[0]) && koh_text_name (parts[1])))
    return TRUE;
  return koh_read_fail (error, INVALID, pointer,
                        "an attribute is written “attribute” or “dataset.attribute”");
}

const char *
koh_read_attribute (JsonObject *object, const char *pointer, GError **error)
{
  g_autofree char *here = g_strconcat (pointer, "/attribute", NULL);
  const char *text = koh_read_line (json_object_get_member (object, "attribute"), here, error);

  return text != NULL && koh_read_attribute_name (text, here, error) ? text : NULL;
}
