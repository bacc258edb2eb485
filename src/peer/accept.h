/* SPDX-License-Identifier: EUPL-1.2
 *
 * A peer's signed acceptance of one proposal: its nonce, and the facts about itself that the plan needs.
 * Every participant derives map, facts, plan and session id from the same acceptances. */
#pragma once

#include "net/roster.h"
#include "query/catalogue.h"

G_BEGIN_DECLS

typedef struct
{
  JsonNode *document; /* as signed */
  char *peer;
  KohHash proposal;   /* which one it answers */
  KohHash nonce;
  KohHash snapshot, epoch, policy;
  guint positions;    /* of the epoch's spine */
  guint k;
  KohCatalogue *catalogue;
} KohAccept;

/* Signs what @accept says (its document and peer aside). */
void       koh_accept_sign (KohAccept *accept, const KohIdentity *identity);

/* The check: signed by the node key of the peer that it names ("accept-signature"). */
KohAccept *koh_accept_read (JsonNode *document, const KohRoster *roster, GError **error);
void       koh_accept_free (KohAccept *accept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohAccept, koh_accept_free)

G_END_DECLS
