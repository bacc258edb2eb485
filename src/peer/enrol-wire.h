/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an owner (O) and the population holder (H) say to each other over a link of purpose "enrol".
 * Binary, little-endian; the first byte is the kind.
 *
 *   O→H HELLO    version
 *   H→O RECORD   the signed epoch record, JSON        or  AWAY: a reason, and whether it is worth waiting
 *   O→H BEGIN    u32 keys, a power of two ≥ 1024
 *   H→O GRANTED                                       or  REFUSED: a sentence
 *   O→H BATCHES  u32 n, then n × KOH_ENROL_BATCH blinded elements
 *   H→O ANSWERS  u32 n, then n × (proof, KOH_ENROL_BATCH evaluated elements)
 *   O→H LIST
 *   H→O ENTRIES  u32 n, then n entries of the list; until all positions have been told
 *
 * The owner sends the next batches before it has the answers to the last, and no further ahead. */
#pragma once

#include "mpc/oprf.h"
#include "net/link.h"
#include "peer/epoch.h"

G_BEGIN_DECLS

#define KOH_ENROL_VERSION 1
#define KOH_ENROL_BATCH 1024    /* elements under one proof */
#define KOH_ENROL_BATCHES 32    /* in one message */
#define KOH_ENROL_ENTRIES 32768 /* of the list in one message */
#define KOH_ENROL_SILENCE 300   /* seconds: a slow machine blinds 32 768 keys in less */

typedef enum
{
  KOH_ENROL_HELLO = 1,
  KOH_ENROL_RECORD,
  KOH_ENROL_AWAY,
  KOH_ENROL_BEGIN,
  KOH_ENROL_GRANTED,
  KOH_ENROL_REFUSED,
  KOH_ENROL_BATCHES_SENT,
  KOH_ENROL_ANSWERS,
  KOH_ENROL_LIST,
  KOH_ENROL_LIST_ENTRIES,
} KohEnrolKind;

typedef enum { KOH_AWAY_NOT_HOLDER, KOH_AWAY_NOT_READY } KohAway;

G_STATIC_ASSERT (KOH_ENROL_BATCH <= KOH_OPRF_BATCH);

G_END_DECLS
