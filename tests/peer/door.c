/* SPDX-License-Identifier: EUPL-1.2
 *
 * Who comes to the door: a participant that breaks the protocol, and the desk's own user. Whatever they
 * say, the next question is answered. */
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/members.h"
#include "peer/messages.h"
#include "peer/proposal.h"
#include "world.h"

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
  g_autoptr (KohLink) link =
      koh_node_dial (stranger->node, stranger->peer, "control", NULL, &stranger->error);
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

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  world_begin ();
#define CLAIM(name, func) g_test_add_func ("/peer/door/" name, func)
  CLAIM ("bytes-that-are-no-message-are-declined", bytes_that_are_no_message_are_declined);
  CLAIM ("a-changed-question-is-declined", a_changed_question_is_declined);
  CLAIM ("a-proposal-is-accepted-once", a_proposal_is_accepted_once);
  CLAIM ("a-start-without-acceptances-is-declined", a_start_without_acceptances_is_declined);
  CLAIM ("the-local-socket-answers-and-survives-anything", the_local_socket_answers_and_survives_anything);
  status = g_test_run ();
  world_end ();
  return status;
}
