/* SPDX-License-Identifier: EUPL-1.2
 *
 * One question at one peer, from the first message of the asker to the sealed shares. job.c tells the
 * story; job-life.c is the thread that it runs on, and how it is stopped. */
#pragma once

#include "peer/meeting.h"
#include "peer/participant.h"

G_BEGIN_DECLS

#define KOH_JOBS_MOST 4 /* questions at a time; further ones are told to come again */

typedef struct _KohJob KohJob;

/* In the main context, when the job has ended and is about to be freed. */
typedef void (*KohJobEnded) (KohJob *job, gpointer user_data);

/* In the main context: begins a job for the desk at the other end of @link (takes a reference). */
KohJob *koh_job_start (KohParticipant *self, KohMeeting *meeting, KohLink *link, KohJobEnded ended,
                       gpointer user_data);

/* In the main context, now and then: tells the desk that a slow database is no silence. */
void    koh_job_beat  (KohJob *job);

/* From any thread: the job ends soon, with @why. */
void    koh_job_stop  (KohJob *job, const GError *why);

G_END_DECLS
