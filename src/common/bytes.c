/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/bytes.h"

#include <string.h>

void
koh_writer_init (KohWriter *writer)
{
  writer->array = g_byte_array_new ();
}

void
koh_writer_clear (KohWriter *writer)
{
  g_clear_pointer (&writer->array, g_byte_array_unref);
}

GBytes *
koh_writer_end (KohWriter *writer)
{
  return g_byte_array_free_to_bytes (g_steal_pointer (&writer->array));
}

static void
write_little_endian (KohWriter *writer, guint64 value, guint size)
{
  guint8 bytes[8];

  for (guint i = 0; i < size; i++)
    bytes[i] = (guint8) (value >> (8 * i));
  g_byte_array_append (writer->array, bytes, size);
}

void koh_writer_u8  (KohWriter *writer, guint8 value)  { write_little_endian (writer, value, 1); }
void koh_writer_u16 (KohWriter *writer, guint16 value) { write_little_endian (writer, value, 2); }
void koh_writer_u32 (KohWriter *writer, guint32 value) { write_little_endian (writer, value, 4); }
void koh_writer_u64 (KohWriter *writer, guint64 value) { write_little_endian (writer, value, 8); }

void
koh_writer_raw (KohWriter *writer, const void *bytes, gsize size)
{
  g_assert (size <= G_MAXUINT32);
  if (size > 0)
    g_byte_array_append (writer->array, bytes, (guint) size);
}

void
koh_writer_bytes (KohWriter *writer, const void *bytes, gsize size)
{
  g_assert (size <= G_MAXUINT32);
  koh_writer_u32 (writer, (guint32) size);
  koh_writer_raw (writer, bytes, size);
}

void
koh_writer_string (KohWriter *writer, const char *text)
{
  koh_writer_bytes (writer, text, strlen (text));
}

void
koh_reader_init (KohReader *reader, const void *bytes, gsize size)
{
  *reader = (KohReader) { .bytes = bytes, .size = size };
}

void
koh_reader_init_bytes (KohReader *reader, GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  koh_reader_init (reader, data, size);
}

const guint8 *
koh_reader_borrow (KohReader *reader, gsize size)
{
  const guint8 *start;

  if (reader->failed || size > reader->size - reader->at)
    {
      reader->failed = TRUE;
      return NULL;
    }
  start = reader->bytes + reader->at;
  reader->at += size;
  return start;
}

static guint64
read_little_endian (KohReader *reader, guint size)
{
  const guint8 *bytes = koh_reader_borrow (reader, size);
  guint64 value = 0;

  for (guint i = 0; bytes != NULL && i < size; i++)
    value |= (guint64) bytes[i] << (8 * i);
  return value;
}

guint8  koh_reader_u8  (KohReader *reader) { return (guint8) read_little_endian (reader, 1); }
guint16 koh_reader_u16 (KohReader *reader) { return (guint16) read_little_endian (reader, 2); }
guint32 koh_reader_u32 (KohReader *reader) { return (guint32) read_little_endian (reader, 4); }
guint64 koh_reader_u64 (KohReader *reader) { return read_little_endian (reader, 8); }

gboolean
koh_reader_raw (KohReader *reader, void *bytes, gsize size)
{
  const guint8 *start = koh_reader_borrow (reader, size);

  if (start == NULL)
    {
      memset (bytes, 0, size);
      return FALSE;
    }
  if (size > 0)
    memcpy (bytes, start, size);
  return TRUE;
}

const guint8 *
koh_reader_bytes (KohReader *reader, gsize most, gsize *size)
{
  const guint8 *start;

  *size = koh_reader_u32 (reader);
  if (*size > most)
    reader->failed = TRUE;
  start = koh_reader_borrow (reader, *size);
  if (start == NULL)
    *size = 0;
  return start;
}

char *
koh_reader_string (KohReader *reader, gsize most)
{
  gsize size;
  const guint8 *bytes = koh_reader_bytes (reader, most, &size);

  if (bytes == NULL || !g_utf8_validate ((const char *) bytes, (gssize) size, NULL))
    {
      reader->failed = TRUE;
      return NULL;
    }
  return g_strndup ((const char *) bytes, size);
}

gsize
koh_reader_left (const KohReader *reader)
{
  return reader->failed ? 0 : reader->size - reader->at;
}

gboolean
koh_reader_end (const KohReader *reader)
{
  return !reader->failed && reader->at == reader->size;
}
