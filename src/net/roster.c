/* SPDX-License-Identifier: EUPL-1.2
 *
 * The roster: whom this federation consists of. Its hash, over the text that is signed, is part of every
 * handshake and session, so that participants with different rosters never compute together. Signatures
 * stand after that text; they are the same for the same text and keys, but the hash does not depend on
 * whether all of them are there yet. */
#include "net/roster.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "net/card.h"
#include "net/lines.h"

#define ROSTER_MOST (1u << 20)
#define CARDS_MOST 200

typedef struct
{
  char *name;
  guint8 bytes[64];
} Signature;

static void
signature_free (gpointer data)
{
  Signature *signature = data;

  g_free (signature->name);
  g_free (signature);
}

static void
card_free (gpointer data)
{
  koh_card_free (data);
}

void
koh_roster_free (KohRoster *roster)
{
  g_free (roster->text);
  g_free (roster->federation);
  g_free (roster->latency);
  g_clear_pointer (&roster->cards, g_ptr_array_unref);
  g_free (roster);
}

static gint
compare_cards (gconstpointer a, gconstpointer b)
{
  const KohCard *const *x = a, *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

char *
koh_roster_draft (const char *federation, guint epoch, guint k, const char *latency, GPtrArray *cards)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GString *text = g_string_new ("kohorte-roster 1\n");

  for (guint i = 0; i < cards->len; i++)
    g_ptr_array_add (sorted, cards->pdata[i]);
  g_ptr_array_sort (sorted, compare_cards);
  g_string_append_printf (text, "federation: %s\nepoch: %u\nk: %u\nlatency: %s\n", federation, epoch, k,
                          latency);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (text, "card:\n%send\n", ((const KohCard *) sorted->pdata[i])->text);
  return g_string_free (text, FALSE);
}

/* The card between the lines "card:" and "end". NULL with an error, or without one where the text is not
 * written as rosters are. */
static KohCard *
read_card (KohLines *lines, GError **error)
{
  g_autofree char *text = NULL;
  const char *end;

  koh_lines_literal (lines, "card:");
  end = lines->failed ? NULL : strstr (lines->at, "\nend\n");
  if (end == NULL)
    {
      lines->failed = TRUE;
      return NULL;
    }
  text = g_strndup (lines->at, (gsize) (end - lines->at) + 1);
  lines->at = end + strlen ("\nend\n");
  return koh_card_parse (text, error);
}

static Signature *
read_signature (KohLines *lines)
{
  Signature *signature = g_new0 (Signature, 1);
  const char *colon = strchr (lines->at, ':');

  if (!koh_lines_starts (lines, "signature ") || colon == NULL)
    {
      lines->failed = TRUE;
      return signature;
    }
  signature->name = g_strndup (lines->at, (gsize) (colon - lines->at));
  koh_lines_hex (lines, signature->name, signature->bytes, sizeof signature->bytes);
  memmove (signature->name, signature->name + strlen ("signature "),
           strlen (signature->name + strlen ("signature ")) + 1);
  return signature;
}

static char *
whole_text (const char *draft, GPtrArray *signatures)
{
  GString *text = g_string_new (draft);

  for (guint i = 0; i < signatures->len; i++)
    {
      const Signature *signature = signatures->pdata[i];
      g_autofree char *hex = koh_hex_write (signature->bytes, sizeof signature->bytes);

      g_string_append_printf (text, "%ssignature %s: %s\n", i == 0 ? "\n" : "", signature->name, hex);
    }
  return g_string_free (text, FALSE);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "The roster cannot be used: %s; ask the federation for the "
               "roster file again",
               what);
  return FALSE;
}

/* No two cards may share a name, or a key or certificate that stands for one node. An organisation may
 * have several nodes under one organisation key, but then under one name of its own. */
static gboolean
cards_differ (const GPtrArray *cards, GError **error)
{
  for (guint i = 0; i < cards->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const KohCard *a = cards->pdata[j], *b = cards->pdata[i];
        gboolean same = strcmp (a->name, b->name) == 0 || memcmp (a->node_key, b->node_key, 32) == 0 ||
                        memcmp (a->box_key, b->box_key, 32) == 0 ||
                        (a->host != NULL && b->host != NULL && memcmp (a->tls_pin, b->tls_pin, 32) == 0) ||
                        (memcmp (a->organisation_key, b->organisation_key, 32) == 0 &&
                         strcmp (a->organisation, b->organisation) != 0);

        if (!koh_check ("roster-duplicate", !same))
          {
            g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                         "The roster cannot be used: the cards of %s and %s share "
                         "a name or a key; every participant needs its own",
                         a->name, b->name);
            return FALSE;
          }
      }
  return TRUE;
}

static gboolean
is_sorted (const GPtrArray *cards)
{
  for (guint i = 1; i < cards->len; i++)
    if (compare_cards (&cards->pdata[i - 1], &cards->pdata[i]) > 0)
      return FALSE;
  return TRUE;
}

/* Reads a draft with any number of signatures, and checks all but the signatures. */
static KohRoster *
read_roster (const char *text, GPtrArray *signatures, char **draft, GError **error)
{
  g_autoptr (KohRoster) roster = g_new0 (KohRoster, 1);
  g_autoptr (GError) local = NULL;
  g_autofree char *again = NULL;
  KohLines lines = { .at = text };

  roster->cards = g_ptr_array_new_with_free_func (card_free);
  lines.failed = strnlen (text, ROSTER_MOST + 1) > ROSTER_MOST || !g_utf8_validate (text, -1, NULL);
  koh_lines_literal (&lines, "kohorte-roster 1");
  roster->federation = koh_lines_value (&lines, "federation");
  roster->epoch = koh_lines_number (&lines, "epoch", 1, G_MAXUINT32);
  roster->k = koh_lines_number (&lines, "k", 3, 1000);
  roster->latency = koh_lines_value (&lines, "latency");
  while (!lines.failed && koh_lines_starts (&lines, "card:") && roster->cards->len < CARDS_MOST)
    {
      KohCard *card = read_card (&lines, &local);

      if (card != NULL)
        g_ptr_array_add (roster->cards, card);
      else if (local != NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&local), "The roster cannot be used: ");
          return NULL;
        }
    }
  if (!lines.failed && *lines.at != '\0')
    koh_lines_literal (&lines, "");
  while (!lines.failed && *lines.at != '\0' && signatures->len < CARDS_MOST)
    g_ptr_array_add (signatures, read_signature (&lines));

  *draft = koh_roster_draft (roster->federation, roster->epoch, roster->k, roster->latency, roster->cards);
  again = whole_text (*draft, signatures);
  if (lines.failed || *lines.at != '\0' || strcmp (again, text) != 0 || !is_sorted (roster->cards))
    {
      refuse (error, "it is not written as rosters are");
      return NULL;
    }
  if (!koh_title_is_valid (roster->federation))
    {
      refuse (error, "its federation's name is not printable text of 1 to 200 bytes");
      return NULL;
    }
  if (strcmp (roster->latency, "lan") != 0 && strcmp (roster->latency, "wan") != 0)
    {
      refuse (error, "latency must be lan or wan");
      return NULL;
    }
  if (!cards_differ (roster->cards, error))
    return NULL;
  roster->text = g_strdup (text);
  roster->hash = koh_hash_of ("kohorte/roster/1", *draft, strlen (*draft));
  return g_steal_pointer (&roster);
}

const KohCard *
koh_roster_find (const KohRoster *roster, const char *name)
{
  for (guint i = 0; i < roster->cards->len; i++)
    {
      const KohCard *card = roster->cards->pdata[i];

      if (strcmp (card->name, name) == 0)
        return card;
    }
  return NULL;
}

GPtrArray *
koh_roster_peers (const KohRoster *roster)
{
  GPtrArray *peers = g_ptr_array_new ();

  for (guint i = 0; i < roster->cards->len; i++)
    {
      KohCard *card = roster->cards->pdata[i];

      if (card->is_peer)
        g_ptr_array_add (peers, card);
    }
  return peers;
}

static gboolean
signature_holds (const KohCard *card, const Signature *signature, const char *draft)
{
  return koh_signature_valid (card->organisation_key, "roster", draft, strlen (draft), signature->bytes);
}

/* The first signature whose name is @name, or NULL. */
static const Signature *
find_signature (const GPtrArray *signatures, const char *name)
{
  for (guint i = 0; i < signatures->len; i++)
    {
      const Signature *signature = signatures->pdata[i];

      if (strcmp (signature->name, name) == 0)
        return signature;
    }
  return NULL;
}

static gint
compare_signatures (gconstpointer a, gconstpointer b)
{
  const Signature *const *x = a, *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

char *
koh_roster_sign (const char *draft_or_signed, const KohIdentity *identity, GError **error)
{
  const KohCard *own = koh_identity_card (identity);
  g_autoptr (GPtrArray) signatures = g_ptr_array_new_with_free_func (signature_free);
  g_autofree char *draft = NULL;
  g_autoptr (KohRoster) roster = read_roster (draft_or_signed, signatures, &draft, error);
  const KohCard *card;
  Signature *signature;

  if (roster == NULL)
    return NULL;
  card = koh_roster_find (roster, own->name);
  if (card == NULL || !card->is_peer || strcmp (card->text, own->text) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The roster does not have the card of %s as a peer; make the "
                   "roster again with the card that stands in its folder",
                   own->name);
      return NULL;
    }
  if (!koh_identity_has_organisation (identity))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The organisation key of %s is not in its folder; put "
                   "keys/organisation.key back while the roster is signed",
                   own->name);
      return NULL;
    }
  for (guint i = 0; i < signatures->len; i++)
    if (strcmp (((Signature *) signatures->pdata[i])->name, own->name) == 0)
      g_ptr_array_remove_index (signatures, i--);
  signature = g_new0 (Signature, 1);
  signature->name = g_strdup (own->name);
  koh_identity_sign_organisation (identity, "roster", draft, strlen (draft), signature->bytes);
  g_ptr_array_add (signatures, signature);
  g_ptr_array_sort (signatures, compare_signatures);
  return whole_text (draft, signatures);
}

/* Exactly one valid signature of every peer, in name order, and nothing else. */
static gboolean
is_signed (const KohRoster *roster, const GPtrArray *signatures, const char *draft, GError **error)
{
  g_autoptr (GPtrArray) peers = koh_roster_peers (roster);

  for (guint i = 0; i < peers->len; i++)
    {
      const KohCard *card = peers->pdata[i];
      const Signature *signature = find_signature (signatures, card->name);

      if (!koh_check ("roster-signature", signature != NULL && signature_holds (card, signature, draft)))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                       "The roster has no valid signature of %s; send it to %s to be "
                       "signed as it is now",
                       card->name, card->name);
          return FALSE;
        }
    }
  if (peers->len == 0)
    return refuse (error, "it has no peer");
  for (guint i = 0; i < signatures->len; i++)
    if (!koh_check ("roster-signer",
                    i < peers->len && strcmp (((Signature *) signatures->pdata[i])->name,
                                              ((const KohCard *) peers->pdata[i])->name) == 0))
      return refuse (error, "it has a signature twice, out of order, or of somebody who is no peer");
  return TRUE;
}

/* Whether a line of @trust begins with the key; what follows a blank on a line is a note. */
static gboolean
is_pinned (const char *trust, const guint8 key[32])
{
  g_autofree char *hex = koh_hex_write (key, 32);
  g_auto (GStrv) lines = g_strsplit (trust, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], hex) && (lines[i][64] == '\0' || g_ascii_isspace (lines[i][64])))
      return TRUE;
  return FALSE;
}

static gboolean
is_trusted (const KohRoster *roster, const char *trust, GError **error)
{
  for (guint i = 0; i < roster->cards->len; i++)
    {
      const KohCard *card = roster->cards->pdata[i];

      if (!koh_check ("roster-trust", is_pinned (trust, card->organisation_key)))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                       "The organisation key of %s (%s) is not trusted here; compare "
                       "safety numbers with it, then add its key to the file trust",
                       card->name, card->organisation);
          return FALSE;
        }
    }
  return TRUE;
}

KohRoster *
koh_roster_parse (const char *text, const char *trust, GError **error)
{
  g_autoptr (GPtrArray) signatures = g_ptr_array_new_with_free_func (signature_free);
  g_autofree char *draft = NULL;
  g_autoptr (KohRoster) roster = read_roster (text, signatures, &draft, error);

  if (roster == NULL || !is_signed (roster, signatures, draft, error) ||
      (trust != NULL && !is_trusted (roster, trust, error)))
    return NULL;
  return g_steal_pointer (&roster);
}

static char *
read_text (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = koh_place_read (path, ROSTER_MOST, error);
  g_autofree char *text = NULL;
  gsize size;

  if (bytes == NULL)
    return NULL;
  g_bytes_get_data (bytes, &size);
  text = g_strndup (size > 0 ? g_bytes_get_data (bytes, NULL) : "", size);
  if (strlen (text) == size)
    return g_steal_pointer (&text);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s is not a text file; put the right file back", path);
  return NULL;
}

KohRoster *
koh_roster_load (const char *folder, GError **error)
{
  g_autofree char *text = read_text (folder, "roster", error);
  g_autofree char *trust = text != NULL ? read_text (folder, "trust", error) : NULL;

  return trust != NULL ? koh_roster_parse (text, trust, error) : NULL;
}
