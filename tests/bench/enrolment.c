/* SPDX-License-Identifier: EUPL-1.2
 *
 * Enrolment, its two sides apart, one thread each: an owner blinds its keys, checks the proof and
 * finishes; the population holder evaluates and proves. Networks and lists are not part of it. */
#include "bench.h"

#include "mpc/oprf.h"

#include <string.h>

#define BATCH 10000

typedef struct
{
  guint n;
  guint8 secret[KOH_OPRF_SCALAR], public_key[KOH_OPRF_ELEMENT], proof[KOH_OPRF_PROOF];
  guint8 *blinds, *blinded, *evaluated, *outputs;
} Batch;

static void
batch_init (Batch *batch, guint n)
{
  batch->n = n;
  koh_oprf_random_key (batch->secret, batch->public_key);
  batch->blinds = g_malloc (n * KOH_OPRF_SCALAR);
  batch->blinded = g_malloc (n * KOH_OPRF_ELEMENT);
  batch->evaluated = g_malloc (n * KOH_OPRF_ELEMENT);
  batch->outputs = g_malloc (n * KOH_OPRF_OUTPUT);
}

static void
batch_clear (Batch *batch)
{
  g_free (batch->blinds);
  g_free (batch->blinded);
  g_free (batch->evaluated);
  g_free (batch->outputs);
}

/* Ten characters, as a CPR number has. */
static void
key_of (guint i, char key[11])
{
  g_snprintf (key, 11, "%010u", i);
}

static gboolean
blind (Batch *batch)
{
  gboolean ok = TRUE;
  char key[11];

  for (guint i = 0; i < batch->n; i++)
    {
      key_of (i, key);
      koh_oprf_random_scalar (batch->blinds + i * KOH_OPRF_SCALAR);
      ok &= koh_oprf_blind ((const guint8 *) key, 10, batch->blinds + i * KOH_OPRF_SCALAR,
                            batch->blinded + i * KOH_OPRF_ELEMENT);
    }
  return ok;
}

static gboolean
evaluate (Batch *batch)
{
  return koh_oprf_evaluate (batch->secret, batch->public_key, batch->blinded, batch->n, batch->evaluated,
                            NULL, batch->proof);
}

static gboolean
finish (Batch *batch)
{
  gboolean ok = koh_oprf_verify (batch->public_key, batch->blinded, batch->evaluated, batch->n, batch->proof);
  char key[11];

  for (guint i = 0; i < batch->n; i++)
    {
      key_of (i, key);
      ok &= koh_oprf_finalize ((const guint8 *) key, 10, batch->blinds + i * KOH_OPRF_SCALAR,
                               batch->evaluated + i * KOH_OPRF_ELEMENT, batch->outputs + i * KOH_OPRF_OUTPUT);
    }
  return ok;
}

/* The holder's own way to the tags gives the same ones. */
static gboolean
tags_agree (const Batch *batch)
{
  guint8 direct[KOH_OPRF_OUTPUT];
  gboolean ok = TRUE;
  char key[11];

  for (guint i = 0; i < batch->n; i += 97)
    {
      key_of (i, key);
      ok &= koh_oprf_direct (batch->secret, (const guint8 *) key, 10, direct) &&
            memcmp (direct, batch->outputs + i * KOH_OPRF_OUTPUT, sizeof direct) == 0;
    }
  return ok;
}

static void
run (guint64 n, gboolean owner, BenchResult *result)
{
  for (guint64 done = 0; done < n; done += BATCH)
    {
      Batch batch;
      BenchTimer timer;
      gboolean ok;

      batch_init (&batch, (guint) MIN (BATCH, n - done));
      timer = bench_start ();
      ok = blind (&batch);
      if (owner)
        {
          result->seconds += bench_wall (&timer);
          result->cpu_seconds += bench_cpu (&timer);
        }
      timer = bench_start ();
      ok &= evaluate (&batch);
      if (!owner)
        {
          result->seconds += bench_wall (&timer);
          result->cpu_seconds += bench_cpu (&timer);
        }
      timer = bench_start ();
      ok &= finish (&batch);
      if (owner)
        {
          result->seconds += bench_wall (&timer);
          result->cpu_seconds += bench_cpu (&timer);
        }
      result->wrong |= !ok || !tags_agree (&batch);
      batch_clear (&batch);
    }
}

void
bench_owner (guint64 n, BenchResult *result)
{
  run (n, TRUE, result);
}

void
bench_holder (guint64 n, BenchResult *result)
{
  run (n, FALSE, result);
}
