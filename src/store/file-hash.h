/* SPDX-License-Identifier: EUPL-1.2
 *
 * The hash of a file's bytes. A file that still looks the same (place, size, time of change, inode) is not
 * hashed twice by one process; one that changes while it is hashed is refused. */
#pragma once

#include <gio/gio.h>

#include "common/hash.h"

G_BEGIN_DECLS

/* @found NULL: the file must be there. Else it receives whether it is; where not, @hash is not set. */
gboolean koh_file_hash (const char *path, KohHash *hash, gboolean *found, GCancellable *cancellable, GError **error);

G_END_DECLS
