/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question under way: what the participant tells becomes properties, signals, an answer or an error. */
#include "client/client.h"

#include <string.h>

#include "common/error.h"
#include "participant.h"
#include "query/json.h"

typedef struct
{
  char *federation;
  KohClient *client;
  Participant *participant;
  KohRun *run;
  GString *story; /* of signals and notifications */
} Scene;

static const char question_text[] =
  "{\"kohorte\":1,\"title\":\"T\",\"project\":{\"id\":\"P\",\"problem\":\"p\",\"decision\":\"d\",\"purpose\":\"research\","
  "\"legal_basis\":\"l\"},\"mode\":\"approved\",\"link\":\"person\",\"index\":{\"event\":{\"dataset\":\"diagnoses\","
  "\"codes\":[\"SKS:DI21\"],\"from\":\"2018-01-01\",\"to\":\"2022-12-31\"},\"occurrence\":\"first\"},"
  "\"criteria\":{\"all\":[]},\"analyses\":[{\"type\":\"count\"}]}";

static void
peer_cb (KohRun *run, const char *peer, const char *state, const char *message, Scene *scene)
{
  g_string_append_printf (scene->story, "%s:%s ", peer, state);
}

static void
phase_cb (KohRun *run, GParamSpec *pspec, Scene *scene)
{
  g_string_append_printf (scene->story, "[%s] ", koh_run_get_phase (run));
}

static void
set_up (Scene *scene, const char *const *script)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = koh_question_parse (question_text, -1, &error);

  g_assert_no_error (error);
  scene->federation = federation_new ();
  scene->client = koh_client_open (scene->federation, &error);
  g_assert_no_error (error);
  scene->participant = participant_new (koh_client_get_asker (scene->client), script);
  scene->story = g_string_new (NULL);
  scene->run = koh_client_ask (scene->client, question);
  g_signal_connect (scene->run, "peer-state", G_CALLBACK (peer_cb), scene);
  g_signal_connect (scene->run, "notify::phase", G_CALLBACK (phase_cb), scene);
}

static void
tear_down (Scene *scene)
{
  participant_free (scene->participant);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (scene->run);
  g_assert_finalize_object (scene->client);
  g_string_free (scene->story, TRUE);
  federation_remove (scene->federation);
}

static void
test_answer_comes_through (void)
{
  static const char *const script[] = {
    "{\"event\":\"run\",\"run\":\"r1\",\"question_hash\":\"00\"}",
    "{\"event\":\"peer\",\"run\":\"r1\",\"peer\":\"one\",\"state\":\"invited\"}",
    "{\"event\":\"peer\",\"run\":\"r1\",\"peer\":\"one\",\"state\":\"accepted\",\"message\":\"gladly\"}",
    "{\"event\":\"peer\",\"run\":\"r2\",\"peer\":\"two\",\"state\":\"declined\"}",
    "{\"event\":\"phase\",\"run\":\"r1\",\"phase\":\"computing\"}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"evaluate\",\"done\":50,\"total\":100,\"rounds\":12,\"bytes\":3456,"
    "\"rows_per_second\":10.5,\"seconds_left\":4.25}",
    "{\"event\":\"phase\",\"run\":\"r1\",\"phase\":\"answered\"}",
    "{\"event\":\"answered\",\"run\":\"r1\",\"answer\":{\"kohorte_answer\":1,\"title\":\"Æøå\"}}",
    NULL,
  };
  Scene scene;
  guint64 rounds, bytes;
  double left;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_no_error (koh_run_get_error (scene.run));
  g_assert_cmpstr (scene.story->str, ==, "one:invited one:accepted [computing] [answered] ");
  g_assert_cmpstr (koh_run_get_id (scene.run), ==, "r1");
  g_assert_cmpstr (koh_run_get_peer_state (scene.run, "one"), ==, "accepted");
  g_assert_cmpstr (koh_run_get_peer_message (scene.run, "one"), ==, "gladly");
  g_assert_cmpstr (koh_run_get_peer_state (scene.run, "two"), ==, ""); /* another run's */
  g_assert_cmpstr (koh_run_get_step (scene.run), ==, "evaluate");
  g_object_get (scene.run, "rounds", &rounds, "bytes", &bytes, "seconds-left", &left, NULL);
  g_assert_cmpuint (rounds, ==, 12);
  g_assert_cmpuint (bytes, ==, 3456);
  g_assert_cmpfloat (left, ==, 4.25);
  g_assert_cmpfloat (koh_run_get_fraction (scene.run), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (koh_run_get_answer (scene.run)), "title"), ==, "Æøå");
  g_assert_true (participant_heard (scene.participant, "\"do\":\"ask\""));
  tear_down (&scene);
}

static void
test_question_is_sent_as_it_is_hashed (void)
{
  static const char *const script[] = { "@close", NULL };
  g_autoptr (KohQuestion) question = koh_question_parse (question_text, -1, NULL);
  g_autofree char *canonical = koh_question_to_text (question);
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), canonical);
  g_autofree char *quoted = json_to_string (node, FALSE);
  Scene scene;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_true (participant_heard (scene.participant, quoted));
  tear_down (&scene);
}

static void
test_bar_never_goes_back (void)
{
  static const char *const script[] = {
    "{\"event\":\"run\",\"run\":\"r1\"}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"evaluate\",\"done\":90,\"total\":100}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"input\",\"done\":1,\"total\":100}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"evaluate\",\"done\":500,\"total\":100}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"evaluate\",\"done\":0,\"total\":0}",
    "@close",
    NULL,
  };
  double last = 0;
  Scene scene;

  set_up (&scene, script);
  while (!koh_run_is_finished (scene.run))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpfloat (koh_run_get_fraction (scene.run), >=, last);
      last = koh_run_get_fraction (scene.run);
    }
  g_assert_cmpfloat (last, >, 0.8);
  g_assert_cmpfloat (last, <, 1);
  tear_down (&scene);
}

static void
test_refusal_keeps_its_code_and_sentence (void)
{
  static const char *const script[] = {
    "{\"event\":\"run\",\"run\":\"r1\"}",
    "{\"event\":\"failed\",\"run\":\"r1\",\"code\":\"declined\",\"peer\":\"one\",\"message\":\"one said no: too curious.\"}",
    NULL,
  };
  Scene scene;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), KOH_ERROR, KOH_ERROR_DECLINED);
  g_assert_cmpstr (koh_run_get_error (scene.run)->message, ==, "one said no: too curious.");
  g_assert_cmpstr (koh_run_get_phase (scene.run), ==, "failed");
  g_assert_null (koh_run_get_answer (scene.run));
  tear_down (&scene);
}

static void
test_refused_at_once_is_told_as_well (void)
{
  static const char *const script[] = {
    "{\"event\":\"failed\",\"run\":\"\",\"code\":\"invalid\",\"peer\":\"asker\",\"message\":\"No such dataset.\"}", NULL,
  };
  Scene scene;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), KOH_ERROR, KOH_ERROR_INVALID);
  tear_down (&scene);
}

static void
test_cancel_is_sent_and_ends_as_cancelled (void)
{
  static const char *const script[] = { "{\"event\":\"run\",\"run\":\"r1\"}", NULL };
  Scene scene;

  set_up (&scene, script);
  while (koh_run_get_id (scene.run) == NULL)
    g_main_context_iteration (NULL, TRUE);
  koh_run_cancel (scene.run);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (koh_run_get_phase (scene.run), ==, "cancelled");
  g_assert_true (participant_heard (scene.participant, "\"run\":\"r1\""));
  tear_down (&scene);
}

static void
test_cancel_before_the_id_waits_for_it (void)
{
  static const char *const script[] = { "@pause", "{\"event\":\"run\",\"run\":\"r1\"}", NULL };
  Scene scene;

  set_up (&scene, script);
  while (!participant_heard (scene.participant, "\"ask\""))
    g_main_context_iteration (NULL, FALSE);
  koh_run_cancel (scene.run);
  participant_go (scene.participant);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (participant_heard (scene.participant, "\"cancel\""));
  tear_down (&scene);
}

static void
test_cancel_before_the_connection (void)
{
  Scene scene;

  set_up (&scene, NULL);
  koh_run_cancel (scene.run);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&scene);
}

/* Dropping the run is not cancelling it: it goes on at the participant. */
static void
test_dropped_run_is_not_cancelled (void)
{
  static const char *const script[] = { "{\"event\":\"run\",\"run\":\"r1\"}", NULL };
  Scene scene;

  set_up (&scene, script);
  while (koh_run_get_id (scene.run) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (participant_heard (scene.participant, "cancel"));
  tear_down (&scene);
}

static void
check_lost (const char *const *script, const char *part)
{
  Scene scene;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (koh_run_get_error (scene.run)->message, part));
  tear_down (&scene);
}

static void
test_participant_that_goes_away_stops_the_run (void)
{
  static const char *const script[] = { "{\"event\":\"run\",\"run\":\"r1\"}", "@close", NULL };

  check_lost (script, "participant.log");
}

static void
test_lines_that_are_no_json_stop_the_run (void)
{
  static const char *const broken[] = { "{\"event\":\"run\",", NULL };
  static const char *const array[] = { "[1,2]", NULL };
  static const char *const bytes[] = { "{\"event\":\"\xff\xfe\"}", NULL };
  static const char *const twice[] = { "{\"event\":\"run\",\"event\":\"run\"}", NULL };

  check_lost (broken, "line 1");
  check_lost (array, "not an object");
  check_lost (bytes, "not text");
  check_lost (twice, "twice");
}

static void
test_line_without_end_is_bounded (void)
{
  g_autofree char *line = g_strnfill (3 * KOH_JSON_MOST, 'x');
  const char *const script[] = { line, NULL };

  check_lost (script, "1 MiB");
}

static void
test_events_of_the_wrong_type_change_nothing (void)
{
  static const char *const script[] = {
    "{\"event\":\"run\",\"run\":\"r1\"}",
    "{\"event\":7}",
    "{\"no\":\"event\"}",
    "{\"event\":\"peer\",\"run\":\"r1\",\"peer\":3,\"state\":[]}",
    "{\"event\":\"phase\",\"run\":\"r1\",\"phase\":{}}",
    "{\"event\":\"progress\",\"run\":\"r1\",\"phase\":\"evaluate\",\"done\":\"many\",\"total\":null,\"rounds\":-4,\"bytes\":{}}",
    "{\"event\":\"answered\",\"run\":\"r1\",\"answer\":7}",
    NULL,
  };
  Scene scene;
  guint64 rounds;

  set_up (&scene, script);
  koh_run_wait (scene.run);
  g_assert_error (koh_run_get_error (scene.run), KOH_ERROR, KOH_ERROR_PROTOCOL);
  g_object_get (scene.run, "rounds", &rounds, NULL);
  g_assert_cmpuint (rounds, ==, 0);
  tear_down (&scene);
}

static void
test_earlier_run_can_be_watched (void)
{
  static const char *const script[] = {
    "{\"event\":\"phase\",\"run\":\"r7\",\"phase\":\"computing\"}",
    "{\"event\":\"answered\",\"run\":\"r7\",\"answer\":{\"kohorte_answer\":1}}",
    NULL,
  };
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (Participant) participant = participant_new (koh_client_get_asker (client), script);
  g_autoptr (KohRun) run = koh_client_watch (client, "r7");

  koh_run_wait (run);
  g_assert_nonnull (koh_run_get_answer (run));
  g_assert_true (participant_heard (participant, "{\"do\":\"watch\",\"run\":\"r7\"}"));
  federation_remove (federation);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/run/answer-comes-through", test_answer_comes_through);
  g_test_add_func ("/client/run/question-is-sent-as-it-is-hashed", test_question_is_sent_as_it_is_hashed);
  g_test_add_func ("/client/run/bar-never-goes-back", test_bar_never_goes_back);
  g_test_add_func ("/client/run/refusal-keeps-its-code-and-sentence", test_refusal_keeps_its_code_and_sentence);
  g_test_add_func ("/client/run/refused-at-once-is-told-as-well", test_refused_at_once_is_told_as_well);
  g_test_add_func ("/client/run/cancel-is-sent-and-ends-as-cancelled", test_cancel_is_sent_and_ends_as_cancelled);
  g_test_add_func ("/client/run/cancel-before-the-id-waits-for-it", test_cancel_before_the_id_waits_for_it);
  g_test_add_func ("/client/run/cancel-before-the-connection", test_cancel_before_the_connection);
  g_test_add_func ("/client/run/dropped-run-is-not-cancelled", test_dropped_run_is_not_cancelled);
  g_test_add_func ("/client/run/participant-that-goes-away-stops-the-run", test_participant_that_goes_away_stops_the_run);
  g_test_add_func ("/client/run/lines-that-are-no-json-stop-the-run", test_lines_that_are_no_json_stop_the_run);
  g_test_add_func ("/client/run/line-without-end-is-bounded", test_line_without_end_is_bounded);
  g_test_add_func ("/client/run/events-of-the-wrong-type-change-nothing", test_events_of_the_wrong_type_change_nothing);
  g_test_add_func ("/client/run/earlier-run-can-be-watched", test_earlier_run_can_be_watched);
  return g_test_run ();
}
