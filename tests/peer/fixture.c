/* SPDX-License-Identifier: EUPL-1.2
 *
 * See fixture.h. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "demo/federation.h"

const char *const fixture_peers[PEERS] = { "aarhus", "danmarks-statistik", "rigshospitalet" };

char *
fixture_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("kohorte-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
fixture_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        fixture_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

Fixture *
fixture_new (guint persons)
{
  g_autoptr (GError) error = NULL;
  Fixture *fixture = g_new0 (Fixture, 1);
  KohWorldOptions options = { persons, 11, 20 };

  fixture->folder = fixture_folder ();
  koh_demo_create (fixture->folder, &options, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return fixture;
}

void
fixture_free (Fixture *fixture)
{
  fixture_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture);
}

char *
fixture_path (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

KohIdentity *
fixture_identity (const Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, name);
  KohIdentity *identity = koh_identity_load (path, &error);

  g_assert_no_error (error);
  return identity;
}

KohRoster *
fixture_roster (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, "asker");
  KohRoster *roster = koh_roster_load (path, &error);

  g_assert_no_error (error);
  return roster;
}

KohMap *
fixture_map (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KohMap *map = koh_map_new ();

  for (guint i = 0; i < PEERS; i++)
    {
      g_autofree char *path = fixture_path (fixture, fixture_peers[i]);
      g_autofree char *ini = g_build_filename (path, "peer.ini", NULL);
      g_autoptr (KohStore) store = koh_store_new (ini, &error);
      KohCatalogue *catalogue;

      g_assert_no_error (error);
      catalogue = koh_store_describe (store, fixture_peers[i], NULL, &error);
      g_assert_no_error (error);
      catalogue->population = i == 1;
      koh_map_take (map, catalogue);
    }
  return map;
}

KohQuestion *
fixture_question (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (fixture->folder, "questions", "statin-after-infarction.json", NULL);
  KohQuestion *question = koh_question_read_file (path, &error);

  g_assert_no_error (error);
  return question;
}

KohParticipant *
fixture_open (const Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, name);
  KohParticipant *self = koh_participant_open (path, &error);

  g_assert_no_error (error);
  return self;
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
fixture_wait (gboolean (*done) (gpointer user_data), gpointer user_data, guint seconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  guint tick = g_timeout_add (20, tick_cb, NULL);

  while (!done (user_data) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  return done (user_data);
}

GByteArray *
fixture_read (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *) text, size);
}

void
fixture_write (const char *folder, const char *name, const void *bytes, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, (gssize) size, &error);
  g_assert_no_error (error);
}
