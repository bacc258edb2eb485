/* SPDX-License-Identifier: EUPL-1.2
 *
 * Let start_s be 1 where the current run began at s; exactly one of them is. At level t the products
 * start_s ∧ may(s, t) are the bits taken(s, t), of which at most one is 1; their sum says whether a run
 * closes at t, which makes level t + 1 a start, and start_s ∧ ¬may(s, t) = start_s ⊕ taken(s, t)
 * stays. So a level costs one round, and the sums of pairs, which need many, are found before. */
#include "stats/runs.h"

#include "stats/rows.h"

guint
koh_pairs (guint levels)
{
  return levels * (levels + 1) / 2;
}

guint
koh_pair (guint s, guint t)
{
  return t * (t + 1) / 2 + s;
}

KohBits *
koh_runs_sums (KohParty *party, const KohBits *sums, guint levels)
{
  const guint pairs = koh_pairs (levels), lines = sums->rows / (levels + 1);
  g_autofree guint *left = g_new (guint, MAX (1, lines * pairs));
  g_autofree guint *right = g_new (guint, MAX (1, lines * pairs));
  g_autoptr (KohBits) upto = NULL, before = NULL;

  for (guint line = 0; line < lines; line++)
    for (guint t = 0; t < levels; t++)
      for (guint s = 0; s <= t; s++)
        {
          left[line * pairs + koh_pair (s, t)] = line * (levels + 1) + s;
          right[line * pairs + koh_pair (s, t)] = line * (levels + 1) + t + 1;
        }
  upto = koh_bits_gather (sums, right, lines * pairs);
  before = koh_bits_gather (sums, left, lines * pairs);
  return koh_bits_sub (party, upto, before, sums->width, NULL);
}

KohBits *
koh_runs_fit (KohParty *party, const KohBits *numbers, guint64 least)
{
  g_autoptr (KohBits) some = koh_bits_any (party, numbers);
  g_autoptr (KohBits) none = koh_bits_not (party, some);
  g_autoptr (KohBits) enough = koh_bits_at_least (party, numbers, least);

  return koh_bits_xor (none, enough); /* never both: least > 0 */
}

KohBits *
koh_runs_take (KohParty *party, const KohBits *may, guint levels, gboolean last_closes)
{
  const guint pairs = koh_pairs (levels);
  g_autofree guint *row = g_new (guint, MAX (pairs, levels));
  g_autoptr (KohBits) one = koh_bits_constant (party, 1, 1, 1);
  g_autoptr (KohBits) start = NULL, taken = koh_bits_zero (party, pairs, 1);

  for (guint s = 0; s < levels; s++)
    row[s] = s == 0 ? 0 : G_MAXUINT;
  start = koh_bits_gather (one, row, levels);
  for (guint t = 0; t < levels; t++)
    {
      g_autoptr (KohBits) now = NULL, closes = NULL, next = NULL, moved = NULL;

      for (guint s = 0; s < levels; s++)
        row[s] = s <= t ? koh_pair (s, t) : G_MAXUINT;
      next = koh_bits_gather (may, row, levels);
      now = t + 1 == levels && last_closes ? koh_bits_copy (start) : koh_bits_and (party, start, next);
      koh_bits_free (g_steal_pointer (&next));
      closes = koh_rows_xor (party, now, levels);
      for (guint s = 0; s < levels; s++)
        row[s] = s == t + 1 ? 0 : G_MAXUINT;
      moved = koh_bits_gather (closes, row, levels);
      next = koh_bits_xor (start, now);
      koh_bits_free (g_steal_pointer (&start));
      start = koh_bits_xor (next, moved);
      for (guint p = 0; p < pairs; p++)
        row[p] = p >= koh_pair (0, t) && p <= koh_pair (t, t) ? p - koh_pair (0, t) : G_MAXUINT;
      koh_bits_free (g_steal_pointer (&moved));
      koh_bits_free (g_steal_pointer (&next));
      moved = koh_bits_gather (now, row, pairs);
      next = g_steal_pointer (&taken);
      taken = koh_bits_xor (next, moved);
    }
  return g_steal_pointer (&taken);
}

KohBits *
koh_runs_join (KohParty *party, const KohBits *taken, const KohBits *values, guint levels)
{
  const guint pairs = koh_pairs (levels), lines = values != NULL ? values->rows / pairs : 1;
  g_autofree guint *row = g_new (guint, MAX (1, lines * levels * levels));
  g_autoptr (KohBits) masks = koh_rows_tile (taken, lines);
  g_autoptr (KohBits) masked = values != NULL ? koh_bits_and (party, masks, values) : koh_bits_copy (taken);
  g_autoptr (KohBits) square = NULL;

  for (guint line = 0; line < lines; line++)
    for (guint t = 0; t < levels; t++)
      for (guint s = 0; s < levels; s++)
        row[(line * levels + t) * levels + s] = s <= t ? line * pairs + koh_pair (s, t) : G_MAXUINT;
  square = koh_bits_gather (masked, row, lines * levels * levels);
  return koh_rows_xor (party, square, levels);
}
