/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/value.h"

static const struct
{
  const char *text, *unit;
} rows[] = {
  { "47.99", "mmol/mol" }, { "48", "mmol/mol" }, { "48.0", NULL }, { "4.8e1", "%" }, { "48.01", "mmol/mol" },
  { "-3", "mmol/mol" }, { "<5", "mmol/mol" }, { "4,5", "mmol/mol" }, { "48 ", "mmol/mol" }, { "inf", "mmol/mol" },
  { "0x30", "mmol/mol" }, { "", "mmol/mol" }, { NULL, "mmol/mol" }, { "53", "mmol/mol" },
};

static void
numbers_are_compared_and_text_never_matches (void)
{
  static const struct
  {
    KohValueCondition condition;
    const char *taken; /* a letter for each row */
  } cases[] = {
    { { KOH_VALUE_LT, 48, 0, NULL }, "y....y........" },
    { { KOH_VALUE_LE, 48, 0, NULL }, "yyyy.y........" },
    { { KOH_VALUE_EQ, 48, 0, NULL }, ".yyy.........." },
    { { KOH_VALUE_NE, 48, 0, NULL }, "y...yy.......y" },
    { { KOH_VALUE_GE, 48, 0, NULL }, ".yyyy........y" },
    { { KOH_VALUE_GT, 48, 0, NULL }, "....y........y" },
    { { KOH_VALUE_BETWEEN, 48, 53, NULL }, ".yyyy........y" },
    { { KOH_VALUE_GE, 48, 0, (char *) "mmol/mol" }, ".y..y........y" },
    { { KOH_VALUE_NE, 48, 0, (char *) "%" }, ".............." },
    { { KOH_VALUE_EQ, 48, 0, (char *) "%" }, "...y.........." },
    { { KOH_VALUE_ANY, 0, 0, NULL }, "yyyyyyyyyyyyyy" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
      g_assert_cmpint (koh_value_takes (&cases[i].condition, rows[r].text, rows[r].unit), ==,
                       cases[i].taken[r] == 'y');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/value/numbers-are-compared-and-text-never-matches",
                   numbers_are_compared_and_text_never_matches);
  return g_test_run ();
}
