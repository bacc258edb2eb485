/* SPDX-License-Identifier: EUPL-1.2
 *
 * A random register of few persons and many collisions, as a database and as plain arrays, so that a
 * column can be compared with what its definition says. Some persons have two keys. */
#pragma once

#include "fixture.h"
#include "store/column.h"

#define RANDOM_POSITIONS 130
#define RANDOM_ROWS 900
#define RANDOM_YEARS 6 /* 2015 … 2020 */

typedef struct
{
  guint position;
  gint date;
  char code[6];
} RandomEvent;

typedef struct
{
  Fixture *fixture;
  KohStore *store;
  KohSpine *spine;
  RandomEvent events[RANDOM_ROWS];
  gint birth[RANDOM_POSITIONS];                   /* KOH_DAY_NONE: unknown */
  guint quintile[RANDOM_POSITIONS][RANDOM_YEARS]; /* 0: missing */
  char sex[RANDOM_POSITIONS];                     /* M, K, 0 */
} RandomWorld;

static inline char *
random_key (guint position, guint which)
{
  return g_strdup_printf ("%06u%c%03u", position, 'A' + which, position);
}

static inline RandomWorld *
random_world_new (void)
{
  static const char *const codes[] = { "DI21", "DI219", "DI210B", "DI22", "DJ18", "DJ189", "DC34" };
  RandomWorld *world = g_new0 (RandomWorld, 1);
  g_autoptr (GString) sql =
      g_string_new ("CREATE TABLE diag (person, date, code); CREATE TABLE bef (person, birth_date, sex);"
                    "CREATE TABLE ind (person, valid_from, valid_to, q);");

  world->spine = koh_spine_new (RANDOM_POSITIONS);
  for (guint p = 0; p < RANDOM_POSITIONS - 7; p++)
    {
      g_autofree char *first = random_key (p, 0), *second = random_key (p, 1), *birth = NULL;

      koh_spine_add (world->spine, first, p);
      koh_spine_add (world->spine, second, p);
      world->birth[p] = g_test_rand_int_range (0, 10) == 0
                            ? KOH_DAY_NONE
                            : g_test_rand_int_range (day ("1930-01-01"), day ("2016-12-31"));
      world->sex[p] = "MK"[g_test_rand_int_range (0, 3) % 3 % 2];
      if (g_test_rand_int_range (0, 8) == 0)
        world->sex[p] = 0;
      birth = world->birth[p] == KOH_DAY_NONE ? g_strdup ("NULL") : NULL;
      if (birth == NULL)
        {
          g_autofree char *text = koh_day_format (world->birth[p]);

          birth = g_strdup_printf ("'%s'", text);
        }
      g_string_append_printf (sql, "INSERT INTO bef VALUES ('%s', %s, ", first, birth);
      g_string_append (sql, world->sex[p] == 0 ? "NULL);" : world->sex[p] == 'M' ? "'M');" : "'K');");
      for (guint y = 0; y < RANDOM_YEARS; y++)
        {
          world->quintile[p][y] = (guint) g_test_rand_int_range (0, 7) % 6;
          if (world->quintile[p][y] > 0)
            g_string_append_printf (sql, "INSERT INTO ind VALUES ('%s', '%u-01-01', '%u-12-31', %u);",
                                    p % 3 == 0 ? second : first, 2015 + y, 2015 + y, world->quintile[p][y]);
        }
    }
  koh_spine_sort (world->spine);
  for (guint i = 0; i < RANDOM_ROWS; i++)
    {
      RandomEvent *event = &world->events[i];
      g_autofree char *key = NULL, *date = NULL;

      event->position = (guint) g_test_rand_int_range (0, RANDOM_POSITIONS - 20);
      event->date = g_test_rand_int_range (day ("2014-06-01"), day ("2021-06-30"));
      /* Some on one day, and on the days beside it. */
      if (i > 0 && g_test_rand_int_range (0, 3) == 0)
        {
          event->position = world->events[i - 1].position;
          event->date = world->events[i - 1].date + g_test_rand_int_range (-1, 2);
        }
      g_strlcpy (event->code, codes[g_test_rand_int_range (0, G_N_ELEMENTS (codes))], sizeof event->code);
      key = random_key (event->position, (guint) g_test_rand_int_range (0, 2));
      date = koh_day_format (event->date);
      g_string_append_printf (sql, "INSERT INTO diag VALUES ('%s', '%s', '%s');", key, date, event->code);
    }
  world->fixture = fixture_new (
      sql->str,
      "[peer]\nname=x\npopulation=true\n"
      "[dataset bef]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM bef\nlevels.sex=M;K\n"
      "[dataset ind]\nkind=person\nvalidity=year\nsource=sqlite:data.sqlite\nquery=SELECT * FROM "
      "ind\nlevels.q=1;2;3;4;5\n"
      "[dataset diag]\nkind=event\ncode_system=SKS\nsource=sqlite:data.sqlite\nquery=SELECT * FROM diag\n");
  world->store = fixture_store (world->fixture);
  return world;
}

static inline void
random_world_free (RandomWorld *world)
{
  koh_store_free (world->store);
  koh_spine_free (world->spine);
  fixture_free (world->fixture);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RandomWorld, random_world_free)

static inline gboolean
random_matches (const RandomEvent *row, const KohEvent *event)
{
  gboolean code = event->codes->len == 0;

  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *one = event->codes->pdata[i];

      code |= event->exact ? g_str_equal (row->code, one->code) : g_str_has_prefix (row->code, one->code);
    }
  return code && (event->from == KOH_DAY_NONE || row->date >= event->from) &&
         (event->to == KOH_DAY_NONE || row->date <= event->to);
}
