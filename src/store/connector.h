/* SPDX-License-Identifier: EUPL-1.2
 *
 * An open database of one kind, and a query's rows, one after the other. Another kind of database is
 * another KohConnectorKind in connector.c's table. What the rows mean is not known here. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KohConnector KohConnector; /* an open, read-only connection, of one thread */
typedef struct _KohCursor KohCursor;       /* the rows of one query */

/* What source= names, and what goes with it. */
typedef struct
{
  char *location; /* what follows the scheme, made absolute */
  char *state;    /* the folder for what is derived from it; may not exist yet */
  char separator; /* of comma-separated text; 0: as its header tells */
} KohSource;

typedef struct
{
  const char *scheme; /* of source=: "sqlite" */
  const char *describe; /* how to write one, for messages: "sqlite:FILE" */

  KohConnector *(*open)  (const KohSource *source, GCancellable *cancellable, GError **error);
  void          (*close) (KohConnector *connector);
  KohCursor    *(*query) (KohConnector *connector, const char *sql, GPtrArray *parameters, GError **error);
  gboolean      (*next)  (KohCursor *cursor, gboolean *found, GError **error);
  guint         (*width) (KohCursor *cursor);
  const char   *(*name)  (KohCursor *cursor, guint column);
  const char   *(*text)  (KohCursor *cursor, guint column);
  void          (*finish) (KohCursor *cursor);

  /* The files in which the data stand, NULL-terminated, for the content hash. The first must be there;
   * of a folder all must, and their names count. */
  char        **(*files) (const KohSource *source, GError **error);
  gboolean      is_folder;
} KohConnectorKind;

/* Every kind's structures begin with their kind. */
struct _KohConnector { const KohConnectorKind *kind; };
struct _KohCursor { const KohConnectorKind *kind; };

const KohConnectorKind *koh_connector_kind (const char *scheme);  /* NULL */
char *koh_connector_kinds (void);                                 /* "sqlite:FILE", for messages */

/* Errors are KOH_ERROR_DATA, or G_IO_ERROR_CANCELLED at any time while @cancellable is. */
KohConnector *koh_connector_open  (const KohConnectorKind *kind, const KohSource *source,
                                   GCancellable *cancellable, GError **error);
void          koh_connector_close (KohConnector *connector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohConnector, koh_connector_close)

/* One SELECT. @parameters: char * bound as text to the marks `?` in order; NULL none. The connector
 * outlives the cursor. */
KohCursor    *koh_connector_query (KohConnector *connector, const char *sql, GPtrArray *parameters,
                                   GError **error);
gboolean      koh_cursor_next     (KohCursor *cursor, gboolean *found, GError **error);
guint         koh_cursor_width    (KohCursor *cursor);
const char   *koh_cursor_name     (KohCursor *cursor, guint column);
const char   *koh_cursor_text     (KohCursor *cursor, guint column); /* NULL: SQL's NULL. Until the next row */
void          koh_cursor_free     (KohCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCursor, koh_cursor_free)

extern const KohConnectorKind koh_sqlite_connector;
extern const KohConnectorKind koh_csv_connector;

/* A connection to the database at @path, which messages call @name. */
KohConnector *koh_sqlite_open     (const char *path, const char *name, GCancellable *cancellable, GError **error);

G_END_DECLS
