/* SPDX-License-Identifier: EUPL-1.2
 *
 * approve, decline: the data owner's decisions about questions that wait. The serving program sees them
 * within a second. */
#include <stdio.h>

#include "common/error.h"
#include "peer/command.h"
#include "peer/review.h"

gboolean
koh_command_approve (int argc, char **argv, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;

  if (!koh_command_parse (&argc, &argv, NULL, 1, 2, "approve FOLDER [HASH]", error))
    return FALSE;
  if (argc == 3)
    return koh_review_decide (argv[1], argv[2], TRUE, "", error);
  list = koh_review_list (argv[1]);
  for (guint i = 0; i < list->len; i++)
    printf ("%s\n", (const char *) g_ptr_array_index (list, i));
  return TRUE;
}

gboolean
koh_command_decline (int argc, char **argv, GError **error)
{
  return koh_command_parse (&argc, &argv, NULL, 2, 3, "decline FOLDER HASH [REASON]", error) &&
         koh_review_decide (argv[1], argv[2], FALSE, argc == 4 ? argv[3] : "", error);
}
