/* SPDX-License-Identifier: EUPL-1.2
 *
 * Attrition is shown as bars, a single number as itself, everything else as a sortable table. */
#include "app/answer-section.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/answer-line.h"
#include "app/attrition-row.h"
#include "app/language.h"

#define MOST_ROWS 24 /* a longer table scrolls within itself */

struct _KohAnswerSection
{
  AdwBin parent;
  GtkLabel *title;
  GtkButton *copy;
  AdwBin *content;
  GtkLabel *why_joined;
  GtkLabel *why_hidden;
};

G_DEFINE_FINAL_TYPE (KohAnswerSection, koh_answer_section, ADW_TYPE_BIN)

/* ---- The table ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer last)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), last != NULL ? 1 : 0);
  if (last != NULL)
    gtk_widget_add_css_class (label, "numeric");
  else
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE); /* on a narrow window the numbers must stay in sight */
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  const char *text = koh_answer_line_cell (gtk_list_item_get_item (item), GPOINTER_TO_UINT (column));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 first = koh_answer_line_n ((KohAnswerLine *) a), second = koh_answer_line_n ((KohAnswerLine *) b);

  return (first > second) - (first < second);
}

/* Levels sort in the order of their list, which is that of their first rows: "50–54" before "100 or more". */
static int
compare_levels (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GHashTable *order = user_data;
  guint column = GPOINTER_TO_UINT (g_hash_table_lookup (order, ""));
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (order, koh_answer_line_cell ((KohAnswerLine *) a, column)));
  guint second = GPOINTER_TO_UINT (g_hash_table_lookup (order, koh_answer_line_cell ((KohAnswerLine *) b, column)));

  return (first > second) - (first < second);
}

static GtkSorter *
level_sorter (GListModel *lines, guint column)
{
  GHashTable *order = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (lines); i++)
    {
      g_autoptr (KohAnswerLine) line = g_list_model_get_item (lines, i);

      if (!g_hash_table_contains (order, koh_answer_line_cell (line, column)))
        g_hash_table_insert (order, g_strdup (koh_answer_line_cell (line, column)), GUINT_TO_POINTER (i + 1));
    }
  g_hash_table_insert (order, g_strdup (""), GUINT_TO_POINTER (column));
  return GTK_SORTER (gtk_custom_sorter_new (compare_levels, order, (GDestroyNotify) g_hash_table_unref));
}

static void
add_column (GtkColumnView *view, GListModel *lines, const char *title, guint at, gboolean last)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;
  g_autoptr (GtkSorter) sorter =
    last ? GTK_SORTER (gtk_custom_sorter_new (compare_numbers, NULL, NULL)) : level_sorter (lines, at);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), last ? factory : NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (at));
  column = gtk_column_view_column_new (title, factory);
  if (last) /* narrow, so that the title, which stands to the left, is near the numbers, which stand to the right */
    gtk_column_view_column_set_fixed_width (column, 96);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_append_column (view, column);
}

/* Where cells wrap, a row is higher than the natural height of the table allows for; the table must then grow
 * instead of hiding its last rows. A list view knows its height for a width only once it has that width. */
static gboolean
grow_cb (gpointer user_data)
{
  GtkScrolledWindow *scroller = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scroller);
  double hidden = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  g_object_set_data (G_OBJECT (scroller), "growing", NULL);
  if (hidden >= 1)
    gtk_scrolled_window_set_min_content_height (scroller, gtk_widget_get_height (GTK_WIDGET (scroller)) + (int) hidden + 1);
  return G_SOURCE_REMOVE;
}

static void
height_changed_cb (GtkScrolledWindow *scroller)
{
  if (g_object_get_data (G_OBJECT (scroller), "growing") != NULL)
    return;
  g_object_set_data (G_OBJECT (scroller), "growing", scroller);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, grow_cb, g_object_ref (scroller), g_object_unref);
}

/* Another width: begin again from the height without wrapping. */
static void
width_changed_cb (GtkScrolledWindow *scroller)
{
  int natural;

  gtk_widget_measure (gtk_scrolled_window_get_child (scroller), GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (scroller, natural);
  height_changed_cb (scroller);
}

static void
show_all_rows (GtkScrolledWindow *scroller, guint rows)
{
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_AUTOMATIC, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_min_content_height (scroller, (int) (rows + 1) * 34); /* until the rows can be measured */
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (scroller), "changed", G_CALLBACK (height_changed_cb),
                           scroller, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (scroller), "notify::page-size",
                           G_CALLBACK (width_changed_cb), scroller, G_CONNECT_SWAPPED);
}

static GtkWidget *
make_table (const KohAnswerTable *table)
{
  GListStore *lines = g_list_store_new (KOH_TYPE_ANSWER_LINE);
  GtkWidget *view = gtk_column_view_new (NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkSortListModel *sorted;
  guint at = 0;

  for (guint i = 0; i < table->rows->len; i++)
    {
      g_autoptr (KohAnswerLine) line = koh_answer_line_new (table, g_ptr_array_index (table->rows, i), i);

      g_list_store_append (lines, line);
    }
  if (table->kind == KOH_ANSWER_ATTRITION)
    add_column (GTK_COLUMN_VIEW (view), G_LIST_MODEL (lines), _("Step"), at++, FALSE);
  for (guint i = 0; i < table->titles->len; i++)
    add_column (GTK_COLUMN_VIEW (view), G_LIST_MODEL (lines), g_ptr_array_index (table->titles, i), at++, FALSE);
  add_column (GTK_COLUMN_VIEW (view), G_LIST_MODEL (lines), _("Persons"), at, TRUE);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (lines), g_object_ref (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (view))));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view),
                             GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (sorted))));
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, table->title, -1);
  gtk_widget_add_css_class (view, "answer");

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  if (table->rows->len > MOST_ROWS)
    gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 720);
  else
    show_all_rows (GTK_SCROLLED_WINDOW (scroller), table->rows->len);
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

/* ---- The bars ---- */

/* The steps without their groups. A step opens in all groups or in none, so that its sum is open where it is. */
static GPtrArray *
sum_steps (const KohAnswerTable *table)
{
  GPtrArray *sums = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < table->rows->len; i++)
    {
      const KohAnswerRow *row = g_ptr_array_index (table->rows, i);
      KohAnswerRow *sum = sums->len > 0 ? g_ptr_array_index (sums, sums->len - 1) : NULL;

      if (sum == NULL || sum->step != row->step)
        {
          sum = g_memdup2 (row, sizeof *row); /* lends its texts */
          sum->n = 0;
          g_ptr_array_add (sums, sum);
        }
      sum->suppressed = sum->suppressed || row->suppressed;
      sum->n += row->n;
    }
  return sums;
}

static GtkWidget *
make_bars (const KohAnswerTable *table)
{
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (GPtrArray) steps = sum_steps (table);
  const KohAnswerRow *before = NULL;
  gint64 most = 0;

  for (guint i = 0; i < steps->len; i++)
    most = MAX (most, ((KohAnswerRow *) g_ptr_array_index (steps, i))->n);
  for (guint i = 0; i < steps->len; i++)
    {
      const KohAnswerRow *row = g_ptr_array_index (steps, i);

      gtk_list_box_append (GTK_LIST_BOX (list), koh_attrition_row_new (row, before, most));
      before = row;
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, table->title, -1);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

/* Bars of the totals, and the groups' own numbers for whoever wants them. */
static GtkWidget *
make_grouped_bars (const KohAnswerTable *table)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *expander = gtk_expander_new (_("Numbers of each group"));

  gtk_expander_set_child (GTK_EXPANDER (expander), make_table (table));
  gtk_box_append (GTK_BOX (box), make_bars (table));
  gtk_box_append (GTK_BOX (box), expander);
  return box;
}

/* ---- One number ---- */

static GtkWidget *
make_number (const KohAnswerRow *only)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *number = gtk_label_new (only->shown);

  gtk_widget_add_css_class (number, "heading");
  gtk_widget_add_css_class (number, "numeric");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Persons"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), number);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

static GtkWidget *
make_content (const KohAnswerTable *table)
{
  if (table->kind == KOH_ANSWER_ATTRITION)
    return table->attributes->len > 0 ? make_grouped_bars (table) : make_bars (table);
  if (table->attributes->len == 0 && table->rows->len == 1)
    return make_number (g_ptr_array_index (table->rows, 0));
  return make_table (table);
}

/* ---- Copying ---- */

/* Tabs between cells: what a spreadsheet and a text editor both take. */
static char *
to_text (const KohAnswerTable *table)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (table->kind == KOH_ANSWER_ATTRITION)
    g_string_append_printf (text, "%s\t", _("Step"));
  for (guint i = 0; i < table->titles->len; i++)
    g_string_append_printf (text, "%s\t", (char *) g_ptr_array_index (table->titles, i));
  g_string_append_printf (text, "%s\n", _("Persons"));
  for (guint i = 0; i < table->rows->len; i++)
    {
      const KohAnswerRow *row = g_ptr_array_index (table->rows, i);

      if (table->kind == KOH_ANSWER_ATTRITION)
        g_string_append_printf (text, "%d. %s\t", row->step, row->name);
      for (guint j = 0; row->levels[j] != NULL; j++)
        g_string_append_printf (text, "%s\t", row->levels[j]);
      g_string_append_printf (text, "%s\n", row->shown);
    }
  return g_strdup (text->str);
}

/* "Cross table: Sex × Age group" */
static char *
title_of (const KohAnswerTable *table)
{
  g_autoptr (GString) text = g_string_new (table->title);

  for (guint i = 0; i < table->titles->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? ": " : " × ", (char *) g_ptr_array_index (table->titles, i));
  return g_strdup (text->str);
}

static void
set_note (GtkLabel *label, gboolean visible, char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), visible);
  g_free (text);
}

GtkWidget *
koh_answer_section_new (const KohAnswerTable *table, gint64 k)
{
  KohAnswerSection *self = g_object_new (KOH_TYPE_ANSWER_SECTION, NULL);
  g_autofree char *title = title_of (table);
  g_autofree char *text = to_text (table);

  gtk_label_set_label (self->title, title);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", text);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy), "win.copy-text");
  adw_bin_set_child (self->content, make_content (table));
  set_note (self->why_joined, table->joined, koh_answer_why_joined (k, koh_language ()));
  set_note (self->why_hidden, table->suppressed, koh_answer_why_hidden (k, table->kind, koh_language ()));
  return GTK_WIDGET (self);
}

/* ---- The class ---- */

static void
koh_answer_section_class_init (KohAnswerSectionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/answer-section.ui");
  gtk_widget_class_bind_template_child (widget_class, KohAnswerSection, title);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerSection, copy);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerSection, content);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerSection, why_joined);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerSection, why_hidden);
}

static void
koh_answer_section_init (KohAnswerSection *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
