/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/place.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/error.h"

static char *
new_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("kohorte-place-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static guint
files_in (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
a_file_is_replaced_whole (void)
{
  g_autofree char *folder = new_folder ();
  g_autofree char *path = g_build_filename (folder, "answer", NULL);
  g_autoptr (GBytes) first = g_bytes_new_static ("first, and longer", 17);
  g_autoptr (GBytes) second = g_bytes_new_static ("second", 6);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  struct stat about;

  g_assert_true (koh_place_write (path, first, 0600, &error));
  g_assert_true (koh_place_write (path, second, 0600, &error));
  g_assert_no_error (error);
  back = koh_place_read (path, 100, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, second));
  g_assert_cmpint (stat (path, &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (files_in (folder), ==, 1);
  g_unlink (path);
  g_rmdir (folder);
}

static void
what_cannot_be_written_leaves_nothing (void)
{
  g_autofree char *folder = new_folder ();
  g_autofree char *path = g_build_filename (folder, "taken", NULL);
  g_autofree char *inside = g_build_filename (path, "full", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (inside, 0700), ==, 0);
  g_assert_false (koh_place_write (path, bytes, 0600, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpuint (files_in (folder), ==, 1);
  g_rmdir (inside);
  g_rmdir (path);
  g_rmdir (folder);
}

static void
a_file_that_is_too_long_is_refused (void)
{
  g_autofree char *folder = new_folder ();
  g_autofree char *path = g_build_filename (folder, "long", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GError) error = NULL;

  g_assert_true (koh_place_write (path, bytes, 0600, NULL));
  g_assert_null (koh_place_read (path, 9, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_unlink (path);
  g_rmdir (folder);
}

static void
a_socket_has_a_short_path_whatever_the_folder (void)
{
  g_autofree char *deep = g_strnfill (200, 'x');
  g_autofree char *folder = g_strdup_printf ("/tmp/%s/asker", deep);
  g_autofree char *other = g_strdup_printf ("/tmp/%s/asker2", deep);
  g_autofree char *socket = koh_place_socket (folder);
  g_autofree char *again = koh_place_socket (folder);
  g_autofree char *second = koh_place_socket (other);

  g_assert_cmpuint (strlen (socket), <, 108);
  g_assert_cmpstr (socket, ==, again);
  g_assert_cmpstr (socket, !=, second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common/place/a-file-is-replaced-whole", a_file_is_replaced_whole);
  g_test_add_func ("/common/place/what-cannot-be-written-leaves-nothing", what_cannot_be_written_leaves_nothing);
  g_test_add_func ("/common/place/a-file-that-is-too-long-is-refused", a_file_that_is_too_long_is_refused);
  g_test_add_func ("/common/place/a-socket-has-a-short-path", a_socket_has_a_short_path_whatever_the_folder);
  return g_test_run ();
}
