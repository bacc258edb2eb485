/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The path of kohorte-peer: what KOHORTE_PEER says, else beside this program, else where the build tree has
 * it, else in PATH. NULL and an error with the remedy. */
char *koh_cli_peer_program (GError **error);

G_END_DECLS
