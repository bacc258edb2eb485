/* SPDX-License-Identifier: EUPL-1.2
 *
 * A party as a verifier of another's multiplications: left of the member after it, right of the member before
 * it. Nothing outside src/mpc includes this file. */
#pragma once

#include "mpc/proof.h"

G_BEGIN_DECLS

typedef struct
{
  KohParty *party;
  const KohProofShape *shape;
  gboolean left;
  const guint8 *coin_key;     /* k_{p-1} of prover P_p, which it lacks */
  KohProofVector vector;      /* u for the left, v for the right verifier; after fold 0 */
  const guint64 *weights;     /* of term words, in scratch; the left verifier's */
  guint64 claim;              /* its share of C */
  guint64 coins[KOH_PROOF_FOLDS];
  guint64 values[KOH_PROOF_FOLDS + 2]; /* what it tells the other verifier: Σ q − C of each fold, p(r), q(r) */
  guint8 echo[KOH_PROOF_ECHO];         /* the seed and coins that the prover must have been given */
  gsize echo_size;
} KohChecker;

void    koh_checker_init  (KohChecker *checker, KohParty *party, const KohProofShape *shape, gboolean left);

/* The seed of the weights: the left verifier releases it to the prover, once it holds every z of the batch. */
GBytes *koh_checker_seed  (const KohChecker *checker);

/* The coin of a fold: the left verifier releases it once it holds its share of that fold; the last never. */
GBytes *koh_checker_coin  (const KohChecker *checker, guint fold);

/* @share: the left verifier's values of q, as received; NULL for the right verifier, which derives its own. */
void    koh_checker_fold  (KohChecker *checker, guint fold, const guint64 *share);

/* What the two verifiers of a prover tell each other at the end, and whether it adds up (checks "proof-sum" and
 * "proof-product"). Where not, the party has failed. */
GBytes  *koh_checker_values  (const KohChecker *checker);
gboolean koh_checker_compare (KohChecker *checker, GBytes *theirs);

/* The right verifier: whether the prover was given the coins that it derived itself (check "proof-echo"). */
gboolean koh_checker_echo    (KohChecker *checker, GBytes *echo);

G_END_DECLS
