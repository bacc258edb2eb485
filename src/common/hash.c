/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/hash.h"

#include <string.h>

void
koh_hasher_init (KohHasher *hasher, const char *label)
{
  crypto_generichash_init (&hasher->state, NULL, 0, sizeof (KohHash));
  koh_hasher_string (hasher, label);
}

void
koh_hasher_add (KohHasher *hasher, const void *bytes, gsize size)
{
  koh_hasher_u64 (hasher, size);
  crypto_generichash_update (&hasher->state, bytes, size);
}

void
koh_hasher_string (KohHasher *hasher, const char *text)
{
  koh_hasher_add (hasher, text, strlen (text));
}

void
koh_hasher_hash (KohHasher *hasher, const KohHash *hash)
{
  koh_hasher_add (hasher, hash->bytes, sizeof hash->bytes);
}

void
koh_hasher_u64 (KohHasher *hasher, guint64 value)
{
  guint8 bytes[8];

  for (guint i = 0; i < 8; i++)
    bytes[i] = (guint8) (value >> (8 * i));
  crypto_generichash_update (&hasher->state, bytes, sizeof bytes);
}

KohHash
koh_hasher_end (KohHasher *hasher)
{
  KohHash hash;

  crypto_generichash_final (&hasher->state, hash.bytes, sizeof hash.bytes);
  return hash;
}

KohHash
koh_hash_of (const char *label, const void *bytes, gsize size)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, label);
  koh_hasher_add (&hasher, bytes, size);
  return koh_hasher_end (&hasher);
}

gboolean
koh_hash_equal (const KohHash *a, const KohHash *b)
{
  return sodium_memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

char *
koh_hash_to_hex (const KohHash *hash)
{
  char *text = g_malloc (2 * sizeof hash->bytes + 1);

  return sodium_bin2hex (text, 2 * sizeof hash->bytes + 1, hash->bytes, sizeof hash->bytes);
}

gboolean
koh_hash_from_hex (KohHash *hash, const char *text)
{
  gsize size;

  return text != NULL && strlen (text) == 2 * sizeof hash->bytes &&
         sodium_hex2bin (hash->bytes, sizeof hash->bytes, text, 2 * sizeof hash->bytes, NULL,
                         &size, NULL) == 0 &&
         size == sizeof hash->bytes;
}
