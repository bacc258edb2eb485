/* SPDX-License-Identifier: EUPL-1.2
 *
 * Two short conversations with the participant: which peers can be reached, and what is under way. */
#include "client/client-private.h"

#include "common/error.h"
#include "common/place.h"
#include "query/json.h"

/* ---- Which peers can be reached ---- */

typedef struct
{
  KohClient *client;
  KohWire *wire;
  guint left; /* peers not heard of yet */
} Look;

static void
look_free (Look *look)
{
  if (look->wire != NULL)
    koh_wire_close (look->wire);
  g_clear_object (&look->wire);
  g_clear_object (&look->client);
  g_free (look);
}

static void
seen_cb (KohWire *wire, JsonObject *event, Look *look)
{
  const char *peer = koh_json_string (event, "peer", NULL);
  JsonNode *reachable = json_object_get_member (event, "reachable");

  if (g_strcmp0 (koh_json_string (event, "event", NULL), "peer-seen") != 0 || peer == NULL || reachable == NULL ||
      !JSON_NODE_HOLDS_VALUE (reachable))
    return;
  g_signal_emit_by_name (look->client, "peer-seen", peer, json_node_get_boolean (reachable));
  if (look->left-- <= 1)
    look_free (look);
}

static void
look_closed_cb (KohWire *wire, const GError *error, Look *look)
{
  look_free (look);
}

static void
look_connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;

  look->wire = koh_wire_connect_finish (result, NULL);
  if (look->wire == NULL)
    {
      look_free (look);
      return;
    }
  g_signal_connect (look->wire, "event", G_CALLBACK (seen_cb), look);
  g_signal_connect (look->wire, "closed", G_CALLBACK (look_closed_cb), look);
  koh_wire_send (look->wire, "look", NULL, NULL);
}

static void
look_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  g_autofree char *socket = koh_place_socket (koh_client_get_asker (look->client));

  if (koh_client_start_finish (look->client, result, NULL))
    koh_wire_connect_async (socket, NULL, look_connect_cb, look);
  else
    look_free (look);
}

void
koh_client_look (KohClient *self)
{
  Look *look = g_new0 (Look, 1);

  look->client = g_object_ref (self);
  look->left = g_strv_length ((GStrv) koh_client_get_peers (self));
  koh_client_start_async (self, NULL, look_started_cb, look);
}

/* ---- What is under way ---- */

static void
run_info_free (gpointer data)
{
  KohRunInfo *info = data;

  g_free (info->run);
  g_free (info->title);
  g_free (info->phase);
  g_free (info);
}

static GPtrArray *
read_runs (JsonObject *event)
{
  GPtrArray *runs = g_ptr_array_new_with_free_func (run_info_free);
  JsonArray *array = koh_json_array (event, "runs", NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      KohRunInfo *info;

      if (object == NULL || koh_json_string (object, "run", NULL) == NULL)
        continue;
      info = g_new0 (KohRunInfo, 1);
      info->run = g_strdup (koh_json_string (object, "run", NULL));
      info->title = g_strdup (koh_json_string (object, "title", NULL));
      info->phase = g_strdup (koh_json_string (object, "phase", NULL));
      g_ptr_array_add (runs, info);
    }
  return runs;
}

/* Returning may run the caller's callback: the wire, which is the task's data, is closed first. */
static void
give_runs (GTask *task, GPtrArray *runs)
{
  koh_wire_close (g_task_get_task_data (task));
  g_task_return_pointer (task, runs, (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

static void
runs_event_cb (KohWire *wire, JsonObject *event, GTask *task)
{
  if (g_strcmp0 (koh_json_string (event, "event", NULL), "runs") == 0)
    give_runs (task, read_runs (event));
}

static void
runs_closed_cb (KohWire *wire, const GError *error, GTask *task)
{
  give_runs (task, g_ptr_array_new_with_free_func (run_info_free));
}

static void
runs_connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KohWire *wire = koh_wire_connect_finish (result, NULL);

  if (wire == NULL) /* it does not run, so nothing is under way */
    {
      g_task_return_pointer (task, g_ptr_array_new_with_free_func (run_info_free), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  g_task_set_task_data (task, wire, g_object_unref);
  g_signal_connect (wire, "event", G_CALLBACK (runs_event_cb), task);
  g_signal_connect (wire, "closed", G_CALLBACK (runs_closed_cb), task);
  koh_wire_send (wire, "runs", NULL, NULL);
  g_steal_pointer (&task); /* until the participant has answered or gone */
}

void
koh_client_list_runs_async (KohClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *socket = koh_place_socket (self->asker);

  g_task_set_source_tag (task, koh_client_list_runs_async);
  koh_wire_connect_async (socket, cancellable, runs_connect_cb, g_steal_pointer (&task));
}

GPtrArray *
koh_client_list_runs_finish (KohClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
