/* SPDX-License-Identifier: EUPL-1.2
 *
 * The registers of the national statistics: everybody's birth, sex and region, income and education
 * year by year, deaths, emigrations, redeemed prescriptions, and the cancer register. */
#include "demo/rows.h"

#include "demo/dice.h"

enum
{
  PERSON,
  YEAR,
  DEATH,
  EMIGRATION,
  DISPENSING,
  CANCER,
  N_TABLES
};
static const char *const inserts[N_TABLES] = {
  "INSERT INTO bef VALUES (?, ?, ?, ?)",    "INSERT INTO ind VALUES (?, ?, ?, ?, ?)",
  "INSERT INTO doed VALUES (?, ?)",         "INSERT INTO udvandring VALUES (?, ?)",
  "INSERT INTO recept VALUES (?, ?, ?, ?)", "INSERT INTO cancer VALUES (?, ?, ?, ?)",
};

struct _KohRows
{
  KohRowsPlace place;
  sqlite3_stmt *statements[N_TABLES];
  GArray *dispensings;
};

static void
stop (KohRows *rows)
{
  g_array_unref (rows->dispensings);
  g_free (rows);
}

static KohRows *
start (const KohRowsPlace *place, GError **error)
{
  KohRows *rows = g_new0 (KohRows, 1);

  rows->place = *place;
  rows->dispensings = g_array_new (FALSE, FALSE, sizeof (KohDispensing));
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

static gboolean
add_day (KohRows *rows, guint table, const char *number, gint day, GError **error)
{
  koh_database_text (rows->statements[table], 1, number);
  koh_database_text (rows->statements[table], 2, rows->place.dates[day]);
  return koh_database_insert (rows->place.database, rows->statements[table], error);
}

static gboolean
add_years (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  sqlite3_stmt *statement = rows->statements[YEAR];

  for (gint year = 2008; year < 2024; year++)
    {
      const char *education;
      guint quintile;

      if (!koh_life_income (life, year, &quintile, &education))
        continue;
      koh_database_text (statement, 1, number);
      koh_database_text (statement, 2, rows->place.dates[koh_day_join (year, 1, 1)]);
      koh_database_text (statement, 3, rows->place.dates[koh_day_join (year, 12, 31)]);
      if (quintile > 0)
        koh_database_int (statement, 4, quintile);
      else
        sqlite3_bind_null (statement, 4);
      koh_database_text (statement, 5, education);
      if (!koh_database_insert (rows->place.database, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* The register's codes lack the D of the hospitals'. Of two tumours found on one day only the first has a
 * stage. */
static gboolean
add_cancer (KohRows *rows, const char *number, gint day, const char *code, const char *stage, GError **error)
{
  sqlite3_stmt *statement = rows->statements[CANCER];

  if (day == KOH_DAY_NONE)
    return TRUE;
  koh_database_text (statement, 1, number);
  koh_database_text (statement, 2, rows->place.dates[day]);
  koh_database_text (statement, 3, code + 1);
  koh_database_text (statement, 4, stage);
  return koh_database_insert (rows->place.database, statement, error);
}

static gboolean
add_cancers (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  static const char *const stages[4] = { "I", "II", "III", "IV" };

  return add_cancer (rows, number, life->lung, koh_life_lung_code (life), stages[life->lung_stage], error) &&
         add_cancer (rows, number, life->breast, koh_life_breast_code (life),
                     life->breast == life->lung ? NULL : stages[life->breast_stage], error);
}

static gboolean
add (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  sqlite3_stmt *statement = rows->statements[PERSON];

  koh_database_text (statement, 1, number);
  koh_database_text (statement, 2, rows->place.dates[life->birth]);
  koh_database_int (statement, 3, life->sex == KOH_MALE ? 1 : 2);
  koh_database_text (statement, 4, koh_region_codes[life->region]);
  if (!koh_database_insert (rows->place.database, statement, error) ||
      !add_years (rows, life, number, error) ||
      (life->death != KOH_DAY_NONE && !add_day (rows, DEATH, number, life->death, error)) ||
      (life->emigration != KOH_DAY_NONE && !add_day (rows, EMIGRATION, number, life->emigration, error)) ||
      !add_cancers (rows, life, number, error))
    return FALSE;

  g_array_set_size (rows->dispensings, 0);
  koh_life_dispensings (rows->place.lives, life, rows->dispensings);
  statement = rows->statements[DISPENSING];
  for (guint i = 0; i < rows->dispensings->len; i++)
    {
      const KohDispensing *dispensing = &g_array_index (rows->dispensings, KohDispensing, i);

      koh_database_text (statement, 1, number);
      koh_database_text (statement, 2, rows->place.dates[dispensing->day]);
      koh_database_text (statement, 3, dispensing->code);
      koh_database_int (statement, 4, 1);
      if (!koh_database_insert (rows->place.database, statement, error))
        return FALSE;
    }
  return TRUE;
}

static void
map (GKeyFile *ini)
{
  static const char *const sexes[][3] = { { "M", "Mand", "Male" }, { "K", "Kvinde", "Female" } };
  static const char *const regions[][3] = { { "1081", "Nordjylland", "North Denmark" },
                                            { "1082", "Midtjylland", "Central Denmark" },
                                            { "1083", "Syddanmark", "Southern Denmark" },
                                            { "1084", "Hovedstaden", "Capital Region" },
                                            { "1085", "Sjælland", "Zealand" } };
  static const char *const quintiles[][3] = { { "1", "1. femtedel (laveste)", "1st fifth (lowest)" },
                                              { "2", "2. femtedel", "2nd fifth" },
                                              { "3", "3. femtedel", "3rd fifth" },
                                              { "4", "4. femtedel", "4th fifth" },
                                              { "5", "5. femtedel (højeste)", "5th fifth (highest)" } };
  static const char *const educations[][3] = {
    { "10", "Grundskole", "Primary and lower secondary" },
    { "20", "Gymnasiale uddannelser", "Upper secondary, general" },
    { "30", "Erhvervsfaglige uddannelser", "Vocational" },
    { "40", "Korte videregående uddannelser", "Short-cycle higher" },
    { "50", "Mellemlange videregående uddannelser", "Medium-cycle higher" },
    { "60", "Bacheloruddannelser", "Bachelor" },
    { "70", "Lange videregående uddannelser", "Master" },
    { "80", "Ph.d. og forskeruddannelser", "PhD" },
    { "90", "Uoplyst", "Not stated" }
  };
  static const char *const stages[][3] = { { "I", "Stadie I", "Stage I" },
                                           { "II", "Stadie II", "Stage II" },
                                           { "III", "Stadie III", "Stage III" },
                                           { "IV", "Stadie IV", "Stage IV" } };
  const char *group = "dataset population";

  koh_rows_dataset (ini, group, "person",
                    "SELECT cpr AS person, foedselsdato AS birth_date, CASE koen WHEN 1 THEN 'M' WHEN 2 THEN "
                    "'K' END AS sex,"
                    " reg AS region FROM bef");
  koh_rows_both (ini, group, "title", "Befolkning", "Population");
  koh_rows_both (ini, group, "description", "Alle, der har boet i landet fra 2008 til 2023.",
                 "Everybody who lived in the country from 2008 to 2023.");
  koh_rows_both (ini, group, "title.birth_date", "Fødselsdato", "Date of birth");
  koh_rows_both (ini, group, "title.sex", "Køn", "Sex");
  koh_rows_both (ini, group, "title.region", "Bopælsregion", "Region of residence");
  koh_rows_levels (ini, group, "sex", sexes, G_N_ELEMENTS (sexes));
  koh_rows_levels (ini, group, "region", regions, G_N_ELEMENTS (regions));

  group = "dataset income";
  koh_rows_dataset (ini, group, "person",
                    "SELECT cpr AS person, gyldig_fra AS valid_from, gyldig_til AS valid_to,"
                    " kvintil AS income_quintile, hfaudd AS education FROM ind");
  g_key_file_set_string (ini, group, "validity", "year");
  koh_rows_both (ini, group, "title", "Indkomst og uddannelse", "Income and education");
  koh_rows_both (ini, group, "description", "Opgjort hvert kalenderår.", "Drawn up each calendar year.");
  koh_rows_both (ini, group, "title.income_quintile", "Indkomstfemtedel", "Income quintile");
  koh_rows_both (ini, group, "title.education", "Højeste fuldførte uddannelse",
                 "Highest completed education");
  koh_rows_levels (ini, group, "income_quintile", quintiles, G_N_ELEMENTS (quintiles));
  koh_rows_levels (ini, group, "education", educations, G_N_ELEMENTS (educations));

  group = "dataset deaths";
  koh_rows_dataset (ini, group, "event", "SELECT cpr AS person, dato AS date FROM doed");
  koh_rows_both (ini, group, "title", "Dødsfald", "Deaths");
  koh_rows_both (ini, group, "description", "Dødsdato.", "Date of death.");

  group = "dataset emigrations";
  koh_rows_dataset (ini, group, "event", "SELECT cpr AS person, dato AS date FROM udvandring");
  koh_rows_both (ini, group, "title", "Udvandringer", "Emigrations");
  koh_rows_both (ini, group, "description", "Dato for udvandring.", "Date of emigration.");

  group = "dataset dispensings";
  koh_rows_dataset (ini, group, "event",
                    "SELECT cpr AS person, ekspeditionsdato AS date, atc AS code FROM recept");
  g_key_file_set_string (ini, group, "code_system", "ATC");
  koh_rows_both (ini, group, "title", "Indløste recepter", "Redeemed prescriptions");
  koh_rows_both (ini, group, "description", "Recepter indløst på apotek.",
                 "Prescriptions redeemed at pharmacies.");

  group = "dataset cancer";
  koh_rows_dataset (ini, group, "event",
                    "SELECT cpr AS person, diagnosedato AS date, 'D' || icd10 AS code FROM cancer");
  g_key_file_set_string (ini, group, "code_system", "SKS");
  koh_rows_both (ini, group, "title", "Kræfttilfælde", "Cancers");
  koh_rows_both (ini, group, "description", "Første tilfælde af lunge- og brystkræft i hele landet.",
                 "First cases of lung and breast cancer in the whole country.");

  group = "dataset cancer_stage";
  koh_rows_dataset (
      ini, group, "person",
      "SELECT cpr AS person, diagnosedato AS valid_from, NULL AS valid_to, stadium AS stage FROM "
      "cancer WHERE stadium IS NOT NULL");
  g_key_file_set_string (ini, group, "validity", "period");
  koh_rows_both (ini, group, "title", "Kræftstadie", "Cancer stage");
  koh_rows_both (ini, group, "description", "Stadie ved diagnosen, gældende fra diagnosedatoen.",
                 "Stage at the diagnosis, valid from its date.");
  koh_rows_both (ini, group, "title.stage", "Stadie", "Stage");
  koh_rows_levels (ini, group, "stage", stages, G_N_ELEMENTS (stages));
}

const KohRowsKind koh_statistics_rows = {
  .schema = "CREATE TABLE bef (cpr TEXT NOT NULL, foedselsdato TEXT NOT NULL, koen INTEGER NOT NULL, reg "
            "TEXT NOT NULL);"
            "CREATE TABLE ind (cpr TEXT NOT NULL, gyldig_fra TEXT NOT NULL, gyldig_til TEXT NOT NULL, "
            "kvintil INTEGER,"
            " hfaudd TEXT);"
            "CREATE TABLE doed (cpr TEXT NOT NULL, dato TEXT NOT NULL);"
            "CREATE TABLE udvandring (cpr TEXT NOT NULL, dato TEXT NOT NULL);"
            "CREATE TABLE recept (cpr TEXT NOT NULL, ekspeditionsdato TEXT NOT NULL, atc TEXT NOT NULL,"
            " pakninger INTEGER NOT NULL);"
            "CREATE TABLE cancer (cpr TEXT NOT NULL, diagnosedato TEXT NOT NULL, icd10 TEXT NOT NULL, "
            "stadium TEXT);",
  .indexes = "CREATE INDEX recept_atc ON recept (atc, cpr, ekspeditionsdato);",
  .start = start,
  .add = add,
  .stop = stop,
  .map = map,
};
