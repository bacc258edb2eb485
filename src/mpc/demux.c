/* SPDX-License-Identifier: EUPL-1.2
 *
 * The demultiplexer tree. A node stands for the codes lo … lo + 2^k − 1 and is 1 where the root is and
 * the code is one of them. A node with lo < cells − 1 splits by bit k − 1: the upper half is
 * node ∧ bit, the lower half node ⊕ upper. A node with lo ≥ cells − 1 never splits: all its codes belong
 * to the last cell. So every row with root = 1 is counted in exactly one cell, whatever its code.
 *
 * Besides the cells − 1 splits that separate the cells, one is due for each further block of codes that
 * only the last cell has: in all cells − 2 + (the zeros in cells − 2, written as wide as the code), which
 * is cells − 1 where cells is a power of two and the code no wider than it must be. (A tree that let such
 * blocks fall where they may would cost cells − 1 always, but put 6 of 6 cells with 4.) All splits of one
 * depth are one round. */
#include "mpc/gates.h"

#include <string.h>

#include <string.h>

static void
add_plane (KohBits *to, guint plane, const guint64 *own, const guint64 *next)
{
  koh_words_xor (to->own + plane * to->words, to->own + plane * to->words, own, to->words);
  if (to->next != NULL)
    koh_words_xor (to->next + plane * to->words, to->next + plane * to->words, next, to->words);
}

/* Splits all nodes of width 2^(bit + 1). A node lies in the plane of its lowest code; the one upper half
 * that belongs to the last cell alone goes to @rest, and is added there. */
static void
split_level (KohParty *party, KohBits *cells, KohBits *rest, const KohBits *code, guint bit, KohGate *gates)
{
  const guint64 half = G_GUINT64_CONSTANT (1) << bit;
  const guint last = cells->width - 1;
  const guint64 end = MIN (last, G_GUINT64_CONSTANT (1) << code->width);
  guint n = 0;

  for (guint64 lo = 0; lo < end; lo += 2 * half)
    {
      const gboolean own_cell = lo + half < last;
      const KohBits *to = own_cell ? cells : rest;
      const guint plane = own_cell ? (guint) (lo + half) : 0;

      gates[n++] = (KohGate){
        .kind = KOH_GATE_AND, .x = koh_bits_plane (cells, (guint) lo), .y = koh_bits_plane (code, bit),
        .own = to->own + plane * to->words, .next = to->next ? to->next + plane * to->words : NULL,
        .words = cells->words,
      };
    }
  koh_gates_run (party, gates, n);
  n = 0;
  for (guint64 lo = 0; lo < end; lo += 2 * half, n++)
    {
      add_plane (cells, (guint) lo, gates[n].own, gates[n].next);
      if (lo + half >= last)
        add_plane (cells, last, gates[n].own, gates[n].next);
    }
}

KohBits *
koh_bits_demux (KohParty *party, const KohBits *root, const KohBits *code, guint cells)
{
  KohBits *z = koh_bits_zero (party, root->rows, cells);
  KohBits *rest = koh_bits_zero (party, root->rows, 1);
  g_autofree KohGate *gates = g_new0 (KohGate, cells);

  g_assert (root->width == 1 && root->rows == code->rows && cells > 0 && code->width < 64);
  memcpy (z->own, root->own, z->words * sizeof (guint64));
  if (z->next != NULL)
    memcpy (z->next, root->next, z->words * sizeof (guint64));
  for (guint bit = code->width; bit > 0; bit--)
    split_level (party, z, rest, code, bit - 1, gates);
  koh_bits_free (rest);
  return z;
}
