/* SPDX-License-Identifier: EUPL-1.2
 *
 * A generator without state: the i-th draw of a stream of a person is a function of (seed, person,
 * stream, i) alone, so that every peer can make its own rows in any order and all of them agree.
 * The mixing function is SplitMix64's (Steele, Lea, Flood 2014). Not for secrets. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline guint64
koh_dice_mix (guint64 z)
{
  z += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* One person's dice. */
static inline guint64
koh_dice_person (guint64 seed, guint64 person)
{
  return koh_dice_mix (koh_dice_mix (seed) ^ person);
}

static inline guint64
koh_dice_bits (guint64 dice, guint stream, guint i)
{
  return koh_dice_mix (koh_dice_mix (dice ^ stream) ^ i);
}

/* Uniform in the open interval (0, 1), 53 bits. */
static inline double
koh_dice (guint64 dice, guint stream, guint i)
{
  return ((double) (koh_dice_bits (dice, stream, i) >> 11) + 0.5) / 9007199254740992.0;
}

/* Uniform among 0 … n − 1. */
static inline gint
koh_dice_below (guint64 dice, guint stream, guint i, gint n)
{
  return (gint) (koh_dice (dice, stream, i) * n);
}

G_END_DECLS
