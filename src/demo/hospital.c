/* SPDX-License-Identifier: EUPL-1.2
 *
 * A hospital's patient register, laboratory and medicine. It has all contacts of its own region, and the
 * specialised contacts (heart, cancer) of 12 % of the patients of other regions. A referred patient's contact
 * stands at the home hospital too; here it is later: an infarct on the same day or the next, other contacts
 * within a fortnight. What is done because of it is done once, where the patient was referred to.
 *
 * Lung cancer in stage IV is treated at one hospital for each half of the country, so that all of its therapy
 * in the country stands at one of the two; who was referred to the other one goes on there from the fourth
 * dose. */
#include "demo/rows.h"

#include "demo/dice.h"
#include "demo/person-number.h"

enum
{
  CONTACT,
  DIAGNOSIS,
  PROCEDURE,
  TEST,
  MEDICINE,
  PD_L1,
  N_TABLES
};
static const char *const inserts[N_TABLES] = {
  "INSERT INTO kontakt VALUES (?, ?, ?, ?)",    "INSERT INTO diagnose VALUES (?, ?, ?, ?)",
  "INSERT INTO procedur VALUES (?, ?, ?, ?)",   "INSERT INTO laboratorie VALUES (?, ?, ?, ?, ?)",
  "INSERT INTO medicin VALUES (?, ?, ?, ?, ?)", "INSERT INTO pd_l1 VALUES (?, ?)",
};

struct _KohRows
{
  KohRowsPlace place;
  sqlite3_stmt *statements[N_TABLES];
  GArray *contacts, *tests;
  gint64 last_contact;
};

static void
stop (KohRows *rows)
{
  g_array_unref (rows->contacts);
  g_array_unref (rows->tests);
  g_free (rows);
}

static KohRows *
start (const KohRowsPlace *place, GError **error)
{
  KohRows *rows = g_new0 (KohRows, 1);

  rows->place = *place;
  rows->contacts = g_array_new (FALSE, FALSE, sizeof (KohContact));
  rows->tests = g_array_new (FALSE, FALSE, sizeof (KohTest));
  for (guint t = 0; t < N_TABLES; t++)
    {
      rows->statements[t] = koh_database_prepare (place->database, inserts[t], error);
      if (rows->statements[t] == NULL)
        {
          stop (rows);
          return NULL;
        }
    }
  return rows;
}

/* ---- Where a patient is seen ---------------------------------------------------------------- */

static const guint home[2] = { 0, 1 }; /* indices into koh_region_codes: 1084, 1082 */

static gboolean
is_referred (const KohLife *life, guint hospital)
{
  return life->region != home[hospital] && koh_dice (life->dice, KOH_STREAM_REFERRAL, hospital) < 0.12;
}

/* Of a contact that may stand at both hospitals, one acts. */
static gboolean
acts (const KohLife *life, guint hospital, KohSpecialty specialty)
{
  if (specialty == KOH_SPECIALTY_NONE)
    return TRUE;
  return is_referred (life, hospital) ? hospital == 0 || !is_referred (life, 0)
                                      : !is_referred (life, 1 - hospital);
}

/* East of the Great Belt, or west. */
static guint
centre_of (const KohLife *life)
{
  return life->region == 0 || life->region == 3 ? 0 : 1;
}

static guint
centre_of_dose (const KohLife *life, guint n)
{
  guint centre = centre_of (life);

  return n >= 3 && is_referred (life, 1 - centre) ? 1 - centre : centre;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static gboolean
add_procedure (KohRows *rows, const char *number, gboolean of_contact, gint day, const char *code,
               GError **error)
{
  sqlite3_stmt *statement = rows->statements[PROCEDURE];

  koh_database_text (statement, 1, number);
  if (of_contact)
    koh_database_int (statement, 2, rows->last_contact);
  else
    sqlite3_bind_null (statement, 2);
  koh_database_text (statement, 3, code);
  koh_database_text (statement, 4, rows->place.dates[day]);
  return koh_database_insert (rows->place.database, statement, error);
}

static gboolean
add_tests (KohRows *rows, const char *number, GError **error)
{
  sqlite3_stmt *statement = rows->statements[TEST];

  for (guint i = 0; i < rows->tests->len; i++)
    {
      const KohTest *test = &g_array_index (rows->tests, KohTest, i);

      koh_database_text (statement, 1, number);
      koh_database_text (statement, 2, rows->place.dates[test->day]);
      koh_database_text (statement, 3, test->code);
      koh_database_text (statement, 4, test->value);
      koh_database_text (statement, 5, test->unit);
      if (!koh_database_insert (rows->place.database, statement, error))
        return FALSE;
    }
  g_array_set_size (rows->tests, 0);
  return TRUE;
}

static gboolean
add_medicine (KohRows *rows, const char *number, gint day, const char *code, gint dose, GError **error)
{
  sqlite3_stmt *statement = rows->statements[MEDICINE];

  koh_database_text (statement, 1, number);
  koh_database_text (statement, 2, rows->place.dates[day]);
  koh_database_text (statement, 3, code);
  koh_database_int (statement, 4, dose);
  koh_database_text (statement, 5, "mg");
  return koh_database_insert (rows->place.database, statement, error);
}

static gboolean
add_pd_l1 (KohRows *rows, const char *number, KohPdL1 pd_l1, GError **error)
{
  koh_database_text (rows->statements[PD_L1], 1, number);
  koh_database_text (rows->statements[PD_L1], 2, pd_l1 == KOH_PD_L1_HIGH ? "high" : "low");
  return koh_database_insert (rows->place.database, rows->statements[PD_L1], error);
}

static gboolean
add_contact (KohRows *rows, const KohLife *life, const KohContact *contact, gint day, const char *number,
             GError **error)
{
  char clock[20], replacement[11];
  guint key = contact->number * 2 + (guint) rows->place.hospital;
  gint minute = koh_dice_below (life->dice, KOH_STREAM_CLOCK, key, 24 * 60);
  KohProcedure procedures[KOH_MOST_PROCEDURES];
  sqlite3_stmt *statement = rows->statements[CONTACT];
  guint n = acts (life, (guint) rows->place.hospital, contact->specialty)
                ? koh_contact_procedures (life, contact, procedures)
                : 0;

  if (koh_dice (life->dice, KOH_STREAM_REPLACEMENT, key) < 0.005)
    {
      koh_person_replacement (koh_dice_bits (life->dice, KOH_STREAM_REPLACEMENT, key + (1u << 30)),
                              life->birth, replacement);
      number = replacement;
    }
  g_snprintf (clock, sizeof clock, "%s %02d:%02d", rows->place.dates[day], minute / 60, minute % 60);
  koh_database_int (statement, 1, ++rows->last_contact);
  koh_database_text (statement, 2, number);
  koh_database_text (statement, 3, clock);
  koh_database_text (statement, 4, contact->infarct ? "ALCA00" : "ALCA10");
  if (!koh_database_insert (rows->place.database, statement, error))
    return FALSE;
  statement = rows->statements[DIAGNOSIS];
  for (guint d = 0; d < contact->n; d++)
    {
      koh_database_int (statement, 1, rows->last_contact);
      koh_database_text (statement, 2, contact->codes[d]);
      koh_database_text (statement, 3, d == 0 ? "A" : "B");
      koh_database_text (statement, 4, d == 0 && contact->refuted ? "Ja" : NULL);
      if (!koh_database_insert (rows->place.database, statement, error))
        return FALSE;
    }
  for (guint p = 0; p < n; p++)
    {
      /* What is done for a referred patient is done at the contact here, not before it. */
      gint on = MAX (procedures[p].day, day);

      if (on < life->end && !add_procedure (rows, number, TRUE, on, procedures[p].code, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_contacts (KohRows *rows, const KohLife *life, gboolean resident, const char *number, GError **error)
{
  guint hospital = (guint) rows->place.hospital;

  g_array_set_size (rows->contacts, 0);
  koh_life_contacts (rows->place.lives, life, !resident, rows->contacts);
  for (guint i = 0; i < rows->contacts->len; i++)
    {
      const KohContact *contact = &g_array_index (rows->contacts, KohContact, i);
      gint day = contact->day;

      if (!resident && contact->specialty == KOH_SPECIALTY_NONE)
        continue;
      if (!resident)
        day += contact->infarct
                   ? koh_dice_below (life->dice, KOH_STREAM_REFERRAL, 100 + contact->number * 2 + hospital, 2)
                   : 1 + koh_dice_below (life->dice, KOH_STREAM_REFERRAL,
                                         100 + contact->number * 2 + hospital, 14);
      if (day < life->end && !add_contact (rows, life, contact, day, number, error))
        return FALSE;
    }
  return TRUE;
}

/* The doses given here, each with its procedure and the blood tests before it. */
static gboolean
add_therapy (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  gboolean antibody = life->therapy == KOH_THERAPY_PEMBROLIZUMAB,
           carboplatin = koh_dice (life->dice, KOH_STREAM_DOSE, 0) < 0.7;
  const char *code = antibody ? "L01FF02" : carboplatin ? "L01XA02" : "L01XA01";
  gint dose = antibody ? 200 : carboplatin ? 450 : 130, day;

  for (guint n = 0; (day = koh_life_dose (life, n)) != KOH_DAY_NONE; n++)
    {
      if (centre_of_dose (life, n) != (guint) rows->place.hospital)
        continue;
      koh_life_dose_tests (life, day, rows->tests);
      if (!add_medicine (rows, number, day, code, dose, error) ||
          !add_procedure (rows, number, FALSE, day, antibody ? "BOHJ19J3" : "BWHA", error) ||
          !add_tests (rows, number, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  /* Until these days HbA1c is in percent. */
  const gint percent_until[2] = { koh_day_join (2010, 1, 1), koh_day_join (2012, 1, 1) };
  guint hospital = (guint) rows->place.hospital;
  gboolean resident = life->region == home[hospital];
  gboolean treated =
      life->lung != KOH_DAY_NONE && (centre_of (life) == hospital || centre_of_dose (life, 3) == hospital);

  if ((resident || is_referred (life, hospital)) && !add_contacts (rows, life, resident, number, error))
    return FALSE;
  if (resident)
    koh_life_tests (rows->place.lives, life, percent_until[hospital], rows->tests);
  if (!add_tests (rows, number, error))
    return FALSE;
  if (!treated)
    return TRUE;
  return (life->pd_l1 == KOH_PD_L1_UNKNOWN || add_pd_l1 (rows, number, life->pd_l1, error)) &&
         add_therapy (rows, life, number, error);
}

static void
map (GKeyFile *ini)
{
  static const char *const pd_l1[][3] = { { "low", "Lav (under 50 %)", "Low (below 50%)" },
                                          { "high", "Høj (50 % eller mere)", "High (50% or more)" } };
  const char *group = "dataset diagnoses";

  koh_rows_dataset (
      ini, group, "event",
      "SELECT k.cpr AS person, date(k.starttidspunkt) AS date, d.diagnosekode AS code"
      " FROM diagnose AS d JOIN kontakt AS k USING (kontakt_id) WHERE d.senere_afkraeftet IS NULL");
  g_key_file_set_string (ini, group, "code_system", "SKS");
  koh_rows_both (ini, group, "title", "Diagnoser", "Diagnoses");
  koh_rows_both (ini, group, "description",
                 "Aktions- og bidiagnoser ved hospitalskontakter; senere afkræftede er udeladt.",
                 "Main and secondary diagnoses of hospital contacts; later revoked ones are left out.");

  group = "dataset procedures";
  koh_rows_dataset (ini, group, "event",
                    "SELECT cpr AS person, starttidspunkt AS date, procedurekode AS code FROM procedur");
  g_key_file_set_string (ini, group, "code_system", "SKS");
  koh_rows_both (ini, group, "title", "Procedurer", "Procedures");
  koh_rows_both (ini, group, "description", "Operationer, behandlinger og undersøgelser.",
                 "Operations, treatments and examinations.");

  group = "dataset laboratory";
  koh_rows_dataset (
      ini, group, "event",
      "SELECT cpr AS person, proevedato AS date, analysekode AS code, vaerdi AS value, enhed AS "
      "unit FROM laboratorie");
  g_key_file_set_string (ini, group, "code_system", "NPU");
  koh_rows_both (ini, group, "title", "Laboratoriesvar", "Laboratory results");
  koh_rows_both (
      ini, group, "description",
      "Blodprøver fra egen region. Svar er tekst: tal, eller under målegrænsen fx “<4”.",
      "Blood tests of the own region. Results are text: numbers, or below the limit such as “<4”.");
  koh_rows_both (ini, group, "title.value", "Svar", "Result");
  koh_rows_both (ini, group, "title.unit", "Enhed", "Unit");

  group = "dataset hospital_medicine";
  koh_rows_dataset (
      ini, group, "event",
      "SELECT cpr AS person, administrationsdato AS date, atc AS code, dosis AS value, enhed AS "
      "unit FROM medicin");
  g_key_file_set_string (ini, group, "code_system", "ATC");
  koh_rows_both (ini, group, "title", "Sygehusmedicin", "Hospital medicine");
  koh_rows_both (ini, group, "description", "Kræftmedicin givet mod lungekræft i stadie IV.",
                 "Medicine given for lung cancer in stage IV.");
  koh_rows_both (ini, group, "title.value", "Dosis", "Dose");
  koh_rows_both (ini, group, "title.unit", "Enhed", "Unit");

  group = "dataset pd_l1";
  koh_rows_dataset (ini, group, "person", "SELECT cpr AS person, pd_l1 FROM pd_l1");
  koh_rows_both (ini, group, "title", "PD-L1", "PD-L1");
  koh_rows_both (ini, group, "description", "Andel af tumorceller med PD-L1 ved lungekræft fra 2017.",
                 "Share of tumour cells with PD-L1 in lung cancer from 2017.");
  koh_rows_both (ini, group, "title.pd_l1", "PD-L1", "PD-L1");
  koh_rows_levels (ini, group, "pd_l1", pd_l1, G_N_ELEMENTS (pd_l1));
}

const KohRowsKind koh_hospital_rows = {
  .schema =
      "CREATE TABLE kontakt (kontakt_id INTEGER PRIMARY KEY, cpr TEXT NOT NULL, starttidspunkt TEXT NOT NULL,"
      " kontakttype TEXT NOT NULL);"
      "CREATE TABLE diagnose (kontakt_id INTEGER NOT NULL, diagnosekode TEXT NOT NULL, diagnosetype TEXT NOT "
      "NULL, senere_afkraeftet TEXT);"
      "CREATE TABLE procedur (cpr TEXT NOT NULL, kontakt_id INTEGER, procedurekode TEXT NOT NULL, "
      "starttidspunkt TEXT "
      "NOT NULL);"
      "CREATE TABLE laboratorie (cpr TEXT NOT NULL, proevedato TEXT NOT NULL, analysekode TEXT NOT NULL, "
      "vaerdi TEXT "
      "NOT NULL, enhed TEXT);"
      "CREATE TABLE medicin (cpr TEXT NOT NULL, administrationsdato TEXT NOT NULL, atc TEXT NOT NULL, dosis "
      "INTEGER,"
      " enhed TEXT);"
      "CREATE TABLE pd_l1 (cpr TEXT NOT NULL, pd_l1 TEXT NOT NULL);",
  .indexes = "CREATE INDEX diagnose_kode ON diagnose (diagnosekode, kontakt_id);"
             "CREATE INDEX procedur_kode ON procedur (procedurekode, cpr, starttidspunkt);"
             "CREATE INDEX laboratorie_kode ON laboratorie (analysekode, cpr, proevedato);"
             "CREATE INDEX medicin_atc ON medicin (atc, cpr, administrationsdato);",
  .start = start,
  .add = add,
  .stop = stop,
  .map = map,
};
