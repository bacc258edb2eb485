/* SPDX-License-Identifier: EUPL-1.2
 *
 * One connection between two participants of a roster: a WebSocket (TLS outside) that carries a Noise
 * handshake and then encrypted, authenticated, strictly numbered frames. A message may be longer than a
 * frame (1 MiB): it is cut and put together again. Credit windows (8 MiB) bound what waits.
 *
 * The network lives in the main context that the node was made in. A link is used in one of two ways:
 * with callbacks in that context, or blocking from one worker thread. */
#pragma once

#include "mpc/channel.h"
#include "net/roster.h"

G_BEGIN_DECLS

#define KOH_FRAME_MOST (1u << 20)
#define KOH_CREDIT (8u << 20)

typedef struct _KohLink KohLink; /* reference counted, thread-safe references */

KohLink    *koh_link_ref         (KohLink *link);
void        koh_link_unref       (KohLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohLink, koh_link_unref)

const char *koh_link_get_peer    (const KohLink *link);    /* name in the roster */
const char *koh_link_get_purpose (const KohLink *link);    /* "control", "session:HEX", "enrol" */
gboolean    koh_link_is_closed   (KohLink *link);

/* Main-context use. @received borrows the message; @closed is called once, with the reason (never NULL;
 * KOH_ERROR_UNREACHABLE "NAME closed the connection" when the other side just went). Messages that came
 * before the callbacks were set are delivered then. */
typedef void (*KohLinkReceived) (KohLink *link, GBytes *message, gpointer user_data);
typedef void (*KohLinkClosed)   (KohLink *link, const GError *why, gpointer user_data);
void        koh_link_watch       (KohLink *link, KohLinkReceived received, KohLinkClosed closed, gpointer user_data);

/* From any thread. In the main context it never waits: small messages queue, and beyond 8 MiB of unsent
 * bytes the link is closed. In a worker it waits for credit. */
gboolean    koh_link_send        (KohLink *link, GBytes *message, GError **error);

/* From a worker; waits at most @timeout_seconds (0 = for ever). NULL and KOH_ERROR_STOPPED that names the
 * peer when the link closes or time runs out. */
GBytes     *koh_link_recv        (KohLink *link, guint timeout_seconds, GError **error);

/* From any thread, any number of times. The reason travels to the other side, and to who waits here. */
void        koh_link_close       (KohLink *link, const GError *why);

/* A key that only the two ends of this connection know, fresh for it. */
void        koh_link_derive_key  (KohLink *link, const char *label, const KohHash *session, guint8 key[32]);

/* A channel for the engine over two links: links[i] leads to P_i, links[me] is NULL. Takes references.
 * recv fails after @timeout_seconds of silence, naming the peer. */
KohChannel *koh_mesh_new         (guint me, KohLink *const links[KOH_PARTIES], guint timeout_seconds);

G_END_DECLS
