/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a pass over all rows of a dataset finds wrong with them: how many rows are left out, the first of them by
 * row and column, and which rows contradict each other, so that no other pass takes them either. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 rows;           /* that are not of opted-out persons */
  guint64 left_out;       /* of these */
  guint64 opted_out;      /* rows of persons who are */
  GPtrArray *named;       /* char *: the first that were left out, at most KOH_DEFECTS_NAMED */
  GByteArray *conflicts;  /* sorted (person, valid_from), where several rows claim the same time */
  GByteArray *met;        /* a byte for each key of the opt-out list: whether rows have it */
} KohDefects;

#define KOH_DEFECTS_NAMED 20

KohDefects *koh_defects_new      (gsize opted_out);
void        koh_defects_free     (KohDefects *defects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohDefects, koh_defects_free)

/* A row that breaks the schema. */
void        koh_defects_add      (KohDefects *defects, const char *message);

/* A row that claims the same time as the one before it: both are left out, since nobody knows which is
 * right. In order of persons and validities. */
void        koh_defects_conflict (KohDefects *defects, const char *person, gint valid_from, const char *message);
void        koh_defects_sort     (KohDefects *defects); /* once, after the last row */
gboolean    koh_defects_contain  (const GByteArray *conflicts, const char *person, gint valid_from);

/* FALSE and an error unless fewer rows than @share of them are left out. */
gboolean    koh_defects_judge    (const KohDefects *defects, const char *dataset, gdouble share, GError **error);

G_END_DECLS
