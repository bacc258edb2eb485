/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/defects.h"

#include <string.h>

#include "common/error.h"

#define KEY 10
#define RECORD (KEY + sizeof (gint32))

KohDefects *
koh_defects_new (gsize opted_out)
{
  KohDefects *defects = g_new0 (KohDefects, 1);

  defects->named = g_ptr_array_new_with_free_func (g_free);
  defects->conflicts = g_byte_array_new ();
  defects->met = g_byte_array_new ();
  g_byte_array_set_size (defects->met, (guint) opted_out);
  if (opted_out > 0)
    memset (defects->met->data, 0, opted_out);
  return defects;
}

void
koh_defects_free (KohDefects *defects)
{
  if (defects == NULL)
    return;
  g_ptr_array_unref (defects->named);
  g_byte_array_unref (defects->conflicts);
  g_byte_array_unref (defects->met);
  g_free (defects);
}

void
koh_defects_add (KohDefects *defects, const char *message)
{
  defects->left_out++;
  if (defects->named->len < KOH_DEFECTS_NAMED)
    g_ptr_array_add (defects->named, g_strdup (message));
}

static void
make_record (guint8 *record, const char *person, gint valid_from)
{
  gint32 from = valid_from;

  memcpy (record, person, KEY);
  memcpy (record + KEY, &from, sizeof from);
}

void
koh_defects_conflict (KohDefects *defects, const char *person, gint valid_from, const char *message)
{
  GByteArray *all = defects->conflicts;
  guint8 record[RECORD];

  make_record (record, person, valid_from);
  /* The first of them was taken for good. */
  if (all->len == 0 || memcmp (all->data + all->len - RECORD, record, RECORD) != 0)
    {
      g_byte_array_append (all, record, RECORD);
      defects->left_out++;
    }
  koh_defects_add (defects, message);
}

static int
compare (const void *a, const void *b)
{
  return memcmp (a, b, RECORD);
}

void
koh_defects_sort (KohDefects *defects)
{
  if (defects->conflicts->len > 0)
    qsort (defects->conflicts->data, defects->conflicts->len / RECORD, RECORD, compare);
}

gboolean
koh_defects_contain (const GByteArray *conflicts, const char *person, gint valid_from)
{
  guint8 record[RECORD];

  if (conflicts == NULL || conflicts->len == 0)
    return FALSE;
  make_record (record, person, valid_from);
  return bsearch (record, conflicts->data, conflicts->len / RECORD, RECORD, compare) != NULL;
}

gboolean
koh_defects_judge (const KohDefects *defects, const char *dataset, gdouble share, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (defects->left_out == 0 || (gdouble) defects->left_out < share * (gdouble) defects->rows)
    return TRUE;
  g_set_error (
      error, KOH_ERROR, KOH_ERROR_DATA,
      "Dataset %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
      " rows break the schema, and on_error=skip %s lets only a smaller share be left out; the first: %s",
      dataset, defects->left_out, defects->rows, g_ascii_formatd (text, sizeof text, "%g", share),
      (const char *) defects->named->pdata[0]);
  return FALSE;
}
