/* SPDX-License-Identifier: EUPL-1.2
 *
 * How many of the rows repeat another one in everything. Rows of one person are alike or not for all sources, so a
 * sample of persons tells the share, and its room is bounded however many rows there are. */
#pragma once

#include "store/reading.h"

G_BEGIN_DECLS

typedef struct _KohRepeats KohRepeats;

KohRepeats *koh_repeats_new   (void);
void        koh_repeats_free  (KohRepeats *repeats);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohRepeats, koh_repeats_free)

void        koh_repeats_add   (KohRepeats *repeats, const KohReading *reading, const KohRow *row);
gdouble     koh_repeats_share (KohRepeats *repeats); /* -1: no rows */

G_END_DECLS
