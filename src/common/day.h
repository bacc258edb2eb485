/* SPDX-License-Identifier: EUPL-1.2
 *
 * Dates as the engine sees them: day 0 is 1880-01-01, so that every date of a living person's
 * records, and of the next decades, fits in 16 bits. Proleptic Gregorian calendar. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KOH_DAY_BITS 16
#define KOH_DAY_NONE 65535 /* "no date"; later than every date */
#define KOH_DAY_LAST 65534 /* 2059-06-06 */
#define KOH_YEAR_FIRST 1880

/* Parses "YYYY-MM-DD", strictly: FALSE for anything else, for days that do not exist, and for days
 * outside 1880-01-01 … KOH_DAY_LAST. */
gboolean koh_day_parse     (const char *text, gint *day);

/* "YYYY-MM-DD"; free with g_free(). */
char    *koh_day_format    (gint day);

void     koh_day_split     (gint day, gint *year, gint *month, gint *of_month);
gint     koh_day_join      (gint year, gint month, gint of_month);

/* Eight bits: the year less KOH_YEAR_FIRST. Nine bits: month * 32 + day of month; the order of
 * these numbers is that of the days of a year. */
guint    koh_day_year_code (gint day);
guint    koh_day_in_year   (gint day);

G_END_DECLS
