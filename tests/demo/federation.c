/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/federation.h"

#include <sys/stat.h>

#include "common/error.h"
#include "folder.h"
#include "net/roster.h"
#include "query/plan.h"
#include "query/question-check.h"
#include "store/store.h"

static const char *const participants[] = { "aarhus", "danmarks-statistik", "rigshospitalet", "asker" };
static const char *const examples[] = { "statin-after-infarction", "infarction-by-age-and-region",
                                        "diabetes-without-infarction", "lung-cancer-by-education" };
static const KohWorldOptions small = { 2000, 7, 20 };
static char *top, *federation;

static char *
path (const char *first, ...)
{
  char *parts[6] = { federation, (char *) first };
  va_list list;

  va_start (list, first);
  for (guint i = 2; i < 5 && (parts[i] = va_arg (list, char *)) != NULL; i++)
    ;
  va_end (list);
  return g_build_filenamev (parts);
}

static void
every_participant_knows_and_trusts_the_others (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (participants); i++)
    {
      g_autofree char *folder = path (participants[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (KohRoster) roster = koh_roster_load (folder, &error);
      g_autoptr (KohIdentity) identity = koh_identity_load (folder, &error);
      g_autoptr (GPtrArray) peers = NULL;

      g_assert_no_error (error);
      peers = koh_roster_peers (roster);
      g_assert_cmpuint (roster->cards->len, ==, 4);
      g_assert_cmpuint (peers->len, ==, 3);
      g_assert_cmpuint (roster->k, ==, 5);
      g_assert_cmpstr (roster->latency, ==, "lan");
      g_assert_nonnull (koh_roster_find (roster, participants[i]));
      g_assert_cmpstr (koh_identity_card (identity)->name, ==, participants[i]);
      g_assert_cmpint (koh_identity_card (identity)->is_peer, ==, i < 3);
      for (guint p = 0; p < 3; p++)
        for (guint q = 0; q < p; q++)
          g_assert_cmpstr (((const KohCard *) peers->pdata[p])->organisation, !=,
                           ((const KohCard *) peers->pdata[q])->organisation);
    }
}

static void
peers_listen_where_their_cards_say (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *folder = path (participants[i], NULL), *ini = path (participants[i], "peer.ini", NULL),
                      *listen = NULL, *expected = NULL, *name = NULL;
      g_autoptr (KohIdentity) identity = koh_identity_load (folder, NULL);
      g_autoptr (GKeyFile) file = g_key_file_new ();

      g_assert_true (g_key_file_load_from_file (file, ini, G_KEY_FILE_NONE, NULL));
      listen = g_key_file_get_string (file, "peer", "listen", NULL);
      name = g_key_file_get_string (file, "peer", "name", NULL);
      expected = g_strdup_printf ("127.0.0.1:%u", koh_identity_card (identity)->port);
      g_assert_cmpstr (listen, ==, expected);
      g_assert_cmpstr (name, ==, participants[i]);
      g_assert_cmpint (g_key_file_get_boolean (file, "peer", "population", NULL), ==, i == 1);
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (koh_identity_card (identity)->port)));
    }
}

static void
what_is_private_is_private (void)
{
  static const char *const secret[] = { "keys", "data.sqlite", "" };

  for (guint i = 0; i < G_N_ELEMENTS (participants); i++)
    for (guint s = 0; s < G_N_ELEMENTS (secret); s++)
      {
        g_autofree char *one = path (participants[i], secret[s], NULL);
        struct stat status;

        if (i == 3 && s == 1)
          continue;
        g_assert_cmpint (stat (one, &status), ==, 0);
        g_assert_cmpint (status.st_mode & 077, ==, 0);
      }
}

static void
catalogues_are_what_the_data_say (void)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *ini = path (participants[i], "peer.ini", NULL),
                      *name = g_strdup_printf ("%s.json", participants[i]),
                      *file = path ("catalogues", name, NULL), *text = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (KohStore) store = koh_store_new (ini, &error);
      g_autoptr (KohCatalogue) now = koh_store_describe (store, participants[i], NULL, &error),
                               published = NULL;
      g_autoptr (JsonNode) node = NULL;
      KohHash a, b;

      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
      node = json_from_string (text, &error);
      published = koh_catalogue_from_json (node, &error);
      g_assert_no_error (error);
      a = koh_catalogue_hash (now);
      b = koh_catalogue_hash (published);
      g_assert_true (koh_hash_equal (&a, &b));
      for (guint d = 0; d < now->datasets->len; d++)
        g_assert_true (
            g_str_has_suffix (((KohDataset *) now->datasets->pdata[d])->en, " (synthetic data, enriched)"));
    }
}

static void
every_example_can_be_asked (void)
{
  g_autofree char *catalogues = path ("catalogues", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohMap) map = koh_map_read_folder (catalogues, &error);
  g_autoptr (KohSessionFacts) facts = koh_session_facts_new ();
  KohHash none = { { 0 } };

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      koh_session_facts_add_owner (facts, participants[i], participants[i], &none, i == 1);
      facts->committee[i] = i;
    }
  facts->positions = 4096;
  facts->k = 5;
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.json", examples[i]),
                      *file = path ("questions", name, NULL);
      g_autoptr (KohQuestion) question = koh_question_read_file (file, &error);
      g_autoptr (GPtrArray) problems = NULL;
      g_autoptr (KohPlan) plan = NULL;

      g_assert_no_error (error);
      problems = koh_question_check (question, map);
      g_assert_cmpuint (problems->len, ==, 0);
      g_assert_cmpuint (strlen (question->problem), >, 40);
      g_assert_cmpuint (strlen (question->decision), >, 40);
      plan = koh_plan_new (question, map, facts, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (koh_plan_columns (plan)->len, >=, 5);
    }
}

static guint
entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
cancel_cb (guint64 done, guint64 persons, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
a_failure_leaves_nothing_behind (void)
{
  g_autofree char *folder = folder_new (), *target = g_build_filename (folder, "new", NULL),
                  *nowhere = g_build_filename (folder, "no", "such", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  KohWorldOptions bad = { 2000, 7, -1 }, large = { 1000000, 7, 8 };
  g_autoptr (GError) error = NULL;

  g_assert_false (koh_demo_create (target, &bad, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_cmpuint (entries (folder), ==, 0);
  g_clear_error (&error);
  g_assert_false (koh_demo_create (target, &large, 0, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (entries (folder), ==, 0);
  g_clear_error (&error);
  g_assert_false (koh_demo_create (nowhere, &small, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_cmpuint (entries (folder), ==, 0);
  g_rmdir (folder);
}

static void
a_folder_with_something_in_it_is_left_alone (void)
{
  g_autoptr (GError) error = NULL;
  guint before = entries (top), inside = entries (federation);

  g_assert_false (koh_demo_create (federation, &small, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "exists already and is not an empty folder"));
  g_assert_cmpuint (entries (top), ==, before);
  g_assert_cmpuint (entries (federation), ==, inside);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  top = folder_new ();
  /* An empty folder may stand there already. */
  federation = g_build_filename (top, "federation", NULL);
  g_assert_cmpint (g_mkdir (federation, 0700), ==, 0);
  koh_demo_create (federation, &small, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/demo/federation/every-participant-knows-and-trusts-the-others",
                   every_participant_knows_and_trusts_the_others);
  g_test_add_func ("/demo/federation/peers-listen-where-their-cards-say", peers_listen_where_their_cards_say);
  g_test_add_func ("/demo/federation/what-is-private-is-private", what_is_private_is_private);
  g_test_add_func ("/demo/federation/catalogues-are-what-the-data-say", catalogues_are_what_the_data_say);
  g_test_add_func ("/demo/federation/every-example-can-be-asked", every_example_can_be_asked);
  g_test_add_func ("/demo/federation/a-failure-leaves-nothing-behind", a_failure_leaves_nothing_behind);
  g_test_add_func ("/demo/federation/a-folder-with-something-in-it-is-left-alone",
                   a_folder_with_something_in_it_is_left_alone);
  status = g_test_run ();
  folder_remove (top);
  g_free (federation);
  return status;
}
