/* SPDX-License-Identifier: EUPL-1.2
 *
 * The reader of JSON from outside. It builds the tree itself, so that no second parser can understand
 * the bytes in another way than the one that checked them. Every value is bounded before it is made,
 * and every refusal names line and column. */
#include "query/json.h"

#include <string.h>

#include "common/error.h"

#define MOST_LEVELS 32
#define MOST_MEMBERS 4096 /* of one object; keeps the search for duplicates cheap for any choice of names */
#define MOST_NUMBER 9007199254740992.0 /* 2^53: below it every integer is a double */
#define MOST_DECIMALS 6
#define MOST_DIGITS 64

typedef struct
{
  const char *text;
  gsize size;
  gsize at;
  guint depth;
  const char *what;
  GError **error;
} Scan;

static JsonNode *read_value (Scan *scan);

/* Lines end with LF; a column is a character, not a byte. Both begin at 1. */
static void
place (const Scan *scan, gsize at, guint *line, guint *column)
{
  *line = *column = 1;
  for (gsize i = 0; i < at && i < scan->size; i++)
    {
      guint8 c = (guint8) scan->text[i];

      if (c == '\n')
        {
          *line += 1;
          *column = 1;
        }
      else if ((c & 0xc0) != 0x80)
        *column += 1;
    }
}

static gpointer
refuse (const Scan *scan, gsize at, const char *why)
{
  guint line, column;

  place (scan, at, &line, &column);
  g_set_error (scan->error, KOH_ERROR, KOH_ERROR_INVALID, "%s, line %u, column %u: %s", scan->what, line,
               column, why);
  return NULL;
}

/* The byte at hand; 0 at the end, which is no byte of a JSON text since NUL is refused first. */
static char
peek (const Scan *scan)
{
  return scan->at < scan->size ? scan->text[scan->at] : '\0';
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->size && strchr (" \t\n\r", scan->text[scan->at]) != NULL)
    scan->at++;
}

static gboolean
read_hex (Scan *scan, guint *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      gint digit = g_ascii_xdigit_value (peek (scan));

      if (digit < 0)
        return FALSE;
      *unit = *unit * 16 + (guint) digit;
    }
  return TRUE;
}

/* After "\u": one code unit, or a pair of surrogates that makes one character. */
static gboolean
read_unicode (Scan *scan, GString *into)
{
  gsize from = scan->at - 2;
  guint unit, low;

  if (!read_hex (scan, &unit))
    return refuse (scan, from, "\\u needs four hexadecimal digits") != NULL;
  if (unit == 0)
    return refuse (scan, from, "the character \\u0000 is not allowed") != NULL;
  if (unit >= 0xdc00 && unit <= 0xdfff)
    return refuse (scan, from, "a low surrogate stands alone") != NULL;
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      if (scan->size - scan->at < 6 || scan->text[scan->at] != '\\' || scan->text[scan->at + 1] != 'u')
        return refuse (scan, from, "a high surrogate stands alone") != NULL;
      scan->at += 2;
      if (!read_hex (scan, &low) || low < 0xdc00 || low > 0xdfff)
        return refuse (scan, from, "a high surrogate stands alone") != NULL;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
  g_string_append_unichar (into, unit);
  return TRUE;
}

static gboolean
read_escape (Scan *scan, GString *into)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c;
  const char *hit;

  scan->at++;
  c = peek (scan);
  if (c == 'u')
    {
      scan->at++;
      return read_unicode (scan, into);
    }
  hit = c == '\0' ? NULL : strchr (from, c);
  if (hit == NULL)
    return refuse (scan, scan->at - 1, "an unknown escape in a string") != NULL;
  g_string_append_c (into, to[hit - from]);
  scan->at++;
  return TRUE;
}

/* The text was checked as UTF-8 as a whole, so bytes of a string are copied as they are. */
static char *
read_string (Scan *scan)
{
  g_autoptr (GString) into = g_string_new (NULL);
  gsize from = scan->at++;

  while (scan->at < scan->size && scan->text[scan->at] != '"')
    {
      guint8 c = (guint8) scan->text[scan->at];

      if (c < 0x20)
        return refuse (scan, scan->at, "a control character in a string must be escaped");
      if (c == '\\')
        {
          if (!read_escape (scan, into))
            return NULL;
        }
      else
        {
          g_string_append_c (into, (char) c);
          scan->at++;
        }
    }
  if (scan->at >= scan->size)
    return refuse (scan, from, "a string is not closed");
  scan->at++;
  return g_string_free (g_steal_pointer (&into), FALSE);
}

static guint
skip_digits (Scan *scan)
{
  gsize from = scan->at;

  while (g_ascii_isdigit (peek (scan)))
    scan->at++;
  return (guint) (scan->at - from);
}

/* A number without exponent: those below 2^53 with at most six decimals never need one, and the
 * canonical form never writes one for them. 1.0 is the integer 1: equal numbers make equal trees. */
static JsonNode *
read_number (Scan *scan)
{
  char digits[MOST_DIGITS + 1];
  gsize from = scan->at, size;
  guint whole, decimals = 0;
  gdouble value;
  char c;

  if (peek (scan) == '-')
    scan->at++;
  c = peek (scan);
  whole = skip_digits (scan);
  if (whole == 0)
    return refuse (scan, from, "a value is expected here");
  if (whole > 1 && c == '0')
    return refuse (scan, from, "a number may not begin with 0");
  if (peek (scan) == '.')
    {
      scan->at++;
      decimals = skip_digits (scan);
      if (decimals == 0)
        return refuse (scan, from, "a decimal point needs digits after it");
      if (decimals > MOST_DECIMALS)
        return refuse (scan, from, "a number may have six decimals at most");
    }
  if (peek (scan) == 'e' || peek (scan) == 'E')
    return refuse (scan, from, "a number may not have an exponent: write it out");
  size = scan->at - from;
  if (size > MOST_DIGITS)
    return refuse (scan, from, "a number must be smaller than 2^53");
  memcpy (digits, scan->text + from, size);
  digits[size] = '\0';
  value = g_ascii_strtod (digits, NULL);
  if (!(value < MOST_NUMBER && value > -MOST_NUMBER))
    return refuse (scan, from, "a number must be smaller than 2^53");
  if (value == (gdouble) (gint64) value)
    return json_node_init_int (json_node_alloc (), (gint64) value);
  return json_node_init_double (json_node_alloc (), value);
}

static JsonNode *
read_word (Scan *scan)
{
  static const struct
  {
    const char *word;
    gboolean value;
  } words[] = { { "true", TRUE }, { "false", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize size = strlen (words[i].word);

      if (scan->size - scan->at >= size && memcmp (scan->text + scan->at, words[i].word, size) == 0)
        {
          scan->at += size;
          return json_node_init_boolean (json_node_alloc (), words[i].value);
        }
    }
  if (scan->size - scan->at >= 4 && memcmp (scan->text + scan->at, "null", 4) == 0)
    {
      scan->at += 4;
      return json_node_init_null (json_node_alloc ());
    }
  return refuse (scan, scan->at,
                 scan->at < scan->size ? "a value is expected here" : "the text ends too early");
}

/* After a member or an element: TRUE to go on with the next, FALSE at the end or with an error. */
static gboolean
next_item (Scan *scan, char close, gboolean *failed)
{
  skip_space (scan);
  if (peek (scan) == ',')
    {
      scan->at++;
      skip_space (scan);
      return TRUE;
    }
  *failed = peek (scan) != close;
  if (*failed)
    refuse (scan, scan->at,
            scan->at >= scan->size ? "the text ends too early"
            : close == '}'         ? "“,” or “}” is expected here"
                                   : "“,” or “]” is expected here");
  else
    scan->at++;
  return FALSE;
}

static gboolean
read_member (Scan *scan, JsonObject *object)
{
  g_autofree char *name = NULL;
  gsize from = scan->at;
  JsonNode *value;

  if (peek (scan) != '"')
    return refuse (scan, from,
                   scan->at < scan->size ? "the name of a member is expected here"
                                         : "the text ends too early") != NULL;
  name = read_string (scan);
  if (name == NULL)
    return FALSE;
  if (json_object_has_member (object, name))
    return refuse (scan, from, "a member stands twice in an object") != NULL;
  if (json_object_get_size (object) >= MOST_MEMBERS)
    return refuse (scan, from, "an object has too many members") != NULL;
  skip_space (scan);
  if (peek (scan) != ':')
    return refuse (scan, scan->at, "“:” is expected here") != NULL;
  scan->at++;
  value = read_value (scan);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static JsonNode *
read_object (Scan *scan)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean failed = FALSE;

  scan->at++;
  skip_space (scan);
  if (peek (scan) == '}')
    scan->at++;
  else
    do
      {
        if (!read_member (scan, object))
          return NULL;
      }
    while (next_item (scan, '}', &failed));
  return failed ? NULL : json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_array (Scan *scan)
{
  g_autoptr (JsonArray) array = json_array_new ();
  gboolean failed = FALSE;

  scan->at++;
  skip_space (scan);
  if (peek (scan) == ']')
    scan->at++;
  else
    do
      {
        JsonNode *value = read_value (scan);

        if (value == NULL)
          return NULL;
        json_array_add_element (array, value);
      }
    while (next_item (scan, ']', &failed));
  return failed ? NULL : json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
read_value (Scan *scan)
{
  JsonNode *node;
  char c;

  skip_space (scan);
  c = peek (scan);
  if (c == '{' || c == '[')
    {
      if (scan->depth == MOST_LEVELS)
        return refuse (scan, scan->at, "more than 32 levels");
      scan->depth++;
      node = c == '{' ? read_object (scan) : read_array (scan);
      scan->depth--;
      return node;
    }
  if (c == '"')
    {
      g_autofree char *text = read_string (scan);

      return text == NULL ? NULL : json_node_init_string (json_node_alloc (), text);
    }
  if (c == '-' || g_ascii_isdigit (c))
    return read_number (scan);
  return read_word (scan);
}

JsonNode *
koh_json_parse (const char *text, gssize size, const char *what, GError **error)
{
  Scan scan = { text, size < 0 ? strlen (text) : (gsize) size, 0, 0, what, error };
  g_autoptr (JsonNode) node = NULL;
  const char *end;

  if (scan.size > KOH_JSON_MOST)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s has %" G_GSIZE_FORMAT " bytes; at most %u are read", what, scan.size, KOH_JSON_MOST);
      return NULL;
    }
  if (!g_utf8_validate_len (text, scan.size, &end))
    return refuse (&scan, (gsize) (end - text), "a byte that is not UTF-8, or a NUL");
  if (scan.size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    return refuse (&scan, 0, "a byte order mark; save the text as UTF-8 without it");
  node = read_value (&scan);
  if (node == NULL)
    return NULL;
  skip_space (&scan);
  if (scan.at < scan.size)
    return refuse (&scan, scan.at, "something follows the end of the value");
  return g_steal_pointer (&node);
}
