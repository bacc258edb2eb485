/* SPDX-License-Identifier: EUPL-1.2
 *
 * Sums and differences, by ripple: one multiplication and one round a bit. With carry c the sum bit
 * is x ⊕ y ⊕ c and the next carry the majority of x, y, c; with borrow b the difference bit is
 * x ⊕ y ⊕ b and the next borrow the majority of ¬x, y, b. */
#include "mpc/gates.h"


/* z = x ⊕ y ⊕ c for plane @p; then c becomes the next carry or borrow. */
static void
ripple (KohParty *party, const KohBits *x, const KohBits *y, gboolean subtract, guint p, KohBits *z,
        KohBits *c, gboolean go_on)
{
  const KohPlane xp = koh_bits_plane (x, p), yp = koh_bits_plane (y, p);
  const KohGate gate = {
    .kind = p == 0 ? KOH_GATE_AND : KOH_GATE_MAJ, .not_x = subtract,
    .x = xp, .y = yp, .m = { c->own, c->next },
    .own = c->own, .next = c->next, .words = c->words,
  };

  koh_words_xor (z->own + p * z->words, xp.own, yp.own, z->words);
  if (z->next != NULL)
    koh_words_xor (z->next + p * z->words, xp.next, yp.next, z->words);
  if (p > 0)
    {
      koh_words_xor (z->own + p * z->words, z->own + p * z->words, c->own, z->words);
      if (z->next != NULL)
        koh_words_xor (z->next + p * z->words, z->next + p * z->words, c->next, z->words);
    }
  if (go_on)
    koh_gates_run (party, &gate, 1);
}

static KohBits *
run (KohParty *party, const KohBits *x, const KohBits *y, gboolean subtract, guint width, KohBits **last)
{
  KohBits *x_held = NULL, *y_held = NULL;
  const KohBits *xx = koh_bits_widen (x, width, &x_held);
  const KohBits *yy = koh_bits_widen (y, width, &y_held);
  KohBits *z = koh_bits_new (party, x->rows, width);
  KohBits *c = koh_bits_zero (party, x->rows, 1);

  g_assert (x->rows == y->rows);
  for (guint p = 0; p < width; p++)
    ripple (party, xx, yy, subtract, p, z, c, last != NULL || p + 1 < width);
  koh_bits_free (x_held);
  koh_bits_free (y_held);
  if (last != NULL)
    *last = c;
  else
    koh_bits_free (c);
  return z;
}

KohBits *
koh_bits_add (KohParty *party, const KohBits *x, const KohBits *y, guint width)
{
  return run (party, x, y, FALSE, width, NULL);
}

/* The borrow out of the last plane says x < y only of operands that fit in @width planes; wider ones
 * are subtracted whole, and cut. */
KohBits *
koh_bits_sub (KohParty *party, const KohBits *x, const KohBits *y, guint width, KohBits **borrow)
{
  const guint whole = borrow != NULL ? MAX (width, MAX (x->width, y->width)) : width;
  KohBits *z = run (party, x, y, TRUE, whole, borrow);
  KohBits *cut;

  if (whole == width)
    return z;
  cut = koh_bits_slice (z, 0, width);
  koh_bits_free (z);
  return cut;
}
