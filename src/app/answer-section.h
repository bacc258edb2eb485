/* SPDX-License-Identifier: EUPL-1.2
 *
 * One result of an answer: its table, or its bars, and why rows are joined or hidden. */
#pragma once

#include <adwaita.h>

#include "client/answer.h"

G_BEGIN_DECLS

#define KOH_TYPE_ANSWER_SECTION (koh_answer_section_get_type ())
G_DECLARE_FINAL_TYPE (KohAnswerSection, koh_answer_section, KOH, ANSWER_SECTION, AdwBin)

GtkWidget *koh_answer_section_new (const KohAnswerTable *table, gint64 k);

G_END_DECLS
