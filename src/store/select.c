/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/select.h"

#include <string.h>

/* A code and its descendants: low ≤ code < high. Exact codes have no high. */
typedef struct
{
  char *low, *high;
} Range;

static void
range_clear (gpointer data)
{
  Range *range = data;

  g_free (range->low);
  g_free (range->high);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Range *) a)->low, ((const Range *) b)->low);
}

/* The least text that is greater than every text with this prefix. Codes are letters and digits, so the
 * last byte can always grow. */
static char *
after_prefix (const char *prefix)
{
  char *text = g_strdup (prefix);

  text[strlen (text) - 1]++;
  return text;
}

/* Ranges that touch or overlap become one. */
static GArray *
join (GArray *ranges)
{
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (Range));

  g_array_set_clear_func (joined, range_clear);
  for (guint i = 0; i < ranges->len; i++)
    {
      Range *range = &g_array_index (ranges, Range, i), moved = *range;
      Range *last = joined->len > 0 ? &g_array_index (joined, Range, joined->len - 1) : NULL;

      if (last == NULL || strcmp (range->low, last->high) > 0)
        {
          *range = (Range){ NULL, NULL };
          g_array_append_val (joined, moved);
        }
      else if (strcmp (range->high, last->high) > 0)
        {
          range->high = last->high;
          last->high = moved.high;
        }
    }
  g_array_unref (ranges);
  return joined;
}

/* The event's codes of the dataset's own system, in order. */
static GArray *
make_ranges (const KohMapping *mapping, const KohEvent *event)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (Range));

  g_array_set_clear_func (ranges, range_clear);
  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *code = event->codes->pdata[i];
      Range range = { NULL, NULL };

      if (*code->code == '\0' || g_strcmp0 (code->system, mapping->code_system) != 0)
        continue;
      range.low = g_strdup (code->code);
      range.high = event->exact ? NULL : after_prefix (code->code);
      g_array_append_val (ranges, range);
    }
  g_array_sort (ranges, compare);
  return event->exact ? ranges : join (ranges);
}

/* Halved again and again, since databases bound the depth of an expression. */
static void
any_range (GArray *ranges, guint first, guint n, GString *sql, GPtrArray *parameters)
{
  Range *range = &g_array_index (ranges, Range, first);

  if (n > 1)
    {
      g_string_append_c (sql, '(');
      any_range (ranges, first, n / 2, sql, parameters);
      g_string_append (sql, " OR ");
      any_range (ranges, first + n / 2, n - n / 2, sql, parameters);
      g_string_append_c (sql, ')');
      return;
    }
  g_ptr_array_add (parameters, g_strdup (range->low));
  if (range->high == NULL)
    {
      g_string_append (sql, "\"code\" = ?");
      return;
    }
  g_ptr_array_add (parameters, g_strdup (range->high));
  g_string_append (sql, "(\"code\" >= ? AND \"code\" < ?)");
}

static void and (GString * where, const char *condition)
{
  g_string_append (where, where->len == 0 ? " WHERE " : " AND ");
  g_string_append (where, condition);
}

static void
and_day (GString *where, const char *condition, gint day, GPtrArray *parameters)
{
  if (day == KOH_DAY_NONE)
    return;
  and(where, condition);
  g_ptr_array_add (parameters, koh_day_format (day));
}

char *
koh_select_sql (const KohMapping *mapping, const KohSelection *selection, GPtrArray *columns,
                GPtrArray *parameters)
{
  const KohEvent *event = selection->event;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GString) where = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, "%s\"%s\"", i > 0 ? ", " : "", (const char *) columns->pdata[i]);
  if (event != NULL && event->codes->len > 0)
    {
      g_autoptr (GArray) ranges = make_ranges (mapping, event);

      and(where, ranges->len > 0 ? "" : "1 = 0");
      if (ranges->len > 0)
        any_range (ranges, 0, ranges->len, where, parameters);
    }
  if (event != NULL)
    {
      and_day (where, "\"date\" >= ?", event->from, parameters);
      and_day (where, "\"date\" <= ?", event->to, parameters);
    }
  and_day (where, "\"date\" >= ?", selection->from, parameters);
  and_day (where, "\"date\" <= ?", selection->to, parameters);
  if (mapping->validity != KOH_VALIDITY_NONE)
    {
      and_day (where, "(\"valid_from\" IS NULL OR \"valid_from\" <= ?)", selection->until, parameters);
      and_day (where, "(\"valid_to\" IS NULL OR \"valid_to\" = '' OR \"valid_to\" >= ?)", selection->since,
               parameters);
    }
  /* The line break ends a comment that may stand last in the owner's query. */
  g_string_append_printf (sql, " FROM (%s\n) AS \"mapped\"%s", mapping->query, where->str);
  if (selection->in_order)
    g_string_append (sql, mapping->validity != KOH_VALIDITY_NONE ? " ORDER BY \"person\", \"valid_from\""
                                                                 : " ORDER BY \"person\"");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}
