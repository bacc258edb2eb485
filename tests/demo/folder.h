/* SPDX-License-Identifier: EUPL-1.2
 *
 * A temporary folder, removed with all that is in it. */
#pragma once

#include <ftw.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

static inline int
folder_remove_cb (const char *path, const struct stat *status, int type, struct FTW *walk)
{
  return remove (path);
}

static inline void
folder_remove (char *folder)
{
  nftw (folder, folder_remove_cb, 16, FTW_DEPTH | FTW_PHYS);
  g_free (folder);
}

static inline char *
folder_new (void)
{
  char *folder = g_dir_make_tmp ("kohorte-demo-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

/* One number from FOLDER/PEER/data.sqlite; other peers' databases are attached by their names. */
static inline double
folder_number (const char *folder, const char *sql)
{
  static const char *const peers[] = { "rigshospitalet", "aarhus", "danmarks-statistik" };
  static const char *const names[] = { "rh", "au", "ds" };
  sqlite3 *db;
  sqlite3_stmt *statement;
  double value;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *path = g_build_filename (folder, peers[i], "data.sqlite", NULL);
      char *attach = sqlite3_mprintf ("ATTACH %Q AS %s", path, names[i]);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        g_assert_cmpint (sqlite3_exec (db, attach, NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_free (attach);
    }
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_double (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return value;
}
