/* SPDX-License-Identifier: EUPL-1.2
 *
 * A signed document: {"body": {…}, "signature": "…"}. The signature is over the canonical text of the
 * body, so that it survives being parsed and written again on the way. */
#pragma once

#include <json-glib/json-glib.h>

#include "net/identity.h"

G_BEGIN_DECLS

/* Takes @body. @type says what is signed ("proposal"), so that no signature serves for something else. */
JsonNode *koh_signed_new   (const KohIdentity *identity, const char *type, JsonNode *body);

/* The body of a document that has the form of a signed one; lends. The signature is not yet checked. */
JsonNode *koh_signed_body  (JsonNode *document, const char *what, GError **error);

/* Whether the signature of such a document is that of @key. */
gboolean  koh_signed_valid (JsonNode *document, const char *type, const guint8 key[32]);

/* The hash of the body's canonical text under @label. */
KohHash   koh_signed_hash  (JsonNode *document, const char *label);

G_END_DECLS
