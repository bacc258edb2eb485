/* SPDX-License-Identifier: EUPL-1.2
 *
 * Let start_s be 1 where the current run began at s; exactly one of them is. At level t the products
 * start_s ∧ may(s, t) are the bits taken(s, t), of which at most one is 1; their sum says whether a run
 * closes at t, which makes level t + 1 a start, and start_s ∧ ¬may(s, t) = start_s ⊕ taken(s, t)
 * stays. So a level costs one round, and the sums of pairs, which need many, are found before. */
#include "stats/runs.h"

#include "stats/rows.h"

#define MESSAGE_BITS (8u << 20)

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

/* For each line the sums of its pairs, pair by pair. */
static KohBits *
pair_sums (KohParty *party, const KohBits *sums, guint levels)
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

static KohBits *
stack_parts (KohParty *party, const GPtrArray *parts)
{
  return koh_rows_stack (party, (const KohBits *const *) parts->pdata, parts->len);
}

/* The next lines from *@line on; NULL after the last. */
static KohBits *
next_part (const KohBits *sums, guint levels, guint *line)
{
  const guint lines = sums->rows / (levels + 1), first = *line;
  const guint most = MAX (1, MESSAGE_BITS / (koh_pairs (levels) * sums->width));

  if (first >= lines)
    return NULL;
  *line = MIN (lines, first + most);
  return koh_rows_slice (sums, first * (levels + 1), (*line - first) * (levels + 1));
}

KohBits *
koh_runs_all_fit (KohParty *party, const KohBits *sums, guint levels, guint64 least)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autoptr (KohBits) all = NULL;
  guint line = 0;
  KohBits *part;

  while ((part = next_part (sums, levels, &line)) != NULL)
    {
      g_autoptr (KohBits) own = part;
      g_autoptr (KohBits) numbers = pair_sums (party, own, levels);
      g_autoptr (KohBits) fit = koh_runs_fit (party, numbers, least);

      g_ptr_array_add (parts, koh_rows_all (party, fit, own->rows / (levels + 1)));
    }
  all = stack_parts (party, parts);
  return koh_rows_all (party, all, parts->len);
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

/* @values: of the pairs, line by line, 0 but for those taken. At each level the one of the run that closes
 * there. */
static KohBits *
at_ends (KohParty *party, const KohBits *values, guint levels, guint lines)
{
  const guint pairs = koh_pairs (levels);
  g_autofree guint *row = g_new (guint, MAX (1, lines * levels * levels));
  g_autoptr (KohBits) square = NULL;

  for (guint line = 0; line < lines; line++)
    for (guint t = 0; t < levels; t++)
      for (guint s = 0; s < levels; s++)
        row[(line * levels + t) * levels + s] = s <= t ? line * pairs + koh_pair (s, t) : G_MAXUINT;
  square = koh_bits_gather (values, row, lines * levels * levels);
  return koh_rows_xor (party, square, levels);
}

KohBits *
koh_runs_ends (KohParty *party, const KohBits *taken, guint levels)
{
  return at_ends (party, taken, levels, 1);
}

KohBits *
koh_runs_join (KohParty *party, const KohBits *taken, const KohBits *sums, guint levels)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  guint line = 0;
  KohBits *part;

  while ((part = next_part (sums, levels, &line)) != NULL)
    {
      g_autoptr (KohBits) own = part;
      const guint lines = own->rows / (levels + 1);
      g_autoptr (KohBits) numbers = pair_sums (party, own, levels);
      g_autoptr (KohBits) masks = koh_rows_tile (taken, lines);
      g_autoptr (KohBits) masked = koh_bits_and (party, masks, numbers);

      g_ptr_array_add (parts, at_ends (party, masked, levels, lines));
    }
  return stack_parts (party, parts);
}
