/* SPDX-License-Identifier: EUPL-1.2
 *
 * Every kind of column over a small register whose columns were worked out by hand. Two of the keys are
 * one person (at position 2), and one has no position. */
#include "store/column.h"

#include "fixture.h"

#define A "0101800001"  /* position 0 */
#define B "2902000002"  /* 1, born 29 February 2000 */
#define C "0312750003"  /* 2 */
#define C2 "031275AB03" /* 2 as well: a replacement number */
#define D "1507600004"  /* 3, without any event */
#define E "9999999999"  /* no position */
#define POSITIONS 70    /* two words */

static const char sql[] =
    "CREATE TABLE bef (person, birth_date, sex);"
    "INSERT INTO bef VALUES ('" A "', '1980-01-01', 'M'), ('" B "', '2000-02-29', 'K'), ('" C
    "', '1975-12-03', 'K'),"
    " ('" C2 "', '1975-12-04', 'M'), ('" D "', NULL, 'X'), ('" E "', '1990-01-01', 'M');"
    "CREATE TABLE ind (person, valid_from, valid_to, q);"
    "INSERT INTO ind VALUES ('" A "', '2018-01-01', '2018-12-31', 1), ('" A
    "', '2019-01-01', '2019-12-31', 5),"
    " ('" B "', '2019-01-01', '2019-12-31', NULL), ('" C "', '2018-01-01', '2018-12-31', 3), ('" C
    "', '2020-01-01', '2020-12-31', 9),"
    " ('" C2 "', '2018-01-01', '2018-12-31', 4), ('" C2 "', '2019-01-01', '2019-12-31', 2);"
    "CREATE TABLE adr (person, valid_from, valid_to, place);"
    "INSERT INTO adr VALUES ('" A "', '', '2018-06-30', 'n'), ('" A "', '2018-07-01', '9999-12-31', 's'),"
    " ('" B "', '2018-01-01', '2019-12-31', 'n'), ('" B "', '2019-02-01', '2019-03-31', 's'), ('" C2
    "', '2018-01-01', '2018-12-31', 's');"
    "CREATE TABLE home (person, valid_from, valid_to, place);"
    "INSERT INTO home VALUES ('" A "', NULL, '2018-06-30', 'n'), ('" B "', '2018-07-01', NULL, 's'),"
    " ('" C "', '2018-07-01', '', '');"
    "CREATE TABLE diag (person, date, code);"
    "INSERT INTO diag VALUES ('" A "', '2018-06-30', 'DI219'), ('" A "', '2017-01-01', 'DI500'), ('" A
    "', '2019-06-30', 'DI214'),"
    " ('" B "', '2019-03-01', 'DI21'), ('" C "', '2019-05-05', 'DI219'), ('" C2
    "', '2018-12-31', 'DI210B'), ('" D "', '2018-01-01', 'DJ18'),"
    " ('" E "', '2018-01-01', 'DI21');";

static const char ini[] =
    "[peer]\nname=x\npopulation=true\n"
    "[dataset bef]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM bef\nlevels.sex=M;K\n"
    "[dataset ind]\nkind=person\nvalidity=year\nsource=sqlite:data.sqlite\nquery=SELECT * FROM "
    "ind\nlevels.q=1;2;3;4;5\n"
    "[dataset adr]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM adr\nlevels.place=n;s\n"
    "[dataset home]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM home\nlevels.place=n;s\n"
    "[dataset diag]\nkind=event\ncode_system=SKS\nsource=sqlite:data.sqlite\nquery=SELECT * FROM diag\n";

static KohCodeRef infarct = { (char *) "SKS", (char *) "DI21" };

typedef struct
{
  Fixture *fixture;
  KohStore *store;
  KohSpine *spine;
  GPtrArray *codes;
  KohQuestion question;
  KohGather gather;
  KohEvent event; /* infarct, at any time */
} World;

static World *
world_new (void)
{
  World *world = g_new0 (World, 1);

  world->fixture = fixture_new (sql, ini);
  world->store = fixture_store (world->fixture);
  world->spine = koh_spine_new (POSITIONS);
  koh_spine_add (world->spine, A, 0);
  koh_spine_add (world->spine, B, 1);
  koh_spine_add (world->spine, C, 2);
  koh_spine_add (world->spine, C2, 2);
  koh_spine_add (world->spine, D, 69);
  koh_spine_sort (world->spine);
  world->codes = g_ptr_array_new ();
  g_ptr_array_add (world->codes, &infarct);
  world->event = (KohEvent){ (char *) "diag", world->codes, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE };
  world->question.index = world->event;
  world->gather = (KohGather){ .store = world->store, .question = &world->question, .spine = world->spine };
  return world;
}

static void
world_free (World *world)
{
  koh_store_free (world->store);
  koh_spine_free (world->spine);
  g_ptr_array_unref (world->codes);
  fixture_free (world->fixture);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static const guint at[] = { 0, 1, 2, 69 };

/* The column's `width` planes from `first` on hold these numbers for A, B, C and D, and `otherwise` for all
 * the others. */
static void
assert_planes (const guint64 *planes, guint first, guint width, const guint expected[4], guint otherwise)
{
  for (guint i = 0; i < POSITIONS; i++)
    {
      guint value = koh_planes_get (planes, koh_plane_words (POSITIONS), first, width, i), want = otherwise;

      for (guint p = 0; p < 4; p++)
        if (at[p] == i)
          want = expected[p];
      g_assert_cmpuint (value, ==, want);
    }
}

static guint64 *
gather (World *world, const KohColumn *column)
{
  g_autoptr (GError) error = NULL;
  guint64 *planes = koh_gather_column (&world->gather, column, &error);

  g_assert_no_error (error);
  return planes;
}

static KohColumn
column (KohColumnKind kind, guint width)
{
  return (KohColumn){
    .kind = kind, .width = width, .at = KOH_DAY_NONE, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE
  };
}

static void
registered_are_those_of_the_register (void)
{
  g_autoptr (World) world = world_new ();
  KohColumn one = column (KOH_COLUMN_REGISTERED, 1);
  guint64 *planes = gather (world, &one);

  assert_planes (planes, 0, 1, (guint[]){ 1, 1, 1, 1 }, 0);
  g_assert_cmpuint (world->gather.missed, ==, 1);
  koh_planes_free (planes, POSITIONS, 1);
}

static void
birth_is_year_day_and_present (void)
{
  g_autoptr (World) world = world_new ();
  KohColumn birth = column (KOH_COLUMN_BIRTH, 18);
  guint64 *planes;

  birth.dataset = (char *) "bef";
  birth.attribute = (char *) "birth_date";
  planes = gather (world, &birth);
  assert_planes (planes, 0, 8, (guint[]){ 100, 120, 95, 0 }, 0);
  /* Of the two keys of one person, the first that is read. */
  assert_planes (planes, 8, 9, (guint[]){ 32 + 1, 64 + 29, 384 + 3, 0 }, 0);
  assert_planes (planes, 17, 1, (guint[]){ 1, 1, 1, 0 }, 0);
  koh_planes_free (planes, POSITIONS, 18);
}

static void
earliest_and_latest_dates_join_two_keys_of_one_person (void)
{
  g_autoptr (World) world = world_new ();
  KohColumn date = column (KOH_COLUMN_DATE, 33);
  guint first[4] = { (guint) day ("2018-06-30"), (guint) day ("2019-03-01"), (guint) day ("2018-12-31"),
                     65535 };
  guint last[4] = { (guint) day ("2019-06-30") + 1, (guint) day ("2019-03-01") + 1,
                    (guint) day ("2019-05-05") + 1, 0 };
  guint64 *planes;

  date.event = &world->event;
  date.calendar = TRUE;
  planes = gather (world, &date);
  assert_planes (planes, 0, 16, first, 65535);
  assert_planes (planes, 16, 8, (guint[]){ 138, 139, 138, 0 }, 0);
  assert_planes (planes, 24, 9, (guint[]){ 6 * 32 + 30, 3 * 32 + 1, 12 * 32 + 31, 0 }, 0);
  koh_planes_free (planes, POSITIONS, 33);
  g_assert_cmpuint (world->gather.missed, ==, 1);

  date.latest = TRUE;
  planes = gather (world, &date);
  assert_planes (planes, 0, 16, last, 0);
  assert_planes (planes, 24, 9, (guint[]){ 6 * 32 + 30, 3 * 32 + 1, 5 * 32 + 5, 0 }, 0);
  koh_planes_free (planes, POSITIONS, 33);

  /* The column's bounds and the event's own both hold. */
  date.latest = date.calendar = FALSE;
  date.width = 16;
  date.from = day ("2019-01-01");
  planes = gather (world, &date);
  assert_planes (
      planes, 0, 16,
      (guint[]){ (guint) day ("2019-06-30"), (guint) day ("2019-03-01"), (guint) day ("2019-05-05"), 65535 },
      65535);
  koh_planes_free (planes, POSITIONS, 16);
  world->event.to = day ("2019-05-04");
  planes = gather (world, &date);
  assert_planes (planes, 0, 16, (guint[]){ 65535, (guint) day ("2019-03-01"), 65535, 65535 }, 65535);
  koh_planes_free (planes, POSITIONS, 16);
}

static KohLevel sexes[] = { { (char *) "M", NULL, NULL }, { (char *) "K", NULL, NULL } };
static KohLevel places[] = { { (char *) "n", NULL, NULL }, { (char *) "s", NULL, NULL } };
static KohLevel fifths[] = { { (char *) "1", NULL, NULL },
                             { (char *) "2", NULL, NULL },
                             { (char *) "3", NULL, NULL },
                             { (char *) "4", NULL, NULL },
                             { (char *) "5", NULL, NULL } };

static GPtrArray *
levels_of (KohLevel *levels, guint n)
{
  GPtrArray *array = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (array, &levels[i]);
  return array;
}

static void
category (World *world, const char *dataset, const char *attribute, GPtrArray *levels, gboolean at_index,
          gint at_day, const guint expected[4])
{
  KohColumn one = column (KOH_COLUMN_CATEGORY, 5);
  guint64 *planes;

  one.dataset = (char *) dataset;
  one.attribute = (char *) attribute;
  one.levels = levels;
  one.at_index = at_index;
  one.at = at_day;
  planes = gather (world, &one);
  assert_planes (planes, 0, 5, expected, levels->len);
  koh_planes_free (planes, POSITIONS, 5);
}

static void
a_category_is_the_level_that_holds_then (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) sex = levels_of (sexes, 2), place = levels_of (places, 2),
                        fifth = levels_of (fifths, 5);

  /* X is not listed: missing. */
  category (world, "bef", "sex", sex, FALSE, KOH_DAY_NONE, (guint[]){ 0, 1, 1, 2 });
  category (world, "ind", "q", fifth, FALSE, day ("2018-01-01"), (guint[]){ 0, 5, 2, 5 });
  category (world, "ind", "q", fifth, FALSE, day ("2019-12-31"), (guint[]){ 4, 5, 1, 5 });
  category (world, "ind", "q", fifth, FALSE, day ("2020-06-01"), (guint[]){ 5, 5, 5, 5 });
  /* An open end; of several that hold, the latest valid_from. */
  category (world, "adr", "place", place, FALSE, day ("2018-06-30"), (guint[]){ 0, 0, 1, 2 });
  category (world, "adr", "place", place, FALSE, day ("2018-07-01"), (guint[]){ 1, 0, 1, 2 });
  category (world, "adr", "place", place, FALSE, day ("2019-02-01"), (guint[]){ 1, 1, 2, 2 });
  category (world, "adr", "place", place, FALSE, day ("2019-04-01"), (guint[]){ 1, 0, 2, 2 });
  category (world, "home", "place", place, FALSE, day ("1900-01-01"), (guint[]){ 0, 2, 2, 2 });
  category (world, "home", "place", place, FALSE, day ("2050-01-01"), (guint[]){ 2, 1, 2, 2 });
  /* Index dates: A 2018-06-30, B 2019-03-01, C 2018-12-31. */
  category (world, "ind", "q", fifth, TRUE, KOH_DAY_NONE, (guint[]){ 0, 5, 2, 5 });
  category (world, "adr", "place", place, TRUE, KOH_DAY_NONE, (guint[]){ 0, 1, 1, 2 });
}

static void
the_index_date_is_the_first_of_all_in_the_period (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) place = levels_of (places, 2);

  /* A's first is before the period: no index date. In the period, A's next one counts. */
  world->question.index.from = day ("2018-07-01");
  category (world, "adr", "place", place, TRUE, KOH_DAY_NONE, (guint[]){ 2, 1, 1, 2 });
  world->question.occurrence = KOH_OCCURRENCE_FIRST_IN_PERIOD;
  category (world, "adr", "place", place, TRUE, KOH_DAY_NONE, (guint[]){ 1, 1, 1, 2 });
  world->question.index.from = day ("2019-01-01");
  category (world, "adr", "place", place, TRUE, KOH_DAY_NONE, (guint[]){ 1, 1, 2, 2 });
}

static void
age_bands_turn_on_the_birthday (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) bands = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 19; i++)
    {
      KohLevel *level = g_new0 (KohLevel, 1);

      level->code = i == 18 ? g_strdup ("90+") : g_strdup_printf ("%u–%u", i * 5, i * 5 + 4);
      g_ptr_array_add (bands, level);
    }
  category (world, "bef", "age_band", bands, FALSE, day ("2020-02-28"), (guint[]){ 8, 3, 8, 19 });
  category (world, "bef", "age_band", bands, FALSE, day ("2020-02-29"), (guint[]){ 8, 4, 8, 19 });
  category (world, "bef", "age_band", bands, FALSE, day ("2025-02-28"), (guint[]){ 9, 4, 9, 19 });
  category (world, "bef", "age_band", bands, FALSE, day ("2025-03-01"), (guint[]){ 9, 5, 9, 19 });
  /* Not yet born: missing. On the day of birth: 0. */
  category (world, "bef", "age_band", bands, FALSE, day ("1979-12-31"), (guint[]){ 19, 19, 0, 19 });
  category (world, "bef", "age_band", bands, FALSE, day ("1980-01-01"), (guint[]){ 0, 19, 0, 19 });
  category (world, "bef", "age_band", bands, FALSE, day ("2059-01-01"), (guint[]){ 15, 11, 16, 19 });
  category (world, "bef", "age_band", bands, TRUE, KOH_DAY_NONE, (guint[]){ 7, 3, 8, 19 });
  for (guint i = 0; i < bands->len; i++)
    g_free (((KohLevel *) bands->pdata[i])->code);
}

static void
years_stand_side_by_side (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GPtrArray) fifth = levels_of (fifths, 5);
  KohCriterion low = {
    .kind = KOH_CRITERION_ATTRIBUTE, .attribute = (char *) "q", .has_high = TRUE, .high = 4
  };
  KohColumn years = column (KOH_COLUMN_YEARS, 9);
  guint64 *planes;

  years.dataset = (char *) "ind";
  years.attribute = (char *) "q";
  years.levels = fifth;
  years.first_year = 2018;
  years.last_year = 2020;
  planes = gather (world, &years);
  assert_planes (planes, 0, 3, (guint[]){ 0, 5, 2, 5 }, 5);
  assert_planes (planes, 3, 3, (guint[]){ 4, 5, 1, 5 }, 5);
  assert_planes (planes, 6, 3, (guint[]){ 5, 5, 5, 5 }, 5);
  koh_planes_free (planes, POSITIONS, 9);

  years.levels = NULL;
  years.criterion = &low;
  years.width = 3;
  planes = gather (world, &years);
  assert_planes (planes, 0, 1, (guint[]){ 1, 0, 1, 0 }, 0);
  assert_planes (planes, 1, 1, (guint[]){ 0, 0, 1, 0 }, 0);
  assert_planes (planes, 2, 1, (guint[]){ 0, 0, 0, 0 }, 0);
  koh_planes_free (planes, POSITIONS, 3);

  /* Open at both ends: every value but a missing one, and 9 is no level, so it is missing. */
  low.has_high = FALSE;
  planes = gather (world, &years);
  assert_planes (planes, 1, 1, (guint[]){ 1, 0, 1, 0 }, 0);
  assert_planes (planes, 2, 1, (guint[]){ 0, 0, 0, 0 }, 0);
  koh_planes_free (planes, POSITIONS, 3);
}

static void
an_unknown_dataset_is_an_error (void)
{
  g_autoptr (World) world = world_new ();
  KohColumn birth = column (KOH_COLUMN_BIRTH, 18);
  g_autoptr (GError) error = NULL;

  birth.dataset = (char *) "population";
  g_assert_null (koh_gather_column (&world->gather, &birth, &error));
  assert_error (error, KOH_ERROR_INVALID, "This owner has no dataset “population”");
}

/* A row that no column asks for refuses the dataset all the same. */
static void
a_bad_row_elsewhere_refuses_the_column (void)
{
  g_autoptr (World) world = world_new ();
  KohColumn date = column (KOH_COLUMN_DATE, 16);
  g_autoptr (GError) error = NULL;

  fixture_sql (world->fixture, "INSERT INTO diag VALUES ('" A "', '2018-06-31', 'DJ18')");
  date.event = &world->event;
  g_assert_null (koh_gather_column (&world->gather, &date, &error));
  assert_error (error, KOH_ERROR_DATA,
                "Dataset diag, row 9, column date: '2018-06-31' is not a date (YYYY-MM-DD)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/column/registered-are-those-of-the-register",
                   registered_are_those_of_the_register);
  g_test_add_func ("/store/column/birth-is-year-day-and-present", birth_is_year_day_and_present);
  g_test_add_func ("/store/column/earliest-and-latest-dates-join-two-keys-of-one-person",
                   earliest_and_latest_dates_join_two_keys_of_one_person);
  g_test_add_func ("/store/column/a-category-is-the-level-that-holds-then",
                   a_category_is_the_level_that_holds_then);
  g_test_add_func ("/store/column/the-index-date-is-the-first-of-all-in-the-period",
                   the_index_date_is_the_first_of_all_in_the_period);
  g_test_add_func ("/store/column/age-bands-turn-on-the-birthday", age_bands_turn_on_the_birthday);
  g_test_add_func ("/store/column/years-stand-side-by-side", years_stand_side_by_side);
  g_test_add_func ("/store/column/an-unknown-dataset-is-an-error", an_unknown_dataset_is_an_error);
  g_test_add_func ("/store/column/a-bad-row-elsewhere-refuses-the-column",
                   a_bad_row_elsewhere_refuses_the_column);
  return g_test_run ();
}
