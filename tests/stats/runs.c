/* SPDX-License-Identifier: EUPL-1.2 */
#include "stats/runs.h"

#include "stats/rows.h"
#include "three.h"

typedef struct
{
  guint levels;
  gboolean last_closes;
} What;

static KohBits *
take (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  const What *what = data;

  return koh_runs_take (party, inputs[0], what->levels, what->last_closes);
}

/* From the left, by hand. */
static void
runs_are_taken_from_the_left (gconstpointer plain)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (41);

  for (guint trial = 0; trial < (plain != NULL ? 400 : 60); trial++)
    {
      What what = { 1 + trial % 9, trial % 2 == 0 };
      const guint pairs = koh_pairs (what.levels);
      g_autofree guint64 *may = g_new0 (guint64, pairs);
      g_autofree guint64 *expected = g_new0 (guint64, pairs);
      g_autofree guint64 *taken = NULL;
      const ThreeColumn column = { 1, may };
      guint start = 0, rows, width;

      for (guint i = 0; i < pairs; i++)
        may[i] = g_rand_int_range (rand, 0, 3) == 0;
      for (guint t = 0; t < what.levels; t++)
        if (may[koh_pair (start, t)] || (what.last_closes && t + 1 == what.levels))
          {
            expected[koh_pair (start, t)] = 1;
            start = t + 1;
          }
      taken = three_compute (plain != NULL, take, &what, pairs, &column, 1, &rows, &width, NULL);
      g_assert_cmpuint (rows, ==, pairs);
      for (guint i = 0; i < pairs; i++)
        g_assert_cmpuint (taken[i], ==, expected[i]);
    }
}

static void
pairs_fill_their_rows (void)
{
  guint row = 0;

  for (guint t = 0; t < 12; t++)
    for (guint s = 0; s <= t; s++)
      g_assert_cmpuint (koh_pair (s, t), ==, row++);
  g_assert_cmpuint (koh_pairs (12), ==, row);
}

static KohBits *
fit (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  return koh_runs_fit (party, inputs[0], GPOINTER_TO_UINT (data));
}

/* Also where no number of this width can reach the least. */
static void
fit_is_none_or_enough (void)
{
  static const guint leasts[] = { 1, 3, 5, 12, 20, 63, 64, 65, 400 };
  guint64 numbers[64];
  const ThreeColumn column = { 6, numbers };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = i;
  for (guint l = 0; l < G_N_ELEMENTS (leasts); l++)
    {
      guint rows, width;
      g_autofree guint64 *are = three_compute (FALSE, fit, GUINT_TO_POINTER (leasts[l]),
                                               G_N_ELEMENTS (numbers), &column, 1, &rows, &width, NULL);

      for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
        g_assert_cmpuint (are[i], ==, i == 0 || i >= leasts[l]);
    }
}

static KohBits *
join (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  const guint levels = 4;
  g_autoptr (KohBits) taken = koh_rows_slice (inputs[1], 0, koh_pairs (levels));
  g_autoptr (KohBits) prefix = koh_rows_prefix (party, inputs[0], levels);

  return koh_runs_join (party, taken, prefix, levels);
}

/* Runs of levels 0, 1–2 and 3, in three lines. */
static void
joined_numbers_stand_where_their_run_ends (void)
{
  const guint64 numbers[] = { 1, 2, 3, 4, 10, 0, 30, 40, 5, 6, 0, 0 };
  const guint64 expected[] = { 1, 0, 5, 4, 10, 0, 30, 40, 5, 0, 6, 0 };
  guint64 taken[12] = { 0 };
  const ThreeColumn columns[] = { { 7, numbers }, { 1, taken } };
  g_autofree guint64 *joined = NULL;
  guint rows, width;

  taken[koh_pair (0, 0)] = taken[koh_pair (1, 2)] = taken[koh_pair (3, 3)] = 1;
  joined = three_compute (FALSE, join, NULL, 12, columns, 2, &rows, &width, NULL);
  g_assert_cmpuint (rows, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < rows; i++)
    g_assert_cmpuint (joined[i], ==, expected[i]);
}

#define WIDE 60
#define LINES 300

typedef struct
{
  guint64 *taken;
} Many;

static KohBits *
join_many (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  const guint pairs = koh_pairs (WIDE);
  const Many *many = data;
  g_autofree guint64 *planes = three_planes (many->taken, pairs, 1);
  g_autoptr (KohBits) taken = koh_bits_public (party, pairs, 1, planes);
  g_autoptr (KohBits) prefix = koh_rows_prefix (party, inputs[0], WIDE);
  g_autoptr (KohBits) fit = koh_runs_all_fit (party, prefix, WIDE, 40);
  g_autoptr (KohBits) joined = koh_runs_join (party, taken, prefix, WIDE);
  const KohBits *const parts[] = { fit, joined };

  return koh_rows_stack (party, parts, 2);
}

/* More lines than go into one message: parts change nothing. */
static void
many_lines_are_worked_on_in_parts (void)
{
  const guint pairs = koh_pairs (WIDE), width = 20;
  g_autofree guint64 *numbers = g_new (guint64, LINES * WIDE);
  Many many = { g_new0 (guint64, pairs) };
  g_autofree guint64 *taken = many.taken, *results = NULL;
  const ThreeColumn column = { width, numbers };
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  guint rows, out_width;

  g_assert_cmpuint (LINES * pairs * width, >, 8u << 20);
  for (guint i = 0; i < LINES * WIDE; i++)
    numbers[i] = (guint64) g_rand_int_range (rand, 0, 60);
  for (guint s = 0; s < WIDE; s += 15)
    taken[koh_pair (s, s + 14)] = 1;
  results = three_compute (TRUE, join_many, &many, LINES * WIDE, &column, 1, &rows, &out_width, NULL);
  g_assert_cmpuint (rows, ==, pairs + LINES * WIDE);
  for (guint t = 0; t < WIDE; t++)
    for (guint s = 0; s <= t; s++)
      {
        gboolean fit = TRUE;

        for (guint line = 0; line < LINES; line++)
          {
            guint64 sum = 0;

            for (guint i = s; i <= t; i++)
              sum += numbers[line * WIDE + i];
            fit = fit && (sum == 0 || sum >= 40);
          }
        g_assert_cmpuint (results[koh_pair (s, t)], ==, fit);
      }
  for (guint i = 0; i < LINES * WIDE; i++)
    {
      guint64 sum = 0;

      for (guint back = 0; back < 15 && i % 15 == 14; back++)
        sum += numbers[i - back];
      g_assert_cmpuint (results[pairs + i], ==, sum);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/runs/pairs-fill-their-rows", pairs_fill_their_rows);
  g_test_add_data_func ("/stats/runs/runs-are-taken-from-the-left", NULL, runs_are_taken_from_the_left);
  g_test_add_data_func ("/stats/runs/runs-are-taken-from-the-left-in-clear", "plain",
                        runs_are_taken_from_the_left);
  g_test_add_func ("/stats/runs/fit-is-none-or-enough", fit_is_none_or_enough);
  g_test_add_func ("/stats/runs/joined-numbers-stand-where-their-run-ends",
                   joined_numbers_stand_where_their_run_ends);
  g_test_add_func ("/stats/runs/many-lines-are-worked-on-in-parts", many_lines_are_worked_on_in_parts);
  return g_test_run ();
}
