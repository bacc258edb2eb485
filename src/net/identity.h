/* SPDX-License-Identifier: EUPL-1.2
 *
 * Who we are: the keys in a participant's folder, and its card, which tells the others.
 *
 *   FOLDER/keys/organisation.key   Ed25519, certifies the node (kept elsewhere after the ceremony)
 *   FOLDER/keys/node.key           Ed25519, signs
 *   FOLDER/keys/box.key            X25519, the static key of the Noise handshake, and what answers are sealed to
 *   FOLDER/keys/tls.key, tls.pem   ECDSA P-256, self-signed
 *   FOLDER/card                    text, signed by the organisation key
 *
 * Files of keys have mode 0600; a key file that others can read, or of a wrong length, is refused. */
#pragma once

#include <gio/gio.h>

#include "common/hash.h"

G_BEGIN_DECLS

/* A card as text, one "key: value" a line, in this order: first line "kohorte-card 1", name, title.da,
 * title.en, organisation, role (peer | desk), endpoint (host:port, "-" for a desk), organisation-key,
 * node-key, box-key, tls-pin (SHA-256 of the certificate's DER; "-" for a desk), serial, then a blank line
 * and "signature: …". Keys in lower-case hex. */
typedef struct
{
  char *text;              /* exactly as signed and read, signature included */
  char *name;
  char *da, *en;
  char *organisation;
  gboolean is_peer;
  char *host;              /* NULL for a desk */
  guint16 port;
  guint8 organisation_key[32], node_key[32], box_key[32], tls_pin[32];
  guint serial;
} KohCard;

KohCard *koh_card_parse (const char *text, GError **error); /* checks the signature: "card-signature" */
void     koh_card_free  (KohCard *card);
KohHash  koh_card_hash  (const KohCard *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCard, koh_card_free)

/* Sixty digits, twelve groups of five, the same on both sides, to compare over the telephone. */
char    *koh_safety_number (const KohCard *a, const KohCard *b);

typedef struct _KohIdentity KohIdentity;

typedef struct
{
  const char *name, *da, *en, *organisation;
  gboolean is_peer;
  const char *host;        /* NULL for a desk */
  guint16 port;
} KohIdentityOptions;

/* Makes keys, certificate and card in @folder, which must not have any yet. */
gboolean       koh_identity_create  (const char *folder, const KohIdentityOptions *options, GError **error);
KohIdentity   *koh_identity_load    (const char *folder, GError **error);
void           koh_identity_free    (KohIdentity *identity);
const KohCard *koh_identity_card    (const KohIdentity *identity);
GTlsCertificate *koh_identity_certificate (const KohIdentity *identity); /* lends; NULL for a desk */

/* Whether the organisation key is in the folder; koh_identity_sign_organisation() needs it. */
gboolean       koh_identity_has_organisation (const KohIdentity *identity);

/* Signatures are over "kohorte/" ‖ type ‖ "/1\n" ‖ bytes. */
void     koh_identity_sign              (const KohIdentity *identity, const char *type, const void *bytes, gsize size, guint8 signature[64]);
void     koh_identity_sign_organisation (const KohIdentity *identity, const char *type, const void *bytes, gsize size, guint8 signature[64]);
gboolean koh_signature_valid            (const guint8 key[32], const char *type, const void *bytes, gsize size, const guint8 signature[64]);

/* Sealed boxes (X25519, XSalsa20-Poly1305) to a card's box key. @context (session ‖ question …) is
 * bound: opening with another context fails (check "seal-context"). */
GBytes  *koh_seal                       (const KohCard *to, const KohHash *context, GBytes *message);
GBytes  *koh_identity_open              (const KohIdentity *identity, const KohHash *context, GBytes *sealed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohIdentity, koh_identity_free)

G_END_DECLS
