/* SPDX-License-Identifier: EUPL-1.2
 *
 * The socket on which a desk's participant serves the app and the command line of its own user: one JSON
 * object a line, both ways, at most 1 MiB.
 *
 *   ping | look | ask question | watch run | runs | cancel run | answers | stop
 *
 * A question goes on when the client that asked it goes away. */
#pragma once

#include "peer/desk.h"

G_BEGIN_DECLS

typedef struct _KohLocal KohLocal;
typedef void (*KohLocalStop) (gpointer user_data);

/* Listens on koh_place_socket (folder). @stop is called when a client says "stop". */
KohLocal *koh_local_new (KohParticipant *self, KohDesk *desk, KohLocalStop stop, gpointer user_data,
                         GError **error);
void      koh_local_free (KohLocal *local);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohLocal, koh_local_free)

G_END_DECLS
