/* SPDX-License-Identifier: EUPL-1.2
 *
 * A peer and what it is doing. */
#pragma once

#include <adwaita.h>

#include "query/catalogue.h"

G_BEGIN_DECLS

#define KOH_TYPE_PEER_ROW (koh_peer_row_get_type ())
G_DECLARE_FINAL_TYPE (KohPeerRow, koh_peer_row, KOH, PEER_ROW, AdwActionRow)

GtkWidget  *koh_peer_row_new           (const KohMap *map, const char *peer);
const char *koh_peer_row_get_peer      (KohPeerRow *row);
const char *koh_peer_row_get_title     (KohPeerRow *row);

/* A state of client/client.h; @message (may be "") explains it. */
void        koh_peer_row_set_state     (KohPeerRow *row, const char *state, const char *message);
void        koh_peer_row_set_reachable (KohPeerRow *row, gboolean reachable);

G_END_DECLS
