/* SPDX-License-Identifier: EUPL-1.2
 *
 * The part of a link that lies under its lock: queues, windows, and who encrypts. Nothing here touches the
 * WebSocket, so any thread may run it. */
#include <string.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "net/link-state.h"

#define CREDIT_STEP (KOH_CREDIT / 4)

static void
outgoing_free (gpointer data)
{
  Outgoing *out = data;

  g_bytes_unref (out->bytes);
  g_free (out);
}

void
koh_link_schedule_turn (KohLink *link)
{
  g_autoptr (GSource) source = NULL;

  if (link->turn_pending)
    return;
  link->turn_pending = TRUE;
  koh_link_hold (link);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, koh_link_turn_cb, link, (GDestroyNotify) koh_link_release);
  g_source_attach (source, link->context);
}

void
koh_link_push_urgent (KohLink *link, KohFrameKind kind, GBytes *payload)
{
  Outgoing *out = g_new0 (Outgoing, 1);

  out->kind = kind;
  out->bytes = payload;
  g_queue_push_tail (&link->urgent, out);
}

/* Encrypts a part of @bytes with the lock let go, since that takes longest of all. */
static void
seal (KohLink *link, KohFrameKind kind, GBytes *bytes, gsize at, gsize size)
{
  g_autoptr (GBytes) whole = g_bytes_ref (bytes);
  GBytes *frame;

  pthread_mutex_unlock (&link->lock);
  frame = koh_frame_seal (link->seals, kind, (const guint8 *) g_bytes_get_data (whole, NULL) + at, size);
  pthread_mutex_lock (&link->lock);
  g_queue_push_tail (&link->frames, frame);
  koh_link_schedule_turn (link);
}

/* Puts the next part of the first message into a frame. FALSE where credit does not allow it. The message is
 * advanced first: its owner may give it up while the lock is let go. */
static gboolean
cut_message (KohLink *link)
{
  Outgoing *out = g_queue_peek_head (&link->messages);
  gsize whole = g_bytes_get_size (out->bytes), at = out->at, size = MIN (whole - at, KOH_FRAME_CUT);
  g_autoptr (GBytes) bytes = g_bytes_ref (out->bytes);
  gboolean last = at + size == whole;

  if (link->credit < size + KOH_FRAME_COST)
    return FALSE;
  link->credit -= (guint) size + KOH_FRAME_COST;
  out->at += size;
  if (!out->waits)
    link->unsent -= size;
  if (last)
    {
      g_queue_pop_head (&link->messages);
      out->done = TRUE;
      if (!out->waits)
        outgoing_free (out);
    }
  seal (link, last ? KOH_FRAME_DATA_LAST : KOH_FRAME_DATA, bytes, at, size);
  if (last)
    pthread_cond_broadcast (&link->changed);
  return TRUE;
}

/* Encrypts all that may be sent now, unless another thread is at it; that one then finds the rest too. */
void
koh_link_pump (KohLink *link)
{
  gboolean more = TRUE;

  if (link->sealing)
    return;
  link->sealing = TRUE;
  while (more)
    {
      Outgoing *out = g_queue_pop_head (&link->urgent);

      if (out != NULL)
        {
          seal (link, out->kind, out->bytes, 0, g_bytes_get_size (out->bytes));
          outgoing_free (out);
        }
      else
        more = link->why == NULL && !g_queue_is_empty (&link->messages) && cut_message (link);
    }
  link->sealing = FALSE;
  if (link->why != NULL)
    koh_link_schedule_turn (link); /* which may close the WebSocket now */
}

static void
give_back (KohLink *link, guint amount)
{
  link->returnable += amount;
  if (g_queue_is_empty (&link->arrived))
    {
      link->returnable += link->parts_held;
      link->parts_held = 0;
    }
  if (link->returnable >= CREDIT_STEP && link->why == NULL)
    {
      KohWriter writer;

      koh_writer_init (&writer);
      koh_writer_u32 (&writer, link->returnable);
      link->window += link->returnable;
      link->returnable = 0;
      koh_link_push_urgent (link, KOH_FRAME_CREDIT, koh_writer_end (&writer));
      koh_link_pump (link);
    }
}

GBytes *
koh_link_take_message (KohLink *link)
{
  Incoming *in = g_queue_pop_head (&link->arrived);
  GBytes *message = g_steal_pointer (&in->message);

  give_back (link, in->held);
  g_free (in);
  return message;
}

/* The parts as one message. */
static GBytes *
join_parts (GPtrArray *parts, gsize size)
{
  guint8 *whole;
  gsize at = 0;

  if (parts->len == 1)
    return g_bytes_ref (parts->pdata[0]);
  whole = g_malloc (size + 1);
  for (guint i = 0; i < parts->len; i++)
    {
      gsize n;
      const void *part = g_bytes_get_data (parts->pdata[i], &n);

      if (n > 0)
        memcpy (whole + at, part, n);
      at += n;
    }
  return g_bytes_new_take (whole, size);
}

const char *
koh_link_take_data (KohLink *link, GBytes *payload, gboolean last)
{
  gsize size = g_bytes_get_size (payload);
  guint cost = (guint) size + KOH_FRAME_COST;

  if (!koh_check ("link-window", cost <= link->window))
    return "It sent more than it had credit for (check link-window)";
  if (!koh_check ("message-size", link->parts_size + size <= KOH_MESSAGE_MOST &&
                                      link->parts->len < KOH_MESSAGE_MOST / KOH_FRAME_COST / 16))
    return "It sent a message of more than 64 MiB (check message-size)";
  if (size == 0 && !last)
    return "It sent a part of a message that is empty";
  link->window -= cost;
  link->parts_held += cost;
  link->parts_size += size;
  g_ptr_array_add (link->parts, g_bytes_ref (payload));
  if (last)
    {
      Incoming *in = g_new (Incoming, 1);

      in->message = join_parts (link->parts, link->parts_size);
      in->held = link->parts_held;
      g_ptr_array_set_size (link->parts, 0);
      link->parts_size = 0;
      link->parts_held = 0;
      g_queue_push_tail (&link->arrived, in);
      pthread_cond_broadcast (&link->changed);
    }
  else
    give_back (link, 0);
  return NULL;
}

void
koh_link_close_with (KohLink *link, GError *why, gboolean here, gboolean tell)
{
  if (link->why != NULL)
    {
      g_error_free (why);
      return;
    }
  link->why = why;
  link->closed_here = here;
  if (tell)
    koh_link_push_urgent (
        link, KOH_FRAME_CLOSE,
        koh_close_write (g_error_matches (why, KOH_ERROR, KOH_ERROR_UNREACHABLE) ? NULL : why));
  pthread_cond_broadcast (&link->changed);
  koh_link_pump (link);
}
