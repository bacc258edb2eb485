/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question as one sentence or a few, complete and unambiguous, in Danish or English. The short
 * form names code sets by their labels; the full form appends the codes. Generated from the document
 * and the code lists; the map (may be NULL) gives titles and labels of datasets and levels. */
#pragma once

#include "query/catalogue.h"
#include "query/question.h"

G_BEGIN_DECLS

char *koh_sentence      (const KohQuestion *question, const KohMap *map, const char *language, gboolean full);

/* One criterion, for a row of an attrition table or a designer's card. */
char *koh_sentence_criterion (const KohCriterion *criterion, const KohMap *map, const char *language);

/* A count with the language's digit grouping: "12.345" in Danish, "12,345" in English. */
char *koh_sentence_number (gint64 number, const char *language);

G_END_DECLS
