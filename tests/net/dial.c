/* SPDX-License-Identifier: EUPL-1.2 */
#include "rogue.h"

static Network *network; /* with TLS */

static void
dial_fails (Network *where, guint from, const char *to, KohErrorCode code, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohLink) link = koh_node_dial (where->nodes[from], to, "control", NULL, &error);

  g_assert_null (link);
  g_assert_error (error, KOH_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, to));
  g_assert_nonnull (strstr (error->message, what));
}

static void
free_node (Network *where, gpointer data)
{
  g_clear_pointer (&where->nodes[GPOINTER_TO_UINT (data)], koh_node_free);
}

static void
who_is_not_there_is_named_with_its_endpoint (void)
{
  g_autoptr (Network) small = network_new (FALSE, 3000, 20000);
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", small->ports[AARHUS]);

  in_network (small, free_node, GUINT_TO_POINTER (AARHUS));
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, endpoint);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, "is its peer running?");
}

static void
only_others_that_listen_are_dialled (void)
{
  dial_fails (network, AARHUS, "asker", KOH_ERROR_INVALID, "desk");
  dial_fails (network, AARHUS, "aarhus", KOH_ERROR_INVALID, "this participant");
  dial_fails (network, AARHUS, "nobody", KOH_ERROR_INVALID, "roster");
}

/* The node of @data's first member listens where the second's card says. */
typedef struct
{
  guint who, where;
  gboolean plain;
} Wrong;

static void
listen_elsewhere (Network *where, gpointer data)
{
  const Wrong *wrong = data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&where->nodes[wrong->where], koh_node_free);
  g_clear_pointer (&where->nodes[wrong->who], koh_node_free);
  where->nodes[wrong->who] = koh_node_new (where->federation->members[wrong->who], where->federation->roster);
  koh_node_listen (where->nodes[wrong->who], "127.0.0.1", where->ports[wrong->where], wrong->plain, &error);
  g_assert_no_error (error);
}

static void
another_certificate_is_refused (void)
{
  g_autoptr (Network) small = network_new (FALSE, 3000, 20000);
  Wrong wrong = { RIGS, AARHUS, FALSE };

  in_network (small, listen_elsewhere, &wrong);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_CHECK, "tls-pin");
}

static void
another_participant_is_refused_without_tls_too (void)
{
  g_autoptr (Network) small = network_new (TRUE, 3000, 20000);
  Wrong wrong = { RIGS, AARHUS, TRUE };

  in_network (small, listen_elsewhere, &wrong);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_MISMATCH, "another participant");
}

static void
tls_and_plain_do_not_meet (void)
{
  g_autoptr (Network) small = network_new (FALSE, 2000, 20000);
  Wrong wrong = { AARHUS, AARHUS, TRUE };

  in_network (small, listen_elsewhere, &wrong);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, "does not answer");
}

/* ---- Rosters and keys that differ ---- */

static void
replace_roster (Network *where, gpointer data)
{
  KohRoster *roster = data;

  g_clear_pointer (&where->nodes[ASKER], koh_node_free);
  where->nodes[ASKER] = koh_node_new (where->federation->members[ASKER], roster);
}

static void
another_roster_is_a_mismatch (void)
{
  g_autoptr (Network) small = network_new (FALSE, 3000, 20000);
  g_autofree char *text = make_roster_text (small->federation->members, N_MEMBERS, 2);
  g_autoptr (KohRoster) roster = koh_roster_parse (text, NULL, NULL);
  g_autoptr (GError) refused = NULL;

  in_network (small, replace_roster, roster);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_MISMATCH,
              "another roster than this participant (epoch 1 there, 2 here)");
  refused = g_async_queue_timeout_pop (small->refused, 5 * G_USEC_PER_SEC);
  g_assert_error (refused, KOH_ERROR, KOH_ERROR_MISMATCH);
  in_network (small, free_node, GUINT_TO_POINTER (ASKER));
}

typedef struct
{
  KohIdentity *identity;
  KohRoster *roster;
} Other;

static void
replace_identity (Network *where, gpointer data)
{
  const Other *other = data;

  g_clear_pointer (&where->nodes[ASKER], koh_node_free);
  where->nodes[ASKER] = koh_node_new (other->identity, other->roster);
}

/* Somebody has the roster, and a name in it, and no key of it. */
static void
an_unknown_key_is_refused (void)
{
  g_autoptr (Network) small = network_new (FALSE, 3000, 20000);
  g_autofree char *folder = g_build_filename (small->federation->folder, "other", NULL);
  g_autoptr (KohIdentity) identity = make_member (folder, "asker", 0);
  Other other = { identity, small->federation->roster };
  g_autoptr (GError) refused = NULL;

  in_network (small, replace_identity, &other);
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_CHECK, "handshake");
  refused = g_async_queue_timeout_pop (small->refused, 5 * G_USEC_PER_SEC);
  g_assert_error (refused, KOH_ERROR, KOH_ERROR_CHECK);
  g_assert_nonnull (strstr (refused->message, "asker"));
  in_network (small, free_node, GUINT_TO_POINTER (ASKER));
}

/* ---- Impostors ---- */

/* Listens in aarhus's place, without TLS, and answers the first message with what the test says. */
typedef struct
{
  Network *network;
  SoupServer *server;
  SoupWebsocketConnection *socket;
  enum
  {
    HONEST,
    CHANGED,
    SHORTENED,
    OTHER_KEY,
    GARBAGE,
    NOTHING,
    HANGS_UP,
    TEXT
  } manner;
  gsize at;
  gsize answer_size;
} Impostor;

static void
impostor_message_cb (SoupWebsocketConnection *socket, gint type, GBytes *message, gpointer user_data)
{
  Impostor *impostor = user_data;
  Federation *federation = impostor->network->federation;
  const KohIdentity *as = federation->members[impostor->manner == OTHER_KEY ? RIGS : AARHUS];
  g_auto (KohHello) hello = { 0 };
  g_autoptr (GBytes) cleartext = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) prologue = NULL;
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) welcome = NULL;
  g_autoptr (KohNoise) noise = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GBytes) answer = NULL;

  g_signal_handlers_disconnect_by_func (socket, impostor_message_cb, user_data);
  if (impostor->manner == NOTHING)
    return;
  if (impostor->manner == HANGS_UP)
    {
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      return;
    }
  if (impostor->manner == TEXT)
    {
      soup_websocket_connection_send_text (socket, "welcome");
      return;
    }
  g_assert_true (koh_hello_read (message, &hello, &cleartext, &first));
  prologue = koh_hello_prologue (g_bytes_get_data (cleartext, NULL), g_bytes_get_size (cleartext));
  noise = koh_noise_new (KOH_NOISE_KK, FALSE, koh_identity_box_secret (as),
                         koh_roster_find (federation->roster, hello.from)->box_key, NULL,
                         g_bytes_get_data (prologue, NULL), g_bytes_get_size (prologue));
  payload = koh_noise_read (noise, g_bytes_get_data (first, NULL), g_bytes_get_size (first), NULL);
  second = payload != NULL ? koh_noise_write (noise, NULL, 0, NULL)
                           : g_bytes_new_static ("0123456789012345678901234567890123456789"
                                                 "01234567",
                                                 48);
  welcome = impostor->manner == GARBAGE ? g_bytes_new_static ("not at all", 10) : koh_welcome_write (second);
  impostor->answer_size = g_bytes_get_size (welcome);
  bytes = g_memdup2 (g_bytes_get_data (welcome, NULL), g_bytes_get_size (welcome));
  if (impostor->manner == CHANGED)
    bytes[impostor->at] ^= (guint8) (1 << impostor->at % 8);
  answer = g_bytes_new (bytes, impostor->manner == SHORTENED ? impostor->at : impostor->answer_size);
  soup_websocket_connection_send_message (socket, SOUP_WEBSOCKET_DATA_BINARY, answer);
}

static void
impostor_cb (SoupServer *server, SoupServerMessage *message, const char *path,
             SoupWebsocketConnection *socket, gpointer user_data)
{
  Impostor *impostor = user_data;

  g_set_object (&impostor->socket, socket);
  g_signal_connect (socket, "message", G_CALLBACK (impostor_message_cb), impostor);
}

static void
impostor_start (Network *where, gpointer data)
{
  Impostor *impostor = data;
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", where->ports[AARHUS]);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&where->nodes[AARHUS], koh_node_free);
  impostor->network = where;
  impostor->server = soup_server_new (NULL, NULL);
  soup_server_add_websocket_handler (impostor->server, KOH_PATH, NULL, NULL, impostor_cb, impostor, NULL);
  soup_server_listen (impostor->server, address, 0, &error);
  g_assert_no_error (error);
}

static void
impostor_stop (Network *where, gpointer data)
{
  Impostor *impostor = data;

  g_clear_object (&impostor->socket);
  soup_server_disconnect (impostor->server);
  g_clear_object (&impostor->server);
}

static void
impostors_are_found_out (void)
{
  g_autoptr (Network) small = network_new (TRUE, 1000, 20000);
  Impostor impostor = { .manner = HONEST };
  g_autoptr (GError) error = NULL;
  g_autoptr (KohLink) link = NULL;

  in_network (small, impostor_start, &impostor);
  link = koh_node_dial (small->nodes[ASKER], "aarhus", "control", NULL, &error);
  g_assert_no_error (error); /* who has the key is no impostor: so what follows fails for its own reason */
  impostor.manner = CHANGED;
  for (impostor.at = 2; impostor.at < impostor.answer_size; impostor.at++)
    dial_fails (small, ASKER, "aarhus", KOH_ERROR_CHECK, "did not prove the key of its card");
  for (impostor.at = 0; impostor.at < 2; impostor.at++)
    dial_fails (small, ASKER, "aarhus", KOH_ERROR_PROTOCOL, "does not answer as a peer does");
  impostor.manner = SHORTENED;
  for (impostor.at = 0; impostor.at < impostor.answer_size; impostor.at += 7)
    dial_fails (small, ASKER, "aarhus", impostor.at < 2 ? KOH_ERROR_PROTOCOL : KOH_ERROR_CHECK, "");
  impostor.manner = OTHER_KEY;
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_CHECK, "did not prove the key of its card");
  impostor.manner = GARBAGE;
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_PROTOCOL, "does not answer as a peer does");
  impostor.manner = TEXT;
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_PROTOCOL, "does not answer as a peer does");
  impostor.manner = HANGS_UP;
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, "closed the connection");
  impostor.manner = NOTHING;
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, "in time");
  in_network (small, impostor_stop, &impostor);
}

/* ---- Time ---- */

static void
who_accepts_and_says_nothing_is_given_up (void)
{
  g_autoptr (Network) small = network_new (FALSE, 700, 20000);
  g_autoptr (GSocket) deaf =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", small->ports[AARHUS]);

  in_network (small, free_node, GUINT_TO_POINTER (AARHUS));
  g_assert_true (g_socket_bind (deaf, address, TRUE, NULL));
  g_assert_true (g_socket_listen (deaf, NULL));
  dial_fails (small, ASKER, "aarhus", KOH_ERROR_UNREACHABLE, "in time");
}

static gpointer
cancel_later (gpointer data)
{
  g_usleep (150 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
dialling_can_be_cancelled (void)
{
  for (guint manner = 0; manner < 3; manner++)
    {
      g_autoptr (Network) small = network_new (TRUE, 8000, 20000);
      Impostor impostor = { .manner = NOTHING };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (KohLink) link = NULL;
      g_autoptr (GSocket) deaf =
          g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
      g_autoptr (GSocketAddress) address =
          g_inet_socket_address_new_from_string ("127.0.0.1", small->ports[AARHUS]);
      GThread *thread = NULL;
      gint64 start = g_get_monotonic_time ();

      if (manner == 0)
        g_cancellable_cancel (cancellable);
      else
        thread = g_thread_new ("cancel", cancel_later, cancellable);
      if (manner == 1)
        in_network (small, impostor_start, &impostor);
      if (manner == 2)
        {
          in_network (small, free_node, GUINT_TO_POINTER (AARHUS));
          g_assert_true (g_socket_bind (deaf, address, TRUE, NULL) && g_socket_listen (deaf, NULL));
        }
      link = koh_node_dial (small->nodes[ASKER], "aarhus", "control", cancellable, &error);
      g_assert_null (link);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      if (thread != NULL)
        g_thread_join (thread);
      if (manner == 1)
        in_network (small, impostor_stop, &impostor);
    }
}

typedef struct
{
  Network *network;
  GError *error;
} Dialler;

static gpointer
dial_thread (gpointer data)
{
  Dialler *dialler = data;
  g_autoptr (KohLink) link =
      koh_node_dial (dialler->network->nodes[ASKER], "aarhus", "control", NULL, &dialler->error);

  g_assert_null (link);
  return NULL;
}

static void
a_node_that_ends_ends_its_dialling (void)
{
  g_autoptr (Network) small = network_new (TRUE, 8000, 20000);
  Impostor impostor = { .manner = NOTHING };
  Dialler dialler = { .network = small };
  GThread *thread;

  in_network (small, impostor_start, &impostor);
  thread = g_thread_new ("dial", dial_thread, &dialler);
  g_usleep (150 * 1000);
  in_network (small, free_node, GUINT_TO_POINTER (ASKER));
  g_thread_join (thread);
  g_assert_error (dialler.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&dialler.error);
  in_network (small, impostor_stop, &impostor);
}

static void
many_connections_come_and_go (void)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (KohLink) near = NULL;
      g_autoptr (KohLink) far = NULL;

      connect_members (network, i % 2 == 0 ? ASKER : RIGS, AARHUS, "control", &near, &far);
      koh_link_close (i % 3 == 0 ? near : far, NULL);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  network = network_new (FALSE, 5000, 20000);
  g_test_add_func ("/net/dial/who-is-not-there-is-named-with-its-endpoint",
                   who_is_not_there_is_named_with_its_endpoint);
  g_test_add_func ("/net/dial/only-others-that-listen-are-dialled", only_others_that_listen_are_dialled);
  g_test_add_func ("/net/dial/another-certificate-is-refused", another_certificate_is_refused);
  g_test_add_func ("/net/dial/another-participant-is-refused-without-tls-too",
                   another_participant_is_refused_without_tls_too);
  g_test_add_func ("/net/dial/tls-and-plain-do-not-meet", tls_and_plain_do_not_meet);
  g_test_add_func ("/net/dial/another-roster-is-a-mismatch", another_roster_is_a_mismatch);
  g_test_add_func ("/net/dial/an-unknown-key-is-refused", an_unknown_key_is_refused);
  g_test_add_func ("/net/dial/impostors-are-found-out", impostors_are_found_out);
  g_test_add_func ("/net/dial/who-accepts-and-says-nothing-is-given-up",
                   who_accepts_and_says_nothing_is_given_up);
  g_test_add_func ("/net/dial/dialling-can-be-cancelled", dialling_can_be_cancelled);
  g_test_add_func ("/net/dial/a-node-that-ends-ends-its-dialling", a_node_that_ends_ends_its_dialling);
  g_test_add_func ("/net/dial/many-connections-come-and-go", many_connections_come_and_go);
  status = g_test_run ();
  network_free (network);
  return status;
}
