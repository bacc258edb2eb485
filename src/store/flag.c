/* SPDX-License-Identifier: EUPL-1.2
 *
 * A criterion that concerns one owner's rows only. Each attribute and event of it becomes a bit by
 * position, from one pass over the rows that the database selects; all, any and not are then words of
 * bits, and where at least so many of several shall hold, these are counted. A position without a row has
 * a 0 at every leaf, so that a missing value makes `in` and `between` false and a `not` of them true. */
#include "store/column.h"

#include <string.h>

#include "common/error.h"

static gboolean evaluate (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index,
                          guint64 *bits, GError **error);

/* ---- Attributes ----------------------------------------------------------------------------- */

static gboolean
is_listed (const KohDeclared *declared, const char *text)
{
  if (declared == NULL || declared->levels->len == 0)
    return TRUE;
  for (guint i = 0; i < declared->levels->len; i++)
    if (g_str_equal (((KohLevel *) declared->levels->pdata[i])->code, text))
      return TRUE;
  return FALSE;
}

gboolean
koh_criterion_takes (const KohCriterion *criterion, const KohDeclared *declared, const char *text)
{
  char *end;
  double value;

  if (!is_listed (declared, text))
    return FALSE;
  if (criterion->in != NULL)
    {
      for (guint i = 0; i < criterion->in->len; i++)
        if (g_str_equal (criterion->in->pdata[i], text))
          return TRUE;
      return FALSE;
    }
  value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && (!criterion->has_low || value >= criterion->low) &&
         (!criterion->has_high || value <= criterion->high);
}

KohMapping *
koh_gather_find (KohGather *gather, const char *name, const char **attribute, GError **error)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *dataset = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : NULL;
  gboolean derived;
  KohMapping *found = NULL;

  *attribute = dot != NULL ? dot + 1 : name;
  if (dataset != NULL)
    return koh_gather_mapping (gather, dataset, error);
  derived = g_str_equal (name, "age") || g_str_equal (name, "age_band");
  for (guint i = 0; i < gather->store->mappings->len; i++)
    {
      KohMapping *mapping = gather->store->mappings->pdata[i];

      if (!koh_mapping_look (gather->store, mapping, gather->cancellable, error))
        return NULL;
      if (mapping->kind != KOH_DATASET_PERSON)
        continue;
      if (koh_mapping_has (mapping, name))
        return koh_gather_mapping (gather, mapping->name, error);
      if (derived && koh_mapping_has (mapping, "birth_date"))
        found = mapping;
    }
  if (found != NULL)
    return koh_gather_mapping (gather, found->name, error);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "This owner has no attribute “%s”", name);
  return NULL;
}

typedef struct
{
  const KohCriterion *criterion;
  const KohDeclared *declared;
} Leaf;

static guint16
takes (const char *text, gpointer user_data)
{
  const Leaf *leaf = user_data;

  return koh_criterion_takes (leaf->criterion, leaf->declared, text);
}

static gboolean
attribute_holds (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index, guint64 *bits,
                 GError **error)
{
  const char *attribute;
  KohMapping *mapping = koh_gather_find (gather, criterion->attribute, &attribute, error);
  Leaf leaf = { criterion, mapping != NULL ? koh_mapping_declared (mapping, attribute) : NULL };
  KohNumbers *numbers;

  if (mapping == NULL)
    return FALSE;
  numbers = koh_gather_attribute (gather, mapping->name, attribute, criterion->at,
                                  criterion->at == KOH_DAY_NONE ? index : NULL, takes, &leaf, 0, error);
  if (numbers == NULL)
    return FALSE;
  koh_numbers_to_planes (numbers, gather->positions, bits, 1);
  koh_numbers_free (numbers, gather->positions);
  return TRUE;
}

/* ---- Events --------------------------------------------------------------------------------- */

#define FARTHEST 65535 /* days: no two dates are farther apart, so that such an end is an open one */

static gboolean
is_within (const KohCriterion *criterion, const KohNumbers *index, guint position, gint date)
{
  gboolean from = criterion->has_first && criterion->first > -FARTHEST;
  gboolean to = criterion->has_last && criterion->last < FARTHEST;

  if (!from && !to)
    return TRUE;
  return index != NULL && index[position] != KOH_DAY_NONE &&
         (!from || date - index[position] >= criterion->first) &&
         (!to || date - index[position] <= criterion->last);
}

static gboolean
event_happens (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index, guint64 *bits,
               GError **error)
{
  KohMapping *mapping = koh_gather_mapping (gather, criterion->event.dataset, error);
  KohSelection selection = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  const KohRow *row = NULL;
  guint position;
  gboolean ok;

  selection.event = &criterion->event;
  if (mapping == NULL || !koh_on_spine_open (&on, gather, mapping, &selection, error))
    return FALSE;
  while ((ok = koh_on_spine_next (&on, &row, &position, error)) && row != NULL)
    if (is_within (criterion, index, position, row->date))
      koh_plane_set (bits, position);
  return ok;
}

/* ---- The tree ------------------------------------------------------------------------------- */

static gboolean
group_holds (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index, guint64 *bits,
             GError **error)
{
  gboolean any = criterion->kind == KOH_CRITERION_ANY;
  guint64 *child = koh_planes_new (gather->positions, 1);
  gboolean ok = TRUE;

  koh_planes_fill (bits, gather->words, 0, 1, any ? 0 : 1);
  for (guint i = 0; ok && i < criterion->children->len; i++)
    {
      const KohCriterion *one = criterion->children->pdata[i];

      if (!one->enabled)
        continue;
      koh_planes_fill (child, gather->words, 0, 1, 0);
      ok = evaluate (gather, one, index, child, error);
      for (gsize w = 0; w < gather->words; w++)
        bits[w] = any ? bits[w] | child[w] : bits[w] & child[w];
    }
  koh_planes_free (child, gather->positions, 1);
  for (gsize w = 0; criterion->kind == KOH_CRITERION_NOT && w < gather->words; w++)
    bits[w] = ~bits[w];
  return ok;
}

/* How many of the children hold, position by position. */
static gboolean
enough_hold (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index, guint64 *bits,
             GError **error)
{
  guint64 *child = koh_planes_new (gather->positions, 1);
  KohNumbers *held = koh_numbers_new (gather->positions, 0);
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < criterion->children->len; i++)
    {
      const KohCriterion *one = criterion->children->pdata[i];

      if (!one->enabled)
        continue;
      koh_planes_fill (child, gather->words, 0, 1, 0);
      ok = evaluate (gather, one, index, child, error);
      for (guint p = 0; p < gather->positions; p++)
        held[p] = (KohNumbers) (held[p] + koh_plane_get (child, p));
    }
  for (guint p = 0; p < gather->positions; p++)
    if (held[p] >= criterion->at_least)
      koh_plane_set (bits, p);
  koh_planes_free (child, gather->positions, 1);
  koh_numbers_free (held, gather->positions);
  return ok;
}

static gboolean
evaluate (KohGather *gather, const KohCriterion *criterion, const KohNumbers *index, guint64 *bits,
          GError **error)
{
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    return attribute_holds (gather, criterion, index, bits, error);
  if (criterion->kind == KOH_CRITERION_EVENT)
    return event_happens (gather, criterion, index, bits, error);
  if (criterion->kind == KOH_CRITERION_AT_LEAST)
    return enough_hold (gather, criterion, index, bits, error);
  return group_holds (gather, criterion, index, bits, error);
}

guint64 *
koh_gather_flag (KohGather *gather, const KohColumn *column, GError **error)
{
  KohNumbers *index = column->at_index ? koh_gather_index (gather, error) : NULL;
  guint64 *bits = NULL;

  if (column->at_index && index == NULL)
    return NULL;
  bits = koh_planes_new (gather->positions, 1);
  if (!evaluate (gather, column->criterion, index, bits, error))
    {
      koh_planes_free (bits, gather->positions, 1);
      bits = NULL;
    }
  koh_numbers_free (index, gather->positions);
  return bits;
}
