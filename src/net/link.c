/* SPDX-License-Identifier: EUPL-1.2
 *
 * A link: frames of one connection, between the main context, where the WebSocket lives, and whoever sends
 * and receives.
 *
 * Sending: messages wait in a queue; whoever has time (the sender, or the main context) cuts the first into
 * frames as long as there is credit, encrypts them outside the lock, one thread at a time, and puts them in
 * the queue of frames. One pending "turn" of the main context gives all of that queue to the WebSocket.
 * Receiving: the main context decrypts, joins, and queues messages; a worker takes them, or a turn hands
 * them to the callback. Either way what was taken is given back to the sender as credit.
 *
 * A message may be longer than the window. So the parts of the message that would be the next to be taken
 * give their credit back at once; behind a waiting message they do not. What one peer can make us hold is
 * therefore one message (64 MiB) and one window (8 MiB). */
#include "net/link-inside.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"

#define CREDIT_STEP (KOH_CREDIT / 4)
#define PING_SECONDS 20

typedef struct
{
  KohFrameKind kind;
  GBytes *bytes;
  gsize at;          /* so much is in frames */
  gboolean waits;    /* a worker waits for it, and owns it */
  gboolean done;
} Outgoing;

typedef struct
{
  GBytes *message;
  guint held;        /* credit to give back when it is taken */
} Incoming;

struct _KohLink
{
  gint users;        /* references that others hold */
  gint refs;         /* and ours: the socket's, pending sources' */
  char *me, *peer, *purpose;
  GMainContext *context;
  KohSecret *master; /* what koh_link_derive_key() derives from */

  /* Main context only. */
  SoupWebsocketConnection *socket;
  guint in_socket;   /* callbacks of the socket that we are inside of */
  KohFrameCipher *opens;
  GSource *watchdog;
  gint64 heard;      /* monotonic time */
  guint silence_ms;
  gboolean is_ready; /* the other side's first frame has come, or we are the dialler */
  gboolean closing;  /* the WebSocket was told to close */
  gboolean told;     /* the closed callback was called */
  KohLinkReceived received;
  KohLinkClosed closed;
  gpointer user_data;
  KohLinkEvent on_ready, on_gone;
  gpointer event_data;

  /* Under the lock. */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  GError *why;             /* set once: the link is closed */
  gboolean closed_here;
  gboolean turn_pending;
  gboolean sealing;        /* one thread is encrypting */
  KohFrameCipher *seals;   /* used by that thread */
  GQueue urgent;           /* of Outgoing: ready, credit, close; they need no credit */
  GQueue messages;         /* of Outgoing */
  gsize unsent;            /* bytes in messages that nobody waits for */
  GQueue frames;           /* of GBytes, encrypted */
  guint credit;            /* so much the other side lets us send */
  GQueue arrived;          /* of Incoming */
  GPtrArray *parts;        /* of GBytes: of the message that is arriving */
  gsize parts_size;
  guint parts_held;
  guint window;            /* so much we let the other side send */
  guint returnable;        /* taken, and not yet given back */
};

static gboolean turn_cb (gpointer data);

/* ---- References ---- */

static void
outgoing_free (gpointer data)
{
  Outgoing *out = data;

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

static void
unref_inside (KohLink *link)
{
  if (!g_atomic_int_dec_and_test (&link->refs))
    return;
  g_queue_clear_full (&link->urgent, outgoing_free);
  g_queue_clear_full (&link->messages, outgoing_free);
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
  g_atomic_int_inc (&link->refs);
  return link;
}

void
koh_link_unref (KohLink *link)
{
  if (g_atomic_int_dec_and_test (&link->users))
    koh_link_close (link, NULL);
  unref_inside (link);
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

/* ---- Under the lock: sending ---- */

static void
schedule_turn (KohLink *link)
{
  g_autoptr (GSource) source = NULL;

  if (link->turn_pending)
    return;
  link->turn_pending = TRUE;
  g_atomic_int_inc (&link->refs);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, turn_cb, link, (GDestroyNotify) unref_inside);
  g_source_attach (source, link->context);
}

static void
push_urgent (KohLink *link, KohFrameKind kind, GBytes *payload)
{
  Outgoing *out = g_new0 (Outgoing, 1);

  out->kind = kind;
  out->bytes = payload;
  g_queue_push_tail (&link->urgent, out);
}

/* Encrypts a part of @bytes with the lock let go, since that takes longest of all. */
static void
seal (KohLink *link, KohFrameKind kind, GBytes *bytes, gsize at, gsize size)
{
  g_autoptr (GBytes) whole = g_bytes_ref (bytes);
  GBytes *frame;

  pthread_mutex_unlock (&link->lock);
  frame = koh_frame_seal (link->seals, kind, (const guint8 *) g_bytes_get_data (whole, NULL) + at, size);
  pthread_mutex_lock (&link->lock);
  g_queue_push_tail (&link->frames, frame);
  schedule_turn (link);
}

/* Puts the next part of the first message into a frame. FALSE where credit does not allow it. The message is
 * advanced first: its owner may give it up while the lock is let go. */
static gboolean
cut_message (KohLink *link)
{
  Outgoing *out = g_queue_peek_head (&link->messages);
  gsize whole = g_bytes_get_size (out->bytes), at = out->at, size = MIN (whole - at, KOH_FRAME_CUT);
  g_autoptr (GBytes) bytes = g_bytes_ref (out->bytes);
  gboolean last = at + size == whole;

  if (link->credit < size + KOH_FRAME_COST)
    return FALSE;
  link->credit -= (guint) size + KOH_FRAME_COST;
  out->at += size;
  if (!out->waits)
    link->unsent -= size;
  if (last)
    {
      g_queue_pop_head (&link->messages);
      out->done = TRUE;
      if (!out->waits)
        outgoing_free (out);
    }
  seal (link, last ? KOH_FRAME_DATA_LAST : KOH_FRAME_DATA, bytes, at, size);
  if (last)
    pthread_cond_broadcast (&link->changed);
  return TRUE;
}

/* Encrypts all that may be sent now, unless another thread is at it; that one then finds the rest too. */
static void
pump (KohLink *link)
{
  gboolean more = TRUE;

  if (link->sealing)
    return;
  link->sealing = TRUE;
  while (more)
    {
      Outgoing *out = g_queue_pop_head (&link->urgent);

      if (out != NULL)
        {
          seal (link, out->kind, out->bytes, 0, g_bytes_get_size (out->bytes));
          outgoing_free (out);
        }
      else
        more = link->why == NULL && !g_queue_is_empty (&link->messages) && cut_message (link);
    }
  link->sealing = FALSE;
  schedule_turn (link);
}

/* ---- Under the lock: receiving ---- */

static void
give_back (KohLink *link, guint amount)
{
  link->returnable += amount;
  if (g_queue_is_empty (&link->arrived))
    {
      link->returnable += link->parts_held;
      link->parts_held = 0;
    }
  if (link->returnable >= CREDIT_STEP && link->why == NULL)
    {
      KohWriter writer;

      koh_writer_init (&writer);
      koh_writer_u32 (&writer, link->returnable);
      link->window += link->returnable;
      link->returnable = 0;
      push_urgent (link, KOH_FRAME_CREDIT, koh_writer_end (&writer));
      pump (link);
    }
}

static GBytes *
take_message (KohLink *link)
{
  Incoming *in = g_queue_pop_head (&link->arrived);
  GBytes *message = g_steal_pointer (&in->message);

  give_back (link, in->held);
  g_free (in);
  return message;
}

/* ---- Closing ---- */

/* Takes @why. Only the first reason counts. */
static void
close_with (KohLink *link, GError *why, gboolean here, gboolean tell)
{
  if (link->why != NULL)
    {
      g_error_free (why);
      return;
    }
  link->why = why;
  link->closed_here = here;
  if (tell)
    push_urgent (link, KOH_FRAME_CLOSE,
                 koh_close_write (g_error_matches (why, KOH_ERROR, KOH_ERROR_UNREACHABLE) ? NULL : why));
  pthread_cond_broadcast (&link->changed);
  pump (link);
}

void
koh_link_close (KohLink *link, const GError *why)
{
  GError *reason = why != NULL ? g_error_copy (why)
                               : g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "The connection to %s was closed here",
                                              link->peer);

  pthread_mutex_lock (&link->lock);
  close_with (link, reason, TRUE, TRUE);
  pthread_mutex_unlock (&link->lock);
}

/* Something is wrong with what came: the link ends, and the other side learns why. Takes @error. */
static void
fail (KohLink *link, GError *error)
{
  g_prefix_error (&error, "Connection with %s: ", link->peer);
  pthread_mutex_lock (&link->lock);
  close_with (link, error, TRUE, TRUE);
  pthread_mutex_unlock (&link->lock);
}

static void
fail_protocol (KohLink *link, const char *what)
{
  fail (link, g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL, "%s; update the older of the two participants", what));
}

/* ---- Main context: what arrives ---- */

static void
take_credit (KohLink *link, GBytes *payload)
{
  KohReader reader;
  guint32 amount;
  gboolean ok;

  koh_reader_init_bytes (&reader, payload);
  amount = koh_reader_u32 (&reader);
  pthread_mutex_lock (&link->lock);
  ok = koh_reader_end (&reader) && koh_check ("link-credit", amount <= KOH_CREDIT - link->credit);
  if (ok)
    {
      Outgoing *head = g_queue_peek_head (&link->messages);

      link->credit += amount;
      if (head != NULL && head->waits)
        pthread_cond_broadcast (&link->changed); /* its worker encrypts, so that we need not */
      else
        pump (link);
    }
  pthread_mutex_unlock (&link->lock);
  if (!ok)
    fail_protocol (link, "It gave more credit than the window has (check link-credit)");
}

/* The parts as one message. */
static GBytes *
join_parts (GPtrArray *parts, gsize size)
{
  guint8 *whole;
  gsize at = 0;

  if (parts->len == 1)
    return g_bytes_ref (parts->pdata[0]);
  whole = g_malloc (size + 1);
  for (guint i = 0; i < parts->len; i++)
    {
      gsize n;
      const void *part = g_bytes_get_data (parts->pdata[i], &n);

      if (n > 0)
        memcpy (whole + at, part, n);
      at += n;
    }
  return g_bytes_new_take (whole, size);
}

/* NULL, or what is wrong with it. */
static const char *
take_data (KohLink *link, GBytes *payload, gboolean last)
{
  gsize size = g_bytes_get_size (payload);
  guint cost = (guint) size + KOH_FRAME_COST;

  if (!koh_check ("link-window", cost <= link->window))
    return "It sent more than it had credit for (check link-window)";
  if (!koh_check ("message-size", link->parts_size + size <= KOH_MESSAGE_MOST))
    return "It sent a message of more than 64 MiB (check message-size)";
  if (size == 0 && !last)
    return "It sent a part of a message that is empty";
  link->window -= cost;
  link->parts_held += cost;
  link->parts_size += size;
  g_ptr_array_add (link->parts, g_bytes_ref (payload));
  if (last)
    {
      Incoming *in = g_new (Incoming, 1);

      in->message = join_parts (link->parts, link->parts_size);
      in->held = link->parts_held;
      g_ptr_array_set_size (link->parts, 0);
      link->parts_size = 0;
      link->parts_held = 0;
      g_queue_push_tail (&link->arrived, in);
      pthread_cond_broadcast (&link->changed);
    }
  else
    give_back (link, 0);
  return NULL;
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
        wrong = take_data (link, payload, kind == KOH_FRAME_DATA_LAST);
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
      close_with (link, why, FALSE, FALSE);
      pthread_mutex_unlock (&link->lock);
      break;
    }
}

/* Gives encrypted frames to the WebSocket, and closes it after the last. */
static void
flush (KohLink *link)
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
      if (link->socket != NULL && soup_websocket_connection_get_state (link->socket) == SOUP_WEBSOCKET_STATE_OPEN)
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

/* Hands what has arrived to the callbacks, and the end after it. Either callback may do anything to the link. */
static void
deliver (KohLink *link)
{
  while (link->received != NULL && is_used (link))
    {
      g_autoptr (GBytes) message = NULL;

      pthread_mutex_lock (&link->lock);
      if (!g_queue_is_empty (&link->arrived) && !(link->why != NULL && link->closed_here))
        message = take_message (link);
      pthread_mutex_unlock (&link->lock);
      if (message == NULL)
        break;
      link->received (link, message, link->user_data);
    }
  if (link->closed != NULL && !link->told && is_used (link))
    {
      g_autoptr (GError) why = NULL;

      pthread_mutex_lock (&link->lock);
      if (link->why != NULL && (link->closed_here || link->received == NULL || g_queue_is_empty (&link->arrived)))
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
  g_atomic_int_inc (&link->refs);
  flush (link);
  deliver (link);
  unref_inside (link);
}

static gboolean
turn_cb (gpointer data)
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
  g_atomic_int_inc (&link->refs);
  link->in_socket++;
  if (type == SOUP_WEBSOCKET_DATA_BINARY)
    payload = koh_frame_open (link->opens, message, &kind, &error);
  if (payload != NULL && !link->is_ready && kind != KOH_FRAME_READY)
    g_clear_pointer (&payload, g_bytes_unref);
  if (payload != NULL)
    take_frame (link, kind, payload);
  else if (error != NULL)
    fail (link, g_steal_pointer (&error));
  else
    fail_protocol (link, "It sent what is no frame");
  deliver (link);
  link->in_socket--;
  unref_inside (link);
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

  g_atomic_int_inc (&link->refs);
  link->in_socket++;
  koh_link_drop (link);
  link->in_socket--;
  unref_inside (link);
}

static gboolean
watchdog_cb (gpointer data)
{
  KohLink *link = data;
  GError *why;

  if (g_get_monotonic_time () - link->heard < (gint64) link->silence_ms * 1000)
    return G_SOURCE_CONTINUE;
  why = g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "%s has not been heard for %u seconds; check the network between "
                     "here and there", link->peer, MAX (link->silence_ms / 1000, 1));
  pthread_mutex_lock (&link->lock);
  close_with (link, why, TRUE, FALSE);
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
  close_with (link, why, FALSE, FALSE);
  schedule_turn (link);
  pthread_mutex_unlock (&link->lock);
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
  unref_inside (link);
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
koh_link_new (SoupWebsocketConnection *socket, const char *me, const char *peer, const char *purpose, KohNoise *noise,
              gboolean initiator, guint silence_ms)
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
      push_urgent (link, KOH_FRAME_READY, g_bytes_new (NULL, 0));
      pump (link);
      pthread_mutex_unlock (&link->lock);
    }
  return link;
}

void
koh_link_on_event (KohLink *link, KohLinkEvent ready, KohLinkEvent gone, gpointer user_data)
{
  link->on_ready = ready;
  link->on_gone = gone;
  link->event_data = user_data;
}

/* ---- For those who use it ---- */

void
koh_link_watch (KohLink *link, KohLinkReceived received, KohLinkClosed closed, gpointer user_data)
{
  link->received = received;
  link->closed = closed;
  link->user_data = user_data;
  pthread_mutex_lock (&link->lock);
  schedule_turn (link);
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
  pump (link);
  if (link->unsent <= KOH_CREDIT)
    return TRUE;
  close_with (link, g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s does not take what is sent to it: more than 8 MiB wait; "
                                 "try again when it is less busy", link->peer), TRUE, TRUE);
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
  pump (link);
  while (!out.done && link->why == NULL && in_time)
    {
      in_time = wait_until (link, deadline);
      pump (link);
    }
  if (out.done)
    return TRUE;
  if (link->why == NULL)
    close_with (link, g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has not taken what was sent to it for %u seconds; is it "
                                   "overloaded, or stopped?", link->peer, timeout_seconds), TRUE, TRUE);
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
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "A message of %" G_GSIZE_FORMAT " bytes for %s is longer than the "
                   "64 MiB that a link carries", g_bytes_get_size (message), link->peer);
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
    message = take_message (link);
  else if (link->why != NULL)
    set_stopped (link, error);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED, "%s has sent nothing for %u seconds; is it overloaded, or stopped?",
                 link->peer, timeout_seconds);
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
