/* SPDX-License-Identifier: EUPL-1.2
 *
 * A chooser of stored answers, and the chosen one as sections. */
#include "app/answer-page.h"

#include <glib/gi18n.h>

#include "app/answer-section.h"
#include "app/language.h"
#include "app/problem-row.h"
#include "app/sentence-card.h"
#include "client/answer.h"
#include "query/json.h"

struct _KohAnswerPage
{
  AdwBin parent;
  GtkStack *stack;       /* "answer" or "nothing" */
  GtkScrolledWindow *scroller;
  AdwComboRow *chooser;
  GtkLabel *title;
  GtkLabel *headline;
  KohSentenceCard *sentence;
  GtkBox *tables;
  GtkListBox *facts;

  KohClient *client;     /* NULL where an answer is read without its federation */
  GPtrArray *answers;    /* of JsonNode, as in the chooser */
  JsonNode *shown;       /* lends from answers; NULL where none is, or it cannot be read */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KohAnswerPage, koh_answer_page, ADW_TYPE_BIN)

static const KohMap *
map_of (KohAnswerPage *self)
{
  return self->client != NULL ? koh_client_get_map (self->client) : NULL;
}

static void
clear (KohAnswerPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_box_remove (self->tables, child);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_list_box_remove (self->facts, child);
}

/* Hashes are for comparing: they come with a button that copies them. */
static GtkWidget *
make_fact (const KohAnswerFact *fact)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), fact->label);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), fact->value);
  if (strlen (fact->value) == 64 && strchr (fact->value, ' ') == NULL)
    {
      GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (row, "hash");
      gtk_widget_set_tooltip_text (button, _("Copy"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy"), -1);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", fact->value);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.copy-text");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static void
show_answer (KohAnswerPage *self, const KohAnswer *answer)
{
  gtk_label_set_label (self->title, answer->title);
  gtk_label_set_label (self->headline, answer->headline);
  koh_sentence_card_set (self->sentence, answer->brief, answer->sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->sentence), *answer->brief != '\0');
  for (guint i = 0; i < answer->tables->len; i++)
    gtk_box_append (self->tables, koh_answer_section_new (g_ptr_array_index (answer->tables, i), answer->k));
  for (guint i = 0; i < answer->facts->len; i++)
    gtk_list_box_append (self->facts, make_fact (g_ptr_array_index (answer->facts, i)));
}

static void
show_unreadable (KohAnswerPage *self, const GError *error)
{
  gtk_label_set_label (self->title, "");
  gtk_label_set_label (self->headline, _("This answer cannot be read"));
  gtk_widget_set_visible (GTK_WIDGET (self->sentence), FALSE);
  gtk_list_box_append (self->facts, koh_problem_row_new (KOH_PROBLEM_ERROR, error->message, NULL));
}

static void
chosen_cb (KohAnswerPage *self)
{
  guint selected = adw_combo_row_get_selected (self->chooser);
  g_autoptr (KohAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (self->answers == NULL || selected >= self->answers->len)
    return;
  clear (self);
  self->shown = g_ptr_array_index (self->answers, selected);
  answer = koh_answer_read (self->shown, map_of (self), koh_language (), &error);
  if (answer != NULL)
    show_answer (self, answer);
  else
    {
      self->shown = NULL;
      show_unreadable (self, error);
    }
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* "Statin after a first heart attack — 23 November 2026, 20:15" */
static char *
title_of (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *title = object != NULL ? koh_json_string (object, "title", NULL) : NULL;
  const char *moment = object != NULL ? koh_json_string (object, "computed_at", NULL) : NULL;
  g_autofree char *when = koh_answer_moment (moment, koh_language ());

  return g_strdup_printf ("%s — %s", title != NULL ? title : _("Answer"), when);
}

static void
choose (KohAnswerPage *self, guint selected)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->answers->len; i++)
    gtk_string_list_take (titles, title_of (g_ptr_array_index (self->answers, i)));
  self->shown = NULL;
  g_signal_handlers_block_matched (self->chooser, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, chosen_cb, NULL);
  adw_combo_row_set_model (self->chooser, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->chooser, selected);
  g_signal_handlers_unblock_matched (self->chooser, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, chosen_cb, NULL);
  gtk_stack_set_visible_child_name (self->stack, self->answers->len > 0 ? "answer" : "nothing");
  if (self->answers->len > 0)
    chosen_cb (self);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

void
koh_answer_page_reload (KohAnswerPage *self)
{
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  self->answers = self->client != NULL ? koh_client_list_answers (self->client)
                                       : g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  choose (self, 0);
}

void
koh_answer_page_set_client (KohAnswerPage *self, KohClient *client)
{
  g_set_object (&self->client, client);
  koh_answer_page_reload (self);
}

void
koh_answer_page_show (KohAnswerPage *self, JsonNode *answer)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (self->answers, answer, (GEqualFunc) json_node_equal, &at))
    {
      at = 0;
      g_ptr_array_insert (self->answers, 0, json_node_copy (answer));
    }
  choose (self, at);
}

gboolean
koh_answer_page_has_answer (KohAnswerPage *self)
{
  return self->shown != NULL;
}

char *
koh_answer_page_to_text (KohAnswerPage *self)
{
  return koh_answer_to_text (self->shown, map_of (self), koh_language ());
}

char *
koh_answer_page_to_csv (KohAnswerPage *self)
{
  return koh_answer_to_csv (self->shown, map_of (self), koh_language ());
}

char *
koh_answer_page_to_json (KohAnswerPage *self)
{
  return json_to_string (self->shown, TRUE);
}

static void
koh_answer_page_dispose (GObject *object)
{
  KohAnswerPage *self = KOH_ANSWER_PAGE (object);

  self->shown = NULL;
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_answer_page_parent_class)->dispose (object);
}

static void
koh_answer_page_class_init (KohAnswerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = koh_answer_page_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", KOH_TYPE_ANSWER_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (KOH_TYPE_SENTENCE_CARD);
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/answer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, title);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, headline);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, sentence);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, tables);
  gtk_widget_class_bind_template_child (widget_class, KohAnswerPage, facts);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
koh_answer_page_init (KohAnswerPage *self)
{
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}
