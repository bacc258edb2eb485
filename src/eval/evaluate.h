/* SPDX-License-Identifier: EUPL-1.2
 *
 * Runs a plan's joint part over columns, chunk by chunk, on any backend: the three members' shares, or
 * one plain party. Then disclosure control on the (shared) tables (stats/), and the release. */
#pragma once

#include <gio/gio.h>

#include "mpc/party.h"
#include "query/plan.h"

G_BEGIN_DECLS

typedef enum { KOH_PHASE_INPUT, KOH_PHASE_EVALUATE, KOH_PHASE_DISCLOSURE, KOH_PHASE_RELEASE } KohPhase;

typedef void (*KohEvaluateProgress) (KohPhase phase, guint64 rows_done, guint64 rows, const KohCost *cost,
                                     gpointer user_data);

/* @planes: for every column of the plan, in order, its planes over all positions where this member owns
 * it, NULL elsewhere; a plain party has all. Returns this member's message to the asker (see
 * mpc/reveal.h); @transcript receives the hash that the members agreed on. Cancelling closes nothing: the
 * caller closes the channel. */
GBytes  *koh_evaluate        (KohParty *party, const KohPlan *plan, const guint64 *const *planes,
                              KohEvaluateProgress progress, gpointer user_data,
                              KohHash *transcript, GError **error);

/* The asker's side: opens the three messages (or a plain party's one, @plain) and makes the results. The
 * document has the members `results`, `disclosure`, `link`, `mode`, `question_hash` of DESIGN §7; the
 * caller adds peers, sentence, times and receipts. */
JsonNode *koh_answer_open    (const KohPlan *plan, const KohMap *map, GBytes *const messages[3],
                              gboolean plain, const KohHash *session, KohHash *transcript, GError **error);

G_END_DECLS
