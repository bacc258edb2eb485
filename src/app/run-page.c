/* SPDX-License-Identifier: EUPL-1.2
 *
 * Listens to a KohRun and puts it into words. */
#include "app/run-page.h"

#include <glib/gi18n.h>

#include "app/language.h"
#include "app/peer-row.h"

struct _KohRunPage
{
  AdwBin parent;
  GtkStack *stack;       /* "run" or "nothing" */
  GtkLabel *title;
  GtkLabel *phase;
  GtkWidget *progress;
  GtkProgressBar *bar;
  GtkLabel *expected;
  GtkLabel *failure;
  GtkListBox *peers;
  GtkLabel *figures;
  GtkWidget *cancel, *again, *show;

  KohClient *client;
  KohRun *run;
};

G_DEFINE_FINAL_TYPE (KohRunPage, koh_run_page, ADW_TYPE_BIN)

static const struct
{
  const char *name, *words;
} phases[] = {
  { "sent", N_("Sent to the peers") },
  { "review", N_("Under review at the peers") },
  { "input", N_("The owners share their data in secret") },
  { "evaluate", N_("Computing on secret shares") },
  { "disclosure", N_("Checking what may be shown") },
  { "release", N_("Opening the answer") },
  { "computing", N_("Computing on secret shares") },
  { "answered", N_("Answered") },
  { "failed", N_("Stopped") },
  { "cancelled", N_("Cancelled") },
};

static void
update_phase (KohRunPage *self)
{
  const char *phase = koh_run_get_phase (self->run);
  const char *step = koh_run_get_step (self->run);
  gboolean computing = g_strcmp0 (phase, "computing") == 0;
  const char *name = computing && *step != '\0' ? step : phase;
  const GError *error = koh_run_get_error (self->run);
  gboolean finished = koh_run_is_finished (self->run);
  gboolean answered = koh_run_get_answer (self->run) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    if (g_strcmp0 (name, phases[i].name) == 0)
      gtk_label_set_label (self->phase, _(phases[i].words));
  gtk_label_set_label (self->failure, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure), error != NULL);
  gtk_widget_set_visible (self->progress, !finished);
  gtk_widget_set_visible (self->cancel, !finished);
  gtk_widget_set_visible (self->again, finished && !answered);
  gtk_widget_set_visible (self->show, answered);
}

/* "54 % · about 12 seconds left" */
static void
update_expected (KohRunPage *self)
{
  double fraction = koh_run_get_fraction (self->run), left;
  g_autofree char *percent = koh_language_percent (fraction);
  g_autofree char *text = NULL;

  g_object_get (self->run, "seconds-left", &left, NULL);
  gtk_progress_bar_set_fraction (self->bar, fraction);
  if (left >= 0)
    {
      g_autofree char *when = koh_language_seconds (left);

      text = g_strdup_printf ("%s · %s", percent, when);
    }
  gtk_label_set_label (self->expected, text != NULL ? text : percent);
}

/* Rounds and bytes interest those who look after the network: small, at the bottom. */
static void
update_figures (KohRunPage *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 rounds, bytes;
  double rows;

  g_object_get (self->run, "rounds", &rounds, "bytes", &bytes, "rows-per-second", &rows, NULL);
  if (rounds > 0)
    {
      g_autofree char *number = koh_language_number (rounds);

      g_string_append_printf (text, ngettext ("%s round", "%s rounds", rounds), number);
    }
  if (bytes > 0)
    {
      g_autofree char *amount = koh_language_bytes (bytes);

      /* Translators: "12.3 MB sent" between the peers. */
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, _("%s sent"), amount);
    }
  if (rows > 0)
    {
      g_autofree char *number = koh_language_number ((gint64) rows);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, _("%s rows a second"), number);
    }
  gtk_label_set_label (self->figures, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->figures), text->len > 0);
}

static void
update (KohRunPage *self)
{
  if (self->run == NULL)
    return;
  update_phase (self);
  update_expected (self);
  update_figures (self);
}

static void
peer_state_cb (KohRunPage *self, const char *peer, const char *state, const char *message)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->peers)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_strcmp0 (koh_peer_row_get_peer (KOH_PEER_ROW (row)), peer) == 0)
      koh_peer_row_set_state (KOH_PEER_ROW (row), state, message);
}

static void
fill_peers (KohRunPage *self)
{
  const char *const *peers = koh_client_get_peers (self->client);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->peers))) != NULL)
    gtk_list_box_remove (self->peers, row);
  for (guint i = 0; peers[i] != NULL; i++)
    {
      row = koh_peer_row_new (koh_client_get_map (self->client), peers[i]);
      gtk_list_box_append (self->peers, row);
      koh_peer_row_set_state (KOH_PEER_ROW (row), koh_run_get_peer_state (self->run, peers[i]),
                              koh_run_get_peer_message (self->run, peers[i]));
    }
}

static void
forget (KohRunPage *self)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
}

void
koh_run_page_set_run (KohRunPage *self, KohRun *run, const char *title)
{
  forget (self);
  self->run = g_object_ref (run);
  gtk_label_set_label (self->title, title != NULL ? title : "");
  fill_peers (self);
  g_signal_connect_object (run, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "finished", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "peer-state", G_CALLBACK (peer_state_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->stack, "run");
  update (self);
}

void
koh_run_page_set_client (KohRunPage *self, KohClient *client)
{
  forget (self);
  g_set_object (&self->client, client);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
koh_run_page_dispose (GObject *object)
{
  KohRunPage *self = KOH_RUN_PAGE (object);

  forget (self);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_run_page_parent_class)->dispose (object);
}

static void
koh_run_page_class_init (KohRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = koh_run_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, title);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, phase);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, progress);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, bar);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, expected);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, failure);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, peers);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, figures);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, again);
  gtk_widget_class_bind_template_child (widget_class, KohRunPage, show);
}

static void
koh_run_page_init (KohRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
