/* SPDX-License-Identifier: EUPL-1.2
 *
 * The linked count: of N persons those with an index date at one owner and an event at another on or after
 * it, by sex and ten groups. Person by person, nothing but the twenty counts is opened, and they are
 * compared with the counts in clear. */
#include "bench.h"

#include "three.h"

#include "mpc/input.h"
#include "mpc/reveal.h"

#include <string.h>

#define CHUNK 131072
#define CELLS 20
#define GROUPS 10
#define COUNT_BITS 26

typedef enum
{
  SEX,     /* 1 bit, owner 0 */
  GROUP,   /* 4 bits, owner 1 */
  PRESENT, /* 1 bit, owner 0: there is an index date */
  INDEX,   /* 16 bits, owner 0 */
  EVENT,   /* 16 bits, owner 1 */
  COLUMNS
} Column;

static const guint widths[COLUMNS] = { 1, 4, 1, 16, 16 };
static const guint owners[COLUMNS] = { 0, 1, 0, 0, 1 };
static const char *const labels[COLUMNS] = { "sex", "group", "present", "index", "event" };

typedef struct
{
  guint n, chunks;
  guint64 *planes[COLUMNS];        /* chunk by chunk */
  guint64 expected[CELLS];
  gboolean preshared;
  KohBits **shares[KOH_PARTIES];   /* where preshared: [chunk * COLUMNS + column] */
  GBytes *messages[KOH_PARTIES];
  KohCost costs[KOH_PARTIES];
} World;

static guint
chunk_rows (const World *world, guint chunk)
{
  return MIN (CHUNK, world->n - chunk * CHUNK);
}

static guint64 *
chunk_planes (const World *world, Column column, guint chunk)
{
  return world->planes[column] + (gsize) chunk * (CHUNK / 64) * widths[column];
}

static void
set (World *world, Column column, guint row, guint64 value)
{
  const gsize words = (chunk_rows (world, row / CHUNK) + 63) / 64;
  guint64 *planes = chunk_planes (world, column, row / CHUNK);

  for (guint p = 0; p < widths[column]; p++)
    planes[p * words + row % CHUNK / 64] |= ((value >> p) & 1) << (row % 64);
}

/* A third have an index date; all have an event; splitmix64 throws the dice. */
static void
world_init (World *world, guint n)
{
  guint64 state = 42;

  memset (world, 0, sizeof *world);
  world->n = n;
  world->chunks = (n + CHUNK - 1) / CHUNK;
  for (guint c = 0; c < COLUMNS; c++)
    world->planes[c] = g_new0 (guint64, (gsize) world->chunks * (CHUNK / 64) * widths[c]);
  for (guint r = 0; r < n; r++)
    {
      guint64 dice = (state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
      guint sex, group, index, event;
      gboolean present;

      dice = (dice ^ (dice >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
      dice = (dice ^ (dice >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
      dice ^= dice >> 31;
      sex = dice & 1;
      group = (guint) ((dice >> 1) & 0xffff) % GROUPS;
      present = ((dice >> 17) & 0xff) < 85;
      index = (guint) (dice >> 25) & 0xffff;
      event = (guint) (dice >> 41) & 0xffff;
      set (world, SEX, r, sex);
      set (world, GROUP, r, group);
      set (world, PRESENT, r, present);
      set (world, INDEX, r, index);
      set (world, EVENT, r, event);
      world->expected[sex + 2 * group] += present && event >= index;
    }
}

static void
world_clear (World *world)
{
  for (guint c = 0; c < COLUMNS; c++)
    g_free (world->planes[c]);
}

static void
share_chunk (KohParty *party, const World *world, guint chunk, KohBits *in[COLUMNS])
{
  for (guint c = 0; c < COLUMNS; c++)
    in[c] =
        koh_input_member (party, owners[c], labels[c], chunk_rows (world, chunk), widths[c],
                          owners[c] == koh_party_get_index (party) ? chunk_planes (world, c, chunk) : NULL);
}

static void
count_chunk (KohParty *party, KohCounter *counter, KohBits *const in[COLUMNS])
{
  g_autoptr (KohBits) before = koh_bits_less (party, in[EVENT], in[INDEX]);
  g_autoptr (KohBits) after = koh_bits_not (party, before);
  g_autoptr (KohBits) cohort = koh_bits_and (party, in[PRESENT], after);
  const KohBits *const parts[] = { in[SEX], in[GROUP] };
  g_autoptr (KohBits) code = koh_bits_join (parts, 2);
  g_autoptr (KohBits) cells = koh_bits_demux (party, cohort, code, CELLS);

  koh_counter_add (counter, cells);
}

static void
share_all (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);

  world->shares[me] = g_new (KohBits *, world->chunks * COLUMNS);
  for (guint chunk = 0; chunk < world->chunks; chunk++)
    share_chunk (party, world, chunk, world->shares[me] + chunk * COLUMNS);
}

static void
count (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);
  g_autoptr (KohCounter) counter = koh_counter_new (party, CELLS);
  g_autoptr (KohBits) table = NULL;

  for (guint chunk = 0; chunk < world->chunks; chunk++)
    {
      KohBits *in[COLUMNS];

      if (world->preshared)
        memcpy (in, world->shares[me] + chunk * COLUMNS, sizeof in);
      else
        share_chunk (party, world, chunk, in);
      count_chunk (party, counter, in);
      for (guint c = 0; c < COLUMNS; c++)
        koh_bits_free (in[c]);
    }
  table = koh_counter_end (counter, COUNT_BITS);
  world->messages[me] = koh_release (party, table, NULL, NULL);
  world->costs[me] = koh_party_get_cost (party);
}

static gboolean
opens_as_expected (World *world)
{
  g_autofree guint64 *counts =
    koh_reveal_combine (world->messages, FALSE, &three_session, CELLS, COUNT_BITS, NULL, NULL);

  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_pointer (&world->messages[i], g_bytes_unref);
  return counts != NULL && memcmp (counts, world->expected, sizeof world->expected) == 0;
}

static double
run (World *world, double *cpu)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  BenchTimer timer = bench_start ();
  double seconds;

  three_run (mesh, NULL, count, world, errors);
  seconds = bench_wall (&timer);
  *cpu = bench_cpu (&timer);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_error (&errors[i]);
  return seconds;
}

/* Once from columns, as a session does it; once from shares that stand in memory. */
void
bench_linked (guint64 n, BenchResult *result)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  World world;

  world_init (&world, (guint) n);
  result->seconds_input = run (&world, &result->cpu_seconds);
  bench_cost (result, world.costs);
  result->wrong = !opens_as_expected (&world);

  three_run (mesh, NULL, share_all, &world, errors);
  world.preshared = TRUE;
  result->seconds = run (&world, &result->cpu_seconds);
  result->wrong |= !opens_as_expected (&world);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_free (world.shares[i]);
  world_clear (&world);
}
