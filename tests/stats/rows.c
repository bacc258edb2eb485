/* SPDX-License-Identifier: EUPL-1.2 */
#include "stats/rows.h"

#include "three.h"

#define WIDTH 9

typedef struct
{
  guint size;
  KohBits *(*run) (KohParty *party, const KohBits *x, guint size);
} What;

static KohBits *
apply (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  const What *what = data;

  return what->run (party, inputs[0], what->size);
}

static guint64 *
compute (gboolean plain, What what, const guint64 *values, guint rows, guint width, guint *out_rows)
{
  const ThreeColumn column = { width, values };
  guint out_width;

  return three_compute (plain, apply, &what, rows, &column, 1, out_rows, &out_width, NULL);
}

static void
sums_of_groups (gconstpointer plain)
{
  for (guint size = 1; size <= 11; size++)
    for (guint groups = 1; groups <= 7; groups += 3)
      {
        g_autofree guint64 *values = three_random (size * 10 + groups, size * groups, WIDTH);
        g_autofree guint64 *sums = NULL, *parities = NULL;
        guint rows;

        sums = compute (plain != NULL, (What){ size, koh_rows_sum }, values, size * groups, WIDTH, &rows);
        g_assert_cmpuint (rows, ==, groups);
        parities = compute (plain != NULL, (What){ size, koh_rows_xor }, values, size * groups, WIDTH, &rows);
        g_assert_cmpuint (rows, ==, groups);
        for (guint g = 0; g < groups; g++)
          {
            guint64 sum = 0, parity = 0;

            for (guint i = 0; i < size; i++)
              {
                sum += values[g * size + i];
                parity ^= values[g * size + i];
              }
            g_assert_cmpuint (sums[g], ==, sum % (1 << WIDTH));
            g_assert_cmpuint (parities[g], ==, parity);
          }
      }
}

static void
sums_from_the_left (gconstpointer plain)
{
  for (guint size = 1; size <= 20; size++)
    {
      const guint lines = 3;
      g_autofree guint64 *values = three_random (size, size * lines, WIDTH);
      g_autofree guint64 *sums = NULL;
      guint rows;

      sums = compute (plain != NULL, (What){ size, koh_rows_prefix }, values, size * lines, WIDTH, &rows);
      g_assert_cmpuint (rows, ==, lines * (size + 1));
      for (guint line = 0; line < lines; line++)
        {
          guint64 sum = 0;

          for (guint i = 0; i <= size; i++)
            {
              g_assert_cmpuint (sums[line * (size + 1) + i], ==, sum % (1 << WIDTH));
              sum += i < size ? values[line * size + i] : 0;
            }
        }
    }
}

static void
all_lines_must_agree (gconstpointer plain)
{
  for (guint lines = 1; lines <= 9; lines++)
    {
      const guint n = 70;
      g_autoptr (GRand) rand = g_rand_new_with_seed (lines);
      g_autofree guint64 *values = g_new (guint64, lines * n);
      g_autofree guint64 *agree = NULL;
      guint rows;

      for (guint i = 0; i < lines * n; i++)
        values[i] = g_rand_int_range (rand, 0, 4) > 0;
      agree = compute (plain != NULL, (What){ lines, koh_rows_all }, values, lines * n, 1, &rows);
      g_assert_cmpuint (rows, ==, n);
      for (guint r = 0; r < n; r++)
        {
          guint64 all = 1;

          for (guint line = 0; line < lines; line++)
            all &= values[line * n + r];
          g_assert_cmpuint (agree[r], ==, all);
        }
    }
}

static KohBits *
stack_and_cut (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  g_autoptr (KohBits) repeated = koh_rows_repeat (inputs[1], 2), tiled = koh_rows_tile (inputs[1], 2);
  const KohBits *const parts[] = { inputs[0], repeated, tiled };
  g_autoptr (KohBits) all = koh_rows_stack (party, parts, G_N_ELEMENTS (parts));

  return koh_rows_slice (all, 1, all->rows - 1);
}

/* The narrower vector's missing planes are 0. */
static void
rows_stand_where_they_were_put (void)
{
  const guint64 wide[] = { 100, 200, 300 }, narrow[] = { 1, 0, 1 };
  const guint64 expected[] = { 200, 300, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1 };
  const ThreeColumn columns[] = { { WIDTH, wide }, { 1, narrow } };
  guint rows, width;
  g_autofree guint64 *all = three_compute (FALSE, stack_and_cut, NULL, 3, columns, 2, &rows, &width, NULL);

  g_assert_cmpuint (width, ==, WIDTH);
  g_assert_cmpuint (rows, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < rows; i++)
    g_assert_cmpuint (all[i], ==, expected[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/stats/rows/sums-of-groups", NULL, sums_of_groups);
  g_test_add_data_func ("/stats/rows/sums-of-groups-in-clear", "plain", sums_of_groups);
  g_test_add_data_func ("/stats/rows/sums-from-the-left", NULL, sums_from_the_left);
  g_test_add_data_func ("/stats/rows/sums-from-the-left-in-clear", "plain", sums_from_the_left);
  g_test_add_data_func ("/stats/rows/all-lines-must-agree", NULL, all_lines_must_agree);
  g_test_add_func ("/stats/rows/rows-stand-where-they-were-put", rows_stand_where_they_were_put);
  return g_test_run ();
}
