/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/text.h"

static gboolean
changes_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

gboolean
koh_text_plain (const char *text, KohTextKind kind)
{
  glong most = kind == KOH_TEXT_LINE ? 1000 : 10000;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), most--)
    {
      gunichar c = g_utf8_get_char (p);
      gboolean breaks = c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029;

      if (most == 0 || changes_direction (c) || (breaks && kind == KOH_TEXT_LINE) ||
          (!breaks && g_unichar_iscntrl (c)))
        return FALSE;
    }
  return TRUE;
}

gboolean
koh_text_name (const char *text)
{
  guint i;

  if (!g_ascii_isalpha (text[0]))
    return FALSE;
  for (i = 1; text[i] != '\0'; i++)
    if (i == 64 || (!g_ascii_isalnum (text[i]) && text[i] != '_'))
      return FALSE;
  return TRUE;
}
