/* SPDX-License-Identifier: EUPL-1.2
 *
 * See proposal.h. */
#include "peer/proposal.h"

#include "common/check.h"
#include "common/error.h"
#include "peer/members.h"
#include "peer/signed.h"

#define TYPE "proposal"
#define LABEL "kohorte/proposal/1"

KohProposal *
koh_proposal_new (const KohIdentity *identity, const KohRoster *roster, KohQuestion *question, gint64 now,
                  gint64 seconds)
{
  JsonObject *body = json_object_new ();
  KohProposal *proposal = g_new0 (KohProposal, 1);

  randombytes_buf (proposal->nonce.bytes, sizeof proposal->nonce.bytes);
  proposal->asker = g_strdup (koh_identity_card (identity)->name);
  proposal->roster = roster->hash;
  proposal->issued = now;
  proposal->expires = now + seconds;
  proposal->question = koh_question_ref (question);
  json_object_set_int_member (body, "kohorte_proposal", 1);
  json_object_set_string_member (body, "asker", proposal->asker);
  json_object_set_int_member (body, "issued", proposal->issued);
  json_object_set_int_member (body, "expires", proposal->expires);
  koh_member_set_hash (body, "nonce", &proposal->nonce);
  koh_member_set_hash (body, "roster", &proposal->roster);
  json_object_set_member (body, "question", json_node_copy (question->document));
  proposal->document = koh_signed_new (identity, TYPE, koh_members_node (body));
  proposal->hash = koh_signed_hash (proposal->document, LABEL);
  return proposal;
}

static gboolean
read_body (KohProposal *proposal, JsonNode *node, GError **error)
{
  static const KohMember members[] = {
    { "kohorte_proposal", KOH_SHAPE_WHOLE }, { "asker", KOH_SHAPE_NAME }, { "issued", KOH_SHAPE_WHOLE },
    { "expires", KOH_SHAPE_WHOLE },          { "nonce", KOH_SHAPE_HASH }, { "roster", KOH_SHAPE_HASH },
    { "question", KOH_SHAPE_OBJECT },
  };
  JsonObject *body = json_node_get_object (node);

  if (!koh_members_check (body, members, G_N_ELEMENTS (members), "The proposal", error))
    return FALSE;
  if (koh_member_whole (body, "kohorte_proposal") != 1)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "The proposal is of another version of Kohorte");
      return FALSE;
    }
  proposal->asker = g_strdup (koh_member_text (body, "asker"));
  proposal->issued = (gint64) koh_member_whole (body, "issued");
  proposal->expires = (gint64) koh_member_whole (body, "expires");
  proposal->nonce = koh_member_hash (body, "nonce");
  proposal->roster = koh_member_hash (body, "roster");
  return TRUE;
}

static gboolean
is_timely (const KohProposal *proposal, gint64 now)
{
  return ABS (proposal->issued - now) <= KOH_PROPOSAL_CLOCK && proposal->expires > now &&
         proposal->expires - proposal->issued <= KOH_PROPOSAL_LONGEST;
}

static gboolean
check (KohProposal *proposal, const KohRoster *roster, const char *asker, gint64 now, GError **error)
{
  const KohCard *card = koh_roster_find (roster, asker);

  if (card == NULL || g_strcmp0 (proposal->asker, asker) != 0 ||
      !koh_check ("proposal-signature", koh_signed_valid (proposal->document, TYPE, card->node_key)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "The question is not signed by %s, who sent it", asker);
      return FALSE;
    }
  if (!koh_check ("proposal-roster", koh_hash_equal (&proposal->roster, &roster->hash)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH, "%s asks with another roster; compare the rosters",
                   asker);
      return FALSE;
    }
  if (!koh_check ("proposal-clock", is_timely (proposal, now)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "The question of %s has expired, or the clocks differ by more than a day; ask anew",
                   asker);
      return FALSE;
    }
  return TRUE;
}

KohProposal *
koh_proposal_read (JsonNode *document, const KohRoster *roster, const char *asker, gint64 now, GError **error)
{
  g_autoptr (KohProposal) proposal = g_new0 (KohProposal, 1);
  JsonNode *body = koh_signed_body (document, "The proposal", error);

  if (body == NULL || !read_body (proposal, body, error))
    return NULL;
  proposal->document = json_node_copy (document);
  proposal->hash = koh_signed_hash (document, LABEL);
  if (!check (proposal, roster, asker, now, error))
    return NULL;
  proposal->question =
      koh_question_from_json (json_object_get_member (json_node_get_object (body), "question"), error);
  return proposal->question != NULL ? g_steal_pointer (&proposal) : NULL;
}

void
koh_proposal_free (KohProposal *proposal)
{
  g_clear_pointer (&proposal->document, json_node_unref);
  g_clear_pointer (&proposal->question, koh_question_unref);
  g_free (proposal->asker);
  g_free (proposal);
}
