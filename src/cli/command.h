/* SPDX-License-Identifier: EUPL-1.2
 *
 * A subcommand, and the few things that all of them share: how options are read, and how a failure
 * becomes one line on stderr and an exit status. stdout carries nothing but the result. */
#pragma once

#include <gio/gio.h>

#include "client/client.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;                         /* "ask", "demo create" */
  int       (*run)  (int argc, char **argv); /* argv[0] is the name; returns the exit status */
  const char *usage;                        /* what follows the name */
  const char *help;                         /* one line; translated where shown */
} KohCommand;

int koh_cli_ask            (int argc, char **argv);
int koh_cli_catalogue      (int argc, char **argv);
int koh_cli_check          (int argc, char **argv);
int koh_cli_demo_create    (int argc, char **argv);
int koh_cli_federation_up  (int argc, char **argv);
int koh_cli_sentence       (int argc, char **argv);

/* Reads @entries from the command line; what is left over must be between @least and @most words, and is
 * given as @words. FALSE: nothing more to do, and @status says how the program ends (0 after --help). */
gboolean koh_cli_options  (int argc, char **argv, const GOptionEntry *entries, guint least, guint most,
                           char ***words, int *status);

/* A message on stderr, "kohorte-cli: …". */
void     koh_cli_say      (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Says the error and gives the exit status that belongs to it. */
int      koh_cli_fail     (const GError *error);

/* Exit status 2, after saying why. */
int      koh_cli_usage    (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* "da" or "en": what was asked for, else what the locale says. NULL, after saying why, for another. */
const char *koh_cli_language (const char *asked);

/* The catalogues of @federation, or an empty map where it is NULL. */
KohMap  *koh_cli_map      (const char *federation, GError **error);

/* Writes @text to @path whole or not at all, or to stdout where @path is NULL. */
gboolean koh_cli_put      (const char *path, const char *text, GError **error);

G_END_DECLS
