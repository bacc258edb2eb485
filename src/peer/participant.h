/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant and all that stands in its folder, loaded in one place: configuration, keys, roster,
 * audit log, what it remembers, its enrolment; and its presence on the network while it serves.
 *
 *   FOLDER/peer.ini  policy.json  card  roster  trust  keys/  state/  audit.log  audit.head  lock */
#pragma once

#include <pthread.h>

#include "net/node.h"
#include "peer/audit.h"
#include "peer/config.h"
#include "peer/enrolment.h"
#include "peer/holder.h"
#include "peer/seen.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder, *state;
  KohConfig *config;
  KohIdentity *identity;
  const KohCard *card;
  KohRoster *roster;
  guint me;              /* among the roster's peers; G_MAXUINT for a desk */
  KohAudit *audit;
  KohSeen *seen;
  KohNode *node;         /* while it serves; NULL */
  pthread_mutex_t mutex;
  KohEnrolment *enrolment; /* under the mutex; NULL until enrolled */
  KohHolder *holder;       /* under the mutex; NULL unless it holds the register and the epoch is ready */
  int lock;
  gboolean checked;      /* that the data can be read */
  gint jobs;             /* atomic: questions under way */
  gint closing;          /* atomic: no new questions */
  gint behind;           /* atomic: somebody says that not all stand in one epoch */
} KohParticipant;

/* Locks the folder and loads everything; one sentence tells what is wrong. */
KohParticipant *koh_participant_open (const char *folder, GError **error);

/* The same without the enrolment, which may be damaged: for who clears it. */
KohParticipant *koh_participant_open_anew (const char *folder, GError **error);
void            koh_participant_free (KohParticipant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohParticipant, koh_participant_free)

/* A handle of its own on the data of peer.ini, for one thread. */
KohStore       *koh_participant_store (KohParticipant *self, GError **error);

/* The enrolment that stands, or NULL with KOH_ERROR_UNREACHABLE: it is not ready yet. */
KohEnrolment   *koh_participant_enrolment (KohParticipant *self, GError **error);

/* From a worker, at the start: enrols where it is not enrolled in the epoch that stands; waits for the
 * population holder, telling so on stderr. */
gboolean        koh_participant_prepare (KohParticipant *self, GCancellable *cancellable, GError **error);

G_END_DECLS
