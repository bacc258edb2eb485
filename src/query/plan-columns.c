/* SPDX-License-Identifier: EUPL-1.2
 *
 * What each owner provides. A column is known by its description: two criteria that need the same one
 * share it. */
#include "query/plan-build.h"

static const char *const kinds[] = {
  [KOH_COLUMN_REGISTERED] = "registered", [KOH_COLUMN_FLAG] = "flag",   [KOH_COLUMN_CATEGORY] = "category",
  [KOH_COLUMN_YEARS] = "years",           [KOH_COLUMN_BIRTH] = "birth", [KOH_COLUMN_DATE] = "date",
  [KOH_COLUMN_WINDOW] = "window",
};

#define BIRTH_BITS (8 + 9 + 1)
#define CALENDAR_BITS (8 + 9)
#define MOST_CELL_BITS 15

void
koh_column_free (KohColumn *column)
{
  g_free (column->label);
  g_free (column->dataset);
  g_free (column->attribute);
  g_free (column);
}

void
koh_column_print (const KohColumn *column, GString *text)
{
  g_string_append_printf (text, "owner %u %s width %u", column->owner, kinds[column->kind], column->width);
  if (column->dataset != NULL)
    {
      g_string_append (text, " of ");
      koh_print_string (column->dataset, text);
      koh_print_string (column->attribute, text);
    }
  if (column->levels != NULL)
    g_string_append_printf (text, " levels %u", column->levels->len);
  if (column->kind == KOH_COLUMN_CATEGORY)
    {
      g_string_append (text, column->at_index ? " at index" : " at ");
      if (!column->at_index)
        koh_print_day (column->at, text);
    }
  else if (column->at_index)
    g_string_append (text, " at index");
  if (column->kind == KOH_COLUMN_YEARS)
    g_string_append_printf (text, " years %d to %d", column->first_year, column->last_year);
  if (column->kind == KOH_COLUMN_DATE)
    g_string_append_printf (text, " %s%s", column->latest ? "latest" : "earliest",
                            column->calendar ? " with calendar" : "");
  if (column->kind == KOH_COLUMN_DATE || column->kind == KOH_COLUMN_WINDOW)
    {
      g_string_append (text, " from ");
      koh_print_day (column->from, text);
      g_string_append (text, " to ");
      koh_print_day (column->to, text);
    }
  if (column->kind == KOH_COLUMN_WINDOW)
    g_string_append_printf (text, " within %d %d cells %u bits %u", column->first, column->last,
                            column->cells, column->cell_bits);
  if (column->event != NULL)
    {
      g_string_append_c (text, ' ');
      koh_event_print (column->event, text);
    }
  if (column->criterion != NULL && column->kind != KOH_COLUMN_WINDOW)
    {
      g_string_append_c (text, ' ');
      koh_criterion_print (column->criterion, text);
    }
}

/* Takes @column. The number of the INPUT operation of the equal one that stands already, or of this. */
static guint
append (KohPlanBuilder *b, KohColumn *column)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gpointer found;

  koh_column_print (column, text);
  if (g_hash_table_lookup_extended (b->columns, text->str, NULL, &found))
    koh_column_free (column);
  else
    {
      found = GUINT_TO_POINTER (b->plan->columns->len);
      column->label = g_strdup_printf ("%u/%s/%u", column->owner, kinds[column->kind], b->plan->columns->len);
      g_ptr_array_add (b->plan->columns, column);
      g_hash_table_insert (b->columns, g_strdup (text->str), found);
    }
  column = b->plan->columns->pdata[GPOINTER_TO_UINT (found)];
  return koh_plan_emit (b, KOH_OP_INPUT, column->width, GPOINTER_TO_UINT (found), NULL, 0);
}

static KohColumn *
column_new (KohColumnKind kind, guint owner, guint width)
{
  KohColumn *column = g_new0 (KohColumn, 1);

  column->kind = kind;
  column->owner = owner;
  column->width = width;
  column->at = column->from = column->to = KOH_DAY_NONE;
  return column;
}

guint
koh_plan_registered (KohPlanBuilder *b, guint owner)
{
  return append (b, column_new (KOH_COLUMN_REGISTERED, owner, 1));
}

guint
koh_plan_flag (KohPlanBuilder *b, guint owner, const KohCriterion *criterion, gboolean at_index)
{
  KohColumn *column = column_new (KOH_COLUMN_FLAG, owner, 1);

  column->criterion = criterion;
  column->at_index = at_index;
  return append (b, column);
}

guint
koh_plan_category (KohPlanBuilder *b, guint owner, const KohGrouping *grouping, gboolean at_index)
{
  KohColumn *column = column_new (KOH_COLUMN_CATEGORY, owner, koh_bits_for (grouping->levels->len));

  column->dataset = g_strdup (grouping->dataset);
  column->attribute = g_strdup (grouping->variable);
  column->levels = grouping->levels;
  column->at_index = at_index;
  column->at = at_index ? KOH_DAY_NONE : grouping->at;
  return append (b, column);
}

guint
koh_plan_years (KohPlanBuilder *b, guint owner, const KohGrouping *grouping, const KohCriterion *criterion,
                const KohPlanAttribute *attribute)
{
  KohColumn *column = column_new (KOH_COLUMN_YEARS, owner, 0);
  gint month, of_month;

  koh_day_split (b->plan->from, &column->first_year, &month, &of_month);
  koh_day_split (b->plan->to, &column->last_year, &month, &of_month);
  column->width = (guint) (column->last_year - column->first_year + 1) *
                  (grouping != NULL ? koh_bits_for (grouping->levels->len) : 1);
  column->criterion = criterion;
  column->dataset = g_strdup (attribute->dataset->name);
  column->attribute = g_strdup (attribute->name);
  column->levels = grouping != NULL ? grouping->levels : NULL;
  return append (b, column);
}

guint
koh_plan_birth (KohPlanBuilder *b, guint owner, const KohPlanAttribute *attribute)
{
  KohColumn *column = column_new (KOH_COLUMN_BIRTH, owner, BIRTH_BITS);

  column->dataset = g_strdup (attribute->dataset->name);
  column->attribute = g_strdup ("birth_date");
  return append (b, column);
}

guint
koh_plan_date (KohPlanBuilder *b, guint owner, const KohEvent *event, gint from, gint to, gboolean latest,
               gboolean calendar)
{
  KohColumn *column = column_new (KOH_COLUMN_DATE, owner, KOH_DAY_BITS + (calendar ? CALENDAR_BITS : 0));

  column->event = event;
  column->from = from;
  column->to = to;
  column->latest = latest;
  column->calendar = calendar;
  return append (b, column);
}

/* Of the cell sizes 2^c ≤ (last − first) + 2 the one that costs least: the planes of the column, and one
 * multiplication a cell to find the index date's. */
guint
koh_plan_window (KohPlanBuilder *b, guint owner, const KohCriterion *criterion, const KohColumn **result)
{
  KohColumn *column = column_new (KOH_COLUMN_WINDOW, owner, 0);
  guint days = (guint) (b->plan->to - b->plan->from + 1);
  guint longest = (guint) (criterion->last - criterion->first + 2);
  guint op;

  column->criterion = criterion;
  column->event = &criterion->event;
  column->from = b->plan->from;
  column->to = b->plan->to;
  column->first = criterion->first;
  column->last = criterion->last;
  for (guint bits = 1; bits <= MOST_CELL_BITS && (1u << bits) <= longest; bits++)
    {
      guint cells = (days + (1u << bits) - 1) >> bits;

      if (column->cells == 0 || cells * (2 * bits + 1) < column->cells * (2 * column->cell_bits + 1))
        {
          column->cells = cells;
          column->cell_bits = bits;
        }
    }
  column->width = column->cells * 2 * column->cell_bits;
  op = append (b, column);
  *result = b->plan->columns->pdata[((const KohOp *) b->plan->ops->pdata[op])->value];
  return op;
}
