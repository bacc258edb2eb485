/* SPDX-License-Identifier: EUPL-1.2
 *
 * See local.h. The verbs are a table; each answers its client. */
#include "peer/local.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/answer.h"
#include "peer/local-client.h"
#include "peer/members.h"
#include "query/json.h"

#define CLIENTS_MOST 16

struct _KohLocal
{
  KohParticipant *self;
  KohDesk *desk;
  KohLocalStop stop;
  gpointer stop_data;
  char *path;
  GSocketService *service;
  GPtrArray *clients;        /* of KohLocalClient */
  GCancellable *cancellable; /* of looks */
  guint looks;               /* dials under way */
};

static JsonObject *
event_new (const char *event)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);
  return object;
}

static void
say (KohLocalClient *client, JsonObject *event)
{
  g_autoptr (JsonNode) node = koh_members_node (event);

  koh_local_client_say (client, node);
}

static void
say_error (KohLocalClient *client, const char *message)
{
  JsonObject *event = event_new ("error");

  json_object_set_string_member (event, "message", message);
  say (client, event);
}

/* ---- The verbs ----------------------------------------------------------------------------- */

static void
ping (KohLocal *local, KohLocalClient *client, const char *value)
{
  JsonObject *event = event_new ("pong");

  json_object_set_string_member (event, "version", KOH_VERSION);
  json_object_set_string_member (event, "name", local->self->card->name);
  say (client, event);
}

typedef struct
{
  KohLocal *local;
  char *peer;
} Look;

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  KohLocal *local = look->local;
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "Only looking");
  g_autoptr (KohLink) link = koh_node_dial_finish (local->self->node, result, NULL);
  JsonObject *event = event_new ("peer-seen");
  g_autoptr (JsonNode) node = koh_members_node (event);

  json_object_set_string_member (event, "peer", look->peer);
  json_object_set_boolean_member (event, "reachable", link != NULL);
  if (link != NULL)
    koh_link_close (link, done);
  /* Everybody who listens may know. */
  for (guint i = 0; i < local->clients->len; i++)
    koh_local_client_say (g_ptr_array_index (local->clients, i), node);
  local->looks--;
  g_free (look->peer);
  g_free (look);
}

static void
look (KohLocal *local, KohLocalClient *client, const char *value)
{
  g_autoptr (GPtrArray) peers = koh_roster_peers (local->self->roster);

  /* One look at a time answers everybody. */
  if (local->looks > 0)
    return;
  for (guint i = 0; i < peers->len; i++)
    {
      Look *one = g_new0 (Look, 1);

      one->local = local;
      one->peer = g_strdup (((const KohCard *) g_ptr_array_index (peers, i))->name);
      local->looks++;
      koh_node_dial_async (local->self->node, one->peer, "control", local->cancellable, looked_cb, one);
    }
}

static void
ask (KohLocal *local, KohLocalClient *client, const char *value)
{
  g_autoptr (GError) error = NULL;
  KohHash hash;
  const char *run = koh_desk_ask (local->desk, value, &hash, &error);
  g_autofree char *hex = NULL;
  JsonObject *event;

  if (run == NULL)
    {
      event = event_new ("failed");
      json_object_set_string_member (event, "run", "");
      json_object_set_string_member (event, "code", koh_error_code_name (error));
      json_object_set_string_member (event, "peer", local->self->card->name);
      json_object_set_string_member (event, "message", error->message);
      say (client, event);
      return;
    }
  hex = koh_hash_to_hex (&hash);
  koh_local_client_follow (client, run);
  event = event_new ("run");
  json_object_set_string_member (event, "run", run);
  json_object_set_string_member (event, "question_hash", hex);
  say (client, event);
}

static void
watch (KohLocal *local, KohLocalClient *client, const char *value)
{
  g_autoptr (GPtrArray) told = koh_desk_replay (local->desk, value);

  if (told == NULL)
    {
      say_error (client, "No such run");
      return;
    }
  koh_local_client_follow (client, value);
  for (guint i = 0; i < told->len; i++)
    koh_local_client_say (client, g_ptr_array_index (told, i));
}

static void
runs (KohLocal *local, KohLocalClient *client, const char *value)
{
  JsonObject *event = event_new ("runs");

  json_object_set_array_member (event, "runs", koh_desk_runs (local->desk));
  say (client, event);
}

static void
cancel (KohLocal *local, KohLocalClient *client, const char *value)
{
  if (!koh_desk_cancel (local->desk, value))
    say_error (client, "No such run is under way");
}

static void
answers (KohLocal *local, KohLocalClient *client, const char *value)
{
  JsonObject *event = event_new ("answers");

  json_object_set_array_member (event, "answers", koh_answer_list (local->self->folder));
  say (client, event);
}

static void
stop (KohLocal *local, KohLocalClient *client, const char *value)
{
  local->stop (local->stop_data);
}

static const struct
{
  const char *verb;
  const char *member; /* that it needs; NULL */
  void (*act) (KohLocal *local, KohLocalClient *client, const char *value);
} verbs[] = {
  { "ping", NULL, ping },       { "look", NULL, look }, { "ask", "question", ask },
  { "watch", "run", watch },    { "runs", NULL, runs }, { "cancel", "run", cancel },
  { "answers", NULL, answers }, { "stop", NULL, stop },
};

static void
line_cb (KohLocalClient *client, const char *line, gpointer user_data)
{
  KohLocal *local = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = koh_json_parse (line, -1, "the line", &error);
  JsonObject *object;
  const char *verb;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      say_error (client, error != NULL ? error->message : "The line is not an object");
      return;
    }
  object = json_node_get_object (node);
  verb = koh_json_string (object, "do", NULL);
  for (guint i = 0; verb != NULL && i < G_N_ELEMENTS (verbs); i++)
    {
      const char *value = verbs[i].member != NULL ? koh_json_string (object, verbs[i].member, NULL) : NULL;

      if (strcmp (verbs[i].verb, verb) != 0 || (verbs[i].member != NULL && value == NULL))
        continue;
      verbs[i].act (local, client, value);
      return;
    }
  say_error (client, "The line is not understood");
}

/* ---- Clients ------------------------------------------------------------------------------- */

static void
event_cb (const char *run, JsonNode *event, gpointer user_data)
{
  KohLocal *local = user_data;

  for (guint i = 0; i < local->clients->len; i++)
    {
      KohLocalClient *client = g_ptr_array_index (local->clients, i);

      if (koh_local_client_follows (client, run))
        koh_local_client_say (client, event);
    }
}

static void
closed_cb (KohLocalClient *client, gpointer user_data)
{
  g_ptr_array_remove_fast (((KohLocal *) user_data)->clients, client);
}

/* The mode of the socket keeps others out; this does where the system ignores it. */
static gboolean
is_own_user (GSocketConnection *connection)
{
  g_autoptr (GCredentials) credentials =
      g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);

  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == getuid ();
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  KohLocal *local = user_data;

  if (is_own_user (connection) && local->clients->len < CLIENTS_MOST)
    g_ptr_array_add (local->clients, koh_local_client_new (connection, line_cb, closed_cb, local));
  return TRUE;
}

/* ---- The socket ---------------------------------------------------------------------------- */

/* In a folder that others can write, somebody else could stand in our place. */
static gboolean
check_place (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat stat_of;

  if (lstat (folder, &stat_of) == 0 && S_ISDIR (stat_of.st_mode) && stat_of.st_uid == getuid () &&
      (stat_of.st_mode & (S_IWGRP | S_IWOTH)) == 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s must be a folder that only its user can write",
               folder);
  return FALSE;
}

static gboolean
listen_on (KohLocal *local, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (local->path);
  g_autoptr (GError) why = NULL;

  /* The lock of the folder is ours, so a socket that stands there is left over. */
  g_unlink (local->path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (local->service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &why) ||
      g_chmod (local->path, 0600) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot listen on %s: %s", local->path,
                   why != NULL ? why->message : g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

KohLocal *
koh_local_new (KohParticipant *self, KohDesk *desk, KohLocalStop stop_func, gpointer user_data,
               GError **error)
{
  g_autoptr (KohLocal) local = g_new0 (KohLocal, 1);

  local->self = self;
  local->desk = desk;
  local->stop = stop_func;
  local->stop_data = user_data;
  local->path = koh_place_socket (self->folder);
  local->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_local_client_free);
  local->cancellable = g_cancellable_new ();
  local->service = g_socket_service_new ();
  if (!check_place (local->path, error) || !listen_on (local, error))
    return NULL;
  g_signal_connect (local->service, "incoming", G_CALLBACK (incoming_cb), local);
  koh_desk_set_event (desk, event_cb, local);
  return g_steal_pointer (&local);
}

void
koh_local_free (KohLocal *local)
{
  koh_desk_set_event (local->desk, NULL, NULL);
  g_socket_service_stop (local->service);
  g_socket_listener_close (G_SOCKET_LISTENER (local->service));
  g_unlink (local->path);
  g_cancellable_cancel (local->cancellable);
  /* Looks that are under way come back cancelled, before we go. */
  while (local->looks > 0)
    g_main_context_iteration (NULL, TRUE);
  g_ptr_array_unref (local->clients);
  g_object_unref (local->cancellable);
  g_object_unref (local->service);
  g_free (local->path);
  g_free (local);
}
