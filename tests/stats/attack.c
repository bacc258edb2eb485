/* SPDX-License-Identifier: EUPL-1.2
 *
 * An attacker who knows the rule, the whole output and everybody's place but a few persons'. For each small
 * number asked for it looks for another population with exactly the same output (numbers and pattern) and
 * another value of that number. Where there is none, the number is recovered, though it was never opened.
 *
 * Other populations are made by moving one person, or two at once, between places such that no opened
 * number changes, and by a random walk of such moves. So that the test can fail, ordinary suppression (open
 * what is fit, hide the rest) is attacked as well, and must fall. */
#include "stats/disclosure.h"

#include <string.h>

#define MOST_VARIABLES 3
#define MOST_PLACES 256
#define TRIALS 1500

/* A place is a combination of levels and the number of criteria passed. The last one is outside. */
typedef struct
{
  guint level[MOST_VARIABLES];
  guint stage;
} Place;

typedef struct
{
  guint k, steps, variables, levels[MOST_VARIABLES], bits;
  guint n_places;
  Place places[MOST_PLACES];
  guint people[MOST_PLACES];
  KohDisclosure *disclosure;
  GPtrArray *asked; /* of guint8 [MOST_PLACES]: who is counted in a number, or in a difference of steps */
  GRand *rand;
} Case;

/* What opens. @effect: for each place the sum of random weights of the opened numbers that count it, so that
 * a move changes no opened number where the effects of its two places are equal. */
typedef GArray *(*Rule) (const Case *c, const guint *people, guint64 *effect);

static guint64
weight (guint64 a, guint64 b, guint64 number)
{
  guint64 x = (a * 1000003 + b) * 1000003 + number + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ x >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ x >> 31;
}

static guint
cell_of (const Case *c, const KohDisclosureTable *table, const Place *place)
{
  guint cell = 0;

  for (guint j = 0; j < table->n; j++)
    cell = cell * c->levels[table->by[j]] + place->level[table->by[j]];
  return cell;
}

static const KohDisclosureTable *
table_of (const Case *c, guint table)
{
  return c->disclosure->tables->pdata[table];
}

static guint
attrition_of (const Case *c, guint attrition)
{
  return g_array_index (c->disclosure->attritions, guint, attrition);
}

static KohBits *
count_cells (const Case *c, KohParty *party, guint table, guint stage, const guint *people)
{
  const KohDisclosureTable *shape = table_of (c, table);
  g_autofree guint *cells = g_new0 (guint, shape->cells);
  KohBits *bits = koh_bits_zero (party, shape->cells, c->bits);

  for (guint p = 0; p < c->n_places; p++)
    if (c->places[p].stage >= stage)
      cells[cell_of (c, shape, &c->places[p])] += people[p];
  for (guint i = 0; i < shape->cells; i++)
    for (guint b = 0; b < c->bits; b++)
      bits->own[b * bits->words + i / 64] |= (guint64) (cells[i] >> b & 1) << (i % 64);
  return bits;
}

/* The number of a run stands at its last level. */
static guint
end_cell (const Case *c, const KohReleased *released, const KohDisclosureTable *table, const Place *place)
{
  Place end = *place;

  for (guint v = 0; v < c->variables; v++)
    {
      const GArray *ends = released->ends->pdata[v];
      guint run = 0;

      while (g_array_index (ends, guint, run) < place->level[v])
        run++;
      end.level[v] = g_array_index (ends, guint, run);
    }
  return cell_of (c, table, &end);
}

static void
find_effects (const Case *c, const guint64 *numbers, guint64 *effect)
{
  g_autoptr (KohReleased) released = koh_disclosure_read (c->disclosure, numbers);

  memset (effect, 0, (c->n_places + 1) * sizeof *effect);
  for (guint p = 0; p < c->n_places; p++)
    {
      const Place *place = &c->places[p];

      for (guint t = 0; t < c->disclosure->tables->len && released->cohort && place->stage == c->steps; t++)
        effect[p] += weight (1, t, end_cell (c, released, table_of (c, t), place));
      for (guint a = 0; a < c->disclosure->attritions->len; a++)
        for (guint step = 0; step <= place->stage; step++)
          if (g_array_index (released->open, gboolean, step))
            effect[p] +=
                weight (2 + a, step, end_cell (c, released, table_of (c, attrition_of (c, a)), place));
    }
}

static GArray *
ours (const Case *c, const guint *people, guint64 *effect)
{
  const guint n_tables = c->disclosure->tables->len, n = n_tables + c->disclosure->attritions->len * c->steps;
  g_autoptr (KohParty) party = koh_party_new_plain ();
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autoptr (KohBits) opens = NULL;
  GArray *output = g_array_new (FALSE, TRUE, sizeof (guint64));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (own, i < n_tables ? count_cells (c, party, i, c->steps, people)
                                       : count_cells (c, party, attrition_of (c, (i - n_tables) / c->steps),
                                                      (i - n_tables) % c->steps, people));
  opens = koh_disclosure_control (party, c->disclosure, (const KohBits *const *) own->pdata,
                                  (const KohBits *const *) own->pdata + n_tables);
  g_array_set_size (output, opens->rows);
  for (guint r = 0; r < opens->rows; r++)
    for (guint b = 0; b < opens->width; b++)
      g_array_index (output, guint64, r) |= (opens->own[b * opens->words + r / 64] >> (r % 64) & 1) << b;
  if (effect != NULL)
    find_effects (c, (const guint64 *) (gpointer) output->data, effect);
  return output;
}

static guint
number (const Case *c, const guint8 *counted, const guint *people)
{
  guint n = 0;

  for (guint p = 0; p < c->n_places; p++)
    n += counted[p] ? people[p] : 0;
  return n;
}

/* Whatever is fit opens, whatever is not is hidden, each for itself. */
static GArray *
suppression (const Case *c, const guint *people, guint64 *effect)
{
  GArray *output = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (effect != NULL)
    memset (effect, 0, (c->n_places + 1) * sizeof *effect);
  for (guint i = 0; i < c->asked->len; i++)
    {
      const guint8 *counted = c->asked->pdata[i];
      guint n = number (c, counted, people);
      guint64 shown = n == 0 || n >= c->k ? n : G_MAXUINT64;

      g_array_append_val (output, shown);
      for (guint p = 0; effect != NULL && shown != G_MAXUINT64 && p < c->n_places; p++)
        effect[p] += counted[p] ? weight (9, i, 0) : 0;
    }
  return output;
}

typedef struct
{
  guint from, to;
} Move;

typedef struct
{
  const Case *c;
  Rule rule;
  GArray *output;
  guint64 effect[MOST_PLACES + 1];
  GArray *moves;         /* of Move */
  GHashTable *by_effect; /* of GArray of Move */
  GPtrArray *left;       /* targets that are not safe yet */
} Attack;

/* @people with the moves made, if the output is the same; then the targets that differ are safe. */
static gboolean
attempt (Attack *attack, const guint *people, const Move *moves, guint n, guint *result)
{
  const Case *c = attack->c;
  g_autoptr (GArray) output = NULL;

  memcpy (result, people, (c->n_places + 1) * sizeof *people);
  for (guint i = 0; i < n; i++)
    {
      result[moves[i].from]--;
      result[moves[i].to]++;
    }
  for (guint p = 0; p <= c->n_places; p++)
    if (result[p] > G_MAXINT32)
      return FALSE;
  output = attack->rule (c, result, NULL);
  if (output->len != attack->output->len ||
      memcmp (output->data, attack->output->data, output->len * sizeof (guint64)) != 0)
    return FALSE;
  for (guint i = attack->left->len; i > 0; i--)
    if (number (c, attack->left->pdata[i - 1], result) != number (c, attack->left->pdata[i - 1], c->people))
      g_ptr_array_remove_index_fast (attack->left, i - 1);
  return TRUE;
}

static void
list_moves (Attack *attack)
{
  for (guint from = 0; from <= attack->c->n_places; from++)
    for (guint to = 0; to <= attack->c->n_places; to++)
      if (from != to)
        {
          const Move move = { from, to };
          gint64 change = (gint64) (attack->effect[to] - attack->effect[from]);
          GArray *same = g_hash_table_lookup (attack->by_effect, &change);

          if (same == NULL)
            {
              same = g_array_new (FALSE, FALSE, sizeof (Move));
              g_hash_table_insert (attack->by_effect, g_memdup2 (&change, sizeof change), same);
            }
          g_array_append_val (same, move);
          g_array_append_val (attack->moves, move);
        }
}

/* One move that changes no opened number, or two that undo each other's changes. */
static guint
pick (Attack *attack, Move *moves)
{
  GRand *rand = attack->c->rand;
  gint64 change;
  GArray *back;

  moves[0] = g_array_index (attack->moves, Move, g_rand_int_range (rand, 0, (gint32) attack->moves->len));
  change = (gint64) (attack->effect[moves[0].from] - attack->effect[moves[0].to]);
  if (change == 0)
    return 1;
  back = g_hash_table_lookup (attack->by_effect, &change);
  moves[1] = g_array_index (back, Move, g_rand_int_range (rand, 0, (gint32) back->len));
  return 2;
}

static void
search (Attack *attack)
{
  const gint64 none = 0;
  const GArray *still = g_hash_table_lookup (attack->by_effect, &none);
  guint now[MOST_PLACES + 1], next[MOST_PLACES + 1];

  for (guint i = 0; still != NULL && i < still->len && attack->left->len > 0; i++)
    attempt (attack, attack->c->people, &g_array_index (still, Move, i), 1, next);
  memcpy (now, attack->c->people, sizeof now);
  for (guint trial = 0; trial < TRIALS && attack->left->len > 0; trial++)
    {
      Move moves[6];
      guint n = 0;

      for (guint times = (guint) g_rand_int_range (attack->c->rand, 1, 4); times > 0; times--)
        n += pick (attack, moves + n);
      if (trial % 50 == 0)
        memcpy (now, attack->c->people, sizeof now);
      if (attempt (attack, now, moves, n, next))
        memcpy (now, next, sizeof now);
    }
}

/* How many of the small numbers asked for are recovered. */
static guint
attack_case (const Case *c, Rule rule, guint *small)
{
  Attack attack = { .c = c, .rule = rule };
  guint recovered;

  attack.output = rule (c, c->people, attack.effect);
  attack.moves = g_array_new (FALSE, FALSE, sizeof (Move));
  attack.by_effect =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_array_unref);
  attack.left = g_ptr_array_new ();
  for (guint i = 0; i < c->asked->len; i++)
    {
      guint n = number (c, c->asked->pdata[i], c->people);

      if (n > 0 && n < c->k)
        g_ptr_array_add (attack.left, c->asked->pdata[i]);
    }
  *small += attack.left->len;
  list_moves (&attack);
  search (&attack);
  recovered = attack.left->len;
  g_array_unref (attack.output);
  g_array_unref (attack.moves);
  g_hash_table_unref (attack.by_effect);
  g_ptr_array_unref (attack.left);
  return recovered;
}

/* Who has @cell of @table's cells and passed @from criteria, but not @to (none: G_MAXUINT). */
static void
ask (Case *c, guint table, guint cell, guint from, guint to)
{
  guint8 *counted = g_new0 (guint8, MOST_PLACES);

  for (guint p = 0; p < c->n_places; p++)
    counted[p] = cell_of (c, table_of (c, table), &c->places[p]) == cell && c->places[p].stage >= from &&
                 c->places[p].stage < to;
  g_ptr_array_add (c->asked, counted);
}

static guint
below (GRand *rand, guint n)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) n);
}

static void
settle (Case *c)
{
  const guint scale = 1u << below (c->rand, 3);
  guint all = 0;

  c->n_places = c->steps + 1;
  for (guint v = 0; v < c->variables; v++)
    c->n_places *= c->levels[v];
  g_assert_cmpuint (c->n_places, <, MOST_PLACES);
  for (guint p = 0; p < c->n_places; p++)
    {
      guint rest = p;

      for (guint v = 0; v < c->variables; v++)
        {
          c->places[p].level[v] = rest % c->levels[v];
          rest /= c->levels[v];
        }
      c->places[p].stage = rest;
      c->people[p] = below (c->rand, 10) < 6 ? below (c->rand, 2 * scale + 1) : 0;
      c->people[p] += below (c->rand, 8) == 0 ? 5 + below (c->rand, 36) : 0;
      all += c->people[p];
    }
  c->people[c->n_places] = 1000; /* outside */
  c->bits = g_bit_storage (all + TRIALS);
}

/* Tables as sets of variables, a bit each. −1 ends. */
static const gint schemes[][4] = {
  { 0, -1 },    { 0, 1, -1 }, { 1, -1 },       { 3, -1 },    { 0, 1, 3, -1 }, { 1, 2, -1 },
  { 0, 1, 2, -1 }, { 3, 2, -1 }, { 3, 6, -1 }, { 3, 1, 6, -1 }, { 7, -1 },      { 7, 1, 0, -1 },
};

static Case *
draw (GRand *rand)
{
  Case *c = g_new0 (Case, 1);
  const gint *scheme = schemes[below (rand, G_N_ELEMENTS (schemes))];
  guint used = 0, n_tables = 0, attritions;

  c->rand = rand;
  c->k = below (rand, 2) ? 3 : 5;
  c->steps = below (rand, 4);
  for (; scheme[n_tables] >= 0; n_tables++)
    used |= (guint) scheme[n_tables];
  c->variables = (guint) g_bit_storage (used) * (used != 0);
  for (guint v = 0; v < c->variables; v++)
    {
      const guint levels = 2 + below (rand, c->variables > 2 ? 2 : 3);

      c->levels[v] = v > 0 ? MAX (c->levels[v - 1], levels) : levels;
    }
  settle (c);
  c->disclosure = koh_disclosure_new (c->k, c->bits, c->steps);
  for (guint v = 0; v < c->variables; v++)
    koh_disclosure_add_variable (c->disclosure, c->levels[v]);
  c->asked = g_ptr_array_new_with_free_func (g_free);
  for (guint t = 0; t < n_tables; t++)
    {
      guint by[MOST_VARIABLES], n = 0;

      for (guint v = 0; v < c->variables; v++)
        if ((guint) scheme[t] & (1u << v))
          by[n++] = v;
      koh_disclosure_add_table (c->disclosure, by, n);
      for (guint cell = 0; cell < table_of (c, t)->cells; cell++)
        ask (c, t, cell, c->steps, G_MAXUINT);
    }
  attritions = 1 + below (rand, 2);
  attritions = c->steps > 0 ? MIN (n_tables, attritions) : 0;
  for (guint a = 0; a < attritions; a++)
    {
      koh_disclosure_add_attrition (c->disclosure, a);
      for (guint cell = 0; cell < table_of (c, a)->cells; cell++)
        for (guint step = 0; step < c->steps; step++)
          {
            ask (c, a, cell, step, G_MAXUINT);
            ask (c, a, cell, step, step + 1);
          }
    }
  return c;
}

static void
case_free (Case *c)
{
  koh_disclosure_free (c->disclosure);
  g_ptr_array_unref (c->asked);
  g_free (c);
}

static guint
attack_many (Rule rule, guint32 seed, guint questions)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint small = 0, recovered = 0;

  for (guint i = 0; i < questions; i++)
    {
      Case *c = draw (rand);

      recovered += attack_case (c, rule, &small);
      case_free (c);
    }
  g_test_message ("%u questions, %u small numbers, %u recovered", questions, small, recovered);
  g_assert_cmpuint (small, >, questions);
  return recovered;
}

static void
no_small_number_is_recovered (void)
{
  g_assert_cmpuint (attack_many (ours, 51, g_test_slow () ? 4000 : 250), ==, 0);
}

static void
ordinary_suppression_falls (void)
{
  g_assert_cmpuint (attack_many (suppression, 52, 30), >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/attack/no-small-number-is-recovered", no_small_number_is_recovered);
  g_test_add_func ("/stats/attack/ordinary-suppression-falls", ordinary_suppression_falls);
  return g_test_run ();
}
