/* SPDX-License-Identifier: EUPL-1.2
 *
 * An owner reads its columns of the plan, as many at a time as there are cores. A handle on the data
 * belongs to one thread at a time, and waits aside for the next column. */
#include "peer/job-private.h"
#include "peer/parallel.h"

typedef struct
{
  KohJob *job;
  const GPtrArray *columns;
  GArray *own;          /* of guint: which of them are ours */
  pthread_mutex_t mutex; /* of what follows */
  GPtrArray *stores;     /* of KohStore, idle */
  guint done;
  GError *error;         /* the first */
} Reading;

static KohStore *
take_store (Reading *reading, GError **error)
{
  KohStore *store = NULL;

  pthread_mutex_lock (&reading->mutex);
  if (reading->stores->len > 0)
    store = g_ptr_array_steal_index_fast (reading->stores, 0);
  pthread_mutex_unlock (&reading->mutex);
  return store != NULL ? store : koh_participant_store (reading->job->self, error);
}

static void
give_store (Reading *reading, KohStore *store)
{
  pthread_mutex_lock (&reading->mutex);
  g_ptr_array_add (reading->stores, store);
  pthread_mutex_unlock (&reading->mutex);
}

static void
note (Reading *reading, GError *error)
{
  pthread_mutex_lock (&reading->mutex);
  if (error == NULL)
    koh_job_progress (KOH_PHASE_INPUT, ++reading->done, reading->own->len, NULL, reading->job);
  else if (reading->error == NULL)
    reading->error = g_steal_pointer (&error);
  pthread_mutex_unlock (&reading->mutex);
  g_clear_error (&error);
}

static gboolean
read_column (guint task, gpointer user_data)
{
  Reading *reading = user_data;
  KohJob *job = reading->job;
  guint i = g_array_index (reading->own, guint, task);
  GError *error = NULL;
  KohStore *store = take_store (reading, &error);

  if (store != NULL)
    {
      job->planes[i] = koh_store_column (store, job->session->plan, g_ptr_array_index (reading->columns, i),
                                         job->enrolment->spine, NULL, job->cancellable, &error);
      give_store (reading, store);
    }
  note (reading, error);
  return job->planes[i] != NULL;
}

gboolean
koh_job_read (KohJob *job, GError **error)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) stores = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_store_free);
  Reading reading = {
    .job = job, .columns = koh_plan_columns (job->session->plan), .own = own, .stores = stores
  };
  gboolean ok;

  for (guint i = 0; i < reading.columns->len; i++)
    if (((const KohColumn *) g_ptr_array_index (reading.columns, i))->owner == job->self->me)
      g_array_append_val (own, i);
  job->planes = g_new0 (guint64 *, reading.columns->len + 1);
  g_ptr_array_add (stores, g_steal_pointer (&job->store));
  pthread_mutex_init (&reading.mutex, NULL);
  koh_job_progress (KOH_PHASE_INPUT, 0, own->len, NULL, job);
  ok = koh_parallel (own->len, read_column, &reading, job->cancellable);
  pthread_mutex_destroy (&reading.mutex);
  if (ok || g_cancellable_set_error_if_cancelled (job->cancellable, error))
    {
      g_clear_error (&reading.error);
      return ok;
    }
  g_propagate_error (error, reading.error);
  return FALSE;
}
