/* SPDX-License-Identifier: EUPL-1.2
 *
 * Its texts are made once, when the federation opens, so that a keystroke only compares strings. */
#include "app/catalogue-item.h"

#include "app/language.h"

enum { PROP_0, PROP_TITLE, PROP_SUBTITLE, PROP_TAG, PROP_ICON, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KohCatalogueItem, koh_catalogue_item, G_TYPE_OBJECT)

char *
koh_catalogue_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

char *
koh_catalogue_owners_of (const KohMap *map, const char *dataset)
{
  g_autoptr (GArray) owners = koh_map_owners (map, dataset);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < owners->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, g_array_index (owners, guint, i));
      const char *title = koh_language_pick (catalogue->da, catalogue->en);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", *title != '\0' ? title : catalogue->peer);
    }
  return g_string_free (text, FALSE);
}

char *
koh_catalogue_datasets_of (const KohMap *map, const char *system)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);

      for (guint j = 0; j < catalogue->datasets->len; j++)
        {
          const KohDataset *dataset = g_ptr_array_index (catalogue->datasets, j);

          if (g_strcmp0 (dataset->code_system, system) == 0 && g_hash_table_add (seen, dataset->name))
            g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", koh_language_pick (dataset->da, dataset->en));
        }
    }
  return g_string_free (text, FALSE);
}

static void
add_key (GString *key, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (key, "%s ", text);
}

static KohCatalogueItem *
item_new (KohItemKind kind, const char *title, char *subtitle, char *tag, GString *key)
{
  KohCatalogueItem *self = g_object_new (KOH_TYPE_CATALOGUE_ITEM, NULL);

  self->kind = kind;
  self->title = g_strdup (title);
  self->subtitle = subtitle;
  self->tag = tag;
  self->key = koh_catalogue_fold (key->str);
  g_string_free (key, TRUE);
  return self;
}

KohCatalogueItem *
koh_catalogue_item_new_dataset (const KohMap *map, const char *name)
{
  const KohDataset *dataset = koh_map_dataset (map, name);
  g_autofree char *owners = koh_catalogue_owners_of (map, name);
  GString *key = g_string_new (NULL);
  const char *title = koh_language_pick (dataset->da, dataset->en);
  KohCatalogueItem *self;

  add_key (key, name);
  add_key (key, dataset->da);
  add_key (key, dataset->en);
  add_key (key, dataset->da_description);
  add_key (key, dataset->en_description);
  add_key (key, dataset->code_system);
  add_key (key, owners);
  self = item_new (KOH_ITEM_DATASET, *title != '\0' ? title : name, g_steal_pointer (&owners), g_strdup (name), key);
  self->dataset = g_strdup (name);
  return self;
}

KohCatalogueItem *
koh_catalogue_item_new_variable (const KohMap *map, const char *name, const char *variable_name)
{
  const KohDataset *dataset = koh_map_dataset (map, name);
  const KohVariable *variable = koh_dataset_variable (dataset, variable_name);
  g_autofree char *owners = koh_catalogue_owners_of (map, name);
  const char *title = koh_language_pick (variable->da, variable->en);
  const char *of = koh_language_pick (dataset->da, dataset->en);
  GString *key = g_string_new (NULL);
  KohDataset *found;
  gboolean alone = koh_map_attribute (map, variable_name, &found, NULL) == variable;
  KohCatalogueItem *self;

  add_key (key, variable_name);
  add_key (key, variable->da);
  add_key (key, variable->en);
  for (guint i = 0; i < variable->levels->len; i++)
    {
      const KohLevel *level = g_ptr_array_index (variable->levels, i);

      add_key (key, level->da);
      add_key (key, level->en);
    }
  self = item_new (KOH_ITEM_VARIABLE, *title != '\0' ? title : variable_name,
                   g_strdup_printf ("%s · %s", *of != '\0' ? of : name, owners),
                   alone ? g_strdup (variable_name) : g_strdup_printf ("%s.%s", name, variable_name), key);
  self->dataset = g_strdup (name);
  self->variable = g_strdup (variable_name);
  return self;
}

KohCatalogueItem *
koh_catalogue_item_new_code (const KohMap *map, const KohCode *code)
{
  g_autofree char *datasets = koh_catalogue_datasets_of (map, code->system);
  KohCatalogueItem *self;

  self = item_new (KOH_ITEM_CODE, koh_language_pick (code->da, code->en),
                   *datasets != '\0' ? g_steal_pointer (&datasets) : g_strdup (code->system),
                   g_strdup_printf ("%s:%s", code->system, code->code), g_string_new (NULL));
  self->code = code;
  return self;
}

static const char *
icon_name (const KohCatalogueItem *self)
{
  static const char *const icons[] = {
    [KOH_ITEM_DATASET] = "koh-dataset-symbolic",
    [KOH_ITEM_VARIABLE] = "koh-variable-symbolic",
    [KOH_ITEM_CODE] = "koh-code-symbolic",
  };

  return icons[self->kind];
}

static void
koh_catalogue_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KohCatalogueItem *self = KOH_CATALOGUE_ITEM (object);

  switch (id)
    {
    case PROP_TITLE: g_value_set_string (value, self->title); break;
    case PROP_SUBTITLE: g_value_set_string (value, self->subtitle); break;
    case PROP_TAG: g_value_set_string (value, self->tag); break;
    case PROP_ICON: g_value_set_string (value, icon_name (self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
koh_catalogue_item_finalize (GObject *object)
{
  KohCatalogueItem *self = KOH_CATALOGUE_ITEM (object);

  g_free (self->dataset);
  g_free (self->variable);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->tag);
  g_free (self->key);
  G_OBJECT_CLASS (koh_catalogue_item_parent_class)->finalize (object);
}

static void
koh_catalogue_item_class_init (KohCatalogueItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = koh_catalogue_item_get_property;
  object_class->finalize = koh_catalogue_item_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_TAG] = g_param_spec_string ("tag", NULL, NULL, NULL, flags);
  properties[PROP_ICON] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
koh_catalogue_item_init (KohCatalogueItem *self)
{
}
