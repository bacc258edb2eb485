/* SPDX-License-Identifier: EUPL-1.2
 *
 * Random criteria against their definition, person by person. */
#include "random-world.h"

typedef struct
{
  GPtrArray *kept; /* all that a round makes */
  GPtrArray *arrays;
} Heap;

static gpointer
keep (Heap *heap, gpointer what)
{
  g_ptr_array_add (heap->kept, what);
  return what;
}

static GPtrArray *
keep_array (Heap *heap)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (heap->arrays, array);
  return array;
}

static void
random_event (Heap *heap, KohEvent *event)
{
  static const char *const codes[] = { "DI21", "DI2", "DJ18", "DI219", "D", "DC" };

  *event = (KohEvent){ (char *) "diag", keep_array (heap), g_test_rand_int_range (0, 4) == 0, KOH_DAY_NONE,
                       KOH_DAY_NONE };
  for (gint i = g_test_rand_int_range (0, 3); i > 0; i--)
    {
      KohCodeRef *code = keep (heap, g_new0 (KohCodeRef, 1));

      code->system = (char *) "SKS";
      code->code = (char *) codes[g_test_rand_int_range (0, G_N_ELEMENTS (codes))];
      g_ptr_array_add (event->codes, code);
    }
  if (g_test_rand_int_range (0, 4) == 0)
    event->from = day ("2016-05-05");
  if (g_test_rand_int_range (0, 4) == 0)
    event->to = day ("2019-05-05");
}

static void
random_attribute (Heap *heap, KohCriterion *criterion)
{
  static const char *const attributes[] = { "sex", "age", "ind.q", "age_band", "q" };

  criterion->kind = KOH_CRITERION_ATTRIBUTE;
  criterion->attribute = (char *) attributes[g_test_rand_int_range (0, G_N_ELEMENTS (attributes))];
  criterion->at = g_test_rand_int_range (0, 2) == 0 ? KOH_DAY_NONE : day ("2017-07-01");
  if (g_str_equal (criterion->attribute, "sex") || g_str_equal (criterion->attribute, "age_band"))
    {
      criterion->in = keep_array (heap);
      g_ptr_array_add (criterion->in, (gpointer) (g_str_equal (criterion->attribute, "sex") ? "K" : "40–44"));
      if (g_test_rand_int_range (0, 2) == 0)
        g_ptr_array_add (criterion->in, (gpointer) (g_str_equal (criterion->attribute, "sex") ? "M" : "0–4"));
      return;
    }
  criterion->has_low = g_test_rand_int_range (0, 2) == 0;
  criterion->has_high = g_test_rand_int_range (0, 2) == 0;
  criterion->low = g_str_equal (criterion->attribute, "age") ? 20 : 2;
  criterion->high = g_str_equal (criterion->attribute, "age") ? 60 : 4;
}

static KohCriterion *
random_criterion (Heap *heap, guint depth)
{
  KohCriterion *criterion = keep (heap, g_new0 (KohCriterion, 1));

  criterion->enabled = TRUE;
  criterion->kind = (KohCriterionKind) g_test_rand_int_range (depth == 0 ? KOH_CRITERION_ATTRIBUTE : 0,
                                                              KOH_CRITERION_EVENT + 1);
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    random_attribute (heap, criterion);
  else if (criterion->kind == KOH_CRITERION_EVENT)
    {
      random_event (heap, &criterion->event);
      criterion->has_first = g_test_rand_int_range (0, 3) > 0;
      criterion->has_last = g_test_rand_int_range (0, 3) > 0;
      criterion->first = g_test_rand_int_range (-800, 100);
      criterion->last = criterion->first + g_test_rand_int_range (0, 800);
      criterion->at_least = 1;
    }
  else
    {
      criterion->children = keep_array (heap);
      for (gint i = criterion->kind == KOH_CRITERION_NOT ? 1 : g_test_rand_int_range (1, 4); i > 0; i--)
        g_ptr_array_add (criterion->children, random_criterion (heap, depth - 1));
      criterion->at_least = (guint) g_test_rand_int_range (1, (gint) criterion->children->len + 1);
    }
  return criterion;
}

/* ---- The definition -------------------------------------------------------------------------- */

static gint
index_of (const RandomWorld *world, const KohQuestion *question, guint position)
{
  KohEvent event = question->index;
  gint first = KOH_DAY_NONE, last = -1;

  if (question->occurrence == KOH_OCCURRENCE_DATE)
    return question->date;

  if (question->occurrence == KOH_OCCURRENCE_FIRST)
    event.from = event.to = KOH_DAY_NONE;
  for (guint i = 0; i < RANDOM_ROWS; i++)
    if (world->events[i].position == position && random_matches (&world->events[i], &event))
      {
        first = MIN (first, world->events[i].date);
        last = MAX (last, world->events[i].date);
      }
  if (question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD)
    return last < 0 ? KOH_DAY_NONE : last;
  return first < question->index.from || first > question->index.to ? KOH_DAY_NONE : first;
}

static gint
completed_years (gint birth, gint now)
{
  gint by, bm, bd, y, m, d;

  koh_day_split (birth, &by, &bm, &bd);
  koh_day_split (now, &y, &m, &d);
  return y - by - (m < bm || (m == bm && d < bd));
}

static gboolean
attribute_holds (const RandomWorld *world, const KohCriterion *criterion, guint position, gint index)
{
  gint now = criterion->at != KOH_DAY_NONE ? criterion->at : index, year, month, of_month;
  g_autofree char *text = NULL;
  gboolean about_age = g_str_has_prefix (criterion->attribute, "age");

  if (g_str_equal (criterion->attribute, "sex"))
    text = world->sex[position] != 0 ? g_strdup_printf ("%c", world->sex[position]) : NULL;
  else if (now == KOH_DAY_NONE)
    return FALSE;
  else if (about_age && (world->birth[position] == KOH_DAY_NONE || world->birth[position] > now))
    return FALSE;
  else if (g_str_equal (criterion->attribute, "age"))
    text = g_strdup_printf ("%d", completed_years (world->birth[position], now));
  else if (about_age)
    text = g_strdup_printf ("%d–%d", completed_years (world->birth[position], now) / 5 * 5,
                            completed_years (world->birth[position], now) / 5 * 5 + 4);
  else
    {
      koh_day_split (now, &year, &month, &of_month);
      if (year >= 2015 && year < 2015 + RANDOM_YEARS && world->quintile[position][year - 2015] > 0)
        text = g_strdup_printf ("%u", world->quintile[position][year - 2015]);
    }
  if (text == NULL)
    return FALSE;
  for (guint i = 0; criterion->in != NULL && i < criterion->in->len; i++)
    if (g_str_equal (criterion->in->pdata[i], text))
      return TRUE;
  return criterion->in == NULL && (!criterion->has_low || atoi (text) >= criterion->low) &&
         (!criterion->has_high || atoi (text) <= criterion->high);
}

static gboolean
holds (const RandomWorld *world, const KohCriterion *criterion, guint position, gint index)
{
  gboolean all = TRUE, any = FALSE;
  guint held = 0;

  if (criterion->kind == KOH_CRITERION_ATTRIBUTE)
    return attribute_holds (world, criterion, position, index);
  if (criterion->kind == KOH_CRITERION_EVENT)
    {
      for (guint i = 0; i < RANDOM_ROWS; i++)
        {
          const RandomEvent *row = &world->events[i];

          if (row->position == position && random_matches (row, &criterion->event) &&
              ((!criterion->has_first && !criterion->has_last) || index != KOH_DAY_NONE) &&
              (!criterion->has_first || row->date - index >= criterion->first) &&
              (!criterion->has_last || row->date - index <= criterion->last))
            return TRUE;
        }
      return FALSE;
    }
  for (guint i = 0; i < criterion->children->len; i++)
    {
      gboolean one = holds (world, criterion->children->pdata[i], position, index);

      all = all && one;
      any = any || one;
      held += one;
    }
  if (criterion->kind == KOH_CRITERION_AT_LEAST)
    return held >= criterion->at_least;
  return criterion->kind == KOH_CRITERION_ANY ? any : criterion->kind == KOH_CRITERION_NOT ? !all : all;
}

static void
a_flag_holds_for_exactly_those_whom_its_definition_names (void)
{
  g_autoptr (RandomWorld) world = random_world_new ();
  guint yes = 0, no = 0;

  for (guint round = 0; round < 300; round++)
    {
      Heap heap = { g_ptr_array_new_with_free_func (g_free),
                    g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref) };
      KohQuestion question = { .occurrence = (KohOccurrence) (round % 4), .date = day ("2017-02-28") };
      KohColumn column = { .kind = KOH_COLUMN_FLAG, .width = 1, .at_index = TRUE, .at = KOH_DAY_NONE };
      KohGather gather = { .store = world->store, .question = &question, .spine = world->spine };
      g_autoptr (GError) error = NULL;
      guint64 *bits;

      random_event (&heap, &question.index);
      question.index.from = day ("2015-03-01");
      question.index.to = day ("2019-12-31");
      column.criterion = random_criterion (&heap, 3);
      bits = koh_gather_column (&gather, &column, &error);
      g_assert_no_error (error);
      for (guint p = 0; p < RANDOM_POSITIONS; p++)
        {
          /* Positions without a person are nobody's: the register's column leaves them out. */
          gboolean expected = p < RANDOM_POSITIONS - 7
                                  ? holds (world, column.criterion, p, index_of (world, &question, p))
                                  : koh_plane_get (bits, p);

          g_assert_cmpint (koh_plane_get (bits, p), ==, expected);
          yes += expected;
          no += !expected;
        }
      koh_planes_free (bits, RANDOM_POSITIONS, 1);
      g_ptr_array_unref (heap.kept);
      g_ptr_array_unref (heap.arrays);
    }
  g_assert_cmpuint (yes, >, 2000);
  g_assert_cmpuint (no, >, 2000);
}

/* A window as wide as time needs no index date, though the question has one. */
static void
a_not_is_true_of_those_without_a_row (void)
{
  g_autoptr (RandomWorld) world = random_world_new ();
  g_autoptr (GPtrArray) codes = g_ptr_array_new (), children = g_ptr_array_new ();
  KohCriterion event = { .kind = KOH_CRITERION_EVENT,
                         .enabled = TRUE,
                         .at_least = 1,
                         .has_first = TRUE,
                         .first = -65535,
                         .event = { (char *) "diag", codes, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE } };
  KohCriterion none = { .kind = KOH_CRITERION_NOT, .enabled = TRUE, .children = children };
  KohColumn column = { .kind = KOH_COLUMN_FLAG, .width = 1, .at = KOH_DAY_NONE, .criterion = &none };
  KohGather gather = { .store = world->store, .spine = world->spine };
  g_autoptr (GError) error = NULL;
  guint64 *bits;

  g_ptr_array_add (children, &event);
  bits = koh_gather_column (&gather, &column, &error);
  g_assert_no_error (error);
  for (guint p = 0; p < RANDOM_POSITIONS - 7; p++)
    {
      gboolean seen = FALSE;

      for (guint i = 0; i < RANDOM_ROWS; i++)
        seen |= world->events[i].position == p;
      g_assert_cmpint (koh_plane_get (bits, p), ==, !seen);
    }
  koh_planes_free (bits, RANDOM_POSITIONS, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/flag/a-flag-holds-for-exactly-those-whom-its-definition-names",
                   a_flag_holds_for_exactly_those_whom_its_definition_names);
  g_test_add_func ("/store/flag/a-not-is-true-of-those-without-a-row", a_not_is_true_of_those_without_a_row);
  return g_test_run ();
}
