/* SPDX-License-Identifier: EUPL-1.2
 *
 * The plan as text: what participants compare, by its hash. One thing a line, everything that shapes the
 * computation, and nothing of one machine's. Strings are quoted, so that no name can look like a line. */
#include "query/plan-build.h"

void
koh_print_string (const char *string, GString *text)
{
  g_autofree char *escaped = g_strescape (string, NULL);

  g_string_append_printf (text, "\"%s\"", escaped);
}

void
koh_print_day (gint day, GString *text)
{
  g_autofree char *date = day >= 0 && day <= KOH_DAY_LAST ? koh_day_format (day) : g_strdup ("open");

  g_string_append (text, date);
}

/* Numbers as they are compared: the shortest text that reads back as the same number. */
static void
print_number (gdouble number, GString *text)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, number));
}

static void
print_value (const KohValueCondition *value, GString *text)
{
  if (value->op == KOH_VALUE_ANY)
    return;
  g_string_append_printf (text, " value %s ", koh_value_op_name (value->op));
  print_number (value->number, text);
  if (value->op == KOH_VALUE_BETWEEN)
    {
      g_string_append (text, "..");
      print_number (value->high, text);
    }
  if (value->unit != NULL)
    {
      g_string_append (text, " unit ");
      koh_print_string (value->unit, text);
    }
}

void
koh_event_print (const KohEvent *event, GString *text)
{
  g_string_append (text, "(event ");
  koh_print_string (event->dataset, text);
  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *code = event->codes->pdata[i];

      g_string_append_c (text, ' ');
      koh_print_string (code->system, text);
      koh_print_string (code->code, text);
    }
  g_string_append (text, event->exact ? " exact from " : " from ");
  koh_print_day (event->from, text);
  g_string_append (text, " to ");
  koh_print_day (event->to, text);
  print_value (&event->value, text);
  g_string_append_c (text, ')');
}

static void
print_attribute (const KohCriterion *criterion, GString *text)
{
  g_string_append (text, "(attribute ");
  koh_print_string (criterion->attribute, text);
  g_string_append (text, " at ");
  if (criterion->at == KOH_DAY_NONE)
    g_string_append (text, "index");
  else
    koh_print_day (criterion->at, text);
  for (guint i = 0; criterion->in != NULL && i < criterion->in->len; i++)
    {
      g_string_append (text, i == 0 ? " in " : ",");
      koh_print_string (criterion->in->pdata[i], text);
    }
  if (criterion->in == NULL)
    {
      g_string_append (text, " between ");
      if (criterion->has_low)
        print_number (criterion->low, text);
      g_string_append (text, "..");
      if (criterion->has_high)
        print_number (criterion->high, text);
    }
  g_string_append_c (text, ')');
}

void
koh_criterion_print (const KohCriterion *criterion, GString *text)
{
  static const char *const groups[] = { [KOH_CRITERION_ALL] = "all",
                                        [KOH_CRITERION_ANY] = "any",
                                        [KOH_CRITERION_NOT] = "not",
                                        [KOH_CRITERION_AT_LEAST] = "at least" };

  switch (criterion->kind)
    {
    case KOH_CRITERION_ATTRIBUTE:
      print_attribute (criterion, text);
      break;
    case KOH_CRITERION_EVENT:
      koh_event_print (&criterion->event, text);
      g_string_append (text, " within ");
      if (criterion->has_first)
        g_string_append_printf (text, "%d", criterion->first);
      g_string_append (text, "..");
      if (criterion->has_last)
        g_string_append_printf (text, "%d", criterion->last);
      g_string_append_printf (text, " at least %u", criterion->at_least);
      break;
    case KOH_CRITERION_ALL:
    case KOH_CRITERION_ANY:
    case KOH_CRITERION_NOT:
    case KOH_CRITERION_AT_LEAST:
    default:
      g_string_append_printf (text, "(%s", groups[criterion->kind]);
      if (criterion->kind == KOH_CRITERION_AT_LEAST)
        g_string_append_printf (text, " %u", criterion->at_least);
      for (guint i = 0; i < criterion->children->len; i++)
        {
          g_string_append_c (text, ' ');
          koh_criterion_print (criterion->children->pdata[i], text);
        }
      g_string_append_c (text, ')');
      break;
    }
}

static void
print_hash (const char *name, const KohHash *hash, GString *text)
{
  g_autofree char *hex = koh_hash_to_hex (hash);

  g_string_append_printf (text, "%s %s\n", name, hex);
}

static void
print_facts (const KohPlan *plan, GString *text)
{
  const KohSessionFacts *facts = plan->facts;

  print_hash ("question", &plan->question->hash, text);
  print_hash ("roster", &facts->roster, text);
  print_hash ("epoch", &facts->epoch, text);
  g_string_append_printf (text, "positions %u\nsmallest number %u\nlatency ", facts->positions, facts->k);
  koh_print_string (facts->latency != NULL ? facts->latency : "", text);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < facts->owners->len; i++)
    {
      const KohOwner *owner = facts->owners->pdata[i];

      g_string_append_printf (text, "owner %u ", i);
      koh_print_string (owner->peer, text);
      g_string_append (text, " of ");
      koh_print_string (owner->organisation, text);
      print_hash (owner->population ? " population snapshot" : " snapshot", &owner->snapshot, text);
    }
  g_string_append_printf (text, "committee %u %u %u\n", facts->committee[0], facts->committee[1],
                          facts->committee[2]);
}

static void
print_tables (const KohPlan *plan, GString *text)
{
  static const char *const kinds[] = { [KOH_ANALYSIS_COUNT] = "count",
                                       [KOH_ANALYSIS_ATTRITION] = "attrition",
                                       [KOH_ANALYSIS_CROSSTAB] = "crosstab" };

  for (guint i = 0; i < plan->groupings->len; i++)
    {
      const KohGrouping *grouping = plan->groupings->pdata[i];

      g_string_append_printf (text, "variable %u ", i);
      koh_print_string (grouping->dataset, text);
      koh_print_string (grouping->variable, text);
      g_string_append (text, " at ");
      koh_print_day (grouping->at, text);
      g_string_append (text, " levels");
      for (guint j = 0; j < grouping->levels->len; j++)
        {
          g_string_append_c (text, ' ');
          koh_print_string (((const KohLevel *) grouping->levels->pdata[j])->code, text);
        }
      g_string_append (text, " missing\n");
    }
  for (guint i = 0; i < plan->tables->len; i++)
    {
      const KohPlanTable *table = plan->tables->pdata[i];

      g_string_append_printf (text, "table %u cells %u by", i, table->cells);
      for (guint j = 0; j < table->by->len; j++)
        g_string_append_printf (text, " %u", g_array_index (table->by, guint, j));
      g_string_append_c (text, '\n');
    }
  for (guint i = 0; i < plan->analyses->len; i++)
    {
      const KohPlanAnalysis *analysis = plan->analyses->pdata[i];

      g_string_append_printf (text, "analysis %u %s table %u by", i, kinds[analysis->kind], analysis->table);
      for (guint j = 0; j < analysis->by->len; j++)
        g_string_append_printf (text, " %u", g_array_index (analysis->by, guint, j));
      g_string_append_c (text, '\n');
    }
  for (guint i = 0; i < plan->counts->len; i++)
    {
      const KohPlanCount *count = &g_array_index (plan->counts, KohPlanCount, i);

      g_string_append_printf (text, "count %u table %u step %u\n", i, count->table, count->step);
    }
}

char *
koh_plan_print (const KohPlan *plan)
{
  g_autoptr (GString) text = g_string_new ("kohorte plan 1\n");

  print_facts (plan, text);
  g_string_append (text, "index period ");
  koh_print_day (plan->from, text);
  g_string_append (text, " to ");
  koh_print_day (plan->to, text);
  g_string_append_printf (text, "\nsteps %u\n", plan->steps->len);
  print_tables (plan, text);
  for (guint i = 0; i < plan->columns->len; i++)
    {
      const KohColumn *column = plan->columns->pdata[i];

      g_string_append_printf (text, "column %u label ", i);
      koh_print_string (column->label, text);
      g_string_append_c (text, ' ');
      koh_column_print (column, text);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "rows a chunk %u\nbits of a count %u\n", plan->chunk_rows, plan->count_bits);
  for (guint i = 0; i < plan->ops->len; i++)
    {
      g_string_append_printf (text, "%%%u = ", i);
      koh_op_print (plan->ops->pdata[i], text);
      g_string_append_c (text, '\n');
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
