/* SPDX-License-Identifier: EUPL-1.2
 *
 * A bounded writer and reader of binary messages. Integers are little-endian. A reader never reads
 * past its end: the first failed read makes it fail for good, values read after that are zero, and
 * the caller asks once, at the end, with koh_reader_end(). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GByteArray *array;
} KohWriter;

void    koh_writer_init   (KohWriter *writer);
void    koh_writer_clear  (KohWriter *writer);
GBytes *koh_writer_end    (KohWriter *writer); /* gives the bytes; the writer is empty afterwards */
void    koh_writer_u8     (KohWriter *writer, guint8 value);
void    koh_writer_u16    (KohWriter *writer, guint16 value);
void    koh_writer_u32    (KohWriter *writer, guint32 value);
void    koh_writer_u64    (KohWriter *writer, guint64 value);
void    koh_writer_raw    (KohWriter *writer, const void *bytes, gsize size);
void    koh_writer_bytes  (KohWriter *writer, const void *bytes, gsize size); /* u32 length first */
void    koh_writer_string (KohWriter *writer, const char *text);              /* as bytes */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KohWriter, koh_writer_clear)

typedef struct
{
  const guint8 *bytes;
  gsize size;
  gsize at;
  gboolean failed;
} KohReader;

void          koh_reader_init   (KohReader *reader, const void *bytes, gsize size);
void          koh_reader_init_bytes (KohReader *reader, GBytes *bytes); /* borrows */
guint8        koh_reader_u8     (KohReader *reader);
guint16       koh_reader_u16    (KohReader *reader);
guint32       koh_reader_u32    (KohReader *reader);
guint64       koh_reader_u64    (KohReader *reader);
gboolean      koh_reader_raw    (KohReader *reader, void *bytes, gsize size);
const guint8 *koh_reader_borrow (KohReader *reader, gsize size);             /* NULL past the end */
const guint8 *koh_reader_bytes  (KohReader *reader, gsize most, gsize *size); /* u32 length first */
char         *koh_reader_string (KohReader *reader, gsize most); /* valid UTF-8 without NUL; else fails, NULL */
gsize         koh_reader_left   (const KohReader *reader);

/* TRUE when all reads succeeded and nothing is left over. */
gboolean      koh_reader_end    (const KohReader *reader);

G_END_DECLS
