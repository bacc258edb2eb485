/* SPDX-License-Identifier: EUPL-1.2
 *
 * Before an opening, the members compare what they have done: the numbers of operations, of
 * multiplications, of inputs and of earlier releases. Equal counts and queues without a leftover
 * message mean that all three stand at the same place of the same program. That the products were
 * right is not shown by this; README.md says what that means. */
#include "mpc/verify.h"

#include "common/check.h"
#include "mpc/party-private.h"

static KohHash
counts_hash (const KohParty *party)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/gate-counts/1");
  koh_hasher_hash (&hasher, &party->session);
  koh_hasher_u64 (&hasher, party->operation);
  koh_hasher_u64 (&hasher, party->cost.ands);
  koh_hasher_u64 (&hasher, party->inputs);
  koh_hasher_u64 (&hasher, party->releases);
  return koh_hasher_end (&hasher);
}

gboolean
koh_verify_before_opening (KohParty *party)
{
  const KohHash mine = counts_hash (party);

  if (party->plain)
    return !koh_party_has_failed (party);
  koh_party_send (party, koh_party_before (party), g_bytes_new (&mine, sizeof mine));
  koh_party_send (party, koh_party_after (party), g_bytes_new (&mine, sizeof mine));
  for (guint step = 1; step < KOH_PARTIES; step++)
    {
      const guint other = (party->me + step) % KOH_PARTIES;
      g_autoptr (GBytes) theirs = koh_party_recv (party, other, sizeof mine);

      if (theirs == NULL)
        return FALSE;
      if (!koh_check ("gate-counts", koh_hash_equal (&mine, g_bytes_get_data (theirs, NULL))))
        {
          g_autofree char *whom = g_strdup_printf ("members %u and %u", party->me, other);

          koh_party_fail_check (party, "gate-counts", whom);
          return FALSE;
        }
    }
  return !koh_party_has_failed (party);
}
