/* SPDX-License-Identifier: EUPL-1.2
 *
 * RFC 9497, ristretto255-SHA512, mode VOPRF, on libsodium's group. Names are the RFC's: k the key, B its
 * public element, C_i the blinded and D_i the evaluated elements, M = Σ d_i C_i and Z = k M their
 * composites, (c, s) the proof that log_G B = log_M Z (§2.2). libsodium refuses non-canonical encodings
 * of elements in every operation, and gives failure where a product is the identity. */
#include "mpc/oprf.h"

#include "common/check.h"
#include "common/secret.h"

#include <string.h>

#define ELEMENT KOH_OPRF_ELEMENT
#define SCALAR KOH_OPRF_SCALAR
#define WIDE 64 /* bytes hashed to an element or a scalar */
#define BLOCK 128 /* of SHA-512 */
#define CONTEXT "OPRFV1-\1-ristretto255-SHA512"
#define CONTEXT_SIZE (sizeof CONTEXT - 1)

/* Hash inputs are written part by part. */

static void
add_bytes (crypto_hash_sha512_state *state, const void *bytes, gsize size)
{
  crypto_hash_sha512_update (state, bytes, size);
}

static void
add_u16 (crypto_hash_sha512_state *state, gsize value)
{
  const guint8 bytes[2] = { (guint8) (value >> 8), (guint8) value };

  add_bytes (state, bytes, sizeof bytes);
}

static void
add_sized (crypto_hash_sha512_state *state, const void *bytes, gsize size)
{
  add_u16 (state, size);
  add_bytes (state, bytes, size);
}

/* RFC 9380 §5.3.1: b_0 = H (zeros ‖ message ‖ length ‖ 0 ‖ DST'), b_i = H (b_0 ⊕ b_{i-1} ‖ i ‖ DST'). The
 * message comes in as a state that has read zeros ‖ message. */

static void
expand (crypto_hash_sha512_state *state, const guint8 *dst, gsize dst_size, guint8 *out, gsize out_size)
{
  const guint8 suffix = (guint8) dst_size;
  guint8 first[crypto_hash_sha512_BYTES], block[crypto_hash_sha512_BYTES] = { 0 };

  g_assert (out_size <= 255 * crypto_hash_sha512_BYTES);
  add_u16 (state, out_size);
  add_bytes (state, "\0", 1);
  add_bytes (state, dst, dst_size);
  add_bytes (state, &suffix, 1);
  crypto_hash_sha512_final (state, first);
  for (guint i = 1; out_size > 0; i++)
    {
      const guint8 index = (guint8) i;
      const gsize piece = MIN (out_size, sizeof block);

      for (gsize j = 0; j < sizeof block; j++)
        block[j] ^= first[j];
      crypto_hash_sha512_init (state);
      add_bytes (state, block, sizeof block);
      add_bytes (state, &index, 1);
      add_bytes (state, dst, dst_size);
      add_bytes (state, &suffix, 1);
      crypto_hash_sha512_final (state, block);
      memcpy (out, block, piece);
      out += piece;
      out_size -= piece;
    }
  koh_wipe (first);
  koh_wipe (block);
  sodium_memzero (state, sizeof *state);
}

static void
begin (crypto_hash_sha512_state *state)
{
  static const guint8 zeros[BLOCK];

  crypto_hash_sha512_init (state);
  add_bytes (state, zeros, sizeof zeros);
}

/* A DST of more than 255 bytes is hashed first (§5.3.3). */
void
koh_expand_message_xmd (const guint8 *message, gsize size, const guint8 *dst, gsize dst_size, guint8 *out,
                        gsize out_size)
{
  crypto_hash_sha512_state state;
  guint8 short_dst[crypto_hash_sha512_BYTES];

  if (dst_size > 255)
    {
      crypto_hash_sha512_init (&state);
      add_bytes (&state, "H2C-OVERSIZE-DST-", strlen ("H2C-OVERSIZE-DST-"));
      add_bytes (&state, dst, dst_size);
      crypto_hash_sha512_final (&state, short_dst);
      dst = short_dst;
      dst_size = sizeof short_dst;
    }
  begin (&state);
  add_bytes (&state, message, size);
  expand (&state, dst, dst_size, out, out_size);
}

/* §4.1: HashToGroup and HashToScalar. */

#define TO_GROUP "HashToGroup-" CONTEXT
#define TO_SCALAR "HashToScalar-" CONTEXT
#define DERIVE_KEY_PAIR "DeriveKeyPair" CONTEXT
#define SEED "Seed-" CONTEXT

static void
end_scalar (crypto_hash_sha512_state *state, const char *dst, gsize dst_size, guint8 scalar[SCALAR])
{
  guint8 wide[WIDE];

  expand (state, (const guint8 *) dst, dst_size, wide, sizeof wide);
  crypto_core_ristretto255_scalar_reduce (scalar, wide);
  koh_wipe (wide);
}

static gboolean
is_identity (const guint8 element[ELEMENT])
{
  return sodium_is_zero (element, ELEMENT);
}

static gboolean
hash_to_group (const guint8 *input, gsize size, guint8 element[ELEMENT])
{
  guint8 wide[WIDE];

  koh_expand_message_xmd (input, size, (const guint8 *) TO_GROUP, sizeof TO_GROUP - 1, wide, sizeof wide);
  crypto_core_ristretto255_from_hash (element, wide);
  koh_wipe (wide);
  return !is_identity (element);
}

/* A scalar below the group's order, written in the one way. */
static gboolean
is_scalar (const guint8 scalar[SCALAR])
{
  guint8 wide[WIDE] = { 0 }, reduced[SCALAR];

  memcpy (wide, scalar, SCALAR);
  crypto_core_ristretto255_scalar_reduce (reduced, wide);
  return sodium_memcmp (reduced, scalar, SCALAR) == 0;
}

/* Keys. */

void
koh_oprf_derive_key (const guint8 seed[32], const guint8 *info, gsize info_size, guint8 secret[SCALAR],
                     guint8 public_key[ELEMENT])
{
  guint counter = 0;

  /* §3.2.1. A zero is as likely as finding a preimage; the loop is the RFC's. */
  do
    {
      crypto_hash_sha512_state state;
      const guint8 tail = (guint8) counter;

      g_assert (counter <= 255);
      begin (&state);
      add_bytes (&state, seed, 32);
      add_sized (&state, info, info_size);
      add_bytes (&state, &tail, 1);
      end_scalar (&state, DERIVE_KEY_PAIR, sizeof DERIVE_KEY_PAIR - 1, secret);
      counter++;
    }
  while (crypto_scalarmult_ristretto255_base (public_key, secret) != 0);
}

void
koh_oprf_random_scalar (guint8 scalar[SCALAR])
{
  crypto_core_ristretto255_scalar_random (scalar);
}

void
koh_oprf_random_key (guint8 secret[SCALAR], guint8 public_key[ELEMENT])
{
  do
    koh_oprf_random_scalar (secret);
  while (crypto_scalarmult_ristretto255_base (public_key, secret) != 0);
}

/* The client's first step. */

gboolean
koh_oprf_blind (const guint8 *input, gsize size, const guint8 blind[SCALAR], guint8 blinded[ELEMENT])
{
  guint8 element[ELEMENT];
  gboolean ok;

  if (size > G_MAXUINT16 || !hash_to_group (input, size, element))
    return FALSE;
  ok = crypto_scalarmult_ristretto255 (blinded, blind, element) == 0;
  koh_wipe (element);
  return ok;
}

/* The proof, §2.2. */

static void
composite_seed (const guint8 B[ELEMENT], guint8 seed[crypto_hash_sha512_BYTES])
{
  crypto_hash_sha512_state state;

  crypto_hash_sha512_init (&state);
  add_sized (&state, B, ELEMENT);
  add_sized (&state, SEED, sizeof SEED - 1);
  crypto_hash_sha512_final (&state, seed);
}

/* What is common to the hash inputs of all d_i has been read by @state. */
static void
composite_weight (const crypto_hash_sha512_state *common, gsize i, const guint8 C[ELEMENT],
                  const guint8 D[ELEMENT], guint8 d[SCALAR])
{
  crypto_hash_sha512_state state = *common;

  add_u16 (&state, i);
  add_sized (&state, C, ELEMENT);
  add_sized (&state, D, ELEMENT);
  add_bytes (&state, "Composite", strlen ("Composite"));
  end_scalar (&state, TO_SCALAR, sizeof TO_SCALAR - 1, d);
}

/* sum += scalar · element. A sum may pass through the identity, an element of the batch may not be it. */
static gboolean
add_product (guint8 sum[ELEMENT], const guint8 scalar[SCALAR], const guint8 element[ELEMENT])
{
  guint8 product[ELEMENT];

  if (crypto_scalarmult_ristretto255 (product, scalar, element) != 0)
    return FALSE;
  return crypto_core_ristretto255_add (sum, sum, product) == 0;
}

/* M = Σ d_i C_i, and Z = Σ d_i D_i where @Z is not NULL. */
static gboolean
composites (const guint8 B[ELEMENT], const guint8 *C, const guint8 *D, gsize n, guint8 M[ELEMENT], guint8 *Z)
{
  crypto_hash_sha512_state common;
  guint8 seed[crypto_hash_sha512_BYTES], d[SCALAR];

  composite_seed (B, seed);
  begin (&common);
  add_sized (&common, seed, sizeof seed);
  memset (M, 0, ELEMENT);
  if (Z != NULL)
    memset (Z, 0, ELEMENT);
  for (gsize i = 0; i < n; i++)
    {
      composite_weight (&common, i, C + i * ELEMENT, D + i * ELEMENT, d);
      if (!add_product (M, d, C + i * ELEMENT) || (Z != NULL && !add_product (Z, d, D + i * ELEMENT)))
        return FALSE;
    }
  return TRUE;
}

static void
challenge (const guint8 B[ELEMENT], const guint8 M[ELEMENT], const guint8 Z[ELEMENT],
           const guint8 t2[ELEMENT], const guint8 t3[ELEMENT], guint8 c[SCALAR])
{
  crypto_hash_sha512_state state;

  begin (&state);
  add_sized (&state, B, ELEMENT);
  add_sized (&state, M, ELEMENT);
  add_sized (&state, Z, ELEMENT);
  add_sized (&state, t2, ELEMENT);
  add_sized (&state, t3, ELEMENT);
  add_bytes (&state, "Challenge", strlen ("Challenge"));
  end_scalar (&state, TO_SCALAR, sizeof TO_SCALAR - 1, c);
}

/* c from t2 = r G, t3 = r M; s = r − c k. */
static gboolean
prove (const guint8 k[SCALAR], const guint8 B[ELEMENT], const guint8 *C, const guint8 *D, gsize n,
       const guint8 r[SCALAR], guint8 proof[KOH_OPRF_PROOF])
{
  guint8 M[ELEMENT], Z[ELEMENT], t2[ELEMENT], t3[ELEMENT], ck[SCALAR];

  if (!composites (B, C, D, n, M, NULL) || crypto_scalarmult_ristretto255 (Z, k, M) != 0 ||
      crypto_scalarmult_ristretto255_base (t2, r) != 0 || crypto_scalarmult_ristretto255 (t3, r, M) != 0)
    return FALSE;
  challenge (B, M, Z, t2, t3, proof);
  crypto_core_ristretto255_scalar_mul (ck, proof, k);
  crypto_core_ristretto255_scalar_sub (proof + SCALAR, r, ck);
  koh_wipe (ck);
  return TRUE;
}

gboolean
koh_oprf_evaluate (const guint8 secret[SCALAR], const guint8 public_key[ELEMENT], const guint8 *blinded,
                   gsize n, guint8 *evaluated, const guint8 nonce[SCALAR], guint8 proof[KOH_OPRF_PROOF])
{
  guint8 r[SCALAR];
  gboolean ok;

  if (n == 0 || n > KOH_OPRF_BATCH)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (crypto_scalarmult_ristretto255 (evaluated + i * ELEMENT, secret, blinded + i * ELEMENT) != 0)
      return FALSE;
  if (nonce != NULL)
    memcpy (r, nonce, SCALAR);
  else
    koh_oprf_random_scalar (r);
  ok = prove (secret, public_key, blinded, evaluated, n, r, proof);
  koh_wipe (r);
  return ok;
}

/* t = s · P + c · Q. */
static gboolean
combine (const guint8 s[SCALAR], const guint8 *P, const guint8 c[SCALAR], const guint8 Q[ELEMENT],
         guint8 t[ELEMENT])
{
  guint8 left[ELEMENT];
  const int failed = P != NULL ? crypto_scalarmult_ristretto255 (left, s, P)
                               : crypto_scalarmult_ristretto255_base (left, s);

  if (failed != 0 || crypto_scalarmult_ristretto255 (t, c, Q) != 0)
    return FALSE;
  return crypto_core_ristretto255_add (t, t, left) == 0;
}

static gboolean
proof_holds (const guint8 B[ELEMENT], const guint8 *C, const guint8 *D, gsize n,
             const guint8 proof[KOH_OPRF_PROOF])
{
  const guint8 *c = proof, *s = proof + SCALAR;
  guint8 M[ELEMENT], Z[ELEMENT], t2[ELEMENT], t3[ELEMENT], expected[SCALAR];

  if (!is_scalar (c) || !is_scalar (s) || !composites (B, C, D, n, M, Z) || !combine (s, NULL, c, B, t2) ||
      !combine (s, M, c, Z, t3))
    return FALSE;
  challenge (B, M, Z, t2, t3, expected);
  return sodium_memcmp (expected, c, SCALAR) == 0;
}

/* An element of the batch: what libsodium accepts, and not the identity. */
static gboolean
is_element (const guint8 element[ELEMENT])
{
  return !is_identity (element) && crypto_core_ristretto255_is_valid_point (element);
}

gboolean
koh_oprf_verify (const guint8 public_key[ELEMENT], const guint8 *blinded, const guint8 *evaluated, gsize n,
                 const guint8 proof[KOH_OPRF_PROOF])
{
  if (n == 0 || n > KOH_OPRF_BATCH || !is_element (public_key))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (is_identity (blinded + i * ELEMENT) || is_identity (evaluated + i * ELEMENT))
      return FALSE;
  return koh_check ("oprf-proof", proof_holds (public_key, blinded, evaluated, n, proof));
}

/* Outputs. */

static void
hash_output (const guint8 *input, gsize size, const guint8 element[ELEMENT], guint8 output[KOH_OPRF_OUTPUT])
{
  crypto_hash_sha512_state state;

  crypto_hash_sha512_init (&state);
  add_sized (&state, input, size);
  add_sized (&state, element, ELEMENT);
  add_bytes (&state, "Finalize", strlen ("Finalize"));
  crypto_hash_sha512_final (&state, output);
  sodium_memzero (&state, sizeof state);
}

gboolean
koh_oprf_finalize (const guint8 *input, gsize size, const guint8 blind[SCALAR],
                   const guint8 evaluated[ELEMENT], guint8 output[KOH_OPRF_OUTPUT])
{
  guint8 inverse[SCALAR], element[ELEMENT];
  gboolean ok;

  ok = size <= G_MAXUINT16 && crypto_core_ristretto255_scalar_invert (inverse, blind) == 0 &&
       crypto_scalarmult_ristretto255 (element, inverse, evaluated) == 0;
  if (ok)
    hash_output (input, size, element, output);
  koh_wipe (inverse);
  koh_wipe (element);
  return ok;
}

gboolean
koh_oprf_direct (const guint8 secret[SCALAR], const guint8 *input, gsize size, guint8 output[KOH_OPRF_OUTPUT])
{
  guint8 element[ELEMENT];
  gboolean ok = size <= G_MAXUINT16 && hash_to_group (input, size, element) &&
                crypto_scalarmult_ristretto255 (element, secret, element) == 0;

  if (ok)
    hash_output (input, size, element, output);
  koh_wipe (element);
  return ok;
}
