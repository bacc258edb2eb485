/* SPDX-License-Identifier: EUPL-1.2
 *
 * Release and opening: the right numbers, and nothing where any share, message or member is wrong. */
#include "three.h"

#include "common/error.h"
#include "mpc/input.h"
#include "mpc/reveal.h"

#include <string.h>

#define ROWS 70
#define WIDTH 9

typedef struct
{
  guint64 *values;
  GBytes *messages[KOH_PARTIES];
  KohHash transcripts[KOH_PARTIES];
  KohBits *before[KOH_PARTIES];
  GError *errors[KOH_PARTIES];
} World;

static void
release (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_is_plain (party) ? 0 : koh_party_get_index (party);
  g_autofree guint64 *planes = three_planes (world->values, ROWS, WIDTH);
  g_autoptr (KohBits) x =
      koh_input_member (party, 2, "x", ROWS, WIDTH, koh_party_is_plain (party) || me == 2 ? planes : NULL);
  g_autoptr (KohBits) ones = koh_bits_constant (party, ROWS, WIDTH, G_MAXUINT64);
  g_autoptr (GError) error = NULL;

  world->before[me] = koh_bits_and (party, x, ones);
  world->messages[me] = koh_release (party, world->before[me], &world->transcripts[me], &error);
  g_assert_true ((world->messages[me] == NULL) == (error != NULL));
}

static void
world_run (World *world, KohChannel *channels[KOH_PARTIES], KohMemoryMesh *mesh)
{
  memset (world, 0, sizeof *world);
  world->values = three_random (8, ROWS, WIDTH);
  three_run (mesh, channels, release, world, world->errors);
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_clear_pointer (&world->messages[i], g_bytes_unref);
      koh_bits_free (world->before[i]);
      g_clear_error (&world->errors[i]);
    }
  g_free (world->values);
}

static guint64 *
combine (const World *world, GError **error)
{
  return koh_reveal_combine (world->messages, FALSE, &three_session, ROWS, WIDTH, NULL, error);
}

static void
test_opens (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  g_autofree guint64 *values = NULL;
  g_autoptr (GError) error = NULL;
  KohHash transcript;
  World world;

  world_run (&world, NULL, mesh);
  values = koh_reveal_combine (world.messages, FALSE, &three_session, ROWS, WIDTH, &transcript, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values, ROWS * 8, world.values, ROWS * 8);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_true (koh_hash_equal (&transcript, &world.transcripts[i]));
  world_clear (&world);
}

static void
test_plain (void)
{
  g_autoptr (KohParty) party = koh_party_new_plain ();
  g_autofree guint64 *values = NULL;
  g_autoptr (GError) error = NULL;
  World world = { .values = three_random (8, ROWS, WIDTH) };

  release (party, &world);
  values = koh_reveal_combine (world.messages, TRUE, NULL, ROWS, WIDTH, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values, ROWS * 8, world.values, ROWS * 8);
  g_assert_null (combine (&world, NULL)); /* a plain copy is no answer of three */
  world_clear (&world);
}

/* The shares that leave are not those of the computation, and have nothing beyond the rows. */
static void
test_fresh_shares (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  const gsize words = (ROWS + 63) / 64, head = 4 + 1 + 32 + 32 + 8;
  World world;

  world_run (&world, NULL, mesh);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (world.messages[i], &size);
      guint64 share[2 * WIDTH * 2];

      g_assert_cmpuint (size, ==, head + 2 * WIDTH * words * 8);
      memcpy (share, bytes + head, sizeof share);
      for (guint p = 0; p < 2 * WIDTH; p++)
        {
          const guint64 *old =
              p < WIDTH ? world.before[i]->own + 2 * p : world.before[i]->next + 2 * (p - WIDTH);

          g_assert_cmphex (share[2 * p], !=, old[0]);
          g_assert_cmphex (share[2 * p + 1] >> (ROWS - 64), ==, 0);
        }
    }
  world_clear (&world);
}

/* Any changed bit of any share, in any of the three messages. */
static void
test_three_pairs (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  const gsize head = 4 + 1 + 32 + 32 + 8;
  World world;

  world_run (&world, NULL, mesh);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      GBytes *held = world.messages[i];
      const gsize size = g_bytes_get_size (held);

      for (gsize at = head - 40; at < size; at += at < head - 8 ? 31 : 13)
        {
          guint8 *copy = g_memdup2 (g_bytes_get_data (held, NULL), size);
          g_autoptr (GError) error = NULL;

          if (at >= head - 8 && at < head)
            at = head;
          copy[at] ^= 4;
          world.messages[i] = g_bytes_new_take (copy, size);
          g_assert_null (combine (&world, &error));
          g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
          g_assert_nonnull (strstr (error->message, "three-pairs"));
          g_bytes_unref (world.messages[i]);
        }
      world.messages[i] = held;
    }
  world_clear (&world);
}

/* A message that is missing, cut, too long, of another member, or for another table. */
static void
test_wrong_message (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  World world;

  world_run (&world, NULL, mesh);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      GBytes *held = world.messages[i];
      const gsize size = g_bytes_get_size (held);

      for (gsize cut = 0; cut < size; cut += 7)
        {
          g_autoptr (GError) error = NULL;

          world.messages[i] = g_bytes_new_from_bytes (held, 0, cut);
          g_assert_null (combine (&world, &error));
          g_assert_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL);
          g_bytes_unref (world.messages[i]);
        }
      world.messages[i] = NULL;
      g_assert_null (combine (&world, NULL));
      world.messages[i] = world.messages[(i + 1) % KOH_PARTIES];
      g_assert_null (combine (&world, NULL));
      world.messages[i] = held;
    }
  g_assert_null (koh_reveal_combine (world.messages, FALSE, &three_session, ROWS + 1, WIDTH, NULL, NULL));
  g_assert_null (koh_reveal_combine (world.messages, FALSE, &three_session, ROWS, WIDTH - 1, NULL, NULL));
  world_clear (&world);
}

static void
test_other_session (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  static const KohHash other = { { 1 } };
  World world;

  world_run (&world, NULL, mesh);
  g_assert_null (koh_reveal_combine (world.messages, FALSE, &other, ROWS, WIDTH, NULL, NULL));
  world_clear (&world);
}

/* What P_0 sends in a release to P_1: the seed, the counts; of the proof, which has three folds, the weights'
 * seed, two coins, the echo, its values; the ok. To P_2: the AND, the counts, three shares, its values, the ok. */
static void
tamper (guint from, guint to, guint message, World *world)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *channels[KOH_PARTIES] = { NULL };
  g_autoptr (KohChannel) channel =
      three_tamper_new (koh_memory_mesh_get (mesh, from), THREE_FLIP, to, message, 20);

  channels[from] = channel;
  world_run (world, channels, mesh);
}

static void
assert_stopped (const World *world, const char *id, guint at)
{
  g_assert_error (world->errors[at], KOH_ERROR, KOH_ERROR_CHECK);
  g_assert_nonnull (strstr (world->errors[at]->message, id));
  g_assert_null (world->messages[at]);
}

static void
test_gate_counts (void)
{
  World world;

  tamper (0, 1, 1, &world);
  assert_stopped (&world, "gate-counts", 1);
  world_clear (&world);
  tamper (0, 2, 1, &world);
  assert_stopped (&world, "gate-counts", 2);
  world_clear (&world);
}

static void
test_ok_barrier (void)
{
  World world;

  tamper (0, 1, 7, &world);
  assert_stopped (&world, "ok-barrier", 1);
  world_clear (&world);
  tamper (0, 2, 6, &world);
  assert_stopped (&world, "ok-barrier", 2);
  world_clear (&world);
}

/* A wrong seed reaches P_1: its two shares differ from the others' copies, so there is no answer. */
static void
test_other_seed (void)
{
  World world;
  g_autoptr (GError) error = NULL;

  tamper (0, 1, 0, &world);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (world.errors[i]);
  g_assert_null (combine (&world, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  world_clear (&world);
}

/* One member has done more than the others. */
static void
release_unequally (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);
  g_autoptr (KohBits) x = koh_bits_constant (party, ROWS, WIDTH, 5);

  if (me == 1)
    koh_bits_free (koh_input_member (party, 0, "more", 0, 0, NULL));
  world->messages[me] = koh_release (party, x, NULL, NULL);
}

static void
test_unequal_programs (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  World world = { NULL };

  three_run (mesh, NULL, release_unequally, &world, world.errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_assert_nonnull (world.errors[i]);
      g_assert_null (world.messages[i]);
    }
  world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/reveal/opens", test_opens);
  g_test_add_func ("/mpc/reveal/opens-plain", test_plain);
  g_test_add_func ("/mpc/reveal/shares-that-leave-are-fresh", test_fresh_shares);
  g_test_add_func ("/mpc/reveal/changed-share-gives-no-answer", test_three_pairs);
  g_test_add_func ("/mpc/reveal/wrong-message-gives-no-answer", test_wrong_message);
  g_test_add_func ("/mpc/reveal/other-session-gives-no-answer", test_other_session);
  g_test_add_func ("/mpc/reveal/unequal-gate-counts-stop", test_gate_counts);
  g_test_add_func ("/mpc/reveal/changed-ok-stops", test_ok_barrier);
  g_test_add_func ("/mpc/reveal/other-seed-gives-no-answer", test_other_seed);
  g_test_add_func ("/mpc/reveal/unequal-programs-stop", test_unequal_programs);
  return g_test_run ();
}
