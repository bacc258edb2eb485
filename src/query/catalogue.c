/* SPDX-License-Identifier: EUPL-1.2
 *
 * The catalogue as the program sees it. Its text form is catalogue-json.c; all owners' together are map.c. */
#include "query/catalogue.h"

static void
level_free (gpointer data)
{
  KohLevel *level = data;

  g_free (level->code);
  g_free (level->da);
  g_free (level->en);
  g_free (level);
}

static void
variable_free (gpointer data)
{
  KohVariable *variable = data;

  g_free (variable->name);
  g_free (variable->da);
  g_free (variable->en);
  g_free (variable->unit);
  g_ptr_array_unref (variable->levels);
  g_free (variable);
}

static void
dataset_free (gpointer data)
{
  KohDataset *dataset = data;

  g_free (dataset->name);
  g_free (dataset->da);
  g_free (dataset->en);
  g_free (dataset->da_description);
  g_free (dataset->en_description);
  g_free (dataset->code_system);
  g_ptr_array_unref (dataset->variables);
  g_free (dataset);
}

KohCatalogue *
koh_catalogue_new (const char *peer)
{
  KohCatalogue *catalogue = g_new0 (KohCatalogue, 1);

  catalogue->peer = g_strdup (peer);
  catalogue->da = g_strdup (peer);
  catalogue->en = g_strdup (peer);
  catalogue->organisation = g_strdup ("");
  catalogue->contact = g_strdup ("");
  catalogue->datasets = g_ptr_array_new_with_free_func (dataset_free);
  return catalogue;
}

KohDataset *
koh_dataset_new (const char *name, KohDatasetKind kind)
{
  KohDataset *dataset = g_new0 (KohDataset, 1);

  dataset->name = g_strdup (name);
  dataset->kind = kind;
  dataset->da = g_strdup (name);
  dataset->en = g_strdup (name);
  dataset->da_description = g_strdup ("");
  dataset->en_description = g_strdup ("");
  dataset->first = dataset->last = dataset->loaded = KOH_DAY_NONE;
  dataset->completeness = dataset->valid = dataset->duplicates = -1;
  dataset->variables = g_ptr_array_new_with_free_func (variable_free);
  return dataset;
}

KohVariable *
koh_variable_new (const char *name, KohVariableType type)
{
  KohVariable *variable = g_new0 (KohVariable, 1);

  variable->name = g_strdup (name);
  variable->da = g_strdup (name);
  variable->en = g_strdup (name);
  variable->type = type;
  variable->levels = g_ptr_array_new_with_free_func (level_free);
  variable->completeness = variable->valid = -1;
  return variable;
}

void
koh_variable_add_level (KohVariable *variable, const char *code, const char *da, const char *en)
{
  KohLevel *level = g_new0 (KohLevel, 1);

  level->code = g_strdup (code);
  level->da = g_strdup (da != NULL ? da : code);
  level->en = g_strdup (en != NULL ? en : level->da);
  g_ptr_array_add (variable->levels, level);
}

void
koh_catalogue_free (KohCatalogue *catalogue)
{
  g_free (catalogue->peer);
  g_free (catalogue->da);
  g_free (catalogue->en);
  g_free (catalogue->organisation);
  g_free (catalogue->contact);
  g_ptr_array_unref (catalogue->datasets);
  g_free (catalogue);
}

KohDataset *
koh_catalogue_dataset (const KohCatalogue *catalogue, const char *name)
{
  for (guint i = 0; i < catalogue->datasets->len; i++)
    {
      KohDataset *dataset = catalogue->datasets->pdata[i];

      if (g_str_equal (dataset->name, name))
        return dataset;
    }
  return NULL;
}

KohVariable *
koh_dataset_variable (const KohDataset *dataset, const char *name)
{
  for (guint i = 0; i < dataset->variables->len; i++)
    {
      KohVariable *variable = dataset->variables->pdata[i];

      if (g_str_equal (variable->name, name))
        return variable;
    }
  return NULL;
}
