/* SPDX-License-Identifier: EUPL-1.2
 *
 * The life of an inquiry: its thread, what it tells on the way, and how it ends. */
#include "peer/inquiry-private.h"

#include <string.h>

#include "common/error.h"
#include "peer/members.h"

/* ---- Events -------------------------------------------------------------------------------- */

typedef struct
{
  KohInquiry *inquiry;
  JsonNode *event;
} Telling;

static void unref (KohInquiry *inquiry);

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  unref (telling->inquiry);
  json_node_unref (telling->event);
  g_free (telling);
}

static gboolean
tell_cb (gpointer data)
{
  Telling *telling = data;

  if (telling->inquiry->event != NULL)
    telling->inquiry->event (telling->inquiry, telling->event, telling->inquiry->event_data);
  return G_SOURCE_REMOVE;
}

void
koh_inquiry_emit (KohInquiry *inquiry, JsonObject *event)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Telling *telling = g_new0 (Telling, 1);

  g_atomic_ref_count_inc (&inquiry->references);
  telling->inquiry = inquiry;
  telling->event = koh_members_node (event);
  /* All of one priority, so that they arrive in the order in which they were told. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, telling, telling_free);
  g_source_attach (source, inquiry->context);
}

void
koh_inquiry_say_peer (KohInquiry *inquiry, const KohInquiryPeer *peer, const char *state, const char *message)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "event", "peer");
  json_object_set_string_member (event, "run", inquiry->run);
  json_object_set_string_member (event, "peer", peer->name);
  json_object_set_string_member (event, "state", state);
  json_object_set_string_member (event, "message", message);
  koh_inquiry_emit (inquiry, event);
}

void
koh_inquiry_say_phase (KohInquiry *inquiry, const char *phase)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "event", "phase");
  json_object_set_string_member (event, "run", inquiry->run);
  json_object_set_string_member (event, "phase", phase);
  koh_inquiry_emit (inquiry, event);
}

gboolean
koh_inquiry_send (KohInquiry *inquiry, KohInquiryPeer *peer, KohMessageKind kind, JsonObject *members,
                  GError **error)
{
  g_autoptr (GBytes) bytes = koh_message_write (kind, members);

  return koh_link_send (peer->link, bytes, error);
}

/* ---- The end ------------------------------------------------------------------------------- */

static void
say_answered (KohInquiry *inquiry)
{
  JsonObject *event = json_object_new ();

  koh_inquiry_say_phase (inquiry, "answered");
  json_object_set_string_member (event, "event", "answered");
  json_object_set_string_member (event, "run", inquiry->run);
  json_object_set_member (event, "answer", json_node_copy (inquiry->answer));
  koh_inquiry_emit (inquiry, event);
}

static const char *
whom_it_concerns (KohInquiry *inquiry, const GError *error)
{
  for (guint i = 0; i < inquiry->n_peers; i++)
    if (inquiry->peers[i].why != NULL && strcmp (inquiry->peers[i].why->message, error->message) == 0)
      return inquiry->peers[i].about;
  return inquiry->self->card->name;
}

/* What the user reads is a sentence, whoever wrote it. */
static char *
as_sentence (const char *message)
{
  gsize length = strlen (message);

  return length > 0 && strchr (".!?", message[length - 1]) != NULL ? g_strdup (message)
                                                                   : g_strconcat (message, ".", NULL);
}

static void
say_failed (KohInquiry *inquiry, const GError *error)
{
  g_autofree char *sentence = as_sentence (error->message);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  JsonObject *event = json_object_new ();
  KohSubject subject = { "question", inquiry->question->hash };

  koh_audit_append (inquiry->self->audit, "question-failed", koh_error_code_name (error), &subject, 1, NULL);
  koh_inquiry_say_phase (inquiry, cancelled ? "cancelled" : "failed");
  json_object_set_string_member (event, "event", "failed");
  json_object_set_string_member (event, "run", inquiry->run);
  json_object_set_string_member (event, "code", koh_error_code_name (error));
  json_object_set_string_member (event, "peer", whom_it_concerns (inquiry, error));
  json_object_set_string_member (event, "message", sentence);
  koh_inquiry_emit (inquiry, event);
}

/* Tells the peers that it is over; those that still work on it stop. */
static void
leave_peers (KohInquiry *inquiry, const GError *error)
{
  g_autoptr (GError) done =
      g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has what it needs", inquiry->self->card->name);

  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      JsonObject *members;

      if (inquiry->peers[i].link == NULL)
        continue;
      members = json_object_new ();
      json_object_set_string_member (members, "code", error != NULL ? koh_error_code_name (error) : "");
      if (error != NULL)
        koh_inquiry_send (inquiry, &inquiry->peers[i], KOH_MESSAGE_CANCEL, members, NULL);
      else
        json_object_unref (members);
      koh_link_close (inquiry->peers[i].link, error != NULL ? error : done);
    }
}

static gpointer
run_cb (gpointer data)
{
  KohInquiry *inquiry = data;
  g_autoptr (GError) error = NULL;
  gboolean ok = koh_inquiry_tell (inquiry, &error);

  g_cancellable_cancel (inquiry->cancellable);
  leave_peers (inquiry, error);
  if (ok)
    say_answered (inquiry);
  else
    say_failed (inquiry, error);
  return NULL;
}

KohInquiry *
koh_inquiry_start (KohParticipant *self, const char *run, KohQuestion *question, KohInquiryEvent event,
                   gpointer user_data)
{
  KohInquiry *inquiry = g_new0 (KohInquiry, 1);
  g_autoptr (GPtrArray) cards = koh_roster_peers (self->roster);

  g_atomic_ref_count_init (&inquiry->references);
  inquiry->self = self;
  inquiry->run = g_strdup (run);
  inquiry->question = koh_question_ref (question);
  inquiry->inbox = koh_inbox_new ();
  inquiry->cancellable = g_cancellable_new ();
  inquiry->context = g_main_context_ref_thread_default ();
  inquiry->event = event;
  inquiry->event_data = user_data;
  inquiry->n_peers = cards->len;
  inquiry->peers = g_new0 (KohInquiryPeer, cards->len);
  for (guint i = 0; i < cards->len; i++)
    inquiry->peers[i].name = ((const KohCard *) g_ptr_array_index (cards, i))->name;
  inquiry->thread = g_thread_new ("inquiry", run_cb, inquiry);
  return inquiry;
}

void
koh_inquiry_cancel (KohInquiry *inquiry)
{
  KohLetter *letter = koh_letter_new (KOH_FROM_USER);

  letter->why = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The question was cancelled");
  koh_inbox_put (inquiry->inbox, letter);
}

const char *
koh_inquiry_get_run (KohInquiry *inquiry)
{
  return inquiry->run;
}

const char *
koh_inquiry_get_title (KohInquiry *inquiry)
{
  return inquiry->question->title != NULL ? inquiry->question->title : "";
}

KohHash
koh_inquiry_get_hash (KohInquiry *inquiry)
{
  return inquiry->question->hash;
}

static void
unref (KohInquiry *inquiry)
{
  if (!g_atomic_ref_count_dec (&inquiry->references))
    return;
  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      KohInquiryPeer *peer = &inquiry->peers[i];

      g_clear_pointer (&peer->link, koh_link_unref);
      g_clear_pointer (&peer->accept, json_node_unref);
      g_clear_pointer (&peer->sealed, g_bytes_unref);
      g_clear_pointer (&peer->receipt, json_node_unref);
      g_clear_error (&peer->why);
      g_free (peer->about);
    }
  g_free (inquiry->peers);
  g_clear_pointer (&inquiry->answer, json_node_unref);
  g_clear_pointer (&inquiry->session, koh_session_free);
  g_clear_pointer (&inquiry->proposal, koh_proposal_free);
  koh_question_unref (inquiry->question);
  koh_inbox_unref (inquiry->inbox);
  g_object_unref (inquiry->cancellable);
  g_main_context_unref (inquiry->context);
  g_free (inquiry->run);
  g_free (inquiry);
}

void
koh_inquiry_free (KohInquiry *inquiry)
{
  g_thread_join (inquiry->thread);
  koh_inbox_close (inquiry->inbox);
  inquiry->event = NULL;
  unref (inquiry);
}
