/* SPDX-License-Identifier: EUPL-1.2
 *
 * The prover. In a fold, row j of u gives p_j of degree below the width with p_j(e_k) = u_{j,k}, and of v
 * p'_j; q = Σ_j p_j p'_j. With the pairs S_{kl} = Σ_j u_{j,k} v_{j,l} it is q(e) = Σ_{k,l} l_k(e) l_l(e) S_{kl}: each
 * term is multiplied with the terms of its row, and nothing of the size of the batch is interpolated. In fold
 * 0, where terms are bits, one carry-less product of a weight and a word takes 64 rows. */
#include "mpc/prover.h"

#include "common/check.h"

#include <string.h>

void
koh_prover_init (KohProver *prover, KohParty *party, const KohProofShape *shape, const guint8 seed[KOH_PROOF_SEED])
{
  memset (prover, 0, sizeof *prover);
  prover->party = party;
  prover->shape = shape;
  koh_proof_gate_weights (party, seed);
  prover->weights = koh_proof_term_weights (party, shape, KOH_SCRATCH_PROVER_WEIGHTS);
  memcpy (prover->got, seed, KOH_PROOF_SEED);
  prover->got_size = KOH_PROOF_SEED;
}

/* q at the points from the pairs, which are symmetric sums: pairs[k * width + l], k ≤ l. */
static void
values_of_pairs (guint64 *q, const guint64 *pairs, guint width)
{
  for (guint e = 0; e < width; e++)
    q[e] = pairs[e * width + e];
  for (guint e = width; e < 2 * width - 1; e++)
    {
      guint64 at[KOH_GF64_BLOCK], rows[KOH_GF64_BLOCK];

      koh_gf64_lagrange (at, width, e);
      for (guint k = 0; k < width; k++)
        rows[k] = koh_gf64_dot (pairs + k * width + k, at + k, width - k);
      q[e] = koh_gf64_dot (rows, at, width);
    }
}

static void
values_of_bits (const KohProver *prover, guint64 *q)
{
  const KohTranscript *transcript = prover->party->transcript;
  g_autofree KohGf64Wide *sums = g_new0 (KohGf64Wide, KOH_GF64_BLOCK * KOH_GF64_BLOCK);
  KohGf64Wide (*wide)[KOH_GF64_BLOCK] = (KohGf64Wide (*)[KOH_GF64_BLOCK]) sums;
  guint64 pairs[KOH_GF64_BLOCK][KOH_GF64_BLOCK];

  koh_gf64_pair_bits (wide, prover->weights, transcript->own_x, transcript->own_y, transcript->next_x,
                      transcript->next_y, prover->shape->blocks);
  for (guint k = 0; k < KOH_GF64_BLOCK; k++)
    for (guint l = 0; l <= k; l++)
      {
        const guint64 sum = koh_gf64_reduce (wide[k][l]) ^ (k == l ? 0 : koh_gf64_reduce (wide[l][k]));

        pairs[k][l] = pairs[l][k] = sum;
      }
  values_of_pairs (q, pairs[0], KOH_GF64_BLOCK);
  sodium_memzero (sums, KOH_GF64_BLOCK * KOH_GF64_BLOCK * sizeof *sums);
  koh_wipe (pairs);
}

static void
values_of_eight (const KohProver *prover, gsize rows, guint64 *q)
{
  KohGf64Eight wide = { { { 0, 0 } } };
  guint64 pairs[KOH_PROOF_EIGHT][KOH_PROOF_EIGHT] = { { 0 } };

  koh_gf64_pair_eight (wide, prover->u.values, prover->v.values, rows);
  for (guint k = 0; k < KOH_PROOF_EIGHT; k++)
    for (guint l = k; l < KOH_PROOF_EIGHT; l++)
      pairs[k][l] = koh_gf64_reduce (wide[k][l]);
  values_of_pairs (q, pairs[0], KOH_PROOF_EIGHT);
  koh_wipe (wide);
  koh_wipe (pairs);
}

static void
values_of_last (const KohProver *prover, guint width, guint64 *q)
{
  const guint64 *u = prover->u.values, *v = prover->v.values;
  guint64 at[KOH_PROOF_LAST + 1];

  koh_gf64_scale (q, u, v, width);
  for (guint e = width; e < 2 * width - 1; e++)
    {
      koh_gf64_lagrange (at, width, e);
      q[e] = koh_gf64_mul (koh_gf64_dot (at, u, width), koh_gf64_dot (at, v, width));
    }
}

GBytes *
koh_prover_share (KohProver *prover, guint number)
{
  const KohParty *party = prover->party;
  const KohProofFold fold = koh_proof_fold (prover->shape, number);
  guint64 q[KOH_PROOF_POINTS], right[KOH_PROOF_POINTS];
  GBytes *message;

  if (number + 1 == prover->shape->folds)
    {
      guint64 masks[2];

      koh_proof_stream (party, party->key, "mask-u", number, &masks[0], sizeof (guint64));
      koh_proof_stream (party, party->next_key, "mask-v", number, &masks[1], sizeof (guint64));
      koh_proof_vector_mask (&prover->u, masks[0]);
      koh_proof_vector_mask (&prover->v, masks[1]);
      values_of_last (prover, fold.width, q);
      koh_wipe (masks);
    }
  else if (number == 0)
    values_of_bits (prover, q);
  else
    {
      koh_proof_vector_fill (&prover->u, &fold);
      koh_proof_vector_fill (&prover->v, &fold);
      values_of_eight (prover, fold.rows, q);
    }
  koh_proof_stream (party, party->next_key, "share", number, right, fold.points * sizeof (guint64));
  for (guint e = 0; e < fold.points; e++)
    q[e] ^= right[e];
  message = g_bytes_new (q, fold.points * sizeof (guint64));
  koh_wipe (q);
  koh_wipe (right);
  return message;
}

gboolean
koh_prover_coin (KohProver *prover, guint number, guint64 coin)
{
  const KohTranscript *transcript = prover->party->transcript;
  const KohProofFold fold = koh_proof_fold (prover->shape, number);
  guint64 coefficients[KOH_GF64_BLOCK];

  if (!koh_check ("proof-coin-range", coin >= fold.width))
    {
      g_autofree char *whom = g_strdup_printf ("member %u", koh_party_before (prover->party));

      koh_party_fail_check (prover->party, "proof-coin-range", whom);
      return FALSE;
    }
  memcpy (prover->got + prover->got_size, &coin, sizeof coin);
  prover->got_size += sizeof coin;
  koh_gf64_lagrange (coefficients, fold.width, coin);
  if (number == 0)
    {
      koh_proof_vector_init (&prover->u, prover->party, KOH_SCRATCH_PROVER_U, prover->shape, transcript->own_x,
                             transcript->own_y, prover->weights, coefficients);
      koh_proof_vector_init (&prover->v, prover->party, KOH_SCRATCH_PROVER_V, prover->shape, transcript->next_y,
                             transcript->next_x, NULL, coefficients);
    }
  else
    {
      koh_proof_vector_fold (&prover->u, &fold, coefficients);
      koh_proof_vector_fold (&prover->v, &fold, coefficients);
    }
  return TRUE;
}

GBytes *
koh_prover_echo (const KohProver *prover)
{
  return g_bytes_new (prover->got, prover->got_size);
}
