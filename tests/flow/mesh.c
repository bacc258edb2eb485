/* SPDX-License-Identifier: EUPL-1.2
 *
 * A demo federation's questions answered without network or daemons: the peers' stores in this process, a spine
 * made directly (a random order of the register), three members on three threads over the memory mesh, or one
 * plain party. One line of JSON for each question, so that a test can compare it with the oracle.
 *
 *   flow-mesh --federation DIR [--plain] [--tap FILE] [--seed S] QUESTION…
 *
 * With --tap every message between the members is written to FILE as it is before any encryption: sender and
 * receiver in a byte each, the length in four bytes, the bytes. */
#include <json-glib/json-glib.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "eval/evaluate.h"
#include "mpc/memory-channel.h"
#include "query/json.h"
#include "query/question-check.h"
#include "store/store.h"

#define DUMMIES 37 /* N is not a multiple of 64 */

typedef struct
{
  char *name;
  char *organisation;
  KohStore *store;
  KohSpine *spine;
  KohHash snapshot;
} Owner;

typedef struct
{
  Owner owners[KOH_PARTIES];
  KohMap *map;
  guint positions;
  guint k;
  FILE *tap;
  GMutex tapping;
  gboolean plain;
} Federation;

static void
end (const GError *error)
{
  fprintf (stderr, "flow-mesh: %s\n", error->message);
  exit (1);
}

static guint
smallest_of (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "policy.json", NULL);
  g_autoptr (JsonNode) policy = koh_json_read_file (path, error);
  gint64 k = 0;

  if (policy == NULL || !koh_json_integer (json_node_get_object (policy), "k", 3, 1000, &k, error))
    return 0;
  return (guint) k;
}

/* Every person of the register at a random position of N. */
static GHashTable *
order_register (Federation *federation, Owner *holder, guint32 seed, GError **error)
{
  g_autoptr (GPtrArray) persons = koh_store_register (holder->store, NULL, error);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GHashTable *positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree guint *order = NULL;

  if (persons == NULL)
    return NULL;
  federation->positions = persons->len + DUMMIES;
  order = g_new (guint, federation->positions);
  for (guint i = 0; i < federation->positions; i++)
    order[i] = i;
  for (guint i = federation->positions - 1; i > 0; i--)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint32) i + 1);
      guint swapped = order[i];

      order[i] = order[j];
      order[j] = swapped;
    }
  for (guint i = 0; i < persons->len; i++)
    g_hash_table_insert (positions, g_strdup (persons->pdata[i]), GUINT_TO_POINTER (order[i]));
  return positions;
}

static gboolean
place_persons (Owner *owner, GHashTable *positions, guint n, GError **error)
{
  g_autoptr (GPtrArray) persons = koh_store_persons (owner->store, NULL, error);

  if (persons == NULL)
    return FALSE;
  owner->spine = koh_spine_new (n);
  for (guint i = 0; i < persons->len; i++)
    {
      gpointer position;

      if (g_hash_table_lookup_extended (positions, persons->pdata[i], NULL, &position))
        koh_spine_add (owner->spine, persons->pdata[i], GPOINTER_TO_UINT (position));
    }
  koh_spine_sort (owner->spine);
  return TRUE;
}

static gboolean
open_federation (Federation *federation, const char *folder, guint32 seed, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "federation.ini", NULL);
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autoptr (GHashTable) positions = NULL;
  g_auto (GStrv) peers = NULL;

  if (!g_key_file_load_from_file (ini, path, G_KEY_FILE_NONE, error))
    return FALSE;
  peers = g_key_file_get_string_list (ini, "federation", "peers", NULL, error);
  if (peers == NULL || g_strv_length (peers) != KOH_PARTIES)
    return FALSE;
  federation->map = koh_map_new ();
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      Owner *owner = &federation->owners[i];
      g_autofree char *own = g_build_filename (folder, peers[i], NULL);
      g_autofree char *peer_ini = g_build_filename (own, "peer.ini", NULL);
      KohCatalogue *catalogue;
      guint k = smallest_of (own, error);

      owner->name = g_strdup (peers[i]);
      owner->store = k > 0 ? koh_store_new (peer_ini, error) : NULL;
      catalogue = owner->store != NULL ? koh_store_describe (owner->store, owner->name, NULL, error) : NULL;
      if (catalogue == NULL || !koh_store_snapshot (owner->store, &owner->snapshot, NULL, error))
        return FALSE;
      federation->k = MAX (federation->k, k);
      owner->organisation = g_strdup (catalogue->organisation);
      koh_map_take (federation->map, catalogue);
    }
  positions = order_register (federation, &federation->owners[koh_map_population (federation->map)], seed, error);
  for (guint i = 0; positions != NULL && i < KOH_PARTIES; i++)
    if (!place_persons (&federation->owners[i], positions, federation->positions, error))
      return FALSE;
  return positions != NULL;
}

static KohPlan *
make_plan (Federation *federation, KohQuestion *question, GError **error)
{
  g_autoptr (KohSessionFacts) facts = koh_session_facts_new ();
  gint holder = koh_map_population (federation->map);

  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      const Owner *owner = &federation->owners[i];

      koh_session_facts_add_owner (facts, owner->name, owner->organisation, &owner->snapshot, holder == (gint) i);
      facts->committee[i] = i;
    }
  facts->positions = federation->positions;
  facts->k = federation->k;
  g_free (facts->latency);
  facts->latency = g_strdup ("lan");
  if (!koh_question_check_ok (question, federation->map, error))
    return NULL;
  return koh_plan_new (question, federation->map, facts, error);
}

typedef struct
{
  guint me;
  KohChannel *channel;
  const KohPlan *plan;
  const guint64 **planes;
  const KohHash *session;
  guint8 keys[KOH_PARTIES][32];
  GBytes *message;
  KohCost cost;
  GError *error;
} Member;

static gpointer
take_part (gpointer data)
{
  Member *member = data;
  guint next = (member->me + 1) % KOH_PARTIES;
  g_autoptr (KohParty) party = member->channel != NULL
                                 ? koh_party_new (member->me, member->channel, member->session,
                                                  member->keys[member->me], member->keys[next])
                                 : koh_party_new_plain ();
  KohHash transcript;

  member->message = koh_evaluate (party, member->plan, member->planes, NULL, NULL, &transcript, &member->error);
  member->cost = koh_party_get_cost (party);
  if (member->message == NULL && member->channel != NULL)
    member->channel->close (member->channel, member->error);
  return NULL;
}

static void
tap_cb (guint from, guint to, GBytes *message, gpointer user_data)
{
  Federation *federation = user_data;
  guint8 head[] = { (guint8) from, (guint8) to };
  gsize size;
  gconstpointer bytes = g_bytes_get_data (message, &size);
  guint32 length = GUINT32_TO_LE ((guint32) size);

  g_mutex_lock (&federation->tapping);
  fwrite (head, sizeof head, 1, federation->tap);
  fwrite (&length, sizeof length, 1, federation->tap);
  fwrite (bytes, 1, size, federation->tap);
  g_mutex_unlock (&federation->tapping);
}

/* The committee's three messages, or the plain party's one. */
static gboolean
run_members (Federation *federation, const KohPlan *plan, guint64 **planes, const KohHash *session,
             GBytes *messages[KOH_PARTIES], KohCost *cost, GError **error)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  const GPtrArray *columns = koh_plan_columns (plan);
  guint n = federation->plain ? 1 : KOH_PARTIES;
  Member members[KOH_PARTIES] = { 0 };
  GThread *threads[KOH_PARTIES];
  guint8 keys[KOH_PARTIES][32];
  gboolean ok = TRUE;

  if (federation->tap != NULL)
    koh_memory_mesh_set_tap (mesh, tap_cb, federation);
  randombytes_buf (keys, sizeof keys);
  for (guint i = 0; i < n; i++)
    {
      Member *member = &members[i];

      *member = (Member){ i, federation->plain ? NULL : koh_memory_mesh_get (mesh, i), plan };
      member->session = session;
      memcpy (member->keys, keys, sizeof keys);
      member->planes = g_new0 (const guint64 *, columns->len);
      for (guint c = 0; c < columns->len; c++)
        {
          const KohColumn *column = columns->pdata[c];

          if (federation->plain || column->owner == i)
            member->planes[c] = planes[c];
        }
      threads[i] = g_thread_new ("member", take_part, member);
    }
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      messages[i] = members[i].message;
      g_free (members[i].planes);
      if (members[i].message == NULL && ok)
        {
          g_propagate_error (error, g_steal_pointer (&members[i].error));
          ok = FALSE;
        }
      g_clear_error (&members[i].error);
    }
  *cost = members[0].cost;
  return ok;
}

static JsonNode *
answer (Federation *federation, const char *path, GError **error)
{
  g_autoptr (KohQuestion) question = koh_question_read_file (path, error);
  g_autoptr (KohPlan) plan = question != NULL ? make_plan (federation, question, error) : NULL;
  const GPtrArray *columns = plan != NULL ? koh_plan_columns (plan) : NULL;
  g_autofree guint64 **planes = plan != NULL ? g_new0 (guint64 *, columns->len) : NULL;
  GBytes *messages[KOH_PARTIES] = { NULL };
  JsonNode *result = NULL;
  KohHash session, transcript;
  gboolean ok = plan != NULL;
  KohCost cost = { 0 };

  randombytes_buf (&session, sizeof session);
  for (guint i = 0; ok && i < columns->len; i++)
    {
      const KohColumn *column = columns->pdata[i];
      Owner *owner = &federation->owners[column->owner];

      planes[i] = koh_store_column (owner->store, plan, column, owner->spine, NULL, NULL, error);
      ok = planes[i] != NULL;
    }
  if (ok && run_members (federation, plan, planes, &session, messages, &cost, error))
    result = koh_answer_open (plan, federation->map, messages, federation->plain, &session, &transcript, error);
  for (guint i = 0; plan != NULL && i < columns->len; i++)
    if (planes[i] != NULL)
      koh_planes_free (planes[i], federation->positions, ((const KohColumn *) columns->pdata[i])->width);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&messages[i], g_bytes_unref);
  if (result != NULL)
    {
      json_object_set_int_member (json_node_get_object (result), "rounds", (gint64) cost.rounds);
      json_object_set_int_member (json_node_get_object (result), "bytes", (gint64) cost.bytes_sent);
      json_object_set_int_member (json_node_get_object (result), "ands", (gint64) cost.ands);
    }
  return result;
}

static JsonNode *
failure (const GError *error)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  json_object_set_string_member (object, "error", error->message);
  json_object_set_string_member (object, "code", koh_error_code_name (error));
  json_object_unref (object);
  return node;
}

int
main (int argc, char **argv)
{
  Federation federation = { 0 };
  g_autofree char *folder = NULL, *tap = NULL;
  g_auto (GStrv) questions = NULL;
  gint seed = 1;
  const GOptionEntry entries[] = {
    { "federation", 0, 0, G_OPTION_ARG_FILENAME, &folder, "A demo federation", "DIR" },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &federation.plain, "One plain party instead of three", NULL },
    { "tap", 0, 0, G_OPTION_ARG_FILENAME, &tap, "Write every message to FILE", "FILE" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of the random order of persons", "S" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &questions, NULL, "QUESTION…" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (sodium_init () < 0 || !g_option_context_parse (context, &argc, &argv, &error))
    end (error);
  if (folder == NULL || questions == NULL)
    {
      fputs ("flow-mesh: --federation DIR and a question are needed\n", stderr);
      return 2;
    }
  if (!open_federation (&federation, folder, (guint32) seed, &error))
    end (error);
  federation.tap = tap != NULL ? fopen (tap, "wb") : NULL;
  for (guint i = 0; questions[i] != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (JsonNode) node = answer (&federation, questions[i], &local);
      g_autoptr (JsonNode) told = node == NULL ? failure (local) : NULL;
      g_autofree char *text = json_to_string (node != NULL ? node : told, FALSE);

      puts (text);
      fflush (stdout);
    }
  if (federation.tap != NULL)
    fclose (federation.tap);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      koh_spine_free (federation.owners[i].spine);
      koh_store_free (federation.owners[i].store);
      g_free (federation.owners[i].name);
      g_free (federation.owners[i].organisation);
    }
  koh_map_free (federation.map);
  return 0;
}
