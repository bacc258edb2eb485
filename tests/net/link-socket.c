/* SPDX-License-Identifier: EUPL-1.2
 *
 * Participants that hold a key of the roster and break the protocol. */
#include "rogue.h"

static Network *network;

/* The node must close with @code, and give a sentence that names the asker and the check. */
static void
far_end_fails (Rogue *rogue, KohLink *far, KohErrorCode code, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = NULL;
  gint64 start = g_get_monotonic_time ();

  while (!koh_link_is_closed (far))
    {
      rogue_turn (rogue, 2);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
    }
  message = koh_link_recv (far, 1, &error);
  g_assert_null (message);
  g_assert_error (error, KOH_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, "asker"));
  g_assert_nonnull (strstr (error->message, what));
}

static void
an_honest_rogue_is_a_participant (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GBytes) echo = NULL;
  g_autoptr (GBytes) payload = NULL;
  KohFrameKind kind;

  rogue_send_frame (rogue, KOH_FRAME_DATA, "hel", 3);
  rogue_send_frame (rogue, KOH_FRAME_DATA_LAST, "lo", 2);
  message = koh_link_recv (far, 10, NULL);
  g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message), "hello", 5);
  g_assert_true (koh_link_send (far, message, NULL));
  echo = rogue_next (rogue);
  payload = koh_frame_open (rogue->opens, echo, &kind, NULL);
  g_assert_true (g_bytes_equal (payload, message));
}

static void
a_repeated_frame_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autoptr (GBytes) frame = rogue_seal (rogue, KOH_FRAME_DATA, "x", 1);

  rogue_send (rogue, frame);
  rogue_send (rogue, frame);
  far_end_fails (rogue, far, KOH_ERROR_CHECK, "frame-sequence");
}

static void
a_frame_left_out_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autoptr (GBytes) lost = rogue_seal (rogue, KOH_FRAME_DATA_LAST, "x", 1);

  g_assert_nonnull (lost); /* and it is never sent */
  rogue_send_frame (rogue, KOH_FRAME_DATA_LAST, "y", 1);
  far_end_fails (rogue, far, KOH_ERROR_CHECK, "frame-sequence");
}

static void
a_changed_frame_ends_the_link (void)
{
  for (guint at = 0; at < KOH_FRAME_HEAD + 1 + KOH_FRAME_TAG; at++)
    {
      g_autoptr (KohLink) far = NULL;
      g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
      g_autoptr (GBytes) frame = rogue_seal (rogue, KOH_FRAME_DATA_LAST, "x", 1);
      guint8 *bytes = g_memdup2 (g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
      g_autoptr (GBytes) changed = g_bytes_new_take (bytes, g_bytes_get_size (frame));

      bytes[at] ^= 0x40;
      rogue_send (rogue, changed);
      far_end_fails (rogue, far, at < 2 ? KOH_ERROR_PROTOCOL : KOH_ERROR_CHECK, "frame-");
    }
}

static void
bytes_that_are_no_frame_end_the_link (void)
{
  const gsize sizes[] = { 0, 1, KOH_FRAME_HEAD, 200, 300000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (KohLink) far = NULL;
      g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
      g_autofree guint8 *bytes = g_malloc0 (sizes[i] + 1);
      g_autoptr (GBytes) message = g_bytes_new (bytes, sizes[i]);

      rogue_send (rogue, message);
      far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "frame");
    }
}

static void
text_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);

  soup_websocket_connection_send_text (rogue->socket, "hello");
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "no frame");
}

static void
too_long_a_frame_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autofree guint8 *bytes = g_malloc0 (KOH_WIRE_MOST + 1);
  g_autoptr (GBytes) message = g_bytes_new_static (bytes, KOH_WIRE_MOST + 1);

  rogue_send (rogue, message);
  far_end_fails (rogue, far, KOH_ERROR_STOPPED, "closed the connection");
}

static void
ready_twice_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);

  rogue_send_frame (rogue, KOH_FRAME_READY, NULL, 0);
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "out of turn");
}

static void
an_empty_part_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);

  rogue_send_frame (rogue, KOH_FRAME_DATA, NULL, 0);
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "empty");
}

/* Nobody reads, so the window is 8 MiB and not a byte more. */
static void
more_than_the_window_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autofree guint8 *bytes = g_malloc0 (KOH_FRAME_MOST);

  for (guint i = 0; i < 8; i++)
    rogue_send_frame (rogue, KOH_FRAME_DATA_LAST, bytes, KOH_FRAME_MOST - KOH_FRAME_COST);
  rogue_turn (rogue, 300);
  g_assert_false (koh_link_is_closed (far));
  rogue_send_frame (rogue, KOH_FRAME_DATA_LAST, NULL, 0);
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "link-window");
}

static void
more_than_64_mib_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  g_autofree guint8 *bytes = g_malloc0 (KOH_FRAME_MOST);

  for (guint i = 0; i < 70 && !koh_link_is_closed (far); i++)
    {
      rogue_send_frame (rogue, KOH_FRAME_DATA, bytes, KOH_FRAME_MOST);
      rogue_turn (rogue, 10); /* credit comes back, and is not even looked at */
    }
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "message-size");
}

static void
crumbs_end_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);

  for (guint i = 0; i < 70000 && !koh_link_is_closed (far); i++)
    {
      rogue_send_frame (rogue, KOH_FRAME_DATA, "x", 1);
      if (i % 1000 == 0)
        rogue_turn (rogue, 1);
    }
  far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "message-size");
}

/* Pings are answered by libsoup without asking us; without a frame between them they are a flood. */
static void
a_flood_of_pings_ends_the_link (void)
{
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);
  GOutputStream *output =
      g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (rogue->socket));
  guint8 ping[6 + 125] = { 0x89, 0x80 | 125 };

  for (guint i = 0; i < 40000 && !koh_link_is_closed (far); i++)
    {
      if (!g_output_stream_write_all (output, ping, sizeof ping, NULL, NULL, NULL))
        break;
      if (i % 64 == 0)
        rogue_turn (rogue, 1);
    }
  far_end_fails (rogue, far, KOH_ERROR_STOPPED, "closed the connection");
}

static void
credit_beyond_the_window_ends_the_link (void)
{
  const guint8 credits[][4] = { { 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 0xff, 0xff, 0xff, 0xff } };

  for (guint i = 0; i < G_N_ELEMENTS (credits); i++)
    {
      g_autoptr (KohLink) far = NULL;
      g_autoptr (Rogue) rogue = rogue_linked (network, AARHUS, &far);

      rogue_send_frame (rogue, KOH_FRAME_CREDIT, credits[i], 4);
      far_end_fails (rogue, far, KOH_ERROR_PROTOCOL, "link-credit");
    }
}

static void
a_peer_that_hangs_is_closed_as_unreachable (void)
{
  g_autoptr (Network) impatient = network_new (TRUE, 2000, 2100);
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (impatient, AARHUS, &far);
  g_autoptr (GError) error = NULL;

  g_assert_false (rogue->closed);
  g_assert_null (koh_link_recv (far, 10, &error)); /* the rogue's context stands still meanwhile */
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "asker has not been heard"));
}

static void
a_quiet_peer_that_answers_pings_stays (void)
{
  g_autoptr (Network) impatient = network_new (TRUE, 2000, 3100);
  g_autoptr (KohLink) far = NULL;
  g_autoptr (Rogue) rogue = rogue_linked (impatient, AARHUS, &far);

  rogue_turn (rogue, 4500);
  g_assert_false (koh_link_is_closed (far));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  network = network_new (TRUE, 5000, 20000);
  g_test_add_func ("/net/link-socket/an-honest-rogue-is-a-participant", an_honest_rogue_is_a_participant);
  g_test_add_func ("/net/link-socket/a-repeated-frame-ends-the-link", a_repeated_frame_ends_the_link);
  g_test_add_func ("/net/link-socket/a-frame-left-out-ends-the-link", a_frame_left_out_ends_the_link);
  g_test_add_func ("/net/link-socket/a-changed-frame-ends-the-link", a_changed_frame_ends_the_link);
  g_test_add_func ("/net/link-socket/bytes-that-are-no-frame-end-the-link",
                   bytes_that_are_no_frame_end_the_link);
  g_test_add_func ("/net/link-socket/text-ends-the-link", text_ends_the_link);
  g_test_add_func ("/net/link-socket/too-long-a-frame-ends-the-link", too_long_a_frame_ends_the_link);
  g_test_add_func ("/net/link-socket/ready-twice-ends-the-link", ready_twice_ends_the_link);
  g_test_add_func ("/net/link-socket/an-empty-part-ends-the-link", an_empty_part_ends_the_link);
  g_test_add_func ("/net/link-socket/more-than-the-window-ends-the-link", more_than_the_window_ends_the_link);
  g_test_add_func ("/net/link-socket/more-than-64-mib-ends-the-link", more_than_64_mib_ends_the_link);
  g_test_add_func ("/net/link-socket/crumbs-end-the-link", crumbs_end_the_link);
  g_test_add_func ("/net/link-socket/a-flood-of-pings-ends-the-link", a_flood_of_pings_ends_the_link);
  g_test_add_func ("/net/link-socket/credit-beyond-the-window-ends-the-link",
                   credit_beyond_the_window_ends_the_link);
  g_test_add_func ("/net/link-socket/a-peer-that-hangs-is-closed-as-unreachable",
                   a_peer_that_hangs_is_closed_as_unreachable);
  g_test_add_func ("/net/link-socket/a-quiet-peer-that-answers-pings-stays",
                   a_quiet_peer_that_answers_pings_stays);
  status = g_test_run ();
  network_free (network);
  return status;
}
