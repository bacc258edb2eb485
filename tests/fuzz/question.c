/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question's reader on any bytes. What it accepts must have one canonical text, and a sentence and a
 * check that do not crash; a question comes from another organisation. */
#include "query/json.h"
#include "query/question-check.h"
#include "query/sentence.h"

#include "tests/fuzz/fuzz.h"

/* A small federation, so that the check goes past the first name. */
static KohMap *
make_map (void)
{
  KohMap *map = koh_map_new ();
  KohCatalogue *catalogue = koh_catalogue_new ("one");
  KohDataset *persons = koh_dataset_new ("population", KOH_DATASET_PERSON);
  KohDataset *events = koh_dataset_new ("diagnoses", KOH_DATASET_EVENT);
  KohVariable *sex = koh_variable_new ("sex", KOH_VARIABLE_STRING);

  catalogue->population = TRUE;
  koh_variable_add_level (sex, "K", "Kvinde", "Female");
  koh_variable_add_level (sex, "M", "Mand", "Male");
  g_ptr_array_add (persons->variables, sex);
  g_ptr_array_add (persons->variables, koh_variable_new ("birth_date", KOH_VARIABLE_DATE));
  events->code_system = g_strdup ("SKS");
  g_ptr_array_add (catalogue->datasets, persons);
  g_ptr_array_add (catalogue->datasets, events);
  koh_map_take (map, catalogue);
  return map;
}

static void
use (const KohQuestion *question)
{
  static KohMap *map = NULL;
  static const char *const languages[] = { "da", "en" };
  g_autoptr (GPtrArray) problems = NULL;

  if (map == NULL)
    map = make_map ();
  problems = koh_question_check (question, map);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *with = koh_sentence (question, map, languages[i], TRUE);
      g_autofree char *without = koh_sentence (question, NULL, languages[i], FALSE);

      g_assert_true (g_utf8_validate (with, -1, NULL) && g_utf8_validate (without, -1, NULL));
      for (guint j = 0; j < question->criteria->len; j++)
        g_free (koh_sentence_criterion (question->criteria->pdata[j], map, languages[i]));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize size)
{
  g_autoptr (KohQuestion) question = koh_question_parse ((const char *) bytes, (gssize) size, NULL),
                          again = NULL;
  g_autofree char *text = NULL, *second = NULL;

  if (question == NULL)
    return 0;
  text = koh_question_to_text (question);
  again = koh_question_parse (text, -1, NULL);
  g_assert_nonnull (again);
  second = koh_question_to_text (again);
  g_assert_cmpstr (text, ==, second);
  g_assert_true (koh_hash_equal (&question->hash, &again->hash));
  use (question);
  return 0;
}
