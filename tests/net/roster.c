/* SPDX-License-Identifier: EUPL-1.2 */
#include "fixture.h"
#include "net/card.h"

static const guint16 ports[N_MEMBERS] = { 7411, 0, 7412, 7413 };
static Federation *federation;

static void
refused (const char *text, const char *trust)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohRoster) roster = koh_roster_parse (text, trust, &error);

  g_assert_null (roster);
  g_assert_nonnull (error);
  g_assert_true (error->domain == KOH_ERROR);
}

static void
signed_roster_is_read (void)
{
  const KohRoster *roster = federation->roster;
  g_autoptr (GPtrArray) peers = koh_roster_peers (roster);
  const KohCard *card = koh_roster_find (roster, "rigshospitalet");

  g_assert_cmpstr (roster->federation, ==, "Test federation");
  g_assert_cmpuint (roster->epoch, ==, 1);
  g_assert_cmpuint (roster->k, ==, 5);
  g_assert_cmpuint (roster->cards->len, ==, N_MEMBERS);
  g_assert_cmpuint (peers->len, ==, 3);
  g_assert_nonnull (card);
  g_assert_cmpstr (card->host, ==, "127.0.0.1");
  g_assert_cmpuint (card->port, ==, 7413);
  g_assert_false (koh_roster_find (roster, "asker")->is_peer);
  g_assert_null (koh_roster_find (roster, "nobody"));
}

static void
every_flipped_byte_is_refused (void)
{
  g_autofree char *text = g_strdup (federation->roster->text);
  gsize size = strlen (text);

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit += 1 + i % 3)
      {
        text[i] = (char) (text[i] ^ (1 << bit));
        refused (text, NULL);
        text[i] = (char) (text[i] ^ (1 << bit));
      }
}

static void
every_truncation_is_refused (void)
{
  for (gsize i = 0; i < strlen (federation->roster->text); i++)
    {
      g_autofree char *text = g_strndup (federation->roster->text, i);

      refused (text, NULL);
    }
}

static void
trailing_bytes_are_refused (void)
{
  const char *const tails[] = { "\n", " ", "x", "signature asker: 00\n" };

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autofree char *text = g_strconcat (federation->roster->text, tails[i], NULL);

      refused (text, NULL);
    }
}

/* Everybody signs what no roster may contain; the signatures are good, and it is still refused. */
static char *
sign_by_hand (const char *draft)
{
  GString *text = g_string_new (draft);

  for (guint i = 0, n = 0; i < N_MEMBERS; i++)
    if (ports[i] != 0)
      {
        guint8 signature[64];

        koh_identity_sign_organisation (federation->members[i], "roster", draft, strlen (draft), signature);
        g_string_append_printf (text, "%ssignature %s: ", n++ == 0 ? "\n" : "", member_names[i]);
        for (guint j = 0; j < 64; j++)
          g_string_append_printf (text, "%02x", signature[j]);
        g_string_append_c (text, '\n');
      }
  return g_string_free (text, FALSE);
}

static char *
draft_of (const guint *order, guint n)
{
  GString *text = g_string_new ("kohorte-roster 1\nfederation: F\nepoch: 1\nk: 5\nlatency: lan\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "card:\n%send\n", koh_identity_card (federation->members[order[i]])->text);
  return g_string_free (text, FALSE);
}

static void
order_and_duplicates_matter (void)
{
  const guint good[] = { 0, 1, 2, 3 }, unsorted[] = { 1, 0, 2, 3 }, twice[] = { 0, 0, 1, 2, 3 };
  g_autofree char *draft_good = draft_of (good, 4), *good_text = sign_by_hand (draft_good);
  g_autofree char *draft_unsorted = draft_of (unsorted, 4), *unsorted_text = sign_by_hand (draft_unsorted);
  g_autofree char *draft_twice = draft_of (twice, 5), *twice_text = sign_by_hand (draft_twice);
  g_autoptr (GError) error = NULL;
  g_autoptr (KohRoster) roster = koh_roster_parse (good_text, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (roster);
  refused (unsorted_text, NULL);
  refused (twice_text, NULL);
}

/* A second participant with the keys of the first: every signature is there and good. */
static void
shared_keys_are_refused (void)
{
  KohCard twin = *koh_identity_card (federation->members[0]);
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  GString *draft = g_string_new ("kohorte-roster 1\nfederation: F\nepoch: 1\nk: 5\nlatency: lan\n");
  g_autofree char *draft_text = NULL;
  g_autofree char *signed_text = NULL;
  guint8 signature[64];

  twin.name = (char *) "aaa";
  twin.is_peer = FALSE;
  twin.host = NULL;
  body = koh_card_body (&twin);
  koh_identity_sign_organisation (federation->members[0], "card", body, strlen (body), signature);
  text = koh_card_text (body, signature);
  g_string_append_printf (draft, "card:\n%send\n", text);
  for (guint i = 0; i < N_MEMBERS; i++)
    g_string_append_printf (draft, "card:\n%send\n", koh_identity_card (federation->members[i])->text);
  draft_text = g_string_free (draft, FALSE);
  signed_text = sign_by_hand (draft_text);
  refused (signed_text, NULL);
}

static void
unknown_repeated_or_missing_signers_are_refused (void)
{
  const char *text = federation->roster->text;
  const char *signatures = strstr (text, "\n\nsignature aarhus") + 2;
  const char *second = strstr (signatures, "signature danmarks");
  g_autofree char *draft = g_strndup (text, (gsize) (signatures - text) - 1);
  g_autofree char *first = g_strndup (signatures, (gsize) (second - signatures));
  g_autofree char *missing = g_strconcat (draft, "\n", second, NULL);
  g_autofree char *repeated = g_strconcat (text, first, NULL);
  g_autofree char *swapped = g_strconcat (draft, "\n", second, first, NULL);
  g_autofree char *stranger = NULL;
  guint8 signature[64];
  GString *by_desk = g_string_new (text);

  koh_identity_sign_organisation (federation->members[1], "roster", draft, strlen (draft), signature);
  g_string_append (by_desk, "signature asker: ");
  for (guint j = 0; j < 64; j++)
    g_string_append_printf (by_desk, "%02x", signature[j]);
  g_string_append_c (by_desk, '\n');
  stranger = g_string_free (by_desk, FALSE);

  refused (draft, NULL);
  refused (missing, NULL);
  refused (repeated, NULL);
  refused (swapped, NULL);
  refused (stranger, NULL);
}

static void
only_pinned_organisations_are_trusted (void)
{
  GString *pins = g_string_new ("# whom we trust\n");
  g_autoptr (GError) error = NULL;
  g_autofree char *trust = NULL;
  g_autoptr (KohRoster) roster = NULL;

  for (guint i = 0; i < N_MEMBERS; i++)
    {
      const KohCard *card = koh_identity_card (federation->members[i]);

      for (guint j = 0; j < 32; j++)
        g_string_append_printf (pins, "%02x", card->organisation_key[j]);
      g_string_append_printf (pins, "  %s\n", card->name);
    }
  trust = g_string_free (pins, FALSE);
  roster = koh_roster_parse (federation->roster->text, trust, &error);
  g_assert_no_error (error);
  g_assert_nonnull (roster);

  refused (federation->roster->text, "");
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_auto (GStrv) lines = g_strsplit (trust, "\n", -1);
      g_autofree char *without = NULL;

      lines[1 + i][5] = lines[1 + i][5] == 'a' ? 'b' : 'a';
      without = g_strjoinv ("\n", lines);
      refused (federation->roster->text, without);
    }
}

static void
hash_covers_the_list_and_not_the_signatures (void)
{
  g_autofree char *other_text = make_roster_text (federation->members, N_MEMBERS, 2);
  g_autoptr (KohRoster) other = koh_roster_parse (other_text, NULL, NULL);
  g_autofree char *again_text = koh_roster_sign (federation->roster->text, federation->members[0], NULL);

  g_assert_nonnull (other);
  g_assert_false (koh_hash_equal (&other->hash, &federation->roster->hash));
  g_assert_cmpstr (again_text, ==, federation->roster->text);
}

static void
who_is_not_in_the_roster_cannot_sign (void)
{
  g_autofree char *folder = g_build_filename (federation->folder, "stranger", NULL);
  g_autoptr (KohIdentity) stranger = make_member (folder, "stranger", 7999);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = koh_roster_sign (federation->roster->text, stranger, &error);

  g_assert_null (text);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  federation = federation_new (ports);
  g_test_add_func ("/net/roster/signed-roster-is-read", signed_roster_is_read);
  g_test_add_func ("/net/roster/every-flipped-byte-is-refused", every_flipped_byte_is_refused);
  g_test_add_func ("/net/roster/every-truncation-is-refused", every_truncation_is_refused);
  g_test_add_func ("/net/roster/trailing-bytes-are-refused", trailing_bytes_are_refused);
  g_test_add_func ("/net/roster/order-and-duplicates-matter", order_and_duplicates_matter);
  g_test_add_func ("/net/roster/shared-keys-are-refused", shared_keys_are_refused);
  g_test_add_func ("/net/roster/unknown-repeated-or-missing-signers-are-refused",
                   unknown_repeated_or_missing_signers_are_refused);
  g_test_add_func ("/net/roster/only-pinned-organisations-are-trusted",
                   only_pinned_organisations_are_trusted);
  g_test_add_func ("/net/roster/hash-covers-the-list-and-not-the-signatures",
                   hash_covers_the_list_and_not_the_signatures);
  g_test_add_func ("/net/roster/who-is-not-in-the-roster-cannot-sign", who_is_not_in_the_roster_cannot_sign);
  status = g_test_run ();
  federation_free (federation);
  return status;
}
