/* SPDX-License-Identifier: EUPL-1.2
 *
 * The place of verification: everything that is released has passed through here. */
#pragma once

#include "common/hash.h"
#include "mpc/party.h"

G_BEGIN_DECLS

/* A batch is verified at the end of the operation that fills it: 2^24 gate terms, 64 a word. */
#define KOH_BATCH_WORDS ((gsize) 1 << 18)

/* Verifies every multiplication that has not been verified. FALSE where this party has failed, a product was
 * wrong, or the three do not agree on what has been multiplied so far (check "gate-counts"). Nothing that
 * depends on secrets may leave before it says TRUE. */
gboolean koh_verify_before_opening (KohParty *party);

/* For operations, when they end: verifies the batch if it is full. */
void     koh_verify_full_batch     (KohParty *party);

/* The public facts of what has been done so far: counts, batches, and how they are folded. */
void     koh_verify_add_facts      (const KohParty *party, KohHasher *hasher);

/* For tests: another size of a batch, in words. The same at all three members. */
void     koh_verify_set_batch      (KohParty *party, gsize words);

G_END_DECLS
