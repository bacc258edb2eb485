/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli ask: sends a question through the desk's own participant, tells how it goes on stderr, and
 * prints the answer. Ctrl-C cancels, and waits until the peers have been told. */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "common/error.h"
#include "query/json.h"
#include "query/question-check.h"

typedef struct
{
  KohRun *run;
  KohProgress *progress;
  guint interrupts;
} Asking;

static const char *
phase_text (const char *phase)
{
  static const struct { const char *phase, *text; } texts[] = {
    { "sent", N_("Asking the peers") },
    { "review", N_("Waiting for a data owner’s approval") },
    { "computing", N_("Computing on shares") },
    { "answered", N_("Answered") },
    { "failed", N_("Failed") },
    { "cancelled", N_("Cancelled") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (phase, texts[i].phase) == 0)
      return _(texts[i].text);
  return phase != NULL ? phase : "";
}

static void
show (Asking *asking, gboolean important)
{
  const char *phase = koh_run_get_phase (asking->run);
  g_autoptr (GString) line = g_string_new (phase_text (phase));
  gdouble rate = 0, left = -1;

  if (koh_run_is_finished (asking->run))
    return;
  g_object_get (asking->run, "rows-per-second", &rate, "seconds-left", &left, NULL);
  if (g_strcmp0 (phase, "computing") == 0)
    {
      g_string_append_printf (line, " %.0f %%", 100 * koh_run_get_fraction (asking->run));
      if (rate > 0)
        {
          g_autofree char *rows = koh_progress_number (rate);

          g_string_append (line, ", ");
          /* Translators: rows a second; the number comes with its unit ("1.2 million"). */
          g_string_append_printf (line, _("%s rows/s"), rows);
        }
      if (left >= 0)
        {
          g_autofree char *time = koh_progress_time (left);

          g_string_append (line, ", ");
          g_string_append_printf (line, _("%s left"), time);
        }
    }
  koh_progress_show (asking->progress, important, "%s", line->str);
}

static void
notify_cb (GObject *object, GParamSpec *property, gpointer user_data)
{
  show (user_data, strcmp (property->name, "phase") == 0);
}

/* Only what a person has to know of: the others show in the phase. */
static void
peer_state_cb (KohRun *run, const char *name, const char *state, const char *message, gpointer user_data)
{
  Asking *asking = user_data;

  if (message == NULL || *message == '\0')
    return;
  if (strcmp (state, "offline") == 0 || strcmp (state, "review") == 0)
    koh_progress_note (asking->progress, "%s: %s", name, message);
}

static gboolean
interrupt_cb (gpointer user_data)
{
  Asking *asking = user_data;

  if (++asking->interrupts == 1)
    {
      koh_progress_note (asking->progress, _("Cancelling; waiting until the peers have been told."));
      koh_run_cancel (asking->run);
    }
  return G_SOURCE_CONTINUE;
}

/* Problems go to stderr; FALSE where one of them is an error. */
static gboolean
can_be_asked (const KohQuestion *question, const KohMap *map)
{
  g_autoptr (GPtrArray) problems = koh_question_check (question, map);
  gboolean ok = TRUE;

  for (guint i = 0; i < problems->len; i++)
    {
      const KohProblem *problem = g_ptr_array_index (problems, i);

      ok = ok && !problem->is_error;
      koh_cli_say ("%s %s: %s", problem->is_error ? _("error") : _("warning"), problem->pointer,
                   problem->message);
    }
  return ok;
}

/* Said before anybody is asked: an answer that has nowhere to go would have cost a question. */
static gboolean
can_be_written (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _("%s is a folder; --output names a file."), path);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR) || g_access (folder, W_OK) != 0)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, _("%s is no folder that can be written to."), folder);
  else
    return TRUE;
  return FALSE;
}

static char *
answer_as (JsonNode *answer, const char *format, const KohMap *map, const char *language)
{
  if (strcmp (format, "text") == 0)
    return koh_answer_to_text (answer, map, language);
  if (strcmp (format, "csv") == 0)
    return koh_answer_to_csv (answer, map, language);
  return koh_json_pretty (answer);
}

/* NULL and an error unless the question is answered. The run is the caller's. */
static KohRun *
ask (KohClient *client, KohQuestion *question, GError **error)
{
  g_autoptr (KohRun) run = koh_client_ask (client, question);
  Asking asking = { run, koh_progress_new (), 0 };
  guint sources[] = { g_unix_signal_add (SIGINT, interrupt_cb, &asking),
                      g_unix_signal_add (SIGTERM, interrupt_cb, &asking) };

  g_signal_connect (run, "notify", G_CALLBACK (notify_cb), &asking);
  g_signal_connect (run, "peer-state", G_CALLBACK (peer_state_cb), &asking);
  show (&asking, TRUE);
  koh_run_wait (run);
  g_signal_handlers_disconnect_by_data (run, &asking);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  koh_progress_free (asking.progress);

  if (koh_run_get_answer (run) != NULL)
    return g_steal_pointer (&run);
  if (koh_run_get_error (run) != NULL)
    g_propagate_error (error, g_error_copy (koh_run_get_error (run)));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The question was cancelled."));
  return NULL;
}

int
koh_cli_ask (int argc, char **argv)
{
  g_autofree char *federation = NULL, *output = NULL, *format = NULL, *asked = NULL, *text = NULL;
  const GOptionEntry entries[] = {
    { "federation", 0, 0, G_OPTION_ARG_FILENAME, &federation, N_("The federation’s folder"), "DIR" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Write the answer to this file instead of stdout"),
      "FILE" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("text, json or csv"), "FORMAT" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &asked, N_("da or en; else what the locale says"), "LANGUAGE" },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohClient) client = NULL;
  g_autoptr (KohQuestion) question = NULL;
  g_autoptr (KohRun) run = NULL;
  const char *language;
  int status;

  if (!koh_cli_options (argc, argv, entries, 1, 1, &words, &status))
    return status;
  language = koh_cli_language (asked);
  if (language == NULL)
    return 2;
  if (federation == NULL)
    return koh_cli_usage (_("ask needs --federation DIR."));
  if (format == NULL)
    format = g_strdup ("text");
  if (!g_strv_contains ((const char *const[]){ "text", "json", "csv", NULL }, format))
    return koh_cli_usage (_("There is no format “%s” here; use text, json or csv."), format);

  if (output != NULL && !can_be_written (output, &error))
    return koh_cli_fail (error);
  question = koh_question_read_file (words[0], &error);
  if (question == NULL)
    return koh_cli_fail (error);
  client = koh_client_open (federation, &error);
  if (client == NULL)
    return koh_cli_fail (error);
  if (!can_be_asked (question, koh_client_get_map (client)))
    return 1;
  run = ask (client, question, &error);
  if (run == NULL)
    return koh_cli_fail (error);
  text = answer_as (koh_run_get_answer (run), format, koh_client_get_map (client), language);
  return koh_cli_put (output, text, &error) ? 0 : koh_cli_fail (error);
}
