/* SPDX-License-Identifier: EUPL-1.2
 *
 * An owner's side of enrolment: it learns the tags of its own keys, which the holder does not see, and by
 * the list where its persons stand. */
#pragma once

#include "peer/enrolment.h"
#include "peer/enrol-wire.h"

G_BEGIN_DECLS

/* From a worker: hears the record of the epoch that stands at the holder at the other end of @link. NULL
 * with KOH_ERROR_UNREACHABLE where that peer is not ready, KOH_ERROR_UNSUPPORTED where it is not the
 * holder. */
KohEpoch *koh_enrol_hear_epoch (KohLink *link, const KohRoster *roster, GError **error);

/* From a worker, after the above: the spine of @persons (keys, as the store gives them). On all cores.
 * The checks: the holder's key served all ("oprf-proof"), the list is that of the record ("spine-list"),
 * and no tag stands in it twice ("spine-tags"). @missing receives how many keys the register does not
 * know; nobody but the owner may learn that. */
KohSpine *koh_enrol            (KohLink *link, const char *name, const KohEpoch *epoch, GPtrArray *persons,
                                guint *missing, GCancellable *cancellable, GError **error);

/* In the main context: tells an owner that dials us why it cannot enrol here (now). */
void      koh_enrol_away       (KohLink *link, KohAway away);

G_END_DECLS
