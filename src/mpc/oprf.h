/* SPDX-License-Identifier: EUPL-1.2
 *
 * The verifiable oblivious pseudorandom function of RFC 9497, ristretto255-SHA512, mode VOPRF
 * (0x01): an owner learns the tags of its own keys without showing them, the holder of the OPRF key
 * learns nothing, and a proof shows that one key served all. expand_message_xmd is RFC 9380 §5.3.1. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KOH_OPRF_ELEMENT 32
#define KOH_OPRF_SCALAR 32
#define KOH_OPRF_PROOF 64
#define KOH_OPRF_OUTPUT 64
#define KOH_OPRF_BATCH 65535 /* blinded elements under one proof, at most */

void     koh_expand_message_xmd (const guint8 *message, gsize size, const guint8 *dst, gsize dst_size,
                                 guint8 *out, gsize out_size); /* SHA-512; out_size ≤ 255 * 64 */

void     koh_oprf_derive_key    (const guint8 seed[32], const guint8 *info, gsize info_size,
                                 guint8 secret[KOH_OPRF_SCALAR], guint8 public_key[KOH_OPRF_ELEMENT]);
void     koh_oprf_random_key    (guint8 secret[KOH_OPRF_SCALAR], guint8 public_key[KOH_OPRF_ELEMENT]);

/* Client. @blind comes from koh_oprf_random_scalar() (or a test vector). FALSE for an input that
 * hashes to the identity. */
void     koh_oprf_random_scalar (guint8 scalar[KOH_OPRF_SCALAR]);
gboolean koh_oprf_blind         (const guint8 *input, gsize size, const guint8 blind[KOH_OPRF_SCALAR],
                                 guint8 blinded[KOH_OPRF_ELEMENT]);

/* Server: evaluates @n ≤ KOH_OPRF_BATCH blinded elements and proves it. @nonce is the proof's random
 * scalar (NULL draws one). FALSE where an element is not a valid encoding or is the identity. */
gboolean koh_oprf_evaluate      (const guint8 secret[KOH_OPRF_SCALAR], const guint8 public_key[KOH_OPRF_ELEMENT],
                                 const guint8 *blinded, gsize n, guint8 *evaluated,
                                 const guint8 nonce[KOH_OPRF_SCALAR], guint8 proof[KOH_OPRF_PROOF]);

/* Client: check "oprf-proof" over the batch, then one output each. */
gboolean koh_oprf_verify        (const guint8 public_key[KOH_OPRF_ELEMENT], const guint8 *blinded,
                                 const guint8 *evaluated, gsize n, const guint8 proof[KOH_OPRF_PROOF]);
gboolean koh_oprf_finalize      (const guint8 *input, gsize size, const guint8 blind[KOH_OPRF_SCALAR],
                                 const guint8 evaluated[KOH_OPRF_ELEMENT], guint8 output[KOH_OPRF_OUTPUT]);

/* Who holds the key needs no blinding: the same output. */
gboolean koh_oprf_direct        (const guint8 secret[KOH_OPRF_SCALAR], const guint8 *input, gsize size,
                                 guint8 output[KOH_OPRF_OUTPUT]);

G_END_DECLS
