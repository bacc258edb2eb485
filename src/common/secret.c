/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/secret.h"

#include <string.h>

KohSecret *
koh_secret_new (gsize size)
{
  KohSecret *secret;

  if (sodium_init () < 0)
    g_error ("libsodium cannot start on this machine");
  secret = sodium_malloc (MAX (size, 1));
  if (secret == NULL)
    g_error ("No memory for a secret of %" G_GSIZE_FORMAT " bytes", size);
  memset (secret, 0, size);
  return secret;
}

KohSecret *
koh_secret_copy (const void *bytes, gsize size)
{
  KohSecret *secret = koh_secret_new (size);

  memcpy (secret, bytes, size);
  return secret;
}

void
koh_secret_free (KohSecret *secret)
{
  sodium_free (secret);
}
