/* SPDX-License-Identifier: EUPL-1.2
 *
 * See accept.h. */
#include "peer/accept.h"

#include "common/check.h"
#include "common/error.h"
#include "peer/members.h"
#include "peer/signed.h"

#define TYPE "accept"

void
koh_accept_sign (KohAccept *accept, const KohIdentity *identity)
{
  JsonObject *body = json_object_new ();

  accept->peer = g_strdup (koh_identity_card (identity)->name);
  json_object_set_int_member (body, "kohorte_accept", 1);
  json_object_set_string_member (body, "peer", accept->peer);
  koh_member_set_hash (body, "proposal", &accept->proposal);
  koh_member_set_hash (body, "nonce", &accept->nonce);
  koh_member_set_hash (body, "snapshot", &accept->snapshot);
  koh_member_set_hash (body, "epoch", &accept->epoch);
  koh_member_set_hash (body, "policy", &accept->policy);
  json_object_set_int_member (body, "positions", accept->positions);
  json_object_set_int_member (body, "k", accept->k);
  json_object_set_member (body, "catalogue", koh_catalogue_to_json (accept->catalogue));
  accept->document = koh_signed_new (identity, TYPE, koh_members_node (body));
}

static gboolean
read_body (KohAccept *accept, JsonObject *body, GError **error)
{
  static const KohMember members[] = {
    { "kohorte_accept", KOH_SHAPE_WHOLE }, { "peer", KOH_SHAPE_NAME },       { "proposal", KOH_SHAPE_HASH },
    { "nonce", KOH_SHAPE_HASH },           { "snapshot", KOH_SHAPE_HASH },   { "epoch", KOH_SHAPE_HASH },
    { "policy", KOH_SHAPE_HASH },          { "positions", KOH_SHAPE_WHOLE }, { "k", KOH_SHAPE_WHOLE },
    { "catalogue", KOH_SHAPE_OBJECT },
  };

  if (!koh_members_check (body, members, G_N_ELEMENTS (members), "An acceptance", error))
    return FALSE;
  if (koh_member_whole (body, "kohorte_accept") != 1 || koh_member_whole (body, "positions") > G_MAXINT ||
      koh_member_whole (body, "positions") == 0 || koh_member_whole (body, "k") > 1000)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "An acceptance has numbers out of range");
      return FALSE;
    }
  accept->peer = g_strdup (koh_member_text (body, "peer"));
  accept->proposal = koh_member_hash (body, "proposal");
  accept->nonce = koh_member_hash (body, "nonce");
  accept->snapshot = koh_member_hash (body, "snapshot");
  accept->epoch = koh_member_hash (body, "epoch");
  accept->policy = koh_member_hash (body, "policy");
  accept->positions = (guint) koh_member_whole (body, "positions");
  accept->k = (guint) koh_member_whole (body, "k");
  accept->catalogue = koh_catalogue_from_json (json_object_get_member (body, "catalogue"), error);
  return accept->catalogue != NULL;
}

KohAccept *
koh_accept_read (JsonNode *document, const KohRoster *roster, GError **error)
{
  g_autoptr (KohAccept) accept = g_new0 (KohAccept, 1);
  JsonNode *body = koh_signed_body (document, "An acceptance", error);
  const KohCard *card;

  if (body == NULL || !read_body (accept, json_node_get_object (body), error))
    return NULL;
  card = koh_roster_find (roster, accept->peer);
  if (card == NULL || !card->is_peer ||
      !koh_check ("accept-signature", koh_signed_valid (document, TYPE, card->node_key)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "An acceptance in the name of %s is not signed by it",
                   accept->peer);
      return NULL;
    }
  accept->document = json_node_copy (document);
  return g_steal_pointer (&accept);
}

void
koh_accept_free (KohAccept *accept)
{
  g_clear_pointer (&accept->document, json_node_unref);
  g_clear_pointer (&accept->catalogue, koh_catalogue_free);
  g_free (accept->peer);
  g_free (accept);
}
