/* SPDX-License-Identifier: EUPL-1.2
 *
 * The signed record of a spine's epoch: who holds the register, the public part of the OPRF key, how many
 * positions there are, and the hash of the list of (tag, position). Its hash names the epoch in every
 * plan. What the list looks like stands here too, since both sides of enrolment read it. */
#pragma once

#include "net/roster.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KOH_TAG 16              /* bytes of a tag: an OPRF output, cut */
#define KOH_ENTRY (KOH_TAG + 4) /* and the position, little-endian */
#define KOH_LIST_LABEL "kohorte/spine-list/1"

typedef struct
{
  JsonNode *document; /* as signed */
  KohHash hash;       /* of its body */
  char *holder;
  guint8 oprf_key[32];
  guint positions;
  KohHash list;
  gint64 created;     /* seconds since 1970 */
} KohEpoch;

KohEpoch *koh_epoch_new       (const KohIdentity *identity, const guint8 oprf_key[32], guint positions,
                               const KohHash *list, gint64 now);

/* The check: signed by the node key of the peer that it names as holder ("epoch-signature"). */
KohEpoch *koh_epoch_read      (JsonNode *document, const KohRoster *roster, GError **error);
void      koh_epoch_free      (KohEpoch *epoch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohEpoch, koh_epoch_free)

/* The public size of a spine for so many persons: with at least one in a hundred dummies, a multiple of a
 * thousand. 0 where that is more than positions can number. */
guint     koh_epoch_positions (guint64 persons);

/* How many keys an owner asks for that has so many: the next power of two, 1024 at least. 0 for too many. */
guint     koh_epoch_padded    (guint64 keys);

G_END_DECLS
