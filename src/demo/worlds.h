/* SPDX-License-Identifier: EUPL-1.2
 *
 * Several peers' worlds at once, each on a thread of its own. */
#pragma once

#include "demo/world.h"

G_BEGIN_DECLS

/* Writes FOLDER/NAME for each of the NULL-terminated names; those folders exist. Progress is told from the
 * calling thread, as the mean of all. */
gboolean koh_worlds_write (const char *const *names, const char *folder, const KohWorldOptions *options,
                           KohWorldProgress progress, gpointer user_data, GCancellable *cancellable,
                           GError **error);

G_END_DECLS
