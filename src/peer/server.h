/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant at work in the main context: a peer that listens, enrols and answers, or a desk that
 * listens to nobody but its own user, and asks. */
#pragma once

#include "peer/desk.h"

G_BEGIN_DECLS

typedef struct _KohServer KohServer;

typedef enum
{
  KOH_SERVER_READY, /* able to answer */
  KOH_SERVER_ENDED, /* after koh_server_end(), or by itself: then with the reason. Free it, later */
} KohServerState;

typedef void (*KohServerEvent) (KohServer *server, KohServerState state, const GError *why,
                                gpointer user_data);

/* Takes @self. */
KohServer *koh_server_new      (KohParticipant *self, KohServerEvent event, gpointer user_data);

/* Listens, and begins to get ready. FALSE with one sentence when it cannot. */
gboolean   koh_server_begin    (KohServer *server, GError **error);
gboolean   koh_server_is_ready (KohServer *server);
KohDesk   *koh_server_get_desk (KohServer *server); /* NULL at a peer */

/* No new questions; what is under way may finish for a while, then is stopped; then KOH_SERVER_ENDED. */
void       koh_server_end      (KohServer *server);

/* After KOH_SERVER_ENDED, or where it has not begun. */
void       koh_server_free     (KohServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohServer, koh_server_free)

G_END_DECLS
