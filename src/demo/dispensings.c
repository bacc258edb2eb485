/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a life's prescriptions come to at the pharmacy. After an infarct four of five redeem a statin
 * within a month and then every 90 days; other people have statins by age, and after type 2 diabetes;
 * metformin every 100 days; and single redemptions of common medicines. */
#include "demo/life.h"

#include "demo/dice.h"

/* Statin users by age at the start of 2008, and new users a year after that. */
static const double statin_share[10] = { 0, 0, 0, .005, .03, .11, .22, .28, .20, .10 };
static const double statin_starts[10] = { 0, 0, 0, .001, .006, .014, .022, .020, .010, .002 };

/* Single redemptions: code, weight below 18, at 18–64, and at 65 and more. */
static const struct
{
  const char *code;
  double weight[3];
} common[] = {
  { "J01CA08", { 1, 3, 4 } },    { "N02BE01", { 1, 4, 6 } },    { "M01AE01", { 1, 4, 2 } },
  { "A02BC02", { .1, 3, 4 } },   { "R03AC02", { 3, 2, 2 } },    { "N06AB04", { .1, 2, 1.5 } },
  { "C09AA02", { 0, 1.5, 4 } },  { "C09CA01", { 0, 1.5, 4 } },  { "C08CA01", { 0, 1, 4 } },
  { "C03CA01", { 0, .3, 2.5 } }, { "H03AA01", { .1, 1, 1 } },   { "H02AB06", { .3, 1, 1.5 } },
  { "B01AF02", { 0, .2, 2 } },   { "R03BB04", { 0, .4, 1.5 } }, { "N06BA04", { 1, .5, 0 } },
};
static const double redemptions_a_year[3] = { .15, .35, .8 };

static void
add (const KohLives *lives, const KohLife *life, GArray *dispensings, gint day, const char *code)
{
  KohDispensing dispensing = { day, code };

  if (day >= koh_lives_first (lives) && day < life->end && day >= life->birth)
    g_array_append_val (dispensings, dispensing);
}

/* Every `every` days from `from` to `until`, until the patient gives it up. */
static void
course (const KohLives *lives, const KohLife *life, GArray *dispensings, gint from, gint until, gint every,
        double give_up, const char *code, guint base)
{
  gint day = from;

  for (guint i = 0; day < MIN (until, life->end); i++)
    {
      add (lives, life, dispensings, day, code);
      if (koh_dice (life->dice, KOH_STREAM_DRUG, base + 2 * i) < give_up)
        break;
      day += every - 3 + koh_dice_below (life->dice, KOH_STREAM_DRUG, base + 2 * i + 1, 7);
    }
}

static guint
decade_of (const KohLife *life, gint day)
{
  return (guint) CLAMP ((day - life->birth) / 3652, 0, 9);
}

static const char *
statin (const KohLife *life, gint day)
{
  double u = koh_dice (life->dice, KOH_STREAM_STATIN, 0);

  return u < (day < koh_day_join (2012, 6, 1) ? 0.85 : 0.35) ? "C10AA01" : "C10AA05";
}

/* The first day of statins before any infarct; KOH_DAY_NONE for most. */
static gint
background_statin (const KohLives *lives, const KohLife *life)
{
  gint first = koh_lives_first (lives), start = KOH_DAY_NONE;

  if (life->birth < first &&
      koh_dice (life->dice, KOH_STREAM_STATIN, 1) < statin_share[decade_of (life, first)])
    return first + koh_dice_below (life->dice, KOH_STREAM_STATIN, 2, 90);
  for (gint year = 2008; year < 2024 && start == KOH_DAY_NONE; year++)
    {
      gint new_year = koh_day_join (year, 1, 1);

      if (new_year > life->birth && koh_dice (life->dice, KOH_STREAM_STATIN, 10 + (guint) year) <
                                        statin_starts[decade_of (life, new_year)])
        start = new_year + koh_dice_below (life->dice, KOH_STREAM_STATIN, 3, 365);
    }
  if (life->diabetes != KOH_DAY_NONE && koh_dice (life->dice, KOH_STREAM_STATIN, 4) < 0.6)
    start = MIN (start, life->diabetes + koh_dice_below (life->dice, KOH_STREAM_STATIN, 5, 180));
  return start;
}

static void
add_heart (const KohLives *lives, const KohLife *life, GArray *dispensings)
{
  static const double by_quintile[5] = { .76, .78, .80, .82, .84 };
  gint background = background_statin (lives, life), infarct = life->infarct;
  guint64 dice = life->dice;
  double soon = koh_dice (dice, KOH_STREAM_STATIN, 7);
  gint from = infarct + (gint) (29 * soon * soon);
  gboolean treated =
      infarct != KOH_DAY_NONE && koh_dice (dice, KOH_STREAM_STATIN, 6) < by_quintile[life->quintile];

  if (background != KOH_DAY_NONE)
    course (lives, life, dispensings, background, treated ? infarct : life->end, 90, 0.008,
            statin (life, background), 0);
  if (!treated)
    return;
  course (lives, life, dispensings, from, life->end, 90, 0.008, "C10AA05", 1000);
  course (lives, life, dispensings, from, life->end, 100, 0.02, "B01AC06", 2000);
  if (koh_dice (dice, KOH_STREAM_STATIN, 8) < 0.65)
    course (lives, life, dispensings, from, infarct + 365, 90, 0.02, "B01AC24", 3000);
  if (koh_dice (dice, KOH_STREAM_STATIN, 9) < 0.6)
    course (lives, life, dispensings, from, life->end, 100, 0.03, "C07AB02", 4000);
}

static void
add_diabetes (const KohLives *lives, const KohLife *life, GArray *dispensings)
{
  guint64 dice = life->dice;
  gint later = MAX (life->diabetes + 3 * 365, koh_day_join (2014, 1, 1)) +
               koh_dice_below (dice, KOH_STREAM_DRUG, 90001, 1500);

  if (life->diabetes == KOH_DAY_NONE)
    return;
  if (koh_dice (dice, KOH_STREAM_DRUG, 90002) < 0.85)
    course (lives, life, dispensings, life->diabetes + koh_dice_below (dice, KOH_STREAM_DRUG, 90003, 90),
            life->end, 100, 0.006, "A10BA02", 5000);
  if (koh_dice (dice, KOH_STREAM_DRUG, 90004) < 0.35)
    course (lives, life, dispensings, later, life->end, 90, 0.01,
            later < koh_day_join (2018, 9, 1) || koh_dice (dice, KOH_STREAM_DRUG, 90005) < 0.4 ? "A10BK01"
                                                                                               : "A10BJ06",
            6000);
}

static void
add_common (const KohLives *lives, const KohLife *life, GArray *dispensings)
{
  for (gint y = 0; y < 16; y++)
    {
      gint new_year = koh_day_join (2008 + y, 1, 1), age = (new_year + 182 - life->birth) / 365;
      guint group = age < 18 ? 0 : age < 65 ? 1 : 2;
      double rate = redemptions_a_year[group];

      /* At most two a year; with these rates that is enough. */
      for (guint i = 0; i < 2; i++)
        {
          guint number = (guint) y * 8 + i;
          double total = 0, u;
          guint c = 0;

          if (koh_dice (life->dice, KOH_STREAM_SPORADIC, number * 4) >= rate / 2)
            continue;
          for (guint d = 0; d < G_N_ELEMENTS (common); d++)
            total += common[d].weight[group];
          u = total * koh_dice (life->dice, KOH_STREAM_SPORADIC, number * 4 + 1);
          while (c + 1 < G_N_ELEMENTS (common) && u >= common[c].weight[group])
            u -= common[c++].weight[group];
          add (lives, life, dispensings,
               new_year + koh_dice_below (life->dice, KOH_STREAM_SPORADIC, number * 4 + 2, 365),
               common[c].code);
        }
    }
}

void
koh_life_dispensings (const KohLives *lives, const KohLife *life, GArray *dispensings)
{
  add_heart (lives, life, dispensings);
  add_diabetes (lives, life, dispensings);
  add_common (lives, life, dispensings);
  if (life->breast != KOH_DAY_NONE && koh_dice (life->dice, KOH_STREAM_DRUG, 90010) < 0.7)
    course (lives, life, dispensings, life->breast + 60, life->breast + 5 * 365, 90, 0.01,
            life->breast - life->birth < 50 * 365 ? "L02BA01" : "L02BG04", 7000);
}
