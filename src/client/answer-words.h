/* SPDX-License-Identifier: EUPL-1.2
 *
 * The words around an answer's numbers, in a language that the caller names: an answer may be printed in another
 * language than the program speaks, so these do not go through gettext. Private to this room. */
#pragma once

#include "client/answer.h"

G_BEGIN_DECLS

/* The Danish or the English of two, by @language. */
const char *koh_answer_say        (const char *language, const char *en, const char *da);

const char *koh_answer_kind_title (KohAnswerKind kind, const char *language);
char       *koh_answer_level      (const KohMap *map, const char *attribute, const char *code, const char *language);
char       *koh_answer_headline   (const KohAnswer *answer, const char *language);
char       *koh_answer_token      (gint64 k);
GPtrArray  *koh_answer_notes      (const KohAnswer *answer, const char *language);
GPtrArray  *koh_answer_facts      (JsonObject *document, const KohMap *map, gint64 k, const char *language);

G_END_DECLS
