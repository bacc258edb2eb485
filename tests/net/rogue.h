/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant that does not keep to the protocol: it dials a node over a plain WebSocket and sends what the
 * test wants, byte by byte. It lives in a main context that only turns while the test waits for it, so when
 * nobody waits it is as dead as a machine that hangs. */
#pragma once

#include "net/keys.h"
#include "network.h"

typedef struct
{
  GMainContext *context;
  SoupSession *session;
  SoupWebsocketConnection *socket;
  gboolean done, closed;
  GQueue messages; /* of GBytes */
  KohNoise *noise;
  KohFrameCipher *seals, *opens;
} Rogue;

static inline void
rogue_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Rogue *rogue = user_data;

  rogue->socket = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  rogue->done = TRUE;
}

static inline void
rogue_message_cb (SoupWebsocketConnection *socket, gint type, GBytes *message, gpointer user_data)
{
  Rogue *rogue = user_data;

  g_queue_push_tail (&rogue->messages, g_bytes_ref (message));
}

static inline void
rogue_closed_cb (SoupWebsocketConnection *socket, gpointer user_data)
{
  Rogue *rogue = user_data;

  rogue->closed = TRUE;
}

static inline Rogue *
rogue_new (guint16 port)
{
  Rogue *rogue = g_new0 (Rogue, 1);
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u" KOH_PATH, port);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);

  rogue->context = g_main_context_new ();
  g_main_context_push_thread_default (rogue->context);
  rogue->session = soup_session_new ();
  soup_session_set_proxy_resolver (rogue->session, NULL);
  soup_session_remove_feature_by_type (rogue->session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  soup_session_websocket_connect_async (rogue->session, message, NULL, NULL, 0, NULL, rogue_connected_cb, rogue);
  while (!rogue->done)
    g_main_context_iteration (rogue->context, TRUE);
  g_assert_nonnull (rogue->socket);
  soup_websocket_connection_set_max_incoming_payload_size (rogue->socket, 16 << 20);
  g_signal_connect (rogue->socket, "message", G_CALLBACK (rogue_message_cb), rogue);
  g_signal_connect (rogue->socket, "closed", G_CALLBACK (rogue_closed_cb), rogue);
  return rogue;
}

static inline void
rogue_free (Rogue *rogue)
{
  g_signal_handlers_disconnect_by_data (rogue->socket, rogue);
  g_clear_object (&rogue->socket);
  g_clear_object (&rogue->session);
  while (g_main_context_iteration (rogue->context, FALSE))
    ;
  g_main_context_pop_thread_default (rogue->context);
  g_main_context_unref (rogue->context);
  g_queue_clear_full (&rogue->messages, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&rogue->noise, koh_noise_free);
  g_clear_pointer (&rogue->seals, koh_frame_cipher_free);
  g_clear_pointer (&rogue->opens, koh_frame_cipher_free);
  g_free (rogue);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rogue, rogue_free)

static inline void
rogue_send (Rogue *rogue, GBytes *message)
{
  if (soup_websocket_connection_get_state (rogue->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_message (rogue->socket, SOUP_WEBSOCKET_DATA_BINARY, message);
}

/* Turns the context until a message is there or the connection is closed; NULL when it is. */
static inline GBytes *
rogue_next (Rogue *rogue)
{
  gint64 start = g_get_monotonic_time ();

  while (g_queue_is_empty (&rogue->messages) && !rogue->closed)
    {
      if (!g_main_context_iteration (rogue->context, FALSE))
        g_usleep (200);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
    }
  return g_queue_pop_head (&rogue->messages);
}

/* Turns the context for so long. */
static inline void
rogue_turn (Rogue *rogue, guint ms)
{
  gint64 start = g_get_monotonic_time ();

  while (g_get_monotonic_time () - start < (gint64) ms * 1000)
    if (!g_main_context_iteration (rogue->context, FALSE))
      g_usleep (200);
}

/* The first message that member @from would send to member @to, as @hello says. */
static inline GBytes *
first_message (Network *network, const KohHello *hello, const KohIdentity *from, const KohIdentity *to,
               KohNoise **noise)
{
  g_autoptr (GBytes) cleartext = koh_hello_write (hello);
  g_autoptr (GBytes) prologue = koh_hello_prologue (g_bytes_get_data (cleartext, NULL), g_bytes_get_size (cleartext));
  g_autoptr (GBytes) first = NULL;

  *noise = koh_noise_new (KOH_NOISE_KK, TRUE, koh_identity_box_secret (from), koh_identity_card (to)->box_key, NULL,
                          g_bytes_get_data (prologue, NULL), g_bytes_get_size (prologue));
  first = koh_noise_write (*noise, NULL, 0, NULL);
  return koh_hello_join (cleartext, first);
}

static inline KohHello
honest_hello (Network *network, guint from, guint to)
{
  return (KohHello) { .version = KOH_WIRE_VERSION, .roster = network->federation->roster->hash, .epoch = 1,
                      .from = (char *) member_names[from], .to = (char *) member_names[to],
                      .purpose = (char *) "control" };
}

/* Reads the welcome and takes the keys. FALSE on a refusal or a closed connection. */
static inline gboolean
rogue_finish (Rogue *rogue, const char *from, const char *to)
{
  g_autoptr (GBytes) message = rogue_next (rogue);
  g_autoptr (GBytes) second = message != NULL ? koh_welcome_read (message, to, 1, NULL) : NULL;
  g_autoptr (GBytes) payload = NULL;
  guint8 forth[32], back[32], session[32];

  if (second == NULL)
    return FALSE;
  payload = koh_noise_read (rogue->noise, g_bytes_get_data (second, NULL), g_bytes_get_size (second), NULL);
  g_assert_nonnull (payload);
  koh_noise_split (rogue->noise, forth, back);
  koh_noise_hash (rogue->noise, session);
  rogue->seals = koh_frame_cipher_new (forth, session, from, to);
  rogue->opens = koh_frame_cipher_new (back, session, to, from);
  return TRUE;
}

static inline GBytes *
rogue_seal (Rogue *rogue, KohFrameKind kind, const void *payload, gsize size)
{
  return koh_frame_seal (rogue->seals, kind, payload, size);
}

static inline void
rogue_send_frame (Rogue *rogue, KohFrameKind kind, const void *payload, gsize size)
{
  g_autoptr (GBytes) frame = rogue_seal (rogue, kind, payload, size);

  rogue_send (rogue, frame);
}

/* An authenticated connection from the asker; the far end in @far. */
static inline Rogue *
rogue_linked (Network *network, guint to, KohLink **far)
{
  Rogue *rogue = rogue_new (network->ports[to]);
  KohHello hello = honest_hello (network, ASKER, to);
  g_autoptr (GBytes) first = first_message (network, &hello, network->federation->members[ASKER],
                                            network->federation->members[to], &rogue->noise);

  rogue_send (rogue, first);
  g_assert_true (rogue_finish (rogue, hello.from, hello.to));
  rogue_send_frame (rogue, KOH_FRAME_READY, NULL, 0);
  while ((*far = g_async_queue_try_pop (network->incoming[to])) == NULL)
    rogue_turn (rogue, 1);
  return rogue;
}
