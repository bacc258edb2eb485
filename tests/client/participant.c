/* SPDX-License-Identifier: EUPL-1.2 */
#include "participant.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/place.h"

struct _Participant
{
  GSocketListener *listener;
  GThread *thread;
  GCancellable *cancellable;
  const char *const *script;
  GMutex mutex;
  GCond cond;
  gboolean go;
  GString *heard;
  char *path;
};

static gboolean
say (GOutputStream *stream, const char *line)
{
  g_autofree char *whole = g_strconcat (line, "\n", NULL);

  return g_output_stream_write_all (stream, whole, strlen (whole), NULL, NULL, NULL);
}

static gboolean
play (Participant *self, GOutputStream *stream)
{
  for (guint i = 0; self->script != NULL && self->script[i] != NULL; i++)
    {
      if (g_str_equal (self->script[i], "@close"))
        return FALSE;
      if (g_str_equal (self->script[i], "@pause"))
        {
          g_mutex_lock (&self->mutex);
          while (!self->go)
            g_cond_wait (&self->cond, &self->mutex);
          g_mutex_unlock (&self->mutex);
        }
      else if (!say (stream, self->script[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
answer (Participant *self, const char *line, GOutputStream *stream)
{
  g_mutex_lock (&self->mutex);
  g_string_append_printf (self->heard, "%s\n", line);
  g_mutex_unlock (&self->mutex);
  if (strstr (line, "\"ping\"") != NULL)
    return say (stream, "{\"event\":\"pong\",\"version\":\"0.1.0\",\"name\":\"asker\"}");
  if (strstr (line, "\"look\"") != NULL)
    return say (stream, "{\"event\":\"peer-seen\",\"peer\":\"one\",\"reachable\":true}") &&
           say (stream, "{\"event\":\"peer-seen\",\"peer\":\"two\",\"reachable\":false}");
  if (strstr (line, "\"runs\"") != NULL)
    return say (stream, "{\"event\":\"runs\",\"runs\":[{\"run\":\"r7\",\"title\":\"Earlier\",\"phase\":\"computing\"},7,{}]}");
  if (strstr (line, "\"cancel\"") != NULL)
    return say (stream, "{\"event\":\"failed\",\"run\":\"r1\",\"code\":\"cancelled\",\"message\":\"Cancelled.\"}");
  return play (self, stream);
}

typedef struct
{
  Participant *self;
  GSocketConnection *connection;
} Serving;

static gpointer
serve (gpointer data)
{
  g_autofree Serving *serving = data;
  g_autoptr (GSocketConnection) connection = serving->connection;
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char *line;

  while ((line = g_data_input_stream_read_line (lines, NULL, serving->self->cancellable, NULL)) != NULL)
    {
      gboolean more = answer (serving->self, line, output);

      g_free (line);
      if (!more)
        break;
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  Participant *self = data;
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL)) != NULL)
    {
      Serving *serving = g_new (Serving, 1);

      serving->self = self;
      serving->connection = connection;
      g_ptr_array_add (threads, g_thread_new ("serve", serve, serving));
    }
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  return NULL;
}

Participant *
participant_new (const char *folder, const char *const *script)
{
  Participant *self = g_new0 (Participant, 1);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->path = koh_place_socket (folder);
  self->script = script;
  self->heard = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_unlink (self->path);
  address = g_unix_socket_address_new (self->path);
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                 &error);
  g_assert_no_error (error);
  self->thread = g_thread_new ("participant", accept_all, self);
  return self;
}

void
participant_go (Participant *self)
{
  g_mutex_lock (&self->mutex);
  self->go = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
participant_heard (Participant *self, const char *part)
{
  gboolean heard;

  g_mutex_lock (&self->mutex);
  heard = strstr (self->heard->str, part) != NULL;
  g_mutex_unlock (&self->mutex);
  return heard;
}

void
participant_free (Participant *self)
{
  participant_go (self);
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_socket_listener_close (self->listener);
  g_unlink (self->path);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_string_free (self->heard, TRUE);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->path);
  g_free (self);
}

void
participant_serve (const char *folder)
{
  g_autoptr (Participant) self = participant_new (folder, NULL);

  g_thread_join (g_steal_pointer (&self->thread));
}

/* ---- A folder ---- */

void
federation_write (const char *federation, const char *path, const char *text)
{
  g_autofree char *whole = g_build_filename (federation, path, NULL);
  g_autofree char *folder = g_path_get_dirname (whole);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (whole, text, -1, &error);
  g_assert_no_error (error);
}

char *
federation_new (void)
{
  g_autoptr (GError) error = NULL;
  char *federation = g_dir_make_tmp ("kohorte-client-XXXXXX", &error);
  g_autofree char *run = g_build_filename (federation, "run", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir (run, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", run, TRUE);
  federation_write (federation, "federation.ini", "[federation]\nname=Test\npeers=one;two\nasker=asker\n");
  federation_write (federation, "asker/answers/.keep", "");
  federation_write (
    federation, "catalogues/one.json",
    "{\"kohorte_catalogue\":1,\"peer\":\"one\",\"title\":{\"da\":\"Den ene\",\"en\":\"The one\"},\"organisation\":\"O\","
    "\"contact\":\"\",\"population\":true,\"datasets\":[{\"name\":\"population\",\"kind\":\"person\",\"validity\":\"none\","
    "\"title\":{\"da\":\"Befolkning\",\"en\":\"Population\"},\"description\":{\"da\":\"\",\"en\":\"\"},\"rows\":1000,"
    "\"variables\":[{\"name\":\"birth_date\",\"title\":{\"da\":\"Fødselsdato\",\"en\":\"Date of birth\"},"
    "\"type\":\"date\",\"levels\":[]},{\"name\":\"sex\",\"title\":{\"da\":\"Køn\",\"en\":\"Sex\"},\"type\":\"string\","
    "\"levels\":[{\"code\":\"M\",\"title\":{\"da\":\"Mænd\",\"en\":\"Men\"}},"
    "{\"code\":\"K\",\"title\":{\"da\":\"Kvinder\",\"en\":\"Women\"}}]}]}]}");
  return federation;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
federation_remove (char *federation)
{
  remove_all (federation);
  g_free (federation);
}
