/* SPDX-License-Identifier: EUPL-1.2
 *
 * Groupings, the tables that open, and what is counted for them. A table that another contains is not
 * counted: it is the sum of the other's cells. The steps of an attrition are counted one by one. */
#include "query/plan-build.h"

#include <string.h>

#include "common/error.h"
#include "query/check.h"

#define MOST_LEVELS 256
#define MOST_CELLS 4096
#define MOST_COUNTED 16384 /* cells of all tables and steps */

void
koh_grouping_free (KohGrouping *grouping)
{
  g_free (grouping->attribute);
  g_free (grouping->dataset);
  g_free (grouping->variable);
  g_clear_pointer (&grouping->levels, g_ptr_array_unref);
  g_free (grouping);
}

void
koh_plan_table_free (KohPlanTable *table)
{
  g_array_unref (table->by);
  g_free (table);
}

void
koh_plan_analysis_free (KohPlanAnalysis *analysis)
{
  g_array_unref (analysis->by);
  g_ptr_array_unref (analysis->names);
  g_free (analysis);
}

guint
koh_grouping_cells (const KohGrouping *grouping)
{
  return grouping->levels->len + 1;
}

static void
free_level (gpointer data)
{
  KohLevel *level = data;

  g_free (level->code);
  g_free (level->da);
  g_free (level->en);
  g_free (level);
}

static GPtrArray *
copy_levels (const GPtrArray *levels)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (free_level);

  for (guint i = 0; i < levels->len; i++)
    {
      const KohLevel *level = levels->pdata[i];
      KohLevel *own = g_new0 (KohLevel, 1);

      own->code = g_strdup (level->code);
      own->da = g_strdup (level->da);
      own->en = g_strdup (level->en);
      g_ptr_array_add (copy, own);
    }
  return copy;
}

/* Fewest levels first, ties by name; then by what tells two of one name apart. */
static gint
public_order (gconstpointer x, gconstpointer y)
{
  const KohGrouping *a = *(KohGrouping *const *) x, *b = *(KohGrouping *const *) y;
  gint by_name = strcmp (a->variable, b->variable), by_dataset = strcmp (a->dataset, b->dataset);

  if (a->levels->len != b->levels->len)
    return a->levels->len < b->levels->len ? -1 : 1;
  if (by_name != 0)
    return by_name;
  return by_dataset != 0 ? by_dataset : a->at - b->at;
}

static KohGrouping *
resolve (KohPlanBuilder *b, const KohBy *by, const char *pointer, GError **error)
{
  g_autoptr (KohGrouping) grouping = g_new0 (KohGrouping, 1);
  g_auto (KohPlanAttribute) attribute = { 0 };
  g_autoptr (GError) local = NULL;
  GPtrArray *levels;

  if (!koh_plan_attribute (b, by->attribute, by->at, pointer, &attribute, error))
    return NULL;
  levels = koh_map_levels (b->map, by->attribute, &local);
  if (levels == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", pointer);
      return NULL;
    }
  if (levels->len == 0 || levels->len >= MOST_LEVELS)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "%s: “%s” has %u levels; a grouping has 1 to %d",
                   pointer, by->attribute, levels->len, MOST_LEVELS - 1);
      return NULL;
    }
  grouping->attribute = g_strdup (by->attribute);
  grouping->dataset = g_strdup (attribute.dataset->name);
  grouping->variable = g_strdup (attribute.name);
  grouping->at = attribute.age || attribute.dataset->validity != KOH_VALIDITY_NONE ? by->at : KOH_DAY_NONE;
  grouping->levels = copy_levels (levels);
  return g_steal_pointer (&grouping);
}

static gint
find_grouping (const GPtrArray *groupings, const KohGrouping *wanted)
{
  for (guint i = 0; i < groupings->len; i++)
    if (public_order (&groupings->pdata[i], &wanted) == 0)
      return (gint) i;
  return -1;
}

static gint
increasing (gconstpointer x, gconstpointer y)
{
  guint a = *(const guint *) x, b = *(const guint *) y;

  return a < b ? -1 : a > b;
}

static gboolean
has (const GArray *set, guint item)
{
  for (guint i = 0; i < set->len; i++)
    if (g_array_index (set, guint, i) == item)
      return TRUE;
  return FALSE;
}

static gboolean
within (const GArray *part, const GArray *whole)
{
  for (guint i = 0; i < part->len; i++)
    if (!has (whole, g_array_index (part, guint, i)))
      return FALSE;
  return TRUE;
}

/* The table of the variables @by, which stands already or is added. */
static guint
table_of (KohPlan *plan, const GArray *by)
{
  KohPlanTable *table;

  for (guint i = 0; i < plan->tables->len; i++)
    {
      table = plan->tables->pdata[i];
      if (table->by->len == by->len && within (by, table->by))
        return i;
    }
  table = g_new0 (KohPlanTable, 1);
  table->by = g_array_new (FALSE, FALSE, sizeof (guint));
  if (by->len > 0)
    g_array_append_vals (table->by, by->data, by->len);
  g_array_sort (table->by, increasing);
  table->cells = 1;
  for (guint i = 0; i < by->len; i++)
    table->cells *= koh_grouping_cells (plan->groupings->pdata[g_array_index (by, guint, i)]);
  g_ptr_array_add (plan->tables, table);
  return plan->tables->len - 1;
}

static gboolean
form_a_tree (const KohPlan *plan)
{
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (guint64));

  g_assert (plan->groupings->len < 64); /* 20 analyses by two */
  for (guint i = 0; i < plan->tables->len; i++)
    {
      const KohPlanTable *table = plan->tables->pdata[i];
      guint64 set = 0;

      for (guint j = 0; j < table->by->len; j++)
        set |= G_GUINT64_CONSTANT (1) << g_array_index (table->by, guint, j);
      g_array_append_val (sets, set);
    }
  return koh_check_is_tree (sets);
}

static KohPlanAnalysis *
lay_out (KohPlanBuilder *b, const KohAnalysis *asked, const char *pointer, GError **error)
{
  KohPlan *plan = b->plan;
  g_autoptr (KohPlanAnalysis) analysis = g_new0 (KohPlanAnalysis, 1);

  analysis->kind = asked->kind;
  analysis->by = g_array_new (FALSE, FALSE, sizeof (guint));
  analysis->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < asked->by->len; i++)
    {
      const KohBy *by = asked->by->pdata[i];
      g_autoptr (KohGrouping) grouping = resolve (b, by, pointer, error);
      guint number;

      if (grouping == NULL)
        return NULL;
      number = (guint) find_grouping (plan->groupings, grouping);
      if (has (analysis->by, number) ||
          g_ptr_array_find_with_equal_func (analysis->names, by->attribute, g_str_equal, NULL))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "%s: “%s” stands twice in one table", pointer,
                       by->attribute);
          return NULL;
        }
      g_array_append_val (analysis->by, number);
      g_ptr_array_add (analysis->names, g_strdup (by->attribute));
    }
  analysis->table = table_of (plan, analysis->by);
  if (((KohPlanTable *) plan->tables->pdata[analysis->table])->cells > MOST_CELLS)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "%s: the table has more than %d cells", pointer,
                   MOST_CELLS);
      return NULL;
    }
  return g_steal_pointer (&analysis);
}

gboolean
koh_plan_find_groupings (KohPlanBuilder *b, GError **error)
{
  KohPlan *plan = b->plan;
  const GPtrArray *asked = plan->question->analyses;

  for (guint i = 0; i < asked->len; i++)
    {
      const KohAnalysis *analysis = asked->pdata[i];
      g_autofree char *pointer = g_strdup_printf ("/analyses/%u", i);

      for (guint j = 0; j < analysis->by->len; j++)
        {
          g_autoptr (KohGrouping) grouping = resolve (b, analysis->by->pdata[j], pointer, error);

          if (grouping == NULL)
            return FALSE;
          if (find_grouping (plan->groupings, grouping) < 0)
            g_ptr_array_add (plan->groupings, g_steal_pointer (&grouping));
        }
    }
  g_ptr_array_sort (plan->groupings, public_order);
  for (guint i = 0; i < asked->len; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/analyses/%u", i);
      KohPlanAnalysis *analysis = lay_out (b, asked->pdata[i], pointer, error);

      if (analysis == NULL)
        return FALSE;
      g_ptr_array_add (plan->analyses, analysis);
      if (analysis->kind == KOH_ANALYSIS_ATTRITION && !has (plan->attritions, analysis->table))
        g_array_append_val (plan->attritions, analysis->table);
    }
  if (plan->analyses->len == 0)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_INVALID, "/analyses: nothing is asked for");
      return FALSE;
    }
  if (!form_a_tree (plan))
    {
      g_set_error_literal (
          error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
          "/analyses: tables that meet in a ring, as sex × age, age × region and region × sex, "
          "together tell more than each; ask for fewer of them");
      return FALSE;
    }
  return TRUE;
}

/* The code of a grouping for each person; `missing` last. Where several owners know a value, the first of
 * them in list order counts, so that the owners' order does not matter. */
static gboolean
code_of (KohPlanBuilder *b, const KohGrouping *grouping, guint *code, GError **error)
{
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (KohPlanAttribute) attribute = { 0 };
  guint missing = grouping->levels->len, width = koh_bits_for (missing);

  if (!koh_plan_attribute (b, grouping->attribute, grouping->at, "/analyses", &attribute, error))
    return FALSE;
  for (guint i = 0; i < attribute.owners->len; i++)
    {
      gint owner = g_array_index (attribute.owners, gint, i);
      guint one;

      if (koh_plan_is_local (b, &attribute, owner))
        one = koh_plan_category (b, (guint) owner, grouping, attribute.needs_index);
      else if (attribute.age)
        {
          g_autofree guint64 *cuts = g_new (guint64, missing);
          guint known, years = koh_plan_age (b, &attribute, &known);
          guint in[3];

          for (guint band = 1; band < missing; band++)
            cuts[band - 1] = 5 * band;
          in[0] = known;
          in[1] = koh_plan_emit_bucket (b, years, cuts, missing - 1);
          in[2] = koh_plan_constant (b, width, missing);
          one = koh_plan_emit (b, KOH_OP_MUX, width, 0, in, 3);
        }
      else if (koh_plan_years_known (b, &attribute, "/analyses", error))
        one = koh_plan_of_year (b, koh_plan_years (b, (guint) owner, grouping, NULL, &attribute), width);
      else
        return FALSE;
      g_array_append_val (codes, one);
    }
  *code = koh_plan_earliest (b, codes, width);
  return TRUE;
}

/* Of those in @mask, a flag for each cell of @table. */
static gboolean
flags_of (KohPlanBuilder *b, guint mask, const KohPlanTable *table, guint *flags, GError **error)
{
  *flags = mask;
  for (guint i = 0; i < table->by->len; i++)
    {
      const KohGrouping *grouping = b->plan->groupings->pdata[g_array_index (table->by, guint, i)];
      guint in[2] = { mask };
      guint one;

      if (!code_of (b, grouping, &in[1], error))
        return FALSE;
      one = koh_plan_emit (b, KOH_OP_DEMUX, koh_grouping_cells (grouping), 0, in, 2);
      if (i > 0)
        {
          guint both[] = { *flags, one };

          one = koh_plan_emit (b, KOH_OP_CROSS, koh_plan_width (b, *flags) * koh_plan_width (b, one), 0, both,
                               2);
        }
      *flags = one;
    }
  return TRUE;
}

static void
count (KohPlanBuilder *b, guint table, guint step, guint flags)
{
  KohPlanCount what = { table, step };

  g_array_append_val (b->plan->counts, what);
  koh_plan_emit (b, KOH_OP_COUNT, 0, b->plan->counts->len - 1, &flags, 1);
}

static gboolean
is_part_of_another (const KohPlan *plan, guint table)
{
  const KohPlanTable *one = plan->tables->pdata[table];

  for (guint i = 0; i < plan->tables->len; i++)
    if (i != table && within (one->by, ((KohPlanTable *) plan->tables->pdata[i])->by))
      return TRUE;
  return FALSE;
}

static gboolean
few_enough (const KohPlan *plan, GError **error)
{
  guint64 cells = 0;

  for (guint i = 0; i < plan->tables->len; i++)
    cells += ((const KohPlanTable *) plan->tables->pdata[i])->cells;
  for (guint i = 0; i < plan->attritions->len; i++)
    cells += (guint64) plan->steps->len *
             ((const KohPlanTable *) plan->tables->pdata[g_array_index (plan->attritions, guint, i)])->cells;
  if (cells <= MOST_COUNTED)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
               "/analyses: %" G_GUINT64_FORMAT " numbers are asked for, and %d are the most; ask for fewer tables, "
               "or an attrition with fewer groups", cells, MOST_COUNTED);
  return FALSE;
}

gboolean
koh_plan_count_tables (KohPlanBuilder *b, GError **error)
{
  KohPlan *plan = b->plan;
  guint last = plan->steps->len, flags, cohort;
  g_autoptr (GArray) all = g_array_copy (b->masks);

  if (!few_enough (plan, error))
    return FALSE;
  for (guint i = 0; i < plan->attritions->len; i++)
    {
      guint number = g_array_index (plan->attritions, guint, i);

      if (!flags_of (b, g_array_index (b->masks, guint, 0), plan->tables->pdata[number], &flags, error))
        return FALSE;
      for (guint step = 0; step < last; step++)
        {
          count (b, number, step, flags);
          flags = koh_plan_and (b, flags, g_array_index (b->bits, guint, step));
        }
      if (!is_part_of_another (plan, number))
        count (b, number, last, flags);
    }
  if (b->bits->len > 0)
    g_array_append_vals (all, b->bits->data, b->bits->len);
  cohort = koh_plan_all (b, all);
  for (guint i = 0; i < plan->tables->len; i++)
    if (!has (plan->attritions, i) && !is_part_of_another (plan, i))
      {
        if (!flags_of (b, cohort, plan->tables->pdata[i], &flags, error))
          return FALSE;
        count (b, i, last, flags);
      }
  return TRUE;
}
