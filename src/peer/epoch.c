/* SPDX-License-Identifier: EUPL-1.2
 *
 * See epoch.h. */
#include "peer/epoch.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "peer/members.h"
#include "peer/signed.h"

#define TYPE "epoch"
#define LABEL "kohorte/epoch/1"
#define POSITIONS_MOST 1000000000u

guint
koh_epoch_positions (guint64 persons)
{
  guint64 positions;

  if (persons > POSITIONS_MOST)
    return 0;
  positions = persons + persons / 100 + 1;
  positions = (positions + 999) / 1000 * 1000;
  return positions <= POSITIONS_MOST ? (guint) positions : 0;
}

guint
koh_epoch_padded (guint64 keys)
{
  guint padded = 1024;

  if (keys > POSITIONS_MOST)
    return 0;
  while (padded < keys)
    padded *= 2;
  return padded;
}

KohEpoch *
koh_epoch_new (const KohIdentity *identity, const guint8 oprf_key[32], guint positions, const KohHash *list,
               gint64 now)
{
  JsonObject *body = json_object_new ();
  KohEpoch *epoch = g_new0 (KohEpoch, 1);

  epoch->holder = g_strdup (koh_identity_card (identity)->name);
  memcpy (epoch->oprf_key, oprf_key, sizeof epoch->oprf_key);
  epoch->positions = positions;
  epoch->list = *list;
  epoch->created = now;
  json_object_set_int_member (body, "kohorte_epoch", 1);
  json_object_set_string_member (body, "holder", epoch->holder);
  koh_member_set_bytes (body, "oprf_key", oprf_key, sizeof epoch->oprf_key);
  json_object_set_int_member (body, "positions", positions);
  koh_member_set_hash (body, "list", list);
  json_object_set_int_member (body, "created", now);
  epoch->document = koh_signed_new (identity, TYPE, koh_members_node (body));
  epoch->hash = koh_signed_hash (epoch->document, LABEL);
  return epoch;
}

static gboolean
read_body (KohEpoch *epoch, JsonObject *body, GError **error)
{
  static const KohMember members[] = {
    { "kohorte_epoch", KOH_SHAPE_WHOLE }, { "holder", KOH_SHAPE_NAME }, { "oprf_key", KOH_SHAPE_HASH },
    { "positions", KOH_SHAPE_WHOLE },     { "list", KOH_SHAPE_HASH },   { "created", KOH_SHAPE_WHOLE },
  };
  guint64 positions;

  if (!koh_members_check (body, members, G_N_ELEMENTS (members), "The epoch record", error))
    return FALSE;
  positions = koh_member_whole (body, "positions");
  if (koh_member_whole (body, "kohorte_epoch") != 1 || positions == 0 || positions > POSITIONS_MOST)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "The epoch record has numbers out of range");
      return FALSE;
    }
  epoch->holder = g_strdup (koh_member_text (body, "holder"));
  koh_member_bytes (body, "oprf_key", epoch->oprf_key, sizeof epoch->oprf_key);
  epoch->positions = (guint) positions;
  epoch->list = koh_member_hash (body, "list");
  epoch->created = (gint64) koh_member_whole (body, "created");
  return TRUE;
}

KohEpoch *
koh_epoch_read (JsonNode *document, const KohRoster *roster, GError **error)
{
  g_autoptr (KohEpoch) epoch = g_new0 (KohEpoch, 1);
  JsonNode *body = koh_signed_body (document, "The epoch record", error);
  const KohCard *card;

  if (body == NULL || !read_body (epoch, json_node_get_object (body), error))
    return NULL;
  card = koh_roster_find (roster, epoch->holder);
  if (card == NULL || !card->is_peer ||
      !koh_check ("epoch-signature", koh_signed_valid (document, TYPE, card->node_key)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The epoch record in the name of %s is not signed by it", epoch->holder);
      return NULL;
    }
  epoch->document = json_node_copy (document);
  epoch->hash = koh_signed_hash (document, LABEL);
  return g_steal_pointer (&epoch);
}

void
koh_epoch_free (KohEpoch *epoch)
{
  g_clear_pointer (&epoch->document, json_node_unref);
  g_free (epoch->holder);
  g_free (epoch);
}
