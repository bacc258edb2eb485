/* SPDX-License-Identifier: EUPL-1.2
 *
 * The facts of one session, as every participant derives them from the proposal and all acceptances,
 * and the meeting of its members. No key of a session outlives it. */
#pragma once

#include "net/link.h"
#include "peer/accept.h"
#include "peer/proposal.h"
#include "query/plan.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *accepts; /* of KohAccept, in roster order */
  KohMap *map;        /* of their catalogues */
  KohPlan *plan;
  KohHash plan_hash;
  KohHash id;
  KohHash context;    /* what the sealed shares are bound to */
} KohSession;

/* @accepts: signed documents, in roster order. The checks: each is signed ("accept-signature"), answers
 * this proposal ("accept-proposal"), stands in the same epoch on as many positions ("same-epoch"); three
 * organisations ("three-organisations"). */
KohSession *koh_session_new (const KohRoster *roster, const KohProposal *proposal, JsonArray *accepts,
                             GError **error);
void        koh_session_free (KohSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSession, koh_session_free)

/* Whether the acceptance that stands for peer @me has the nonce that it gave ("own-accept"): that makes the
 * session fresh. */
gboolean    koh_session_check_own (const KohSession *session, guint me, const KohHash *nonce, GError **error);

/* The purpose of this session's links. Free with g_free(). */
char       *koh_session_purpose (const KohSession *session);

/* From a worker: tells both others over links[] (NULL at @me) which session and plan these are, hears the
 * same from them ("session-confirm"), and derives the keys k_me, k_{me+1} that P_me shares with its
 * neighbours. */
gboolean    koh_session_confirm (const KohSession *session, guint me, KohLink *const links[KOH_PARTIES],
                                 guint timeout_seconds, guint8 key[32], guint8 next_key[32], GError **error);

/* From a worker: tells both others that our columns are read, and waits until theirs are. Databases differ
 * in speed: afterwards silence means that something is wrong. */
gboolean koh_session_gather (const KohSession *session, guint me, KohLink *const links[KOH_PARTIES],
                             guint timeout_seconds, GError **error);

G_END_DECLS
