/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the tests of this folder share: three parties in threads on a memory mesh, and a plain one. */
#pragma once

#include "mpc/bits.h"
#include "mpc/memory-channel.h"
#include "mpc/party.h"

G_BEGIN_DECLS

/* What a party does; runs in a thread of its own. */
typedef void (*ThreeProgram) (KohParty *party, gpointer data);

extern const KohHash three_session;

/* Runs @program at all three, over @mesh; @channels may stand in for its ends. Keys are fixed.
 * errors[i]: why party i failed, or NULL. */
void     three_run     (KohMemoryMesh *mesh, KohChannel *channels[KOH_PARTIES], ThreeProgram program, gpointer data,
                        GError *errors[KOH_PARTIES]);

typedef struct
{
  guint width;
  const guint64 *values; /* one a row */
} ThreeColumn;

typedef KohBits *(*ThreeOperation) (KohParty *party, const KohBits *const *inputs, gpointer data);

/* Shares the columns (column i is member i mod 3's), computes, checks that both copies of every share
 * are equal, and opens. @plain: a plain party instead. Free with g_free(). */
guint64 *three_compute (gboolean plain, ThreeOperation operation, gpointer data, guint rows,
                        const ThreeColumn *columns, guint n, guint *out_rows, guint *out_width, KohCost *cost);

guint64 *three_planes  (const guint64 *values, guint rows, guint width); /* numbers to bit planes */
guint64 *three_random  (guint seed, guint rows, guint width);            /* seeded; with edges among them */

/* A channel over another that changes, cuts or swallows one message. */
typedef enum
{
  THREE_FLIP,    /* one bit of it */
  THREE_CUT,     /* its last byte */
  THREE_EMPTY,   /* all bytes */
  THREE_LENGTHEN /* one byte more */
} ThreeTamper;

KohChannel *three_tamper_new (KohChannel *inner, ThreeTamper how, guint to, guint message, gsize byte);

G_END_DECLS
