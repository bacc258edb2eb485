/* SPDX-License-Identifier: EUPL-1.2
 *
 * Comparisons, of two vectors and with public constants. Less-than is the borrow of x − y, by ripple
 * (ℓ multiplications and rounds for ℓ planes); equality a tree (ℓ − 1, ⌈log2 ℓ⌉). */
#include "mpc/gates.h"


KohBits *
koh_bits_less (KohParty *party, const KohBits *x, const KohBits *y)
{
  const guint width = MAX (x->width, y->width);
  KohBits *x_held = NULL, *y_held = NULL;
  const KohBits *xx = koh_bits_widen (x, width, &x_held);
  const KohBits *yy = koh_bits_widen (y, width, &y_held);
  KohBits *borrow = koh_bits_zero (party, x->rows, 1);

  g_assert (x->rows == y->rows);
  for (guint p = 0; p < width; p++)
    {
      const KohGate gate = {
        .kind = p == 0 ? KOH_GATE_AND : KOH_GATE_MAJ, .not_x = TRUE,
        .x = koh_bits_plane (xx, p), .y = koh_bits_plane (yy, p), .m = { borrow->own, borrow->next },
        .own = borrow->own, .next = borrow->next, .words = borrow->words,
      };

      koh_gates_run (party, &gate, 1);
    }
  koh_bits_free (x_held);
  koh_bits_free (y_held);
  return borrow;
}

KohBits *
koh_bits_equal (KohParty *party, const KohBits *x, const KohBits *y)
{
  KohBits *same = koh_bits_xor (x, y);

  koh_bits_negate (party, same);
  return koh_bits_fold_and (party, same);
}

KohBits *
koh_bits_is (KohParty *party, const KohBits *x, guint64 constant)
{
  KohBits *same;

  if (x->width < 64 && (constant >> x->width) != 0)
    return koh_bits_zero (party, x->rows, 1);
  same = koh_bits_copy (x);
  for (guint p = 0; p < x->width; p++)
    {
      if (p < 64 && ((constant >> p) & 1))
        continue;
      if (party->flip_own)
        koh_words_flip (same->own + p * x->words, same->own + p * x->words, G_MAXUINT64, x->words);
      if (party->flip_next && same->next != NULL)
        koh_words_flip (same->next + p * x->words, same->next + p * x->words, G_MAXUINT64, x->words);
    }
  return koh_bits_fold_and (party, same);
}

KohBits *
koh_bits_at_least (KohParty *party, const KohBits *x, guint64 constant)
{
  return koh_bits_bucket (party, x, &constant, 1);
}
