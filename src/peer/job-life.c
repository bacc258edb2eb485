/* SPDX-License-Identifier: EUPL-1.2
 *
 * The life of a job: its thread, what can stop it, and what is told when it ends. */
#include "peer/job-private.h"

#include <string.h>

#include "common/error.h"
#include "common/secret.h"
#include "peer/members.h"

#define SECONDS_TO_TAKE_LEAVE 10 /* for the desk to read our last message and close */

/* ---- Stopping ------------------------------------------------------------------------------ */

static void
close_mesh (KohJob *job, const GError *why)
{
  pthread_mutex_lock (&job->mutex);
  if (job->channel != NULL)
    job->channel->close (job->channel, why);
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (job->links[i] != NULL)
      koh_link_close (job->links[i], why);
  pthread_mutex_unlock (&job->mutex);
}

void
koh_job_stop (KohJob *job, const GError *why)
{
  pthread_mutex_lock (&job->mutex);
  if (job->stopped == NULL)
    job->stopped = g_error_copy (why);
  pthread_mutex_unlock (&job->mutex);
  g_cancellable_cancel (job->cancellable);
  close_mesh (job, why);
}

/* Sees every letter of the desk as it comes: a cancellation, or the loss of the desk, must not wait until
 * the computation has ended. */
static void
alarm_cb (const KohLetter *letter, gpointer user_data)
{
  KohJob *job = user_data;
  g_autoptr (KohMessage) message = NULL;
  g_autoptr (GError) why = NULL;

  if (letter->why != NULL)
    {
      why = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s has gone", koh_link_get_peer (job->desk));
      koh_job_stop (job, why);
      return;
    }
  message = letter->message != NULL ? koh_message_read (letter->message, NULL) : NULL;
  if (message == NULL || message->kind != KOH_MESSAGE_CANCEL)
    return;
  if (strcmp (koh_member_text (message->object, "code"), "mismatch") == 0)
    g_atomic_int_set (&job->self->behind, 1);
  why = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s cancelled the question",
                     koh_link_get_peer (job->desk));
  koh_job_stop (job, why);
}

static gboolean
is_stopped (KohJob *job, GError **error)
{
  gboolean stopped;

  pthread_mutex_lock (&job->mutex);
  stopped = job->stopped != NULL;
  if (stopped && error != NULL)
    {
      g_clear_error (error);
      *error = g_error_copy (job->stopped);
    }
  pthread_mutex_unlock (&job->mutex);
  return stopped;
}

/* ---- Talking with the desk ----------------------------------------------------------------- */

gboolean
koh_job_say (KohJob *job, KohMessageKind kind, JsonObject *members, GError **error)
{
  g_autoptr (GBytes) bytes = koh_message_write (kind, members);

  return koh_link_send (job->desk, bytes, error);
}

KohMessage *
koh_job_hear (KohJob *job, KohMessageKind kind, gint64 seconds, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + MAX (seconds, 0) * G_USEC_PER_SEC;
  g_autoptr (KohLetter) letter = koh_inbox_take (job->inbox, deadline);
  g_autoptr (KohMessage) message = NULL;

  if (is_stopped (job, error))
    return NULL;
  if (letter == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED, "%s did not go on in time",
                   koh_link_get_peer (job->desk));
      return NULL;
    }
  message = koh_message_read (letter->message, error);
  if (message == NULL)
    return NULL;
  if (message->kind == kind)
    return g_steal_pointer (&message);
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s said “%s” where “%s” belongs",
               koh_link_get_peer (job->desk), koh_message_name (message->kind), koh_message_name (kind));
  return NULL;
}

void
koh_job_progress (KohPhase phase, guint64 rows_done, guint64 rows, const KohCost *cost, gpointer user_data)
{
  static const char *const names[] = { "input", "evaluate", "disclosure", "release" };
  KohJob *job = user_data;
  gint64 now = g_get_monotonic_time ();
  JsonObject *members;

  if (now - job->told < G_USEC_PER_SEC / 10)
    return;
  job->told = now;
  members = json_object_new ();
  json_object_set_string_member (members, "phase", names[phase]);
  json_object_set_int_member (members, "done", (gint64) rows_done);
  json_object_set_int_member (members, "total", (gint64) rows);
  json_object_set_int_member (members, "rounds", cost != NULL ? (gint64) cost->rounds : 0);
  json_object_set_int_member (members, "bytes",
                              cost != NULL ? (gint64) (cost->bytes_sent + cost->input_bytes) : 0);
  koh_job_say (job, KOH_MESSAGE_PROGRESS, members, NULL);
}

void
koh_job_beat (KohJob *job)
{
  KohJobBeat beat = (KohJobBeat) g_atomic_int_get (&job->beat);
  JsonObject *members;

  if (beat == KOH_JOB_QUIET)
    return;
  members = json_object_new ();
  json_object_set_string_member (members, "state", beat == KOH_JOB_CHECKING ? "checking" : "input");
  koh_job_say (job, KOH_MESSAGE_STATE, members, NULL);
}

/* ---- The audit log ------------------------------------------------------------------------- */

gboolean
koh_job_record (KohJob *job, const char *type, const GError *why, GError **error)
{
  KohSubject subjects[8];
  guint n = 0;

  if (job->proposal != NULL)
    {
      subjects[n++] = (KohSubject) { "question", job->proposal->question->hash };
      subjects[n++] =
          (KohSubject){ "asker", koh_card_hash (koh_roster_find (job->self->roster, job->proposal->asker)) };
    }
  if (job->own != NULL)
    {
      subjects[n++] = (KohSubject) { "epoch", job->own->epoch };
      subjects[n++] = (KohSubject) { "snapshot", job->own->snapshot };
    }
  if (job->session != NULL)
    {
      subjects[n++] = (KohSubject) { "session", job->session->id };
      subjects[n++] = (KohSubject) { "plan", job->session->plan_hash };
    }
  if (job->sealed != NULL)
    {
      gsize size;
      const void *bytes = g_bytes_get_data (job->sealed, &size);

      subjects[n++] = (KohSubject) { "transcript", job->transcript };
      subjects[n++] = (KohSubject) { "sealed", koh_hash_of ("kohorte/sealed/1", bytes, size) };
    }
  return koh_audit_append (job->self->audit, type, why != NULL ? koh_error_code_name (why) : NULL, subjects,
                           n, error);
}

/* ---- The end ------------------------------------------------------------------------------- */

/* The member whose link closed before we closed it: then what we saw is what it, or one before it, caused. */
static const char *
who_went (KohJob *job)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (job->links[i] != NULL && koh_link_is_closed (job->links[i]))
      return koh_link_get_peer (job->links[i]);
  return NULL;
}

static void
tell_failure (KohJob *job, const GError *why)
{
  const char *gone = who_went (job);
  g_autoptr (GBytes) bytes =
    koh_message_write_error (job->session == NULL ? KOH_MESSAGE_DECLINE : KOH_MESSAGE_STOPPED, why,
                             gone != NULL ? gone : job->self->card->name, gone == NULL);
  g_autoptr (GError) unrecorded = NULL;

  close_mesh (job, why);
  koh_link_send (job->desk, bytes, NULL);
  if (job->proposal != NULL &&
      !koh_job_record (job, job->session == NULL ? "question-refused" : "session-stopped", why, &unrecorded))
    g_printerr ("%s\n", unrecorded->message);
}

/* Our last message is on its way; the desk closes when it has it. */
static void
take_leave (KohJob *job)
{
  gint64 deadline = g_get_monotonic_time () + SECONDS_TO_TAKE_LEAVE * G_USEC_PER_SEC;
  g_autoptr (GError) why =
      g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has said all", job->self->card->name);
  g_autoptr (KohLetter) letter = NULL;

  while (!koh_link_is_closed (job->desk) && !is_stopped (job, NULL) &&
         g_get_monotonic_time () < deadline)
    {
      gint64 soon = MIN (deadline, g_get_monotonic_time () + G_USEC_PER_SEC);

      g_clear_pointer (&letter, koh_letter_free);
      letter = koh_inbox_take (job->inbox, soon);
    }
  koh_link_close (job->desk, why);
}

static void
job_free (KohJob *job)
{
  const GPtrArray *columns = job->session != NULL ? koh_plan_columns (job->session->plan) : NULL;

  for (guint i = 0; job->planes != NULL && i < columns->len; i++)
    if (job->planes[i] != NULL)
      koh_planes_free (job->planes[i], job->own->positions,
                       ((KohColumn *) g_ptr_array_index (columns, i))->width);
  g_free (job->planes);
  g_clear_pointer (&job->channel, koh_channel_free);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&job->links[i], koh_link_unref);
  koh_wipe (job->key);
  koh_wipe (job->next_key);
  g_clear_pointer (&job->message, g_bytes_unref);
  g_clear_pointer (&job->sealed, g_bytes_unref);
  g_clear_pointer (&job->session, koh_session_free);
  g_clear_pointer (&job->own, koh_accept_free);
  g_clear_pointer (&job->store, koh_store_free);
  g_clear_pointer (&job->enrolment, koh_enrolment_unref);
  g_clear_pointer (&job->policy, koh_policy_free);
  g_clear_pointer (&job->proposal, koh_proposal_free);
  g_clear_error (&job->stopped);
  g_clear_object (&job->cancellable);
  koh_inbox_unref (job->inbox);
  koh_link_unref (job->desk);
  pthread_mutex_destroy (&job->mutex);
  g_free (job);
}

static gboolean
ended_cb (gpointer data)
{
  KohJob *job = data;

  g_thread_join (job->thread);
  job->ended (job, job->ended_data);
  job_free (job);
  return G_SOURCE_REMOVE;
}

static gpointer
run_cb (gpointer data)
{
  KohJob *job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "The session has ended");

  if (!koh_job_tell (job, &error))
    {
      is_stopped (job, &error);
      tell_failure (job, error);
    }
  if (job->is_counted)
    g_atomic_int_add (&job->self->jobs, -1);
  take_leave (job);
  /* Only now: the others may still have been reading our last messages to them. */
  close_mesh (job, done);
  koh_inbox_set_alarm (job->inbox, NULL, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, ended_cb, job, NULL);
  return NULL;
}

KohJob *
koh_job_start (KohParticipant *self, KohMeeting *meeting, KohLink *link, KohJobEnded ended,
               gpointer user_data)
{
  KohJob *job = g_new0 (KohJob, 1);

  job->self = self;
  job->meeting = meeting;
  job->desk = koh_link_ref (link);
  job->inbox = koh_inbox_new ();
  job->cancellable = g_cancellable_new ();
  job->ended = ended;
  job->ended_data = user_data;
  pthread_mutex_init (&job->mutex, NULL);
  koh_inbox_set_alarm (job->inbox, alarm_cb, job);
  koh_inbox_watch (job->inbox, 0, link);
  job->thread = g_thread_new ("job", run_cb, job);
  return job;
}
