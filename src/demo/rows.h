/* SPDX-License-Identifier: EUPL-1.2
 *
 * What one peer writes down of the lives. A peer's kind has a schema of its own tables, and a function
 * that adds one person's rows. */
#pragma once

#include "demo/database.h"
#include "demo/life.h"

G_BEGIN_DECLS

typedef struct _KohRows KohRows;

typedef struct
{
  const KohLives *lives;
  gint hospital;            /* 0, 1; −1 elsewhere */
  const char (*dates)[11];  /* "YYYY-MM-DD" of every day */
  KohDatabase *database;
} KohRowsPlace;

typedef struct
{
  const char *schema, *indexes;
  KohRows *(*start) (const KohRowsPlace *place, GError **error);
  gboolean (*add)   (KohRows *rows, const KohLife *life, const char *number, GError **error);
  void     (*stop)  (KohRows *rows);
  void     (*map)   (GKeyFile *ini); /* adds the [dataset …] groups */
} KohRowsKind;

extern const KohRowsKind koh_hospital_rows;
extern const KohRowsKind koh_statistics_rows;

/* For the mapping: a dataset's group, and both languages of one of its keys. */
void koh_rows_dataset (GKeyFile *ini, const char *group, const char *kind, const char *query);
void koh_rows_both    (GKeyFile *ini, const char *group, const char *key, const char *da, const char *en);
void koh_rows_levels  (GKeyFile *ini, const char *group, const char *variable, const char *const (*levels)[3], guint n);

G_END_DECLS
