/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant's presence on the network: its listener, where its card names an endpoint, and its
 * dialling out. All of it lives in the thread-default main context in which the node was made.
 *
 * The listener is a seam: it hands over opaque frames and parses nothing of ours before the inner
 * handshake has succeeded. Limits: 64 connections, 10 s for a handshake, frames ≤ 1 MiB. */
#pragma once

#include "net/link.h"

G_BEGIN_DECLS

typedef struct _KohNode KohNode;

/* Borrowed: both must outlive the node. */
KohNode *koh_node_new          (KohIdentity *identity, KohRoster *roster);
void     koh_node_free         (KohNode *node); /* closes every link; let threads that dial end first */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohNode, koh_node_free)

/* Called in the main context for each connection whose handshake has succeeded. Take a reference to keep
 * the link; otherwise it closes. */
typedef void (*KohNodeIncoming) (KohNode *node, KohLink *link, gpointer user_data);
void     koh_node_set_incoming (KohNode *node, KohNodeIncoming incoming, gpointer user_data);

/* Called in the main context for each connection that was refused, with the reason as a sentence for the
 * log. Whoever connected has proved nothing, so a name in it is only what was claimed. */
typedef void (*KohNodeRefused) (KohNode *node, const GError *why, gpointer user_data);
void     koh_node_set_refused  (KohNode *node, KohNodeRefused refused, gpointer user_data);

/* Listens on the card's port, on @address ("127.0.0.1", "0.0.0.0"), with TLS unless @plain (for a proxy
 * that ends TLS before it; the inner channel is the same). The error names a port in use and the remedy. */
gboolean koh_node_listen       (KohNode *node, const char *address, guint16 port, gboolean plain, GError **error);
void     koh_node_set_plain_dial (KohNode *node, gboolean plain); /* dial ws:// instead of wss:// */

/* Dials a participant. Errors: KOH_ERROR_UNREACHABLE names it and its endpoint; KOH_ERROR_MISMATCH for
 * another roster; KOH_ERROR_CHECK where the handshake fails (unknown key). */
void     koh_node_dial_async   (KohNode *node, const char *peer, const char *purpose, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
KohLink *koh_node_dial_finish  (KohNode *node, GAsyncResult *result, GError **error);

/* The same from a worker thread: waits while the main context works. */
KohLink *koh_node_dial         (KohNode *node, const char *peer, const char *purpose, GCancellable *cancellable, GError **error);

G_END_DECLS
