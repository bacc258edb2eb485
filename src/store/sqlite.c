/* SPDX-License-Identifier: EUPL-1.2
 *
 * The connector to a SQLite file. The file is opened read-only, its schema is not trusted, and a mapping
 * can only select. */
#include "store/connector.h"

#include <sqlite3.h>

#include "common/error.h"

#define STEPS_BETWEEN_LOOKS 20000 /* of SQLite's virtual machine, before it asks whether it is cancelled */

typedef struct
{
  KohConnector base;
  sqlite3 *db;
  char *name; /* for messages */
  GCancellable *cancellable;
} Connection;

typedef struct
{
  KohCursor base;
  Connection *connection;
  sqlite3_stmt *statement;
} Rows;

static gboolean
fail (Connection *connection, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (connection->cancellable, error))
    return FALSE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s cannot be read: %s", connection->name,
               connection->db != NULL ? sqlite3_errmsg (connection->db) : "out of memory");
  return FALSE;
}

static void
close_connection (KohConnector *connector)
{
  Connection *connection = (Connection *) connector;

  sqlite3_close (connection->db);
  g_clear_object (&connection->cancellable);
  g_free (connection->name);
  g_free (connection);
}

static int
look_cb (void *user_data)
{
  return g_cancellable_is_cancelled (user_data);
}

KohConnector *
koh_sqlite_open (const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->base.kind = &koh_sqlite_connector;
  connection->name = g_strdup (name);
  connection->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (sqlite3_open_v2 (path, &connection->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
          SQLITE_OK ||
      sqlite3_db_config (connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
      sqlite3_db_config (connection->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
      sqlite3_db_config (connection->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL) != SQLITE_OK ||
      sqlite3_busy_timeout (connection->db, 5000) != SQLITE_OK)
    {
      fail (connection, error);
      close_connection (&connection->base);
      return NULL;
    }
  if (cancellable != NULL)
    sqlite3_progress_handler (connection->db, STEPS_BETWEEN_LOOKS, look_cb, cancellable);
  return &connection->base;
}

static KohConnector *
open_connection (const KohSource *source, GCancellable *cancellable, GError **error)
{
  return koh_sqlite_open (source->location, source->location, cancellable, error);
}

static void
finish (KohCursor *cursor)
{
  Rows *rows = (Rows *) cursor;

  sqlite3_finalize (rows->statement);
  g_free (rows);
}

static KohCursor *
query (KohConnector *connector, const char *sql, GPtrArray *parameters, GError **error)
{
  Connection *connection = (Connection *) connector;
  Rows *rows = g_new0 (Rows, 1);
  const char *tail = NULL;

  rows->base.kind = &koh_sqlite_connector;
  rows->connection = connection;
  if (sqlite3_prepare_v2 (connection->db, sql, -1, &rows->statement, &tail) != SQLITE_OK)
    {
      fail (connection, error);
      finish (&rows->base);
      return NULL;
    }
  if (rows->statement == NULL || *tail != '\0' || !sqlite3_stmt_readonly (rows->statement))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                   "The query must be one SELECT, without anything after it");
      finish (&rows->base);
      return NULL;
    }
  for (guint i = 0; parameters != NULL && i < parameters->len; i++)
    if (sqlite3_bind_text (rows->statement, (int) i + 1, parameters->pdata[i], -1, SQLITE_TRANSIENT) !=
        SQLITE_OK)
      {
        fail (connection, error);
        finish (&rows->base);
        return NULL;
      }
  return &rows->base;
}

static gboolean
next (KohCursor *cursor, gboolean *found, GError **error)
{
  Rows *rows = (Rows *) cursor;
  int result = sqlite3_step (rows->statement);

  *found = result == SQLITE_ROW;
  return result == SQLITE_ROW || result == SQLITE_DONE || fail (rows->connection, error);
}

static guint
width (KohCursor *cursor)
{
  return (guint) sqlite3_column_count (((Rows *) cursor)->statement);
}

static const char *
column_name (KohCursor *cursor, guint column)
{
  return sqlite3_column_name (((Rows *) cursor)->statement, (int) column);
}

static const char *
text (KohCursor *cursor, guint column)
{
  return (const char *) sqlite3_column_text (((Rows *) cursor)->statement, (int) column);
}

/* Changes that are not yet in the file itself stand in the write-ahead log beside it. */
static char **
files (const KohSource *source, GError **error)
{
  char **paths = g_new0 (char *, 3);

  paths[0] = g_strdup (source->location);
  paths[1] = g_strconcat (source->location, "-wal", NULL);
  return paths;
}

const KohConnectorKind koh_sqlite_connector = {
  .scheme = "sqlite",
  .describe = "sqlite:FILE",
  .open = open_connection,
  .close = close_connection,
  .query = query,
  .next = next,
  .width = width,
  .name = column_name,
  .text = text,
  .finish = finish,
  .files = files,
};
