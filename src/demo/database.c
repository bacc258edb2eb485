/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/database.h"

#include <glib/gstdio.h>

#include "common/error.h"

struct _KohDatabase
{
  char *path;
  sqlite3 *db;
  GPtrArray *statements;
  gboolean finished;
};

static gboolean
fail (KohDatabase *database, GError **error)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "Cannot write %s: %s", database->path,
               database->db != NULL ? sqlite3_errmsg (database->db) : "out of memory");
  return FALSE;
}

static gboolean
execute (KohDatabase *database, const char *sql, GError **error)
{
  return sqlite3_exec (database->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail (database, error);
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

KohDatabase *
koh_database_create (const char *path, const char *schema, GError **error)
{
  g_autoptr (KohDatabase) database = g_new0 (KohDatabase, 1);

  database->path = g_strdup (path);
  database->statements = g_ptr_array_new_with_free_func (finalize);
  g_unlink (path);
  if (sqlite3_open_v2 (path, &database->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL) != SQLITE_OK)
    {
      fail (database, error);
      return NULL;
    }
  g_chmod (path, 0600);
  if (!execute (database,
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                "PRAGMA cache_size = -65536; BEGIN;",
                error) ||
      !execute (database, schema, error))
    return NULL;
  return g_steal_pointer (&database);
}

sqlite3_stmt *
koh_database_prepare (KohDatabase *database, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v3 (database->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      fail (database, error);
      return NULL;
    }
  g_ptr_array_add (database->statements, statement);
  return statement;
}

gboolean
koh_database_insert (KohDatabase *database, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  sqlite3_reset (statement);
  return result == SQLITE_DONE || fail (database, error);
}

gboolean
koh_database_finish (KohDatabase *database, const char *indexes, GError **error)
{
  g_ptr_array_set_size (database->statements, 0);
  if (!execute (database,
                "CREATE TABLE about (line INTEGER PRIMARY KEY, text TEXT NOT NULL);"
                "INSERT INTO about (text) VALUES"
                " ('SYNTETISK: ingen person i denne database findes.'),"
                " ('SYNTHETIC: no person in this database exists.'),"
                " ('SYNTETISK');",
                error) ||
      !execute (database, indexes, error) ||
      !execute (database, "PRAGMA analysis_limit = 1000; ANALYZE; COMMIT;", error))
    return FALSE;
  database->finished = TRUE;
  return TRUE;
}

void
koh_database_free (KohDatabase *database)
{
  if (database == NULL)
    return;
  g_ptr_array_unref (database->statements);
  sqlite3_close (database->db);
  if (!database->finished)
    g_unlink (database->path);
  g_free (database->path);
  g_free (database);
}
