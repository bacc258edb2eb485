/* SPDX-License-Identifier: EUPL-1.2
 *
 * The answer document: what was opened, with its provenance; and the folder in which answers are kept. */
#pragma once

#include "peer/inquiry-private.h"

G_BEGIN_DECLS

/* Whether what a peer told with its shares is true: the transcript is that of the shares
 * ("same-transcript"), and the receipt is signed by it ("receipt-signature"). */
gboolean koh_answer_vouch (const KohCard *card, const KohHash *told, const KohHash *transcript,
                           JsonObject *receipt, GError **error);

/* Takes @opened (results and disclosure, as koh_answer_open() made them) and adds what the session knows. */
JsonNode  *koh_answer_write (KohInquiry *inquiry, JsonNode *opened, const KohHash *transcript);

/* Writes it to FOLDER/answers/QUESTION-HASH.json. */
gboolean   koh_answer_keep  (KohInquiry *inquiry, GError **error);

/* What is kept in @folder: an array of question_hash, title, computed_at; the newest first. */
JsonArray *koh_answer_list  (const char *folder);

G_END_DECLS
