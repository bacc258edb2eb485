/* SPDX-License-Identifier: EUPL-1.2
 *
 * GIO reads certificates but cannot make them; GnuTLS does. Nobody's authority signs them: whoever dials
 * compares the pin in the roster, so names and dates inside say nothing that is relied upon. */
#include "net/certificate.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <time.h>

#include "common/error.h"
#include "common/place.h"
#include "net/keys.h"

#define YEARS 20

typedef struct gnutls_x509_crt_int Certificate;
typedef struct gnutls_x509_privkey_int PrivateKey;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrivateKey, gnutls_x509_privkey_deinit)

static int
set_host (Certificate *certificate, const char *host)
{
  guint8 address[16];
  unsigned size = inet_pton (AF_INET, host, address) == 1    ? 4
                  : inet_pton (AF_INET6, host, address) == 1 ? 16
                                                             : 0;

  if (size > 0)
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, size, 0);
  return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, host,
                                               (unsigned) strlen (host), 0);
}

/* The steps in order; the first that fails gives its status. */
static int
fill (Certificate *certificate, PrivateKey *key, const char *name, const char *host)
{
  g_autofree char *common_name = g_strdup_printf ("kohorte %s", name);
  guint8 serial[16];
  time_t now = time (NULL);
  int status = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                             GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);

  randombytes_buf (serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and of full length */
  if (status == 0)
    status = gnutls_x509_crt_set_version (certificate, 3);
  if (status == 0)
    status = gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
  if (status == 0)
    status = gnutls_x509_crt_set_activation_time (certificate, now - 24 * 60 * 60);
  if (status == 0)
    status = gnutls_x509_crt_set_expiration_time (certificate, now + YEARS * 365L * 24 * 60 * 60);
  if (status == 0)
    status = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, common_name,
                                            (unsigned) strlen (common_name));
  if (status == 0)
    status = set_host (certificate, host);
  if (status == 0)
    status = gnutls_x509_crt_set_basic_constraints (certificate, 0, -1);
  if (status == 0)
    status = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (status == 0)
    status = gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  if (status == 0)
    status = gnutls_x509_crt_set_key (certificate, key);
  if (status == 0)
    status = gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
  return status;
}

static void
wipe_datum (gnutls_datum_t *datum)
{
  if (datum->data != NULL)
    sodium_memzero (datum->data, datum->size);
  gnutls_free (datum->data);
  datum->data = NULL;
}

static gboolean
write_datum (const char *folder, const char *name, const gnutls_datum_t *datum, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "keys", name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (datum->data, datum->size);

  return koh_place_write (path, bytes, mode, error);
}

gboolean
koh_certificate_make (const char *folder, const char *name, const char *host, guint8 pin[32], GError **error)
{
  g_autoptr (Certificate) certificate = NULL;
  g_autoptr (PrivateKey) key = NULL;
  gnutls_datum_t key_pem = { 0 }, certificate_pem = { 0 }, der = { 0 };
  gboolean ok = FALSE;
  int status = gnutls_x509_crt_init (&certificate);

  if (status == 0)
    status = gnutls_x509_privkey_init (&key);
  if (status == 0)
    status = fill (certificate, key, name, host);
  if (status == 0)
    status = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_pem);
  if (status == 0)
    status = gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_pem);
  if (status == 0)
    status = gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der);
  if (status < 0)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot make a certificate for %s: %s", name,
                 gnutls_strerror (status));
  else
    {
      crypto_hash_sha256 (pin, der.data, der.size);
      ok = write_datum (folder, "tls.key", &key_pem, 0600, error) &&
           write_datum (folder, "tls.pem", &certificate_pem, 0644, error);
    }
  wipe_datum (&key_pem);
  gnutls_free (certificate_pem.data);
  gnutls_free (der.data);
  return ok;
}

GTlsCertificate *
koh_certificate_load (const char *folder, GError **error)
{
  g_autofree char *pem = g_build_filename (folder, "keys", "tls.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "keys", "tls.key", NULL);
  g_autoptr (GError) local = NULL;
  GTlsCertificate *certificate;

  if (!koh_keys_are_private (key, error))
    return NULL;
  certificate = g_tls_certificate_new_from_files (pem, key, &local);
  if (certificate == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                 "Cannot read the certificate %s: %s; put it back, or make "
                 "new keys",
                 pem, local->message);
  return certificate;
}

void
koh_certificate_pin (GTlsCertificate *certificate, guint8 pin[32])
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  crypto_hash_sha256 (pin, der->data, der->len);
}
