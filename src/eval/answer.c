/* SPDX-License-Identifier: EUPL-1.2
 *
 * The asker's side: what was opened becomes the results of an answer, in the words of the question. */
#include <json-glib/json-glib.h>

#include "common/error.h"
#include "eval/evaluate.h"
#include "eval/rules.h"
#include "mpc/reveal.h"
#include "query/sentence.h"

#define MISSING "missing"

typedef struct
{
  const KohPlan *plan;
  const KohMap *map;
  const KohReleased *released;
  JsonBuilder *to;
} Answer;

static const KohPlanTable *
table_of (const Answer *answer, guint table)
{
  return koh_plan_tables (answer->plan)->pdata[table];
}

static const KohGrouping *
grouping_of (const Answer *answer, guint grouping)
{
  return koh_plan_groupings (answer->plan)->pdata[grouping];
}

static const GArray *
ends_of (const Answer *answer, guint grouping)
{
  return answer->released->ends->pdata[grouping];
}

/* The first level of run @run is the one after the end of the run before. */
static guint
begin_of (const GArray *ends, guint run)
{
  return run == 0 ? 0 : g_array_index (ends, guint, run - 1) + 1;
}

static void
say_level (const Answer *answer, const KohGrouping *grouping, guint level)
{
  json_builder_add_string_value (answer->to, level < grouping->levels->len
                                               ? ((const KohLevel *) grouping->levels->pdata[level])->code
                                               : MISSING);
}

static void
say_levels (const Answer *answer, guint grouping, guint run)
{
  const GArray *ends = ends_of (answer, grouping);

  json_builder_begin_array (answer->to);
  for (guint level = begin_of (ends, run); level <= g_array_index (ends, guint, run); level++)
    say_level (answer, grouping_of (answer, grouping), level);
  json_builder_end_array (answer->to);
}

/* A run of one level is that level; of more, an array. */
static void
say_run (const Answer *answer, guint grouping, guint run)
{
  const GArray *ends = ends_of (answer, grouping);

  if (begin_of (ends, run) == g_array_index (ends, guint, run))
    say_level (answer, grouping_of (answer, grouping), begin_of (ends, run));
  else
    say_levels (answer, grouping, run);
}

static void
say_joined (const Answer *answer)
{
  json_builder_set_member_name (answer->to, "joined");
  json_builder_begin_array (answer->to);
  for (guint i = 0; answer->released->cohort && i < koh_plan_groupings (answer->plan)->len; i++)
    {
      json_builder_begin_object (answer->to);
      json_builder_set_member_name (answer->to, "attribute");
      json_builder_add_string_value (answer->to, grouping_of (answer, i)->attribute);
      json_builder_set_member_name (answer->to, "levels");
      json_builder_begin_array (answer->to);
      for (guint run = 0; run < ends_of (answer, i)->len; run++)
        say_levels (answer, i, run);
      json_builder_end_array (answer->to);
      json_builder_end_object (answer->to);
    }
  json_builder_end_array (answer->to);
}

static void
say_suppressed_steps (const Answer *answer)
{
  json_builder_begin_array (answer->to);
  for (guint step = 0; step < answer->released->open->len; step++)
    if (!g_array_index (answer->released->open, gboolean, step))
      json_builder_add_int_value (answer->to, step);
  json_builder_end_array (answer->to);
}

/* One list where there is one attrition; a list for each of several, in the order of the analyses. */
static void
say_all_suppressed_steps (const Answer *answer)
{
  const GPtrArray *analyses = koh_plan_analyses (answer->plan);
  guint attritions = 0;

  for (guint i = 0; i < analyses->len; i++)
    attritions += ((const KohPlanAnalysis *) analyses->pdata[i])->kind == KOH_ANALYSIS_ATTRITION;
  json_builder_set_member_name (answer->to, "suppressed_steps");
  if (attritions > 1)
    json_builder_begin_array (answer->to);
  for (guint i = 0; i < MAX (1, attritions); i++)
    say_suppressed_steps (answer);
  if (attritions > 1)
    json_builder_end_array (answer->to);
}

static void
say_disclosure (const Answer *answer)
{
  json_builder_set_member_name (answer->to, "disclosure");
  json_builder_begin_object (answer->to);
  json_builder_set_member_name (answer->to, "k");
  json_builder_add_int_value (answer->to, koh_plan_facts (answer->plan)->k);
  json_builder_set_member_name (answer->to, "cohort");
  json_builder_add_string_value (answer->to, answer->released->cohort ? "open" : "suppressed");
  say_joined (answer);
  say_all_suppressed_steps (answer);
  json_builder_end_object (answer->to);
}

/* The number of a combination of runs stands at the last level of each. @runs: in the order of
 * @analysis. */
static gsize
cell_of (const Answer *answer, const KohPlanAnalysis *analysis, const guint *runs)
{
  const KohPlanTable *table = table_of (answer, analysis->table);
  gsize cell = 0;

  for (guint i = 0; i < table->by->len; i++)
    {
      guint grouping = g_array_index (table->by, guint, i);

      cell *= koh_grouping_cells (grouping_of (answer, grouping));
      for (guint j = 0; j < analysis->by->len; j++)
        if (g_array_index (analysis->by, guint, j) == grouping)
          cell += g_array_index (ends_of (answer, grouping), guint, runs[j]);
    }
  return cell;
}

static void
say_by (const Answer *answer, const KohPlanAnalysis *analysis, const guint *runs)
{
  json_builder_set_member_name (answer->to, "by");
  json_builder_begin_object (answer->to);
  for (guint i = 0; i < analysis->by->len; i++)
    {
      json_builder_set_member_name (answer->to, analysis->names->pdata[i]);
      say_run (answer, g_array_index (analysis->by, guint, i), runs[i]);
    }
  json_builder_end_object (answer->to);
}

/* The next combination, the first variable slowest; FALSE after the last. */
static gboolean
next_runs (const Answer *answer, const KohPlanAnalysis *analysis, guint *runs)
{
  for (guint i = analysis->by->len; i > 0; i--)
    {
      if (++runs[i - 1] < ends_of (answer, g_array_index (analysis->by, guint, i - 1))->len)
        return TRUE;
      runs[i - 1] = 0;
    }
  return FALSE;
}

static void
say_suppressed (const Answer *answer)
{
  json_builder_set_member_name (answer->to, "suppressed");
  json_builder_add_boolean_value (answer->to, TRUE);
}

static void
say_number (const Answer *answer, guint64 number)
{
  json_builder_set_member_name (answer->to, "n");
  json_builder_add_int_value (answer->to, (gint64) number);
}

static void
say_table (const Answer *answer, const KohPlanAnalysis *analysis)
{
  const GArray *cells = answer->released->tables->pdata[analysis->table];
  g_autofree guint *runs = g_new0 (guint, MAX (1, analysis->by->len));

  if (!answer->released->cohort)
    {
      json_builder_begin_object (answer->to);
      json_builder_set_member_name (answer->to, "by");
      json_builder_begin_object (answer->to);
      json_builder_end_object (answer->to);
      say_suppressed (answer);
      json_builder_end_object (answer->to);
      return;
    }
  do
    {
      json_builder_begin_object (answer->to);
      say_by (answer, analysis, runs);
      say_number (answer, g_array_index (cells, guint64, cell_of (answer, analysis, runs)));
      json_builder_end_object (answer->to);
    }
  while (next_runs (answer, analysis, runs));
}

/* The document is read by people who speak other languages than its keys; who shows it makes the sentence
 * of a criterion anew. A name that the question gives stands as it is. */
static void
say_step_name (const Answer *answer, guint step)
{
  const char *index =
    koh_plan_question (answer->plan)->occurrence == KOH_OCCURRENCE_DATE ? "index date" : "index event";
  const KohCriterion *criterion = step > 0 ? koh_plan_steps (answer->plan)->pdata[step - 1] : NULL;
  g_autofree char *sentence = criterion != NULL && criterion->name == NULL
                                  ? koh_sentence_criterion (criterion, answer->map, "en")
                                  : NULL;

  json_builder_set_member_name (answer->to, "name");
  json_builder_add_string_value (answer->to, criterion == NULL      ? index
                                             : criterion->name != NULL ? criterion->name
                                                                       : sentence);
}

static void
say_step (const Answer *answer, const KohPlanAnalysis *analysis, const guint64 *cells, guint step)
{
  g_autofree guint *runs = g_new0 (guint, MAX (1, analysis->by->len));
  gboolean grouped = analysis->by->len > 0 && answer->released->cohort;

  do
    {
      json_builder_begin_object (answer->to);
      json_builder_set_member_name (answer->to, "step");
      json_builder_add_int_value (answer->to, step);
      say_step_name (answer, step);
      if (grouped)
        say_by (answer, analysis, runs);
      if (g_array_index (answer->released->open, gboolean, step))
        say_number (answer, cells[cell_of (answer, analysis, runs)]);
      else
        say_suppressed (answer);
      json_builder_end_object (answer->to);
    }
  while (grouped && next_runs (answer, analysis, runs));
}

static void
say_attrition (const Answer *answer, const KohPlanAnalysis *analysis)
{
  const GArray *attritions = koh_plan_attritions (answer->plan);
  const guint cells = table_of (answer, analysis->table)->cells;

  for (guint a = 0; a < attritions->len; a++)
    if (g_array_index (attritions, guint, a) == analysis->table)
      {
        const GArray *numbers = answer->released->steps->pdata[a];

        for (guint step = 0; step < answer->released->open->len; step++)
          say_step (answer, analysis, &g_array_index (numbers, guint64, step * cells), step);
      }
}

static void
say_results (const Answer *answer)
{
  static const char *const kinds[] = { [KOH_ANALYSIS_COUNT] = "count",
                                       [KOH_ANALYSIS_ATTRITION] = "attrition",
                                       [KOH_ANALYSIS_CROSSTAB] = "crosstab" };
  const GPtrArray *analyses = koh_plan_analyses (answer->plan);

  json_builder_set_member_name (answer->to, "results");
  json_builder_begin_array (answer->to);
  for (guint i = 0; i < analyses->len; i++)
    {
      const KohPlanAnalysis *analysis = analyses->pdata[i];

      json_builder_begin_object (answer->to);
      json_builder_set_member_name (answer->to, "type");
      json_builder_add_string_value (answer->to, kinds[analysis->kind]);
      json_builder_set_member_name (answer->to, "rows");
      json_builder_begin_array (answer->to);
      if (analysis->kind == KOH_ANALYSIS_ATTRITION)
        say_attrition (answer, analysis);
      else
        say_table (answer, analysis);
      json_builder_end_array (answer->to);
      json_builder_end_object (answer->to);
    }
  json_builder_end_array (answer->to);
}

static void
say_question (const Answer *answer)
{
  const KohQuestion *question = koh_plan_question (answer->plan);
  g_autofree char *hash = koh_hash_to_hex (&question->hash);

  json_builder_set_member_name (answer->to, "kohorte_answer");
  json_builder_add_int_value (answer->to, 1);
  json_builder_set_member_name (answer->to, "question_hash");
  json_builder_add_string_value (answer->to, hash);
  json_builder_set_member_name (answer->to, "title");
  json_builder_add_string_value (answer->to, question->title != NULL ? question->title : "");
  json_builder_set_member_name (answer->to, "mode");
  json_builder_add_string_value (answer->to, question->mode);
  json_builder_set_member_name (answer->to, "link");
  json_builder_add_string_value (answer->to, question->link);
}

JsonNode *
koh_answer_open (const KohPlan *plan, const KohMap *map, GBytes *const messages[3], gboolean plain,
                 const KohHash *session, KohHash *transcript, GError **error)
{
  g_autoptr (KohDisclosure) rules = koh_rules_of_plan (plan);
  g_autofree guint64 *numbers = koh_reveal_combine (messages, plain, session, koh_disclosure_rows (rules),
                                                    koh_plan_count_bits (plan), transcript, error);
  g_autoptr (KohReleased) released = numbers != NULL ? koh_disclosure_read (rules, numbers) : NULL;
  g_autoptr (JsonBuilder) to = json_builder_new ();
  const Answer answer = { plan, map, released, to };

  if (numbers == NULL)
    return NULL;
  if (released == NULL)
    {
      g_set_error_literal (
          error, KOH_ERROR, KOH_ERROR_PROTOCOL,
          "What the peers sent is not the answer to this question; ask again, and tell them");
      return NULL;
    }
  json_builder_begin_object (to);
  say_question (&answer);
  say_disclosure (&answer);
  say_results (&answer);
  json_builder_end_object (to);
  return json_builder_get_root (to);
}
