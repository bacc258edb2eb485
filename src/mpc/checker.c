/* SPDX-License-Identifier: EUPL-1.2
 *
 * The verifiers. Neither sees a value of q, only a share of it, and neither sees the other's vector; each
 * folds its own vector and its share of the claim at the coins, which both derive from the key that the prover
 * lacks. At the end they exchange what must be shares of zero, and the two factors of q(r). */
#include "mpc/checker.h"

#include "common/check.h"

#include <string.h>

static guint
prover_of (const KohChecker *checker)
{
  return checker->left ? koh_party_after (checker->party) : koh_party_before (checker->party);
}

/* P_i is left of P_{i+1}, whose coins are from k_i, and right of P_{i-1}, whose coins are from k_{i+1}. */
void
koh_checker_init (KohChecker *checker, KohParty *party, const KohProofShape *shape, gboolean left)
{
  const KohTranscript *transcript = party->transcript;
  const guint64 *gates;

  memset (checker, 0, sizeof *checker);
  checker->party = party;
  checker->shape = shape;
  checker->left = left;
  checker->coin_key = left ? party->key : party->next_key;
  koh_proof_stream (party, checker->coin_key, "seed", 0, checker->echo, KOH_PROOF_SEED);
  checker->echo_size = KOH_PROOF_SEED;
  for (guint f = 0; f + 1 < shape->folds; f++)
    {
      const KohProofFold fold = koh_proof_fold (shape, f);

      checker->coins[f] = koh_proof_coin (party, checker->coin_key, &fold, f);
      memcpy (checker->echo + checker->echo_size, &checker->coins[f], sizeof (guint64));
      checker->echo_size += sizeof (guint64);
    }
  gates = koh_proof_gate_weights (party, checker->echo);
  checker->claim = koh_gf64_dot (gates, left ? transcript->next_t : transcript->own_t, transcript->gates);
  if (left)
    checker->weights = koh_proof_term_weights (party, shape, KOH_SCRATCH_LEFT_WEIGHTS);
}

GBytes *
koh_checker_seed (const KohChecker *checker)
{
  return g_bytes_new (checker->echo, KOH_PROOF_SEED);
}

GBytes *
koh_checker_coin (const KohChecker *checker, guint fold)
{
  return g_bytes_new (&checker->coins[fold], sizeof (guint64));
}

/* Fold 0, from the bits. */
static void
start_vector (KohChecker *checker, const guint64 *coefficients)
{
  const KohTranscript *transcript = checker->party->transcript;

  if (checker->left)
    koh_proof_vector_init (&checker->vector, checker->party, KOH_SCRATCH_LEFT, checker->shape, transcript->next_x,
                           transcript->next_y, checker->weights, coefficients);
  else
    koh_proof_vector_init (&checker->vector, checker->party, KOH_SCRATCH_RIGHT, checker->shape, transcript->own_y,
                           transcript->own_x, NULL, coefficients);
}

void
koh_checker_fold (KohChecker *checker, guint number, const guint64 *share)
{
  KohParty *party = checker->party;
  const KohProofFold fold = koh_proof_fold (checker->shape, number);
  const gboolean last = number + 1 == checker->shape->folds;
  guint64 own[KOH_PROOF_POINTS], coefficients[KOH_PROOF_POINTS], mask;
  const guint64 r =
    last ? koh_proof_coin (party, checker->coin_key, &fold, number) : checker->coins[number];

  if (!checker->left)
    {
      koh_proof_stream (party, party->key, "share", number, own, fold.points * sizeof (guint64));
      share = own;
    }
  checker->values[number] = checker->claim;
  for (guint e = 0; e < fold.data; e++)
    checker->values[number] ^= share[e];
  koh_gf64_lagrange (coefficients, fold.points, r);
  checker->claim = koh_gf64_dot (coefficients, share, fold.points);
  koh_gf64_lagrange (coefficients, fold.width, r);
  if (last)
    {
      koh_proof_stream (party, checker->left ? party->next_key : party->key, checker->left ? "mask-u" : "mask-v",
                        number, &mask, sizeof mask);
      koh_proof_vector_mask (&checker->vector, mask);
    }
  if (number == 0)
    start_vector (checker, coefficients);
  else
    {
      koh_proof_vector_fill (&checker->vector, &fold);
      koh_proof_vector_fold (&checker->vector, &fold, coefficients);
    }
  if (last)
    {
      checker->values[checker->shape->folds] = checker->vector.values[0];
      checker->values[checker->shape->folds + 1] = checker->claim;
    }
}

GBytes *
koh_checker_values (const KohChecker *checker)
{
  return g_bytes_new (checker->values, (checker->shape->folds + 2) * sizeof (guint64));
}

static void
fail (KohChecker *checker, const char *id)
{
  const guint prover = prover_of (checker);
  const guint other = 3 - prover - checker->party->me;
  g_autofree char *whom = g_strdup_printf ("members %u and %u", prover, other);

  koh_party_fail_check (checker->party, id, whom);
}

gboolean
koh_checker_echo (KohChecker *checker, GBytes *echo)
{
  if (koh_check ("proof-echo", g_bytes_get_size (echo) == checker->echo_size &&
                                 sodium_memcmp (g_bytes_get_data (echo, NULL), checker->echo, checker->echo_size) == 0))
    return TRUE;
  fail (checker, "proof-echo");
  return FALSE;
}

gboolean
koh_checker_compare (KohChecker *checker, GBytes *message)
{
  const guint folds = checker->shape->folds;
  guint64 theirs[KOH_PROOF_FOLDS + 2], wrong = 0, product;

  memcpy (theirs, g_bytes_get_data (message, NULL), (folds + 2) * sizeof (guint64));
  for (guint f = 0; f < folds; f++)
    wrong |= theirs[f] ^ checker->values[f];
  product = koh_gf64_mul (theirs[folds], checker->values[folds]);
  if (!koh_check ("proof-sum", wrong == 0))
    fail (checker, "proof-sum");
  else if (!koh_check ("proof-product", (theirs[folds + 1] ^ checker->values[folds + 1]) == product))
    fail (checker, "proof-product");
  else
    return TRUE;
  return FALSE;
}
