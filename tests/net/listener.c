/* SPDX-License-Identifier: EUPL-1.2
 *
 * Whoever may connect to a listener: nobody in particular. */
#include <gnutls/gnutls.h>

#include "rogue.h"

static Network *network;

static void
nobody_came (Network *where)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    g_assert_null (g_async_queue_try_pop (where->incoming[i]));
}

static void
next_refusal (Network *where, KohErrorCode code, const char *what)
{
  g_autoptr (GError) why = g_async_queue_timeout_pop (where->refused, 5 * G_USEC_PER_SEC);

  g_assert_error (why, KOH_ERROR, (gint) code);
  g_assert_nonnull (strstr (why->message, what));
}

/* Sends one first message and wants a refusal of this kind, or with 0 just the end. */
static void
send_and_be_refused (GBytes *message, KohRefusal refusal)
{
  g_autoptr (Rogue) rogue = rogue_new (network->ports[AARHUS]);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) rest = NULL;

  rogue_send (rogue, message);
  answer = rogue_next (rogue);
  g_assert_cmpint (answer != NULL, ==, refusal != 0);
  if (answer != NULL)
    {
      const guint8 *bytes = g_bytes_get_data (answer, NULL);

      g_assert_cmpuint (g_bytes_get_size (answer), ==, 7);
      g_assert_cmpuint (bytes[2], ==, refusal);
      rest = rogue_next (rogue);
      g_assert_null (rest);
    }
  nobody_came (network);
}

static void
hello_refused (const KohHello *hello, guint as, guint to, KohRefusal refusal)
{
  g_autoptr (KohNoise) noise = NULL;
  g_autoptr (GBytes) message = first_message (network, hello, network->federation->members[as],
                                              network->federation->members[to], &noise);

  send_and_be_refused (message, refusal);
}

static void
wrong_hellos_are_refused_with_their_reason (void)
{
  KohHello hello = honest_hello (network, ASKER, AARHUS);

  hello.version = 2;
  hello_refused (&hello, ASKER, AARHUS, KOH_REFUSE_VERSION);
  next_refusal (network, KOH_ERROR_MISMATCH, "version 2");
  hello = honest_hello (network, ASKER, AARHUS);
  hello.roster.bytes[7] ^= 1;
  hello.epoch = 9;
  hello_refused (&hello, ASKER, AARHUS, KOH_REFUSE_ROSTER);
  next_refusal (network, KOH_ERROR_MISMATCH, "epoch 9 there, 1 here");
  hello = honest_hello (network, ASKER, AARHUS);
  hello.from = (char *) "stranger";
  hello_refused (&hello, ASKER, AARHUS, KOH_REFUSE_STRANGER);
  next_refusal (network, KOH_ERROR_MISMATCH, "not in the roster");
  hello.from = (char *) "aarhus";
  hello_refused (&hello, AARHUS, AARHUS, KOH_REFUSE_STRANGER);
  next_refusal (network, KOH_ERROR_MISMATCH, "");
  hello = honest_hello (network, ASKER, RIGS);
  hello_refused (&hello, ASKER, AARHUS, KOH_REFUSE_ADDRESSEE);
  next_refusal (network, KOH_ERROR_MISMATCH, "asker");
  hello = honest_hello (network, ASKER, AARHUS);
  hello_refused (&hello, RIGS, AARHUS, KOH_REFUSE_HANDSHAKE); /* another participant's key */
  next_refusal (network, KOH_ERROR_CHECK, "asker");
  hello.purpose = (char *) "con\ntrol";
  hello_refused (&hello, ASKER, AARHUS, 0);
  hello.purpose = (char *) "";
  hello_refused (&hello, ASKER, AARHUS, 0);
}

static void
every_changed_byte_of_the_first_message_is_refused (void)
{
  KohHello hello = honest_hello (network, ASKER, AARHUS);
  g_autoptr (KohNoise) noise = NULL;
  g_autoptr (GBytes) honest = first_message (network, &hello, network->federation->members[ASKER],
                                             network->federation->members[AARHUS], &noise);
  gsize size = g_bytes_get_size (honest);

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (Rogue) rogue = rogue_new (network->ports[AARHUS]);
      guint8 *bytes = g_memdup2 (g_bytes_get_data (honest, NULL), size);
      g_autoptr (GBytes) changed = g_bytes_new_take (bytes, size);
      g_autoptr (GBytes) answer = NULL;

      bytes[i] ^= (guint8) (1 << i % 8);
      rogue_send (rogue, changed);
      answer = rogue_next (rogue);
      if (answer != NULL)
        g_assert_null (koh_welcome_read (answer, "aarhus", 1, NULL));
    }
  nobody_came (network);
  while (g_async_queue_length (network->refused) > 0)
    g_error_free (g_async_queue_pop (network->refused));
}

static void
every_shortened_first_message_is_refused (void)
{
  KohHello hello = honest_hello (network, ASKER, AARHUS);
  g_autoptr (KohNoise) noise = NULL;
  g_autoptr (GBytes) honest = first_message (network, &hello, network->federation->members[ASKER],
                                             network->federation->members[AARHUS], &noise);

  for (gsize i = 0; i <= g_bytes_get_size (honest) + 1; i += i < 40 ? 13 : 3)
    {
      g_autoptr (Rogue) rogue = rogue_new (network->ports[AARHUS]);
      g_autoptr (GByteArray) part = g_byte_array_new ();
      g_autoptr (GBytes) message = NULL;
      g_autoptr (GBytes) answer = NULL;

      if (i == g_bytes_get_size (honest))
        continue;
      g_byte_array_append (part, g_bytes_get_data (honest, NULL), (guint) MIN (i, g_bytes_get_size (honest)));
      g_byte_array_set_size (part, (guint) i);
      message = g_byte_array_free_to_bytes (g_steal_pointer (&part));
      rogue_send (rogue, message);
      answer = rogue_next (rogue);
      if (answer != NULL)
        g_assert_null (koh_welcome_read (answer, "aarhus", 1, NULL));
    }
  nobody_came (network);
}

/* Who repeats a recorded first message gets an answer, but cannot show that it can read it; so nobody is
 * told. */
static void
a_recorded_first_message_opens_nothing (void)
{
  KohHello hello = honest_hello (network, ASKER, AARHUS);
  g_autoptr (KohNoise) noise = NULL;
  g_autoptr (GBytes) recorded = first_message (network, &hello, network->federation->members[ASKER],
                                               network->federation->members[AARHUS], &noise);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Rogue) rogue = rogue_new (network->ports[AARHUS]);
      guint8 garbage[KOH_FRAME_HEAD + KOH_FRAME_TAG] = { KOH_WIRE_VERSION, KOH_FRAME_READY };
      g_autoptr (GBytes) ready = g_bytes_new (garbage, sizeof garbage);
      g_autoptr (GBytes) answer = NULL;
      g_autoptr (GBytes) rest = NULL;

      rogue_send (rogue, recorded);
      answer = rogue_next (rogue);
      g_assert_nonnull (answer);
      rogue_send (rogue, ready);
      rest = rogue_next (rogue); /* the reason, sealed */
      rogue_turn (rogue, 20);
      nobody_came (network);
    }
}

static void
data_before_ready_opens_nothing (void)
{
  g_autoptr (Rogue) rogue = rogue_new (network->ports[AARHUS]);
  KohHello hello = honest_hello (network, ASKER, AARHUS);
  g_autoptr (GBytes) first = first_message (network, &hello, network->federation->members[ASKER],
                                            network->federation->members[AARHUS], &rogue->noise);

  rogue_send (rogue, first);
  g_assert_true (rogue_finish (rogue, hello.from, hello.to));
  rogue_send_frame (rogue, KOH_FRAME_DATA_LAST, "x", 1);
  rogue_turn (rogue, 100);
  nobody_came (network);
}

/* ---- Below the handshake ---- */

static GSocket *
tcp (guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  g_socket_set_timeout (socket, 10);
  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  return socket;
}

/* How long until the other side hangs up, in ms. */
static guint
time_to_end (GSocket *socket)
{
  gint64 start = g_get_monotonic_time ();
  char buffer[4096];
  gssize n = 1;

  while (n > 0)
    {
      n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 9 * G_USEC_PER_SEC);
    }
  return (guint) ((g_get_monotonic_time () - start) / 1000);
}

static void
slow_handshakes_are_dropped (gconstpointer data)
{
  gboolean plain = GPOINTER_TO_INT (data);
  g_autoptr (Network) impatient = network_new (plain, 500, 20000);
  const char *const starts[] = { "",
                                 "\x16\x03\x01\x02",
                                 "G",
                                 "GET /kohorte/1 HTTP/1.1\r\nHost: a\r\n",
                                 "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                 "POST /kohorte/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr (GSocket) socket = tcp (impatient->ports[AARHUS]);

      g_socket_send (socket, starts[i], strlen (starts[i]), NULL, NULL);
      g_assert_cmpuint (time_to_end (socket), <, 3000);
    }
  if (plain)
    {
      g_autoptr (Rogue) rogue = rogue_new (impatient->ports[AARHUS]);

      g_assert_null (rogue_next (rogue)); /* a WebSocket, and then nothing */
    }
  nobody_came (impatient);
}

/* A WebSocket message in fragments without end, each short enough; libsoup would keep them all. */
static void
a_flood_before_the_handshake_is_cut_off (void)
{
  g_autoptr (GSocket) socket = tcp (network->ports[AARHUS]);
  const char *request = "GET /kohorte/1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  guint8 fragment[8 + 32768] = { 0x02, 0x80 | 126, 0x80, 0x00 };
  char answer[4096];
  gsize sent = 0;
  gssize n;

  g_socket_send (socket, request, strlen (request), NULL, NULL);
  n = g_socket_receive (socket, answer, sizeof answer, NULL, NULL);
  g_assert_cmpint (n, >, 12);
  g_assert_cmpint (strncmp (answer, "HTTP/1.1 101", 12), ==, 0);
  for (gsize at = 0; n > 0 && sent < (64u << 20); sent += (gsize) MAX (n, 0))
    {
      n = g_socket_send (socket, (char *) fragment + at, sizeof fragment - at, NULL, NULL);
      at += (gsize) MAX (n, 0);
      if (at < sizeof fragment)
        continue;
      at = 0;
      fragment[0] = 0; /* the next ones continue */
    }
  g_assert_cmpuint (sent, <,
                    16u << 20); /* what the system's own buffers take; less than a fraction of it is read */
}

static void
connections_are_limited (void)
{
  g_autoptr (Network) small = network_new (TRUE, 5000, 20000);
  GSocket *sockets[KOH_CONNECTIONS_MOST];
  g_autoptr (GError) error = NULL;
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (KohLink) refused = NULL;
  g_autoptr (GSocket) one_more = NULL;

  for (guint i = 0; i < KOH_CONNECTIONS_MOST; i++)
    sockets[i] = tcp (small->ports[AARHUS]);
  one_more = tcp (small->ports[AARHUS]);
  g_assert_cmpuint (time_to_end (one_more), <, 1000);
  refused = koh_node_dial (small->nodes[ASKER], "aarhus", "control", NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_UNREACHABLE);
  for (guint i = 0; i < KOH_CONNECTIONS_MOST; i++)
    {
      g_socket_close (sockets[i], NULL);
      g_object_unref (sockets[i]);
    }
  g_usleep (200 * 1000);
  connect_members (small, ASKER, AARHUS, "control", &near, &far);
}

static gboolean
tls_handshake (guint16 port, const char *versions)
{
  g_autoptr (GSocket) socket = tcp (port);
  g_autofree char *priority = g_strdup_printf ("NORMAL:-VERS-ALL:%s", versions);
  gnutls_certificate_credentials_t credentials;
  gnutls_session_t session;
  gboolean ok;
  ssize_t n;
  char byte;

  g_socket_set_blocking (socket, TRUE);
  gnutls_certificate_allocate_credentials (&credentials);
  gnutls_init (&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  g_assert_cmpint (gnutls_priority_set_direct (session, priority, NULL), ==, 0);
  gnutls_transport_set_int (session, g_socket_get_fd (socket));
  gnutls_handshake_set_timeout (session, 5000);
  ok = gnutls_handshake (session) == 0;
  if (ok) /* the server looks at the version after the handshake; then it hangs up, or takes a request */
    {
      const char *request = "GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n";

      gnutls_record_send (session, request, strlen (request));
      do
        n = gnutls_record_recv (session, &byte, 1);
      while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED); /* a session ticket came before the answer */
      ok = n == 1;
    }
  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials);
  return ok;
}

static void
only_tls_1_3_is_spoken (void)
{
  g_autoptr (Network) tls = network_new (FALSE, 5000, 20000);

  g_assert_true (tls_handshake (tls->ports[AARHUS], "+VERS-TLS1.3"));
  g_assert_false (tls_handshake (tls->ports[AARHUS], "+VERS-TLS1.2"));
}

static void
try_port_in_use (Network *where, gpointer data)
{
  g_autoptr (KohNode) second = koh_node_new (where->federation->members[AARHUS], where->federation->roster);
  g_autofree char *number = g_strdup_printf ("port %u", where->ports[AARHUS]);
  g_autoptr (GError) error = NULL;

  g_assert_false (koh_node_listen (second, "127.0.0.1", where->ports[AARHUS], FALSE, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, number));
  g_clear_error (&error);
  g_assert_false (koh_node_listen (second, "here", 0, FALSE, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

static void
a_port_in_use_is_named (void)
{
  in_network (network, try_port_in_use, NULL);
}

static void
try_desk (Network *where, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (koh_node_listen (where->nodes[ASKER], "127.0.0.1", free_port (), FALSE, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

static void
a_desk_cannot_listen (void)
{
  in_network (network, try_desk, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  network = network_new (TRUE, 5000, 20000);
  g_test_add_func ("/net/listener/wrong-hellos-are-refused-with-their-reason",
                   wrong_hellos_are_refused_with_their_reason);
  g_test_add_func ("/net/listener/every-changed-byte-of-the-first-message-is-refused",
                   every_changed_byte_of_the_first_message_is_refused);
  g_test_add_func ("/net/listener/every-shortened-first-message-is-refused",
                   every_shortened_first_message_is_refused);
  g_test_add_func ("/net/listener/a-recorded-first-message-opens-nothing",
                   a_recorded_first_message_opens_nothing);
  g_test_add_func ("/net/listener/data-before-ready-opens-nothing", data_before_ready_opens_nothing);
  g_test_add_data_func ("/net/listener/slow-handshakes-are-dropped/plain", GINT_TO_POINTER (TRUE),
                        slow_handshakes_are_dropped);
  g_test_add_data_func ("/net/listener/slow-handshakes-are-dropped/tls", GINT_TO_POINTER (FALSE),
                        slow_handshakes_are_dropped);
  g_test_add_func ("/net/listener/a-flood-before-the-handshake-is-cut-off",
                   a_flood_before_the_handshake_is_cut_off);
  g_test_add_func ("/net/listener/connections-are-limited", connections_are_limited);
  g_test_add_func ("/net/listener/only-tls-1.3-is-spoken", only_tls_1_3_is_spoken);
  g_test_add_func ("/net/listener/a-port-in-use-is-named", a_port_in_use_is_named);
  g_test_add_func ("/net/listener/a-desk-cannot-listen", a_desk_cannot_listen);
  status = g_test_run ();
  network_free (network);
  return status;
}
