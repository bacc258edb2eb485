/* SPDX-License-Identifier: EUPL-1.2
 *
 * The certificate of a peer's listener: ECDSA P-256, self-signed, found again by its pin in the card. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes FOLDER/keys/tls.key (0600) and tls.pem for a listener at @host; gives the pin. */
gboolean         koh_certificate_make (const char *folder, const char *name, const char *host, guint8 pin[32],
                                       GError **error);

GTlsCertificate *koh_certificate_load (const char *folder, GError **error);

/* SHA-256 of the certificate's DER. */
void             koh_certificate_pin  (GTlsCertificate *certificate, guint8 pin[32]);

G_END_DECLS
