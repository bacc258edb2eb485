/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation at work in one process: three peers and a desk on loopback. Questions are answered, and
 * whatever goes wrong stops one question and nothing else. */
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "fixture.h"
#include "peer/audit.h"
#include "peer/members.h"
#include "peer/messages.h"
#include "peer/proposal.h"
#include "peer/review.h"
#include "peer/server.h"
#include "query/json.h"

#define ALL (PEERS + 1) /* and the desk */

typedef struct
{
  Fixture *fixture;
  KohParticipant *selves[ALL]; /* lent by the servers */
  KohServer *servers[ALL];
  gboolean ready[ALL], ended[ALL];
} World;

static World world;

/* ---- Starting and ending ------------------------------------------------------------------- */

static void
event_cb (KohServer *server, KohServerState state, const GError *why, gpointer user_data)
{
  guint i = GPOINTER_TO_UINT (user_data);

  g_assert_no_error (why);
  if (state == KOH_SERVER_READY)
    world.ready[i] = TRUE;
  else
    world.ended[i] = TRUE;
}

static const char *
name_of (guint i)
{
  return i < PEERS ? fixture_peers[i] : "asker";
}

static void
serve (guint i)
{
  g_autoptr (GError) error = NULL;

  world.selves[i] = fixture_open (world.fixture, name_of (i));
  world.ready[i] = world.ended[i] = FALSE;
  world.servers[i] = koh_server_new (world.selves[i], event_cb, GUINT_TO_POINTER (i));
  koh_server_begin (world.servers[i], &error);
  g_assert_no_error (error);
  world.ready[i] |= koh_server_is_ready (world.servers[i]);
}

static gboolean
all_ready (gpointer user_data)
{
  return world.ready[0] && world.ready[1] && world.ready[2] && world.ready[3];
}

static gboolean
has_ended (gpointer user_data)
{
  return world.ended[GPOINTER_TO_UINT (user_data)];
}

static void
end (guint i)
{
  koh_server_end (world.servers[i]);
  g_assert_true (fixture_wait (has_ended, GUINT_TO_POINTER (i), 25));
  g_clear_pointer (&world.servers[i], koh_server_free);
}

static void
begin_world (void)
{
  world.fixture = fixture_new (400);
  for (guint i = 0; i < ALL; i++)
    serve (i);
  g_assert_true (fixture_wait (all_ready, NULL, 60));
}

static void
end_world (void)
{
  for (guint i = ALL; i > 0; i--)
    end (i - 1);
  g_clear_pointer (&world.fixture, fixture_free);
}

/* ---- Asking -------------------------------------------------------------------------------- */

typedef struct _Asked Asked;
struct _Asked
{
  char *run;
  JsonNode *end;                                 /* "answered" or "failed" */
  void (*seen) (Asked *asked, JsonObject *event); /* each event; may be NULL */
};

static GPtrArray *asking;

static void
desk_event_cb (const char *run, JsonNode *event, gpointer user_data)
{
  JsonObject *object = json_node_get_object (event);
  const char *kind = json_object_get_string_member (object, "event");

  for (guint i = 0; i < asking->len; i++)
    {
      Asked *asked = g_ptr_array_index (asking, i);

      if (strcmp (asked->run, run) != 0)
        continue;
      if (asked->seen != NULL)
        asked->seen (asked, object);
      if (strcmp (kind, "answered") == 0 || strcmp (kind, "failed") == 0)
        asked->end = json_node_ref (event);
    }
}

static char *
question_text (void)
{
  g_autoptr (KohQuestion) question = fixture_question (world.fixture);

  return koh_question_to_text (question);
}

static void
ask (Asked *asked, void (*seen) (Asked *asked, JsonObject *event))
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = question_text ();
  KohDesk *desk = koh_server_get_desk (world.servers[PEERS]);
  KohHash hash;

  koh_desk_set_event (desk, desk_event_cb, NULL);
  asked->run = g_strdup (koh_desk_ask (desk, text, &hash, &error));
  asked->end = NULL;
  asked->seen = seen;
  g_assert_no_error (error);
  g_ptr_array_add (asking, asked);
}

static gboolean
is_over (gpointer user_data)
{
  return ((Asked *) user_data)->end != NULL;
}

static void
wait_for_end (Asked *asked)
{
  g_assert_true (fixture_wait (is_over, asked, 60));
}

static void
asked_clear (Asked *asked)
{
  g_ptr_array_remove (asking, asked);
  json_node_unref (asked->end);
  g_free (asked->run);
}

static JsonObject *
assert_answered (Asked *asked)
{
  JsonObject *event = json_node_get_object (asked->end);

  if (json_object_has_member (event, "message"))
    g_test_message ("%s", json_object_get_string_member (event, "message"));
  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, "answered");
  return json_object_get_object_member (event, "answer");
}

static void
assert_failed (Asked *asked, const char *code, const char *peer, const char *says)
{
  JsonObject *event = json_node_get_object (asked->end);

  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, "failed");
  g_test_message ("%s", json_object_get_string_member (event, "message"));
  g_assert_cmpstr (json_object_get_string_member (event, "code"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (event, "peer"), ==, peer);
  g_assert_nonnull (strstr (json_object_get_string_member (event, "message"), says));
}

static gboolean
no_jobs (gpointer user_data)
{
  return g_atomic_int_get (&world.selves[0]->jobs) == 0 && g_atomic_int_get (&world.selves[1]->jobs) == 0 &&
         g_atomic_int_get (&world.selves[2]->jobs) == 0;
}

/* Whatever happened before: the next question is answered, and nothing of the last one is left. */
static void
assert_works (void)
{
  Asked asked;

  g_assert_true (fixture_wait (no_jobs, NULL, 20));
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_answered (&asked);
  asked_clear (&asked);
}

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
  g_assert_cmpstr (json_object_get_string_member (first, "plan"), ==, json_object_get_string_member (second, "plan"));
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

  g_assert_true (fixture_wait (no_jobs, NULL, 20));
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
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM diagnose WHERE rowid = (SELECT min(rowid) FROM diagnose)", NULL, NULL,
                                 NULL),
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
  g_autofree char *head = head_path (NULL), *aside = head_path ("aside"), *inside = head_path ("audit.head/inside");

  if (!is_state (event, "aarhus", "input"))
    return;
  g_assert_cmpint (g_rename (head, aside), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (inside, 0700), ==, 0);
}

static void
no_shares_leave_without_an_entry (void)
{
  g_autofree char *head = head_path (NULL), *aside = head_path ("aside"), *inside = head_path ("audit.head/inside");
  g_autoptr (GError) error = NULL;
  guint64 entries;
  Asked asked;

  ask (&asked, break_log);
  wait_for_end (&asked);
  g_assert_true (fixture_wait (no_jobs, NULL, 20));
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

  end (2);
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_failed (&asked, "unreachable", "rigshospitalet", "rigshospitalet");
  asked_clear (&asked);
  serve (2);
  g_assert_true (fixture_wait (all_ready, NULL, 60));
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

/* ---- Strangers at the door ----------------------------------------------------------------- */

typedef struct
{
  KohNode *node;
  KohParticipant *self;
  const char *peer;
  GPtrArray *messages;  /* of GBytes, sent one after the other's answer */
  GPtrArray *answers;   /* of KohMessage */
  GError *error;
  gint done;
} Stranger;

static gpointer
stranger_cb (gpointer data)
{
  Stranger *stranger = data;
  g_autoptr (KohLink) link = koh_node_dial (stranger->node, stranger->peer, "control", NULL, &stranger->error);
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "done");

  for (guint i = 0; link != NULL && i < stranger->messages->len; i++)
    {
      g_autoptr (GBytes) answer = NULL;

      koh_link_send (link, g_ptr_array_index (stranger->messages, i), NULL);
      answer = koh_link_recv (link, 10, NULL);
      if (answer != NULL)
        g_ptr_array_add (stranger->answers, koh_message_read (answer, &stranger->error));
    }
  if (link != NULL)
    koh_link_close (link, done);
  g_atomic_int_set (&stranger->done, 1);
  return NULL;
}

static gboolean
stranger_is_done (gpointer user_data)
{
  return g_atomic_int_get (&((Stranger *) user_data)->done);
}

static void
stranger_go (Stranger *stranger)
{
  GThread *thread;

  stranger->self = world.selves[PEERS];
  stranger->node = stranger->self->node;
  stranger->peer = "aarhus";
  stranger->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_message_free);
  stranger->error = NULL;
  stranger->done = 0;
  thread = g_thread_new ("stranger", stranger_cb, stranger);
  g_assert_true (fixture_wait (stranger_is_done, stranger, 60));
  g_thread_join (thread);
  g_assert_no_error (stranger->error);
  g_ptr_array_unref (stranger->messages);
  stranger->messages = NULL;
}

static GPtrArray *
messages_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
assert_said (Stranger *stranger, guint i, KohMessageKind kind, const char *code)
{
  KohMessage *message;

  g_assert_cmpuint (i, <, stranger->answers->len);
  message = g_ptr_array_index (stranger->answers, i);
  g_assert_cmpstr (koh_message_name (message->kind), ==, koh_message_name (kind));
  if (code != NULL)
    g_assert_cmpstr (koh_member_text (message->object, "code"), ==, code);
}

static KohProposal *
propose (void)
{
  g_autoptr (KohQuestion) question = fixture_question (world.fixture);

  return koh_proposal_new (world.selves[PEERS]->identity, world.selves[PEERS]->roster, question,
                           g_get_real_time () / G_USEC_PER_SEC, 600);
}

static GBytes *
as_message (KohProposal *proposal)
{
  JsonObject *members = json_object_new ();

  json_object_set_member (members, "proposal", json_node_copy (proposal->document));
  return koh_message_write (KOH_MESSAGE_PROPOSE, members);
}

static void
bytes_that_are_no_message_are_declined (void)
{
  static const char *const texts[] = { "", "\xff\xfe\x00", "{}", "{\"type\":\"start\",\"accepts\":[]}",
                                       "{\"type\":\"propose\",\"proposal\":{}}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Stranger stranger = { .messages = messages_new () };

      g_ptr_array_add (stranger.messages, g_bytes_new_static (texts[i], strlen (texts[i])));
      stranger_go (&stranger);
      assert_said (&stranger, 0, KOH_MESSAGE_DECLINE, "protocol");
      g_ptr_array_unref (stranger.answers);
    }
  assert_works ();
}

static void
a_changed_question_is_declined (void)
{
  g_autoptr (KohProposal) proposal = propose ();
  JsonObject *body = json_object_get_object_member (json_node_get_object (proposal->document), "body");
  Stranger stranger = { .messages = messages_new () };

  json_object_set_string_member (json_object_get_object_member (body, "question"), "title", "Another");
  g_ptr_array_add (stranger.messages, as_message (proposal));
  stranger_go (&stranger);
  assert_said (&stranger, 0, KOH_MESSAGE_DECLINE, "check");
  g_ptr_array_unref (stranger.answers);
}

static void
a_proposal_is_accepted_once (void)
{
  g_autoptr (KohProposal) proposal = propose ();
  Stranger once = { .messages = messages_new () }, again = { .messages = messages_new () };

  g_ptr_array_add (once.messages, as_message (proposal));
  stranger_go (&once);
  assert_said (&once, 0, KOH_MESSAGE_ACCEPT, NULL);
  g_ptr_array_add (again.messages, as_message (proposal));
  stranger_go (&again);
  assert_said (&again, 0, KOH_MESSAGE_DECLINE, "check");
  g_ptr_array_unref (once.answers);
  g_ptr_array_unref (again.answers);
  assert_works ();
}

static void
a_start_without_acceptances_is_declined (void)
{
  g_autoptr (KohProposal) proposal = propose ();
  JsonObject *members = json_object_new ();
  Stranger stranger = { .messages = messages_new () };

  json_object_set_array_member (members, "accepts", json_array_new ());
  g_ptr_array_add (stranger.messages, as_message (proposal));
  g_ptr_array_add (stranger.messages, koh_message_write (KOH_MESSAGE_START, members));
  stranger_go (&stranger);
  assert_said (&stranger, 0, KOH_MESSAGE_ACCEPT, NULL);
  assert_said (&stranger, 1, KOH_MESSAGE_DECLINE, "protocol");
  g_ptr_array_unref (stranger.answers);
  assert_works ();
}

/* ---- The local socket ---------------------------------------------------------------------- */

typedef struct
{
  char *path;
  const char *say;
  char *answer; /* one line */
  gint done;
} Client;

static gpointer
client_cb (gpointer data)
{
  Client *client = data;
  g_autoptr (GSocketClient) socket = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (client->path);
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect (socket, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  if (connection != NULL)
    {
      g_autoptr (GDataInputStream) lines =
        g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));

      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), client->say,
                                 strlen (client->say), NULL, NULL, NULL);
      client->answer = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
    }
  g_atomic_int_set (&client->done, 1);
  return NULL;
}

static gboolean
client_is_done (gpointer user_data)
{
  return g_atomic_int_get (&((Client *) user_data)->done);
}

static void
assert_local (const char *say, const char *answer)
{
  g_autofree char *path = koh_place_socket (world.selves[PEERS]->folder);
  Client client = { path, say, NULL, 0 };
  GThread *thread = g_thread_new ("client", client_cb, &client);

  g_assert_true (fixture_wait (client_is_done, &client, 30));
  g_thread_join (thread);
  if (answer == NULL)
    g_assert_null (client.answer);
  else
    g_assert_nonnull (client.answer != NULL ? strstr (client.answer, answer) : NULL);
  g_free (client.answer);
}

static void
the_local_socket_answers_and_survives_anything (void)
{
  g_autofree char *endless = g_strnfill ((1 << 20) + 100000, 'x');

  assert_local ("{\"do\":\"ping\"}\n", "\"pong\"");
  assert_local ("{\"do\":\"runs\"}\n", "\"runs\":[]");
  assert_local ("{\"do\":\"answers\"}\n", "Statin after a first heart attack");
  assert_local ("{\"do\":\"watch\",\"run\":\"none\"}\n", "\"error\"");
  assert_local ("{\"do\":\"cancel\",\"run\":\"none\"}\n", "\"error\"");
  assert_local ("{\"do\":\"ask\",\"question\":\"{}\"}\n", "\"failed\"");
  assert_local ("{\"do\":\"ask\"}\n", "\"error\"");
  assert_local ("{\"do\":7}\n", "\"error\"");
  assert_local ("[]\n", "\"error\"");
  assert_local ("\xff\xff\n", "\"error\"");
  assert_local (endless, NULL);
  assert_local ("{\"do\":\"ping\"}\n", "\"pong\"");
  assert_local ("{\"do\":\"look\"}\n", "\"peer-seen\"");
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
  end (2);
  serve (2);
  g_assert_true (fixture_wait (all_ready, NULL, 60));
  assert_works ();
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  asking = g_ptr_array_new ();
  begin_world ();
#define CLAIM(name, func) g_test_add_func ("/peer/federation/" name, func)
  CLAIM ("the-same-question-gets-the-same-answer", the_same_question_gets_the_same_answer_in_another_session);
  CLAIM ("several-questions-run-side-by-side", several_questions_run_side_by_side);
  CLAIM ("too-many-questions-are-told-to-come-again", too_many_questions_are_told_to_come_again);
  CLAIM ("every-log-verifies-and-tells-no-words", every_log_verifies_and_tells_no_words);
  CLAIM ("data-that-changed-are-not-used", data_that_changed_are_not_used);
  CLAIM ("a-policy-declines-by-name", a_policy_declines_by_name);
  CLAIM ("a-data-owner-decides", a_data_owner_decides);
  CLAIM ("no-shares-leave-without-an-entry", no_shares_leave_without_an_entry);
  CLAIM ("a-question-can-be-cancelled", a_question_can_be_cancelled);
  CLAIM ("a-peer-that-is-away-is-named", a_peer_that_is_away_is_named);
  CLAIM ("bytes-that-are-no-message-are-declined", bytes_that_are_no_message_are_declined);
  CLAIM ("a-changed-question-is-declined", a_changed_question_is_declined);
  CLAIM ("a-proposal-is-accepted-once", a_proposal_is_accepted_once);
  CLAIM ("a-start-without-acceptances-is-declined", a_start_without_acceptances_is_declined);
  CLAIM ("the-local-socket-answers-and-survives-anything", the_local_socket_answers_and_survives_anything);
  CLAIM ("a-peer-that-dies-is-the-one-named", a_peer_that_dies_is_the_one_named);
  status = g_test_run ();
  end_world ();
  g_ptr_array_unref (asking);
  return status;
}
