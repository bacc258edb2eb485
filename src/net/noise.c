/* SPDX-License-Identifier: EUPL-1.2
 *
 * The Noise protocol framework, revision 34, in the specification's own words: a symmetric state (h, ck and
 * a cipher of key k and counter n) absorbs every byte that is sent and every Diffie–Hellman result, token by
 * token; patterns are tables of tokens. libsodium 1.0.18 has no HKDF, so it is written here on its HMAC. */
#include "net/noise.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"

#define MESSAGE_MOST 65535
#define TAG crypto_aead_chacha20poly1305_ietf_ABYTES

typedef enum
{
  END,
  E,
  S,
  EE,
  ES,
  SE,
  SS
} Token;

typedef struct
{
  const char *name;
  gboolean known; /* both static keys are known before the first message */
  guint n_messages;
  Token messages[3][5]; /* by turns, the initiator's first */
} Pattern;

static const Pattern patterns[] = {
  [KOH_NOISE_KK] = { "Noise_KK_25519_ChaChaPoly_SHA256", TRUE, 2, { { E, ES, SS }, { E, EE, SE } } },
  [KOH_NOISE_XX] = { "Noise_XX_25519_ChaChaPoly_SHA256", FALSE, 3, { { E }, { E, EE, S, ES }, { S, SE } } },
};

/* Lies in wiped, guarded memory as a whole. */
struct _KohNoise
{
  const Pattern *pattern;
  gboolean initiator;
  gboolean fixed_ephemeral;
  gboolean has_key;
  gboolean failed;
  guint turn; /* messages written and read so far */
  guint64 n;
  guint8 h[32], ck[32], k[32];
  guint8 s[32], s_public[32];
  guint8 e[32], e_public[32];
  guint8 rs[32], re[32];
};

/* HKDF of the specification with two outputs:
 * t = HMAC (ck, input); a = HMAC (t, 0x01); b = HMAC (t, a ‖ 0x02). */
static void
hkdf (const guint8 ck[32], const void *input, gsize size, guint8 a[32], guint8 b[32])
{
  crypto_auth_hmacsha256_state state;
  guint8 t[32];
  const guint8 one = 1, two = 2;

  crypto_auth_hmacsha256_init (&state, ck, 32);
  crypto_auth_hmacsha256_update (&state, input, size);
  crypto_auth_hmacsha256_final (&state, t);
  crypto_auth_hmacsha256_init (&state, t, 32);
  crypto_auth_hmacsha256_update (&state, &one, 1);
  crypto_auth_hmacsha256_final (&state, a);
  crypto_auth_hmacsha256_init (&state, t, 32);
  crypto_auth_hmacsha256_update (&state, a, 32);
  crypto_auth_hmacsha256_update (&state, &two, 1);
  crypto_auth_hmacsha256_final (&state, b);
  koh_wipe (t);
  sodium_memzero (&state, sizeof state);
}

/* h = SHA-256 (h ‖ bytes). */
static void
mix_hash (KohNoise *noise, const void *bytes, gsize size)
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, noise->h, 32);
  crypto_hash_sha256_update (&state, bytes, size);
  crypto_hash_sha256_final (&state, noise->h);
}

/* ck, k = HKDF (ck, DH (secret, public)); the counter begins again. A point of low order gives a result of
 * zeros, which everybody knows, and is refused. */
static gboolean
mix_dh (KohNoise *noise, const guint8 secret[32], const guint8 public_key[32])
{
  guint8 shared[32], ck[32], k[32];
  gboolean ok = koh_check ("noise-dh", crypto_scalarmult (shared, secret, public_key) == 0);

  hkdf (noise->ck, shared, sizeof shared, ck, k);
  memcpy (noise->ck, ck, 32);
  memcpy (noise->k, k, 32);
  noise->has_key = TRUE;
  noise->n = 0;
  koh_wipe (shared);
  koh_wipe (ck);
  koh_wipe (k);
  return ok;
}

static void
next_nonce (KohNoise *noise, guint8 nonce[12])
{
  memset (nonce, 0, 12);
  for (guint i = 0; i < 8; i++)
    nonce[4 + i] = (guint8) (noise->n >> (8 * i));
  noise->n++;
}

static void
encrypt_and_hash (KohNoise *noise, GByteArray *message, const void *plain, gsize size)
{
  guint at = message->len;
  guint8 nonce[12];

  g_byte_array_set_size (message, at + (guint) size + (noise->has_key ? TAG : 0));
  if (noise->has_key)
    {
      next_nonce (noise, nonce);
      crypto_aead_chacha20poly1305_ietf_encrypt (message->data + at, NULL, plain, size, noise->h, 32, NULL,
                                                 nonce, noise->k);
    }
  else if (size > 0)
    memcpy (message->data + at, plain, size);
  mix_hash (noise, message->data + at, message->len - at);
}

/* @plain has room for @size bytes; *@plain_size of them are written. */
static gboolean
decrypt_and_hash (KohNoise *noise, const guint8 *cipher, gsize size, guint8 *plain, gsize *plain_size)
{
  guint8 nonce[12];
  gboolean ok = TRUE;

  *plain_size = size;
  if (noise->has_key && size < TAG)
    return FALSE;
  if (noise->has_key)
    {
      *plain_size = size - TAG;
      next_nonce (noise, nonce);
      ok = koh_check ("noise-tag", crypto_aead_chacha20poly1305_ietf_decrypt (
                                       plain, NULL, NULL, cipher, size, noise->h, 32, nonce, noise->k) == 0);
    }
  else if (size > 0)
    memcpy (plain, cipher, size);
  mix_hash (noise, cipher, size);
  return ok;
}

KohNoise *
koh_noise_new (KohNoisePattern pattern, gboolean initiator, const guint8 static_secret[32],
               const guint8 *remote_static, const guint8 *ephemeral_secret, const void *prologue,
               gsize prologue_size)
{
  KohNoise *noise = (KohNoise *) koh_secret_new (sizeof *noise);

  noise->pattern = &patterns[pattern];
  noise->initiator = initiator;
  memcpy (noise->s, static_secret, 32);
  crypto_scalarmult_base (noise->s_public, noise->s);
  if (remote_static != NULL)
    memcpy (noise->rs, remote_static, 32);
  noise->fixed_ephemeral = ephemeral_secret != NULL;
  if (noise->fixed_ephemeral)
    memcpy (noise->e, ephemeral_secret, 32);
  g_assert (strlen (noise->pattern->name) == 32); /* just as long as a hash, so it begins as its own */
  memcpy (noise->h, noise->pattern->name, 32);
  memcpy (noise->ck, noise->h, 32);
  mix_hash (noise, prologue, prologue_size);
  if (noise->pattern->known)
    {
      g_assert (remote_static != NULL);
      mix_hash (noise, initiator ? noise->s_public : noise->rs, 32);
      mix_hash (noise, initiator ? noise->rs : noise->s_public, 32);
    }
  return noise;
}

void
koh_noise_free (KohNoise *noise)
{
  koh_secret_free ((KohSecret *) noise);
}

/* The Diffie–Hellman of a token; its first letter is the initiator's key, its second the responder's. */
static gboolean
mix_token (KohNoise *noise, Token token)
{
  gboolean own_static = token == SS || token == (noise->initiator ? SE : ES);
  gboolean their_static = token == SS || token == (noise->initiator ? ES : SE);

  return mix_dh (noise, own_static ? noise->s : noise->e, their_static ? noise->rs : noise->re);
}

static GBytes *
fail (KohNoise *noise, GError **error, const char *what)
{
  noise->failed = TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
               "The handshake failed: %s; compare the cards of both sides with the "
               "roster",
               what);
  return NULL;
}

static gboolean
is_turn (const KohNoise *noise, gboolean writing)
{
  return !noise->failed && noise->turn < noise->pattern->n_messages &&
         (noise->turn % 2 == 0) == (noise->initiator == writing);
}

GBytes *
koh_noise_write (KohNoise *noise, const void *payload, gsize size, GError **error)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  gboolean ok = TRUE;

  if (!is_turn (noise, TRUE) || size > MESSAGE_MOST - 2 * (32 + TAG))
    return fail (noise, error, "a message was written out of turn");
  for (const Token *token = noise->pattern->messages[noise->turn]; *token != END && ok; token++)
    switch (*token)
      {
      case E:
        if (!noise->fixed_ephemeral)
          randombytes_buf (noise->e, 32);
        crypto_scalarmult_base (noise->e_public, noise->e);
        g_byte_array_append (message, noise->e_public, 32);
        mix_hash (noise, noise->e_public, 32);
        break;
      case S:
        encrypt_and_hash (noise, message, noise->s_public, 32);
        break;
      default:
        ok = mix_token (noise, *token);
      }
  if (!ok)
    return fail (noise, error, "the other side's key is not one");
  encrypt_and_hash (noise, message, payload, size);
  noise->turn++;
  return g_byte_array_free_to_bytes (g_steal_pointer (&message));
}

GBytes *
koh_noise_read (KohNoise *noise, const void *message, gsize size, GError **error)
{
  g_autofree guint8 *plain = NULL;
  const guint8 *at = message;
  gsize left = size, plain_size = 0, n;
  gboolean ok = size <= MESSAGE_MOST;

  if (!is_turn (noise, FALSE))
    return fail (noise, error, "a message came out of turn");
  for (const Token *token = noise->pattern->messages[noise->turn]; *token != END && ok; token++)
    switch (*token)
      {
      case E:
        ok = left >= 32;
        if (ok)
          {
            memcpy (noise->re, at, 32);
            mix_hash (noise, noise->re, 32);
            at += 32;
            left -= 32;
          }
        break;
      case S:
        n = 32 + (noise->has_key ? TAG : 0);
        ok = left >= n && decrypt_and_hash (noise, at, n, noise->rs, &plain_size);
        at += ok ? n : 0;
        left -= ok ? n : 0;
        break;
      default:
        ok = mix_token (noise, *token);
      }
  plain = g_malloc0 (left + 1);
  if (!ok || !decrypt_and_hash (noise, at, left, plain, &plain_size))
    return fail (noise, error, "the other side did not prove the key of its card");
  noise->turn++;
  return g_bytes_new_take (g_steal_pointer (&plain), plain_size);
}

gboolean
koh_noise_finished (const KohNoise *noise)
{
  return !noise->failed && noise->turn == noise->pattern->n_messages;
}

const guint8 *
koh_noise_remote_static (const KohNoise *noise)
{
  return noise->rs;
}

void
koh_noise_split (KohNoise *noise, guint8 from_initiator[32], guint8 from_responder[32])
{
  g_assert (koh_noise_finished (noise));
  hkdf (noise->ck, "", 0, from_initiator, from_responder);
}

void
koh_noise_hash (const KohNoise *noise, guint8 hash[32])
{
  memcpy (hash, noise->h, 32);
}

/* The split takes HKDF (ck, ""), so every other input gives keys independent of those; the handshake hash
 * in it binds a key to all that both sides said. */
void
koh_noise_export (const KohNoise *noise, const char *label, guint8 key[32])
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint8 rest[32];

  g_assert (koh_noise_finished (noise));
  g_byte_array_append (input, (const guint8 *) "kohorte/export/1\n", 17);
  g_byte_array_append (input, noise->h, 32);
  g_byte_array_append (input, (const guint8 *) label, (guint) strlen (label));
  hkdf (noise->ck, input->data, input->len, key, rest);
  koh_wipe (rest);
}
