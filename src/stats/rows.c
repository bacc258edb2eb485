/* SPDX-License-Identifier: EUPL-1.2
 *
 * Rows of small tables, moved by lists of row numbers and combined by halving.
 *
 * Sums are kept as two addends until the end: x + y + z is x ⊕ y ⊕ z and twice the majority of the three,
 * one round whatever the width, where an addition takes a round a plane. The two stand side by side in one
 * vector of twice the width, the lower planes first. */
#include "stats/rows.h"

KohBits *
koh_rows_stack (KohParty *party, const KohBits *const *parts, guint n)
{
  g_autofree guint *row = NULL;
  guint rows = 0, width = 1, first = 0;
  g_autoptr (KohBits) all = NULL;

  for (guint i = 0; i < n; i++)
    {
      rows += parts[i]->rows;
      width = MAX (width, parts[i]->width);
    }
  row = g_new (guint, MAX (1, rows));
  all = koh_bits_zero (party, rows, width);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KohBits) before = g_steal_pointer (&all);
      g_autoptr (KohBits) moved = NULL;

      for (guint r = 0; r < rows; r++)
        row[r] = r >= first && r < first + parts[i]->rows ? r - first : G_MAXUINT;
      moved = koh_bits_gather (parts[i], row, rows);
      all = koh_bits_xor (before, moved);
      first += parts[i]->rows;
    }
  return g_steal_pointer (&all);
}

KohBits *
koh_rows_slice (const KohBits *x, guint first, guint rows)
{
  g_autofree guint *row = g_new (guint, MAX (1, rows));

  for (guint r = 0; r < rows; r++)
    row[r] = first + r;
  return koh_bits_gather (x, row, rows);
}

KohBits *
koh_rows_repeat (const KohBits *x, guint times)
{
  g_autofree guint *row = g_new (guint, MAX (1, x->rows * times));

  for (guint r = 0; r < x->rows * times; r++)
    row[r] = r / times;
  return koh_bits_gather (x, row, x->rows * times);
}

KohBits *
koh_rows_tile (const KohBits *x, guint times)
{
  g_autofree guint *row = g_new (guint, MAX (1, x->rows * times));

  for (guint r = 0; r < x->rows * times; r++)
    row[r] = r % x->rows;
  return koh_bits_gather (x, row, x->rows * times);
}

/* x + y + z as two addends, mod 2^width. */
static KohBits *
add_three (KohParty *party, const KohBits *x, const KohBits *y, const KohBits *z)
{
  const guint width = x->width;
  g_autoptr (KohBits) xz = koh_bits_xor (x, z), yz = koh_bits_xor (y, z);
  g_autoptr (KohBits) both = koh_bits_and (party, xz, yz);
  g_autoptr (KohBits) majority = koh_bits_xor (both, z);
  g_autoptr (KohBits) sum = koh_bits_xor (xz, y);
  g_autoptr (KohBits) none = koh_bits_zero (party, x->rows, 1);
  g_autoptr (KohBits) twice = koh_bits_slice (majority, 0, width - 1);
  const KohBits *const parts[] = { sum, none, twice };

  return koh_bits_join (parts, G_N_ELEMENTS (parts));
}

/* Numbers of @width planes, or pairs of addends of twice as many: to pairs. */
static KohBits *
add_pairs (KohParty *party, const KohBits *x, const KohBits *y, guint width)
{
  const KohBits *const both[] = { x, y };

  if (x->width == width)
    return koh_bits_join (both, 2);

  g_autoptr (KohBits) x0 = koh_bits_slice (x, 0, width), x1 = koh_bits_slice (x, width, width);
  g_autoptr (KohBits) y0 = koh_bits_slice (y, 0, width), y1 = koh_bits_slice (y, width, width);
  g_autoptr (KohBits) three = add_three (party, x0, x1, y0);
  g_autoptr (KohBits) z0 = koh_bits_slice (three, 0, width), z1 = koh_bits_slice (three, width, width);

  return add_three (party, z0, z1, y1);
}

/* Takes @pairs. */
static KohBits *
add_up (KohParty *party, KohBits *pairs, guint width)
{
  g_autoptr (KohBits) own = pairs;
  g_autoptr (KohBits) low = koh_bits_slice (pairs, 0, width);
  g_autoptr (KohBits) high = koh_bits_slice (pairs, width, width);

  return pairs->width == width ? g_steal_pointer (&own) : koh_bits_add (party, low, high, width);
}

typedef enum { COMBINE_XOR, COMBINE_SUM, COMBINE_AND } Combine;

static KohBits *
combine (KohParty *party, Combine how, const KohBits *x, const KohBits *y, guint width)
{
  switch (how)
    {
    case COMBINE_SUM:
      return add_pairs (party, x, y, width);
    case COMBINE_AND:
      return koh_bits_and (party, x, y);
    case COMBINE_XOR:
    default:
      return koh_bits_xor (x, y);
    }
}

/* Group g has the rows at(g, 0) … at(g, size − 1). In each turn its second half is combined with its
 * first; where the number is odd, the middle one waits. */
static KohBits *
halve (KohParty *party, Combine how, const KohBits *x, guint size, gboolean together)
{
  const guint groups = x->rows / size;
  g_autofree guint *first = g_new (guint, MAX (1, x->rows));
  g_autofree guint *second = g_new (guint, MAX (1, x->rows));
  g_autoptr (KohBits) now = koh_bits_copy (x);

  while (size > 1)
    {
      const guint half = size / 2, left = size - half;
      g_autoptr (KohBits) low = NULL, high = NULL, both = NULL;

      for (guint g = 0; g < groups; g++)
        for (guint i = 0; i < half; i++)
          {
            const guint to = together ? g * half + i : i * groups + g;

            first[to] = together ? g * size + i : i * groups + g;
            second[to] = together ? g * size + left + i : (left + i) * groups + g;
          }
      low = koh_bits_gather (now, first, groups * half);
      high = koh_bits_gather (now, second, groups * half);
      both = combine (party, how, low, high, x->width);
      /* The middle row of an odd number joins the combined ones. */
      for (guint g = 0; g < groups; g++)
        for (guint i = 0; i < left; i++)
          {
            const guint to = together ? g * left + i : i * groups + g;

            first[to] = i < half ? (together ? g * half + i : i * groups + g) : G_MAXUINT;
            second[to] = i < half ? G_MAXUINT : (together ? g * size + i : i * groups + g);
          }
      koh_bits_free (g_steal_pointer (&low));
      koh_bits_free (g_steal_pointer (&high));
      low = koh_bits_gather (both, first, groups * left);
      high = koh_bits_gather (now, second, groups * left);
      koh_bits_free (g_steal_pointer (&now));
      now = koh_bits_xor (low, high);
      size = left;
    }
  return g_steal_pointer (&now);
}

KohBits *
koh_rows_xor (KohParty *party, const KohBits *x, guint size)
{
  return halve (party, COMBINE_XOR, x, size, TRUE);
}

KohBits *
koh_rows_sum (KohParty *party, const KohBits *x, guint size)
{
  return add_up (party, halve (party, COMBINE_SUM, x, size, TRUE), x->width);
}

KohBits *
koh_rows_all (KohParty *party, const KohBits *x, guint lines)
{
  return halve (party, COMBINE_AND, x, lines, FALSE);
}

/* x_t takes x_{t−1}, then the result x_{t−2}, x_{t−4}, …: after j turns it holds the sum of the last 2^j. */
KohBits *
koh_rows_prefix (KohParty *party, const KohBits *x, guint size)
{
  const guint lines = x->rows / size, rows = lines * (size + 1);
  g_autofree guint *row = g_new (guint, MAX (1, rows));
  g_autoptr (KohBits) sums = NULL;

  for (guint r = 0; r < rows; r++)
    row[r] = r % (size + 1) == 0 ? G_MAXUINT : r / (size + 1) * size + r % (size + 1) - 1;
  sums = koh_bits_gather (x, row, rows);
  for (guint shift = 1; shift < size; shift *= 2)
    {
      g_autoptr (KohBits) before = g_steal_pointer (&sums);
      g_autoptr (KohBits) moved = NULL;

      for (guint r = 0; r < rows; r++)
        row[r] = r % (size + 1) > shift ? r - shift : G_MAXUINT;
      moved = koh_bits_gather (before, row, rows);
      sums = add_pairs (party, before, moved, x->width);
    }
  return add_up (party, g_steal_pointer (&sums), x->width);
}
