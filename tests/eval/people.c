/* SPDX-License-Identifier: EUPL-1.2 */
#include "people.h"

#include <string.h>

#define AARHUS 0
#define STATISTIK 1
#define RIGET 2
#define ALL 7u /* the owners, a bit each */
#define FIRST_YEAR 2016
#define YEARS 6

typedef struct
{
  guint owner;
  const char *dataset, *code;
  gint day;
} Event;

typedef struct
{
  gboolean registered;
  gint birth;
  const char *sex, *region, *stage;
  const char *quintile[YEARS], *smoking[YEARS]; /* of a calendar year; NULL missing */
  const char *pd_l1[PEOPLE_OWNERS];
  GArray *events;
} Person;

struct _People
{
  guint n;
  Person *persons;
  KohMap *map;
};

static const char *const quintiles[] = { "1", "2", "3", "4", "5" };

static guint
below (GRand *rand, guint n)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

static gint
day_of (gint year, gint month, gint of_month)
{
  return koh_day_join (year, month, of_month);
}

static void
add_events (Person *person, GRand *rand, guint owner, const char *dataset, const char *const *codes,
            guint n_codes, guint most)
{
  for (guint n = below (rand, most + 1); n > 0; n--)
    {
      const Event event = { owner, dataset, codes[below (rand, n_codes)],
                            day_of (2017, 12, 1) + (gint) below (rand, 280) };

      g_array_append_val (person->events, event);
    }
}

static void
make_person (Person *person, GRand *rand)
{
  static const char *const diagnoses[] = { "DI21", "DI219", "DI22", "DC34", "DE11" };
  static const char *const drugs[] = { "C10AA01", "C10AA", "N02BE01" };
  static const char *const cancers[] = { "DC34", "DC349", "DC50" };
  static const char *const causes[] = { "" };
  static const char *const pd_l1[] = { "low", "high", NULL };
  static const char *const smoking[] = { "never", "former", "current", NULL };
  static const char *const stages[] = { "I", "II", NULL };

  person->registered = below (rand, 20) > 0;
  person->birth = below (rand, 30) == 0  ? KOH_DAY_NONE
                  : below (rand, 8) == 0 ? day_of (1924 + 4 * (gint) below (rand, 24), 2, 29)
                                         : day_of (1920 + (gint) below (rand, 100),
                                                   1 + (gint) below (rand, 8), 1 + (gint) below (rand, 28));
  person->sex = below (rand, 15) == 0 ? NULL : below (rand, 2) ? "K" : "M";
  person->region = below (rand, 2) ? "1084" : below (rand, 3) ? "1081" : "1085";
  person->stage = stages[below (rand, 3)];
  for (guint i = 0; i < YEARS; i++)
    {
      person->quintile[i] = below (rand, 10) == 0 ? NULL : quintiles[below (rand, 5)];
      person->smoking[i] = smoking[below (rand, 4)];
    }
  person->pd_l1[AARHUS] = pd_l1[below (rand, 3)];
  person->pd_l1[RIGET] = pd_l1[below (rand, 3)];
  person->events = g_array_new (FALSE, FALSE, sizeof (Event));
  add_events (person, rand, AARHUS, "diagnoses", diagnoses, G_N_ELEMENTS (diagnoses), 3);
  add_events (person, rand, RIGET, "diagnoses", diagnoses, G_N_ELEMENTS (diagnoses), 3);
  add_events (person, rand, STATISTIK, "dispensings", drugs, G_N_ELEMENTS (drugs), 4);
  add_events (person, rand, STATISTIK, "cancer", cancers, G_N_ELEMENTS (cancers), 2);
  add_events (person, rand, STATISTIK, "deaths", causes, G_N_ELEMENTS (causes), 1);
  if (below (rand, 4) == 0)
    add_events (person, rand, AARHUS, "emigrations", causes, G_N_ELEMENTS (causes), 2);
}

People *
people_new (guint32 seed, guint positions)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  People *people = g_new0 (People, 1);

  people->n = positions;
  people->persons = g_new0 (Person, positions);
  people->map = people_map ();
  for (guint i = 0; i < positions; i++)
    make_person (&people->persons[i], rand);
  return people;
}

void
people_free (People *people)
{
  for (guint i = 0; i < people->n; i++)
    g_array_unref (people->persons[i].events);
  g_free (people->persons);
  koh_map_free (people->map);
  g_free (people);
}

static KohDataset *
add_dataset (KohCatalogue *catalogue, const char *name, KohDatasetKind kind, KohValidity validity,
             const char *codes)
{
  KohDataset *dataset = koh_dataset_new (name, kind);

  dataset->validity = validity;
  dataset->code_system = g_strdup (codes);
  dataset->first = day_of (2017, 12, 1);
  dataset->last = day_of (2018, 9, 6);
  g_ptr_array_add (catalogue->datasets, dataset);
  return dataset;
}

static void
add_variable (KohDataset *dataset, const char *name, KohVariableType type, const char *const *levels, guint n)
{
  KohVariable *variable = koh_variable_new (name, type);

  for (guint i = 0; i < n; i++)
    koh_variable_add_level (variable, levels[i], levels[i], levels[i]);
  g_ptr_array_add (dataset->variables, variable);
}

KohMap *
people_map (void)
{
  static const char *const names[] = { "aarhus", "danmarks-statistik", "rigshospitalet" };
  static const char *const organisations[] = { "Region Midtjylland", "Danmarks Statistik",
                                               "Region Hovedstaden" };
  static const char *const sexes[] = { "M", "K" }, *const regions[] = { "1084", "1085", "1081" };
  static const char *const pd_l1[] = { "low", "high" }, *const stages[] = { "I", "II" };
  static const char *const smoking[] = { "never", "former", "current" };
  KohMap *map = koh_map_new ();

  for (guint i = 0; i < PEOPLE_OWNERS; i++)
    {
      KohCatalogue *catalogue = koh_catalogue_new (names[i]);
      KohDataset *dataset;

      g_free (catalogue->organisation);
      catalogue->organisation = g_strdup (organisations[i]);
      catalogue->population = i == STATISTIK;
      if (i == STATISTIK)
        {
          dataset = add_dataset (catalogue, "population", KOH_DATASET_PERSON, KOH_VALIDITY_NONE, NULL);
          add_variable (dataset, "birth_date", KOH_VARIABLE_DATE, NULL, 0);
          add_variable (dataset, "sex", KOH_VARIABLE_STRING, sexes, G_N_ELEMENTS (sexes));
          add_variable (dataset, "region", KOH_VARIABLE_STRING, regions, G_N_ELEMENTS (regions));
          dataset = add_dataset (catalogue, "income", KOH_DATASET_PERSON, KOH_VALIDITY_YEAR, NULL);
          add_variable (dataset, "income_quintile", KOH_VARIABLE_STRING, quintiles, G_N_ELEMENTS (quintiles));
          dataset = add_dataset (catalogue, "cancer_stage", KOH_DATASET_PERSON, KOH_VALIDITY_PERIOD, NULL);
          add_variable (dataset, "stage", KOH_VARIABLE_STRING, stages, G_N_ELEMENTS (stages));
          add_dataset (catalogue, "dispensings", KOH_DATASET_EVENT, KOH_VALIDITY_NONE, "ATC");
          add_dataset (catalogue, "cancer", KOH_DATASET_EVENT, KOH_VALIDITY_NONE, "SKS");
          add_dataset (catalogue, "deaths", KOH_DATASET_EVENT, KOH_VALIDITY_NONE, NULL);
        }
      else
        {
          add_dataset (catalogue, "diagnoses", KOH_DATASET_EVENT, KOH_VALIDITY_NONE, "SKS");
          dataset = add_dataset (catalogue, "markers", KOH_DATASET_PERSON, KOH_VALIDITY_NONE, NULL);
          add_variable (dataset, "pd_l1", KOH_VARIABLE_STRING, pd_l1, G_N_ELEMENTS (pd_l1));
        }
      if (i == AARHUS)
        {
          add_dataset (catalogue, "emigrations", KOH_DATASET_EVENT, KOH_VALIDITY_NONE, NULL);
          dataset = add_dataset (catalogue, "habits", KOH_DATASET_PERSON, KOH_VALIDITY_YEAR, NULL);
          add_variable (dataset, "smoking", KOH_VARIABLE_STRING, smoking, G_N_ELEMENTS (smoking));
        }
      koh_map_take (map, catalogue);
    }
  return map;
}

KohSessionFacts *
people_facts (guint positions, guint k)
{
  g_autoptr (KohMap) map = people_map ();
  KohSessionFacts *facts = koh_session_facts_new ();
  const KohHash snapshot = koh_hash_of ("test", "snapshot", 8);

  for (guint i = 0; i < PEOPLE_OWNERS; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[i];

      koh_session_facts_add_owner (facts, catalogue->peer, catalogue->organisation, &snapshot,
                                   catalogue->population);
    }
  facts->positions = positions;
  facts->k = k;
  facts->roster = facts->epoch = koh_hash_of ("test", "epoch", 5);
  return facts;
}

KohQuestion *
people_question (const char *index, const char *criteria, const char *analyses)
{
  g_autofree char *text = g_strdup_printf (
      "{\"kohorte\": 1, \"title\": \"t\", \"project\": {\"id\": \"p\", \"problem\": \"p\", \"decision\": "
      "\"d\", "
      "\"purpose\": \"research\", \"legal_basis\": \"l\"}, \"mode\": \"approved\", \"link\": \"person\", "
      "\"index\": %s, \"criteria\": {\"all\": [%s]}, \"analyses\": [%s]}",
      index, criteria, analyses);
  g_autoptr (GError) error = NULL;
  KohQuestion *question = koh_question_parse (text, -1, &error);

  g_assert_no_error (error);
  return question;
}

/* The meaning of events and criteria, of the rows of the owners in @owners. */

static gboolean
matches (const Event *event, const KohEvent *wanted, guint owners)
{
  if ((owners >> event->owner & 1) == 0 || !g_str_equal (event->dataset, wanted->dataset) ||
      (wanted->from != KOH_DAY_NONE && event->day < wanted->from) ||
      (wanted->to != KOH_DAY_NONE && event->day > wanted->to))
    return FALSE;
  for (guint i = 0; i < wanted->codes->len; i++)
    {
      const KohCodeRef *code = wanted->codes->pdata[i];

      if (wanted->exact ? g_str_equal (event->code, code->code) : g_str_has_prefix (event->code, code->code))
        return TRUE;
    }
  return wanted->codes->len == 0;
}

/* KOH_DAY_NONE where there is none. */
static gint
index_date (const Person *person, const KohQuestion *question, guint owners)
{
  KohEvent anywhen = question->index;
  gint from = question->index.from != KOH_DAY_NONE ? question->index.from : 0;
  gint to = question->index.to != KOH_DAY_NONE ? question->index.to : KOH_DAY_LAST;
  gint earliest = KOH_DAY_NONE, latest = -1;

  if (question->occurrence == KOH_OCCURRENCE_DATE)
    return question->date;
  if (question->occurrence == KOH_OCCURRENCE_FIRST)
    anywhen.from = anywhen.to = KOH_DAY_NONE;
  for (guint i = 0; i < person->events->len; i++)
    {
      const Event *event = &g_array_index (person->events, Event, i);

      if (matches (event, &anywhen, owners))
        {
          earliest = MIN (earliest, event->day);
          latest = MAX (latest, event->day);
        }
    }
  if (question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD)
    return latest < 0 ? KOH_DAY_NONE : latest;
  return earliest >= from && earliest <= to ? earliest : KOH_DAY_NONE;
}

/* Birthdays up to and including @day; that of 29 February is 1 March where the year has none. −1: not known.
 */
static gint
age_on (const Person *person, gint day)
{
  gint year, month, of_month, age = -1;

  if (person->birth == KOH_DAY_NONE || day == KOH_DAY_NONE || person->birth > day)
    return -1;
  koh_day_split (person->birth, &year, &month, &of_month);
  for (gint y = year;; y++)
    {
      gboolean leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
      gint birthday = month == 2 && of_month == 29 && !leap ? day_of (y, 3, 1) : day_of (y, month, of_month);

      if (birthday > day)
        return age;
      age++;
    }
}

/* The value at @day as text in @buffer; NULL missing. */
static const char *
value_of (const Person *person, const char *attribute, gint day, guint owners, char buffer[32])
{
  gint year = 0, month, of_month, age = age_on (person, day);

  if (day != KOH_DAY_NONE)
    koh_day_split (day, &year, &month, &of_month);
  year -= FIRST_YEAR;
  if (g_str_equal (attribute, "sex"))
    return person->sex;
  if (g_str_equal (attribute, "region"))
    return person->region;
  if (g_str_equal (attribute, "stage"))
    return person->stage;
  if (g_str_equal (attribute, "income_quintile"))
    return year >= 0 && year < YEARS ? person->quintile[year] : NULL;
  if (g_str_equal (attribute, "smoking"))
    return year >= 0 && year < YEARS ? person->smoking[year] : NULL;
  if (g_str_equal (attribute, "pd_l1"))
    {
      const char *first = NULL;

      for (guint i = 0; i < PEOPLE_OWNERS; i++)
        if ((owners >> i & 1) && person->pd_l1[i] != NULL &&
            (first == NULL || g_str_equal (person->pd_l1[i], "low")))
          first = person->pd_l1[i];
      return first;
    }
  if (age < 0)
    return NULL;
  if (g_str_equal (attribute, "age"))
    g_snprintf (buffer, 32, "%d", age);
  else if (age >= 90)
    g_strlcpy (buffer, "90+", 32);
  else
    g_snprintf (buffer, 32, "%d–%d", age / 5 * 5, age / 5 * 5 + 4);
  return buffer;
}

static gboolean
attribute_holds (const Person *person, const KohCriterion *criterion, gint index, guint owners)
{
  char buffer[32];
  gint day = criterion->at != KOH_DAY_NONE ? criterion->at : index;

  /* Held by several owners: the value of any of them counts. */
  for (guint i = 0; i < PEOPLE_OWNERS; i++)
    {
      guint one = g_str_equal (criterion->attribute, "pd_l1") ? 1u << i : ALL;
      const char *value =
          (owners >> i & 1) ? value_of (person, criterion->attribute, day, one, buffer) : NULL;

      if (value == NULL)
        continue;
      if (criterion->in == NULL)
        {
          gdouble number = g_ascii_strtod (value, NULL);

          if ((!criterion->has_low || number >= criterion->low) &&
              (!criterion->has_high || number <= criterion->high))
            return TRUE;
        }
      for (guint j = 0; criterion->in != NULL && j < criterion->in->len; j++)
        if (g_str_equal (criterion->in->pdata[j], value))
          return TRUE;
    }
  return FALSE;
}

static gboolean
event_happens (const Person *person, const KohCriterion *criterion, gint index, guint owners)
{
  for (guint i = 0; i < person->events->len; i++)
    {
      const Event *event = &g_array_index (person->events, Event, i);

      if (matches (event, &criterion->event, owners) &&
          (!criterion->has_first || (index != KOH_DAY_NONE && event->day >= index + criterion->first)) &&
          (!criterion->has_last || (index != KOH_DAY_NONE && event->day <= index + criterion->last)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
holds (const Person *person, const KohCriterion *criterion, gint index, guint owners)
{
  gboolean all = TRUE, any = FALSE;
  guint held = 0;

  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    return attribute_holds (person, criterion, index, owners);
  if (criterion->kind == KOH_CRITERION_EVENT)
    return event_happens (person, criterion, index, owners);
  for (guint i = 0; i < criterion->children->len; i++)
    {
      const KohCriterion *child = criterion->children->pdata[i];
      gboolean one;

      if (!koh_criterion_counts (child))
        continue;
      one = holds (person, child, index, owners);
      all = all && one;
      any = any || one;
      held += one;
    }
  if (criterion->kind == KOH_CRITERION_AT_LEAST)
    return held >= criterion->at_least;
  return criterion->kind == KOH_CRITERION_ALL ? all : criterion->kind == KOH_CRITERION_ANY ? any : !any;
}

/* Whether @person is one of those whom the question's index is about. */
static gboolean
is_there (const Person *person, const KohQuestion *question, gint index)
{
  if (question->occurrence != KOH_OCCURRENCE_DATE)
    return index != KOH_DAY_NONE;
  for (guint i = 0; i < person->events->len; i++)
    {
      const Event *event = &g_array_index (person->events, Event, i);

      if ((g_str_equal (event->dataset, "deaths") || g_str_equal (event->dataset, "emigrations")) &&
          event->day < index)
        return FALSE;
    }
  return person->birth != KOH_DAY_NONE && person->birth <= index;
}

guint
people_count (const People *people, const KohQuestion *question, guint step, const GPtrArray *by,
              char ***values)
{
  guint n = 0;

  for (guint i = 0; i < people->n; i++)
    {
      const Person *person = &people->persons[i];
      gint index = index_date (person, question, ALL);
      gboolean in = person->registered && is_there (person, question, index);
      guint passed = 0;

      for (guint j = 0; in && j < question->criteria->len && passed < step; j++)
        if (koh_criterion_counts (question->criteria->pdata[j]))
          {
            in = holds (person, question->criteria->pdata[j], index, ALL);
            passed++;
          }
      for (guint j = 0; in && by != NULL && j < by->len; j++)
        {
          const KohBy *one = by->pdata[j];
          char buffer[32];
          const char *value =
            value_of (person, one->attribute, one->at != KOH_DAY_NONE ? one->at : index, ALL, buffer);

          in = g_strv_contains ((const char *const *) values[j], value != NULL ? value : "missing");
        }
      n += in;
    }
  return n;
}

/* The columns. */

static guint
level_of (const GPtrArray *levels, const char *value)
{
  for (guint i = 0; value != NULL && i < levels->len; i++)
    if (g_str_equal (((const KohLevel *) levels->pdata[i])->code, value))
      return i;
  return levels->len;
}

static void
put (guint64 *planes, gsize words, guint row, guint plane, guint width, guint64 value)
{
  for (guint b = 0; b < width; b++)
    planes[(plane + b) * words + row / 64] |= (value >> b & 1) << (row % 64);
}

static gboolean
in_window (const Person *person, const KohColumn *column, gint day)
{
  for (guint i = 0; i < person->events->len; i++)
    {
      const Event *event = &g_array_index (person->events, Event, i);

      if (matches (event, column->event, 1u << column->owner) && event->day >= day + column->first &&
          event->day <= day + column->last)
        return TRUE;
    }
  return FALSE;
}

/* Day by day; and every day of a cell must be in its leading or its trailing run. */
static void
put_window (guint64 *planes, gsize words, guint row, const Person *person, const KohColumn *column)
{
  const guint size = 1u << column->cell_bits;

  g_assert_cmpint (column->from + (gint) (column->cells * size), >, column->to);
  for (guint cell = 0; cell < column->cells; cell++)
    {
      const gint first = column->from + (gint) (cell * size);
      guint lead = 0, trail = 0;

      while (lead < size - 1 && in_window (person, column, first + (gint) lead))
        lead++;
      while (trail < size - 1 && in_window (person, column, first + (gint) (size - 1 - trail)))
        trail++;
      for (guint day = 0; day < size; day++)
        g_assert_cmpint (day < lead || size - 1 - day < trail, ==,
                         in_window (person, column, first + (gint) day));
      put (planes, words, row, cell * 2 * column->cell_bits, column->cell_bits, lead);
      put (planes, words, row, (cell * 2 + 1) * column->cell_bits, column->cell_bits, trail);
    }
}

static void
put_date (guint64 *planes, gsize words, guint row, const Person *person, const KohColumn *column)
{
  gint found = KOH_DAY_NONE;

  for (guint i = 0; i < person->events->len; i++)
    {
      const Event *event = &g_array_index (person->events, Event, i);

      if (matches (event, column->event, 1u << column->owner) &&
          (column->from == KOH_DAY_NONE || event->day >= column->from) &&
          (column->to == KOH_DAY_NONE || event->day <= column->to) &&
          (found == KOH_DAY_NONE || (column->latest ? event->day > found : event->day < found)))
        found = event->day;
    }
  put (planes, words, row, 0, KOH_DAY_BITS,
       column->latest ? (found == KOH_DAY_NONE ? 0 : (guint64) found + 1) : (guint64) found);
  if (column->calendar && found != KOH_DAY_NONE)
    {
      put (planes, words, row, 16, 8, koh_day_year_code (found));
      put (planes, words, row, 24, 9, koh_day_in_year (found));
    }
}

static void
put_years (guint64 *planes, gsize words, guint row, const Person *person, const KohColumn *column)
{
  const guint width = column->width / (guint) (column->last_year - column->first_year + 1);

  for (gint year = column->first_year; year <= column->last_year; year++)
    {
      const gint day = day_of (year, 7, 1);
      char buffer[32];

      put (planes, words, row, (guint) (year - column->first_year) * width, width,
           column->criterion != NULL
               ? (guint64) attribute_holds (person, column->criterion, day, 1u << column->owner)
               : level_of (column->levels,
                           value_of (person, column->attribute, day, 1u << column->owner, buffer)));
    }
}

static void
put_person (guint64 *planes, gsize words, guint row, const Person *person, const KohColumn *column,
            const KohQuestion *question)
{
  const guint owners = 1u << column->owner;
  const gint index = column->at_index ? index_date (person, question, owners) : KOH_DAY_NONE;
  char buffer[32];

  switch (column->kind)
    {
    case KOH_COLUMN_REGISTERED:
      put (planes, words, row, 0, 1, person->registered);
      break;
    case KOH_COLUMN_FLAG:
      put (planes, words, row, 0, 1, holds (person, column->criterion, index, owners));
      break;
    case KOH_COLUMN_CATEGORY:
      put (planes, words, row, 0, column->width,
           level_of (column->levels, value_of (person, column->attribute,
                                               column->at_index ? index : column->at, owners, buffer)));
      break;
    case KOH_COLUMN_BIRTH:
      if (person->birth != KOH_DAY_NONE)
        {
          put (planes, words, row, 0, 8, koh_day_year_code (person->birth));
          put (planes, words, row, 8, 9, koh_day_in_year (person->birth));
          put (planes, words, row, 17, 1, 1);
        }
      break;
    case KOH_COLUMN_YEARS:
      put_years (planes, words, row, person, column);
      break;
    case KOH_COLUMN_DATE:
      put_date (planes, words, row, person, column);
      break;
    case KOH_COLUMN_WINDOW:
      put_window (planes, words, row, person, column);
      break;
    }
}

guint64 **
people_planes (const People *people, const KohPlan *plan)
{
  const GPtrArray *columns = koh_plan_columns (plan);
  const gsize words = ((gsize) people->n + 63) / 64;
  guint64 **planes = g_new0 (guint64 *, columns->len);

  for (guint i = 0; i < columns->len; i++)
    {
      const KohColumn *column = columns->pdata[i];

      planes[i] = g_new0 (guint64, words * column->width);
      for (guint row = 0; row < people->n; row++)
        put_person (planes[i], words, row, &people->persons[row], column, koh_plan_question (plan));
    }
  return planes;
}

void
people_planes_free (guint64 **planes, const KohPlan *plan)
{
  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    g_free (planes[i]);
  g_free (planes);
}
