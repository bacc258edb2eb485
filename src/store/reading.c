/* SPDX-License-Identifier: EUPL-1.2
 *
 * See reading.h. A message names the dataset, the row and the column, and shows a value only where it
 * is a date or a code: never a person's key. */
#include "store/reading.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "store/opt-out.h"
#include "store/select.h"
#include "store/value.h"

enum
{
  PERSON,
  DATE,
  END,
  CODE,
  VALID_FROM,
  VALID_TO,
  N_KNOWN
};
static const char *const known[N_KNOWN] = { "person", "date", "end", "code", "valid_from", "valid_to" };

/* Years of which every day has a number. */
#define KOH_YEARS 179

struct _KohReading
{
  KohMapping *mapping;
  KohConnector *connector;
  KohCursor *cursor;
  gboolean in_order;
  GBytes *opted_out;
  GByteArray *conflicts; /* rows to leave out; NULL */
  KohDefects *defects;   /* of a pass that is checking; else NULL */
  gboolean conflict;     /* the row is refused because of another */
  guint64 number;    /* of the row, from 1 */
  gint at[N_KNOWN];  /* where each known column stands; -1 nowhere */
  guint first_other; /* the others come after the known ones */
  gint birth;        /* column of birth_date; -1 */
  gint value, unit;  /* columns of an event's value, where the selection has a condition on it; -1 */
  KohValueCondition condition; /* borrows */
  const char *declared_unit; /* of the value; NULL */
  KohRow row;
  gint new_years[KOH_YEARS + 1]; /* 1 January of each year from KOH_YEAR_FIRST on */
  char before[11];               /* in order: the row before */
  gint before_from, before_to;
};

/* ---- Persons' keys -------------------------------------------------------------------------- */

gboolean
koh_person_key (const char *text, char key[11])
{
  guint n = 0;

  for (; text != NULL && *text != '\0'; text++)
    {
      if (*text == ' ' || *text == '-')
        continue;
      if (n == 10 || !g_ascii_isalnum (*text))
        return FALSE;
      key[n++] = g_ascii_toupper (*text);
    }
  key[n] = '\0';
  return n == 10;
}

char *
koh_person_normalise (const char *text)
{
  char key[11];

  return koh_person_key (text, key) ? g_strdup (key) : NULL;
}

/* ---- The columns of a query ----------------------------------------------------------------- */

gboolean
koh_mapping_has (const KohMapping *mapping, const char *column)
{
  return mapping->columns != NULL && g_strv_contains ((const char *const *) mapping->columns, column);
}

static gboolean
refuse_mapping (const KohMapping *mapping, GError **error, const char *message, const char *column)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "Dataset %s: the query %s “%s”", mapping->name, message,
               column);
  return FALSE;
}

static gboolean
columns_fit (KohMapping *mapping, GStrv columns, GError **error)
{
  static const char *const of_events[] = { "person", "date", "end", "code", "value", "unit", NULL };
  const char *const *have = (const char *const *) columns;
  gboolean is_event = mapping->kind == KOH_DATASET_EVENT, from, to;

  if (!g_strv_contains (have, "person"))
    return refuse_mapping (mapping, error, "has no column", "person");
  if (is_event && !g_strv_contains (have, "date"))
    return refuse_mapping (mapping, error, "has no column", "date");
  if (is_event && mapping->code_system != NULL && !g_strv_contains (have, "code"))
    return refuse_mapping (mapping, error, "has a code_system= but no column", "code");
  if (is_event && mapping->code_system == NULL && g_strv_contains (have, "code"))
    return refuse_mapping (mapping, error, "needs code_system= in peer.ini for its column", "code");
  for (guint i = 0; columns[i] != NULL; i++)
    {
      if (columns[i][strspn (columns[i], "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0' ||
          *columns[i] == '\0')
        return refuse_mapping (
            mapping, error, "names a column with other than lower-case letters, digits and _:", columns[i]);
      if (g_strv_contains ((const char *const *) columns + i + 1, columns[i]))
        return refuse_mapping (mapping, error, "gives twice the column", columns[i]);
      if (is_event && !g_strv_contains (of_events, columns[i]))
        return refuse_mapping (mapping, error,
                               "gives an event a column that is none of its own:", columns[i]);
    }
  for (guint i = 0; i < mapping->declared->len; i++)
    {
      const KohDeclared *declared = mapping->declared->pdata[i];

      if (!g_strv_contains (have, declared->name))
        return refuse_mapping (mapping, error, "lacks what peer.ini declares, the column", declared->name);
    }
  from = g_strv_contains (have, "valid_from");
  to = g_strv_contains (have, "valid_to");
  if (!is_event && !mapping->validity_given && (from || to))
    mapping->validity = KOH_VALIDITY_PERIOD;
  if (mapping->validity != KOH_VALIDITY_NONE && !from)
    return refuse_mapping (mapping, error, "has a validity but no column", "valid_from");
  if (mapping->validity != KOH_VALIDITY_NONE && !to)
    return refuse_mapping (mapping, error, "has a validity but no column", "valid_to");
  return TRUE;
}

static gboolean
look (KohMapping *mapping, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM (%s\n) AS \"mapped\" LIMIT 0", mapping->query);
  g_autoptr (KohConnector) connector = NULL;
  g_autoptr (KohCursor) cursor = NULL;
  g_auto (GStrv) columns = NULL;

  if (mapping->columns != NULL)
    return TRUE;
  connector = koh_connector_open (mapping->connector, &mapping->source, cancellable, error);
  cursor = connector != NULL ? koh_connector_query (connector, sql, NULL, error) : NULL;
  if (cursor == NULL)
    {
      g_prefix_error (error, "Dataset %s: ", mapping->name);
      return FALSE;
    }
  columns = g_new0 (char *, koh_cursor_width (cursor) + 1);
  for (guint i = 0; i < koh_cursor_width (cursor); i++)
    columns[i] = g_strdup (koh_cursor_name (cursor, i));
  if (!columns_fit (mapping, columns, error))
    return FALSE;
  mapping->columns = g_steal_pointer (&columns);
  return TRUE;
}

gboolean
koh_mapping_look (KohStore *store, KohMapping *mapping, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_mutex_lock (&store->lock);
  ok = look (mapping, cancellable, error);
  g_mutex_unlock (&store->lock);
  return ok;
}

/* ---- Opening -------------------------------------------------------------------------------- */

static gboolean
is_known (const char *column)
{
  for (guint k = 0; k < N_KNOWN; k++)
    if (g_str_equal (known[k], column))
      return TRUE;
  return FALSE;
}

static GPtrArray *
choose_columns (KohReading *reading, const KohSelection *selection)
{
  GPtrArray *columns = g_ptr_array_new ();

  for (guint k = 0; k < N_KNOWN; k++)
    {
      reading->at[k] = -1;
      if (koh_mapping_has (reading->mapping, known[k]))
        {
          reading->at[k] = (gint) columns->len;
          g_ptr_array_add (columns, (char *) known[k]);
        }
    }
  reading->first_other = columns->len;
  reading->birth = reading->value = reading->unit = -1;
  for (guint i = 0; reading->mapping->columns[i] != NULL; i++)
    {
      char *column = reading->mapping->columns[i];

      if (is_known (column) || (selection->attribute != NULL && !g_str_equal (selection->attribute, column)))
        continue;
      if (selection->event != NULL && (selection->event->value.op == KOH_VALUE_ANY ||
                                       (!g_str_equal (column, "value") && !g_str_equal (column, "unit"))))
        continue;
      if (g_str_equal (column, "value"))
        reading->value = (gint) columns->len;
      if (g_str_equal (column, "unit"))
        reading->unit = (gint) columns->len;
      if (g_str_equal (column, "birth_date"))
        reading->birth = (gint) columns->len;
      g_ptr_array_add (columns, column);
    }
  /* A row that is left out must be so for every column. */
  if (reading->mapping->skip > 0 && reading->birth < 0 && koh_mapping_has (reading->mapping, "birth_date"))
    {
      reading->birth = (gint) columns->len;
      g_ptr_array_add (columns, (char *) "birth_date");
    }
  return columns;
}

/* Who and which rows are left out. Where bad rows are skipped, a pass over all of them has to come first. */
static gboolean
prepare (KohReading *reading, KohStore *store, gboolean checking, GCancellable *cancellable, GError **error)
{
  KohMapping *mapping = reading->mapping;

  if (mapping->skip > 0 && !checking && !koh_mapping_check (store, mapping, cancellable, error))
    return FALSE;
  reading->opted_out = koh_opt_out_load (store, cancellable, error);
  if (reading->opted_out == NULL)
    return FALSE;
  if (checking)
    reading->defects = koh_defects_new (koh_opt_out_size (reading->opted_out));
  g_mutex_lock (&store->lock);
  if (!checking && mapping->conflicts != NULL)
    reading->conflicts = g_byte_array_ref (mapping->conflicts);
  g_mutex_unlock (&store->lock);
  return TRUE;
}

KohReading *
koh_reading_open (KohStore *store, KohMapping *mapping, const KohSelection *selection,
                  GCancellable *cancellable, GError **error)
{
  g_autoptr (KohReading) reading = g_new0 (KohReading, 1);
  g_autoptr (GPtrArray) parameters = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) columns = NULL;
  g_autofree char *sql = NULL;
  const KohDeclared *declared;

  if (!koh_mapping_look (store, mapping, cancellable, error))
    return NULL;
  reading->mapping = mapping;
  if (!prepare (reading, store, selection->checking, cancellable, error))
    return NULL;
  reading->in_order = selection->in_order;
  reading->row =
      (KohRow){ .date = KOH_DAY_NONE, .end = KOH_DAY_NONE, .valid_from = 0, .valid_to = KOH_DAY_LAST };
  for (guint y = 0; y <= KOH_YEARS; y++)
    reading->new_years[y] = koh_day_join (KOH_YEAR_FIRST + (gint) y, 1, 1);
  columns = choose_columns (reading, selection);
  if (selection->event != NULL)
    reading->condition = selection->event->value;
  declared = koh_mapping_declared (mapping, "value");
  reading->declared_unit = declared != NULL ? declared->unit : NULL;
  sql = koh_select_sql (mapping, selection, columns, parameters);
  reading->connector = koh_connector_open (mapping->connector, &mapping->source, cancellable, error);
  if (reading->connector != NULL)
    reading->cursor = koh_connector_query (reading->connector, sql, parameters, error);
  if (reading->cursor == NULL)
    {
      g_prefix_error (error, "Dataset %s: ", mapping->name);
      return NULL;
    }
  return g_steal_pointer (&reading);
}

void
koh_reading_free (KohReading *reading)
{
  if (reading == NULL)
    return;
  koh_cursor_free (reading->cursor);
  koh_connector_close (reading->connector);
  g_clear_pointer (&reading->opted_out, g_bytes_unref);
  g_clear_pointer (&reading->conflicts, g_byte_array_unref);
  g_clear_pointer (&reading->defects, koh_defects_free);
  sodium_memzero (reading, sizeof *reading);
  g_free (reading);
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* Empty text is missing, as many exports write it. */
static const char *
text_at (const KohReading *reading, guint column)
{
  const char *text = koh_cursor_text (reading->cursor, column);

  return text != NULL && *text != '\0' ? text : NULL;
}

static const char *
text_of (const KohReading *reading, guint k)
{
  return reading->at[k] < 0 ? NULL : text_at (reading, (guint) reading->at[k]);
}

/* "Dataset diagnoses, row 17, column date: '2018-13-01' is not a date (YYYY-MM-DD)". @value may be NULL. */
static gboolean
refuse (const KohReading *reading, GError **error, const char *column, const char *value, const char *message)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, (gssize) strnlen (value, 40)) : NULL;

  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
               "Dataset %s, row %" G_GUINT64_FORMAT "%s, column %s: %s%s%s%s", reading->mapping->name,
               reading->number, reading->in_order ? " in order of persons" : "", column,
               valid != NULL ? "'" : "", valid != NULL ? valid : "", valid != NULL ? "' " : "", message);
  return FALSE;
}

static gboolean
read_day (const KohReading *reading, guint k, gboolean required, gint otherwise, gint *day, GError **error)
{
  const char *text = text_of (reading, k);

  if (text == NULL && !required)
    {
      *day = otherwise;
      return TRUE;
    }
  if (text == NULL)
    return refuse (reading, error, known[k], NULL, "is empty");
  if (k == VALID_TO && strcmp (text, "9999-12-31") == 0)
    {
      *day = KOH_DAY_LAST; /* how registers write an open end */
      return TRUE;
    }
  return koh_day_parse (text, day) || refuse (reading, error, known[k], text, "is not a date (YYYY-MM-DD)");
}

static gboolean
read_code (KohReading *reading, GError **error)
{
  const char *code = text_of (reading, CODE);

  reading->row.code = code;
  if (code != NULL && code[strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0')
    return refuse (reading, error, "code", code,
                   "is not a code: upper-case letters and digits, without dots");
  return TRUE;
}

static gboolean
read_event (KohReading *reading, GError **error)
{
  KohRow *row = &reading->row;

  if (!read_day (reading, DATE, TRUE, KOH_DAY_NONE, &row->date, error) ||
      !read_day (reading, END, FALSE, KOH_DAY_NONE, &row->end, error) || !read_code (reading, error))
    return FALSE;
  return row->end >= row->date ||
         refuse (reading, error, "end", text_of (reading, END), "is before the date");
}

/* "2015-01-01" and "2015-12-31", of which there are many: without taking dates apart. */
static gboolean
read_year (KohReading *reading, const char *from, const char *to)
{
  guint year = 0;

  if (strlen (from) != 10 || strlen (to) != 10 || memcmp (from, to, 4) != 0 ||
      memcmp (from + 4, "-01-01", 6) != 0 || memcmp (to + 4, "-12-31", 6) != 0)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isdigit (from[i]))
        return FALSE;
      year = 10 * year + (guint) (from[i] - '0');
    }
  if (year < KOH_YEAR_FIRST || year >= KOH_YEAR_FIRST + KOH_YEARS)
    return FALSE;
  reading->row.valid_from = reading->new_years[year - KOH_YEAR_FIRST];
  reading->row.valid_to = reading->new_years[year - KOH_YEAR_FIRST + 1] - 1;
  return TRUE;
}

static gboolean
read_validity (KohReading *reading, GError **error)
{
  KohRow *row = &reading->row;
  gboolean by_year = reading->mapping->validity == KOH_VALIDITY_YEAR;
  const char *from = text_of (reading, VALID_FROM), *to = text_of (reading, VALID_TO);

  if (reading->mapping->validity == KOH_VALIDITY_NONE ||
      (by_year && from != NULL && to != NULL && read_year (reading, from, to)))
    return TRUE;
  if (!read_day (reading, VALID_FROM, by_year, 0, &row->valid_from, error) ||
      !read_day (reading, VALID_TO, by_year, KOH_DAY_LAST, &row->valid_to, error))
    return FALSE;
  if (row->valid_to < row->valid_from)
    return refuse (reading, error, "valid_to", to, "is before valid_from");
  return !by_year || refuse (reading, error, "valid_from", from,
                             "and valid_to are not the first and last day of one year");
}

/* One row for each person and time; several validities may hold, unless they begin on the same day. */
static gboolean
follows (KohReading *reading, GError **error)
{
  KohRow *row = &reading->row;
  gboolean same = memcmp (reading->before, row->person, sizeof reading->before) == 0;

  reading->conflict = same;
  if (same && reading->mapping->validity == KOH_VALIDITY_NONE)
    return refuse (reading, error, "person", NULL, "has a row already; there is one row for each person");
  if (same && reading->before_from == row->valid_from)
    return refuse (reading, error, "valid_from", text_of (reading, VALID_FROM),
                   "is where another row of the same person begins too");
  if (same && reading->mapping->validity == KOH_VALIDITY_YEAR && row->valid_from <= reading->before_to)
    return refuse (reading, error, "valid_from", text_of (reading, VALID_FROM),
                   "lies in another row of the same person");
  reading->conflict = FALSE;
  memcpy (reading->before, row->person, sizeof reading->before);
  reading->before_from = row->valid_from;
  reading->before_to = row->valid_to;
  return TRUE;
}

static gboolean
read_person_row (KohReading *reading, GError **error)
{
  gint birth;

  if (!read_validity (reading, error))
    return FALSE;
  if (reading->birth >= 0)
    {
      const char *text = text_at (reading, (guint) reading->birth);

      if (text != NULL && !koh_day_parse (text, &birth))
        return refuse (reading, error, "birth_date", text, "is not a date (YYYY-MM-DD)");
    }
  /* Where rows are skipped, those that contradict each other are known before. */
  return !reading->in_order || (reading->mapping->skip > 0 && reading->defects == NULL) ||
         follows (reading, error);
}

static gboolean
read_row (KohReading *reading, GError **error)
{
  reading->conflict = FALSE;
  return reading->mapping->kind == KOH_DATASET_EVENT ? read_event (reading, error)
                                                     : read_person_row (reading, error);
}

static gboolean
is_opted_out (KohReading *reading)
{
  gint64 at = koh_opt_out_find (reading->opted_out, reading->row.person);

  if (at >= 0 && reading->defects != NULL)
    {
      reading->defects->opted_out++;
      reading->defects->met->data[at] = 1;
    }
  return !koh_check ("opt-out", at < 0);
}

/* A row that breaks the schema ends the reading, or is left out. */
static gboolean
leave_out (KohReading *reading, GError *why, GError **error)
{
  if (reading->mapping->skip <= 0)
    {
      g_propagate_error (error, why);
      return FALSE;
    }
  if (reading->defects != NULL && reading->conflict)
    koh_defects_conflict (reading->defects, reading->row.person, reading->row.valid_from, why->message);
  else if (reading->defects != NULL)
    koh_defects_add (reading->defects, why->message);
  g_error_free (why);
  return TRUE;
}

/* TRUE and *taken: this row is one. */
static gboolean
take_row (KohReading *reading, gboolean *taken, GError **error)
{
  gboolean has_key = koh_person_key (text_of (reading, PERSON), reading->row.person);
  GError *why = NULL;

  *taken = FALSE;
  reading->number++;
  if (has_key && is_opted_out (reading))
    return TRUE;
  if (reading->defects != NULL)
    reading->defects->rows++;
  if (!has_key)
    refuse (reading, &why, "person", NULL, "is not a key of 10 letters and digits");
  if (!has_key || !read_row (reading, &why))
    return leave_out (reading, why, error);
  *taken = !koh_defects_contain (reading->conflicts, reading->row.person, reading->row.valid_from);
  return TRUE;
}

KohDefects *
koh_reading_defects (KohReading *reading)
{
  koh_defects_sort (reading->defects);
  return g_steal_pointer (&reading->defects);
}

/* A row that tells no unit is in the one that is declared. */
static gboolean
value_matches (const KohReading *reading)
{
  const char *value = reading->value >= 0 ? text_at (reading, (guint) reading->value) : NULL;
  const char *unit = reading->unit >= 0 ? text_at (reading, (guint) reading->unit) : NULL;

  return koh_value_takes (&reading->condition, value, unit != NULL ? unit : reading->declared_unit);
}

gboolean
koh_reading_next (KohReading *reading, const KohRow **row, GError **error)
{
  gboolean found, taken = FALSE;

  *row = NULL;
  while (!taken)
    {
      if (!koh_cursor_next (reading->cursor, &found, error))
        {
          g_prefix_error (error, "Dataset %s: ", reading->mapping->name);
          return FALSE;
        }
      if (!found)
        return TRUE;
      if (!take_row (reading, &taken, error))
        return FALSE;
      taken = taken && value_matches (reading);
    }
  *row = &reading->row;
  return TRUE;
}

guint
koh_reading_columns (const KohReading *reading)
{
  return koh_cursor_width (reading->cursor) - reading->first_other;
}

const char *
koh_reading_name (const KohReading *reading, guint column)
{
  return koh_cursor_name (reading->cursor, reading->first_other + column);
}

const char *
koh_reading_text (const KohReading *reading, guint column)
{
  return text_at (reading, reading->first_other + column);
}
