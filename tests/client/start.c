/* SPDX-License-Identifier: EUPL-1.2
 *
 * Starting the participant: this test is itself the program that is started, as kohorte-peer serve --local. */
#include "client/client.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/error.h"
#include "participant.h"

static char *self;

/* The started program: tells who it is, then serves, or fails as told. */
static int
be_participant (const char *folder)
{
  const char *last = g_getenv ("TEST_LAST_WORDS");

  g_print ("pid %d session %d\n", (int) getpid (), (int) getsid (0));
  if (last != NULL)
    {
      g_printerr ("first line\n%s\n", last);
      return 1;
    }
  participant_serve (folder);
  return 0;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  if (koh_client_start_finish (KOH_CLIENT (source), result, error))
    *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_UNKNOWN, "started");
}

/* NULL where it started. */
static GError *
start (KohClient *client)
{
  GError *error = NULL;

  koh_client_start_async (client, NULL, started_cb, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_UNKNOWN))
    g_clear_error (&error);
  return error;
}

static char *
read_log (const char *federation)
{
  g_autofree char *path = g_build_filename (federation, "asker/state/participant.log", NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
test_starts_in_a_session_of_its_own_and_only_once (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autofree char *log = NULL, *again = NULL;
  int pid, session;

  g_assert_no_error (start (client));
  log = read_log (federation);
  g_assert_cmpint (sscanf (log, "pid %d session %d", &pid, &session), ==, 2);
  g_assert_cmpint (session, ==, pid);
  g_assert_cmpint (session, !=, getsid (0));

  g_assert_no_error (start (client));
  again = read_log (federation);
  g_assert_cmpstr (again, ==, log);
  kill (pid, SIGKILL);
  federation_remove (federation);
}

static void
test_two_may_start_it_at_once (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  GError *first = NULL, *second = NULL;
  g_autofree char *log = NULL;
  g_auto (GStrv) lines = NULL;

  koh_client_start_async (client, NULL, started_cb, &first);
  koh_client_start_async (client, NULL, started_cb, &second);
  while (first == NULL || second == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_UNKNOWN);
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_UNKNOWN);
  g_clear_error (&first);
  g_clear_error (&second);
  log = read_log (federation);
  lines = g_strsplit (log, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      int pid;

      if (sscanf (lines[i], "pid %d", &pid) == 1)
        kill (pid, SIGKILL);
    }
  federation_remove (federation);
}

static void
test_failure_is_told_in_its_own_words (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (GError) error = NULL;

  g_setenv ("TEST_LAST_WORDS", "Another participant serves this folder.", TRUE);
  error = start (client);
  g_unsetenv ("TEST_LAST_WORDS");
  g_assert_error (error, KOH_ERROR, KOH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "Another participant serves this folder."));
  g_assert_nonnull (strstr (error->message, "participant.log"));
  g_assert_null (strstr (error->message, "first line"));
  federation_remove (federation);
}

static void
test_missing_program_is_named (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = koh_client_open (federation, NULL);
  g_autoptr (GError) error = NULL;

  g_setenv ("KOHORTE_PEER", "/nowhere/kohorte-peer", TRUE);
  error = start (client);
  g_setenv ("KOHORTE_PEER", self, TRUE);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "/nowhere/kohorte-peer"));
  federation_remove (federation);
}

static void
test_missing_folder_is_named (void)
{
  char *federation = federation_new ();
  g_autoptr (KohClient) client = NULL;
  g_autoptr (GError) error = NULL;

  federation_write (federation, "federation.ini", "[federation]\npeers=one\nasker=nobody\n");
  client = koh_client_open (federation, NULL);
  error = start (client);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "/nobody is missing"));
  federation_remove (federation);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "serve") && g_str_equal (argv[2], "--local"))
    return be_participant (argv[3]);
  g_test_init (&argc, &argv, NULL);
  self = g_file_read_link ("/proc/self/exe", NULL);
  g_setenv ("KOHORTE_PEER", self, TRUE);
  g_test_add_func ("/client/start/in-a-session-of-its-own-and-only-once", test_starts_in_a_session_of_its_own_and_only_once);
  g_test_add_func ("/client/start/two-may-start-it-at-once", test_two_may_start_it_at_once);
  g_test_add_func ("/client/start/failure-is-told-in-its-own-words", test_failure_is_told_in_its_own_words);
  g_test_add_func ("/client/start/missing-program-is-named", test_missing_program_is_named);
  g_test_add_func ("/client/start/missing-folder-is-named", test_missing_folder_is_named);
  return g_test_run ();
}
