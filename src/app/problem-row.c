/* SPDX-License-Identifier: EUPL-1.2
 *
 * Its kind is told by a word and an icon; colour only helps. */
#include "app/problem-row.h"

#include <glib/gi18n.h>

GtkWidget *
koh_problem_row_new (KohProblemKind kind, const char *message, const char *place)
{
  static const struct
  {
    const char *icon, *style, *word;
  } kinds[] = {
    [KOH_PROBLEM_NONE] = { "koh-done-symbolic", "success", NULL },
    [KOH_PROBLEM_WARNING] = { "koh-warning-symbolic", "warning", N_("Warning") },
    [KOH_PROBLEM_ERROR] = { "koh-error-symbolic", "error", N_("Error") },
  };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (kinds[kind].icon);
  g_autofree char *text = kinds[kind].word != NULL && place != NULL && *place != '\0'
                            ? g_strdup_printf ("%s · %s", _(kinds[kind].word), place)
                            : g_strdup (kinds[kind].word != NULL ? _(kinds[kind].word) : "");

  gtk_widget_add_css_class (icon, kinds[kind].style);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), message);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  return row;
}
