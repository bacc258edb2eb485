/* SPDX-License-Identifier: EUPL-1.2
 *
 * Writes down every message of a few small runs with fixed keys and shares, for proof_model.py to work out
 * for itself. */
#include "three.h"

#include "mpc/gates.h"
#include "mpc/verify.h"

#include <string.h>

#define LONG 130 /* words: two folds of eight */

/* Share j of vector @name is the stream of the key name, j, 0, 0, …; the last vectors are results. */
static KohBits *
vector (KohParty *party, guint8 name, guint words)
{
  KohBits *x = koh_bits_zero (party, words * 64, 1);

  for (guint i = 0; i < 2; i++)
    {
      const guint8 key[KOH_PRG_KEY] = { name, (guint8) ((koh_party_get_index (party) + i) % 3) };

      koh_prg_fill (key, 0, i == 0 ? x->own : x->next, words * 8);
    }
  return x;
}

static void
verify_now (KohParty *party)
{
  koh_verify_set_batch (party, 1);
  koh_verify_full_batch (party);
  koh_verify_set_batch (party, KOH_BATCH_WORDS);
}

static void
run_and (KohParty *party, guint words)
{
  g_autoptr (KohBits) x = vector (party, 1, words);
  g_autoptr (KohBits) y = vector (party, 2, words);

  koh_bits_free (koh_bits_and (party, x, y));
  verify_now (party);
}

static void
run_one (KohParty *party, gpointer data)
{
  run_and (party, 1);
}

static void
run_long (KohParty *party, gpointer data)
{
  run_and (party, LONG);
}

/* A choice and a majority with every negation, in one round; then their product. */
static void
run_gates (KohParty *party, gpointer data)
{
  g_autoptr (KohBits) x = vector (party, 1, 5);
  g_autoptr (KohBits) y = vector (party, 2, 5);
  g_autoptr (KohBits) m = vector (party, 3, 5);
  g_autoptr (KohBits) z = koh_bits_zero (party, 10 * 64, 1);
  KohGate gates[2] = {
    { KOH_GATE_MUX, TRUE, FALSE, TRUE, koh_bits_plane (x, 0), koh_bits_plane (y, 0), koh_bits_plane (m, 0), z->own,
      z->next, 5 },
    { KOH_GATE_MAJ, FALSE, TRUE, FALSE, koh_bits_plane (x, 0), koh_bits_plane (y, 0), koh_bits_plane (m, 0),
      z->own + 5, z->next + 5, 5 },
  };

  koh_gates_run (party, gates, 2);
  gates[0] = (KohGate){ .kind = KOH_GATE_AND, .x = { z->own, z->next }, .y = { z->own + 5, z->next + 5 },
                        .own = z->own, .next = z->next, .words = 5 };
  koh_gates_run (party, gates, 1);
  verify_now (party);
}

/* Two inner products of five terms, a product, and a second batch. */
static void
run_dots (KohParty *party, gpointer data)
{
  g_autoptr (KohBits) x = vector (party, 1, 30);
  g_autoptr (KohBits) y = vector (party, 2, 30);
  g_autoptr (KohBits) z = koh_bits_zero (party, 6 * 64, 1);
  KohTerm terms[10];

  for (guint i = 0; i < 10; i++)
    terms[i] = (KohTerm){ koh_plane_at (koh_bits_plane (x, 0), 3 * i), koh_plane_at (koh_bits_plane (y, 0), 3 * i) };
  koh_dots_run (party, terms, 5, 2, z->own, z->next, 3);
  koh_bits_free (koh_bits_and (party, z, z));
  verify_now (party);
  koh_bits_free (koh_bits_and (party, y, x));
  verify_now (party);
}

static void
write_down (guint from, guint to, GBytes *message, gpointer data)
{
  GString *(*logs)[KOH_PARTIES] = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);

  g_string_append_printf (logs[from][to], "message %u %u ", from, to);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (logs[from][to], "%02x", bytes[i]);
  g_string_append_c (logs[from][to], '\n');
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    ThreeProgram program;
  } runs[] = { { "one", run_one }, { "gates", run_gates }, { "dots", run_dots }, { "long", run_long } };

  for (guint r = 0; r < G_N_ELEMENTS (runs); r++)
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GString *logs[KOH_PARTIES][KOH_PARTIES];
      GError *errors[KOH_PARTIES];

      for (guint i = 0; i < KOH_PARTIES; i++)
        for (guint j = 0; j < KOH_PARTIES; j++)
          logs[i][j] = g_string_new (NULL);
      koh_memory_mesh_set_tap (mesh, write_down, logs);
      three_run (mesh, NULL, runs[r].program, NULL, errors);
      g_print ("run %s\n", runs[r].name);
      for (guint i = 0; i < KOH_PARTIES; i++)
        {
          g_assert_no_error (errors[i]);
          for (guint j = 0; j < KOH_PARTIES; j++)
            {
              g_print ("%s", logs[i][j]->str);
              g_string_free (logs[i][j], TRUE);
            }
        }
    }
  return 0;
}
