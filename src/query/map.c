/* SPDX-License-Identifier: EUPL-1.2
 *
 * The metadata map: the catalogues of all owners, and what a name of a question means in them. */
#include "query/catalogue.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "common/error.h"
#include "query/json.h"

static void
catalogue_free (gpointer data)
{
  koh_catalogue_free (data);
}

KohMap *
koh_map_new (void)
{
  KohMap *map = g_new0 (KohMap, 1);

  map->catalogues = g_ptr_array_new_with_free_func (catalogue_free);
  return map;
}

void
koh_map_take (KohMap *map, KohCatalogue *catalogue)
{
  g_ptr_array_add (map->catalogues, catalogue);
}

void
koh_map_free (KohMap *map)
{
  g_ptr_array_unref (map->catalogues);
  g_free (map);
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_files (const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The folder of catalogues cannot be read: %s",
                   local->message);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_texts);
  return g_steal_pointer (&names);
}

KohMap *
koh_map_read_folder (const char *folder, GError **error)
{
  g_autoptr (KohMap) map = koh_map_new ();
  g_autoptr (GPtrArray) names = list_files (folder, error);

  if (names == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_autofree char *peer = g_strndup (names->pdata[i], strlen (names->pdata[i]) - strlen (".json"));
      g_autoptr (JsonNode) node = koh_json_read_file (path, error);
      KohCatalogue *catalogue = node != NULL ? koh_catalogue_from_json (node, error) : NULL;

      if (catalogue == NULL)
        {
          if (node != NULL)
            g_prefix_error (error, "%s: ", path);
          return NULL;
        }
      koh_map_take (map, catalogue);
      if (!g_str_equal (catalogue->peer, peer))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                       "%s holds the catalogue of %s; name the file %s.json", path, catalogue->peer,
                       catalogue->peer);
          return NULL;
        }
    }
  return g_steal_pointer (&map);
}

GArray *
koh_map_owners (const KohMap *map, const char *name)
{
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < map->catalogues->len; i++)
    if (koh_catalogue_dataset (map->catalogues->pdata[i], name) != NULL)
      g_array_append_val (owners, i);
  return owners;
}

KohDataset *
koh_map_dataset (const KohMap *map, const char *name)
{
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      KohDataset *dataset = koh_catalogue_dataset (map->catalogues->pdata[i], name);

      if (dataset != NULL)
        return dataset;
    }
  return NULL;
}

gint
koh_map_population (const KohMap *map)
{
  for (guint i = 0; i < map->catalogues->len; i++)
    if (((KohCatalogue *) map->catalogues->pdata[i])->population)
      return (gint) i;
  return -1;
}

static gboolean
is_derived (const char *name)
{
  return g_str_equal (name, "age") || g_str_equal (name, "age_band");
}

/* The column that holds an attribute: age and its bands come from the date of birth. */
static const char *
column_of (const char *name)
{
  return is_derived (name) ? "birth_date" : name;
}

/* "dataset.attribute". */
static KohVariable *
resolve_whole (const KohMap *map, const char *name, const char *dot, KohDataset **dataset, GError **error)
{
  g_autofree char *first = g_strndup (name, (gsize) (dot - name));
  KohDataset *found = koh_map_dataset (map, first);
  KohVariable *variable = NULL;

  if (found == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _ ("No peer has a dataset “%s”"), first);
      return NULL;
    }
  if (found->kind == KOH_DATASET_PERSON)
    variable = koh_dataset_variable (found, column_of (dot + 1));
  if (variable == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _ ("The dataset “%s” has no attribute “%s”"), first,
                   dot + 1);
      return NULL;
    }
  *dataset = found;
  return variable;
}

KohVariable *
koh_map_attribute (const KohMap *map, const char *name, KohDataset **dataset, GError **error)
{
  const char *dot = strchr (name, '.');
  KohVariable *variable = NULL;
  KohDataset *found = NULL;

  if (dot != NULL)
    return resolve_whole (map, name, dot, dataset, error);
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[i];

      for (guint j = 0; j < catalogue->datasets->len; j++)
        {
          KohDataset *candidate = catalogue->datasets->pdata[j];
          KohVariable *hit = candidate->kind == KOH_DATASET_PERSON
                                 ? koh_dataset_variable (candidate, column_of (name))
                                 : NULL;

          if (hit != NULL && found != NULL && !g_str_equal (found->name, candidate->name))
            {
              g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                           _ ("Several datasets have an attribute “%s”: write “%s.%s” or “%s.%s”"), name,
                           found->name, name, candidate->name, name);
              return NULL;
            }
          if (hit != NULL && found == NULL)
            {
              variable = hit;
              found = candidate;
            }
        }
    }
  if (variable == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _ ("No peer has an attribute “%s”"), name);
  else
    *dataset = found;
  return variable;
}

/* Five-year bands, the last one open, the same in every federation. */
static GPtrArray *
age_bands (void)
{
  static KohVariable *bands = NULL;

  if (g_once_init_enter (&bands))
    {
      KohVariable *variable = koh_variable_new ("age_band", KOH_VARIABLE_STRING);

      for (guint from = 0; from < 90; from += 5)
        {
          g_autofree char *code = g_strdup_printf ("%u–%u", from, from + 4);
          g_autofree char *da = g_strdup_printf ("%u–%u år", from, from + 4);
          g_autofree char *en = g_strdup_printf ("%u–%u years", from, from + 4);

          koh_variable_add_level (variable, code, da, en);
        }
      koh_variable_add_level (variable, "90+", "90 år og derover", "90 years and over");
      g_once_init_leave (&bands, variable);
    }
  return bands->levels;
}

GPtrArray *
koh_map_levels (const KohMap *map, const char *attribute, GError **error)
{
  KohDataset *dataset;
  KohVariable *variable = koh_map_attribute (map, attribute, &dataset, error);
  const char *dot = strchr (attribute, '.');
  const char *bare = dot != NULL ? dot + 1 : attribute;

  if (variable == NULL)
    return NULL;
  if (g_str_equal (bare, "age_band"))
    return age_bands ();
  if (g_str_equal (bare, "age") || variable->levels->len == 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   g_str_equal (bare, "age")
                       ? _ ("“%s” cannot group: it has no list of values; “age_band” has")
                       : _ ("“%s” cannot group: it has no list of values"),
                   attribute);
      return NULL;
    }
  return variable->levels;
}
