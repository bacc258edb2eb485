/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation has some thousands of variables at most: a scan of folded strings takes well under a millisecond,
 * and needs no index. Codes are the business of query/codes. */
#include "app/catalogue-search.h"

#include <string.h>

#define MOST_CODES 200

struct _KohCatalogueSearch
{
  const KohMap *map;
  GPtrArray *all;    /* of KohCatalogueItem */
  GPtrArray *found;
};

KohCatalogueSearch *
koh_catalogue_search_new (const KohMap *map)
{
  KohCatalogueSearch *self = g_new0 (KohCatalogueSearch, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  self->map = map;
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);

      for (guint j = 0; j < catalogue->datasets->len; j++)
        {
          const KohDataset *dataset = g_ptr_array_index (catalogue->datasets, j);

          if (!g_hash_table_add (seen, dataset->name))
            continue;
          dataset = koh_map_dataset (map, dataset->name);
          g_ptr_array_add (self->all, koh_catalogue_item_new_dataset (map, dataset->name));
          for (guint k = 0; k < dataset->variables->len; k++)
            {
              const KohVariable *variable = g_ptr_array_index (dataset->variables, k);

              g_ptr_array_add (self->all, koh_catalogue_item_new_variable (map, dataset->name, variable->name));
            }
        }
    }
  return self;
}

void
koh_catalogue_search_free (KohCatalogueSearch *self)
{
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->found);
  g_free (self);
}

/* 0: does not match. Otherwise the better the higher: begins with the first word; else holds all words. */
static guint
score (const KohCatalogueItem *item, char **words)
{
  g_autofree char *title = koh_catalogue_fold (item->title);
  guint points = 1;

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (item->key, words[i]) == NULL)
      return 0;
  if (words[0] != NULL && (g_str_has_prefix (title, words[0]) || g_str_has_prefix (item->key, words[0])))
    points++;
  return points;
}

static void
add_matches (KohCatalogueSearch *self, char **words, guint points)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      KohCatalogueItem *item = g_ptr_array_index (self->all, i);

      if (score (item, words) == points)
        g_ptr_array_add (self->found, g_object_ref (item));
    }
}

/* Splits at white space, leaving no empty words. */
static char **
split (const char *text)
{
  g_autofree char *folded = koh_catalogue_fold (text);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

GPtrArray *
koh_catalogue_search_find (KohCatalogueSearch *self, const char *text)
{
  g_auto (GStrv) words = split (text);
  g_autoptr (GPtrArray) codes = NULL;

  g_ptr_array_set_size (self->found, 0);
  if (words[0] == NULL)
    {
      add_matches (self, words, 1);
      return self->found;
    }
  add_matches (self, words, 2);
  add_matches (self, words, 1);
  codes = koh_codes_search (text, MOST_CODES);
  for (guint i = 0; i < codes->len; i++)
    g_ptr_array_add (self->found, koh_catalogue_item_new_code (self->map, g_ptr_array_index (codes, i)));
  return self->found;
}
