/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli federation up: every peer of a federation folder as a process of its own on this machine, for
 * trying things out. They stop together: on Ctrl-C, and when one of them dies. */
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/peer-program.h"
#include "common/error.h"
#include "common/place.h"

#define STOP_SECONDS 10 /* then a peer that does not end is killed */

typedef struct _Up Up;

typedef struct
{
  Up *up;
  char *name;
  GSubprocess *process;
  gboolean ready;
  gboolean ended;
} Peer;

struct _Up
{
  const char *folder;
  gboolean keep;
  GPtrArray *peers; /* of Peer */
  GMainLoop *loop;
  GCancellable *reading; /* ends the reading of what the peers write */
  guint readers;
  gboolean stopping;
  gboolean was_ready;
  guint killing;
  int status;
};

static void
free_peer (gpointer data)
{
  Peer *peer = data;

  g_clear_object (&peer->process);
  g_free (peer->name);
  g_free (peer);
}

static guint
count_running (const Up *up)
{
  guint n = 0;

  for (guint i = 0; i < up->peers->len; i++)
    n += ((Peer *) g_ptr_array_index (up->peers, i))->ended ? 0 : 1;
  return n;
}

static gboolean
kill_cb (gpointer user_data)
{
  Up *up = user_data;

  for (guint i = 0; i < up->peers->len; i++)
    {
      Peer *peer = g_ptr_array_index (up->peers, i);

      if (peer->ended)
        continue;
      koh_cli_say (_("%s does not stop; it is killed."), peer->name);
      g_subprocess_force_exit (peer->process);
    }
  return G_SOURCE_CONTINUE;
}

static void
stop (Up *up, int status)
{
  if (up->stopping)
    return;
  up->stopping = TRUE;
  up->status = status;
  for (guint i = 0; i < up->peers->len; i++)
    {
      Peer *peer = g_ptr_array_index (up->peers, i);

      if (!peer->ended)
        g_subprocess_send_signal (peer->process, SIGTERM);
    }
  if (count_running (up) == 0)
    g_main_loop_quit (up->loop);
  else
    up->killing = g_timeout_add_seconds (STOP_SECONDS, kill_cb, up);
}

static gboolean
signal_cb (gpointer user_data)
{
  Up *up = user_data;

  stop (up, up->was_ready ? 0 : 130);
  return G_SOURCE_CONTINUE;
}

static void
became_ready (Peer *peer)
{
  Up *up = peer->up;

  peer->ready = TRUE;
  for (guint i = 0; i < up->peers->len; i++)
    if (!((Peer *) g_ptr_array_index (up->peers, i))->ready)
      return;
  if (up->was_ready || up->stopping)
    return;
  up->was_ready = TRUE;
  puts ("READY");
  fflush (stdout);
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  Up *up = peer->up;

  g_subprocess_wait_finish (peer->process, result, NULL);
  peer->ended = TRUE;
  if (!up->stopping)
    {
      if (g_subprocess_get_if_signaled (peer->process))
        koh_cli_say (_("%s has stopped (signal %d)."), peer->name, g_subprocess_get_term_sig (peer->process));
      else
        koh_cli_say (_("%s has stopped (exit status %d); see its last words above."), peer->name,
                     g_subprocess_get_exit_status (peer->process));
      if (!up->keep || count_running (up) == 0)
        stop (up, 4);
      else
        koh_cli_say (_("The others go on. “kohorte-peer serve %s/%s” starts it again."), up->folder, peer->name);
    }
  if (up->stopping && count_running (up) == 0)
    g_main_loop_quit (up->loop);
}

static void read_line (Peer *peer, GDataInputStream *stream, gboolean is_result);

static void
stdout_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  GDataInputStream *stream = G_DATA_INPUT_STREAM (object);
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (stream, result, NULL, NULL);

  if (line == NULL)
    {
      peer->up->readers--;
      return;
    }
  if (g_str_has_prefix (line, "READY"))
    became_ready (peer);
  read_line (peer, stream, TRUE);
}

static void
stderr_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  GDataInputStream *stream = G_DATA_INPUT_STREAM (object);
  g_autofree char *line = g_data_input_stream_read_line_finish (stream, result, NULL, NULL);
  g_autofree char *text = NULL, *prefix = g_strconcat (peer->name, ": ", NULL);

  if (line == NULL)
    {
      peer->up->readers--;
      return;
    }
  text = g_utf8_make_valid (line, -1);
  fprintf (stderr, "%s%s\n", g_str_has_prefix (text, prefix) ? "" : prefix, text);
  fflush (stderr);
  read_line (peer, stream, FALSE);
}

static void
read_line (Peer *peer, GDataInputStream *stream, gboolean is_result)
{
  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, peer->up->reading,
                                       is_result ? stdout_cb : stderr_cb, peer);
}

/* A group of its own, so that Ctrl-C in the terminal reaches this program alone, which then stops the peers
 * in order; and never longer than this program. */
static void
child_setup (gpointer user_data)
{
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
start (Peer *peer, const char *program, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *folder = g_build_filename (peer->up->folder, peer->name, NULL);
  g_autoptr (GDataInputStream) out = NULL, err = NULL;

  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  peer->process = g_subprocess_launcher_spawn (launcher, error, program, "serve", folder, NULL);
  if (peer->process == NULL)
    {
      peer->ended = TRUE;
      g_prefix_error (error, "%s: ", peer->name);
      return FALSE;
    }
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (peer->process));
  err = g_data_input_stream_new (g_subprocess_get_stderr_pipe (peer->process));
  peer->up->readers += 2;
  read_line (peer, out, TRUE);
  read_line (peer, err, FALSE);
  g_subprocess_wait_async (peer->process, NULL, ended_cb, peer);
  return TRUE;
}

static gboolean
cancel_reading_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* What the peers wrote as they ended, unless a child of theirs keeps the pipe open. */
static void
read_last_words (Up *up)
{
  guint timeout = g_timeout_add_seconds (1, cancel_reading_cb, up->reading);

  while (up->readers > 0)
    g_main_context_iteration (NULL, TRUE);
  if (!g_cancellable_is_cancelled (up->reading))
    g_source_remove (timeout);
}

/* The desk's participant goes on when a window closes, but without its peers it has nothing left to do here.
 * Where none runs there is nobody to tell. */
static void
stop_desk (const Up *up)
{
  g_autofree char *path = g_build_filename (up->folder, "federation.ini", NULL);
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autofree char *desk = NULL, *folder = NULL, *socket = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  static const char stop_line[] = "{\"do\":\"stop\"}\n";

  if (!g_key_file_load_from_file (ini, path, G_KEY_FILE_NONE, NULL))
    return;
  desk = g_key_file_get_string (ini, "federation", "asker", NULL);
  if (desk == NULL)
    return;
  folder = g_build_filename (up->folder, desk, NULL);
  socket = koh_place_socket (folder);
  address = g_unix_socket_address_new (socket);
  g_socket_client_set_timeout (client, 5);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), stop_line,
                               sizeof stop_line - 1, NULL, NULL, NULL);
}

/* Runs until every peer has ended. */
static int
run (Up *up, const char *const *names, const char *program)
{
  g_autoptr (GError) error = NULL;
  guint sources[2];

  up->reading = g_cancellable_new ();
  up->peers = g_ptr_array_new_with_free_func (free_peer);
  up->loop = g_main_loop_new (NULL, FALSE);
  for (guint i = 0; names[i] != NULL; i++)
    {
      Peer *peer = g_new0 (Peer, 1);

      peer->up = up;
      peer->name = g_strdup (names[i]);
      peer->ended = TRUE;
      g_ptr_array_add (up->peers, peer);
    }
  sources[0] = g_unix_signal_add (SIGINT, signal_cb, up);
  sources[1] = g_unix_signal_add (SIGTERM, signal_cb, up);
  for (guint i = 0; i < up->peers->len && error == NULL; i++)
    {
      Peer *peer = g_ptr_array_index (up->peers, i);

      peer->ended = FALSE;
      start (peer, program, &error);
    }
  if (error != NULL)
    stop (up, koh_cli_fail (error));
  if (count_running (up) > 0)
    g_main_loop_run (up->loop);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  g_clear_handle_id (&up->killing, g_source_remove);
  read_last_words (up);
  stop_desk (up);
  g_main_loop_unref (up->loop);
  g_object_unref (up->reading);
  g_ptr_array_unref (up->peers);
  return up->status;
}

int
koh_cli_federation_up (int argc, char **argv)
{
  Up up = { 0 };
  const GOptionEntry entries[] = {
    { "keep", 0, 0, G_OPTION_ARG_NONE, &up.keep, N_("When one peer dies, leave the others running"), NULL },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autofree char *program = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohClient) client = NULL;
  int status;

  if (!koh_cli_options (argc, argv, entries, 1, 1, &words, &status))
    return status;
  client = koh_client_open (words[0], &error);
  if (client == NULL)
    return koh_cli_fail (error);
  program = koh_cli_peer_program (&error);
  if (program == NULL)
    return koh_cli_fail (error);
  up.folder = words[0];
  return run (&up, koh_client_get_peers (client), program);
}
