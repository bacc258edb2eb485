/* SPDX-License-Identifier: EUPL-1.2
 *
 * See signed.h. */
#include "peer/signed.h"

#include <string.h>

#include "common/error.h"
#include "peer/members.h"
#include "query/json.h"

JsonNode *
koh_signed_new (const KohIdentity *identity, const char *type, JsonNode *body)
{
  g_autofree char *text = koh_json_canonical (body);
  JsonObject *object = json_object_new ();
  guint8 signature[64];

  koh_identity_sign (identity, type, text, strlen (text), signature);
  json_object_set_member (object, "body", body);
  koh_member_set_bytes (object, "signature", signature, sizeof signature);
  return koh_members_node (object);
}

JsonNode *
koh_signed_body (JsonNode *document, const char *what, GError **error)
{
  static const KohMember members[] = {
    { "body", KOH_SHAPE_OBJECT },
    { "signature", KOH_SHAPE_SIGNATURE },
  };

  if (!JSON_NODE_HOLDS_OBJECT (document))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s is not an object", what);
      return NULL;
    }
  if (!koh_members_check (json_node_get_object (document), members, G_N_ELEMENTS (members), what, error))
    return NULL;
  return json_object_get_member (json_node_get_object (document), "body");
}

gboolean
koh_signed_valid (JsonNode *document, const char *type, const guint8 key[32])
{
  JsonObject *object = json_node_get_object (document);
  g_autofree char *text = koh_json_canonical (json_object_get_member (object, "body"));
  guint8 signature[64];

  koh_member_bytes (object, "signature", signature, sizeof signature);
  return koh_signature_valid (key, type, text, strlen (text), signature);
}

KohHash
koh_signed_hash (JsonNode *document, const char *label)
{
  return koh_json_hash (label, json_object_get_member (json_node_get_object (document), "body"));
}
