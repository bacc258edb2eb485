/* SPDX-License-Identifier: EUPL-1.2
 *
 * The reader of comma-separated text on any bytes. What it reads must not depend on how the bytes arrive,
 * and what it accepts must come back the same when it is written anew with every field in quotes. */
#include "store/csv.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

typedef struct
{
  const guint8 *bytes;
  gsize size, most;
} Source;

static gssize
read_some (gpointer user_data, guint8 *bytes, gsize size, GError **error)
{
  Source *source = user_data;
  gsize n = MIN (MIN (size, source->most), source->size);

  if (n > 0)
    memcpy (bytes, source->bytes, n);
  source->bytes += n;
  source->size -= n;
  return (gssize) n;
}

/* The fields, quoted and with commas. NULL: refused, and *why tells the reason. */
static GByteArray *
rewrite (const guint8 *bytes, gsize size, gsize most, char separator, char **why)
{
  Source source = { bytes, size, most };
  g_autoptr (KohCsv) csv = koh_csv_new ("fuzz", separator, read_some, &source);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gboolean found;

  while (koh_csv_next (csv, &found, &error))
    {
      if (!found)
        return g_steal_pointer (&out);
      g_assert_cmpuint (koh_csv_width (csv), >, 0);
      for (guint i = 0; i < koh_csv_width (csv); i++)
        {
          gsize length;
          const char *text = koh_csv_field (csv, i, &length);

          g_assert_true (g_utf8_validate (text, -1, NULL) && strlen (text) == length);
          g_byte_array_append (out, (const guint8 *) (i > 0 ? ",\"" : "\""), i > 0 ? 2 : 1);
          for (gsize c = 0; c < length; c++)
            g_byte_array_append (out, (const guint8 *) (text[c] == '"' ? "\"\"" : text + c),
                                 text[c] == '"' ? 2 : 1);
          g_byte_array_append (out, (const guint8 *) "\"", 1);
        }
      g_byte_array_append (out, (const guint8 *) "\r\n", 2);
    }
  g_assert_nonnull (error);
  *why = g_strdup (error->message);
  return NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize size)
{
  static const char separators[] = { 0, ',', ';', '\t' };

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      g_autofree char *why = NULL, *other = NULL, *none = NULL;
      g_autoptr (GByteArray) whole = rewrite (bytes, size, G_MAXSIZE, separators[i], &why);
      g_autoptr (GByteArray) slow = rewrite (bytes, size, 1, separators[i], &other), again = NULL;

      g_assert_cmpstr (why, ==, other);
      if (whole == NULL)
        continue;
      g_assert_cmpmem (whole->data, whole->len, slow->data, slow->len);
      again = rewrite (whole->data, whole->len, 4096, ',', &none);
      g_assert_nonnull (again);
      g_assert_cmpmem (whole->data, whole->len, again->data, again->len);
    }
  return 0;
}
