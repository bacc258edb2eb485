/* SPDX-License-Identifier: EUPL-1.2
 *
 * The queues between threads: order, the end of a session, and a sender that runs too far ahead. */
#include "mpc/memory-channel.h"

#include "common/error.h"

#include <string.h>

static void
send_number (KohChannel *channel, guint to, guint32 number)
{
  g_autoptr (GBytes) message = g_bytes_new (&number, sizeof number);
  g_autoptr (GError) error = NULL;

  g_assert_true (channel->send (channel, to, message, &error));
  g_assert_no_error (error);
}

static guint32
receive_number (KohChannel *channel, guint from)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = channel->recv (channel, from, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (message), ==, sizeof (guint32));
  return *(const guint32 *) g_bytes_get_data (message, NULL);
}

static void
test_order (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *ends[KOH_PARTIES];

  for (guint i = 0; i < KOH_PARTIES; i++)
    ends[i] = koh_memory_mesh_get (mesh, i);
  for (guint32 n = 0; n < 100; n++)
    for (guint from = 0; from < KOH_PARTIES; from++)
      for (guint to = 0; to < KOH_PARTIES; to++)
        if (to != from)
          send_number (ends[from], to, 1000 * from + 100 * to + n);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (guint to = 0; to < KOH_PARTIES; to++)
      for (guint32 n = 0; n < 100 && to != from; n++)
        g_assert_cmpuint (receive_number (ends[to], from), ==, 1000 * from + 100 * to + n);
}

/* What was sent before the other end closed still arrives; then its reason. */
static void
test_close (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *a = koh_memory_mesh_get (mesh, 0), *b = koh_memory_mesh_get (mesh, 1);
  g_autoptr (GError) why = g_error_new_literal (KOH_ERROR, KOH_ERROR_CHECK, "First.");
  g_autoptr (GError) later = g_error_new_literal (KOH_ERROR, KOH_ERROR_DATA, "Second.");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = g_bytes_new (NULL, 0);

  send_number (a, 1, 7);
  a->close (a, why);
  a->close (a, later);
  g_assert_cmpuint (receive_number (b, 0), ==, 7);
  g_assert_null (b->recv (b, 0, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "First."));
  g_clear_error (&error);
  g_assert_false (b->send (b, 0, message, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_clear_error (&error);
  g_assert_false (a->send (a, 1, message, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_error (&error);
  g_assert_null (a->recv (a, 1, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
}

/* A sender far ahead waits: of 200 MB it has sent no more than the queue holds until the other reads. */

#define PIECE (8u << 20)
#define PIECES 25

typedef struct
{
  KohChannel *channel;
  gint sent;
} Sender;

static gpointer
send_all (gpointer data)
{
  Sender *sender = data;
  g_autoptr (GBytes) piece = g_bytes_new_take (g_malloc0 (PIECE), PIECE);

  for (guint i = 0; i < PIECES && sender->channel->send (sender->channel, 2, piece, NULL); i++)
    g_atomic_int_inc (&sender->sent);
  return NULL;
}

static void
test_back_pressure (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *reader = koh_memory_mesh_get (mesh, 2);
  Sender sender = { koh_memory_mesh_get (mesh, 1), 0 };
  GThread *thread = g_thread_new ("sender", send_all, &sender);

  g_usleep (50000);
  g_assert_cmpint (g_atomic_int_get (&sender.sent), <, PIECES / 2);
  for (guint i = 0; i < PIECES; i++)
    {
      g_autoptr (GBytes) piece = reader->recv (reader, 1, NULL);

      g_assert_cmpuint (g_bytes_get_size (piece), ==, PIECE);
    }
  g_thread_join (thread);
  g_assert_cmpint (sender.sent, ==, PIECES);
}

static void
test_close_wakes_sender (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *reader = koh_memory_mesh_get (mesh, 2);
  Sender sender = { koh_memory_mesh_get (mesh, 1), 0 };
  GThread *thread = g_thread_new ("sender", send_all, &sender);

  g_usleep (20000);
  reader->close (reader, NULL);
  g_thread_join (thread);
  g_assert_cmpint (sender.sent, <, PIECES);
}

/* A tamperer sees every message once and puts another in its place, or none. */
static GBytes *
spoil (guint from, guint to, GBytes *message, gpointer data)
{
  guint32 number;

  memcpy (&number, g_bytes_get_data (message, NULL), sizeof number);
  if (number % 3 == 0)
    return NULL;
  number += 100 * from + 10 * to;
  return g_bytes_new (&number, sizeof number);
}

static void
test_tamper (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *from = koh_memory_mesh_get (mesh, 1);

  koh_memory_mesh_set_tamper (mesh, spoil, NULL);
  for (guint32 n = 0; n < 5; n++)
    send_number (from, 2, n);
  g_assert_cmpuint (receive_number (koh_memory_mesh_get (mesh, 2), 1), ==, 121);
  g_assert_cmpuint (receive_number (koh_memory_mesh_get (mesh, 2), 1), ==, 122);
  g_assert_cmpuint (receive_number (koh_memory_mesh_get (mesh, 2), 1), ==, 124);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/memory-channel/keeps-order", test_order);
  g_test_add_func ("/mpc/memory-channel/close-ends-both-sides", test_close);
  g_test_add_func ("/mpc/memory-channel/sender-far-ahead-waits", test_back_pressure);
  g_test_add_func ("/mpc/memory-channel/close-wakes-a-waiting-sender", test_close_wakes_sender);
  g_test_add_func ("/mpc/memory-channel/a-tamperer-changes-what-arrives", test_tamper);
  return g_test_run ();
}
