/* SPDX-License-Identifier: EUPL-1.2
 *
 * See serve.h: a server, the signals that end it, and what is said of it. */
#include "peer/serve.h"

#include <glib-unix.h>
#include <stdio.h>

#include "common/error.h"
#include "peer/server.h"

typedef struct
{
  KohServer *server;
  GMainLoop *loop;
  const char *name;
  GError *error;
} Serving;

static gboolean
signal_cb (gpointer user_data)
{
  Serving *serving = user_data;

  fprintf (stderr, "%s: stopping\n", serving->name);
  koh_server_end (serving->server);
  return G_SOURCE_CONTINUE;
}

static void
say_ready (Serving *serving)
{
  printf ("READY %s\n", serving->name);
  fflush (stdout);
}

static void
event_cb (KohServer *server, KohServerState state, const GError *why, gpointer user_data)
{
  Serving *serving = user_data;

  if (state == KOH_SERVER_READY)
    {
      say_ready (serving);
      return;
    }
  if (why != NULL)
    serving->error = g_error_copy (why);
  g_main_loop_quit (serving->loop);
}

static gboolean
check_role (const KohParticipant *self, gboolean local, GError **error)
{
  if (local == !self->card->is_peer)
    return TRUE;
  if (local)
    g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE, "%s is a peer; serve it without --local",
                 self->card->name);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE, "%s is a desk; serve it with --local", self->card->name);
  return FALSE;
}

static gboolean
run (KohServer *server, Serving *serving, GError **error)
{
  guint interrupt = g_unix_signal_add (SIGINT, signal_cb, serving);
  guint terminate = g_unix_signal_add (SIGTERM, signal_cb, serving);
  gboolean ok = koh_server_begin (server, error);

  if (ok && koh_server_is_ready (server))
    say_ready (serving);
  if (ok)
    g_main_loop_run (serving->loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  return ok;
}

gboolean
koh_serve (const char *folder, gboolean local, GError **error)
{
  g_autoptr (KohParticipant) self = koh_participant_open (folder, error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (KohServer) server = NULL;
  Serving serving = { NULL, loop, NULL, NULL };
  gboolean ok;

  if (self == NULL || !check_role (self, local, error))
    return FALSE;
  serving.name = self->card->name;
  serving.server = server = koh_server_new (g_steal_pointer (&self), event_cb, &serving);
  ok = run (server, &serving, error);
  if (serving.error == NULL)
    return ok;
  g_propagate_error (error, serving.error);
  return FALSE;
}
