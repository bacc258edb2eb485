/* SPDX-License-Identifier: EUPL-1.2
 *
 * A line reader with a bound, and a queue of lines to write. GDataInputStream would read a line of any length. */
#include "client/wire.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "common/error.h"
#include "query/json.h"

struct _KohWire
{
  GObject parent;
  GSocketConnection *connection;
  GCancellable *cancellable;
  GByteArray *input;  /* bytes after the last whole line */
  GString *output;    /* lines that no write has taken yet */
  char *writing;      /* what a write is reading from; NULL between writes */
  gboolean closed;
  guint8 buffer[16384];
};

enum { EVENT, CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KohWire, koh_wire, G_TYPE_OBJECT)

static void
finish (KohWire *self, const GError *error)
{
  if (self->closed)
    return;
  koh_wire_close (self);
  g_signal_emit (self, signals[CLOSED], 0, error);
}

static gboolean
take_line (KohWire *self, const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  if (!g_utf8_validate (line, size, NULL))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "The desk's participant sent a line that is not text.");
      return FALSE;
    }
  node = koh_json_parse (line, size, "the participant's line", error);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "The desk's participant sent a line that is not an object.");
      return FALSE;
    }
  g_signal_emit (self, signals[EVENT], 0, json_node_get_object (node));
  return TRUE;
}

/* Gives every whole line to the listeners; a listener may close the connection in between. */
static gboolean
take_lines (KohWire *self, GError **error)
{
  guint8 *end;

  while (!self->closed && (end = memchr (self->input->data, '\n', self->input->len)) != NULL)
    {
      gsize size = end - self->input->data;
      g_autofree char *line = g_strndup ((const char *) self->input->data, size);

      g_byte_array_remove_range (self->input, 0, size + 1);
      if (size > 0 && !take_line (self, line, size, error))
        return FALSE;
    }
  if (self->input->len > KOH_JSON_MOST)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "The desk's participant sent a line above 1 MiB.");
      return FALSE;
    }
  return TRUE;
}

static void read_more (KohWire *self);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KohWire) self = user_data;
  g_autoptr (GError) error = NULL;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (self->closed)
    return;
  if (size > 0)
    {
      g_byte_array_append (self->input, self->buffer, size);
      if (take_lines (self, &error))
        {
          if (!self->closed)
            read_more (self);
          return;
        }
    }
  finish (self, error);
}

static void
read_more (KohWire *self)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));

  g_input_stream_read_async (stream, self->buffer, sizeof self->buffer, G_PRIORITY_DEFAULT, self->cancellable, read_cb,
                             g_object_ref (self));
}

static void write_more (KohWire *self);

static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KohWire) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->writing, g_free);
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    finish (self, error);
  else
    write_more (self);
}

static void
write_more (KohWire *self)
{
  GOutputStream *stream;
  gsize size = self->output->len;

  if (self->writing != NULL || self->closed || size == 0)
    return;
  self->writing = g_string_free (self->output, FALSE);
  self->output = g_string_new (NULL);
  stream = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  g_output_stream_write_all_async (stream, self->writing, size, G_PRIORITY_DEFAULT, self->cancellable, write_cb,
                                   g_object_ref (self));
}

static void
koh_wire_finalize (GObject *object)
{
  KohWire *self = KOH_WIRE (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);
  g_byte_array_unref (self->input);
  g_string_free (self->output, TRUE);
  g_free (self->writing);
  G_OBJECT_CLASS (koh_wire_parent_class)->finalize (object);
}

static void
koh_wire_class_init (KohWireClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = koh_wire_finalize;
  signals[EVENT] = g_signal_new ("event", KOH_TYPE_WIRE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 JSON_TYPE_OBJECT);
  signals[CLOSED] = g_signal_new ("closed", KOH_TYPE_WIRE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
}

static void
koh_wire_init (KohWire *self)
{
  self->cancellable = g_cancellable_new ();
  self->input = g_byte_array_new ();
  self->output = g_string_new (NULL);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  KohWire *self;

  if (connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_object_new (KOH_TYPE_WIRE, NULL);
  self->connection = connection;
  g_task_return_pointer (task, self, g_object_unref);
}

void
koh_wire_connect_async (const char *socket, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (socket);

  g_task_set_source_tag (task, koh_wire_connect_async);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), cancellable, connect_cb,
                                 g_steal_pointer (&task));
}

KohWire *
koh_wire_connect_finish (GAsyncResult *result, GError **error)
{
  KohWire *self = g_task_propagate_pointer (G_TASK (result), error);

  if (self != NULL)
    read_more (self);
  return self;
}

void
koh_wire_send (KohWire *self, const char *verb, const char *member, const char *value)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "do");
  json_builder_add_string_value (builder, verb);
  if (member != NULL)
    {
      json_builder_set_member_name (builder, member);
      json_builder_add_string_value (builder, value);
    }
  json_builder_end_object (builder);
  node = json_builder_get_root (builder);
  line = json_to_string (node, FALSE);
  g_string_append (self->output, line);
  g_string_append_c (self->output, '\n');
  write_more (self);
}

void
koh_wire_close (KohWire *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
}
