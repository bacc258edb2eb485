/* SPDX-License-Identifier: EUPL-1.2
 *
 * The ways to multiply in GF(2^64), as tables of the loops that need them. */
#pragma once

#include "mpc/gf64.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 (*mul)        (guint64 a, guint64 b);
  guint64 (*dot)        (const guint64 *a, const guint64 *b, gsize n);
  void    (*scale)      (guint64 *out, const guint64 *a, const guint64 *b, gsize n);
  void    (*fold)       (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients);
  void    (*fold_bits)  (guint64 out[64], const guint64 words[KOH_GF64_BLOCK],
                         const guint64 coefficients[KOH_GF64_BLOCK], gboolean powers);
  void    (*pair_bits)  (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y,
                         const guint64 *next_x, const guint64 *next_y, gsize blocks);
  void    (*pair_eight) (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows);
} KohGf64Loops;

extern const KohGf64Loops koh_gf64_portable;

/* NULL where the processor has no carry-less multiplier and AVX2; and where it has no wide one and AVX-512. */
const KohGf64Loops *koh_gf64_clmul  (void);
const KohGf64Loops *koh_gf64_avx512 (void);

/* X^64 = X^4 + X^3 + X + 1. What that pushes over the top again has degree 3 at most. */
static inline guint64
koh_gf64_fold_top (guint64 lo, guint64 hi)
{
  const guint64 t = hi ^ (hi >> 60) ^ (hi >> 61) ^ (hi >> 63);

  return lo ^ t ^ (t << 1) ^ (t << 3) ^ (t << 4);
}

typedef guint64 KohGf64Lanes __attribute__ ((vector_size (32), aligned (8), may_alias));

/* Every bit selects or clears the coefficient by a mask: nothing is looked up at a secret place. For the
 * compiler to make of it what the processor named by its caller has. */
static inline __attribute__ ((always_inline)) void
koh_gf64_fold_lanes (guint64 out[64], const guint64 words[KOH_GF64_BLOCK],
                     const guint64 coefficients[KOH_GF64_BLOCK], gboolean powers)
{
  const KohGf64Lanes first = { 1, 2, 4, 8 }, place = { 0, 1, 2, 3 };

  for (guint s = 0; s < 64; s += 16)
    {
      KohGf64Lanes sum[4] = { { 0 } }, bit[4];

      for (guint i = 0; i < 4; i++)
        bit[i] = first << (s + 4 * i);
      for (guint k = 0; k < KOH_GF64_BLOCK; k++)
        for (guint i = 0; i < 4; i++)
          sum[i] ^= (KohGf64Lanes) ((bit[i] & words[k]) == bit[i]) & coefficients[k];
      for (guint i = 0; i < 4; i++)
        {
          const KohGf64Lanes shift = place + (s + 4 * i);
          const KohGf64Lanes high = (sum[i] >> 1) >> (63 - shift);
          const KohGf64Lanes top = high ^ (high >> 60) ^ (high >> 61) ^ (high >> 63);

          if (powers)
            sum[i] = (sum[i] << shift) ^ top ^ (top << 1) ^ (top << 3) ^ (top << 4);
          *(KohGf64Lanes *) (out + s + 4 * i) = sum[i];
        }
    }
}

G_END_DECLS
