/* SPDX-License-Identifier: EUPL-1.2
 *
 * Comparisons with public constants, any number of them in the same rounds. x ≥ c is folded from the
 * least significant plane up: with g the answer for the planes so far (1 for none), it becomes
 * x_p ∧ g where c has a 1 and x_p ∨ g where it has a 0. While g is still 1 both cost nothing.
 *
 * The answers g_0 ≥ g_1 ≥ … to increasing cuts form a thermometer; bit b of the number of ones in it
 * is the sum of the g_j with 2^b | j + 1, which costs nothing either. */
#include "mpc/gates.h"

#include <string.h>

#include <string.h>

static gboolean
bit_of (guint64 value, guint bit)
{
  return bit < 64 && ((value >> bit) & 1) != 0;
}

static gboolean
fits (guint64 value, guint width)
{
  return width >= 64 || (value >> width) == 0;
}

/* The gate that takes g_j over plane @p; FALSE where there is nothing to do. *@begun: g_j is no longer
 * the constant 1. */
static gboolean
fold (const KohBits *x, guint p, guint64 cut, KohBits *g, guint j, gboolean *begun, KohGate *gate)
{
  const gboolean one = bit_of (cut, p);
  const KohPlane plane = koh_bits_plane (x, p);
  guint64 *own = g->own + j * g->words;
  guint64 *next = g->next ? g->next + j * g->words : NULL;

  if (!fits (cut, x->width) || (!*begun && !one))
    return FALSE;
  if (!*begun)
    {
      memcpy (own, plane.own, g->words * sizeof (guint64));
      if (next != NULL)
        memcpy (next, plane.next, g->words * sizeof (guint64));
      *begun = TRUE;
      return FALSE;
    }
  *gate = (KohGate){
    .kind = KOH_GATE_AND, .not_x = !one, .not_y = !one, .not_z = !one,
    .x = plane, .y = { own, next }, .own = own, .next = next, .words = g->words,
  };
  return TRUE;
}

/* One plane a cut: x ≥ cut. */
static KohBits *
thermometer (KohParty *party, const KohBits *x, const guint64 *cuts, guint n)
{
  KohBits *g = koh_bits_zero (party, x->rows, n);
  g_autofree KohGate *gates = g_new0 (KohGate, n);
  g_autofree gboolean *begun = g_new0 (gboolean, n);

  for (guint p = 0; p < x->width; p++)
    {
      guint count = 0;

      for (guint j = 0; j < n; j++)
        count += fold (x, p, cuts[j], g, j, &begun[j], &gates[count]);
      koh_gates_run (party, gates, count);
    }
  for (guint j = 0; j < n; j++)
    if (cuts[j] == 0)
      {
        if (party->flip_own)
          memset (g->own + j * g->words, 0xff, g->words * sizeof (guint64));
        if (party->flip_next && g->next != NULL)
          memset (g->next + j * g->words, 0xff, g->words * sizeof (guint64));
      }
  return g;
}

KohBits *
koh_bits_bucket (KohParty *party, const KohBits *x, const guint64 *cuts, guint n)
{
  const guint width = n > 0 ? g_bit_storage (n) : 1;
  KohBits *code = koh_bits_zero (party, x->rows, width);
  KohBits *g;

  if (n == 0)
    return code;
  for (guint j = 1; j < n; j++)
    g_assert (cuts[j - 1] < cuts[j]);
  g = thermometer (party, x, cuts, n);
  for (guint b = 0; b < width; b++)
    for (guint j = (1u << b) - 1; j < n; j += 1u << b)
      {
        const KohPlane plane = koh_bits_plane (g, j);

        koh_words_xor (code->own + b * code->words, code->own + b * code->words, plane.own, code->words);
        if (code->next != NULL)
          koh_words_xor (code->next + b * code->words, code->next + b * code->words, plane.next, code->words);
      }
  koh_bits_free (g);
  return code;
}
