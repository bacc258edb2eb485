/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is recorded stays where it was while the record grows; and the memory of a long computation is that of
 * a batch. */
#include "three.h"

#include "mpc/party-private.h"
#include "mpc/verify.h"

#include <string.h>

static void
put (KohTranscript *transcript, gsize gates, guint terms, guint64 *count)
{
  const KohRecord to = koh_transcript_add (transcript, gates, terms);

  for (gsize i = 0; i < gates * terms; i++)
    {
      to.own_x[i] = 4 * *count;
      to.own_y[i] = 4 * *count + 1;
      to.next_x[i] = 4 * *count + 2;
      to.next_y[i] = 4 * *count + 3;
      (*count)++;
    }
  for (gsize i = 0; i < gates; i++)
    to.own_t[i] = to.next_t[i] = gates;
}

static void
test_grows (void)
{
  KohTranscript *transcript = koh_transcript_new ();
  guint64 count = 0;

  for (guint round = 0; round < 2; round++)
    {
      for (gsize gates = 1; gates < 20000; gates += 1 + gates / 2)
        put (transcript, gates, gates % 3 == 0 ? 5 : 1, &count);
      g_assert_cmpuint (transcript->terms, ==, count);
      koh_transcript_pad (transcript, 256);
      for (gsize i = 0; i < transcript->terms; i++)
        {
          g_assert_cmpuint (transcript->own_x[i], ==, 4 * i);
          g_assert_cmpuint (transcript->own_y[i], ==, 4 * i + 1);
          g_assert_cmpuint (transcript->next_x[i], ==, 4 * i + 2);
          g_assert_cmpuint (transcript->next_y[i], ==, 4 * i + 3);
        }
      for (gsize i = transcript->terms; i % 256 != 0; i++)
        g_assert_cmpuint (transcript->own_x[i] | transcript->next_y[i], ==, 0);
      koh_transcript_clear (transcript);
      g_assert_cmpuint (transcript->terms + transcript->gates + transcript->runs->len, ==, 0);
      count = 0;
    }
  koh_transcript_free (transcript);
}

/* Gates of one term are one run, whatever their number; inner products are runs of their own. */
static void
test_runs (void)
{
  static const KohTermRun expected[] = { { 7, 1 }, { 2, 9 }, { 2, 9 }, { 1, 1 } };
  KohTranscript *transcript = koh_transcript_new ();
  guint64 count = 0;

  put (transcript, 3, 1, &count);
  put (transcript, 4, 1, &count);
  put (transcript, 2, 9, &count);
  put (transcript, 2, 9, &count);
  put (transcript, 1, 1, &count);
  g_assert_cmpuint (transcript->runs->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_cmpuint (g_array_index (transcript->runs, KohTermRun, i).gates, ==, expected[i].gates);
      g_assert_cmpuint (g_array_index (transcript->runs, KohTermRun, i).terms, ==, expected[i].terms);
    }
  g_assert_cmpuint (transcript->gates, ==, 12);
  g_assert_cmpuint (transcript->terms, ==, 44);
  koh_transcript_free (transcript);
}

#define BATCH 500

static void
multiply_much (KohParty *party, gpointer data)
{
  gsize *most = data;
  g_autoptr (KohBits) x = koh_bits_constant (party, 64 * 64, 1, 1);

  koh_verify_set_batch (party, BATCH);
  for (guint i = 0; i < 200; i++)
    {
      koh_bits_free (koh_bits_and (party, x, x));
      g_assert_cmpuint (party->transcript->terms, <, BATCH);
    }
  most[koh_party_get_index (party)] = party->transcript->term_room;
  g_assert_cmpuint (party->batches, ==, 200 / 8);
  g_assert_cmpuint (party->verified_gates + party->transcript->gates, ==, 200 * 64);
}

static void
test_bounded (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  gsize most[KOH_PARTIES];

  three_run (mesh, NULL, multiply_much, most, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_assert_no_error (errors[i]);
      g_assert_cmpuint (most[i], <, 4 * BATCH);
    }
}

/* Alone and in clear there is nothing to prove. */
static void
test_plain (void)
{
  g_autoptr (KohParty) party = koh_party_new_plain ();
  g_autoptr (KohBits) x = koh_bits_constant (party, 100, 2, 1);

  koh_bits_free (koh_bits_and (party, x, x));
  g_assert_null (party->transcript);
  g_assert_false (koh_party_is_verified (party));
  g_assert_true (koh_verify_before_opening (party));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/transcript/what-is-recorded-stays", test_grows);
  g_test_add_func ("/mpc/transcript/runs-of-terms", test_runs);
  g_test_add_func ("/mpc/transcript/memory-is-that-of-a-batch", test_bounded);
  g_test_add_func ("/mpc/transcript/plain-party-records-nothing", test_plain);
  return g_test_run ();
}
