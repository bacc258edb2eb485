/* SPDX-License-Identifier: EUPL-1.2 */
#include <sodium.h>
#include <string.h>

#include "common/error.h"
#include "net/noise.h"

typedef struct
{
  KohNoisePattern pattern;
  guint n_handshake;
  GBytes *init_prologue, *init_static, *init_ephemeral, *resp_prologue, *resp_static, *resp_ephemeral, *hash;
  GPtrArray *payloads, *ciphertexts;
} Vector;

static GBytes *
from_hex (const char *text)
{
  gsize size = strlen (text) / 2, n = 0;
  guint8 *bytes = g_malloc0 (size + 1);

  if (strcmp (text, "-") == 0)
    return g_bytes_new_take (bytes, 0);
  g_assert_cmpint (sodium_hex2bin (bytes, size, text, strlen (text), NULL, &n, NULL), ==, 0);
  return g_bytes_new_take (bytes, n);
}

static const guint8 *
data_of (GBytes *bytes)
{
  return g_bytes_get_data (bytes, NULL);
}

static KohNoise *
side (const Vector *vector, gboolean initiator)
{
  guint8 other[32];
  GBytes *prologue = initiator ? vector->init_prologue : vector->resp_prologue;

  crypto_scalarmult_base (other, data_of (initiator ? vector->resp_static : vector->init_static));
  return koh_noise_new (vector->pattern, initiator,
                        data_of (initiator ? vector->init_static : vector->resp_static),
                        vector->pattern == KOH_NOISE_KK ? other : NULL,
                        data_of (initiator ? vector->init_ephemeral : vector->resp_ephemeral),
                        data_of (prologue), g_bytes_get_size (prologue));
}

static void
check_transport (const Vector *vector, guint i, const guint8 key[32], guint64 n)
{
  GBytes *payload = vector->payloads->pdata[i], *expected = vector->ciphertexts->pdata[i];
  guint8 nonce[12] = { 0 }, cipher[256];
  unsigned long long size;

  nonce[4] = (guint8) n;
  crypto_aead_chacha20poly1305_ietf_encrypt (cipher, &size, data_of (payload), g_bytes_get_size (payload),
                                             NULL, 0, NULL, nonce, key);
  g_assert_cmpmem (cipher, size, data_of (expected), g_bytes_get_size (expected));
}

static void
check_vector (const Vector *vector)
{
  g_autoptr (KohNoise) initiator = side (vector, TRUE);
  g_autoptr (KohNoise) responder = side (vector, FALSE);
  guint8 i_forth[32], i_back[32], r_forth[32], r_back[32], hash[32];
  guint64 n[2] = { 0, 0 };

  for (guint i = 0; i < vector->n_handshake; i++)
    {
      KohNoise *from = i % 2 == 0 ? initiator : responder, *to = i % 2 == 0 ? responder : initiator;
      GBytes *payload = vector->payloads->pdata[i], *expected = vector->ciphertexts->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) written =
          koh_noise_write (from, data_of (payload), g_bytes_get_size (payload), &error);
      g_autoptr (GBytes) read = NULL;

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (written, expected));
      read = koh_noise_read (to, data_of (written), g_bytes_get_size (written), &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (read, payload));
    }
  g_assert_true (koh_noise_finished (initiator) && koh_noise_finished (responder));
  koh_noise_hash (initiator, hash);
  g_assert_cmpmem (hash, 32, data_of (vector->hash), 32);
  koh_noise_hash (responder, hash);
  g_assert_cmpmem (hash, 32, data_of (vector->hash), 32);
  koh_noise_split (initiator, i_forth, i_back);
  koh_noise_split (responder, r_forth, r_back);
  g_assert_cmpmem (i_forth, 32, r_forth, 32);
  g_assert_cmpmem (i_back, 32, r_back, 32);
  for (guint i = vector->n_handshake; i < vector->payloads->len; i++)
    check_transport (vector, i, i % 2 == 0 ? i_forth : i_back, n[i % 2]++);
}

static void
vector_clear (Vector *vector)
{
  GBytes **fields[] = { &vector->init_prologue, &vector->init_static, &vector->init_ephemeral,
                        &vector->resp_prologue, &vector->resp_static, &vector->resp_ephemeral,
                        &vector->hash };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_clear_pointer (fields[i], g_bytes_unref);
  g_clear_pointer (&vector->payloads, g_ptr_array_unref);
  g_clear_pointer (&vector->ciphertexts, g_ptr_array_unref);
}

static void
read_field (Vector *vector, char **words)
{
  const struct
  {
    const char *name;
    GBytes **bytes;
  } fields[] = { { "init_prologue", &vector->init_prologue },
                 { "init_static", &vector->init_static },
                 { "init_ephemeral", &vector->init_ephemeral },
                 { "resp_prologue", &vector->resp_prologue },
                 { "resp_static", &vector->resp_static },
                 { "resp_ephemeral", &vector->resp_ephemeral },
                 { "handshake_hash", &vector->hash } };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strcmp (words[0], fields[i].name) == 0)
      *fields[i].bytes = from_hex (words[1]);
  if (strcmp (words[0], "message") == 0)
    {
      g_ptr_array_add (vector->payloads, from_hex (words[1]));
      g_ptr_array_add (vector->ciphertexts, from_hex (words[2]));
    }
}

static void
public_vectors_hold (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "vectors", "noise.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Vector vector = { 0 };
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);

      if (words[0] != NULL && strcmp (words[0], "vector") == 0)
        {
          vector.pattern = strstr (words[1], "_KK_") != NULL ? KOH_NOISE_KK : KOH_NOISE_XX;
          vector.n_handshake = vector.pattern == KOH_NOISE_KK ? 2 : 3;
          vector.payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
          vector.ciphertexts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
        }
      else if (vector.payloads != NULL && words[0] != NULL && *words[0] != '#')
        read_field (&vector, words);
      if (vector.payloads != NULL && (words[0] == NULL || lines[i + 1] == NULL))
        {
          check_vector (&vector);
          vector_clear (&vector);
          n++;
        }
    }
  g_assert_cmpuint (n, ==, 4);
}

/* ---- Two sides that we make ---- */

typedef struct
{
  guint8 secret[2][32], public_key[2][32];
  KohNoise *sides[2];
} Pair;

static void
pair_init (Pair *pair, KohNoisePattern pattern, const char *prologue_a, const char *prologue_b)
{
  for (guint i = 0; i < 2; i++)
    {
      randombytes_buf (pair->secret[i], 32);
      crypto_scalarmult_base (pair->public_key[i], pair->secret[i]);
    }
  for (guint i = 0; i < 2; i++)
    pair->sides[i] = koh_noise_new (
        pattern, i == 0, pair->secret[i], pattern == KOH_NOISE_KK ? pair->public_key[1 - i] : NULL, NULL,
        i == 0 ? prologue_a : prologue_b, strlen (i == 0 ? prologue_a : prologue_b));
}

static void
pair_clear (Pair *pair)
{
  koh_noise_free (pair->sides[0]);
  koh_noise_free (pair->sides[1]);
}

/* Runs the handshake with byte @at of message @which changed by @mask, and says whether both sides ended it.
 */
static gboolean
handshake (KohNoisePattern pattern, guint which, gsize at, guint8 mask, gsize *size)
{
  Pair pair;
  gboolean ok = TRUE;

  pair_init (&pair, pattern, "prologue", "prologue");
  for (guint i = 0; i < (pattern == KOH_NOISE_KK ? 2 : 3) && ok; i++)
    {
      g_autoptr (GBytes) written = koh_noise_write (pair.sides[i % 2], "payload", 7, NULL);
      g_autoptr (GBytes) read = NULL;
      g_autofree guint8 *bytes = NULL;
      gsize n;

      g_assert_nonnull (written);
      bytes = g_memdup2 (g_bytes_get_data (written, &n), g_bytes_get_size (written));
      if (i == which && size != NULL)
        *size = n;
      if (i == which && at < n)
        bytes[at] ^= mask;
      read = koh_noise_read (pair.sides[1 - i % 2], bytes, n, NULL);
      ok = read != NULL;
    }
  ok = ok && koh_noise_finished (pair.sides[0]) && koh_noise_finished (pair.sides[1]);
  pair_clear (&pair);
  return ok;
}

/* In XX the first message is not authenticated when it is read; a change shows in the second. X25519 ignores
 * the highest bit of a public key, but the hash of the handshake does not. */
static void
every_flipped_bit_fails (void)
{
  for (guint pattern = KOH_NOISE_KK; pattern <= KOH_NOISE_XX; pattern++)
    for (guint which = 0; which < (pattern == KOH_NOISE_KK ? 2 : 3); which++)
      {
        gsize size = 0;

        g_assert_true (handshake (pattern, which, G_MAXSIZE, 0, &size));
        for (gsize i = 0; i < size; i++)
          for (guint bit = 0; bit < 8; bit += i % 32 == 31 ? 1 : 3)
            g_assert_false (handshake (pattern, which, i, (guint8) (1 << bit), NULL));
      }
}

static void
every_truncation_fails (void)
{
  for (guint pattern = KOH_NOISE_KK; pattern <= KOH_NOISE_XX; pattern++)
    for (gsize size = 0; size < 31; size++)
      {
        Pair pair;
        g_autoptr (GBytes) written = NULL;

        pair_init (&pair, pattern, "p", "p");
        written = koh_noise_write (pair.sides[0], NULL, 0, NULL);
        g_assert_null (koh_noise_read (pair.sides[1], data_of (written), size, NULL));
        g_assert_null (koh_noise_read (pair.sides[1], data_of (written), g_bytes_get_size (written), NULL));
        pair_clear (&pair);
      }
}

static void
another_prologue_or_key_fails (void)
{
  Pair pair, other;
  g_autoptr (GBytes) written = NULL;
  g_autoptr (KohNoise) stranger = NULL;
  g_autoptr (GBytes) strange = NULL;

  pair_init (&pair, KOH_NOISE_KK, "one", "two");
  written = koh_noise_write (pair.sides[0], NULL, 0, NULL);
  g_assert_null (koh_noise_read (pair.sides[1], data_of (written), g_bytes_get_size (written), NULL));
  pair_clear (&pair);

  pair_init (&pair, KOH_NOISE_KK, "one", "one");
  pair_init (&other, KOH_NOISE_KK, "one", "one");
  stranger = koh_noise_new (KOH_NOISE_KK, TRUE, other.secret[0], pair.public_key[1], NULL, "one", 3);
  strange = koh_noise_write (stranger, NULL, 0, NULL);
  g_assert_null (koh_noise_read (pair.sides[1], data_of (strange), g_bytes_get_size (strange), NULL));
  pair_clear (&pair);
  pair_clear (&other);
}

/* The first message of XX is an ephemeral key alone. Were a key of low order taken, the answer would be
 * encrypted under what everybody knows. */
static void
keys_of_low_order_are_refused (void)
{
  static const guint8 low[][32] = {
    { 0 },
    { 1 },
    { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
      0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
    { 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
  };

  for (guint i = 0; i < G_N_ELEMENTS (low); i++)
    {
      Pair pair;
      g_autoptr (GBytes) read = NULL;
      g_autoptr (GError) error = NULL;

      pair_init (&pair, KOH_NOISE_XX, "p", "p");
      read = koh_noise_read (pair.sides[1], low[i], 32, NULL);
      g_assert_nonnull (read);
      g_assert_null (koh_noise_write (pair.sides[1], NULL, 0, &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
      pair_clear (&pair);
    }
}

static void
messages_out_of_turn_fail (void)
{
  Pair pair;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;

  pair_init (&pair, KOH_NOISE_KK, "p", "p");
  g_assert_null (koh_noise_write (pair.sides[1], NULL, 0, NULL));
  pair_clear (&pair);

  pair_init (&pair, KOH_NOISE_KK, "p", "p");
  first = koh_noise_write (pair.sides[0], NULL, 0, NULL);
  g_assert_nonnull (first);
  g_assert_false (koh_noise_finished (pair.sides[0]));
  second = koh_noise_write (pair.sides[0], NULL, 0, NULL);
  g_assert_null (second);
  pair_clear (&pair);
}

static void
exported_keys_agree_and_differ_by_label (void)
{
  Pair pair;
  guint8 a[32], b[32], c[32], forth[32], back[32];

  pair_init (&pair, KOH_NOISE_XX, "p", "p");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) written = koh_noise_write (pair.sides[i % 2], NULL, 0, NULL);
      g_autoptr (GBytes) read =
          koh_noise_read (pair.sides[1 - i % 2], data_of (written), g_bytes_get_size (written), NULL);

      g_assert_nonnull (read);
    }
  g_assert_cmpmem (koh_noise_remote_static (pair.sides[0]), 32, pair.public_key[1], 32);
  g_assert_cmpmem (koh_noise_remote_static (pair.sides[1]), 32, pair.public_key[0], 32);
  koh_noise_export (pair.sides[0], "label", a);
  koh_noise_export (pair.sides[1], "label", b);
  koh_noise_export (pair.sides[1], "other", c);
  koh_noise_split (pair.sides[0], forth, back);
  g_assert_cmpmem (a, 32, b, 32);
  g_assert_cmpint (memcmp (a, c, 32), !=, 0);
  g_assert_cmpint (memcmp (a, forth, 32), !=, 0);
  g_assert_cmpint (memcmp (a, back, 32), !=, 0);
  pair_clear (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/net/noise/public-vectors-hold", public_vectors_hold);
  g_test_add_func ("/net/noise/every-flipped-bit-fails", every_flipped_bit_fails);
  g_test_add_func ("/net/noise/every-truncation-fails", every_truncation_fails);
  g_test_add_func ("/net/noise/another-prologue-or-key-fails", another_prologue_or_key_fails);
  g_test_add_func ("/net/noise/keys-of-low-order-are-refused", keys_of_low_order_are_refused);
  g_test_add_func ("/net/noise/messages-out-of-turn-fail", messages_out_of_turn_fail);
  g_test_add_func ("/net/noise/exported-keys-agree-and-differ-by-label",
                   exported_keys_agree_and_differ_by_label);
  return g_test_run ();
}
