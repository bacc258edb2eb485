/* SPDX-License-Identifier: EUPL-1.2
 *
 * What stands after enrolment, in the participant's state folder: the epoch's record, the snapshot that
 * was frozen with it, the catalogue of that snapshot, and where this owner's persons stand.
 *
 *   FOLDER/state/epoch.json   record, snapshot, when, catalogue; written last, so that it vouches for the
 * rest FOLDER/state/spine        keys and positions (store/store.h), mode 0600 FOLDER/state/list         at
 * the population holder: the published list FOLDER/state/oprf.key     at the population holder: the epoch's
 * OPRF key, mode 0600 */
#pragma once

#include "peer/epoch.h"
#include "query/catalogue.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct
{
  KohEpoch *epoch;
  KohHash snapshot;
  char *frozen;      /* the day, "2026-11-23" */
  KohCatalogue *catalogue;
  KohMap *own;       /* of this catalogue alone */
  KohSpine *spine;
} KohEnrolment; /* reference counted, never changed */

/* The parts of a new one, in the making: takes epoch, catalogue and spine, and writes them down. */
KohEnrolment *koh_enrolment_save  (const char *state, KohEpoch *epoch, const KohHash *snapshot,
                                   KohCatalogue *catalogue, KohSpine *spine, GError **error);

/* NULL without an error where the owner is not enrolled. */
KohEnrolment *koh_enrolment_load  (const char *state, const KohRoster *roster, GError **error);

/* Forgets the enrolment and, at the holder, destroys the epoch's key. */
gboolean      koh_enrolment_clear (const char *state, GError **error);

KohEnrolment *koh_enrolment_ref   (KohEnrolment *enrolment);
void          koh_enrolment_unref (KohEnrolment *enrolment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohEnrolment, koh_enrolment_unref)

G_END_DECLS
