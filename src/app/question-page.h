/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question before it is asked: its sentence, its reasons, what is wrong with it, who takes part. */
#pragma once

#include <adwaita.h>

#include "client/client.h"

G_BEGIN_DECLS

#define KOH_TYPE_QUESTION_PAGE (koh_question_page_get_type ())
G_DECLARE_FINAL_TYPE (KohQuestionPage, koh_question_page, KOH, QUESTION_PAGE, AdwBin)

/* Signal: "changed", when another question is shown. */
void         koh_question_page_set_client    (KohQuestionPage *page, KohClient *client);
void         koh_question_page_open          (KohQuestionPage *page, const char *path);
void         koh_question_page_set_under_way (KohQuestionPage *page, gboolean under_way);
gboolean     koh_question_page_can_ask       (KohQuestionPage *page);
KohQuestion *koh_question_page_get_question  (KohQuestionPage *page); /* NULL where none is readable; lends */

G_END_DECLS
