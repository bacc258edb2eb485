/* SPDX-License-Identifier: EUPL-1.2
 *
 * Files, and typed members of objects. The reader is json-read.c, the canonical form json-canonical.c. */
#include "query/json.h"

#include "common/error.h"
#include "common/place.h"

JsonNode *
koh_json_read_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = koh_place_read (path, KOH_JSON_MOST, error);
  gsize size;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  return koh_json_parse (text != NULL ? text : "", (gssize) size, path, error);
}

/* The member's node; NULL where it is missing. */
static JsonNode *
member_of (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The member “%s” is missing", member);
  return node;
}

static void
wrong_type (GError **error, const char *member, const char *wanted)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The member “%s” must be %s", member, wanted);
}

const char *
koh_json_string (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = member_of (object, member, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      wrong_type (error, member, "a string");
      return NULL;
    }
  return json_node_get_string (node);
}

gboolean
koh_json_integer (JsonObject *object, const char *member, gint64 least, gint64 most, gint64 *value,
                  GError **error)
{
  JsonNode *node = member_of (object, member, error);

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < least || json_node_get_int (node) > most)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The member “%s” must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                   member, least, most);
      return FALSE;
    }
  *value = json_node_get_int (node);
  return TRUE;
}

JsonObject *
koh_json_object (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = member_of (object, member, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      wrong_type (error, member, "an object");
      return NULL;
    }
  return json_node_get_object (node);
}

JsonArray *
koh_json_array (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = member_of (object, member, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      wrong_type (error, member, "an array");
      return NULL;
    }
  return json_node_get_array (node);
}
