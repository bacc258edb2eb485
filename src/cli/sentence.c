/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli sentence: a question as a person would say it. */
#include <glib/gi18n.h>

#include "cli/command.h"
#include "query/sentence.h"

int
koh_cli_sentence (int argc, char **argv)
{
  g_autofree char *federation = NULL, *asked = NULL, *text = NULL, *line = NULL;
  gboolean full = FALSE;
  const GOptionEntry entries[] = {
    { "language", 0, 0, G_OPTION_ARG_STRING, &asked, N_("da or en; else what the locale says"), "LANGUAGE" },
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, N_("With every code written out"), NULL },
    { "federation", 0, 0, G_OPTION_ARG_FILENAME, &federation,
      N_("Use the titles of this federation’s catalogues"), "DIR" },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) question = NULL;
  g_autoptr (KohMap) map = NULL;
  const char *language;
  int status;

  if (!koh_cli_options (argc, argv, entries, 1, 1, &words, &status))
    return status;
  language = koh_cli_language (asked);
  if (language == NULL)
    return 2;
  question = koh_question_read_file (words[0], &error);
  if (question == NULL)
    return koh_cli_fail (error);
  map = koh_cli_map (federation, &error);
  if (map == NULL)
    return koh_cli_fail (error);
  text = koh_sentence (question, federation != NULL ? map : NULL, language, full);
  line = g_strconcat (text, "\n", NULL);
  return koh_cli_put (NULL, line, &error) ? 0 : koh_cli_fail (error);
}
