/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the subcommands share: options, messages, and where results go. */
#include "cli/command.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"

static void
say (const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  fprintf (stderr, "kohorte-cli: %s\n", text);
}

void
koh_cli_say (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say (format, arguments);
  va_end (arguments);
}

int
koh_cli_usage (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say (format, arguments);
  va_end (arguments);
  fputs (_("Try “kohorte-cli --help”.\n"), stderr);
  return 2;
}

int
koh_cli_fail (const GError *error)
{
  koh_cli_say ("%s", error->message);
  return koh_error_exit_status (error);
}

gboolean
koh_cli_options (int argc, char **argv, const GOptionEntry *entries, guint least, guint most, char ***words,
                 int *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) copy = NULL;
  gboolean help = FALSE;
  const GOptionEntry own[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_("Show this help"), NULL },
    { NULL },
  };
  GStrvBuilder *builder = g_strv_builder_new ();
  guint n;

  for (int i = 0; i < argc; i++)
    g_strv_builder_add (builder, argv[i]);
  copy = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  /* GLib's own --help would call the program's first word alone and end the program. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  *words = NULL;
  if (!g_option_context_parse_strv (context, &copy, &error))
    {
      *status = koh_cli_usage ("%s: %s", argv[0], error->message);
      return FALSE;
    }
  if (help)
    {
      g_autofree char *name = g_strconcat ("kohorte-cli ", argv[0], NULL), *text = NULL;

      g_set_prgname (name);
      text = g_option_context_get_help (context, FALSE, NULL);
      fputs (text, stdout);
      *status = 0;
      return FALSE;
    }
  n = g_strv_length (copy) - 1;
  if (n < least)
    {
      *status = koh_cli_usage (_("%s: something is missing after it."), argv[0]);
      return FALSE;
    }
  if (n > most)
    {
      *status = koh_cli_usage (_("%s: “%s” is one word too many."), argv[0], copy[1 + most]);
      return FALSE;
    }
  *words = g_strdupv (copy + 1);
  return TRUE;
}

const char *
koh_cli_language (const char *asked)
{
  if (asked == NULL)
    return g_str_has_prefix (g_get_language_names ()[0], "da") ? "da" : "en";
  if (strcmp (asked, "da") == 0)
    return "da";
  if (strcmp (asked, "en") == 0)
    return "en";
  koh_cli_usage (_("There is no language “%s” here; use da or en."), asked);
  return NULL;
}

KohMap *
koh_cli_map (const char *federation, GError **error)
{
  g_autofree char *folder = NULL;

  if (federation == NULL)
    return koh_map_new ();
  folder = g_build_filename (federation, "catalogues", NULL);
  return koh_map_read_folder (folder, error);
}

gboolean
koh_cli_put (const char *path, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (path != NULL)
    {
      bytes = g_bytes_new (text, strlen (text));
      return koh_place_write (path, bytes, 0644, error);
    }
  if (fputs (text, stdout) != EOF && fflush (stdout) == 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _("Cannot write the result: %s"), g_strerror (errno));
  return FALSE;
}
