/* SPDX-License-Identifier: EUPL-1.2
 *
 * Follows the translation in use rather than the locale: a Danish window must not hold English numbers, nor the
 * other way about, whatever LC_NUMERIC says. */
#include "app/language.h"

#include <glib/gi18n.h>

#include "client/answer.h"
#include "common/day.h"
#include "query/sentence.h"

const char *
koh_language (void)
{
  /* Translators: the language of the sentences and numbers that the program makes itself: "da" or "en". */
  const char *language = C_("language of numbers and sentences", "en");

  return g_strcmp0 (language, "da") == 0 ? "da" : "en";
}

const char *
koh_language_pick (const char *da, const char *en)
{
  gboolean danish = g_str_equal (koh_language (), "da");
  const char *wanted = danish ? da : en;
  const char *other = danish ? en : da;

  if (wanted != NULL && *wanted != '\0')
    return wanted;
  return other != NULL ? other : "";
}

char *
koh_language_number (gint64 number)
{
  return koh_sentence_number (number, koh_language ());
}

char *
koh_language_bytes (guint64 bytes)
{
  char *text = bytes < 1000000 ? g_strdup_printf ("%.1f kB", (double) bytes / 1e3)
                               : g_strdup_printf ("%.1f MB", (double) bytes / 1e6);

  return g_str_equal (koh_language (), "da") ? g_strdelimit (text, ".", ',') : text;
}

char *
koh_language_percent (double share)
{
  return g_strdup_printf (g_str_equal (koh_language (), "da") ? "%.0f %%" : "%.0f%%", 100 * share);
}

char *
koh_language_seconds (double seconds)
{
  guint whole = (guint) CLAMP (seconds + 0.5, 0, 1e8);

  if (whole < 60)
    return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", MAX (whole, 1)), MAX (whole, 1));
  if (whole < 3600)
    return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", (whole + 30) / 60),
                            (whole + 30) / 60);
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", (whole + 1800) / 3600),
                          (whole + 1800) / 3600);
}

char *
koh_language_day (gint day)
{
  gint year, month, of_month;

  if (day == KOH_DAY_NONE)
    return g_strdup ("");
  koh_day_split (day, &year, &month, &of_month);
  return koh_answer_date (year, month, of_month, koh_language ());
}
