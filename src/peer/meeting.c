/* SPDX-License-Identifier: EUPL-1.2
 *
 * See meeting.h. */
#include "peer/meeting.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "common/error.h"

#define LINKS_MOST 16
#define SECONDS_MOST 30

typedef struct
{
  KohLink *link;
  gint64 since;
} Waiting;

struct _KohMeeting
{
  pthread_mutex_t mutex;
  pthread_cond_t arrived;
  GPtrArray *links; /* of Waiting */
};

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_clear_pointer (&waiting->link, koh_link_unref);
  g_free (waiting);
}

KohMeeting *
koh_meeting_new (void)
{
  KohMeeting *meeting = g_new0 (KohMeeting, 1);
  pthread_condattr_t clock;

  pthread_mutex_init (&meeting->mutex, NULL);
  pthread_condattr_init (&clock);
  pthread_condattr_setclock (&clock, CLOCK_MONOTONIC);
  pthread_cond_init (&meeting->arrived, &clock);
  pthread_condattr_destroy (&clock);
  meeting->links = g_ptr_array_new_with_free_func (waiting_free);
  return meeting;
}

void
koh_meeting_free (KohMeeting *meeting)
{
  g_ptr_array_unref (meeting->links);
  pthread_cond_destroy (&meeting->arrived);
  pthread_mutex_destroy (&meeting->mutex);
  g_free (meeting);
}

static void
turn_away (KohLink *link, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (KOH_ERROR, KOH_ERROR_STOPPED, why);

  koh_link_close (link, error);
}

static Waiting *
find (KohMeeting *meeting, const char *peer, const char *purpose)
{
  for (guint i = 0; i < meeting->links->len; i++)
    {
      Waiting *waiting = g_ptr_array_index (meeting->links, i);

      if (strcmp (koh_link_get_peer (waiting->link), peer) == 0 &&
          strcmp (koh_link_get_purpose (waiting->link), purpose) == 0)
        return waiting;
    }
  return NULL;
}

void
koh_meeting_sweep (KohMeeting *meeting)
{
  gint64 now = g_get_monotonic_time ();

  pthread_mutex_lock (&meeting->mutex);
  for (guint i = meeting->links->len; i > 0; i--)
    {
      Waiting *waiting = g_ptr_array_index (meeting->links, i - 1);

      if (now - waiting->since > SECONDS_MOST * G_USEC_PER_SEC || koh_link_is_closed (waiting->link))
        {
          turn_away (waiting->link, "Nobody here waits for this session");
          g_ptr_array_remove_index_fast (meeting->links, i - 1);
        }
    }
  pthread_mutex_unlock (&meeting->mutex);
}

void
koh_meeting_offer (KohMeeting *meeting, KohLink *link)
{
  koh_meeting_sweep (meeting);
  pthread_mutex_lock (&meeting->mutex);
  if (meeting->links->len >= LINKS_MOST ||
      find (meeting, koh_link_get_peer (link), koh_link_get_purpose (link)) != NULL)
    {
      turn_away (link, "Too many links wait for their session here");
    }
  else
    {
      Waiting *waiting = g_new0 (Waiting, 1);

      waiting->link = koh_link_ref (link);
      waiting->since = g_get_monotonic_time ();
      g_ptr_array_add (meeting->links, waiting);
      pthread_cond_broadcast (&meeting->arrived);
    }
  pthread_mutex_unlock (&meeting->mutex);
}

/* Waits a tenth of a second at most, so that a cancellation is seen. */
static void
wait_a_moment (KohMeeting *meeting)
{
  gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 10;
  struct timespec time = { until / G_USEC_PER_SEC, (until % G_USEC_PER_SEC) * 1000 };

  pthread_cond_timedwait (&meeting->arrived, &meeting->mutex, &time);
}

KohLink *
koh_meeting_wait (KohMeeting *meeting, const char *peer, const char *purpose, guint timeout_seconds,
                  GCancellable *cancellable, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_seconds * G_USEC_PER_SEC;
  KohLink *link = NULL;
  Waiting *waiting;

  pthread_mutex_lock (&meeting->mutex);
  while ((waiting = find (meeting, peer, purpose)) == NULL && g_get_monotonic_time () < deadline &&
         !g_cancellable_is_cancelled (cancellable))
    wait_a_moment (meeting);
  if (waiting != NULL)
    {
      link = g_steal_pointer (&waiting->link);
      g_ptr_array_remove_fast (meeting->links, waiting);
    }
  pthread_mutex_unlock (&meeting->mutex);
  if (link == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED, "%s did not come to the session within %u seconds",
                 peer, timeout_seconds);
  return link;
}
