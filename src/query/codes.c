/* SPDX-License-Identifier: EUPL-1.2
 *
 * The built-in list of codes. It is split into rows once, in place; a table finds a code, and one folded
 * string a row (code and both labels, lower case) is what a search looks through: no allocation and no
 * folding while somebody types. */
#include "query/codes.h"

#include <gio/gio.h>
#include <string.h>

#include "query-resources.h"

#define LEAST_STEM 3 /* a shorter listed code is a group; that a code lies in it tells nothing */

typedef struct
{
  GPtrArray *codes;  /* of KohCode, in the order of the list */
  GPtrArray *folded; /* of char *, one a code */
  GHashTable *found; /* "SYSTEM:CODE" → KohCode */
  GHashTable *begun; /* "SYSTEM:PREFIX" of every listed code that can be asked for */
  GHashTable *systems;
} List;

static gboolean
is_range (const char *code)
{
  return strchr (code, '-') != NULL && code[1] != '\0';
}

static void
add_code (List *list, char **cells)
{
  KohCode *code = g_new0 (KohCode, 1);
  g_autofree char *all = g_strjoin (" ", cells[1], cells[3], cells[4], NULL);
  g_autofree char *key = g_strconcat (cells[0], ":", cells[1], NULL);
  gsize stem = strlen (cells[0]) + 1;

  code->system = cells[0];
  code->code = cells[1];
  code->parent = g_str_equal (cells[2], "-") ? NULL : cells[2];
  code->da = cells[3];
  code->en = cells[4];
  g_ptr_array_add (list->codes, code);
  g_ptr_array_add (list->folded, g_utf8_strdown (all, -1));
  g_hash_table_insert (list->found, g_strdup (key), code);
  g_hash_table_add (list->systems, cells[0]);
  if (!is_range (code->code))
    for (gsize size = strlen (key); size > stem; size--)
      g_hash_table_add (list->begun, g_strndup (key, size));
}

/* Splits @line at tabs, in place, into exactly five cells. */
static gboolean
split (char *line, char *cells[5])
{
  for (guint i = 0; i < 5; i++)
    {
      char *tab = strchr (line, '\t');

      cells[i] = line;
      if ((tab == NULL) != (i == 4))
        return FALSE;
      if (tab != NULL)
        {
          *tab = '\0';
          line = tab + 1;
        }
    }
  return TRUE;
}

static List *
read_list (void)
{
  g_autoptr (GBytes) bytes = NULL;
  List *list = g_new0 (List, 1);
  char *text, *cells[5];

  /* Registered by hand: a linker drops a constructor in a static library that nobody names. */
  koh_query_register_resource ();
  bytes = g_resources_lookup_data ("/dk/kohorte/query/codes.tsv", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (bytes != NULL);
  list->codes = g_ptr_array_new ();
  list->folded = g_ptr_array_new ();
  list->found = g_hash_table_new (g_str_hash, g_str_equal);
  list->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->systems = g_hash_table_new (g_str_hash, g_str_equal);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  for (char *line = strchr (text, '\n') + 1, *end; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      *end = '\0';
      if (split (line, cells))
        add_code (list, cells);
      else
        g_warning ("A row of the built-in list of codes has not five cells");
    }
  return list;
}

static const List *
the_list (void)
{
  static List *list = NULL;

  if (g_once_init_enter (&list))
    g_once_init_leave (&list, read_list ());
  return list;
}

static const KohCode *
find_part (const List *list, const char *system, const char *code, gsize size)
{
  g_autofree char *key = g_strdup_printf ("%s:%.*s", system, (gint) size, code);

  return g_hash_table_lookup (list->found, key);
}

const KohCode *
koh_codes_find (const char *system, const char *code)
{
  return find_part (the_list (), system, code, strlen (code));
}

const char *
koh_codes_label (const char *system, const char *code, const char *language)
{
  const KohCode *hit = g_str_equal (code, "missing") ? koh_codes_find ("missing", "missing") : NULL;

  for (gsize size = strlen (code); hit == NULL && size > 0; size--)
    hit = find_part (the_list (), system, code, size);
  if (hit == NULL)
    return NULL;
  return g_str_equal (language, "da") ? hit->da : hit->en;
}

gboolean
koh_codes_system_known (const char *system)
{
  return g_hash_table_contains (the_list ()->systems, system);
}

/* @pattern: A an upper-case letter, 9 a digit, X either. */
static gboolean
fits (const char *code, const char *pattern)
{
  for (; *code != '\0'; code++, pattern++)
    if (!((g_ascii_isupper (*code) && (*pattern == 'A' || *pattern == 'X')) ||
          (g_ascii_isdigit (*code) && (*pattern == '9' || *pattern == 'X'))))
      return FALSE;
  return TRUE;
}

gboolean
koh_codes_well_formed (const char *system, const char *code)
{
  gsize size = strlen (code);

  if (g_str_equal (system, "SKS"))
    return size >= 1 && fits (code, "AXXXXXXXXX");
  if (g_str_equal (system, "ATC"))
    return (size == 1 || size == 3 || size == 4 || size == 5 || size == 7) && fits (code, "A99AA99");
  if (g_str_equal (system, "NPU"))
    return size == 8 && fits (code, "AAA99999");
  return size >= 1 && size <= 40;
}

gboolean
koh_codes_known (const char *system, const char *code)
{
  const List *list = the_list ();
  g_autofree char *key = g_strconcat (system, ":", code, NULL);

  if (g_hash_table_contains (list->begun, key))
    return TRUE;
  for (gsize size = strlen (code); size >= LEAST_STEM; size--)
    if (find_part (list, system, code, size) != NULL)
      return TRUE;
  return FALSE;
}

typedef struct
{
  const KohCode *code;
  guint rank, order;
} Hit;

/* What somebody most likely means comes first: the code itself, codes that begin so, labels that begin
 * so, then labels with a word that begins so. */
static guint
rank_of (const KohCode *code, const char *folded, const char *word)
{
  gsize size = strlen (code->code), n = strlen (word);
  const char *hit = strstr (folded, word);

  if (strncmp (folded, word, n) == 0)
    return n == size ? 0 : 1;
  if (strncmp (folded + size + 1, word, n) == 0)
    return 2;
  for (; hit != NULL; hit = strstr (hit + 1, word))
    if (hit > folded && hit[-1] == ' ')
      return 3;
  return 4;
}

static gint
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *x = a, *y = b;

  return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : (x->order < y->order ? -1 : 1);
}

GPtrArray *
koh_codes_search (const char *text, guint most)
{
  const List *list = the_list ();
  GPtrArray *result = g_ptr_array_new ();
  g_autofree char *folded = g_utf8_strdown (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t.,", -1);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));
  const char *first = "";

  for (guint w = 0; words[w] != NULL && *first == '\0'; w++)
    first = words[w];
  for (guint i = 0; i < list->codes->len; i++)
    {
      const KohCode *code = list->codes->pdata[i];
      const char *row = list->folded->pdata[i];
      gboolean all = !is_range (code->code);

      for (guint w = 0; all && words[w] != NULL; w++)
        all = strstr (row, words[w]) != NULL;
      if (all)
        g_array_append_vals (hits, &(Hit){ code, rank_of (code, row, first), i }, 1);
    }
  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < hits->len && i < most; i++)
    g_ptr_array_add (result, (gpointer) g_array_index (hits, Hit, i).code);
  return result;
}
