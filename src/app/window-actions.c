/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the window can be told to do: open, search, ask, cancel, copy, export. */
#include <glib/gi18n.h>

#include "app/window-private.h"
#include "common/place.h"
#include "query/json.h"

/* ---- Choosing a file ---- */

typedef void (*Chosen) (KohWindow *self, const char *path);

static void
response_cb (GtkNativeDialog *dialog, int response, KohWindow *self)
{
  Chosen chosen = (Chosen) g_object_get_data (G_OBJECT (dialog), "chosen");
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    chosen (self, path);
  g_object_unref (dialog);
}

static GtkFileChooser *
choose (KohWindow *self, const char *title, GtkFileChooserAction action, Chosen chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), "chosen", (gpointer) chosen);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
  return GTK_FILE_CHOOSER (dialog);
}

static void
open_federation (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (KOH_WINDOW (widget), _("Open a Federation"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
          koh_window_open_federation);
}

static void
add_json_filter (GtkFileChooser *chooser, const char *title)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, title);
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
open_question (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KohWindow *self = KOH_WINDOW (widget);

  add_json_filter (choose (self, _("Open a Question"), GTK_FILE_CHOOSER_ACTION_OPEN, koh_window_open_question),
                   _("Questions"));
}

static void
open_answer (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KohWindow *self = KOH_WINDOW (widget);

  add_json_filter (choose (self, _("Open an Answer"), GTK_FILE_CHOOSER_ACTION_OPEN, koh_window_open_answer),
                   _("Answers"));
}

/* ---- Pages ---- */

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  koh_window_show_page (KOH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KohWindow *self = KOH_WINDOW (widget);

  koh_window_show_page (self, "catalogue");
  koh_catalogue_page_focus_search (self->catalogue_page);
}

/* ---- Asking ---- */

static void
ask (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KohWindow *self = KOH_WINDOW (widget);
  KohQuestion *question = koh_question_page_get_question (self->question_page);
  g_autoptr (KohRun) run = koh_client_ask (self->client, question);

  koh_window_watch (self, run, question->title);
  koh_window_show_page (self, "run");
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  koh_run_cancel (KOH_WINDOW (widget)->run);
}

/* ---- The answer ---- */

static void
copy (KohWindow *self, const char *text, const char *message)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  koh_window_toast (self, message);
}

static void
copy_answer (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KohWindow *self = KOH_WINDOW (widget);
  g_autofree char *text = koh_answer_page_to_text (self->answer_page);

  copy (self, text, _("The answer is copied as text"));
}

/* A text that a button carries: a sentence, a code, a hash, a table. */
static void
copy_text (GtkWidget *widget, const char *name, GVariant *parameter)
{
  copy (KOH_WINDOW (widget), g_variant_get_string (parameter, NULL), _("Copied"));
}

static void
save (KohWindow *self, const char *path, char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *message = NULL;

  if (koh_place_write (path, bytes, 0600, &error))
    message = g_strdup_printf (_("The answer is saved as %s"), name);
  koh_window_toast (self, message != NULL ? message : error->message);
}

static void
save_csv (KohWindow *self, const char *path)
{
  save (self, path, koh_answer_page_to_csv (self->answer_page));
}

static void
save_json (KohWindow *self, const char *path)
{
  save (self, path, koh_answer_page_to_json (self->answer_page));
}

static void
export_csv (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooser *chooser =
    choose (KOH_WINDOW (widget), _("Export as CSV"), GTK_FILE_CHOOSER_ACTION_SAVE, save_csv);

  gtk_file_chooser_set_current_name (chooser, _("answer.csv"));
}

static void
export_json (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooser *chooser =
    choose (KOH_WINDOW (widget), _("Export as JSON"), GTK_FILE_CHOOSER_ACTION_SAVE, save_json);

  gtk_file_chooser_set_current_name (chooser, _("answer.json"));
}

/* ---- Which of them can be done now ---- */

void
koh_window_update_actions (KohWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean under_way = self->run != NULL && !koh_run_is_finished (self->run);
  gboolean has_answer = koh_answer_page_has_answer (self->answer_page);

  koh_question_page_set_under_way (self->question_page, under_way);
  gtk_widget_action_set_enabled (widget, "win.ask", self->client != NULL && self->filling == 0 &&
                                                      koh_question_page_can_ask (self->question_page));
  gtk_widget_action_set_enabled (widget, "win.cancel", under_way);
  gtk_widget_action_set_enabled (widget, "win.open-question", self->client != NULL);
  gtk_widget_action_set_enabled (widget, "win.search", self->client != NULL);
  gtk_widget_action_set_enabled (widget, "win.copy-answer", has_answer);
  gtk_widget_action_set_enabled (widget, "win.export-csv", has_answer);
  gtk_widget_action_set_enabled (widget, "win.export-json", has_answer);
}

void
koh_window_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.open-federation", NULL, open_federation);
  gtk_widget_class_install_action (klass, "win.open-question", NULL, open_question);
  gtk_widget_class_install_action (klass, "win.open-answer", NULL, open_answer);
  gtk_widget_class_install_action (klass, "win.page", "s", show_page);
  gtk_widget_class_install_action (klass, "win.search", NULL, search);
  gtk_widget_class_install_action (klass, "win.ask", NULL, ask);
  gtk_widget_class_install_action (klass, "win.cancel", NULL, cancel);
  gtk_widget_class_install_action (klass, "win.copy-answer", NULL, copy_answer);
  gtk_widget_class_install_action (klass, "win.copy-text", "s", copy_text);
  gtk_widget_class_install_action (klass, "win.export-csv", NULL, export_csv);
  gtk_widget_class_install_action (klass, "win.export-json", NULL, export_json);
}
