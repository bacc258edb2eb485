/* SPDX-License-Identifier: EUPL-1.2
 *
 * See inbox.h. Mutex and condition are those of pthread, which ThreadSanitizer understands. */
#include "peer/inbox.h"

#include <pthread.h>
#include <time.h>

#include "common/error.h"

/* A peer that sends control messages faster than we read them is cut off here. */
#define LETTERS_MOST 1024

struct _KohInbox
{
  gatomicrefcount references;
  pthread_mutex_t mutex;
  pthread_cond_t arrived;
  GQueue letters;
  gboolean closed;
  KohInboxAlarm alarm;
  gpointer alarm_data;
};

typedef struct
{
  KohInbox *inbox;
  guint from;
} Wire;

KohLetter *
koh_letter_new (guint from)
{
  KohLetter *letter = g_new0 (KohLetter, 1);

  letter->from = from;
  return letter;
}

void
koh_letter_free (KohLetter *letter)
{
  g_clear_pointer (&letter->link, koh_link_unref);
  g_clear_pointer (&letter->message, g_bytes_unref);
  g_clear_error (&letter->why);
  g_free (letter);
}

KohInbox *
koh_inbox_new (void)
{
  KohInbox *inbox = g_new0 (KohInbox, 1);
  pthread_condattr_t clock;

  g_atomic_ref_count_init (&inbox->references);
  pthread_mutex_init (&inbox->mutex, NULL);
  pthread_condattr_init (&clock);
  pthread_condattr_setclock (&clock, CLOCK_MONOTONIC);
  pthread_cond_init (&inbox->arrived, &clock);
  pthread_condattr_destroy (&clock);
  g_queue_init (&inbox->letters);
  return inbox;
}

KohInbox *
koh_inbox_ref (KohInbox *inbox)
{
  g_atomic_ref_count_inc (&inbox->references);
  return inbox;
}

void
koh_inbox_unref (KohInbox *inbox)
{
  if (!g_atomic_ref_count_dec (&inbox->references))
    return;
  g_queue_clear_full (&inbox->letters, (GDestroyNotify) koh_letter_free);
  pthread_cond_destroy (&inbox->arrived);
  pthread_mutex_destroy (&inbox->mutex);
  g_free (inbox);
}

void
koh_inbox_set_alarm (KohInbox *inbox, KohInboxAlarm alarm, gpointer user_data)
{
  pthread_mutex_lock (&inbox->mutex);
  inbox->alarm = alarm;
  inbox->alarm_data = user_data;
  pthread_mutex_unlock (&inbox->mutex);
}

/* A letter that nobody will read. */
static void
drop (gpointer data)
{
  KohLetter *letter = data;
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "The question has ended");

  if (letter->link != NULL)
    koh_link_close (letter->link, why);
  koh_letter_free (letter);
}

gboolean
koh_inbox_put (KohInbox *inbox, KohLetter *letter)
{
  gboolean open;

  pthread_mutex_lock (&inbox->mutex);
  open = !inbox->closed;
  if (open && inbox->alarm != NULL)
    inbox->alarm (letter, inbox->alarm_data);
  if (open && (letter->why != NULL || inbox->letters.length < LETTERS_MOST))
    g_queue_push_tail (&inbox->letters, g_steal_pointer (&letter));
  pthread_cond_signal (&inbox->arrived);
  pthread_mutex_unlock (&inbox->mutex);
  if (letter != NULL)
    drop (letter);
  return open;
}

void
koh_inbox_close (KohInbox *inbox)
{
  GQueue letters;

  pthread_mutex_lock (&inbox->mutex);
  inbox->closed = TRUE;
  letters = inbox->letters;
  g_queue_init (&inbox->letters);
  pthread_mutex_unlock (&inbox->mutex);
  g_queue_clear_full (&letters, drop);
}

KohLetter *
koh_inbox_take (KohInbox *inbox, gint64 deadline)
{
  struct timespec until = { deadline / G_USEC_PER_SEC, (deadline % G_USEC_PER_SEC) * 1000 };
  KohLetter *letter;
  int status = 0;

  pthread_mutex_lock (&inbox->mutex);
  while (g_queue_is_empty (&inbox->letters) && status == 0)
    status = pthread_cond_timedwait (&inbox->arrived, &inbox->mutex, &until);
  letter = g_queue_pop_head (&inbox->letters);
  pthread_mutex_unlock (&inbox->mutex);
  return letter;
}

static gboolean
is_full (KohInbox *inbox)
{
  gboolean full;

  pthread_mutex_lock (&inbox->mutex);
  full = inbox->letters.length >= LETTERS_MOST;
  pthread_mutex_unlock (&inbox->mutex);
  return full;
}

static void
received_cb (KohLink *link, GBytes *message, gpointer user_data)
{
  Wire *wire = user_data;
  KohLetter *letter;

  if (is_full (wire->inbox))
    {
      g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL, "%s sends faster than it is heard",
                                            koh_link_get_peer (link));

      koh_link_close (link, why);
      return;
    }
  letter = koh_letter_new (wire->from);
  letter->message = g_bytes_ref (message);
  koh_inbox_put (wire->inbox, letter);
}

static void
closed_cb (KohLink *link, const GError *why, gpointer user_data)
{
  Wire *wire = user_data;
  KohLetter *letter = koh_letter_new (wire->from);

  letter->why = g_error_copy (why);
  koh_inbox_put (wire->inbox, letter);
  koh_inbox_unref (wire->inbox);
  g_free (wire);
}

void
koh_inbox_watch (KohInbox *inbox, guint from, KohLink *link)
{
  Wire *wire = g_new0 (Wire, 1);

  wire->inbox = koh_inbox_ref (inbox);
  wire->from = from;
  koh_link_watch (link, received_cb, closed_cb, wire);
}
