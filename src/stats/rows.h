/* SPDX-License-Identifier: EUPL-1.2
 *
 * Small shared tables as vectors with a row for each cell: rows are put together, summed in groups, and
 * summed from the left. All work is on whole vectors, so that its rounds do not grow with the cells. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

/* Local. */
KohBits *koh_rows_stack  (KohParty *party, const KohBits *const *parts, guint n); /* parts[0] first */
KohBits *koh_rows_slice  (const KohBits *x, guint first, guint rows);
KohBits *koh_rows_repeat (const KohBits *x, guint times); /* each row that many times, one after the other */
KohBits *koh_rows_tile   (const KohBits *x, guint times); /* all rows, and again */
KohBits *koh_rows_xor    (KohParty *party, const KohBits *x, guint size); /* of each @size neighbours */

/* Interactive. */
KohBits *koh_rows_sum    (KohParty *party, const KohBits *x, guint size);  /* of each @size neighbours */
KohBits *koh_rows_all    (KohParty *party, const KohBits *x, guint lines); /* row r: 1 in row r of every line */
KohBits *koh_rows_prefix (KohParty *party, const KohBits *x, guint size);  /* each line of @size rows becomes
                                                                            * 0, x_0, x_0 + x_1, … */

G_END_DECLS
