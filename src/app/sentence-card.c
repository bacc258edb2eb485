/* SPDX-License-Identifier: EUPL-1.2
 *
 * The copy button carries what is shown, so that nothing else is ever copied. */
#include "app/sentence-card.h"

struct _KohSentenceCard
{
  AdwBin parent;
  GtkToggleButton *codes;
  GtkButton *copy;
  GtkLabel *sentence;
  char *brief, *full;
};

G_DEFINE_FINAL_TYPE (KohSentenceCard, koh_sentence_card, ADW_TYPE_BIN)

const char *
koh_sentence_card_get (KohSentenceCard *self)
{
  return gtk_label_get_label (self->sentence);
}

static void
codes_cb (KohSentenceCard *self)
{
  const char *text = gtk_toggle_button_get_active (self->codes) ? self->full : self->brief;

  gtk_label_set_label (self->sentence, text != NULL ? text : "");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", koh_sentence_card_get (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy), "win.copy-text");
}

void
koh_sentence_card_set (KohSentenceCard *self, const char *brief, const char *full)
{
  g_free (self->brief);
  g_free (self->full);
  self->brief = g_strdup (brief);
  self->full = g_strdup (full);
  gtk_widget_set_visible (GTK_WIDGET (self->codes), g_strcmp0 (brief, full) != 0);
  codes_cb (self);
}

static void
koh_sentence_card_finalize (GObject *object)
{
  KohSentenceCard *self = KOH_SENTENCE_CARD (object);

  g_free (self->brief);
  g_free (self->full);
  G_OBJECT_CLASS (koh_sentence_card_parent_class)->finalize (object);
}

static void
koh_sentence_card_class_init (KohSentenceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = koh_sentence_card_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/sentence-card.ui");
  gtk_widget_class_bind_template_child (widget_class, KohSentenceCard, codes);
  gtk_widget_class_bind_template_child (widget_class, KohSentenceCard, copy);
  gtk_widget_class_bind_template_child (widget_class, KohSentenceCard, sentence);
  gtk_widget_class_bind_template_callback (widget_class, codes_cb);
}

static void
koh_sentence_card_init (KohSentenceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
