/* SPDX-License-Identifier: EUPL-1.2
 *
 * Starting the desk's participant. It is a process of its own, in a session of its own, so that it outlives the
 * window or the terminal that started it: what is computing goes on. Two programs may start it at once; the
 * participant's lock lets one win, and both then find it answering. */
#include "client/client-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/place.h"
#include "query/json.h"

#define WAIT_SECONDS 30
#define PING_SECONDS 3
#define BETWEEN_PINGS 40 /* milliseconds */
#define MOST_LOG (1 << 20)

typedef struct
{
  KohClient *client;
  char *socket;
  char *log;
  GSubprocess *process; /* NULL until we had to start one */
  guint after_exit;     /* pings since we saw it end */
  gint64 deadline;

  /* The ping under way. */
  KohWire *wire;
  guint timeout;
} Start;

static void
end_ping (Start *start)
{
  g_clear_handle_id (&start->timeout, g_source_remove);
  if (start->wire != NULL)
    {
      koh_wire_close (start->wire);
      g_clear_object (&start->wire);
    }
}

static void
start_free (Start *start)
{
  end_ping (start);
  g_clear_object (&start->client);
  g_clear_object (&start->process);
  g_free (start->socket);
  g_free (start->log);
  g_free (start);
}

/* KOHORTE_PEER; beside us; where the build tree has it; in PATH. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *beside = g_build_filename (folder, "kohorte-peer", NULL);
  g_autofree char *built = g_build_filename (folder, "..", "peer", "kohorte-peer", NULL);
  const char *told = g_getenv ("KOHORTE_PEER");

  if (told != NULL)
    return g_strdup (told);
  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_find_program_in_path ("kohorte-peer");
}

/* Between fork and exec: only what is safe there. */
static void
leave_session_cb (gpointer user_data)
{
  setsid ();
}

/* Appended to, since a participant that loses the race for the lock must not wipe the winner's words. */
static int
open_log (Start *start)
{
  g_autofree char *state = g_build_filename (start->client->asker, "state", NULL);
  GStatBuf status;
  gboolean long_enough = g_stat (start->log, &status) == 0 && status.st_size > MOST_LOG;

  g_mkdir (state, 0700);
  return open (start->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (long_enough ? O_TRUNC : 0), 0600);
}

static gboolean
spawn (Start *start, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) local = NULL;
  g_autofree char *program = find_program ();
  int log;

  if (!g_file_test (start->client->asker, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The desk's participant has no folder: %s is missing.",
                   start->client->asker);
      return FALSE;
    }
  if (program == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The program kohorte-peer was not found; install it, or name it in KOHORTE_PEER.");
      return FALSE;
    }
  log = open_log (start);
  if (log < 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot write %s: %s", start->log, g_strerror (errno));
      return FALSE;
    }
  g_subprocess_launcher_take_stdout_fd (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, leave_session_cb, NULL, NULL);
  start->process = g_subprocess_launcher_spawn (launcher, &local, program, "serve", "--local", start->client->asker,
                                                NULL);
  if (start->process == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot start the desk's participant: %s", local->message);
  return start->process != NULL;
}

/* The last line that the participant wrote, which says why it ended. */
static char *
last_words (const char *log)
{
  g_autofree char *text = NULL;
  char *newline;

  if (!g_file_get_contents (log, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return g_strdup ("");
  g_strchomp (text);
  newline = strrchr (text, '\n');
  return g_strdup (newline != NULL ? newline + 1 : text);
}

static void ping (GTask *task);

static gboolean
ping_again_cb (gpointer user_data)
{
  ping (user_data);
  return G_SOURCE_REMOVE;
}

/* Nobody answered: start the participant, wait a little more, or give up with its own words. */
static void
no_answer (GTask *task)
{
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  end_ping (start);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (start->process == NULL && !spawn (start, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_subprocess_get_identifier (start->process) == NULL)
    start->after_exit++;

  /* One that lost the lock to another ends at once; give the winner time to listen. */
  if (start->after_exit > 25 || g_get_monotonic_time () > start->deadline)
    {
      g_autofree char *words = last_words (start->log);

      g_task_return_new_error (task, KOH_ERROR, KOH_ERROR_UNREACHABLE,
                               "The desk's participant did not start%s%s. Its log is %s.", *words != '\0' ? ": " : "",
                               words, start->log);
      return;
    }
  g_timeout_add_full (G_PRIORITY_DEFAULT, BETWEEN_PINGS, ping_again_cb, g_object_ref (task), g_object_unref);
}

static void
pong_cb (KohWire *wire, JsonObject *event, GTask *task)
{
  Start *start = g_task_get_task_data (task);

  if (g_strcmp0 (koh_json_string (event, "event", NULL), "pong") != 0)
    return;
  end_ping (start);
  g_task_return_boolean (task, TRUE);
}

static void
closed_cb (KohWire *wire, const GError *error, GTask *task)
{
  no_answer (task);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Start *start = g_task_get_task_data (user_data);

  start->timeout = 0;
  no_answer (user_data);
  return G_SOURCE_REMOVE;
}

static void
unref_closure (gpointer task, GClosure *closure)
{
  g_object_unref (task);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Start *start = g_task_get_task_data (task);

  start->wire = koh_wire_connect_finish (result, NULL);
  if (start->wire == NULL)
    {
      no_answer (task);
      return;
    }
  g_signal_connect_data (start->wire, "event", G_CALLBACK (pong_cb), g_object_ref (task), unref_closure, 0);
  g_signal_connect_data (start->wire, "closed", G_CALLBACK (closed_cb), g_object_ref (task), unref_closure, 0);
  start->timeout = g_timeout_add_seconds (PING_SECONDS, timeout_cb, task);
  koh_wire_send (start->wire, "ping", NULL, NULL);
}

static void
ping (GTask *task)
{
  Start *start = g_task_get_task_data (task);

  koh_wire_connect_async (start->socket, g_task_get_cancellable (task), connect_cb, g_object_ref (task));
}

void
koh_client_start_async (KohClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Start *start = g_new0 (Start, 1);

  g_task_set_source_tag (task, koh_client_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  start->client = g_object_ref (self);
  start->socket = koh_place_socket (self->asker);
  start->log = g_build_filename (self->asker, "state", "participant.log", NULL);
  start->deadline = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  ping (task);
}

gboolean
koh_client_start_finish (KohClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
