/* SPDX-License-Identifier: EUPL-1.2
 *
 * Sharing a column. An owner P_o in the committee takes x_o from the key k_o that it shares with
 * P_{o-1}, and sends x_{o+1} = x ⊕ x_o to P_{o+1}; x_{o+2} is 0. Two members hold each share without
 * having been sent it twice, so there is nothing to compare.
 *
 * An owner outside gives the seeds of x_0 and x_1 to their holders and x_2 to its own two. It could give
 * them different ones, so the two holders of each share compare hashes, with each other only, before
 * the share is used. */
#include "mpc/input.h"

#include "common/check.h"
#include "common/error.h"
#include "mpc/bits-private.h"

#include <string.h>

#define SEED KOH_PRG_KEY

static void
add_facts (KohHasher *hasher, const KohHash *session, const char *label, guint rows, guint width)
{
  koh_hasher_hash (hasher, session);
  koh_hasher_string (hasher, label);
  koh_hasher_u64 (hasher, rows);
  koh_hasher_u64 (hasher, width);
}

static KohHash
message_tag (const KohHash *session, const char *label, guint rows, guint width, guint64 number)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/input/1");
  add_facts (&hasher, session, label, rows, width);
  koh_hasher_u64 (&hasher, number);
  return koh_hasher_end (&hasher);
}

/* A member's own sharing. The message is the tag, then x_{o+1}. */

static void
stream_share (const KohParty *party, const guint8 *key, const char *label, guint64 *share, gsize size)
{
  guint8 derived[KOH_PRG_KEY];

  koh_prg_derive (derived, key, &party->session, "input", label, party->inputs);
  koh_prg_fill (derived, 0, share, size);
  koh_wipe (derived);
}

static void
send_own (KohParty *party, const char *label, KohBits *z, const guint64 *planes)
{
  const gsize size = z->words * z->width * sizeof (guint64);
  const KohHash tag = message_tag (&party->session, label, z->rows, z->width, party->inputs);
  guint8 *message = g_malloc (sizeof tag + size);
  const guint64 before = party->cost.bytes_sent;

  stream_share (party, party->key, label, z->own, size);
  koh_words_xor (z->next, z->own, planes, z->words * z->width);
  memcpy (message, &tag, sizeof tag);
  memcpy (message + sizeof tag, z->next, size);
  koh_party_send (party, koh_party_after (party), g_bytes_new_take (message, sizeof tag + size));
  party->cost.input_bytes += party->cost.bytes_sent - before;
  party->cost.bytes_sent = before;
}

static void
receive_from_owner (KohParty *party, guint owner, const char *label, KohBits *z)
{
  const gsize size = z->words * z->width * sizeof (guint64);
  const KohHash tag = message_tag (&party->session, label, z->rows, z->width, party->inputs);
  g_autoptr (GBytes) message = koh_party_recv (party, owner, sizeof tag + size);
  const guint8 *bytes;

  if (message == NULL)
    return;
  bytes = g_bytes_get_data (message, NULL);
  if (koh_check ("input-binding", koh_hash_equal (&tag, (const KohHash *) bytes)))
    memcpy (z->own, bytes + sizeof tag, size);
  else
    koh_party_fail (party, g_error_new (KOH_ERROR, KOH_ERROR_MISMATCH,
                                        "Member %u shared another column, or for another session, than "
                                        "“%s”, which is due. Start the question again.", owner, label));
}

KohBits *
koh_input_member (KohParty *party, guint owner, const char *label, guint rows, guint width,
                  const guint64 *planes)
{
  KohBits *z = koh_bits_zero (party, rows, width);
  const gsize size = z->words * width * sizeof (guint64);

  g_assert (owner < KOH_PARTIES);
  if (koh_party_has_failed (party))
    return z;
  if (party->plain)
    memcpy (z->own, planes, size);
  else if (owner == party->me)
    send_own (party, label, z, planes);
  else if (owner == koh_party_after (party))
    stream_share (party, party->next_key, label, z->next, size);
  else
    receive_from_owner (party, owner, label, z);
  party->inputs++;
  return z;
}

/* An owner outside the committee. Each message is the tag, then what the member holds of x_i, then of
 * x_{i+1}: a seed, or the share x_2 itself. */

static void
expand_seed (const KohHash *session, const char *label, const guint8 seed[SEED], guint64 *share, gsize size)
{
  guint8 derived[KOH_PRG_KEY];

  koh_prg_derive (derived, seed, session, "deal", label, 0);
  koh_prg_fill (derived, 0, share, size);
  koh_wipe (derived);
}

void
koh_input_deal (const KohHash *session, const char *label, guint rows, guint width, const guint64 *planes,
                GBytes *messages[KOH_PARTIES])
{
  const gsize words = ((gsize) rows + 63) / 64 * width;
  const gsize size = words * sizeof (guint64);
  const KohHash tag = message_tag (session, label, rows, width, 0);
  g_autofree guint64 *share = g_malloc (MAX (size, 1));
  g_autofree guint64 *stream = g_malloc (MAX (size, 1));
  guint8 seeds[2][SEED];

  randombytes_buf (seeds, sizeof seeds);
  expand_seed (session, label, seeds[0], stream, size);
  koh_words_xor (share, planes, stream, words);
  expand_seed (session, label, seeds[1], stream, size);
  koh_words_xor (share, share, stream, words);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      GByteArray *message = g_byte_array_sized_new ((guint) (sizeof tag + 2 * SEED));

      g_byte_array_append (message, tag.bytes, sizeof tag);
      for (guint j = i; j < i + 2; j++)
        if (j % KOH_PARTIES == 2)
          g_byte_array_append (message, (const guint8 *) share, (guint) size);
        else
          g_byte_array_append (message, seeds[j % KOH_PARTIES], SEED);
      messages[i] = g_byte_array_free_to_bytes (message);
    }
  koh_wipe (seeds);
  sodium_memzero (share, size);
  sodium_memzero (stream, size);
}

static gsize
part_size (guint share, gsize size)
{
  return share % KOH_PARTIES == 2 ? size : SEED;
}

/* FALSE where the message is not this member's part of this column. */
static gboolean
unpack (const KohParty *party, const char *label, GBytes *message, KohBits *z)
{
  const gsize size = z->words * z->width * sizeof (guint64);
  const KohHash tag = message_tag (&party->session, label, z->rows, z->width, 0);
  const gsize first = part_size (party->me, size), second = part_size (party->me + 1, size);
  const guint8 *bytes;

  if (message == NULL || g_bytes_get_size (message) != sizeof tag + first + second)
    return FALSE;
  bytes = g_bytes_get_data (message, NULL);
  if (!koh_check ("input-binding", koh_hash_equal (&tag, (const KohHash *) bytes)))
    return FALSE;
  bytes += sizeof tag;
  for (guint j = 0; j < 2; j++)
    {
      guint64 *share = j == 0 ? z->own : z->next;

      if ((party->me + j) % KOH_PARTIES == 2)
        memcpy (share, bytes, size);
      else
        expand_seed (&party->session, label, bytes, share, size);
      bytes += part_size (party->me + j, size);
    }
  return TRUE;
}

static KohHash
share_hash (const KohParty *party, const char *label, const KohBits *z, const guint64 *share)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/input-share/1");
  add_facts (&hasher, &party->session, label, z->rows, z->width);
  koh_hasher_u64 (&hasher, party->inputs);
  koh_hasher_add (&hasher, share, z->words * z->width * sizeof (guint64));
  return koh_hasher_end (&hasher);
}

/* P_{i-1} holds x_i as its next, P_{i+1} holds x_{i+1} as its own. */
static void
compare_holders (KohParty *party, const char *label, const KohBits *z)
{
  const KohHash own = share_hash (party, label, z, z->own);
  const KohHash next = share_hash (party, label, z, z->next);

  koh_party_send (party, koh_party_before (party), g_bytes_new (&own, sizeof own));
  koh_party_send (party, koh_party_after (party), g_bytes_new (&next, sizeof next));
  for (guint j = 0; j < 2; j++)
    {
      const guint other = j == 0 ? koh_party_before (party) : koh_party_after (party);
      g_autoptr (GBytes) theirs = koh_party_recv (party, other, sizeof own);

      if (theirs == NULL)
        return;
      if (!koh_check ("input-consistency",
                      koh_hash_equal (j == 0 ? &own : &next, g_bytes_get_data (theirs, NULL))))
        {
          g_autofree char *whom =
              g_strdup_printf ("the owner of “%s” and members %u and %u", label, party->me, other);

          koh_party_fail_check (party, "input-consistency", whom);
          return;
        }
    }
}

KohBits *
koh_input_receive (KohParty *party, const char *label, guint rows, guint width, GBytes *message)
{
  KohBits *z = koh_bits_zero (party, rows, width);

  g_assert (!party->plain);
  if (koh_party_has_failed (party))
    return z;
  if (unpack (party, label, message, z))
    compare_holders (party, label, z);
  else
    koh_party_fail (party, g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL,
                                        "What the owner of “%s” sent is not that column for this session. "
                                        "Start the question again.", label));
  party->inputs++;
  return z;
}
