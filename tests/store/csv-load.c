/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/connector.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define INI                                                                                                  \
  "[peer]\nname=x\n[dataset bef]\nkind=person\nsource=csv:data\nquery=SELECT cpr AS person, f AS "           \
  "birth_date, sex FROM bef\n"                                                                               \
  "[dataset diag]\nkind=event\ncode_system=SKS\nsource=csv:data\n"                                           \
  "query=SELECT cpr AS person, dato AS date, kode AS code FROM \"diag 2\" JOIN bef USING (cpr)\n"

static void
put (const Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_mkdir (folder, 0700);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static Fixture *
make (void)
{
  Fixture *fixture = fixture_new ("", INI);

  put (fixture, "bef.csv", "cpr;f;sex\r\n010180-1234;1980-01-01;M\r\n0202811235;1981-02-02;K\r\n");
  put (fixture, "diag 2.csv",
       "\xef\xbb\xbf"
       "cpr,dato,kode\n0101801234,2020-02-29,DI219\n\"0202811235\",2021-01-01,\n");
  return fixture;
}

/* How many databases stand in the state folder; each can be read by its user only. */
static guint
kept (const Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "state", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat status;

      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 07777, ==, 0600);
      n += !g_str_equal (name, "csv.lock");
    }
  return n;
}

static char *
persons (const Fixture *fixture)
{
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = koh_store_persons (store, NULL, &error);

  if (all == NULL)
    return g_strdup (error->message);
  g_ptr_array_add (all, NULL);
  return g_strjoinv (" ", (char **) all->pdata);
}

static void
a_folder_is_a_database_of_its_files (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "x", NULL, &error);
  g_autofree char *all = persons (fixture);
  g_autofree char *state = g_build_filename (fixture->folder, "state", NULL);
  struct stat status;

  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, "0101801234 0202811235");
  g_assert_cmpint (koh_catalogue_dataset (catalogue, "bef")->rows, ==, 2);
  /* One person's number has a hyphen in one of the files, so that SQL does not join the two. */
  g_assert_cmpint (koh_catalogue_dataset (catalogue, "diag")->rows, ==, 1);
  g_assert_cmpint (koh_dataset_variable (koh_catalogue_dataset (catalogue, "bef"), "birth_date")->type, ==,
                   KOH_VARIABLE_DATE);
  g_assert_cmpuint (kept (fixture), ==, 1);
  g_assert_cmpint (stat (state, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
}

static void
a_changed_file_is_read_again (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autofree char *before = persons (fixture), *after = NULL, *more = NULL;
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  KohHash first, second, third;

  g_assert_true (koh_store_snapshot (store, &first, NULL, &error));
  put (fixture, "bef.csv", "cpr;f;sex\n0303821236;1982-03-03;K\n");
  g_assert_true (koh_store_snapshot (store, &second, NULL, &error));
  after = persons (fixture);
  g_assert_cmpstr (before, ==, "0101801234 0202811235");
  g_assert_cmpstr (after, ==, "0303821236");
  g_assert_false (koh_hash_equal (&first, &second));
  g_assert_cmpuint (kept (fixture), ==, 1);

  /* So is one that is new, or has another name. */
  put (fixture, "more.csv", "a\n");
  more = persons (fixture);
  g_assert_cmpstr (more, ==, "0303821236");
  g_assert_true (koh_store_snapshot (store, &third, NULL, &error));
  g_assert_false (koh_hash_equal (&second, &third));
  g_assert_cmpuint (kept (fixture), ==, 1);
}

static void
an_empty_field_is_null (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", "[peer]\nname=x\n[dataset d]\nkind=event\nsource=csv:data\n"
                                                 "query=SELECT person, date FROM t WHERE ended IS NULL\n");
  g_autofree char *all = NULL;

  put (fixture, "t.csv",
       "person,date,ended\n0101801234,2020-01-01,\n0101801235,2020-01-01,x\n"
       "0101801236,2020-01-01,\"\"\n");
  all = persons (fixture);
  g_assert_cmpstr (all, ==, "0101801234 0101801236");
}

static void
the_same_files_are_read_once (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autofree char *first = persons (fixture), *second = NULL;
  g_autofree char *state = g_build_filename (fixture->folder, "state", NULL);
  struct stat before, after;

  g_assert_cmpint (stat (state, &before), ==, 0);
  second = persons (fixture);
  g_assert_cmpint (stat (state, &after), ==, 0);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
  g_assert_cmpint (before.st_mtim.tv_sec, ==, after.st_mtim.tv_sec);
}

static const struct
{
  const char *name, *text, *message;
} bad[] = {
  { "bef.csv", "cpr;f;sex\n0101801234;1980-01-01;M\n0202811235;1981-02-02\n",
    "bef.csv, line 3, column 2 (f): the row ends after 2 of 3 fields" },
  { "bef.csv", "cpr;f;f\n", "bef.csv, line 1, column 3 (f): the header has this name already" },
  { "bef.csv", "cpr;f;F\n", "bef.csv, line 1, column 3 (F): the header has this name already" },
  { "bef.csv", "cpr;f;\n", "bef.csv, line 1, column 3: the header's name is empty" },
  { "bef.csv", "cpr;f;\"a\nb\"\n", "bef.csv, line 1, column 3: the header's name is empty" },
  { "bef.csv", "", "bef.csv, line 1, column 1: the file is empty" },
  { "bef.csv", "cpr;f;sex\n0101801234;1980-01-01;\xc6\n",
    "bef.csv, line 2, column 3 (sex): the text is not UTF-8" },
  { "zzz.csv", "a,b\n\"1,2\n", "zzz.csv, line 2, column 1 (a): the quote that begins there is never closed" },
  { "BEF.CSV", "a\n", "two files would be the table “bef”" },
  { "sqlite_x.csv", "a\n", "“sqlite_x.csv” cannot be the name of a table" },
  { ".csv", "a\n", "“.csv” cannot be the name of a table" },
  { "bef.csv", "person;f;sex\n", "no such column" },
};

static void
a_bad_file_refuses_all_of_its_folder (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (Fixture) fixture = make ();
      g_autofree char *message = NULL;

      put (fixture, bad[i].name, bad[i].text);
      message = persons (fixture);
      if (strstr (message, bad[i].message) == NULL)
        g_error ("case %u: expected “%s”, got “%s”", i, bad[i].message, message);
      g_assert_true (g_str_has_prefix (message, "Dataset "));
      g_assert_null (strstr (message, "0101801234"));
      if (i + 1 < G_N_ELEMENTS (bad))
        g_assert_cmpuint (kept (fixture), ==, 0);
    }
}

static void
a_folder_that_is_not_there_is_named (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", INI);
  g_autofree char *missing = persons (fixture), *empty = NULL, *odd = NULL;
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  g_autofree char *pipe = g_build_filename (folder, "bef.csv", NULL);

  g_assert_nonnull (strstr (missing, "/data cannot be read: "));
  g_mkdir (folder, 0700);
  empty = persons (fixture);
  g_assert_nonnull (strstr (empty, "/data has no file whose name ends with .csv"));
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  odd = persons (fixture);
  g_assert_nonnull (strstr (odd, "bef.csv cannot be read: it is not a file"));
}

static void
the_separator_can_be_said (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("", "[peer]\nname=x\n[dataset d]\nkind=event\nsource=csv:data\nseparator=tab\n"
                       "query=SELECT * FROM t\n[dataset e]\nkind=event\nsource=csv:data\nseparator=,\n"
                       "query=SELECT person, date FROM t\n");
  g_autofree char *by_comma = NULL, *all = NULL;

  put (fixture, "t.csv", "person\tdate\n0101801234\t2020-01-01\n");
  by_comma = persons (fixture);
  g_assert_nonnull (strstr (by_comma, "Dataset e: t.csv, line 1, column 1: the header's name"));
  fixture_ini (fixture, "[peer]\nname=x\n[dataset d]\nkind=event\nsource=csv:data\nseparator=tab\n"
                        "query=SELECT * FROM t\n");
  all = persons (fixture);
  g_assert_cmpstr (all, ==, "0101801234");
  g_assert_cmpuint (kept (fixture), ==, 1);
}

/* In a process of its own, since the limit stays: files end after @most bytes, as on a full disk. */
static gboolean
loads_within (const Fixture *fixture, rlim_t most)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      struct rlimit limit = { most, most };
      g_autofree char *message = NULL;

      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
      message = persons (fixture);
      if (g_str_equal (message, "0101801234 0202811235"))
        _exit (0);
      _exit (strstr (message, "cannot be written: ") != NULL ? 1 : 2);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), <, 2);
  return WEXITSTATUS (status) == 0;
}

static void
a_full_disk_leaves_nothing_behind (void)
{
  g_autoptr (Fixture) fixture = make ();
  guint refused = 0;
  rlim_t most = 1;

  for (; !loads_within (fixture, most); most += 512)
    {
      g_assert_cmpuint (kept (fixture), ==, 0);
      refused++;
    }
  g_assert_cmpuint (refused, >, 5);
  g_assert_cmpuint (kept (fixture), ==, 1);
}

static void
what_an_interruption_left_is_removed (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autofree char *first G_GNUC_UNUSED = persons (fixture), *second = NULL, *unfinished = NULL;
  g_autofree char *state = g_build_filename (fixture->folder, "state", NULL);
  g_autoptr (GDir) dir = g_dir_open (state, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".sqlite"))
      {
        g_autofree char *prefix = g_strndup (name, strlen ("csv-0123456789abcdef-"));

        unfinished = g_strdup_printf ("%s/%snew", state, prefix);
      }
  g_assert_true (g_file_set_contents (unfinished, "half", -1, NULL));
  g_chmod (unfinished, 0600);
  put (fixture, "bef.csv", "cpr;f;sex\n0303821236;1982-03-03;K\n");
  second = persons (fixture);
  g_assert_cmpstr (second, ==, "0303821236");
  g_assert_cmpuint (kept (fixture), ==, 1);
}

static void
reading_can_be_cancelled (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (koh_store_persons (store, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (kept (fixture), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/csv-load/a-folder-is-a-database-of-its-files",
                   a_folder_is_a_database_of_its_files);
  g_test_add_func ("/store/csv-load/a-changed-file-is-read-again", a_changed_file_is_read_again);
  g_test_add_func ("/store/csv-load/an-empty-field-is-null", an_empty_field_is_null);
  g_test_add_func ("/store/csv-load/the-same-files-are-read-once", the_same_files_are_read_once);
  g_test_add_func ("/store/csv-load/a-bad-file-refuses-all-of-its-folder",
                   a_bad_file_refuses_all_of_its_folder);
  g_test_add_func ("/store/csv-load/a-folder-that-is-not-there-is-named",
                   a_folder_that_is_not_there_is_named);
  g_test_add_func ("/store/csv-load/the-separator-can-be-said", the_separator_can_be_said);
  g_test_add_func ("/store/csv-load/a-full-disk-leaves-nothing-behind", a_full_disk_leaves_nothing_behind);
  g_test_add_func ("/store/csv-load/what-an-interruption-left-is-removed",
                   what_an_interruption_left_is_removed);
  g_test_add_func ("/store/csv-load/reading-can-be-cancelled", reading_can_be_cancelled);
  return g_test_run ();
}
