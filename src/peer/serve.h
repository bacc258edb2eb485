/* SPDX-License-Identifier: EUPL-1.2
 *
 * `kohorte-peer serve`: the program that runs day and night. A peer listens, enrols and answers; a desk
 * (--local) listens to nobody but its own user, and asks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Until SIGINT, SIGTERM or, at a desk, "stop". FALSE with one sentence when it cannot serve. */
gboolean koh_serve (const char *folder, gboolean local, GError **error);

G_END_DECLS
