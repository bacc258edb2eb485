/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli demo create: a whole federation in one folder, with synthetic data. */
#include <glib-unix.h>
#include <glib/gi18n.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "demo/federation.h"

typedef struct
{
  KohProgress *progress;
  gint64 since;
} Telling;

static void
tell_cb (guint64 done, guint64 persons, gpointer user_data)
{
  Telling *telling = user_data;
  double seconds = (double) (g_get_monotonic_time () - telling->since) / G_USEC_PER_SEC;
  double left = done > 0 ? seconds * (double) (persons - MIN (done, persons)) / (double) done : -1;
  g_autofree char *time = koh_progress_time (left);
  g_autofree char *made = koh_progress_number ((double) done), *all = koh_progress_number ((double) persons);

  koh_progress_show (telling->progress, FALSE, _("Making persons: %s of %s, %s left"), made, all,
                     *time != '\0' ? time : "…");
}

/* The world is made in the main thread, so a signal is heard in a thread of its own. */
typedef struct
{
  GMainContext *context;
  gint done;
} Listener;

static gpointer
listen_for_signals (gpointer data)
{
  Listener *listener = data;

  while (!g_atomic_int_get (&listener->done))
    g_main_context_iteration (listener->context, TRUE);
  return NULL;
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_signal (GMainContext *context, int number, GCancellable *cancellable)
{
  g_autoptr (GSource) source = g_unix_signal_source_new (number);

  g_source_set_callback (source, cancel_cb, cancellable, NULL);
  g_source_attach (source, context);
}

static gboolean
create (const char *folder, const KohWorldOptions *options, guint16 port, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (KohProgress) progress = koh_progress_new ();
  Telling telling = { progress, g_get_monotonic_time () };
  Listener listener = { context, FALSE };
  GThread *thread;
  gboolean ok;

  watch_signal (context, SIGINT, cancellable);
  watch_signal (context, SIGTERM, cancellable);
  thread = g_thread_new ("signals", listen_for_signals, &listener);
  ok = koh_demo_create (folder, options, port, tell_cb, &telling, cancellable, error);
  g_atomic_int_set (&listener.done, TRUE);
  g_main_context_wakeup (context);
  g_thread_join (thread);
  return ok;
}

int
koh_cli_demo_create (int argc, char **argv)
{
  gint64 persons = 100000, seed = 20230307, port = 7411;
  gdouble enrich = 8;
  const GOptionEntry entries[] = {
    { "persons", 0, 0, G_OPTION_ARG_INT64, &persons, N_("How many persons (100000)"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_("Another seed makes other persons (20230307)"), "S" },
    { "enrich", 0, 0, G_OPTION_ARG_DOUBLE, &enrich,
      N_("Multiply the rates of infarct and lung cancer (8); 1 gives national rates"), "F" },
    { "port", 0, 0, G_OPTION_ARG_INT64, &port,
      N_("The peers listen on this port and the next two (7411); 0 picks free ones"), "P" },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  KohWorldOptions options;
  int status;

  if (!koh_cli_options (argc, argv, entries, 1, 1, &words, &status))
    return status;
  if (persons < 1 || persons > 100000000)
    return koh_cli_usage (_("--persons is a number from 1 to 100,000,000."));
  if (seed < 0)
    return koh_cli_usage (_("--seed is a number from 0 on."));
  if (!(enrich >= 1 && enrich <= 1000))
    return koh_cli_usage (_("--enrich is a number from 1 to 1000."));
  if (port < 0 || port > 65533 || (port > 0 && port < 1024))
    return koh_cli_usage (_("--port is 0, or a number from 1024 to 65533."));
  options = (KohWorldOptions){ (guint64) persons, (guint64) seed, enrich };
  if (!create (words[0], &options, (guint16) port, &error))
    return koh_cli_fail (error);
  koh_cli_say (_("The federation stands in %s. “kohorte-cli federation up %s” starts its peers."), words[0],
               words[0]);
  return 0;
}
