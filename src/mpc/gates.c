/* SPDX-License-Identifier: EUPL-1.2
 *
 * Multiplication of replicated shares over GF(2) (Araki, Furukawa, Lindell, Nof, Ohara, CCS 2016).
 * P_i holds x_i, x_{i+1}, y_i, y_{i+1} and computes
 *
 *   z_i = x_i y_i ⊕ x_i y_{i+1} ⊕ x_{i+1} y_i ⊕ α_i,   α_i = ρ_i ⊕ ρ_{i+1},
 *
 * ρ_j the stream of the key k_j of P_{j-1} and P_j, the number of the operation its nonce. α_0 ⊕ α_1
 * ⊕ α_2 = 0, so z_0 ⊕ z_1 ⊕ z_2 = x y; and ρ_{i+1}, which P_{i-1} does not know, makes the z_i that
 * P_i sends it uniform. Then P_i holds z_i, and z_{i+1} from P_{i+1}.
 *
 * The message is made in segments that stay in the first-level cache: products, then both streams,
 * then the copy to z. Everything that a proof of these products needs goes to the transcript; a full batch is
 * proved before the operation returns. */
#include "mpc/gates.h"
#include "mpc/verify.h"

#include <string.h>

#define SEGMENT 2048 /* words; a multiple of 8, a ChaCha20 block */

/* x_i (y_i ⊕ y_{i+1}) ⊕ x_{i+1} y_i, where a flip f has been added to x and g to y. The record takes what is
 * multiplied. */
#define MULTIPLY(i) \
  do \
    { \
      to->own_x[i] = x0; \
      to->next_x[i] = x1; \
      to->own_y[i] = y0; \
      to->next_y[i] = y1; \
      z[i] = (x0 & (y0 ^ y1)) ^ (x1 & y0); \
    } \
  while (0)

KOH_HOT static void
multiply_and (guint64 *restrict z, const KohRecord *restrict to, KohPlane x, KohPlane y, const guint64 f[2],
              const guint64 g[2], gsize words)
{
  for (gsize i = 0; i < words; i++)
    {
      const guint64 x0 = x.own[i] ^ f[0], x1 = x.next[i] ^ f[1];
      const guint64 y0 = y.own[i] ^ g[0], y1 = y.next[i] ^ g[1];

      MULTIPLY (i);
    }
}

KOH_HOT static void
multiply_mux (guint64 *restrict z, const KohRecord *restrict to, KohPlane x, KohPlane y, KohPlane m,
              const guint64 f[2], const guint64 g[2], gsize words)
{
  for (gsize i = 0; i < words; i++)
    {
      const guint64 x0 = x.own[i] ^ f[0], x1 = x.next[i] ^ f[1];
      const guint64 y0 = y.own[i] ^ m.own[i] ^ g[0], y1 = y.next[i] ^ m.next[i] ^ g[1];

      MULTIPLY (i);
    }
}

KOH_HOT static void
multiply_maj (guint64 *restrict z, const KohRecord *restrict to, KohPlane x, KohPlane y, KohPlane m,
              const guint64 f[2], const guint64 g[2], gsize words)
{
  for (gsize i = 0; i < words; i++)
    {
      const guint64 m0 = m.own[i], m1 = m.next[i];
      const guint64 x0 = x.own[i] ^ m0 ^ f[0], x1 = x.next[i] ^ m1 ^ f[1];
      const guint64 y0 = y.own[i] ^ m0 ^ g[0], y1 = y.next[i] ^ m1 ^ g[1];

      MULTIPLY (i);
    }
}

/* Adds the products of a term to z. */
KOH_HOT static void
multiply_more (guint64 *restrict z, KohPlane x, KohPlane y, gsize words)
{
  for (gsize i = 0; i < words; i++)
    z[i] ^= (x.own[i] & (y.own[i] ^ y.next[i])) ^ (x.next[i] & y.own[i]);
}

static void
record_term (const KohRecord *to, gsize at, KohPlane x, KohPlane y, gsize words)
{
  memcpy (to->own_x + at, x.own, words * sizeof (guint64));
  memcpy (to->own_y + at, y.own, words * sizeof (guint64));
  memcpy (to->next_x + at, x.next, words * sizeof (guint64));
  memcpy (to->next_y + at, y.next, words * sizeof (guint64));
}

KOH_HOT static void
add_products (guint64 *restrict t, const guint64 *restrict x, const guint64 *restrict y, gsize words)
{
  for (gsize i = 0; i < words; i++)
    t[i] ^= x[i] & y[i];
}

/* z_{i+1} has come: the rest of P_{i+1}'s t. */
KOH_HOT static void
record_answer (guint64 *restrict t, const guint64 *restrict z, const guint64 *restrict x, const guint64 *restrict y,
               gsize words)
{
  for (gsize i = 0; i < words; i++)
    t[i] ^= z[i] ^ (x[i] & y[i]);
}

KOH_HOT static void
plain_gate (guint64 *z, const KohGate *gate, gsize words)
{
  const guint64 f = gate->not_x ? G_MAXUINT64 : 0;
  const guint64 g = gate->not_y ? G_MAXUINT64 : 0;
  const guint64 h = gate->not_z ? G_MAXUINT64 : 0;
  const guint64 *x = gate->x.own, *y = gate->y.own, *m = gate->m.own;

  if (gate->kind == KOH_GATE_AND)
    for (gsize i = 0; i < words; i++)
      z[i] = ((x[i] ^ f) & (y[i] ^ g)) ^ h;
  else if (gate->kind == KOH_GATE_MUX)
    for (gsize i = 0; i < words; i++)
      z[i] = ((x[i] ^ f) & (y[i] ^ m[i] ^ g)) ^ m[i] ^ h;
  else
    for (gsize i = 0; i < words; i++)
      z[i] = ((x[i] ^ m[i] ^ f) & (y[i] ^ m[i] ^ g)) ^ m[i] ^ h;
}

static void
multiply (const KohParty *party, guint64 *z, const KohRecord *to, const KohGate *gate, gsize at, gsize words)
{
  const guint64 f[2] = { gate->not_x ? party->flip_own : 0, gate->not_x ? party->flip_next : 0 };
  const guint64 g[2] = { gate->not_y ? party->flip_own : 0, gate->not_y ? party->flip_next : 0 };
  const KohPlane x = koh_plane_at (gate->x, at), y = koh_plane_at (gate->y, at);

  if (gate->kind == KOH_GATE_AND)
    multiply_and (z, to, x, y, f, g, words);
  else if (gate->kind == KOH_GATE_MUX)
    multiply_mux (z, to, x, y, koh_plane_at (gate->m, at), f, g, words);
  else
    multiply_maj (z, to, x, y, koh_plane_at (gate->m, at), f, g, words);
}

/* z = product ⊕ m ⊕ flip, of one share. */
static void
store (guint64 *z, const guint64 *product, const guint64 *m, guint64 flip, gsize words)
{
  if (m != NULL)
    koh_words_xor (z, product, m, words);
  else
    memcpy (z, product, words * sizeof (guint64));
  if (flip != 0)
    koh_words_flip (z, z, flip, words);
}

/* Adds α_i to the segment. ρ_i and ρ_{i+1} are kept: they are half of the statements to be proved. */
static void
mask (const KohParty *party, guint64 *segment, const KohRecord *to, gsize at, gsize words)
{
  const gsize size = words * sizeof (guint64), first = at * sizeof (guint64);

  memset (to->own_t + at, 0, size);
  memset (to->next_t + at, 0, size);
  koh_prg_add (party->rho, party->operation, first, to->own_t + at, size);
  koh_prg_add (party->next_rho, party->operation, first, to->next_t + at, size);
  koh_words_add3 (segment, to->own_t + at, to->next_t + at, words);
}

/* Sends z_i and waits for z_{i+1}. */
static GBytes *
exchange (KohParty *party, guint64 *message, gsize words)
{
  party->operation++;
  party->cost.ands += words * 64;
  koh_party_send (party, koh_party_before (party), g_bytes_new_take (message, words * sizeof (guint64)));
  return koh_party_recv (party, koh_party_after (party), words * sizeof (guint64));
}

static void
clear_results (const KohParty *party, const KohGate *gates, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      memset (gates[i].own, 0, gates[i].words * sizeof (guint64));
      if (!party->plain)
        memset (gates[i].next, 0, gates[i].words * sizeof (guint64));
    }
}

/* Where a walk over the gates' words stands. */
typedef struct
{
  guint gate;
  gsize at;
} Walk;

/* The next piece of at most @room words, all of one gate. */
static gsize
step (Walk *walk, const KohGate *gates, gsize room, const KohGate **gate, gsize *at)
{
  gsize words;

  while (walk->at == gates[walk->gate].words)
    {
      walk->gate++;
      walk->at = 0;
    }
  *gate = &gates[walk->gate];
  *at = walk->at;
  words = MIN (room, (*gate)->words - walk->at);
  walk->at += words;
  return words;
}

static void
run_shared (KohParty *party, const KohGate *gates, guint n, gsize total)
{
  const KohRecord to = koh_transcript_add (party->transcript, total, 1);
  guint64 *message = g_new (guint64, total);
  g_autoptr (GBytes) answer = NULL;
  const guint64 *product;
  const KohGate *gate;
  gsize at, words;
  Walk walk = { 0, 0 }, stored = { 0, 0 };

  for (gsize start = 0; start < total; start += SEGMENT)
    {
      const gsize end = MIN (total, start + SEGMENT);

      for (gsize i = start; i < end; i += words)
        {
          words = step (&walk, gates, end - i, &gate, &at);
          multiply (party, message + i,
                    &(KohRecord){ to.own_x + i, to.own_y + i, to.next_x + i, to.next_y + i, NULL, NULL }, gate, at,
                    words);
        }
      mask (party, message + start, &to, start, end - start);
      for (gsize i = start; i < end; i += words)
        {
          words = step (&stored, gates, end - i, &gate, &at);
          store (gate->own + at, message + i, gate->kind == KOH_GATE_AND ? NULL : gate->m.own + at,
                 gate->not_z ? party->flip_own : 0, words);
        }
    }
  answer = exchange (party, message, total);
  if (answer == NULL)
    {
      clear_results (party, gates, n);
      return;
    }
  product = g_bytes_get_data (answer, NULL);
  record_answer (to.next_t, product, to.next_x, to.next_y, total);
  for (guint i = 0; i < n; i++)
    {
      store (gates[i].next, product, gates[i].kind == KOH_GATE_AND ? NULL : gates[i].m.next,
             gates[i].not_z ? party->flip_next : 0, gates[i].words);
      product += gates[i].words;
    }
  koh_verify_full_batch (party);
}

void
koh_gates_run (KohParty *party, const KohGate *gates, guint n)
{
  gsize total = 0;

  for (guint i = 0; i < n; i++)
    total += gates[i].words;
  if (total == 0)
    return;
  if (koh_party_has_failed (party))
    clear_results (party, gates, n);
  else if (party->plain)
    {
      party->cost.ands += total * 64;
      for (guint i = 0; i < n; i++)
        plain_gate (gates[i].own, &gates[i], gates[i].words);
    }
  else
    run_shared (party, gates, n, total);
}

void
koh_dots_run (KohParty *party, const KohTerm *term, guint terms, guint outputs, guint64 *own, guint64 *next,
              gsize words)
{
  const gsize total = outputs * words;
  g_autoptr (GBytes) answer = NULL;
  guint64 *message;
  KohRecord to;

  if (total == 0)
    return;
  memset (own, 0, total * sizeof (guint64));
  if (next != NULL)
    memset (next, 0, total * sizeof (guint64));
  if (koh_party_has_failed (party))
    return;
  if (party->plain)
    {
      party->cost.ands += total * 64;
      for (guint o = 0; o < outputs; o++)
        for (guint t = 0; t < terms; t++)
          for (gsize i = 0; i < words; i++)
            own[o * words + i] ^= term[o * terms + t].x.own[i] & term[o * terms + t].y.own[i];
      return;
    }
  if (terms == 0)
    return;
  to = koh_transcript_add (party->transcript, total, terms);
  message = g_new0 (guint64, total);
  for (guint o = 0; o < outputs; o++)
    for (gsize at = 0; at < words; at += SEGMENT)
      for (guint t = 0; t < terms; t++)
        multiply_more (message + o * words + at, koh_plane_at (term[o * terms + t].x, at),
                       koh_plane_at (term[o * terms + t].y, at), MIN (SEGMENT, words - at));
  for (guint o = 0; o < outputs; o++)
    for (guint t = 0; t < terms; t++)
      record_term (&to, t * total + o * words, term[o * terms + t].x, term[o * terms + t].y, words);
  for (gsize at = 0; at < total; at += SEGMENT)
    mask (party, message + at, &to, at, MIN (SEGMENT, total - at));
  memcpy (own, message, total * sizeof (guint64));
  answer = exchange (party, message, total);
  if (answer == NULL)
    {
      memset (own, 0, total * sizeof (guint64));
      return;
    }
  memcpy (next, g_bytes_get_data (answer, NULL), total * sizeof (guint64));
  record_answer (to.next_t, next, to.next_x, to.next_y, total);
  for (guint t = 1; t < terms; t++)
    add_products (to.next_t, to.next_x + t * total, to.next_y + t * total, total);
  koh_verify_full_batch (party);
}
