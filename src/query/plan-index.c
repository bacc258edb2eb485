/* SPDX-License-Identifier: EUPL-1.2
 *
 * The index date: one day a person, from the owners of one dataset, and whether it counts. Several
 * owners each give their earliest, or latest; the earliest or latest of all is found on shares. Or one day
 * for everybody, which the question gives: then nothing about it is secret but who was there. */
#include "query/plan-build.h"

#include "common/error.h"
#include "query/json.h"
#include "query/read.h"

/* The period in which index dates lie: the event's own, and where it is open, that of the data. */
static void
find_period (KohPlanBuilder *b, GArray *owners)
{
  const KohEvent *index = &b->plan->question->index;
  gint first = KOH_DAY_NONE, last = -1;

  b->period_known = TRUE;
  for (guint i = 0; i < owners->len; i++)
    {
      KohCatalogue *catalogue = b->map->catalogues->pdata[g_array_index (owners, gint, i)];
      KohDataset *dataset = koh_catalogue_dataset (catalogue, index->dataset);

      if (dataset->first == KOH_DAY_NONE || dataset->last == KOH_DAY_NONE)
        b->period_known = FALSE;
      first = MIN (first, dataset->first);
      last = MAX (last, dataset->last);
    }
  if (!b->period_known)
    {
      first = 0;
      last = KOH_DAY_LAST;
    }
  b->plan->from = index->from != KOH_DAY_NONE ? index->from : first;
  b->plan->to = index->to != KOH_DAY_NONE ? index->to : last;
  if (index->from != KOH_DAY_NONE && index->to != KOH_DAY_NONE)
    b->period_known = TRUE;
}

static gboolean
wants_calendar (KohPlanBuilder *b)
{
  const KohPlan *plan = b->plan;

  for (guint i = 0; i < plan->steps->len; i++)
    if (koh_plan_wants_calendar (b, plan->steps->pdata[i]))
      return TRUE;
  for (guint i = 0; i < plan->groupings->len; i++)
    {
      const KohGrouping *grouping = plan->groupings->pdata[i];
      g_auto (KohPlanAttribute) attribute = { 0 };

      if (koh_plan_attribute (b, grouping->attribute, grouping->at, "", &attribute, NULL) &&
          attribute.needs_index)
        for (guint j = 0; j < attribute.owners->len; j++)
          if (!koh_plan_is_local (b, &attribute, g_array_index (attribute.owners, gint, j)))
            return TRUE;
    }
  return FALSE;
}

/* Those of the register whose index date lies in the period: it has reached the first of two cuts, so that
 * the lowest plane of the bucket is 1. */
static guint
first_mask (KohPlanBuilder *b)
{
  const KohPlan *plan = b->plan;
  const guint64 cuts[] = { (guint64) plan->from, (guint64) plan->to + 1 };
  guint registered = koh_plan_registered (b, (guint) koh_map_population (b->map));
  guint in_period;

  if (plan->question->occurrence != KOH_OCCURRENCE_FIRST)
    in_period = koh_plan_not (b, koh_plan_emit (b, KOH_OP_ALL, 1, 0, &b->day, 1));
  else
    in_period = koh_plan_slice (b, koh_plan_emit_bucket (b, b->day, cuts, G_N_ELEMENTS (cuts)), 0, 1);
  return koh_plan_and (b, registered, in_period);
}

/* The register's dataset that knows dates of birth. */
static const char *
dataset_of_births (KohPlanBuilder *b)
{
  const KohCatalogue *catalogue = b->map->catalogues->pdata[koh_map_population (b->map)];

  for (guint i = 0; i < catalogue->datasets->len; i++)
    {
      const KohDataset *dataset = catalogue->datasets->pdata[i];

      if (dataset->kind == KOH_DATASET_PERSON && koh_dataset_variable (dataset, "birth_date") != NULL)
        return dataset->name;
    }
  return NULL;
}

/* A known age is that of somebody born on or before the day. The rest is written as any question could. */
static gboolean
index_by_date (KohPlanBuilder *b, GError **error)
{
  static const char text[] = "{\"all\":[{\"attribute\":\"%s.age\",\"between\":[null,null]},"
                             "{\"not\":{\"event\":{\"dataset\":\"" KOH_DEATHS "\"},\"within\":[null,-1]}},"
                             "{\"not\":{\"event\":{\"dataset\":\"" KOH_EMIGRATIONS "\"},\"within\":[null,-1]}}]}";
  KohPlan *plan = b->plan;
  const char *births = dataset_of_births (b);
  g_autofree char *written = births != NULL ? g_strdup_printf (text, births) : NULL;
  g_autoptr (JsonNode) node = written != NULL ? koh_json_parse (written, -1, "The index", error) : NULL;
  guint mask, present;

  if (births == NULL)
    g_set_error_literal (error, KOH_ERROR, KOH_ERROR_INVALID,
                         "/index/date: the population register does not tell when persons were born");
  if (node == NULL)
    return FALSE;
  b->index_public = TRUE;
  plan->from = plan->to = plan->question->date;
  plan->present = koh_read_criterion (node, "/index/date", error);
  if (plan->present == NULL || !koh_plan_criterion (b, plan->present, &present, error))
    return FALSE;
  mask = koh_plan_and (b, koh_plan_registered (b, (guint) koh_map_population (b->map)), present);
  g_array_append_val (b->masks, mask);
  return TRUE;
}

/* A latest date is the day after it, 0 for none: one less is a day, and all ones for none. */
static guint
day_before (KohPlanBuilder *b, guint day)
{
  guint in[] = { day, koh_plan_constant (b, KOH_DAY_BITS, ((guint64) 1 << KOH_DAY_BITS) - 1) };

  return koh_plan_emit (b, KOH_OP_ADD, KOH_DAY_BITS, 0, in, 2);
}

static gboolean
index_by_event (KohPlanBuilder *b, GError **error)
{
  KohPlan *plan = b->plan;
  const KohEvent *index = &plan->question->index;
  g_autoptr (GArray) owners = koh_map_owners (b->map, index->dataset);
  g_autoptr (GArray) dates = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean calendar, in_period = plan->question->occurrence != KOH_OCCURRENCE_FIRST;
  gboolean latest = plan->question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD;
  guint mask;

  if (owners->len == 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "/index/event/dataset: no owner has the dataset “%s”",
                   index->dataset);
      return FALSE;
    }
  b->index_owner = owners->len == 1 ? g_array_index (owners, gint, 0) : -1;
  find_period (b, owners);
  if (plan->from > plan->to)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_INVALID,
                           "/index/event: the period ends before it begins, or the data lie outside it");
      return FALSE;
    }
  plan->any_time = *index;
  plan->any_time.from = plan->any_time.to = KOH_DAY_NONE;
  calendar = wants_calendar (b);
  for (guint i = 0; i < owners->len; i++)
    {
      guint date = koh_plan_date (b, (guint) g_array_index (owners, gint, i), &plan->any_time,
                                  in_period ? plan->from : KOH_DAY_NONE, in_period ? plan->to : KOH_DAY_NONE,
                                  latest, calendar);

      g_array_append_val (dates, date);
    }
  mask = latest ? koh_plan_latest (b, dates, KOH_DAY_BITS) : koh_plan_earliest (b, dates, KOH_DAY_BITS);
  b->day = koh_plan_slice (b, mask, 0, KOH_DAY_BITS);
  if (latest)
    b->day = day_before (b, b->day);
  if (calendar)
    {
      b->year = koh_plan_slice (b, mask, KOH_DAY_BITS, 8);
      b->in_year = koh_plan_slice (b, mask, KOH_DAY_BITS + 8, 9);
    }
  mask = first_mask (b);
  g_array_append_val (b->masks, mask);
  return TRUE;
}

gboolean
koh_plan_index (KohPlanBuilder *b, GError **error)
{
  return b->plan->question->occurrence == KOH_OCCURRENCE_DATE ? index_by_date (b, error)
                                                              : index_by_event (b, error);
}
