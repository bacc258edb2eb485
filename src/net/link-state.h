/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a link consists of, shared by its three files: link.c is what others call, link-queue.c what happens
 * under the lock, link-socket.c what happens in the main context, where the WebSocket lives.
 *
 * Sending: messages wait in a queue; whoever has time (the sender, or the main context) cuts the first into
 * frames as long as there is credit, encrypts them outside the lock, one thread at a time, and puts them in
 * the queue of frames. One pending "turn" of the main context gives all of that queue to the WebSocket.
 * Receiving: the main context decrypts, joins, and queues messages; a worker takes them, or a turn hands
 * them to the callback. Either way what was taken is given back to the sender as credit.
 *
 * A message may be longer than the window. So the parts of the message that would be the next to be taken
 * give their credit back at once; behind a waiting message they do not. What one peer can make us hold is
 * therefore one message (64 MiB) and one window (8 MiB). */
#pragma once

#include <pthread.h>

#include "common/secret.h"
#include "net/link-inside.h"

G_BEGIN_DECLS

typedef struct
{
  KohFrameKind kind;
  GBytes *bytes;
  gsize at;          /* so much is in frames */
  gboolean waits;    /* a worker waits for it, and owns it */
  gboolean done;
} Outgoing;

typedef struct
{
  GBytes *message;
  guint held;        /* credit to give back when it is taken */
} Incoming;

struct _KohLink
{
  gint users;        /* references that others hold */
  gint refs;         /* and ours: the socket's, pending sources' */
  char *me, *peer, *purpose;
  GMainContext *context;
  KohSecret *master; /* what koh_link_derive_key() derives from */

  /* Main context only. */
  SoupWebsocketConnection *socket;
  KohMeter *meter;   /* NULL where we dialled */
  guint in_socket;   /* callbacks of the socket that we are inside of */
  KohFrameCipher *opens;
  GSource *watchdog;
  gint64 heard;      /* monotonic time */
  guint silence_ms;
  gboolean is_ready; /* the other side's first frame has come, or we are the dialler */
  gboolean closing;  /* the WebSocket was told to close */
  gboolean told;     /* the closed callback was called */
  KohLinkReceived received;
  KohLinkClosed closed;
  gpointer user_data;
  KohLinkEvent on_ready, on_gone;
  gpointer event_data;

  /* Under the lock. */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  GError *why;             /* set once: the link is closed */
  gboolean closed_here;
  gboolean turn_pending;
  gboolean sealing;        /* one thread is encrypting */
  KohFrameCipher *seals;   /* used by that thread */
  GQueue urgent;           /* of Outgoing: ready, credit, close; they need no credit */
  GQueue messages;         /* of Outgoing */
  gsize unsent;            /* bytes in messages that nobody waits for */
  GQueue frames;           /* of GBytes, encrypted */
  guint credit;            /* so much the other side lets us send */
  GQueue arrived;          /* of Incoming */
  GPtrArray *parts;        /* of GBytes: of the message that is arriving */
  gsize parts_size;
  guint parts_held;
  guint window;            /* so much we let the other side send */
  guint returnable;        /* taken, and not yet given back */
};

/* Our own references: the link lives on in pending sources and its socket when nobody else holds it. */
void     koh_link_hold          (KohLink *link);
void     koh_link_release       (KohLink *link);

/* Under the lock. */
void     koh_link_schedule_turn (KohLink *link);
void     koh_link_push_urgent   (KohLink *link, KohFrameKind kind, GBytes *payload); /* takes @payload */
void     koh_link_pump          (KohLink *link); /* encrypts all that may be sent; lets the lock go meanwhile */
const char *koh_link_take_data  (KohLink *link, GBytes *payload, gboolean last); /* NULL, or what is wrong */
GBytes  *koh_link_take_message  (KohLink *link); /* the first that has arrived; its credit goes back */

/* Closes for the reason @why, which it takes; only the first counts. @here: it is ours, so nothing more is
 * received. @tell: the other side gets it. */
void     koh_link_close_with    (KohLink *link, GError *why, gboolean here, gboolean tell);

/* In the main context: sends and delivers what there is. */
gboolean koh_link_turn_cb       (gpointer link);

G_END_DECLS
