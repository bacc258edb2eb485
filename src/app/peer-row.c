/* SPDX-License-Identifier: EUPL-1.2
 *
 * The state stands as a word and an icon; colour only helps. */
#include "app/peer-row.h"

#include <glib/gi18n.h>

#include "app/language.h"

struct _KohPeerRow
{
  AdwActionRow parent;
  GtkImage *icon;
  GtkLabel *state;
  char *peer;
  char *organisation;
};

G_DEFINE_FINAL_TYPE (KohPeerRow, koh_peer_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *state, *word, *icon, *style;
} states[] = {
  { "", NULL, "koh-waiting-symbolic", "dim-label" },
  { "invited", N_("Invited"), "koh-waiting-symbolic", "dim-label" },
  { "review", N_("Under review"), "koh-waiting-symbolic", "accent" },
  { "accepted", N_("Accepted"), "koh-done-symbolic", "accent" },
  { "declined", N_("Declined"), "koh-error-symbolic", "error" },
  { "input", N_("Making secret shares"), "koh-computing-symbolic", "accent" },
  { "computing", N_("Computing"), "koh-computing-symbolic", "accent" },
  { "done", N_("Done"), "koh-done-symbolic", "success" },
  { "stopped", N_("Stopped"), "koh-error-symbolic", "error" },
  { "offline", N_("Out of reach"), "koh-warning-symbolic", "warning" },
  { "reachable", N_("Can be reached"), "koh-done-symbolic", "success" },
};

const char *
koh_peer_row_get_peer (KohPeerRow *self)
{
  return self->peer;
}

const char *
koh_peer_row_get_title (KohPeerRow *self)
{
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
}

void
koh_peer_row_set_state (KohPeerRow *self, const char *state, const char *message)
{
  const char *below = message != NULL && *message != '\0' ? message : self->organisation;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), states[i].style);
      if (g_strcmp0 (state, states[i].state) == 0)
        {
          gtk_image_set_from_icon_name (self->icon, states[i].icon);
          gtk_label_set_label (self->state, states[i].word != NULL ? _(states[i].word) : "");
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i].state) == 0)
      gtk_widget_add_css_class (GTK_WIDGET (self->icon), states[i].style);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), below != NULL ? below : "");
}

void
koh_peer_row_set_reachable (KohPeerRow *self, gboolean reachable)
{
  koh_peer_row_set_state (self, reachable ? "reachable" : "offline", NULL);
}

static void
koh_peer_row_finalize (GObject *object)
{
  KohPeerRow *self = KOH_PEER_ROW (object);

  g_free (self->peer);
  g_free (self->organisation);
  G_OBJECT_CLASS (koh_peer_row_parent_class)->finalize (object);
}

static void
koh_peer_row_class_init (KohPeerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = koh_peer_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/peer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KohPeerRow, icon);
  gtk_widget_class_bind_template_child (widget_class, KohPeerRow, state);
}

static void
koh_peer_row_init (KohPeerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
koh_peer_row_new (const KohMap *map, const char *peer)
{
  KohPeerRow *self = g_object_new (KOH_TYPE_PEER_ROW, NULL);
  const char *title = peer;

  self->peer = g_strdup (peer);
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);
      const char *known = koh_language_pick (catalogue->da, catalogue->en);

      if (g_strcmp0 (catalogue->peer, peer) != 0)
        continue;
      title = *known != '\0' ? known : peer;
      if (g_strcmp0 (catalogue->organisation, title) != 0)
        self->organisation = g_strdup (catalogue->organisation);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  koh_peer_row_set_state (self, "", NULL);
  return GTK_WIDGET (self);
}
