/* SPDX-License-Identifier: EUPL-1.2
 *
 * A selection as SQL over the owner's query: which columns, and conditions that the owner's database
 * can answer with its own indexes. What comes from a question is bound, never written into the text. */
#pragma once

#include "store/reading.h"

G_BEGIN_DECLS

/* @columns in their order. @parameters receives char *, to be bound. Free with g_free(). */
char *koh_select_sql (const KohMapping *mapping, const KohSelection *selection, GPtrArray *columns,
                      GPtrArray *parameters);

G_END_DECLS
