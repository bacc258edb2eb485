/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading a shared table at a shared place, with entries missing. */
#include "three.h"

#include <string.h>

#define LEAF_BITS 7
#define MOST 40

typedef struct
{
  guint n;
  gboolean there[MOST];
} Table;

/* in[0] is the code; the leaves are cut from in[1] and in[2]: entry v is (in[1] >> v % 3) ⊕ the constant v.
 */
static KohBits *
leaf (KohParty *party, const KohBits *source, guint v)
{
  g_autoptr (KohBits) slice = koh_bits_slice (source, v % 3, LEAF_BITS);
  g_autoptr (KohBits) constant = koh_bits_constant (party, source->rows, LEAF_BITS, v);

  return koh_bits_xor (slice, constant);
}

static KohBits *
run (KohParty *party, const KohBits *const *in, gpointer data)
{
  const Table *table = data;
  KohBits *leaves[MOST] = { NULL };
  KohBits *z;

  for (guint v = 0; v < table->n; v++)
    if (table->there[v])
      leaves[v] = leaf (party, in[1], v);
  z = koh_bits_select (party, in[0], (const KohBits *const *) leaves, table->n, LEAF_BITS);
  for (guint v = 0; v < table->n; v++)
    koh_bits_free (leaves[v]);
  return z;
}

static void
check_table (Table *table, guint width, gboolean plain, KohCost *cost)
{
  const guint codes = 1u << width, rows = codes + 9;
  g_autofree guint64 *code = g_new (guint64, rows);
  g_autofree guint64 *source = three_random (table->n, rows, LEAF_BITS + 2);
  const ThreeColumn columns[] = { { width, code }, { LEAF_BITS + 2, source } };
  g_autofree guint64 *result = NULL;
  guint out_rows, out_width;

  for (guint r = 0; r < rows; r++)
    code[r] = r % codes;
  result = three_compute (plain, run, table, rows, columns, 2, &out_rows, &out_width, cost);
  g_assert_cmpuint (out_width, ==, LEAF_BITS);
  for (guint r = 0; r < rows; r++)
    {
      const guint v = (guint) code[r];
      const guint64 expected = v < table->n && table->there[v] ? ((source[r] >> (v % 3)) ^ v) & 127 : 0;

      g_assert_cmphex (result[r], ==, expected);
    }
}

static void
test_full_tables (void)
{
  for (guint n = 0; n <= 33; n++)
    {
      Table table = { n, { FALSE } };
      const guint narrow = MAX (1, n > 1 ? g_bit_storage (n - 1) : 1);

      memset (table.there, 0, sizeof table.there);
      for (guint v = 0; v < n; v++)
        table.there[v] = TRUE;
      for (guint width = narrow; width <= narrow + 1; width++)
        for (gboolean plain = FALSE; plain <= TRUE; plain++)
          check_table (&table, width, plain, NULL);
    }
}

static void
test_missing_leaves (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);

  for (guint round = 0; round < 60; round++)
    {
      Table table = { (guint) g_rand_int_range (random, 1, MOST), { FALSE } };

      for (guint v = 0; v < table.n; v++)
        table.there[v] = g_rand_int_range (random, 0, 1 + (gint) round / 10) == 0;
      check_table (&table, (guint) g_rand_int_range (random, 1, 8), FALSE, NULL);
    }
}

/* Subtrees without an entry are not expanded, and a plane of the result costs one multiplication. */
static void
test_cost (void)
{
  Table table = { 33, { FALSE } };
  KohCost cost;

  table.there[32] = TRUE;
  check_table (&table, 6, FALSE, &cost);
  g_assert_cmpuint (cost.ands, ==, (5 + LEAF_BITS) * 128);
  for (guint v = 0; v < 32; v++)
    table.there[v] = TRUE;
  table.there[32] = FALSE;
  check_table (&table, 6, FALSE, &cost);
  g_assert_cmpuint (cost.ands, ==, (31 + LEAF_BITS) * 128);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/select/full-tables", test_full_tables);
  g_test_add_func ("/mpc/select/missing-leaves", test_missing_leaves);
  g_test_add_func ("/mpc/select/empty-subtrees-cost-nothing", test_cost);
  return g_test_run ();
}
