/* SPDX-License-Identifier: EUPL-1.2
 *
 * The page shows one file at a time. A file that cannot be read, or a question that cannot be asked, is shown all
 * the same, with the reason where the others have their check. */
#include "app/question-page.h"

#include <glib/gi18n.h>

#include "app/language.h"
#include "app/peer-row.h"
#include "app/problem-row.h"
#include "app/sentence-card.h"
#include "app/settings.h"
#include "query/question-check.h"
#include "query/sentence.h"

struct _KohQuestionPage
{
  AdwBin parent;
  GtkStack *stack;          /* "question" or "nothing" */
  AdwComboRow *chooser;
  GtkWidget *body, *why;    /* what only a readable question has */
  GtkLabel *title;
  KohSentenceCard *sentence;
  AdwActionRow *problem, *decision, *project;
  GtkListBox *problems;
  GtkListBox *peers;
  GtkLabel *reason;

  KohClient *client;
  GPtrArray *paths;         /* of char *, as in the chooser */
  KohQuestion *question;    /* NULL where the file cannot be read */
  guint errors;
  gboolean under_way;
  gboolean looked;          /* asked which peers can be reached */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KohQuestionPage, koh_question_page, ADW_TYPE_BIN)

/* ---- The question ---- */

static void
set_subtitle (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

static const char *
purpose_title (const char *purpose)
{
  static const struct
  {
    const char *name, *title;
  } purposes[] = {
    { "research", N_("Research") },     { "quality", N_("Quality of care") },
    { "operation", N_("Operation") },   { "statistics", N_("Statistics") },
    { "policy", N_("Policy") },         { "education", N_("Education") },
    { "innovation", N_("Innovation") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (g_strcmp0 (purpose, purposes[i].name) == 0)
      return _(purposes[i].title);
  return purpose != NULL ? purpose : "";
}

static void
show_sentence (KohQuestionPage *self)
{
  const KohMap *map = koh_client_get_map (self->client);
  g_autofree char *brief = koh_sentence (self->question, map, koh_language (), FALSE);
  g_autofree char *full = koh_sentence (self->question, map, koh_language (), TRUE);

  koh_sentence_card_set (self->sentence, brief, full);
}

static void
show_question (KohQuestionPage *self)
{
  const KohQuestion *question = self->question;
  g_autofree char *project = NULL;

  gtk_widget_set_visible (self->body, question != NULL);
  gtk_widget_set_visible (self->why, question != NULL);
  if (question == NULL)
    return;
  gtk_label_set_label (self->title, question->title);
  show_sentence (self);
  set_subtitle (self->problem, question->problem);
  set_subtitle (self->decision, question->decision);
  project = g_strdup_printf ("%s%s%s%s%s", purpose_title (question->purpose), question->legal_basis != NULL ? " · " : "",
                             question->legal_basis != NULL ? question->legal_basis : "",
                             question->project_id != NULL ? " · " : "",
                             question->project_id != NULL ? question->project_id : "");
  set_subtitle (self->project, project);
}

/* ---- What is wrong with it ---- */

static void
clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
check (KohQuestionPage *self, const GError *unreadable)
{
  g_autoptr (GPtrArray) found = NULL;

  self->errors = 0;
  clear (self->problems);
  if (self->question == NULL)
    {
      self->errors = 1;
      gtk_list_box_append (self->problems, koh_problem_row_new (KOH_PROBLEM_ERROR, unreadable->message, NULL));
      return;
    }
  found = koh_question_check (self->question, koh_client_get_map (self->client));
  for (guint i = 0; i < found->len; i++)
    {
      const KohProblem *problem = g_ptr_array_index (found, i);

      self->errors += problem->is_error;
      gtk_list_box_append (self->problems,
                           koh_problem_row_new (problem->is_error ? KOH_PROBLEM_ERROR : KOH_PROBLEM_WARNING,
                                                problem->message, problem->pointer));
    }
  if (found->len == 0)
    gtk_list_box_append (self->problems,
                         koh_problem_row_new (KOH_PROBLEM_NONE, _("The question can be asked as it stands."), NULL));
}

static void
show_reason (KohQuestionPage *self)
{
  g_autofree char *text = NULL;

  if (self->under_way)
    text = g_strdup (_("A question is under way. It can be followed, or cancelled, under Progress."));
  else if (self->errors > 0)
    text = g_strdup_printf (ngettext ("%u error stands in the way; see Check.",
                                      "%u errors stand in the way; see Check.", self->errors),
                            self->errors);
  else if (self->question != NULL && self->client != NULL)
    text = g_strdup_printf (ngettext ("Goes to %u peer.", "Goes to %u peers.",
                                      g_strv_length ((GStrv) koh_client_get_peers (self->client))),
                            g_strv_length ((GStrv) koh_client_get_peers (self->client)));
  gtk_label_set_label (self->reason, text != NULL ? text : "");
}

/* ---- Which one ---- */

static void
show_path (KohQuestionPage *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->question, koh_question_unref);
  self->question = koh_question_read_file (path, &error);
  show_question (self);
  check (self, error);
  show_reason (self);
  koh_settings_set_string ("last-question", path);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
chosen_cb (KohQuestionPage *self)
{
  guint selected = adw_combo_row_get_selected (self->chooser);

  if (self->client != NULL && self->paths != NULL && selected < self->paths->len)
    show_path (self, g_ptr_array_index (self->paths, selected));
}

/* The title of the question, or the file's name where it has none. */
static char *
title_of (const char *path)
{
  g_autoptr (KohQuestion) question = koh_question_read_file (path, NULL);

  if (question != NULL && question->title != NULL && *question->title != '\0')
    return g_strdup (question->title);
  return g_path_get_basename (path);
}

/* Fills the chooser; the selection moves, and with it the page. */
static void
choose (KohQuestionPage *self, guint selected)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->paths->len; i++)
    gtk_string_list_take (titles, title_of (g_ptr_array_index (self->paths, i)));
  g_signal_handlers_block_matched (self->chooser, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, chosen_cb, NULL);
  adw_combo_row_set_model (self->chooser, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->chooser, selected);
  g_signal_handlers_unblock_matched (self->chooser, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, chosen_cb, NULL);
  gtk_stack_set_visible_child_name (self->stack, self->paths->len > 0 ? "question" : "nothing");
  chosen_cb (self);
}

void
koh_question_page_open (KohQuestionPage *self, const char *path)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, &at))
    {
      at = self->paths->len;
      g_ptr_array_add (self->paths, g_strdup (path));
    }
  choose (self, at);
}

/* ---- Who takes part ---- */

static void
seen_cb (KohQuestionPage *self, const char *peer, gboolean reachable)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->peers)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_strcmp0 (koh_peer_row_get_peer (KOH_PEER_ROW (row)), peer) == 0)
      koh_peer_row_set_reachable (KOH_PEER_ROW (row), reachable);
}

/* Looking starts the desk's participant, so it waits until somebody sees this page. */
static void
look (KohQuestionPage *self)
{
  if (self->looked || self->client == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->looked = TRUE;
  koh_client_look (self->client);
}

void
koh_question_page_set_client (KohQuestionPage *self, KohClient *client)
{
  const char *const *peers = koh_client_get_peers (client);
  g_auto (GStrv) questions = koh_client_list_questions (client);
  g_autofree char *last = koh_settings_get_string ("last-question");
  guint selected = 0;

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, client);
  g_signal_connect_object (client, "peer-seen", G_CALLBACK (seen_cb), self, G_CONNECT_SWAPPED);
  clear (self->peers);
  for (guint i = 0; peers[i] != NULL; i++)
    gtk_list_box_append (self->peers, koh_peer_row_new (koh_client_get_map (client), peers[i]));
  g_clear_pointer (&self->question, koh_question_unref);
  g_ptr_array_set_size (self->paths, 0);
  for (guint i = 0; questions[i] != NULL; i++)
    {
      selected = g_str_equal (questions[i], last) ? i : selected;
      g_ptr_array_add (self->paths, g_strdup (questions[i]));
    }
  self->looked = FALSE;
  choose (self, selected);
  look (self);
}

/* ---- What the window asks ---- */

void
koh_question_page_set_under_way (KohQuestionPage *self, gboolean under_way)
{
  self->under_way = under_way;
  show_reason (self);
}

gboolean
koh_question_page_can_ask (KohQuestionPage *self)
{
  return self->question != NULL && self->errors == 0 && !self->under_way;
}

KohQuestion *
koh_question_page_get_question (KohQuestionPage *self)
{
  return self->question;
}

/* ---- The class ---- */

static void
koh_question_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (koh_question_page_parent_class)->map (widget);
  look (KOH_QUESTION_PAGE (widget));
}

static void
koh_question_page_dispose (GObject *object)
{
  KohQuestionPage *self = KOH_QUESTION_PAGE (object);

  g_clear_pointer (&self->question, koh_question_unref);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_question_page_parent_class)->dispose (object);
}

static void
koh_question_page_class_init (KohQuestionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = koh_question_page_dispose;
  widget_class->map = koh_question_page_map;
  signals[CHANGED] =
    g_signal_new ("changed", KOH_TYPE_QUESTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (KOH_TYPE_SENTENCE_CARD);
  gtk_widget_class_set_template_from_resource (widget_class, "/dk/kohorte/Kohorte/question-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, body);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, why);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, title);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, sentence);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, problem);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, decision);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, project);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, problems);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, peers);
  gtk_widget_class_bind_template_child (widget_class, KohQuestionPage, reason);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
koh_question_page_init (KohQuestionPage *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
