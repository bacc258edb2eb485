/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an inquiry knows of itself and of each peer. */
#pragma once

#include "eval/evaluate.h"
#include "peer/inbox.h"
#include "peer/inquiry.h"
#include "peer/messages.h"
#include "peer/session.h"

G_BEGIN_DECLS

#define KOH_FROM_USER G_MAXUINT /* letters that no link brought: a cancellation */

typedef struct
{
  const char *name;
  KohLink *link;          /* NULL until it is open */
  gboolean in_review;
  JsonNode *accept;       /* the signed acceptance; NULL until it has come */
  GBytes *sealed;         /* NULL until it has come */
  KohHash transcript;
  JsonNode *receipt;
  guint64 rounds, bytes;
  char phase[16];         /* of the progress last told */
  guint64 done, total;
  GError *why;            /* why it failed us; NULL */
  char *about;            /* whom that concerns */
  gboolean first_hand;    /* it is the cause, as far as it knows */
  gboolean gone;          /* its link closed without a word */
} KohInquiryPeer;

struct _KohInquiry
{
  gatomicrefcount references; /* its owner's, and one of each event that is still to be told */
  KohParticipant *self;
  char *run;
  KohQuestion *question;
  KohInbox *inbox;
  GCancellable *cancellable;
  GThread *thread;
  KohInquiryEvent event;
  gpointer event_data;
  GMainContext *context;

  /* of the story */
  KohProposal *proposal;
  KohInquiryPeer *peers;
  guint n_peers;
  KohSession *session;
  gint64 started, told;
  guint64 told_done;
  JsonNode *answer;
};

/* inquiry.c: the whole story. */
gboolean koh_inquiry_tell     (KohInquiry *inquiry, GError **error);

/* inquiry-hear.c: takes letters until @is_enough; FALSE with the cause when a peer fails us, the user
 * cancels, or time runs out (@seconds for each peer that @is_enough still waits for). */
typedef gboolean (*KohInquiryEnough) (const KohInquiryPeer *peer);
gboolean koh_inquiry_hear     (KohInquiry *inquiry, KohInquiryEnough enough, guint seconds, GError **error);

/* inquiry-life.c */
void koh_inquiry_say_peer (KohInquiry *inquiry, const KohInquiryPeer *peer, const char *state,
                           const char *message);
void     koh_inquiry_say_phase (KohInquiry *inquiry, const char *phase);
void     koh_inquiry_emit      (KohInquiry *inquiry, JsonObject *event); /* takes it */
gboolean koh_inquiry_send (KohInquiry *inquiry, KohInquiryPeer *peer, KohMessageKind kind,
                           JsonObject *members, GError **error);

G_END_DECLS
