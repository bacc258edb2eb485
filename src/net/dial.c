/* SPDX-License-Identifier: EUPL-1.2
 *
 * Dialling: from a name in the roster to a link. TLS is accepted by the pin of the card alone, whoever has
 * signed the certificate, and then the inner handshake proves the card's box key end to end. */
#include <pthread.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "net/certificate.h"
#include "net/keys.h"
#include "net/node-inside.h"

typedef struct
{
  KohNode *node; /* NULL when the node is gone */
  const KohCard *card;
  char *purpose;
  char *endpoint;            /* as a person reads it */
  GCancellable *cancellable; /* ours: the caller's, or the deadline's */
  GCancellable *caller;
  gulong caller_handler;
  GSource *deadline;
  gboolean late;
  gboolean wrong_pin;
  SoupMessage *message;
  SoupWebsocketConnection *socket;
  GBytes *cleartext;
  KohNoise *noise;
} Dial;

static void
dial_free (gpointer data)
{
  Dial *dial = data;

  g_free (dial->purpose);
  g_free (dial->endpoint);
  g_clear_object (&dial->cancellable);
  g_clear_object (&dial->caller);
  g_clear_object (&dial->message);
  g_clear_object (&dial->socket);
  g_clear_pointer (&dial->cleartext, g_bytes_unref);
  g_clear_pointer (&dial->noise, koh_noise_free);
  g_free (dial);
}

/* Nothing calls back into the task after this. */
static void
settle (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  if (dial->node != NULL)
    g_ptr_array_remove_fast (dial->node->dials, task);
  dial->node = NULL;
  if (dial->caller != NULL)
    g_cancellable_disconnect (dial->caller, dial->caller_handler);
  g_clear_object (&dial->caller);
  if (dial->deadline != NULL)
    g_source_destroy (dial->deadline);
  g_clear_pointer (&dial->deadline, g_source_unref);
  if (dial->socket != NULL)
    g_signal_handlers_disconnect_by_data (dial->socket, task);
}

/* Takes @error and the task's own reference. */
static void
give_up (GTask *task, GError *error)
{
  Dial *dial = g_task_get_task_data (task);

  settle (task);
  if (dial->socket != NULL && soup_websocket_connection_get_state (dial->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (dial->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* What a failure to connect, or the end of a connection in the middle of the handshake, means to a person. */
static GError *
explain (const Dial *dial, const char *detail)
{
  if (dial->wrong_pin)
    return g_error_new (KOH_ERROR, KOH_ERROR_CHECK,
                        "Who answers at %s does not show the certificate of %s's card (check "
                        "tls-pin); either the card is out of date, or somebody stands between: ask %s",
                        dial->endpoint, dial->card->name, dial->card->name);
  if (dial->late)
    return g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE,
                        "%s does not answer at %s in time; is its peer running, and the "
                        "network open?",
                        dial->card->name, dial->endpoint);
  return g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "%s does not answer at %s (%s); is its peer running?",
                      dial->card->name, dial->endpoint, detail);
}

static gboolean
was_cancelled (const Dial *dial)
{
  return dial->caller != NULL && g_cancellable_is_cancelled (dial->caller);
}

static void
fail (GTask *task, const char *detail)
{
  Dial *dial = g_task_get_task_data (task);

  if (was_cancelled (dial))
    give_up (task,
             g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Dialling %s was cancelled", dial->card->name));
  else
    give_up (task, explain (dial, detail));
}

static gboolean
deadline_cb (gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);

  dial->late = TRUE;
  g_clear_pointer (&dial->deadline, g_source_unref);
  if (dial->socket != NULL)
    fail (task, "");
  else
    g_cancellable_cancel (dial->cancellable);
  return G_SOURCE_REMOVE;
}

/* ---- The handshake ---- */

static void
welcome_cb (SoupWebsocketConnection *socket, gint type, GBytes *message, gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);
  KohNode *node = dial->node;
  g_autoptr (GBytes) second = koh_welcome_read (message, dial->card->name, node->roster->epoch, NULL);
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GError) error = NULL;
  KohLink *link;

  if (second == NULL)
    {
      koh_welcome_read (message, dial->card->name, node->roster->epoch, &error);
      give_up (task, g_steal_pointer (&error));
      return;
    }
  payload = koh_noise_read (dial->noise, g_bytes_get_data (second, NULL), g_bytes_get_size (second), NULL);
  if (payload == NULL || g_bytes_get_size (payload) != 0)
    {
      give_up (task, g_error_new (KOH_ERROR, KOH_ERROR_CHECK,
                                  "%s did not prove the key of its card (check handshake); "
                                  "compare its card with the roster",
                                  dial->card->name));
      return;
    }
  settle (task);
  link =
      koh_link_new (socket, node->name, dial->card->name, dial->purpose, dial->noise, TRUE, node->silence_ms);
  koh_node_add_link (node, link, NULL);
  g_task_return_pointer (task, link, (GDestroyNotify) koh_link_unref);
  g_object_unref (task);
}

static void
socket_closed_cb (SoupWebsocketConnection *socket, gpointer user_data)
{
  fail (user_data, "it closed the connection");
}

static void
say_hello (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  KohNode *node = dial->node;
  KohHello hello = { .version = KOH_WIRE_VERSION,
                     .roster = node->roster->hash,
                     .epoch = node->roster->epoch,
                     .from = (char *) node->name,
                     .to = dial->card->name,
                     .purpose = dial->purpose };
  g_autoptr (GBytes) cleartext = koh_hello_write (&hello);
  g_autoptr (GBytes) prologue =
      koh_hello_prologue (g_bytes_get_data (cleartext, NULL), g_bytes_get_size (cleartext));
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GError) error = NULL;

  dial->noise =
      koh_noise_new (KOH_NOISE_KK, TRUE, koh_identity_box_secret (node->identity), dial->card->box_key, NULL,
                     g_bytes_get_data (prologue, NULL), g_bytes_get_size (prologue));
  first = koh_noise_write (dial->noise, NULL, 0, &error);
  if (first == NULL)
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }
  message = koh_hello_join (cleartext, first);
  g_signal_connect (dial->socket, "message", G_CALLBACK (welcome_cb), task);
  g_signal_connect (dial->socket, "closed", G_CALLBACK (socket_closed_cb), task);
  soup_websocket_connection_send_message (dial->socket, SOUP_WEBSOCKET_DATA_BINARY, message);
}

/* ---- The connection ---- */

static gboolean
pin_matches (Dial *dial, GTlsCertificate *certificate)
{
  guint8 pin[32] = { 0 };

  if (certificate != NULL)
    koh_certificate_pin (certificate, pin);
  if (koh_check ("tls-pin", sodium_memcmp (pin, dial->card->tls_pin, 32) == 0))
    return TRUE;
  dial->wrong_pin = TRUE;
  return FALSE;
}

static gboolean
accept_certificate_cb (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                       gpointer user_data)
{
  return pin_matches (g_task_get_task_data (user_data), certificate);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  dial->socket = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  g_signal_handlers_disconnect_by_data (dial->message, task);
  if (dial->node == NULL)
    {
      g_object_unref (task); /* given up before; this reference was the connection's */
      return;
    }
  if (dial->socket == NULL)
    fail (task, error->message);
  else if (!dial->node->plain_dial &&
           !pin_matches (dial, soup_message_get_tls_peer_certificate (dial->message)))
    fail (task, ""); /* a certificate that some authority has signed is accepted without asking us */
  else
    {
      koh_link_prepare_socket (dial->socket);
      say_hello (task);
    }
}

static gboolean
cancel_cb (gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);

  if (dial->node != NULL && dial->socket != NULL)
    fail (task, "");
  else if (dial->node != NULL)
    g_cancellable_cancel (dial->cancellable);
  return G_SOURCE_REMOVE;
}

/* In whichever thread cancels: the rest happens where the network lives. */
static void
caller_cancelled_cb (GCancellable *caller, gpointer user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancel_cb, g_object_ref (user_data), g_object_unref);
  g_source_attach (source, g_task_get_context (user_data));
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address) : strcmp (host, "localhost") == 0;
}

/* Two sessions: this machine is reached directly, others as the system's proxy settings say. */
static SoupSession *
session_for (KohNode *node, const char *host)
{
  SoupSession **session = &node->sessions[is_loopback (host) ? 1 : 0];

  if (*session == NULL)
    {
      *session = soup_session_new_with_options ("timeout", 0, "idle-timeout", 0, "max-conns", 256,
                                                "max-conns-per-host", 256, NULL);
      soup_session_remove_feature_by_type (*session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
      if (is_loopback (host))
        soup_session_set_proxy_resolver (*session, NULL);
    }
  return *session;
}

static void
connect_to (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  KohNode *node = dial->node;
  g_autofree char *uri =
      g_strdup_printf ("%s://%s" KOH_PATH, node->plain_dial ? "ws" : "wss", dial->endpoint);

  dial->message = soup_message_new (SOUP_METHOD_GET, uri);
  soup_message_set_flags (dial->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  g_signal_connect (dial->message, "accept-certificate", G_CALLBACK (accept_certificate_cb), task);
  dial->deadline = g_timeout_source_new (node->handshake_ms);
  g_source_set_callback (dial->deadline, deadline_cb, task, NULL);
  g_source_attach (dial->deadline, node->context);
  soup_session_websocket_connect_async (session_for (node, dial->card->host), dial->message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, dial->cancellable, connected_cb, task);
}

void
koh_node_dial_async (KohNode *node, const char *peer, const char *purpose, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  const KohCard *card = koh_roster_find (node->roster, peer);
  Dial *dial;

  g_task_set_source_tag (task, koh_node_dial_async);
  if (card == NULL || card->host == NULL || strcmp (peer, node->name) == 0)
    {
      g_task_return_new_error (task, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be dialled: it %s", peer,
                               card == NULL         ? "is not in the roster"
                               : card->host == NULL ? "is a desk, which dials itself"
                                                    : "is this participant");
      g_object_unref (task);
      return;
    }
  dial = g_new0 (Dial, 1);
  dial->node = node;
  dial->card = card;
  dial->purpose = g_strdup (purpose);
  dial->endpoint =
      g_strdup_printf (strchr (card->host, ':') != NULL ? "[%s]:%u" : "%s:%u", card->host, card->port);
  dial->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, dial, dial_free);
  g_ptr_array_add (node->dials, task);
  if (cancellable != NULL)
    {
      dial->caller = g_object_ref (cancellable);
      dial->caller_handler = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                                    g_object_ref (task), g_object_unref);
    }
  connect_to (task);
}

KohLink *
koh_node_dial_finish (KohNode *node, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
koh_node_stop_dialling (KohNode *node)
{
  while (node->dials->len > 0)
    {
      GTask *task = node->dials->pdata[node->dials->len - 1];
      Dial *dial = g_task_get_task_data (task);
      gboolean connecting = dial->socket == NULL;

      if (connecting)
        g_object_ref (task); /* connected_cb() will drop it */
      g_cancellable_cancel (dial->cancellable);
      give_up (task,
               g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Dialling %s was cancelled", dial->card->name));
    }
  for (guint i = 0; i < G_N_ELEMENTS (node->sessions); i++)
    {
      if (node->sessions[i] != NULL)
        soup_session_abort (node->sessions[i]);
      g_clear_object (&node->sessions[i]);
    }
}

/* ---- From a worker ---- */

typedef struct
{
  KohNode *node;
  const char *peer, *purpose;
  GCancellable *cancellable;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  gboolean done;
  KohLink *link;
  GError *error;
} Wait;

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  pthread_mutex_lock (&wait->lock);
  wait->link = koh_node_dial_finish (wait->node, result, &wait->error);
  wait->done = TRUE;
  pthread_cond_signal (&wait->changed);
  pthread_mutex_unlock (&wait->lock);
}

static gboolean
dial_cb (gpointer data)
{
  Wait *wait = data;

  pthread_mutex_lock (&wait->lock); /* what the worker wrote is seen here */
  pthread_mutex_unlock (&wait->lock);
  koh_node_dial_async (wait->node, wait->peer, wait->purpose, wait->cancellable, dialled_cb, wait);
  return G_SOURCE_REMOVE;
}

KohLink *
koh_node_dial (KohNode *node, const char *peer, const char *purpose, GCancellable *cancellable,
               GError **error)
{
  Wait wait = { .node = node, .peer = peer, .purpose = purpose, .cancellable = cancellable };
  g_autoptr (GSource) source = g_idle_source_new ();

  g_return_val_if_fail (!g_main_context_is_owner (node->context), NULL); /* it would wait for itself */
  pthread_mutex_init (&wait.lock, NULL);
  pthread_cond_init (&wait.changed, NULL);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, dial_cb, &wait, NULL);
  pthread_mutex_lock (&wait.lock);
  g_source_attach (source, node->context);
  while (!wait.done)
    pthread_cond_wait (&wait.changed, &wait.lock);
  pthread_mutex_unlock (&wait.lock);
  pthread_cond_destroy (&wait.changed);
  pthread_mutex_destroy (&wait.lock);
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);
  return wait.link;
}
