/* SPDX-License-Identifier: EUPL-1.2
 *
 * Replays the stored inputs of a fuzzer of this room, CORPUS, which is compiled in. */
#include <gio/gio.h>

#include "common/place.h"
#include "tests/fuzz/fuzz.h"

static void
stored_inputs_do_no_harm (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "fuzz", "corpus", CORPUS, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint read = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GBytes) bytes = koh_place_read (path, 1u << 21, &error);
      gsize size;
      const guint8 *data;

      g_assert_no_error (error);
      data = g_bytes_get_data (bytes, &size);
      LLVMFuzzerTestOneInput (data != NULL ? data : (const guint8 *) "", size);
      read++;
    }
  g_assert_cmpuint (read, >=, 15);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/" CORPUS "/stored-inputs-do-no-harm", stored_inputs_do_no_harm);
  return g_test_run ();
}
