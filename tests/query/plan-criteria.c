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

/* Everybody knows the date, so nothing but flags and categories is shared, whoever has the data. */
static void
with_one_date_for_all_owners_decide_alone (void)
{
  g_autoptr (KohPlan) plan = must (INDEX_DATE,
                                   EARLIER ", " WITHIN (0, 30) ", " WITHIN (null, -1)
                                   ", {\"attribute\": \"age\", \"between\": [18, null]}, {\"attribute\": "
                                   "\"municipality\", \"in\": [\"1\"]}",
                                   "{\"type\": \"crosstab\", \"by\": [\"age_band\", \"income_quintile\"]}");
  const KohColumn *present = NULL;

  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    {
      const KohColumn *column = koh_plan_columns (plan)->pdata[i];

      g_assert_true (column->kind == KOH_COLUMN_REGISTERED || column->kind == KOH_COLUMN_FLAG ||
                     column->kind == KOH_COLUMN_CATEGORY);
      if (column->kind == KOH_COLUMN_FLAG && present == NULL)
        present = column;
    }
  /* Born, not dead, not emigrated: of one owner, so one flag. */
  g_assert_cmpuint (present->owner, ==, 1);
  g_assert_true (present->at_index);
  g_assert_cmpuint (present->criterion->children->len, ==, 3);
  g_assert_cmpuint (how_many (plan, KOH_COLUMN_FLAG), ==, 1 + 2 + 4);
  g_assert_cmpuint (how_many (plan, KOH_COLUMN_CATEGORY), ==, 2);
}

static void
the_last_in_the_period_is_the_latest_of_each (void)
{
  g_autoptr (KohPlan) plan =
    must ("{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2018-01-01\", \"to\": \"2022-12-31\"}, "
          "\"occurrence\": \"last_in_period\"}", SEX, COUNT);

  g_assert_cmpuint (how_many (plan, KOH_COLUMN_DATE), ==, 2);
  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    {
      const KohColumn *column = koh_plan_columns (plan)->pdata[i];

      if (column->kind != KOH_COLUMN_DATE)
        continue;
      g_assert_true (column->latest);
      g_assert_cmpint (column->from, ==, koh_day_join (2018, 1, 1));
      g_assert_cmpint (column->to, ==, koh_day_join (2022, 12, 31));
    }
}

/* Two conditions are two columns, and which value is asked for stands in the plan. */
static void
a_condition_on_the_value_is_part_of_the_event (void)
{
  g_autoptr (KohQuestion) question = make_question (
      "t", INDEX_TWO,
      "{\"event\": {\"dataset\": \"diagnoses\", \"value\": {\"op\": \"ge\", \"value\": 48}}, \"within\": [0, 9]}, "
      "{\"event\": {\"dataset\": \"diagnoses\", \"value\": {\"op\": \"between\", \"value\": [48, 53.5], "
      "\"unit\": \"mmol\\\"\"}}, \"within\": [0, 9]}", COUNT);
  g_autoptr (KohMap) map = make_map ();
  g_autoptr (KohSessionFacts) facts = make_facts (map);
  g_autoptr (KohPlan) plan = NULL;
  g_autofree char *written = NULL;

  add_variable (koh_map_dataset (map, "diagnoses"), "value", 0);
  plan = koh_plan_new (question, map, facts, NULL);
  g_assert_nonnull (plan);
  written = koh_plan_to_text (plan);
  g_assert_cmpuint (how_many (plan, KOH_COLUMN_WINDOW), ==, 4);
  g_assert_nonnull (strstr (written, " value ge 48)"));
  g_assert_nonnull (strstr (written, " value between 48..53.5 unit \"mmol\\\"\")"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/plan-criteria/so-many-of-several-are-counted", so_many_of_several_are_counted);
  g_test_add_func ("/query/plan-criteria/with-one-date-for-all-owners-decide-alone",
                   with_one_date_for_all_owners_decide_alone);
  g_test_add_func ("/query/plan-criteria/the-last-in-the-period-is-the-latest-of-each",
                   the_last_in_the_period_is_the_latest_of_each);
  g_test_add_func ("/query/plan-criteria/a-condition-on-the-value-is-part-of-the-event",
                   a_condition_on_the_value_is_part_of_the_event);
  return g_test_run ();
}
