/* SPDX-License-Identifier: EUPL-1.2
 *
 * Products in GF(2^64) on the carry-less multiplier of x86-64 processors, whose time does not depend on
 * its operands; with AVX2. */
#include "mpc/gf64-private.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define CLMUL __attribute__ ((target ("pclmul,avx2")))

CLMUL static inline __m128i
product (guint64 a, guint64 b)
{
  return _mm_clmulepi64_si128 (_mm_cvtsi64_si128 ((long long) a), _mm_cvtsi64_si128 ((long long) b), 0);
}

CLMUL static inline guint64
reduce (__m128i wide)
{
  return koh_gf64_fold_top ((guint64) _mm_cvtsi128_si64 (wide), (guint64) _mm_extract_epi64 (wide, 1));
}

CLMUL static inline __m128i
load (const void *at)
{
  return _mm_loadu_si128 (at);
}

CLMUL static inline void
add_to (KohGf64Wide *sum, __m128i more)
{
  _mm_storeu_si128 ((__m128i *) sum, _mm_xor_si128 (load (sum), more));
}

CLMUL static guint64
mul (guint64 a, guint64 b)
{
  return reduce (product (a, b));
}

CLMUL static inline __m128i
wide_dot (const guint64 *a, const guint64 *b, gsize n)
{
  __m128i even = _mm_setzero_si128 (), odd = even;
  gsize j = 0;

  for (; j + 2 <= n; j += 2)
    {
      const __m128i x = load (a + j), y = load (b + j);

      even = _mm_xor_si128 (even, _mm_clmulepi64_si128 (x, y, 0x00));
      odd = _mm_xor_si128 (odd, _mm_clmulepi64_si128 (x, y, 0x11));
    }
  if (j < n)
    even = _mm_xor_si128 (even, product (a[j], b[j]));
  return _mm_xor_si128 (even, odd);
}

CLMUL static guint64
dot (const guint64 *a, const guint64 *b, gsize n)
{
  return reduce (wide_dot (a, b, n));
}

CLMUL static void
scale (guint64 *out, const guint64 *a, const guint64 *b, gsize n)
{
  for (gsize j = 0; j < n; j++)
    out[j] = reduce (product (a[j], b[j]));
}

CLMUL static void
fold (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients)
{
  if (width == 8)
    for (gsize j = 0; j < rows; j++)
      out[j] = reduce (wide_dot (coefficients, in + j * 8, 8));
  else
    for (gsize j = 0; j < rows; j++)
      out[j] = reduce (wide_dot (coefficients, in + j * width, width));
}

CLMUL static void
fold_bits (guint64 out[64], const guint64 words[KOH_GF64_BLOCK], const guint64 coefficients[KOH_GF64_BLOCK],
           gboolean powers)
{
  koh_gf64_fold_lanes (out, words, coefficients, powers);
}

/* Sums for two k and four l stay in registers over all blocks of a piece, which stays in the first-level
 * cache while the others take their turn. */
CLMUL static inline void
pair_tile (KohGf64Pairs pairs, guint k, guint l, const guint64 *weight, const guint64 *x, const guint64 *y,
           const guint64 *next_x, const guint64 *next_y, gsize blocks)
{
  __m128i sum[2][4];

  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 4; j++)
      sum[i][j] = _mm_setzero_si128 ();
  for (gsize b = 0; b < blocks; b++)
    {
      const gsize at = b * KOH_GF64_BLOCK;
      const __m128i w = load (weight + at + k);
      const __m128i y01 = load (next_y + at + l), y23 = load (next_y + at + l + 2);
      const __m128i x01 = load (next_x + at + l), x23 = load (next_x + at + l + 2);

      for (guint i = 0; i < 2; i++)
        {
          const __m128i xk = _mm_set1_epi64x ((long long) x[at + k + i]);
          const __m128i yk = _mm_set1_epi64x ((long long) y[at + k + i]);
          const __m128i a = _mm_xor_si128 (_mm_and_si128 (xk, y01), _mm_and_si128 (yk, x01));
          const __m128i c = _mm_xor_si128 (_mm_and_si128 (xk, y23), _mm_and_si128 (yk, x23));
          const __m128i r = i == 0 ? w : _mm_unpackhi_epi64 (w, w);

          sum[i][0] = _mm_xor_si128 (sum[i][0], _mm_clmulepi64_si128 (r, a, 0x00));
          sum[i][1] = _mm_xor_si128 (sum[i][1], _mm_clmulepi64_si128 (r, a, 0x10));
          sum[i][2] = _mm_xor_si128 (sum[i][2], _mm_clmulepi64_si128 (r, c, 0x00));
          sum[i][3] = _mm_xor_si128 (sum[i][3], _mm_clmulepi64_si128 (r, c, 0x10));
        }
    }
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 4; j++)
      add_to (&pairs[k + i][l + j], sum[i][j]);
}

#define PIECE 24 /* blocks: 30 KiB in all five arrays */

CLMUL static void
pair_bits (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y, const guint64 *next_x,
           const guint64 *next_y, gsize blocks)
{
  for (gsize b = 0; b < blocks; b += PIECE)
    for (guint k = 0; k < KOH_GF64_BLOCK; k += 2)
      for (guint l = 0; l < KOH_GF64_BLOCK; l += 4)
        {
          const gsize at = b * KOH_GF64_BLOCK;

          pair_tile (pairs, k, l, weight + at, x + at, y + at, next_x + at, next_y + at, MIN (PIECE, blocks - b));
        }
}

/* u_k v_l + u_l v_k = (u_k + u_l) (v_k + v_l) + u_k v_k + u_l v_l; the last two are added at the end. */
CLMUL static void
pair_eight (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows)
{
  __m128i sums[8][8];

  for (guint k = 0; k < 8; k++)
    for (guint l = 0; l < 8; l++)
      sums[k][l] = _mm_setzero_si128 ();
  for (gsize at = 0; at < 8 * rows; at += 8)
    for (guint k = 0; k < 8; k++)
      {
        sums[k][k] = _mm_xor_si128 (sums[k][k], product (u[at + k], v[at + k]));
        for (guint l = k + 1; l < 8; l++)
          sums[k][l] = _mm_xor_si128 (sums[k][l], product (u[at + k] ^ u[at + l], v[at + k] ^ v[at + l]));
      }
  for (guint k = 0; k < 8; k++)
    for (guint l = k; l < 8; l++)
      {
        add_to (&pairs[k][l], sums[k][l]);
        if (k != l)
          add_to (&pairs[k][l], _mm_xor_si128 (sums[k][k], sums[l][l]));
      }
}

static const KohGf64Loops loops = { mul, dot, scale, fold, fold_bits, pair_bits, pair_eight };

const KohGf64Loops *
koh_gf64_clmul (void)
{
  __builtin_cpu_init ();
  return __builtin_cpu_supports ("pclmul") && __builtin_cpu_supports ("avx2") ? &loops : NULL;
}

#else

const KohGf64Loops *
koh_gf64_clmul (void)
{
  return NULL;
}

#endif
