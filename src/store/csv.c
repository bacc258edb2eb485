/* SPDX-License-Identifier: EUPL-1.2
 *
 * The reader as a machine with one state for each place where a byte can stand. Fields are validated when
 * they end: separators, quotes and line feeds are ASCII, so that the text is UTF-8 if every field is. */
#include "store/csv.h"

#include <sodium.h>
#include <string.h>

#include "common/error.h"

#define BLOCK 65536

typedef enum
{
  START,  /* a field begins */
  PLAIN,  /* in a field without quotes */
  QUOTED, /* in one with quotes */
  CLOSED, /* after a quote in it, which ends it or is the first of two */
  RETURN, /* after a carriage return, which a line feed must follow */
} State;

struct _KohCsv
{
  char *name;
  char separator;
  KohCsvRead read;
  gpointer user_data;

  guint8 block[BLOCK];
  gsize at, filled;
  gboolean begun, ended;

  GByteArray *bytes; /* the row's fields, each with a NUL after it */
  GArray *starts;    /* of guint: where each begins */
  guint64 line, row_line, quote_line;
  guint width;      /* 0 before the header is read */
  GPtrArray *names; /* the header's, for messages; NULL where one looks like a value */
};

KohCsv *
koh_csv_new (const char *name, char separator, KohCsvRead read, gpointer user_data)
{
  KohCsv *csv = g_new0 (KohCsv, 1);

  csv->name = g_strdup (name);
  csv->separator = separator;
  csv->read = read;
  csv->user_data = user_data;
  csv->line = 1;
  csv->bytes = g_byte_array_new ();
  csv->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  csv->names = g_ptr_array_new_with_free_func (g_free);
  return csv;
}

void
koh_csv_free (KohCsv *csv)
{
  sodium_memzero (csv->block, sizeof csv->block);
  sodium_memzero (csv->bytes->data, csv->bytes->len);
  g_byte_array_unref (csv->bytes);
  g_array_unref (csv->starts);
  g_ptr_array_unref (csv->names);
  g_free (csv->name);
  g_free (csv);
}

/* ---- Messages ------------------------------------------------------------------------------- */

static gboolean
refuse (const KohCsv *csv, guint64 line, guint column, const char *message, GError **error)
{
  const char *name = column < csv->names->len ? csv->names->pdata[column] : NULL;

  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s, line %" G_GUINT64_FORMAT ", column %u%s%s%s: %s",
               csv->name, line, column + 1, name != NULL ? " (" : "", name != NULL ? name : "",
               name != NULL ? ")" : "", message);
  return FALSE;
}

void
koh_csv_refuse (const KohCsv *csv, guint column, const char *message, GError **error)
{
  refuse (csv, csv->row_line, column, message, error);
}

static gboolean
refuse_here (const KohCsv *csv, const char *message, GError **error)
{
  return refuse (csv, csv->line, csv->starts->len > 0 ? csv->starts->len - 1 : 0, message, error);
}

/* ---- Bytes ---------------------------------------------------------------------------------- */

static gboolean
fill (KohCsv *csv, GError **error)
{
  gssize n = csv->read (csv->user_data, csv->block, BLOCK, error);

  csv->at = 0;
  csv->filled = n > 0 ? (gsize) n : 0;
  csv->ended = n <= 0;
  return n >= 0;
}

/* Which of the two separators stands in the header outside quotes. Both: nobody can say. */
static gboolean
detect (KohCsv *csv, GError **error)
{
  gboolean quoted = FALSE, comma = FALSE, semicolon = FALSE;
  gsize i;

  for (i = csv->at; i < csv->filled && (quoted || csv->block[i] != '\n'); i++)
    {
      if (csv->block[i] == '"')
        quoted = !quoted;
      comma |= !quoted && csv->block[i] == ',';
      semicolon |= !quoted && csv->block[i] == ';';
    }
  csv->separator = semicolon ? ';' : ',';
  return !(comma && semicolon) ||
         refuse (csv, 1, 0, "the header has both “,” and “;”; write separator= in peer.ini", error);
}

/* The first block, as full as it goes, so that the header stands in it whole; a byte order mark is no part
 * of the text. */
static gboolean
begin (KohCsv *csv, GError **error)
{
  csv->begun = TRUE;
  while (csv->filled < BLOCK && !csv->ended)
    {
      gssize n = csv->read (csv->user_data, csv->block + csv->filled, BLOCK - csv->filled, error);

      if (n < 0)
        return FALSE;
      csv->filled += (gsize) n;
      csv->ended = n == 0;
    }
  if (csv->filled >= 3 && memcmp (csv->block, "\xef\xbb\xbf", 3) == 0)
    csv->at = 3;
  if (csv->at == csv->filled)
    return refuse (csv, 1, 0, "the file is empty; its first line must be a header", error);
  return csv->separator != 0 || detect (csv, error);
}

/* ---- Fields and rows ------------------------------------------------------------------------ */

static gboolean
begin_field (KohCsv *csv, GError **error)
{
  guint start = csv->bytes->len, n = csv->starts->len;

  if (n == (csv->width > 0 ? csv->width : KOH_CSV_MOST_COLUMNS))
    {
      g_autofree char *message =
          csv->width > 0 ? g_strdup_printf ("there are more fields than the %u of the header", csv->width)
                         : g_strdup_printf ("there are more than %u columns", KOH_CSV_MOST_COLUMNS);

      return refuse (csv, csv->line, n, message, error);
    }
  g_array_append_val (csv->starts, start);
  return TRUE;
}

static gboolean
add (KohCsv *csv, const guint8 *bytes, gsize n, GError **error)
{
  guint start = g_array_index (csv->starts, guint, csv->starts->len - 1);

  if (csv->bytes->len - start + n > KOH_CSV_MOST_FIELD)
    return refuse_here (csv, "the field has more than a million bytes; is a quote missing?", error);
  if (csv->bytes->len + n > KOH_CSV_MOST_ROW)
    return refuse_here (csv, "the row has more than sixteen million bytes", error);
  g_byte_array_append (csv->bytes, bytes, (guint) n);
  return TRUE;
}

static gboolean
end_field (KohCsv *csv, GError **error)
{
  guint start = g_array_index (csv->starts, guint, csv->starts->len - 1);
  gsize size = csv->bytes->len - start;

  if (size > 0 && !g_utf8_validate_len ((const char *) csv->bytes->data + start, size, NULL))
    return refuse_here (csv, "the text is not UTF-8; save the file as UTF-8 (it may be Latin-1)", error);
  g_byte_array_append (csv->bytes, (const guint8 *) "", 1);
  return TRUE;
}

/* A column's name is shown only where it cannot be a value, such as a person's number in a file without
 * a header. */
static void
take_names (KohCsv *csv)
{
  for (guint i = 0; i < csv->width; i++)
    {
      const char *text = koh_csv_field (csv, i, NULL);
      gboolean is_name = g_ascii_isalpha (*text) && strlen (text) <= 40;

      for (const char *c = text; is_name && *c != '\0'; c++)
        is_name = g_ascii_isalpha (*c) || *c == '_';
      g_ptr_array_add (csv->names, is_name ? g_strdup (text) : NULL);
    }
}

static gboolean
end_row (KohCsv *csv, GError **error)
{
  if (csv->width == 0)
    {
      csv->width = csv->starts->len;
      take_names (csv);
    }
  if (csv->starts->len != csv->width)
    {
      g_autofree char *message =
          g_strdup_printf ("the row ends after %u of %u fields", csv->starts->len, csv->width);

      return refuse (csv, csv->line, csv->starts->len - 1, message, error);
    }
  return TRUE;
}

/* As many bytes as mean nothing but themselves, at once. */
static gsize
span (const KohCsv *csv, gboolean quoted)
{
  gsize i = csv->at;

  if (quoted)
    while (i < csv->filled && csv->block[i] != '"' && csv->block[i] != '\n' && csv->block[i] != '\0')
      i++;
  else
    while (i < csv->filled && csv->block[i] != (guint8) csv->separator && csv->block[i] != '"' &&
           csv->block[i] != '\n' && csv->block[i] != '\r' && csv->block[i] != '\0')
      i++;
  return i - csv->at;
}

/* One byte where a field is not in quotes, or has just ended them. *done: the row is whole. */
static gboolean
step_outside (KohCsv *csv, guint8 c, State *state, gboolean *done, GError **error)
{
  if (*state == RETURN)
    {
      *done = c == '\n';
      return *done || refuse_here (csv, "a carriage return stands there without a line feed", error);
    }
  if (c == (guint8) csv->separator || c == '\n')
    {
      *state = START;
      *done = c == '\n';
      return end_field (csv, error) && (*done || begin_field (csv, error));
    }
  if (c == '\r')
    {
      *state = RETURN;
      return end_field (csv, error);
    }
  if (c == '"' && *state == START)
    {
      *state = QUOTED;
      csv->quote_line = csv->line;
      return TRUE;
    }
  if (c == '"' && *state == CLOSED)
    {
      *state = QUOTED;
      return add (csv, &c, 1, error);
    }
  if (*state == CLOSED)
    return refuse_here (csv, "text follows the closing quote", error);
  return refuse_here (csv, "a quote stands inside a field that does not begin with one", error);
}

static gboolean
step (KohCsv *csv, State *state, gboolean *done, GError **error)
{
  gsize n = *state == RETURN || *state == CLOSED ? 0 : span (csv, *state == QUOTED);
  guint8 c;

  if (n > 0)
    {
      *state = *state == START ? PLAIN : *state;
      csv->at += n;
      return add (csv, csv->block + csv->at - n, n, error);
    }
  c = csv->block[csv->at++];
  if (c == '\0')
    return refuse_here (csv, "there is a NUL byte; the file is no plain text (it may be UTF-16)", error);
  if (*state != QUOTED)
    return step_outside (csv, c, state, done, error);
  if (c == '"')
    {
      *state = CLOSED;
      return TRUE;
    }
  csv->line++;
  return add (csv, &c, 1, error);
}

/* The file ends, in the middle of a row or between two. */
static gboolean
end (KohCsv *csv, State state, gboolean *found, GError **error)
{
  if (state == QUOTED)
    return refuse (csv, csv->quote_line, csv->starts->len - 1, "the quote that begins there is never closed",
                   error);
  if (state == RETURN)
    return refuse_here (csv, "a carriage return stands there without a line feed", error);
  *found = state != START || csv->starts->len > 1;
  return !*found || (end_field (csv, error) && end_row (csv, error));
}

gboolean
koh_csv_next (KohCsv *csv, gboolean *found, GError **error)
{
  State state = START;
  gboolean done = FALSE;

  *found = FALSE;
  g_byte_array_set_size (csv->bytes, 0);
  g_array_set_size (csv->starts, 0);
  if ((!csv->begun && !begin (csv, error)) || !begin_field (csv, error))
    return FALSE;
  csv->row_line = csv->line;
  while (!done)
    {
      if (csv->at == csv->filled && !csv->ended && !fill (csv, error))
        return FALSE;
      if (csv->at == csv->filled && csv->ended)
        return end (csv, state, found, error);
      if (csv->at < csv->filled && !step (csv, &state, &done, error))
        return FALSE;
    }
  *found = end_row (csv, error);
  csv->line++;
  return *found;
}

guint
koh_csv_width (const KohCsv *csv)
{
  return csv->width;
}

guint64
koh_csv_line (const KohCsv *csv)
{
  return csv->row_line;
}

const char *
koh_csv_field (const KohCsv *csv, guint column, gsize *size)
{
  guint start = g_array_index (csv->starts, guint, column);
  guint next =
      column + 1 < csv->starts->len ? g_array_index (csv->starts, guint, column + 1) : csv->bytes->len;

  if (size != NULL)
    *size = next - start - 1;
  return (const char *) csv->bytes->data + start;
}
