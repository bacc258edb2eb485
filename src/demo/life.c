/* SPDX-License-Identifier: EUPL-1.2
 *
 * Competing hazards in steps of a month: each process has an exponential threshold, and happens in
 * the month in which its accumulated hazard passes it. Rates are those of Danish statistics and
 * cohort papers around 2016–2024, rounded; see README.md. The starting population has the age pyramid;
 * children are born all through the period; nobody moves in, so that a person is in the country from
 * birth until death or emigration. */
#include "demo/life.h"

#include <math.h>

#include "demo/dice.h"

#define MONTH 30.4375
#define MONTHS_OF_AGE 1400
#define YEARS 16
#define BIRTHS_PER_YEAR 0.0097

const char *const koh_region_codes[KOH_REGIONS] = { "1084", "1082", "1083", "1085", "1081" };
static const double region_shares[KOH_REGIONS] = { 0.3205, 0.2291, 0.2078, 0.1430, 0.0996 };

/* Five-year bands 0–4 … 95+: thousands of inhabitants, and the share of men. */
static const double pyramid[20] = { 307, 308, 335, 349, 370, 411, 405, 361, 334, 372,
                                    391, 413, 372, 329, 301, 288, 178, 90,  36,  11 };
static const double males[20] = { .513, .513, .513, .513, .512, .511, .508, .505, .502, .502,
                                  .503, .502, .497, .490, .482, .472, .450, .405, .325, .235 };

typedef struct
{
  double below, value;
} Band;

/* First events per 100,000 person-years, by sex. */
static const Band infarct_rates[2][5] = { { { 18, 0 }, { 50, 28 }, { 70, 232 }, { 85, 455 }, { 200, 720 } },
                                          { { 18, 0 }, { 50, 8 }, { 70, 77 }, { 85, 222 }, { 200, 420 } } };
static const Band breast_rates[2][7] = {
  { { 40, 0 }, { 200, 2 } },
  { { 30, 2 }, { 40, 45 }, { 50, 150 }, { 60, 270 }, { 70, 385 }, { 80, 400 }, { 200, 330 } }
};
static const Band lung_rates[2][6] = {
  { { 40, 1 }, { 50, 12 }, { 60, 70 }, { 70, 220 }, { 80, 400 }, { 200, 330 } },
  { { 40, 1 }, { 50, 16 }, { 60, 85 }, { 70, 230 }, { 80, 360 }, { 200, 240 } }
};
static const Band diabetes_rates[2][8] = {
  { { 20, 4 }, { 30, 24 }, { 40, 96 }, { 50, 270 }, { 60, 580 }, { 70, 900 }, { 80, 1000 }, { 200, 720 } },
  { { 20, 4 }, { 30, 40 }, { 40, 88 }, { 50, 184 }, { 60, 384 }, { 70, 656 }, { 80, 800 }, { 200, 640 } }
};
static const Band emigration_rates[5] = { { 18, 500 }, { 30, 1400 }, { 45, 900 }, { 65, 250 }, { 200, 60 } };

/* Shares. */
static const Band diabetes_prevalence[2][8] = { { { 20, .0002 },
                                                  { 30, .001 },
                                                  { 40, .005 },
                                                  { 50, .024 },
                                                  { 60, .064 },
                                                  { 70, .123 },
                                                  { 80, .166 },
                                                  { 200, .150 } },
                                                { { 20, .0002 },
                                                  { 30, .002 },
                                                  { 40, .006 },
                                                  { 50, .017 },
                                                  { 60, .043 },
                                                  { 70, .083 },
                                                  { 80, .126 },
                                                  { 200, .134 } } };
static const Band infarct_fatality[4] = { { 50, .015 }, { 70, .035 }, { 85, .10 }, { 200, .20 } };
static const double lung_stages[4] = { .28, .08, .19, .45 };
static const double breast_stages[4] = { .50, .35, .10, .05 };

/* Income fifths differ in infarcts and lung cancer; mean 1. */
static const double ses_factor[5] = { 1.45, 1.15, 0.97, 0.80, 0.63 };

/* Education as registered: code, share, and the age at which it is completed. */
static const struct
{
  const char *code;
  double share;
  gint age;
} educations[] = {
  { "10", .17, 16 }, { "20", .08, 19 }, { "30", .34, 21 }, { "40", .06, 23 }, { "50", .18, 24 },
  { "60", .03, 23 }, { "70", .12, 26 }, { "80", .01, 31 }, { "90", .01, 16 },
};

struct _KohLives
{
  guint64 seed;
  gint first, after;
  struct
  {
    double death[MONTHS_OF_AGE], infarct[MONTHS_OF_AGE], lung[MONTHS_OF_AGE], breast[MONTHS_OF_AGE],
        diabetes[MONTHS_OF_AGE], emigration[MONTHS_OF_AGE]; /* per month */
  } rates[2];
};

static double
band (const Band *bands, double age)
{
  while (age >= bands->below)
    bands++;
  return bands->value;
}

/* Gompertz from age 30, with a floor below: life expectancy 80.1 and 83.9 years. */
static double
mortality (KohSex sex, double age)
{
  static const double b[2] = { 2.42e-5, 1.02e-5 }, g[2] = { 0.0958, 0.1026 }, least[2] = { 0.0004, 0.0002 };

  if (age < 1)
    return 0.0032;
  if (age < 15)
    return 0.0001;
  return MAX (least[sex], b[sex] * exp (g[sex] * age));
}

KohLives *
koh_lives_new (guint64 seed, gdouble enrich)
{
  KohLives *lives = g_new0 (KohLives, 1);

  lives->seed = seed;
  lives->first = koh_day_join (2008, 1, 1);
  lives->after = koh_day_join (2008 + YEARS, 1, 1);
  for (guint sex = 0; sex < 2; sex++)
    for (guint m = 0; m < MONTHS_OF_AGE; m++)
      {
        double age = (m + 0.5) / 12;

        lives->rates[sex].death[m] = 0.93 * mortality (sex, age) / 12;
        lives->rates[sex].infarct[m] = 0.94 * enrich * band (infarct_rates[sex], age) / 1e5 / 12;
        lives->rates[sex].lung[m] = enrich * band (lung_rates[sex], age) / 1e5 / 12;
        lives->rates[sex].breast[m] = band (breast_rates[sex], age) / 1e5 / 12;
        lives->rates[sex].diabetes[m] = band (diabetes_rates[sex], age) / 1e5 / 12;
        lives->rates[sex].emigration[m] = band (emigration_rates, age) / 1e5 / 12;
      }
  return lives;
}

void
koh_lives_free (KohLives *lives)
{
  g_free (lives);
}

gint
koh_lives_first (const KohLives *lives)
{
  return lives->first;
}

gint
koh_lives_after (const KohLives *lives)
{
  return lives->after;
}

static guint
pick (const double *shares, guint n, double u)
{
  guint i = 0;

  while (i + 1 < n && u >= shares[i])
    u -= shares[i++];
  return i;
}

/* Who: birth, sex, region, means, education. */
static void
be_born (const KohLives *lives, KohLife *life)
{
  const double born_share = YEARS * BIRTHS_PER_YEAR / (1 + YEARS * BIRTHS_PER_YEAR);
  double u = koh_dice (life->dice, KOH_STREAM_COHORT, 0), male = 0.513;
  double income, knowledge, p;

  if (u < born_share)
    life->birth = lives->first + koh_dice_below (life->dice, KOH_STREAM_AGE, 0, lives->after - lives->first);
  else
    {
      double total = 0, age;
      guint b;

      for (guint i = 0; i < 20; i++)
        total += pyramid[i];
      b = pick (pyramid, 20, total * koh_dice (life->dice, KOH_STREAM_COHORT, 1));
      age = 5 * (b + koh_dice (life->dice, KOH_STREAM_AGE, 0));
      life->birth = lives->first - 1 - (gint) (age * 365.25);
      male = males[b];
    }
  life->sex = koh_dice (life->dice, KOH_STREAM_SEX, 0) < male ? KOH_MALE : KOH_FEMALE;
  life->region = pick (region_shares, KOH_REGIONS, koh_dice (life->dice, KOH_STREAM_REGION, 0));

  /* Two normal variables with correlation 0.45 (Box and Muller): income by rank, education by its shares. */
  u = sqrt (-2 * log (koh_dice (life->dice, KOH_STREAM_MEANS, 0)));
  p = 2 * G_PI * koh_dice (life->dice, KOH_STREAM_MEANS, 1);
  income = u * cos (p);
  knowledge = 0.45 * income + sqrt (1 - 0.45 * 0.45) * u * sin (p);
  life->quintile = MIN (4, (guint) (5 * 0.5 * erfc (-income / G_SQRT2)));
  p = 0.5 * erfc (-knowledge / G_SQRT2);
  while (life->education + 1 < G_N_ELEMENTS (educations) && p >= educations[life->education].share)
    p -= educations[life->education++].share;
}

static double
threshold (const KohLife *life, guint stream)
{
  return -log (koh_dice (life->dice, stream, 0));
}

/* Takes a month's hazard from what is left of a threshold; TRUE in the month that exhausts it, with the
 * fraction of the month that passes before. */
static inline gboolean
passes (double *left, double hazard, double *fraction)
{
  if (*left >= hazard)
    {
      *left -= hazard;
      return FALSE;
    }
  *fraction = *left / hazard;
  *left = HUGE_VAL;
  return TRUE;
}

/* What happens, month by month, until death, emigration, or the end of the records. */
static void
live (const KohLives *lives, KohLife *life)
{
  gint start = MAX (life->birth, lives->first);
  double left_death = threshold (life, KOH_STREAM_DEATH),
         left_emigration = threshold (life, KOH_STREAM_EMIGRATION);
  double left_infarct = threshold (life, KOH_STREAM_INFARCT),
         left_reinfarct = threshold (life, KOH_STREAM_REINFARCT);
  double left_lung = threshold (life, KOH_STREAM_LUNG), left_breast = threshold (life, KOH_STREAM_BREAST);
  double left_diabetes = threshold (life, KOH_STREAM_DIABETES);
  double ses = ses_factor[life->quintile], f;
  gint month_of_age = (gint) ((start - life->birth) / MONTH);

  if (life->birth < lives->first && koh_dice (life->dice, KOH_STREAM_DIABETES, 1) <
                                        band (diabetes_prevalence[life->sex], (start - life->birth) / 365.25))
    life->diabetes = lives->first;
  life->lung_stage = pick (lung_stages, 4, koh_dice (life->dice, KOH_STREAM_LUNG, 1));
  life->breast_stage = pick (breast_stages, 4, koh_dice (life->dice, KOH_STREAM_BREAST, 1));

  for (gint k = 0; start + (gint) (k * MONTH) < lives->after; k++)
    {
      guint m = (guint) MIN (month_of_age + k, MONTHS_OF_AGE - 1);
      gint now = start + (gint) (k * MONTH);
      gboolean diabetic = life->diabetes <= now;
      double dying = lives->rates[life->sex].death[m] * (1 + 0.5 * (ses - 1)) * (diabetic ? 1.55 : 1);

#define DAY (start + (gint) ((k + f) * MONTH))
      if (life->infarct == KOH_DAY_NONE &&
          passes (&left_infarct, lives->rates[life->sex].infarct[m] * ses * (diabetic ? 1.9 : 1), &f))
        {
          life->infarct = DAY;
          if (koh_dice (life->dice, KOH_STREAM_FATAL, 0) < band (infarct_fatality, m / 12.0))
            life->death =
                MIN (life->death, life->infarct + koh_dice_below (life->dice, KOH_STREAM_FATAL, 1, 30));
        }
      else if (life->infarct != KOH_DAY_NONE)
        {
          dying *= 1.6;
          if (life->reinfarct == KOH_DAY_NONE && now >= life->infarct + 30 &&
              passes (&left_reinfarct, (now < life->infarct + 365 ? 0.05 : 0.02) / 12, &f))
            life->reinfarct = DAY;
        }
      if (life->lung == KOH_DAY_NONE && passes (&left_lung, lives->rates[life->sex].lung[m] * ses, &f))
        {
          life->lung = DAY;
          life->death = MIN (life->death, koh_life_lung_course (life));
        }
      if (life->breast == KOH_DAY_NONE && passes (&left_breast, lives->rates[life->sex].breast[m], &f))
        {
          life->breast = DAY;
          life->death = MIN (life->death, koh_life_breast_course (life));
        }
      if (life->diabetes == KOH_DAY_NONE && passes (&left_diabetes, lives->rates[life->sex].diabetes[m], &f))
        life->diabetes = DAY;
      if (passes (&left_emigration, lives->rates[life->sex].emigration[m], &f))
        life->emigration = DAY;
      if (passes (&left_death, dying, &f))
        life->death = MIN (life->death, DAY);
#undef DAY
      if (life->emigration != KOH_DAY_NONE || life->death < start + (gint) ((k + 1) * MONTH))
        break;
    }
}

static void
forget_from (gint *day, gint end)
{
  if (*day >= end)
    *day = KOH_DAY_NONE;
}

void
koh_life_make (const KohLives *lives, guint64 person, KohLife *life)
{
  *life = (KohLife){ .dice = koh_dice_person (lives->seed, person),
                     .death = KOH_DAY_NONE,
                     .emigration = KOH_DAY_NONE,
                     .infarct = KOH_DAY_NONE,
                     .reinfarct = KOH_DAY_NONE,
                     .lung = KOH_DAY_NONE,
                     .breast = KOH_DAY_NONE,
                     .diabetes = KOH_DAY_NONE,
                     .therapy_from = KOH_DAY_NONE };
  be_born (lives, life);
  live (lives, life);

  /* Who has left the country, or died, has no records after that. */
  forget_from (&life->emigration, MIN (lives->after, life->death));
  forget_from (&life->death, MIN (lives->after, life->emigration));
  life->end = MIN (lives->after,
                   MIN (life->emigration, life->death == KOH_DAY_NONE ? KOH_DAY_NONE : life->death + 1));
  forget_from (&life->infarct, life->end);
  forget_from (&life->reinfarct, life->end);
  forget_from (&life->lung, life->end);
  forget_from (&life->breast, life->end);
  forget_from (&life->diabetes, life->end);
  forget_from (&life->therapy_from, life->end);
  if (life->lung == KOH_DAY_NONE)
    life->pd_l1 = KOH_PD_L1_UNKNOWN;
  if (life->therapy_from == KOH_DAY_NONE)
    life->therapy = KOH_THERAPY_NONE;
}

gboolean
koh_life_income (const KohLife *life, gint year, guint *quintile, const char **education)
{
  gint new_year = koh_day_join (year, 1, 1), age = (new_year - life->birth) / 365;
  double u = koh_dice (life->dice, KOH_STREAM_INCOME, (guint) year);
  double missing = koh_dice (life->dice, KOH_STREAM_INCOME, (guint) year + 10000);
  guint e = life->education;

  if (life->birth >= new_year + 365 || life->end <= new_year || missing < 0.01)
    return FALSE;
  *quintile = life->quintile + 1;
  if (u < 0.1 && *quintile > 1)
    *quintile -= 1;
  else if (u > 0.9 && *quintile < 5)
    *quintile += 1;
  if (missing > 0.995)
    *quintile = 0;
  if (age < 15)
    *education = NULL;
  else if (age >= educations[e].age)
    *education = educations[e].code;
  else
    *education = age >= 19 && e >= 3 ? "20" : "10";
  return TRUE;
}
