/* SPDX-License-Identifier: EUPL-1.2
 *
 * The same work on many slices, on all cores, and its progress for a person who waits. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* FALSE stops the whole work: its cause is in user_data. Called from several threads at once. */
typedef gboolean (*KohTask) (guint task, gpointer user_data);

/* Runs tasks 0 … n − 1, and returns when all have ended: TRUE when all returned TRUE and nothing was
 * cancelled. */
gboolean koh_parallel (guint n, KohTask task, gpointer user_data, GCancellable *cancellable);

/* On stderr, at most once a second: what, how much of how much, how fast, until when. */
typedef struct
{
  const char *name;  /* of the participant */
  const char *phase; /* "blinding and checking keys" */
  guint64 total;
  gint64 started, told;
  guint64 done;
} KohReport;

void     koh_report_begin (KohReport *report, const char *name, const char *phase, guint64 total);
void     koh_report_set   (KohReport *report, guint64 done); /* of one thread only */
void     koh_report_end   (KohReport *report);

G_END_DECLS
