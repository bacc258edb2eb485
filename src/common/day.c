/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/day.h"

#include <string.h>

/* Days from 0000-03-01 to a date whose year begins in March, so that leap days end a year:
 * 365 y + ⌊y/4⌋ − ⌊y/100⌋ + ⌊y/400⌋ + ⌊(153 m + 2)/5⌋ + d − 1, with m = 0 for March. */
static gint
days_from_march_0 (gint year, gint month, gint of_month)
{
  gint y = month > 2 ? year : year - 1;
  gint m = (month + 9) % 12;

  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + of_month - 1;
}

gint
koh_day_join (gint year, gint month, gint of_month)
{
  return days_from_march_0 (year, month, of_month) - days_from_march_0 (KOH_YEAR_FIRST, 1, 1);
}

void
koh_day_split (gint day, gint *year, gint *month, gint *of_month)
{
  gint n = day + days_from_march_0 (KOH_YEAR_FIRST, 1, 1);
  gint era = n / 146097, in_era = n % 146097;
  gint y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  gint in_year = in_era - (365 * y + y / 4 - y / 100);
  gint m = (5 * in_year + 2) / 153;

  *of_month = in_year - (153 * m + 2) / 5 + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = era * 400 + y + (*month <= 2);
}

static gboolean
digits (const char *text, guint n, gint *value)
{
  *value = 0;
  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      *value = 10 * *value + (text[i] - '0');
    }
  return TRUE;
}

gboolean
koh_day_parse (const char *text, gint *day)
{
  gint year, month, of_month, y, m, d;

  if (text == NULL || strlen (text) != 10 || text[4] != '-' || text[7] != '-' ||
      !digits (text, 4, &year) || !digits (text + 5, 2, &month) || !digits (text + 8, 2, &of_month))
    return FALSE;
  if (year < KOH_YEAR_FIRST || year > 2100 || month < 1 || month > 12 || of_month < 1)
    return FALSE;
  *day = koh_day_join (year, month, of_month);
  if (*day > KOH_DAY_LAST)
    return FALSE;
  koh_day_split (*day, &y, &m, &d);
  return y == year && m == month && d == of_month;
}

char *
koh_day_format (gint day)
{
  gint year, month, of_month;

  koh_day_split (day, &year, &month, &of_month);
  return g_strdup_printf ("%04d-%02d-%02d", year, month, of_month);
}

guint
koh_day_year_code (gint day)
{
  gint year, month, of_month;

  koh_day_split (day, &year, &month, &of_month);
  return (guint) (year - KOH_YEAR_FIRST);
}

guint
koh_day_in_year (gint day)
{
  gint year, month, of_month;

  koh_day_split (day, &year, &month, &of_month);
  return (guint) (month * 32 + of_month);
}
