/* SPDX-License-Identifier: EUPL-1.2
 *
 * Sharing by members and by owners outside, and what happens where shares are tampered with. */
#include "three.h"

#include "common/error.h"
#include "mpc/input.h"

#include <string.h>

#define ROWS 130
#define WIDTH 5
#define WORDS 3

typedef struct
{
  guint64 *planes;
  GBytes *messages[KOH_PARTIES];
  KohBits *shares[KOH_PARTIES];
  KohCost costs[KOH_PARTIES];
} World;

static void
world_init (World *world)
{
  g_autofree guint64 *values = three_random (3, ROWS, WIDTH);

  memset (world, 0, sizeof *world);
  world->planes = three_planes (values, ROWS, WIDTH);
  koh_input_deal (&three_session, "outside", ROWS, WIDTH, world->planes, world->messages);
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_clear_pointer (&world->messages[i], g_bytes_unref);
      g_clear_pointer (&world->shares[i], koh_bits_free);
    }
  g_free (world->planes);
}

static void
receive (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);

  world->shares[me] = koh_input_receive (party, "outside", ROWS, WIDTH, world->messages[me]);
  world->costs[me] = koh_party_get_cost (party);
}

static void
share_own (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);

  world->shares[me] = koh_input_member (party, 1, "inside", ROWS, WIDTH, me == 1 ? world->planes : NULL);
  world->costs[me] = koh_party_get_cost (party);
}

static void
assert_shared (const World *world)
{
  for (guint i = 0; i < WORDS * WIDTH; i++)
    {
      guint64 sum = 0;

      for (guint j = 0; j < KOH_PARTIES; j++)
        {
          g_assert_cmphex (world->shares[j]->next[i], ==, world->shares[(j + 1) % KOH_PARTIES]->own[i]);
          sum ^= world->shares[j]->own[i];
        }
      g_assert_cmphex (sum, ==, world->planes[i]);
    }
}

static void
run (World *world, KohChannel *channels[KOH_PARTIES], KohMemoryMesh *mesh, ThreeProgram program,
     GError *errors[KOH_PARTIES])
{
  three_run (mesh, channels, program, world, errors);
}

static void
clear_errors (GError *errors[KOH_PARTIES])
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_clear_error (&errors[i]);
}

static void
test_outside (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  World world;

  world_init (&world);
  run (&world, NULL, mesh, receive, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (errors[i]);
  assert_shared (&world);
  world_clear (&world);
}

/* One bit a bit goes to one member, and x_{i+2} is 0. */
static void
test_member (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  World world;

  world_init (&world);
  run (&world, NULL, mesh, share_own, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (errors[i]);
  assert_shared (&world);
  for (guint i = 0; i < WORDS * WIDTH; i++)
    g_assert_cmphex (world.shares[0]->own[i], ==, 0);
  g_assert_cmpuint (world.costs[1].input_bytes, ==, sizeof (KohHash) + WORDS * WIDTH * 8);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_cmpuint (world.costs[i].bytes_sent, ==, 0);
  world_clear (&world);
}

/* No share of an all-zero column looks like it, and two sharings have nothing in common. */
static void
test_shares_look_random (void)
{
  g_autofree guint64 *zeros = g_new0 (guint64, WORDS * WIDTH);
  guint ones[2][2] = { { 0 } };
  GBytes *messages[2][KOH_PARTIES];

  for (guint time = 0; time < 2; time++)
    koh_input_deal (&three_session, "outside", ROWS, WIDTH, zeros, messages[time]);
  for (guint time = 0; time < 2; time++)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (messages[time][1], &size);
      const guint8 *others = g_bytes_get_data (messages[1 - time][1], NULL);

      for (gsize i = sizeof (KohHash) + 32; i < size; i++)
        {
          ones[time][0] += (guint) __builtin_popcount (bytes[i]);
          ones[time][1] += (guint) __builtin_popcount (bytes[i] ^ others[i]);
        }
    }
  /* 960 bits: 480 expected, a standard deviation of 15.5; seven of them. */
  for (guint time = 0; time < 2; time++)
    for (guint kind = 0; kind < 2; kind++)
      g_assert_true (ones[time][kind] > 371 && ones[time][kind] < 589);
  for (guint time = 0; time < 2; time++)
    for (guint i = 0; i < KOH_PARTIES; i++)
      g_bytes_unref (messages[time][i]);
}

/* The owner deals one member another share than its neighbour: a bit of x_2, or of a seed. */
static void
test_inconsistent (void)
{
  for (guint member = 0; member < KOH_PARTIES; member++)
    for (gsize at = sizeof (KohHash); at < sizeof (KohHash) + 64; at += 32)
      {
        g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
        GError *errors[KOH_PARTIES];
        guint failed = 0, checked = 0;
        World world;
        GBytes *message;
        gsize size;
        guint8 *bytes;

        world_init (&world);
        message = g_steal_pointer (&world.messages[member]);
        bytes = g_bytes_unref_to_data (message, &size);
        bytes[at] ^= 1;
        world.messages[member] = g_bytes_new_take (bytes, size);
        run (&world, NULL, mesh, receive, errors);
        for (guint i = 0; i < KOH_PARTIES; i++)
          {
            failed += errors[i] != NULL;
            checked += g_error_matches (errors[i], KOH_ERROR, KOH_ERROR_CHECK) &&
                       strstr (errors[i]->message, "input-consistency") != NULL;
          }
        g_assert_cmpuint (checked, >=, 1);
        g_assert_cmpuint (failed, >=, 2);
        clear_errors (errors);
        world_clear (&world);
      }
}

/* Dealt for another session, column or size. */
static void
test_binding (void)
{
  static const KohHash other = { { 1 } };

  for (guint kind = 0; kind < 4; kind++)
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GError *errors[KOH_PARTIES];
      World world;

      world_init (&world);
      for (guint i = 0; i < KOH_PARTIES; i++)
        g_bytes_unref (world.messages[i]);
      koh_input_deal (kind == 0 ? &other : &three_session, kind == 1 ? "outsider" : "outside",
                      kind == 2 ? ROWS + 1 : ROWS, kind == 3 ? WIDTH - 1 : WIDTH, world.planes,
                      world.messages);
      run (&world, NULL, mesh, receive, errors);
      for (guint i = 0; i < KOH_PARTIES; i++)
        g_assert_true (g_error_matches (errors[i], KOH_ERROR, KOH_ERROR_PROTOCOL) ||
                       g_error_matches (errors[i], KOH_ERROR, KOH_ERROR_STOPPED));
      clear_errors (errors);
      world_clear (&world);
    }
}

/* Every length but the right one, and no message at all. */
static void
test_wrong_length (void)
{
  for (guint kind = 0; kind < 4; kind++)
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GError *errors[KOH_PARTIES];
      World world;
      GBytes *message;
      gsize size;

      world_init (&world);
      message = g_steal_pointer (&world.messages[2]);
      size = g_bytes_get_size (message);
      if (kind == 0)
        world.messages[2] = g_bytes_new_from_bytes (message, 0, size - 1);
      else if (kind == 1)
        world.messages[2] = g_bytes_new (g_bytes_get_data (message, NULL), 0);
      else if (kind == 2)
        world.messages[2] = g_bytes_new_from_bytes (message, 0, 40);
      g_bytes_unref (message);
      run (&world, NULL, mesh, receive, errors);
      g_assert_error (errors[2], KOH_ERROR, KOH_ERROR_PROTOCOL);
      g_assert_nonnull (errors[0]);
      g_assert_nonnull (errors[1]);
      clear_errors (errors);
      world_clear (&world);
    }
}

/* A member that shares another column than the one that is due. */
static void
share_other_labels (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);

  world->shares[me] =
      koh_input_member (party, 1, me == 1 ? "that" : "this", ROWS, WIDTH, me == 1 ? world->planes : NULL);
}

static void
test_member_binding (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  World world;

  world_init (&world);
  run (&world, NULL, mesh, share_other_labels, errors);
  g_assert_error (errors[2], KOH_ERROR, KOH_ERROR_MISMATCH);
  clear_errors (errors);
  world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/input/owner-outside", test_outside);
  g_test_add_func ("/mpc/input/owner-in-the-committee", test_member);
  g_test_add_func ("/mpc/input/shares-look-random", test_shares_look_random);
  g_test_add_func ("/mpc/input/inconsistent-dealer-stops", test_inconsistent);
  g_test_add_func ("/mpc/input/other-session-or-column-stops", test_binding);
  g_test_add_func ("/mpc/input/wrong-length-stops", test_wrong_length);
  g_test_add_func ("/mpc/input/member-sharing-another-column-stops", test_member_binding);
  return g_test_run ();
}
