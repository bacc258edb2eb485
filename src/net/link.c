/* SPDX-License-Identifier: EUPL-1.2
 *
 * A link as others use it, from any thread: references, sending, receiving, closing. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/error.h"
#include "net/link-state.h"

static void
free_outgoing (gpointer data)
{
  Outgoing *out = data;

  if (out->waits)
    return; /* its sender's */
  g_bytes_unref (out->bytes);
  g_free (out);
}

static void
incoming_free (gpointer data)
{
  Incoming *in = data;

  g_bytes_unref (in->message);
  g_free (in);
}

void
koh_link_hold (KohLink *link)
{
  g_atomic_int_inc (&link->refs);
}

void
koh_link_release (KohLink *link)
{
  if (!g_atomic_int_dec_and_test (&link->refs))
    return;
  g_queue_clear_full (&link->urgent, free_outgoing);
  g_queue_clear_full (&link->messages, free_outgoing);
  g_queue_clear_full (&link->frames, (GDestroyNotify) g_bytes_unref);
  g_queue_clear_full (&link->arrived, incoming_free);
  g_ptr_array_unref (link->parts);
  g_clear_error (&link->why);
  koh_frame_cipher_free (link->seals);
  koh_frame_cipher_free (link->opens);
  koh_secret_free (link->master);
  pthread_cond_destroy (&link->changed);
  pthread_mutex_destroy (&link->lock);
  g_main_context_unref (link->context);
  g_free (link->me);
  g_free (link->peer);
  g_free (link->purpose);
  g_free (link);
}

KohLink *
koh_link_ref (KohLink *link)
{
  g_atomic_int_inc (&link->users);
  koh_link_hold (link);
  return link;
}

void
koh_link_unref (KohLink *link)
{
  if (g_atomic_int_dec_and_test (&link->users))
    koh_link_close (link, NULL);
  koh_link_release (link);
}

const char *
koh_link_get_peer (const KohLink *link)
{
  return link->peer;
}

const char *
koh_link_get_purpose (const KohLink *link)
{
  return link->purpose;
}

gboolean
koh_link_is_closed (KohLink *link)
{
  gboolean closed;

  pthread_mutex_lock (&link->lock);
  closed = link->why != NULL;
  pthread_mutex_unlock (&link->lock);
  return closed;
}

void
koh_link_close (KohLink *link, const GError *why)
{
  GError *reason = why != NULL ? g_error_copy (why)
                               : g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE,
                                              "The connection to %s was closed here", link->peer);

  pthread_mutex_lock (&link->lock);
  koh_link_close_with (link, reason, TRUE, TRUE);
  pthread_mutex_unlock (&link->lock);
}

void
koh_link_watch (KohLink *link, KohLinkReceived received, KohLinkClosed closed, gpointer user_data)
{
  link->received = received;
  link->closed = closed;
  link->user_data = user_data;
  pthread_mutex_lock (&link->lock);
  koh_link_schedule_turn (link);
  pthread_mutex_unlock (&link->lock);
}

/* The reason as who waits here gets it: a session that waits for a peer that is gone has stopped. */
static void
set_stopped (KohLink *link, GError **error)
{
  g_propagate_error (error, g_error_copy (link->why));
  if (error != NULL && g_error_matches (*error, KOH_ERROR, KOH_ERROR_UNREACHABLE))
    (*error)->code = KOH_ERROR_STOPPED;
}

/* FALSE when the deadline has passed. Without one it waits until something changes. */
static gboolean
wait_until (KohLink *link, const struct timespec *deadline)
{
  if (deadline == NULL)
    return pthread_cond_wait (&link->changed, &link->lock) == 0;
  return pthread_cond_timedwait (&link->changed, &link->lock, deadline) != ETIMEDOUT;
}

static struct timespec *
deadline_after (struct timespec *deadline, guint seconds)
{
  if (seconds == 0)
    return NULL;
  clock_gettime (CLOCK_MONOTONIC, deadline);
  deadline->tv_sec += seconds;
  return deadline;
}

/* Queues and leaves. */
static gboolean
send_without_waiting (KohLink *link, GBytes *message, GError **error)
{
  Outgoing *out = g_new0 (Outgoing, 1);

  out->bytes = g_bytes_ref (message);
  g_queue_push_tail (&link->messages, out);
  link->unsent += g_bytes_get_size (message);
  koh_link_pump (link);
  if (link->unsent <= KOH_CREDIT)
    return TRUE;
  koh_link_close_with (link,
                       g_error_new (KOH_ERROR, KOH_ERROR_STOPPED,
                                    "%s does not take what is sent to it: more than 8 MiB wait; "
                                    "try again when it is less busy",
                                    link->peer),
                       TRUE, TRUE);
  set_stopped (link, error);
  return FALSE;
}

static gboolean
send_and_wait (KohLink *link, GBytes *message, guint timeout_seconds, GError **error)
{
  Outgoing out = { .bytes = message, .waits = TRUE };
  struct timespec at, *deadline = deadline_after (&at, timeout_seconds);
  gboolean in_time = TRUE;

  g_queue_push_tail (&link->messages, &out);
  koh_link_pump (link);
  while (!out.done && link->why == NULL && in_time)
    {
      in_time = wait_until (link, deadline);
      koh_link_pump (link);
    }
  if (out.done)
    return TRUE;
  if (link->why == NULL)
    koh_link_close_with (link,
                         g_error_new (KOH_ERROR, KOH_ERROR_STOPPED,
                                      "%s has not taken what was sent to it for %u seconds; is it "
                                      "overloaded, or stopped?",
                                      link->peer, timeout_seconds),
                         TRUE, TRUE);
  g_queue_remove (&link->messages, &out);
  set_stopped (link, error);
  return FALSE;
}

gboolean
koh_link_send_within (KohLink *link, GBytes *message, guint timeout_seconds, GError **error)
{
  gboolean ok = FALSE;

  if (g_bytes_get_size (message) > KOH_MESSAGE_MOST)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                   "A message of %" G_GSIZE_FORMAT " bytes for %s is longer than the "
                   "64 MiB that a link carries",
                   g_bytes_get_size (message), link->peer);
      return FALSE;
    }
  pthread_mutex_lock (&link->lock);
  if (link->why != NULL)
    set_stopped (link, error);
  else if (g_main_context_is_owner (link->context))
    ok = send_without_waiting (link, message, error);
  else
    ok = send_and_wait (link, message, timeout_seconds, error);
  pthread_mutex_unlock (&link->lock);
  return ok;
}

gboolean
koh_link_send (KohLink *link, GBytes *message, GError **error)
{
  return koh_link_send_within (link, message, 0, error);
}

GBytes *
koh_link_recv (KohLink *link, guint timeout_seconds, GError **error)
{
  struct timespec at, *deadline = deadline_after (&at, timeout_seconds);
  GBytes *message = NULL;
  gboolean in_time = TRUE;

  pthread_mutex_lock (&link->lock);
  while (g_queue_is_empty (&link->arrived) && link->why == NULL && in_time)
    in_time = wait_until (link, deadline);
  if (!g_queue_is_empty (&link->arrived) && !(link->why != NULL && link->closed_here))
    message = koh_link_take_message (link);
  else if (link->why != NULL)
    set_stopped (link, error);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED,
                 "%s has sent nothing for %u seconds; is it overloaded, or stopped?", link->peer,
                 timeout_seconds);
  pthread_mutex_unlock (&link->lock);
  return message;
}

void
koh_link_derive_key (KohLink *link, const char *label, const KohHash *session, guint8 key[32])
{
  KohHasher hasher;
  KohHash hash;

  koh_hasher_init (&hasher, "kohorte/link-key/1");
  koh_hasher_add (&hasher, link->master, 32);
  koh_hasher_string (&hasher, label);
  koh_hasher_hash (&hasher, session);
  hash = koh_hasher_end (&hasher);
  memcpy (key, hash.bytes, 32);
  koh_wipe (hash.bytes);
  sodium_memzero (&hasher, sizeof hasher);
}
