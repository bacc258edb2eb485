/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rule on shares: the cohort, the variables one by one in public order, the steps of the attrition,
 * and what opens. A table whose variable has been joined keeps its shape: the number of a run stands at
 * its last level, the others are 0, which is fit and so disturbs nothing that comes later. */
#include "stats/disclosure.h"

#include "stats/rows.h"
#include "stats/runs.h"

#define CROSSED 4 /* a run that a later variable divides has 0 or ≥ 4k, or the next would split it badly */

static void
free_table (gpointer data)
{
  KohDisclosureTable *table = data;

  g_free (table->by);
  g_free (table);
}

KohDisclosure *
koh_disclosure_new (guint k, guint bits, guint steps)
{
  KohDisclosure *disclosure = g_new0 (KohDisclosure, 1);

  g_assert (k > 0 && bits > 0 && bits <= 64);
  disclosure->k = k;
  disclosure->bits = bits;
  disclosure->steps = steps;
  disclosure->levels = g_array_new (FALSE, FALSE, sizeof (guint));
  disclosure->tables = g_ptr_array_new_with_free_func (free_table);
  disclosure->attritions = g_array_new (FALSE, FALSE, sizeof (guint));
  return disclosure;
}

void
koh_disclosure_free (KohDisclosure *disclosure)
{
  g_array_unref (disclosure->levels);
  g_ptr_array_unref (disclosure->tables);
  g_array_unref (disclosure->attritions);
  g_free (disclosure);
}

static guint
levels_of (const KohDisclosure *disclosure, guint variable)
{
  return g_array_index (disclosure->levels, guint, variable);
}

static const KohDisclosureTable *
table_of (const KohDisclosure *disclosure, guint table)
{
  return disclosure->tables->pdata[table];
}

static const KohDisclosureTable *
attrition_of (const KohDisclosure *disclosure, guint attrition)
{
  return table_of (disclosure, g_array_index (disclosure->attritions, guint, attrition));
}

void
koh_disclosure_add_variable (KohDisclosure *disclosure, guint levels)
{
  g_assert (levels > 0);
  g_array_append_val (disclosure->levels, levels);
}

guint
koh_disclosure_add_table (KohDisclosure *disclosure, const guint *by, guint n)
{
  KohDisclosureTable *table = g_new0 (KohDisclosureTable, 1);

  table->n = n;
  table->by = g_memdup2 (by, n * sizeof *by);
  table->cells = 1;
  for (guint i = 0; i < n; i++)
    {
      g_assert (by[i] < disclosure->levels->len && (i == 0 || by[i - 1] < by[i]));
      table->cells *= levels_of (disclosure, by[i]);
    }
  g_ptr_array_add (disclosure->tables, table);
  return disclosure->tables->len - 1;
}

void
koh_disclosure_add_attrition (KohDisclosure *disclosure, guint table)
{
  g_assert (table < disclosure->tables->len);
  g_array_append_val (disclosure->attritions, table);
}

guint
koh_disclosure_rows (const KohDisclosure *disclosure)
{
  guint rows = 1;

  for (guint v = 0; v < disclosure->levels->len; v++)
    rows += levels_of (disclosure, v);
  for (guint t = 0; t < disclosure->tables->len; t++)
    rows += table_of (disclosure, t)->cells;
  if (disclosure->attritions->len > 0)
    rows += disclosure->steps + 1;
  for (guint a = 0; a < disclosure->attritions->len; a++)
    rows += (disclosure->steps + 1) * attrition_of (disclosure, a)->cells;
  return rows;
}

static gboolean
has (const KohDisclosureTable *table, guint variable)
{
  for (guint i = 0; i < table->n; i++)
    if (table->by[i] == variable)
      return TRUE;
  return FALSE;
}

/* Cells that differ in @variable only are @stride apart. */
static guint
stride_of (const KohDisclosure *disclosure, const KohDisclosureTable *table, guint variable)
{
  guint stride = 1;

  for (guint i = table->n; i > 0 && table->by[i - 1] != variable; i--)
    stride *= levels_of (disclosure, table->by[i - 1]);
  return stride;
}

/* The cells with @variable's levels side by side: line by line. @inverse: back again. */
static KohBits *
lines_of (const KohBits *cells, guint stride, guint levels, gboolean inverse)
{
  g_autofree guint *row = g_new (guint, MAX (1, cells->rows));

  for (guint cell = 0; cell < cells->rows; cell++)
    {
      const guint level = cell / stride % levels;
      const guint line = cell / (stride * levels) * stride + cell % stride;

      if (inverse)
        row[cell] = line * levels + level;
      else
        row[line * levels + level] = cell;
    }
  return koh_bits_gather (cells, row, cells->rows);
}

/* The sums of @table's cells over all its variables that @keep says no to; kept ones stay in order. */
static KohBits *
margin (KohParty *party, const KohDisclosure *disclosure, const KohDisclosureTable *table,
        const KohBits *cells, gboolean (*keep) (guint variable, gconstpointer data), gconstpointer data)
{
  g_autofree guint *row = g_new (guint, MAX (1, cells->rows));
  g_autoptr (KohBits) sorted = NULL;
  guint kept = 1, place;

  for (guint i = 0; i < table->n; i++)
    if (keep (table->by[i], data))
      kept *= levels_of (disclosure, table->by[i]);
  for (guint cell = 0; cell < cells->rows; cell++)
    {
      guint in_kept = 0, in_rest = 0, rest = cell, above = cells->rows;

      for (guint i = 0; i < table->n; i++)
        {
          const guint levels = levels_of (disclosure, table->by[i]);

          above /= levels;
          if (keep (table->by[i], data))
            in_kept = in_kept * levels + rest / above;
          else
            in_rest = in_rest * levels + rest / above;
          rest %= above;
        }
      place = in_kept * (cells->rows / kept) + in_rest;
      row[place] = cell;
    }
  sorted = koh_bits_gather (cells, row, cells->rows);
  return koh_rows_sum (party, sorted, cells->rows / kept);
}

static gboolean
keep_of_table (guint variable, gconstpointer table)
{
  return has (table, variable);
}

static gboolean
keep_up_to (guint variable, gconstpointer last)
{
  return variable <= *(const guint *) last;
}

static gboolean
keep_none (guint variable, gconstpointer unused)
{
  return FALSE;
}

/* Everything that is joined: the tables, then each attrition's earlier steps. */
typedef struct
{
  KohParty *party;
  const KohDisclosure *disclosure;
  const KohDisclosureTable **shapes;
  KohBits **cells;
  guint n;
  KohBits *cohort;     /* one row: the cohort is fit */
  KohBits **ends;      /* of each variable: does a run close here */
} Control;

static gboolean
is_given_by (const KohDisclosureTable *part, const KohDisclosureTable *whole)
{
  for (guint i = 0; i < part->n; i++)
    if (!has (whole, part->by[i]))
      return FALSE;
  return TRUE;
}

static void
begin (Control *control, const KohBits *const *tables, const KohBits *const *steps)
{
  const KohDisclosure *disclosure = control->disclosure;
  const guint n_tables = disclosure->tables->len, n_attritions = disclosure->attritions->len;

  control->n = n_tables + n_attritions * disclosure->steps;
  control->shapes = g_new0 (const KohDisclosureTable *, control->n);
  control->cells = g_new0 (KohBits *, control->n);
  control->ends = g_new0 (KohBits *, MAX (1, disclosure->levels->len));
  for (guint t = 0; t < n_tables; t++)
    {
      guint from = t;

      control->shapes[t] = table_of (disclosure, t);
      for (guint i = 0; i < n_tables && tables[from] == NULL; i++)
        if (tables[i] != NULL && is_given_by (control->shapes[t], table_of (disclosure, i)))
          from = i;
      g_assert (tables[from] != NULL);
      control->cells[t] = margin (control->party, disclosure, table_of (disclosure, from), tables[from],
                                  keep_of_table, control->shapes[t]);
    }
  for (guint i = n_tables; i < control->n; i++)
    {
      control->shapes[i] = attrition_of (disclosure, (i - n_tables) / disclosure->steps);
      control->cells[i] = koh_bits_copy (steps[i - n_tables]);
    }
}

static void
end (Control *control)
{
  for (guint i = 0; i < control->n; i++)
    koh_bits_free (control->cells[i]);
  for (guint v = 0; v < control->disclosure->levels->len; v++)
    koh_bits_free (control->ends[v]);
  koh_bits_free (control->cohort);
  g_free (control->cells);
  g_free (control->shapes);
  g_free (control->ends);
}

static void
look_at_cohort (Control *control)
{
  g_autoptr (KohBits) total =
    margin (control->party, control->disclosure, control->shapes[0], control->cells[0], keep_none, NULL);

  control->cohort = koh_runs_fit (control->party, total, control->disclosure->k);
}

static gboolean
same_earlier (const KohDisclosureTable *a, const KohDisclosureTable *b, guint variable)
{
  for (guint v = 0; v < variable; v++)
    if (has (a, v) != has (b, v))
      return FALSE;
  return TRUE;
}

/* The numbers that must be fit: in every table with @variable, by the joined earlier variables and summed
 * over later ones. Tables with the same earlier variables have the same ones. */
static KohBits *
checked_lines (Control *control, guint variable)
{
  const guint n_tables = control->disclosure->tables->len;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);

  for (guint t = 0; t < n_tables; t++)
    {
      gboolean seen = !has (control->shapes[t], variable);

      for (guint i = 0; i < t && !seen; i++)
        seen = has (control->shapes[i], variable) &&
               same_earlier (control->shapes[i], control->shapes[t], variable);
      if (!seen)
        g_ptr_array_add (parts, margin (control->party, control->disclosure, control->shapes[t],
                                        control->cells[t], keep_up_to, &variable));
    }
  return koh_rows_stack (control->party, (const KohBits *const *) parts->pdata, parts->len);
}

/* All cells that have @variable, its levels side by side. */
static KohBits *
joined_lines (Control *control, guint variable)
{
  const guint levels = levels_of (control->disclosure, variable);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);

  for (guint i = 0; i < control->n; i++)
    if (has (control->shapes[i], variable))
      g_ptr_array_add (parts, lines_of (control->cells[i],
                                        stride_of (control->disclosure, control->shapes[i], variable), levels,
                                        FALSE));
  return koh_rows_stack (control->party, (const KohBits *const *) parts->pdata, parts->len);
}

static void
put_back (Control *control, guint variable, const KohBits *lines)
{
  const guint levels = levels_of (control->disclosure, variable);
  guint first = 0;

  for (guint i = 0; i < control->n; i++)
    if (has (control->shapes[i], variable))
      {
        g_autoptr (KohBits) part = koh_rows_slice (lines, first, control->cells[i]->rows);

        first += part->rows;
        koh_bits_free (control->cells[i]);
        control->cells[i] =
            lines_of (part, stride_of (control->disclosure, control->shapes[i], variable), levels, TRUE);
      }
}

static gboolean
is_crossed (const KohDisclosure *disclosure, guint variable)
{
  for (guint t = 0; t < disclosure->tables->len; t++)
    {
      const KohDisclosureTable *table = table_of (disclosure, t);

      if (has (table, variable) && table->by[table->n - 1] != variable)
        return TRUE;
    }
  return FALSE;
}

/* May a run from s on close at t? It is fit in all lines, and so is what is left to its right, the pair
 * (t + 1, last). At the last level the answer does not matter. A cohort of 1…k−1 cuts nothing by itself:
 * the run that has anyone in it is not fit, nor is all that is left before. */
static KohBits *
may_close (KohParty *party, const KohBits *sums, guint levels, guint64 least)
{
  const guint pairs = koh_pairs (levels);
  g_autofree guint *right = g_new (guint, pairs);
  g_autoptr (KohBits) fit = koh_runs_all_fit (party, sums, levels, least);
  g_autoptr (KohBits) rest = NULL;

  for (guint t = 0; t < levels; t++)
    for (guint s = 0; s <= t; s++)
      right[koh_pair (s, t)] = t + 1 < levels ? koh_pair (t + 1, levels - 1) : G_MAXUINT;
  rest = koh_bits_gather (fit, right, pairs);
  return koh_bits_and (party, fit, rest);
}

/* Sums from the left are found at once for the lines that are checked and for those that are joined. */
static void
join_levels (Control *control, guint variable)
{
  KohParty *party = control->party;
  const guint levels = levels_of (control->disclosure, variable);
  const guint crossed = is_crossed (control->disclosure, variable) ? CROSSED : 1;
  g_autoptr (KohBits) checked = checked_lines (control, variable);
  g_autoptr (KohBits) joined = joined_lines (control, variable);
  const KohBits *const parts[] = { checked, joined };
  g_autoptr (KohBits) lines = koh_rows_stack (party, parts, 2);
  g_autoptr (KohBits) sums = koh_rows_prefix (party, lines, levels);
  const guint n_checked = checked->rows / levels * (levels + 1);
  g_autoptr (KohBits) of_checked = koh_rows_slice (sums, 0, n_checked);
  g_autoptr (KohBits) of_joined = koh_rows_slice (sums, n_checked, sums->rows - n_checked);
  g_autoptr (KohBits) may =
    may_close (party, of_checked, levels, (guint64) control->disclosure->k * crossed);
  g_autoptr (KohBits) taken = koh_runs_take (party, may, levels, TRUE);
  g_autoptr (KohBits) result = koh_runs_join (party, taken, of_joined, levels);

  control->ends[variable] = koh_runs_ends (party, taken, levels);
  put_back (control, variable, result);
}

/* Cell by cell the numbers left, from the last step back, with 0 before them: sums from the left of what
 * each step adds. */
static KohBits *
backwards (Control *control)
{
  const KohDisclosure *disclosure = control->disclosure;
  const guint steps = disclosure->steps, n_tables = disclosure->tables->len;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);

  for (guint a = 0; a < disclosure->attritions->len; a++)
    {
      const guint cells = attrition_of (disclosure, a)->cells;
      g_autofree guint *row = g_new (guint, cells * (steps + 2));
      g_autoptr (KohBits) all = NULL;
      g_autofree const KohBits **of_step = g_new (const KohBits *, steps + 1);

      of_step[0] = control->cells[g_array_index (disclosure->attritions, guint, a)];
      for (guint t = 1; t <= steps; t++)
        of_step[t] = control->cells[n_tables + a * steps + steps - t];
      all = koh_rows_stack (control->party, of_step, steps + 1);
      for (guint cell = 0; cell < cells; cell++)
        for (guint t = 0; t < steps + 2; t++)
          row[cell * (steps + 2) + t] = t == 0 ? G_MAXUINT : (t - 1) * cells + cell;
      g_ptr_array_add (parts, koh_bits_gather (all, row, cells * (steps + 2)));
    }
  return koh_rows_stack (control->party, (const KohBits *const *) parts->pdata, parts->len);
}

/* Which steps open, from the last back: what a step adds to the one opened before it is fit in every cell. */
static KohBits *
open_steps (Control *control)
{
  KohParty *party = control->party;
  const guint levels = control->disclosure->steps + 1;
  g_autoptr (KohBits) numbers = backwards (control);
  g_autoptr (KohBits) may = koh_runs_all_fit (party, numbers, levels, control->disclosure->k);
  g_autoptr (KohBits) taken = koh_runs_take (party, may, levels, FALSE);
  g_autoptr (KohBits) opened = koh_runs_ends (party, taken, levels);
  g_autofree guint *row = g_new (guint, levels);

  for (guint step = 0; step < levels; step++)
    row[step] = levels - 1 - step;
  return koh_bits_gather (opened, row, levels);
}

/* Flags and masked numbers, in the order in which koh_disclosure_read() reads them. */
static KohBits *
what_opens (Control *control)
{
  const KohDisclosure *disclosure = control->disclosure;
  const guint n_tables = disclosure->tables->len, steps = disclosure->steps;
  g_autoptr (KohBits) open = disclosure->attritions->len > 0 ? open_steps (control) : NULL;
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_bits_free);
  g_autoptr (GPtrArray) numbers = g_ptr_array_new ();
  g_autoptr (GPtrArray) masks = g_ptr_array_new ();
  g_autoptr (GPtrArray) out = g_ptr_array_new ();
  g_autoptr (KohBits) all_numbers = NULL, all_masks = NULL, masked = NULL;

  for (guint t = 0; t < n_tables; t++)
    {
      KohBits *mask = koh_rows_repeat (control->cohort, control->cells[t]->rows);

      g_ptr_array_add (own, mask);
      g_ptr_array_add (masks, mask);
      g_ptr_array_add (numbers, control->cells[t]);
    }
  for (guint a = 0; a < disclosure->attritions->len; a++)
    {
      KohBits *mask = koh_rows_repeat (open, attrition_of (disclosure, a)->cells);

      g_ptr_array_add (own, mask);
      g_ptr_array_add (masks, mask);
      for (guint step = 0; step < steps; step++)
        g_ptr_array_add (numbers, control->cells[n_tables + a * steps + step]);
      g_ptr_array_add (numbers, control->cells[g_array_index (disclosure->attritions, guint, a)]);
    }
  all_numbers = koh_rows_stack (control->party, (const KohBits *const *) numbers->pdata, numbers->len);
  all_masks = koh_rows_stack (control->party, (const KohBits *const *) masks->pdata, masks->len);
  masked = koh_bits_and (control->party, all_masks, all_numbers);
  g_ptr_array_add (out, control->cohort);
  for (guint v = 0; v < disclosure->levels->len; v++)
    g_ptr_array_add (out, control->ends[v]);
  if (open != NULL)
    g_ptr_array_add (out, open);
  g_ptr_array_add (out, masked);
  return koh_rows_stack (control->party, (const KohBits *const *) out->pdata, out->len);
}

KohBits *
koh_disclosure_control (KohParty *party, const KohDisclosure *disclosure, const KohBits *const *tables,
                        const KohBits *const *steps)
{
  Control control = { .party = party, .disclosure = disclosure };
  KohBits *opens;

  begin (&control, tables, steps);
  look_at_cohort (&control);
  for (guint variable = 0; variable < disclosure->levels->len; variable++)
    join_levels (&control, variable);
  opens = what_opens (&control);
  end (&control);
  return opens;
}
