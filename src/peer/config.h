/* SPDX-License-Identifier: EUPL-1.2
 *
 * The group [peer] of a participant's peer.ini: who it is and where it listens. The groups [dataset …]
 * are the store's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *path;          /* of the file */
  char *name;
  char *da, *en;       /* titles */
  char *organisation;
  char *listen_host;   /* NULL at a desk */
  guint16 listen_port;
  gboolean plain;      /* a proxy before it ends TLS */
  gboolean dial_plain; /* dials without TLS */
  gboolean population; /* holds the population register */
  gboolean datasets;   /* maps data of its own */
} KohConfig;

KohConfig *koh_config_load (const char *folder, GError **error);
void       koh_config_free (KohConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohConfig, koh_config_free)

/* Splits "HOST:PORT" or "[ADDRESS]:PORT". */
gboolean   koh_config_endpoint (const char *text, char **host, guint16 *port, GError **error);

G_END_DECLS
