/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proposals, acceptances and what follows from them: every participant derives the same session, and
 * none from documents that are not what they say. */
#include "peer/session.h"

#include <string.h>

#include "common/error.h"
#include "fixture.h"
#include "peer/answer.h"
#include "peer/audit.h"
#include "peer/members.h"
#include "peer/seen.h"
#include "peer/signed.h"

#define NOW 1800000000

static Fixture *shared;

typedef struct
{
  KohRoster *roster;
  KohIdentity *asker;
  KohIdentity *peers[PEERS];
  KohQuestion *question;
  KohMap *map;
  KohProposal *proposal;
} Table;

static void
table_set (Table *table)
{
  table->roster = fixture_roster (shared);
  table->asker = fixture_identity (shared, "asker");
  for (guint i = 0; i < PEERS; i++)
    table->peers[i] = fixture_identity (shared, fixture_peers[i]);
  table->question = fixture_question (shared);
  table->map = fixture_map (shared);
  table->proposal = koh_proposal_new (table->asker, table->roster, table->question, NOW, 3600);
}

static void
table_clear (Table *table)
{
  koh_proposal_free (table->proposal);
  koh_map_free (table->map);
  koh_question_unref (table->question);
  for (guint i = 0; i < PEERS; i++)
    koh_identity_free (table->peers[i]);
  koh_identity_free (table->asker);
  koh_roster_free (table->roster);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* ---- Proposals ----------------------------------------------------------------------------- */

static void
assert_proposal (const Table *table, JsonNode *document, const char *asker, gint64 now, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohProposal) read = koh_proposal_read (document, table->roster, asker, now, &error);

  if (code >= 0)
    {
      g_assert_null (read);
      g_assert_error (error, KOH_ERROR, code);
      return;
    }
  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&read->hash, &table->proposal->hash));
  g_assert_true (koh_hash_equal (&read->question->hash, &table->question->hash));
}

static void
a_proposal_is_read_as_it_was_signed (void)
{
  g_auto (Table) table;

  table_set (&table);
  assert_proposal (&table, table.proposal->document, "asker", NOW, -1);
  assert_proposal (&table, table.proposal->document, "asker", NOW + 3599, -1);
  assert_proposal (&table, table.proposal->document, "asker", NOW - 86400, -1);
}

static void
a_proposal_of_another_time_is_refused (void)
{
  g_auto (Table) table;
  g_autoptr (KohProposal) endless = NULL;

  table_set (&table);
  assert_proposal (&table, table.proposal->document, "asker", NOW + 3600, KOH_ERROR_MISMATCH);
  assert_proposal (&table, table.proposal->document, "asker", NOW - 86401, KOH_ERROR_MISMATCH);
  endless = koh_proposal_new (table.asker, table.roster, table.question, NOW, 32 * 86400);
  assert_proposal (&table, endless->document, "asker", NOW, KOH_ERROR_MISMATCH);
}

static void
a_proposal_of_another_sender_is_refused (void)
{
  g_auto (Table) table;
  g_autoptr (KohProposal) theirs = NULL;
  g_autoptr (JsonNode) unsigned_one = NULL;

  table_set (&table);
  assert_proposal (&table, table.proposal->document, "aarhus", NOW, KOH_ERROR_CHECK);
  assert_proposal (&table, table.proposal->document, "nobody", NOW, KOH_ERROR_CHECK);
  /* Signed, but by another participant in the asker's name. */
  theirs = koh_proposal_new (table.peers[0], table.roster, table.question, NOW, 3600);
  json_object_set_string_member (
      json_object_get_object_member (json_node_get_object (theirs->document), "body"), "asker", "asker");
  unsigned_one = koh_signed_new (
    table.peers[0], "proposal",
    json_node_copy (json_object_get_member (json_node_get_object (theirs->document), "body")));
  assert_proposal (&table, unsigned_one, "asker", NOW, KOH_ERROR_CHECK);
}

static void
a_changed_question_is_refused (void)
{
  g_auto (Table) table;
  g_autoptr (JsonNode) changed = NULL;
  JsonObject *body;

  table_set (&table);
  changed = json_node_copy (table.proposal->document);
  body = json_object_get_object_member (json_node_get_object (changed), "body");
  json_object_set_string_member (json_object_get_object_member (body, "question"), "title", "Another");
  assert_proposal (&table, changed, "asker", NOW, KOH_ERROR_CHECK);
}

static void
a_proposal_with_another_roster_is_refused (void)
{
  g_auto (Table) table;

  table_set (&table);
  table.roster->hash.bytes[0] ^= 1;
  assert_proposal (&table, table.proposal->document, "asker", NOW, KOH_ERROR_MISMATCH);
}

static void
a_proposal_is_taken_once (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KohSeen) seen = koh_seen_open (folder, &error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  KohHash one = koh_hash_of ("test", "1", 1), two = koh_hash_of ("test", "2", 1);

  g_assert_no_error (error);
  g_assert_true (koh_seen_proposal (seen, &one, now + 100, &error));
  g_assert_true (koh_seen_proposal (seen, &two, now - 1, &error));
  g_assert_false (koh_seen_proposal (seen, &one, now + 100, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_error (&error);
  g_clear_pointer (&seen, koh_seen_free);

  /* After a restart too, until it has expired. */
  seen = koh_seen_open (folder, &error);
  g_assert_no_error (error);
  g_assert_false (koh_seen_proposal (seen, &one, now + 100, NULL));
  g_assert_true (koh_seen_proposal (seen, &two, now + 100, &error));
  g_clear_pointer (&seen, koh_seen_free);
  fixture_remove (folder);
}

static void
the_history_counts_different_questions (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (KohSeen) seen = koh_seen_open (folder, NULL);
  g_autoptr (KohQuestion) question = fixture_question (shared);
  KohHash snapshot = koh_hash_of ("test", "s", 1), later = koh_hash_of ("test", "t", 1);
  KohHistory history = koh_seen_history (seen, &snapshot, question);

  g_assert_cmpuint (history.of_project, ==, 0);
  g_assert_false (history.repeated);
  g_assert_true (koh_seen_question (seen, &snapshot, question, NULL));
  g_assert_true (koh_seen_question (seen, &snapshot, question, NULL));
  g_clear_pointer (&seen, koh_seen_free);
  seen = koh_seen_open (folder, NULL);
  history = koh_seen_history (seen, &snapshot, question);
  g_assert_cmpuint (history.of_project, ==, 1);
  g_assert_true (history.repeated);
  history = koh_seen_history (seen, &later, question);
  g_assert_cmpuint (history.of_project, ==, 0);
  g_clear_pointer (&seen, koh_seen_free);
  fixture_remove (folder);
}

/* ---- Acceptances --------------------------------------------------------------------------- */

typedef void (*Change) (KohAccept *accept, guint peer);

static JsonArray *
accepts (const Table *table, Change change)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < PEERS; i++)
    {
      g_autoptr (KohAccept) accept = g_new0 (KohAccept, 1);
      g_autoptr (JsonNode) catalogue = koh_catalogue_to_json (g_ptr_array_index (table->map->catalogues, i));

      accept->proposal = table->proposal->hash;
      accept->nonce = koh_hash_of ("nonce", &i, sizeof i);
      accept->snapshot = koh_hash_of ("snapshot", &i, sizeof i);
      accept->epoch = koh_hash_of ("epoch", "", 0);
      accept->policy = koh_hash_of ("policy", &i, sizeof i);
      accept->positions = 1000;
      accept->k = 5 + i;
      accept->catalogue = koh_catalogue_from_json (catalogue, NULL);
      if (change != NULL)
        change (accept, i);
      koh_accept_sign (accept, table->peers[i]);
      json_array_add_element (array, json_node_copy (accept->document));
    }
  return array;
}

static KohSession *
session_of (const Table *table, Change change, GError **error)
{
  g_autoptr (JsonArray) array = accepts (table, change);

  return koh_session_new (table->roster, table->proposal, array, error);
}

static void
assert_session_refused (const Table *table, JsonArray *array, int code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (koh_session_new (table->roster, table->proposal, array, &error));
  g_assert_error (error, KOH_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
}

static void
everybody_derives_the_same_session (void)
{
  g_auto (Table) table;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohSession) one = NULL;
  g_autoptr (KohSession) other = NULL;
  const KohSessionFacts *facts;

  table_set (&table);
  one = session_of (&table, NULL, &error);
  g_assert_no_error (error);
  other = session_of (&table, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&one->id, &other->id));
  g_assert_true (koh_hash_equal (&one->plan_hash, &other->plan_hash));
  g_assert_true (koh_hash_equal (&one->context, &other->context));
  facts = koh_plan_facts (one->plan);
  g_assert_cmpuint (facts->k, ==, 7); /* the strictest */
  g_assert_cmpuint (facts->positions, ==, 1000);
}

static void
other_nonce (KohAccept *accept, guint peer)
{
  if (peer == 2)
    accept->nonce.bytes[31] ^= 1;
}

static void
other_policy (KohAccept *accept, guint peer)
{
  if (peer == 1)
    accept->policy.bytes[0] ^= 1;
}

static void
other_snapshot (KohAccept *accept, guint peer)
{
  if (peer == 0)
    accept->snapshot.bytes[0] ^= 1;
}

static void
other_epoch_for_all (KohAccept *accept, guint peer)
{
  accept->epoch.bytes[5] ^= 1;
}

static void
the_session_depends_on_every_fact (void)
{
  static const Change changes[] = { other_nonce, other_policy, other_snapshot, other_epoch_for_all };
  g_auto (Table) table;
  g_auto (Table) again;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohSession) one = NULL;
  g_autoptr (KohSession) asked_again = NULL;

  table_set (&table);
  one = session_of (&table, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (KohSession) other = session_of (&table, changes[i], &error);

      g_assert_no_error (error);
      g_assert_false (koh_hash_equal (&one->id, &other->id));
      g_assert_false (koh_hash_equal (&one->context, &other->context));
    }
  table_set (&again); /* the asker's nonce */
  asked_again = session_of (&again, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (koh_hash_equal (&one->id, &asked_again->id));
}

static void
other_epoch (KohAccept *accept, guint peer)
{
  if (peer == 2)
    accept->epoch.bytes[0] ^= 1;
}

static void
other_positions (KohAccept *accept, guint peer)
{
  if (peer == 2)
    accept->positions++;
}

static void
epochs_must_be_the_same (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) epoch = NULL;
  g_autoptr (JsonArray) positions = NULL;

  table_set (&table);
  epoch = accepts (&table, other_epoch);
  assert_session_refused (&table, epoch, KOH_ERROR_MISMATCH, "rigshospitalet");
  positions = accepts (&table, other_positions);
  assert_session_refused (&table, positions, KOH_ERROR_MISMATCH, "rigshospitalet");
}

static void
other_proposal (KohAccept *accept, guint peer)
{
  if (peer == 0)
    accept->proposal.bytes[0] ^= 1;
}

static void
acceptances_answer_this_question (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) array = NULL;

  table_set (&table);
  array = accepts (&table, other_proposal);
  assert_session_refused (&table, array, KOH_ERROR_CHECK, "aarhus");
}

static void
acceptances_are_signed_by_their_peers (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) array = NULL;
  JsonObject *body;

  table_set (&table);
  array = accepts (&table, NULL);
  body = json_object_get_object_member (json_array_get_object_element (array, 1), "body");
  json_object_set_int_member (body, "k", 3);
  assert_session_refused (&table, array, KOH_ERROR_CHECK, "danmarks-statistik");
}

static void
acceptances_stand_in_roster_order (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) array = NULL;
  g_autoptr (JsonArray) turned = json_array_new ();
  g_autoptr (JsonArray) twice = json_array_new ();
  g_autoptr (JsonArray) few = json_array_new ();

  table_set (&table);
  array = accepts (&table, NULL);
  for (guint i = 0; i < PEERS; i++)
    {
      json_array_add_element (turned, json_array_dup_element (array, (i + 1) % PEERS));
      json_array_add_element (twice, json_array_dup_element (array, i == 2 ? 0 : i));
      if (i < 2)
        json_array_add_element (few, json_array_dup_element (array, i));
    }
  assert_session_refused (&table, turned, KOH_ERROR_PROTOCOL, "stands where");
  assert_session_refused (&table, twice, KOH_ERROR_PROTOCOL, "stands where");
  assert_session_refused (&table, few, KOH_ERROR_PROTOCOL, "2 acceptances");
}

static void
no_population (KohAccept *accept, guint peer)
{
  accept->catalogue->population = FALSE;
}

static void
all_population (KohAccept *accept, guint peer)
{
  accept->catalogue->population = TRUE;
}

static void
one_peer_holds_the_register (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) none = NULL;
  g_autoptr (JsonArray) all = NULL;

  table_set (&table);
  none = accepts (&table, no_population);
  all = accepts (&table, all_population);
  assert_session_refused (&table, none, KOH_ERROR_MISMATCH, "register");
  assert_session_refused (&table, all, KOH_ERROR_MISMATCH, "register");
}

/* The roster is our own copy here, so that its signature is not in question. */
static void
three_organisations_or_none (void)
{
  g_auto (Table) table;
  g_autoptr (JsonArray) array = NULL;
  KohCard *a, *b;

  table_set (&table);
  array = accepts (&table, NULL);
  a = (KohCard *) koh_roster_find (table.roster, "aarhus");
  b = (KohCard *) koh_roster_find (table.roster, "rigshospitalet");
  g_free (b->organisation);
  b->organisation = g_strdup (a->organisation);
  assert_session_refused (&table, array, KOH_ERROR_MISMATCH, "organisation");
  g_free (b->organisation);
  b->organisation = g_strdup ("Another name, the same key");
  memcpy (b->organisation_key, a->organisation_key, sizeof b->organisation_key);
  assert_session_refused (&table, array, KOH_ERROR_MISMATCH, "organisation");
}

static void
our_own_acceptance_must_be_the_one_we_gave (void)
{
  g_auto (Table) table;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohSession) session = NULL;
  guint me = 1;
  KohHash nonce = koh_hash_of ("nonce", &me, sizeof me);

  table_set (&table);
  session = session_of (&table, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (koh_session_check_own (session, me, &nonce, &error));
  nonce.bytes[0] ^= 1;
  g_assert_false (koh_session_check_own (session, me, &nonce, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
}

/* ---- What comes back ----------------------------------------------------------------------- */

static void
peers_vouch_for_what_they_send (void)
{
  g_auto (Table) table;
  g_autofree char *folder = fixture_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KohAudit) audit = NULL;
  g_autoptr (JsonNode) receipt = NULL;
  JsonObject *object;
  KohHash transcript = koh_hash_of ("test", "t", 1), other = koh_hash_of ("test", "u", 1);
  const KohCard *card;

  table_set (&table);
  card = koh_identity_card (table.peers[0]);
  audit = koh_audit_open (folder, table.peers[0], &error);
  g_assert_no_error (error);
  receipt = koh_audit_receipt (audit);
  object = json_node_get_object (receipt);
  g_assert_true (koh_answer_vouch (card, &transcript, &transcript, object, &error));
  g_assert_no_error (error);
  g_assert_false (koh_answer_vouch (card, &other, &transcript, object, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_error (&error);
  g_assert_false (
      koh_answer_vouch (koh_identity_card (table.peers[1]), &transcript, &transcript, object, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_error (&error);
  json_object_set_int_member (object, "entries", 100);
  g_assert_false (koh_answer_vouch (card, &transcript, &transcript, object, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_pointer (&audit, koh_audit_free);
  fixture_remove (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  shared = fixture_new (200);
  g_test_add_func ("/peer/session/a-proposal-is-read-as-it-was-signed", a_proposal_is_read_as_it_was_signed);
  g_test_add_func ("/peer/session/a-proposal-of-another-time-is-refused",
                   a_proposal_of_another_time_is_refused);
  g_test_add_func ("/peer/session/a-proposal-of-another-sender-is-refused",
                   a_proposal_of_another_sender_is_refused);
  g_test_add_func ("/peer/session/a-changed-question-is-refused", a_changed_question_is_refused);
  g_test_add_func ("/peer/session/a-proposal-with-another-roster-is-refused",
                   a_proposal_with_another_roster_is_refused);
  g_test_add_func ("/peer/session/a-proposal-is-taken-once", a_proposal_is_taken_once);
  g_test_add_func ("/peer/session/the-history-counts-different-questions",
                   the_history_counts_different_questions);
  g_test_add_func ("/peer/session/everybody-derives-the-same-session", everybody_derives_the_same_session);
  g_test_add_func ("/peer/session/the-session-depends-on-every-fact", the_session_depends_on_every_fact);
  g_test_add_func ("/peer/session/epochs-must-be-the-same", epochs_must_be_the_same);
  g_test_add_func ("/peer/session/acceptances-answer-this-question", acceptances_answer_this_question);
  g_test_add_func ("/peer/session/acceptances-are-signed-by-their-peers",
                   acceptances_are_signed_by_their_peers);
  g_test_add_func ("/peer/session/acceptances-stand-in-roster-order", acceptances_stand_in_roster_order);
  g_test_add_func ("/peer/session/one-peer-holds-the-register", one_peer_holds_the_register);
  g_test_add_func ("/peer/session/three-organisations-or-none", three_organisations_or_none);
  g_test_add_func ("/peer/session/our-own-acceptance-must-be-the-one-we-gave",
                   our_own_acceptance_must_be_the_one_we_gave);
  g_test_add_func ("/peer/session/peers-vouch-for-what-they-send", peers_vouch_for_what_they_send);
  status = g_test_run ();
  fixture_free (shared);
  return status;
}
