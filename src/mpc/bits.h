/* SPDX-License-Identifier: EUPL-1.2
 *
 * Vectors of small unsigned integers, secret shared over GF(2) in bit planes: plane p holds bit p
 * (the least significant is plane 0) of every row, 64 rows a word. Party P_i holds the two shares
 * x_i (own) and x_{i+1} (next); a plain party holds the value itself in `own` and no `next`.
 *
 * Bits of a last word beyond `rows` may be anything; koh_bits_counter_*() and reveal ignore them. */
#pragma once

#include "mpc/party.h"

G_BEGIN_DECLS

typedef struct
{
  guint rows;
  guint width;   /* planes */
  gsize words;   /* of a plane: (rows + 63) / 64 */
  guint64 *own;  /* width * words */
  guint64 *next; /* the same; NULL for a plain party */
} KohBits;

void     koh_bits_free (KohBits *bits); /* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohBits, koh_bits_free)

/* Local: no message, cannot fail. All return new vectors. Operands of one operation have equal
 * rows. In and/or an operand of width 1 meets every plane of the other, as the bit of a mux does;
 * else shorter operands are extended with zeros (of xor, add and comparisons also those of width 1). */
KohBits *koh_bits_zero     (KohParty *party, guint rows, guint width);
KohBits *koh_bits_constant (KohParty *party, guint rows, guint width, guint64 value); /* the same in every row */
KohBits *koh_bits_public   (KohParty *party, guint rows, guint width, const guint64 *planes); /* known to all */
KohBits *koh_bits_copy     (const KohBits *x);
KohBits *koh_bits_xor      (const KohBits *x, const KohBits *y);
KohBits *koh_bits_not      (KohParty *party, const KohBits *x);
KohBits *koh_bits_slice    (const KohBits *x, guint first_plane, guint planes); /* zero beyond the width */
KohBits *koh_bits_join     (const KohBits *const *parts, guint n);   /* planes of parts[0] first */
KohBits *koh_bits_gather   (const KohBits *x, const guint *row, guint rows);
/* gather: row r of the result is row[r] of x; G_MAXUINT gives 0. For small tables. */

/* Interactive. */
KohBits *koh_bits_and      (KohParty *party, const KohBits *x, const KohBits *y); /* 1 round; 1 bit a bit */
KohBits *koh_bits_or       (KohParty *party, const KohBits *x, const KohBits *y);
KohBits *koh_bits_mux      (KohParty *party, const KohBits *bit, const KohBits *yes, const KohBits *no); /* bit ? yes : no */
KohBits *koh_bits_add      (KohParty *party, const KohBits *x, const KohBits *y, guint width); /* (x + y) mod 2^width */
KohBits *koh_bits_sub      (KohParty *party, const KohBits *x, const KohBits *y, guint width,
                             KohBits **borrow); /* may be NULL; 1 bit, x < y */
KohBits *koh_bits_less     (KohParty *party, const KohBits *x, const KohBits *y); /* 1 bit: x < y */
KohBits *koh_bits_equal    (KohParty *party, const KohBits *x, const KohBits *y); /* 1 bit */
KohBits *koh_bits_at_least (KohParty *party, const KohBits *x, guint64 constant); /* 1 bit: x ≥ constant */
KohBits *koh_bits_is       (KohParty *party, const KohBits *x, guint64 constant); /* 1 bit: x = constant */
KohBits *koh_bits_any      (KohParty *party, const KohBits *x); /* 1 bit: some plane is 1 (x ≠ 0) */
KohBits *koh_bits_all      (KohParty *party, const KohBits *x); /* 1 bit: every plane is 1 */

/* Which of the half-open ranges cut by the increasing constants cuts[0..n) a row lies in: 0 below
 * cuts[0], …, n from cuts[n-1] on. */
KohBits *koh_bits_bucket   (KohParty *party, const KohBits *x, const guint64 *cuts, guint n);

/* Demultiplexer tree: plane c of the result (width = cells) is root ∧ (code = c). A code ≥ cells
 * falls in the last cell. @root has 1 bit. As many rounds as the code has planes; cells − 1 ANDs a row
 * where cells is a power of two, else up to ⌈log2 cells⌉ − 1 more (demux.c says which), and one more for
 * each plane that the code has beyond ⌈log2 cells⌉. */
KohBits *koh_bits_demux    (KohParty *party, const KohBits *root, const KohBits *code, guint cells);

/* leaves[v] of the row, where v = code: one AND a row for each split of the tree of codes (NULL leaves
 * are public zeros, and cost nothing where whole subtrees are NULL), then @width, as inner products.
 * As many rounds as the code has planes. n leaves, v ≥ n gives 0; all non-NULL leaves have @width. */
KohBits *koh_bits_select   (KohParty *party, const KohBits *code, const KohBits *const *leaves, guint n, guint width);

/* Counting ones down the rows, in a carry-save adder that stays open over many chunks. */
typedef struct _KohCounter KohCounter;
KohCounter *koh_counter_new  (KohParty *party, guint cells);
void        koh_counter_add  (KohCounter *counter, const KohBits *flags); /* width = cells; any rows */
KohBits    *koh_counter_end  (KohCounter *counter, guint width); /* rows = cells: the numbers of ones
                                                                  * mod 2^width; then it starts from 0 */
void        koh_counter_free (KohCounter *counter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCounter, koh_counter_free)

G_END_DECLS
