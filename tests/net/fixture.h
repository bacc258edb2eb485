/* SPDX-License-Identifier: EUPL-1.2
 *
 * A small federation in a temporary folder: three peers and a desk, with keys, cards and a signed roster. */
#pragma once

#include <glib/gstdio.h>
#include <gio/gio.h>
#include <string.h>

#include "common/error.h"
#include "net/roster.h"

#define N_MEMBERS 4

static const char *const member_names[N_MEMBERS] = { "aarhus", "asker", "danmarks-statistik", "rigshospitalet" };

typedef struct
{
  char *folder;
  KohIdentity *members[N_MEMBERS]; /* in name order; the asker is a desk */
  KohRoster *roster;
} Federation;

static inline char *
member_folder (const Federation *federation, guint i)
{
  return g_build_filename (federation->folder, member_names[i], NULL);
}

static inline KohIdentity *
make_member (const char *folder, const char *name, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *organisation = g_strdup_printf ("Organisation of %s", name);
  KohIdentityOptions options = { .name = name, .da = "På dansk", .en = "In English", .organisation = organisation,
                                 .is_peer = port != 0, .host = port != 0 ? "127.0.0.1" : NULL, .port = port };
  KohIdentity *identity;

  koh_identity_create (folder, &options, &error);
  g_assert_no_error (error);
  identity = koh_identity_load (folder, &error);
  g_assert_no_error (error);
  return identity;
}

/* The roster of @members, signed by every peer among them. */
static inline char *
make_roster_text (KohIdentity **members, guint n, guint epoch)
{
  g_autoptr (GPtrArray) cards = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  char *text;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (cards, (gpointer) koh_identity_card (members[i]));
  text = koh_roster_draft ("Test federation", epoch, 5, "lan", cards);
  for (guint i = 0; i < n; i++)
    if (koh_identity_card (members[i])->is_peer)
      {
        g_autofree char *before = text;

        text = koh_roster_sign (before, members[i], &error);
        g_assert_no_error (error);
      }
  return text;
}

/* Debug messages of other threads would break the lines of the test's own report. */
static inline void
ignore_log (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

static inline void
hush (void)
{
  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
  g_log_set_handler ("GLib-Net", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
  g_log_set_handler ("kohorte", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
}

/* @ports: one for each member; 0 makes a desk. */
static inline Federation *
federation_new (const guint16 ports[N_MEMBERS])
{
  Federation *federation = g_new0 (Federation, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  hush ();
  /* In memory where there is such a place: every key is synced to the disk, and these need not be. */
  federation->folder = g_build_filename (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir (),
                                         "kohorte-net-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (federation->folder));
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_autofree char *folder = member_folder (federation, i);

      federation->members[i] = make_member (folder, member_names[i], ports[i]);
    }
  text = make_roster_text (federation->members, N_MEMBERS, 1);
  federation->roster = koh_roster_parse (text, NULL, &error);
  g_assert_no_error (error);
  return federation;
}

static inline void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}

static inline void
federation_free (Federation *federation)
{
  koh_roster_free (federation->roster);
  for (guint i = 0; i < N_MEMBERS; i++)
    koh_identity_free (federation->members[i]);
  remove_folder (federation->folder);
  g_free (federation->folder);
  g_free (federation);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Federation, federation_free)
