/* SPDX-License-Identifier: EUPL-1.2
 *
 * The Noise protocol framework (revision 34), patterns KK and XX, 25519, ChaChaPoly, SHA-256, on
 * libsodium; tested with public vectors. */
#pragma once

#include <glib.h>

#include "common/hash.h"

G_BEGIN_DECLS

typedef enum { KOH_NOISE_KK, KOH_NOISE_XX } KohNoisePattern;

typedef struct _KohNoise KohNoise;

/* @remote_static is NULL for XX. @ephemeral is NULL except in tests. */
KohNoise *koh_noise_new      (KohNoisePattern pattern, gboolean initiator, const guint8 static_secret[32],
                              const guint8 *remote_static, const guint8 *ephemeral_secret,
                              const void *prologue, gsize prologue_size);
void      koh_noise_free     (KohNoise *noise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohNoise, koh_noise_free)

/* One handshake message; payload may be empty. NULL on failure; the object is then dead. */
GBytes   *koh_noise_write    (KohNoise *noise, const void *payload, gsize size, GError **error);
GBytes   *koh_noise_read     (KohNoise *noise, const void *message, gsize size, GError **error);
gboolean  koh_noise_finished (const KohNoise *noise);
const guint8 *koh_noise_remote_static (const KohNoise *noise);

/* After the last message. Transport ciphers of the two directions: @from_initiator encrypts what the
 * initiator sends. Then the handshake hash, and further keys by label (HKDF of the chaining key). */
void      koh_noise_split    (KohNoise *noise, guint8 from_initiator[32], guint8 from_responder[32]);
void      koh_noise_hash     (const KohNoise *noise, guint8 hash[32]);
void      koh_noise_export   (const KohNoise *noise, const char *label, guint8 key[32]);

G_END_DECLS
