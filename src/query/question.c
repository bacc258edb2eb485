/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question as an object: shared and unchanging. question-read.c makes it. */
#include "query/question.h"

#include "query/json.h"
#include "query/read.h"

KohQuestion *
koh_question_parse (const char *text, gssize size, GError **error)
{
  g_autoptr (JsonNode) document = koh_json_parse (text, size, "The question", error);

  return document != NULL ? koh_question_from_json (document, error) : NULL;
}

KohQuestion *
koh_question_read_file (const char *path, GError **error)
{
  g_autoptr (JsonNode) document = koh_json_read_file (path, error);

  return document != NULL ? koh_question_from_json (document, error) : NULL;
}

KohQuestion *
koh_question_ref (KohQuestion *question)
{
  g_atomic_ref_count_inc (&question->references);
  return question;
}

void
koh_question_unref (KohQuestion *question)
{
  if (!g_atomic_ref_count_dec (&question->references))
    return;
  g_clear_pointer (&question->document, json_node_unref);
  g_free (question->title);
  g_free (question->project_id);
  g_free (question->problem);
  g_free (question->decision);
  g_free (question->purpose);
  g_free (question->legal_basis);
  g_free (question->mode);
  g_free (question->link);
  koh_event_clear (&question->index);
  g_clear_pointer (&question->criteria, g_ptr_array_unref);
  g_clear_pointer (&question->by, g_ptr_array_unref);
  g_clear_pointer (&question->analyses, g_ptr_array_unref);
  g_free (question);
}

char *
koh_question_to_text (const KohQuestion *question)
{
  return koh_json_canonical (question->document);
}
