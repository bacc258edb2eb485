/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading what was opened: flags and numbers, in the order in which disclosure.c puts them. */
#include "stats/disclosure.h"

static GArray *
read_numbers (const guint64 **numbers, guint n)
{
  GArray *array = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n);

  g_array_append_vals (array, *numbers, n);
  *numbers += n;
  return array;
}

/* The last run of every variable ends with its last level, or these are not numbers of ours. */
static gboolean
is_whole (const KohDisclosure *disclosure, const KohReleased *released)
{
  for (guint v = 0; v < disclosure->levels->len; v++)
    {
      const GArray *ends = released->ends->pdata[v];

      if (ends->len == 0 ||
          g_array_index (ends, guint, ends->len - 1) + 1 != g_array_index (disclosure->levels, guint, v))
        return FALSE;
    }
  return TRUE;
}

KohReleased *
koh_disclosure_read (const KohDisclosure *disclosure, const guint64 *numbers)
{
  g_autoptr (KohReleased) released = g_new0 (KohReleased, 1);

  released->cohort = *numbers++ != 0;
  released->ends = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  released->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  released->open = g_array_new (FALSE, FALSE, sizeof (gboolean));
  released->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint v = 0; v < disclosure->levels->len; v++)
    {
      GArray *ends = g_array_new (FALSE, FALSE, sizeof (guint));

      for (guint level = 0; level < g_array_index (disclosure->levels, guint, v); level++)
        if (*numbers++ != 0)
          g_array_append_val (ends, level);
      g_ptr_array_add (released->ends, ends);
    }
  for (guint step = 0; disclosure->attritions->len > 0 && step <= disclosure->steps; step++)
    {
      gboolean open = *numbers++ != 0;

      g_array_append_val (released->open, open);
    }
  for (guint t = 0; t < disclosure->tables->len; t++)
    g_ptr_array_add (
        released->tables,
        read_numbers (&numbers, ((const KohDisclosureTable *) disclosure->tables->pdata[t])->cells));
  for (guint a = 0; a < disclosure->attritions->len; a++)
    {
      const KohDisclosureTable *table =
        disclosure->tables->pdata[g_array_index (disclosure->attritions, guint, a)];

      g_ptr_array_add (released->steps, read_numbers (&numbers, (disclosure->steps + 1) * table->cells));
    }
  return is_whole (disclosure, released) ? g_steal_pointer (&released) : NULL;
}

void
koh_released_free (KohReleased *released)
{
  g_ptr_array_unref (released->ends);
  g_ptr_array_unref (released->tables);
  g_array_unref (released->open);
  g_ptr_array_unref (released->steps);
  g_free (released);
}
