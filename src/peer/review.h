/* SPDX-License-Identifier: EUPL-1.2
 *
 * Questions that wait for the data owner, in FOLDER/state/review: HASH.json holds the proposal; the
 * decision is HASH.approved or HASH.declined (with the reason), made by kohorte-peer approve and decline. */
#pragma once

#include "peer/job-private.h"

G_BEGIN_DECLS

/* From the job's thread: tells the desk, and waits for the decision until the proposal expires. */
gboolean   koh_review_wait   (KohJob *job, GError **error);

/* Of the program: the hashes that wait, and a decision about one (any unambiguous beginning of a hash). */
GPtrArray *koh_review_list   (const char *folder); /* of char * */
gboolean   koh_review_decide (const char *folder, const char *hash, gboolean approve, const char *reason,
                              GError **error);

G_END_DECLS
