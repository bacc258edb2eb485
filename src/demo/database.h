/* SPDX-License-Identifier: EUPL-1.2
 *
 * A new SQLite file, filled in one transaction. It is made for speed and not for safety: when anything
 * fails the file is thrown away. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _KohDatabase KohDatabase;

KohDatabase  *koh_database_create  (const char *path, const char *schema, GError **error);
sqlite3_stmt *koh_database_prepare (KohDatabase *database, const char *sql, GError **error); /* lends */
gboolean      koh_database_insert  (KohDatabase *database, sqlite3_stmt *statement, GError **error);
gboolean      koh_database_finish  (KohDatabase *database, const char *indexes, GError **error);
void          koh_database_free    (KohDatabase *database); /* removes the file unless finished */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohDatabase, koh_database_free)

/* @text is not copied: it stands until the row is inserted. NULL is SQL's NULL. */
static inline void
koh_database_text (sqlite3_stmt *statement, int parameter, const char *text)
{
  sqlite3_bind_text (statement, parameter, text, -1, SQLITE_STATIC);
}

static inline void
koh_database_int (sqlite3_stmt *statement, int parameter, gint64 value)
{
  sqlite3_bind_int64 (statement, parameter, value);
}

G_END_DECLS
