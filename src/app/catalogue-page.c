/* SPDX-License-Identifier: EUPL-1.2
 *
 * A search entry, a list, and what is known of the chosen one beside it; on a narrow window one at a time. */
#include "app/catalogue-page.h"

#include <glib/gi18n.h>

#include "app/catalogue-details.h"
#include "app/catalogue-search.h"

struct _KohCataloguePage
{
  AdwBin parent;
  AdwLeaflet *leaflet;
  GtkSearchEntry *entry;
  GtkStack *results;          /* "list" or "nothing" */
  GtkListView *list;
  GtkLabel *summary;
  KohCatalogueDetails *details;
  GtkWidget *back;

  KohClient *client;
  KohCatalogueSearch *search;
  GListStore *store;          /* of KohCatalogueItem: what is found */
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (KohCataloguePage, koh_catalogue_page, ADW_TYPE_BIN)

/* "10 datasets · 7 variables"; what is not among them is left out. */
static void
update_summary (KohCataloguePage *self)
{
  guint n[] = { 0, 0, 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr (KohCatalogueItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      n[item->kind]++;
    }
  if (n[KOH_ITEM_DATASET] > 0)
    g_string_append_printf (text, ngettext ("%u dataset", "%u datasets", n[KOH_ITEM_DATASET]), n[KOH_ITEM_DATASET]);
  if (n[KOH_ITEM_VARIABLE] > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, ngettext ("%u variable", "%u variables", n[KOH_ITEM_VARIABLE]), n[KOH_ITEM_VARIABLE]);
    }
  if (n[KOH_ITEM_CODE] > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, ngettext ("%u code", "%u codes", n[KOH_ITEM_CODE]), n[KOH_ITEM_CODE]);
    }
  gtk_label_set_label (self->summary, text->str);
}

static void
find (KohCataloguePage *self)
{
  GPtrArray *found;

  if (self->search == NULL)
    return;
  found = koh_catalogue_search_find (self->search, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_list_store_splice (self->store, 0, g_list_model_get_n_items (G_LIST_MODEL (self->store)), found->pdata, found->len);
  gtk_stack_set_visible_child_name (self->results, found->len > 0 ? "list" : "nothing");
  update_summary (self);
  if (found->len > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
selected_cb (KohCataloguePage *self)
{
  KohCatalogueItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (self->client != NULL)
    koh_catalogue_details_show (self->details, koh_client_get_map (self->client), item);
}

static void
activate_cb (KohCataloguePage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
back_cb (KohCataloguePage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* From the search straight into the list, as one expects of the arrow key. */
static gboolean
key_cb (KohCataloguePage *self, guint key)
{
  if (key != GDK_KEY_Down)
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
koh_catalogue_page_focus_search (KohCataloguePage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

void
koh_catalogue_page_set_client (KohCataloguePage *self, KohClient *client)
{
  g_list_store_remove_all (self->store);
  g_clear_pointer (&self->search, koh_catalogue_search_free);
  g_set_object (&self->client, client);
  self->search = koh_catalogue_search_new (koh_client_get_map (client));
  find (self);
}

static void
koh_catalogue_page_dispose (GObject *object)
{
  KohCataloguePage *self = KOH_CATALOGUE_PAGE (object);

  g_clear_object (&self->selection);
  g_clear_pointer (&self->search, koh_catalogue_search_free);
  g_clear_object (&self->store);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_catalogue_page_parent_class)->dispose (object);
}

static void
koh_catalogue_page_class_init (KohCataloguePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = koh_catalogue_page_dispose;
  g_type_ensure (KOH_TYPE_CATALOGUE_DETAILS);
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/catalogue-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, entry);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, results);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, list);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, summary);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, details);
  gtk_widget_class_bind_template_child (widget_class, KohCataloguePage, back);
  gtk_widget_class_bind_template_callback (widget_class, find);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}

static void
koh_catalogue_page_init (KohCataloguePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->store = g_list_store_new (KOH_TYPE_CATALOGUE_ITEM);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->store)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (self->leaflet, "folded", self->back, "visible", G_BINDING_SYNC_CREATE);

  /* Beside each other a click chooses; one at a time it must also go there. */
  g_object_bind_property (self->leaflet, "folded", self->list, "single-click-activate", G_BINDING_SYNC_CREATE);
}
