/* SPDX-License-Identifier: EUPL-1.2
 *
 * A hospital's patient register: contacts and their diagnoses. It has all contacts of its own region,
 * and the specialised contacts (heart, cancer) of 12 % of the patients of other regions. A referred
 * patient's contact stands at the home hospital too; here it is later: an infarct on the same day or
 * the next, other contacts within a fortnight. */
#include "demo/rows.h"

#include "demo/dice.h"
#include "demo/person-number.h"

struct _KohRows
{
  KohRowsPlace place;
  sqlite3_stmt *contact, *diagnosis;
  GArray *contacts;
  gint64 last_contact;
};

static void
stop (KohRows *rows)
{
  g_array_unref (rows->contacts);
  g_free (rows);
}

static KohRows *
start (const KohRowsPlace *place, GError **error)
{
  KohRows *rows = g_new0 (KohRows, 1);

  rows->place = *place;
  rows->contacts = g_array_new (FALSE, FALSE, sizeof (KohContact));
  rows->contact = koh_database_prepare (place->database, "INSERT INTO kontakt VALUES (?, ?, ?, ?)", error);
  if (rows->contact != NULL)
    rows->diagnosis =
        koh_database_prepare (place->database, "INSERT INTO diagnose VALUES (?, ?, ?, ?)", error);
  if (rows->diagnosis == NULL)
    g_clear_pointer (&rows, stop);
  return rows;
}

static gboolean
add_contact (KohRows *rows, const KohLife *life, const KohContact *contact, gint day, const char *number,
             GError **error)
{
  char clock[20], replacement[11];
  guint key = contact->number * 2 + (guint) rows->place.hospital;
  gint minute = koh_dice_below (life->dice, KOH_STREAM_CLOCK, key, 24 * 60);

  if (koh_dice (life->dice, KOH_STREAM_REPLACEMENT, key) < 0.005)
    {
      koh_person_replacement (koh_dice_bits (life->dice, KOH_STREAM_REPLACEMENT, key + (1u << 30)),
                              life->birth, replacement);
      number = replacement;
    }
  g_snprintf (clock, sizeof clock, "%s %02d:%02d", rows->place.dates[day], minute / 60, minute % 60);
  koh_database_int (rows->contact, 1, ++rows->last_contact);
  koh_database_text (rows->contact, 2, number);
  koh_database_text (rows->contact, 3, clock);
  koh_database_text (rows->contact, 4, contact->infarct ? "ALCA00" : "ALCA10");
  if (!koh_database_insert (rows->place.database, rows->contact, error))
    return FALSE;
  for (guint d = 0; d < contact->n; d++)
    {
      koh_database_int (rows->diagnosis, 1, rows->last_contact);
      koh_database_text (rows->diagnosis, 2, contact->codes[d]);
      koh_database_text (rows->diagnosis, 3, d == 0 ? "A" : "B");
      koh_database_text (rows->diagnosis, 4, d == 0 && contact->refuted ? "Ja" : NULL);
      if (!koh_database_insert (rows->place.database, rows->diagnosis, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add (KohRows *rows, const KohLife *life, const char *number, GError **error)
{
  static const guint home[2] = { 0, 1 }; /* indices into koh_region_codes: 1084, 1082 */
  guint hospital = (guint) rows->place.hospital;
  gboolean resident = life->region == home[hospital];

  if (!resident && koh_dice (life->dice, KOH_STREAM_REFERRAL, hospital) >= 0.12)
    return TRUE;

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

static void
map (GKeyFile *ini)
{
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
}

const KohRowsKind koh_hospital_rows = {
  .schema =
      "CREATE TABLE kontakt (kontakt_id INTEGER PRIMARY KEY, cpr TEXT NOT NULL, starttidspunkt TEXT NOT NULL,"
      " kontakttype TEXT NOT NULL);"
      "CREATE TABLE diagnose (kontakt_id INTEGER NOT NULL, diagnosekode TEXT NOT NULL, diagnosetype TEXT NOT "
      "NULL,"
      " senere_afkraeftet TEXT);",
  .indexes = "CREATE INDEX diagnose_kode ON diagnose (diagnosekode, kontakt_id);",
  .start = start,
  .add = add,
  .stop = stop,
  .map = map,
};
