/* SPDX-License-Identifier: EUPL-1.2
 *
 * Vectors as the operations of this folder make them, and the loops over words that several of them
 * need. Nothing outside src/mpc includes this file. */
#pragma once

#include "mpc/bits.h"
#include "mpc/party-private.h"

G_BEGIN_DECLS

/* Hot loops are compiled once more for AVX2 and chosen when the program starts. The sanitizers
 * cannot stand the resolver, which runs before they are ready. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && \
  !defined(__SANITIZE_ADDRESS__)
#define KOH_HOT __attribute__ ((target_clones ("avx2", "default")))
#else
#define KOH_HOT
#endif

/* Values undefined. @shared: with a `next`. */
KohBits *koh_bits_alloc  (gboolean shared, guint rows, guint width);
KohBits *koh_bits_new    (const KohParty *party, guint rows, guint width);

/* Plane @plane of @x; further planes follow it. */
KohPlane koh_bits_plane  (const KohBits *x, guint plane);

/* @words words from @word of @at on. */
static inline KohPlane
koh_plane_at (KohPlane at, gsize word)
{
  return (KohPlane){ at.own + word, at.next ? at.next + word : NULL };
}

/* z = x ^ y, and z ^= x ^ y, of plain words. z may be x or y. */
void     koh_words_xor   (guint64 *z, const guint64 *x, const guint64 *y, gsize words);
void     koh_words_add3  (guint64 *z, const guint64 *x, const guint64 *y, gsize words);
void     koh_words_flip  (guint64 *z, const guint64 *x, guint64 flip, gsize words);

/* Negates every bit, in place. */
void     koh_bits_negate (const KohParty *party, KohBits *x);

/* @x with its planes, followed by zeros, in @width planes: @x itself where it is wide enough, else
 * a copy in @held, which the caller frees. */
const KohBits *koh_bits_widen (const KohBits *x, guint width, KohBits **held);

/* Takes @x, which is overwritten on the way. ∧ of all planes: ⌈log2 width⌉ rounds. */
KohBits *koh_bits_fold_and (KohParty *party, KohBits *x);

G_END_DECLS
