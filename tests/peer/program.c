/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-peer as its operator meets it: each subcommand, and the exit status and the one sentence with
 * which it refuses. */
#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"

static Fixture *shared;

typedef struct
{
  int status;
  char *out, *err;
} Done;

static void
done_clear (Done *done)
{
  g_free (done->out);
  g_free (done->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Done, done_clear)

/* Runs the program with words up to NULL. */
static Done G_GNUC_NULL_TERMINATED
run (const char *first, ...)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("KOH_TEST_BUILD"), "src", "peer", "kohorte-peer", NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Done done = { 0 };
  va_list rest;

  g_ptr_array_add (words, program);
  va_start (rest, first);
  for (const char *word = first; word != NULL; word = va_arg (rest, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (rest);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &done.out, &done.err,
                &done.status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (done.status));
  done.status = WEXITSTATUS (done.status);
  return done;
}

static void
assert_ends (Done done, int status, const char *says)
{
  if (done.status != status || strstr (done.err, says) == NULL)
    g_test_message ("%d: %s", done.status, done.err);
  g_assert_cmpint (done.status, ==, status);
  g_assert_nonnull (strstr (done.err, says));
  if (status != 0)
    g_assert_cmpstr (done.out, ==, "");
  done_clear (&done);
}

static void
two_participants_compare_one_number (void)
{
  g_autofree char *top = fixture_folder ();
  g_autofree char *a = g_build_filename (top, "a", NULL), *d = g_build_filename (top, "d", NULL);
  g_autofree char *a_card = g_build_filename (a, "card", NULL), *d_card = g_build_filename (d, "card", NULL);
  g_auto (Done) printed = { 0 };
  g_auto (Done) from_a = { 0 };
  g_auto (Done) from_d = { 0 };

  assert_ends (run ("init", a, "--name", "sygehus-a", "--organisation", "Region A", "--listen",
                    "127.0.0.1:7411", NULL),
               0, "");
  assert_ends (run ("init", d, "--name", "desk", "--organisation", "Region D", "--desk", NULL), 0, "");
  assert_ends (run ("init", a, "--name", "other", "--organisation", "A", "--listen", "127.0.0.1:1", NULL), 1,
               "already");
  printed = run ("card", a, NULL);
  g_assert_true (g_str_has_prefix (printed.out, "kohorte-card 1\nname: sygehus-a\n"));
  from_a = run ("trust", a, d_card, NULL);
  from_d = run ("trust", d, a_card, NULL);
  g_assert_cmpint (from_a.status, ==, 0);
  g_assert_cmpstr (from_a.out, ==, from_d.out);
  g_assert_cmpuint (strlen (from_a.out), ==, 60 + 11 + 1);
  /* Nothing is answered before its owner has written a policy and there is a roster. */
  assert_ends (run ("serve", a, NULL), 1, "roster");
  fixture_remove (top);
}

static void
a_wrong_command_line_ends_with_2 (void)
{
  static const char *const commands[] = { "init",    "card",   "trust", "serve",    "approve",
                                          "decline", "policy", "audit", "snapshot", "catalogue" };

  assert_ends (run ("", NULL), 2, "Usage");
  assert_ends (run ("unheard", NULL), 2, "Usage");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      assert_ends (run (commands[i], NULL), 2, commands[i]);
      assert_ends (run (commands[i], "--unheard", NULL), 2, commands[i]);
    }
}

static void
a_policy_can_be_tried_out (void)
{
  g_autofree char *folder = fixture_path (shared, "aarhus");
  g_autofree char *question =
      g_build_filename (shared->folder, "questions", "statin-after-infarction.json", NULL);
  g_autoptr (GByteArray) kept = fixture_read (folder, "policy.json");
  g_autofree char *text = g_strndup ((char *) kept->data, kept->len);
  g_autoptr (GString) other = g_string_new (text);
  g_auto (Done) accepted = run ("policy", folder, question, NULL);
  g_auto (Done) declined = { 0 };

  g_assert_cmpint (accepted.status, ==, 0);
  g_assert_cmpstr (accepted.out, ==, "accept\n");
  g_string_replace (other, "\"attrition\",", "", 0);
  fixture_write (folder, "policy.json", other->str, other->len);
  declined = run ("policy", folder, question, NULL);
  g_assert_cmpint (declined.status, ==, 3);
  g_assert_cmpstr (declined.out, ==, "decline\n");
  g_assert_nonnull (strstr (declined.err, "attrition"));
  fixture_write (folder, "policy.json", "{}", 2);
  assert_ends (run ("policy", folder, NULL), 1, "policy.json");
  assert_ends (run ("serve", folder, NULL), 1, "policy.json");
  fixture_write (folder, "policy.json", kept->data, kept->len);
}

static void
what_cannot_be_served_is_told (void)
{
  g_autofree char *folder = fixture_path (shared, "rigshospitalet");
  g_autofree char *nowhere = g_build_filename (shared->folder, "nowhere", NULL);
  g_autofree char *asker = fixture_path (shared, "asker");
  g_autoptr (GByteArray) ini = fixture_read (folder, "peer.ini");
  g_autoptr (GByteArray) roster = fixture_read (folder, "roster");

  assert_ends (run ("serve", nowhere, NULL), 1, "nowhere");
  assert_ends (run ("serve", "--local", folder, NULL), 2, "--local");
  assert_ends (run ("serve", asker, NULL), 2, "--local");
  fixture_write (folder, "peer.ini", "[peer]\nname=aarhus\n", 19);
  assert_ends (run ("serve", folder, NULL), 4, "aarhus");
  fixture_write (folder, "peer.ini", "[peer", 5);
  assert_ends (run ("serve", folder, NULL), 1, "peer.ini");
  fixture_write (folder, "peer.ini", ini->data, ini->len);
  fixture_write (folder, "roster", roster->data, roster->len / 2);
  assert_ends (run ("serve", folder, NULL), 1, "roster");
  fixture_write (folder, "roster", roster->data, roster->len);
}

static void
a_folder_is_served_once (void)
{
  g_autofree char *folder = fixture_path (shared, "aarhus");
  g_autoptr (KohParticipant) here = fixture_open (shared, "aarhus");

  g_assert_nonnull (here);
  assert_ends (run ("serve", folder, NULL), 1, "Another program");
  assert_ends (run ("snapshot", folder, NULL), 1, "Another program");
}

static void
a_log_is_verified_offline (void)
{
  g_autofree char *folder = fixture_path (shared, "danmarks-statistik");
  g_autofree char *log = g_build_filename (folder, "audit.log", NULL);
  g_auto (Done) whole = { 0 };

  assert_ends (run ("audit", "verify", folder, NULL), 4, "no audit log");
  assert_ends (run ("snapshot", folder, NULL), 0, "");
  whole = run ("audit", "verify", folder, NULL);
  g_assert_cmpint (whole.status, ==, 0);
  g_assert_cmpstr (whole.out, ==, "danmarks-statistik: 2 entries, whole and in order\n");
  g_unlink (log);
  assert_ends (run ("audit", "verify", folder, NULL), 4, "audit.log");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_unsetenv ("G_DEBUG");
  shared = fixture_new (200);
  g_test_add_func ("/peer/program/two-participants-compare-one-number", two_participants_compare_one_number);
  g_test_add_func ("/peer/program/a-wrong-command-line-ends-with-2", a_wrong_command_line_ends_with_2);
  g_test_add_func ("/peer/program/a-policy-can-be-tried-out", a_policy_can_be_tried_out);
  g_test_add_func ("/peer/program/what-cannot-be-served-is-told", what_cannot_be_served_is_told);
  g_test_add_func ("/peer/program/a-folder-is-served-once", a_folder_is_served_once);
  g_test_add_func ("/peer/program/a-log-is-verified-offline", a_log_is_verified_offline);
  status = g_test_run ();
  fixture_free (shared);
  return status;
}
