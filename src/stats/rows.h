/* SPDX-License-Identifier: EUPL-1.2
 *
 * Small shared tables as vectors with a row for each cell: rows are put together, summed in groups, and
 * summed from the left. All work is on whole vectors, so that its rounds do not grow with the cells. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

/* Local. */
KohBits *koh_rows_stack  (KohParty *party, const KohBits *const *parts, guint n); /* the rows of parts[0] first */
KohBits *koh_rows_slice  (const KohBits *x, guint first, guint rows);
KohBits *koh_rows_repeat (const KohBits *x, guint times);                  /* each row that many times, one after the other */
KohBits *koh_rows_tile   (const KohBits *x, guint times);                  /* all rows, and again */
KohBits *koh_rows_xor    (KohParty *party, const KohBits *x, guint size);  /* of each @size rows that stand together */

/* Interactive. */
KohBits *koh_rows_sum    (KohParty *party, const KohBits *x, guint size);  /* of each @size rows that stand together */
KohBits *koh_rows_all    (KohParty *party, const KohBits *x, guint lines); /* row r of the result: 1 in rows r, r + n/lines, … */
KohBits *koh_rows_prefix (KohParty *party, const KohBits *x, guint size);  /* lines of @size rows become size + 1: 0, x0, x0 + x1, … */

G_END_DECLS
