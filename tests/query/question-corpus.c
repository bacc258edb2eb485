/* SPDX-License-Identifier: EUPL-1.2
 *
 * Replays the stored inputs of the question's fuzzer: one test that needs no fuzzer. */
#include <gio/gio.h>
#include <string.h>

#include "common/place.h"
#include "query/question.h"
#include "tests/fuzz/fuzz.h"

static void
test_replay (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "fuzz", "corpus", "question", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint read = 0, accepted = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GBytes) bytes = koh_place_read (path, 1u << 21, &error);
      g_autoptr (KohQuestion) question = NULL;
      gsize size;
      const char *text;

      g_assert_no_error (error);
      text = g_bytes_get_data (bytes, &size);
      text = text != NULL ? text : "";
      LLVMFuzzerTestOneInput ((const guint8 *) text, size);
      question = koh_question_parse (text, (gssize) size, NULL);
      read++;
      accepted += question != NULL;
    }
  /* Both kinds are there, else the corpus says nothing. */
  g_assert_cmpuint (accepted, >=, 20);
  g_assert_cmpuint (read - accepted, >=, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/question/stored-inputs-do-no-harm", test_replay);
  return g_test_run ();
}
