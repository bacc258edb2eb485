/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation at work: questions are answered, and whatever goes wrong stops one question and nothing
 * else. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "peer/audit.h"
#include "peer/review.h"
#include "peer/enrolment.h"
#include "query/json.h"
#include "world.h"

/* ---- Answers ------------------------------------------------------------------------------- */

static char *
results_of (JsonObject *answer)
{
  g_autoptr (JsonNode) node = json_node_copy (json_object_get_member (answer, "results"));

  return koh_json_canonical (node);
}

static void
the_same_question_gets_the_same_answer_in_another_session (void)
{
  Asked one, other;
  g_autofree char *a = NULL, *b = NULL, *kept = NULL, *path = NULL;
  JsonObject *first, *second;

  ask (&one, NULL);
  wait_for_end (&one);
  ask (&other, NULL);
  wait_for_end (&other);
  first = assert_answered (&one);
  second = assert_answered (&other);
  a = results_of (first);
  b = results_of (second);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (json_object_get_string_member (first, "session"), !=,
                   json_object_get_string_member (second, "session"));
  g_assert_cmpstr (json_object_get_string_member (first, "plan"), ==,
                   json_object_get_string_member (second, "plan"));
  kept = g_strconcat (json_object_get_string_member (first, "question_hash"), ".json", NULL);
  path = g_build_filename (world.selves[PEERS]->folder, "answers", kept, NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  asked_clear (&one);
  asked_clear (&other);
}

static void
several_questions_run_side_by_side (void)
{
  Asked asked[4];

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    ask (&asked[i], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      wait_for_end (&asked[i]);
      assert_answered (&asked[i]);
      asked_clear (&asked[i]);
    }
}

static void
too_many_questions_are_told_to_come_again (void)
{
  Asked asked[8];
  guint answered = 0, busy = 0;

  g_assert_true (fixture_wait (world_is_idle, NULL, 20));
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    ask (&asked[i], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      JsonObject *event;

      wait_for_end (&asked[i]);
      event = json_node_get_object (asked[i].end);
      if (strcmp (json_object_get_string_member (event, "event"), "answered") == 0)
        answered++;
      else
        busy += strstr (json_object_get_string_member (event, "message"), "busy") != NULL;
      asked_clear (&asked[i]);
    }
  g_assert_cmpuint (answered + busy, ==, G_N_ELEMENTS (asked));
  g_assert_cmpuint (busy, >, 0);
  assert_works ();
}

static void
every_log_verifies_and_tells_no_words (void)
{
  assert_works ();
  for (guint i = 0; i < ALL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) log = fixture_read (world.selves[i]->folder, "audit.log");
      g_autofree char *text = g_strndup ((char *) log->data, log->len);
      guint64 entries;

      koh_audit_verify (world.selves[i]->folder, world.selves[i]->card, NULL, &entries, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (text, i < PEERS ? "\"release\"" : "\"answer-opened\""));
      g_assert_null (strstr (text, "Statin"));
      g_assert_null (strstr (text, "DI21"));
      g_assert_null (strstr (text, "DEMO"));
    }
}

/* ---- What an owner finds at home ----------------------------------------------------------- */

static void
data_that_changed_are_not_used (void)
{
  g_autofree char *path = g_build_filename (world.selves[2]->folder, "data.sqlite", NULL);
  g_autoptr (GByteArray) kept = fixture_read (world.selves[2]->folder, "data.sqlite");
  sqlite3 *db = NULL;
  Asked asked;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM diagnose WHERE rowid = (SELECT min(rowid) FROM diagnose)",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (db);
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_failed (&asked, "mismatch", "rigshospitalet", "changed since its snapshot");
  asked_clear (&asked);
  fixture_write (world.selves[2]->folder, "data.sqlite", kept->data, kept->len);
  assert_works ();
}

static void
set_policy (guint peer, const char *from, const char *to)
{
  g_autoptr (GByteArray) kept = fixture_read (world.selves[peer]->folder, "policy.json");
  g_autofree char *text = g_strndup ((char *) kept->data, kept->len);
  g_autoptr (GString) changed = g_string_new (text);

  g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  fixture_write (world.selves[peer]->folder, "policy.json", changed->str, changed->len);
}

static void
a_policy_declines_by_name (void)
{
  Asked asked;

  set_policy (0, "\"automatic\"", "\"refuse\"");
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_failed (&asked, "declined", "aarhus", "aarhus");
  asked_clear (&asked);
  set_policy (0, "\"refuse\"", "\"automatic\"");
  assert_works ();
}

static gboolean
waits_for_review (gpointer user_data)
{
  g_autoptr (GPtrArray) list = koh_review_list (world.selves[1]->folder);

  return list->len > 0;
}

static void
decide (gboolean approve)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (fixture_wait (waits_for_review, NULL, 10));
  list = koh_review_list (world.selves[1]->folder);
  koh_review_decide (world.selves[1]->folder, g_ptr_array_index (list, 0), approve, "not this year", &error);
  g_assert_no_error (error);
}

static void
a_data_owner_decides (void)
{
  Asked asked;

  set_policy (1, "\"automatic\"", "\"ask\"");
  ask (&asked, NULL);
  decide (TRUE);
  wait_for_end (&asked);
  assert_answered (&asked);
  asked_clear (&asked);
  ask (&asked, NULL);
  decide (FALSE);
  wait_for_end (&asked);
  assert_failed (&asked, "declined", "danmarks-statistik", "not this year");
  asked_clear (&asked);
  g_assert_false (waits_for_review (NULL));
  set_policy (1, "\"ask\"", "\"automatic\"");
  assert_works ();
}

/* A new epoch at the holder: the first question meets two epochs, and makes the others enrol anew. */
static void
owners_follow_the_holder_into_a_new_epoch (void)
{
  g_autoptr (GError) error = NULL;
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  Asked asked;

  world_stop (1);
  {
    g_autoptr (KohParticipant) holder = fixture_open (world.fixture, fixture_peers[1]);

    koh_enrolment_clear (holder->state, &error);
    g_assert_no_error (error);
  }
  world_serve (1);
  g_assert_true (fixture_wait (world_is_ready, NULL, 60));
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_failed (&asked, "mismatch", "asker", "epochs");
  asked_clear (&asked);
  for (gboolean answered = FALSE; !answered;)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_assert_true (fixture_wait (world_is_idle, NULL, 20));
      ask (&asked, NULL);
      wait_for_end (&asked);
      answered = json_object_has_member (json_node_get_object (asked.end), "answer");
      asked_clear (&asked);
    }
}

/* ---- What breaks on the way ---------------------------------------------------------------- */

static gboolean
is_state (JsonObject *event, const char *peer, const char *state)
{
  return strcmp (json_object_get_string_member (event, "event"), "peer") == 0 &&
         strcmp (json_object_get_string_member (event, "peer"), peer) == 0 &&
         strcmp (json_object_get_string_member (event, "state"), state) == 0;
}

static char *
head_path (const char *aside)
{
  return g_build_filename (world.selves[0]->folder, aside != NULL ? aside : "audit.head", NULL);
}

/* From here on the log of aarhus cannot be written: a folder stands where its head should. */
static void
break_log (Asked *asked, JsonObject *event)
{
  g_autofree char *head = head_path (NULL), *aside = head_path ("aside"),
                  *inside = head_path ("audit.head/inside");

  if (!is_state (event, "aarhus", "input"))
    return;
  g_assert_cmpint (g_rename (head, aside), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (inside, 0700), ==, 0);
}

static void
no_shares_leave_without_an_entry (void)
{
  g_autofree char *head = head_path (NULL), *aside = head_path ("aside"),
                  *inside = head_path ("audit.head/inside");
  g_autoptr (GError) error = NULL;
  guint64 entries;
  Asked asked;

  ask (&asked, break_log);
  wait_for_end (&asked);
  g_assert_true (fixture_wait (world_is_idle, NULL, 20));
  g_rmdir (inside);
  g_rmdir (head);
  g_assert_cmpint (g_rename (aside, head), ==, 0);
  assert_failed (&asked, "stopped", "aarhus", "audit log");
  asked_clear (&asked);
  assert_works ();
  koh_audit_verify (world.selves[0]->folder, world.selves[0]->card, NULL, &entries, &error);
  g_assert_no_error (error);
}

static void
cancel_when_computing (Asked *asked, JsonObject *event)
{
  if (is_state (event, "danmarks-statistik", "input"))
    g_assert_true (koh_desk_cancel (koh_server_get_desk (world.servers[PEERS]), asked->run));
}

static void
a_question_can_be_cancelled (void)
{
  Asked asked;

  ask (&asked, cancel_when_computing);
  wait_for_end (&asked);
  assert_failed (&asked, "cancelled", "asker", "cancelled");
  asked_clear (&asked);
  assert_works ();
}

static void
a_peer_that_is_away_is_named (void)
{
  Asked asked;

  world_stop (2);
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_failed (&asked, "unreachable", "rigshospitalet", "rigshospitalet");
  asked_clear (&asked);
  world_serve (2);
  g_assert_true (fixture_wait (world_is_ready, NULL, 60));
  assert_works ();
}

static void
go_when_computing (Asked *asked, JsonObject *event)
{
  KohParticipant *self = world.selves[2];

  if (!is_state (event, "rigshospitalet", "input"))
    return;
  koh_node_free (self->node);
  self->node = koh_node_new (self->identity, self->roster);
}

/* All its links go at once, as if the machine had lost its network. */
static void
a_peer_that_dies_is_the_one_named (void)
{
  Asked asked;

  ask (&asked, go_when_computing);
  wait_for_end (&asked);
  assert_failed (&asked, "stopped", "rigshospitalet", "rigshospitalet");
  asked_clear (&asked);
  world_stop (2);
  world_serve (2);
  g_assert_true (fixture_wait (world_is_ready, NULL, 60));
  assert_works ();
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  world_begin ();
#define CLAIM(name, func) g_test_add_func ("/peer/federation/" name, func)
  CLAIM ("the-same-question-gets-the-same-answer", the_same_question_gets_the_same_answer_in_another_session);
  CLAIM ("several-questions-run-side-by-side", several_questions_run_side_by_side);
  CLAIM ("too-many-questions-are-told-to-come-again", too_many_questions_are_told_to_come_again);
  CLAIM ("every-log-verifies-and-tells-no-words", every_log_verifies_and_tells_no_words);
  CLAIM ("data-that-changed-are-not-used", data_that_changed_are_not_used);
  CLAIM ("a-policy-declines-by-name", a_policy_declines_by_name);
  CLAIM ("a-data-owner-decides", a_data_owner_decides);
  CLAIM ("owners-follow-the-holder-into-a-new-epoch", owners_follow_the_holder_into_a_new_epoch);
  CLAIM ("no-shares-leave-without-an-entry", no_shares_leave_without_an_entry);
  CLAIM ("a-question-can-be-cancelled", a_question_can_be_cancelled);
  CLAIM ("a-peer-that-is-away-is-named", a_peer_that_is_away_is_named);
  CLAIM ("a-peer-that-dies-is-the-one-named", a_peer_that_dies_is_the_one_named);
  status = g_test_run ();
  world_end ();
  return status;
}
