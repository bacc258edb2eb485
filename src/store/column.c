/* SPDX-License-Identifier: EUPL-1.2
 *
 * A column, from the plan's description to planes. What one owner holds is put together by position and
 * not by key in SQL, for two reasons: two keys of one person meet at one position, and must count as one
 * person in every date, window and condition; and a `not` is true for persons of whom the database has no
 * row. The database does what narrows the rows: codes, dates, validities. */
#include "store/column.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"

/* ---- Numbers by position -------------------------------------------------------------------- */

KohNumbers *
koh_numbers_new (guint positions, guint16 value)
{
  KohNumbers *numbers = g_new (KohNumbers, MAX (positions, 1));

  for (guint i = 0; i < positions; i++)
    numbers[i] = value;
  return numbers;
}

void
koh_numbers_free (KohNumbers *numbers, guint positions)
{
  if (numbers == NULL)
    return;
  sodium_memzero (numbers, positions * sizeof *numbers);
  g_free (numbers);
}

void
koh_numbers_to_planes (const KohNumbers *numbers, guint positions, guint64 *planes, guint width)
{
  gsize words = koh_plane_words (positions);

  for (gsize w = 0; w < words; w++)
    {
      guint n = (guint) MIN (64, positions - w * 64);

      for (guint p = 0; p < width; p++)
        {
          guint64 word = 0;

          for (guint i = 0; i < n; i++)
            word |= (guint64) (numbers[w * 64 + i] >> p & 1) << i;
          planes[p * words + w] = word;
        }
    }
}

void
koh_planes_free (guint64 *planes, guint positions, guint width)
{
  if (planes == NULL)
    return;
  sodium_memzero (planes, koh_plane_words (positions) * width * sizeof *planes);
  g_free (planes);
}

/* ---- Rows on the spine ---------------------------------------------------------------------- */

KohMapping *
koh_gather_mapping (KohGather *gather, const char *dataset, GError **error)
{
  KohMapping *mapping = koh_store_mapping (gather->store, dataset);

  if (mapping == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "This owner has no dataset “%s”", dataset);
      return NULL;
    }
  return koh_mapping_check (gather->store, mapping, gather->cancellable, error) ? mapping : NULL;
}

gboolean
koh_on_spine_open (KohOnSpine *on, KohGather *gather, KohMapping *mapping, const KohSelection *selection,
                   GError **error)
{
  *on = (KohOnSpine){ .gather = gather, .position = -1 };
  on->reading = koh_reading_open (gather->store, mapping, selection, gather->cancellable, error);
  return on->reading != NULL;
}

gboolean
koh_on_spine_next (KohOnSpine *on, const KohRow **row, guint *position, GError **error)
{
  for (;;)
    {
      if (!koh_reading_next (on->reading, row, error))
        return FALSE;
      if (*row == NULL)
        return TRUE;
      /* A person's rows mostly stand together. */
      if (memcmp (on->person, (*row)->person, sizeof on->person) != 0)
        {
          memcpy (on->person, (*row)->person, sizeof on->person);
          on->position = koh_spine_find (on->gather->spine, on->person);
        }
      if (on->position >= 0)
        {
          *position = (guint) on->position;
          return TRUE;
        }
      on->gather->missed++;
    }
}

void
koh_on_spine_close (KohOnSpine *on)
{
  g_clear_pointer (&on->reading, koh_reading_free);
  sodium_memzero (on->person, sizeof on->person);
}

/* ---- Columns -------------------------------------------------------------------------------- */

static guint64 *
gather_registered (KohGather *gather, const KohColumn *column, GError **error)
{
  KohMapping *mapping = koh_store_register_mapping (gather->store, gather->cancellable, error);
  KohSelection persons = KOH_SELECT_ALL;
  g_auto (KohOnSpine) on = { 0 };
  guint64 *planes;
  const KohRow *row;
  guint position;

  persons.attribute = "";
  if (mapping == NULL || !koh_mapping_check (gather->store, mapping, gather->cancellable, error) ||
      !koh_on_spine_open (&on, gather, mapping, &persons, error))
    return NULL;
  planes = koh_planes_new (gather->positions, 1);
  for (;;)
    {
      if (!koh_on_spine_next (&on, &row, &position, error))
        {
          koh_planes_free (planes, gather->positions, 1);
          return NULL;
        }
      if (row == NULL)
        return planes;
      koh_plane_set (planes, position);
    }
}

guint64 *
koh_gather_column (KohGather *gather, const KohColumn *column, GError **error)
{
  static guint64 *(*const kinds[]) (KohGather *, const KohColumn *, GError **) = {
    [KOH_COLUMN_REGISTERED] = gather_registered, [KOH_COLUMN_FLAG] = koh_gather_flag,
    [KOH_COLUMN_CATEGORY] = koh_gather_category, [KOH_COLUMN_YEARS] = koh_gather_years,
    [KOH_COLUMN_BIRTH] = koh_gather_birth,       [KOH_COLUMN_DATE] = koh_gather_date,
    [KOH_COLUMN_WINDOW] = koh_gather_window,
  };

  gather->positions = koh_spine_positions (gather->spine);
  gather->words = koh_plane_words (gather->positions);
  gather->missed = 0;
  return kinds[column->kind](gather, column, error);
}

/* The rows that are shared must be those that the acceptance named. */
static gboolean
is_accepted_snapshot (KohStore *store, const KohPlan *plan, const KohColumn *column,
                      GCancellable *cancellable, GError **error)
{
  const KohOwner *owner = koh_plan_facts (plan)->owners->pdata[column->owner];
  KohHash now;

  if (!koh_store_snapshot (store, &now, cancellable, error))
    return FALSE;
  if (koh_check ("snapshot-unchanged", koh_hash_equal (&now, &owner->snapshot)))
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
               "The data of %s have changed since the question was accepted; ask it again", owner->peer);
  return FALSE;
}

guint64 *
koh_store_column (KohStore *store, const KohPlan *plan, const KohColumn *column, const KohSpine *spine,
                  guint64 *missed, GCancellable *cancellable, GError **error)
{
  KohGather gather = {
    .store = store, .question = koh_plan_question (plan), .spine = spine, .cancellable = cancellable
  };
  guint64 *planes;

  if (koh_plan_facts (plan)->positions != koh_spine_positions (spine))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "The plan is for %u positions, and this epoch has %u", koh_plan_facts (plan)->positions,
                   koh_spine_positions (spine));
      return NULL;
    }
  if (!is_accepted_snapshot (store, plan, column, cancellable, error))
    return NULL;
  planes = koh_gather_column (&gather, column, error);
  if (planes != NULL && !is_accepted_snapshot (store, plan, column, cancellable, error))
    {
      koh_planes_free (planes, gather.positions, column->width);
      return NULL;
    }
  if (missed != NULL)
    *missed = gather.missed;
  return planes;
}
