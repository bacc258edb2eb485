/* SPDX-License-Identifier: EUPL-1.2
 *
 * Days, numbers, lists, labels: the small words of sentences. */
#include "query/sentence-parts.h"

#include <math.h>
#include <string.h>

#include "query/codes.h"

#define MOST_NAMED 8 /* codes of one list that the text names; the full form's notes have all */

const char *
koh_say (const KohSentence *s, const char *en, const char *da)
{
  return s->da ? da : en;
}

char *
koh_sentence_number (gint64 number, const char *language)
{
  char mark = g_str_equal (language, "da") ? '.' : ',';
  g_autofree char *digits =
      g_strdup_printf ("%" G_GUINT64_FORMAT, number < 0 ? -(guint64) number : (guint64) number);
  GString *text = g_string_new (number < 0 ? "−" : "");
  gsize size = strlen (digits);

  for (gsize i = 0; i < size; i++)
    {
      if (i > 0 && (size - i) % 3 == 0)
        g_string_append_c (text, mark);
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

static char *
say_integer (const KohSentence *s, gint64 number)
{
  return koh_sentence_number (number, s->da ? "da" : "en");
}

char *
koh_say_decimal (const KohSentence *s, gdouble number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  gdouble whole, part = modf (fabs (number), &whole);
  g_autofree char *before = say_integer (s, (gint64) whole);
  gsize size;

  g_ascii_formatd (digits, sizeof digits, "%.6f", part);
  size = strlen (digits);
  while (digits[size - 1] == '0')
    digits[--size] = '\0';
  return g_strconcat (number < 0 ? "−" : "", before, size > 2 ? (s->da ? "," : ".") : "",
                      size > 2 ? digits + 2 : "", NULL);
}

char *
koh_say_day (const KohSentence *s, gint day)
{
  static const char *const en[] = { "January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December" };
  static const char *const da[] = { "januar", "februar", "marts",     "april",   "maj",      "juni",
                                    "juli",   "august",  "september", "oktober", "november", "december" };
  gint year, month, of_month;

  koh_day_split (day, &year, &month, &of_month);
  return g_strdup_printf (s->da ? "%d. %s %d" : "%d %s %d", of_month, s->da ? da[month - 1] : en[month - 1],
                          year);
}

char *
koh_say_period (const KohSentence *s, gint from, gint to)
{
  g_autofree char *first = from != KOH_DAY_NONE ? koh_say_day (s, from) : NULL;
  g_autofree char *last = to != KOH_DAY_NONE ? koh_say_day (s, to) : NULL;

  if (first == NULL && last == NULL)
    return g_strdup ("");
  if (first == NULL)
    return g_strdup_printf (koh_say (s, "on or before %s", "den %s eller tidligere"), last);
  if (last == NULL)
    return g_strdup_printf (koh_say (s, "on or after %s", "den %s eller senere"), first);
  if (from == to)
    return g_strdup_printf (koh_say (s, "on %s", "den %s"), first);
  return g_strdup_printf (koh_say (s, "between %s and %s", "mellem %s og %s"), first, last);
}

char *
koh_say_at (const KohSentence *s, gint at)
{
  return at == KOH_DAY_NONE ? g_strdup (koh_say (s, "on the index date", "på indeksdatoen"))
                            : koh_say_period (s, at, at);
}

/* "1 day", "30 days", or a range "0–30 days". */
static char *
say_days (const KohSentence *s, gint from, gint to)
{
  g_autofree char *first = say_integer (s, from), *last = say_integer (s, to);
  const char *noun = to == 1 && from == to ? koh_say (s, "day", "dag") : koh_say (s, "days", "dage");

  return from == to ? g_strdup_printf ("%s %s", first, noun)
                    : g_strdup_printf ("%s–%s %s", first, last, noun);
}

/* The window opens on one side: @bound is its one end, @from whether the lower one. */
static char *
say_half_window (const KohSentence *s, gint bound, gboolean from)
{
  g_autofree char *days = say_days (s, ABS (bound), ABS (bound));

  if (bound == 0)
    return g_strdup (from ? koh_say (s, "on or after the index date", "på eller efter indeksdatoen")
                          : koh_say (s, "on or before the index date", "på eller før indeksdatoen"));
  if (bound == (from ? 1 : -1))
    return g_strdup (from ? koh_say (s, "after the index date", "efter indeksdatoen")
                          : koh_say (s, "before the index date", "før indeksdatoen"));
  if (from && bound > 0)
    return g_strdup_printf (koh_say (s, "at least %s after the index date", "mindst %s efter indeksdatoen"),
                            days);
  if (from)
    return g_strdup_printf (
        koh_say (s, "%s before the index date or later", "%s før indeksdatoen eller senere"), days);
  if (bound < 0)
    return g_strdup_printf (koh_say (s, "at least %s before the index date", "mindst %s før indeksdatoen"),
                            days);
  return g_strdup_printf (
      koh_say (s, "%s after the index date or earlier", "%s efter indeksdatoen eller tidligere"), days);
}

char *
koh_say_window (const KohSentence *s, const KohCriterion *criterion)
{
  gint first = criterion->first, last = criterion->last;
  g_autofree char *days = NULL, *more = NULL;

  if (!criterion->has_first && !criterion->has_last)
    return g_strdup ("");
  if (!criterion->has_last || !criterion->has_first)
    return say_half_window (s, criterion->has_first ? first : last, criterion->has_first);
  if (first == 0 && last == 0)
    return koh_say_at (s, KOH_DAY_NONE);
  if (first < 0 && last > 0)
    {
      days = say_days (s, -first, -first);
      more = say_days (s, last, last);
      return g_strdup_printf (
          koh_say (s, "from %s before to %s after the index date", "fra %s før til %s efter indeksdatoen"),
          days, more);
    }
  days = first >= 0 ? say_days (s, first, last) : say_days (s, -last, -first);
  return g_strdup_printf ("%s%s %s", first == last ? koh_say (s, "exactly ", "præcis ") : "", days,
                          first >= 0 ? koh_say (s, "after the index date", "efter indeksdatoen")
                                     : koh_say (s, "before the index date", "før indeksdatoen"));
}

char *
koh_say_list (const KohSentence *s, const GPtrArray *texts, const char *last)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < texts->len; i++)
    {
      if (i > 0 && i + 1 == texts->len)
        g_string_append_printf (text, " %s ", last);
      else if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, texts->pdata[i]);
    }
  return g_string_free (text, FALSE);
}

/* Labels stand in lists with a capital letter. Within a sentence that goes, except in names of people and
 * in words that are not written like other words: HMG-CoA, CT, pH. */
char *
koh_say_inside (const char *label)
{
  static const char *const names[] = {
    "Alzheimer", "Basedow",   "Bechterew", "Crohn",   "Cushing",  "Down",
    "Hodgkin",   "Parkinson", "Kaposi",    "Sjögren", "Tourette", "Wilson"
  };
  g_autofree char *first = NULL, *small = NULL;
  const char *end = label;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (label, names[i]))
      return g_strdup (label);
  while (*end != '\0' && (g_unichar_isalnum (g_utf8_get_char (end))))
    end = g_utf8_next_char (end);
  for (const char *p = end > label ? g_utf8_next_char (label) : label; p < end; p = g_utf8_next_char (p))
    if (!g_unichar_islower (g_utf8_get_char (p)))
      return g_strdup (label);
  if (end == label || g_utf8_next_char (label) == end)
    return g_strdup (label);
  first = g_strndup (label, (gsize) (g_utf8_next_char (label) - label));
  small = g_utf8_strdown (first, -1);
  return g_strconcat (small, g_utf8_next_char (label), NULL);
}

char *
koh_say_capital (const char *text)
{
  const char *rest = *text != '\0' ? g_utf8_next_char (text) : text;
  g_autofree char *first = g_strndup (text, (gsize) (rest - text));
  g_autofree char *large = g_utf8_strup (first, -1);

  return g_strconcat (large, rest, NULL);
}

/* Attributes that every federation is likely to have, where no map tells their titles; age and its bands
 * are ours, and no catalogue titles them. */
static const struct
{
  const char *name, *en, *da;
} attributes[] = {
  { "age", "age", "alder" },
  { "age_band", "age group", "aldersgruppe" },
  { "sex", "sex", "køn" },
  { "region", "region of residence", "bopælsregion" },
  { "income_quintile", "income quintile", "indkomstkvintil" },
  { "education", "highest completed education", "højest fuldførte uddannelse" },
  { "stage", "stage", "stadium" },
};

char *
koh_say_attribute (const KohSentence *s, const char *attribute)
{
  const char *dot = strchr (attribute, '.'), *bare = dot != NULL ? dot + 1 : attribute;
  KohDataset *dataset;
  KohVariable *variable = s->map != NULL ? koh_map_attribute (s->map, attribute, &dataset, NULL) : NULL;

  if (variable != NULL && g_str_equal (variable->name, bare) &&
      !g_str_equal (s->da ? variable->da : variable->en, bare))
    return koh_say_inside (s->da ? variable->da : variable->en);
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (g_str_equal (bare, attributes[i].name))
      return g_strdup (koh_say (s, attributes[i].en, attributes[i].da));
  return g_strdup (bare);
}

/* A listed code by its label; another by itself, with the label of what it lies in. */
static char *
say_code (const KohSentence *s, const KohCodeRef *ref)
{
  const KohCode *code = koh_codes_find (ref->system, ref->code);
  const char *above = koh_codes_label (ref->system, ref->code, s->da ? "da" : "en");
  g_autofree char *inside = NULL;

  if (code != NULL)
    return koh_say_inside (s->da ? code->da : code->en);
  if (above == NULL)
    return g_strdup (ref->code);
  inside = koh_say_inside (above);
  return g_strdup_printf ("%s (%s)", ref->code, inside);
}

char *
koh_say_codes (const KohSentence *s, const KohEvent *event)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  guint n = event->codes->len, named = n > MOST_NAMED ? MOST_NAMED - 1 : n;

  for (guint i = 0; i < named; i++)
    g_ptr_array_add (labels, say_code (s, event->codes->pdata[i]));
  if (named < n)
    g_ptr_array_add (labels, g_strdup_printf (koh_say (s, "%u others", "%u andre"), n - named));
  list = koh_say_list (s, labels, koh_say (s, "or", "eller"));
  if (!event->exact || n == 0)
    return g_steal_pointer (&list);
  return g_strdup_printf ("%s (%s)", list,
                          n == 1 ? koh_say (s, "this exact code only", "kun netop denne kode")
                                 : koh_say (s, "these exact codes only", "kun netop disse koder"));
}
