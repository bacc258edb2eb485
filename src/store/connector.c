/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/connector.h"

static const KohConnectorKind *const kinds[] = { &koh_sqlite_connector, &koh_csv_connector };

const KohConnectorKind *
koh_connector_kind (const char *scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i]->scheme, scheme))
      return kinds[i];
  return NULL;
}

char *
koh_connector_kinds (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", kinds[i]->describe);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

KohConnector *
koh_connector_open (const KohConnectorKind *kind, const KohSource *source, GCancellable *cancellable,
                    GError **error)
{
  return kind->open (source, cancellable, error);
}

void
koh_connector_close (KohConnector *connector)
{
  if (connector != NULL)
    connector->kind->close (connector);
}

KohCursor *
koh_connector_query (KohConnector *connector, const char *sql, GPtrArray *parameters, GError **error)
{
  return connector->kind->query (connector, sql, parameters, error);
}

gboolean
koh_cursor_next (KohCursor *cursor, gboolean *found, GError **error)
{
  return cursor->kind->next (cursor, found, error);
}

guint
koh_cursor_width (KohCursor *cursor)
{
  return cursor->kind->width (cursor);
}

const char *
koh_cursor_name (KohCursor *cursor, guint column)
{
  return cursor->kind->name (cursor, column);
}

const char *
koh_cursor_text (KohCursor *cursor, guint column)
{
  return cursor->kind->text (cursor, column);
}

void
koh_cursor_free (KohCursor *cursor)
{
  if (cursor != NULL)
    cursor->kind->finish (cursor);
}
