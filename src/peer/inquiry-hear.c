/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an inquiry hears: letters are taken one by one, each changes what is known of one peer, until
 * enough is known or somebody fails. Of several failures the cause is told: a peer that failed first
 * hand, else one that went without a word, else what a peer saw of another. */
#include "peer/inquiry-private.h"

#include <math.h>
#include <string.h>

#include "common/error.h"
#include "peer/members.h"

/* How long the first failure waits for a better one: the others have seen it and tell what they know. */
#define GRACE (2 * G_USEC_PER_SEC)

/* ---- Failures ------------------------------------------------------------------------------ */

static void
set_failure (KohInquiryPeer *peer, GError *why, const char *about, gboolean first_hand, gboolean gone)
{
  if (peer->why != NULL)
    {
      g_error_free (why);
      return;
    }
  peer->why = why;
  peer->about = g_strdup (about);
  peer->first_hand = first_hand;
  peer->gone = gone;
}

static void
note_loss (KohInquiry *inquiry, KohInquiryPeer *peer, const GError *why)
{
  gboolean never = peer->link == NULL;

  if (peer->sealed != NULL)
    return;
  if (peer->why == NULL)
    koh_inquiry_say_peer (inquiry, peer, never ? "offline" : "stopped", why->message);
  if (never)
    set_failure (peer, g_error_copy (why), peer->name, TRUE, FALSE);
  else
    set_failure (peer,
                 g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has gone (%s); ask again when it is back",
                              peer->name, why->message),
                 peer->name, FALSE, TRUE);
}

static void
note_refusal (KohInquiry *inquiry, KohInquiryPeer *peer, const KohMessage *message)
{
  GError *why = koh_message_error (message);
  const char *about = koh_member_text (message->object, "peer");
  gboolean first_hand = json_object_get_boolean_member (message->object, "first_hand");
  gboolean declined = message->kind == KOH_MESSAGE_DECLINE;

  /* Only a peer of the roster can be concerned. */
  if (koh_roster_find (inquiry->self->roster, about) == NULL)
    about = peer->name;
  if (strstr (why->message, peer->name) == NULL)
    g_prefix_error (&why, "%s: ", peer->name);
  koh_inquiry_say_peer (inquiry, peer, declined ? "declined" : "stopped", why->message);
  set_failure (peer, why, about, first_hand, FALSE);
}

static const KohInquiryPeer *
find_cause (const KohInquiry *inquiry)
{
  const KohInquiryPeer *gone = NULL, *heard = NULL;

  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      const KohInquiryPeer *peer = &inquiry->peers[i];

      if (peer->why == NULL)
        continue;
      if (peer->first_hand)
        return peer;
      if (peer->gone && gone == NULL)
        gone = peer;
      if (heard == NULL)
        heard = peer;
    }
  return gone != NULL ? gone : heard;
}

/* ---- Progress ------------------------------------------------------------------------------ */

/* The member that is furthest behind, in the order of the phases. */
static const KohInquiryPeer *
last_of_all (const KohInquiry *inquiry)
{
  static const char *const phases[] = { "", "input", "evaluate", "disclosure", "release", NULL };
  const KohInquiryPeer *last = &inquiry->peers[0];
  double least = G_MAXDOUBLE;

  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      const KohInquiryPeer *peer = &inquiry->peers[i];
      double at = peer->total > 0 ? (double) MIN (peer->done, peer->total) / (double) peer->total / 2 : 0;

      for (guint p = 0; phases[p] != NULL; p++)
        if (strcmp (peer->phase, phases[p]) == 0)
          at += p;
      if (peer->sealed == NULL && at < least)
        {
          least = at;
          last = peer;
        }
    }
  return last;
}

/* To sixty-fourths, which six decimals write exactly. */
static double
rounded (double number)
{
  return isfinite (number) ? floor (number * 64 + 0.5) / 64 : -1;
}

static void
tell_progress (KohInquiry *inquiry)
{
  const KohInquiryPeer *last = last_of_all (inquiry);
  double seconds = (double) (g_get_monotonic_time () - inquiry->started) / G_USEC_PER_SEC;
  gboolean rated = strcmp (last->phase, "evaluate") == 0 && last->done > 0 && seconds > 0;
  double rate = rated ? (double) last->done / seconds : -1;
  JsonObject *event = json_object_new ();
  guint64 rounds = 0, bytes = 0;

  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      rounds = MAX (rounds, inquiry->peers[i].rounds);
      bytes += inquiry->peers[i].bytes;
    }
  json_object_set_string_member (event, "event", "progress");
  json_object_set_string_member (event, "run", inquiry->run);
  json_object_set_string_member (event, "phase", *last->phase != '\0' ? last->phase : "input");
  json_object_set_int_member (event, "done", (gint64) last->done);
  json_object_set_int_member (event, "total", (gint64) last->total);
  json_object_set_int_member (event, "rounds", (gint64) rounds);
  json_object_set_int_member (event, "bytes", (gint64) bytes);
  json_object_set_double_member (event, "rows_per_second", rounded (rate));
  json_object_set_double_member (event, "seconds_left",
                                 rounded (rated ? (double) (last->total - last->done) / rate : -1));
  koh_inquiry_emit (inquiry, event);
}

static void
note_progress (KohInquiry *inquiry, KohInquiryPeer *peer, const KohMessage *message)
{
  gint64 now = g_get_monotonic_time ();

  g_strlcpy (peer->phase, koh_member_text (message->object, "phase"), sizeof peer->phase);
  peer->total = koh_member_whole (message->object, "total");
  peer->done = MIN (koh_member_whole (message->object, "done"), peer->total);
  peer->rounds = koh_member_whole (message->object, "rounds");
  peer->bytes = koh_member_whole (message->object, "bytes");
  if (now - inquiry->told < G_USEC_PER_SEC / 10 || last_of_all (inquiry)->total == 0)
    return;
  inquiry->told = now;
  tell_progress (inquiry);
}

/* ---- Messages ------------------------------------------------------------------------------ */

static gboolean
note_shares (KohInquiry *inquiry, KohInquiryPeer *peer, const KohMessage *message)
{
  gsize size;
  guchar *bytes = g_base64_decode (koh_member_text (message->object, "sealed"), &size);

  peer->sealed = g_bytes_new_take (bytes, size);
  peer->transcript = koh_member_hash (message->object, "transcript");
  peer->receipt = json_node_copy (json_object_get_member (message->object, "receipt"));
  peer->rounds = koh_member_whole (message->object, "rounds");
  peer->bytes = koh_member_whole (message->object, "bytes");
  koh_inquiry_say_peer (inquiry, peer, "done", "");
  return TRUE;
}

/* What a peer may say, and when: nothing of a session before it has begun, and everything once. */
static gboolean
note_message (KohInquiry *inquiry, KohInquiryPeer *peer, const KohMessage *message)
{
  gboolean begun = inquiry->started != 0;
  const char *state;

  switch (message->kind)
    {
    case KOH_MESSAGE_REVIEW:
      if (begun || peer->accept != NULL)
        return FALSE;
      peer->in_review = TRUE;
      koh_inquiry_say_peer (inquiry, peer, "review", koh_member_text (message->object, "message"));
      koh_inquiry_say_phase (inquiry, "review");
      return TRUE;
    case KOH_MESSAGE_ACCEPT:
      if (begun || peer->accept != NULL)
        return FALSE;
      peer->accept = json_node_copy (json_object_get_member (message->object, "accept"));
      koh_inquiry_say_peer (inquiry, peer, "accepted", "");
      return TRUE;
    case KOH_MESSAGE_DECLINE:
    case KOH_MESSAGE_STOPPED:
      note_refusal (inquiry, peer, message);
      return TRUE;
    case KOH_MESSAGE_STATE:
      state = koh_member_text (message->object, "state");
      if (!begun && strcmp (state, "checking") == 0)
        return TRUE;
      if (!begun || (strcmp (state, "input") != 0 && strcmp (state, "computing") != 0))
        return FALSE;
      koh_inquiry_say_peer (inquiry, peer, state, "");
      return TRUE;
    case KOH_MESSAGE_PROGRESS:
      if (!begun)
        return FALSE;
      note_progress (inquiry, peer, message);
      return TRUE;
    case KOH_MESSAGE_SHARES:
      return begun && peer->sealed == NULL && note_shares (inquiry, peer, message);
    case KOH_MESSAGE_PROPOSE:
    case KOH_MESSAGE_START:
    case KOH_MESSAGE_CONFIRM:
    case KOH_MESSAGE_READY:
    case KOH_MESSAGE_CANCEL:
      break;
    }
  return FALSE;
}

static void
note_letter (KohInquiry *inquiry, KohInquiryPeer *peer, KohLetter *letter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohMessage) message = NULL;

  if (letter->link != NULL)
    {
      peer->link = g_steal_pointer (&letter->link);
      return;
    }
  if (letter->why != NULL)
    {
      note_loss (inquiry, peer, letter->why);
      return;
    }
  message = koh_message_read (letter->message, &error);
  if (message != NULL && note_message (inquiry, peer, message))
    return;
  set_failure (peer,
               g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL, "%s said what does not belong here%s%s",
                            peer->name, error != NULL ? ": " : "", error != NULL ? error->message : ""),
               peer->name, TRUE, FALSE);
}

/* ---- Hearing ------------------------------------------------------------------------------- */

static gboolean
all_have (KohInquiry *inquiry, KohInquiryEnough enough)
{
  for (guint i = 0; i < inquiry->n_peers; i++)
    if (!enough (&inquiry->peers[i]))
      return FALSE;
  return TRUE;
}

static gboolean
all_have_failed (const KohInquiry *inquiry)
{
  for (guint i = 0; i < inquiry->n_peers; i++)
    if (inquiry->peers[i].why == NULL && inquiry->peers[i].sealed == NULL)
      return FALSE;
  return TRUE;
}

/* The first peer that is still waited for, and not in the hands of its data owner. */
static KohInquiryPeer *
find_silent (KohInquiry *inquiry, KohInquiryEnough enough)
{
  for (guint i = 0; i < inquiry->n_peers; i++)
    if (!enough (&inquiry->peers[i]) && (!inquiry->peers[i].in_review || inquiry->started != 0))
      return &inquiry->peers[i];
  return NULL;
}

static void
note_silence (KohInquiry *inquiry, KohInquiryPeer *peer)
{
  GError *why = inquiry->session == NULL
                    ? g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE,
                                   "%s does not answer; ask again when it is back", peer->name)
                    : g_error_new (KOH_ERROR, KOH_ERROR_STOPPED,
                                   "%s fell silent during the session; ask again", peer->name);

  koh_inquiry_say_peer (inquiry, peer, inquiry->session == NULL ? "offline" : "stopped", why->message);
  set_failure (peer, why, peer->name, TRUE, FALSE);
}

gboolean
koh_inquiry_hear (KohInquiry *inquiry, KohInquiryEnough enough, guint seconds, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  const KohInquiryPeer *cause = NULL;
  gint64 grace = G_MAXINT64;

  while (!all_have (inquiry, enough))
    {
      g_autoptr (KohLetter) letter = koh_inbox_take (inquiry->inbox, MIN (deadline, grace));

      if (letter != NULL && letter->from == KOH_FROM_USER)
        {
          g_propagate_error (error, g_steal_pointer (&letter->why));
          return FALSE;
        }
      if (letter != NULL)
        {
          note_letter (inquiry, &inquiry->peers[letter->from], letter);
          deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
        }
      else if (grace == G_MAXINT64)
        {
          KohInquiryPeer *silent = find_silent (inquiry, enough);

          if (silent != NULL)
            note_silence (inquiry, silent);
          else
            deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
        }
      cause = find_cause (inquiry);
      if (cause != NULL && grace == G_MAXINT64)
        grace = g_get_monotonic_time () + GRACE;
      if (cause != NULL &&
          (cause->first_hand || all_have_failed (inquiry) || g_get_monotonic_time () >= grace))
        {
          g_propagate_error (error, g_error_copy (cause->why));
          return FALSE;
        }
    }
  return TRUE;
}
