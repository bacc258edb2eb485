/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is asked for: each grouping by itself, and all tables together. Disclosure control joins levels
 * alike in every table, and that hides what it should only where the tables form a join tree: then
 * there is a joint table with these margins that tells no more than they do. Three tables that meet in a
 * ring do not; the one table of all their attributes does. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "query/check.h"

/* The sets hold an attribute that no other set has: it cannot close a ring. */
static gboolean
drop_lonely (GArray *sets)
{
  guint64 seen = 0, twice = 0;
  gboolean changed = FALSE;

  for (guint i = 0; i < sets->len; i++)
    {
      twice |= seen & g_array_index (sets, guint64, i);
      seen |= g_array_index (sets, guint64, i);
    }
  for (guint i = 0; i < sets->len; i++)
    {
      guint64 *set = &g_array_index (sets, guint64, i);

      changed = changed || (*set & ~twice) != 0;
      *set &= twice;
    }
  return changed;
}

static gboolean
drop_inner (GArray *sets)
{
  for (guint i = 0; i < sets->len; i++)
    for (guint j = 0; j < sets->len; j++)
      if (i != j && (g_array_index (sets, guint64, i) & ~g_array_index (sets, guint64, j)) == 0)
        {
          g_array_remove_index (sets, i);
          return TRUE;
        }
  return FALSE;
}

/* Takes away attributes of one set only, and sets within another, while there are any. What is left of a
 * tree is one set or none. */
gboolean
koh_check_is_tree (GArray *sets)
{
  gboolean changed = TRUE;

  while (changed)
    {
      changed = drop_lonely (sets);
      changed = drop_inner (sets) || changed;
    }
  return sets->len <= 1;
}

/* "dataset.attribute", so that two ways of writing one attribute are one. */
static char *
whole_name (const KohMap *map, const char *attribute)
{
  const char *dot = strchr (attribute, '.');
  KohDataset *dataset;

  if (koh_map_attribute (map, attribute, &dataset, NULL) == NULL)
    return g_strdup (attribute);
  return g_strconcat (dataset->name, ".", dot != NULL ? dot + 1 : attribute, NULL);
}

void
koh_check_by (KohCheck *check, const char *pointer, const GPtrArray *by)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < by->len; i++)
    {
      const KohBy *one = by->pdata[i];
      g_autofree char *here = g_strdup_printf ("%s/%u", pointer, i);
      g_autoptr (GError) error = NULL;
      KohDataset *dataset;

      if (koh_map_levels (check->map, one->attribute, &error) == NULL)
        koh_check_error (check, here, "%s.", error->message);
      else if (koh_map_attribute (check->map, one->attribute, &dataset, NULL) != NULL)
        koh_check_validity (check, here, one->attribute, dataset, one->at);
      if (!g_hash_table_add (seen, whole_name (check->map, one->attribute)))
        koh_check_error (check, here, _ ("“%s” stands twice in one table."), one->attribute);
    }
}

typedef struct
{
  GPtrArray *keys;  /* of char *: one attribute at one day */
  GPtrArray *names; /* of char *: as the question writes it; borrowed */
} Variables;

static guint64
bit_of (const KohMap *map, const KohBy *by, Variables *variables)
{
  g_autofree char *whole = whole_name (map, by->attribute);
  char *key = g_strdup_printf ("%s@%d", whole, by->at);
  guint at;

  if (g_ptr_array_find_with_equal_func (variables->keys, key, g_str_equal, &at))
    g_free (key);
  else
    {
      at = variables->keys->len;
      g_ptr_array_add (variables->keys, key);
      g_ptr_array_add (variables->names, by->attribute);
    }
  return G_GUINT64_CONSTANT (1) << MIN (at, 63);
}

/* "sex × age_band". */
static char *
name_table (const Variables *variables, guint64 set)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < variables->names->len; i++)
    if ((set >> i & 1) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " × " : "",
                              (const char *) variables->names->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
report_ring (KohCheck *check, const Variables *variables, const GArray *sets)
{
  g_autofree char *whole = NULL;
  g_autoptr (GString) tables = g_string_new (NULL);
  guint64 ring = 0;

  for (guint i = 0; i < sets->len; i++)
    {
      g_autofree char *table = name_table (variables, g_array_index (sets, guint64, i));

      g_string_append_printf (tables, "%s%s", i > 0 ? ", " : "", table);
      ring |= g_array_index (sets, guint64, i);
    }
  whole = name_table (variables, ring);
  koh_check_error (
      check, "/analyses",
      _ ("The tables meet in a ring (%s) and together tell more than each of them; ask for the one table "
         "%s, or leave one out."),
      tables->str, whole);
}

void
koh_check_tables (KohCheck *check)
{
  const GPtrArray *analyses = check->question->analyses;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free), names = g_ptr_array_new ();
  Variables variables = { keys, names };
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (analyses->len == 0)
    koh_check_error (check, "/analyses", _ ("Nothing is asked for; a count is the least."));
  for (guint i = 0; i < analyses->len; i++)
    {
      const KohAnalysis *analysis = analyses->pdata[i];
      g_autofree char *here = g_strdup_printf ("/analyses/%u/by", i);
      guint64 set = 0;

      if (analysis->by != check->question->by)
        koh_check_by (check, here, analysis->by);
      for (guint j = 0; j < analysis->by->len; j++)
        set |= bit_of (check->map, analysis->by->pdata[j], &variables);
      g_array_append_val (sets, set);
    }
  if (!koh_check_is_tree (sets))
    report_ring (check, &variables, sets);
}
