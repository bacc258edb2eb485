/* SPDX-License-Identifier: EUPL-1.2
 *
 * Opens a federation, hands it to the four pages, and follows the question under way. */
#include "app/window-private.h"

#include <glib/gi18n.h>

#include "app/settings.h"
#include "query/json.h"

G_DEFINE_FINAL_TYPE (KohWindow, koh_window, ADW_TYPE_APPLICATION_WINDOW)

/* A toast reads markup, and a message may hold any text of a peer. */
static AdwToast *
plain_toast (const char *message)
{
  g_autofree char *plain = g_markup_escape_text (message, -1);

  return adw_toast_new (plain);
}

void
koh_window_toast (KohWindow *self, const char *message)
{
  adw_toast_overlay_add_toast (self->toasts, plain_toast (message));
}

void
koh_window_show_page (KohWindow *self, const char *page)
{
  if (self->client != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

/* ---- A question under way ---- */

static void
finished_cb (KohWindow *self)
{
  JsonNode *answer = koh_run_get_answer (self->run);

  koh_window_update_actions (self);
  if (answer == NULL)
    return;
  koh_answer_page_reload (self->answer_page);
  koh_answer_page_show (self->answer_page, answer);
  koh_window_show_page (self, "answer");
}

void
koh_window_watch (KohWindow *self, KohRun *run, const char *title)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  koh_run_page_set_run (self->run_page, run, title);
  g_signal_connect_object (run, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  koh_window_update_actions (self);
}

/* What was asked before the window closed is still going: show it, and say so. */
static void
runs_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KohWindow) self = user_data;
  g_autoptr (GPtrArray) runs = koh_client_list_runs_finish (KOH_CLIENT (source), result, NULL);
  g_autoptr (KohRun) run = NULL;
  g_autofree char *message = NULL;
  const KohRunInfo *info;
  AdwToast *toast;

  if (runs == NULL || runs->len == 0 || KOH_CLIENT (source) != self->client || self->run != NULL)
    return;
  info = g_ptr_array_index (runs, runs->len - 1);
  run = koh_client_watch (self->client, info->run);
  koh_window_watch (self, run, info->title);

  /* Translators: %s is the title of a question. */
  message = g_strdup_printf (_("“%s” went on while the window was closed"), info->title != NULL ? info->title : "");
  toast = plain_toast (message);
  adw_toast_set_button_label (toast, _("Show"));
  adw_toast_set_detailed_action_name (toast, "win.page('run')");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ---- Opening ---- */

/* The pages can be switched in the header, and on a narrow window at the bottom; the welcome page has none. */
static void
show_switchers (KohWindow *self, gboolean show)
{
  adw_view_switcher_title_set_view_switcher_enabled (self->title, show);
  gtk_widget_set_visible (self->switcher_bar, show);
}

/* The other pages read files and make widgets that nobody sees yet: they wait until the first one stands. */
static void
fill_pages (KohWindow *self)
{
  if (self->filling == 0)
    return;
  g_clear_handle_id (&self->filling, g_source_remove);
  koh_question_page_set_client (self->question_page, self->client);
  koh_answer_page_set_client (self->answer_page, self->client);
  koh_window_update_actions (self);
  koh_client_list_runs_async (self->client, NULL, runs_cb, g_object_ref (self));
}

static gboolean
fill_pages_cb (gpointer user_data)
{
  fill_pages (user_data);
  return G_SOURCE_REMOVE;
}

static void
set_client (KohWindow *self, KohClient *client)
{
  g_set_object (&self->client, client);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  koh_run_page_set_client (self->run_page, client);
  koh_catalogue_page_set_client (self->catalogue_page, client);
  adw_view_switcher_title_set_title (self->title, koh_client_get_name (client));
  show_switchers (self, TRUE);
  gtk_window_set_title (GTK_WINDOW (self), koh_client_get_name (client));
  gtk_stack_set_visible_child_name (self->root, "federation");
  koh_window_show_page (self, "catalogue");
  if (self->filling == 0)
    self->filling = g_idle_add_full (G_PRIORITY_LOW, fill_pages_cb, self, NULL);
  koh_window_update_actions (self);
}

void
koh_window_open_federation (KohWindow *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohClient) client = koh_client_open (folder, &error);

  if (client == NULL)
    {
      koh_window_toast (self, error->message);
      return;
    }
  koh_settings_set_string ("last-federation", koh_client_get_folder (client));
  set_client (self, client);
}

void
koh_window_open_last_federation (KohWindow *self)
{
  g_autofree char *folder = koh_settings_get_string ("last-federation");

  if (self->client == NULL && *folder != '\0')
    koh_window_open_federation (self, folder);
}

void
koh_window_open_question (KohWindow *self, const char *path)
{
  if (self->client == NULL)
    {
      koh_window_toast (self, _("Open a federation first; a question is read in the light of its data."));
      return;
    }
  fill_pages (self);
  koh_question_page_open (self->question_page, path);
  koh_window_show_page (self, "question");
}

void
koh_window_open_answer (KohWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = koh_json_read_file (path, &error);

  if (answer == NULL)
    {
      koh_window_toast (self, error->message);
      return;
    }

  fill_pages (self);

  /* An answer can be read without its federation: then the answer page is all there is. */
  gtk_stack_set_visible_child_name (self->root, "federation");
  show_switchers (self, TRUE);
  koh_answer_page_show (self->answer_page, answer);
  adw_view_stack_set_visible_child_name (self->pages, "answer");
  koh_window_update_actions (self);
}

/* ---- The class ---- */

static void
remember_size (KohWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  koh_settings_set_int ("window-width", width);
  koh_settings_set_int ("window-height", height);
}

static gboolean
koh_window_close_request (GtkWindow *window)
{
  remember_size (KOH_WINDOW (window));
  return GTK_WINDOW_CLASS (koh_window_parent_class)->close_request (window);
}

static void
koh_window_dispose (GObject *object)
{
  KohWindow *self = KOH_WINDOW (object);

  g_clear_handle_id (&self->filling, g_source_remove);
  g_clear_object (&self->run);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_window_parent_class)->dispose (object);
}

static void
koh_window_class_init (KohWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = koh_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = koh_window_close_request;
  g_type_ensure (KOH_TYPE_CATALOGUE_PAGE);
  g_type_ensure (KOH_TYPE_QUESTION_PAGE);
  g_type_ensure (KOH_TYPE_RUN_PAGE);
  g_type_ensure (KOH_TYPE_ANSWER_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/window.ui");
  gtk_widget_class_bind_template_child (widget_class, KohWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, root);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, welcome);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, title);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, catalogue_page);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, question_page);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, run_page);
  gtk_widget_class_bind_template_child (widget_class, KohWindow, answer_page);
  koh_window_install_actions (widget_class);
}

static void
koh_window_init (KohWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_size (GTK_WINDOW (self), koh_settings_get_int ("window-width", 1024),
                               koh_settings_get_int ("window-height", 700));
  show_switchers (self, FALSE);
  g_signal_connect_object (self->question_page, "changed", G_CALLBACK (koh_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->answer_page, "changed", G_CALLBACK (koh_window_update_actions), self, G_CONNECT_SWAPPED);
  koh_window_update_actions (self);
}

KohWindow *
koh_window_new (KohApplication *application)
{
  return g_object_new (KOH_TYPE_WINDOW, "application", application, NULL);
}
