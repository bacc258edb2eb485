/* SPDX-License-Identifier: EUPL-1.2
 *
 * The loops of the proof on AVX-512 with its carry-less multiplier, four products at once. The rest is shared
 * with gf64-clmul.c. */
#include "mpc/gf64-private.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define WIDE __attribute__ ((target ("avx512f,avx512bw,avx512dq,avx512vl,vpclmulqdq,pclmul")))

/* Eight bits of a word are a mask of eight lanes. */
WIDE static void
fold_bits (guint64 out[64], const guint64 words[KOH_GF64_BLOCK], const guint64 coefficients[KOH_GF64_BLOCK],
           gboolean powers)
{
  const guint8 *masks = (const guint8 *) words;
  __m512i sum[8];

  for (guint i = 0; i < 8; i++)
    sum[i] = _mm512_setzero_si512 ();
  for (guint k = 0; k < KOH_GF64_BLOCK; k++)
    {
      const __m512i coefficient = _mm512_set1_epi64 ((long long) coefficients[k]);

      for (guint i = 0; i < 8; i++)
        sum[i] = _mm512_mask_xor_epi64 (sum[i], masks[8 * k + i], sum[i], coefficient);
    }
  for (guint i = 0; i < 8; i++)
    {
      const __m512i place = _mm512_add_epi64 (_mm512_set_epi64 (7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi64 (8 * i));
      const __m512i high = _mm512_srlv_epi64 (_mm512_srli_epi64 (sum[i], 1),
                                              _mm512_sub_epi64 (_mm512_set1_epi64 (63), place));
      __m512i top = _mm512_ternarylogic_epi64 (high, _mm512_srli_epi64 (high, 60), _mm512_srli_epi64 (high, 61), 0x96);

      top = _mm512_xor_si512 (top, _mm512_srli_epi64 (high, 63));
      if (powers)
        {
          sum[i] = _mm512_ternarylogic_epi64 (_mm512_sllv_epi64 (sum[i], place), top, _mm512_slli_epi64 (top, 1), 0x96);
          sum[i] = _mm512_ternarylogic_epi64 (sum[i], _mm512_slli_epi64 (top, 3), _mm512_slli_epi64 (top, 4), 0x96);
        }
      _mm512_storeu_si512 (out + 8 * i, sum[i]);
    }
}

/* Sums for four k and eight l stay in registers over all blocks of a piece. Lane j of an even one is l + 2 j. */
WIDE static inline void
pair_tile (KohGf64Pairs pairs, guint k, guint l, const guint64 *weight, const guint64 *x, const guint64 *y,
           const guint64 *next_x, const guint64 *next_y, gsize blocks)
{
  __m512i even[4], odd[4];

  for (guint i = 0; i < 4; i++)
    even[i] = odd[i] = _mm512_setzero_si512 ();
  for (gsize at = 0; at < blocks * KOH_GF64_BLOCK; at += KOH_GF64_BLOCK)
    {
      const __m512i yl = _mm512_loadu_si512 (next_y + at + l), xl = _mm512_loadu_si512 (next_x + at + l);

      for (guint i = 0; i < 4; i++)
        {
          const __m512i xk = _mm512_set1_epi64 ((long long) x[at + k + i]);
          const __m512i yk = _mm512_set1_epi64 ((long long) y[at + k + i]);
          const __m512i r = _mm512_set1_epi64 ((long long) weight[at + k + i]);
          const __m512i a = _mm512_xor_si512 (_mm512_and_si512 (xk, yl), _mm512_and_si512 (yk, xl));

          even[i] = _mm512_xor_si512 (even[i], _mm512_clmulepi64_epi128 (r, a, 0x00));
          odd[i] = _mm512_xor_si512 (odd[i], _mm512_clmulepi64_epi128 (r, a, 0x10));
        }
    }
  for (guint i = 0; i < 4; i++)
    {
      KohGf64Wide lanes[2][4];

      _mm512_storeu_si512 (lanes[0], even[i]);
      _mm512_storeu_si512 (lanes[1], odd[i]);
      for (guint j = 0; j < 8; j++)
        {
          pairs[k + i][l + j].lo ^= lanes[j % 2][j / 2].lo;
          pairs[k + i][l + j].hi ^= lanes[j % 2][j / 2].hi;
        }
    }
}

#define PIECE 24 /* blocks: 30 KiB in all five arrays */

WIDE static void
pair_bits (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y, const guint64 *next_x,
           const guint64 *next_y, gsize blocks)
{
  for (gsize b = 0; b < blocks; b += PIECE)
    for (guint k = 0; k < KOH_GF64_BLOCK; k += 4)
      for (guint l = 0; l < KOH_GF64_BLOCK; l += 8)
        {
          const gsize at = b * KOH_GF64_BLOCK;

          pair_tile (pairs, k, l, weight + at, x + at, y + at, next_x + at, next_y + at, MIN (PIECE, blocks - b));
        }
}

const KohGf64Loops *
koh_gf64_avx512 (void)
{
  static KohGf64Loops loops;
  static gsize once;

  __builtin_cpu_init ();
  if (koh_gf64_clmul () == NULL || !__builtin_cpu_supports ("avx512f") || !__builtin_cpu_supports ("avx512bw") ||
      !__builtin_cpu_supports ("avx512dq") || !__builtin_cpu_supports ("avx512vl") ||
      !__builtin_cpu_supports ("vpclmulqdq"))
    return NULL;
  if (g_once_init_enter (&once))
    {
      loops = *koh_gf64_clmul ();
      loops.fold_bits = fold_bits;
      loops.pair_bits = pair_bits;
      g_once_init_leave (&once, 1);
    }
  return &loops;
}

#else

const KohGf64Loops *
koh_gf64_avx512 (void)
{
  return NULL;
}

#endif
