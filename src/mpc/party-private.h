/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the operations of this folder share about a party: its keys, its counters, and the two calls
 * that move bytes. Nothing outside src/mpc includes this file. */
#pragma once

#include "common/secret.h"
#include "mpc/party.h"
#include "mpc/prg.h"
#include "mpc/transcript.h"

G_BEGIN_DECLS

/* Words travel as they stand in memory, little-endian. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

/* What a party holds of one share plane, or of several that lie one after the other. */
typedef struct
{
  const guint64 *own;
  const guint64 *next; /* NULL at a plain party */
} KohPlane;

struct _KohParty
{
  guint me;
  gboolean plain;
  KohChannel *channel; /* borrowed */
  KohHash session;
  KohSecret *secret;   /* the four keys below, in guarded memory */
  const guint8 *key;   /* k_i */
  const guint8 *next_key;
  const guint8 *rho;      /* PRG key of ρ_i, from k_i */
  const guint8 *next_rho; /* PRG key of ρ_{i+1}, from k_{i+1} */
  guint64 operation; /* multiplications so far: the PRG nonce */
  guint64 inputs;
  guint64 releases;
  KohTranscript *transcript; /* of what has not been verified; NULL at a plain party */
  guint64 batches;           /* verified */
  guint64 verified_gates;    /* words of 64 gates in them */
  gsize batch;               /* words of gate terms that make a batch */
  guint64 flip_own; /* all ones where `own`, or `next`, is the share x_0, which takes the constants */
  guint64 flip_next;
  KohCost cost;
  GError *failure;
};

static inline guint
koh_party_before (const KohParty *party)
{
  return (party->me + 2) % KOH_PARTIES;
}

static inline guint
koh_party_after (const KohParty *party)
{
  return (party->me + 1) % KOH_PARTIES;
}

static inline gboolean
koh_party_has_failed (const KohParty *party)
{
  return party->failure != NULL;
}

/* Takes @message. Does nothing after a failure. */
void    koh_party_send (KohParty *party, guint to, GBytes *message);

/* A message of exactly @size bytes, or NULL: then the party has failed. */
GBytes *koh_party_recv (KohParty *party, guint from, gsize size);

/* Makes the party fail at the security check @id, which concerns the members named in @whom. */
void    koh_party_fail_check (KohParty *party, const char *id, const char *whom);

G_END_DECLS
