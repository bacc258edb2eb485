/* SPDX-License-Identifier: EUPL-1.2
 *
 * The part of a link that lives in the main context: its WebSocket, the frames that come from it, the turns
 * that send and deliver, and the end of the connection. */
#include <string.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "net/link-state.h"

#define PING_SECONDS 20

/* Bytes between two whole frames: the longest frame, what TLS adds and what it reads ahead. */
#define METER_MOST (2u << 20)

/* Something is wrong with what came: the link ends, and the other side learns why. Takes @error. */
static void
fail (KohLink *link, GError *error)
{
  g_prefix_error (&error, "Connection with %s: ", link->peer);
  pthread_mutex_lock (&link->lock);
  koh_link_close_with (link, error, TRUE, TRUE);
  pthread_mutex_unlock (&link->lock);
}

static void
fail_protocol (KohLink *link, const char *what)
{
  fail (link,
        g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL, "%s; update the older of the two participants", what));
}

static void
take_credit (KohLink *link, GBytes *payload)
{
  KohReader reader;
  guint32 amount;
  gboolean ok;

  koh_reader_init_bytes (&reader, payload);
  amount = koh_reader_u32 (&reader);
  pthread_mutex_lock (&link->lock);
  ok = koh_reader_end (&reader) && amount > 0 &&
       koh_check ("link-credit", amount <= KOH_CREDIT - link->credit);
  if (ok)
    {
      Outgoing *head = g_queue_peek_head (&link->messages);

      link->credit += amount;
      if (head != NULL && head->waits)
        pthread_cond_broadcast (&link->changed); /* its worker encrypts, so that we need not */
      else
        koh_link_pump (link);
    }
  pthread_mutex_unlock (&link->lock);
  if (!ok)
    fail_protocol (link, "It gave no credit, or more than the window has (check link-credit)");
}

static void
take_frame (KohLink *link, KohFrameKind kind, GBytes *payload)
{
  const char *wrong = NULL;
  GError *why;

  switch (kind)
    {
    case KOH_FRAME_READY:
      if (link->is_ready || g_bytes_get_size (payload) > 0)
        {
          fail_protocol (link, "It said ready out of turn");
          return;
        }
      link->is_ready = TRUE;
      if (link->on_ready != NULL)
        link->on_ready (link, link->event_data);
      break;
    case KOH_FRAME_DATA:
    case KOH_FRAME_DATA_LAST:
      pthread_mutex_lock (&link->lock);
      if (link->why == NULL)
        wrong = koh_link_take_data (link, payload, kind == KOH_FRAME_DATA_LAST);
      pthread_mutex_unlock (&link->lock);
      if (wrong != NULL)
        fail_protocol (link, wrong);
      break;
    case KOH_FRAME_CREDIT:
      take_credit (link, payload);
      break;
    case KOH_FRAME_CLOSE:
      why = koh_close_read (payload, link->peer);
      pthread_mutex_lock (&link->lock);
      koh_link_close_with (link, why, FALSE, FALSE);
      pthread_mutex_unlock (&link->lock);
      break;
    }
}

void
koh_link_flush (KohLink *link)
{
  GQueue frames;
  gboolean finished;
  GBytes *frame;

  pthread_mutex_lock (&link->lock);
  frames = link->frames;
  g_queue_init (&link->frames);
  finished = link->why != NULL && !link->sealing && g_queue_is_empty (&link->urgent);
  pthread_mutex_unlock (&link->lock);
  while ((frame = g_queue_pop_head (&frames)) != NULL)
    {
      if (link->socket != NULL &&
          soup_websocket_connection_get_state (link->socket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_send_message (link->socket, SOUP_WEBSOCKET_DATA_BINARY, frame);
      g_bytes_unref (frame);
    }
  if (finished && !link->closing && link->socket != NULL)
    {
      link->closing = TRUE;
      if (soup_websocket_connection_get_state (link->socket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (link->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
    }
}

/* Whether anybody is left who could want a callback. */
static gboolean
is_used (KohLink *link)
{
  return g_atomic_int_get (&link->users) > 0;
}

/* Hands what has arrived to the callbacks, and the end after it. Either callback may do anything to the link.
 */
static void
deliver (KohLink *link)
{
  while (link->received != NULL && is_used (link))
    {
      g_autoptr (GBytes) message = NULL;

      pthread_mutex_lock (&link->lock);
      if (!g_queue_is_empty (&link->arrived) && !(link->why != NULL && link->closed_here))
        message = koh_link_take_message (link);
      pthread_mutex_unlock (&link->lock);
      if (message == NULL)
        break;
      link->received (link, message, link->user_data);
    }
  if (link->closed != NULL && !link->told && is_used (link))
    {
      g_autoptr (GError) why = NULL;

      pthread_mutex_lock (&link->lock);
      if (link->why != NULL &&
          (link->closed_here || link->received == NULL || g_queue_is_empty (&link->arrived)))
        why = g_error_copy (link->why);
      pthread_mutex_unlock (&link->lock);
      if (why == NULL)
        return;
      link->told = TRUE;
      link->closed (link, why, link->user_data);
    }
}

static void
turn (KohLink *link)
{
  koh_link_hold (link);
  koh_link_flush (link);
  deliver (link);
  koh_link_release (link);
}

gboolean
koh_link_turn_cb (gpointer data)
{
  KohLink *link = data;

  pthread_mutex_lock (&link->lock);
  link->turn_pending = FALSE;
  pthread_mutex_unlock (&link->lock);
  turn (link);
  return G_SOURCE_REMOVE;
}

static void
message_cb (SoupWebsocketConnection *socket, gint type, GBytes *message, gpointer user_data)
{
  KohLink *link = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) payload = NULL;
  KohFrameKind kind;

  if (koh_link_is_closed (link))
    return;
  link->heard = g_get_monotonic_time ();
  koh_link_hold (link);
  link->in_socket++;
  if (type == SOUP_WEBSOCKET_DATA_BINARY)
    payload = koh_frame_open (link->opens, message, &kind, &error);
  if (payload != NULL && !link->is_ready && kind != KOH_FRAME_READY)
    g_clear_pointer (&payload, g_bytes_unref);
  if (payload != NULL && link->meter != NULL)
    koh_meter_allow (link->meter, METER_MOST);
  if (payload != NULL)
    take_frame (link, kind, payload);
  else if (error != NULL)
    fail (link, g_steal_pointer (&error));
  else
    fail_protocol (link, "It sent what is no frame");
  deliver (link);
  link->in_socket--;
  koh_link_release (link);
}

static void
pong_cb (SoupWebsocketConnection *socket, GBytes *message, gpointer user_data)
{
  KohLink *link = user_data;

  link->heard = g_get_monotonic_time ();
}

static void
closed_cb (SoupWebsocketConnection *socket, gpointer user_data)
{
  KohLink *link = user_data;

  koh_link_hold (link);
  link->in_socket++;
  koh_link_drop (link);
  link->in_socket--;
  koh_link_release (link);
}

static gboolean
watchdog_cb (gpointer data)
{
  KohLink *link = data;
  GError *why;

  if (g_get_monotonic_time () - link->heard < (gint64) link->silence_ms * 1000)
    return G_SOURCE_CONTINUE;
  why = g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE,
                     "%s has not been heard for %u seconds; check the network between "
                     "here and there",
                     link->peer, MAX (link->silence_ms / 1000, 1));
  pthread_mutex_lock (&link->lock);
  koh_link_close_with (link, why, TRUE, FALSE);
  pthread_mutex_unlock (&link->lock);
  koh_link_drop (link);
  return G_SOURCE_REMOVE;
}

static gboolean
unref_socket_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void
koh_link_drop (KohLink *link)
{
  SoupWebsocketConnection *socket = g_steal_pointer (&link->socket);
  GError *why;

  if (socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (socket, link);
  g_source_destroy (link->watchdog);
  g_clear_pointer (&link->watchdog, g_source_unref);
  why = g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "%s closed the connection", link->peer);
  pthread_mutex_lock (&link->lock);
  koh_link_close_with (link, why, FALSE, FALSE);
  koh_link_schedule_turn (link);
  pthread_mutex_unlock (&link->lock);
  g_clear_object (&link->meter);
  if (link->on_gone != NULL)
    link->on_gone (link, link->event_data);
  if (link->in_socket == 0)
    g_object_unref (socket);
  else
    {
      /* The socket is calling us at this moment, and does not hold itself. */
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, unref_socket_cb, socket, g_object_unref);
      g_source_attach (source, link->context);
    }
  koh_link_release (link);
}

/* ---- Making ---- */

void
koh_link_prepare_socket (SoupWebsocketConnection *socket)
{
  soup_websocket_connection_set_max_incoming_payload_size (socket, KOH_WIRE_MOST);
}

static void
init_lock (KohLink *link)
{
  pthread_condattr_t attributes;

  pthread_mutex_init (&link->lock, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&link->changed, &attributes);
  pthread_condattr_destroy (&attributes);
}

static void
init_keys (KohLink *link, KohNoise *noise, gboolean initiator)
{
  guint8 forth[32], back[32], session[32];

  koh_noise_split (noise, forth, back);
  koh_noise_hash (noise, session);
  link->master = koh_secret_new (32);
  koh_noise_export (noise, "link", link->master);
  link->seals = koh_frame_cipher_new (initiator ? forth : back, session, link->me, link->peer);
  link->opens = koh_frame_cipher_new (initiator ? back : forth, session, link->peer, link->me);
  koh_wipe (forth);
  koh_wipe (back);
}

KohLink *
koh_link_new (SoupWebsocketConnection *socket, const char *me, const char *peer, const char *purpose,
              KohNoise *noise, gboolean initiator, guint silence_ms)
{
  KohLink *link = g_new0 (KohLink, 1);

  link->users = 1;
  link->refs = 2; /* one is the socket's */
  link->me = g_strdup (me);
  link->peer = g_strdup (peer);
  link->purpose = g_strdup (purpose);
  link->context = g_main_context_ref_thread_default ();
  link->credit = KOH_CREDIT;
  link->window = KOH_CREDIT;
  link->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  link->is_ready = initiator;
  link->heard = g_get_monotonic_time ();
  link->silence_ms = silence_ms;
  init_lock (link);
  init_keys (link, noise, initiator);

  link->socket = g_object_ref (socket);
  soup_websocket_connection_set_keepalive_interval (socket, MAX (MIN (PING_SECONDS, silence_ms / 3000), 1));
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), link);
  g_signal_connect (socket, "pong", G_CALLBACK (pong_cb), link);
  g_signal_connect (socket, "closed", G_CALLBACK (closed_cb), link);
  link->watchdog = g_timeout_source_new (MAX (silence_ms / 6, 10));
  g_source_set_callback (link->watchdog, watchdog_cb, link, NULL);
  g_source_attach (link->watchdog, link->context);
  if (initiator)
    {
      pthread_mutex_lock (&link->lock);
      koh_link_push_urgent (link, KOH_FRAME_READY, g_bytes_new (NULL, 0));
      koh_link_pump (link);
      pthread_mutex_unlock (&link->lock);
    }
  return link;
}

void
koh_link_set_meter (KohLink *link, KohMeter *meter)
{
  g_set_object (&link->meter, meter);
}

void
koh_link_on_event (KohLink *link, KohLinkEvent ready, KohLinkEvent gone, gpointer user_data)
{
  link->on_ready = ready;
  link->on_gone = gone;
  link->event_data = user_data;
}
