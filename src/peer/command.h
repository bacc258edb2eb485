/* SPDX-License-Identifier: EUPL-1.2
 *
 * The subcommands of kohorte-peer. Each takes the arguments that follow its name and returns the exit
 * status; a failure sets one sentence, which main() prints. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef gboolean (*KohCommandFunc) (int argc, char **argv, GError **error);

/* setup.c: who we are and whom we trust */
gboolean koh_command_init      (int argc, char **argv, GError **error);
gboolean koh_command_card      (int argc, char **argv, GError **error);
gboolean koh_command_trust     (int argc, char **argv, GError **error);

/* inspect.c: what stands in the folder */
gboolean koh_command_policy    (int argc, char **argv, GError **error);
gboolean koh_command_audit     (int argc, char **argv, GError **error);
gboolean koh_command_catalogue (int argc, char **argv, GError **error);
gboolean koh_command_quality   (int argc, char **argv, GError **error);
gboolean koh_command_snapshot  (int argc, char **argv, GError **error);

/* decide.c: the data owner's decisions */
gboolean koh_command_approve   (int argc, char **argv, GError **error);
gboolean koh_command_decline   (int argc, char **argv, GError **error);

/* main.c */
gboolean koh_command_serve     (int argc, char **argv, GError **error);

/* Parses options and checks that @least to @most arguments are left besides argv[0]. */
gboolean koh_command_parse     (int *argc, char ***argv, const GOptionEntry *entries, int least, int most,
                                const char *usage, GError **error);

G_END_DECLS
