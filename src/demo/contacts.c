/* SPDX-License-Identifier: EUPL-1.2
 *
 * A life's hospital contacts: what follows from infarct, cancer and diabetes, and the everyday rest,
 * 0.9 contacts a year with an age profile for each code. A fifth of the everyday contacts are
 * observations for a suspicion, which are no disease. */
#include "demo/life.h"

#include <math.h>

#include "demo/dice.h"

/* How the frequency of a code changes over the decades of life, 0–9 … 90+. */
enum
{
  FLAT,
  CHILD,
  YOUNG,
  ADULT,
  OLD,
  FERTILE,
  N_PROFILES
};
static const double profiles[N_PROFILES][10] = {
  [FLAT] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
  [CHILD] = { 3, 2, .8, .5, .4, .3, .3, .3, .3, .3 },
  [YOUNG] = { .2, 1.5, 2, 1.5, 1, .7, .4, .3, .2, .2 },
  [ADULT] = { .05, .2, .5, 1, 1.3, 1.5, 1.3, 1.1, 1, .9 },
  [OLD] = { 0, .02, .06, .15, .4, 1, 2, 3, 4, 4.5 },
  [FERTILE] = { 0, .05, 1.2, 1.3, .1, 0, 0, 0, 0, 0 },
};

/* Commonest first: the n-th has weight 1 / (n + 3)^0.7. Infarcts, lung and breast cancer and type 2 diabetes
 * are not among them, since those belong to a life's own course. */
static const struct
{
  const char *code;
  guint profile;
  char sex; /* M, K, or 0 */
  KohSpecialty specialty;
} everyday[] = {
  { "DI109", OLD, 0, 0 },
  { "DM54", ADULT, 0, 0 },
  { "DR07", ADULT, 0, 0 },
  { "DH25", OLD, 0, 0 },
  { "DJ189", OLD, 0, 0 },
  { "DN390", OLD, 0, 0 },
  { "DI48", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DO80", FERTILE, 'K', 0 },
  { "DZ763", CHILD, 0, 0 },
  { "DJ44", OLD, 0, 0 },
  { "DM17", OLD, 0, 0 },
  { "DM16", OLD, 0, 0 },
  { "DF32", YOUNG, 0, 0 },
  { "DS060", YOUNG, 0, 0 },
  { "DJ45", CHILD, 0, 0 },
  { "DI25", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DI63", OLD, 0, 0 },
  { "DE66", ADULT, 0, 0 },
  { "DI50", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DS525", FLAT, 0, 0 },
  { "DK80", ADULT, 0, 0 },
  { "DC61", OLD, 'M', KOH_SPECIALTY_CANCER },
  { "DI20", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DE780", ADULT, 0, 0 },
  { "DG473", ADULT, 0, 0 },
  { "DS720", OLD, 0, 0 },
  { "DR55", FLAT, 0, 0 },
  { "DM81", OLD, 0, 0 },
  { "DO82", FERTILE, 'K', 0 },
  { "DE03", ADULT, 0, 0 },
  { "DC18", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DJ441", OLD, 0, 0 },
  { "DL40", ADULT, 0, 0 },
  { "DF33", YOUNG, 0, 0 },
  { "DF90", CHILD, 0, 0 },
  { "DG40", FLAT, 0, 0 },
  { "DK35", YOUNG, 0, 0 },
  { "DN18", OLD, 0, 0 },
  { "DD50", ADULT, 0, 0 },
  { "DI26", ADULT, 0, 0 },
  { "DA419", OLD, 0, 0 },
  { "DN17", OLD, 0, 0 },
  { "DI350", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DM05", ADULT, 0, 0 },
  { "DE109", FLAT, 0, 0 },
  { "DC43", ADULT, 0, KOH_SPECIALTY_CANCER },
  { "DK51", YOUNG, 0, 0 },
  { "DC67", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DF20", YOUNG, 0, 0 },
  { "DK50", YOUNG, 0, 0 },
  { "DC85", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DG30", OLD, 0, 0 },
  { "DF00", OLD, 0, 0 },
  { "DG20", OLD, 0, 0 },
  { "DI200", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DI64", OLD, 0, 0 },
  { "DI70", OLD, 0, 0 },
  { "DC20", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DC64", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DJ96", OLD, 0, 0 },
  { "DK70", ADULT, 0, 0 },
  { "DG35", YOUNG, 0, 0 },
  { "DC56", ADULT, 'K', KOH_SPECIALTY_CANCER },
  { "DC25", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DC90", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DI61", OLD, 0, 0 },
  { "DC92", OLD, 0, KOH_SPECIALTY_CANCER },
  { "DI71", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DC53", ADULT, 'K', KOH_SPECIALTY_CANCER },
  { "DI46", OLD, 0, KOH_SPECIALTY_CARDIAC },
  { "DC71", ADULT, 0, KOH_SPECIALTY_CANCER },
};
#define N_EVERYDAY G_N_ELEMENTS (everyday)

/* Contacts a year by decade of life; 0.9 in the mean of the population. */
static const double contacts_a_year[10] = { .75, .45, .65, .65, .7, .85, 1.2, 1.6, 1.9, 1.9 };

static double cumulative[2][10][N_EVERYDAY]; /* of the weights, normalised to 1 at the end */

static void
tabulate (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  for (guint sex = 0; sex < 2; sex++)
    for (guint decade = 0; decade < 10; decade++)
      {
        double sum = 0;

        for (guint c = 0; c < N_EVERYDAY; c++)
          {
            gboolean possible = everyday[c].sex == 0 || everyday[c].sex == (sex == KOH_MALE ? 'M' : 'K');

            sum += possible ? profiles[everyday[c].profile][decade] * pow (c + 3, -0.7) : 0;
            cumulative[sex][decade][c] = sum;
          }
        for (guint c = 0; c < N_EVERYDAY; c++)
          cumulative[sex][decade][c] /= sum;
      }
  g_once_init_leave (&once, 1);
}

static guint
everyday_code (const KohLife *life, guint decade, double u)
{
  const double *up_to = cumulative[life->sex][decade];
  guint low = 0, high = N_EVERYDAY - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (u < up_to[middle])
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static guint
poisson (double mean, double u, guint most)
{
  double p = exp (-mean), sum = p;
  guint n = 0;

  while (n < most && u > sum)
    {
      p *= mean / ++n;
      sum += p;
    }
  return n;
}

static guint
decade_of (const KohLife *life, gint day)
{
  return (guint) CLAMP ((day - life->birth) / 3652, 0, 9);
}

static void
add (const KohLives *lives, const KohLife *life, GArray *contacts, KohContact contact)
{
  if (contact.day >= koh_lives_first (lives) && contact.day < life->end && contact.day >= life->birth)
    g_array_append_val (contacts, contact);
}

static void
add_everyday (const KohLives *lives, const KohLife *life, gboolean specialised_only, GArray *contacts)
{
  static const char *const observations[] = { "DZ038", "DZ039", "DZ031", "DZ034" };

  for (gint y = 0; y < 16; y++)
    {
      gint new_year = koh_day_join (2008 + y, 1, 1), length = koh_day_join (2009 + y, 1, 1) - new_year;
      guint decade = decade_of (life, new_year + 182);
      guint n;

      if (new_year >= life->end || new_year + length <= life->birth)
        continue;
      n = poisson (contacts_a_year[decade], koh_dice (life->dice, KOH_STREAM_CONTACT, (guint) y), 16);
      for (guint i = 0; i < n; i++)
        {
          guint number = KOH_CONTACT_EVERYDAY + (guint) y * 32 + i;
          double u = koh_dice (life->dice, KOH_STREAM_CONTACT_CODE, number * 8);
          KohContact contact = { .number = number, .n = 1 };

          if (u < 0.2)
            {
              /* Suspicions are looked into at home. */
              contact.codes[0] = observations[(guint) (u / 0.05)];
            }
          else
            {
              guint c = everyday_code (life, decade, (u - 0.2) / 0.8);

              contact.codes[0] = everyday[c].code;
              contact.specialty = everyday[c].specialty;
            }
          if (specialised_only && contact.specialty == KOH_SPECIALTY_NONE)
            continue;
          contact.day = new_year + koh_dice_below (life->dice, KOH_STREAM_CONTACT_DAY, number, length);
          contact.refuted = koh_dice (life->dice, KOH_STREAM_CONTACT_CODE, number * 8 + 1) < 0.02;
          contact.n += poisson (0.7, koh_dice (life->dice, KOH_STREAM_CONTACT_CODE, number * 8 + 2), 4);
          for (guint b = 1; b < contact.n; b++)
            {
              u = koh_dice (life->dice, KOH_STREAM_CONTACT_CODE, number * 8 + 2 + b);
              contact.codes[b] = everyday[everyday_code (life, decade, u)].code;
            }
          add (lives, life, contacts, contact);
        }
    }
}

static const char *
infarct_code (double u)
{
  return u < 0.30 ? "DI210B" : u < 0.75 ? "DI214" : "DI219";
}

static void
add_heart (const KohLives *lives, const KohLife *life, GArray *contacts)
{
  guint number = 0;
  gint days[2] = { life->infarct, life->reinfarct };

  for (guint i = 0; i < 2; i++)
    {
      KohContact contact = { .day = days[i],
                             .number = number++,
                             .specialty = KOH_SPECIALTY_CARDIAC,
                             .infarct = TRUE,
                             .n = 1,
                             .codes = { infarct_code (koh_dice (life->dice, KOH_STREAM_FOLLOW, i)) } };

      if (days[i] == KOH_DAY_NONE)
        return;
      if (koh_dice (life->dice, KOH_STREAM_FOLLOW, 10 + i) < 0.4)
        contact.codes[contact.n++] = "DI109";
      if (life->diabetes <= days[i])
        contact.codes[contact.n++] = "DE119";
      add (lives, life, contacts, contact);
    }
}

/* Controls after the event, `every` days, `times` times: the same disease, coded for what it then is. */
static void
add_controls (const KohLives *lives, const KohLife *life, gint from, guint base, gint every, guint times,
              KohSpecialty specialty, const char *code, const char *secondary, GArray *contacts)
{
  for (guint i = 0; i < times; i++)
    {
      gint shift = koh_dice_below (life->dice, KOH_STREAM_FOLLOW, base + i, 15) - 7;
      KohContact contact = { .day = from + every * (gint) (i + 1) + shift,
                             .number = base + i,
                             .specialty = specialty,
                             .n = 1,
                             .codes = { code } };

      if (secondary != NULL && i % 2 == 1)
        contact.codes[contact.n++] = secondary;
      add (lives, life, contacts, contact);
    }
}

static void
add_diagnosis (const KohLives *lives, const KohLife *life, gint day, guint number, KohSpecialty specialty,
               const char *code, GArray *contacts)
{
  add (lives, life, contacts,
       (KohContact){ .day = day, .number = number, .specialty = specialty, .n = 1, .codes = { code } });
}

void
koh_life_contacts (const KohLives *lives, const KohLife *life, gboolean specialised_only, GArray *contacts)
{
  guint64 dice = life->dice;

  tabulate ();
  add_everyday (lives, life, specialised_only, contacts);
  if (life->infarct != KOH_DAY_NONE)
    {
      add_heart (lives, life, contacts);
      if (koh_dice (dice, KOH_STREAM_FOLLOW, 20) < 0.2)
        add_diagnosis (lives, life, life->infarct - 1 - koh_dice_below (dice, KOH_STREAM_FOLLOW, 21, 30), 10,
                       KOH_SPECIALTY_NONE, "DZ034", contacts);
      add_controls (lives, life, life->infarct, 200, 45, 2, KOH_SPECIALTY_CARDIAC, "DI25", NULL, contacts);
      if (koh_dice (dice, KOH_STREAM_FOLLOW, 22) < 0.3)
        add_controls (lives, life, life->infarct + 90, 210, 365, 8, KOH_SPECIALTY_CARDIAC, "DI25", "DI50",
                      contacts);
    }
  if (life->lung != KOH_DAY_NONE)
    {
      const char *code = koh_life_lung_code (life);

      if (koh_dice (dice, KOH_STREAM_FOLLOW, 41) < 0.6)
        add_diagnosis (lives, life, life->lung - 7 - koh_dice_below (dice, KOH_STREAM_FOLLOW, 42, 24), 40,
                       KOH_SPECIALTY_NONE, "DZ031", contacts);
      add_diagnosis (lives, life, life->lung, KOH_CONTACT_LUNG, KOH_SPECIALTY_CANCER, code, contacts);
      add_controls (lives, life, life->lung, 50, 90, 8, KOH_SPECIALTY_CANCER, code,
                    life->lung_stage == 3 ? "DC79" : NULL, contacts);
    }
  if (life->breast != KOH_DAY_NONE)
    {
      const char *code = koh_life_breast_code (life);

      add_diagnosis (lives, life, life->breast, KOH_CONTACT_BREAST, KOH_SPECIALTY_CANCER, code, contacts);
      add_controls (lives, life, life->breast, 80, 180, 8, KOH_SPECIALTY_CANCER, code,
                    life->breast_stage == 3 ? "DC79" : NULL, contacts);
    }
  if (life->diabetes != KOH_DAY_NONE && !specialised_only && koh_dice (dice, KOH_STREAM_FOLLOW, 100) < 0.6)
    {
      add_diagnosis (lives, life, life->diabetes, 100, KOH_SPECIALTY_NONE, "DE119", contacts);
      if (koh_dice (dice, KOH_STREAM_FOLLOW, 101) < 0.5)
        add_controls (lives, life, life->diabetes, 110, 365, 12, KOH_SPECIALTY_NONE, "DE119", "DI109",
                      contacts);
    }
}
