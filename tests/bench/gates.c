/* SPDX-License-Identifier: EUPL-1.2
 *
 * The engine's two plainest works: multiplication, and comparison of 64-bit numbers. The last result is
 * opened and must be right. */
#include "bench.h"

#include "three.h"

#include "mpc/reveal.h"

#define AND_ROWS 32768
#define AND_PLANES 64
#define LESS_ROWS 131072
#define X G_GUINT64_CONSTANT (0x123456789abcdef0)

typedef struct
{
  guint64 n;
  KohCost costs[KOH_PARTIES];
  GBytes *messages[KOH_PARTIES];
} Work;

static void
finish (Work *work, KohParty *party, const KohBits *last)
{
  const guint me = koh_party_get_index (party);

  work->messages[me] = koh_release (party, last, NULL, NULL);
  work->costs[me] = koh_party_get_cost (party);
}

/* x ∧ 1 = x, however often, with fresh shares each time. */
static void
multiply (KohParty *party, gpointer data)
{
  Work *work = data;
  g_autoptr (KohBits) x = koh_bits_constant (party, AND_ROWS, AND_PLANES, X);
  g_autoptr (KohBits) y = koh_bits_constant (party, AND_ROWS, AND_PLANES, G_MAXUINT64);

  for (guint64 done = 0; done < work->n; done += (guint64) AND_ROWS * AND_PLANES)
    {
      KohBits *z = koh_bits_and (party, x, y);

      koh_bits_free (x);
      x = z;
    }
  finish (work, party, x);
}

static void
compare (KohParty *party, gpointer data)
{
  Work *work = data;
  g_autoptr (KohBits) x = koh_bits_constant (party, LESS_ROWS, 64, X);
  g_autoptr (KohBits) y = koh_bits_constant (party, LESS_ROWS, 64, X + 1);

  g_autoptr (KohBits) z = NULL;

  for (guint64 done = 0; done < work->n; done += LESS_ROWS)
    {
      g_clear_pointer (&z, koh_bits_free);
      z = koh_bits_less (party, x, y);
    }
  finish (work, party, z);
}

static void
run (ThreeProgram program, guint64 n, guint rows, guint width, guint64 expected, BenchResult *result)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  g_autofree guint64 *values = NULL;
  GError *errors[KOH_PARTIES];
  Work work = { .n = n };
  BenchTimer timer = bench_start ();

  three_run (mesh, NULL, program, &work, errors);
  result->seconds = bench_wall (&timer);
  result->cpu_seconds = bench_cpu (&timer);
  bench_cost (result, work.costs);
  values = koh_reveal_combine (work.messages, FALSE, &three_session, rows, width, NULL, NULL);
  result->wrong = values == NULL;
  for (guint r = 0; r < rows && !result->wrong; r++)
    result->wrong = values[r] != expected;
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_clear_pointer (&work.messages[i], g_bytes_unref);
      g_clear_error (&errors[i]);
    }
}

void
bench_and (guint64 n, BenchResult *result)
{
  run (multiply, n, AND_ROWS, AND_PLANES, X, result);
}

void
bench_less (guint64 n, BenchResult *result)
{
  run (compare, n, LESS_ROWS, 1, 1, result);
}
