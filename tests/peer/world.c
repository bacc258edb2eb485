/* SPDX-License-Identifier: EUPL-1.2
 *
 * See world.h. */
#include "world.h"

#include <string.h>

#include "query/question.h"

World world;

static GPtrArray *asking; /* of Asked */

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

void
world_serve (guint i)
{
  g_autoptr (GError) error = NULL;

  world.selves[i] = fixture_open (world.fixture, name_of (i));
  world.ready[i] = world.ended[i] = FALSE;
  world.servers[i] = koh_server_new (world.selves[i], event_cb, GUINT_TO_POINTER (i));
  koh_server_begin (world.servers[i], &error);
  g_assert_no_error (error);
  world.ready[i] |= koh_server_is_ready (world.servers[i]);
}

gboolean
world_is_ready (gpointer user_data)
{
  return world.ready[0] && world.ready[1] && world.ready[2] && world.ready[3];
}

static gboolean
has_ended (gpointer user_data)
{
  return world.ended[GPOINTER_TO_UINT (user_data)];
}

void
world_stop (guint i)
{
  koh_server_end (world.servers[i]);
  g_assert_true (fixture_wait (has_ended, GUINT_TO_POINTER (i), 25));
  g_clear_pointer (&world.servers[i], koh_server_free);
}

void
world_begin (void)
{
  asking = g_ptr_array_new ();
  world.fixture = fixture_new (400);
  for (guint i = 0; i < ALL; i++)
    world_serve (i);
  g_assert_true (fixture_wait (world_is_ready, NULL, 60));
}

void
world_end (void)
{
  for (guint i = ALL; i > 0; i--)
    world_stop (i - 1);
  g_clear_pointer (&world.fixture, fixture_free);
  g_clear_pointer (&asking, g_ptr_array_unref);
}

/* ---- Asking -------------------------------------------------------------------------------- */

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

void
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

void
wait_for_end (Asked *asked)
{
  g_assert_true (fixture_wait (is_over, asked, 60));
}

void
asked_clear (Asked *asked)
{
  g_ptr_array_remove (asking, asked);
  json_node_unref (asked->end);
  g_free (asked->run);
}

JsonObject *
assert_answered (Asked *asked)
{
  JsonObject *event = json_node_get_object (asked->end);

  if (json_object_has_member (event, "message"))
    g_test_message ("%s", json_object_get_string_member (event, "message"));
  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, "answered");
  return json_object_get_object_member (event, "answer");
}

void
assert_failed (Asked *asked, const char *code, const char *peer, const char *says)
{
  JsonObject *event = json_node_get_object (asked->end);

  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, "failed");
  g_test_message ("%s", json_object_get_string_member (event, "message"));
  g_assert_cmpstr (json_object_get_string_member (event, "code"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (event, "peer"), ==, peer);
  g_assert_nonnull (strstr (json_object_get_string_member (event, "message"), says));
}

gboolean
world_is_idle (gpointer user_data)
{
  return g_atomic_int_get (&world.selves[0]->jobs) == 0 && g_atomic_int_get (&world.selves[1]->jobs) == 0 &&
         g_atomic_int_get (&world.selves[2]->jobs) == 0;
}

void
assert_works (void)
{
  Asked asked;

  g_assert_true (fixture_wait (world_is_idle, NULL, 20));
  ask (&asked, NULL);
  wait_for_end (&asked);
  assert_answered (&asked);
  asked_clear (&asked);
}

