/* SPDX-License-Identifier: EUPL-1.2
 *
 * An owner's own data, as mapped by its peer.ini (DESIGN §6): described as a catalogue, evaluated in
 * the owner's database, and turned into columns over the spine. Read-only; rows are streamed. Errors
 * name the dataset, the row and the column. */
#pragma once

#include <gio/gio.h>

#include "query/plan.h"

G_BEGIN_DECLS

typedef struct _KohStore KohStore;

/* Reads the [peer] titles and [dataset …] groups of @ini; relative paths are relative to the folder of
 * the file. Opens nothing yet. */
KohStore     *koh_store_new        (const char *ini, GError **error);
void          koh_store_free       (KohStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohStore, koh_store_free)

/* Progress of long work, from the thread that does it. @total may be 0 (unknown). */
typedef void (*KohStoreProgress) (const char *what, guint64 done, guint64 total, gpointer user_data);

/* Looks at the data (rows, period, completeness) and describes them for peer @name. */
KohCatalogue *koh_store_describe   (KohStore *store, const char *name, GCancellable *cancellable, GError **error);

/* The content hash of all that the datasets read: the databases and the mapping. */
gboolean      koh_store_snapshot   (KohStore *store, KohHash *snapshot, GCancellable *cancellable, GError **error);

/* Every distinct person key of every dataset, trimmed, once each, sorted. For enrolment. */
GPtrArray    *koh_store_persons    (KohStore *store, GCancellable *cancellable, GError **error);

/* The persons of the population register (the dataset with birth_date), sorted. */
GPtrArray    *koh_store_register   (KohStore *store, GCancellable *cancellable, GError **error);

/* What the owner should know of its data and nobody else: rows by dataset, those that break the schema by row and
 * column, how many persons have opted out. Lines of text; a dataset that is refused says why. Free with g_free(). */
char         *koh_store_report     (KohStore *store, GCancellable *cancellable, GError **error);

/* Where the owner's persons stand on the spine: a sorted, compact map from key to position. */
typedef struct _KohSpine KohSpine;
KohSpine     *koh_spine_new        (guint positions);
void          koh_spine_add        (KohSpine *spine, const char *person, guint position);
void          koh_spine_sort       (KohSpine *spine);            /* once, after the last add */
gint64        koh_spine_find       (const KohSpine *spine, const char *person); /* -1 */
guint         koh_spine_positions  (const KohSpine *spine);
gsize         koh_spine_size       (const KohSpine *spine);      /* keys */
gboolean      koh_spine_save       (const KohSpine *spine, const char *path, GError **error); /* mode 0600 */
KohSpine     *koh_spine_load       (const char *path, GError **error);
void          koh_spine_free       (KohSpine *spine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSpine, koh_spine_free)

/* A column's planes over all positions: column->width planes of (positions + 63) / 64 words; free with
 * koh_secret-like wiping koh_planes_free(). Persons without a position are left out. @missed (may be
 * NULL) receives how many rows were. */
guint64      *koh_store_column     (KohStore *store, const KohPlan *plan, const KohColumn *column, const KohSpine *spine,
                                    guint64 *missed, GCancellable *cancellable, GError **error);
void          koh_planes_free      (guint64 *planes, guint positions, guint width);

/* A person's key without spaces and hyphen; NULL unless 10 characters remain (replacement numbers
 * contain letters). */
char         *koh_person_normalise (const char *text);

G_END_DECLS
