/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rule is written down a second time, in clear and over persons: cut the levels of one variable after
 * the other, look at every number. What opens must be exactly that, on a plain party and on shares. */
#include "stats/disclosure.h"

#include "stats/rows.h"
#include "three.h"

#define MOST_VARIABLES 3
#define MOST_TABLES 4

typedef struct
{
  guint level[MOST_VARIABLES];
  guint stage; /* criteria passed; all of them: in the cohort */
} Person;

typedef struct
{
  guint n, by[MOST_VARIABLES];
} Table;

typedef struct
{
  guint k, steps, variables, levels[MOST_VARIABLES];
  guint n_tables;
  Table tables[MOST_TABLES];
  gint attrition[2]; /* tables; −1 none */
  GArray *persons;
  guint bits;
} Case;

/* Sets of tables that form a join tree; a variable is a bit. −1 ends. */
static const gint schemes[][MOST_TABLES + 1] = {
  { 0, -1 },          { 1, -1 },       { 0, 1, -1 },    { 3, -1 },       { 0, 1, 3, -1 },
  { 0, 1, 2, 3, -1 }, { 3, 2, -1 },    { 3, 4, -1 },    { 1, 2, 4, -1 }, { 3, 6, -1 },
  { 0, 3, 6, 2, -1 }, { 7, -1 },       { 7, 0, 1, -1 }, { 7, 3, 0, -1 }, { 7, 3, 1, 6, -1 },
  { 5, 6, -1 },       { 5, 2, 0, -1 }, { 1, 4, -1 },    { 6, 5, 4, -1 },
};

static guint
number (const Case *c, const Table *table, const guint *from, const guint *to, guint stage)
{
  guint n = 0;

  for (guint i = 0; i < c->persons->len; i++)
    {
      const Person *person = &g_array_index (c->persons, Person, i);
      gboolean in = person->stage >= stage;

      for (guint j = 0; j < table->n; j++)
        in = in && person->level[table->by[j]] >= from[j] && person->level[table->by[j]] <= to[j];
      n += in;
    }
  return n;
}

static gboolean
fit (guint n, guint least)
{
  return n == 0 || n >= least;
}

/* Where runs end; before a variable's turn it is one run. */
typedef struct
{
  gboolean cohort;
  gboolean ends[MOST_VARIABLES][32];
  gboolean done[MOST_VARIABLES];
} Cuts;

static guint
begin_of (const Cuts *cuts, guint variable, guint level)
{
  while (level > 0 && !cuts->ends[variable][level - 1])
    level--;
  return level;
}

/* Goes through the runs of all variables of @table but @except: @to are their last levels. */
static gboolean
next_box (const Case *c, const Cuts *cuts, const Table *table, gint except, guint *from, guint *to)
{
  for (guint j = table->n; j > 0; j--)
    {
      const guint v = table->by[j - 1];

      if ((gint) v == except)
        continue;
      for (guint level = to[j - 1] + 1; level < c->levels[v]; level++)
        if (cuts->ends[v][level])
          {
            to[j - 1] = level;
            from[j - 1] = begin_of (cuts, v, level);
            return TRUE;
          }
      for (to[j - 1] = 0; !cuts->ends[v][to[j - 1]];)
        to[j - 1]++;
      from[j - 1] = 0;
    }
  return FALSE;
}

static void
first_box (const Cuts *cuts, const Table *table, guint *from, guint *to)
{
  for (guint j = 0; j < table->n; j++)
    {
      from[j] = to[j] = 0;
      while (!cuts->ends[table->by[j]][to[j]])
        to[j]++;
    }
}

/* Every number of @table with levels @s to @t of @variable, by the runs of earlier variables and summed over
 * later ones (which are one run each still). */
static gboolean
all_fit (const Case *c, const Cuts *cuts, const Table *table, guint variable, guint s, guint t, guint least)
{
  guint from[MOST_VARIABLES], to[MOST_VARIABLES], place = 0;

  first_box (cuts, table, from, to);
  for (guint j = 0; j < table->n; j++)
    if (table->by[j] == variable)
      place = j;
  do
    {
      from[place] = s;
      to[place] = t;
      if (!fit (number (c, table, from, to, c->steps), least))
        return FALSE;
    }
  while (next_box (c, cuts, table, (gint) variable, from, to));
  return TRUE;
}

static Cuts
cut (const Case *c)
{
  Cuts cuts = { .cohort = FALSE };
  const Table none = { 0 };

  for (guint v = 0; v < c->variables; v++)
    cuts.ends[v][c->levels[v] - 1] = TRUE;
  cuts.cohort = fit (number (c, &none, NULL, NULL, c->steps), c->k);
  for (guint v = 0; v < c->variables && cuts.cohort; v++)
    {
      const guint last = c->levels[v] - 1;
      guint start = 0, least = c->k;

      for (guint i = 0; i < c->n_tables; i++)
        for (guint j = 0; j + 1 < c->tables[i].n; j++)
          if (c->tables[i].by[j] == v)
            least = 4 * c->k;
      for (guint t = 0; t < last; t++)
        {
          gboolean closes = TRUE;

          for (guint i = 0; i < c->n_tables; i++)
            for (guint j = 0; j < c->tables[i].n; j++)
              if (c->tables[i].by[j] == v)
                closes = closes && all_fit (c, &cuts, &c->tables[i], v, start, t, least) &&
                         all_fit (c, &cuts, &c->tables[i], v, t + 1, last, least);
          if (closes)
            start = t + 1;
          cuts.ends[v][t] = closes;
        }
    }
  return cuts;
}

static guint
cell_of (const Case *c, const Table *table, const guint *level)
{
  guint cell = 0;

  for (guint j = 0; j < table->n; j++)
    cell = cell * c->levels[table->by[j]] + level[j];
  return cell;
}

/* @cells must hold the numbers of the runs at their last levels, and else nothing. */
static void
assert_cells (const Case *c, const Cuts *cuts, const Table *table, guint stage, const guint64 *cells,
              gboolean open)
{
  guint from[MOST_VARIABLES], to[MOST_VARIABLES], n = 1;
  guint64 sum = 0, expected = 0;

  for (guint j = 0; j < table->n; j++)
    n *= c->levels[table->by[j]];
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (fit ((guint) cells[i], c->k));
      sum += cells[i];
    }
  first_box (cuts, table, from, to);
  do
    {
      const guint value = open ? number (c, table, from, to, stage) : 0;

      g_assert_cmpuint (cells[cell_of (c, table, to)], ==, value);
      expected += value;
    }
  while (next_box (c, cuts, table, -1, from, to));
  g_assert_cmpuint (sum, ==, expected);
}

static void
assert_steps (const Case *c, const Cuts *cuts, const KohReleased *released)
{
  g_autofree guint *base = g_new0 (guint, 2 * 4096);

  for (guint back = 0; back <= c->steps; back++)
    {
      const guint step = c->steps - back;
      gboolean opens = TRUE;
      guint place = 0;

      for (guint a = 0; a < 2 && c->attrition[a] >= 0; a++)
        {
          const Table *table = &c->tables[c->attrition[a]];
          guint from[MOST_VARIABLES], to[MOST_VARIABLES];

          first_box (cuts, table, from, to);
          do
            opens = opens && fit (number (c, table, from, to, step) - base[place++], c->k);
          while (next_box (c, cuts, table, -1, from, to));
        }
      g_assert_cmpint (g_array_index (released->open, gboolean, step), ==, opens);
      place = 0;
      for (guint a = 0; a < 2 && c->attrition[a] >= 0; a++)
        {
          const Table *table = &c->tables[c->attrition[a]];
          const GArray *numbers = released->steps->pdata[a];
          guint from[MOST_VARIABLES], to[MOST_VARIABLES];

          assert_cells (c, cuts, table, step,
                        &g_array_index (numbers, guint64, step * numbers->len / (c->steps + 1)), opens);
          first_box (cuts, table, from, to);
          do
            {
              if (opens)
                base[place] = number (c, table, from, to, step);
              place++;
            }
          while (next_box (c, cuts, table, -1, from, to));
        }
    }
}

static void
assert_released (const Case *c, const KohReleased *released)
{
  const Cuts cuts = cut (c);

  g_assert_cmpint (released->cohort, ==, cuts.cohort);
  for (guint v = 0; v < c->variables; v++)
    {
      const GArray *ends = released->ends->pdata[v];
      guint at = 0;

      for (guint level = 0; level < c->levels[v]; level++)
        if (cuts.ends[v][level])
          {
            g_assert_cmpuint (at, <, ends->len);
            g_assert_cmpuint (g_array_index (ends, guint, at++), ==, level);
          }
      g_assert_cmpuint (at, ==, ends->len);
    }
  for (guint i = 0; i < c->n_tables; i++)
    assert_cells (c, &cuts, &c->tables[i], c->steps,
                  (const guint64 *) ((GArray *) released->tables->pdata[i])->data, cuts.cohort);
  if (c->attrition[0] >= 0)
    assert_steps (c, &cuts, released);
}

static guint
pick (GRand *rand, guint n)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

/* Persons stand in clumps: many cells empty, many small, a few large. */
static void
draw_persons (Case *c, GRand *rand)
{
  const guint scale = 1u << pick (rand, 4);
  guint combinations = c->steps + 1;

  for (guint v = 0; v < c->variables; v++)
    combinations *= c->levels[v];
  for (guint i = 0; i < combinations; i++)
    {
      guint n = pick (rand, 10) < 7 ? pick (rand, 2 * scale + 1) : 0, rest = i;
      Person person = { 0 };

      n += pick (rand, 100) < 12 ? 5 + pick (rand, 36) : 0;
      for (guint v = 0; v < c->variables; v++)
        {
          person.level[v] = rest % c->levels[v];
          rest /= c->levels[v];
        }
      person.stage = rest;
      while (n-- > 0)
        g_array_append_val (c->persons, person);
    }
  c->bits = MAX (1, g_bit_storage (c->persons->len));
}

static Case
draw (GRand *rand)
{
  Case c = { .k = pick (rand, 2) ? 3 : 5, .attrition = { -1, -1 } };
  const gint *scheme = schemes[pick (rand, G_N_ELEMENTS (schemes))];
  guint used = 0, order[MOST_VARIABLES] = { 0 };

  for (guint i = 0; scheme[i] >= 0; i++)
    used |= (guint) scheme[i];
  for (guint v = 0; v < MOST_VARIABLES; v++)
    if (used & (1u << v))
      {
        order[v] = c.variables;
        c.levels[c.variables++] = 2 + pick (rand, scheme[0] == 7 ? 2 : 4);
      }
  /* Fewest levels first. */
  for (guint i = 0; i + 1 < c.variables; i++)
    for (guint j = 0; j + 1 < c.variables; j++)
      if (c.levels[j] > c.levels[j + 1])
        {
          guint more = c.levels[j];

          c.levels[j] = c.levels[j + 1];
          c.levels[j + 1] = more;
        }
  for (guint i = 0; scheme[i] >= 0; i++)
    {
      Table *table = &c.tables[c.n_tables++];

      for (guint v = 0; v < MOST_VARIABLES; v++)
        if ((guint) scheme[i] & (1u << v))
          table->by[table->n++] = order[v];
    }
  c.steps = pick (rand, 4);
  if (c.steps > 0 || pick (rand, 4) == 0)
    c.attrition[0] = (gint) pick (rand, c.n_tables);
  if (c.attrition[0] >= 0 && c.n_tables > 1 && pick (rand, 3) == 0)
    c.attrition[1] = (c.attrition[0] + 1) % (gint) c.n_tables;
  c.persons = g_array_new (FALSE, FALSE, sizeof (Person));
  draw_persons (&c, rand);
  return c;
}

static KohDisclosure *
describe (const Case *c)
{
  KohDisclosure *disclosure = koh_disclosure_new (c->k, c->bits, c->steps);

  for (guint v = 0; v < c->variables; v++)
    koh_disclosure_add_variable (disclosure, c->levels[v]);
  for (guint i = 0; i < c->n_tables; i++)
    koh_disclosure_add_table (disclosure, c->tables[i].by, c->tables[i].n);
  for (guint a = 0; a < 2 && c->attrition[a] >= 0; a++)
    koh_disclosure_add_attrition (disclosure, (guint) c->attrition[a]);
  return disclosure;
}

static guint
fill_cells (const Case *c, const Table *table, guint stage, guint64 *cells)
{
  guint level[MOST_VARIABLES] = { 0 }, n = 1;

  for (guint j = 0; j < table->n; j++)
    n *= c->levels[table->by[j]];
  for (guint cell = 0; cell < n; cell++)
    {
      guint rest = cell;

      for (guint j = table->n; j > 0; j--)
        {
          level[j - 1] = rest % c->levels[table->by[j - 1]];
          rest /= c->levels[table->by[j - 1]];
        }
      cells[cell] = number (c, table, level, level, stage);
    }
  return n;
}

/* The numbers of a case in one column: tables, then the steps of each attrition. */
static guint
fill (const Case *c, guint64 *all)
{
  guint at = 0;

  for (guint i = 0; i < c->n_tables; i++)
    at += fill_cells (c, &c->tables[i], c->steps, all + at);
  for (guint a = 0; a < 2 && c->attrition[a] >= 0; a++)
    for (guint step = 0; step < c->steps; step++)
      at += fill_cells (c, &c->tables[c->attrition[a]], step, all + at);
  return at;
}

typedef struct
{
  const KohDisclosure *disclosure;
  gboolean derive; /* leave out tables that others contain */
} Control;

static gboolean
is_contained (const KohDisclosure *disclosure, guint table)
{
  const KohDisclosureTable *part = disclosure->tables->pdata[table];

  for (guint i = 0; i < disclosure->tables->len; i++)
    {
      const KohDisclosureTable *whole = disclosure->tables->pdata[i];
      guint found = 0;

      for (guint j = 0; j < part->n; j++)
        for (guint l = 0; l < whole->n; l++)
          found += part->by[j] == whole->by[l];
      if (i != table && whole->n > part->n && found == part->n)
        return TRUE;
    }
  return FALSE;
}

static KohBits *
control (KohParty *party, const KohBits *const *inputs, gpointer data)
{
  const Control *what = data;
  const KohDisclosure *disclosure = what->disclosure;
  const guint n_tables = disclosure->tables->len,
              n = n_tables + disclosure->attritions->len * disclosure->steps;
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autofree const KohBits **parts = g_new0 (const KohBits *, n);
  guint first = 0;

  for (guint i = 0; i < n; i++)
    {
      const guint table =
        i < n_tables ? i : g_array_index (disclosure->attritions, guint, (i - n_tables) / disclosure->steps);
      KohBits *cells =
        koh_rows_slice (inputs[0], first, ((KohDisclosureTable *) disclosure->tables->pdata[table])->cells);

      first += cells->rows;
      g_ptr_array_add (own, cells);
      parts[i] = i < n_tables && what->derive && is_contained (disclosure, i) ? NULL : cells;
    }
  return koh_disclosure_control (party, disclosure, parts, parts + n_tables);
}

static void
run (Case *c, gboolean plain, gboolean derive, KohCost *cost)
{
  g_autoptr (KohDisclosure) disclosure = describe (c);
  g_autofree guint64 *cells = g_new0 (guint64, 8192);
  Control what = { disclosure, derive };
  const guint rows = fill (c, cells);
  const ThreeColumn column = { c->bits, cells };
  guint out_rows, out_width;
  g_autofree guint64 *opened =
    three_compute (plain, control, &what, rows, &column, 1, &out_rows, &out_width, cost);
  g_autoptr (KohReleased) released = NULL;

  g_assert_cmpuint (out_rows, ==, koh_disclosure_rows (disclosure));
  g_assert_cmpuint (out_width, ==, c->bits);
  released = koh_disclosure_read (disclosure, opened);
  g_assert_nonnull (released);
  assert_released (c, released);
}

static void
what_opens_is_what_the_rule_says (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261);
  guint small = 0, joined = 0;

  for (guint i = 0; i < 1000; i++)
    {
      Case c = draw (rand);
      const Cuts cuts = cut (&c);

      small += !cuts.cohort;
      for (guint v = 0; v < c.variables; v++)
        joined += !cuts.ends[v][0];
      run (&c, TRUE, i % 2 == 0, NULL);
      g_array_unref (c.persons);
    }
  /* The cases are worth their time. */
  g_assert_cmpuint (small, >, 10);
  g_assert_cmpuint (joined, >, 200);
}

static void
shares_open_the_same (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20262);

  for (guint i = 0; i < 40; i++)
    {
      Case c = draw (rand);

      run (&c, FALSE, i % 2 == 0, NULL);
      g_array_unref (c.persons);
    }
}

static Case
one_table (guint k, guint steps, guint sex, guint ages)
{
  Case c = { .k = k, .steps = steps, .variables = 2, .levels = { sex, ages }, .attrition = { -1, -1 } };

  c.n_tables = 1;
  c.tables[0] = (Table){ 2, { 0, 1 } };
  c.persons = g_array_new (FALSE, FALSE, sizeof (Person));
  return c;
}

static void
add_persons (Case *c, guint n, guint first, guint second, guint stage)
{
  const Person person = { { first, second }, stage };

  while (n-- > 0)
    g_array_append_val (c->persons, person);
}

/* Of 1…4 persons nothing but the flag opens, though earlier steps were large; of none, all zeros do. */
static void
a_small_cohort_opens_nothing_but_the_flag (void)
{
  for (guint n = 0; n <= 6; n++)
    {
      Case c = one_table (5, 2, 3, 4);

      c.n_tables = 2;
      c.tables[1] = (Table){ 1, { 0 } };
      c.attrition[0] = 1;
      add_persons (&c, n, 1, 2, 2);
      add_persons (&c, 30, 1, 3, 1);
      add_persons (&c, 2, 2, 3, 0);
      c.bits = 7;
      g_assert_cmpint (cut (&c).cohort, ==, n == 0 || n >= 5);
      run (&c, n % 2 == 0, FALSE, NULL);
      g_array_unref (c.persons);
    }
}

/* Sex by age bands: the rounds of a question that everybody asks. */
static void
rounds_of_age_bands_by_sex_stay_below_five_hundred (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20263);
  Case c = one_table (5, 4, 3, 20);
  KohCost cost;

  c.n_tables = 2;
  c.tables[1] = (Table){ 1, { 0 } };
  c.attrition[0] = 1;
  for (guint i = 0; i < 300; i++)
    add_persons (&c, pick (rand, 8), pick (rand, 3), pick (rand, 20), pick (rand, 5));
  c.bits = 23; /* as of a nation */
  run (&c, FALSE, TRUE, &cost);
  g_test_message ("%" G_GUINT64_FORMAT " rounds, %" G_GUINT64_FORMAT " bytes, %" G_GUINT64_FORMAT
                  " multiplications",
                  cost.rounds, cost.bytes_sent, cost.ands);
  g_assert_cmpuint (cost.rounds, <, 500);
  g_array_unref (c.persons);
}

static void
numbers_without_a_last_run_are_refused (void)
{
  g_autoptr (KohDisclosure) disclosure = koh_disclosure_new (5, 8, 0);
  const guint by = 0;
  guint64 numbers[1 + 3 + 3] = { 1, 1, 0, 1, 9, 0, 12 };
  g_autoptr (KohReleased) released = NULL;

  koh_disclosure_add_variable (disclosure, 3);
  koh_disclosure_add_table (disclosure, &by, 1);
  g_assert_cmpuint (koh_disclosure_rows (disclosure), ==, G_N_ELEMENTS (numbers));
  released = koh_disclosure_read (disclosure, numbers);
  g_assert_nonnull (released);
  g_assert_cmpuint (((GArray *) released->ends->pdata[0])->len, ==, 2);
  numbers[3] = 0;
  g_assert_null (koh_disclosure_read (disclosure, numbers));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/disclosure/what-opens-is-what-the-rule-says", what_opens_is_what_the_rule_says);
  g_test_add_func ("/stats/disclosure/shares-open-the-same", shares_open_the_same);
  g_test_add_func ("/stats/disclosure/a-small-cohort-opens-nothing-but-the-flag",
                   a_small_cohort_opens_nothing_but_the_flag);
  g_test_add_func ("/stats/disclosure/rounds-of-age-bands-by-sex-stay-below-five-hundred",
                   rounds_of_age_bands_by_sex_stay_below_five_hundred);
  g_test_add_func ("/stats/disclosure/numbers-without-a-last-run-are-refused",
                   numbers_without_a_last_run_are_refused);
  return g_test_run ();
}
