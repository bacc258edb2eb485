/* SPDX-License-Identifier: EUPL-1.2
 *
 * Carry-less products from integer ones. Each operand is cut in four, with every fourth bit in each part:
 * the integer product of two parts counts, at every fourth place, how many pairs of bits meet there, and the
 * three places between take the carries. At the lower 64 places a count of 16, which would not fit, is only
 * at the topmost, where its carry falls off. The lowest bit of each count is the product's. The upper half is
 * the lower half of the product of the operands written backwards. No branch, and no index, depends on an
 * operand. */
#include "mpc/gf64-private.h"

#define EVERY_FOURTH G_GUINT64_CONSTANT (0x1111111111111111)

static guint64
low_product (guint64 a, guint64 b)
{
  guint64 x[4], y[4], z = 0;

  for (guint i = 0; i < 4; i++)
    {
      x[i] = a & (EVERY_FOURTH << i);
      y[i] = b & (EVERY_FOURTH << i);
    }
  for (guint i = 0; i < 4; i++)
    {
      guint64 sum = 0;

      for (guint j = 0; j < 4; j++)
        sum ^= x[j] * y[(i + 4 - j) % 4];
      z |= sum & (EVERY_FOURTH << i);
    }
  return z;
}

static guint64
backwards (guint64 a)
{
  static const guint64 masks[3] = { G_GUINT64_CONSTANT (0x5555555555555555), G_GUINT64_CONSTANT (0x3333333333333333),
                                    G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f) };

  for (guint i = 0; i < 3; i++)
    a = ((a >> (1u << i)) & masks[i]) | ((a & masks[i]) << (1u << i));
  return GUINT64_SWAP_LE_BE (a);
}

static inline void
add_product (KohGf64Wide *sum, guint64 a, guint64 b)
{
  sum->lo ^= low_product (a, b);
  sum->hi ^= backwards (low_product (backwards (a), backwards (b))) >> 1;
}

static guint64
mul (guint64 a, guint64 b)
{
  KohGf64Wide sum = { 0, 0 };

  add_product (&sum, a, b);
  return koh_gf64_fold_top (sum.lo, sum.hi);
}

static guint64
dot (const guint64 *a, const guint64 *b, gsize n)
{
  KohGf64Wide sum = { 0, 0 };

  for (gsize j = 0; j < n; j++)
    add_product (&sum, a[j], b[j]);
  return koh_gf64_fold_top (sum.lo, sum.hi);
}

static void
scale (guint64 *out, const guint64 *a, const guint64 *b, gsize n)
{
  for (gsize j = 0; j < n; j++)
    out[j] = mul (a[j], b[j]);
}

static void
fold (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients)
{
  for (gsize j = 0; j < rows; j++)
    out[j] = dot (coefficients, in + j * width, width);
}

static void
fold_bits (guint64 out[64], const guint64 words[KOH_GF64_BLOCK], const guint64 coefficients[KOH_GF64_BLOCK],
           gboolean powers)
{
  koh_gf64_fold_lanes (out, words, coefficients, powers);
}

static void
pair_bits (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y, const guint64 *next_x,
           const guint64 *next_y, gsize blocks)
{
  for (gsize at = 0; at < blocks * KOH_GF64_BLOCK; at += KOH_GF64_BLOCK)
    for (guint k = 0; k < KOH_GF64_BLOCK; k++)
      for (guint l = 0; l < KOH_GF64_BLOCK; l++)
        add_product (&pairs[k][l], weight[at + k],
                     (x[at + k] & next_y[at + l]) ^ (y[at + k] & next_x[at + l]));
}

/* u_k v_l + u_l v_k = (u_k + u_l) (v_k + v_l) + u_k v_k + u_l v_l; the last two are added at the end. */
static void
pair_eight (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows)
{
  KohGf64Eight sums = { { { 0, 0 } } };

  for (gsize at = 0; at < 8 * rows; at += 8)
    for (guint k = 0; k < 8; k++)
      {
        add_product (&sums[k][k], u[at + k], v[at + k]);
        for (guint l = k + 1; l < 8; l++)
          add_product (&sums[k][l], u[at + k] ^ u[at + l], v[at + k] ^ v[at + l]);
      }
  for (guint k = 0; k < 8; k++)
    for (guint l = k; l < 8; l++)
      {
        pairs[k][l].lo ^= sums[k][l].lo ^ (k == l ? 0 : sums[k][k].lo ^ sums[l][l].lo);
        pairs[k][l].hi ^= sums[k][l].hi ^ (k == l ? 0 : sums[k][k].hi ^ sums[l][l].hi);
      }
}

const KohGf64Loops koh_gf64_portable = { mul, dot, scale, fold, fold_bits, pair_bits, pair_eight };
