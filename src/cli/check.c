/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli check: what is wrong with a question, without asking anybody. With a federation it is
 * checked against the published catalogues; without one, only its form. */
#include <glib/gi18n.h>

#include "cli/command.h"
#include "query/question-check.h"

int
koh_cli_check (int argc, char **argv)
{
  g_autofree char *federation = NULL;
  const GOptionEntry entries[] = {
    { "federation", 0, 0, G_OPTION_ARG_FILENAME, &federation, N_("Check against this federation’s catalogues"),
      "DIR" },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = NULL;
  g_autoptr (KohMap) map = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint errors = 0;
  int status;

  if (!koh_cli_options (argc, argv, entries, 1, 1, &words, &status))
    return status;
  question = koh_question_read_file (words[0], &error);
  if (question == NULL)
    return koh_cli_fail (error);
  map = koh_cli_map (federation, &error);
  if (map == NULL)
    return koh_cli_fail (error);
  if (federation == NULL)
    {
      koh_cli_say (_("Only the form was checked; --federation DIR checks it against the peers’ catalogues."));
      g_string_append (text, _("The form is right.\n"));
      return koh_cli_put (NULL, text->str, &error) ? 0 : koh_cli_fail (error);
    }
  problems = koh_question_check (question, map);
  for (guint i = 0; i < problems->len; i++)
    {
      const KohProblem *problem = g_ptr_array_index (problems, i);

      errors += problem->is_error ? 1 : 0;
      g_string_append_printf (text, "%s %s: %s\n", problem->is_error ? _("error") : _("warning"),
                              problem->pointer, problem->message);
    }
  if (errors == 0)
    g_string_append (text, _("The question can be asked.\n"));
  if (!koh_cli_put (NULL, text->str, &error))
    return koh_cli_fail (error);
  return errors > 0 ? 1 : 0;
}
