/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question in words: the short form to read, the full form with codes one press away, both to copy. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KOH_TYPE_SENTENCE_CARD (koh_sentence_card_get_type ())
G_DECLARE_FINAL_TYPE (KohSentenceCard, koh_sentence_card, KOH, SENTENCE_CARD, AdwBin)

void        koh_sentence_card_set (KohSentenceCard *card, const char *brief, const char *full);
const char *koh_sentence_card_get (KohSentenceCard *card); /* as shown */

G_END_DECLS
