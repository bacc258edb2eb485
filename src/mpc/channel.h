/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a party reaches the others. Messages arrive whole, in order, once. This is the only thing of
 * the network that the engine knows. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KOH_PARTIES 3

typedef struct _KohChannel KohChannel;

struct _KohChannel
{
  /* Takes its own reference to @message. May wait for the receiver to catch up. */
  gboolean  (*send)  (KohChannel *self, guint party, GBytes *message, GError **error);

  /* Waits for the next message of @party; gives the caller a reference. */
  GBytes   *(*recv)  (KohChannel *self, guint party, GError **error);

  /* From any thread, any number of times: calls that wait, and all later ones, fail with @why. */
  void      (*close) (KohChannel *self, const GError *why);

  void      (*free)  (KohChannel *self);
};

static inline void
koh_channel_free (KohChannel *channel)
{
  channel->free (channel);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohChannel, koh_channel_free)

G_END_DECLS
