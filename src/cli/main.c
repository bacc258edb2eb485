/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli: a table of subcommands, each in a file of its own. */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const KohCommand commands[] = {
  { "demo create", koh_cli_demo_create, "DIR [--persons N] [--seed S] [--enrich F] [--port P]",
    N_("make a federation of three peers with synthetic data on this machine") },
  { "federation up", koh_cli_federation_up, "DIR [--keep]",
    N_("start every peer of a federation folder; prints READY; stops them on Ctrl-C") },
  { "ask", koh_cli_ask, "FILE --federation DIR [--output FILE] [--format text|json|csv] [--language da|en]",
    N_("ask a question, wait, and print the answer") },
  { "check", koh_cli_check, "FILE [--federation DIR]",
    N_("say what is wrong with a question; asks nobody") },
  { "sentence", koh_cli_sentence, "FILE [--language da|en] [--full] [--federation DIR]",
    N_("print a question as a sentence") },
  { "catalogue", koh_cli_catalogue, "--federation DIR [--format text|json] [--language da|en]",
    N_("print what data the peers have") },
};

static void
print_help (FILE *to)
{
  fputs (_("Usage: kohorte-cli COMMAND …\n\n"), to);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (to, "  %s %s\n      %s\n", commands[i].name, commands[i].usage, _(commands[i].help));
  fputs (_("\nExit status: 0 answered; 1 the question or the input is wrong; 2 usage; 3 declined; 4 stopped;\n"
           "5 a peer is out of reach; 130 cancelled.\n"),
         to);
}

/* The table's entry for the first one or two words; @used tells how many. */
static const KohCommand *
find_command (int argc, char **argv, int *used)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (GStrv) words = g_strsplit (commands[i].name, " ", -1);
      int n = (int) g_strv_length (words);

      if (argc > n && strcmp (argv[1], words[0]) == 0 && (n == 1 || strcmp (argv[2], words[1]) == 0))
        {
          *used = n;
          return &commands[i];
        }
    }
  return NULL;
}

/* Before installation the program stands in the build tree, and so do its translations. */
static char *
locale_folder (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *po = g_build_filename (folder, "..", "..", "po", NULL);
  g_autofree char *messages = g_build_filename (po, "da", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);

  return g_file_test (messages, G_FILE_TEST_EXISTS) ? g_steal_pointer (&po) : g_strdup (KOH_LOCALE_FOLDER);
}

int
main (int argc, char **argv)
{
  g_autofree char *locales = locale_folder ();
  const KohCommand *command;
  int used = 0;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locales);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  signal (SIGPIPE, SIG_IGN);

  if (argc > 1 && g_strv_contains ((const char *const[]){ "--help", "-h", "help", NULL }, argv[1]))
    {
      print_help (stdout);
      return 0;
    }
  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      puts ("kohorte " KOH_VERSION);
      return 0;
    }
  command = find_command (argc, argv, &used);
  if (command == NULL)
    {
      print_help (stderr);
      return 2;
    }
  argv[used] = (char *) command->name;
  return command->run (argc - used, argv + used);
}
