/* SPDX-License-Identifier: EUPL-1.2
 *
 * A node seen from its listener and its dialling; for this room only. */
#pragma once

#include <libsoup/soup.h>

#include "net/link-inside.h"
#include "net/node.h"

G_BEGIN_DECLS

#define KOH_CONNECTIONS_MOST 64
#define KOH_PATH "/kohorte/1"

struct _KohNode
{
  KohIdentity *identity;
  KohRoster *roster;
  const char *name;            /* our own */
  GMainContext *context;
  GPtrArray *links;            /* of KohLink, borrowed; each says when it is gone */
  guint handshake_ms;          /* from the first byte to the end of the handshake */
  guint silence_ms;            /* without a byte from the other side */

  KohNodeIncoming incoming;
  gpointer incoming_data;
  KohNodeRefused refused;
  gpointer refused_data;

  GSocketService *service;     /* NULL unless it listens */
  SoupServer *server;
  gboolean plain;
  GPtrArray *arrivals;         /* of Arrival: connections that were accepted and are open */

  SoupSession *sessions[2];    /* through the system's proxy, and directly; made when first needed */
  gboolean plain_dial;
  GPtrArray *dials;            /* of GTask, borrowed: under way */
};

/* For tests: how long is waited. */
void koh_node_set_patience  (KohNode *node, guint handshake_ms, guint silence_ms);

/* Enters a link into the node's list, and out of it when it is gone. */
void koh_node_add_link      (KohNode *node, KohLink *link, KohLinkEvent ready);

/* The parts of koh_node_free() that belong to the listener and to dialling. */
void koh_node_stop_listening (KohNode *node);
void koh_node_stop_dialling  (KohNode *node);

G_END_DECLS
