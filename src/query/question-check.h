/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is wrong with a question, in the light of the catalogues. */
#pragma once

#include "common/error.h"
#include "query/catalogue.h"
#include "query/question.h"

G_BEGIN_DECLS

typedef struct
{
  char *pointer;      /* JSON pointer of the place */
  gboolean is_error;  /* otherwise a warning: it can be asked */
  char *message;      /* one translated sentence */
  KohErrorCode code;  /* of an error: KOH_ERROR_INVALID, or KOH_ERROR_UNSUPPORTED where only this version cannot */
} KohProblem;

/* Array of KohProblem, in document order; empty when all is well. Free with g_ptr_array_unref(). Criteria that
 * are switched off are not looked at. */
GPtrArray *koh_question_check    (const KohQuestion *question, const KohMap *map);

/* FALSE with the first error of the above as "POINTER: message". */
gboolean   koh_question_check_ok (const KohQuestion *question, const KohMap *map, GError **error);

G_END_DECLS
