/* SPDX-License-Identifier: EUPL-1.2
 *
 * Columns of attributes: a category at one day, by calendar year, the date of birth; and the derived
 * attributes age and age_band. Where several rows hold at one position, the latest valid_from wins, and
 * of equal ones (two keys of one person) the first that is read. */
#include "store/column.h"

#include <string.h>

#include "common/error.h"

/* ---- Birth and age -------------------------------------------------------------------------- */

/* Days of birth by position; KOH_DAY_NONE where there is none. */
static KohNumbers *
births (KohGather *gather, KohMapping *mapping, GError **error)
{
  KohSelection selection = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  KohNumbers *days;
  const KohRow *row;
  guint position;
  gint day;

  selection.attribute = "birth_date";
  if (!koh_on_spine_open (&on, gather, mapping, &selection, error))
    return NULL;
  days = koh_numbers_new (gather->positions, KOH_DAY_NONE);
  for (;;)
    {
      if (!koh_on_spine_next (&on, &row, &position, error))
        {
          koh_numbers_free (days, gather->positions);
          return NULL;
        }
      if (row == NULL)
        return days;
      if (days[position] == KOH_DAY_NONE && koh_day_parse (koh_reading_text (on.reading, 0), &day))
        days[position] = (guint16) day;
    }
}

/* Completed years: who is born on 29 February completes one on that day, or else on 1 March. Negative
 * before birth. */
static gint
age_at (gint birth, gint day)
{
  return (gint) koh_day_year_code (day) - (gint) koh_day_year_code (birth) -
         (koh_day_in_year (day) < koh_day_in_year (birth));
}

static void
write_age (char *text, gsize size, gint age, gboolean band)
{
  if (!band)
    g_snprintf (text, size, "%d", age);
  else if (age >= 90)
    g_strlcpy (text, "90+", size);
  else
    g_snprintf (text, size, "%d–%d", age / 5 * 5, age / 5 * 5 + 4);
}

/* In place of days of birth. */
static void
births_to_ages (KohGather *gather, KohNumbers *days, gboolean band, gint at, const KohNumbers *index,
                KohValueCode code, gpointer user_data, guint16 missing)
{
  guint16 codes[256];

  for (gint age = 0; age < 256; age++)
    {
      char text[16];

      write_age (text, sizeof text, age, band);
      codes[age] = code (text, user_data);
    }
  for (guint i = 0; i < gather->positions; i++)
    {
      gint day = index != NULL ? index[i] : at;
      gint age = days[i] == KOH_DAY_NONE || day == KOH_DAY_NONE ? -1 : age_at (days[i], day);

      days[i] = age < 0 ? missing : codes[MIN (age, 255)];
    }
}

guint64 *
koh_gather_birth (KohGather *gather, const KohColumn *column, GError **error)
{
  KohMapping *mapping = koh_gather_mapping (gather, column->dataset, error);
  KohNumbers *days = mapping != NULL ? births (gather, mapping, error) : NULL;
  guint64 *planes;

  if (days == NULL)
    return NULL;
  planes = koh_planes_new (gather->positions, column->width);
  for (guint i = 0; i < gather->positions; i++)
    if (days[i] != KOH_DAY_NONE)
      koh_planes_put (planes, gather->words, 0, 18, i,
                      koh_day_year_code (days[i]) | koh_day_in_year (days[i]) << 8 | 1u << 17);
  koh_numbers_free (days, gather->positions);
  return planes;
}

/* ---- Values --------------------------------------------------------------------------------- */

static KohNumbers *
values (KohGather *gather, KohMapping *mapping, const char *attribute, gint at, const KohNumbers *index,
        KohValueCode code, gpointer user_data, guint16 missing, GError **error)
{
  KohSelection selection = KOH_SELECT_ALL;
  KohNumbers *numbers, *since; /* since: the valid_from of what stands there */
  g_auto (KohOnSpine) on = { 0 };
  const KohRow *row = NULL;
  guint position;
  gboolean ok;

  selection.attribute = attribute;
  selection.since = selection.until = index == NULL ? at : KOH_DAY_NONE;
  if (!koh_on_spine_open (&on, gather, mapping, &selection, error))
    return NULL;
  numbers = koh_numbers_new (gather->positions, missing);
  since = koh_numbers_new (gather->positions, KOH_DAY_NONE);
  while ((ok = koh_on_spine_next (&on, &row, &position, error)) && row != NULL)
    {
      const char *text = koh_reading_text (on.reading, 0);
      gint day = mapping->validity == KOH_VALIDITY_NONE ? 0 : index != NULL ? index[position] : at;

      if (day == KOH_DAY_NONE || day < row->valid_from || day > row->valid_to ||
          (since[position] != KOH_DAY_NONE && row->valid_from <= since[position]))
        continue;
      since[position] = (guint16) row->valid_from;
      numbers[position] = text != NULL ? code (text, user_data) : missing;
    }
  koh_numbers_free (since, gather->positions);
  if (ok)
    return numbers;
  koh_numbers_free (numbers, gather->positions);
  return NULL;
}

KohNumbers *
koh_gather_attribute (KohGather *gather, const char *dataset, const char *attribute, gint at,
                      const KohNumbers *index, KohValueCode code, gpointer user_data, guint16 missing,
                      GError **error)
{
  KohMapping *mapping = koh_gather_mapping (gather, dataset, error);
  gboolean band = g_str_equal (attribute, "age_band");
  KohNumbers *days;

  if (mapping == NULL)
    return NULL;
  if (koh_mapping_has (mapping, attribute))
    return values (gather, mapping, attribute, at, index, code, user_data, missing, error);
  if ((!band && !g_str_equal (attribute, "age")) || !koh_mapping_has (mapping, "birth_date"))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Dataset %s has no attribute “%s”", dataset,
                   attribute);
      return NULL;
    }
  days = births (gather, mapping, error);
  if (days != NULL)
    births_to_ages (gather, days, band, at, index, code, user_data, missing);
  return days;
}

/* ---- Categories ----------------------------------------------------------------------------- */

/* Level → its number + 1. */
static GHashTable *
number_levels (const GPtrArray *levels)
{
  GHashTable *numbers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < levels->len; i++)
    g_hash_table_insert (numbers, ((KohLevel *) levels->pdata[i])->code, GUINT_TO_POINTER (i + 1));
  return numbers;
}

static guint16
level_number (const char *text, gpointer user_data)
{
  GHashTable *numbers = user_data;
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, text));

  return (guint16) (number > 0 ? number - 1 : g_hash_table_size (numbers));
}

guint64 *
koh_gather_category (KohGather *gather, const KohColumn *column, GError **error)
{
  g_autoptr (GHashTable) levels = number_levels (column->levels);
  KohNumbers *index = column->at_index ? koh_gather_index (gather, error) : NULL, *numbers = NULL;
  guint64 *planes = NULL;

  if (!column->at_index || index != NULL)
    numbers = koh_gather_attribute (gather, column->dataset, column->attribute, column->at, index,
                                    level_number, levels, (guint16) column->levels->len, error);
  if (numbers != NULL)
    {
      planes = koh_planes_new (gather->positions, column->width);
      koh_numbers_to_planes (numbers, gather->positions, planes, column->width);
    }
  koh_numbers_free (index, gather->positions);
  koh_numbers_free (numbers, gather->positions);
  return planes;
}

/* ---- By calendar year ----------------------------------------------------------------------- */

typedef struct
{
  const KohColumn *column;
  const KohDeclared *declared;
  GHashTable *levels; /* NULL: a flag */
  guint width;        /* of one year */
  guint64 *planes;
  guint64 *seen; /* a plane for each year */
} Years;

static void
put_year (KohGather *gather, Years *years, const KohRow *row, const char *text, guint position)
{
  gint y = (gint) koh_day_year_code (row->valid_from) + KOH_YEAR_FIRST - years->column->first_year;
  guint64 *seen = years->seen + (gsize) MAX (y, 0) * gather->words;
  guint value;

  if (y < 0 || y > years->column->last_year - years->column->first_year || koh_plane_get (seen, position))
    return;
  koh_plane_set (seen, position);
  if (text == NULL)
    return;
  value = years->levels != NULL ? level_number (text, years->levels)
                                : koh_criterion_takes (years->column->criterion, years->declared, text);
  koh_planes_put (years->planes, gather->words, (guint) y * years->width, years->width, position, value);
}

guint64 *
koh_gather_years (KohGather *gather, const KohColumn *column, GError **error)
{
  guint n = (guint) (column->last_year - column->first_year + 1);
  g_autoptr (GHashTable) levels = column->criterion == NULL ? number_levels (column->levels) : NULL;
  KohMapping *mapping = koh_gather_mapping (gather, column->dataset, error);
  Years years = { .column = column, .levels = levels, .width = column->width / n };
  KohSelection selection = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  const KohRow *row = NULL;
  guint position;
  gboolean ok;

  selection.attribute = column->attribute;
  selection.since = koh_day_join (column->first_year, 1, 1);
  selection.until = koh_day_join (column->last_year, 12, 31);
  if (mapping == NULL || !koh_on_spine_open (&on, gather, mapping, &selection, error))
    return NULL;
  years.declared = koh_mapping_declared (mapping, column->attribute);
  years.planes = koh_planes_new (gather->positions, column->width);
  years.seen = koh_planes_new (gather->positions, n);
  if (levels != NULL)
    for (guint y = 0; y < n; y++)
      koh_planes_fill (years.planes, gather->words, y * years.width, years.width, column->levels->len);
  while ((ok = koh_on_spine_next (&on, &row, &position, error)) && row != NULL)
    put_year (gather, &years, row, koh_reading_text (on.reading, 0), position);
  koh_planes_free (years.seen, gather->positions, n);
  if (ok)
    return years.planes;
  koh_planes_free (years.planes, gather->positions, column->width);
  return NULL;
}
