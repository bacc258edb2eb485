/* SPDX-License-Identifier: EUPL-1.2
 *
 * A party's keys, counters and first failure. Every byte that the engine sends or receives passes
 * through here, so that lengths are checked and costs counted in one place. */
#include "mpc/party-private.h"
#include "mpc/verify.h"

#include "common/error.h"

#include <string.h>

KohParty *
koh_party_new (guint me, KohChannel *channel, const KohHash *session, const guint8 key[32],
               const guint8 next_key[32])
{
  KohParty *party = g_new0 (KohParty, 1);

  g_assert (me < KOH_PARTIES && channel != NULL);
  party->me = me;
  party->channel = channel;
  party->session = *session;
  party->secret = koh_secret_new (4 * KOH_PRG_KEY);
  memcpy (party->secret, key, KOH_PRG_KEY);
  memcpy (party->secret + KOH_PRG_KEY, next_key, KOH_PRG_KEY);
  party->key = party->secret;
  party->next_key = party->secret + KOH_PRG_KEY;
  koh_prg_derive (party->secret + 2 * KOH_PRG_KEY, party->key, session, "multiply", NULL, 0);
  koh_prg_derive (party->secret + 3 * KOH_PRG_KEY, party->next_key, session, "multiply", NULL, 0);
  party->rho = party->secret + 2 * KOH_PRG_KEY;
  party->next_rho = party->secret + 3 * KOH_PRG_KEY;
  party->transcript = koh_transcript_new ();
  party->batch = KOH_BATCH_WORDS;
  party->flip_own = me == 0 ? G_MAXUINT64 : 0;
  party->flip_next = me == 2 ? G_MAXUINT64 : 0;
  return party;
}

KohParty *
koh_party_new_plain (void)
{
  KohParty *party = g_new0 (KohParty, 1);

  party->plain = TRUE;
  party->flip_own = G_MAXUINT64;
  return party;
}

void
koh_party_free (KohParty *party)
{
  if (party == NULL)
    return;
  if (party->secret != NULL)
    koh_secret_free (party->secret);
  koh_transcript_free (party->transcript);
  g_clear_error (&party->failure);
  g_free (party);
}

guint
koh_party_get_index (const KohParty *party)
{
  return party->me;
}

gboolean
koh_party_is_plain (const KohParty *party)
{
  return party->plain;
}

gboolean
koh_party_is_verified (const KohParty *party)
{
  return !party->plain;
}

KohCost
koh_party_get_cost (const KohParty *party)
{
  return party->cost;
}

gboolean
koh_party_check (KohParty *party, GError **error)
{
  if (party->failure == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (party->failure);
  return FALSE;
}

/* The channel closes with the first failure: the two others must not wait for messages that will
 * never be sent. */
void
koh_party_fail (KohParty *party, GError *error)
{
  if (party->failure != NULL)
    {
      g_clear_error (&error);
      return;
    }
  party->failure = error;
  if (party->channel != NULL)
    party->channel->close (party->channel, error);
}

void
koh_party_fail_check (KohParty *party, const char *id, const char *whom)
{
  koh_party_fail (party, g_error_new (KOH_ERROR, KOH_ERROR_CHECK,
                                      "The check “%s” failed; it concerns %s. The session is stopped and "
                                      "nothing was released.", id, whom));
}

void
koh_party_send (KohParty *party, guint to, GBytes *message)
{
  g_autoptr (GBytes) held = message;
  GError *error = NULL;

  if (party->failure != NULL)
    return;
  if (party->channel->send (party->channel, to, held, &error))
    party->cost.bytes_sent += g_bytes_get_size (held);
  else
    koh_party_fail (party, error);
}

GBytes *
koh_party_recv (KohParty *party, guint from, gsize size)
{
  g_autoptr (GBytes) message = NULL;
  GError *error = NULL;

  if (party->failure != NULL)
    return NULL;
  message = party->channel->recv (party->channel, from, &error);
  if (message == NULL)
    {
      koh_party_fail (party, error);
      return NULL;
    }
  party->cost.rounds++;
  if (g_bytes_get_size (message) != size)
    {
      koh_party_fail (party, g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL,
                                          "Member %u sent %" G_GSIZE_FORMAT " bytes where %" G_GSIZE_FORMAT
                                          " were due. Ask it to run the same version of Kohorte.",
                                          from, g_bytes_get_size (message), size));
      return NULL;
    }
  return g_steal_pointer (&message);
}
