/* SPDX-License-Identifier: EUPL-1.2
 *
 * One client of the local socket: lines in, lines out, both bounded. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KOH_LINE_MOST (1u << 20)

typedef struct _KohLocalClient KohLocalClient;

typedef void (*KohLocalLine)   (KohLocalClient *client, const char *line, gpointer user_data);
typedef void (*KohLocalClosed) (KohLocalClient *client, gpointer user_data); /* then free it */

KohLocalClient *koh_local_client_new (GSocketConnection *connection, KohLocalLine line, KohLocalClosed closed,
                                      gpointer user_data);
void            koh_local_client_free   (KohLocalClient *client);
void            koh_local_client_say    (KohLocalClient *client, JsonNode *event);

/* Whether it follows the run of that id. */
void            koh_local_client_follow (KohLocalClient *client, const char *run);
gboolean        koh_local_client_follows (KohLocalClient *client, const char *run);

G_END_DECLS
