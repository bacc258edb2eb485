/* SPDX-License-Identifier: EUPL-1.2
 *
 * Writing the joint part down. An operation is known by its text: what has been asked for once is not
 * written again, so that whoever compiles a criterion need not know what others have computed. */
#include "query/plan-build.h"

static const char *const names[] = {
  [KOH_OP_INPUT] = "input",   [KOH_OP_CONSTANT] = "constant", [KOH_OP_SLICE] = "slice",
  [KOH_OP_JOIN] = "join",     [KOH_OP_NOT] = "not",           [KOH_OP_AND] = "and",
  [KOH_OP_OR] = "or",         [KOH_OP_MUX] = "mux",           [KOH_OP_ADD] = "add",
  [KOH_OP_SUB] = "sub",       [KOH_OP_LESS] = "less",         [KOH_OP_AT_LEAST] = "at-least",
  [KOH_OP_IS] = "is",         [KOH_OP_ANY] = "any",           [KOH_OP_ALL] = "all",
  [KOH_OP_BUCKET] = "bucket", [KOH_OP_SELECT] = "select",     [KOH_OP_DEMUX] = "demux",
  [KOH_OP_CROSS] = "cross",   [KOH_OP_COUNT] = "count",
};

void
koh_op_free (KohOp *op)
{
  g_clear_pointer (&op->in, g_array_unref);
  g_clear_pointer (&op->cuts, g_array_unref);
  g_free (op);
}

void
koh_op_print (const KohOp *op, GString *text)
{
  g_string_append_printf (text, "%s width %u value %" G_GUINT64_FORMAT, names[op->kind], op->width,
                          op->value);
  for (guint i = 0; i < op->in->len; i++)
    {
      guint in = g_array_index (op->in, guint, i);

      if (in == KOH_NOTHING)
        g_string_append (text, " -");
      else
        g_string_append_printf (text, " %%%u", in);
    }
  for (guint i = 0; op->cuts != NULL && i < op->cuts->len; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i == 0 ? " cuts " : ",",
                            g_array_index (op->cuts, guint64, i));
}

/* Takes @op. The number of the equal one that stands already, or of this one. */
static guint
append (KohPlanBuilder *b, KohOp *op)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gpointer found;

  koh_op_print (op, text);
  if (op->kind != KOH_OP_COUNT && g_hash_table_lookup_extended (b->ops, text->str, NULL, &found))
    {
      koh_op_free (op);
      return GPOINTER_TO_UINT (found);
    }
  g_ptr_array_add (b->plan->ops, op);
  g_hash_table_insert (b->ops, g_strdup (text->str), GUINT_TO_POINTER (b->plan->ops->len - 1));
  return b->plan->ops->len - 1;
}

guint
koh_plan_emit (KohPlanBuilder *b, KohOpKind kind, guint width, guint64 value, const guint *in, guint n)
{
  KohOp *op = g_new0 (KohOp, 1);

  op->kind = kind;
  op->width = width;
  op->value = value;
  op->in = g_array_sized_new (FALSE, FALSE, sizeof (guint), n);
  if (n > 0)
    g_array_append_vals (op->in, in, n);
  return append (b, op);
}

guint
koh_plan_emit_bucket (KohPlanBuilder *b, guint in, const guint64 *cuts, guint n)
{
  KohOp *op = g_new0 (KohOp, 1);

  op->kind = KOH_OP_BUCKET;
  op->width = koh_bits_for (n);
  op->in = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (op->in, in);
  op->cuts = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_vals (op->cuts, cuts, n);
  return append (b, op);
}

guint
koh_plan_width (KohPlanBuilder *b, guint op)
{
  return ((const KohOp *) b->plan->ops->pdata[op])->width;
}

guint
koh_plan_slice (KohPlanBuilder *b, guint op, guint first, guint width)
{
  g_assert (first + width <= koh_plan_width (b, op));
  if (first == 0 && width == koh_plan_width (b, op))
    return op;
  return koh_plan_emit (b, KOH_OP_SLICE, width, first, &op, 1);
}

guint
koh_plan_constant (KohPlanBuilder *b, guint width, guint64 value)
{
  return koh_plan_emit (b, KOH_OP_CONSTANT, width, value, NULL, 0);
}

guint
koh_plan_not (KohPlanBuilder *b, guint op)
{
  return koh_plan_emit (b, KOH_OP_NOT, koh_plan_width (b, op), 0, &op, 1);
}

guint
koh_plan_and (KohPlanBuilder *b, guint x, guint y)
{
  guint in[] = { x, y };

  return koh_plan_emit (b, KOH_OP_AND, MAX (koh_plan_width (b, x), koh_plan_width (b, y)), 0, in, 2);
}

static guint
extreme (KohPlanBuilder *b, GArray *ops, guint key_width, gboolean latest)
{
  guint best = g_array_index (ops, guint, 0);

  for (guint i = 1; i < ops->len; i++)
    {
      guint other = g_array_index (ops, guint, i);
      guint keys[] = { koh_plan_slice (b, latest ? best : other, 0, key_width),
                       koh_plan_slice (b, latest ? other : best, 0, key_width) };
      guint better = koh_plan_emit (b, KOH_OP_LESS, 1, 0, keys, 2);
      guint in[] = { better, other, best };

      best = koh_plan_emit (b, KOH_OP_MUX, koh_plan_width (b, best), 0, in, 3);
    }
  return best;
}

guint
koh_plan_earliest (KohPlanBuilder *b, GArray *ops, guint key_width)
{
  return extreme (b, ops, key_width, FALSE);
}

guint
koh_plan_latest (KohPlanBuilder *b, GArray *ops, guint key_width)
{
  return extreme (b, ops, key_width, TRUE);
}

/* Of no bits: none holds, all hold. */
static guint
fold (KohPlanBuilder *b, KohOpKind kind, GArray *bits)
{
  guint joined;

  if (bits->len == 0)
    return koh_plan_constant (b, 1, kind == KOH_OP_ALL);
  if (bits->len == 1)
    return g_array_index (bits, guint, 0);
  joined = koh_plan_emit (b, KOH_OP_JOIN, bits->len, 0, (const guint *) bits->data, bits->len);
  return koh_plan_emit (b, kind, 1, 0, &joined, 1);
}

guint
koh_plan_any (KohPlanBuilder *b, GArray *bits)
{
  return fold (b, KOH_OP_ANY, bits);
}

guint
koh_plan_all (KohPlanBuilder *b, GArray *bits)
{
  return fold (b, KOH_OP_ALL, bits);
}

/* Numbers are added by twos, each sum as wide as it can become. */
guint
koh_plan_some (KohPlanBuilder *b, GArray *bits, guint least)
{
  g_autoptr (GArray) sums = g_array_copy (bits);
  g_autoptr (GArray) most = g_array_new (FALSE, FALSE, sizeof (guint));
  const guint one = 1;

  if (least <= 1)
    return koh_plan_any (b, bits);
  if (least == bits->len)
    return koh_plan_all (b, bits);
  if (least > bits->len)
    return koh_plan_constant (b, 1, 0);
  for (guint i = 0; i < bits->len; i++)
    g_array_append_val (most, one);
  for (guint from = 0; from + 1 < sums->len; from += 2)
    {
      guint in[] = { g_array_index (sums, guint, from), g_array_index (sums, guint, from + 1) };
      guint greatest = g_array_index (most, guint, from) + g_array_index (most, guint, from + 1);
      guint sum = koh_plan_emit (b, KOH_OP_ADD, koh_bits_for (greatest), 0, in, 2);

      g_array_append_val (sums, sum);
      g_array_append_val (most, greatest);
    }
  return koh_plan_emit (b, KOH_OP_AT_LEAST, 1, least, &g_array_index (sums, guint, sums->len - 1), 1);
}

guint
koh_bits_for (guint64 greatest)
{
  return MAX (1, g_bit_storage (greatest));
}
