/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/csv.h"

#include <gio/gio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "tests/fuzz/fuzz.h"

typedef struct
{
  const char *text;
  gsize size, repeat; /* the text comes so many times more */
  gsize at;
} Source;

static gssize
read_text (gpointer user_data, guint8 *bytes, gsize size, GError **error)
{
  Source *source = user_data;
  gsize n = MIN (size, source->size - source->at);

  memcpy (bytes, source->text + source->at, n);
  source->at += n;
  if (source->at == source->size && source->repeat > 0)
    {
      source->at = 0;
      source->repeat--;
    }
  return (gssize) n;
}

/* "a|b/1|2/": fields and rows, or the message. */
static char *
read_all (Source source, char separator)
{
  g_autoptr (KohCsv) csv = koh_csv_new ("f.csv", separator, read_text, &source);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean found;

  while (koh_csv_next (csv, &found, &error) && found)
    {
      for (guint i = 0; i < koh_csv_width (csv); i++)
        g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", koh_csv_field (csv, i, NULL));
      g_string_append_c (text, '/');
    }
  if (error == NULL)
    return g_string_free (g_steal_pointer (&text), FALSE);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_DATA);
  return g_strdup (error->message);
}

static const struct
{
  const char *text;
  char separator;
  const char *read;
} cases[] = {
  { "a,b\n1,2\n", 0, "a|b/1|2/" },
  { "a;b\r\n1;2,5\r\n", 0, "a|b/1|2,5/" },
  { "a,b\n1;x,2\n", 0, "a|b/1;x|2/" },
  { "a\tb\n1\t2", '\t', "a|b/1|2/" },
  { "a;b,c\n1;2,3\n", ';', "a|b,c/1|2,3/" },
  { "\"a;b\",c\n1,2\n", 0, "a;b|c/1|2/" },
  { "\xef\xbb\xbf"
    "a,b\n",
    0, "a|b/" },
  { "\xef\xbb\xbf\"a\",b\n", 0, "a|b/" },
  { "a,b\n\"x\"\"y\",\"\"\n", 0, "a|b/x\"y|/" },
  { "a,b\n\"1\n2\",3\n4,5", 0, "a|b/1\n2|3/4|5/" },
  { "a\n1\n\n", 0, "a/1//" },
  { "a,b\n,\n", 0, "a|b/|/" },
  { "a,b\n 1, 2 \n", 0, "a|b/ 1| 2 /" },
  { "a;b,c\n", 0, "f.csv, line 1, column 1: the header has both “,” and “;”; write separator= in peer.ini" },
  { "", 0, "f.csv, line 1, column 1: the file is empty; its first line must be a header" },
  { "\xef\xbb\xbf", 0, "f.csv, line 1, column 1: the file is empty; its first line must be a header" },
  { "a,b\n1,2\n3\n", 0, "f.csv, line 3, column 1 (a): the row ends after 1 of 2 fields" },
  { "a,b\n1,2\n\n", 0, "f.csv, line 3, column 1 (a): the row ends after 1 of 2 fields" },
  { "a,b\n1,2,3\n", 0, "f.csv, line 2, column 3: there are more fields than the 2 of the header" },
  { "a,b\n1,\"2\n3,4\n5,6\n", 0, "f.csv, line 2, column 2 (b): the quote that begins there is never closed" },
  { "a,b\n\"1\n2\",\"3\n", 0, "f.csv, line 3, column 2 (b): the quote that begins there is never closed" },
  { "a,b\n\"1\" ,2\n", 0, "f.csv, line 2, column 1 (a): text follows the closing quote" },
  { "a,b\n1\"2,3\n", 0, "column 1 (a): a quote stands inside a field that does not begin with one" },
  { "a,b\r1,2\r", 0, "f.csv, line 1, column 2: a carriage return stands there without a line feed" },
  { "a,b\n1,2\r", 0, "f.csv, line 2, column 2 (b): a carriage return stands there without a line feed" },
  { "a,b\nS\xf8ren,2\n", 0, "f.csv, line 2, column 1 (a): the text is not UTF-8" },
  { "0101801234,b\nx\n", 0, "f.csv, line 2, column 1: the row ends after 1 of 2 fields" },
};

static void
rows_are_read_or_refused_by_line_and_column (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Source source = { cases[i].text, strlen (cases[i].text), 0, 0 };
      g_autofree char *read = read_all (source, cases[i].separator);

      if (g_str_has_suffix (cases[i].read, "/"))
        g_assert_cmpstr (read, ==, cases[i].read);
      else if (strstr (read, cases[i].read) == NULL)
        g_error ("case %u: expected “%s”, got “%s”", i, cases[i].read, read);
    }
}

static void
a_nul_byte_is_refused (void)
{
  static const char text[] = "a,b\n1,\0002\n", quoted[] = "a,b\n1,\"\0\"\n";
  Source plain = { text, sizeof text - 1, 0, 0 }, within = { quoted, sizeof quoted - 1, 0, 0 };
  g_autofree char *one = read_all (plain, 0), *two = read_all (within, 0);

  g_assert_nonnull (strstr (one, "f.csv, line 2, column 2 (b): there is a NUL byte"));
  g_assert_nonnull (strstr (two, "f.csv, line 2, column 2 (b): there is a NUL byte"));
}

/* Without ever holding more than a megabyte of it. */
static void
a_field_of_a_gigabyte_is_refused (void)
{
  g_autofree char *block = g_strnfill (1 << 16, 'x');
  Source source = { block, 1 << 16, 1 << 14, 0 };
  g_autofree char *read = read_all (source, ',');

  g_assert_cmpstr (read, ==,
                   "f.csv, line 1, column 1: the field has more than a million bytes; is a quote missing?");
}

static void
a_row_of_many_large_fields_is_refused (void)
{
  g_autofree char *block = g_strnfill (1 << 16, 'x');
  Source source = { block, 1 << 16, 1 << 14, 0 };
  g_autofree char *read = NULL;

  block[0] = ',';
  read = read_all (source, ',');
  g_assert_nonnull (strstr (read, "the row has more than sixteen million bytes"));
}

static gssize
read_error (gpointer user_data, guint8 *bytes, gsize size, GError **error)
{
  guint *left = user_data;

  if ((*left)-- == 0)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_DATA, "the disk is gone");
      return -1;
    }
  memset (bytes, ',', 1);
  return 1;
}

static void
an_error_of_the_disk_is_passed_on (void)
{
  for (guint n = 0; n < 5; n++)
    {
      guint left = n;
      g_autoptr (KohCsv) csv = koh_csv_new ("f.csv", ',', read_error, &left);
      g_autoptr (GError) error = NULL;
      gboolean found;

      g_assert_false (koh_csv_next (csv, &found, &error));
      g_assert_cmpstr (error->message, ==, "the disk is gone");
      g_assert_false (found);
    }
}

static void
stored_inputs_do_no_harm (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("KOH_TEST_SOURCE"), "fuzz", "corpus", "csv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint read = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;
      g_autoptr (GBytes) bytes = koh_place_read (path, 1u << 21, &error);
      Source source = { 0 };
      gsize size;
      const char *data;

      g_assert_no_error (error);
      data = g_bytes_get_data (bytes, &size);
      source = (Source){ data != NULL ? data : "", size, 0, 0 };
      LLVMFuzzerTestOneInput ((const guint8 *) source.text, size);
      text = read_all (source, 0);
      g_assert_true (g_str_has_prefix (text, "f.csv, line ") == g_str_has_prefix (name, "bad-"));
      read++;
    }
  g_assert_cmpuint (read, >=, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/csv/rows-are-read-or-refused-by-line-and-column",
                   rows_are_read_or_refused_by_line_and_column);
  g_test_add_func ("/store/csv/a-nul-byte-is-refused", a_nul_byte_is_refused);
  g_test_add_func ("/store/csv/a-field-of-a-gigabyte-is-refused", a_field_of_a_gigabyte_is_refused);
  g_test_add_func ("/store/csv/a-row-of-many-large-fields-is-refused", a_row_of_many_large_fields_is_refused);
  g_test_add_func ("/store/csv/an-error-of-the-disk-is-passed-on", an_error_of_the_disk_is_passed_on);
  g_test_add_func ("/store/csv/stored-inputs-do-no-harm", stored_inputs_do_no_harm);
  return g_test_run ();
}
