/* SPDX-License-Identifier: EUPL-1.2 */
#include "network.h"

static Network *tls, *plain;

static void
assert_received (KohLink *link, GBytes *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = koh_link_recv (link, 20, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (message, expected));
}

static void
send_all (KohLink *link, GBytes *message)
{
  g_autoptr (GError) error = NULL;

  koh_link_send (link, message, &error);
  g_assert_no_error (error);
}

static void
messages_of_every_length_arrive (gconstpointer data)
{
  Network *network = *(Network *const *) data;
  const gsize sizes[] = { 0,
                          1,
                          1000,
                          KOH_FRAME_CUT - 1,
                          KOH_FRAME_CUT,
                          KOH_FRAME_CUT + 1,
                          3 * KOH_FRAME_CUT,
                          KOH_FRAME_MOST + 1,
                          KOH_CREDIT,
                          KOH_CREDIT + 1,
                          3 * KOH_CREDIT + 7 };
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;

  connect_members (network, ASKER, AARHUS, "control", &near, &far);
  g_assert_cmpstr (koh_link_get_peer (near), ==, "aarhus");
  g_assert_cmpstr (koh_link_get_peer (far), ==, "asker");
  g_assert_cmpstr (koh_link_get_purpose (far), ==, "control");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) forth = pattern (sizes[i], i), back = pattern (sizes[i], i + 100);

      send_all (near, forth);
      send_all (far, back);
      assert_received (far, forth);
      assert_received (near, back);
    }
}

/* ---- Flow ---- */

typedef struct
{
  KohLink *link;
  guint n;
  gsize size;
  guint seed;
  gint sent; /* atomic */
  GError *error;
} Sender;

static gpointer
send_thread (gpointer data)
{
  Sender *sender = data;

  for (guint i = 0; i < sender->n && sender->error == NULL; i++)
    {
      g_autoptr (GBytes) message = pattern (sender->size, sender->seed + i);

      if (koh_link_send (sender->link, message, &sender->error))
        g_atomic_int_inc (&sender->sent);
    }
  return NULL;
}

static void
both_sides_send_long_messages_at_once (gconstpointer data)
{
  Network *network = *(Network *const *) data;
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  Sender forth = { .n = 4, .size = 16 << 20, .seed = 1 }, back = { .n = 4, .size = 16 << 20, .seed = 9 };
  GThread *a, *b;

  connect_members (network, RIGS, DST, "session:00", &near, &far);
  forth.link = near;
  back.link = far;
  a = g_thread_new ("forth", send_thread, &forth);
  b = g_thread_new ("back", send_thread, &back);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) x = pattern (16 << 20, 1 + i), y = pattern (16 << 20, 9 + i);

      assert_received (far, x);
      assert_received (near, y);
    }
  g_thread_join (a);
  g_thread_join (b);
  g_assert_no_error (forth.error);
  g_assert_no_error (back.error);
}

/* Straight-line protocol code sends first and reads then, on both sides; one message longer than the window
 * must pass without anybody reading. */
static void
a_message_longer_than_the_window_needs_no_reader (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GBytes) longest = pattern (KOH_MESSAGE_MOST, 3), other = pattern (16 << 20, 4);

  connect_members (tls, RIGS, DST, "session:01", &near, &far);
  send_all (near, longest);
  send_all (far, other);
  assert_received (far, longest);
  assert_received (near, other);
}

static void
longer_than_64_mib_is_refused_here (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autofree guint8 *bytes = g_malloc0 (KOH_MESSAGE_MOST + 1);
  g_autoptr (GBytes) message = g_bytes_new_static (bytes, KOH_MESSAGE_MOST + 1), small = pattern (5, 5);
  g_autoptr (GError) error = NULL;

  connect_members (plain, RIGS, DST, "session:02", &near, &far);
  g_assert_false (koh_link_send (near, message, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED);
  send_all (near, small);
  assert_received (far, small);
}

static void
a_sender_waits_for_credit (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  Sender sender = { .n = 20, .size = 1 << 20, .seed = 1 };
  GThread *thread;
  gint64 start;

  connect_members (plain, RIGS, DST, "session:03", &near, &far);
  sender.link = near;
  thread = g_thread_new ("sender", send_thread, &sender);
  start = g_get_monotonic_time ();
  while (g_atomic_int_get (&sender.sent) < 7 && g_get_monotonic_time () - start < 10 * G_USEC_PER_SEC)
    g_usleep (1000);
  g_usleep (200 * 1000); /* time enough for what must not happen */
  g_assert_cmpint (g_atomic_int_get (&sender.sent), ==,
                   7); /* the eighth does not fit with its frames' own cost */
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GBytes) expected = pattern (1 << 20, 1 + i);

      assert_received (far, expected);
    }
  g_thread_join (thread);
  g_assert_no_error (sender.error);
}

static void
many_small_messages_keep_their_order (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  Sender sender = { .n = 20000, .size = 9, .seed = 7 };
  GThread *thread;

  connect_members (tls, RIGS, DST, "session:04", &near, &far);
  sender.link = near;
  thread = g_thread_new ("sender", send_thread, &sender);
  for (guint i = 0; i < sender.n; i++)
    {
      g_autoptr (GBytes) expected = pattern (9, 7 + i);

      assert_received (far, expected);
    }
  g_thread_join (thread);
}

/* Several workers may share a link; whole messages never mix. */
static void
messages_of_several_senders_stay_whole (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  Sender senders[4];
  GThread *threads[4];
  guint seen[4] = { 0 };

  connect_members (plain, RIGS, DST, "session:05", &near, &far);
  for (guint i = 0; i < 4; i++)
    {
      senders[i] = (Sender){ .link = near, .n = 6, .size = (3 << 20) + i, .seed = 1000 * i };
      threads[i] = g_thread_new ("sender", send_thread, &senders[i]);
    }
  for (guint i = 0; i < 24; i++)
    {
      g_autoptr (GBytes) message = koh_link_recv (far, 20, NULL);
      guint who = (guint) (g_bytes_get_size (message) - (3 << 20));
      g_autoptr (GBytes) expected = NULL;

      g_assert_cmpuint (who, <, 4);
      expected = pattern ((3 << 20) + who, 1000 * who + seen[who]++);
      g_assert_true (g_bytes_equal (message, expected));
    }
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

/* ---- Callbacks ---- */

typedef struct
{
  KohLink *link;
  GAsyncQueue *messages, *ends;
} Watcher;

static void
echo_cb (KohLink *link, GBytes *message, gpointer user_data)
{
  Watcher *watcher = user_data;

  g_async_queue_push (watcher->messages, g_bytes_ref (message));
  koh_link_send (link, message, NULL);
}

static void
ended_cb (KohLink *link, const GError *why, gpointer user_data)
{
  Watcher *watcher = user_data;

  g_async_queue_push (watcher->ends, g_error_copy (why));
}

static void
watch (Network *network, gpointer data)
{
  Watcher *watcher = data;

  koh_link_watch (watcher->link, echo_cb, ended_cb, watcher);
}

static void
callbacks_get_what_came_before_and_the_end_once (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_DECLINED, "no");
  g_autoptr (GError) end = NULL;
  Watcher watcher = { .messages = g_async_queue_new_full ((GDestroyNotify) g_bytes_unref),
                      .ends = g_async_queue_new_full ((GDestroyNotify) g_error_free) };

  connect_members (tls, ASKER, AARHUS, "control", &near, &far);
  watcher.link = far;
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GBytes) message = pattern (100 + i, i);

      if (i == 5)
        in_network (tls, watch, &watcher);
      send_all (near, message);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GBytes) expected = pattern (100 + i, i);

      assert_received (near, expected);
    }
  koh_link_close (near, why);
  koh_link_close (near, NULL);
  end = g_async_queue_timeout_pop (watcher.ends, 5 * G_USEC_PER_SEC);
  g_assert_error (end, KOH_ERROR, KOH_ERROR_DECLINED);
  g_assert_cmpstr (end->message, ==, "asker stopped: no");
  g_usleep (50 * 1000);
  g_assert_cmpint (g_async_queue_length (watcher.ends), ==, 0);
  g_assert_cmpint (g_async_queue_length (watcher.messages), ==, 10);
  g_async_queue_unref (watcher.messages);
  g_async_queue_unref (watcher.ends);
}

static void
overfill (Network *network, gpointer data)
{
  KohLink *link = data;
  g_autoptr (GBytes) message = pattern (1 << 20, 1);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (n < 100 && koh_link_send (link, message, &error))
    n++;
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "aarhus"));
  g_assert_cmpuint (n, >=, 15); /* a window on its way, and 8 MiB that wait */
  g_assert_cmpuint (n, <=, 16);
}

static void
the_main_context_never_waits (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;

  connect_members (plain, ASKER, AARHUS, "control", &near, &far);
  in_network (plain, overfill, near);
  g_assert_true (koh_link_is_closed (near));
}

/* ---- The end ---- */

static void
a_reason_reaches_who_waits (void)
{
  const KohErrorCode codes[] = { KOH_ERROR_CHECK, KOH_ERROR_STOPPED, KOH_ERROR_DATA };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (KohLink) near = NULL;
      g_autoptr (KohLink) far = NULL;
      g_autoptr (GError) why = g_error_new (KOH_ERROR, (gint) codes[i], "reason %u", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) last = pattern (100000, 1);
      g_autofree char *expected = g_strdup_printf ("rigshospitalet stopped: reason %u", i);

      connect_members (tls, RIGS, DST, "session:06", &near, &far);
      send_all (near, last);
      koh_link_close (near, why);
      assert_received (far, last);
      g_assert_null (koh_link_recv (far, 10, &error));
      g_assert_error (error, KOH_ERROR, (gint) codes[i]);
      g_assert_cmpstr (error->message, ==, expected);
      g_clear_error (&error);
      g_assert_false (koh_link_send (far, last, &error));
      g_assert_cmpstr (error->message, ==, expected);
      g_clear_error (&error);
      g_assert_null (koh_link_recv (near, 10, &error));
      g_assert_error (error, KOH_ERROR, (gint) codes[i]);
    }
}

static void
letting_go_closes (void)
{
  KohLink *near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GError) error = NULL;

  connect_members (tls, RIGS, DST, "session:07", &near, &far);
  koh_link_unref (near);
  g_assert_null (koh_link_recv (far, 10, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_cmpstr (error->message, ==, "rigshospitalet closed the connection");
}

static gpointer
close_later (gpointer data)
{
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "enough");

  g_usleep (100 * 1000);
  koh_link_close (data, why);
  return NULL;
}

static void
a_close_wakes_who_waits_for_credit (void)
{
  for (guint here = 0; here < 2; here++)
    {
      g_autoptr (KohLink) near = NULL;
      g_autoptr (KohLink) far = NULL;
      Sender sender = { .n = 100, .size = 1 << 20 };
      GThread *thread;

      connect_members (plain, RIGS, DST, "session:08", &near, &far);
      sender.link = near;
      thread = g_thread_new ("closer", close_later, here ? near : far);
      send_thread (&sender);
      g_assert_error (sender.error, KOH_ERROR, KOH_ERROR_STOPPED);
      g_assert_nonnull (strstr (sender.error->message, "enough"));
      g_clear_error (&sender.error);
      g_thread_join (thread);
    }
}

static void
silence_ends_with_the_peers_name (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = pattern (10, 1), big = pattern (20 << 20, 1);

  connect_members (plain, RIGS, DST, "session:09", &near, &far);
  g_assert_null (koh_link_recv (near, 1, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "danmarks-statistik"));
  g_clear_error (&error);
  send_all (near, message);
  assert_received (far, message);
  send_all (near, message);
  g_assert_false (koh_link_send_within (near, big, 1, &error)); /* the one before is not taken */
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "danmarks-statistik"));
  g_assert_true (koh_link_is_closed (near));
}

static void
keys_are_the_connections_own (void)
{
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (KohLink) near_2 = NULL;
  g_autoptr (KohLink) far_2 = NULL;
  KohHash one = koh_hash_of ("kohorte/test/1", "1", 1), two = koh_hash_of ("kohorte/test/1", "2", 1);
  guint8 a[32], b[32], others[3][32];

  connect_members (tls, RIGS, DST, "session:0a", &near, &far);
  connect_members (tls, RIGS, DST, "session:0a", &near_2, &far_2);
  koh_link_derive_key (near, "prg", &one, a);
  koh_link_derive_key (far, "prg", &one, b);
  koh_link_derive_key (far, "prg", &two, others[0]);
  koh_link_derive_key (far, "coin", &one, others[1]);
  koh_link_derive_key (far_2, "prg", &one, others[2]);
  g_assert_cmpmem (a, 32, b, 32);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (memcmp (a, others[i], 32), !=, 0);
}

static void
free_node (Network *network, gpointer data)
{
  g_clear_pointer (&network->nodes[GPOINTER_TO_UINT (data)], koh_node_free);
}

static void
a_peer_that_dies_in_a_message_is_named (void)
{
  Network *network = network_new (FALSE, 5000, 20000);
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GError) error = NULL;
  Sender sender = { .n = 100, .size = 1 << 20 };
  GThread *thread;

  connect_members (network, RIGS, DST, "session:0b", &near, &far);
  sender.link = near;
  thread = g_thread_new ("sender", send_thread, &sender);
  while (g_atomic_int_get (&sender.sent) < 4)
    g_usleep (1000);
  in_network (network, free_node, GUINT_TO_POINTER (DST));
  g_thread_join (thread);
  g_assert_error (sender.error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_cmpstr (sender.error->message, ==, "danmarks-statistik closed the connection");
  g_clear_error (&sender.error);
  g_assert_null (koh_link_recv (near, 5, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  network_free (network);
}

static void
close_and_leave (Network *network, gpointer data)
{
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "the machine is shut down");

  koh_link_close (data, why);
  g_clear_pointer (&network->nodes[RIGS], koh_node_free);
}

static void
a_last_word_is_heard (void)
{
  g_autoptr (Network) network = network_new (FALSE, 5000, 20000);
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;
  g_autoptr (GError) error = NULL;

  connect_members (network, RIGS, DST, "session:0c", &near, &far);
  in_network (network, close_and_leave, near);
  g_assert_null (koh_link_recv (far, 10, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_cmpstr (error->message, ==, "rigshospitalet stopped: the machine is shut down");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tls = network_new (FALSE, 5000, 20000);
  plain = network_new (TRUE, 5000, 20000);
  g_test_add_data_func ("/net/link/messages-of-every-length-arrive/tls", &tls,
                        messages_of_every_length_arrive);
  g_test_add_data_func ("/net/link/messages-of-every-length-arrive/plain", &plain,
                        messages_of_every_length_arrive);
  g_test_add_data_func ("/net/link/both-sides-send-long-messages-at-once/tls", &tls,
                        both_sides_send_long_messages_at_once);
  g_test_add_data_func ("/net/link/both-sides-send-long-messages-at-once/plain", &plain,
                        both_sides_send_long_messages_at_once);
  g_test_add_func ("/net/link/a-message-longer-than-the-window-needs-no-reader",
                   a_message_longer_than_the_window_needs_no_reader);
  g_test_add_func ("/net/link/longer-than-64-mib-is-refused-here", longer_than_64_mib_is_refused_here);
  g_test_add_func ("/net/link/a-sender-waits-for-credit", a_sender_waits_for_credit);
  g_test_add_func ("/net/link/many-small-messages-keep-their-order", many_small_messages_keep_their_order);
  g_test_add_func ("/net/link/messages-of-several-senders-stay-whole",
                   messages_of_several_senders_stay_whole);
  g_test_add_func ("/net/link/callbacks-get-what-came-before-and-the-end-once",
                   callbacks_get_what_came_before_and_the_end_once);
  g_test_add_func ("/net/link/the-main-context-never-waits", the_main_context_never_waits);
  g_test_add_func ("/net/link/a-reason-reaches-who-waits", a_reason_reaches_who_waits);
  g_test_add_func ("/net/link/letting-go-closes", letting_go_closes);
  g_test_add_func ("/net/link/a-close-wakes-who-waits-for-credit", a_close_wakes_who_waits_for_credit);
  g_test_add_func ("/net/link/silence-ends-with-the-peers-name", silence_ends_with_the_peers_name);
  g_test_add_func ("/net/link/keys-are-the-connections-own", keys_are_the_connections_own);
  g_test_add_func ("/net/link/a-peer-that-dies-in-a-message-is-named",
                   a_peer_that_dies_in_a_message_is_named);
  g_test_add_func ("/net/link/a-last-word-is-heard", a_last_word_is_heard);
  status = g_test_run ();
  network_free (tls);
  network_free (plain);
  return status;
}
