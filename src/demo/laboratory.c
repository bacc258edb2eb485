/* SPDX-License-Identifier: EUPL-1.2
 *
 * Blood tests. Everybody has a panel now and then, by age; type 2 diabetes is found by an HbA1c of 48
 * mmol/mol or more and followed twice a year. Values are text, as laboratories send them: below what can be
 * measured it is
 * "<4", and until a laboratory changed over, HbA1c came in percent under another code. */
#include "demo/life.h"

#include <math.h>

#include "demo/dice.h"

static const double panels_a_year[3] = { .05, .20, .55 }; /* below 18, 18–64, 65 and more */

/* Draws @i and @i + 1 (Box and Muller). */
static double
normal (const KohLife *life, guint i)
{
  double u = koh_dice (life->dice, KOH_STREAM_LABORATORY, i),
         v = koh_dice (life->dice, KOH_STREAM_LABORATORY, i + 1);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

/* A decimal point in every locale. */
static void
add (GArray *tests, gint day, const char *code, const char *unit, double value, gboolean tenths)
{
  KohTest test = { day, code, unit, "" };
  gint n = (gint) lround (tenths ? 10 * value : value);

  if (tenths)
    g_snprintf (test.value, sizeof test.value, "%d.%d", n / 10, n % 10);
  else
    g_snprintf (test.value, sizeof test.value, "%d", n);
  g_array_append_val (tests, test);
}

static void
add_haemoglobin_a1c (GArray *tests, gint day, double value, gint percent_until)
{
  value = round (value);
  if (day < percent_until)
    add (tests, day, "NPU03835", "%", 0.0915 * value + 2.15, TRUE);
  else
    add (tests, day, "NPU27300", "mmol/mol", value, FALSE);
}

static void
add_blood (const KohLife *life, GArray *tests, gint day, guint i)
{
  gint age = (day - life->birth) / 365;
  double typical = (life->sex == KOH_MALE ? 80 : 65) * (1 + .004 * MAX (age - 40, 0));

  add (tests, day, "NPU02319", "mmol/L", (life->sex == KOH_MALE ? 9.2 : 8.4) + .7 * normal (life, i), TRUE);
  add (tests, day, "NPU18016", "µmol/L", typical * exp (.18 * normal (life, i + 2)), FALSE);
}

void
koh_life_dose_tests (const KohLife *life, gint day, GArray *tests)
{
  add_blood (life, tests, day, 60000 + 4 * (guint) (day - life->therapy_from));
}

static void
add_panel (const KohLife *life, gint day, guint i, gint percent_until, GArray *tests)
{
  double inflamed = 2.5 * exp (1.1 * normal (life, i + 4));

  add_blood (life, tests, day, i);
  if (inflamed < 4)
    {
      KohTest test = { day, "NPU19748", "mg/L", "<4" };

      g_array_append_val (tests, test);
    }
  else
    add (tests, day, "NPU19748", "mg/L", MIN (inflamed, 400), FALSE);
  if ((day - life->birth) / 365 < 18)
    return;
  add (tests, day, "NPU01566", "mmol/L", MAX (5.1 + .9 * normal (life, i + 6), 2.2), TRUE);
  if (day < life->diabetes - 60)
    add_haemoglobin_a1c (tests, day, CLAMP (36 + 3.5 * normal (life, i + 8), 24, 46), percent_until);
}

static void
add_panels (const KohLife *life, gint percent_until, GArray *tests)
{
  for (gint y = 0; y < 16; y++)
    {
      gint new_year = koh_day_join (2008 + y, 1, 1), age = (new_year + 182 - life->birth) / 365;
      guint i = 32 * (guint) y + 1000;
      gint day = new_year + koh_dice_below (life->dice, KOH_STREAM_LABORATORY, i + 1, 365);

      if (day < life->birth || day >= life->end ||
          koh_dice (life->dice, KOH_STREAM_LABORATORY, i) >= panels_a_year[age < 18   ? 0
                                                                           : age < 65 ? 1
                                                                                      : 2])
        continue;
      add_panel (life, day, i + 2, percent_until, tests);
    }
}

/* Beyond a limit a value is mirrored at it, so that none piles up there. */
static double
within (double value, double least, double most)
{
  return MIN (value < least ? 2 * least - value : value, most);
}

/* Mean 54 and standard deviation 14, of which the larger part lies between persons. */
static void
add_diabetes (const KohLives *lives, const KohLife *life, gint percent_until, GArray *tests)
{
  const double sigma = sqrt (log (1 + 14.0 * 14.0 / (54.0 * 54.0))), mu = log (54) - sigma * sigma / 2;
  double own = sqrt (.6) * normal (life, 10);
  gint found = life->diabetes - koh_dice_below (life->dice, KOH_STREAM_LABORATORY, 12, 61);

  if (life->diabetes == KOH_DAY_NONE)
    return;
  if (found >= koh_lives_first (lives) && found >= life->birth)
    add_haemoglobin_a1c (tests, found,
                         within (exp (mu + sigma * (own + sqrt (.4) * normal (life, 14))), 48, 140),
                         percent_until);
  for (guint k = 1;; k++)
    {
      gint day =
          life->diabetes + 182 * (gint) k - koh_dice_below (life->dice, KOH_STREAM_LABORATORY, 3000 + k, 60);

      if (day >= life->end)
        return;
      add_haemoglobin_a1c (
          tests, day, within (exp (mu + sigma * (own + sqrt (.4) * normal (life, 4000 + 2 * k))), 40, 140),
          percent_until);
    }
}

void
koh_life_tests (const KohLives *lives, const KohLife *life, gint percent_until, GArray *tests)
{
  add_panels (life, percent_until, tests);
  add_diabetes (lives, life, percent_until, tests);
}
