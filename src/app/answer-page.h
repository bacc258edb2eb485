/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer: its number, its tables, where it comes from. */
#pragma once

#include <adwaita.h>

#include "client/client.h"

G_BEGIN_DECLS

#define KOH_TYPE_ANSWER_PAGE (koh_answer_page_get_type ())
G_DECLARE_FINAL_TYPE (KohAnswerPage, koh_answer_page, KOH, ANSWER_PAGE, AdwBin)

/* Signal: "changed", when another answer is shown. */
void      koh_answer_page_set_client (KohAnswerPage *page, KohClient *client);
void      koh_answer_page_reload     (KohAnswerPage *page);                  /* the stored answers, again */
void      koh_answer_page_show       (KohAnswerPage *page, JsonNode *answer); /* stored, or from elsewhere */
gboolean  koh_answer_page_has_answer (KohAnswerPage *page);

/* The answer shown, in the app's language. Free with g_free(). */
char     *koh_answer_page_to_text    (KohAnswerPage *page);
char     *koh_answer_page_to_csv     (KohAnswerPage *page);
char     *koh_answer_page_to_json    (KohAnswerPage *page);

G_END_DECLS
