/* SPDX-License-Identifier: EUPL-1.2
 *
 * Multiplication of whole vectors, and what is one multiplication away from it: or, the choice
 * between two vectors, and the trees that ask whether any or all planes are 1. */
#include "mpc/gates.h"

/* One gate a plane, unless both operands are whole vectors: then one gate has all planes. An operand
 * of one plane meets every plane of the other. */
static KohBits *
combine (KohParty *party, const KohBits *x, const KohBits *y, gboolean negated)
{
  const guint width = MAX (x->width, y->width);
  KohBits *x_held = NULL, *y_held = NULL;
  const KohBits *xx = x->width == 1 ? x : koh_bits_widen (x, width, &x_held);
  const KohBits *yy = y->width == 1 ? y : koh_bits_widen (y, width, &y_held);
  KohBits *z = koh_bits_new (party, x->rows, width);
  const guint parts = xx->width == yy->width ? 1 : width;
  g_autofree KohGate *gates = g_new0 (KohGate, parts);

  g_assert (x->rows == y->rows);
  for (guint p = 0; p < parts; p++)
    {
      const KohPlane out = koh_bits_plane (z, p);

      gates[p] = (KohGate){
        .kind = KOH_GATE_AND, .not_x = negated, .not_y = negated, .not_z = negated,
        .x = koh_bits_plane (xx, xx->width == 1 ? 0 : p),
        .y = koh_bits_plane (yy, yy->width == 1 ? 0 : p),
        .own = (guint64 *) out.own, .next = (guint64 *) out.next,
        .words = parts == 1 ? z->words * width : z->words,
      };
    }
  koh_gates_run (party, gates, parts);
  koh_bits_free (x_held);
  koh_bits_free (y_held);
  return z;
}

KohBits *
koh_bits_and (KohParty *party, const KohBits *x, const KohBits *y)
{
  return combine (party, x, y, FALSE);
}

/* x ∨ y = ¬(¬x ∧ ¬y). */
KohBits *
koh_bits_or (KohParty *party, const KohBits *x, const KohBits *y)
{
  return combine (party, x, y, TRUE);
}

KohBits *
koh_bits_mux (KohParty *party, const KohBits *bit, const KohBits *yes, const KohBits *no)
{
  const guint width = MAX (yes->width, no->width);
  KohBits *yes_held = NULL, *no_held = NULL;
  const KohBits *y = koh_bits_widen (yes, width, &yes_held);
  const KohBits *m = koh_bits_widen (no, width, &no_held);
  KohBits *z = koh_bits_new (party, bit->rows, width);
  g_autofree KohGate *gates = g_new0 (KohGate, MAX (width, 1));

  g_assert (bit->width == 1 && bit->rows == yes->rows && bit->rows == no->rows);
  for (guint p = 0; p < width; p++)
    {
      const KohPlane out = koh_bits_plane (z, p);

      gates[p] = (KohGate){
        .kind = KOH_GATE_MUX,
        .x = koh_bits_plane (bit, 0), .y = koh_bits_plane (y, p), .m = koh_bits_plane (m, p),
        .own = (guint64 *) out.own, .next = (guint64 *) out.next, .words = z->words,
      };
    }
  koh_gates_run (party, gates, width);
  koh_bits_free (yes_held);
  koh_bits_free (no_held);
  return z;
}

/* Half of the planes meet the other half in one gate; an odd plane waits for the next round. */
KohBits *
koh_bits_fold_and (KohParty *party, KohBits *x)
{
  KohBits *z;

  for (guint left = x->width; left > 1; left -= left / 2)
    {
      const guint half = left / 2;
      const KohGate gate = {
        .kind = KOH_GATE_AND,
        .x = koh_bits_plane (x, left - half), .y = koh_bits_plane (x, left - 2 * half),
        .own = x->own + (left - 2 * half) * x->words,
        .next = x->next ? x->next + (left - 2 * half) * x->words : NULL,
        .words = half * x->words,
      };

      koh_gates_run (party, &gate, 1);
    }
  z = x->width > 0 ? koh_bits_slice (x, 0, 1) : koh_bits_constant (party, x->rows, 1, 1);
  koh_bits_free (x);
  return z;
}

KohBits *
koh_bits_all (KohParty *party, const KohBits *x)
{
  return koh_bits_fold_and (party, koh_bits_copy (x));
}

/* Some plane is 1 unless all their negations are. */
KohBits *
koh_bits_any (KohParty *party, const KohBits *x)
{
  KohBits *z = koh_bits_fold_and (party, koh_bits_not (party, x));

  koh_bits_negate (party, z);
  return z;
}
