/* SPDX-License-Identifier: EUPL-1.2
 *
 * See messages.h. The table is the protocol: a kind, its name on the wire, its members. */
#include "peer/messages.h"

#include <gio/gio.h>
#include <string.h>

#include "common/error.h"
#include "peer/members.h"
#include "query/json.h"

#define MEMBERS_MOST 8

static const struct
{
  const char *name;
  KohMember members[MEMBERS_MOST];
} kinds[] = {
  [KOH_MESSAGE_PROPOSE] = { "propose", { { "proposal", KOH_SHAPE_OBJECT } } },
  [KOH_MESSAGE_REVIEW] = { "review", { { "message", KOH_SHAPE_TEXT } } },
  [KOH_MESSAGE_ACCEPT] = { "accept", { { "accept", KOH_SHAPE_OBJECT } } },
  [KOH_MESSAGE_DECLINE] = { "decline",
                            { { "code", KOH_SHAPE_NAME },
                              { "peer", KOH_SHAPE_NAME },
                              { "message", KOH_SHAPE_TEXT },
                              { "first_hand", KOH_SHAPE_FLAG } } },
  [KOH_MESSAGE_START] = { "start", { { "accepts", KOH_SHAPE_ARRAY } } },
  [KOH_MESSAGE_CONFIRM] = { "confirm", { { "session", KOH_SHAPE_HASH }, { "plan", KOH_SHAPE_HASH } } },
  [KOH_MESSAGE_READY] = { "ready", { { "session", KOH_SHAPE_HASH } } },
  [KOH_MESSAGE_STATE] = { "state", { { "state", KOH_SHAPE_NAME } } },
  [KOH_MESSAGE_PROGRESS] = { "progress",
                             { { "phase", KOH_SHAPE_NAME },
                               { "done", KOH_SHAPE_WHOLE },
                               { "total", KOH_SHAPE_WHOLE },
                               { "rounds", KOH_SHAPE_WHOLE },
                               { "bytes", KOH_SHAPE_WHOLE } } },
  [KOH_MESSAGE_SHARES] = { "shares",
                           { { "sealed", KOH_SHAPE_BASE64 },
                             { "transcript", KOH_SHAPE_HASH },
                             { "receipt", KOH_SHAPE_OBJECT },
                             { "rounds", KOH_SHAPE_WHOLE },
                             { "bytes", KOH_SHAPE_WHOLE } } },
  [KOH_MESSAGE_STOPPED] = { "stopped",
                            { { "code", KOH_SHAPE_NAME },
                              { "peer", KOH_SHAPE_NAME },
                              { "message", KOH_SHAPE_TEXT },
                              { "first_hand", KOH_SHAPE_FLAG } } },
  [KOH_MESSAGE_CANCEL] = { "cancel", { { "code", KOH_SHAPE_NAME } } },
};

const char *
koh_message_name (KohMessageKind kind)
{
  return kinds[kind].name;
}

static gboolean
find_kind (JsonObject *object, KohMessageKind *kind)
{
  const char *name = koh_json_string (object, "type", NULL);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (name, kinds[i].name) == 0)
      {
        *kind = (KohMessageKind) i;
        return TRUE;
      }
  return FALSE;
}

/* The type is a member like the others, so that nothing but it and the kind's own may stand there. */
static gboolean
check_members (JsonObject *object, KohMessageKind kind, GError **error)
{
  KohMember table[MEMBERS_MOST + 1] = { { "type", KOH_SHAPE_NAME } };
  g_autofree char *what = g_strdup_printf ("The message “%s”", kinds[kind].name);
  guint n = 1;

  for (guint i = 0; i < MEMBERS_MOST && kinds[kind].members[i].name != NULL; i++)
    table[n++] = kinds[kind].members[i];
  return koh_members_check (object, table, n, what, error);
}

KohMessage *
koh_message_read (GBytes *bytes, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) node = NULL;
  KohMessage *message;
  KohMessageKind kind;

  if (size == 0 || size > KOH_JSON_MOST)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "A message of %" G_GSIZE_FORMAT " bytes is not read",
                   size);
      return NULL;
    }
  node = koh_json_parse (text, (gssize) size, "a message", &local);
  if (node == NULL)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_PROTOCOL, local->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node) || !find_kind (json_node_get_object (node), &kind))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "A message is of no kind that this version knows");
      return NULL;
    }
  if (!check_members (json_node_get_object (node), kind, error))
    return NULL;
  message = g_new0 (KohMessage, 1);
  message->kind = kind;
  message->object = json_node_get_object (node);
  message->node = g_steal_pointer (&node);
  return message;
}

void
koh_message_free (KohMessage *message)
{
  json_node_unref (message->node);
  g_free (message);
}

GBytes *
koh_message_write (KohMessageKind kind, JsonObject *members)
{
  g_autoptr (JsonNode) node = NULL;
  char *text;

  json_object_set_string_member (members, "type", kinds[kind].name);
  g_assert (check_members (members, kind, NULL));
  node = koh_members_node (members);
  text = koh_json_canonical (node);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
koh_message_write_error (KohMessageKind kind, const GError *why, const char *about, gboolean first_hand)
{
  JsonObject *members = json_object_new ();
  g_autofree char *text = g_utf8_make_valid (why->message, -1);

  /* A sentence is short; what is longer comes from a library's own message and is cut. */
  if (strlen (text) > 1000)
    {
      g_autofree char *cut = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 300));

      g_free (text);
      text = g_strconcat (cut, "…", NULL);
    }
  json_object_set_string_member (members, "code", koh_error_code_name (why));
  json_object_set_string_member (members, "peer", about);
  json_object_set_string_member (members, "message", text);
  json_object_set_boolean_member (members, "first_hand", first_hand);
  return koh_message_write (kind, members);
}

GError *
koh_message_error (const KohMessage *message)
{
  const char *code = koh_member_text (message->object, "code");
  const char *text = koh_member_text (message->object, "message");

  if (g_strcmp0 (code, "cancelled") == 0)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, text);
  return g_error_new_literal (KOH_ERROR, (gint) koh_error_code_from_name (code), text);
}
