/* SPDX-License-Identifier: EUPL-1.2
 *
 * The questions under way at a desk, and what has been told of each, so that who comes later hears the
 * same. */
#pragma once

#include "peer/inquiry.h"

G_BEGIN_DECLS

typedef struct _KohDesk KohDesk;

/* In the main context: an event of a run, as the local protocol has it. Lent. */
typedef void (*KohDeskEvent) (const char *run, JsonNode *event, gpointer user_data);

KohDesk    *koh_desk_new       (KohParticipant *self);
void        koh_desk_free      (KohDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohDesk, koh_desk_free)

void        koh_desk_set_event (KohDesk *desk, KohDeskEvent event, gpointer user_data);

/* Begins a run and returns its id; NULL where the text is no question. */
const char *koh_desk_ask       (KohDesk *desk, const char *question, KohHash *hash, GError **error);
gboolean    koh_desk_cancel    (KohDesk *desk, const char *run);

/* What has been told of @run, in the order in which a newcomer should hear it: array of JsonNode. NULL for
 * an unknown run. */
GPtrArray  *koh_desk_replay    (KohDesk *desk, const char *run);
JsonArray  *koh_desk_runs      (KohDesk *desk); /* under way: run, title, phase */

gboolean    koh_desk_is_idle   (KohDesk *desk);
void        koh_desk_stop      (KohDesk *desk); /* cancels all */

G_END_DECLS
