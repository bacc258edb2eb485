/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where the links of sessions wait for their jobs. The peer with the lower name dials, perhaps before the
 * other's job knows of the session: such a link is kept for a while, and not many are. */
#pragma once

#include "net/link.h"

G_BEGIN_DECLS

typedef struct _KohMeeting KohMeeting;

KohMeeting *koh_meeting_new   (void);
void        koh_meeting_free  (KohMeeting *meeting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohMeeting, koh_meeting_free)

/* In the main context: a link of purpose "session:…" has come. Also closes what has waited too long. */
void        koh_meeting_offer (KohMeeting *meeting, KohLink *link);
void        koh_meeting_sweep (KohMeeting *meeting);

/* From a worker: the link of @peer for @purpose; NULL when it has not come in time. */
KohLink *koh_meeting_wait (KohMeeting *meeting, const char *peer, const char *purpose, guint timeout_seconds,
                           GCancellable *cancellable, GError **error);

G_END_DECLS
