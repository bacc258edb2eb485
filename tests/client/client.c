/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading a federation's folder, and short talks with the participant. */
#include "client/client.h"

#include "common/error.h"
#include "participant.h"

static void
test_folder_is_read (void)
{
  char *federation = federation_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KohClient) client = NULL;
  g_auto (GStrv) questions = NULL;

  federation_write (federation, "questions/b.json", "{}");
  federation_write (federation, "questions/a.json", "{}");
  federation_write (federation, "questions/notes.txt", "");
  client = koh_client_open (federation, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (koh_client_get_name (client), ==, "Test");
  g_assert_cmpstr (koh_client_get_peers (client)[0], ==, "one");
  g_assert_cmpstr (koh_client_get_peers (client)[1], ==, "two");
  g_assert_null (koh_client_get_peers (client)[2]);
  g_assert_nonnull (koh_map_dataset (koh_client_get_map (client), "population"));
  g_assert_true (g_str_has_suffix (koh_client_get_asker (client), "/asker"));
  questions = koh_client_list_questions (client);
  g_assert_cmpuint (g_strv_length (questions), ==, 2);
  g_assert_true (g_str_has_suffix (questions[0], "questions/a.json"));
  g_assert_finalize_object (g_steal_pointer (&client));
  federation_remove (federation);
}

static void
test_other_folder_is_refused_with_a_remedy (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (koh_client_open ("/nowhere/at/all", &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "demo create /nowhere/at/all"));
}

/* A file from elsewhere must not lead us out of the folder. */
static void
test_asker_outside_the_folder_is_refused (void)
{
  static const char *const names[] = { "..", "../other", "/etc", "", ".hidden", "a/b" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *federation = federation_new ();
      g_autofree char *text = g_strdup_printf ("[federation]\npeers=one\nasker=%s\n", names[i]);
      g_autoptr (GError) error = NULL;

      federation_write (federation, "federation.ini", text);
      g_assert_null (koh_client_open (federation, &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
      federation_remove (federation);
    }
}

static void
test_answers_come_newest_first (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = NULL;
  g_autoptr (GPtrArray) answers = NULL;

  federation_write (federation, "asker/answers/1.json", "{\"kohorte_answer\":1,\"computed_at\":\"2026-01-01T00:00:00Z\"}");
  federation_write (federation, "asker/answers/2.json", "{\"kohorte_answer\":1,\"computed_at\":\"2026-03-01T00:00:00Z\"}");
  federation_write (federation, "asker/answers/3.json", "{\"kohorte_answer\":1,\"computed_at\":\"2026-02-01T00:00:00Z\"}");
  federation_write (federation, "asker/answers/4.json", "{\"something\":\"else\"}");
  federation_write (federation, "asker/answers/5.json", "{\"kohorte_answer\":");
  client = koh_client_open (federation, NULL);
  answers = koh_client_list_answers (client);
  g_assert_cmpuint (answers->len, ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (answers->pdata[0]), "computed_at"), ==,
                   "2026-03-01T00:00:00Z");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (answers->pdata[2]), "computed_at"), ==,
                   "2026-01-01T00:00:00Z");
  federation_remove (federation);
}

static void
seen_cb (KohClient *client, const char *peer, gboolean reachable, GString *seen)
{
  g_string_append_printf (seen, "%s=%d ", peer, reachable);
}

static void
test_peers_are_seen (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (Participant) participant G_GNUC_UNUSED = participant_new (koh_client_get_asker (client), NULL);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (client, "peer-seen", G_CALLBACK (seen_cb), seen);
  koh_client_look (client);
  while (strstr (seen->str, "two") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (seen->str, ==, "one=1 two=0 ");
  federation_remove (federation);
}

static void
runs_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GPtrArray **runs = user_data;

  *runs = koh_client_list_runs_finish (KOH_CLIENT (source), result, NULL);
}

static GPtrArray *
list_runs (KohClient *client)
{
  GPtrArray *runs = NULL;

  koh_client_list_runs_async (client, NULL, runs_cb, &runs);
  while (runs == NULL)
    g_main_context_iteration (NULL, TRUE);
  return runs;
}

static void
test_runs_under_way_are_listed (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (Participant) participant G_GNUC_UNUSED = participant_new (koh_client_get_asker (client), NULL);
  g_autoptr (GPtrArray) runs = list_runs (client);
  const KohRunInfo *info;

  g_assert_cmpuint (runs->len, ==, 1);
  info = runs->pdata[0];
  g_assert_cmpstr (info->run, ==, "r7");
  g_assert_cmpstr (info->title, ==, "Earlier");
  g_assert_cmpstr (info->phase, ==, "computing");
  federation_remove (federation);
}

static void
test_no_participant_has_no_runs (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (GPtrArray) runs = list_runs (client);

  g_assert_cmpuint (runs->len, ==, 0);
  federation_remove (federation);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/client/folder-is-read", test_folder_is_read);
  g_test_add_func ("/client/client/other-folder-is-refused-with-a-remedy", test_other_folder_is_refused_with_a_remedy);
  g_test_add_func ("/client/client/asker-outside-the-folder-is-refused", test_asker_outside_the_folder_is_refused);
  g_test_add_func ("/client/client/answers-come-newest-first", test_answers_come_newest_first);
  g_test_add_func ("/client/client/peers-are-seen", test_peers_are_seen);
  g_test_add_func ("/client/client/runs-under-way-are-listed", test_runs_under_way_are_listed);
  g_test_add_func ("/client/client/no-participant-has-no-runs", test_no_participant_has_no_runs);
  return g_test_run ();
}
