/* SPDX-License-Identifier: EUPL-1.2
 *
 * The counter, over chunks of every awkward size, against counting. */
#include "three.h"

#define MOST_CHUNKS 12

typedef struct
{
  guint cells, width, chunks;
  guint rows[MOST_CHUNKS];
  gboolean twice; /* a second count with the same counter */
} Shape;

static guint64
flags_of (guint chunk, guint row, guint cells)
{
  guint64 x =
      (chunk + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + row * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);

  x ^= x >> 29;
  x *= G_GUINT64_CONSTANT (0x94d049bb133111eb);
  x ^= x >> 32;
  if (row % 7 == 0)
    x = G_MAXUINT64; /* full words, so that carries run far */
  return cells < 64 ? x & ((G_GUINT64_CONSTANT (1) << cells) - 1) : x;
}

/* Shares of known flags: masks cancel, so that each share alone looks random. Pad bits are ones. */
static KohBits *
chunk_flags (KohParty *party, const Shape *shape, guint chunk)
{
  const guint rows = shape->rows[chunk];
  g_autofree guint64 *values = g_new (guint64, MAX (rows, 1));
  g_autofree guint64 *planes = NULL;
  g_autoptr (KohBits) known = NULL;
  g_autoptr (KohBits) one = koh_bits_constant (party, rows, 1, 1);

  for (guint r = 0; r < rows; r++)
    values[r] = flags_of (chunk, r, shape->cells);
  planes = three_planes (values, rows, shape->cells);
  known = koh_bits_public (party, rows, shape->cells, planes);
  return koh_bits_and (party, known, one);
}

static KohBits *
count (KohParty *party, const KohBits *const *in, gpointer data)
{
  const Shape *shape = data;
  g_autoptr (KohCounter) counter = koh_counter_new (party, shape->cells);

  for (guint time = 0; time < (shape->twice ? 2 : 1); time++)
    {
      KohBits *sum;

      for (guint i = 0; i < shape->chunks; i++)
        {
          g_autoptr (KohBits) flags = chunk_flags (party, shape, i);

          koh_counter_add (counter, flags);
        }
      sum = koh_counter_end (counter, shape->width);
      if (time == (shape->twice ? 1 : 0))
        return sum;
      koh_bits_free (sum);
    }
  return NULL;
}

static void
check_shape (const Shape *shape)
{
  for (gboolean plain = FALSE; plain <= TRUE; plain++)
    {
      guint rows, width;
      g_autofree guint64 *result =
          three_compute (plain, count, (gpointer) shape, 1, NULL, 0, &rows, &width, NULL);

      g_assert_cmpuint (rows, ==, shape->cells);
      g_assert_cmpuint (width, ==, shape->width);
      for (guint c = 0; c < shape->cells; c++)
        {
          guint64 expected = 0;

          for (guint i = 0; i < shape->chunks; i++)
            for (guint r = 0; r < shape->rows[i]; r++)
              expected += (flags_of (i, r, shape->cells) >> c) & 1;
          if (shape->width < 64)
            expected &= (G_GUINT64_CONSTANT (1) << shape->width) - 1;
          g_assert_cmpuint (result[c], ==, expected);
        }
    }
}

static void
test_shapes (void)
{
  static const Shape shapes[] = {
    { 1, 8, 1, { 1 } },
    { 3, 10, 1, { 63 } },
    { 3, 10, 1, { 64 } },
    { 3, 10, 1, { 65 } },
    { 5, 12, 1, { 1000 } },
    { 20, 16, 3, { 1000, 1, 64 } },
    { 2, 20, 2, { 70000, 65536 } },
    { 64, 16, 2, { 5000, 4999 } },
    { 7, 20, 12, { 3072, 3072, 3072, 3073, 3071, 1, 3072, 9000, 64, 63, 65, 128 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check_shape (&shapes[i]);
}

static void
test_empty (void)
{
  static const Shape none = { 4, 5, 0, { 0 } };

  check_shape (&none);
}

static void
test_width (void)
{
  static const Shape cut = { 6, 3, 2, { 1000, 77 } };
  static const Shape wide = { 2, 64, 1, { 1000 } };

  check_shape (&cut);
  check_shape (&wide);
}

static void
test_again (void)
{
  static const Shape twice = { 5, 14, 2, { 4000, 65 }, TRUE };

  check_shape (&twice);
}

/* About one multiplication a row and cell, and few rounds a chunk. */
static void
test_cost (void)
{
  static const Shape one = { 20, 20, 1, { 65536 } };
  static const Shape many = { 20, 20, 6, { 65536, 65536, 65536, 65536, 65536, 65536 } };
  KohCost first, last;
  guint rows, width;

  g_free (three_compute (FALSE, count, (gpointer) &one, 1, NULL, 0, &rows, &width, &first));
  g_free (three_compute (FALSE, count, (gpointer) &many, 1, NULL, 0, &rows, &width, &last));
  /* One more for making the flags of the test. */
  g_assert_cmpuint (last.ands - first.ands, <, 5 * 65536 * 20 * 21 / 10);
  g_assert_cmpuint (last.rounds - first.rounds, <, 5 * 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/counter/chunks-of-every-size", test_shapes);
  g_test_add_func ("/mpc/counter/nothing-added-is-zero", test_empty);
  g_test_add_func ("/mpc/counter/any-width", test_width);
  g_test_add_func ("/mpc/counter/starts-again-after-its-end", test_again);
  g_test_add_func ("/mpc/counter/costs-what-is-said", test_cost);
  return g_test_run ();
}
