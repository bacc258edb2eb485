/* SPDX-License-Identifier: EUPL-1.2
 *
 * One thing to know about a question: an error, a warning, or that all is well. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum { KOH_PROBLEM_NONE, KOH_PROBLEM_WARNING, KOH_PROBLEM_ERROR } KohProblemKind;

/* @place (may be NULL) is where it stands in the document. */
GtkWidget *koh_problem_row_new (KohProblemKind kind, const char *message, const char *place);

G_END_DECLS
