/* SPDX-License-Identifier: EUPL-1.2
 *
 * One synthetic person's whole life: one function makes it, and each peer takes from it what that
 * peer would know. Days are those of common/day.h; KOH_DAY_NONE is "never". */
#pragma once

#include "common/day.h"

G_BEGIN_DECLS

typedef struct _KohLives KohLives; /* the rates, tabulated by sex and month of age */

KohLives *koh_lives_new   (guint64 seed, gdouble enrich);
void      koh_lives_free  (KohLives *lives);
gint      koh_lives_first (const KohLives *lives); /* 2008-01-01 */
gint      koh_lives_after (const KohLives *lives); /* 2024-01-01: the day after the last of the records */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohLives, koh_lives_free)

typedef enum { KOH_MALE, KOH_FEMALE } KohSex;

#define KOH_REGIONS 5
extern const char *const koh_region_codes[KOH_REGIONS];

typedef enum { KOH_PD_L1_UNKNOWN, KOH_PD_L1_LOW, KOH_PD_L1_HIGH } KohPdL1;
typedef enum { KOH_THERAPY_NONE, KOH_THERAPY_PEMBROLIZUMAB, KOH_THERAPY_PLATINUM } KohTherapy;

typedef struct
{
  guint64 dice;
  gint birth;
  KohSex sex;
  guint region;      /* index into koh_region_codes */
  guint quintile;    /* 0 … 4, of life; the year's may differ by one */
  guint education;   /* the highest one reached in the end */
  gint death, emigration;
  gint end;          /* the first day without records: of death + 1, emigration, or after the period */
  gint infarct;      /* the first; fatal within 30 days or not */
  gint reinfarct;
  gint lung, breast; /* first diagnosis of cancer */
  guint lung_stage, breast_stage; /* 0 … 3 for I … IV */
  KohPdL1 pd_l1;
  KohTherapy therapy;        /* of lung cancer in stage IV */
  gint therapy_from, therapy_until;
  gint diabetes;     /* type 2: onset; the first day of the period for those who had it before */
} KohLife;

void koh_life_make (const KohLives *lives, guint64 person, KohLife *life);

/* The row of a calendar year in the income register: FALSE where there is none. @quintile 1 … 5, 0
 * missing; @education NULL where none is registered. */
gboolean koh_life_income (const KohLife *life, gint year, guint *quintile, const char **education);

typedef enum { KOH_SPECIALTY_NONE, KOH_SPECIALTY_CARDIAC, KOH_SPECIALTY_CANCER } KohSpecialty;

typedef struct
{
  gint day;
  guint number;          /* of this person's contacts; unique; some are told apart below */
  KohSpecialty specialty;
  gboolean infarct;
  gboolean refuted;      /* the first diagnosis was revoked later */
  guint n;
  const char *codes[6];  /* the first is the main diagnosis (A), the others are secondary (B) */
} KohContact;

typedef struct
{
  gint day;
  const char *code;
} KohDispensing;

/* The register's code of the disease; also that of the diagnosis at a hospital. */
const char *koh_life_lung_code   (const KohLife *life);
const char *koh_life_breast_code (const KohLife *life);

/* What follows from a diagnosis: the test for PD-L1, the therapy that is planned, and the day of death of this
 * disease, if nothing else comes before. */
gint koh_life_lung_course   (KohLife *life);
gint koh_life_breast_course (const KohLife *life);

/* The n-th dose of the therapy of lung cancer; KOH_DAY_NONE after the last one. */
gint koh_life_dose (const KohLife *life, guint n);

/* Append to arrays of KohContact and KohDispensing, in no particular order. */
void koh_life_contacts    (const KohLives *lives, const KohLife *life, gboolean specialised_only,
                           GArray *contacts);
void koh_life_dispensings (const KohLives *lives, const KohLife *life, GArray *dispensings);

typedef struct
{
  gint day;
  const char *code;
} KohProcedure;

/* Numbers of contacts. */
enum { KOH_CONTACT_LUNG = 41, KOH_CONTACT_BREAST = 70, KOH_CONTACT_EVERYDAY = 1000 };

#define KOH_MOST_PROCEDURES 4

/* What is done because of a contact; the number of them. */
guint koh_contact_procedures (const KohLife *life, const KohContact *contact, KohProcedure *procedures);

typedef struct
{
  gint day;
  const char *code, *unit;
  char value[10];
} KohTest;

/* Blood tests that a hospital's laboratory makes for its own region; @percent_until is the day from which it
 * reports HbA1c in mmol/mol. */
void koh_life_tests      (const KohLives *lives, const KohLife *life, gint percent_until, GArray *tests);
void koh_life_dose_tests (const KohLife *life, gint day, GArray *tests); /* before a dose */

/* Streams of the dice. */
enum
{
  KOH_STREAM_COHORT = 1, KOH_STREAM_AGE, KOH_STREAM_SEX, KOH_STREAM_REGION, KOH_STREAM_MEANS,
  KOH_STREAM_EDUCATION, KOH_STREAM_DEATH, KOH_STREAM_EMIGRATION, KOH_STREAM_INFARCT, KOH_STREAM_FATAL, KOH_STREAM_REINFARCT,
  KOH_STREAM_LUNG, KOH_STREAM_BREAST, KOH_STREAM_DIABETES, KOH_STREAM_INCOME,
  KOH_STREAM_CONTACT, KOH_STREAM_CONTACT_DAY, KOH_STREAM_CONTACT_CODE, KOH_STREAM_FOLLOW,
  KOH_STREAM_STATIN, KOH_STREAM_DRUG, KOH_STREAM_SPORADIC, KOH_STREAM_REFERRAL, KOH_STREAM_REPLACEMENT,
  KOH_STREAM_CLOCK, KOH_STREAM_PROCEDURE, KOH_STREAM_LABORATORY, KOH_STREAM_DOSE,
};

G_END_DECLS
