/* SPDX-License-Identifier: EUPL-1.2
 *
 * See parallel.h. */
#include "peer/parallel.h"

#include <stdio.h>

typedef struct
{
  guint n;
  KohTask task;
  gpointer user_data;
  GCancellable *cancellable;
  gint next, failed;
} Work;

static gpointer
work_cb (gpointer data)
{
  Work *work = data;
  guint task;

  while ((task = (guint) g_atomic_int_add (&work->next, 1)) < work->n && !g_atomic_int_get (&work->failed))
    if (g_cancellable_is_cancelled (work->cancellable) || !work->task (task, work->user_data))
      g_atomic_int_set (&work->failed, 1);
  return NULL;
}

gboolean
koh_parallel (guint n, KohTask task, gpointer user_data, GCancellable *cancellable)
{
  Work work = { n, task, user_data, cancellable, 0, 0 };
  guint helpers = MIN (g_get_num_processors (), n);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  for (guint i = 1; i < helpers; i++)
    g_ptr_array_add (threads, g_thread_new ("slice", work_cb, &work));
  work_cb (&work);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  return !work.failed;
}

/* ---- Progress ------------------------------------------------------------------------------ */

static void
tell (KohReport *report, gint64 now)
{
  double seconds = (double) (now - report->started) / G_USEC_PER_SEC;
  double rate = seconds > 0 ? (double) report->done / seconds : 0;

  report->told = now;
  if (report->total > 0 && rate > 0 && report->done < report->total)
    {
      double left = (double) (report->total - report->done) / rate;
      g_autoptr (GDateTime) here = g_date_time_new_now_local ();
      g_autoptr (GDateTime) end = g_date_time_add_seconds (here, left);
      g_autofree char *clock = g_date_time_format (end, "%H:%M:%S");

      fprintf (stderr,
               "%s: %s, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", %.0f a second, ready at about %s\n",
               report->name, report->phase, report->done, report->total, rate, clock);
    }
  else
    {
      fprintf (stderr, "%s: %s, %" G_GUINT64_FORMAT " in %.1f s\n", report->name, report->phase, report->done,
               seconds);
    }
}

void
koh_report_begin (KohReport *report, const char *name, const char *phase, guint64 total)
{
  report->name = name;
  report->phase = phase;
  report->total = total;
  report->done = 0;
  report->started = report->told = g_get_monotonic_time ();
}

void
koh_report_set (KohReport *report, guint64 done)
{
  gint64 now = g_get_monotonic_time ();

  report->done = MIN (done, report->total);
  if (report->done < report->total && now - report->told >= G_USEC_PER_SEC)
    tell (report, now);
}

void
koh_report_end (KohReport *report)
{
  report->done = report->total;
  tell (report, g_get_monotonic_time ());
}
