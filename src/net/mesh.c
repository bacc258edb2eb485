/* SPDX-License-Identifier: EUPL-1.2
 *
 * The engine's channel over two links: whole messages, in order, encrypted between exactly these two. */
#include "common/error.h"
#include "net/link-inside.h"

typedef struct
{
  KohChannel channel;
  KohLink *links[KOH_PARTIES];
  guint timeout_seconds;
} Mesh;

static KohLink *
link_to (Mesh *mesh, guint party, GError **error)
{
  if (party < KOH_PARTIES && mesh->links[party] != NULL)
    return mesh->links[party];
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "There is no link to party %u", party);
  return NULL;
}

static gboolean
mesh_send (KohChannel *self, guint party, GBytes *message, GError **error)
{
  Mesh *mesh = (Mesh *) self;
  KohLink *link = link_to (mesh, party, error);

  return link != NULL && koh_link_send_within (link, message, mesh->timeout_seconds, error);
}

static GBytes *
mesh_recv (KohChannel *self, guint party, GError **error)
{
  Mesh *mesh = (Mesh *) self;
  KohLink *link = link_to (mesh, party, error);

  return link != NULL ? koh_link_recv (link, mesh->timeout_seconds, error) : NULL;
}

static void
mesh_close (KohChannel *self, const GError *why)
{
  Mesh *mesh = (Mesh *) self;

  for (guint i = 0; i < KOH_PARTIES; i++)
    if (mesh->links[i] != NULL)
      koh_link_close (mesh->links[i], why);
}

static void
mesh_free (KohChannel *self)
{
  Mesh *mesh = (Mesh *) self;

  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&mesh->links[i], koh_link_unref);
  g_free (mesh);
}

KohChannel *
koh_mesh_new (guint me, KohLink *const links[KOH_PARTIES], guint timeout_seconds)
{
  Mesh *mesh = g_new0 (Mesh, 1);

  mesh->channel = (KohChannel){ mesh_send, mesh_recv, mesh_close, mesh_free };
  mesh->timeout_seconds = timeout_seconds;
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me && links[i] != NULL)
      mesh->links[i] = koh_link_ref (links[i]);
  return &mesh->channel;
}
