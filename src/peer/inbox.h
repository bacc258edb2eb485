/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where a worker thread waits for what its links bring. Links live in the main context and put letters
 * in; the worker takes them out, with a deadline. An alarm can be set that sees each letter at once, for
 * what must not wait until the worker looks (a cancellation while it computes). */
#pragma once

#include "net/link.h"

G_BEGIN_DECLS

typedef struct _KohInbox KohInbox; /* reference counted */

typedef struct
{
  guint from;       /* as given when the link was watched */
  KohLink *link;    /* of a link that was opened; NULL */
  GBytes *message;  /* NULL */
  GError *why;      /* of a link that closed, or could not be opened; NULL */
} KohLetter;

/* In the thread that brings the letter, which is the main context's. */
typedef void (*KohInboxAlarm) (const KohLetter *letter, gpointer user_data);

KohInbox  *koh_inbox_new       (void);
KohInbox  *koh_inbox_ref       (KohInbox *inbox);
void       koh_inbox_unref     (KohInbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohInbox, koh_inbox_unref)

/* After koh_inbox_set_alarm (inbox, NULL, NULL) has returned no alarm runs any more. */
void       koh_inbox_set_alarm (KohInbox *inbox, KohInboxAlarm alarm, gpointer user_data);

/* In the main context: what @link brings comes into @inbox from now on. */
void       koh_inbox_watch     (KohInbox *inbox, guint from, KohLink *link);

/* From any thread; takes @letter. FALSE when nobody takes letters out any more; a link in it is closed then.
 */
gboolean       koh_inbox_put       (KohInbox *inbox, KohLetter *letter);

/* From the worker; NULL when @deadline (g_get_monotonic_time()) has passed. */
KohLetter *koh_inbox_take      (KohInbox *inbox, gint64 deadline);

/* Nobody will take letters out any more: drops them, and closes the links in them. */
void koh_inbox_close (KohInbox *inbox);

KohLetter *koh_letter_new      (guint from);
void       koh_letter_free     (KohLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohLetter, koh_letter_free)

G_END_DECLS
