/* SPDX-License-Identifier: EUPL-1.2
 *
 * The OPRF against the vectors of its RFCs, and what it must refuse. */
#include "mpc/oprf.h"

#include "oprf-vectors.h"

#include <sodium.h>
#include <string.h>

#define MOST 8

static gsize
read_hex (const char *hex, guint8 *out, gsize room)
{
  gsize size = 0;

  g_assert_cmpint (sodium_hex2bin (out, room, hex, strlen (hex), NULL, &size, NULL), ==, 0);
  return size;
}

static void
assert_hex (const guint8 *bytes, gsize size, const char *hex)
{
  g_autofree char *text = g_malloc (2 * size + 1);

  sodium_bin2hex (text, 2 * size + 1, bytes, size);
  g_assert_cmpstr (text, ==, hex);
}

static void
test_xmd (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (xmd_vectors); i++)
    {
      g_autofree guint8 *out = g_malloc (xmd_vectors[i].size);

      koh_expand_message_xmd ((const guint8 *) xmd_vectors[i].message, strlen (xmd_vectors[i].message),
                              (const guint8 *) xmd_dst, strlen (xmd_dst), out, xmd_vectors[i].size);
      assert_hex (out, xmd_vectors[i].size, xmd_vectors[i].output);
    }
}

/* A tag of more than 255 bytes is replaced by H ("H2C-OVERSIZE-DST-" ‖ tag). */
static void
test_xmd_long_tag (void)
{
  guint8 tag[256], prefixed[17 + 256], hashed[64], a[70], b[70];

  memset (tag, 'x', sizeof tag);
  memcpy (prefixed, "H2C-OVERSIZE-DST-", 17);
  memcpy (prefixed + 17, tag, sizeof tag);
  crypto_hash_sha512 (hashed, prefixed, sizeof prefixed);
  koh_expand_message_xmd ((const guint8 *) "abc", 3, tag, sizeof tag, a, sizeof a);
  koh_expand_message_xmd ((const guint8 *) "abc", 3, hashed, sizeof hashed, b, sizeof b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
}

static void
test_key (void)
{
  guint8 seed[32], info[64], secret[32], public_key[32];
  const gsize size = read_hex (oprf_info, info, sizeof info);

  read_hex (oprf_seed, seed, sizeof seed);
  koh_oprf_derive_key (seed, info, size, secret, public_key);
  assert_hex (secret, 32, oprf_secret);
  assert_hex (public_key, 32, oprf_public_key);
}

static void
test_vectors (void)
{
  guint8 secret[32], public_key[32];

  read_hex (oprf_secret, secret, 32);
  read_hex (oprf_public_key, public_key, 32);
  for (guint i = 0; i < G_N_ELEMENTS (oprf_vectors); i++)
    {
      guint8 input[2][64], blind[2][32], blinded[2 * 32], evaluated[2 * 32], nonce[32], proof[64], output[64];
      gsize size[2];
      const guint n = oprf_vectors[i].n;

      for (guint j = 0; j < n; j++)
        {
          size[j] = read_hex (oprf_vectors[i].input[j], input[j], sizeof input[j]);
          read_hex (oprf_vectors[i].blind[j], blind[j], 32);
          g_assert_true (koh_oprf_blind (input[j], size[j], blind[j], blinded + 32 * j));
          assert_hex (blinded + 32 * j, 32, oprf_vectors[i].blinded[j]);
        }
      read_hex (oprf_vectors[i].nonce, nonce, 32);
      g_assert_true (koh_oprf_evaluate (secret, public_key, blinded, n, evaluated, nonce, proof));
      assert_hex (proof, 64, oprf_vectors[i].proof);
      g_assert_true (koh_oprf_verify (public_key, blinded, evaluated, n, proof));
      for (guint j = 0; j < n; j++)
        {
          assert_hex (evaluated + 32 * j, 32, oprf_vectors[i].evaluated[j]);
          g_assert_true (koh_oprf_finalize (input[j], size[j], blind[j], evaluated + 32 * j, output));
          assert_hex (output, 64, oprf_vectors[i].output[j]);
          g_assert_true (koh_oprf_direct (secret, input[j], size[j], output));
          assert_hex (output, 64, oprf_vectors[i].output[j]);
        }
    }
}

/* A batch of a fresh key. */
typedef struct
{
  guint8 secret[32], public_key[32];
  guint8 blind[MOST][32];
  guint8 blinded[MOST * 32], evaluated[MOST * 32], proof[64];
} Batch;

static void
make_batch (Batch *batch)
{
  koh_oprf_random_key (batch->secret, batch->public_key);
  for (guint8 i = 0; i < MOST; i++)
    {
      koh_oprf_random_scalar (batch->blind[i]);
      g_assert_true (koh_oprf_blind (&i, 1, batch->blind[i], batch->blinded + 32 * i));
    }
  g_assert_true (koh_oprf_evaluate (batch->secret, batch->public_key, batch->blinded, MOST, batch->evaluated,
                                    NULL, batch->proof));
}

static gboolean
verifies (const Batch *batch)
{
  return koh_oprf_verify (batch->public_key, batch->blinded, batch->evaluated, MOST, batch->proof);
}

static void
test_blinding_hides_and_cancels (void)
{
  Batch batch;
  guint8 other[32], direct[64], output[64];

  make_batch (&batch);
  g_assert_true (verifies (&batch));
  for (guint8 i = 0; i < MOST; i++)
    {
      koh_oprf_random_scalar (other);
      g_assert_true (koh_oprf_blind (&i, 1, other, other));
      g_assert_cmpint (memcmp (other, batch.blinded + 32 * i, 32), !=, 0);
      g_assert_true (koh_oprf_direct (batch.secret, &i, 1, direct));
      g_assert_true (koh_oprf_finalize (&i, 1, batch.blind[i], batch.evaluated + 32 * i, output));
      g_assert_cmpmem (direct, 64, output, 64);
    }
}

/* Proofs are refused after any change: of the proof, of an element, of their order, of the key. */
static void
test_proof_refused (void)
{
  guint8 other_secret[32];

  for (guint byte = 0; byte < 64; byte++)
    {
      Batch batch;

      make_batch (&batch);
      batch.proof[byte] ^= 1;
      g_assert_false (verifies (&batch));
    }
  for (guint kind = 0; kind < 5; kind++)
    {
      Batch batch;
      guint8 held[32];

      make_batch (&batch);
      g_assert_true (verifies (&batch));
      if (kind == 0) /* two answers swapped */
        {
          memcpy (held, batch.evaluated, 32);
          memcpy (batch.evaluated, batch.evaluated + 32, 32);
          memcpy (batch.evaluated + 32, held, 32);
        }
      else if (kind == 1) /* two questions swapped */
        {
          memcpy (held, batch.blinded, 32);
          memcpy (batch.blinded, batch.blinded + 32, 32);
          memcpy (batch.blinded + 32, held, 32);
        }
      else if (kind == 2) /* one answer under another key */
        {
          koh_oprf_random_scalar (other_secret);
          g_assert_cmpint (
              crypto_scalarmult_ristretto255 (batch.evaluated + 96, other_secret, batch.blinded + 96), ==, 0);
        }
      else if (kind == 3) /* another public key */
        koh_oprf_random_key (other_secret, batch.public_key);
      else /* an honest proof of all answers under a key that is not the published one */
        {
          koh_oprf_random_scalar (other_secret);
          g_assert_true (koh_oprf_evaluate (other_secret, batch.public_key, batch.blinded, MOST,
                                            batch.evaluated, NULL, batch.proof));
        }
      g_assert_false (verifies (&batch));
    }
}

/* A scalar may be written in one way only: s + ℓ is s, but is refused. */
static void
test_scalar_not_reduced (void)
{
  static const guint8 order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                    0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10 };

  for (guint half = 0; half < 2; half++)
    {
      Batch batch;

      make_batch (&batch);
      sodium_add (batch.proof + 32 * half, order, 32);
      g_assert_false (verifies (&batch));
    }
}

static const guint8 identity[32] = { 0 };
static const guint8 not_canonical[][32] = {
  /* p itself and p + 2 (not reduced), 1 (negative), and bytes that are no square, of RFC 9496 A.3. */
  { 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
  { 0xef, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
  { 0x01 },
  { 0x26, 0x94, 0x8d, 0x35, 0xca, 0x62, 0xe6, 0x43, 0xe2, 0x6a, 0x83, 0x17, 0x73, 0x32, 0xe6, 0xb6,
    0xaf, 0xeb, 0x9d, 0x08, 0xe4, 0x26, 0x8b, 0x65, 0x0f, 0x1f, 0x5b, 0xbd, 0x8d, 0x81, 0xd3, 0x71 },
};

static void
refuse_element (const guint8 bad[32])
{
  for (guint at = 0; at < MOST; at += MOST - 1)
    {
      Batch batch;
      guint8 held[32], evaluated[MOST * 32], proof[64], output[64];

      make_batch (&batch);
      memcpy (held, batch.blinded + 32 * at, 32);
      memcpy (batch.blinded + 32 * at, bad, 32);
      g_assert_false (
          koh_oprf_evaluate (batch.secret, batch.public_key, batch.blinded, MOST, evaluated, NULL, proof));
      g_assert_false (verifies (&batch));
      memcpy (batch.blinded + 32 * at, held, 32);
      memcpy (batch.evaluated + 32 * at, bad, 32);
      g_assert_false (verifies (&batch));
      g_assert_false (koh_oprf_finalize (bad, 1, batch.blind[at], bad, output));
    }
}

static void
test_element_refused (void)
{
  Batch batch;

  refuse_element (identity);
  for (guint i = 0; i < G_N_ELEMENTS (not_canonical); i++)
    refuse_element (not_canonical[i]);
  make_batch (&batch);
  memcpy (batch.public_key, identity, 32);
  g_assert_false (verifies (&batch));
  make_batch (&batch);
  memcpy (batch.public_key, not_canonical[0], 32);
  g_assert_false (verifies (&batch));
}

static void
test_no_batch (void)
{
  Batch batch;

  make_batch (&batch);
  g_assert_false (koh_oprf_verify (batch.public_key, batch.blinded, batch.evaluated, 0, batch.proof));
  g_assert_false (koh_oprf_evaluate (batch.secret, batch.public_key, batch.blinded, 0, batch.evaluated, NULL,
                                     batch.proof));
  g_assert_false (
      koh_oprf_verify (batch.public_key, batch.blinded, batch.evaluated, KOH_OPRF_BATCH + 1, batch.proof));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/mpc/oprf/expand-message-rfc9380", test_xmd);
  g_test_add_func ("/mpc/oprf/expand-message-long-tag", test_xmd_long_tag);
  g_test_add_func ("/mpc/oprf/key-rfc9497", test_key);
  g_test_add_func ("/mpc/oprf/vectors-rfc9497", test_vectors);
  g_test_add_func ("/mpc/oprf/blinding-hides-and-cancels", test_blinding_hides_and_cancels);
  g_test_add_func ("/mpc/oprf/changed-proof-is-refused", test_proof_refused);
  g_test_add_func ("/mpc/oprf/unreduced-scalar-is-refused", test_scalar_not_reduced);
  g_test_add_func ("/mpc/oprf/bad-element-is-refused", test_element_refused);
  g_test_add_func ("/mpc/oprf/empty-or-oversize-batch-is-refused", test_no_batch);
  return g_test_run ();
}
