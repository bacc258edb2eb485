/* SPDX-License-Identifier: EUPL-1.2
 *
 * Boxes that one participant can open, and only for the purpose they were sealed for.
 *
 * Box = E ‖ MAC ‖ ciphertext, E = X25519 public key of a fresh secret e, and
 *   key = BLAKE2b ("kohorte/seal/1", X25519 (e, B), E, B, context),   B = the card's box key.
 * The key is used once, so XSalsa20-Poly1305 runs under a zero nonce. The context is in the key: a box
 * opened for another session or question fails as a forged one does. Whoever opens learns nothing of who
 * sealed; who did is known from the link or a signature. */
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "net/keys.h"

#define PUBLIC crypto_box_PUBLICKEYBYTES
#define MAC crypto_secretbox_MACBYTES

static const guint8 zero_nonce[crypto_secretbox_NONCEBYTES];

/* FALSE where the other side's point is of low order, so that the shared secret would be known to all. */
static gboolean
derive (guint8 key[32], const guint8 secret[32], const guint8 other[32], const guint8 ephemeral[32],
        const guint8 box_key[32], const KohHash *context)
{
  guint8 shared[32];
  KohHasher hasher;
  KohHash hash;
  gboolean ok = crypto_scalarmult (shared, secret, other) == 0;

  koh_hasher_init (&hasher, "kohorte/seal/1");
  koh_hasher_add (&hasher, shared, sizeof shared);
  koh_hasher_add (&hasher, ephemeral, 32);
  koh_hasher_add (&hasher, box_key, 32);
  koh_hasher_hash (&hasher, context);
  hash = koh_hasher_end (&hasher);
  memcpy (key, hash.bytes, 32);
  koh_wipe (shared);
  koh_wipe (hash.bytes);
  sodium_memzero (&hasher, sizeof hasher);
  return ok;
}

GBytes *
koh_seal (const KohCard *to, const KohHash *context, GBytes *message)
{
  g_autoptr (KohSecret) secret = koh_secret_new (32);
  gsize size;
  const guint8 *plain = g_bytes_get_data (message, &size);
  guint8 *box = g_malloc (PUBLIC + MAC + size);
  guint8 key[32];

  randombytes_buf (secret, 32);
  crypto_scalarmult_base (box, secret);
  if (!derive (key, secret, to->box_key, box, to->box_key, context))
    randombytes_buf (key, sizeof key); /* nobody can open what is sealed to a key that is none */
  crypto_secretbox_easy (box + PUBLIC, plain, size, zero_nonce, key);
  koh_wipe (key);
  return g_bytes_new_take (box, PUBLIC + MAC + size);
}

GBytes *
koh_identity_open (const KohIdentity *identity, const KohHash *context, GBytes *sealed, GError **error)
{
  const guint8 *box_key = koh_identity_card (identity)->box_key;
  gsize size;
  const guint8 *box = g_bytes_get_data (sealed, &size);
  g_autofree guint8 *plain = NULL;
  guint8 key[32];
  gboolean ok;

  if (size < PUBLIC + MAC)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL,
                   "A sealed message of %" G_GSIZE_FORMAT " bytes is too short "
                   "to be one; ask again",
                   size);
      return NULL;
    }
  plain = g_malloc0 (size - PUBLIC - MAC + 1);
  ok = derive (key, koh_identity_box_secret (identity), box, box, box_key, context);
  ok = crypto_secretbox_open_easy (plain, box + PUBLIC, size - PUBLIC, zero_nonce, key) == 0 && ok;
  koh_wipe (key);
  if (!koh_check ("seal-context", ok))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "A sealed message does not open: it was changed, or sealed to "
                   "another participant, session or question (check seal-context); ask again");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&plain), size - PUBLIC - MAC);
}
