/* SPDX-License-Identifier: EUPL-1.2
 *
 * Attributes: who has one, whether the index date matters to it, and how it is read at an index date
 * that its owner does not know: age from the date of birth, others by calendar year. */
#include "query/plan-build.h"

#include <string.h>

#include "common/error.h"

void
koh_plan_attribute_clear (KohPlanAttribute *attribute)
{
  g_clear_pointer (&attribute->owners, g_array_unref);
}

gboolean
koh_plan_attribute (KohPlanBuilder *b, const char *name, gint at, const char *pointer,
                    KohPlanAttribute *attribute, GError **error)
{
  const char *dot = strchr (name, '.');
  g_autoptr (GError) local = NULL;

  if (koh_map_attribute (b->map, name, &attribute->dataset, &local) == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", pointer);
      return FALSE;
    }
  attribute->name = dot != NULL ? dot + 1 : name;
  attribute->age = koh_dataset_variable (attribute->dataset, attribute->name) == NULL &&
                   (g_str_equal (attribute->name, "age") || g_str_equal (attribute->name, "age_band"));
  attribute->needs_index = at == KOH_DAY_NONE &&
                           (attribute->age || attribute->dataset->validity != KOH_VALIDITY_NONE);
  attribute->owners = koh_map_owners (b->map, attribute->dataset->name);
  if (attribute->age && attribute->owners->len != 1)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                   "%s: “%s” needs one owner of birth_date, but several peers have the dataset “%s”", pointer,
                   name, attribute->dataset->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
koh_plan_knows_index (KohPlanBuilder *b, gint owner)
{
  return b->index_public || owner == b->index_owner;
}

/* Whether @owner can evaluate it in its own database. */
gboolean
koh_plan_is_local (KohPlanBuilder *b, const KohPlanAttribute *attribute, gint owner)
{
  return !attribute->needs_index || koh_plan_knows_index (b, owner);
}

gboolean
koh_plan_years_known (KohPlanBuilder *b, const KohPlanAttribute *attribute, const char *pointer,
                      GError **error)
{
  if (attribute->dataset->validity == KOH_VALIDITY_YEAR && b->period_known)
    return TRUE;
  if (attribute->dataset->validity == KOH_VALIDITY_YEAR)
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                 "%s: “%s” at the index date needs to know in which years that can be; give the index event "
                 "“from” and “to”", pointer, attribute->name);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                 "%s: “%s” is valid for periods of any length, and the index date comes from another owner; "
                 "ask for it at a fixed date", pointer, attribute->name);
  return FALSE;
}

/* Completed years. Write a date as Y·512 + m·32 + d. Then age = ⌊(index − birth) / 512⌋: months and days
 * fill less than 512, so that the floor takes one year off exactly where the index date's month and day
 * come before those of birth. 29 February comes after 28 February and before 1 March, as it should. A
 * borrow is a birth after the index date: then the age is not known. */
guint
koh_plan_age (KohPlanBuilder *b, const KohPlanAttribute *attribute, guint *known)
{
  guint birth = koh_plan_birth (b, (guint) g_array_index (attribute->owners, gint, 0), attribute);
  guint now[] = { b->in_year, b->year };
  guint then[] = { koh_plan_slice (b, birth, 8, 9), koh_plan_slice (b, birth, 0, 8) };
  guint dates[] = { koh_plan_emit (b, KOH_OP_JOIN, 17, 0, now, 2),
                    koh_plan_emit (b, KOH_OP_JOIN, 17, 0, then, 2) };
  guint lived = koh_plan_emit (b, KOH_OP_SUB, 18, 0, dates, 2);

  *known =
      koh_plan_and (b, koh_plan_slice (b, birth, 17, 1), koh_plan_not (b, koh_plan_slice (b, lived, 17, 1)));
  return koh_plan_slice (b, lived, 9, 8);
}

/* Leaf y stands at y mod 2^c, where 2^c years hold the period: so the low c bits of the year code find
 * it without a subtraction. Other years cannot be: their persons are outside the first mask. */
guint
koh_plan_of_year (KohPlanBuilder *b, guint years, guint width)
{
  guint n = koh_plan_width (b, years) / width;
  guint bits = n > 1 ? koh_bits_for (n - 1) : 0;
  guint first = koh_day_year_code (b->plan->from);
  g_autofree guint *in = NULL;

  if (n == 1)
    return years;
  in = g_new (guint, 1 + (1u << bits));
  in[0] = koh_plan_slice (b, b->year, 0, bits);
  for (guint i = 0; i < 1u << bits; i++)
    in[1 + i] = KOH_NOTHING;
  for (guint i = 0; i < n; i++)
    in[1 + ((first + i) & ((1u << bits) - 1))] = koh_plan_slice (b, years, i * width, width);
  return koh_plan_emit (b, KOH_OP_SELECT, width, 0, in, 1 + (1u << bits));
}
