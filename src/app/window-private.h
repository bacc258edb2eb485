/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the window's two files share. */
#pragma once

#include "app/answer-page.h"
#include "app/catalogue-page.h"
#include "app/question-page.h"
#include "app/run-page.h"
#include "app/window.h"
#include "client/client.h"

struct _KohWindow
{
  AdwApplicationWindow parent;
  AdwToastOverlay *toasts;
  GtkStack *root;             /* "welcome" or "federation" */
  AdwStatusPage *welcome;
  AdwViewSwitcherTitle *title;
  GtkWidget *switcher_bar;
  AdwViewStack *pages;
  KohCataloguePage *catalogue_page;
  KohQuestionPage *question_page;
  KohRunPage *run_page;
  KohAnswerPage *answer_page;

  KohClient *client;          /* NULL on the welcome page */
  KohRun *run;                /* the last one; NULL */
  guint filling;              /* the idle source that fills the other pages; 0 */
};

void koh_window_install_actions (GtkWidgetClass *klass);
void koh_window_update_actions  (KohWindow *self);
void koh_window_show_page       (KohWindow *self, const char *page);
void koh_window_watch           (KohWindow *self, KohRun *run, const char *title);
