/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where things stand on this machine: the socket of a participant's folder, and files written whole
 * or not at all. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The Unix socket on which the participant of @folder listens. It stands in the user's run-time
 * folder, since a path to a socket may have 107 bytes only. Free with g_free(). */
char    *koh_place_socket (const char *folder);

/* Writes @bytes to @path with mode @mode: to a new file beside it, synced, then renamed, and the
 * folder synced. Either the old file stands or the new one, whole. */
gboolean koh_place_write  (const char *path, GBytes *bytes, int mode, GError **error);

/* Reads a file of at most @most bytes; the error names the path. */
GBytes  *koh_place_read   (const char *path, gsize most, GError **error);

G_END_DECLS
