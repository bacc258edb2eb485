/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reads files from standard input, each a separator (or NUL), a 32-bit little-endian length and its bytes,
 * and answers with the fields: for each row its number of fields, for each field its length and bytes; then 0
 * for the end, or 2^32−1 and a message. For csv-differential.py. */
#include <stdio.h>
#include <string.h>

#include "store/csv.h"

typedef struct
{
  const guint8 *bytes;
  gsize size;
} Source;

static gssize
read_rest (gpointer user_data, guint8 *bytes, gsize size, GError **error)
{
  Source *source = user_data;
  gsize n = MIN (size, source->size);

  memcpy (bytes, source->bytes, n);
  source->bytes += n;
  source->size -= n;
  return (gssize) n;
}

static void
put (guint32 number)
{
  number = GUINT32_TO_LE (number);
  fwrite (&number, sizeof number, 1, stdout);
}

static void
put_text (const char *text, gsize size)
{
  put ((guint32) size);
  fwrite (text, 1, size, stdout);
}

static void
answer (const guint8 *bytes, gsize size, char separator)
{
  Source source = { bytes, size };
  g_autoptr (KohCsv) csv = koh_csv_new ("file", separator, read_rest, &source);
  g_autoptr (GError) error = NULL;
  gboolean found;

  while (koh_csv_next (csv, &found, &error) && found)
    {
      put (koh_csv_width (csv));
      for (guint i = 0; i < koh_csv_width (csv); i++)
        {
          gsize length;
          const char *text = koh_csv_field (csv, i, &length);

          put_text (text, length);
        }
    }
  put (error != NULL ? G_MAXUINT32 : 0);
  if (error != NULL)
    put_text (error->message, strlen (error->message));
}

int
main (void)
{
  guint8 head[5];

  while (fread (head, sizeof head, 1, stdin) == 1)
    {
      gsize size = (gsize) head[1] | (gsize) head[2] << 8 | (gsize) head[3] << 16 | (gsize) head[4] << 24;
      g_autofree guint8 *bytes = g_malloc (MAX (size, 1));

      if (size > 0 && fread (bytes, size, 1, stdin) != 1)
        return 1;
      answer (bytes, size, (char) head[0]);
    }
  return 0;
}
