/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a peer remembers of questions, in its state folder: the proposals that it has seen, until they
 * expire, so that none can be played again; and which questions a project has asked of which snapshot,
 * for the policy. Hashes only. */
#pragma once

#include "peer/policy.h"

G_BEGIN_DECLS

typedef struct _KohSeen KohSeen; /* thread-safe */

KohSeen   *koh_seen_open      (const char *state, GError **error);
void       koh_seen_free      (KohSeen *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSeen, koh_seen_free)

/* TRUE when @proposal was not known, and now is, on the disk; FALSE with KOH_ERROR_CHECK when it was. */
gboolean   koh_seen_proposal  (KohSeen *seen, const KohHash *proposal, gint64 expires, GError **error);

/* Before input sharing: this question of this project has been asked of this snapshot. */
gboolean koh_seen_question (KohSeen *seen, const KohHash *snapshot, const KohQuestion *question,
                            GError **error);
KohHistory koh_seen_history   (KohSeen *seen, const KohHash *snapshot, const KohQuestion *question);

G_END_DECLS
