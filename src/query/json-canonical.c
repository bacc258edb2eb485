/* SPDX-License-Identifier: EUPL-1.2
 *
 * The canonical form of RFC 8785: one text for one value, over which hashes and signatures are made.
 * No space, members in the order of their UTF-16 code units, numbers as ECMAScript prints them. */
#include "query/json.h"

#include <math.h>
#include <string.h>

static void append_node (GString *into, JsonNode *node);

/* In UTF-16, characters beyond U+FFFF are written with units D800…DFFF, which come before E000…FFFF. So
 * the order of code units is that of code points, but for these: they are moved up above the rest. */
static guint32
rank (gunichar c)
{
  return c >= 0xe000 && c <= 0xffff ? c + 0x110000 : c;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const char *x = *(const char *const *) a, *y = *(const char *const *) b;

  while (*x != '\0' && *y != '\0')
    {
      guint32 p = rank (g_utf8_get_char (x)), q = rank (g_utf8_get_char (y));

      if (p != q)
        return p < q ? -1 : 1;
      x = g_utf8_next_char (x);
      y = g_utf8_next_char (y);
    }
  return (*x != '\0') - (*y != '\0');
}

static void
append_string (GString *into, const char *text)
{
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

  g_string_append_c (into, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      const char *hit = strchr (from, *p);

      if (hit != NULL)
        g_string_append_printf (into, "\\%c", to[hit - from]);
      else if ((guint8) *p < 0x20)
        g_string_append_printf (into, "\\u%04x", (guint8) *p);
      else
        g_string_append_c (into, *p);
    }
  g_string_append_c (into, '"');
}

/* Number::toString of ECMA-262: the fewest digits s that give the same double back, value = s · 10^(n−k)
 * with k digits, then plain notation for −6 < n ≤ 21 and scientific notation elsewhere. */
static void
append_double (GString *into, gdouble value)
{
  char scientific[40], digits[24];
  gint n, k = 0;

  g_assert (isfinite (value));
  if (value < 0)
    g_string_append_c (into, '-');
  value = fabs (value);
  for (gint precision = 0; precision <= 16; precision++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (scientific, sizeof scientific, format, value);
      if (g_ascii_strtod (scientific, NULL) == value)
        break;
    }
  for (const char *p = scientific; *p != 'e'; p++)
    if (*p != '.')
      digits[k++] = *p;
  while (k > 1 && digits[k - 1] == '0')
    k--;
  digits[k] = '\0';
  n = (gint) g_ascii_strtoll (strchr (scientific, 'e') + 1, NULL, 10) + 1;
  if (value == 0)
    g_string_append_c (into, '0');
  else if (n > 21 || n <= -6)
    g_string_append_printf (into, "%c%s%se%s%d", digits[0], k > 1 ? "." : "", digits + 1, n > 0 ? "+" : "",
                            n - 1);
  else if (n <= 0)
    {
      g_string_append (into, "0.");
      for (gint i = n; i < 0; i++)
        g_string_append_c (into, '0');
      g_string_append (into, digits);
    }
  else
    {
      for (gint i = 0; i < MAX (n, k); i++)
        {
          if (i == n)
            g_string_append_c (into, '.');
          g_string_append_c (into, i < k ? digits[i] : '0');
        }
    }
}

static void
append_object (GString *into, JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);
  g_ptr_array_sort (names, compare_names);
  g_string_append_c (into, '{');
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append_c (into, ',');
      append_string (into, names->pdata[i]);
      g_string_append_c (into, ':');
      append_node (into, json_object_get_member (object, names->pdata[i]));
    }
  g_string_append_c (into, '}');
}

static void
append_array (GString *into, JsonArray *array)
{
  g_string_append_c (into, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (into, ',');
      append_node (into, json_array_get_element (array, i));
    }
  g_string_append_c (into, ']');
}

static void
append_node (GString *into, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (into, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (into, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (into, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    append_string (into, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (into, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    g_string_append_printf (into, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    append_double (into, json_node_get_double (node));
}

char *
koh_json_canonical (JsonNode *node)
{
  GString *into = g_string_new (NULL);

  append_node (into, node);
  return g_string_free (into, FALSE);
}

KohHash
koh_json_hash (const char *label, JsonNode *node)
{
  g_autofree char *text = koh_json_canonical (node);

  return koh_hash_of (label, text, strlen (text));
}
