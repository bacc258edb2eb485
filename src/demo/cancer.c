/* SPDX-License-Identifier: EUPL-1.2
 *
 * The course of lung and breast cancer. Each has an excess hazard of death by stage beside all other causes,
 * which is a competing risk of its own: its day follows from one exponential threshold, to the day.
 * Pembrolizumab multiplies it by 0.70 from the first dose on; who dies before that was never treated, so that
 * a naive comparison of treated and untreated patients looks too good, as it does in real data. */
#include "demo/life.h"

#include <math.h>

#include "demo/dice.h"

#define PEMBROLIZUMAB_HAZARD_RATIO 0.70
#define DAYS_BETWEEN_DOSES 21
#define MOST_DOSES_PEMBROLIZUMAB 35 /* two years */

/* Excess deaths per person-year: lung cancer in the first, second and later years. */
static const double lung_excess[4][3] = {
  { .06, .07, .07 }, { .20, .20, .16 }, { .50, .42, .27 }, { 1.40, .85, .50 }
};
static const double breast_excess[4] = { .002, .012, .06, .30 };

const char *
koh_life_lung_code (const KohLife *life)
{
  return koh_dice (life->dice, KOH_STREAM_FOLLOW, 40) < 0.6 ? "DC349" : "DC34";
}

const char *
koh_life_breast_code (const KohLife *life)
{
  return koh_dice (life->dice, KOH_STREAM_FOLLOW, 70) < 0.5 ? "DC504" : "DC509";
}

/* The day on which the accumulated hazard passes the threshold: by year of the disease, times @ratio from the
 * day @treated of the disease on. */
static gint
fatal_day (const double excess[3], double left, gint treated, double ratio)
{
  double day = 0;

  for (guint year = 0; year < 3; year++)
    for (guint part = 0; part < 2; part++)
      {
        double end = year < 2 ? 365.0 * (year + 1) : HUGE_VAL;
        double to = part == 0 ? MIN (end, MAX (day, treated)) : end;
        double rate = excess[year] / 365.25 * (part == 0 ? 1 : ratio);

        if (left < (to - day) * rate)
          return (gint) MIN (day + left / rate, KOH_DAY_LAST);
        left -= (to - day) * rate;
        day = to;
      }
  return KOH_DAY_LAST;
}

static gint
after (gint day, gint days)
{
  return days < KOH_DAY_LAST - day ? day + days : KOH_DAY_NONE;
}

static void
plan_therapy (KohLife *life)
{
  gint start = life->lung + 14 + koh_dice_below (life->dice, KOH_STREAM_LUNG, 3, 32);
  double u = koh_dice (life->dice, KOH_STREAM_LUNG, 4);

  if (life->lung_stage < 3)
    return;
  if (life->pd_l1 == KOH_PD_L1_HIGH && life->lung >= koh_day_join (2018, 1, 1) && u < 0.75)
    {
      double months = -8 * log (koh_dice (life->dice, KOH_STREAM_LUNG, 5));

      life->therapy = KOH_THERAPY_PEMBROLIZUMAB;
      life->therapy_until =
          start + (gint) MIN (months * 30.4375, MOST_DOSES_PEMBROLIZUMAB * DAYS_BETWEEN_DOSES);
    }
  else if (koh_dice (life->dice, KOH_STREAM_LUNG, 6) < 0.70)
    {
      life->therapy = KOH_THERAPY_PLATINUM;
      life->therapy_until =
          start + (4 + koh_dice_below (life->dice, KOH_STREAM_LUNG, 7, 3)) * DAYS_BETWEEN_DOSES;
    }
  if (life->therapy != KOH_THERAPY_NONE)
    life->therapy_from = start;
}

gint
koh_life_lung_course (KohLife *life)
{
  double left = -log (koh_dice (life->dice, KOH_STREAM_LUNG, 8));
  gboolean treated;

  /* Tumours are tested from 2017 on; a high value is one of 50 % or more. */
  if (life->lung >= koh_day_join (2017, 1, 1))
    life->pd_l1 = koh_dice (life->dice, KOH_STREAM_LUNG, 2) < 0.30 ? KOH_PD_L1_HIGH : KOH_PD_L1_LOW;
  plan_therapy (life);
  treated = life->therapy == KOH_THERAPY_PEMBROLIZUMAB;
  return after (life->lung, fatal_day (lung_excess[life->lung_stage], left,
                                       treated ? life->therapy_from - life->lung : KOH_DAY_LAST,
                                       PEMBROLIZUMAB_HAZARD_RATIO));
}

gint
koh_life_breast_course (const KohLife *life)
{
  double rate = breast_excess[life->breast_stage];
  const double excess[3] = { rate, rate, rate };

  return after (life->breast,
                fatal_day (excess, -log (koh_dice (life->dice, KOH_STREAM_BREAST, 2)), KOH_DAY_LAST, 1));
}

gint
koh_life_dose (const KohLife *life, guint n)
{
  gint day;

  if (life->therapy == KOH_THERAPY_NONE)
    return KOH_DAY_NONE;
  day = life->therapy_from + (gint) n * DAYS_BETWEEN_DOSES;
  return n == 0 || day < MIN (life->therapy_until, life->end) ? day : KOH_DAY_NONE;
}
