/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/bytes.h"

static void
what_is_written_is_read (void)
{
  g_auto (KohWriter) writer = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  KohReader reader;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, 0xfe);
  koh_writer_u16 (&writer, 0x1234);
  koh_writer_u32 (&writer, 0xdeadbeef);
  koh_writer_u64 (&writer, G_GUINT64_CONSTANT (0x0123456789abcdef));
  koh_writer_string (&writer, "blåbær");
  bytes = koh_writer_end (&writer);

  koh_reader_init_bytes (&reader, bytes);
  g_assert_cmpuint (koh_reader_u8 (&reader), ==, 0xfe);
  g_assert_cmpuint (koh_reader_u16 (&reader), ==, 0x1234);
  g_assert_cmpuint (koh_reader_u32 (&reader), ==, 0xdeadbeef);
  g_assert_cmpuint (koh_reader_u64 (&reader), ==, G_GUINT64_CONSTANT (0x0123456789abcdef));
  text = koh_reader_string (&reader, 100);
  g_assert_cmpstr (text, ==, "blåbær");
  g_assert_true (koh_reader_end (&reader));
}

static void
a_short_message_fails_and_reads_as_zeros (void)
{
  static const guint8 message[] = { 1, 2, 3, 4, 5 };

  for (gsize size = 0; size < 5; size++)
    {
      KohReader reader;

      koh_reader_init (&reader, message, size);
      koh_reader_u8 (&reader);
      koh_reader_u32 (&reader);
      g_assert_false (koh_reader_end (&reader));
      g_assert_cmpuint (koh_reader_u8 (&reader), ==, 0);
    }
}

static void
lengths_that_lie_are_refused (void)
{
  static const guint8 huge[] = { 0xff, 0xff, 0xff, 0xff, 'a' };
  static const guint8 nul[] = { 2, 0, 0, 0, 'a', 0 };
  KohReader reader;
  gsize size;

  koh_reader_init (&reader, huge, sizeof huge);
  g_assert_null (koh_reader_bytes (&reader, G_MAXSIZE, &size));
  g_assert_cmpuint (size, ==, 0);
  koh_reader_init (&reader, nul, sizeof nul);
  g_assert_null (koh_reader_string (&reader, 100));
  g_assert_true (reader.failed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common/bytes/what-is-written-is-read", what_is_written_is_read);
  g_test_add_func ("/common/bytes/a-short-message-fails", a_short_message_fails_and_reads_as_zeros);
  g_test_add_func ("/common/bytes/lengths-that-lie-are-refused", lengths_that_lie_are_refused);
  return g_test_run ();
}
