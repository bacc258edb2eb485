/* SPDX-License-Identifier: EUPL-1.2
 *
 * The field against its definition, bit by bit, on every way to multiply; and the loops of the proof against
 * the sums that they stand for. */
#include "mpc/gf64.h"

#include <sodium.h>
#include <string.h>

/* Schoolbook: shift, reduce, add. */
static guint64
slow_mul (guint64 a, guint64 b)
{
  guint64 z = 0;

  for (guint i = 0; i < 64; i++)
    {
      if ((b >> i) & 1)
        z ^= a;
      a = (a << 1) ^ (a >> 63 ? 0x1b : 0);
    }
  return z;
}

static guint64
slow_power (guint64 a, guint64 n)
{
  guint64 z = 1;

  for (; n > 0; n >>= 1, a = slow_mul (a, a))
    if (n & 1)
      z = slow_mul (z, a);
  return z;
}

static void
fill (guint64 *words, gsize n, guint8 seed)
{
  const guint8 key[32] = { seed };
  const guint8 nonce[8] = { 0 };

  crypto_stream_chacha20 ((guint8 *) words, n * sizeof (guint64), nonce, key);
}

/* Every way to multiply that this processor has. */
static void
all_ways (void (*test) (void))
{
  for (guint way = 0; way < koh_gf64_ways (); way++)
    {
      koh_gf64_choose (way);
      test ();
    }
}

static void
mul (void)
{
  static const guint64 edges[] = { 0, 1, 2, 3, G_GUINT64_CONSTANT (1) << 63, G_MAXUINT64, 0x1b, G_MAXUINT64 >> 1 };
  guint64 words[400];

  fill (words, G_N_ELEMENTS (words), 1);
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    for (guint j = 0; j < G_N_ELEMENTS (edges); j++)
      g_assert_cmphex (koh_gf64_mul (edges[i], edges[j]), ==, slow_mul (edges[i], edges[j]));
  for (guint i = 0; i + 1 < G_N_ELEMENTS (words); i++)
    {
      g_assert_cmphex (koh_gf64_mul (words[i], words[i + 1]), ==, slow_mul (words[i], words[i + 1]));
      g_assert_cmphex (koh_gf64_mul (words[i], edges[i % 8]), ==, slow_mul (words[i], edges[i % 8]));
    }
  /* X^64 is X^4 + X^3 + X + 1. */
  g_assert_cmphex (koh_gf64_mul (G_GUINT64_CONSTANT (1) << 32, G_GUINT64_CONSTANT (1) << 32), ==, 0x1b);
}

static void
test_mul (void)
{
  all_ways (mul);
}

static void
invert (void)
{
  guint64 words[20];

  fill (words, G_N_ELEMENTS (words), 2);
  words[0] = 1;
  words[1] = 2;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_cmphex (slow_mul (words[i], koh_gf64_invert (words[i])), ==, 1);
      g_assert_cmphex (koh_gf64_invert (words[i]), ==, slow_power (words[i], G_MAXUINT64 - 1));
    }
  g_assert_cmphex (koh_gf64_invert (0), ==, 0);
}

static void
test_invert (void)
{
  all_ways (invert);
}

static void
sums (void)
{
  guint64 a[67], b[67], out[67], coefficients[17];

  fill (a, 67, 3);
  fill (b, 67, 4);
  fill (coefficients, 17, 5);
  for (guint n = 0; n < 67; n++)
    {
      guint64 sum = 0;

      for (guint j = 0; j < n; j++)
        sum ^= slow_mul (a[j], b[j]);
      g_assert_cmphex (koh_gf64_dot (a, b, n), ==, sum);
    }
  koh_gf64_scale (out, a, b, 67);
  for (guint j = 0; j < 67; j++)
    g_assert_cmphex (out[j], ==, slow_mul (a[j], b[j]));
  for (guint width = 1; width <= 17; width++)
    {
      memcpy (out, a, sizeof a);
      koh_gf64_fold (out, out, 67 / width, width, coefficients);
      for (guint j = 0; j < 67 / width; j++)
        {
          guint64 sum = 0;

          for (guint k = 0; k < width; k++)
            sum ^= slow_mul (a[j * width + k], coefficients[k]);
          g_assert_cmphex (out[j], ==, sum);
        }
    }
}

static void
test_sums (void)
{
  all_ways (sums);
}

/* A polynomial of degree n − 1 is read off its values at the first n points, anywhere. */
static void
lagrange (void)
{
  static const guint sizes[] = { 1, 2, 8, 15, 32, 63, 65, 129 };
  guint64 polynomial[129], values[129], coefficients[129], places[6];

  fill (polynomial, 129, 6);
  fill (places, 6, 7);
  places[0] = 0;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const guint n = sizes[i];

      places[1] = n - 1;
      places[2] = n;
      for (guint e = 0; e < n; e++)
        {
          values[e] = 0;
          for (guint d = n; d > 0; d--)
            values[e] = slow_mul (values[e], e) ^ polynomial[d - 1];
        }
      for (guint j = 0; j < G_N_ELEMENTS (places); j++)
        {
          guint64 expected = 0;

          for (guint d = n; d > 0; d--)
            expected = slow_mul (expected, places[j]) ^ polynomial[d - 1];
          koh_gf64_lagrange (coefficients, n, places[j]);
          g_assert_cmphex (koh_gf64_dot (coefficients, values, n), ==, expected);
        }
    }
}

static void
test_lagrange (void)
{
  all_ways (lagrange);
}

static void
fold_bits (void)
{
  guint64 words[KOH_GF64_BLOCK], coefficients[KOH_GF64_BLOCK], out[64], powers[64];

  fill (words, KOH_GF64_BLOCK, 8);
  fill (coefficients, KOH_GF64_BLOCK, 9);
  koh_gf64_fold_bits (out, words, coefficients, FALSE);
  koh_gf64_fold_bits (powers, words, coefficients, TRUE);
  for (guint s = 0; s < 64; s++)
    {
      guint64 sum = 0;

      for (guint k = 0; k < KOH_GF64_BLOCK; k++)
        sum ^= (words[k] >> s) & 1 ? coefficients[k] : 0;
      g_assert_cmphex (out[s], ==, sum);
      g_assert_cmphex (powers[s], ==, slow_mul (sum, G_GUINT64_CONSTANT (1) << s));
    }
}

static void
test_fold_bits (void)
{
  all_ways (fold_bits);
}

#define BLOCKS 27 /* more than a piece of the fast path */

static void
pair_bits (void)
{
  const gsize n = BLOCKS * KOH_GF64_BLOCK;
  g_autofree guint64 *in = g_new (guint64, 5 * n);
  g_autofree KohGf64Wide *sums_held = g_new0 (KohGf64Wide, KOH_GF64_BLOCK * KOH_GF64_BLOCK);
  KohGf64Wide (*pairs)[KOH_GF64_BLOCK] = (KohGf64Wide (*)[KOH_GF64_BLOCK]) sums_held;

  fill (in, 5 * n, 10);
  koh_gf64_pair_bits (pairs, in, in + n, in + 2 * n, in + 3 * n, in + 4 * n, BLOCKS);
  for (guint k = 0; k < KOH_GF64_BLOCK; k += 3)
    for (guint l = 0; l < KOH_GF64_BLOCK; l++)
      {
        guint64 sum = 0;

        for (gsize b = 0; b < n; b += KOH_GF64_BLOCK)
          sum ^= slow_mul (in[b + k], (in[n + b + k] & in[4 * n + b + l]) ^ (in[2 * n + b + k] & in[3 * n + b + l]));
        g_assert_cmphex (koh_gf64_reduce (pairs[k][l]), ==, sum);
      }
}

static void
test_pair_bits (void)
{
  all_ways (pair_bits);
}

static void
pair_eight (void)
{
  guint64 u[8 * 5], v[8 * 5];
  KohGf64Eight pairs = { { { 0, 0 } } };

  fill (u, 40, 11);
  fill (v, 40, 12);
  koh_gf64_pair_eight (pairs, u, v, 2);
  koh_gf64_pair_eight (pairs, u + 16, v + 16, 3);
  for (guint k = 0; k < 8; k++)
    for (guint l = k; l < 8; l++)
      {
        guint64 sum = 0;

        for (guint j = 0; j < 40; j += 8)
          sum ^= slow_mul (u[j + k], v[j + l]) ^ (k == l ? 0 : slow_mul (u[j + l], v[j + k]));
        g_assert_cmphex (koh_gf64_reduce (pairs[k][l]), ==, sum);
      }
}

static void
test_pair_eight (void)
{
  all_ways (pair_eight);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/gf64/product-is-the-schoolbook-one", test_mul);
  g_test_add_func ("/mpc/gf64/inverse-times-element-is-one", test_invert);
  g_test_add_func ("/mpc/gf64/sums-of-products", test_sums);
  g_test_add_func ("/mpc/gf64/lagrange-reads-polynomials", test_lagrange);
  g_test_add_func ("/mpc/gf64/fold-of-bits", test_fold_bits);
  g_test_add_func ("/mpc/gf64/pairs-of-bits", test_pair_bits);
  g_test_add_func ("/mpc/gf64/pairs-of-eight", test_pair_eight);
  return g_test_run ();
}
