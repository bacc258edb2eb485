/* SPDX-License-Identifier: EUPL-1.2
 *
 * Progress on stderr: one line that is written over on a terminal; elsewhere plain lines, only when
 * something has changed and at most one in a second or two, so that logs stay short. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KohProgress KohProgress;

KohProgress *koh_progress_new   (void);
void         koh_progress_free  (KohProgress *progress); /* ends the line */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohProgress, koh_progress_free)

/* The present state. @important lines are always written. */
void         koh_progress_show  (KohProgress *progress, gboolean important, const char *format, ...)
                                 G_GNUC_PRINTF (3, 4);

/* A line that stays. */
void         koh_progress_note  (KohProgress *progress, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* "0:07", "1:02:30"; "" for less than nothing. Free with g_free(). */
char        *koh_progress_time  (double seconds);

/* "312", "4.5 thousand", "1.2 million". Free with g_free(). */
char        *koh_progress_number (double number);

G_END_DECLS
