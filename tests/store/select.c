/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/reading.h"

#include "fixture.h"

#define INI                                                                                                  \
  "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT person, date, code "     \
  "FROM t\ncode_system=SKS\n"

static void
code_free (gpointer data)
{
  KohCodeRef *code = data;

  g_free (code->system);
  g_free (code->code);
  g_free (code);
}

static void
add_code (KohEvent *event, const char *system, const char *code)
{
  KohCodeRef *one = g_new0 (KohCodeRef, 1);

  one->system = g_strdup (system);
  one->code = g_strdup (code);
  g_ptr_array_add (event->codes, one);
}

static guint
count (KohStore *store, const KohSelection *selection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohReading) reading =
      koh_reading_open (store, koh_store_mapping (store, "d"), selection, NULL, &error);
  const KohRow *row;
  guint n = 0;

  g_assert_no_error (error);
  while (koh_reading_next (reading, &row, &error) && row != NULL)
    n++;
  g_assert_no_error (error);
  return n;
}

static const char letters[] = "0189AMZ";

static char *
random_code (guint most)
{
  guint n = (guint) g_test_rand_int_range (1, (gint) most + 1);
  char *code = g_malloc0 (n + 1);

  for (guint i = 0; i < n; i++)
    code[i] = letters[g_test_rand_int_range (0, (gint) strlen (letters))];
  return code;
}

static gboolean
matches (const KohEvent *event, const char *code)
{
  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *one = event->codes->pdata[i];

      if (g_str_equal (one->system, "SKS") &&
          (event->exact ? g_str_equal (code, one->code) : g_str_has_prefix (code, one->code)))
        return TRUE;
    }
  return event->codes->len == 0;
}

static void
codes_match_with_their_descendants_or_exactly (void)
{
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE t (person, date, code); CREATE INDEX i ON t (code); "
                                          "INSERT INTO t VALUES ('0101801234', '2020-01-01', NULL)");
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (KohStore) store = NULL;

  for (guint i = 0; i < 500; i++)
    {
      g_ptr_array_add (codes, random_code (4));
      g_string_append_printf (sql, ", ('0101801234', '2020-01-01', '%s')", (char *) codes->pdata[i]);
    }
  fixture = fixture_new (sql->str, INI);
  store = fixture_store (fixture);
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func (code_free);
      KohEvent event = {
        .dataset = (char *) "d", .codes = refs, .exact = round % 2, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE
      };
      KohSelection selection = KOH_SELECT_ALL;
      guint n = (guint) g_test_rand_int_range (1, 8), expected = 0;

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *code = random_code (3);

          add_code (&event, g_test_rand_int_range (0, 5) == 0 ? "ATC" : "SKS", code);
        }
      for (guint i = 0; i < codes->len; i++)
        expected += matches (&event, codes->pdata[i]);
      selection.event = &event;
      g_assert_cmpuint (count (store, &selection), ==, expected);
    }
}

static void
thousands_of_codes_are_one_condition (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("CREATE TABLE t (person, date, code); INSERT INTO t VALUES ('0101801234', '2020-01-01', "
                   "'A0001'), ('0101801234', '2020-01-01', 'A2999X'), ('0101801234', '2020-01-01', 'B1');",
                   INI);
  g_autoptr (KohStore) store = fixture_store (fixture);

  for (guint exact = 0; exact < 2; exact++)
    {
      g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func (code_free);
      KohEvent event = {
        .dataset = (char *) "d", .codes = refs, .exact = exact, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE
      };
      KohSelection selection = KOH_SELECT_ALL;

      for (guint i = 0; i < 6000; i += 2 - exact)
        {
          g_autofree char *code = g_strdup_printf ("A%04u", (i * 7) % 3001);

          add_code (&event, "SKS", code);
        }
      selection.event = &event;
      g_assert_cmpuint (count (store, &selection), ==, exact ? 1 : 2);
    }
}

/* What stands in a question is data for the database, whatever it looks like. */
static void
a_code_is_never_sql (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date, code); INSERT INTO t VALUES ('0101801234', '2020-01-01', 'A1');", INI);
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func (code_free);
  KohEvent event = {
    .dataset = (char *) "d", .codes = refs, .exact = TRUE, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE
  };
  KohSelection selection = KOH_SELECT_ALL;

  selection.event = &event;
  add_code (&event, "SKS", "' OR 1=1 --");
  g_assert_cmpuint (count (store, &selection), ==, 0);
  event.exact = FALSE;
  g_assert_cmpuint (count (store, &selection), ==, 0);
}

static void
dates_are_bounded_at_both_ends_included (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("CREATE TABLE t (person, date, code); INSERT INTO t VALUES ('0101801234', '2019-12-31', "
                   "'A1'), ('0101801234', '2020-01-01', 'A1'), ('0101801234', '2020-01-02', 'A1'), "
                   "('0101801234', '2020-01-03', 'A1');",
                   INI);
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GPtrArray) refs = g_ptr_array_new ();
  KohEvent event = { .dataset = (char *) "d", .codes = refs, .from = day ("2020-01-01"), .to = KOH_DAY_NONE };
  KohSelection selection = KOH_SELECT_ALL;

  g_assert_cmpuint (count (store, &selection), ==, 4);
  selection.event = &event;
  g_assert_cmpuint (count (store, &selection), ==, 3);
  event.to = day ("2020-01-02");
  g_assert_cmpuint (count (store, &selection), ==, 2);
  selection.from = day ("2020-01-02");
  g_assert_cmpuint (count (store, &selection), ==, 1);
  selection.to = day ("2020-01-01");
  g_assert_cmpuint (count (store, &selection), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/select/codes-match-with-their-descendants-or-exactly",
                   codes_match_with_their_descendants_or_exactly);
  g_test_add_func ("/store/select/thousands-of-codes-are-one-condition",
                   thousands_of_codes_are_one_condition);
  g_test_add_func ("/store/select/a-code-is-never-sql", a_code_is_never_sql);
  g_test_add_func ("/store/select/dates-are-bounded-at-both-ends-included",
                   dates_are_bounded_at_both_ends_included);
  return g_test_run ();
}
