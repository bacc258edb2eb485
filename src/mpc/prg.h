/* SPDX-License-Identifier: EUPL-1.2
 *
 * The pseudorandom generator: ChaCha20 streams. A key is derived from a shared key, the session and
 * a role, so that no two purposes share a stream; within a role a 64-bit number is the nonce, and
 * no number is used twice. */
#pragma once

#include "common/hash.h"

G_BEGIN_DECLS

#define KOH_PRG_KEY 32

/* @label may be NULL. Keyed BLAKE2b over session, role, label and number. */
void koh_prg_derive (guint8 out[KOH_PRG_KEY], const guint8 key[KOH_PRG_KEY], const KohHash *session,
                     const char *role, const char *label, guint64 number);

void koh_prg_fill   (const guint8 key[KOH_PRG_KEY], guint64 number, void *out, gsize size);

/* Adds stream bytes at, at+1, … to @bytes; @at is a multiple of 64. */
void koh_prg_add    (const guint8 key[KOH_PRG_KEY], guint64 number, gsize at, void *bytes, gsize size);

G_END_DECLS
