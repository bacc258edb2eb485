/* SPDX-License-Identifier: EUPL-1.2
 *
 * ChaCha20 with a 64-bit nonce and a 64-bit block counter (the original form, not RFC 8439's), since
 * one operation may need more than 2^32 blocks and operations are numbered in 64 bits. */
#include "mpc/prg.h"

#include <string.h>

static void
add_part (crypto_generichash_state *state, const void *bytes, gsize size)
{
  guint8 length[8];

  for (guint i = 0; i < 8; i++)
    length[i] = (guint8) ((guint64) size >> (8 * i));
  crypto_generichash_update (state, length, sizeof length);
  crypto_generichash_update (state, bytes, size);
}

void
koh_prg_derive (guint8 out[KOH_PRG_KEY], const guint8 key[KOH_PRG_KEY], const KohHash *session,
                const char *role, const char *label, guint64 number)
{
  crypto_generichash_state state;
  const guint64 little = GUINT64_TO_LE (number);

  crypto_generichash_init (&state, key, KOH_PRG_KEY, KOH_PRG_KEY);
  add_part (&state, "kohorte/prg/1", strlen ("kohorte/prg/1"));
  add_part (&state, session->bytes, sizeof session->bytes);
  add_part (&state, role, strlen (role));
  add_part (&state, label ? label : "", label ? strlen (label) : 0);
  add_part (&state, &little, sizeof little);
  crypto_generichash_final (&state, out, KOH_PRG_KEY);
  sodium_memzero (&state, sizeof state);
}

void
koh_prg_fill (const guint8 key[KOH_PRG_KEY], guint64 number, void *out, gsize size)
{
  const guint64 nonce = GUINT64_TO_LE (number);

  crypto_stream_chacha20 (out, size, (const guint8 *) &nonce, key);
}

void
koh_prg_add (const guint8 key[KOH_PRG_KEY], guint64 number, gsize at, void *bytes, gsize size)
{
  const guint64 nonce = GUINT64_TO_LE (number);

  crypto_stream_chacha20_xor_ic (bytes, bytes, size, (const guint8 *) &nonce, at / 64, key);
}
