/* SPDX-License-Identifier: EUPL-1.2
 *
 * A criterion becomes one bit a person. Whatever concerns one owner's rows only, with its own index
 * date or none, is that owner's to evaluate, as one flag; the rest is put together here. */
#include "query/plan-build.h"

#include <math.h>

#include "common/error.h"

#define FARTHEST 65535 /* days from the index date; more than two dates can be apart */
#define WIDEST 16384   /* planes of one column */

static gboolean
opens_before (const KohCriterion *criterion)
{
  return !criterion->has_first || criterion->first <= -FARTHEST;
}

static gboolean
opens_after (const KohCriterion *criterion)
{
  return !criterion->has_last || criterion->last >= FARTHEST;
}

static gboolean
is_open (const KohCriterion *criterion)
{
  return opens_before (criterion) && opens_after (criterion);
}

/* What this version can count, everywhere in @criterion: whoever evaluates it. */
static gboolean
events_are_supported (KohPlanBuilder *b, const KohCriterion *criterion, GError **error)
{
  for (guint i = 0; criterion->children != NULL && i < criterion->children->len; i++)
    if (!events_are_supported (b, criterion->children->pdata[i], error))
      return FALSE;
  if (criterion->kind != KOH_CRITERION_EVENT || !criterion->enabled)
    return TRUE;
  if (koh_map_dataset (b->map, criterion->event.dataset) == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s: no owner has the dataset “%s”", criterion->pointer,
                 criterion->event.dataset);
  else if (criterion->at_least != 1)
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                 "%s: this version counts events once: “at_least” is 1", criterion->pointer);
  else if ((criterion->has_first && criterion->first > FARTHEST) ||
           (criterion->has_last && criterion->last < -FARTHEST) ||
           (criterion->has_first && criterion->has_last && criterion->first > criterion->last))
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s/within: no day lies in it", criterion->pointer);
  else
    return TRUE;
  return FALSE;
}

/* The owner in whose database alone @criterion can be evaluated; -1 where there is none. A group with
 * disabled members is never one: what an owner evaluates is a part of the document as it stands. */
static gint
sole_owner (KohPlanBuilder *b, const KohCriterion *criterion)
{
  gint owner = -1;

  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    {
      g_auto (KohPlanAttribute) attribute = { 0 };

      if (!koh_plan_attribute (b, criterion->attribute, criterion->at, "", &attribute, NULL) ||
          attribute.owners->len != 1)
        return -1;
      owner = g_array_index (attribute.owners, gint, 0);
      return koh_plan_is_local (b, &attribute, owner) ? owner : -1;
    }
  if (criterion->kind == KOH_CRITERION_EVENT)
    {
      g_autoptr (GArray) owners = koh_map_owners (b->map, criterion->event.dataset);

      if (owners->len != 1)
        return -1;
      owner = g_array_index (owners, gint, 0);
      return is_open (criterion) || koh_plan_knows_index (b, owner) ? owner : -1;
    }
  for (guint i = 0; i < criterion->children->len; i++)
    {
      const KohCriterion *child = criterion->children->pdata[i];
      gint of_child = child->enabled ? sole_owner (b, child) : -1;

      if (of_child < 0 || (i > 0 && of_child != owner))
        return -1;
      owner = of_child;
    }
  return owner;
}

static gboolean
needs_index (KohPlanBuilder *b, const KohCriterion *criterion)
{
  if (criterion->kind == KOH_CRITERION_EVENT)
    return !is_open (criterion);
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    {
      g_auto (KohPlanAttribute) attribute = { 0 };

      return koh_plan_attribute (b, criterion->attribute, criterion->at, "", &attribute, NULL) &&
             attribute.needs_index;
    }
  for (guint i = 0; i < criterion->children->len; i++)
    if (needs_index (b, criterion->children->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
koh_plan_wants_calendar (KohPlanBuilder *b, const KohCriterion *criterion)
{
  g_auto (KohPlanAttribute) attribute = { 0 };

  for (guint i = 0; criterion->children != NULL && i < criterion->children->len; i++)
    if (koh_plan_wants_calendar (b, criterion->children->pdata[i]))
      return TRUE;
  if (!criterion->enabled || criterion->kind != KOH_CRITERION_ATTRIBUTE ||
      !koh_plan_attribute (b, criterion->attribute, criterion->at, "", &attribute, NULL))
    return FALSE;
  for (guint i = 0; i < attribute.owners->len; i++)
    if (!koh_plan_is_local (b, &attribute, g_array_index (attribute.owners, gint, i)))
      return TRUE;
  return FALSE;
}

/* Ages wanted, as a mark for each age that eight planes can hold. */
static gboolean
wanted_ages (KohPlanBuilder *b, const KohCriterion *criterion, const KohPlanAttribute *attribute,
             guint8 wanted[256], GError **error)
{
  gboolean band = g_str_equal (attribute->name, "age_band");
  GPtrArray *levels = band ? koh_map_levels (b->map, criterion->attribute, error) : NULL;

  if (band && levels == NULL)
    return FALSE;
  if (criterion->in == NULL && band)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s: an age band is one of a list; use “in”, or “age” with “between”", criterion->pointer);
      return FALSE;
    }
  for (guint age = 0; age < 256; age++)
    {
      g_autofree char *text = g_strdup_printf ("%u", age);

      wanted[age] = criterion->in == NULL && (!criterion->has_low || age >= criterion->low) &&
                    (!criterion->has_high || age <= criterion->high);
      for (guint i = 0; criterion->in != NULL && i < criterion->in->len; i++)
        {
          const char *value = criterion->in->pdata[i];

          if (band)
            value = g_str_equal (value, ((KohLevel *) levels->pdata[MIN (age / 5, levels->len - 1)])->code)
                        ? text
                        : "";
          wanted[age] |= g_str_equal (value, text);
        }
    }
  return TRUE;
}

/* Each cut turns the answer over, so it is the parity of the cuts that the age has reached: the lowest
 * plane of the bucket, however many ranges there are. */
static gboolean
age (KohPlanBuilder *b, const KohCriterion *criterion, const KohPlanAttribute *attribute, guint *bit,
     GError **error)
{
  guint8 wanted[256];
  guint64 cuts[255];
  guint years, known, n = 0;

  if (!wanted_ages (b, criterion, attribute, wanted, error))
    return FALSE;
  years = koh_plan_age (b, attribute, &known);
  for (guint from = 1; from < 256; from++)
    if (wanted[from] != wanted[from - 1])
      cuts[n++] = from;
  if (n == 0)
    *bit = wanted[0] ? known : koh_plan_constant (b, 1, 0);
  else
    {
      *bit = koh_plan_slice (b, koh_plan_emit_bucket (b, years, cuts, n), 0, 1);
      *bit = koh_plan_and (b, known, wanted[0] ? koh_plan_not (b, *bit) : *bit);
    }
  return TRUE;
}

/* Held by several owners: a value at any of them counts. */
static gboolean
attribute_holds (KohPlanBuilder *b, const KohCriterion *criterion, guint *bit, GError **error)
{
  g_auto (KohPlanAttribute) attribute = { 0 };
  g_autoptr (GArray) bits = g_array_new (FALSE, FALSE, sizeof (guint));

  if (!koh_plan_attribute (b, criterion->attribute, criterion->at, criterion->pointer, &attribute, error))
    return FALSE;
  for (guint i = 0; i < attribute.owners->len; i++)
    {
      gint owner = g_array_index (attribute.owners, gint, i);
      guint one;

      if (koh_plan_is_local (b, &attribute, owner))
        one = koh_plan_flag (b, (guint) owner, criterion, attribute.needs_index);
      else if (attribute.age)
        return age (b, criterion, &attribute, bit, error);
      else if (koh_plan_years_known (b, &attribute, criterion->pointer, error))
        one = koh_plan_of_year (b, koh_plan_years (b, (guint) owner, NULL, criterion, &attribute), 1);
      else
        return FALSE;
      g_array_append_val (bits, one);
    }
  *bit = koh_plan_any (b, bits);
  return TRUE;
}

/* Days since the period began, in as many planes as the period needs: exact for those of the mask. */
static guint
offset (KohPlanBuilder *b)
{
  guint bits = koh_bits_for ((guint64) (b->plan->to - b->plan->from));
  guint64 all = ((guint64) 1 << bits) - 1;
  guint in[2];

  if (b->offset == KOH_NOTHING)
    {
      in[0] = koh_plan_slice (b, b->day, 0, bits);
      in[1] = koh_plan_constant (b, bits, (all + 1 - ((guint64) b->plan->from & all)) & all);
      b->offset = koh_plan_emit (b, KOH_OP_ADD, bits, 0, in, 2);
    }
  return b->offset;
}

/* The staircase: the high bits of the offset choose the cell, the low ones the day in it, which is
 * among the leading days, or, counted from the other end, among the trailing ones. */
static gboolean
window (KohPlanBuilder *b, guint owner, const KohCriterion *criterion, guint *bit, GError **error)
{
  const KohColumn *column;
  guint stairs = koh_plan_window (b, owner, criterion, &column);
  guint at = offset (b), bits = column->cell_bits, high = koh_plan_width (b, at) - bits;
  guint low = koh_plan_slice (b, at, 0, bits), cell = stairs;
  guint lead[2], trail[2], either[2];

  if (column->width > WIDEST || !b->period_known)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                   "%s: so short a window needs a shorter period of the index event; give it “from” and “to”",
                   criterion->pointer);
      return FALSE;
    }
  if (column->cells > 1)
    {
      g_autofree guint *in = g_new (guint, 1 + column->cells);

      in[0] = koh_plan_slice (b, at, bits, high);
      for (guint i = 0; i < column->cells; i++)
        in[1 + i] = koh_plan_slice (b, stairs, i * 2 * bits, 2 * bits);
      cell = koh_plan_emit (b, KOH_OP_SELECT, 2 * bits, 0, in, 1 + column->cells);
    }
  lead[0] = low;
  lead[1] = koh_plan_slice (b, cell, 0, bits);
  trail[0] = koh_plan_not (b, low);
  trail[1] = koh_plan_slice (b, cell, bits, bits);
  either[0] = koh_plan_emit (b, KOH_OP_LESS, 1, 0, lead, 2);
  either[1] = koh_plan_emit (b, KOH_OP_LESS, 1, 0, trail, 2);
  *bit = koh_plan_emit (b, KOH_OP_OR, 1, 0, either, 2);
  return TRUE;
}

/* x + constant in one plane more than a day has. */
static guint
later (KohPlanBuilder *b, guint x, gint constant)
{
  guint in[] = { x, koh_plan_constant (b, KOH_DAY_BITS + 1, (guint64) constant) };

  return constant == 0 ? x : koh_plan_emit (b, KOH_OP_ADD, KOH_DAY_BITS + 1, 0, in, 2);
}

static guint
not_less (KohPlanBuilder *b, guint x, guint y)
{
  guint in[] = { x, y };

  return koh_plan_not (b, koh_plan_emit (b, KOH_OP_LESS, 1, 0, in, 2));
}

/* Some event on or before day d + last: the earliest is. Constants are added to the side where they are
 * positive. "None" is later than every day, but not than every d + last. */
static guint
before (KohPlanBuilder *b, guint owner, const KohCriterion *criterion)
{
  gint last = criterion->last;
  guint date = koh_plan_date (b, owner, &criterion->event, KOH_DAY_NONE, KOH_DAY_NONE, FALSE, FALSE);
  guint bit = not_less (b, later (b, b->day, MAX (last, 0)), later (b, date, MAX (-last, 0)));

  if (b->plan->to + last >= KOH_DAY_NONE)
    bit = koh_plan_and (b, bit, koh_plan_not (b, koh_plan_emit (b, KOH_OP_ALL, 1, 0, &date, 1)));
  return bit;
}

/* Some event on or after day d + first: the latest is. The column holds the day after it, 0 for none,
 * which is less than d + first + 1 unless that can be 0 or less. */
static guint
after (KohPlanBuilder *b, guint owner, const KohCriterion *criterion)
{
  gint first = criterion->first + 1;
  guint date = koh_plan_date (b, owner, &criterion->event, KOH_DAY_NONE, KOH_DAY_NONE, TRUE, FALSE);
  guint bit = not_less (b, later (b, date, MAX (-first, 0)), later (b, b->day, MAX (first, 0)));

  if (b->plan->from + first <= 0)
    bit = koh_plan_and (b, bit, koh_plan_emit (b, KOH_OP_ANY, 1, 0, &date, 1));
  return bit;
}

static gboolean
event_happens (KohPlanBuilder *b, const KohCriterion *criterion, guint *bit, GError **error)
{
  g_autoptr (GArray) owners = koh_map_owners (b->map, criterion->event.dataset);
  g_autoptr (GArray) bits = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < owners->len; i++)
    {
      gint owner = g_array_index (owners, gint, i);
      guint one;

      if (is_open (criterion) || koh_plan_knows_index (b, owner))
        one = koh_plan_flag (b, (guint) owner, criterion, !is_open (criterion));
      else if (opens_before (criterion))
        one = before (b, (guint) owner, criterion);
      else if (opens_after (criterion))
        one = after (b, (guint) owner, criterion);
      else if (!window (b, (guint) owner, criterion, &one, error))
        return FALSE;
      g_array_append_val (bits, one);
    }
  *bit = koh_plan_any (b, bits);
  return TRUE;
}

static gboolean
compile (KohPlanBuilder *b, const KohCriterion *criterion, guint *bit, GError **error)
{
  g_autoptr (GArray) bits = g_array_new (FALSE, FALSE, sizeof (guint));
  gint owner = sole_owner (b, criterion);

  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    return attribute_holds (b, criterion, bit, error);
  if (criterion->kind == KOH_CRITERION_EVENT)
    return event_happens (b, criterion, bit, error);
  if (owner >= 0)
    {
      *bit = koh_plan_flag (b, (guint) owner, criterion, needs_index (b, criterion));
      return TRUE;
    }
  for (guint i = 0; i < criterion->children->len; i++)
    {
      const KohCriterion *child = criterion->children->pdata[i];
      guint one;

      if (!koh_criterion_counts (child))
        continue;
      if (!compile (b, child, &one, error))
        return FALSE;
      g_array_append_val (bits, one);
    }
  if (criterion->kind == KOH_CRITERION_AT_LEAST)
    *bit = koh_plan_some (b, bits, criterion->at_least);
  else if (criterion->kind == KOH_CRITERION_NOT)
    *bit = koh_plan_not (b, koh_plan_any (b, bits));
  else
    *bit = criterion->kind == KOH_CRITERION_ANY ? koh_plan_any (b, bits) : koh_plan_all (b, bits);
  return TRUE;
}

gboolean
koh_plan_criterion (KohPlanBuilder *b, const KohCriterion *criterion, guint *bit, GError **error)
{
  return events_are_supported (b, criterion, error) && compile (b, criterion, bit, error);
}
