/* SPDX-License-Identifier: EUPL-1.2
 *
 * The federation of the fixture on real loopback sockets: all nodes live in one thread with a main loop, and
 * the test itself is the worker. */
#pragma once

#include <pthread.h>

#include "fixture.h"
#include "net/node-inside.h"

typedef struct
{
  Federation *federation;
  guint16 ports[N_MEMBERS];
  KohNode *nodes[N_MEMBERS];
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GAsyncQueue *incoming[N_MEMBERS]; /* of KohLink, with a reference */
  GAsyncQueue *refused;             /* of GError */
} Network;

enum { AARHUS, ASKER, DST, RIGS };

/* A port that is free at this moment. */
static inline guint16
free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_true (g_socket_bind (socket, any, TRUE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* Runs a function in the thread of the network, and waits for it. */
typedef void (*InNetwork) (Network *network, gpointer data);

typedef struct
{
  Network *network;
  InNetwork function;
  gpointer data;
  pthread_mutex_t lock;
  pthread_cond_t cond;
  gboolean done;
} Call;

static inline gboolean
call_cb (gpointer user_data)
{
  Call *call = user_data;

  pthread_mutex_lock (&call->lock);
  call->function (call->network, call->data);
  call->done = TRUE;
  pthread_cond_signal (&call->cond);
  pthread_mutex_unlock (&call->lock);
  return G_SOURCE_REMOVE;
}

static inline void
in_network (Network *network, InNetwork function, gpointer data)
{
  Call call = { .network = network, .function = function, .data = data };
  GSource *source = g_idle_source_new ();

  pthread_mutex_init (&call.lock, NULL);
  pthread_cond_init (&call.cond, NULL);
  pthread_mutex_lock (&call.lock);
  g_source_set_callback (source, call_cb, &call, NULL);
  g_source_attach (source, network->context);
  g_source_unref (source);
  while (!call.done)
    pthread_cond_wait (&call.cond, &call.lock);
  pthread_mutex_unlock (&call.lock);
  pthread_mutex_destroy (&call.lock);
  pthread_cond_destroy (&call.cond);
}

static inline gpointer
network_thread (gpointer data)
{
  Network *network = data;

  g_main_context_push_thread_default (network->context);
  g_main_loop_run (network->loop);
  while (g_main_context_iteration (network->context, FALSE))
    ;
  g_main_context_pop_thread_default (network->context);
  return NULL;
}

static inline void
incoming_cb (KohNode *node, KohLink *link, gpointer user_data)
{
  g_async_queue_push (user_data, koh_link_ref (link));
}

static inline void
refused_cb (KohNode *node, const GError *why, gpointer user_data)
{
  g_async_queue_push (user_data, g_error_copy (why));
}

typedef struct
{
  gboolean plain;
  guint handshake_ms, silence_ms;
} NetworkOptions;

static inline void
start_nodes (Network *network, gpointer data)
{
  const NetworkOptions *options = data;

  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_autoptr (GError) error = NULL;

      network->nodes[i] = koh_node_new (network->federation->members[i], network->federation->roster);
      koh_node_set_patience (network->nodes[i], options->handshake_ms, options->silence_ms);
      koh_node_set_incoming (network->nodes[i], incoming_cb, network->incoming[i]);
      koh_node_set_refused (network->nodes[i], refused_cb, network->refused);
      koh_node_set_plain_dial (network->nodes[i], options->plain);
      if (network->ports[i] != 0)
        koh_node_listen (network->nodes[i], "127.0.0.1", network->ports[i], options->plain, &error);
      g_assert_no_error (error);
    }
}

static inline Network *
network_new (gboolean plain, guint handshake_ms, guint silence_ms)
{
  Network *network = g_new0 (Network, 1);
  NetworkOptions options = { plain, handshake_ms, silence_ms };

  for (guint i = 0; i < N_MEMBERS; i++)
    {
      network->ports[i] = i == ASKER ? 0 : free_port ();
      network->incoming[i] = g_async_queue_new_full ((GDestroyNotify) koh_link_unref);
    }
  network->refused = g_async_queue_new_full ((GDestroyNotify) g_error_free);
  network->federation = federation_new (network->ports);
  network->context = g_main_context_new ();
  network->loop = g_main_loop_new (network->context, FALSE);
  network->thread = g_thread_new ("network", network_thread, network);
  in_network (network, start_nodes, &options);
  return network;
}

static inline void
stop_nodes (Network *network, gpointer data)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    g_clear_pointer (&network->nodes[i], koh_node_free);
}

static inline void
network_free (Network *network)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    g_async_queue_unref (network->incoming[i]);
  in_network (network, stop_nodes, NULL);
  g_main_loop_quit (network->loop);
  g_thread_join (network->thread);
  g_async_queue_unref (network->refused);
  g_main_loop_unref (network->loop);
  g_main_context_unref (network->context);
  federation_free (network->federation);
  g_free (network);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Network, network_free)

/* The link that member @i gets by being dialled. */
static inline KohLink *
next_incoming (Network *network, guint i)
{
  KohLink *link = g_async_queue_timeout_pop (network->incoming[i], 10 * G_USEC_PER_SEC);

  g_assert_nonnull (link);
  return link;
}

/* Both ends of a new connection. */
static inline void
connect_members (Network *network, guint from, guint to, const char *purpose, KohLink **near, KohLink **far)
{
  g_autoptr (GError) error = NULL;

  *near = koh_node_dial (network->nodes[from], member_names[to], purpose, NULL, &error);
  g_assert_no_error (error);
  *far = next_incoming (network, to);
}

static inline GBytes *
pattern (gsize size, guint seed)
{
  guint8 *bytes = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) ((i * 2654435761u + seed * 40503u) >> 11);
  return g_bytes_new_take (bytes, size);
}
