/* SPDX-License-Identifier: EUPL-1.2
 *
 * The memory of bit vectors, and what each member does to its shares alone. XOR adds shares; a
 * constant is added to the share x_0, which P_0 holds as its own and P_2 as its next. */
#include "mpc/bits-private.h"

#include <string.h>

KohBits *
koh_bits_alloc (gboolean shared, guint rows, guint width)
{
  KohBits *bits = g_new0 (KohBits, 1);
  gsize n;

  bits->rows = rows;
  bits->width = width;
  bits->words = ((gsize) rows + 63) / 64;
  n = bits->words * width;
  bits->own = g_new (guint64, MAX (n, 1));
  bits->next = shared ? g_new (guint64, MAX (n, 1)) : NULL;
  return bits;
}

KohBits *
koh_bits_new (const KohParty *party, guint rows, guint width)
{
  return koh_bits_alloc (!party->plain, rows, width);
}

void
koh_bits_free (KohBits *bits)
{
  if (bits == NULL)
    return;
  sodium_memzero (bits->own, bits->words * bits->width * sizeof (guint64));
  g_free (bits->own);
  if (bits->next != NULL)
    {
      sodium_memzero (bits->next, bits->words * bits->width * sizeof (guint64));
      g_free (bits->next);
    }
  g_free (bits);
}

KohPlane
koh_bits_plane (const KohBits *x, guint plane)
{
  return koh_plane_at ((KohPlane){ x->own, x->next }, plane * x->words);
}

KOH_HOT void
koh_words_xor (guint64 *z, const guint64 *x, const guint64 *y, gsize words)
{
  for (gsize i = 0; i < words; i++)
    z[i] = x[i] ^ y[i];
}

KOH_HOT void
koh_words_add3 (guint64 *z, const guint64 *x, const guint64 *y, gsize words)
{
  for (gsize i = 0; i < words; i++)
    z[i] ^= x[i] ^ y[i];
}

KOH_HOT void
koh_words_flip (guint64 *z, const guint64 *x, guint64 flip, gsize words)
{
  for (gsize i = 0; i < words; i++)
    z[i] = x[i] ^ flip;
}

/* Copies @planes planes of @from, from @first on, to plane @at of @to; planes that @from lacks are 0. */
static void
copy_planes (KohBits *to, guint at, const KohBits *from, guint first, guint planes)
{
  const gsize there = first < from->width ? MIN (planes, from->width - first) * from->words : 0;
  const gsize all = planes * to->words;
  const KohPlane source = koh_bits_plane (from, first);

  memcpy (to->own + at * to->words, source.own, there * sizeof (guint64));
  memset (to->own + at * to->words + there, 0, (all - there) * sizeof (guint64));
  if (to->next == NULL)
    return;
  memcpy (to->next + at * to->words, source.next, there * sizeof (guint64));
  memset (to->next + at * to->words + there, 0, (all - there) * sizeof (guint64));
}

KohBits *
koh_bits_zero (KohParty *party, guint rows, guint width)
{
  KohBits *z = koh_bits_new (party, rows, width);

  memset (z->own, 0, z->words * width * sizeof (guint64));
  if (z->next != NULL)
    memset (z->next, 0, z->words * width * sizeof (guint64));
  return z;
}

KohBits *
koh_bits_constant (KohParty *party, guint rows, guint width, guint64 value)
{
  KohBits *z = koh_bits_zero (party, rows, width);

  for (guint p = 0; p < MIN (width, 64u); p++)
    {
      if (((value >> p) & 1) == 0)
        continue;
      if (party->flip_own)
        memset (z->own + p * z->words, 0xff, z->words * sizeof (guint64));
      if (party->flip_next && z->next != NULL)
        memset (z->next + p * z->words, 0xff, z->words * sizeof (guint64));
    }
  return z;
}

KohBits *
koh_bits_public (KohParty *party, guint rows, guint width, const guint64 *planes)
{
  KohBits *z = koh_bits_zero (party, rows, width);

  if (party->flip_own)
    memcpy (z->own, planes, z->words * width * sizeof (guint64));
  if (party->flip_next && z->next != NULL)
    memcpy (z->next, planes, z->words * width * sizeof (guint64));
  return z;
}

KohBits *
koh_bits_copy (const KohBits *x)
{
  return koh_bits_slice (x, 0, x->width);
}

KohBits *
koh_bits_slice (const KohBits *x, guint first_plane, guint planes)
{
  KohBits *z = koh_bits_alloc (x->next != NULL, x->rows, planes);

  copy_planes (z, 0, x, first_plane, planes);
  return z;
}

KohBits *
koh_bits_join (const KohBits *const *parts, guint n)
{
  KohBits *z;
  guint width = 0, at = 0;

  g_assert (n > 0);
  for (guint i = 0; i < n; i++)
    {
      g_assert (parts[i]->rows == parts[0]->rows);
      width += parts[i]->width;
    }
  z = koh_bits_alloc (parts[0]->next != NULL, parts[0]->rows, width);
  for (guint i = 0; i < n; i++)
    {
      copy_planes (z, at, parts[i], 0, parts[i]->width);
      at += parts[i]->width;
    }
  return z;
}

const KohBits *
koh_bits_widen (const KohBits *x, guint width, KohBits **held)
{
  if (x->width >= width)
    return x;
  *held = koh_bits_slice (x, 0, width);
  return *held;
}

KohBits *
koh_bits_xor (const KohBits *x, const KohBits *y)
{
  const KohBits *wide = x->width >= y->width ? x : y;
  const KohBits *other = wide == x ? y : x;
  const gsize both = other->words * other->width;
  KohBits *z;

  g_assert (x->rows == y->rows);
  z = koh_bits_alloc (wide->next != NULL, wide->rows, wide->width);
  koh_words_xor (z->own, wide->own, other->own, both);
  memcpy (z->own + both, wide->own + both, (wide->words * wide->width - both) * sizeof (guint64));
  if (z->next != NULL)
    {
      koh_words_xor (z->next, wide->next, other->next, both);
      memcpy (z->next + both, wide->next + both, (wide->words * wide->width - both) * sizeof (guint64));
    }
  return z;
}

void
koh_bits_negate (const KohParty *party, KohBits *x)
{
  const gsize n = x->words * x->width;

  if (party->flip_own)
    koh_words_flip (x->own, x->own, G_MAXUINT64, n);
  if (party->flip_next && x->next != NULL)
    koh_words_flip (x->next, x->next, G_MAXUINT64, n);
}

KohBits *
koh_bits_not (KohParty *party, const KohBits *x)
{
  KohBits *z = koh_bits_copy (x);

  koh_bits_negate (party, z);
  return z;
}

static void
gather_plane (guint64 *z, const guint64 *x, const guint *row, guint rows)
{
  for (guint r = 0; r < rows; r++)
    if (row[r] != G_MAXUINT)
      z[r / 64] |= ((x[row[r] / 64] >> (row[r] % 64)) & 1) << (r % 64);
}

KohBits *
koh_bits_gather (const KohBits *x, const guint *row, guint rows)
{
  KohBits *z = koh_bits_alloc (x->next != NULL, rows, x->width);
  const gsize n = z->words * z->width;

  for (guint r = 0; r < rows; r++)
    g_assert (row[r] == G_MAXUINT || row[r] < x->rows);
  memset (z->own, 0, n * sizeof (guint64));
  if (z->next != NULL)
    memset (z->next, 0, n * sizeof (guint64));
  for (guint p = 0; p < x->width; p++)
    {
      gather_plane (z->own + p * z->words, x->own + p * x->words, row, rows);
      if (z->next != NULL)
        gather_plane (z->next + p * z->words, x->next + p * x->words, row, rows);
    }
  return z;
}
