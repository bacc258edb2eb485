/* SPDX-License-Identifier: EUPL-1.2
 *
 * How an owner's column becomes shares. @label names owner and column, and goes into every PRG label
 * and hash with the session. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

/* The owner is member @owner of the committee (secure-computation.md §2 "Input"): its x_{i+2} is 0,
 * x_i comes from the key shared with P_{i-1}, x_{i+1} = x − x_i is sent to P_{i+1}: one bit a bit.
 * @planes: width planes of (rows+63)/64 words at the owner, NULL elsewhere. For a plain party the
 * planes are always given. */
KohBits *koh_input_member  (KohParty *party, guint owner, const char *label, guint rows, guint width,
                            const guint64 *planes);

/* The owner is outside the committee. It calls koh_input_deal() for the three messages that its
 * participant sends to P_0, P_1, P_2 (seeds of x_0 and x_1, and x_2 itself), bound to session and
 * label. Each member gives its own to koh_input_receive(); the two holders of each share compare
 * hashes with each other before the share is used (check "input-consistency"). */
void     koh_input_deal    (const KohHash *session, const char *label, guint rows, guint width,
                            const guint64 *planes, GBytes *messages[KOH_PARTIES]);
KohBits *koh_input_receive (KohParty *party, const char *label, guint rows, guint width, GBytes *message);

G_END_DECLS
