/* SPDX-License-Identifier: EUPL-1.2
 *
 * Three parties in one process: a mesh of queues between threads, for tests, the bench and
 * measurements. Queues use pthread mutexes and conditions, which ThreadSanitizer understands. */
#pragma once

#include "mpc/channel.h"

G_BEGIN_DECLS

typedef struct _KohMemoryMesh KohMemoryMesh;

/* Called, where set, with every message as it is sent; from the sender's thread. */
typedef void (*KohMemoryTap) (guint from, guint to, GBytes *message, gpointer user_data);

/* Called, where set, with every message as it is sent, after the tap; from the sender's thread. Gives the
 * message that is delivered in its place, or NULL for none: how tests cheat. */
typedef GBytes *(*KohMemoryTamper) (guint from, guint to, GBytes *message, gpointer user_data);

KohMemoryMesh *koh_memory_mesh_new     (void);
void           koh_memory_mesh_set_tap (KohMemoryMesh *mesh, KohMemoryTap tap, gpointer user_data);
void           koh_memory_mesh_set_tamper (KohMemoryMesh *mesh, KohMemoryTamper tamper, gpointer user_data);
KohChannel    *koh_memory_mesh_get     (KohMemoryMesh *mesh, guint party); /* lends; threads may share the mesh */
void           koh_memory_mesh_free    (KohMemoryMesh *mesh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohMemoryMesh, koh_memory_mesh_free)

G_END_DECLS
