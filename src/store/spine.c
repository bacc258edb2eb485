/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where the owner's persons stand: records of a ten-byte key and a position, sorted by key. The file
 * is "KOHSPIN1", the number of positions, the number of records, the records, and a BLAKE2b of all that;
 * integers little-endian. It names persons, so that its mode is 0600 and memory is wiped. */
#include "store/store.h"

#include <string.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/place.h"

#define KEY 10
#define RECORD (KEY + 4)
#define MAGIC "KOHSPIN1"
#define MOST_BYTES ((gsize) 4 << 30)

struct _KohSpine
{
  guint positions;
  GByteArray *records;
};

static guint32
position_at (const guint8 *record)
{
  return (guint32) record[KEY] | (guint32) record[KEY + 1] << 8 | (guint32) record[KEY + 2] << 16 |
         (guint32) record[KEY + 3] << 24;
}

KohSpine *
koh_spine_new (guint positions)
{
  KohSpine *spine = g_new0 (KohSpine, 1);

  spine->positions = positions;
  spine->records = g_byte_array_new ();
  return spine;
}

void
koh_spine_free (KohSpine *spine)
{
  if (spine == NULL)
    return;
  sodium_memzero (spine->records->data, spine->records->len);
  g_byte_array_unref (spine->records);
  g_free (spine);
}

void
koh_spine_add (KohSpine *spine, const char *person, guint position)
{
  guint8 record[RECORD];

  g_return_if_fail (strlen (person) == KEY && position < spine->positions);
  memcpy (record, person, KEY);
  for (guint i = 0; i < 4; i++)
    record[KEY + i] = (guint8) (position >> (8 * i));
  g_byte_array_append (spine->records, record, RECORD);
}

static int
compare (const void *a, const void *b)
{
  return memcmp (a, b, KEY);
}

/* A key that was added twice stands once. */
void
koh_spine_sort (KohSpine *spine)
{
  guint8 *data = spine->records->data;
  gsize n = koh_spine_size (spine), kept = 0;

  if (n == 0)
    return;
  qsort (data, n, RECORD, compare);
  for (gsize i = 0; i < n; i++)
    if (i == 0 || compare (data + (kept - 1) * RECORD, data + i * RECORD) != 0)
      memmove (data + kept++ * RECORD, data + i * RECORD, RECORD);
  g_byte_array_set_size (spine->records, (guint) (kept * RECORD));
}

gint64
koh_spine_find (const KohSpine *spine, const char *person)
{
  gsize low = 0, high = koh_spine_size (spine);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const guint8 *record = spine->records->data + middle * RECORD;
      int order = memcmp (person, record, KEY);

      if (order == 0)
        return position_at (record);
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return -1;
}

guint
koh_spine_positions (const KohSpine *spine)
{
  return spine->positions;
}

gsize
koh_spine_size (const KohSpine *spine)
{
  return spine->records->len / RECORD;
}

/* ---- The file -------------------------------------------------------------------------------- */

gboolean
koh_spine_save (const KohSpine *spine, const char *path, GError **error)
{
  g_auto (KohWriter) writer = { NULL };
  g_autoptr (GBytes) bytes = NULL;
  KohHash hash;
  gboolean ok;

  koh_writer_init (&writer);
  koh_writer_raw (&writer, MAGIC, strlen (MAGIC));
  koh_writer_u32 (&writer, spine->positions);
  koh_writer_u64 (&writer, koh_spine_size (spine));
  koh_writer_raw (&writer, spine->records->data, spine->records->len);
  hash = koh_hash_of ("kohorte/spine/1", writer.array->data, writer.array->len);
  koh_writer_raw (&writer, hash.bytes, sizeof hash.bytes);
  bytes = koh_writer_end (&writer);
  ok = koh_place_write (path, bytes, 0600, error);
  sodium_memzero ((void *) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return ok;
}

static gboolean
damaged (const char *path, GError **error)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s is damaged; remove it, and the peer enrols anew", path);
  return FALSE;
}

static gboolean
records_are_sound (const KohSpine *spine)
{
  const guint8 *data = spine->records->data;

  for (gsize i = 0; i < koh_spine_size (spine); i++)
    if (position_at (data + i * RECORD) >= spine->positions ||
        (i > 0 && memcmp (data + (i - 1) * RECORD, data + i * RECORD, KEY) >= 0))
      return FALSE;
  return TRUE;
}

static KohSpine *
parse (const char *path, GBytes *bytes, GError **error)
{
  gsize size = g_bytes_get_size (bytes);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  g_autoptr (KohSpine) spine = NULL;
  const guint8 *magic, *records;
  KohReader reader;
  KohHash hash;
  guint positions;
  guint64 n;

  if (size < sizeof hash.bytes)
    {
      damaged (path, error);
      return NULL;
    }
  hash = koh_hash_of ("kohorte/spine/1", data, size - sizeof hash.bytes);
  koh_reader_init (&reader, data, size - sizeof hash.bytes);
  magic = koh_reader_borrow (&reader, strlen (MAGIC));
  positions = koh_reader_u32 (&reader);
  n = koh_reader_u64 (&reader);
  records = n <= G_MAXUINT / RECORD ? koh_reader_borrow (&reader, (gsize) n * RECORD) : NULL;
  if (!koh_reader_end (&reader) || records == NULL || memcmp (magic, MAGIC, strlen (MAGIC)) != 0 ||
      memcmp (hash.bytes, data + size - sizeof hash.bytes, sizeof hash.bytes) != 0)
    {
      damaged (path, error);
      return NULL;
    }
  spine = koh_spine_new (positions);
  g_byte_array_append (spine->records, records, (guint) n * RECORD);
  if (!records_are_sound (spine))
    {
      damaged (path, error);
      return NULL;
    }
  return g_steal_pointer (&spine);
}

KohSpine *
koh_spine_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = koh_place_read (path, MOST_BYTES, error);
  KohSpine *spine = bytes != NULL ? parse (path, bytes, error) : NULL;

  if (bytes != NULL)
    sodium_memzero ((void *) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return spine;
}
