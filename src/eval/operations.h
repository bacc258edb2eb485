/* SPDX-License-Identifier: EUPL-1.2
 *
 * The joint part of a plan over one chunk of rows: each operation of the straight line is one of the
 * engine's. A result is freed (and so wiped) right after its last use. */
#pragma once

#include "mpc/bits.h"
#include "query/plan.h"

G_BEGIN_DECLS

typedef struct
{
  KohParty *party;
  const KohPlan *plan;
  const guint64 *const *planes; /* of each column, over all positions; NULL where another member has it */
  KohCounter **counters;        /* of each count of the plan */
  guint number;                 /* of this chunk */
  guint first, rows;            /* `first` is a multiple of 64 */
} KohChunk;

void koh_chunk_run (const KohChunk *chunk);

G_END_DECLS
