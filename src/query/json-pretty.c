/* SPDX-License-Identifier: EUPL-1.2
 *
 * JSON for people and files: the canonical text, indented. json-glib's own generator writes 0.82 as
 * 0.81999999999999995, which the strict reader rightly refuses. */
#include "query/json.h"

static void
new_line (GString *out, guint depth)
{
  g_string_append_c (out, '\n');
  for (guint i = 0; i < depth; i++)
    g_string_append (out, "  ");
}

char *
koh_json_pretty (JsonNode *node)
{
  g_autofree char *text = koh_json_canonical (node);
  GString *out = g_string_new (NULL);
  gboolean quoted = FALSE;
  guint depth = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (quoted || *p == '"')
        {
          g_string_append_c (out, *p);
          if (*p == '\\')
            g_string_append_c (out, *++p);
          else if (*p == '"')
            quoted = !quoted;
        }
      else if (*p == '{' || *p == '[')
        {
          g_string_append_c (out, *p);
          if (p[1] == '}' || p[1] == ']')
            g_string_append_c (out, *++p);
          else
            new_line (out, ++depth);
        }
      else if (*p == '}' || *p == ']')
        {
          new_line (out, --depth);
          g_string_append_c (out, *p);
        }
      else
        {
          g_string_append_c (out, *p);
          if (*p == ',')
            new_line (out, depth);
          else if (*p == ':')
            g_string_append_c (out, ' ');
        }
    }
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
