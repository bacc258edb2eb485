/* SPDX-License-Identifier: EUPL-1.2
 *
 * A table of operations, and the loop that runs a chunk through them. */
#include "eval/operations.h"

#include <string.h>

#include "common/secret.h"
#include "mpc/input.h"

#define MESSAGE_WORDS ((gsize) (1u << 17)) /* 1 MiB */

/* in: the results of earlier operations, NULL where there is none. */
typedef KohBits *(*Run) (const KohChunk *chunk, const KohOp *op, const KohBits *const *in);

static guint
member_of (const KohSessionFacts *facts, guint owner)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (facts->committee[i] == owner)
      return i;
  g_assert_not_reached (); /* the plan refuses such owners */
}

/* The rows of this chunk, of planes over all positions. */
static guint64 *
cut (const KohChunk *chunk, const guint64 *planes, guint width)
{
  const gsize all = ((gsize) koh_plan_facts (chunk->plan)->positions + 63) / 64;
  const gsize words = ((gsize) chunk->rows + 63) / 64;
  guint64 *rows = g_new (guint64, MAX (1, words * width));

  for (guint p = 0; p < width; p++)
    memcpy (rows + p * words, planes + p * all + chunk->first / 64, words * sizeof *rows);
  return rows;
}

/* Planes @first and on of a column, as one message. */
static KohBits *
input_part (const KohChunk *chunk, const KohColumn *column, const guint64 *rows, guint first, guint width)
{
  const gsize words = ((gsize) chunk->rows + 63) / 64;
  const guint member = member_of (koh_plan_facts (chunk->plan), column->owner);
  g_autofree char *label = g_strdup_printf ("%s#%u.%u", column->label, chunk->number, first);

  return koh_input_member (chunk->party, member, label, chunk->rows, width,
                           rows != NULL ? rows + first * words : NULL);
}

/* A wide column is shared in parts, each a message of bounded length. */
static KohBits *
input (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  const KohColumn *column = koh_plan_columns (chunk->plan)->pdata[op->value];
  const gsize words = ((gsize) chunk->rows + 63) / 64;
  const guint most = (guint) MAX (1, MESSAGE_WORDS / words);
  const guint member = member_of (koh_plan_facts (chunk->plan), column->owner);
  gboolean mine = koh_party_is_plain (chunk->party) || koh_party_get_index (chunk->party) == member;
  g_autofree guint64 *rows = mine ? cut (chunk, chunk->planes[op->value], column->width) : NULL;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);

  for (guint first = 0; first < column->width; first += most)
    g_ptr_array_add (parts, input_part (chunk, column, rows, first, MIN (most, column->width - first)));
  if (rows != NULL)
    sodium_memzero (rows, words * column->width * sizeof *rows);
  return koh_bits_join ((const KohBits *const *) parts->pdata, parts->len);
}

static KohBits *
constant (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_constant (chunk->party, chunk->rows, op->width, op->value);
}

static KohBits *
slice (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_slice (in[0], (guint) op->value, op->width);
}

static KohBits *
join (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_join (in, op->in->len);
}

static KohBits *
not (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_not (chunk->party, in[0]);
}

static KohBits *
and (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_and (chunk->party, in[0], in[1]);
}

static KohBits *
or (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_or (chunk->party, in[0], in[1]);
}

static KohBits *
mux (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_mux (chunk->party, in[0], in[1], in[2]);
}

static KohBits *
add (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_add (chunk->party, in[0], in[1], op->width);
}

static KohBits *
sub (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  g_autoptr (KohBits) borrow = NULL;
  g_autoptr (KohBits) difference = koh_bits_sub (chunk->party, in[0], in[1], op->width - 1, &borrow);
  const KohBits *const both[] = { difference, borrow };

  return koh_bits_join (both, 2);
}

static KohBits *
less (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_less (chunk->party, in[0], in[1]);
}

static KohBits *
at_least (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_at_least (chunk->party, in[0], op->value);
}

static KohBits *
is (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_is (chunk->party, in[0], op->value);
}

static KohBits *
any (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_any (chunk->party, in[0]);
}

static KohBits *
all (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_all (chunk->party, in[0]);
}

static KohBits *
bucket (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_bucket (chunk->party, in[0], (const guint64 *) (gpointer) op->cuts->data, op->cuts->len);
}

static KohBits *
choose (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_select (chunk->party, in[0], in + 1, op->in->len - 1, op->width);
}

static KohBits *
demux (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  return koh_bits_demux (chunk->party, in[0], in[1], op->width);
}

/* The flags of the second list split those rows that the first list splits too. So the last product of
 * each flag of the first costs nothing: it is what the others leave of that flag. */
static KohBits *
cross (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  const guint outer = in[0]->width, inner = in[1]->width; /* at least 2: a level and `missing` */
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autoptr (GPtrArray) left = g_ptr_array_new (), right = g_ptr_array_new (), result = g_ptr_array_new ();
  g_autoptr (KohBits) wide_left = NULL, wide_right = NULL, products = NULL;
  KohBits *head;

  head = koh_bits_slice (in[1], 0, inner - 1);
  g_ptr_array_add (own, head);
  for (guint i = 0; i < outer; i++)
    {
      KohBits *flag = koh_bits_slice (in[0], i, 1);

      g_ptr_array_add (own, flag);
      g_ptr_array_add (right, head);
      for (guint j = 0; j + 1 < inner; j++)
        g_ptr_array_add (left, flag);
    }
  wide_left = koh_bits_join ((const KohBits *const *) left->pdata, left->len);
  wide_right = koh_bits_join ((const KohBits *const *) right->pdata, right->len);
  products = koh_bits_and (chunk->party, wide_left, wide_right);
  for (guint i = 0; i < outer; i++)
    {
      KohBits *part = koh_bits_slice (products, i * (inner - 1), inner - 1);
      KohBits *rest = koh_bits_slice (in[0], i, 1);

      for (guint j = 0; j + 1 < inner; j++)
        {
          g_autoptr (KohBits) one = koh_bits_slice (part, j, 1);
          g_autoptr (KohBits) before = rest;

          rest = koh_bits_xor (before, one);
        }
      g_ptr_array_add (own, part);
      g_ptr_array_add (own, rest);
      g_ptr_array_add (result, part);
      g_ptr_array_add (result, rest);
    }
  return koh_bits_join ((const KohBits *const *) result->pdata, result->len);
}

static KohBits *
count (const KohChunk *chunk, const KohOp *op, const KohBits *const *in)
{
  koh_counter_add (chunk->counters[op->value], in[0]);
  return NULL;
}

static const Run runs[] = {
  [KOH_OP_INPUT] = input,   [KOH_OP_CONSTANT] = constant, [KOH_OP_SLICE] = slice,
  [KOH_OP_JOIN] = join,     [KOH_OP_NOT] = not,           [KOH_OP_AND] = and,
  [KOH_OP_OR] = or,         [KOH_OP_MUX] = mux,           [KOH_OP_ADD] = add,
  [KOH_OP_SUB] = sub,       [KOH_OP_LESS] = less,         [KOH_OP_AT_LEAST] = at_least,
  [KOH_OP_IS] = is,         [KOH_OP_ANY] = any,           [KOH_OP_ALL] = all,
  [KOH_OP_BUCKET] = bucket, [KOH_OP_SELECT] = choose,     [KOH_OP_DEMUX] = demux,
  [KOH_OP_CROSS] = cross,   [KOH_OP_COUNT] = count,
};

/* For each operation the last one that needs its result; itself where none does. */
static guint *
last_uses (const GPtrArray *ops)
{
  guint *last = g_new (guint, MAX (1, ops->len));

  for (guint i = 0; i < ops->len; i++)
    {
      const KohOp *op = ops->pdata[i];

      last[i] = i;
      for (guint j = 0; j < op->in->len; j++)
        if (g_array_index (op->in, guint, j) != KOH_NOTHING)
          last[g_array_index (op->in, guint, j)] = i;
    }
  return last;
}

static void
run_one (const KohChunk *chunk, guint number, KohBits **results, const guint *last)
{
  const KohOp *op = koh_plan_ops (chunk->plan)->pdata[number];
  g_autofree const KohBits **in = g_new0 (const KohBits *, MAX (1, op->in->len));

  for (guint j = 0; j < op->in->len; j++)
    if (g_array_index (op->in, guint, j) != KOH_NOTHING)
      in[j] = results[g_array_index (op->in, guint, j)];
  results[number] = runs[op->kind] (chunk, op, in);
  for (guint j = 0; j < op->in->len; j++)
    {
      guint used = g_array_index (op->in, guint, j);

      if (used != KOH_NOTHING && last[used] == number)
        g_clear_pointer (&results[used], koh_bits_free);
    }
  if (last[number] == number)
    g_clear_pointer (&results[number], koh_bits_free);
}

void
koh_chunk_run (const KohChunk *chunk)
{
  const GPtrArray *ops = koh_plan_ops (chunk->plan);
  g_autofree guint *last = last_uses (ops);
  g_autofree KohBits **results = g_new0 (KohBits *, MAX (1, ops->len));

  for (guint i = 0; i < ops->len; i++)
    run_one (chunk, i, results, last);
}
