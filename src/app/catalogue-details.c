/* SPDX-License-Identifier: EUPL-1.2
 *
 * Groups of rows, made anew for each choice: which owners have it, since when, how much, how complete. */
#include "app/catalogue-details.h"

#include <glib/gi18n.h>

#include "app/language.h"
#include "common/day.h"

struct _KohCatalogueDetails
{
  AdwBin parent;
  GtkStack *stack;      /* "item" or "nothing" */
  GtkLabel *kind;
  GtkLabel *title;
  GtkLabel *description;
  GtkButton *tag;
  GtkLabel *tag_label;
  GtkBox *groups;
};

G_DEFINE_FINAL_TYPE (KohCatalogueDetails, koh_catalogue_details, ADW_TYPE_BIN)

/* ---- Rows ---- */

static AdwPreferencesGroup *
add_group (KohCatalogueDetails *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (self->groups, group);
  return ADW_PREFERENCES_GROUP (group);
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_preferences_group_add (group, row);
  return ADW_ACTION_ROW (row);
}

static void
add_suffix (AdwActionRow *row, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (row, label);
}

/* A bar and its number: neither colour nor length is alone in saying it. */
static void
add_completeness (AdwActionRow *row, double completeness)
{
  GtkWidget *bar;
  g_autofree char *percent = NULL;

  if (completeness < 0)
    return;
  percent = koh_language_percent (completeness);
  bar = gtk_level_bar_new_for_interval (0, 1);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), completeness);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (bar, 48, -1);
  gtk_widget_set_tooltip_text (bar, _("Completeness: the share of rows that have a value"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Completeness"), -1);
  adw_action_row_add_suffix (row, bar);
  add_suffix (row, percent);
}

/* ---- Words ---- */

static char *
period (const KohDataset *dataset)
{
  g_autofree char *first = koh_language_day (dataset->first);
  g_autofree char *last = koh_language_day (dataset->last);

  if (*first == '\0' && *last == '\0')
    return g_strdup (_("Period unknown"));
  return g_strdup_printf ("%s – %s", first, last);
}

static char *
amount (const KohDataset *dataset)
{
  g_autofree char *number = koh_language_number (dataset->rows);

  /* Translators: rows of a dataset, rounded. */
  return g_strdup_printf (_("about %s rows"), number);
}

static const char *
type_of (const KohVariable *variable)
{
  if (variable->levels->len > 0)
    return _("List of values");
  switch (variable->type)
    {
    case KOH_VARIABLE_INTEGER: return _("Whole number");
    case KOH_VARIABLE_DECIMAL: return _("Number");
    case KOH_VARIABLE_DATE: return _("Date");
    default: return _("Text");
    }
}

static const char *
validity_of (const KohDataset *dataset)
{
  if (dataset->kind == KOH_DATASET_EVENT)
    return _("Events, each with a date");
  switch (dataset->validity)
    {
    case KOH_VALIDITY_YEAR: return _("One value a person and calendar year");
    case KOH_VALIDITY_PERIOD: return _("Values with a period of validity");
    default: return _("One value a person");
    }
}

/* ---- The three kinds ---- */

static void
add_owners (KohCatalogueDetails *self, const KohMap *map, const char *name)
{
  AdwPreferencesGroup *group = add_group (self, _("Who has it"));
  g_autoptr (GArray) owners = koh_map_owners (map, name);

  for (guint i = 0; i < owners->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, g_array_index (owners, guint, i));
      const KohDataset *dataset = koh_catalogue_dataset (catalogue, name);
      const char *title = koh_language_pick (catalogue->da, catalogue->en);
      g_autofree char *when = period (dataset);
      g_autofree char *rows = amount (dataset);

      add_suffix (add_row (group, *title != '\0' ? title : catalogue->peer, when), rows);
    }
}

static void
add_variables (KohCatalogueDetails *self, const KohDataset *dataset)
{
  AdwPreferencesGroup *group;

  if (dataset->variables->len == 0)
    return;
  group = add_group (self, _("Variables"));
  for (guint i = 0; i < dataset->variables->len; i++)
    {
      const KohVariable *variable = g_ptr_array_index (dataset->variables, i);
      const char *title = koh_language_pick (variable->da, variable->en);
      g_autofree char *subtitle = variable->unit != NULL
                                    ? g_strdup_printf ("%s · %s", type_of (variable), variable->unit)
                                    : g_strdup (type_of (variable));

      add_completeness (add_row (group, *title != '\0' ? title : variable->name, subtitle), variable->completeness);
    }
}

static void
show_dataset (KohCatalogueDetails *self, const KohMap *map, const KohCatalogueItem *item)
{
  const KohDataset *dataset = koh_map_dataset (map, item->dataset);
  AdwPreferencesGroup *group;

  gtk_label_set_label (self->kind, _("Dataset"));
  gtk_label_set_label (self->description, koh_language_pick (dataset->da_description, dataset->en_description));
  add_owners (self, map, item->dataset);
  group = add_group (self, _("What it holds"));
  add_row (group, validity_of (dataset), NULL);
  if (dataset->code_system != NULL)
    add_suffix (add_row (group, _("Code system"), NULL), dataset->code_system);
  add_variables (self, dataset);
}

static void
show_variable (KohCatalogueDetails *self, const KohMap *map, const KohCatalogueItem *item)
{
  const KohDataset *dataset = koh_map_dataset (map, item->dataset);
  const KohVariable *variable = koh_dataset_variable (dataset, item->variable);
  g_autoptr (GArray) owners = koh_map_owners (map, item->dataset);
  AdwPreferencesGroup *group;

  gtk_label_set_label (self->kind, _("Variable"));
  gtk_label_set_label (self->description, koh_language_pick (dataset->da, dataset->en));
  group = add_group (self, _("Who has it"));
  for (guint i = 0; i < owners->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, g_array_index (owners, guint, i));
      const KohDataset *own = koh_catalogue_dataset (catalogue, item->dataset);
      const KohVariable *theirs = koh_dataset_variable (own, item->variable);
      const char *title = koh_language_pick (catalogue->da, catalogue->en);
      g_autofree char *when = period (own);

      if (theirs != NULL)
        add_completeness (add_row (group, *title != '\0' ? title : catalogue->peer, when), theirs->completeness);
    }
  group = add_group (self, _("What it holds"));
  add_row (group, type_of (variable), validity_of (dataset));
  if (variable->unit != NULL)
    add_suffix (add_row (group, _("Unit"), NULL), variable->unit);
  if (variable->levels->len == 0)
    return;
  group = add_group (self, _("Values"));
  for (guint i = 0; i < variable->levels->len; i++)
    {
      const KohLevel *level = g_ptr_array_index (variable->levels, i);
      const char *label = koh_language_pick (level->da, level->en);

      if (*label == '\0' || g_str_equal (label, level->code))
        add_row (group, level->code, NULL);
      else
        add_suffix (add_row (group, label, NULL), level->code);
    }
}

static void
show_code (KohCatalogueDetails *self, const KohMap *map, const KohCatalogueItem *item)
{
  const KohCode *code = item->code;
  AdwPreferencesGroup *group;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  gtk_label_set_label (self->kind, _("Code"));
  gtk_label_set_label (self->description, koh_language_pick (code->en, code->da));
  group = add_group (self, _("Datasets with this code system"));
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);

      for (guint j = 0; j < catalogue->datasets->len; j++)
        {
          const KohDataset *dataset = g_ptr_array_index (catalogue->datasets, j);

          if (g_strcmp0 (dataset->code_system, code->system) == 0 && g_hash_table_add (seen, dataset->name))
            {
              g_autofree char *owners = koh_catalogue_owners_of (map, dataset->name);

              add_row (group, koh_language_pick (dataset->da, dataset->en), owners);
            }
        }
    }
  gtk_widget_set_visible (GTK_WIDGET (group), g_hash_table_size (seen) > 0);
  if (code->parent == NULL || *code->parent == '\0')
    return;
  group = add_group (self, _("Belongs to"));
  for (const KohCode *above = koh_codes_find (code->system, code->parent); above != NULL;
       above = above->parent != NULL && *above->parent != '\0' ? koh_codes_find (above->system, above->parent) : NULL)
    add_suffix (add_row (group, koh_language_pick (above->da, above->en), NULL), above->code);
}

void
koh_catalogue_details_show (KohCatalogueDetails *self, const KohMap *map, KohCatalogueItem *item)
{
  static void (*const show[]) (KohCatalogueDetails *self, const KohMap *map, const KohCatalogueItem *item) = {
    [KOH_ITEM_DATASET] = show_dataset,
    [KOH_ITEM_VARIABLE] = show_variable,
    [KOH_ITEM_CODE] = show_code,
  };
  GtkWidget *child;

  gtk_stack_set_visible_child_name (self->stack, item != NULL ? "item" : "nothing");
  if (item == NULL)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))) != NULL)
    gtk_box_remove (self->groups, child);
  gtk_label_set_label (self->title, item->title);
  gtk_label_set_label (self->tag_label, item->tag);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tag), GTK_ACCESSIBLE_PROPERTY_LABEL, item->tag, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->tag), "s", item->tag);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->tag), "win.copy-text");
  show[item->kind](self, map, item);
  gtk_widget_set_visible (GTK_WIDGET (self->description), *gtk_label_get_label (self->description) != '\0');
}

/* ---- The class ---- */

static void
koh_catalogue_details_class_init (KohCatalogueDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/catalogue-details.ui");
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, kind);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, title);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, description);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, tag);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, tag_label);
  gtk_widget_class_bind_template_child (widget_class, KohCatalogueDetails, groups);
}

static void
koh_catalogue_details_init (KohCatalogueDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
