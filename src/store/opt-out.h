/* SPDX-License-Identifier: EUPL-1.2
 *
 * The persons who have opted out, one key a line of the file that opt_out= in [peer] names. Whoever reads rows
 * leaves theirs out, so that they are in no column, count or list of this owner. */
#pragma once

#include "store/mapping.h"

G_BEGIN_DECLS

/* The list as it stands now: sorted keys of ten bytes, once each; empty where there is none. NULL with an
 * error: nothing may be read then. Free with g_bytes_unref(). */
GBytes *koh_opt_out_load (KohStore *store, GCancellable *cancellable, GError **error);
gsize   koh_opt_out_size (GBytes *list);
gint64  koh_opt_out_find (GBytes *list, const char *person); /* its index; -1 */

G_END_DECLS
