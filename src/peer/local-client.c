/* SPDX-License-Identifier: EUPL-1.2
 *
 * See local-client.h. A client that does not read is cut off when 16 MiB wait for it. */
#include "peer/local-client.h"

#include <string.h>

#include "peer/members.h"

#define WAITING_MOST (16u << 20)

struct _KohLocalClient
{
  GSocketConnection *connection;
  GCancellable *cancellable;
  KohLocalLine line;
  KohLocalClosed closed;
  gpointer user_data;
  GByteArray *in;
  GQueue out;         /* of GBytes; the head is being written */
  gsize waiting;
  gboolean writing, is_closed;
  guint pending;      /* reads and writes under way */
  gboolean freed;
  GHashTable *runs;
};

static void write_next (KohLocalClient *client);
static void read_next  (KohLocalClient *client);

static void
release (KohLocalClient *client)
{
  if (!client->freed || client->pending > 0)
    return;
  g_queue_clear_full (&client->out, (GDestroyNotify) g_bytes_unref);
  g_byte_array_unref (client->in);
  g_hash_table_unref (client->runs);
  g_object_unref (client->cancellable);
  g_object_unref (client->connection);
  g_free (client);
}

void
koh_local_client_free (KohLocalClient *client)
{
  client->freed = TRUE;
  g_cancellable_cancel (client->cancellable);
  release (client);
}

static void
close_client (KohLocalClient *client)
{
  if (client->is_closed || client->freed)
    return;
  client->is_closed = TRUE;
  client->closed (client, client->user_data);
}

/* ---- Out ----------------------------------------------------------------------------------- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KohLocalClient *client = user_data;
  gboolean ok = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  GBytes *head = g_queue_pop_head (&client->out);

  client->pending--;
  client->writing = FALSE;
  client->waiting -= g_bytes_get_size (head);
  g_bytes_unref (head);
  if (client->freed)
    release (client);
  else if (ok)
    write_next (client);
  else
    close_client (client);
}

static void
write_next (KohLocalClient *client)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (client->connection));
  GBytes *head = g_queue_peek_head (&client->out);

  if (client->writing || head == NULL)
    return;
  client->writing = TRUE;
  client->pending++;
  g_output_stream_write_all_async (stream, g_bytes_get_data (head, NULL), g_bytes_get_size (head),
                                   G_PRIORITY_DEFAULT, client->cancellable, written_cb, client);
}

void
koh_local_client_say (KohLocalClient *client, JsonNode *event)
{
  g_autofree char *text = koh_members_text (event);
  char *line = g_strconcat (text, "\n", NULL);
  gsize size = strlen (line);

  if (client->is_closed || client->waiting + size > WAITING_MOST)
    {
      g_free (line);
      g_cancellable_cancel (client->cancellable);
      return;
    }
  client->waiting += size;
  g_queue_push_tail (&client->out, g_bytes_new_take (line, size));
  write_next (client);
}

/* ---- In ------------------------------------------------------------------------------------ */

/* TRUE unless a line is too long. */
static gboolean
take_lines (KohLocalClient *client)
{
  guint8 *end;

  while (!client->freed && !client->is_closed && client->in->len > 0 &&
         (end = memchr (client->in->data, '\n', client->in->len)) != NULL)
    {
      gsize length = (gsize) (end - client->in->data);
      g_autofree char *line = g_strndup ((const char *) client->in->data, length);

      g_byte_array_remove_range (client->in, 0, (guint) length + 1);
      if (strlen (line) == length)
        client->line (client, line, client->user_data);
    }
  return client->in->len <= KOH_LINE_MOST;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KohLocalClient *client = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize size = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  gboolean ok = size > 0;

  /* Still pending while lines are taken: a line may free us. */
  if (ok && !client->freed)
    {
      g_byte_array_append (client->in, data, (guint) size);
      ok = take_lines (client);
    }
  client->pending--;
  if (client->freed)
    release (client);
  else if (ok)
    read_next (client);
  else
    close_client (client);
}

static void
read_next (KohLocalClient *client)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (client->connection));

  client->pending++;
  g_input_stream_read_bytes_async (stream, 65536, G_PRIORITY_DEFAULT, client->cancellable, read_cb, client);
}

KohLocalClient *
koh_local_client_new (GSocketConnection *connection, KohLocalLine line, KohLocalClosed closed,
                      gpointer user_data)
{
  KohLocalClient *client = g_new0 (KohLocalClient, 1);

  client->connection = g_object_ref (connection);
  client->cancellable = g_cancellable_new ();
  client->line = line;
  client->closed = closed;
  client->user_data = user_data;
  client->in = g_byte_array_new ();
  client->runs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  read_next (client);
  return client;
}

void
koh_local_client_follow (KohLocalClient *client, const char *run)
{
  g_hash_table_add (client->runs, g_strdup (run));
}

gboolean
koh_local_client_follows (KohLocalClient *client, const char *run)
{
  return g_hash_table_contains (client->runs, run);
}
