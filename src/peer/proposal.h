/* SPDX-License-Identifier: EUPL-1.2
 *
 * The asker's signed proposal: the question, when it was issued and until when it may be answered, the
 * roster that it speaks of, and the asker's nonce. */
#pragma once

#include "net/roster.h"
#include "query/question.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KOH_PROPOSAL_CLOCK (24 * 60 * 60)       /* how far clocks may differ, seconds */
#define KOH_PROPOSAL_LONGEST (31 * 24 * 60 * 60) /* of a proposal's life */

typedef struct
{
  JsonNode *document; /* as signed */
  KohHash hash;       /* of its body */
  char *asker;
  KohHash roster, nonce;
  gint64 issued, expires; /* seconds since 1970 */
  KohQuestion *question;
} KohProposal;

KohProposal *koh_proposal_new   (const KohIdentity *identity, const KohRoster *roster, KohQuestion *question,
                                 gint64 now, gint64 seconds);

/* Strict, and the question with it. @now in seconds. The checks: signed by @asker's node key
 * ("proposal-signature"), of this roster ("proposal-roster"), and of this time ("proposal-clock"). */
KohProposal *koh_proposal_read  (JsonNode *document, const KohRoster *roster, const char *asker, gint64 now,
                                 GError **error);
void         koh_proposal_free  (KohProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohProposal, koh_proposal_free)

G_END_DECLS
