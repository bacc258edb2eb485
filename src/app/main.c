/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte, the desktop application. */
#include <glib/gi18n.h>
#include <locale.h>

#include "app/application.h"

/* Before installation the program stands in the build tree, and so do its schema and its translations. */
static void
use_build_tree (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *schemas = g_build_filename (folder, "..", "..", "data", "gschemas.compiled", NULL);
  g_autofree char *data = g_path_get_dirname (schemas);
  g_autofree char *messages = g_build_filename (folder, "..", "..", "po", "da", "LC_MESSAGES", "kohorte.mo", NULL);
  g_autofree char *po = g_build_filename (folder, "..", "..", "po", NULL);

  if (g_file_test (schemas, G_FILE_TEST_EXISTS))
    g_setenv ("GSETTINGS_SCHEMA_DIR", data, FALSE);
  if (g_file_test (messages, G_FILE_TEST_EXISTS))
    g_setenv ("KOHORTE_LOCALE_FOLDER", po, FALSE);
}

int
main (int argc, char *argv[])
{
  g_autoptr (KohApplication) application = NULL;
  const char *locales;

  use_build_tree ();
  locales = g_getenv ("KOHORTE_LOCALE_FOLDER");
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locales != NULL ? locales : KOH_LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Kohorte");
  gtk_window_set_default_icon_name ("dk.kohorte.Kohorte");

  application = koh_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
