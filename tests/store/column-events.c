/* SPDX-License-Identifier: EUPL-1.2
 *
 * The staircase against its definition: for every day of the period and every position, is there an
 * event within the window? */
#include "random-world.h"

static KohCodeRef infarct = { (char *) "SKS", (char *) "DI21" };

/* As the joint part will read it: the high bits of the offset select the cell, and the low ones lie
 * in its leading or its trailing run. */
static gboolean
read_stairs (const guint64 *planes, const KohColumn *column, guint position, gint offset)
{
  gsize words = koh_plane_words (RANDOM_POSITIONS);
  guint bits = column->cell_bits, plane = ((guint) offset >> bits) * 2 * bits,
        low = (guint) offset & ((1u << bits) - 1);
  guint lead = koh_planes_get (planes, words, plane, bits, position);
  guint trail = koh_planes_get (planes, words, plane + bits, bits, position);

  return low < lead || (~low & ((1u << bits) - 1)) < trail;
}

static gboolean
is_within (const RandomWorld *world, const KohEvent *event, guint position, gint index, gint first, gint last)
{
  for (guint i = 0; i < RANDOM_ROWS; i++)
    {
      const RandomEvent *row = &world->events[i];

      if (row->position == position && random_matches (row, event) && row->date - index >= first &&
          row->date - index <= last)
        return TRUE;
    }
  return FALSE;
}

static void
a_window_holds_exactly_on_the_days_that_its_definition_says (void)
{
  static const gint windows[][2] = { { 0, 30 }, { 0, 0 },     { -1, -1 },      { 5, 6 }, { -365, -1 },
                                     { -3, 4 }, { 100, 162 }, { -2000, 2000 }, { 0, 1 }, { -30, 0 } };
  g_autoptr (RandomWorld) world = random_world_new ();
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  KohEvent event = { (char *) "diag", codes, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE };
  KohGather gather = { .store = world->store, .spine = world->spine };
  guint held = 0, failed = 0;

  g_ptr_array_add (codes, &infarct);
  for (guint w = 0; w < G_N_ELEMENTS (windows); w++)
    for (guint bits = 1; bits < 12 && 1 << bits <= windows[w][1] - windows[w][0] + 2; bits++)
      {
        gint from = day ("2015-01-01") + (gint) w, to = from + 700 + 61 * (gint) w;
        KohColumn column = { .kind = KOH_COLUMN_WINDOW,
                             .event = &event,
                             .from = from,
                             .to = to,
                             .first = windows[w][0],
                             .last = windows[w][1],
                             .cell_bits = bits };
        g_autoptr (GError) error = NULL;
        guint64 *planes;

        event.from = w % 3 == 2 ? day ("2016-01-01") : KOH_DAY_NONE;
        column.cells = (guint) (to - from + (1 << bits)) >> bits;
        column.width = column.cells * 2 * bits;
        planes = koh_gather_column (&gather, &column, &error);
        g_assert_no_error (error);
        for (guint p = 0; p < RANDOM_POSITIONS; p += 3)
          for (gint d = from; d <= to; d += d - from < 70 || to - d < 70 ? 1 : 5)
            {
              gboolean expected = is_within (world, &event, p, d, column.first, column.last);

              g_assert_cmpint (read_stairs (planes, &column, p, d - from), ==, expected);
              held += expected;
              failed += !expected;
            }
        koh_planes_free (planes, RANDOM_POSITIONS, column.width);
      }
  g_assert_cmpuint (held, >, 1000);
  g_assert_cmpuint (failed, >, 1000);
}

/* What the plan promises of a cell that is covered whole: leading S − 1, trailing at least 1. */
static void
a_whole_cell_is_a_leading_and_a_trailing_run (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (person, date); INSERT INTO t VALUES ('0101800001', '2020-01-20');",
      "[peer]\nname=x\n[dataset d]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT * FROM t\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (KohSpine) spine = koh_spine_new (1);
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  KohEvent event = { (char *) "d", codes, .from = KOH_DAY_NONE, .to = KOH_DAY_NONE };
  KohGather gather = { .store = store, .spine = spine };
  KohColumn column = { .kind = KOH_COLUMN_WINDOW,
                       .event = &event,
                       .from = day ("2020-01-01"),
                       .to = day ("2020-01-31"),
                       .first = 0,
                       .last = 18,
                       .cells = 4,
                       .cell_bits = 3,
                       .width = 24 };
  static const guint expected[8] = { 0, 7, 7, 7, 4, 0, 0, 0 };
  g_autoptr (GError) error = NULL;
  guint64 *planes;

  koh_spine_add (spine, "0101800001", 0);
  koh_spine_sort (spine);
  /* Index days 2 to 20 January: cells 1–8, 9–16, 17–24, 25–1. */
  planes = koh_gather_column (&gather, &column, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (koh_planes_get (planes, 1, 0, 3, 0), ==, expected[0]);
  for (guint i = 1; i < 8; i++)
    g_assert_cmpuint (koh_planes_get (planes, 1, i * 3, 3, 0), ==, expected[i]);
  koh_planes_free (planes, 1, 24);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/column-events/a-window-holds-exactly-on-the-days-that-its-definition-says",
                   a_window_holds_exactly_on_the_days_that_its_definition_says);
  g_test_add_func ("/store/column-events/a-whole-cell-is-a-leading-and-a-trailing-run",
                   a_whole_cell_is_a_leading_and_a_trailing_run);
  return g_test_run ();
}
