/* SPDX-License-Identifier: EUPL-1.2
 *
 * Events and criteria against the catalogues: does what they name exist, and can it hold of anybody? */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "query/check.h"
#include "query/codes.h"

/* Whether a catalogue lists @code, something below it or something above it, as a level of `code`. */
static gboolean
catalogue_knows (const KohMap *map, const char *dataset, const char *code)
{
  g_autoptr (GArray) owners = koh_map_owners (map, dataset);

  for (guint i = 0; i < owners->len; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[g_array_index (owners, guint, i)];
      const KohVariable *variable = koh_dataset_variable (koh_catalogue_dataset (catalogue, dataset), "code");

      for (guint j = 0; variable != NULL && j < variable->levels->len; j++)
        {
          const KohLevel *level = variable->levels->pdata[j];

          if (g_str_has_prefix (level->code, code) || g_str_has_prefix (code, level->code))
            return TRUE;
        }
    }
  return FALSE;
}

/* Whether any dataset of the federation has codes of @system. */
static gboolean
system_used (const KohMap *map, const char *system)
{
  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[i];

      for (guint j = 0; j < catalogue->datasets->len; j++)
        if (g_strcmp0 (((KohDataset *) catalogue->datasets->pdata[j])->code_system, system) == 0)
          return TRUE;
    }
  return FALSE;
}

static void
check_code (KohCheck *check, const char *pointer, const KohDataset *dataset, const KohCodeRef *code)
{
  if (!koh_codes_system_known (code->system) && !system_used (check->map, code->system))
    koh_check_error (check, pointer, _ ("The code system “%s” is unknown."), code->system);
  else if (dataset->code_system == NULL)
    koh_check_error (check, pointer, _ ("The events of “%s” have no codes; leave “codes” out."),
                     dataset->name);
  else if (!g_str_equal (dataset->code_system, code->system))
    koh_check_error (check, pointer, _ ("The codes of “%s” are %s, not %s."), dataset->name,
                     dataset->code_system, code->system);
  else if (strchr (code->code, '-') != NULL && koh_codes_find (code->system, code->code) != NULL)
    koh_check_error (check, pointer, _ ("%s is a range; list the codes that it is made of."), code->code);
  else if (!koh_codes_well_formed (code->system, code->code))
    koh_check_error (check, pointer, _ ("“%s” is not written as a code of %s is."), code->code, code->system);
  else if (!koh_codes_known (code->system, code->code) &&
           !catalogue_knows (check->map, dataset->name, code->code))
    koh_check_warning (check, pointer, _ ("%s is not a known code of %s; check that it is right."),
                       code->code, code->system);
}

static void
check_codes (KohCheck *check, const char *pointer, const KohDataset *dataset, const KohEvent *event)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *code = event->codes->pdata[i];
      g_autofree char *here = g_strdup_printf ("%s/codes/%u", pointer, i);

      check_code (check, here, dataset, code);
      if (!g_hash_table_add (seen, g_strconcat (code->system, ":", code->code, NULL)))
        koh_check_warning (check, here, _ ("%s stands twice in the list."), code->code);
    }
}

/* The variable of the first owner that has it. */
static const KohVariable *
variable_of (const KohMap *map, const char *dataset, const char *name)
{
  g_autoptr (GArray) owners = koh_map_owners (map, dataset);
  const KohVariable *found = NULL;

  for (guint i = 0; found == NULL && i < owners->len; i++)
    found = koh_dataset_variable (
        koh_catalogue_dataset (map->catalogues->pdata[g_array_index (owners, guint, i)], dataset), name);
  return found;
}

static void
check_value (KohCheck *check, const char *pointer, const KohEvent *event)
{
  g_autofree char *here = g_strconcat (pointer, "/value", NULL);
  const KohVariable *value = variable_of (check->map, event->dataset, "value");
  const KohVariable *unit = variable_of (check->map, event->dataset, "unit");

  if (event->value.op == KOH_VALUE_ANY)
    return;
  if (value == NULL)
    koh_check_error (check, here, _ ("The events of “%s” have no values; leave “value” out."), event->dataset);
  else if (event->value.op == KOH_VALUE_BETWEEN && event->value.number > event->value.high)
    koh_check_error (check, here, _ ("The lower bound is above the upper bound."));
  else if (unit != NULL && event->value.unit == NULL)
    koh_check_warning (check, here, _ ("No unit is given, so values of every unit are compared with this number."));
  else if (unit == NULL && event->value.unit != NULL && g_strcmp0 (value->unit, event->value.unit) != 0)
    koh_check_warning (check, here, _ ("The values of “%s” are not known to be in %s."), event->dataset,
                       event->value.unit);
}

void
koh_check_event (KohCheck *check, const char *pointer, const KohEvent *event)
{
  g_autofree char *dataset_at = g_strconcat (pointer, "/dataset", NULL),
                  *from_at = g_strconcat (pointer, "/from", NULL);
  const KohDataset *dataset = koh_map_dataset (check->map, event->dataset);

  if (dataset == NULL)
    koh_check_error (check, dataset_at, _ ("No peer has a dataset “%s”."), event->dataset);
  else if (dataset->kind != KOH_DATASET_EVENT)
    koh_check_error (check, dataset_at,
                     _ ("“%s” has attributes of persons; an event needs a dataset of events."),
                     event->dataset);
  else
    {
      check_codes (check, pointer, dataset, event);
      check_value (check, pointer, event);
    }
  if (event->from != KOH_DAY_NONE && event->to != KOH_DAY_NONE && event->from > event->to)
    koh_check_error (check, from_at, _ ("The period ends before it begins."));
}

/* One owner that knows both the index date and the attribute can look the value up itself. */
static gboolean
one_owner_knows (const KohMap *map, const char *dataset, const char *index)
{
  g_autoptr (GArray) a = koh_map_owners (map, dataset), b = koh_map_owners (map, index);

  return a->len == 1 && b->len == 1 && g_array_index (a, guint, 0) == g_array_index (b, guint, 0);
}

void
koh_check_validity (KohCheck *check, const char *pointer, const char *attribute, const KohDataset *dataset,
                    gint at)
{
  if (at == KOH_DAY_NONE && dataset->validity == KOH_VALIDITY_PERIOD &&
      check->question->occurrence != KOH_OCCURRENCE_DATE &&
      !one_owner_knows (check->map, dataset->name, check->question->index.dataset))
    koh_check_unsupported (
        check, pointer,
        _ ("The value of “%s” changes on any day, and another peer knows the index date; this version "
           "cannot look it up. Give “at” a date."),
        attribute);
}

static gboolean
is_number (const KohVariable *variable)
{
  if (variable->type == KOH_VARIABLE_INTEGER || variable->type == KOH_VARIABLE_DECIMAL)
    return TRUE;
  for (guint i = 0; i < variable->levels->len; i++)
    {
      const char *code = ((KohLevel *) variable->levels->pdata[i])->code;
      char *end;

      g_ascii_strtod (code, &end);
      if (end == code || *end != '\0')
        return FALSE;
    }
  return variable->levels->len > 0;
}

static gboolean
has_level (const GPtrArray *levels, const char *code)
{
  for (guint i = 0; i < levels->len; i++)
    if (g_str_equal (((KohLevel *) levels->pdata[i])->code, code))
      return TRUE;
  return FALSE;
}

/* "K, M", or the first few of a long list. */
static char *
list_levels (const GPtrArray *levels)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < levels->len && i < 12; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", ((KohLevel *) levels->pdata[i])->code);
  if (levels->len > 12)
    g_string_append (text, " …");
  return g_string_free (text, FALSE);
}

static void
check_in (KohCheck *check, const KohCriterion *criterion, const char *bare)
{
  g_autoptr (GError) none = NULL;
  GPtrArray *levels = koh_map_levels (check->map, criterion->attribute, &none);

  for (guint i = 0; i < criterion->in->len; i++)
    {
      const char *value = criterion->in->pdata[i];
      g_autofree char *here = g_strdup_printf ("%s/in/%u", criterion->pointer, i);
      g_autofree char *known = levels != NULL ? list_levels (levels) : NULL;

      if (levels != NULL && !has_level (levels, value))
        koh_check_error (check, here, _ ("“%s” is not a value of “%s”; its values are %s."), value,
                         criterion->attribute, known);
      else if (g_str_equal (bare, "age") &&
               (strlen (value) > 3 || strspn (value, "0123456789") != strlen (value)))
        koh_check_error (check, here, _ ("“%s” is not an age in whole years."), value);
    }
}

static void
check_attribute (KohCheck *check, const KohCriterion *criterion)
{
  g_autofree char *attribute_at = g_strconcat (criterion->pointer, "/attribute", NULL);
  g_autofree char *between_at = g_strconcat (criterion->pointer, "/between", NULL);
  g_autoptr (GError) error = NULL;
  const char *dot = strchr (criterion->attribute, '.'), *bare = dot != NULL ? dot + 1 : criterion->attribute;
  KohDataset *dataset;
  const KohVariable *variable = koh_map_attribute (check->map, criterion->attribute, &dataset, &error);

  if (variable == NULL)
    {
      koh_check_error (check, attribute_at, "%s.", error->message);
      return;
    }
  koh_check_validity (check, attribute_at, criterion->attribute, dataset, criterion->at);
  if (criterion->in != NULL)
    {
      check_in (check, criterion, bare);
      return;
    }
  if (g_str_equal (bare, "age_band"))
    koh_check_error (check, between_at,
                     _ ("An age band is one of a list: use “in”, or “age” with “between”."));
  else if (!g_str_equal (bare, "age") && !is_number (variable))
    koh_check_error (check, between_at, _ ("The values of “%s” are no numbers; use “in”."),
                     criterion->attribute);
  if (criterion->has_low && criterion->has_high && criterion->low > criterion->high)
    koh_check_error (check, between_at, _ ("The lower bound is above the upper bound."));
}

/* Switched-off criteria are not there to hold. */
static void
check_enough (KohCheck *check, const KohCriterion *criterion)
{
  g_autofree char *at_least_at = g_strconcat (criterion->pointer, "/at_least", NULL);
  guint counting = 0;

  for (guint i = 0; i < criterion->children->len; i++)
    counting += koh_criterion_counts (criterion->children->pdata[i]);
  if (counting < criterion->at_least)
    koh_check_error (check, at_least_at, _ ("At least %u criteria shall hold, but only %u are switched on."),
                     criterion->at_least, counting);
}

void
koh_check_criterion (KohCheck *check, const KohCriterion *criterion)
{
  g_autofree char *event_at = g_strconcat (criterion->pointer, "/event", NULL);
  g_autofree char *within_at = g_strconcat (criterion->pointer, "/within", NULL);

  if (!koh_criterion_counts (criterion))
    return;
  switch (criterion->kind)
    {
    case KOH_CRITERION_ALL:
    case KOH_CRITERION_ANY:
    case KOH_CRITERION_NOT:
    case KOH_CRITERION_AT_LEAST:
      if (criterion->kind == KOH_CRITERION_AT_LEAST)
        check_enough (check, criterion);
      for (guint i = 0; i < criterion->children->len; i++)
        koh_check_criterion (check, criterion->children->pdata[i]);
      return;
    case KOH_CRITERION_ATTRIBUTE:
      check_attribute (check, criterion);
      return;
    case KOH_CRITERION_EVENT:
      koh_check_event (check, event_at, &criterion->event);
      if (criterion->has_first && criterion->has_last && criterion->first > criterion->last)
        koh_check_error (check, within_at, _ ("The window ends before it begins."));
      return;
    }
}
