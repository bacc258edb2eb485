/* SPDX-License-Identifier: EUPL-1.2
 *
 * The asker's story of one question, on a thread of its own: propose, collect the acceptances, start,
 * watch, open, keep. What happens on the way goes out as the events of the local socket. */
#pragma once

#include "peer/participant.h"

G_BEGIN_DECLS

typedef struct _KohInquiry KohInquiry;

/* In the main context. @event is lent; it is one object of the local protocol (local.h). */
typedef void (*KohInquiryEvent) (KohInquiry *inquiry, JsonNode *event, gpointer user_data);

/* In the main context. Its last event is "answered" or "failed", after which @ended tells that it can be
 * freed. */
KohInquiry *koh_inquiry_start (KohParticipant *self, const char *run, KohQuestion *question,
                               KohInquiryEvent event, gpointer user_data);
void         koh_inquiry_cancel     (KohInquiry *inquiry);
const char  *koh_inquiry_get_run    (KohInquiry *inquiry);
const char  *koh_inquiry_get_title  (KohInquiry *inquiry);
KohHash      koh_inquiry_get_hash   (KohInquiry *inquiry); /* of the question */

/* Waits for the thread, which has ended or soon will. */
void         koh_inquiry_free       (KohInquiry *inquiry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohInquiry, koh_inquiry_free)

G_END_DECLS
