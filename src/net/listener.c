/* SPDX-License-Identifier: EUPL-1.2
 *
 * The listener: from a TCP connection to a link.
 *
 * Connections are accepted here and not by libsoup, so that their number is limited and each has to become
 * a link in time, whatever it does instead: nothing, half a TLS handshake, or bytes without end. Whoever
 * connects is nobody until the inner handshake has succeeded. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "net/keys.h"
#include "net/meter.h"
#include "net/node-inside.h"

/* Bytes that a stranger may send in all: a TLS handshake, a request, a first message. */
#define STRANGER_MOST (64u << 10)

/* A connection that is open. It is freed when the connection object is, whoever holds that. */
typedef struct
{
  KohNode *node;             /* NULL when the node is gone */
  GSocketConnection *stream; /* not a reference */
  KohMeter *meter;           /* over it */
  GSocketAddress *remote;    /* libsoup hands it back, so it leads from a message to here */
  GCancellable *cancellable; /* of the TLS handshake */
  GSource *deadline;         /* until it is a link */
  SoupWebsocketConnection *socket;
  KohLink *link; /* until it is ready */
} Arrival;

static void
stop_deadline (Arrival *arrival)
{
  if (arrival->deadline != NULL)
    g_source_destroy (arrival->deadline);
  g_clear_pointer (&arrival->deadline, g_source_unref);
}

static void
forget_socket (Arrival *arrival)
{
  if (arrival->socket != NULL)
    g_signal_handlers_disconnect_by_data (arrival->socket, arrival);
  g_clear_object (&arrival->socket);
}

static void
stream_gone_cb (gpointer data, GObject *where_it_was)
{
  Arrival *arrival = data;

  if (arrival->node != NULL)
    g_ptr_array_remove_fast (arrival->node->arrivals, arrival);
  stop_deadline (arrival);
  g_clear_pointer (&arrival->link, koh_link_unref);
  g_object_set_data (G_OBJECT (arrival->remote), "kohorte-arrival", NULL);
  g_object_unref (arrival->remote);
  g_object_unref (arrival->cancellable);
  g_free (arrival);
}

/* Shuts the connection down under whoever reads from it; libsoup then lets go of it. */
static void
hang_up (Arrival *arrival)
{
  g_cancellable_cancel (arrival->cancellable);
  g_socket_shutdown (g_socket_connection_get_socket (arrival->stream), TRUE, TRUE, NULL);
}

static gboolean
deadline_cb (gpointer data)
{
  Arrival *arrival = data;

  g_clear_pointer (&arrival->deadline, g_source_unref);
  hang_up (arrival);
  return G_SOURCE_REMOVE;
}

static void
report (KohNode *node, const GError *why)
{
  g_debug ("refused: %s", why->message);
  if (node->refused != NULL)
    node->refused (node, why, node->refused_data);
}

/* ---- The inner handshake ---- */

static void
link_ready_cb (KohLink *link, gpointer user_data)
{
  KohNode *node = user_data;

  for (guint i = 0; i < node->arrivals->len; i++)
    {
      Arrival *arrival = node->arrivals->pdata[i];

      if (arrival->link != link)
        continue;
      arrival->link = NULL;
      stop_deadline (arrival);
      if (node->incoming != NULL)
        node->incoming (node, link, node->incoming_data);
      koh_link_unref (link);
      return;
    }
}

static void
answer_with (SoupWebsocketConnection *socket, GBytes *message)
{
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_message (socket, SOUP_WEBSOCKET_DATA_BINARY, message);
}

static void
refuse (Arrival *arrival, KohRefusal refusal, guint32 detail, const KohHello *hello)
{
  KohNode *node = arrival->node;
  g_autoptr (GBytes) message = koh_refuse_write (refusal, detail);
  g_autoptr (GError) why = NULL;
  const char *name =
      hello->from != NULL && koh_roster_find (node->roster, hello->from) != NULL ? hello->from : "Somebody";

  koh_refuse_explain (refusal, name, hello, node->roster->epoch, &why);
  answer_with (arrival->socket, message);
  if (soup_websocket_connection_get_state (arrival->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (arrival->socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
  report (node, why);
}

static gboolean
purpose_is_valid (const char *purpose)
{
  if (*purpose == '\0')
    return FALSE;
  for (const char *c = purpose; *c != '\0'; c++)
    if (!g_ascii_islower (*c) && !g_ascii_isdigit (*c) && *c != ':' && *c != '-')
      return FALSE;
  return TRUE;
}

/* 0 when the hello names a participant of the same roster who means us. */
static KohRefusal
judge (const KohNode *node, const KohHello *hello, guint32 *detail)
{
  if (hello->version != KOH_WIRE_VERSION)
    {
      *detail = KOH_WIRE_VERSION;
      return KOH_REFUSE_VERSION;
    }
  if (!koh_check ("link-roster", koh_hash_equal (&hello->roster, &node->roster->hash)))
    {
      *detail = node->roster->epoch;
      return KOH_REFUSE_ROSTER;
    }
  if (koh_roster_find (node->roster, hello->from) == NULL || strcmp (hello->from, node->name) == 0)
    return KOH_REFUSE_STRANGER;
  if (strcmp (hello->to, node->name) != 0)
    return KOH_REFUSE_ADDRESSEE;
  return 0;
}

static void
become_link (Arrival *arrival, const KohHello *hello, KohNoise *noise, GBytes *answer)
{
  KohNode *node = arrival->node;
  g_autoptr (GBytes) welcome = koh_welcome_write (answer);
  g_autoptr (SoupWebsocketConnection) socket = g_object_ref (arrival->socket);

  answer_with (socket, welcome);
  forget_socket (arrival);
  arrival->link =
      koh_link_new (socket, node->name, hello->from, hello->purpose, noise, FALSE, node->silence_ms);
  koh_link_set_meter (arrival->link, arrival->meter);
  koh_node_add_link (node, arrival->link, link_ready_cb);
}

static void
first_message_cb (SoupWebsocketConnection *socket, gint type, GBytes *message, gpointer user_data)
{
  Arrival *arrival = user_data;
  KohNode *node = arrival->node;
  g_auto (KohHello) hello = { 0 };
  g_autoptr (GBytes) cleartext = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) prologue = NULL;
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (KohNoise) noise = NULL;
  KohRefusal refusal;
  guint32 detail = 0;

  g_signal_handlers_disconnect_by_func (socket, first_message_cb, arrival);
  if (type != SOUP_WEBSOCKET_DATA_BINARY || !koh_hello_read (message, &hello, &cleartext, &first) ||
      (hello.purpose != NULL && !purpose_is_valid (hello.purpose)))
    {
      hang_up (arrival);
      return;
    }
  refusal = judge (node, &hello, &detail);
  if (refusal == 0)
    {
      prologue = koh_hello_prologue (g_bytes_get_data (cleartext, NULL), g_bytes_get_size (cleartext));
      noise = koh_noise_new (KOH_NOISE_KK, FALSE, koh_identity_box_secret (node->identity),
                             koh_roster_find (node->roster, hello.from)->box_key, NULL,
                             g_bytes_get_data (prologue, NULL), g_bytes_get_size (prologue));
      payload = koh_noise_read (noise, g_bytes_get_data (first, NULL), g_bytes_get_size (first), NULL);
      answer =
          payload != NULL && g_bytes_get_size (payload) == 0 ? koh_noise_write (noise, NULL, 0, NULL) : NULL;
      if (answer == NULL)
        refusal = KOH_REFUSE_HANDSHAKE;
    }
  if (refusal != 0)
    refuse (arrival, refusal, detail, &hello);
  else
    become_link (arrival, &hello, noise, answer);
}

static void
socket_closed_cb (SoupWebsocketConnection *socket, gpointer user_data)
{
  forget_socket (user_data);
}

/* ---- TCP, TLS, HTTP ---- */

static void
websocket_cb (SoupServer *server, SoupServerMessage *message, const char *path,
              SoupWebsocketConnection *socket, gpointer user_data)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  Arrival *arrival = remote != NULL ? g_object_get_data (G_OBJECT (remote), "kohorte-arrival") : NULL;

  if (arrival == NULL || arrival->node == NULL || arrival->deadline == NULL || strcmp (path, KOH_PATH) != 0)
    {
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
      return;
    }
  koh_link_prepare_socket (socket);
  arrival->socket = g_object_ref (socket);
  g_signal_connect (socket, "message", G_CALLBACK (first_message_cb), arrival);
  g_signal_connect (socket, "closed", G_CALLBACK (socket_closed_cb), arrival);
}

static void
give_to_server (Arrival *arrival, GIOStream *stream)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (arrival->stream, NULL);
  g_autoptr (GError) error = NULL;

  if (local == NULL ||
      !soup_server_accept_iostream (arrival->node->server, stream, local, arrival->remote, &error))
    hang_up (arrival);
}

static void
tls_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTlsConnection *tls = G_TLS_CONNECTION (source);
  g_autoptr (GSocketConnection) stream = user_data;
  Arrival *arrival = g_object_get_data (G_OBJECT (stream), "kohorte-arrival");

  if (g_tls_connection_handshake_finish (tls, result, NULL) && arrival->node != NULL &&
      koh_check ("tls-version",
                 g_tls_connection_get_protocol_version (tls) >= G_TLS_PROTOCOL_VERSION_TLS_1_3))
    give_to_server (arrival, G_IO_STREAM (tls));
  else
    hang_up (arrival);
  g_object_unref (tls);
}

static void
begin_tls (Arrival *arrival)
{
  g_autoptr (GError) error = NULL;
  GIOStream *tls = g_tls_server_connection_new (G_IO_STREAM (arrival->meter),
                                                koh_identity_certificate (arrival->node->identity), &error);

  if (tls == NULL)
    {
      hang_up (arrival);
      return;
    }
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, arrival->cancellable,
                                    tls_ready_cb, g_object_ref (arrival->stream));
}

static gboolean
accepted_cb (GSocketService *service, GSocketConnection *stream, GObject *source, gpointer user_data)
{
  KohNode *node = user_data;
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (stream, NULL);
  g_autoptr (KohMeter) meter = NULL;
  Arrival *arrival;

  if (remote == NULL || !koh_check ("node-connections", node->arrivals->len < KOH_CONNECTIONS_MOST))
    {
      g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
      return TRUE;
    }
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  arrival = g_new0 (Arrival, 1);
  arrival->node = node;
  arrival->stream = stream;
  meter = koh_meter_new (G_IO_STREAM (stream)); /* which holds the stream; and libsoup holds it */
  koh_meter_allow (meter, STRANGER_MOST);
  arrival->meter = meter;
  arrival->remote = g_object_ref (remote);
  arrival->cancellable = g_cancellable_new ();
  g_ptr_array_add (node->arrivals, arrival);
  g_object_set_data (G_OBJECT (remote), "kohorte-arrival", arrival);
  g_object_set_data (G_OBJECT (stream), "kohorte-arrival", arrival);
  g_object_weak_ref (G_OBJECT (stream), stream_gone_cb, arrival);
  arrival->deadline = g_timeout_source_new (node->handshake_ms);
  g_source_set_callback (arrival->deadline, deadline_cb, arrival, NULL);
  g_source_attach (arrival->deadline, node->context);
  if (node->plain)
    give_to_server (arrival, G_IO_STREAM (arrival->meter));
  else
    begin_tls (arrival);
  return TRUE;
}

static gboolean
bind_address (GSocketListener *listener, const char *name, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) at = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GError) local = NULL;

  if (at != NULL && g_socket_listener_add_address (listener, at, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                                   NULL, NULL, &local))
    return TRUE;
  if (at == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                 "%s cannot listen on “%s”: it is no address; 127.0.0.1 is one", name, address);
  else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                 "%s cannot listen on port %u: another program uses it; stop that "
                 "program, or give the participant another port",
                 name, port);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot listen on %s:%u: %s", name, address, port,
                 local->message);
  return FALSE;
}

gboolean
koh_node_listen (KohNode *node, const char *address, guint16 port, gboolean plain, GError **error)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();

  g_return_val_if_fail (node->service == NULL, FALSE);
  if (!plain && koh_identity_certificate (node->identity) == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s is a desk: it has no endpoint and no certificate, and cannot "
                   "listen",
                   node->name);
      return FALSE;
    }
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), 2 * KOH_CONNECTIONS_MOST);
  if (!bind_address (G_SOCKET_LISTENER (service), node->name, address, port, error))
    return FALSE;
  node->plain = plain;
  node->server = soup_server_new (NULL, NULL);
  soup_server_remove_websocket_extension (node->server, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_websocket_handler (node->server, KOH_PATH, NULL, NULL, websocket_cb, node, NULL);
  g_signal_connect (service, "incoming", G_CALLBACK (accepted_cb), node);
  node->service = g_steal_pointer (&service);
  g_socket_service_start (node->service);
  return TRUE;
}

void
koh_node_stop_listening (KohNode *node)
{
  if (node->service == NULL)
    return;
  g_signal_handlers_disconnect_by_data (node->service, node);
  g_socket_service_stop (node->service);
  g_socket_listener_close (G_SOCKET_LISTENER (node->service));
  for (guint i = 0; i < node->arrivals->len; i++)
    {
      Arrival *arrival = node->arrivals->pdata[i];

      stop_deadline (arrival);
      forget_socket (arrival);
      arrival->node = NULL;
      hang_up (arrival);
      if (arrival->link != NULL)
        {
          koh_link_drop (arrival->link);
          g_clear_pointer (&arrival->link, koh_link_unref);
        }
    }
  soup_server_disconnect (node->server);
  g_clear_object (&node->server);
  g_clear_object (&node->service);
}
