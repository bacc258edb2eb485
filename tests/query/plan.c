/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a plan consists of. That it computes what the question means is tested in tests/eval. */
#include "plan-world.h"

static void
equal_facts_give_equal_plans (void)
{
  g_autoptr (KohPlan) one = must (RICH), other = must (RICH);
  g_autofree char *text = koh_plan_to_text (one), *same = koh_plan_to_text (other);
  KohHash a = koh_plan_hash (one), b = koh_plan_hash (other),
          c = koh_hash_of ("kohorte/plan/1", text, strlen (text));

  g_assert_cmpstr (text, ==, same);
  g_assert_true (koh_hash_equal (&a, &b));
  g_assert_true (koh_hash_equal (&a, &c));
  g_assert_true (g_str_has_suffix (text, "\n"));
}

static void
nothing_of_the_caller_is_kept (void)
{
  g_autoptr (KohMap) map = make_map ();
  g_autoptr (KohSessionFacts) facts = make_facts (map);
  g_autoptr (KohQuestion) question = make_question ("t", RICH);
  g_autoptr (KohPlan) plan = koh_plan_new (question, map, facts, NULL);
  g_autofree char *before = koh_plan_to_text (plan), *after = NULL;

  g_clear_pointer (&map, koh_map_free);
  g_clear_pointer (&facts, koh_session_facts_free);
  g_clear_pointer (&question, koh_question_unref);
  after = koh_plan_to_text (plan);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpstr (koh_plan_question (plan)->title, ==, "t");
  g_assert_cmpuint (only (plan, KOH_COLUMN_CATEGORY)->levels->len, ==, 2);
  g_assert_cmpstr (((KohOwner *) koh_plan_facts (plan)->owners->pdata[0])->peer, ==, "aarhus");
}

typedef void (*Change) (KohMap *map, KohSessionFacts *facts);

static void change_roster (KohMap *map, KohSessionFacts *facts) { facts->roster.bytes[31] ^= 1; }
static void change_epoch (KohMap *map, KohSessionFacts *facts) { facts->epoch.bytes[0] ^= 1; }
static void change_positions (KohMap *map, KohSessionFacts *facts) { facts->positions++; }
static void change_k (KohMap *map, KohSessionFacts *facts) { facts->k++; }
static void
change_committee (KohMap *map, KohSessionFacts *facts)
{
  facts->committee[0] = 1, facts->committee[1] = 0;
}

static void
change_latency (KohMap *map, KohSessionFacts *facts)
{
  g_free (facts->latency);
  facts->latency = g_strdup ("wan");
}

static void
change_snapshot (KohMap *map, KohSessionFacts *facts)
{
  ((KohOwner *) facts->owners->pdata[3])->snapshot.bytes[5] ^= 1;
}

static void
change_organisation (KohMap *map, KohSessionFacts *facts)
{
  KohOwner *owner = facts->owners->pdata[3];

  g_free (owner->organisation);
  owner->organisation = g_strdup ("vejle\" population snapshot \"");
}

static void
change_levels (KohMap *map, KohSessionFacts *facts)
{
  KohLevel *level = koh_map_attribute (map, "sex", &(KohDataset *){ NULL }, NULL)->levels->pdata[1];

  g_free (level->code);
  level->code = g_strdup ("9");
}

static void
any_change_of_the_facts_changes_the_plan (void)
{
  static const Change changes[] = {
    NULL,           change_roster,    change_epoch,    change_positions,    change_k,
    change_latency, change_committee, change_snapshot, change_organisation, change_levels
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (KohMap) map = make_map ();
      g_autoptr (KohSessionFacts) facts = make_facts (map);
      g_autoptr (KohQuestion) question = make_question ("t", RICH);
      g_autoptr (KohPlan) plan = NULL;
      g_autoptr (GError) error = NULL;
      KohHash hash;

      if (changes[i] != NULL)
        changes[i] (map, facts);
      plan = koh_plan_new (question, map, facts, &error);
      g_assert_no_error (error);
      hash = koh_plan_hash (plan);
      g_assert_true (g_hash_table_add (seen, koh_hash_to_hex (&hash)));
    }
}

/* The title does not shape the computation; but it is part of the question, whose hash stands in the plan. */
static void
the_title_changes_nothing_but_the_question (void)
{
  g_autoptr (KohMap) map = make_map ();
  g_autoptr (KohSessionFacts) facts = make_facts (map);
  g_autoptr (KohQuestion) question = make_question ("t", RICH), other = make_question ("u", RICH);
  g_autoptr (KohPlan) a = koh_plan_new (question, map, facts, NULL),
                      b = koh_plan_new (other, map, facts, NULL);
  g_autofree char *a_text = koh_plan_to_text (a), *b_text = koh_plan_to_text (b);
  g_auto (GStrv) a_lines = g_strsplit (a_text, "\n", -1), b_lines = g_strsplit (b_text, "\n", -1);
  guint differing = 0;

  g_assert_cmpuint (g_strv_length (a_lines), ==, g_strv_length (b_lines));
  for (guint i = 0; a_lines[i] != NULL; i++)
    if (!g_str_equal (a_lines[i], b_lines[i]))
      {
        g_assert_true (g_str_has_prefix (a_lines[i], "question "));
        differing++;
      }
  g_assert_cmpuint (differing, ==, 1);
}

static void
what_cannot_be_planned_is_refused_and_says_where (void)
{
  assert_refused ("{\"event\": {\"dataset\": \"procedures\"}, \"occurrence\": \"first\"}", "", COUNT,
                  KOH_ERROR_UNSUPPORTED, "vejle");
  assert_refused (INDEX_TWO, "{\"event\": {\"dataset\": \"procedures\"}, \"within\": [0, 5]}", COUNT,
                  KOH_ERROR_UNSUPPORTED, "vejle");
  assert_refused (INDEX_TWO, "{\"event\": {\"dataset\": \"nowhere\"}, \"within\": [0, 5]}", COUNT,
                  KOH_ERROR_INVALID, "/criteria/all/0");
  assert_refused (INDEX_TWO, "{\"attribute\": \"nothing\", \"in\": [\"1\"]}", COUNT, KOH_ERROR_INVALID,
                  "/criteria/all/0");
  assert_refused (INDEX_TWO,
                  SEX ", {\"not\": {\"attribute\": \"municipality\", \"at\": \"index\", \"in\": [\"1\"]}}",
                  COUNT, KOH_ERROR_UNSUPPORTED, "/criteria/all/1/not");
  assert_refused (INDEX_TWO, WITHIN (5, 4), COUNT, KOH_ERROR_INVALID, "/criteria/all/0/within");
  assert_refused (
      "{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"2024-01-01\"}, \"occurrence\": \"first\"}", "",
      COUNT, KOH_ERROR_INVALID, "/index/event");
  assert_refused ("{\"event\": {\"dataset\": \"undated\"}, \"occurrence\": \"first\"}", WITHIN (0, 9), COUNT,
                  KOH_ERROR_UNSUPPORTED, "/criteria/all/0");
  assert_refused ("{\"event\": {\"dataset\": \"undated\"}, \"occurrence\": \"first\"}",
                  "{\"attribute\": \"income_quintile\", \"at\": \"index\", \"in\": [\"1\"]}", COUNT,
                  KOH_ERROR_UNSUPPORTED, "/criteria/all/0");
  assert_refused (
      "{\"event\": {\"dataset\": \"diagnoses\", \"from\": \"1900-01-01\", \"to\": \"2022-12-31\"}, "
      "\"occurrence\": \"first\"}",
      WITHIN (1, 1), COUNT, KOH_ERROR_UNSUPPORTED, "/criteria/all/0");
  assert_refused (
      INDEX_TWO, "",
      "{\"type\": \"crosstab\", \"by\": [\"sex\", \"region\"]}, {\"type\": \"crosstab\", \"by\": "
      "[\"region\", \"income_quintile\"]}, {\"type\": \"crosstab\", \"by\": [\"income_quintile\", \"sex\"]}",
      KOH_ERROR_INVALID, "/analyses");
  assert_refused (INDEX_TWO, "", "{\"type\": \"count\", \"by\": [\"birth_date\"]}", KOH_ERROR_INVALID,
                  "/analyses/0");
  assert_refused (INDEX_TWO, "",
                  "{\"type\": \"crosstab\", \"by\": [\"parish\", {\"attribute\": \"municipality\", \"at\": "
                  "\"2018-01-01\"}]}",
                  KOH_ERROR_UNSUPPORTED, "cells");
  assert_refused (INDEX_TWO, FIVE ", " FIVE ", " FIVE,
                  "{\"type\": \"attrition\", \"by\": [\"parish\", \"region\"]}", KOH_ERROR_UNSUPPORTED,
                  "numbers");
}

/* A date does not matter to an attribute for life; so these are one variable, and the tables meet in a ring.
 */
static void
rings_are_seen_through_dates (void)
{
  assert_refused (
      INDEX_TWO, "",
      "{\"type\": \"crosstab\", \"by\": [\"sex\", \"region\"]}, {\"type\": \"crosstab\", \"by\": "
      "[{\"attribute\": \"region\", \"at\": \"2018-01-01\"}, \"income_quintile\"]}, {\"type\": \"crosstab\", "
      "\"by\": [\"income_quintile\", {\"attribute\": \"population.sex\", \"at\": \"2019-01-01\"}]}",
      KOH_ERROR_UNSUPPORTED, "ring");
}

static void keep_two (KohMap *map, KohSessionFacts *facts) { facts->committee[2] = 4; }
static void
seat_one_twice (KohMap *map, KohSessionFacts *facts)
{
  facts->committee[2] = facts->committee[0];
}
static void allow_small (KohMap *map, KohSessionFacts *facts) { facts->k = 2; }
static void leave_nobody (KohMap *map, KohSessionFacts *facts) { facts->positions = 0; }
static void
lose_register (KohMap *map, KohSessionFacts *facts)
{
  ((KohOwner *) facts->owners->pdata[1])->population = FALSE;
}
static void lose_owner (KohMap *map, KohSessionFacts *facts) { g_ptr_array_set_size (facts->owners, 3); }

static void
marry_two (KohMap *map, KohSessionFacts *facts)
{
  KohOwner *a = facts->owners->pdata[0], *b = facts->owners->pdata[2];

  g_free (a->organisation);
  a->organisation = g_strdup (b->organisation);
}

static void
swap_names (KohMap *map, KohSessionFacts *facts)
{
  KohOwner *a = facts->owners->pdata[0], *b = facts->owners->pdata[2];
  char *peer = a->peer;

  a->peer = b->peer;
  b->peer = peer;
}

static void
facts_that_cannot_be_are_refused (void)
{
  static const Change changes[] = { keep_two,      seat_one_twice, allow_small, leave_nobody,
                                    lose_register, lose_owner,     marry_two,   swap_names };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (KohMap) map = make_map ();
      g_autoptr (KohSessionFacts) facts = make_facts (map);
      g_autoptr (KohQuestion) question = make_question ("t", RICH);
      g_autoptr (KohPlan) plan = NULL;
      g_autoptr (GError) error = NULL;

      changes[i] (map, facts);
      plan = koh_plan_new (question, map, facts, &error);
      g_assert_null (plan);
      g_assert_nonnull (error);
      g_assert_true (error->domain == KOH_ERROR);
    }
}

/* Cells as long as a gap between events cannot be, and few enough for the period. */
static void
staircases_have_cells_that_a_run_cannot_miss (void)
{
  static const struct
  {
    const char *criterion;
    guint bits, cells;
  } cases[] = {
    { WITHIN (0, 0), 1, 913 },    { WITHIN (0, 1), 1, 913 },    { WITHIN (0, 2), 2, 457 },
    { WITHIN (-5, -4), 1, 913 },  { WITHIN (0, 30), 5, 58 },    { WITHIN (0, 29), 4, 115 },
    { WITHIN (-365, -1), 8, 8 },  { WITHIN (-254, -1), 7, 15 }, { WITHIN (-255, -1), 8, 8 },
    { WITHIN (1, 1825), 10, 2 },  { WITHIN (1, 2046), 10, 2 },  { WITHIN (1, 2047), 11, 1 },
    { WITHIN (0, 60000), 11, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KohPlan) plan = must (INDEX_TWO, cases[i].criterion, COUNT);
      const KohColumn *column = only (plan, KOH_COLUMN_WINDOW);
      const guint days = (guint) (koh_day_join (2022, 12, 31) - koh_day_join (2018, 1, 1) + 1);

      g_assert_cmpuint (days, ==, 1826);
      g_assert_cmpuint (column->cell_bits, ==, cases[i].bits);
      g_assert_cmpuint (column->cells, ==, cases[i].cells);
      g_assert_cmpuint (column->width, ==, column->cells * 2 * column->cell_bits);
      g_assert_cmpint (1 << column->cell_bits, <=, column->last - column->first + 2);
      g_assert_cmpuint (column->cells << column->cell_bits, >=, days);
      g_assert_cmpint (column->from, ==, koh_day_join (2018, 1, 1));
      g_assert_cmpint (column->to, ==, koh_day_join (2022, 12, 31));
    }
}

/* What concerns one owner only is one flag of that owner. */
static void
one_owners_criteria_are_one_flag (void)
{
  g_autoptr (KohPlan) group =
      must (INDEX_TWO, "{\"any\": [" SEX ", {\"not\": {\"all\": [" REGION ", " SEX "]}}]}", COUNT);
  g_autoptr (KohPlan) steps = must (INDEX_TWO, SEX ", " REGION ", " SEX, COUNT);
  g_autoptr (KohPlan) own = must (
      INDEX_ONE,
      "{\"not\": {\"any\": [" WITHIN (
          -30, -1) ", {\"attribute\": \"age\", "
                   "\"at\": \"index\", \"between\": [0, 50]}, {\"attribute\": \"municipality\", \"at\": "
                   "\"index\", \"in\": [\"1\"]}]}}",
      COUNT);
  g_autoptr (KohPlan) mixed = must (INDEX_TWO, "{\"any\": [" SEX ", " WITHIN (0, 9) "]}", COUNT);
  g_autoptr (KohPlan) disabled = must (INDEX_TWO,
                                       "{\"any\": [" SEX ", {\"attribute\": \"region\", \"in\": [\"1\"], "
                                       "\"enabled\": false}]}",
                                       COUNT);
  const KohColumn *flag = only (group, KOH_COLUMN_FLAG);

  g_assert_cmpuint (flag->owner, ==, 1);
  g_assert_cmpint (flag->criterion->kind, ==, KOH_CRITERION_ANY);
  g_assert_false (flag->at_index);
  g_assert_cmpuint (flag->width, ==, 1);
  /* Equal criteria are one column. */
  g_assert_cmpuint (how_many (steps, KOH_COLUMN_FLAG), ==, 2);
  flag = only (own, KOH_COLUMN_FLAG);
  g_assert_true (flag->at_index);
  g_assert_cmpint (flag->criterion->kind, ==, KOH_CRITERION_NOT);
  g_assert_null (only (own, KOH_COLUMN_BIRTH));
  flag = only (mixed, KOH_COLUMN_FLAG);
  g_assert_cmpint (flag->criterion->kind, ==, KOH_CRITERION_ATTRIBUTE);
  /* What an owner evaluates is a part of the document as it stands, so nothing in it is disabled. */
  flag = only (disabled, KOH_COLUMN_FLAG);
  g_assert_cmpint (flag->criterion->kind, ==, KOH_CRITERION_ATTRIBUTE);
}

static void
dates_carry_a_calendar_only_where_it_is_needed (void)
{
  static const struct
  {
    const char *criteria, *analyses;
    gboolean calendar;
  } cases[] = {
    { WITHIN (0, 30), COUNT, FALSE },
    { SEX, COUNT, FALSE },
    { "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [18, null]}", COUNT, TRUE },
    { "{\"attribute\": \"age\", \"at\": \"2018-01-01\", \"between\": [18, null]}", COUNT, FALSE },
    { "{\"attribute\": \"age\", \"at\": \"index\", \"between\": [18, null], \"enabled\": false}", COUNT,
      FALSE },
    { "{\"not\": {\"attribute\": \"income_quintile\", \"at\": \"index\", \"in\": [\"1\"]}}", COUNT, TRUE },
    { SEX, "{\"type\": \"count\", \"by\": [\"income_quintile\"]}", TRUE },
    { SEX, "{\"type\": \"count\", \"by\": [{\"attribute\": \"income_quintile\", \"at\": \"2018-01-01\"}]}",
      FALSE },
    { SEX, "{\"type\": \"count\", \"by\": [{\"attribute\": \"age_band\", \"at\": \"index\"}]}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KohPlan) plan = must (INDEX_TWO, cases[i].criteria, cases[i].analyses);
      g_autoptr (KohPlan) own = must (INDEX_ONE, cases[i].criteria, cases[i].analyses);
      guint dates = 0;

      for (guint c = 0; c < koh_plan_columns (plan)->len; c++)
        {
          const KohColumn *column = koh_plan_columns (plan)->pdata[c];

          if (column->kind != KOH_COLUMN_DATE)
            continue;
          g_assert_cmpint (column->calendar, ==, cases[i].calendar);
          g_assert_cmpuint (column->width, ==, cases[i].calendar ? 33 : 16);
          /* The earliest in the whole record. */
          g_assert_cmpint (column->event->from, ==, KOH_DAY_NONE);
          g_assert_cmpint (column->from, ==, KOH_DAY_NONE);
          dates++;
        }
      g_assert_cmpuint (dates, ==, 2);
      g_assert_false (only (own, KOH_COLUMN_DATE)->calendar);
      g_assert_cmpint (only (own, KOH_COLUMN_DATE)->from, ==, koh_day_join (2018, 1, 1));
    }
}

static void
years_are_those_of_the_index_period (void)
{
  g_autoptr (KohPlan) plan =
    must (INDEX_TWO, "{\"attribute\": \"income_quintile\", \"at\": \"index\", \"in\": [\"1\"]}", COUNT);
  g_autoptr (KohPlan) grouped = must (INDEX_TWO, "", "{\"type\": \"count\", \"by\": [\"income_quintile\"]}");
  const KohColumn *flags = only (plan, KOH_COLUMN_YEARS), *levels = only (grouped, KOH_COLUMN_YEARS);

  g_assert_cmpint (flags->first_year, ==, 2018);
  g_assert_cmpint (flags->last_year, ==, 2022);
  g_assert_cmpuint (flags->width, ==, 5);
  g_assert_cmpuint (levels->width, ==, 15); /* 1…5 and missing: 3 bits */
  g_assert_cmpuint (levels->levels->len, ==, 5);
}

static void
chunks_keep_messages_short (void)
{
  g_autoptr (KohPlan) narrow = must (INDEX_TWO, SEX, COUNT);
  g_autoptr (KohPlan) wide = must (INDEX_TWO, WITHIN (1, 1), COUNT);
  g_autoptr (KohPlan) tall =
      must (INDEX_TWO, "", "{\"type\": \"crosstab\", \"by\": [\"parish\", \"region\"]}");

  g_assert_cmpuint (koh_plan_chunk_rows (narrow), ==, 1 << 16);
  g_assert_cmpuint (only (wide, KOH_COLUMN_WINDOW)->width, ==, 1826);
  g_assert_cmpuint (koh_plan_chunk_rows (wide), ==, (32u << 20) / 1827 / 64 * 64);
  g_assert_cmpuint (koh_plan_chunk_rows (tall), ==, (8u << 20) / (201 * 6) / 64 * 64);
  g_assert_cmpuint (koh_plan_count_bits (narrow), ==, 17);
}

/* Fewest levels first, ties by name; a table that another contains is not counted. */
static void
tables_stand_in_public_order (void)
{
  g_autoptr (KohPlan) plan =
      must (INDEX_TWO, SEX ", " REGION,
            "{\"type\": \"crosstab\", \"by\": [\"region\", \"sex\"]}, {\"type\": \"count\", \"by\": "
            "[\"population.region\"]}, {\"type\": \"crosstab\", \"by\": [{\"attribute\": "
            "\"income_quintile\", \"at\": "
            "\"2018-01-01\"}, \"region\"]}, {\"type\": \"attrition\", \"by\": [\"sex\"]}, {\"type\": "
            "\"attrition\", \"by\": [\"sex\"]}");
  static const char *const order[] = { "sex", "income_quintile", "region" };
  const GPtrArray *groupings = koh_plan_groupings (plan), *tables = koh_plan_tables (plan);
  const GArray *counts = koh_plan_counts (plan);
  const KohPlanAnalysis *first = koh_plan_analyses (plan)->pdata[0];
  guint finals = 0;

  g_assert_cmpuint (groupings->len, ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (((const KohGrouping *) groupings->pdata[i])->variable, ==, order[i]);
  g_assert_cmpuint (tables->len, ==, 4); /* sex × region, region, income × region, sex */
  g_assert_cmpuint (g_array_index (first->by, guint, 0), ==, 2);
  g_assert_cmpuint (g_array_index (first->by, guint, 1), ==, 0);
  g_assert_cmpuint (koh_plan_attritions (plan)->len, ==, 1);
  for (guint i = 0; i < counts->len; i++)
    {
      const KohPlanCount *count = &g_array_index (counts, KohPlanCount, i);
      const KohPlanTable *table = tables->pdata[count->table];

      finals += count->step == 2;
      g_assert_cmpuint (table->by->len, ==, count->step == 2 ? 2 : 1);
    }
  g_assert_cmpuint (finals, ==, 2);
  g_assert_cmpuint (counts->len, ==, 2 + 2);
}

/* Nothing is computed twice, and nothing is named before it stands. */
static void
operations_follow_what_they_need (void)
{
  g_autoptr (KohPlan) plan = must (RICH);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = koh_plan_to_text (plan);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const GPtrArray *ops = koh_plan_ops (plan);
  guint found = 0;

  for (guint i = 0; i < ops->len; i++)
    {
      const KohOp *op = ops->pdata[i];

      for (guint j = 0; j < op->in->len; j++)
        if (g_array_index (op->in, guint, j) != KOH_NOTHING)
          g_assert_cmpuint (g_array_index (op->in, guint, j), <, i);
    }
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '%')
      {
        g_autofree char *number = g_strdup_printf ("%%%u = ", found++);

        g_assert_true (g_str_has_prefix (lines[i], number));
        g_assert_true (g_hash_table_add (seen, g_strdup (lines[i] + strlen (number))));
      }
  g_assert_cmpuint (found, ==, ops->len);
}

static void
labels_are_unique (void)
{
  g_autoptr (KohPlan) plan = must (RICH);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < koh_plan_columns (plan)->len; i++)
    g_assert_true (g_hash_table_add (seen, ((KohColumn *) koh_plan_columns (plan)->pdata[i])->label));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/plan/equal-facts-give-equal-plans", equal_facts_give_equal_plans);
  g_test_add_func ("/query/plan/nothing-of-the-caller-is-kept", nothing_of_the_caller_is_kept);
  g_test_add_func ("/query/plan/any-change-of-the-facts-changes-the-plan",
                   any_change_of_the_facts_changes_the_plan);
  g_test_add_func ("/query/plan/the-title-changes-nothing-but-the-question",
                   the_title_changes_nothing_but_the_question);
  g_test_add_func ("/query/plan/what-cannot-be-planned-is-refused-and-says-where",
                   what_cannot_be_planned_is_refused_and_says_where);
  g_test_add_func ("/query/plan/rings-are-seen-through-dates", rings_are_seen_through_dates);
  g_test_add_func ("/query/plan/facts-that-cannot-be-are-refused", facts_that_cannot_be_are_refused);
  g_test_add_func ("/query/plan/staircases-have-cells-that-a-run-cannot-miss",
                   staircases_have_cells_that_a_run_cannot_miss);
  g_test_add_func ("/query/plan/one-owners-criteria-are-one-flag", one_owners_criteria_are_one_flag);
  g_test_add_func ("/query/plan/dates-carry-a-calendar-only-where-it-is-needed",
                   dates_carry_a_calendar_only_where_it_is_needed);
  g_test_add_func ("/query/plan/years-are-those-of-the-index-period", years_are_those_of_the_index_period);
  g_test_add_func ("/query/plan/chunks-keep-messages-short", chunks_keep_messages_short);
  g_test_add_func ("/query/plan/tables-stand-in-public-order", tables_stand_in_public_order);
  g_test_add_func ("/query/plan/operations-follow-what-they-need", operations_follow_what_they_need);
  g_test_add_func ("/query/plan/labels-are-unique", labels_are_unique);
  return g_test_run ();
}
