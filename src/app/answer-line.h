/* SPDX-License-Identifier: EUPL-1.2
 *
 * A row of an answer's table, as the column view wants it. */
#pragma once

#include <gio/gio.h>

#include "client/answer.h"

G_BEGIN_DECLS

#define KOH_TYPE_ANSWER_LINE (koh_answer_line_get_type ())
G_DECLARE_FINAL_TYPE (KohAnswerLine, koh_answer_line, KOH, ANSWER_LINE, GObject)

/* @position is its place in the answer's own order. */
KohAnswerLine *koh_answer_line_new      (const KohAnswerTable *table, const KohAnswerRow *row, guint position);

/* Cells: the step's name where the table has steps, the levels, and last the number. */
const char    *koh_answer_line_cell     (KohAnswerLine *line, guint column);
guint          koh_answer_line_position (KohAnswerLine *line);

/* For sorting: a hidden number stands just above zero. */
gint64         koh_answer_line_n        (KohAnswerLine *line);

G_END_DECLS
