/* SPDX-License-Identifier: EUPL-1.2
 *
 * The population holder's side of enrolment: it prepares an epoch, and answers owners who enrol in it.
 * The OPRF key stays in its state folder for as long as the epoch stands. */
#pragma once

#include "peer/enrolment.h"
#include "peer/enrol-wire.h"

G_BEGIN_DECLS

/* Draws a fresh key and a fresh random order of the register's persons, writes the list, and enrols the
 * holder itself. @persons: the register's keys. Takes @catalogue. On all cores. */
KohEnrolment *koh_holder_prepare (const char *state, const KohIdentity *identity, GPtrArray *persons,
                                  const KohHash *snapshot, KohCatalogue *catalogue, GCancellable *cancellable,
                                  GError **error);

typedef struct _KohHolder KohHolder; /* thread-safe */

KohHolder    *koh_holder_open    (const char *state, const KohEpoch *epoch, GError **error);
void          koh_holder_free    (KohHolder *holder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohHolder, koh_holder_free)

/* From a worker: answers the owner at the other end of @link until it has enrolled or gone. @granted
 * (may be NULL) receives whether keys were evaluated. */
gboolean      koh_holder_serve   (KohHolder *holder, KohLink *link, gboolean *granted, GError **error);

G_END_DECLS
