/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answer documents for the tests of answers: joined levels, hidden numbers, a cohort that is too small. */
#pragma once

#include "query/catalogue.h"
#include "query/json.h"

#define DOCUMENT_HEAD \
  "{\"kohorte_answer\":1,\"question_hash\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"," \
  "\"title\":\"Statin\",\"mode\":\"approved\",\"link\":\"person\",\"security\":\"semi-honest\"," \
  "\"peers\":[\"one\",\"two\"],\"sentence\":{\"da\":\"Hvor mange?\",\"en\":\"How many?\"}," \
  "\"computed_at\":\"2026-11-23T20:15:00Z\",\"seconds\":1.4375,\"rounds\":1812,\"bytes\":12345678," \
  "\"transcript\":\"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\"," \
  "\"receipts\":{\"one\":{\"head\":\"00\",\"entries\":17,\"signature\":\"00\"}},"

#define JOINED \
  DOCUMENT_HEAD "\"disclosure\":{\"k\":5,\"cohort\":\"open\"},\"results\":[" \
  "{\"type\":\"count\",\"rows\":[" \
  "{\"by\":{\"sex\":\"M\",\"income_quintile\":\"1\"},\"n\":1234}," \
  "{\"by\":{\"sex\":\"M\",\"income_quintile\":[\"2\",\"3\"]},\"n\":0}," \
  "{\"by\":{\"sex\":[\"K\",\"missing\"],\"income_quintile\":\"1\"},\"n\":57}," \
  "{\"by\":{\"sex\":[\"K\",\"missing\"],\"income_quintile\":[\"2\",\"3\"]},\"n\":12}]}," \
  "{\"type\":\"attrition\",\"rows\":[{\"step\":0,\"name\":\"Infarct\",\"n\":2000}," \
  "{\"step\":1,\"name\":\"=HYPERLINK(1)\",\"suppressed\":true},{\"step\":2,\"name\":\"a, \\\"b\\\"; c\",\"n\":1303}]}," \
  "{\"type\":\"crosstab\",\"rows\":[{\"by\":{\"age_band\":\"50–54\"},\"n\":1303}]}]}"

#define SMALL \
  DOCUMENT_HEAD "\"disclosure\":{\"k\":7,\"cohort\":\"suppressed\"},\"results\":[" \
  "{\"type\":\"count\",\"rows\":[{\"by\":{},\"suppressed\":true}]}," \
  "{\"type\":\"attrition\",\"rows\":[{\"step\":0,\"name\":\"Infarct\",\"n\":40},{\"step\":1,\"name\":\"a\",\"suppressed\":true}," \
  "{\"step\":2,\"name\":\"b\",\"suppressed\":true}]}]}"

static inline JsonNode *
document (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = koh_json_parse (text, -1, "the document", &error);

  g_assert_no_error (error);
  return node;
}

/* Titles and labels of `sex`; those of `income_quintile` are not known here. */
static inline KohMap *
labels (void)
{
  KohMap *map = koh_map_new ();
  KohCatalogue *catalogue = koh_catalogue_new ("one");
  KohDataset *dataset = koh_dataset_new ("population", KOH_DATASET_PERSON);
  KohVariable *sex = koh_variable_new ("sex", KOH_VARIABLE_STRING);
  KohVariable *birth = koh_variable_new ("birth_date", KOH_VARIABLE_DATE);

  g_free (catalogue->da);
  catalogue->da = g_strdup ("Den ene");
  g_free (catalogue->en);
  catalogue->en = g_strdup ("The one");
  g_free (sex->da);
  sex->da = g_strdup ("Køn");
  g_free (sex->en);
  sex->en = g_strdup ("Sex");
  koh_variable_add_level (sex, "M", "Mænd", "Men");
  koh_variable_add_level (sex, "K", "Kvinder", "Women");
  g_ptr_array_add (dataset->variables, sex);
  g_ptr_array_add (dataset->variables, birth);
  g_ptr_array_add (catalogue->datasets, dataset);
  koh_map_take (map, catalogue);
  return map;
}
