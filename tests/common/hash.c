/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/hash.h"

#include <string.h>

static KohHash
two_parts (const char *a, const char *b)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "test");
  koh_hasher_string (&hasher, a);
  koh_hasher_string (&hasher, b);
  return koh_hasher_end (&hasher);
}

static void
parts_do_not_run_together (void)
{
  KohHash ab_c = two_parts ("ab", "c"), a_bc = two_parts ("a", "bc"), again = two_parts ("ab", "c");

  g_assert_false (koh_hash_equal (&ab_c, &a_bc));
  g_assert_true (koh_hash_equal (&ab_c, &again));
}

static void
labels_separate (void)
{
  KohHash one = koh_hash_of ("kohorte/plan/1", "x", 1), other = koh_hash_of ("kohorte/roster/1", "x", 1);

  g_assert_false (koh_hash_equal (&one, &other));
}

/* The input of the hash is, by definition, each part after its length in eight bytes. */
static void
the_input_is_what_the_header_says (void)
{
  static const guint8 input[] = { 4, 0, 0, 0, 0, 0, 0, 0, 't', 'e', 's', 't',
                                  2, 0, 0, 0, 0, 0, 0, 0, 'h', 'i' };
  KohHash expected, hash = koh_hash_of ("test", "hi", 2);

  crypto_generichash (expected.bytes, sizeof expected.bytes, input, sizeof input, NULL, 0);
  g_assert_true (koh_hash_equal (&hash, &expected));
}

static void
hex_there_and_back_and_nothing_else (void)
{
  KohHash hash = koh_hash_of ("test", "hi", 2), back;
  g_autofree char *hex = koh_hash_to_hex (&hash);
  g_autofree char *longer = g_strconcat (hex, "0", NULL);

  g_assert_cmpuint (strlen (hex), ==, 64);
  g_assert_true (koh_hash_from_hex (&back, hex));
  g_assert_true (koh_hash_equal (&hash, &back));
  g_assert_false (koh_hash_from_hex (&back, longer));
  g_assert_false (koh_hash_from_hex (&back, ""));
  g_assert_false (koh_hash_from_hex (&back, NULL));
  hex[10] = 'g';
  g_assert_false (koh_hash_from_hex (&back, hex));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common/hash/parts-do-not-run-together", parts_do_not_run_together);
  g_test_add_func ("/common/hash/labels-separate", labels_separate);
  g_test_add_func ("/common/hash/the-input-is-what-the-header-says", the_input_is_what_the_header_says);
  g_test_add_func ("/common/hash/hex-there-and-back", hex_there_and_back_and_nothing_else);
  return g_test_run ();
}
