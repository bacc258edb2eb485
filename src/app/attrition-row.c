/* SPDX-License-Identifier: EUPL-1.2
 *
 * The bar repeats the number for the eye; the number is what counts. */
#include "app/attrition-row.h"

#include <glib/gi18n.h>

#include "app/language.h"

struct _KohAttritionRow
{
  GtkListBoxRow parent;
  GtkLabel *name;
  GtkLabel *lost;
  GtkLabel *number;
  GtkLevelBar *bar;
};

G_DEFINE_FINAL_TYPE (KohAttritionRow, koh_attrition_row, GTK_TYPE_LIST_BOX_ROW)

static void
koh_attrition_row_class_init (KohAttritionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/attrition-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KohAttritionRow, name);
  gtk_widget_class_bind_template_child (widget_class, KohAttritionRow, lost);
  gtk_widget_class_bind_template_child (widget_class, KohAttritionRow, number);
  gtk_widget_class_bind_template_child (widget_class, KohAttritionRow, bar);
}

static void
koh_attrition_row_init (KohAttritionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL);
}

GtkWidget *
koh_attrition_row_new (const KohAnswerRow *row, const KohAnswerRow *before, gint64 most)
{
  KohAttritionRow *self = g_object_new (KOH_TYPE_ATTRITION_ROW, NULL);
  g_autofree char *shown = row->suppressed ? g_strdup (row->shown) : koh_language_number (row->n);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", row->name, shown);

  gtk_label_set_label (self->name, row->name);
  gtk_label_set_label (self->number, shown);
  if (before != NULL && !before->suppressed && !row->suppressed && before->n > row->n)
    {
      g_autofree char *number = koh_language_number (before->n - row->n);
      g_autofree char *lost = g_strdup_printf ("−%s", number);

      gtk_label_set_label (self->lost, lost);
    }
  gtk_level_bar_set_value (self->bar, row->suppressed || most <= 0 ? 0 : (double) row->n / (double) most);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !row->suppressed);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return GTK_WIDGET (self);
}
