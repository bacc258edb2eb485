/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant's node: what its listener and its dialling share, and the end of all of it. */
#include "net/node-inside.h"

KohNode *
koh_node_new (KohIdentity *identity, KohRoster *roster)
{
  KohNode *node = g_new0 (KohNode, 1);

  node->identity = identity;
  node->roster = roster;
  node->name = koh_identity_card (identity)->name;
  node->context = g_main_context_ref_thread_default ();
  node->links = g_ptr_array_new ();
  node->arrivals = g_ptr_array_new ();
  node->dials = g_ptr_array_new ();
  node->handshake_ms = 10 * 1000;
  node->silence_ms = 60 * 1000;
  return node;
}

void
koh_node_free (KohNode *node)
{
  koh_node_stop_dialling (node);
  koh_node_stop_listening (node);
  while (node->links->len > 0)
    {
      g_autoptr (KohLink) link = koh_link_ref (node->links->pdata[node->links->len - 1]);

      koh_link_close (link, NULL);
      koh_link_flush (link); /* what can be written at once, a reason given before among it, still is */
      koh_link_drop (link);
    }
  g_ptr_array_unref (node->links);
  g_ptr_array_unref (node->arrivals);
  g_ptr_array_unref (node->dials);
  g_main_context_unref (node->context);
  g_free (node);
}

void
koh_node_set_incoming (KohNode *node, KohNodeIncoming incoming, gpointer user_data)
{
  node->incoming = incoming;
  node->incoming_data = user_data;
}

void
koh_node_set_refused (KohNode *node, KohNodeRefused refused, gpointer user_data)
{
  node->refused = refused;
  node->refused_data = user_data;
}

void
koh_node_set_plain_dial (KohNode *node, gboolean plain)
{
  node->plain_dial = plain;
}

void
koh_node_set_patience (KohNode *node, guint handshake_ms, guint silence_ms)
{
  node->handshake_ms = handshake_ms;
  node->silence_ms = silence_ms;
}

static void
link_gone (KohLink *link, gpointer user_data)
{
  KohNode *node = user_data;

  g_ptr_array_remove_fast (node->links, link);
}

void
koh_node_add_link (KohNode *node, KohLink *link, KohLinkEvent ready)
{
  g_ptr_array_add (node->links, link);
  koh_link_on_event (link, ready, link_gone, node);
}
