/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/worlds.h"

#include <pthread.h>

#define BETWEEN_REPORTS_MS 100

typedef struct
{
  pthread_mutex_t lock;
  pthread_cond_t ended;
  guint running;
} Shared;

typedef struct
{
  Shared *shared;
  const char *name;
  char *folder;
  const KohWorldOptions *options;
  GCancellable *cancellable; /* of all: one failure ends the others */
  guint64 done;              /* guarded by the lock, as is `error` */
  GError *error;
  GThread *thread;
} Work;

static void
count_cb (guint64 done, guint64 persons, gpointer user_data)
{
  Work *work = user_data;

  pthread_mutex_lock (&work->shared->lock);
  work->done = done;
  pthread_mutex_unlock (&work->shared->lock);
}

static gpointer
write_cb (gpointer data)
{
  Work *work = data;
  GError *error = NULL;

  if (!koh_world_write (work->name, work->folder, work->options, count_cb, work, work->cancellable, &error))
    g_cancellable_cancel (work->cancellable);
  pthread_mutex_lock (&work->shared->lock);
  work->error = error;
  work->shared->running--;
  pthread_cond_signal (&work->shared->ended);
  pthread_mutex_unlock (&work->shared->lock);
  return NULL;
}

static void
wait_a_moment (Shared *shared)
{
  struct timespec until;

  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_nsec += BETWEEN_REPORTS_MS * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_cond_timedwait (&shared->ended, &shared->lock, &until);
}

/* Until all have ended. The lock is not held while the caller's function is called. */
static void
watch (Shared *shared, const Work *works, guint n, const KohWorldOptions *options, KohWorldProgress progress,
       gpointer user_data, GCancellable *asked, GCancellable *all)
{
  pthread_mutex_lock (&shared->lock);
  while (shared->running > 0)
    {
      guint64 done = 0;

      wait_a_moment (shared);
      for (guint i = 0; i < n; i++)
        done += works[i].done / n;
      pthread_mutex_unlock (&shared->lock);
      if (progress != NULL)
        progress (done, options->persons, user_data);
      if (g_cancellable_is_cancelled (asked))
        g_cancellable_cancel (all);
      pthread_mutex_lock (&shared->lock);
    }
  pthread_mutex_unlock (&shared->lock);
}

/* The first failure that is not merely the cancelling by another one. */
static gboolean
gather_errors (Work *works, guint n, GError **error)
{
  GError *first = NULL;

  for (guint i = 0; i < n; i++)
    {
      GError *one = g_steal_pointer (&works[i].error);

      if (one != NULL && (first == NULL || g_error_matches (first, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
        {
          g_clear_error (&first);
          first = one;
        }
      else
        g_clear_error (&one);
    }
  if (first != NULL)
    g_propagate_error (error, first);
  return first == NULL;
}

gboolean
koh_worlds_write (const char *const *names, const char *folder, const KohWorldOptions *options,
                  KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  guint n = g_strv_length ((char **) names);
  g_autofree Work *works = g_new0 (Work, n);
  g_autoptr (GCancellable) all = g_cancellable_new ();
  Shared shared = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, n };

  for (guint i = 0; i < n; i++)
    {
      works[i] = (Work){ .shared = &shared, .name = names[i], .options = options, .cancellable = all };
      works[i].folder = g_build_filename (folder, names[i], NULL);
      works[i].thread = g_thread_new (names[i], write_cb, &works[i]);
    }
  watch (&shared, works, n, options, progress, user_data, cancellable, all);
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (works[i].thread);
      g_free (works[i].folder);
    }
  pthread_mutex_destroy (&shared.lock);
  pthread_cond_destroy (&shared.ended);
  return gather_errors (works, n, error);
}
