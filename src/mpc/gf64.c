/* SPDX-License-Identifier: EUPL-1.2
 *
 * The choice between the ways to multiply, and what is written with products: inverses and Lagrange
 * coefficients. */
#include "mpc/gf64-private.h"

static const KohGf64Loops *chosen;

/* The ways that there are here, the plainest first. */
static guint
list_ways (const KohGf64Loops *ways[3])
{
  guint n = 0;

  ways[n++] = &koh_gf64_portable;
  if (koh_gf64_clmul () != NULL)
    ways[n++] = koh_gf64_clmul ();
  if (koh_gf64_avx512 () != NULL)
    ways[n++] = koh_gf64_avx512 ();
  return n;
}

guint
koh_gf64_ways (void)
{
  const KohGf64Loops *ways[3];

  return list_ways (ways);
}

void
koh_gf64_choose (guint way)
{
  const KohGf64Loops *ways[3];
  const guint n = list_ways (ways);

  __atomic_store_n (&chosen, ways[MIN (way, n - 1)], __ATOMIC_RELEASE);
}

static const KohGf64Loops *
loops (void)
{
  const KohGf64Loops *now = __atomic_load_n (&chosen, __ATOMIC_ACQUIRE);

  if (now == NULL)
    {
      koh_gf64_choose (G_MAXUINT);
      now = __atomic_load_n (&chosen, __ATOMIC_ACQUIRE);
    }
  return now;
}

guint64
koh_gf64_mul (guint64 a, guint64 b)
{
  return loops ()->mul (a, b);
}

guint64
koh_gf64_reduce (KohGf64Wide wide)
{
  return koh_gf64_fold_top (wide.lo, wide.hi);
}

guint64
koh_gf64_dot (const guint64 *a, const guint64 *b, gsize n)
{
  return loops ()->dot (a, b, n);
}

void
koh_gf64_scale (guint64 *out, const guint64 *a, const guint64 *b, gsize n)
{
  loops ()->scale (out, a, b, n);
}

void
koh_gf64_fold (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients)
{
  loops ()->fold (out, in, rows, width, coefficients);
}

void
koh_gf64_pair_bits (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y,
                    const guint64 *next_x, const guint64 *next_y, gsize blocks)
{
  loops ()->pair_bits (pairs, weight, x, y, next_x, next_y, blocks);
}

void
koh_gf64_pair_eight (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows)
{
  loops ()->pair_eight (pairs, u, v, rows);
}

/* a^(2^64 − 2), the product of a^(2^i) for 0 < i < 64. */
guint64
koh_gf64_invert (guint64 a)
{
  guint64 inverse = 1;

  for (guint i = 1; i < 64; i++)
    {
      a = koh_gf64_mul (a, a);
      inverse = koh_gf64_mul (inverse, a);
    }
  return inverse;
}

/* l_k = Π_{j≠k} (e − e_j) / Π_{j≠k} (e_k − e_j): products before and after k, so that e may be any element,
 * and one inversion for all denominators. */
void
koh_gf64_lagrange (guint64 *out, guint n, guint64 e)
{
  guint64 denominator[256], running = 1, all = 1;

  g_assert (n >= 1 && n <= 256);
  for (guint k = 0; k < n; k++)
    {
      denominator[k] = 1;
      for (guint j = 0; j < n; j++)
        if (j != k)
          denominator[k] = koh_gf64_mul (denominator[k], k ^ j);
      out[k] = all;
      all = koh_gf64_mul (all, denominator[k]);
    }
  all = koh_gf64_invert (all);
  for (guint k = n; k > 0; k--)
    {
      out[k - 1] = koh_gf64_mul (out[k - 1], all);
      all = koh_gf64_mul (all, denominator[k - 1]);
    }
  for (guint k = 0; k < n; k++)
    {
      out[k] = koh_gf64_mul (out[k], running);
      running = koh_gf64_mul (running, e ^ k);
    }
  running = 1;
  for (guint k = n; k > 0; k--)
    {
      out[k - 1] = koh_gf64_mul (out[k - 1], running);
      running = koh_gf64_mul (running, e ^ (k - 1));
    }
}

void
koh_gf64_fold_bits (guint64 out[64], const guint64 words[KOH_GF64_BLOCK], const guint64 coefficients[KOH_GF64_BLOCK],
                    gboolean powers)
{
  loops ()->fold_bits (out, words, coefficients, powers);
}
