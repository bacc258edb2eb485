/* SPDX-License-Identifier: EUPL-1.2
 *
 * Memory for secrets: guarded, locked where the system allows it, and wiped when freed. */
#pragma once

#include <glib.h>
#include <sodium.h>

G_BEGIN_DECLS

typedef guint8 KohSecret; /* the first byte of a block made by koh_secret_new() */

/* A zero-filled block of @size bytes; free with koh_secret_free(), which wipes it. */
KohSecret *koh_secret_new  (gsize size);
KohSecret *koh_secret_copy (const void *bytes, gsize size);
void       koh_secret_free (KohSecret *secret);

/* For small arrays on the stack: wiped when the scope ends. */
#define koh_wipe(array) sodium_memzero ((array), sizeof (array))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSecret, koh_secret_free)

G_END_DECLS
