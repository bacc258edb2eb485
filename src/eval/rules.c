/* SPDX-License-Identifier: EUPL-1.2 */
#include "eval/rules.h"

KohDisclosure *
koh_rules_of_plan (const KohPlan *plan)
{
  const GPtrArray *groupings = koh_plan_groupings (plan), *tables = koh_plan_tables (plan);
  const GArray *attritions = koh_plan_attritions (plan);
  KohDisclosure *rules =
    koh_disclosure_new (koh_plan_facts (plan)->k, koh_plan_count_bits (plan), koh_plan_steps (plan)->len);

  for (guint i = 0; i < groupings->len; i++)
    koh_disclosure_add_variable (rules, koh_grouping_cells (groupings->pdata[i]));
  for (guint i = 0; i < tables->len; i++)
    {
      const KohPlanTable *table = tables->pdata[i];

      koh_disclosure_add_table (rules, (const guint *) (gpointer) table->by->data, table->by->len);
    }
  for (guint i = 0; i < attritions->len; i++)
    koh_disclosure_add_attrition (rules, g_array_index (attritions, guint, i));
  return rules;
}
