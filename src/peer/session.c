/* SPDX-License-Identifier: EUPL-1.2
 *
 * See session.h. */
#include "peer/session.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"
#include "peer/members.h"
#include "peer/messages.h"
#include "query/question-check.h"

/* ---- What the acceptances say together ----------------------------------------------------- */

static gboolean
read_accepts (KohSession *session, const KohRoster *roster, const KohProposal *proposal, JsonArray *documents,
              GError **error)
{
  g_autoptr (GPtrArray) peers = koh_roster_peers (roster);

  if (json_array_get_length (documents) != peers->len)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%u acceptances for a roster of %u peers",
                   json_array_get_length (documents), peers->len);
      return FALSE;
    }
  for (guint i = 0; i < peers->len; i++)
    {
      const KohCard *card = g_ptr_array_index (peers, i);
      KohAccept *accept = koh_accept_read (json_array_get_element (documents, i), roster, error);

      if (accept == NULL)
        return FALSE;
      g_ptr_array_add (session->accepts, accept);
      if (strcmp (accept->peer, card->name) != 0 || strcmp (accept->catalogue->peer, card->name) != 0)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL,
                       "The acceptance of %s stands where that of %s belongs", accept->peer, card->name);
          return FALSE;
        }
      if (!koh_check ("accept-proposal", koh_hash_equal (&accept->proposal, &proposal->hash)))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "The acceptance of %s answers another question",
                       card->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_epoch (const KohSession *session, GError **error)
{
  const KohAccept *first = g_ptr_array_index (session->accepts, 0);
  guint holders = 0;

  for (guint i = 0; i < session->accepts->len; i++)
    {
      const KohAccept *accept = g_ptr_array_index (session->accepts, i);

      holders += accept->catalogue->population ? 1 : 0;
      if (!koh_check ("same-epoch", koh_hash_equal (&accept->epoch, &first->epoch) &&
                                      accept->positions == first->positions))
        {
          g_set_error (
              error, KOH_ERROR, KOH_ERROR_MISMATCH,
              "%s and %s stand in different epochs; who is behind enrols anew now, so ask again in a while",
              first->peer, accept->peer);
          return FALSE;
        }
    }
  if (holders == 1)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
               "%u peers say that they hold the population register; one must", holders);
  return FALSE;
}

static gboolean
organisations_differ (const KohCard *a, const KohCard *b)
{
  return g_strcmp0 (a->organisation, b->organisation) != 0 &&
         memcmp (a->organisation_key, b->organisation_key, sizeof a->organisation_key) != 0;
}

/* The three peers of the roster are owners and committee at once. */
static gboolean
check_committee (GPtrArray *peers, GError **error)
{
  if (peers->len != KOH_PARTIES)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED,
                   "This version computes with exactly three peers; the roster has %u", peers->len);
      return FALSE;
    }
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      const KohCard *a = g_ptr_array_index (peers, i);
      const KohCard *b = g_ptr_array_index (peers, (i + 1) % KOH_PARTIES);

      if (!koh_check ("three-organisations", organisations_differ (a, b)))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                       "%s and %s are of one organisation; the members must be of three", a->name, b->name);
          return FALSE;
        }
    }
  return TRUE;
}

static KohSessionFacts *
gather_facts (KohSession *session, const KohRoster *roster, GPtrArray *peers)
{
  KohSessionFacts *facts = koh_session_facts_new ();

  facts->roster = roster->hash;
  facts->k = roster->k;
  g_free (facts->latency);
  facts->latency = g_strdup (roster->latency);
  for (guint i = 0; i < session->accepts->len; i++)
    {
      KohAccept *accept = g_ptr_array_index (session->accepts, i);
      const KohCard *card = g_ptr_array_index (peers, i);

      koh_session_facts_add_owner (facts, accept->peer, card->organisation, &accept->snapshot,
                                   accept->catalogue->population);
      facts->epoch = accept->epoch;
      facts->positions = accept->positions;
      facts->k = MAX (facts->k, accept->k);
      facts->committee[i % KOH_PARTIES] = i;
      koh_map_take (session->map, g_steal_pointer (&accept->catalogue));
    }
  return facts;
}

/* ---- The session --------------------------------------------------------------------------- */

static KohHash
make_id (const KohSession *session, const KohRoster *roster, const KohProposal *proposal)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/session/1");
  koh_hasher_hash (&hasher, &proposal->nonce);
  koh_hasher_hash (&hasher, &proposal->hash);
  koh_hasher_hash (&hasher, &proposal->question->hash);
  koh_hasher_hash (&hasher, &session->plan_hash);
  koh_hasher_hash (&hasher, &roster->hash);
  koh_hasher_u64 (&hasher, session->accepts->len);
  for (guint i = 0; i < session->accepts->len; i++)
    {
      const KohAccept *accept = g_ptr_array_index (session->accepts, i);

      koh_hasher_string (&hasher, accept->peer);
      koh_hasher_hash (&hasher, &accept->nonce);
      koh_hasher_hash (&hasher, &accept->policy);
      koh_hasher_hash (&hasher, &accept->epoch);
      koh_hasher_hash (&hasher, &accept->snapshot);
    }
  return koh_hasher_end (&hasher);
}

static KohHash
make_context (const KohSession *session, const KohProposal *proposal)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/seal/1");
  koh_hasher_hash (&hasher, &session->id);
  koh_hasher_hash (&hasher, &proposal->question->hash);
  return koh_hasher_end (&hasher);
}

KohSession *
koh_session_new (const KohRoster *roster, const KohProposal *proposal, JsonArray *accepts, GError **error)
{
  g_autoptr (KohSession) session = g_new0 (KohSession, 1);
  g_autoptr (GPtrArray) peers = koh_roster_peers (roster);
  g_autoptr (KohSessionFacts) facts = NULL;

  session->accepts = g_ptr_array_new_with_free_func ((GDestroyNotify) koh_accept_free);
  session->map = koh_map_new ();
  if (!check_committee (peers, error) || !read_accepts (session, roster, proposal, accepts, error) ||
      !check_epoch (session, error))
    return NULL;
  facts = gather_facts (session, roster, peers);
  if (!koh_question_check_ok (proposal->question, session->map, error))
    return NULL;
  session->plan = koh_plan_new (proposal->question, session->map, facts, error);
  if (session->plan == NULL)
    return NULL;
  session->plan_hash = koh_plan_hash (session->plan);
  session->id = make_id (session, roster, proposal);
  session->context = make_context (session, proposal);
  return g_steal_pointer (&session);
}

void
koh_session_free (KohSession *session)
{
  g_clear_pointer (&session->plan, koh_plan_free);
  g_clear_pointer (&session->map, koh_map_free);
  g_clear_pointer (&session->accepts, g_ptr_array_unref);
  g_free (session);
}

gboolean
koh_session_check_own (const KohSession *session, guint me, const KohHash *nonce, GError **error)
{
  const KohAccept *mine = g_ptr_array_index (session->accepts, me);

  if (koh_check ("own-accept", koh_hash_equal (&mine->nonce, nonce)))
    return TRUE;
  g_set_error (
      error, KOH_ERROR, KOH_ERROR_CHECK,
      "The asker shows another acceptance of %s than it was given in this session (check own-accept)",
      mine->peer);
  return FALSE;
}

char *
koh_session_purpose (const KohSession *session)
{
  g_autofree char *hex = koh_hash_to_hex (&session->id);

  return g_strconcat ("session:", hex, NULL);
}

/* ---- Meeting ------------------------------------------------------------------------------- */

/* The next message of a link, which must be of @kind. */
static KohMessage *
hear (KohLink *link, KohMessageKind kind, guint timeout_seconds, GError **error)
{
  g_autoptr (GBytes) bytes = koh_link_recv (link, timeout_seconds, error);
  g_autoptr (KohMessage) message = bytes != NULL ? koh_message_read (bytes, error) : NULL;

  if (message == NULL || message->kind == kind)
    return g_steal_pointer (&message);
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s said “%s” where “%s” belongs",
               koh_link_get_peer (link), koh_message_name (message->kind), koh_message_name (kind));
  return NULL;
}

static gboolean
say (const KohSession *session, KohLink *link, KohMessageKind kind, GError **error)
{
  JsonObject *members = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;

  koh_member_set_hash (members, "session", &session->id);
  if (kind == KOH_MESSAGE_CONFIRM)
    koh_member_set_hash (members, "plan", &session->plan_hash);
  bytes = koh_message_write (kind, members);
  return koh_link_send (link, bytes, error);
}

static gboolean
hear_confirmation (const KohSession *session, KohLink *link, guint timeout_seconds, GError **error)
{
  g_autoptr (KohMessage) message = hear (link, KOH_MESSAGE_CONFIRM, timeout_seconds, error);
  KohHash id, plan;

  if (message == NULL)
    return FALSE;
  id = koh_member_hash (message->object, "session");
  plan = koh_member_hash (message->object, "plan");
  if (koh_check ("session-confirm",
                 koh_hash_equal (&id, &session->id) && koh_hash_equal (&plan, &session->plan_hash)))
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
               "%s is in another session or has another plan; the same version must run everywhere",
               koh_link_get_peer (link));
  return FALSE;
}

/* k_j belongs to P_{j-1} and P_j, and comes from the handshake of the link between them. */
static void
derive (const KohSession *session, KohLink *link, guint j, guint8 key[32])
{
  g_autofree char *label = g_strdup_printf ("prg k_%u", j);

  koh_link_derive_key (link, label, &session->id, key);
}

gboolean
koh_session_confirm (const KohSession *session, guint me, KohLink *const links[KOH_PARTIES],
                     guint timeout_seconds, guint8 key[32], guint8 next_key[32], GError **error)
{
  guint next = (me + 1) % KOH_PARTIES, previous = (me + 2) % KOH_PARTIES;

  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me && !say (session, links[i], KOH_MESSAGE_CONFIRM, error))
      return FALSE;
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me && !hear_confirmation (session, links[i], timeout_seconds, error))
      return FALSE;
  derive (session, links[previous], me, key);
  derive (session, links[next], next, next_key);
  return TRUE;
}

gboolean
koh_session_gather (const KohSession *session, guint me, KohLink *const links[KOH_PARTIES],
                    guint timeout_seconds, GError **error)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me && !say (session, links[i], KOH_MESSAGE_READY, error))
      return FALSE;
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me)
      {
        g_autoptr (KohMessage) message = hear (links[i], KOH_MESSAGE_READY, timeout_seconds, error);

        if (message == NULL)
          return FALSE;
      }
  return TRUE;
}
