/* SPDX-License-Identifier: EUPL-1.2
 *
 * Three members meet over real links: the same session and keys that fit, or none. */
#include "peer/meeting.h"

#include <string.h>

#include "common/error.h"
#include "fixture.h"
#include "peer/session.h"

static Fixture *shared;

typedef struct
{
  guint me;
  KohParticipant *self;
  KohMeeting *meeting;
  KohSession *session;   /* its id and plan hash are all that a meeting needs */
  KohLink *links[PEERS];
  guint8 key[32], next_key[32];
  gboolean met;
  GError *error;
  GThread *thread;
  gint *left;
} Member;

static void
incoming_cb (KohNode *node, KohLink *link, gpointer user_data)
{
  koh_meeting_offer (((Member *) user_data)->meeting, link);
}

static gpointer
meet_cb (gpointer data)
{
  Member *member = data;
  g_autofree char *purpose = koh_session_purpose (member->session);

  for (guint i = 0; i < PEERS && member->error == NULL; i++)
    if (i > member->me)
      member->links[i] = koh_node_dial (member->self->node, fixture_peers[i], purpose, NULL, &member->error);
    else if (i < member->me)
      member->links[i] =
          koh_meeting_wait (member->meeting, fixture_peers[i], purpose, 3, NULL, &member->error);
  if (member->error == NULL)
    member->met = koh_session_confirm (member->session, member->me, member->links, 3, member->key,
                                       member->next_key, &member->error);
  g_atomic_int_dec_and_test (member->left);
  return NULL;
}

static gboolean
all_done (gpointer user_data)
{
  return g_atomic_int_get ((gint *) user_data) == 0;
}

static void
members_set (Member members[PEERS], gint *left)
{
  memset (members, 0, PEERS * sizeof *members);
  *left = PEERS;
  for (guint i = 0; i < PEERS; i++)
    {
      g_autoptr (GError) error = NULL;
      Member *member = &members[i];

      member->me = i;
      member->left = left;
      member->self = fixture_open (shared, fixture_peers[i]);
      member->meeting = koh_meeting_new ();
      member->session = g_new0 (KohSession, 1);
      member->session->id = koh_hash_of ("test", "session", 7);
      member->session->plan_hash = koh_hash_of ("test", "plan", 4);
      member->self->node = koh_node_new (member->self->identity, member->self->roster);
      koh_node_set_incoming (member->self->node, incoming_cb, member);
      koh_node_listen (member->self->node, member->self->card->host, member->self->card->port, FALSE, &error);
      g_assert_no_error (error);
    }
}

static void
meet (Member members[PEERS], gint *left)
{
  for (guint i = 0; i < PEERS; i++)
    members[i].thread = g_thread_new (fixture_peers[i], meet_cb, &members[i]);
  g_assert_true (fixture_wait (all_done, left, 30));
  for (guint i = 0; i < PEERS; i++)
    g_thread_join (members[i].thread);
}

static void
members_clear (Member members[PEERS])
{
  for (guint i = 0; i < PEERS; i++)
    {
      for (guint j = 0; j < PEERS; j++)
        g_clear_pointer (&members[i].links[j], koh_link_unref);
      g_clear_error (&members[i].error);
      koh_meeting_free (members[i].meeting);
      g_free (members[i].session);
      koh_participant_free (members[i].self);
    }
}

static void
keys_fit_between_neighbours (void)
{
  Member members[PEERS];
  gint left;

  members_set (members, &left);
  meet (members, &left);
  for (guint i = 0; i < PEERS; i++)
    {
      g_assert_no_error (members[i].error);
      g_assert_true (members[i].met);
      /* k_j is known to P_{j-1} and P_j, and to nobody else. */
      g_assert_cmpmem (members[i].next_key, 32, members[(i + 1) % PEERS].key, 32);
      g_assert_cmpint (memcmp (members[i].key, members[i].next_key, 32), !=, 0);
      g_assert_cmpint (memcmp (members[i].next_key, members[(i + 2) % PEERS].key, 32), !=, 0);
    }
  members_clear (members);
}

static void
another_plan_is_noticed_by_all (void)
{
  Member members[PEERS];
  gint left;

  members_set (members, &left);
  members[2].session->plan_hash.bytes[0] ^= 1;
  meet (members, &left);
  for (guint i = 0; i < PEERS; i++)
    {
      g_assert_false (members[i].met);
      g_assert_error (members[i].error, KOH_ERROR, KOH_ERROR_MISMATCH);
    }
  members_clear (members);
}

/* A member of another session does not come: its link is for something else. */
static void
another_session_does_not_meet (void)
{
  Member members[PEERS];
  gint left;

  members_set (members, &left);
  members[2].session->id.bytes[31] ^= 1;
  meet (members, &left);
  g_assert_error (members[2].error, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (members[2].error->message, "aarhus"));
  for (guint i = 0; i < PEERS; i++)
    g_assert_false (members[i].met);
  members_clear (members);
}

static void
a_wait_can_be_cancelled (void)
{
  g_autoptr (KohMeeting) meeting = koh_meeting_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();

  g_cancellable_cancel (cancellable);
  g_assert_null (koh_meeting_wait (meeting, "aarhus", "session:0", 30, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 5 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  shared = fixture_new (200);
  g_test_add_func ("/peer/meeting/keys-fit-between-neighbours", keys_fit_between_neighbours);
  g_test_add_func ("/peer/meeting/another-plan-is-noticed-by-all", another_plan_is_noticed_by_all);
  g_test_add_func ("/peer/meeting/another-session-does-not-meet", another_session_does_not_meet);
  g_test_add_func ("/peer/meeting/a-wait-can-be-cancelled", a_wait_can_be_cancelled);
  status = g_test_run ();
  fixture_free (shared);
  return status;
}
