/* SPDX-License-Identifier: EUPL-1.2
 *
 * One party of a computation: who I am, my channel, my keys, what it has cost so far, and the first
 * thing that went wrong. Operations on shares return values and take no GError: after a failure
 * nothing more is sent, every operation returns zeros at once, and the caller asks with
 * koh_party_check() where it matters (at the end of a chunk, and before anything is released).
 *
 * All indices are mod 3. P_i holds the shares x_i, x_{i+1} and the keys k_i, k_{i+1}; the share x_j
 * and the key k_j are held by P_{j-1} and P_j.
 *
 * A plain party computes the same operations alone and in clear. It is the oracle of every
 * operation, and what the app's preview runs on. */
#pragma once

#include "common/hash.h"
#include "mpc/channel.h"

G_BEGIN_DECLS

typedef struct _KohParty KohParty;

typedef struct
{
  guint64 rounds;     /* messages waited for */
  guint64 bytes_sent; /* by this party, to the two others; input sharing not included */
  guint64 input_bytes;
  guint64 ands;       /* bit multiplications */
} KohCost;

/* @channel is borrowed and must outlive the party. @key is k_i, shared with P_{i-1}; @next_key is
 * k_{i+1}, shared with P_{i+1}; both fresh for this session, and copied into guarded memory. */
KohParty *koh_party_new        (guint me, KohChannel *channel, const KohHash *session,
                                const guint8 key[32], const guint8 next_key[32]);
KohParty *koh_party_new_plain  (void);
void      koh_party_free       (KohParty *party);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohParty, koh_party_free)

guint     koh_party_get_index  (const KohParty *party); /* 0 for a plain party */
gboolean  koh_party_is_plain   (const KohParty *party);

/* TRUE where every multiplication is proved right before anything that depends on it is released, so that one
 * malicious member can stop a computation but neither shift its result nor learn from it: of every party but
 * a plain one, which is alone. */
gboolean  koh_party_is_verified (const KohParty *party);
KohCost   koh_party_get_cost   (const KohParty *party);

/* TRUE while nothing has failed; otherwise the first failure. */
gboolean  koh_party_check      (KohParty *party, GError **error);

/* Makes the party fail, unless it has failed already; takes @error. */
void      koh_party_fail       (KohParty *party, GError *error);

G_END_DECLS
