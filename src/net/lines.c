/* SPDX-License-Identifier: EUPL-1.2 */
#include "net/lines.h"

#include <sodium.h>
#include <string.h>

static const char *
end_of_line (const KohLines *lines)
{
  return lines->failed ? NULL : strchr (lines->at, '\n');
}

void
koh_lines_literal (KohLines *lines, const char *line)
{
  const char *end = end_of_line (lines);

  if (end == NULL || (gsize) (end - lines->at) != strlen (line) || !g_str_has_prefix (lines->at, line))
    lines->failed = TRUE;
  else
    lines->at = end + 1;
}

gboolean
koh_lines_starts (const KohLines *lines, const char *start)
{
  return !lines->failed && g_str_has_prefix (lines->at, start);
}

char *
koh_lines_value (KohLines *lines, const char *key)
{
  const char *end = end_of_line (lines), *value = NULL;
  gsize size = strlen (key);

  if (end != NULL && g_str_has_prefix (lines->at, key) && lines->at[size] == ':' &&
      lines->at[size + 1] == ' ')
    value = lines->at + size + 2;
  if (value == NULL || value > end)
    {
      lines->failed = TRUE;
      return g_strdup ("");
    }
  lines->at = end + 1;
  return g_strndup (value, (gsize) (end - value));
}

guint
koh_lines_number (KohLines *lines, const char *key, guint least, guint most)
{
  g_autofree char *text = koh_lines_value (lines, key);
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    lines->failed = TRUE;
  return (guint) value;
}

gboolean
koh_hex_read (const char *text, guint8 *bytes, gsize size)
{
  gsize n = 0;

  return strlen (text) == 2 * size && sodium_hex2bin (bytes, size, text, 2 * size, NULL, &n, NULL) == 0 &&
         n == size;
}

char *
koh_hex_write (const guint8 *bytes, gsize size)
{
  char *text = g_malloc (2 * size + 1);

  return sodium_bin2hex (text, 2 * size + 1, bytes, size);
}

void
koh_lines_hex (KohLines *lines, const char *key, guint8 *bytes, gsize size)
{
  g_autofree char *text = koh_lines_value (lines, key);

  if (!koh_hex_read (text, bytes, size))
    {
      lines->failed = TRUE;
      memset (bytes, 0, size);
    }
}

gboolean
koh_name_is_valid (const char *name)
{
  gsize size = strlen (name);

  if (size < 1 || size > 63 || !g_ascii_islower (name[0]) || name[size - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && name[i] != '-')
      return FALSE;
  return TRUE;
}

gboolean
koh_title_is_valid (const char *title)
{
  gsize size = strlen (title);

  if (size < 1 || size > 200 || !g_utf8_validate (title, (gssize) size, NULL) || title[0] == ' ' ||
      title[size - 1] == ' ')
    return FALSE;
  for (const char *c = title; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}
