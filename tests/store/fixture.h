/* SPDX-License-Identifier: EUPL-1.2
 *
 * A folder with a database and a peer.ini, made by hand for one test and removed after it. */
#pragma once

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "common/error.h"
#include "store/store.h"

typedef struct
{
  char *folder, *database, *ini;
} Fixture;

static inline void
fixture_sql (const Fixture *fixture, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (fixture->database, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

static inline void
fixture_ini (const Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents (fixture->ini, text, -1, NULL));
}

static inline Fixture *
fixture_new (const char *sql, const char *ini)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->folder = g_dir_make_tmp ("kohorte-store-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->database = g_build_filename (fixture->folder, "data.sqlite", NULL);
  fixture->ini = g_build_filename (fixture->folder, "peer.ini", NULL);
  fixture_sql (fixture, sql);
  fixture_ini (fixture, ini);
  return fixture;
}

static inline void
fixture_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        fixture_remove (path);
    }
  g_rmdir (folder);
}

static inline void
fixture_free (Fixture *fixture)
{
  fixture_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->database);
  g_free (fixture->ini);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static inline KohStore *
fixture_store (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KohStore *store = koh_store_new (fixture->ini, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

/* The message ends with this text (it begins with the path of a temporary folder). */
static inline void
assert_error (GError *error, int code, const char *text)
{
  g_assert_nonnull (error);
  if (error->domain != KOH_ERROR || error->code != code || strstr (error->message, text) == NULL)
    g_error ("expected code %d and “%s”, got %s %d “%s”", code, text, g_quark_to_string (error->domain),
             error->code, error->message);
}

static inline gint
day (const char *text)
{
  gint value;

  g_assert_true (koh_day_parse (text, &value));
  return value;
}
