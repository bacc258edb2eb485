/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant's own folder of keys: made once, read at every start, and checked against the card that
 * the others hold, so that a wrong file is found here and not as a failed handshake somewhere else. */
#include "net/identity.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "common/secret.h"
#include "net/card.h"
#include "net/certificate.h"
#include "net/keys.h"

struct _KohIdentity
{
  KohCard *card;
  GTlsCertificate *certificate; /* NULL for a desk */
  KohSecret *organisation;      /* 64 bytes as Ed25519 signs with, or NULL: kept elsewhere */
  KohSecret *node;              /* 64 bytes */
  KohSecret *box;               /* 32 bytes, X25519 */
};

void
koh_identity_free (KohIdentity *identity)
{
  g_clear_pointer (&identity->card, koh_card_free);
  g_clear_object (&identity->certificate);
  g_clear_pointer (&identity->organisation, koh_secret_free);
  g_clear_pointer (&identity->node, koh_secret_free);
  g_clear_pointer (&identity->box, koh_secret_free);
  g_free (identity);
}

/* The signing key of a seed, and its public half. */
static KohSecret *
signing_key (const KohSecret *seed, guint8 public_key[32])
{
  KohSecret *key = koh_secret_new (crypto_sign_SECRETKEYBYTES);

  crypto_sign_seed_keypair (public_key, key, seed);
  return key;
}

static gboolean
folder_is_free (const char *folder, GError **error)
{
  g_autofree char *keys = g_build_filename (folder, "keys", NULL);
  g_autofree char *card = g_build_filename (folder, "card", NULL);

  if (g_file_test (keys, G_FILE_TEST_EXISTS) || g_file_test (card, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s has keys or a card already; choose another folder, "
                   "or move them away first",
                   folder);
      return FALSE;
    }
  if (g_mkdir_with_parents (keys, 0700) == 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot make the folder %s: %s", keys,
               g_strerror (errno));
  return FALSE;
}

static gboolean
write_card (const char *folder, const KohCard *card, const KohSecret *organisation, GError **error)
{
  g_autofree char *body = koh_card_body (card);
  g_autofree char *path = g_build_filename (folder, "card", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  KohIdentity signer = { .organisation = (KohSecret *) organisation };
  guint8 signature[64];

  koh_identity_sign_organisation (&signer, "card", body, strlen (body), signature);
  text = koh_card_text (body, signature);
  bytes = g_bytes_new (text, strlen (text));
  return koh_place_write (path, bytes, 0644, error);
}

gboolean
koh_identity_create (const char *folder, const KohIdentityOptions *options, GError **error)
{
  g_autoptr (KohCard) card = g_new0 (KohCard, 1);
  g_autoptr (KohSecret) organisation_seed = NULL;
  g_autoptr (KohSecret) node_seed = NULL;
  g_autoptr (KohSecret) organisation = NULL;
  g_autoptr (KohSecret) node = NULL;
  g_autoptr (KohSecret) box = NULL;

  card->name = g_strdup (options->name);
  card->da = g_strdup (options->da);
  card->en = g_strdup (options->en);
  card->organisation = g_strdup (options->organisation);
  card->is_peer = options->is_peer;
  card->host = g_strdup (options->host);
  card->port = options->port;
  card->serial = 1;
  if (!koh_card_check (card, error) || !folder_is_free (folder, error))
    return FALSE;

  organisation_seed = koh_keys_make (folder, "organisation.key", error);
  node_seed = organisation_seed != NULL ? koh_keys_make (folder, "node.key", error) : NULL;
  box = node_seed != NULL ? koh_keys_make (folder, "box.key", error) : NULL;
  if (box == NULL ||
      (card->host != NULL && !koh_certificate_make (folder, card->name, card->host, card->tls_pin, error)))
    return FALSE;
  organisation = signing_key (organisation_seed, card->organisation_key);
  node = signing_key (node_seed, card->node_key);
  crypto_scalarmult_base (card->box_key, box);
  return write_card (folder, card, organisation, error);
}

static KohCard *
load_card (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "card", NULL);
  g_autoptr (GBytes) bytes = koh_place_read (path, KOH_CARD_MOST, error);
  g_autofree char *text = NULL;
  gsize size;

  if (bytes == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  if (strlen (text) != size)
    text[0] = '\0'; /* a card has no NUL; what stands behind one must not pass unread */
  return koh_card_parse (text, error);
}

/* Reads the seed @name, and checks that it belongs to the public key in the card. */
static KohSecret *
load_signing_key (const char *folder, const char *name, gboolean optional, const guint8 public_key[32],
                  GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (KohSecret) seed = koh_keys_load (folder, name, optional, &local);
  g_autoptr (KohSecret) key = NULL;
  guint8 own[32];

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  if (seed == NULL)
    return NULL;
  key = signing_key (seed, own);
  if (koh_check ("card-own", sodium_memcmp (own, public_key, 32) == 0))
    return g_steal_pointer (&key);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "keys/%s in %s is not the key of the card there; put the "
               "right key or card back",
               name, folder);
  return NULL;
}

static KohSecret *
load_box (const char *folder, const guint8 public_key[32], GError **error)
{
  g_autoptr (KohSecret) box = koh_keys_load (folder, "box.key", FALSE, error);
  guint8 own[32];

  if (box == NULL)
    return NULL;
  crypto_scalarmult_base (own, box);
  if (koh_check ("card-own", sodium_memcmp (own, public_key, 32) == 0))
    return g_steal_pointer (&box);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "keys/box.key in %s is not the key of the card there; put the "
               "right key or card back",
               folder);
  return NULL;
}

static GTlsCertificate *
load_certificate (const char *folder, const KohCard *card, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = koh_certificate_load (folder, error);
  guint8 pin[32];

  if (certificate == NULL)
    return NULL;
  koh_certificate_pin (certificate, pin);
  if (koh_check ("card-own", sodium_memcmp (pin, card->tls_pin, 32) == 0))
    return g_steal_pointer (&certificate);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "keys/tls.pem in %s is not the certificate of the card there; "
               "put the right certificate or card back",
               folder);
  return NULL;
}

KohIdentity *
koh_identity_load (const char *folder, GError **error)
{
  g_autoptr (KohIdentity) identity = g_new0 (KohIdentity, 1);
  g_autoptr (GError) local = NULL;

  if (sodium_init () < 0)
    g_error ("libsodium cannot start on this machine");
  identity->card = load_card (folder, error);
  if (identity->card == NULL)
    return NULL;
  identity->organisation =
      load_signing_key (folder, "organisation.key", TRUE, identity->card->organisation_key, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  identity->node = load_signing_key (folder, "node.key", FALSE, identity->card->node_key, error);
  if (identity->node == NULL)
    return NULL;
  identity->box = load_box (folder, identity->card->box_key, error);
  if (identity->box == NULL)
    return NULL;
  if (identity->card->host != NULL)
    identity->certificate = load_certificate (folder, identity->card, error);
  if (identity->card->host != NULL && identity->certificate == NULL)
    return NULL;
  return g_steal_pointer (&identity);
}

const KohCard *
koh_identity_card (const KohIdentity *identity)
{
  return identity->card;
}

GTlsCertificate *
koh_identity_certificate (const KohIdentity *identity)
{
  return identity->certificate;
}

const guint8 *
koh_identity_box_secret (const KohIdentity *identity)
{
  return identity->box;
}

gboolean
koh_identity_has_organisation (const KohIdentity *identity)
{
  return identity->organisation != NULL;
}

/* "kohorte/" ‖ type ‖ "/1\n" ‖ bytes: a signature made for one purpose is worth nothing for another. */
static GByteArray *
signed_bytes (const char *type, const void *bytes, gsize size)
{
  g_autofree char *domain = g_strdup_printf ("kohorte/%s/1\n", type);
  GByteArray *whole = g_byte_array_new ();

  g_assert (size <= G_MAXUINT32 / 2);
  g_byte_array_append (whole, (const guint8 *) domain, (guint) strlen (domain));
  if (size > 0)
    g_byte_array_append (whole, bytes, (guint) size);
  return whole;
}

static void
sign (const KohSecret *key, const char *type, const void *bytes, gsize size, guint8 signature[64])
{
  g_autoptr (GByteArray) whole = signed_bytes (type, bytes, size);

  crypto_sign_detached (signature, NULL, whole->data, whole->len, key);
}

void
koh_identity_sign (const KohIdentity *identity, const char *type, const void *bytes, gsize size,
                   guint8 signature[64])
{
  sign (identity->node, type, bytes, size, signature);
}

void
koh_identity_sign_organisation (const KohIdentity *identity, const char *type, const void *bytes, gsize size,
                                guint8 signature[64])
{
  memset (signature, 0, 64);
  g_return_if_fail (identity->organisation != NULL);
  sign (identity->organisation, type, bytes, size, signature);
}

gboolean
koh_signature_valid (const guint8 key[32], const char *type, const void *bytes, gsize size,
                     const guint8 signature[64])
{
  g_autoptr (GByteArray) whole = NULL;

  if (size > G_MAXUINT32 / 2)
    return FALSE;
  whole = signed_bytes (type, bytes, size);
  return crypto_sign_verify_detached (signature, whole->data, whole->len, key) == 0;
}
