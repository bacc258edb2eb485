/* SPDX-License-Identifier: EUPL-1.2
 *
 * See members.h. The shapes are few on purpose: what a message needs beyond them is checked where it
 * is used. */
#include "peer/members.h"

#include <sodium.h>
#include <string.h>

#include "common/error.h"
#include "query/json.h"

static gboolean
is_hex (const char *text, gsize digits)
{
  return strlen (text) == digits && strspn (text, "0123456789abcdef") == digits;
}

static gboolean
has_shape (JsonNode *node, KohShape shape)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  const char *text = type == G_TYPE_STRING ? json_node_get_string (node) : NULL;

  switch (shape)
    {
    case KOH_SHAPE_TEXT:
      return text != NULL && strlen (text) <= 4096;
    case KOH_SHAPE_NAME:
      return text != NULL && *text != '\0' && strlen (text) <= 64 &&
             strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (text);
    case KOH_SHAPE_HASH:
      return text != NULL && is_hex (text, 64);
    case KOH_SHAPE_SIGNATURE:
      return text != NULL && is_hex (text, 128);
    case KOH_SHAPE_BASE64:
      return text != NULL && strlen (text) % 4 == 0;
    case KOH_SHAPE_WHOLE:
      return type == G_TYPE_INT64 && json_node_get_int (node) >= 0 &&
             json_node_get_int (node) < ((gint64) 1 << 53);
    case KOH_SHAPE_FLAG:
      return type == G_TYPE_BOOLEAN;
    case KOH_SHAPE_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node);
    case KOH_SHAPE_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node);
    }
  return FALSE;
}

gboolean
koh_members_check (JsonObject *object, const KohMember *table, guint n, const char *what, GError **error)
{
  guint present = 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_object_get_member (object, table[i].name);

      if (node == NULL && table[i].optional)
        continue;
      if (node == NULL || !has_shape (node, table[i].shape))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s %s “%s”", what,
                       node == NULL ? "lacks the member" : "has an unusable member", table[i].name);
          return FALSE;
        }
      present++;
    }
  if (json_object_get_size (object) != present)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s has a member that this version does not know",
                   what);
      return FALSE;
    }
  return TRUE;
}

const char *
koh_member_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL ? json_node_get_string (node) : NULL;
}

guint64
koh_member_whole (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL ? (guint64) json_node_get_int (node) : 0;
}

void
koh_member_bytes (JsonObject *object, const char *name, guint8 *bytes, gsize size)
{
  const char *text = koh_member_text (object, name);
  gsize got = 0;

  memset (bytes, 0, size);
  if (text != NULL)
    sodium_hex2bin (bytes, size, text, strlen (text), NULL, &got, NULL);
}

KohHash
koh_member_hash (JsonObject *object, const char *name)
{
  KohHash hash;

  koh_member_bytes (object, name, hash.bytes, sizeof hash.bytes);
  return hash;
}

void
koh_member_set_bytes (JsonObject *object, const char *name, const guint8 *bytes, gsize size)
{
  g_autofree char *hex = g_malloc (2 * size + 1);

  sodium_bin2hex (hex, 2 * size + 1, bytes, size);
  json_object_set_string_member (object, name, hex);
}

void
koh_member_set_hash (JsonObject *object, const char *name, const KohHash *hash)
{
  koh_member_set_bytes (object, name, hash->bytes, sizeof hash->bytes);
}

JsonNode *
koh_members_node (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

/* ---- In order ------------------------------------------------------------------------------ */

static void write_node (GString *text, JsonNode *node);

static void
write_string (GString *text, const char *string)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), string);

  write_node (text, node);
}

static void
write_object (GString *text, JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  g_string_append_c (text, '{');
  for (GList *at = names; at != NULL; at = at->next)
    {
      write_string (text, at->data);
      g_string_append_c (text, ':');
      write_node (text, json_object_get_member (object, at->data));
      if (at->next != NULL)
        g_string_append_c (text, ',');
    }
  g_string_append_c (text, '}');
}

static void
write_array (GString *text, JsonArray *array)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      write_node (text, json_array_get_element (array, i));
    }
  g_string_append_c (text, ']');
}

static void
write_node (GString *text, JsonNode *node)
{
  g_autofree char *scalar = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      write_object (text, json_node_get_object (node));
      return;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      write_array (text, json_node_get_array (node));
      return;
    }
  scalar = koh_json_canonical (node);
  g_string_append (text, scalar);
}

char *
koh_members_text (JsonNode *node)
{
  g_autoptr (GString) text = g_string_new (NULL);

  write_node (text, node);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
