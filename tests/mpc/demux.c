/* SPDX-License-Identifier: EUPL-1.2
 *
 * The demultiplexer tree: every code, for 1 to 33 cells, at the narrowest code and wider ones. */
#include "three.h"

#include "mpc/input.h"

typedef struct
{
  guint cells, width;
} Shape;

static KohBits *
demux (KohParty *party, const KohBits *const *in, gpointer data)
{
  return koh_bits_demux (party, in[0], in[1], ((const Shape *) data)->cells);
}

/* Nodes that split: those with codes below the last cell, and more than one code. */
static guint
splits (guint64 lo, guint bits, guint cells)
{
  if (bits == 0 || lo + 1 >= cells)
    return 0;
  return 1 + splits (lo, bits - 1, cells) +
         splits (lo + (G_GUINT64_CONSTANT (1) << (bits - 1)), bits - 1, cells);
}

static void
check_shape (guint cells, guint width, gboolean plain)
{
  const guint codes = 1u << width, rows = 2 * codes;
  Shape shape = { cells, width };
  g_autofree guint64 *root = g_new (guint64, rows);
  g_autofree guint64 *code = g_new (guint64, rows);
  const ThreeColumn columns[] = { { 1, root }, { width, code } };
  g_autofree guint64 *result = NULL;
  guint out_rows, out_width;
  KohCost cost;

  for (guint r = 0; r < rows; r++)
    {
      root[r] = r / codes;
      code[r] = r % codes;
    }
  result = three_compute (plain, demux, &shape, rows, columns, 2, &out_rows, &out_width, &cost);
  g_assert_cmpuint (out_width, ==, cells);
  for (guint r = 0; r < rows; r++)
    g_assert_cmphex (result[r], ==, root[r] << MIN (code[r], cells - 1));
  g_assert_cmpuint (cost.ands, ==, (guint64) splits (0, width, cells) * ((rows + 63) / 64) * 64);
}

static void
test_all_codes (void)
{
  for (guint cells = 1; cells <= 33; cells++)
    {
      const guint narrow = MAX (1, cells > 1 ? g_bit_storage (cells - 1) : 1);

      for (guint width = narrow; width <= narrow + 2; width++)
        for (gboolean plain = FALSE; plain <= TRUE; plain++)
          check_shape (cells, width, plain);
    }
}

/* Cells that no code reaches stay empty. */
static void
test_narrow_code (void)
{
  check_shape (20, 3, FALSE);
  check_shape (5, 2, TRUE);
}

/* What the header says of the cost. */
static void
test_cost (void)
{
  for (guint cells = 2; cells <= 64; cells++)
    {
      const guint width = g_bit_storage (cells - 1);
      const guint zeros = width - (guint) __builtin_popcount (cells - 2);

      g_assert_cmpuint (splits (0, width, cells), ==, cells - 2 + zeros);
      if ((cells & (cells - 1)) == 0)
        g_assert_cmpuint (splits (0, width, cells), ==, cells - 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/demux/every-code-of-every-size", test_all_codes);
  g_test_add_func ("/mpc/demux/unreachable-cells-stay-empty", test_narrow_code);
  g_test_add_func ("/mpc/demux/costs-what-is-said", test_cost);
  return g_test_run ();
}
