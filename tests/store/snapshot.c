/* SPDX-License-Identifier: EUPL-1.2 */
#include "fixture.h"

#define INI                                                                                                  \
  "[peer]\nname=x\npopulation=true\n"                                                                        \
  "[dataset bef]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT * FROM bef\nlevels.sex=M;K\n"         \
  "[dataset diag]\nkind=event\ncode_system=SKS\nsource=sqlite:data.sqlite\nquery_file=diag.sql\n"

static const char sql[] =
    "CREATE TABLE bef (person, birth_date, sex); INSERT INTO bef VALUES ('0101800001', '1980-01-01', 'M');"
    "CREATE TABLE diag (person, date, code); INSERT INTO diag VALUES ('0101800001', '2018-03-01', 'DI219');";

static Fixture *
make (void)
{
  Fixture *fixture = fixture_new (sql, INI);
  g_autofree char *path = g_build_filename (fixture->folder, "diag.sql", NULL);

  g_assert_true (g_file_set_contents (path, "SELECT * FROM diag", -1, NULL));
  return fixture;
}

static KohHash
snapshot (KohStore *store)
{
  g_autoptr (GError) error = NULL;
  KohHash hash;

  g_assert_true (koh_store_snapshot (store, &hash, NULL, &error));
  g_assert_no_error (error);
  return hash;
}

static void
the_same_data_have_the_same_hash_wherever_they_stand (void)
{
  g_autoptr (Fixture) one = make (), two = make ();
  g_autoptr (KohStore) first = fixture_store (one), second = NULL;
  g_autofree char *bytes = NULL;
  gsize size;
  KohHash a = snapshot (first), b;

  g_assert_true (g_file_get_contents (one->database, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (two->database, bytes, (gssize) size, NULL));
  second = fixture_store (two);
  b = snapshot (second);
  g_assert_true (koh_hash_equal (&a, &b));
}

static void
a_changed_database_query_or_mapping_has_another_hash (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autofree char *path = g_build_filename (fixture->folder, "diag.sql", NULL);
  g_autoptr (KohStore) store = fixture_store (fixture), other = NULL, third = NULL, titled = NULL;
  KohHash before = snapshot (store), after, later;

  fixture_sql (fixture, "UPDATE diag SET date = '2018-03-02'");
  after = snapshot (store);
  g_assert_false (koh_hash_equal (&before, &after));

  g_assert_true (g_file_set_contents (path, "SELECT * FROM diag WHERE 1", -1, NULL));
  other = fixture_store (fixture);
  later = snapshot (other);
  g_assert_false (koh_hash_equal (&after, &later));

  g_assert_true (g_file_set_contents (path, "SELECT * FROM diag", -1, NULL));
  fixture_ini (fixture, INI "title.da=Diagnoser\n");
  third = fixture_store (fixture);
  later = snapshot (third);
  g_assert_false (koh_hash_equal (&after, &later));

  /* Where a peer listens is no part of its data. */
  fixture_ini (fixture, "[peer]\nname=y\nlisten=127.0.0.1:7411\n" INI);
  titled = fixture_store (fixture);
  later = snapshot (titled);
  g_assert_true (koh_hash_equal (&after, &later));
}

/* What another program has written, but not yet into the file itself. */
static void
the_write_ahead_log_counts (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autoptr (KohStore) store = fixture_store (fixture);
  KohHash before, after;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->database, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; INSERT INTO diag "
                                 "VALUES ('0101800001', '2018-03-03', 'DI21')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  before = snapshot (store);
  g_assert_cmpint (
      sqlite3_exec (db, "INSERT INTO diag VALUES ('0101800001', '2018-03-04', 'DI21')", NULL, NULL, NULL), ==,
      SQLITE_OK);
  after = snapshot (store);
  sqlite3_close (db);
  g_assert_false (koh_hash_equal (&before, &after));
}

static KohPlan *
make_plan (KohStore *store, const KohHash *hash, guint positions)
{
  static const char question[] =
      "{\"kohorte\": 1, \"title\": \"t\", \"project\": {\"id\": \"P\", \"problem\": \"p\", \"decision\": "
      "\"d\", \"purpose\": \"research\", \"legal_basis\": \"x\"},"
      " \"mode\": \"approved\", \"link\": \"person\", \"index\": {\"event\": {\"dataset\": \"diag\", "
      "\"codes\": [\"SKS:DI21\"], \"from\": \"2018-01-01\", \"to\": \"2019-12-31\"},"
      " \"occurrence\": \"first\"}, \"criteria\": {\"all\": []}, \"by\": [\"sex\"], \"analyses\": "
      "[{\"type\": \"count\"}]}";
  static const char *const names[] = { "a", "b", "c" };
  g_autoptr (GError) error = NULL;
  g_autoptr (KohQuestion) read = koh_question_parse (question, -1, &error);
  g_autoptr (KohMap) map = koh_map_new ();
  g_autoptr (KohSessionFacts) facts = koh_session_facts_new ();
  KohPlan *plan;

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      KohCatalogue *catalogue =
          i == 1 ? koh_store_describe (store, names[i], NULL, &error) : koh_catalogue_new (names[i]);

      g_assert_no_error (error);
      koh_map_take (map, catalogue);
      koh_session_facts_add_owner (facts, names[i], names[i], hash, i == 1);
      facts->committee[i] = i;
    }
  facts->positions = positions;
  facts->k = 5;
  plan = koh_plan_new (read, map, facts, &error);
  g_assert_no_error (error);
  return plan;
}

static void
only_the_accepted_snapshot_is_shared (void)
{
  g_autoptr (Fixture) fixture = make ();
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (KohSpine) spine = koh_spine_new (64), other = koh_spine_new (65);
  g_autoptr (KohPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  KohHash hash = snapshot (store);
  const GPtrArray *columns;

  koh_spine_add (spine, "0101800001", 5);
  koh_spine_sort (spine);
  plan = make_plan (store, &hash, 64);
  columns = koh_plan_columns (plan);
  g_assert_cmpuint (columns->len, ==, 3);
  for (guint i = 0; i < columns->len; i++)
    {
      const KohColumn *column = columns->pdata[i];
      guint64 missed = 99, *planes = koh_store_column (store, plan, column, spine, &missed, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (missed, ==, 0);
      if (column->kind == KOH_COLUMN_REGISTERED)
        g_assert_cmphex (planes[0], ==, 1 << 5);
      koh_planes_free (planes, 64, column->width);
    }
  g_assert_null (koh_store_column (store, plan, columns->pdata[0], other, NULL, NULL, &error));
  assert_error (error, KOH_ERROR_MISMATCH, "The plan is for 64 positions, and this epoch has 65");
  g_clear_error (&error);

  fixture_sql (fixture, "UPDATE diag SET date = '2018-03-02'");
  for (guint i = 0; i < columns->len; i++)
    {
      g_assert_null (koh_store_column (store, plan, columns->pdata[i], spine, NULL, NULL, &error));
      assert_error (error, KOH_ERROR_MISMATCH,
                    "The data of b have changed since the question was accepted; ask it again");
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/snapshot/the-same-data-have-the-same-hash-wherever-they-stand",
                   the_same_data_have_the_same_hash_wherever_they_stand);
  g_test_add_func ("/store/snapshot/a-changed-database-query-or-mapping-has-another-hash",
                   a_changed_database_query_or_mapping_has_another_hash);
  g_test_add_func ("/store/snapshot/the-write-ahead-log-counts", the_write_ahead_log_counts);
  g_test_add_func ("/store/snapshot/only-the-accepted-snapshot-is-shared",
                   only_the_accepted_snapshot_is_shared);
  return g_test_run ();
}
