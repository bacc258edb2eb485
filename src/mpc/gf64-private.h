/* SPDX-License-Identifier: EUPL-1.2
 *
 * The two ways to multiply in GF(2^64), as a table of the loops that need them. */
#pragma once

#include "mpc/gf64.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 (*mul)        (guint64 a, guint64 b);
  guint64 (*dot)        (const guint64 *a, const guint64 *b, gsize n);
  void    (*scale)      (guint64 *out, const guint64 *a, const guint64 *b, gsize n);
  void    (*fold)       (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients);
  void    (*pair_bits)  (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y,
                         const guint64 *next_x, const guint64 *next_y, gsize blocks);
  void    (*pair_eight) (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows);
} KohGf64Loops;

extern const KohGf64Loops koh_gf64_portable;

/* NULL where the processor has no carry-less multiplier. */
const KohGf64Loops *koh_gf64_clmul (void);

/* X^64 = X^4 + X^3 + X + 1. What that pushes over the top again has degree 3 at most. */
static inline guint64
koh_gf64_fold_top (guint64 lo, guint64 hi)
{
  const guint64 t = hi ^ (hi >> 60) ^ (hi >> 61) ^ (hi >> 63);

  return lo ^ t ^ (t << 1) ^ (t << 3) ^ (t << 4);
}

G_END_DECLS
