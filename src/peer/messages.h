/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a desk and a peer say to each other over a control link, and two peers first over a session's
 * link: JSON objects, one a message, at most 1 MiB, each with exactly the members of its kind.
 *
 *   desk → peer    propose   a signed proposal (proposal.h)
 *   peer → desk    review    it waits for the data owner
 *                  accept    a signed acceptance (accept.h)
 *                  decline   code, message
 *   desk → peer    start     all acceptances, in roster order
 *   peer → peer    confirm   session and plan, over each link of the session
 *                  ready     its columns are read
 *   peer → desk    state     "input", "computing"; before that "checking", while it looks at its data
 *                  progress  phase, rows, rounds, bytes
 *                  shares    the sealed shares, with transcript and receipt
 *                  stopped   code, whom it concerns, message
 *   desk → peer    cancel    code: why it does not go on */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  KOH_MESSAGE_PROPOSE,
  KOH_MESSAGE_REVIEW,
  KOH_MESSAGE_ACCEPT,
  KOH_MESSAGE_DECLINE,
  KOH_MESSAGE_START,
  KOH_MESSAGE_CONFIRM,
  KOH_MESSAGE_READY,
  KOH_MESSAGE_STATE,
  KOH_MESSAGE_PROGRESS,
  KOH_MESSAGE_SHARES,
  KOH_MESSAGE_STOPPED,
  KOH_MESSAGE_CANCEL,
} KohMessageKind;

typedef struct
{
  KohMessageKind kind;
  JsonNode *node;
  JsonObject *object; /* of the node */
} KohMessage;

/* NULL and KOH_ERROR_PROTOCOL for bytes that are no message of ours. */
KohMessage *koh_message_read  (GBytes *bytes, GError **error);
void        koh_message_free  (KohMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohMessage, koh_message_free)

/* Takes @members, which are those of @kind without its "type". */
GBytes     *koh_message_write (KohMessageKind kind, JsonObject *members);

/* The names of the kinds, for messages to people. */
const char *koh_message_name  (KohMessageKind kind);

/* A decline or a stop as an error, and back. @about is the peer that it concerns. */
GBytes *koh_message_write_error (KohMessageKind kind, const GError *why, const char *about,
                                 gboolean first_hand);
GError     *koh_message_error       (const KohMessage *message);

G_END_DECLS
