/* SPDX-License-Identifier: EUPL-1.2
 *
 * Comma-separated text (RFC 4180), read strictly and row by row: what is doubtful is refused with the file,
 * the line and the column, never guessed at. It knows neither files nor databases. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KohCsv KohCsv;

/* Fills at most @size bytes; 0 at the end, negative with an error. */
typedef gssize (*KohCsvRead) (gpointer user_data, guint8 *bytes, gsize size, GError **error);

#define KOH_CSV_MOST_FIELD (1u << 20)   /* bytes */
#define KOH_CSV_MOST_ROW (1u << 24)     /* bytes */
#define KOH_CSV_MOST_COLUMNS 1000

/* @name is for messages. @separator is ',', ';', '\t', or 0: the one of ',' and ';' that the header has. */
KohCsv     *koh_csv_new   (const char *name, char separator, KohCsvRead read, gpointer user_data);
void        koh_csv_free  (KohCsv *csv); /* wipes what it holds */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCsv, koh_csv_free)

/* The next row; the first is the header, and every other one has as many fields. FALSE: an error, after
 * which nothing more is read. */
gboolean    koh_csv_next  (KohCsv *csv, gboolean *found, GError **error);
guint       koh_csv_width (const KohCsv *csv);
guint64     koh_csv_line  (const KohCsv *csv); /* where the row begins, from 1 */

/* UTF-8 without NUL. Until the next row. */
const char *koh_csv_field (const KohCsv *csv, guint column, gsize *size);

/* Sets an error that names the file, the row's line and @column (from 0). */
void        koh_csv_refuse (const KohCsv *csv, guint column, const char *message, GError **error);

G_END_DECLS
