/* SPDX-License-Identifier: EUPL-1.2
 *
 * The command line (kohorte [FEDERATION] [--answer FILE] [--question FILE]), the application's actions and keys. */
#include "app/application.h"

#include <glib/gi18n.h>

#include "app/window.h"

struct _KohApplication
{
  AdwApplication parent;
};

G_DEFINE_FINAL_TYPE (KohApplication, koh_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "answer", 'a', 0, G_OPTION_ARG_FILENAME, NULL, N_("Show a stored answer"), N_("FILE") },
  { "question", 'q', 0, G_OPTION_ARG_FILENAME, NULL, N_("Open a question"), N_("FILE") },
  { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_("[FEDERATION]") },
  { NULL },
};

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window;

  while ((window = gtk_application_get_active_window (user_data)) != NULL)
    {
      gtk_window_close (window);
      if (gtk_application_get_active_window (user_data) == window)
        gtk_window_destroy (window);
    }
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Kohorte",
                         "application-icon", "dk.kohorte.Kohorte",
                         "version", KOH_VERSION,
                         "developer-name", _("The Kohorte developers"),
                         "license-type", GTK_LICENSE_CUSTOM,
                         "license", _("Kohorte is free software under the European Union Public Licence, version 1.2."),
                         "comments", _("Questions to health data that never leave their owners."),
                         /* Translators: your names, one a line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static const GActionEntry actions[] = {
  { "quit", quit_action },
  { "about", about_action },
};

/* A relative path is relative to the folder of the command line, which may be another process's. */
static char *
path_of (GApplicationCommandLine *line, const char *argument)
{
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, argument);

  return g_file_get_path (file);
}

static int
koh_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_autofree const char **folders = NULL;
  const char *answer = NULL, *question = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &folders);
  g_variant_dict_lookup (dict, "answer", "^&ay", &answer);
  g_variant_dict_lookup (dict, "question", "^&ay", &question);
  if (window == NULL)
    window = GTK_WINDOW (koh_window_new (KOH_APPLICATION (application)));
  if (folders != NULL && folders[0] != NULL)
    {
      g_autofree char *path = path_of (line, folders[0]);

      koh_window_open_federation (KOH_WINDOW (window), path);
    }
  else
    koh_window_open_last_federation (KOH_WINDOW (window));
  if (question != NULL)
    {
      g_autofree char *path = path_of (line, question);

      koh_window_open_question (KOH_WINDOW (window), path);
    }
  if (answer != NULL)
    {
      g_autofree char *path = path_of (line, answer);

      koh_window_open_answer (KOH_WINDOW (window), path);
    }
  gtk_window_present (window);
  return 0;
}

static int
koh_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;
  g_print ("kohorte %s\n", KOH_VERSION);
  return 0;
}

static void
koh_application_startup (GApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } keys[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.open-question", { "<Control>o" } },
    { "win.open-federation", { "<Control><Shift>o" } },
    { "win.search", { "<Control>f" } },
    { "win.ask", { "<Control>Return", "<Control>KP_Enter" } },
    { "win.page('catalogue')", { "<Alt>1" } },
    { "win.page('question')", { "<Alt>2" } },
    { "win.page('run')", { "<Alt>3" } },
    { "win.page('answer')", { "<Alt>4" } },
    { "win.export-csv", { "<Control>e" } },
    { "win.copy-answer", { "<Control><Shift>c" } },
  };

  G_APPLICATION_CLASS (koh_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), keys[i].action, keys[i].keys);
}

static void
koh_application_class_init (KohApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = koh_application_startup;
  application_class->command_line = koh_application_command_line;
  application_class->handle_local_options = koh_application_handle_local_options;
}

static void
koh_application_init (KohApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), NULL);
}

KohApplication *
koh_application_new (void)
{
  return g_object_new (KOH_TYPE_APPLICATION,
                       "application-id", "dk.kohorte.Kohorte",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/dk/kohorte/Kohorte",
                       NULL);
}
