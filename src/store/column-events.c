/* SPDX-License-Identifier: EUPL-1.2
 *
 * Columns of events: the first or last date, the staircase of a window, and the owner's own index date. */
#include "store/column.h"

#include "common/error.h"

/* ---- Dates ---------------------------------------------------------------------------------- */

/* The earliest or latest matching date by position; KOH_DAY_NONE where there is none. */
static KohNumbers *
extreme_dates (KohGather *gather, const KohEvent *event, gint from, gint to, gboolean latest, GError **error)
{
  KohMapping *mapping = koh_gather_mapping (gather, event->dataset, error);
  KohSelection selection = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  KohNumbers *dates;
  const KohRow *row;
  guint position;

  selection.event = event;
  selection.from = from;
  selection.to = to;
  if (mapping == NULL || !koh_on_spine_open (&on, gather, mapping, &selection, error))
    return NULL;
  dates = koh_numbers_new (gather->positions, KOH_DAY_NONE);
  for (;;)
    {
      if (!koh_on_spine_next (&on, &row, &position, error))
        {
          koh_numbers_free (dates, gather->positions);
          return NULL;
        }
      if (row == NULL)
        return dates;
      if (dates[position] == KOH_DAY_NONE ||
          (latest ? row->date > dates[position] : row->date < dates[position]))
        dates[position] = (guint16) row->date;
    }
}

guint64 *
koh_gather_date (KohGather *gather, const KohColumn *column, GError **error)
{
  KohNumbers *dates = extreme_dates (gather, column->event, column->from, column->to, column->latest, error);
  gsize words = gather->words;
  guint64 *planes;

  if (dates == NULL)
    return NULL;
  planes = koh_planes_new (gather->positions, column->width);
  for (guint i = 0; column->calendar && i < gather->positions; i++)
    if (dates[i] != KOH_DAY_NONE)
      {
        koh_planes_put (planes, words, KOH_DAY_BITS, 8, i, koh_day_year_code (dates[i]));
        koh_planes_put (planes, words, KOH_DAY_BITS + 8, 9, i, koh_day_in_year (dates[i]));
      }
  /* Latest: the day after it, so that "none" (all ones, plus one) is 0. */
  for (guint i = 0; column->latest && i < gather->positions; i++)
    dates[i] = (guint16) (dates[i] + 1);
  koh_numbers_to_planes (dates, gather->positions, planes, KOH_DAY_BITS);
  koh_numbers_free (dates, gather->positions);
  return planes;
}

KohNumbers *
koh_gather_index (KohGather *gather, GError **error)
{
  const KohEvent *event = &gather->question->index;
  gboolean in_period = gather->question->occurrence != KOH_OCCURRENCE_FIRST;
  gboolean latest = gather->question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD;
  KohEvent any_time = *event;
  KohNumbers *dates;

  if (gather->question->occurrence == KOH_OCCURRENCE_DATE)
    return koh_numbers_new (gather->positions, (guint16) gather->question->date);
  any_time.from = any_time.to = KOH_DAY_NONE;
  dates = extreme_dates (gather, in_period ? event : &any_time, KOH_DAY_NONE, KOH_DAY_NONE, latest, error);
  /* The first in the whole record, which must then lie in the period. */
  for (guint i = 0; dates != NULL && i < gather->positions; i++)
    if ((event->from != KOH_DAY_NONE && dates[i] < event->from) ||
        (event->to != KOH_DAY_NONE && dates[i] > event->to))
      dates[i] = KOH_DAY_NONE;
  return dates;
}

/* ---- Windows -------------------------------------------------------------------------------- */

static void
lift (guint64 *planes, gsize words, guint first, guint width, guint position, guint value)
{
  if (value > koh_planes_get (planes, words, first, width, position))
    koh_planes_put (planes, words, first, width, position, value);
}

/* An event e is within [a, b] days of the index days e − b … e − a. In each cell of S = 2^cell_bits
 * days which that run meets, it covers the cell's first day or its last one: a run that covered neither
 * would have at most S − 2 days, and it has b − a + 1 ≥ S − 1. So the longest leading and the longest
 * trailing run of a cell tell everything. A whole cell is a leading run of S − 1 and a trailing one of
 * at least 1. */
static void
cover (guint64 *planes, gsize words, const KohColumn *column, guint position, gint event)
{
  gint size = 1 << column->cell_bits;
  gint begin = event - column->last - column->from,
       end = event - column->first - column->from; /* from the first cell */
  guint bits = column->cell_bits;

  if (end < 0 || begin >= (gint) column->cells * size)
    return;
  for (gint cell = MAX (begin, 0) / size; cell < (gint) column->cells && cell * size <= end; cell++)
    {
      gint low = MAX (begin - cell * size, 0), high = MIN (end - cell * size, size - 1);
      guint plane = (guint) cell * 2 * bits;

      if (low == 0)
        lift (planes, words, plane, bits, position, (guint) MIN (high + 1, size - 1));
      if (high == size - 1)
        lift (planes, words, plane + bits, bits, position, (guint) MIN (size - low, size - 1));
    }
}

guint64 *
koh_gather_window (KohGather *gather, const KohColumn *column, GError **error)
{
  KohMapping *mapping = koh_gather_mapping (gather, column->event->dataset, error);
  KohSelection selection = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  guint64 *planes;
  const KohRow *row;
  guint position;

  /* Only events that are within the window of some day of the period. */
  selection.event = column->event;
  selection.from = CLAMP (column->from + column->first, 0, KOH_DAY_LAST);
  selection.to = CLAMP (column->to + column->last, 0, KOH_DAY_LAST);
  if (mapping == NULL || !koh_on_spine_open (&on, gather, mapping, &selection, error))
    return NULL;
  planes = koh_planes_new (gather->positions, column->width);
  for (;;)
    {
      if (!koh_on_spine_next (&on, &row, &position, error))
        {
          koh_planes_free (planes, gather->positions, column->width);
          return NULL;
        }
      if (row == NULL)
        return planes;
      cover (planes, gather->words, column, position, row->date);
    }
}
