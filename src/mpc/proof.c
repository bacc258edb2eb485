/* SPDX-License-Identifier: EUPL-1.2
 *
 * The shape of a proof, its coins and weights, and the vectors that prover and verifiers fold alike. */
#include "mpc/proof.h"

#include <string.h>

KohProofShape
koh_proof_shape (gsize term_words)
{
  KohProofShape shape = { (term_words + KOH_GF64_BLOCK - 1) / KOH_GF64_BLOCK, 1, { 0 } };

  shape.terms[0] = 2 * shape.blocks * KOH_GF64_BLOCK * 64;
  shape.terms[1] = shape.terms[0] / KOH_GF64_BLOCK;
  while (shape.terms[shape.folds] > KOH_PROOF_LAST)
    {
      shape.terms[shape.folds + 1] = (shape.terms[shape.folds] + KOH_PROOF_EIGHT - 1) / KOH_PROOF_EIGHT;
      shape.folds++;
    }
  shape.folds++;
  return shape;
}

KohProofFold
koh_proof_fold (const KohProofShape *shape, guint fold)
{
  const gboolean last = fold + 1 == shape->folds;
  const guint data = last ? (guint) shape->terms[fold] : fold == 0 ? KOH_GF64_BLOCK : KOH_PROOF_EIGHT;
  const guint width = last ? data + 1 : data;

  return (KohProofFold){ data, width, 2 * width - 1, last ? 1 : shape->terms[fold + 1] };
}

void
koh_proof_stream (const KohParty *party, const guint8 key[KOH_PRG_KEY], const char *purpose, guint fold, void *out,
                  gsize size)
{
  guint8 derived[KOH_PRG_KEY];

  koh_prg_derive (derived, key, &party->session, "proof", purpose, party->batches * 256 + fold);
  koh_prg_fill (derived, 0, out, size);
  koh_wipe (derived);
}

/* The first word of the stream that is no point. That all 32 are points does not happen. */
guint64
koh_proof_coin (const KohParty *party, const guint8 key[KOH_PRG_KEY], const KohProofFold *fold, guint number)
{
  guint64 words[32];
  guint i = 0;

  koh_proof_stream (party, key, "coin", number, words, sizeof words);
  while (words[i] < fold->width && i + 1 < G_N_ELEMENTS (words))
    i++;
  g_assert (words[i] >= fold->width);
  return words[i];
}

guint64 *
koh_proof_gate_weights (const KohParty *party, const guint8 seed[KOH_PROOF_SEED])
{
  const gsize gates = party->transcript->gates;
  guint64 *weights = koh_transcript_scratch (party->transcript, KOH_SCRATCH_GATES, gates);
  guint8 key[KOH_PRG_KEY] = { 0 };

  memcpy (key, seed, KOH_PROOF_SEED);
  koh_proof_stream (party, key, "weights", 0, weights, gates * sizeof (guint64));
  return weights;
}

guint64 *
koh_proof_term_weights (const KohParty *party, const KohProofShape *shape, KohScratch slot)
{
  KohTranscript *transcript = party->transcript;
  const gsize whole = shape->blocks * KOH_GF64_BLOCK;
  guint64 *weights = koh_transcript_scratch (transcript, slot, whole);
  const guint64 *from = transcript->scratch[KOH_SCRATCH_GATES];
  guint64 *to = weights;

  for (guint i = 0; i < transcript->runs->len; i++)
    {
      const KohTermRun *run = &g_array_index (transcript->runs, KohTermRun, i);

      for (guint t = 0; t < run->terms; t++, to += run->gates)
        memcpy (to, from, run->gates * sizeof (guint64));
      from += run->gates;
    }
  memset (to, 0, (gsize) (weights + whole - to) * sizeof (guint64));
  return weights;
}

/* Element s of a block of u is X^s Σ_k (l_k R_k) bit s of word k. */
static void
fold_weighted (guint64 out[64], const guint64 words[KOH_GF64_BLOCK], const guint64 weights[KOH_GF64_BLOCK],
               const guint64 coefficients[KOH_GF64_BLOCK])
{
  guint64 weighted[KOH_GF64_BLOCK];

  koh_gf64_scale (weighted, weights, coefficients, KOH_GF64_BLOCK);
  koh_gf64_fold_bits (out, words, weighted, TRUE);
}

void
koh_proof_vector_init (KohProofVector *vector, const KohParty *party, KohScratch slot, const KohProofShape *shape,
                       const guint64 *first, const guint64 *second, const guint64 *weights,
                       const guint64 coefficients[KOH_GF64_BLOCK])
{
  const guint64 *const halves[2] = { first, second };

  vector->n = shape->terms[1];
  vector->room = vector->n + KOH_PROOF_EIGHT;
  vector->values = koh_transcript_scratch (party->transcript, slot, vector->room);
  for (guint half = 0; half < 2; half++)
    for (gsize b = 0; b < shape->blocks; b++)
      {
        guint64 *out = vector->values + (half * shape->blocks + b) * 64;
        const guint64 *words = halves[half] + b * KOH_GF64_BLOCK;

        if (weights != NULL)
          fold_weighted (out, words, weights + b * KOH_GF64_BLOCK, coefficients);
        else
          koh_gf64_fold_bits (out, words, coefficients, FALSE);
      }
}

void
koh_proof_vector_fill (KohProofVector *vector, const KohProofFold *fold)
{
  const gsize whole = fold->rows * fold->width;

  g_assert (whole <= vector->room);
  while (vector->n < whole)
    vector->values[vector->n++] = 0;
}

void
koh_proof_vector_mask (KohProofVector *vector, guint64 mask)
{
  vector->values[vector->n++] = mask;
}

void
koh_proof_vector_fold (KohProofVector *vector, const KohProofFold *fold, const guint64 *coefficients)
{
  koh_gf64_fold (vector->values, vector->values, fold->rows, fold->width, coefficients);
  vector->n = fold->rows;
}
