/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a job knows; it grows as the story goes on. */
#pragma once

#include <pthread.h>

#include "eval/evaluate.h"
#include "peer/inbox.h"
#include "peer/job.h"
#include "peer/messages.h"
#include "peer/policy.h"
#include "peer/session.h"

G_BEGIN_DECLS

typedef enum
{
  KOH_JOB_QUIET,
  KOH_JOB_CHECKING, /* our data, before we accept */
  KOH_JOB_READING,  /* our columns, and until the others have theirs */
} KohJobBeat;

struct _KohJob
{
  KohParticipant *self;
  KohMeeting *meeting;
  KohLink *desk;             /* to who asks */
  KohInbox *inbox;           /* what the desk says */
  GCancellable *cancellable; /* set when the desk cancels or goes, or we shut down */

  /* of the story, in its order */
  gboolean is_counted;       /* among the participant's jobs */
  KohProposal *proposal;
  KohPolicy *policy;
  KohEnrolment *enrolment;
  KohStore *store;
  KohAccept *own;
  KohSession *session;
  KohLink *links[KOH_PARTIES]; /* to the other members; under the mutex, like the channel below */
  guint8 key[32], next_key[32];
  guint64 **planes;          /* one a column of the plan; NULL for others' */
  GBytes *message;           /* our shares of the answer */
  KohHash transcript;
  KohCost cost;
  GBytes *sealed;

  /* of its life */
  pthread_mutex_t mutex;
  KohChannel *channel;       /* under the mutex: whoever stops the job closes it */
  GError *stopped;           /* under the mutex: why, when stopped from outside */
  gint64 told;               /* when progress was last told */
  gint beat;                 /* atomic: KohJobBeat, what is told while nothing else is */
  GThread *thread;
  KohJobEnded ended;
  gpointer ended_data;
};

/* job.c: the whole story. */
gboolean koh_job_tell      (KohJob *job, GError **error);

/* job-read.c: our columns of the plan, into job->planes; several at a time. */
gboolean koh_job_read      (KohJob *job, GError **error);

/* job-life.c */
gboolean koh_job_say       (KohJob *job, KohMessageKind kind, JsonObject *members, GError **error);

/* The desk's next message, which must be of @kind; waits until @seconds have passed or the job is stopped. */
KohMessage *koh_job_hear   (KohJob *job, KohMessageKind kind, gint64 seconds, GError **error);

/* For koh_evaluate(): forwards progress to the desk, ten times a second at most. */
void koh_job_progress (KohPhase phase, guint64 rows_done, guint64 rows, const KohCost *cost,
                       gpointer user_data);

/* Appends to the audit log what happened to the question. */
gboolean koh_job_record    (KohJob *job, const char *type, const GError *why, GError **error);

G_END_DECLS
