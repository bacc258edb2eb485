/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte, the desktop application. */
#include <glib/gi18n.h>
#include <locale.h>

#include "app/application.h"

int
main (int argc, char *argv[])
{
  const char *locales = g_getenv ("KOHORTE_LOCALE_FOLDER"); /* the build tree's, before installation */
  g_autoptr (KohApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locales != NULL ? locales : KOH_LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Kohorte");
  gtk_window_set_default_icon_name ("dk.kohorte.Kohorte");

  application = koh_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
