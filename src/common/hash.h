/* SPDX-License-Identifier: EUPL-1.2
 *
 * 256-bit BLAKE2b over labelled, length-prefixed parts, so that no two different lists of parts
 * have the same input. Labels look like "kohorte/plan/1". */
#pragma once

#include <glib.h>
#include <sodium.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 bytes[32];
} KohHash;

typedef struct
{
  crypto_generichash_state state;
} KohHasher;

void     koh_hasher_init   (KohHasher *hasher, const char *label);
void     koh_hasher_add    (KohHasher *hasher, const void *bytes, gsize size);
void     koh_hasher_string (KohHasher *hasher, const char *text);
void     koh_hasher_hash   (KohHasher *hasher, const KohHash *hash);
void     koh_hasher_u64    (KohHasher *hasher, guint64 value);
KohHash  koh_hasher_end    (KohHasher *hasher);

/* One part. */
KohHash  koh_hash_of       (const char *label, const void *bytes, gsize size);

gboolean koh_hash_equal    (const KohHash *a, const KohHash *b); /* constant time */
char    *koh_hash_to_hex   (const KohHash *hash);                /* 64 characters */
gboolean koh_hash_from_hex (KohHash *hash, const char *text);    /* FALSE unless exactly 64 hex digits */

G_END_DECLS
