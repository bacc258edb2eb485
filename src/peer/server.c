/* SPDX-License-Identifier: EUPL-1.2
 *
 * See server.h. The main context has the network and the local socket; each question, each owner that
 * enrols and our own enrolment have a thread. */
#include "peer/server.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "peer/desk.h"
#include "peer/enrol.h"
#include "peer/job.h"
#include "peer/local.h"

#define SECONDS_TO_FINISH 10 /* for the running session, after a signal */
#define LINKS_MOST 32        /* control links, most of them idle */
#define ENROLLING_MOST 16

struct _KohServer
{
  KohParticipant *self;
  KohServerEvent event;
  gpointer event_data;
  KohMeeting *meeting;
  KohDesk *desk;           /* of a desk; NULL */
  KohLocal *local;
  GPtrArray *jobs;         /* of KohJob, lent */
  GPtrArray *enrolling;    /* of KohLink, lent: each has a thread that answers an owner */
  GThread *preparing;
  gboolean prepared;
  GCancellable *cancellable;
  GError *error;           /* why it cannot serve */
  gint64 stop_at;
  guint ending, sweeping;  /* sources */
};

/* ---- Ending -------------------------------------------------------------------------------- */

static gboolean
is_idle (KohServer *server)
{
  return server->jobs->len == 0 && server->enrolling->len == 0 && server->preparing == NULL &&
         (server->desk == NULL || koh_desk_is_idle (server->desk));
}

static gboolean
try_to_end_cb (gpointer user_data)
{
  KohServer *server = user_data;
  gboolean late = g_get_monotonic_time () >= server->stop_at;
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s is being stopped by its operator",
                                        server->self->card->name);

  if (g_get_monotonic_time () >= server->stop_at + SECONDS_TO_FINISH * G_USEC_PER_SEC)
    {
      /* A thread that does not end uses what we would free. */
      fprintf (stderr, "%s: stopped while work was under way\n", server->self->card->name);
      koh_audit_append (server->self->audit, "stop", "stopped", NULL, 0, NULL);
      _exit (0);
    }
  if (is_idle (server))
    {
      server->ending = 0;
      server->event (server, KOH_SERVER_ENDED, server->error, server->event_data);
      return G_SOURCE_REMOVE;
    }
  for (guint i = 0; late && i < server->jobs->len; i++)
    koh_job_stop (g_ptr_array_index (server->jobs, i), why);
  if (late && server->desk != NULL)
    koh_desk_stop (server->desk);
  return G_SOURCE_CONTINUE;
}

void
koh_server_end (KohServer *server)
{
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s is being stopped by its operator",
                                        server->self->card->name);

  if (g_atomic_int_get (&server->self->closing))
    return;
  g_atomic_int_set (&server->self->closing, 1);
  g_cancellable_cancel (server->cancellable);
  server->stop_at = g_get_monotonic_time () + SECONDS_TO_FINISH * G_USEC_PER_SEC;
  /* An enrolment can be made anew at any time. */
  for (guint i = 0; i < server->enrolling->len; i++)
    koh_link_close (g_ptr_array_index (server->enrolling, i), why);
  server->ending = g_timeout_add (20, try_to_end_cb, server);
}

/* ---- Who dials ----------------------------------------------------------------------------- */

static void prepare (KohServer *server);

static void
job_ended_cb (KohJob *job, gpointer user_data)
{
  KohServer *server = user_data;

  g_ptr_array_remove_fast (server->jobs, job);
  /* Somebody stands in another epoch: is ours still the holder's? */
  if (g_atomic_int_compare_and_exchange (&server->self->behind, 1, 0) && server->prepared)
    prepare (server);
}

static void
begin_job (KohServer *server, KohLink *link)
{
  g_autoptr (GError) busy =
      g_error_new (KOH_ERROR, KOH_ERROR_DECLINED, "%s is busy", server->self->card->name);

  if (server->jobs->len >= LINKS_MOST)
    koh_link_close (link, busy);
  else
    g_ptr_array_add (server->jobs, koh_job_start (server->self, server->meeting, link, job_ended_cb, server));
}

typedef struct
{
  KohServer *server;
  KohLink *link;
  GThread *thread;
} Enrolling;

static gboolean
enrolling_ended_cb (gpointer data)
{
  Enrolling *enrolling = data;

  g_thread_join (enrolling->thread);
  g_ptr_array_remove_fast (enrolling->server->enrolling, enrolling->link);
  koh_link_unref (enrolling->link);
  g_free (enrolling);
  return G_SOURCE_REMOVE;
}

static gpointer
enrol_owner_cb (gpointer data)
{
  Enrolling *enrolling = data;
  KohParticipant *self = enrolling->server->self;
  const char *owner = koh_link_get_peer (enrolling->link);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has said all", self->card->name);
  KohSubject subject = { "owner", koh_card_hash (koh_roster_find (self->roster, owner)) };
  g_autoptr (GBytes) rest = NULL;
  gboolean granted = FALSE;
  gboolean ok = koh_holder_serve (self->holder, enrolling->link, &granted, &error);

  if (!ok)
    fprintf (stderr, "%s: the enrolment of %s ended: %s\n", self->card->name, owner, error->message);
  if ((granted || !ok) && !koh_audit_append (self->audit, ok ? "owner-enrolled" : "owner-refused",
                                             ok ? NULL : koh_error_code_name (error), &subject, 1, NULL))
    fprintf (stderr, "%s: the audit log cannot be written\n", self->card->name);
  /* The owner closes when it has read all. */
  if (ok)
    rest = koh_link_recv (enrolling->link, 60, NULL);
  koh_link_close (enrolling->link, ok ? done : error);
  g_idle_add_full (G_PRIORITY_DEFAULT, enrolling_ended_cb, enrolling, NULL);
  return NULL;
}

static void
begin_enrolling (KohServer *server, KohLink *link)
{
  Enrolling *enrolling;

  if (!server->self->config->population)
    {
      koh_enrol_away (link, KOH_AWAY_NOT_HOLDER);
      return;
    }
  if (!server->prepared || server->enrolling->len >= ENROLLING_MOST)
    {
      koh_enrol_away (link, KOH_AWAY_NOT_READY);
      return;
    }
  enrolling = g_new0 (Enrolling, 1);
  enrolling->server = server;
  enrolling->link = koh_link_ref (link);
  g_ptr_array_add (server->enrolling, link);
  enrolling->thread = g_thread_new ("enrol", enrol_owner_cb, enrolling);
}

static void
incoming_cb (KohNode *node, KohLink *link, gpointer user_data)
{
  KohServer *server = user_data;
  const KohCard *card = koh_roster_find (server->self->roster, koh_link_get_peer (link));
  const char *purpose = koh_link_get_purpose (link);

  /* Whoever dials when we are closing finds nobody, but for the members of a session that is beginning. */
  if (g_atomic_int_get (&server->self->closing) && !g_str_has_prefix (purpose, "session:"))
    return;
  if (strcmp (purpose, "control") == 0)
    begin_job (server, link);
  else if (card != NULL && card->is_peer && strcmp (purpose, "enrol") == 0)
    begin_enrolling (server, link);
  else if (card != NULL && card->is_peer && g_str_has_prefix (purpose, "session:"))
    koh_meeting_offer (server->meeting, link);
}

static gboolean
sweep_cb (gpointer user_data)
{
  KohServer *server = user_data;

  koh_meeting_sweep (server->meeting);
  for (guint i = 0; i < server->jobs->len; i++)
    koh_job_beat (g_ptr_array_index (server->jobs, i));
  return G_SOURCE_CONTINUE;
}

/* ---- Getting ready ------------------------------------------------------------------------- */

static gboolean
prepared_cb (gpointer user_data)
{
  KohServer *server = user_data;
  gboolean first = !server->prepared;

  g_thread_join (g_steal_pointer (&server->preparing));
  /* A peer that answers goes on in its epoch when it cannot follow into another. */
  if (!first && server->error != NULL)
    {
      fprintf (stderr, "%s: %s\n", server->self->card->name, server->error->message);
      g_clear_error (&server->error);
    }
  if (server->error == NULL && !g_cancellable_is_cancelled (server->cancellable))
    {
      server->prepared = TRUE;
      if (first)
        server->event (server, KOH_SERVER_READY, NULL, server->event_data);
    }
  else
    {
      koh_server_end (server);
    }
  return G_SOURCE_REMOVE;
}

static gpointer
prepare_cb (gpointer data)
{
  KohServer *server = data;
  g_autoptr (GError) error = NULL;

  if (!koh_participant_prepare (server->self, server->cancellable, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    server->error = g_steal_pointer (&error);
  g_idle_add_full (G_PRIORITY_DEFAULT, prepared_cb, server, NULL);
  return NULL;
}

static void
prepare (KohServer *server)
{
  if (server->preparing == NULL && !g_atomic_int_get (&server->self->closing) &&
      !(server->prepared && server->self->config->population))
    server->preparing = g_thread_new ("prepare", prepare_cb, server);
}

static gboolean
begin_peer (KohServer *server, GError **error)
{
  KohParticipant *self = server->self;
  const char *address = self->config->listen_host != NULL ? self->config->listen_host : self->card->host;
  guint16 port = self->config->listen_port != 0 ? self->config->listen_port : self->card->port;
  g_autoptr (KohPolicy) policy = koh_policy_load (self->folder, error);

  if (policy == NULL)
    return FALSE;
  koh_node_set_incoming (self->node, incoming_cb, server);
  if (!koh_node_listen (self->node, address, port, self->config->plain, error))
    return FALSE;
  prepare (server);
  return TRUE;
}

static void
stop_cb (gpointer user_data)
{
  koh_server_end (user_data);
}

static gboolean
begin_desk (KohServer *server, GError **error)
{
  server->desk = koh_desk_new (server->self);
  server->local = koh_local_new (server->self, server->desk, stop_cb, server, error);
  if (server->local == NULL)
    return FALSE;
  server->prepared = TRUE;
  return TRUE;
}

/* ---- The server ---------------------------------------------------------------------------- */

KohServer *
koh_server_new (KohParticipant *self, KohServerEvent event, gpointer user_data)
{
  KohServer *server = g_new0 (KohServer, 1);

  server->self = self;
  server->event = event;
  server->event_data = user_data;
  server->meeting = koh_meeting_new ();
  server->jobs = g_ptr_array_new ();
  server->enrolling = g_ptr_array_new ();
  server->cancellable = g_cancellable_new ();
  self->node = koh_node_new (self->identity, self->roster);
  koh_node_set_plain_dial (self->node, self->config->dial_plain);
  return server;
}

gboolean
koh_server_begin (KohServer *server, GError **error)
{
  server->sweeping = g_timeout_add_seconds (5, sweep_cb, server);
  return koh_audit_append (server->self->audit, "start", NULL, NULL, 0, error) &&
         (server->self->card->is_peer ? begin_peer (server, error) : begin_desk (server, error));
}

gboolean
koh_server_is_ready (KohServer *server)
{
  return server->prepared;
}

KohDesk *
koh_server_get_desk (KohServer *server)
{
  return server->desk;
}

void
koh_server_free (KohServer *server)
{
  if (server->ending != 0)
    g_source_remove (server->ending);
  if (server->sweeping != 0)
    g_source_remove (server->sweeping);
  g_clear_pointer (&server->local, koh_local_free);
  g_clear_pointer (&server->desk, koh_desk_free);
  /* The node goes first: it closes every link, and whoever waits on one ends. */
  g_clear_pointer (&server->self->node, koh_node_free);
  koh_audit_append (server->self->audit, "stop", NULL, NULL, 0, NULL);
  koh_meeting_free (server->meeting);
  g_ptr_array_unref (server->jobs);
  g_ptr_array_unref (server->enrolling);
  g_object_unref (server->cancellable);
  g_clear_error (&server->error);
  koh_participant_free (server->self);
  g_free (server);
}
