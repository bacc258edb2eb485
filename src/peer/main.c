/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-peer: the program of a participant. main() looks up the subcommand and runs it. */
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "peer/command.h"
#include "peer/serve.h"

static const struct
{
  const char *name;
  const char *arguments;
  const char *help;
  KohCommandFunc run;
} commands[] = {
  { "init", "FOLDER --name NAME --organisation TEXT --listen HOST:PORT | --desk",
    "make keys, card and settings", koh_command_init },
  { "card", "FOLDER", "print the card, to give to the others", koh_command_card },
  { "trust", "FOLDER CARD-FILE", "print the safety number with a card's owner, and trust its organisation",
    koh_command_trust },
  { "serve", "FOLDER [--local]", "answer questions; with --local, ask them for this user",
    koh_command_serve },
  { "approve", "FOLDER [HASH]", "list the questions that wait for the data owner, or approve one",
    koh_command_approve },
  { "decline", "FOLDER HASH [REASON]", "decline one of them", koh_command_decline },
  { "policy", "FOLDER [QUESTION-FILE]", "print the policy, or what it says to a question",
    koh_command_policy },
  { "audit", "verify FOLDER [ANSWER-FILE …]",
    "hold the audit log against its head and against answers' receipts", koh_command_audit },
  { "snapshot", "FOLDER", "freeze the data as they are now; enrols anew at the next start",
    koh_command_snapshot },
  { "catalogue", "FOLDER", "print what the data are, as others see it", koh_command_catalogue },
  { "quality", "FOLDER", "print what is wrong with the data, for their owner only: rows by number, opt-outs",
    koh_command_quality },
};

static void
print_help (FILE *stream)
{
  fprintf (stream, "Usage: kohorte-peer COMMAND … FOLDER\n\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %s %s\n      %s\n", commands[i].name, commands[i].arguments, commands[i].help);
  fprintf (stream, "\n  --version\n");
}

gboolean
koh_command_parse (int *argc, char ***argv, const GOptionEntry *entries, int least, int most,
                   const char *usage, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) local = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &local))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE, "%s; usage: kohorte-peer %s", local->message, usage);
      return FALSE;
    }
  if (*argc - 1 >= least && *argc - 1 <= most)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE, "Usage: kohorte-peer %s", usage);
  return FALSE;
}

gboolean
koh_command_serve (int argc, char **argv, GError **error)
{
  gboolean local = FALSE;
  const GOptionEntry entries[] = { { "local", 0, 0, G_OPTION_ARG_NONE, &local, NULL, NULL }, { NULL } };

  return koh_command_parse (&argc, &argv, entries, 1, 1, "serve FOLDER [--local]", error) &&
         koh_serve (argv[1], local, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a full quota is an error of write(), like a full disk */
  if (sodium_init () < 0)
    g_error ("libsodium cannot start on this machine");
  if (argc >= 2 && strcmp (argv[1], "--version") == 0)
    {
      printf ("kohorte-peer %s\n", KOH_VERSION);
      return 0;
    }
  if (argc >= 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "help") == 0))
    {
      print_help (stdout);
      return 0;
    }
  for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (argv[1], commands[i].name) != 0)
        continue;
      if (commands[i].run (argc - 1, argv + 1, &error))
        return 0;
      fprintf (stderr, "kohorte-peer: %s\n", error->message);
      return koh_error_exit_status (error);
    }
  print_help (stderr);
  return 2;
}
