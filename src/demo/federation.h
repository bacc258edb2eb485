/* SPDX-License-Identifier: EUPL-1.2
 *
 * A whole demo federation in one folder (layout: client/client.h): three peers with synthetic data, the
 * asker, their keys and cards, the signed roster, policies, published catalogues, example questions. */
#pragma once

#include "demo/world.h"

G_BEGIN_DECLS

/* @folder must not exist yet or be empty; after a failure nothing is left behind. @base_port: the peers
 * listen on base_port, +1, +2 of 127.0.0.1; 0 picks free ports. */
gboolean koh_demo_create (const char *folder, const KohWorldOptions *options, guint16 base_port,
                          KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
