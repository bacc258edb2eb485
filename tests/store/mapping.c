/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/mapping.h"

#include "fixture.h"

#define EVENTS "[dataset diagnoses]\nkind=event\nsource=sqlite:data.sqlite\nquery=SELECT 1\ncode_system=SKS\n"
#define PERSONS "[dataset population]\nkind=person\nsource=sqlite:data.sqlite\nquery=SELECT 1\n"

static void
a_whole_mapping_is_read (void)
{
  g_autoptr (Fixture) fixture =
      fixture_new ("", "[peer]\nname=x\ntitle.da=Hospitalet\norganisation=Regionen\npopulation=true\n" EVENTS
                       "title.en=Diagnoses\ndescription.da=Alle\n" PERSONS
                       "label.sex.K.da=Kvinde\nlevels.sex=M;K\ntype.region=string\nunit.bmi=kg/"
                       "m2\ntitle.sex.en=Sex\nvalidity=none\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  KohMapping *diagnoses = koh_store_mapping (store, "diagnoses"),
             *population = koh_store_mapping (store, "population");
  KohDeclared *sex = koh_mapping_declared (population, "sex");

  g_assert_cmpuint (store->mappings->len, ==, 2);
  g_assert_cmpstr (store->da, ==, "Hospitalet");
  g_assert_cmpstr (store->organisation, ==, "Regionen");
  g_assert_true (store->population);
  g_assert_cmpint (diagnoses->kind, ==, KOH_DATASET_EVENT);
  g_assert_cmpstr (diagnoses->source.location, ==, fixture->database);
  g_assert_cmpstr (diagnoses->code_system, ==, "SKS");
  g_assert_cmpstr (diagnoses->da, ==, "Diagnoses");
  g_assert_cmpstr (diagnoses->da_description, ==, "Alle");
  g_assert_cmpuint (sex->levels->len, ==, 2);
  g_assert_cmpstr (((KohLevel *) sex->levels->pdata[1])->da, ==, "Kvinde");
  g_assert_cmpstr (((KohLevel *) sex->levels->pdata[1])->en, ==, NULL);
  g_assert_cmpstr (sex->en, ==, "Sex");
  g_assert_cmpstr (koh_mapping_declared (population, "bmi")->unit, ==, "kg/m2");
  g_assert_true (koh_mapping_declared (population, "region")->type_given);
}

static void
a_query_may_stand_in_a_file (void)
{
  g_autoptr (Fixture) fixture = fixture_new (
      "CREATE TABLE t (p, d); INSERT INTO t VALUES ('0101801234', '2020-01-01');",
      "[peer]\nname=x\n[dataset events]\nkind=event\nsource=sqlite:data.sqlite\nquery_file=events.sql\n");
  g_autofree char *path = g_build_filename (fixture->folder, "events.sql", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohStore) store = NULL;
  g_autoptr (GPtrArray) persons = NULL;

  /* With a backslash, several lines, a comment at the end and semicolons: what a key file cannot hold. */
  g_assert_true (g_file_set_contents (
      path, "SELECT p AS person,\n  d AS date\nFROM t WHERE p <> '\\' -- all\n ; ;\n", -1, NULL));
  store = fixture_store (fixture);
  persons = koh_store_persons (store, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (persons->len, ==, 1);
  g_assert_cmpstr (persons->pdata[0], ==, "0101801234");
}

/* What is wrong, and what the message says. */
static const struct
{
  const char *ini, *message;
} bad[] = {
  { "[dataset a]\nsource=sqlite:x\nquery=SELECT 1\n",
    "[dataset a]: the dataset lacks kind=person or kind=event" },
  { "[dataset a]\nkind=table\nsource=sqlite:x\nquery=SELECT 1\n",
    "[dataset a], kind: a kind is person or event" },
  { "[dataset a]\nkind=event\nquery=SELECT 1\n", "[dataset a]: the dataset lacks source=" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\n", "[dataset a]: the dataset lacks query= or query_file=" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery= ; \n", "[dataset a]: the query is empty" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\nquery_file=peer.ini\n",
    "give query= or query_file=, not both" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery_file=nowhere.sql\n", "nowhere.sql" },
  { "[dataset a]\nkind=event\nsource=oracle:x\nquery=SELECT 1\n",
    "“oracle:x” is not a source that this version reads (sqlite:FILE, csv:FOLDER)" },
  { "[dataset a]\nkind=event\nsource=csv:x\nquery=SELECT 1\nseparator=:\n",
    "separator: a separator is “,”, “;” or the word tab" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\nseparator=,\n",
    "only comma-separated text (source=csv:FOLDER) has a separator=" },
  { "[dataset a]\nkind=event\nsource=data.sqlite\nquery=SELECT 1\n", "“data.sqlite” is not a source" },
  { "[dataset a]\nkind=event\nsource=sqlite:\nquery=SELECT 1\n", "“sqlite:” is not a source" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\ncodesystem=SKS\n",
    "codesystem: this key is not known" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\nlevel.sex=M\n",
    "level.sex: this key is not known" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\ntitle.fr=Diagnostics\n",
    "title.fr: ends with .da or .en" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\nvalidity=year\n", "events have no validity=" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\non_error=skip 1\n",
    "write on_error=refuse, or skip and a share between 0 and 1, such as skip 0.01" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\non_error=skip 0\n", "a share between 0 and 1" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\non_error=skip 1%\n", "a share between 0 and 1" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\non_error=skip nan\n", "a share between 0 and 1" },
  { "[dataset a]\nkind=event\nsource=sqlite:x\nquery=SELECT 1\non_error=ignore\n", "a share between 0 and 1" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\nvalidity=month\n",
    "a validity is none, year or period" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\ncode_system=SKS\n",
    "only events have a code_system=" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\nlevels.sex=M;M\n",
    "the level “M” stands there twice" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\nlevels.sex=M;missing\n",
    "neither empty nor “missing”" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\nlevels.sex=\n",
    "levels.sex: give the levels as a;b;c" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\nlevels.sex=M\nlabel.sex.K.da=Kvinde\n",
    "label.sex.K.da: “K” is not among levels.sex" },
  { "[dataset a]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\ntype.sex=number\n",
    "a type is string, integer, decimal or date" },
  { "[dataset Bad Name]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\n",
    "a dataset's name has lower-case letters, digits, - and _ only" },
  { "[dataset ]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\n", "a dataset's name has" },
  { PERSONS "[dataset  population]\nkind=person\nsource=sqlite:x\nquery=SELECT 1\n",
    "has two datasets “population”" },
  { "no key file", "cannot be read" },
};

static void
what_is_wrong_is_named (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", "");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      fixture_ini (fixture, bad[i].ini);
      g_assert_null (koh_store_new (fixture->ini, &error));
      assert_error (error, KOH_ERROR_INVALID, bad[i].message);
    }
}

static void
a_peer_without_data_has_no_datasets (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("", "[peer]\nname=asker\n");
  g_autoptr (KohStore) store = fixture_store (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohCatalogue) catalogue = koh_store_describe (store, "asker", NULL, &error);
  g_autoptr (GPtrArray) persons = koh_store_persons (store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (catalogue->datasets->len, ==, 0);
  g_assert_cmpuint (persons->len, ==, 0);
  g_assert_cmpstr (catalogue->en, ==, "asker");
  g_assert_null (koh_store_register (store, NULL, &error));
  assert_error (error, KOH_ERROR_DATA, "has no dataset with a column birth_date");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/mapping/a-whole-mapping-is-read", a_whole_mapping_is_read);
  g_test_add_func ("/store/mapping/a-query-may-stand-in-a-file", a_query_may_stand_in_a_file);
  g_test_add_func ("/store/mapping/what-is-wrong-is-named", what_is_wrong_is_named);
  g_test_add_func ("/store/mapping/a-peer-without-data-has-no-datasets", a_peer_without_data_has_no_datasets);
  return g_test_run ();
}
