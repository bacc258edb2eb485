/* SPDX-License-Identifier: EUPL-1.2
 *
 * A participant's card: who it is, where it answers, and its public keys, certified by its organisation. */
#include "net/card.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "net/lines.h"

void
koh_card_free (KohCard *card)
{
  g_free (card->text);
  g_free (card->name);
  g_free (card->da);
  g_free (card->en);
  g_free (card->organisation);
  g_free (card->host);
  g_free (card);
}

KohHash
koh_card_hash (const KohCard *card)
{
  return koh_hash_of ("kohorte/card/1", card->text, strlen (card->text));
}

char *
koh_card_body (const KohCard *card)
{
  gboolean listens = card->host != NULL, colons = listens && strchr (card->host, ':') != NULL;
  g_autofree char *endpoint =
      listens ? g_strdup_printf (colons ? "[%s]:%u" : "%s:%u", card->host, card->port) : g_strdup ("-");
  g_autofree char *organisation_key = koh_hex_write (card->organisation_key, 32);
  g_autofree char *node_key = koh_hex_write (card->node_key, 32);
  g_autofree char *box_key = koh_hex_write (card->box_key, 32);
  g_autofree char *pin = listens ? koh_hex_write (card->tls_pin, 32) : g_strdup ("-");

  return g_strdup_printf ("kohorte-card 1\n"
                          "name: %s\n"
                          "title.da: %s\n"
                          "title.en: %s\n"
                          "organisation: %s\n"
                          "role: %s\n"
                          "endpoint: %s\n"
                          "organisation-key: %s\n"
                          "node-key: %s\n"
                          "box-key: %s\n"
                          "tls-pin: %s\n"
                          "serial: %u\n",
                          card->name, card->da, card->en, card->organisation, card->is_peer ? "peer" : "desk",
                          endpoint, organisation_key, node_key, box_key, pin, card->serial);
}

char *
koh_card_text (const char *body, const guint8 signature[64])
{
  g_autofree char *hex = koh_hex_write (signature, 64);

  return g_strdup_printf ("%s\nsignature: %s\n", body, hex);
}

static gboolean
host_is_valid (const char *host)
{
  gsize size = strlen (host);

  if (size < 1 || size > 253)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (host[i]) && host[i] != '.' && host[i] != '-' && host[i] != ':')
      return FALSE;
  return strchr (host, ':') == NULL || g_hostname_is_ip_address (host);
}

gboolean
koh_card_check (const KohCard *card, GError **error)
{
  const char *wrong = NULL;

  if (!koh_name_is_valid (card->name))
    wrong = "name must be a–z, 0–9 and inner hyphens, beginning with a letter";
  else if (!koh_title_is_valid (card->da) || !koh_title_is_valid (card->en))
    wrong = "titles in Danish and English must be 1 to 200 bytes of printable text";
  else if (!koh_title_is_valid (card->organisation))
    wrong = "organisation must be 1 to 200 bytes of printable text";
  else if (card->is_peer != (card->host != NULL))
    wrong = "endpoint must be HOST:PORT for a peer, and - for a desk";
  else if (card->host != NULL && (!host_is_valid (card->host) || card->port == 0))
    wrong = "endpoint must be a host name or address and a port of 1 to 65535";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The card of “%s” cannot be used: its %s", card->name,
               wrong);
  return FALSE;
}

static void
read_endpoint (KohLines *lines, KohCard *card)
{
  g_autofree char *text = koh_lines_value (lines, "endpoint");
  const char *colon = strrchr (text, ':');
  guint64 port;

  if (strcmp (text, "-") == 0)
    return;
  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    {
      lines->failed = TRUE;
      return;
    }
  card->port = (guint16) port;
  if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
    card->host = g_strndup (text + 1, (gsize) (colon - text) - 2);
  else
    card->host = g_strndup (text, (gsize) (colon - text));
}

static void
read_role (KohLines *lines, KohCard *card)
{
  g_autofree char *role = koh_lines_value (lines, "role");

  card->is_peer = strcmp (role, "peer") == 0;
}

static void
read_pin (KohLines *lines, KohCard *card)
{
  if (card->host != NULL)
    koh_lines_hex (lines, "tls-pin", card->tls_pin, 32);
  else
    koh_lines_literal (lines, "tls-pin: -");
}

/* Every spelling that differs from our own is refused, so that the signature covers every byte that was
 * read, and the whole text is its own canonical form. */
static gboolean
is_canonical (const KohCard *card, const guint8 signature[64], const char *body)
{
  g_autofree char *text = koh_card_text (body, signature);

  return strcmp (text, card->text) == 0;
}

KohCard *
koh_card_parse (const char *text, GError **error)
{
  g_autoptr (KohCard) card = g_new0 (KohCard, 1);
  KohLines lines = { .at = text };
  guint8 signature[64];
  g_autofree char *body = NULL;

  lines.failed = strnlen (text, KOH_CARD_MOST + 1) > KOH_CARD_MOST || !g_utf8_validate (text, -1, NULL);
  card->text = g_strdup (lines.failed ? "" : text);
  koh_lines_literal (&lines, "kohorte-card 1");
  card->name = koh_lines_value (&lines, "name");
  card->da = koh_lines_value (&lines, "title.da");
  card->en = koh_lines_value (&lines, "title.en");
  card->organisation = koh_lines_value (&lines, "organisation");
  read_role (&lines, card);
  read_endpoint (&lines, card);
  koh_lines_hex (&lines, "organisation-key", card->organisation_key, 32);
  koh_lines_hex (&lines, "node-key", card->node_key, 32);
  koh_lines_hex (&lines, "box-key", card->box_key, 32);
  read_pin (&lines, card);
  card->serial = koh_lines_number (&lines, "serial", 1, G_MAXUINT32);
  koh_lines_literal (&lines, "");
  koh_lines_hex (&lines, "signature", signature, sizeof signature);
  body = koh_card_body (card);
  if (lines.failed || *lines.at != '\0' || !is_canonical (card, signature, body))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The card%s%s is not written as cards are; ask its "
                   "organisation for the file again",
                   *card->name != '\0' ? " of " : "", koh_name_is_valid (card->name) ? card->name : "");
      return NULL;
    }
  if (!koh_card_check (card, error))
    return NULL;
  if (!koh_check ("card-signature",
                  koh_signature_valid (card->organisation_key, "card", body, strlen (body), signature)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The card of %s is not signed by its organisation key; it "
                   "was changed after signing: ask its organisation for the card again",
                   card->name);
      return NULL;
    }
  return g_steal_pointer (&card);
}

/* Thirty digits that somebody who wants to imitate them must find by 5200 hashes a try. */
static char *
half_of_safety_number (const KohCard *card)
{
  KohHash hash = koh_card_hash (card);
  GString *digits = g_string_new (NULL);

  for (guint i = 0; i < 5200; i++)
    {
      KohHasher hasher;

      koh_hasher_init (&hasher, "kohorte/safety/1");
      koh_hasher_hash (&hasher, &hash);
      koh_hasher_add (&hasher, card->organisation_key, 32);
      hash = koh_hasher_end (&hasher);
    }
  for (guint i = 0; i < 30; i += 5)
    {
      guint64 group = 0;

      for (guint j = 0; j < 5; j++)
        group = group << 8 | hash.bytes[i + j];
      g_string_append_printf (digits, "%s%05u", i > 0 ? " " : "", (guint) (group % 100000));
    }
  return g_string_free (digits, FALSE);
}

char *
koh_safety_number (const KohCard *a, const KohCard *b)
{
  g_autofree char *x = half_of_safety_number (a);
  g_autofree char *y = half_of_safety_number (b);

  return strcmp (x, y) <= 0 ? g_strconcat (x, " ", y, NULL) : g_strconcat (y, " ", x, NULL);
}
