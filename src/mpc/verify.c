/* SPDX-License-Identifier: EUPL-1.2
 *
 * Verification of the multiplications of a batch, by distributed zero knowledge (Boneh, Boyle, Corrigan-Gibbs,
 * Gilboa, Ishai, CRYPTO 2019; Boyle, Gilboa, Ishai, Nof, CCS 2019), and what members compare before an opening.
 *
 * Every member is prover of its own products, left verifier of the member after it, and right verifier of the
 * member before it, all in the same rounds. Towards the member after it a member sends, in this order, the
 * seed, then a coin a fold, then its echo and its values as right verifier; towards the member before it a
 * share a fold, then its values as left verifier. */
#include "mpc/verify.h"

#include "common/check.h"
#include "mpc/checker.h"
#include "mpc/prover.h"

#include <string.h>

typedef struct
{
  KohParty *party;
  KohProofShape shape;
  KohProver prover;
  KohChecker left, right; /* of the prover after, and of the prover before */
} Batch;

/* A coin is released when the share that it tests has come whole, and not before. */
static gboolean
run_fold (Batch *batch, guint number)
{
  KohParty *party = batch->party;
  const KohProofFold fold = koh_proof_fold (&batch->shape, number);
  const gboolean last = number + 1 == batch->shape.folds;
  guint64 values[KOH_PROOF_POINTS], coin;
  g_autoptr (GBytes) share = NULL;
  g_autoptr (GBytes) released = NULL;

  koh_party_send (party, koh_party_before (party), koh_prover_share (&batch->prover, number));
  share = koh_party_recv (party, koh_party_after (party), fold.points * sizeof (guint64));
  if (share == NULL)
    return FALSE;
  if (!last)
    koh_party_send (party, koh_party_after (party), koh_checker_coin (&batch->left, number));
  memcpy (values, g_bytes_get_data (share, NULL), fold.points * sizeof (guint64));
  koh_checker_fold (&batch->left, number, values);
  koh_checker_fold (&batch->right, number, NULL);
  if (last)
    return TRUE;
  released = koh_party_recv (party, koh_party_before (party), sizeof coin);
  if (released == NULL)
    return FALSE;
  memcpy (&coin, g_bytes_get_data (released, NULL), sizeof coin);
  return koh_prover_coin (&batch->prover, number, coin);
}

/* Values are sent only to a prover's other verifier, and only after its echo was right. */
static gboolean
run_end (Batch *batch)
{
  KohParty *party = batch->party;
  const guint before = koh_party_before (party), after = koh_party_after (party);
  const gsize size = (batch->shape.folds + 2) * sizeof (guint64);
  g_autoptr (GBytes) echo = NULL;
  g_autoptr (GBytes) from_right = NULL;
  g_autoptr (GBytes) from_left = NULL;

  koh_party_send (party, after, koh_prover_echo (&batch->prover));
  echo = koh_party_recv (party, before, batch->right.echo_size);
  if (echo == NULL || !koh_checker_echo (&batch->right, echo))
    return FALSE;
  koh_party_send (party, before, koh_checker_values (&batch->left));
  koh_party_send (party, after, koh_checker_values (&batch->right));
  from_right = koh_party_recv (party, before, size);
  if (from_right == NULL || !koh_checker_compare (&batch->left, from_right))
    return FALSE;
  from_left = koh_party_recv (party, after, size);
  return from_left != NULL && koh_checker_compare (&batch->right, from_left);
}

/* The left verifier holds every z of the batch here: each operation ends by receiving its own. */
static gboolean
run (Batch *batch)
{
  KohParty *party = batch->party;
  g_autoptr (GBytes) seed = NULL;

  koh_checker_init (&batch->left, party, &batch->shape, TRUE);
  koh_party_send (party, koh_party_after (party), koh_checker_seed (&batch->left));
  koh_checker_init (&batch->right, party, &batch->shape, FALSE);
  seed = koh_party_recv (party, koh_party_before (party), KOH_PROOF_SEED);
  if (seed == NULL)
    return FALSE;
  koh_prover_init (&batch->prover, party, &batch->shape, g_bytes_get_data (seed, NULL));
  for (guint f = 0; f < batch->shape.folds; f++)
    if (!run_fold (batch, f))
      return FALSE;
  return run_end (batch);
}

static gboolean
verify_batch (KohParty *party)
{
  g_autofree Batch *batch = g_new0 (Batch, 1);
  gboolean proved;

  batch->party = party;
  batch->shape = koh_proof_shape (party->transcript->terms);
  koh_transcript_pad (party->transcript, KOH_GF64_BLOCK);
  proved = run (batch);
  sodium_memzero (batch, sizeof *batch);
  party->batches++;
  party->verified_gates += party->transcript->gates;
  koh_transcript_clear (party->transcript);
  return proved && !koh_party_has_failed (party);
}

void
koh_verify_full_batch (KohParty *party)
{
  if (!koh_party_has_failed (party) && party->transcript->terms >= party->batch)
    verify_batch (party);
}

void
koh_verify_set_batch (KohParty *party, gsize words)
{
  party->batch = MAX (words, 1);
}

void
koh_verify_add_facts (const KohParty *party, KohHasher *hasher)
{
  koh_hasher_hash (hasher, &party->session);
  koh_hasher_u64 (hasher, party->releases);
  koh_hasher_u64 (hasher, party->operation);
  koh_hasher_u64 (hasher, party->cost.ands);
  koh_hasher_u64 (hasher, party->inputs);
  koh_hasher_u64 (hasher, party->batches);
  koh_hasher_u64 (hasher, party->verified_gates);
  koh_hasher_u64 (hasher, party->transcript != NULL ? party->transcript->terms : 0);
  koh_hasher_u64 (hasher, party->batch);
  koh_hasher_u64 (hasher, KOH_GF64_BLOCK);
  koh_hasher_u64 (hasher, KOH_PROOF_EIGHT);
  koh_hasher_u64 (hasher, KOH_PROOF_LAST);
}

static gboolean
compare_counts (KohParty *party)
{
  KohHasher hasher;
  KohHash mine;

  koh_hasher_init (&hasher, "kohorte/gate-counts/2");
  koh_verify_add_facts (party, &hasher);
  mine = koh_hasher_end (&hasher);
  koh_party_send (party, koh_party_before (party), g_bytes_new (&mine, sizeof mine));
  koh_party_send (party, koh_party_after (party), g_bytes_new (&mine, sizeof mine));
  for (guint step = 1; step < KOH_PARTIES; step++)
    {
      const guint other = (party->me + step) % KOH_PARTIES;
      g_autoptr (GBytes) theirs = koh_party_recv (party, other, sizeof mine);

      if (theirs == NULL)
        return FALSE;
      if (!koh_check ("gate-counts", koh_hash_equal (&mine, g_bytes_get_data (theirs, NULL))))
        {
          g_autofree char *whom = g_strdup_printf ("members %u and %u", party->me, other);

          koh_party_fail_check (party, "gate-counts", whom);
          return FALSE;
        }
    }
  return !koh_party_has_failed (party);
}

/* Members that stand at different places of the program could not prove to each other anything. */
gboolean
koh_verify_before_opening (KohParty *party)
{
  if (party->plain)
    return !koh_party_has_failed (party);
  if (!compare_counts (party))
    return FALSE;
  return party->transcript->terms == 0 || verify_batch (party);
}
