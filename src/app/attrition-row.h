/* SPDX-License-Identifier: EUPL-1.2
 *
 * One step of an attrition: how many are left, how many went, and a bar. */
#pragma once

#include <adwaita.h>

#include "client/answer.h"

G_BEGIN_DECLS

#define KOH_TYPE_ATTRITION_ROW (koh_attrition_row_get_type ())
G_DECLARE_FINAL_TYPE (KohAttritionRow, koh_attrition_row, KOH, ATTRITION_ROW, GtkListBoxRow)

/* @before (may be NULL) is the step above; @most is the number of the longest bar. */
GtkWidget *koh_attrition_row_new (const KohAnswerRow *row, const KohAnswerRow *before, gint64 most);

G_END_DECLS
