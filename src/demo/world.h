/* SPDX-License-Identifier: EUPL-1.2
 *
 * The synthetic Danish world: persons with whole lives, made by a counter-based generator, so that each
 * peer can make its own rows and all of them agree. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 persons;     /* default 100000 */
  guint64 seed;        /* default 20230307 */
  gdouble enrich;      /* default 8: rates of infarct and lung cancer are multiplied; 1 = national rates */
} KohWorldOptions;

typedef void (*KohWorldProgress) (guint64 persons_done, guint64 persons, gpointer user_data);

/* Writes the datasets of @peer ("rigshospitalet", "aarhus", "danmarks-statistik") to a SQLite file and
 * the mapping to peer.ini in @folder, which exists: FOLDER/data.sqlite and FOLDER/peer.ini ([peer] and
 * [dataset …] groups; the caller adds [listen] itself). */
gboolean koh_world_write (const char *peer, const char *folder, const KohWorldOptions *options,
                          KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
