/* SPDX-License-Identifier: EUPL-1.2
 *
 * The engine's channel over real sockets: three parties, each in its own thread. */
#include "network.h"

static const guint members[KOH_PARTIES] = { AARHUS, DST, RIGS };
static Network *network;

typedef struct
{
  KohLink *links[KOH_PARTIES][KOH_PARTIES];
  KohChannel *channels[KOH_PARTIES];
} Three;

static void
three_init (Three *three, guint timeout_seconds)
{
  memset (three, 0, sizeof *three);
  for (guint i = 0; i < KOH_PARTIES; i++)
    for (guint j = i + 1; j < KOH_PARTIES; j++)
      connect_members (network, members[i], members[j], "session:00", &three->links[i][j],
                       &three->links[j][i]);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      three->channels[i] = koh_mesh_new (i, three->links[i], timeout_seconds);
      for (guint j = 0; j < KOH_PARTIES; j++)
        g_clear_pointer (&three->links[i][j], koh_link_unref); /* the channel has its own */
    }
}

static void
three_clear (Three *three)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&three->channels[i], koh_channel_free);
}

typedef struct
{
  KohChannel *channel;
  guint me, rounds;
  gsize size;
  GError *error;
} Party;

/* What an engine does: send to the next, receive from the one before, in step. */
static gpointer
ring_thread (gpointer data)
{
  Party *party = data;
  guint next = (party->me + 1) % KOH_PARTIES, before = (party->me + 2) % KOH_PARTIES;

  for (guint i = 0; i < party->rounds && party->error == NULL; i++)
    {
      g_autoptr (GBytes) mine = pattern (party->size, 100 * party->me + i);
      g_autoptr (GBytes) expected = pattern (party->size, 100 * before + i);
      g_autoptr (GBytes) theirs = NULL;

      if (party->channel->send (party->channel, next, mine, &party->error))
        theirs = party->channel->recv (party->channel, before, &party->error);
      if (theirs != NULL)
        g_assert_true (g_bytes_equal (theirs, expected));
    }
  return NULL;
}

static void
run_ring (Three *three, guint rounds, gsize size)
{
  Party parties[KOH_PARTIES];
  GThread *threads[KOH_PARTIES];

  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      parties[i] = (Party){ .channel = three->channels[i], .me = i, .rounds = rounds, .size = size };
      threads[i] = g_thread_new ("party", ring_thread, &parties[i]);
    }
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (parties[i].error);
}

static void
three_parties_pass_messages_round (void)
{
  Three three;

  three_init (&three, 20);
  run_ring (&three, 300, 100);
  run_ring (&three, 10, 1 << 20);
  run_ring (&three, 2, 12 << 20);
  three_clear (&three);
}

static void
silence_is_a_named_failure (void)
{
  Three three;
  g_autoptr (GError) error = NULL;

  three_init (&three, 1);
  g_assert_null (three.channels[0]->recv (three.channels[0], 2, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (error->message, "rigshospitalet"));
  three_clear (&three);
}

static gpointer
close_later (gpointer data)
{
  KohChannel *channel = data;
  g_autoptr (GError) why =
      g_error_new (KOH_ERROR, KOH_ERROR_CHECK, "the batch was not proved (check zero-knowledge)");

  g_usleep (100 * 1000);
  channel->close (channel, why);
  return NULL;
}

static void
a_close_reaches_everybody_with_its_reason (void)
{
  Three three;
  GThread *thread;

  three_init (&three, 20);
  thread = g_thread_new ("close", close_later, three.channels[1]);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (three.channels[i]->recv (three.channels[i], i == 1 ? 0 : 1, &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
      g_assert_nonnull (strstr (error->message, "zero-knowledge"));
      g_assert_true (i == 1 || strstr (error->message, "danmarks-statistik stopped") != NULL);
    }
  g_thread_join (thread);
  three_clear (&three);
}

static void
a_party_that_is_not_linked_is_an_error (void)
{
  Three three;
  g_autoptr (GBytes) message = pattern (1, 1);
  g_autoptr (GError) error = NULL;

  three_init (&three, 5);
  g_assert_false (three.channels[0]->send (three.channels[0], 0, message, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (three.channels[0]->recv (three.channels[0], 3, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  three_clear (&three);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  network = network_new (FALSE, 5000, 20000);
  g_test_add_func ("/net/mesh/three-parties-pass-messages-round", three_parties_pass_messages_round);
  g_test_add_func ("/net/mesh/silence-is-a-named-failure", silence_is_a_named_failure);
  g_test_add_func ("/net/mesh/a-close-reaches-everybody-with-its-reason",
                   a_close_reaches_everybody_with_its_reason);
  g_test_add_func ("/net/mesh/a-party-that-is-not-linked-is-an-error",
                   a_party_that_is_not_linked_is_an_error);
  status = g_test_run ();
  network_free (network);
  return status;
}
