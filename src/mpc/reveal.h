/* SPDX-License-Identifier: EUPL-1.2
 *
 * The only way out: a controlled table is revealed to the asker, who is not in the committee.
 *
 * koh_release() re-randomises the shares with a key that the three members know and the asker does
 * not; proves and verifies every multiplication that has not been verified yet; sends the two others ok ‖ H(session ‖ batch numbers ‖ gate
 * counts ‖ fold parameters) and waits for both of theirs (check "ok-barrier"). Only then does it
 * return this member's two shares, as the message to seal to the asker's key. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

/* @transcript (may be NULL) receives the hash that all three agreed on. NULL on failure. For a plain
 * party: the values themselves, which koh_reveal_combine() takes as its only copy. */
GBytes  *koh_release        (KohParty *party, const KohBits *table, KohHash *transcript, GError **error);

/* The asker's side: every share from two members. All three pairs must agree (check "three-pairs");
 * no majority, no repair. @plain: messages[0] of a plain party. Gives @rows values of @width ≤ 64
 * bits; free with g_free(). */
guint64 *koh_reveal_combine (GBytes *const messages[KOH_PARTIES], gboolean plain, const KohHash *session,
                             guint rows, guint width, KohHash *transcript, GError **error);

G_END_DECLS
