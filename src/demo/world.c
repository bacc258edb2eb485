/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/world.h"

#include <glib/gstdio.h>

#include "common/error.h"
#include "demo/person-number.h"
#include "demo/rows.h"

typedef struct
{
  const char *name, *da, *en, *organisation;
  gint hospital;
  gboolean population;
  const KohRowsKind *kind;
} Peer;

static const Peer peers[] = {
  { "aarhus", "Aarhus Universitetshospital (syntetisk)", "Aarhus University Hospital (synthetic)",
    "Region Midtjylland", 1, FALSE, &koh_hospital_rows },
  { "danmarks-statistik", "Danmarks Statistik (syntetisk)", "Statistics Denmark (synthetic)",
    "Danmarks Statistik", -1, TRUE, &koh_statistics_rows },
  { "rigshospitalet", "Rigshospitalet (syntetisk)", "Rigshospitalet (synthetic)", "Region Hovedstaden", 0,
    FALSE, &koh_hospital_rows },
};

#define MOST_PERSONS 10000000

void
koh_rows_both (GKeyFile *ini, const char *group, const char *key, const char *da, const char *en)
{
  g_autofree char *danish = g_strconcat (key, ".da", NULL), *english = g_strconcat (key, ".en", NULL);

  g_key_file_set_string (ini, group, danish, da);
  g_key_file_set_string (ini, group, english, en);
}

void
koh_rows_dataset (GKeyFile *ini, const char *group, const char *kind, const char *query)
{
  g_key_file_set_string (ini, group, "kind", kind);
  g_key_file_set_string (ini, group, "source", "sqlite:data.sqlite");
  g_key_file_set_string (ini, group, "query", query);
}

void
koh_rows_levels (GKeyFile *ini, const char *group, const char *variable, const char *const (*levels)[3],
                 guint n)
{
  g_autofree char *key = g_strdup_printf ("levels.%s", variable);
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = g_strdup_printf ("label.%s.%s", variable, levels[i][0]);

      g_ptr_array_add (codes, (char *) levels[i][0]);
      koh_rows_both (ini, group, label, levels[i][1], levels[i][2]);
    }
  g_key_file_set_string_list (ini, group, key, (const char *const *) codes->pdata, codes->len);
}

static void
append (GKeyFile *ini, const char *group, const char *key, const char *more)
{
  g_autofree char *text = g_key_file_get_string (ini, group, key, NULL);
  g_autofree char *longer = g_strconcat (text, more, NULL);

  g_key_file_set_string (ini, group, key, longer);
}

/* Every dataset says what it is. */
static void
say_synthetic (GKeyFile *ini, gboolean enriched)
{
  g_auto (GStrv) groups = g_key_file_get_groups (ini, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], "dataset "))
      {
        append (ini, groups[i], "title.da", enriched ? " (syntetiske data, berigede)" : " (syntetiske data)");
        append (ini, groups[i], "title.en", enriched ? " (synthetic data, enriched)" : " (synthetic data)");
        append (ini, groups[i], "description.da", " Syntetiske data: ingen person findes.");
        append (ini, groups[i], "description.en", " Synthetic data: no person exists.");
      }
}

static gboolean
write_mapping (const Peer *peer, const char *folder, gboolean enriched, GError **error)
{
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autofree char *path = g_build_filename (folder, "peer.ini", NULL);

  g_key_file_set_comment (ini, NULL, NULL, " SYNTETISK / SYNTHETIC: no person in this peer's data exists.",
                          NULL);
  g_key_file_set_string (ini, "peer", "name", peer->name);
  koh_rows_both (ini, "peer", "title", peer->da, peer->en);
  g_key_file_set_string (ini, "peer", "organisation", peer->organisation);
  g_key_file_set_string (ini, "peer", "contact", "demo@example.org");
  if (peer->population)
    g_key_file_set_boolean (ini, "peer", "population", TRUE);
  peer->kind->map (ini);
  say_synthetic (ini, enriched);
  return g_key_file_save_to_file (ini, path, error);
}

/* "YYYY-MM-DD" for every day from 1880 to the end of the records, so that rows format nothing. */
static gpointer
make_dates (gint days)
{
  char (*dates)[11] = g_malloc_n ((gsize) days, sizeof *dates);

  for (gint day = 0; day < days; day++)
    {
      g_autofree char *text = koh_day_format (day);

      g_strlcpy (dates[day], text, sizeof *dates);
    }
  return dates;
}

static gboolean
write_persons (const Peer *peer, const KohRowsPlace *place, KohRows *rows, const KohWorldOptions *options,
               KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohPersonNumbers) numbers = koh_person_numbers_new (options->seed);

  for (guint64 person = 0; person < options->persons; person++)
    {
      char number[11];
      KohLife life;

      if (person % 2048 == 0)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          if (progress != NULL)
            progress (person, options->persons, user_data);
        }
      koh_life_make (place->lives, person, &life);
      if (!koh_person_numbers_next (numbers, life.birth, life.sex, number))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                       "A day of birth has no person number left; make a world with fewer persons");
          return FALSE;
        }
      if (!peer->kind->add (rows, &life, number, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
koh_world_write (const char *name, const char *folder, const KohWorldOptions *options,
                 KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "data.sqlite", NULL);
  g_autoptr (KohLives) lives = NULL;
  g_autoptr (KohDatabase) database = NULL;
  g_autofree gpointer dates = NULL;
  const Peer *peer = NULL;
  KohRows *rows;
  gboolean ok;

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    if (g_strcmp0 (peers[i].name, name) == 0)
      peer = &peers[i];
  if (peer == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The synthetic world has no peer “%s”", name);
      return FALSE;
    }
  if (options->persons < 1 || options->persons > MOST_PERSONS ||
      !(options->enrich > 0 && options->enrich <= 1000))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "A synthetic world has 1 to %d persons, and rates enriched at most 1000 times",
                   MOST_PERSONS);
      return FALSE;
    }
  lives = koh_lives_new (options->seed, options->enrich);
  dates = make_dates (koh_lives_after (lives));
  database = koh_database_create (path, peer->kind->schema, error);
  if (database == NULL)
    return FALSE;

  KohRowsPlace place = { lives, peer->hospital, (const char (*)[11]) dates, database };

  rows = peer->kind->start (&place, error);
  if (rows == NULL)
    return FALSE;
  ok = write_persons (peer, &place, rows, options, progress, user_data, cancellable, error);
  peer->kind->stop (rows);
  if (!ok || !koh_database_finish (database, peer->kind->indexes, error) ||
      !write_mapping (peer, folder, options->enrich != 1, error))
    return FALSE;
  if (progress != NULL)
    progress (options->persons, options->persons, user_data);
  return TRUE;
}
