/* SPDX-License-Identifier: EUPL-1.2
 *
 * A party as the prover of its own multiplications of a batch. Nothing outside src/mpc includes this file. */
#pragma once

#include "mpc/proof.h"

G_BEGIN_DECLS

typedef struct
{
  KohParty *party;
  const KohProofShape *shape;
  guint64 *weights;     /* of term words, in scratch */
  KohProofVector u, v;  /* after fold 0 */
  guint8 got[KOH_PROOF_ECHO]; /* the seed and coins that the left verifier released */
  gsize got_size;
} KohProver;

void     koh_prover_init  (KohProver *prover, KohParty *party, const KohProofShape *shape,
                           const guint8 seed[KOH_PROOF_SEED]);

/* The left verifier's share of the values of q; the right one's comes from k_{i+1}. */
GBytes  *koh_prover_share (KohProver *prover, guint fold);

/* Takes the coin of @fold. FALSE where it is one of the points: then the party has failed (check
 * "proof-coin-range"). */
gboolean koh_prover_coin  (KohProver *prover, guint fold, guint64 coin);

GBytes  *koh_prover_echo  (const KohProver *prover);

G_END_DECLS
