/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bit planes over positions: plane p holds bit p of every position's number, the least significant
 * first, 64 positions a word. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline gsize
koh_plane_words (guint positions)
{
  return ((gsize) positions + 63) / 64;
}

static inline guint64 *
koh_planes_new (guint positions, guint width)
{
  return g_malloc0_n (koh_plane_words (positions) * MAX (width, 1), sizeof (guint64));
}

/* One bit of a plane. */
static inline gboolean
koh_plane_get (const guint64 *plane, guint position)
{
  return plane[position / 64] >> (position % 64) & 1;
}

static inline void
koh_plane_set (guint64 *plane, guint position)
{
  plane[position / 64] |= G_GUINT64_CONSTANT (1) << (position % 64);
}

/* A number of `width` bits in the planes from `first` on. */
static inline guint
koh_planes_get (const guint64 *planes, gsize words, guint first, guint width, guint position)
{
  guint value = 0;

  for (guint p = 0; p < width; p++)
    value |= (guint) koh_plane_get (planes + (first + p) * words, position) << p;
  return value;
}

static inline void
koh_planes_put (guint64 *planes, gsize words, guint first, guint width, guint position, guint value)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (position % 64);
  guint64 *word = planes + first * words + position / 64;

  for (guint p = 0; p < width; p++, word += words)
    *word = value >> p & 1 ? *word | bit : *word & ~bit;
}

/* The same number at every position. */
static inline void
koh_planes_fill (guint64 *planes, gsize words, guint first, guint width, guint value)
{
  for (guint p = 0; p < width; p++)
    for (gsize w = 0; w < words; w++)
      planes[(first + p) * words + w] = value >> p & 1 ? G_MAXUINT64 : 0;
}

G_END_DECLS
