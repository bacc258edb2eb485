/* SPDX-License-Identifier: EUPL-1.2
 *
 * Release to the asker. The shares of a table have been made by multiplications whose masks a member
 * and the asker could know together; so they are made anew with ζ_0 ⊕ ζ_1 ⊕ ζ_2 = 0 from a seed that
 * the three members know and the asker does not. Both holders of share j add ζ_j, so the two copies
 * stay equal, and the asker can compare them. */
#include "mpc/reveal.h"

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "mpc/bits-private.h"
#include "mpc/verify.h"

#include <string.h>

#define MAGIC 0x4b6f6852u /* "KohR" */
#define PLAIN 3           /* in place of a member's index */

/* k_0 is held by P_2 and P_0, which derive the seed; P_0 sends it to P_1. */
static gboolean
agree_on_seed (KohParty *party, guint8 seed[KOH_PRG_KEY])
{
  g_autoptr (GBytes) message = NULL;

  if (party->me == 1)
    {
      message = koh_party_recv (party, 0, KOH_PRG_KEY);
      if (message == NULL)
        return FALSE;
      memcpy (seed, g_bytes_get_data (message, NULL), KOH_PRG_KEY);
      return TRUE;
    }
  koh_prg_derive (seed, party->me == 0 ? party->key : party->next_key, &party->session, "release", NULL,
                  party->releases);
  if (party->me == 0)
    koh_party_send (party, 1, g_bytes_new (seed, KOH_PRG_KEY));
  return !koh_party_has_failed (party);
}

/* ζ_2 = ζ_0 ⊕ ζ_1: the streams 0 and 1, both. */
static void
add_zeta (const guint8 seed[KOH_PRG_KEY], guint j, guint64 *share, gsize words)
{
  if (j != 1)
    koh_prg_add (seed, 0, 0, share, words * sizeof (guint64));
  if (j != 0)
    koh_prg_add (seed, 1, 0, share, words * sizeof (guint64));
}

/* Nothing but rows leaves: the bits of the last word beyond them are cleared. */
static void
clear_pad (KohBits *z)
{
  const guint64 keep = z->rows % 64 ? (G_GUINT64_CONSTANT (1) << (z->rows % 64)) - 1 : G_MAXUINT64;

  for (guint p = 0; p < z->width && z->words > 0; p++)
    {
      z->own[(p + 1) * z->words - 1] &= keep;
      if (z->next != NULL)
        z->next[(p + 1) * z->words - 1] &= keep;
    }
}

static KohHash
transcript_hash (const KohParty *party, const KohBits *table)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/transcript/2");
  koh_verify_add_facts (party, &hasher);
  koh_hasher_u64 (&hasher, table->rows);
  koh_hasher_u64 (&hasher, table->width);
  return koh_hasher_end (&hasher);
}

/* Each says ok to both others, with the transcript's hash, and waits for both. */
static gboolean
ok_barrier (KohParty *party, const KohHash *transcript)
{
  guint8 mine[1 + sizeof (KohHash)];

  mine[0] = 1;
  memcpy (mine + 1, transcript, sizeof (KohHash));
  koh_party_send (party, koh_party_before (party), g_bytes_new (mine, sizeof mine));
  koh_party_send (party, koh_party_after (party), g_bytes_new (mine, sizeof mine));
  for (guint step = 1; step < KOH_PARTIES; step++)
    {
      const guint other = (party->me + step) % KOH_PARTIES;
      g_autoptr (GBytes) theirs = koh_party_recv (party, other, sizeof mine);

      if (theirs == NULL)
        return FALSE;
      if (!koh_check ("ok-barrier", sodium_memcmp (g_bytes_get_data (theirs, NULL), mine, sizeof mine) == 0))
        {
          g_autofree char *whom = g_strdup_printf ("members %u and %u", party->me, other);

          koh_party_fail_check (party, "ok-barrier", whom);
          return FALSE;
        }
    }
  return !koh_party_has_failed (party);
}

/* magic ‖ index ‖ session ‖ transcript ‖ rows ‖ width ‖ own ‖ next */
static GBytes *
pack (const KohParty *party, const KohBits *table, const KohHash *transcript)
{
  const gsize size = table->words * table->width * sizeof (guint64);
  g_auto (KohWriter) writer;

  koh_writer_init (&writer);
  koh_writer_u32 (&writer, MAGIC);
  koh_writer_u8 (&writer, party->plain ? PLAIN : (guint8) party->me);
  koh_writer_raw (&writer, &party->session, sizeof party->session);
  koh_writer_raw (&writer, transcript, sizeof *transcript);
  koh_writer_u32 (&writer, table->rows);
  koh_writer_u32 (&writer, table->width);
  koh_writer_raw (&writer, table->own, size);
  if (table->next != NULL)
    koh_writer_raw (&writer, table->next, size);
  return koh_writer_end (&writer);
}

GBytes *
koh_release (KohParty *party, const KohBits *table, KohHash *transcript, GError **error)
{
  g_autoptr (KohBits) fresh = koh_bits_copy (table);
  const gsize words = fresh->words * fresh->width;
  guint8 seed[KOH_PRG_KEY];
  KohHash agreed;
  gboolean ok = koh_party_check (party, error);

  if (!ok)
    return NULL;
  if (!party->plain)
    {
      ok = agree_on_seed (party, seed);
      if (ok)
        {
          add_zeta (seed, party->me, fresh->own, words);
          add_zeta (seed, koh_party_after (party), fresh->next, words);
        }
      koh_wipe (seed);
    }
  ok = ok && koh_verify_before_opening (party);
  agreed = transcript_hash (party, fresh);
  if (!party->plain)
    ok = ok && ok_barrier (party, &agreed);
  party->releases++;
  if (!koh_party_check (party, error) || !ok)
    return NULL;
  clear_pad (fresh);
  if (transcript != NULL)
    *transcript = agreed;
  return pack (party, fresh, &agreed);
}

/* What the asker reads of one message. */
typedef struct
{
  KohHash transcript;
  const guint64 *own, *next; /* unaligned bytes are copied to `held` first */
  guint64 *held;
} Opened;

static gboolean
unpack (GBytes *message, guint index, const KohHash *session, guint rows, guint width, Opened *opened)
{
  const gsize words = ((gsize) rows + 63) / 64 * width;
  const gsize shares = index == PLAIN ? 1 : 2;
  KohReader reader;
  KohHash told = { { 0 } };
  gboolean fits;

  if (message == NULL)
    return FALSE;
  koh_reader_init_bytes (&reader, message);
  fits = koh_reader_u32 (&reader) == MAGIC;
  fits &= koh_reader_u8 (&reader) == index;
  fits &= koh_reader_raw (&reader, &told, sizeof told);
  fits &= index == PLAIN || koh_check ("answer-binding", koh_hash_equal (&told, session));
  fits &= koh_reader_raw (&reader, &opened->transcript, sizeof opened->transcript);
  fits &= koh_reader_u32 (&reader) == rows;
  fits &= koh_reader_u32 (&reader) == width;
  if (!fits || koh_reader_left (&reader) != shares * words * sizeof (guint64))
    return FALSE;
  opened->held = g_new (guint64, MAX (shares * words, 1));
  koh_reader_raw (&reader, opened->held, shares * words * sizeof (guint64));
  opened->own = opened->held;
  opened->next = index == PLAIN ? NULL : opened->held + words;
  return koh_reader_end (&reader);
}

/* Every share stands in two messages, and all three transcripts are one. */
static gboolean
pairs_agree (const Opened opened[KOH_PARTIES], gsize words)
{
  gboolean agree = TRUE;

  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      const Opened *after = &opened[(i + 1) % KOH_PARTIES];

      agree &= sodium_memcmp (opened[i].next, after->own, words * sizeof (guint64)) == 0;
      agree &= koh_hash_equal (&opened[i].transcript, &after->transcript);
    }
  return agree;
}

/* Bit planes to numbers: the XOR of @n shares. */
static guint64 *
read_values (const Opened *opened, guint n, guint rows, guint width)
{
  const gsize words = ((gsize) rows + 63) / 64;
  guint64 *values = g_new0 (guint64, MAX (rows, 1));

  for (guint p = 0; p < width; p++)
    for (guint r = 0; r < rows; r++)
      {
        guint64 word = 0;

        for (guint i = 0; i < n; i++)
          word ^= opened[i].own[p * words + r / 64];
        values[r] |= ((word >> (r % 64)) & 1) << p;
      }
  return values;
}

guint64 *
koh_reveal_combine (GBytes *const messages[KOH_PARTIES], gboolean plain, const KohHash *session, guint rows,
                    guint width, KohHash *transcript, GError **error)
{
  const guint n = plain ? 1 : KOH_PARTIES;
  Opened opened[KOH_PARTIES] = { 0 };
  guint64 *values = NULL;
  guint read = 0;

  g_assert (width <= 64);
  while (read < n && unpack (messages[read], plain ? PLAIN : read, session, rows, width, &opened[read]))
    read++;
  if (read < n)
    g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL,
                 "Member %u's part of the answer is missing, or is not of this question. Ask again.", read);
  else if (!plain && !koh_check ("three-pairs", pairs_agree (opened, ((gsize) rows + 63) / 64 * width)))
    g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                 "The check “three-pairs” failed: the members' copies of the answer differ, so there is no "
                 "answer. It concerns all three members.");
  else
    values = read_values (opened, n, rows, width);
  if (values != NULL && transcript != NULL)
    *transcript = opened[0].transcript;
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_free (opened[i].held);
  return values;
}
