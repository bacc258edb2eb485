/* SPDX-License-Identifier: EUPL-1.2
 *
 * The one place where shares are multiplied. An operation lists its independent gates, and they run
 * in one round: one message to P_{i-1}, one from P_{i+1}. Nothing outside src/mpc includes this
 * file. */
#pragma once

#include "mpc/bits-private.h"

G_BEGIN_DECLS

/* All three cost one multiplication a bit. */
typedef enum
{
  KOH_GATE_AND, /* z = x ∧ y */
  KOH_GATE_MUX, /* z = x ? y : m            = (x ∧ (y ⊕ m)) ⊕ m */
  KOH_GATE_MAJ, /* z = majority of x, y, m  = ((x ⊕ m) ∧ (y ⊕ m)) ⊕ m */
} KohGateKind;

typedef struct
{
  KohGateKind kind;
  gboolean not_x, not_y, not_z; /* negate on the way in, or out; m is never negated */
  KohPlane x, y, m;
  guint64 *own, *next; /* z: may be x, y or m of this gate, word for word; of no other gate */
  gsize words;
} KohGate;

void koh_gates_run (KohParty *party, const KohGate *gates, guint n);

typedef struct
{
  KohPlane x, y;
} KohTerm;

/* @outputs inner products of @terms terms each, terms[o * terms + t]; output o is written to @words
 * words from word o * words on. An inner product costs one bit, however many terms it has. */
void koh_dots_run  (KohParty *party, const KohTerm *term, guint terms, guint outputs, guint64 *own,
                    guint64 *next, gsize words);

G_END_DECLS
