/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the prover and the two verifiers of a batch have in common: the shape of the folds, the points and
 * coins, and the weights. README.md states the protocol. Nothing outside src/mpc includes this file.
 *
 * For prover P_i: u = (R x_i | R y_i) is known to P_i and to P_{i-1}, its left verifier; v = (y_{i+1} | x_{i+1})
 * to P_i and to P_{i+1}, its right verifier. Fold 0 takes 32 terms, of the same bit of 32 words, to one;
 * the next take 8; the last takes at most 64 terms and a mask. */
#pragma once

#include "mpc/gf64.h"
#include "mpc/party-private.h"

G_BEGIN_DECLS

#define KOH_PROOF_EIGHT 8
#define KOH_PROOF_LAST 64 /* terms, at most */
#define KOH_PROOF_FOLDS 24
#define KOH_PROOF_POINTS (2 * KOH_PROOF_LAST + 1) /* values of a proof message, at most */
#define KOH_PROOF_SEED 16
#define KOH_PROOF_ECHO (KOH_PROOF_SEED + sizeof (guint64) * (KOH_PROOF_FOLDS - 1)) /* bytes, at most */

typedef struct
{
  gsize blocks;                 /* of 32 words of terms, with padding: each is 64 rows of fold 0 for x and 64 for y */
  guint folds;
  gsize terms[KOH_PROOF_FOLDS]; /* before each fold, without padding to its width */
} KohProofShape;

KohProofShape koh_proof_shape (gsize term_words);

typedef struct
{
  guint data;   /* points whose values add up to the claim */
  guint width;  /* points of a row: one more, the mask's, in the last fold */
  guint points; /* 2 width − 1 values are sent */
  gsize rows;
} KohProofFold;

KohProofFold koh_proof_fold (const KohProofShape *shape, guint fold);

/* A stream of @key for one purpose, batch and fold. */
void    koh_proof_stream (const KohParty *party, const guint8 key[KOH_PRG_KEY], const char *purpose, guint fold,
                          void *out, gsize size);

/* Uniform outside the points of the fold. */
guint64 koh_proof_coin   (const KohParty *party, const guint8 key[KOH_PRG_KEY], const KohProofFold *fold, guint number);

/* A weight for every gate word of the batch, in KOH_SCRATCH_GATES; and from there the same for every term word,
 * zero in the padding, in @slot. */
guint64 *koh_proof_gate_weights (const KohParty *party, const guint8 seed[KOH_PROOF_SEED]);
guint64 *koh_proof_term_weights (const KohParty *party, const KohProofShape *shape, KohScratch slot);

/* One of the two vectors of a statement. Fold 0 takes the bits @first and @second (u: x, y; v: y, x) to
 * elements; later folds take elements to fewer. */
typedef struct
{
  guint64 *values; /* in scratch */
  gsize n, room;
} KohProofVector;

void koh_proof_vector_init  (KohProofVector *vector, const KohParty *party, KohScratch slot,
                             const KohProofShape *shape, const guint64 *first, const guint64 *second,
                             const guint64 *weights, const guint64 coefficients[KOH_GF64_BLOCK]);
void koh_proof_vector_fill  (KohProofVector *vector, const KohProofFold *fold); /* zeros up to whole rows */
void koh_proof_vector_mask  (KohProofVector *vector, guint64 mask);
void koh_proof_vector_fold  (KohProofVector *vector, const KohProofFold *fold, const guint64 *coefficients);

G_END_DECLS
