/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a party keeps of its multiplications until they are verified: for every term of a gate the four shares
 * that it multiplied, as they were (after negations, and after what a mux or a majority adds), and for every
 * gate what its two neighbours' statements need of the masks and of z. Words of 64 gates.
 *
 * A gate has one term, an inner product several. Nothing outside src/mpc includes this file. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a proof needs besides: weights and vectors, in memory that is kept from batch to batch. */
typedef enum
{
  KOH_SCRATCH_GATES, /* a weight for each gate word: of one proof after the other */
  KOH_SCRATCH_PROVER_WEIGHTS,
  KOH_SCRATCH_LEFT_WEIGHTS,
  KOH_SCRATCH_PROVER_U,
  KOH_SCRATCH_PROVER_V,
  KOH_SCRATCH_LEFT,
  KOH_SCRATCH_RIGHT,
  KOH_SCRATCH
} KohScratch;

/* Consecutive gate words of @terms terms each. Term t of gate word w is term word t · gates + w of the run. */
typedef struct
{
  gsize gates;
  guint terms;
} KohTermRun;

typedef struct
{
  gsize terms, gates; /* words */
  gsize term_room, gate_room;
  guint64 *own_x, *own_y;   /* x_i, y_i */
  guint64 *next_x, *next_y; /* x_{i+1}, y_{i+1} */
  guint64 *own_t;  /* ρ_i: what P_{i-1} has proved and P_i checks, as its right verifier */
  guint64 *next_t; /* Σ x_{i+1} y_{i+1} ⊕ ρ_{i+1} ⊕ z_{i+1} as received: of P_{i+1}'s statement, checked as its left one */
  GArray *runs;
  guint64 *scratch[KOH_SCRATCH];
  gsize scratch_room[KOH_SCRATCH];
} KohTranscript;

/* Where the next operation writes. It writes every word. */
typedef struct
{
  guint64 *own_x, *own_y, *next_x, *next_y; /* terms × gates words */
  guint64 *own_t, *next_t;                  /* gates words */
} KohRecord;

KohTranscript *koh_transcript_new   (void);
void           koh_transcript_free  (KohTranscript *transcript); /* wipes */
KohRecord      koh_transcript_add   (KohTranscript *transcript, gsize gates, guint terms);

/* Zeros after the last term, as far as a multiple of @multiple words. */
void           koh_transcript_pad   (KohTranscript *transcript, gsize multiple);
/* Room for @words words, whatever they held. */
guint64       *koh_transcript_scratch (KohTranscript *transcript, KohScratch slot, gsize words);
void           koh_transcript_clear (KohTranscript *transcript);

G_END_DECLS
