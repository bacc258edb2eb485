/* SPDX-License-Identifier: EUPL-1.2
 *
 * The asker's story of one question, from top to bottom; job.c is the same story at a peer. */
#include "peer/inquiry-private.h"

#include <string.h>

#include "common/error.h"
#include "peer/answer.h"
#include "peer/members.h"

/* clang-format off */
static gboolean propose      (KohInquiry *inquiry, GError **error);
static gboolean collect      (KohInquiry *inquiry, GError **error);
static gboolean agree        (KohInquiry *inquiry, GError **error);
static gboolean start        (KohInquiry *inquiry, GError **error);
static gboolean watch        (KohInquiry *inquiry, GError **error);
static gboolean open_answer  (KohInquiry *inquiry, GError **error);
static gboolean keep_answer  (KohInquiry *inquiry, GError **error);

gboolean
koh_inquiry_tell (KohInquiry *inquiry, GError **error)
{
  return propose     (inquiry, error) && /* the signed question, to every peer of the roster */
         collect     (inquiry, error) && /* every peer's signed acceptance */
         agree       (inquiry, error) && /* the same plan and session as everybody else */
         start       (inquiry, error) && /* all acceptances, to all */
         watch       (inquiry, error) && /* progress, until all have sent their sealed shares */
         open_answer (inquiry, error) && /* three members, every share twice, one transcript */
         keep_answer (inquiry, error);
}
/* clang-format on */

#define SECONDS_TO_ANSWER 30                    /* a peer whose policy decides by itself */
#define SECONDS_OF_SILENCE 90                   /* longer than the members wait for each other */
#define SECONDS_TO_LIVE (7 * 24 * 60 * 60)      /* of the proposal: data owners need days */

/* ---- Proposing ----------------------------------------------------------------------------- */

typedef struct
{
  KohInquiry *inquiry;
  KohInbox *inbox;
  guint peer;
} Dial;

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Dial *dial = user_data;
  KohLetter *letter = koh_letter_new (dial->peer);
  g_autoptr (KohLink) link = koh_node_dial_finish (NULL, result, &letter->why);

  if (link != NULL)
    letter->link = koh_link_ref (link);
  if (koh_inbox_put (dial->inbox, letter) && link != NULL)
    koh_inbox_watch (dial->inbox, dial->peer, link);
  koh_inbox_unref (dial->inbox);
  g_free (dial);
}

static gboolean
dial_cb (gpointer user_data)
{
  Dial *dial = user_data;
  KohInquiry *inquiry = dial->inquiry;

  koh_node_dial_async (inquiry->self->node, inquiry->peers[dial->peer].name, "control", inquiry->cancellable,
                       dialled_cb, dial);
  return G_SOURCE_REMOVE;
}

static gboolean
is_open (const KohInquiryPeer *peer)
{
  return peer->link != NULL;
}

static gboolean
propose (KohInquiry *inquiry, GError **error)
{
  KohSubject subject = { "question", inquiry->question->hash };

  inquiry->proposal = koh_proposal_new (inquiry->self->identity, inquiry->self->roster, inquiry->question,
                                        g_get_real_time () / G_USEC_PER_SEC, SECONDS_TO_LIVE);
  if (!koh_audit_append (inquiry->self->audit, "question-asked", NULL, &subject, 1, error))
    return FALSE;
  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      Dial *dial = g_new0 (Dial, 1);

      dial->inquiry = inquiry;
      dial->inbox = koh_inbox_ref (inquiry->inbox);
      dial->peer = i;
      koh_inquiry_say_peer (inquiry, &inquiry->peers[i], "invited", "");
      g_main_context_invoke_full (inquiry->context, G_PRIORITY_DEFAULT, dial_cb, dial, NULL);
    }
  return koh_inquiry_hear (inquiry, is_open, SECONDS_TO_ANSWER, error);
}

static gboolean
has_accepted (const KohInquiryPeer *peer)
{
  return peer->accept != NULL;
}

static gboolean
collect (KohInquiry *inquiry, GError **error)
{
  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      JsonObject *members = json_object_new ();

      json_object_set_member (members, "proposal", json_node_copy (inquiry->proposal->document));
      if (!koh_inquiry_send (inquiry, &inquiry->peers[i], KOH_MESSAGE_PROPOSE, members, error))
        return FALSE;
    }
  koh_inquiry_say_phase (inquiry, "sent");
  return koh_inquiry_hear (inquiry, has_accepted, SECONDS_TO_ANSWER, error);
}

/* ---- The session --------------------------------------------------------------------------- */

static JsonArray *
all_accepts (KohInquiry *inquiry)
{
  JsonArray *accepts = json_array_new ();

  for (guint i = 0; i < inquiry->n_peers; i++)
    json_array_add_element (accepts, json_node_copy (inquiry->peers[i].accept));
  return accepts;
}

static gboolean
agree (KohInquiry *inquiry, GError **error)
{
  g_autoptr (JsonArray) accepts = all_accepts (inquiry);

  inquiry->session = koh_session_new (inquiry->self->roster, inquiry->proposal, accepts, error);
  return inquiry->session != NULL;
}

static gboolean
start (KohInquiry *inquiry, GError **error)
{
  inquiry->started = g_get_monotonic_time ();
  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      JsonObject *members = json_object_new ();

      json_object_set_array_member (members, "accepts", all_accepts (inquiry));
      if (!koh_inquiry_send (inquiry, &inquiry->peers[i], KOH_MESSAGE_START, members, error))
        return FALSE;
    }
  koh_inquiry_say_phase (inquiry, "computing");
  return TRUE;
}

static gboolean
has_answered (const KohInquiryPeer *peer)
{
  return peer->sealed != NULL;
}

static gboolean
watch (KohInquiry *inquiry, GError **error)
{
  return koh_inquiry_hear (inquiry, has_answered, SECONDS_OF_SILENCE, error);
}

/* ---- The answer ---------------------------------------------------------------------------- */

static gboolean
open_answer (KohInquiry *inquiry, GError **error)
{
  GBytes *messages[KOH_PARTIES] = { NULL };
  KohHash transcript;
  g_autoptr (JsonNode) opened = NULL;
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < KOH_PARTIES; i++)
    {
      messages[i] = koh_identity_open (inquiry->self->identity, &inquiry->session->context,
                                       inquiry->peers[i].sealed, error);
      ok = messages[i] != NULL;
      if (!ok)
        g_prefix_error (error, "%s: ", inquiry->peers[i].name);
    }
  if (ok)
    opened = koh_answer_open (inquiry->session->plan, inquiry->session->map, messages, FALSE,
                              &inquiry->session->id, &transcript, error);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&messages[i], g_bytes_unref);
  ok = opened != NULL;
  for (guint i = 0; ok && i < inquiry->n_peers; i++)
    ok = koh_answer_vouch (koh_roster_find (inquiry->self->roster, inquiry->peers[i].name),
                           &inquiry->peers[i].transcript, &transcript,
                           json_node_get_object (inquiry->peers[i].receipt), error);
  if (ok)
    inquiry->answer = koh_answer_write (inquiry, g_steal_pointer (&opened), &transcript);
  return ok;
}

static gboolean
keep_answer (KohInquiry *inquiry, GError **error)
{
  KohSubject subjects[] = { { "question", inquiry->question->hash },
                            { "session", inquiry->session->id },
                            { "plan", inquiry->session->plan_hash } };

  return koh_answer_keep (inquiry, error) && koh_audit_append (inquiry->self->audit, "answer-opened", NULL,
                                                               subjects, G_N_ELEMENTS (subjects), error);
}
