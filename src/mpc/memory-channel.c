/* SPDX-License-Identifier: EUPL-1.2
 *
 * Nine queues between three threads. A sender that runs far ahead waits, so that memory stays
 * bounded; since parties run the same straight line of operations, the one furthest behind can
 * always go on, and nobody waits for ever. */
#include "mpc/memory-channel.h"

#include "common/error.h"

#include <pthread.h>

#define QUEUE_BYTES (64u << 20)

/* GLib's reference counts are not instrumented, so ThreadSanitizer would take the last holder's free for
 * a race with the other's reading. Under it the receiver gets a copy of its own. */
#if defined(__SANITIZE_THREAD__)
#define COPY_MESSAGES 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define COPY_MESSAGES 1
#endif
#endif
#ifndef COPY_MESSAGES
#define COPY_MESSAGES 0
#endif

typedef struct
{
  KohChannel channel;
  KohMemoryMesh *mesh;
  guint me;
  GError *why; /* set once closed */
} Endpoint;

typedef struct
{
  GQueue messages;
  gsize bytes;
  pthread_cond_t changed;
} Queue;

struct _KohMemoryMesh
{
  pthread_mutex_t mutex;
  Queue queues[KOH_PARTIES][KOH_PARTIES]; /* [from][to] */
  Endpoint endpoints[KOH_PARTIES];
  KohMemoryTap tap;
  gpointer tap_data;
  KohMemoryTamper tamper;
  gpointer tamper_data;
};

static GBytes *
hold (GBytes *message)
{
  gsize size;
  gconstpointer bytes = g_bytes_get_data (message, &size);

  return COPY_MESSAGES ? g_bytes_new (bytes, size) : g_bytes_ref (message);
}

/* With the mutex held: sets @error and gives FALSE if either end is closed. */
static gboolean
is_open (Endpoint *self, guint party, GError **error)
{
  const Endpoint *other = &self->mesh->endpoints[party];

  if (self->why != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (self->why);
      return FALSE;
    }
  if (other->why != NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED, "Member %u has left the session: %s", party,
                   other->why->message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
send_message (KohChannel *channel, guint party, GBytes *message, GError **error)
{
  Endpoint *self = (Endpoint *) channel;
  KohMemoryMesh *mesh = self->mesh;
  Queue *queue = &mesh->queues[self->me][party];
  g_autoptr (GBytes) delivered = NULL;
  gboolean open;

  if (mesh->tap != NULL)
    mesh->tap (self->me, party, message, mesh->tap_data);
  delivered = mesh->tamper != NULL ? mesh->tamper (self->me, party, message, mesh->tamper_data)
                                   : g_bytes_ref (message);
  pthread_mutex_lock (&mesh->mutex);
  while (queue->bytes > QUEUE_BYTES && self->why == NULL && mesh->endpoints[party].why == NULL)
    pthread_cond_wait (&queue->changed, &mesh->mutex);
  open = is_open (self, party, error);
  if (open && delivered != NULL)
    {
      g_queue_push_tail (&queue->messages, hold (delivered));
      queue->bytes += g_bytes_get_size (delivered);
      pthread_cond_broadcast (&queue->changed);
    }
  pthread_mutex_unlock (&mesh->mutex);
  return open;
}

/* What was sent before the other end closed still arrives. */
static GBytes *
recv_message (KohChannel *channel, guint party, GError **error)
{
  Endpoint *self = (Endpoint *) channel;
  KohMemoryMesh *mesh = self->mesh;
  Queue *queue = &mesh->queues[party][self->me];
  GBytes *message = NULL;

  pthread_mutex_lock (&mesh->mutex);
  while (self->why == NULL && g_queue_is_empty (&queue->messages) && is_open (self, party, NULL))
    pthread_cond_wait (&queue->changed, &mesh->mutex);
  if (self->why == NULL)
    message = g_queue_pop_head (&queue->messages);
  if (message != NULL)
    {
      queue->bytes -= g_bytes_get_size (message);
      pthread_cond_broadcast (&queue->changed);
    }
  else
    is_open (self, party, error);
  pthread_mutex_unlock (&mesh->mutex);
  return message;
}

static void
close_endpoint (KohChannel *channel, const GError *why)
{
  Endpoint *self = (Endpoint *) channel;
  KohMemoryMesh *mesh = self->mesh;

  pthread_mutex_lock (&mesh->mutex);
  if (self->why == NULL)
    self->why = why != NULL ? g_error_copy (why)
                            : g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "The session was closed.");
  for (guint party = 0; party < KOH_PARTIES; party++)
    {
      pthread_cond_broadcast (&mesh->queues[self->me][party].changed);
      pthread_cond_broadcast (&mesh->queues[party][self->me].changed);
    }
  pthread_mutex_unlock (&mesh->mutex);
}

/* Endpoints belong to the mesh. */
static void
free_endpoint (KohChannel *channel)
{
}

KohMemoryMesh *
koh_memory_mesh_new (void)
{
  KohMemoryMesh *mesh = g_new0 (KohMemoryMesh, 1);

  pthread_mutex_init (&mesh->mutex, NULL);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      mesh->endpoints[i] =
          (Endpoint){ { send_message, recv_message, close_endpoint, free_endpoint }, mesh, i, NULL };
      for (guint j = 0; j < KOH_PARTIES; j++)
        {
          g_queue_init (&mesh->queues[i][j].messages);
          pthread_cond_init (&mesh->queues[i][j].changed, NULL);
        }
    }
  return mesh;
}

void
koh_memory_mesh_set_tap (KohMemoryMesh *mesh, KohMemoryTap tap, gpointer user_data)
{
  mesh->tap = tap;
  mesh->tap_data = user_data;
}

void
koh_memory_mesh_set_tamper (KohMemoryMesh *mesh, KohMemoryTamper tamper, gpointer user_data)
{
  mesh->tamper = tamper;
  mesh->tamper_data = user_data;
}

KohChannel *
koh_memory_mesh_get (KohMemoryMesh *mesh, guint party)
{
  g_assert (party < KOH_PARTIES);
  return &mesh->endpoints[party].channel;
}

void
koh_memory_mesh_free (KohMemoryMesh *mesh)
{
  if (mesh == NULL)
    return;
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      for (guint j = 0; j < KOH_PARTIES; j++)
        {
          g_queue_clear_full (&mesh->queues[i][j].messages, (GDestroyNotify) g_bytes_unref);
          pthread_cond_destroy (&mesh->queues[i][j].changed);
        }
      g_clear_error (&mesh->endpoints[i].why);
    }
  pthread_mutex_destroy (&mesh->mutex);
  g_free (mesh);
}
