/* SPDX-License-Identifier: EUPL-1.2
 *
 * An evaluation, top to bottom: all rows, chunk by chunk, into counters; the counters into tables; the
 * tables through disclosure control; and out, to the asker. */
#include "eval/evaluate.h"

#include "eval/operations.h"
#include "eval/rules.h"
#include "mpc/reveal.h"

typedef struct
{
  KohParty *party;
  const KohPlan *plan;
  const guint64 *const *planes;
  KohEvaluateProgress progress;
  gpointer user_data;
} Evaluation;

static void
tell (const Evaluation *e, KohPhase phase, guint64 rows_done)
{
  KohCost cost = koh_party_get_cost (e->party);

  if (e->progress != NULL)
    e->progress (phase, rows_done, koh_plan_facts (e->plan)->positions, &cost, e->user_data);
}

static gboolean
run_chunks (const Evaluation *e, KohCounter **counters, GError **error)
{
  const guint positions = koh_plan_facts (e->plan)->positions, most = koh_plan_chunk_rows (e->plan);
  KohChunk chunk = { .party = e->party, .plan = e->plan, .planes = e->planes, .counters = counters };

  tell (e, KOH_PHASE_INPUT, 0);
  while (chunk.first < positions)
    {
      chunk.rows = MIN (most, positions - chunk.first);
      koh_chunk_run (&chunk);
      if (!koh_party_check (e->party, error))
        return FALSE;
      chunk.number++;
      chunk.first += chunk.rows;
      tell (e, KOH_PHASE_EVALUATE, chunk.first);
    }
  return TRUE;
}

/* The counts, as the tables and steps that disclosure control asks for. */
static KohBits *
control (const Evaluation *e, const KohDisclosure *rules, KohCounter **counters)
{
  const GArray *counts = koh_plan_counts (e->plan), *attritions = koh_plan_attritions (e->plan);
  const guint steps = koh_plan_steps (e->plan)->len;
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autofree const KohBits **of_table = g_new0 (const KohBits *, MAX (1, koh_plan_tables (e->plan)->len));
  g_autofree const KohBits **of_step = g_new0 (const KohBits *, MAX (1, attritions->len * steps));

  for (guint i = 0; i < counts->len; i++)
    {
      const KohPlanCount *count = &g_array_index (counts, KohPlanCount, i);
      KohBits *numbers = koh_counter_end (counters[i], koh_plan_count_bits (e->plan));

      g_ptr_array_add (own, numbers);
      if (count->step == steps)
        of_table[count->table] = numbers;
      for (guint a = 0; a < attritions->len && count->step < steps; a++)
        if (g_array_index (attritions, guint, a) == count->table)
          of_step[a * steps + count->step] = numbers;
    }
  return koh_disclosure_control (e->party, rules, of_table, of_step);
}

static KohCounter **
counters_new (const Evaluation *e)
{
  const GArray *counts = koh_plan_counts (e->plan);
  KohCounter **counters = g_new0 (KohCounter *, counts->len);

  for (guint i = 0; i < counts->len; i++)
    {
      const KohPlanTable *table =
        koh_plan_tables (e->plan)->pdata[g_array_index (counts, KohPlanCount, i).table];

      counters[i] = koh_counter_new (e->party, table->cells);
    }
  return counters;
}

static void
counters_free (const Evaluation *e, KohCounter **counters)
{
  for (guint i = 0; i < koh_plan_counts (e->plan)->len; i++)
    koh_counter_free (counters[i]);
  g_free (counters);
}

GBytes *
koh_evaluate (KohParty *party, const KohPlan *plan, const guint64 *const *planes,
              KohEvaluateProgress progress, gpointer user_data, KohHash *transcript, GError **error)
{
  const Evaluation e = { party, plan, planes, progress, user_data };
  const guint64 positions = koh_plan_facts (plan)->positions;
  g_autoptr (KohDisclosure) rules = koh_rules_of_plan (plan);
  g_autoptr (KohBits) opens = NULL;
  KohCounter **counters = counters_new (&e);

  if (run_chunks (&e, counters, error))
    {
      tell (&e, KOH_PHASE_DISCLOSURE, positions);
      opens = control (&e, rules, counters);
    }
  counters_free (&e, counters);
  if (opens == NULL || !koh_party_check (party, error))
    return NULL;
  tell (&e, KOH_PHASE_RELEASE, positions);
  return koh_release (party, opens, transcript, error);
}
