/* SPDX-License-Identifier: EUPL-1.2
 *
 * Key files, and the secrets of an identity, for this room only. */
#pragma once

#include "common/secret.h"
#include "net/identity.h"

G_BEGIN_DECLS

/* Makes a fresh random secret of 32 bytes, and writes it to FOLDER/keys/@name with mode 0600. */
KohSecret *koh_keys_make        (const char *folder, const char *name, GError **error);

/* Reads it back. A file that others can read, or of another length, is refused ("key-mode", "key-size").
 * Where @optional, a file that does not exist gives NULL without an error. */
KohSecret *koh_keys_load        (const char *folder, const char *name, gboolean optional, GError **error);

/* Fails, with a remedy, unless only its owner can read the file. */
gboolean   koh_keys_are_private (const char *path, GError **error);

/* The secret half of the card's box key: the static key of the handshake, and what sealed boxes open with. */
const guint8 *koh_identity_box_secret (const KohIdentity *identity);

G_END_DECLS
