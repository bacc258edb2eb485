/* SPDX-License-Identifier: EUPL-1.2
 *
 * A link seen from the node that makes it and the mesh that waits on it; for this room only. */
#pragma once

#include <libsoup/soup.h>

#include "net/frame.h"
#include "net/link.h"
#include "net/meter.h"
#include "net/noise.h"

G_BEGIN_DECLS

#define KOH_MESSAGE_MOST (64u << 20) /* a whole message */
#define KOH_FRAME_CUT (128u << 10)   /* how long our own frames are at most */
#define KOH_FRAME_COST 64u           /* credit that a frame takes beside its payload */

/* Called in the main context: when the other side has shown that it holds the keys, and when the
 * connection is gone for good. */
typedef void (*KohLinkEvent) (KohLink *link, gpointer user_data);

/* Takes over @socket after the handshake. The caller owns the first reference. */
KohLink *koh_link_new      (SoupWebsocketConnection *socket, const char *me, const char *peer, const char *purpose,
                            KohNoise *noise, gboolean initiator, guint silence_ms);
void     koh_link_on_event (KohLink *link, KohLinkEvent ready, KohLinkEvent gone, gpointer user_data);

/* What the connection may read is metered: so much until the other side is ready, and so much between
 * two frames after that. */
void     koh_link_set_meter (KohLink *link, KohMeter *meter);

/* In the main context: gives what is encrypted to the WebSocket, and closes that after the last frame. */
void     koh_link_flush     (KohLink *link);

/* In the main context: drops the connection at once, without waiting for anything to be sent. */
void     koh_link_drop     (KohLink *link);

/* koh_link_send() from a worker that waits at most so long; 0 = for ever. */
gboolean koh_link_send_within (KohLink *link, GBytes *message, guint timeout_seconds, GError **error);

/* What every socket of ours is set to before anything is read from it. */
void     koh_link_prepare_socket (SoupWebsocketConnection *socket);

G_END_DECLS
