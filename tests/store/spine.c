/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store.h"

#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

static KohSpine *
make (guint n)
{
  KohSpine *spine = koh_spine_new (n + 10);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *person = g_strdup_printf ("%010u", (i * 7919u) % n * 3);

      koh_spine_add (spine, person, (i * 31u) % n);
    }
  koh_spine_sort (spine);
  return spine;
}

static void
assert_made (const KohSpine *spine, guint n)
{
  g_assert_cmpuint (koh_spine_positions (spine), ==, n + 10);
  g_assert_cmpuint (koh_spine_size (spine), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *person = g_strdup_printf ("%010u", (i * 7919u) % n * 3);
      g_autofree char *absent = g_strdup_printf ("%010u", i * 3 + 1);

      g_assert_cmpint (koh_spine_find (spine, person), ==, (i * 31u) % n);
      g_assert_cmpint (koh_spine_find (spine, absent), ==, -1);
    }
  g_assert_cmpint (koh_spine_find (spine, "ZZZZZZZZZZ"), ==, -1);
  g_assert_cmpint (koh_spine_find (spine, "          "), ==, -1);
}

static void
everybody_is_found_and_nobody_else (void)
{
  g_autoptr (KohSpine) spine = make (1000);
  g_autoptr (KohSpine) empty = koh_spine_new (5);

  assert_made (spine, 1000);
  koh_spine_sort (empty);
  g_assert_cmpint (koh_spine_find (empty, "0101801234"), ==, -1);
}

static void
a_key_added_twice_stands_once (void)
{
  g_autoptr (KohSpine) spine = koh_spine_new (5);

  koh_spine_add (spine, "0101801234", 3);
  koh_spine_add (spine, "0101801233", 2);
  koh_spine_add (spine, "0101801234", 3);
  koh_spine_sort (spine);
  g_assert_cmpuint (koh_spine_size (spine), ==, 2);
  g_assert_cmpint (koh_spine_find (spine, "0101801234"), ==, 3);
  g_assert_cmpint (koh_spine_find (spine, "0101801233"), ==, 2);
}

static void
a_file_comes_back_as_it_went_and_is_private (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", "");
  g_autofree char *path = g_build_filename (fixture->folder, "spine", NULL);
  g_autoptr (GError) error = NULL;

  for (guint n = 0; n <= 500; n += 250)
    {
      g_autoptr (KohSpine) spine = n > 0 ? make (n) : koh_spine_new (10);
      g_autoptr (KohSpine) back = NULL;
      struct stat status;

      g_assert_true (koh_spine_save (spine, path, &error));
      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
      back = koh_spine_load (path, &error);
      g_assert_no_error (error);
      if (n > 0)
        assert_made (back, n);
      g_assert_cmpuint (koh_spine_size (back), ==, n);
    }
}

static void
every_changed_byte_and_every_length_is_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", "");
  g_autofree char *path = g_build_filename (fixture->folder, "spine", NULL);
  g_autoptr (KohSpine) spine = make (7);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (koh_spine_save (spine, path, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (GError) changed = NULL, cut = NULL;

      bytes[i] ^= 1 << (i % 8);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
      g_assert_null (koh_spine_load (path, &changed));
      assert_error (changed, KOH_ERROR_DATA, "is damaged");
      bytes[i] ^= 1 << (i % 8);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) i, NULL));
      g_assert_null (koh_spine_load (path, &cut));
      assert_error (cut, KOH_ERROR_DATA, "is damaged");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/spine/everybody-is-found-and-nobody-else", everybody_is_found_and_nobody_else);
  g_test_add_func ("/store/spine/a-key-added-twice-stands-once", a_key_added_twice_stands_once);
  g_test_add_func ("/store/spine/a-file-comes-back-as-it-went-and-is-private",
                   a_file_comes_back_as_it_went_and_is_private);
  g_test_add_func ("/store/spine/every-changed-byte-and-every-length-is-refused",
                   every_changed_byte_and_every_length_is_refused);
  return g_test_run ();
}
