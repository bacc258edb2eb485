/* SPDX-License-Identifier: EUPL-1.2
 *
 * Three parties in threads, and a channel that tampers. */
#include "three.h"

#include "common/error.h"
#include "mpc/input.h"

#include <string.h>

const KohHash three_session = { { 7, 1, 9 } };

typedef struct
{
  KohParty *party;
  ThreeProgram program;
  gpointer data;
} Job;

static gpointer
run_job (gpointer data)
{
  Job *job = data;

  job->program (job->party, job->data);
  return NULL;
}

void
three_run (KohMemoryMesh *mesh, KohChannel *channels[KOH_PARTIES], ThreeProgram program, gpointer data,
           GError *errors[KOH_PARTIES])
{
  guint8 keys[KOH_PARTIES][32];
  GThread *threads[KOH_PARTIES];
  Job jobs[KOH_PARTIES];

  koh_error_quark (); /* before there are threads that could make it at once */
  for (guint i = 0; i < KOH_PARTIES; i++)
    memset (keys[i], (int) (17 * i + 1), sizeof keys[i]);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      KohChannel *channel =
          channels != NULL && channels[i] != NULL ? channels[i] : koh_memory_mesh_get (mesh, i);

      jobs[i] = (Job){ koh_party_new (i, channel, &three_session, keys[i], keys[(i + 1) % KOH_PARTIES]),
                       program, data };
      threads[i] = g_thread_new ("party", run_job, &jobs[i]);
    }
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      errors[i] = NULL;
      koh_party_check (jobs[i].party, &errors[i]);
      koh_party_free (jobs[i].party);
    }
}

guint64 *
three_planes (const guint64 *values, guint rows, guint width)
{
  const gsize words = ((gsize) rows + 63) / 64;
  guint64 *planes = g_new0 (guint64, MAX (words * width, 1));

  for (guint p = 0; p < width; p++)
    {
      for (guint r = 0; r < rows; r++)
        planes[p * words + r / 64] |= ((values[r] >> p) & 1) << (r % 64);
      /* Bits beyond the rows may be anything, so they are ones here. */
      if (rows % 64)
        planes[(p + 1) * words - 1] |= G_MAXUINT64 << (rows % 64);
    }
  return planes;
}

guint64 *
three_random (guint seed, guint rows, guint width)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const guint64 mask = width < 64 ? (G_GUINT64_CONSTANT (1) << width) - 1 : G_MAXUINT64;
  guint64 *values = g_new (guint64, MAX (rows, 1));

  for (guint r = 0; r < rows; r++)
    {
      const guint64 any = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      const guint64 kinds[] = { any, any, any, any & 3, 0, mask, mask - 1, (mask >> 1) + 1 };

      values[r] = kinds[g_rand_int_range (random, 0, G_N_ELEMENTS (kinds))] & mask;
    }
  return values;
}

typedef struct
{
  ThreeOperation operation;
  gpointer data;
  guint rows;
  const ThreeColumn *columns;
  guint n;
  KohBits *results[KOH_PARTIES];
  KohCost cost;
} Compute;

static void
compute (KohParty *party, gpointer data)
{
  Compute *job = data;
  g_autofree KohBits **inputs = g_new (KohBits *, MAX (job->n, 1));
  const guint me = koh_party_get_index (party);

  for (guint i = 0; i < job->n; i++)
    {
      g_autofree guint64 *planes = three_planes (job->columns[i].values, job->rows, job->columns[i].width);

      inputs[i] = koh_input_member (party, i % KOH_PARTIES, "column", job->rows, job->columns[i].width,
                                    koh_party_is_plain (party) || me == i % KOH_PARTIES ? planes : NULL);
    }
  job->results[me] = job->operation (party, (const KohBits *const *) inputs, job->data);
  for (guint i = 0; i < job->n; i++)
    koh_bits_free (inputs[i]);
  if (me == 0)
    job->cost = koh_party_get_cost (party);
}

guint64 *
three_compute (gboolean plain, ThreeOperation operation, gpointer data, guint rows,
               const ThreeColumn *columns, guint n, guint *out_rows, guint *out_width, KohCost *cost)
{
  Compute job = { operation, data, rows, columns, n, { NULL }, { 0 } };
  const KohBits *z;
  guint64 *values;

  if (plain)
    {
      g_autoptr (KohParty) party = koh_party_new_plain ();

      compute (party, &job);
      g_assert_true (koh_party_check (party, NULL));
      g_assert_null (job.results[0]->next);
    }
  else
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GError *errors[KOH_PARTIES];

      three_run (mesh, NULL, compute, &job, errors);
      for (guint i = 0; i < KOH_PARTIES; i++)
        g_assert_no_error (errors[i]);
      for (guint i = 0; i < KOH_PARTIES; i++)
        {
          const KohBits *mine = job.results[i], *after = job.results[(i + 1) % KOH_PARTIES];

          g_assert_cmpuint (mine->width, ==, after->width);
          g_assert_cmpuint (mine->rows, ==, after->rows);
          g_assert_cmpmem (mine->next, mine->words * mine->width * 8, after->own,
                           after->words * after->width * 8);
        }
    }
  z = job.results[0];
  g_assert_cmpuint (z->words, ==, (z->rows + 63) / 64);
  values = g_new0 (guint64, MAX (z->rows, 1));
  for (guint p = 0; p < z->width; p++)
    for (guint r = 0; r < z->rows; r++)
      for (guint i = 0; i < (plain ? 1 : KOH_PARTIES); i++)
        values[r] ^= ((job.results[i]->own[p * z->words + r / 64] >> (r % 64)) & 1) << p;
  *out_rows = z->rows;
  *out_width = z->width;
  if (cost != NULL)
    *cost = job.cost;
  for (guint i = 0; i < KOH_PARTIES; i++)
    koh_bits_free (job.results[i]);
  return values;
}

typedef struct
{
  KohChannel channel;
  KohChannel *inner;
  ThreeTamper how;
  guint to, message;
  gsize byte;
} Tamper;

static GBytes *
changed (const Tamper *self, GBytes *message)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  guint8 *copy = g_malloc0 (size + 1);

  memcpy (copy, bytes, size);
  if (self->how == THREE_FLIP && size > 0)
    copy[self->byte % size] ^= 0x10;
  if (self->how == THREE_CUT && size > 0)
    size--;
  if (self->how == THREE_EMPTY)
    size = 0;
  if (self->how == THREE_LENGTHEN)
    size++;
  return g_bytes_new_take (copy, size);
}

static gboolean
tamper_send (KohChannel *channel, guint party, GBytes *message, GError **error)
{
  Tamper *self = (Tamper *) channel;
  g_autoptr (GBytes) other = NULL;

  if (party == self->to && self->message-- == 0)
    {
      other = changed (self, message);
      return self->inner->send (self->inner, party, other, error);
    }
  return self->inner->send (self->inner, party, message, error);
}

static GBytes *
tamper_recv (KohChannel *channel, guint party, GError **error)
{
  Tamper *self = (Tamper *) channel;

  return self->inner->recv (self->inner, party, error);
}

static void
tamper_close (KohChannel *channel, const GError *why)
{
  Tamper *self = (Tamper *) channel;

  self->inner->close (self->inner, why);
}

static void
tamper_free (KohChannel *channel)
{
  g_free (channel);
}

KohChannel *
three_tamper_new (KohChannel *inner, ThreeTamper how, guint to, guint message, gsize byte)
{
  Tamper *self = g_new0 (Tamper, 1);

  *self = (Tamper){ { tamper_send, tamper_recv, tamper_close, tamper_free }, inner, how, to, message, byte };
  return &self->channel;
}
