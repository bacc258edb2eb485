/* SPDX-License-Identifier: EUPL-1.2
 *
 * Every operation on shares, and on a plain party, against the same sum done on numbers. */
#include "three.h"

#include <gio/gio.h>

#include <string.h>

static const guint sizes[] = { 1, 63, 64, 65, 1000 };

/* What an operation must give for the values of one row. */
typedef guint64 (*Expected) (const guint64 *row, gpointer data);

typedef struct
{
  const char *name;
  ThreeOperation operation;
  Expected expected;
  guint widths[3]; /* of the inputs; 0 ends them */
  guint out;       /* width of the result */
  guint number;    /* for the operation */
} Case;

static guint64
low (guint64 value, guint width)
{
  return width < 64 ? value & ((G_GUINT64_CONSTANT (1) << width) - 1) : value;
}

static void
check_case (const Case *this, guint rows, gboolean plain)
{
  guint64 *values[3] = { NULL };
  ThreeColumn columns[3];
  guint n = 0, out_rows, out_width;
  g_autofree guint64 *result = NULL;

  for (; n < 3 && this->widths[n] > 0; n++)
    {
      values[n] = three_random (31 * rows + n, rows, this->widths[n]);
      columns[n] = (ThreeColumn){ this->widths[n], values[n] };
    }
  result =
      three_compute (plain, this->operation, (gpointer) this, rows, columns, n, &out_rows, &out_width, NULL);
  g_assert_cmpuint (out_rows, ==, rows);
  g_assert_cmpuint (out_width, ==, this->out);
  for (guint r = 0; r < rows; r++)
    {
      guint64 row[3] = { 0 };

      for (guint i = 0; i < n; i++)
        row[i] = values[i][r];
      g_assert_cmphex (result[r], ==, low (this->expected (row, (gpointer) this), this->out));
    }
  for (guint i = 0; i < n; i++)
    g_free (values[i]);
}

static void
test_case (gconstpointer data)
{
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      check_case (data, sizes[s], FALSE);
      check_case (data, sizes[s], TRUE);
    }
}

#define TWO(name, call, sum) \
  static KohBits *name##_shares (KohParty *party, const KohBits *const *in, gpointer data) { return call; } \
  static guint64 name##_numbers (const guint64 *x, gpointer data) { return sum; }

/* The number of the case that is running. */
#define N (((const Case *) data)->number)

TWO (xor_, koh_bits_xor (in[0], in[1]), x[0] ^ x[1])
TWO (not_, koh_bits_not (party, in[0]), ~x[0])
TWO (copy, koh_bits_copy (in[0]), x[0])
TWO (and_, koh_bits_and (party, in[0], in[1]), x[0] & x[1])
TWO (and_one, koh_bits_and (party, in[0], in[1]), x[0] ? x[1] : 0)
TWO (one_and, koh_bits_and (party, in[0], in[1]), x[1] ? x[0] : 0)
TWO (or_, koh_bits_or (party, in[0], in[1]), x[0] | x[1])
TWO (or_one, koh_bits_or (party, in[0], in[1]), x[1] ? G_MAXUINT64 : x[0])
TWO (mux, koh_bits_mux (party, in[0], in[1], in[2]), x[0] ? x[1] : x[2])
TWO (add, koh_bits_add (party, in[0], in[1], N), x[0] + x[1])
TWO (sub, koh_bits_sub (party, in[0], in[1], N, NULL), x[0] - x[1])
TWO (less, koh_bits_less (party, in[0], in[1]), x[0] < x[1])
TWO (equal, koh_bits_equal (party, in[0], in[1]), x[0] == x[1])
TWO (at_least, koh_bits_at_least (party, in[0], N), x[0] >= N)
TWO (is, koh_bits_is (party, in[0], N), x[0] == N)
TWO (any, koh_bits_any (party, in[0]), x[0] != 0)
TWO (all, koh_bits_all (party, in[0]), x[0] == low (G_MAXUINT64, ((const Case *) data)->widths[0]))
TWO (slice, koh_bits_slice (in[0], 3, N), x[0] >> 3)

static KohBits *
borrow_shares (KohParty *party, const KohBits *const *in, gpointer data)
{
  KohBits *borrow = NULL;
  g_autoptr (KohBits) z = koh_bits_sub (party, in[0], in[1], N, &borrow);
  const KohBits *parts[] = { z, borrow };
  KohBits *both = koh_bits_join (parts, 2);

  koh_bits_free (borrow);
  return both;
}

static guint64
borrow_numbers (const guint64 *x, gpointer data)
{
  return low (x[0] - x[1], N) | (guint64) (x[0] < x[1]) << N;
}

static KohBits *
constants_shares (KohParty *party, const KohBits *const *in, gpointer data)
{
  const guint rows = in[0]->rows;
  const gsize words = (rows + 63) / 64;
  g_autofree guint64 *planes = g_new (guint64, 2 * words);
  g_autoptr (KohBits) constant = koh_bits_constant (party, rows, 5, 0x16);
  g_autoptr (KohBits) known = NULL;
  g_autoptr (KohBits) zero = koh_bits_zero (party, rows, 1);
  const KohBits *parts[4] = { constant, NULL, zero, in[0] };

  memset (planes, 0x00, words * 8);
  memset (planes + words, 0xff, words * 8);
  known = koh_bits_public (party, rows, 2, planes);
  parts[1] = known;
  return koh_bits_join (parts, 4);
}

static guint64
constants_numbers (const guint64 *x, gpointer data)
{
  return 0x16 | 2 << 5 | x[0] << 8;
}

static const guint64 cuts[] = { 0, 1, 7, 8, 9, 100, 127, 128, 255, 300 };

static KohBits *
bucket_shares (KohParty *party, const KohBits *const *in, gpointer data)
{
  return koh_bits_bucket (party, in[0], cuts + G_N_ELEMENTS (cuts) - N, N);
}

static guint64
bucket_numbers (const guint64 *x, gpointer data)
{
  guint64 count = 0;

  for (guint j = G_N_ELEMENTS (cuts) - N; j < G_N_ELEMENTS (cuts); j++)
    count += x[0] >= cuts[j];
  return count;
}

static const Case cases[] = {
  { "xor", xor__shares, xor__numbers, { 9, 9 }, 9 },
  { "xor-shorter", xor__shares, xor__numbers, { 3, 9 }, 9 },
  { "xor-with-one-plane-extends-with-zeros", xor__shares, xor__numbers, { 9, 1 }, 9 },
  { "not", not__shares, not__numbers, { 7 }, 7 },
  { "copy", copy_shares, copy_numbers, { 7 }, 7 },
  { "and", and__shares, and__numbers, { 9, 9 }, 9 },
  { "and-shorter", and__shares, and__numbers, { 9, 4 }, 9 },
  { "and-one-plane-first", and_one_shares, and_one_numbers, { 1, 9 }, 9 },
  { "and-one-plane-second", one_and_shares, one_and_numbers, { 9, 1 }, 9 },
  { "and-single", and__shares, and__numbers, { 1, 1 }, 1 },
  { "or", or__shares, or__numbers, { 9, 9 }, 9 },
  { "or-shorter", or__shares, or__numbers, { 4, 9 }, 9 },
  { "or-one-plane", or_one_shares, or_one_numbers, { 9, 1 }, 9 },
  { "mux", mux_shares, mux_numbers, { 1, 11, 11 }, 11 },
  { "mux-shorter-yes", mux_shares, mux_numbers, { 1, 4, 11 }, 11 },
  { "mux-shorter-no", mux_shares, mux_numbers, { 1, 11, 4 }, 11 },
  { "add", add_shares, add_numbers, { 16, 16 }, 16, 16 },
  { "add-grows", add_shares, add_numbers, { 16, 16 }, 17, 17 },
  { "add-shorter", add_shares, add_numbers, { 16, 3 }, 20, 20 },
  { "add-cut", add_shares, add_numbers, { 16, 16 }, 5, 5 },
  { "add-one-bit", add_shares, add_numbers, { 1, 1 }, 1, 1 },
  { "add-64", add_shares, add_numbers, { 64, 64 }, 64, 64 },
  { "sub", sub_shares, sub_numbers, { 16, 16 }, 16, 16 },
  { "sub-shorter", sub_shares, sub_numbers, { 4, 16 }, 18, 18 },
  { "sub-cut", sub_shares, sub_numbers, { 16, 16 }, 7, 7 },
  { "sub-borrow", borrow_shares, borrow_numbers, { 16, 16 }, 17, 16 },
  { "sub-borrow-of-what-is-cut", borrow_shares, borrow_numbers, { 16, 16 }, 9, 8 },
  { "sub-borrow-wider", borrow_shares, borrow_numbers, { 9, 16 }, 19, 18 },
  { "less", less_shares, less_numbers, { 16, 16 }, 1 },
  { "less-shorter-left", less_shares, less_numbers, { 5, 16 }, 1 },
  { "less-shorter-right", less_shares, less_numbers, { 16, 5 }, 1 },
  { "less-one-bit", less_shares, less_numbers, { 1, 1 }, 1 },
  { "less-64", less_shares, less_numbers, { 64, 64 }, 1 },
  { "equal", equal_shares, equal_numbers, { 3, 3 }, 1 },
  { "equal-wide", equal_shares, equal_numbers, { 13, 13 }, 1 },
  { "equal-shorter", equal_shares, equal_numbers, { 2, 5 }, 1 },
  { "equal-one-bit", equal_shares, equal_numbers, { 1, 1 }, 1 },
  { "at-least-0", at_least_shares, at_least_numbers, { 8 }, 1, 0 },
  { "at-least-1", at_least_shares, at_least_numbers, { 8 }, 1, 1 },
  { "at-least-3", at_least_shares, at_least_numbers, { 8 }, 1, 3 },
  { "at-least-128", at_least_shares, at_least_numbers, { 8 }, 1, 128 },
  { "at-least-200", at_least_shares, at_least_numbers, { 8 }, 1, 200 },
  { "at-least-255", at_least_shares, at_least_numbers, { 8 }, 1, 255 },
  { "at-least-256", at_least_shares, at_least_numbers, { 8 }, 1, 256 },
  { "is-0", is_shares, is_numbers, { 8 }, 1, 0 },
  { "is-3", is_shares, is_numbers, { 8 }, 1, 3 },
  { "is-255", is_shares, is_numbers, { 8 }, 1, 255 },
  { "is-256", is_shares, is_numbers, { 8 }, 1, 256 },
  { "is-3-of-64", is_shares, is_numbers, { 64 }, 1, 3 },
  { "any", any_shares, any_numbers, { 5 }, 1 },
  { "any-one", any_shares, any_numbers, { 1 }, 1 },
  { "all", all_shares, all_numbers, { 6 }, 1 },
  { "all-many", all_shares, all_numbers, { 31 }, 1 },
  { "all-one", all_shares, all_numbers, { 1 }, 1 },
  { "slice", slice_shares, slice_numbers, { 9 }, 4, 4 },
  { "slice-beyond-is-zero", slice_shares, slice_numbers, { 9 }, 12, 12 },
  { "constants-and-join", constants_shares, constants_numbers, { 4 }, 12 },
  { "bucket-all-cuts", bucket_shares, bucket_numbers, { 8 }, 4, 10 },
  { "bucket-one-cut-out-of-range", bucket_shares, bucket_numbers, { 8 }, 1, 1 },
  { "bucket-three", bucket_shares, bucket_numbers, { 9 }, 2, 3 },
  { "bucket-none", bucket_shares, bucket_numbers, { 9 }, 1, 0 },
};

/* Rows of a table, picked. */

static const guint picked[] = { 3, 0, G_MAXUINT, 64, 3, 69 };

static KohBits *
gather (KohParty *party, const KohBits *const *in, gpointer data)
{
  return koh_bits_gather (in[0], picked, G_N_ELEMENTS (picked));
}

static void
test_gather (void)
{
  g_autofree guint64 *values = three_random (5, 70, 8);
  const ThreeColumn column = { 8, values };

  for (gboolean plain = FALSE; plain <= TRUE; plain++)
    {
      guint rows, width;
      g_autofree guint64 *result = three_compute (plain, gather, NULL, 70, &column, 1, &rows, &width, NULL);

      g_assert_cmpuint (rows, ==, G_N_ELEMENTS (picked));
      for (guint r = 0; r < rows; r++)
        g_assert_cmphex (result[r], ==, picked[r] == G_MAXUINT ? 0 : values[picked[r]]);
    }
}

/* Every operation after a failure gives zeros at once, and sends nothing. */
static void
test_failed_party (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  const guint8 key[32] = { 1 };
  g_autoptr (KohParty) party = koh_party_new (1, koh_memory_mesh_get (mesh, 1), &three_session, key, key);
  g_autoptr (KohBits) x = koh_bits_constant (party, 100, 6, 63);
  g_autoptr (KohBits) z = NULL;
  g_autoptr (GError) error = NULL;

  koh_party_fail (party, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "first"));
  koh_party_fail (party, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "second"));
  z = koh_bits_and (party, x, x);
  for (gsize i = 0; i < z->words * z->width; i++)
    g_assert_true (z->own[i] == 0 && z->next[i] == 0);
  g_assert_false (koh_party_check (party, &error));
  g_assert_cmpstr (error->message, ==, "first");
  g_assert_cmpuint (koh_party_get_cost (party).bytes_sent, ==, 0);
  g_assert_cmpuint (koh_party_get_cost (party).ands, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mpc/bits/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/mpc/bits/gather", test_gather);
  g_test_add_func ("/mpc/bits/failed-party-gives-zeros", test_failed_party);
  return g_test_run ();
}
