/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an owner decides alone, and what is put together on shares. */
#include "plan-world.h"

/* At least two of three on shares: two additions and a comparison; of one owner, one flag. */
static void
so_many_of_several_are_counted (void)
{
  g_autoptr (KohPlan) own = must (INDEX_TWO, "{\"at_least\": 2, \"of\": [" SEX ", " REGION ", " SEX "]}", COUNT);
  g_autoptr (KohPlan) mixed =
    must (INDEX_TWO, "{\"at_least\": 2, \"of\": [" SEX ", " WITHIN (0, 9) ", " REGION "]}", COUNT);
  g_autoptr (KohPlan) any = must (INDEX_TWO, "{\"at_least\": 1, \"of\": [" SEX ", " WITHIN (0, 9) "]}", COUNT);
  const KohColumn *flag = only (own, KOH_COLUMN_FLAG);
  guint additions = 0, comparisons = 0;

  g_assert_cmpint (flag->criterion->kind, ==, KOH_CRITERION_AT_LEAST);
  g_assert_cmpuint (how_many (mixed, KOH_COLUMN_FLAG), ==, 2);
  for (guint i = 0; i < koh_plan_ops (mixed)->len; i++)
    {
      const KohOp *op = koh_plan_ops (mixed)->pdata[i];

      additions += op->kind == KOH_OP_ADD && op->width == 2;
      comparisons += op->kind == KOH_OP_AT_LEAST && op->value == 2;
    }
  g_assert_cmpuint (additions, ==, 2);
  g_assert_cmpuint (comparisons, ==, 1);
  for (guint i = 0; i < koh_plan_ops (any)->len; i++)
    g_assert_cmpint (((const KohOp *) koh_plan_ops (any)->pdata[i])->kind, !=, KOH_OP_AT_LEAST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/plan-criteria/so-many-of-several-are-counted", so_many_of_several_are_counted);
  return g_test_run ();
}
