/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cutting a list of levels into runs, without knowing where the cuts are.
 *
 * A run from level s to level t is a pair; pairs stand in rows, (s, t) at koh_pair (s, t). Every sum that
 * a run could have is formed and compared in the same few rounds; then one pass of one round a level
 * finds the runs that are taken, from the left. Of many lines a part is worked on at a time, so that no
 * message is longer than 1 MiB, or than one line needs. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

guint    koh_pairs (guint levels);     /* how many */
guint    koh_pair  (guint s, guint t); /* 0 ≤ s ≤ t */

/* 1 bit a row: 0, or at least @least. */
KohBits *koh_runs_fit  (KohParty *party, const KohBits *numbers, guint64 least);

/* @sums: lines of levels + 1 sums from the left, as koh_rows_prefix() makes them. A bit for each pair: its
 * sum is fit in all lines. */
KohBits *koh_runs_all_fit (KohParty *party, const KohBits *sums, guint levels, guint64 least);

/* @may: a bit for each pair, whether a run from s on may close at t. The pass takes a run at the first
 * level where the current one may close, and goes on behind it; @last_closes: the last level closes
 * whatever @may says. Result: a bit for each pair, whether it is taken. */
KohBits *koh_runs_take (KohParty *party, const KohBits *may, guint levels, gboolean last_closes);

/* A bit for each level: a run that is taken closes there. */
KohBits *koh_runs_ends (KohParty *party, const KohBits *taken, guint levels);

/* For each level of each line the sum of the run that closes there, 0 where none does. */
KohBits *koh_runs_join (KohParty *party, const KohBits *taken, const KohBits *sums, guint levels);

G_END_DECLS
