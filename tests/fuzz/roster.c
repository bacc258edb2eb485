/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cards and rosters on any bytes: files that organisations send each other. What is accepted must be what
 * was given, to the byte, and everything that is read of it must be fit to be shown. */
#include <string.h>

#include "net/lines.h"
#include "net/roster.h"

#include "tests/fuzz/fuzz.h"

static void
look_at (const KohCard *card)
{
  g_assert_true (koh_name_is_valid (card->name));
  g_assert_true (koh_title_is_valid (card->da) && koh_title_is_valid (card->en));
  g_assert_true (card->is_peer == (card->host != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) bytes, size);
  g_autoptr (KohCard) card = koh_card_parse (text, NULL);
  g_autoptr (KohRoster) roster = koh_roster_parse (text, NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (card != NULL)
    {
      g_assert_cmpstr (card->text, ==, text);
      look_at (card);
    }
  if (roster != NULL)
    {
      g_assert_cmpstr (roster->text, ==, text);
      for (guint i = 0; i < roster->cards->len; i++)
        look_at (roster->cards->pdata[i]);
    }
  g_assert_null (koh_roster_parse (text, "", &error)); /* where nobody is trusted, nothing is accepted */
  g_assert_nonnull (error);
  return 0;
}
