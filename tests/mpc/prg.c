/* SPDX-License-Identifier: EUPL-1.2
 *
 * The generator: the published ChaCha20 stream, pieces that fit together, and keys that differ with every
 * part of their derivation. */
#include "mpc/prg.h"

#include <string.h>

static const KohHash session = { { 1 } };

/* RFC 8439, appendix A.1, test vector 1: key, nonce and counter are 0, so both forms of ChaCha20 give it. */
static void
test_vector (void)
{
  static const guint8 expected[32] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a,
                                       0xe5, 0x53, 0x86, 0xbd, 0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d,
                                       0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77, 0x0d, 0xc7 };
  const guint8 key[KOH_PRG_KEY] = { 0 };
  guint8 out[32];

  koh_prg_fill (key, 0, out, sizeof out);
  g_assert_cmpmem (out, sizeof out, expected, sizeof expected);
}

static void
test_pieces (void)
{
  const guint8 key[KOH_PRG_KEY] = { 3 };
  guint8 whole[1000], pieces[1000] = { 0 };

  koh_prg_fill (key, 9, whole, sizeof whole);
  for (gsize at = 0; at < sizeof pieces; at += 192)
    koh_prg_add (key, 9, at, pieces + at, MIN (192, sizeof pieces - at));
  g_assert_cmpmem (whole, sizeof whole, pieces, sizeof pieces);
  koh_prg_add (key, 9, 0, pieces, sizeof pieces);
  g_assert_true (sodium_is_zero (pieces, sizeof pieces));
  koh_prg_fill (key, 10, pieces, sizeof pieces);
  g_assert_cmpint (memcmp (whole, pieces, sizeof pieces), !=, 0);
}

static void
test_derive (void)
{
  static const KohHash other = { { 2 } };
  const guint8 key[KOH_PRG_KEY] = { 5 }, other_key[KOH_PRG_KEY] = { 6 };
  guint8 out[9][KOH_PRG_KEY];

  koh_prg_derive (out[0], key, &session, "role", "label", 7);
  koh_prg_derive (out[1], other_key, &session, "role", "label", 7);
  koh_prg_derive (out[2], key, &other, "role", "label", 7);
  koh_prg_derive (out[3], key, &session, "rol", "elabel", 7);
  koh_prg_derive (out[4], key, &session, "role", "labe", 7);
  koh_prg_derive (out[5], key, &session, "role", "label", 8);
  koh_prg_derive (out[6], key, &session, "role", NULL, 7);
  koh_prg_derive (out[7], key, &session, "rolelabel", "", 7);
  for (guint i = 0; i < 8; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (memcmp (out[i], out[j], KOH_PRG_KEY), !=, 0);
  koh_prg_derive (out[8], key, &session, "role", "label", 7);
  g_assert_cmpmem (out[0], KOH_PRG_KEY, out[8], KOH_PRG_KEY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/prg/published-stream", test_vector);
  g_test_add_func ("/mpc/prg/pieces-make-the-whole", test_pieces);
  g_test_add_func ("/mpc/prg/every-part-changes-the-key", test_derive);
  return g_test_run ();
}
