/* SPDX-License-Identifier: EUPL-1.2
 *
 * From a question and the facts of a session to a plan: the index date, the criteria one by one, the
 * tables, and how many rows are worked on at once. The details are in plan-*.c, in that order. */
#include "query/plan-build.h"

#include <string.h>

#include "common/error.h"
#include "query/question-check.h"
#include "query/read.h"

#define MOST_ROWS (1u << 16)
#define MESSAGE_BITS (G_GUINT64_CONSTANT (8) << 20) /* 1 MiB: the longest message, where it can be */
#define INPUT_BITS (G_GUINT64_CONSTANT (32) << 20)  /* 4 MiB: an owner's columns of a chunk */
#define LEAST_K 3

static void
free_owner (gpointer data)
{
  KohOwner *owner = data;

  g_free (owner->peer);
  g_free (owner->organisation);
  g_free (owner);
}

KohSessionFacts *
koh_session_facts_new (void)
{
  KohSessionFacts *facts = g_new0 (KohSessionFacts, 1);

  facts->owners = g_ptr_array_new_with_free_func (free_owner);
  for (guint i = 0; i < G_N_ELEMENTS (facts->committee); i++)
    facts->committee[i] = i;
  facts->latency = g_strdup ("lan");
  return facts;
}

KohOwner *
koh_session_facts_add_owner (KohSessionFacts *facts, const char *peer, const char *organisation,
                             const KohHash *snapshot, gboolean population)
{
  KohOwner *owner = g_new0 (KohOwner, 1);

  owner->peer = g_strdup (peer);
  owner->organisation = g_strdup (organisation);
  owner->snapshot = *snapshot;
  owner->population = population;
  g_ptr_array_add (facts->owners, owner);
  return owner;
}

void
koh_session_facts_free (KohSessionFacts *facts)
{
  g_ptr_array_unref (facts->owners);
  g_free (facts->latency);
  g_free (facts);
}

static KohSessionFacts *
copy_facts (const KohSessionFacts *facts)
{
  KohSessionFacts *copy = g_memdup2 (facts, sizeof *facts);

  copy->owners = g_ptr_array_new_with_free_func (free_owner);
  copy->latency = g_strdup (facts->latency);
  for (guint i = 0; i < facts->owners->len; i++)
    {
      const KohOwner *owner = facts->owners->pdata[i];

      koh_session_facts_add_owner (copy, owner->peer, owner->organisation, &owner->snapshot,
                                   owner->population);
    }
  return copy;
}

static gboolean
committee_is_sound (const KohSessionFacts *facts, GError **error)
{
  const KohOwner *member[G_N_ELEMENTS (facts->committee)];

  for (guint i = 0; i < G_N_ELEMENTS (member); i++)
    {
      if (facts->committee[i] >= facts->owners->len)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                       "three peers compute together, and %u take part; ask where three or more do",
                       facts->owners->len);
          return FALSE;
        }
      member[i] = facts->owners->pdata[facts->committee[i]];
      for (guint j = 0; j < i; j++)
        if (g_str_equal (member[i]->organisation, member[j]->organisation))
          {
            g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                         "%s and %s both belong to “%s”; the three who compute are of three organisations",
                         member[j]->peer, member[i]->peer, member[i]->organisation);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
facts_are_sound (const KohMap *map, const KohSessionFacts *facts, GError **error)
{
  gint population = koh_map_population (map);

  if (facts->owners->len != map->catalogues->len)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%u peers take part, but %u catalogues are known",
                   facts->owners->len, map->catalogues->len);
      return FALSE;
    }
  for (guint i = 0; i < facts->owners->len; i++)
    {
      const KohOwner *owner = facts->owners->pdata[i];
      const KohCatalogue *catalogue = map->catalogues->pdata[i];

      if (!g_str_equal (owner->peer, catalogue->peer) || owner->population != (population == (gint) i))
        {
          g_set_error (
              error, KOH_ERROR, KOH_ERROR_INVALID,
              "peer number %u is %s, but its catalogue is that of %s, or says otherwise who holds the "
              "population register",
              i + 1, owner->peer, catalogue->peer);
          return FALSE;
        }
    }
  if (population < 0)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_INVALID,
                           "no peer holds a population register, to which persons could be linked");
      return FALSE;
    }
  if (facts->positions == 0 || facts->positions > G_MAXINT32 || facts->k < LEAST_K || facts->k > G_MAXINT16)
    {
      g_set_error (
          error, KOH_ERROR, KOH_ERROR_INVALID,
          "the session speaks of %u positions and of numbers below %u as small; the least of those is %d",
          facts->positions, facts->k, LEAST_K);
      return FALSE;
    }
  return committee_is_sound (facts, error);
}

static gboolean
can_be_planned (const KohQuestion *question, const KohMap *map, GError **error)
{
  if (g_strcmp0 (question->mode, "approved") != 0)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                           "/mode: this version answers in approved mode");
      return FALSE;
    }
  if (g_strcmp0 (question->link, "person") != 0)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "/link: this version links by person");
      return FALSE;
    }
  return koh_question_check_ok (question, map, error);
}

static gboolean
owners_compute (const KohPlan *plan, GError **error)
{
  const KohSessionFacts *facts = plan->facts;

  for (guint i = 0; i < plan->columns->len; i++)
    {
      const KohColumn *column = plan->columns->pdata[i];
      const KohOwner *owner = facts->owners->pdata[column->owner];

      if (column->owner != facts->committee[0] && column->owner != facts->committee[1] &&
          column->owner != facts->committee[2])
        {
          g_set_error (
              error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
              "the question needs data of %s, which is not among the three who compute; in this version "
              "only those can provide data",
              owner->peer);
          return FALSE;
        }
    }
  return TRUE;
}

/* As many rows as keep every vector that is multiplied within a message, and an owner's columns within
 * bounds (a long one is sent in parts); whole words. */
static guint
rows_of_a_chunk (const KohPlan *plan)
{
  g_autofree guint64 *of_owner = g_new0 (guint64, plan->facts->owners->len);
  guint64 rows = MIN (MOST_ROWS, plan->facts->positions);

  for (guint i = 0; i < plan->columns->len; i++)
    {
      const KohColumn *column = plan->columns->pdata[i];

      of_owner[column->owner] += column->width;
    }
  for (guint i = 0; i < plan->facts->owners->len; i++)
    rows = MIN (rows, INPUT_BITS / MAX (1, of_owner[i]));
  for (guint i = 0; i < plan->ops->len; i++)
    {
      const KohOp *op = plan->ops->pdata[i];

      if (op->kind != KOH_OP_JOIN && op->kind != KOH_OP_SLICE && op->kind != KOH_OP_INPUT)
        rows = MIN (rows, MESSAGE_BITS / MAX (1, op->width));
    }
  return (guint) MAX (64, rows == plan->facts->positions ? (rows + 63) / 64 * 64 : rows / 64 * 64);
}

static gboolean
compile (KohPlanBuilder *b, GError **error)
{
  KohPlan *plan = b->plan;
  const GPtrArray *criteria = plan->question->criteria;

  for (guint i = 0; i < criteria->len; i++)
    if (koh_criterion_counts (criteria->pdata[i]))
      g_ptr_array_add (plan->steps, criteria->pdata[i]);
  if (!koh_plan_find_groupings (b, error) || !koh_plan_index (b, error))
    return FALSE;
  for (guint i = 0; i < plan->steps->len; i++)
    {
      guint bit;

      if (!koh_plan_criterion (b, plan->steps->pdata[i], &bit, error))
        return FALSE;
      g_array_append_val (b->bits, bit);
    }
  if (!koh_plan_count_tables (b, error) || !owners_compute (plan, error))
    return FALSE;
  plan->chunk_rows = rows_of_a_chunk (plan);
  plan->count_bits = koh_bits_for (plan->facts->positions);
  plan->text = koh_plan_print (plan);
  plan->hash = koh_hash_of ("kohorte/plan/1", plan->text, strlen (plan->text));
  return TRUE;
}

static KohPlan *
plan_new (KohQuestion *question, const KohSessionFacts *facts)
{
  KohPlan *plan = g_new0 (KohPlan, 1);

  plan->question = koh_question_ref (question);
  plan->facts = copy_facts (facts);
  plan->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_column_free);
  plan->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_op_free);
  plan->groupings = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_grouping_free);
  plan->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_plan_table_free);
  plan->attritions = g_array_new (FALSE, FALSE, sizeof (guint));
  plan->counts = g_array_new (FALSE, FALSE, sizeof (KohPlanCount));
  plan->analyses = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_plan_analysis_free);
  plan->steps = g_ptr_array_new ();
  return plan;
}

KohPlan *
koh_plan_new (KohQuestion *question, const KohMap *map, const KohSessionFacts *facts, GError **error)
{
  g_autoptr (KohPlan) plan = NULL;
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) ops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) masks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) bits = g_array_new (FALSE, FALSE, sizeof (guint));
  KohPlanBuilder b = { .map = map, .columns = columns, .ops = ops, .index_owner = -1, .year = KOH_NOTHING,
                       .in_year = KOH_NOTHING, .offset = KOH_NOTHING, .masks = masks, .bits = bits };

  if (!can_be_planned (question, map, error) || !facts_are_sound (map, facts, error))
    return NULL;
  plan = b.plan = plan_new (question, facts);
  return compile (&b, error) ? g_steal_pointer (&plan) : NULL;
}

void
koh_plan_free (KohPlan *plan)
{
  g_ptr_array_unref (plan->columns);
  g_ptr_array_unref (plan->ops);
  g_ptr_array_unref (plan->groupings);
  g_ptr_array_unref (plan->tables);
  g_array_unref (plan->attritions);
  g_array_unref (plan->counts);
  g_ptr_array_unref (plan->analyses);
  g_ptr_array_unref (plan->steps);
  koh_session_facts_free (plan->facts);
  koh_question_unref (plan->question);
  g_clear_pointer (&plan->present, koh_criterion_free);
  g_free (plan->text);
  g_free (plan);
}

KohHash
koh_plan_hash (const KohPlan *plan)
{
  return plan->hash;
}

char *
koh_plan_to_text (const KohPlan *plan)
{
  return g_strdup (plan->text);
}

const GPtrArray *
koh_plan_columns (const KohPlan *plan)
{
  return plan->columns;
}

KohQuestion *
koh_plan_question (const KohPlan *plan)
{
  return plan->question;
}

const KohSessionFacts *
koh_plan_facts (const KohPlan *plan)
{
  return plan->facts;
}

guint
koh_plan_chunk_rows (const KohPlan *plan)
{
  return plan->chunk_rows;
}

const GPtrArray *
koh_plan_ops (const KohPlan *plan)
{
  return plan->ops;
}

const GPtrArray *
koh_plan_groupings (const KohPlan *plan)
{
  return plan->groupings;
}

const GPtrArray *
koh_plan_tables (const KohPlan *plan)
{
  return plan->tables;
}

const GArray *
koh_plan_attritions (const KohPlan *plan)
{
  return plan->attritions;
}

const GArray *
koh_plan_counts (const KohPlan *plan)
{
  return plan->counts;
}

const GPtrArray *
koh_plan_analyses (const KohPlan *plan)
{
  return plan->analyses;
}

const GPtrArray *
koh_plan_steps (const KohPlan *plan)
{
  return plan->steps;
}

guint
koh_plan_count_bits (const KohPlan *plan)
{
  return plan->count_bits;
}
