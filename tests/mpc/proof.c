/* SPDX-License-Identifier: EUPL-1.2
 *
 * A member that cheats, in every role: whatever it changes, sends too early or keeps, the two honest ones
 * release nothing wrong, and stop. */
#include "three.h"

#include "common/error.h"
#include "mpc/gf64.h"
#include "mpc/input.h"
#include "mpc/prg.h"
#include "mpc/reveal.h"
#include "mpc/verify.h"

#include <pthread.h>
#include <string.h>

#define ROWS 70
#define WIDTH 3
#define BATCH 24

typedef enum
{
  HONEST,
  FLIP,     /* one bit of a message */
  WITHHOLD, /* a message, and leave */
  REPLACE,  /* a message of 8 bytes by a number */
} Cheat;

typedef struct
{
  /* What is done. */
  guint batch;   /* words; 0: as in use */
  gboolean once; /* one AND, nothing else */
  gboolean consistent; /* the cheater uses the product that it sent, where it flips a bit of it */
  Cheat cheat;
  guint from, to, message;
  gsize bit;
  guint64 number;
  gboolean adapt; /* after the flip of a product, make every sum right */
  /* What came of it. */
  KohMemoryMesh *mesh;
  pthread_mutex_t mutex;
  guint sent[KOH_PARTIES][KOH_PARTIES];
  gsize sizes[KOH_PARTIES][KOH_PARTIES][200];
  guint64 delta;
  gsize last_share;
  GBytes *messages[KOH_PARTIES];
  GError *errors[KOH_PARTIES];
  gboolean caught_up[KOH_PARTIES];
} World;

/* All kinds of gates, and inner products: (x ∧ y) where x < y ∨ x, as an index of a table. */
static KohBits *
compute (KohParty *party, const World *world, const KohBits *x, const KohBits *y)
{
  g_autoptr (KohBits) both = koh_bits_and (party, x, y);
  g_autoptr (KohBits) some = NULL;
  g_autoptr (KohBits) less = NULL;
  g_autoptr (KohBits) code = NULL;
  g_autoptr (KohBits) sum = NULL;
  const KohBits *leaves[5] = { x, y, both, NULL, x };

  if (world->once)
    return g_steal_pointer (&both);
  some = koh_bits_or (party, x, y);
  less = koh_bits_less (party, x, some);
  code = koh_bits_mux (party, less, both, x);
  sum = koh_bits_add (party, code, y, WIDTH);
  return koh_bits_select (party, sum, leaves, 5, WIDTH);
}

static void
work (KohParty *party, gpointer data)
{
  World *world = data;
  const guint me = koh_party_get_index (party);
  g_autofree guint64 *values = three_random (4, ROWS, WIDTH);
  g_autofree guint64 *planes = three_planes (values, ROWS, WIDTH);
  g_autofree guint64 *other = three_random (5, ROWS, WIDTH);
  g_autofree guint64 *other_planes = three_planes (other, ROWS, WIDTH);
  const gboolean plain = koh_party_is_plain (party);
  g_autoptr (KohBits) x = koh_input_member (party, 0, "x", ROWS, WIDTH, plain || me == 0 ? planes : NULL);
  g_autoptr (KohBits) y = koh_input_member (party, 1, "y", ROWS, WIDTH, plain || me == 1 ? other_planes : NULL);
  g_autoptr (KohBits) table = NULL;

  if (world->batch > 0)
    koh_verify_set_batch (party, world->batch);
  table = compute (party, world, x, y);
  if (world->consistent && me == world->from)
    table->own[0] ^= 1;
  world->caught_up[me] = koh_verify_before_opening (party);
  world->messages[me] = koh_release (party, table, NULL, NULL);
  if (!plain)
    koh_memory_mesh_get (world->mesh, me)->close (koh_memory_mesh_get (world->mesh, me), NULL);
}

/* The weight of the first gate of the batch, times what a share's error becomes at a coin. */
static guint64
first_weight (GBytes *seed)
{
  guint8 key[KOH_PRG_KEY] = { 0 }, derived[KOH_PRG_KEY];
  guint64 weight;

  memcpy (key, g_bytes_get_data (seed, NULL), 16);
  koh_prg_derive (derived, key, &three_session, "proof", "weights", 0);
  koh_prg_fill (derived, 0, &weight, sizeof weight);
  return weight;
}

static guint64
value_at_coin (guint64 first_value, guint points, GBytes *coin)
{
  guint64 coefficients[256], r;

  memcpy (&r, g_bytes_get_data (coin, NULL), sizeof r);
  koh_gf64_lagrange (coefficients, points, r);
  return koh_gf64_mul (coefficients[0], first_value);
}

#define SHARE_0 504 /* bytes of 63 values; then 15, then 33 */
#define SHARE_1 120
#define SHARE_2 264

/* With one AND of six words there are three folds, and every message of the proof is known by its size. */
static void
adapt (World *world, guint from, guint to, GBytes *message, guint8 *copy)
{
  const gsize size = g_bytes_get_size (message);
  const guint before = (world->from + 2) % KOH_PARTIES;
  guint64 first;

  if (from == before && to == world->from && size == 16)
    world->delta = first_weight (message);
  if (from == before && to == world->from && size == 8)
    world->delta = value_at_coin (world->delta, (guint) world->last_share / 8, message);
  if (from == world->from && to == before && (size == SHARE_0 || size == SHARE_1 || size == SHARE_2))
    {
      memcpy (&first, copy, sizeof first);
      first ^= world->delta;
      memcpy (copy, &first, sizeof first);
      world->last_share = size;
    }
}

static GBytes *
cheat (guint from, guint to, GBytes *message, gpointer data)
{
  World *world = data;
  const gsize size = g_bytes_get_size (message);
  guint8 *copy;
  guint number;

  pthread_mutex_lock (&world->mutex);
  number = world->sent[from][to]++;
  if (number < G_N_ELEMENTS (world->sizes[0][0]))
    world->sizes[from][to][number] = size;
  copy = g_memdup2 (g_bytes_get_data (message, NULL), size);
  if (world->adapt)
    adapt (world, from, to, message, copy);
  pthread_mutex_unlock (&world->mutex);
  if (from == world->from && to == world->to && number == world->message && world->cheat != HONEST)
    {
      if (world->cheat == WITHHOLD)
        {
          KohChannel *channel = koh_memory_mesh_get (world->mesh, from);

          channel->close (channel, NULL);
          g_free (copy);
          return NULL;
        }
      if (world->cheat == REPLACE && size == 8)
        memcpy (copy, &world->number, 8);
      if (world->cheat == FLIP)
        copy[world->bit / 8 % size] ^= (guint8) (1u << (world->bit % 8));
    }
  return g_bytes_new_take (copy, size);
}

static void
world_run (World *world)
{
  pthread_mutex_init (&world->mutex, NULL);
  world->mesh = koh_memory_mesh_new ();
  koh_memory_mesh_set_tamper (world->mesh, cheat, world);
  three_run (world->mesh, NULL, work, world, world->errors);
  koh_memory_mesh_free (world->mesh);
  pthread_mutex_destroy (&world->mutex);
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      g_clear_pointer (&world->messages[i], g_bytes_unref);
      g_clear_error (&world->errors[i]);
    }
}

static guint64 *
combine (const World *world)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (world->messages[i] == NULL)
      return NULL;
  return koh_reveal_combine (world->messages, FALSE, &three_session, ROWS, WIDTH, NULL, NULL);
}

static guint64 *
expected (gboolean once)
{
  g_autoptr (KohParty) party = koh_party_new_plain ();
  World world = { .once = once };
  guint64 *values;

  work (party, &world);
  values = koh_reveal_combine (world.messages, TRUE, NULL, ROWS, WIDTH, NULL, NULL);
  world_clear (&world);
  return values;
}

/* The two members that did not cheat have released nothing, and know why. */
static void
assert_stopped (const World *world)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != world->from)
      {
        g_assert_null (world->messages[i]);
        g_assert_nonnull (world->errors[i]);
        g_assert_true (g_error_matches (world->errors[i], KOH_ERROR, KOH_ERROR_CHECK) ||
                       g_error_matches (world->errors[i], KOH_ERROR, KOH_ERROR_STOPPED));
      }
}

static void
assert_names (const World *world, guint at, const char *id)
{
  g_assert_error (world->errors[at], KOH_ERROR, KOH_ERROR_CHECK);
  g_assert_nonnull (strstr (world->errors[at]->message, id));
}

/* The one that saw it first; the other may only have seen it leave. */
static void
assert_somebody_names (const World *world, const char *id)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != world->from && g_error_matches (world->errors[i], KOH_ERROR, KOH_ERROR_CHECK))
      {
        assert_names (world, i, id);
        return;
      }
  g_assert_not_reached ();
}

/* Any size of batch, down to one for every operation; and every way to multiply. */
static void
test_honest (void)
{
  static const guint batches[] = { 0, 1, 5, 7, 24, 40, 1000 };
  g_autofree guint64 *right = expected (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (batches) + koh_gf64_ways (); i++)
    {
      World world = { .batch = i < G_N_ELEMENTS (batches) ? batches[i] : 5 };
      g_autofree guint64 *values = NULL;

      koh_gf64_choose (i < G_N_ELEMENTS (batches) ? G_MAXUINT : i - (guint) G_N_ELEMENTS (batches));
      world_run (&world);
      for (guint j = 0; j < KOH_PARTIES; j++)
        {
          g_assert_no_error (world.errors[j]);
          g_assert_true (world.caught_up[j]);
        }
      values = combine (&world);
      g_assert_nonnull (values);
      g_assert_cmpmem (values, ROWS * 8, right, ROWS * 8);
      world_clear (&world);
    }
}

/* A product of a member's choice, sent and used. */
static void
test_wrong_product (void)
{
  for (guint from = 0; from < KOH_PARTIES; from++)
    {
      World world = { .once = TRUE, .consistent = TRUE, .cheat = FLIP, .from = from, .to = (from + 2) % 3,
                      .message = 0 };

      world_run (&world);
      assert_stopped (&world);
      assert_somebody_names (&world, "proof-sum");
      world_clear (&world);
    }
}

/* The same, and a proof of it whose sums are right. */
static void
test_adaptive (void)
{
  for (guint from = 0; from < KOH_PARTIES; from++)
    {
      World world = { .once = TRUE, .consistent = TRUE, .cheat = FLIP, .from = from, .to = (from + 2) % 3,
                      .message = 0, .adapt = TRUE };

      world_run (&world);
      assert_stopped (&world);
      assert_somebody_names (&world, "proof-product");
      g_assert_cmphex (world.delta, !=, 0);
      world_clear (&world);
    }
}

/* The number of the first message of @size bytes after the input. */
static guint
find (const World *world, guint from, guint to, gsize size)
{
  guint i = 1;

  while (i < world->sent[from][to] && world->sizes[from][to][i] != size)
    i++;
  g_assert_cmpuint (i, <, world->sent[from][to]);
  return i;
}

static void
test_coin_range (void)
{
  World honest = { .once = TRUE };

  world_run (&honest);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (guint fold = 0; fold < 2; fold++)
      for (guint64 r = 0; r < (fold == 0 ? 32 : 8); r += 7)
        {
          const guint to = (from + 1) % 3;
          World world = { .once = TRUE, .cheat = REPLACE, .from = from, .to = to, .number = r };

          world.message = find (&honest, from, to, 16) + 1 + fold;
          g_assert_cmpuint (honest.sizes[from][to][world.message], ==, 8);
          world_run (&world);
          assert_stopped (&world);
          assert_names (&world, to, "proof-coin-range");
          world_clear (&world);
        }
  world_clear (&honest);
}

/* Another coin outside the points, or another seed: the prover cannot know, but its echo tells. */
static void
test_wrong_coin (void)
{
  World honest = { .once = TRUE };

  world_run (&honest);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (guint which = 0; which < 3; which++)
      {
        const guint to = (from + 1) % 3;
        World world = { .once = TRUE, .cheat = FLIP, .from = from, .to = to, .bit = 63 };

        world.message = find (&honest, from, to, 16) + which;
        world_run (&world);
        assert_stopped (&world);
        assert_names (&world, (to + 1) % 3, "proof-echo");
        world_clear (&world);
      }
  world_clear (&honest);
}

static void
test_wrong_echo (void)
{
  World honest = { .once = TRUE };

  world_run (&honest);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (gsize bit = 0; bit < 256; bit += 15)
      {
        const guint to = (from + 1) % 3;
        World world = { .once = TRUE, .cheat = FLIP, .from = from, .to = to, .bit = bit };

        world.message = find (&honest, from, to, 16) + 3;
        g_assert_cmpuint (honest.sizes[from][to][world.message], ==, 32);
        world_run (&world);
        assert_stopped (&world);
        assert_names (&world, to, "proof-echo");
        world_clear (&world);
      }
  world_clear (&honest);
}

static gboolean
is_input (guint from, guint to, guint message)
{
  return message == 0 && from < 2 && to == from + 1;
}

/* Random bits of every message: products of every kind of gate to each receiver, shares, seeds, coins, echoes,
 * values, counts. The seed of the release's shares makes copies that differ, which the asker sees; and an ok is
 * the last word, so that the third member may have released the right thing. */
static void
test_random_flips (void)
{
  g_autofree guint64 *right = expected (FALSE);
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  World honest = { .batch = BATCH };
  guint tried = 0;

  world_run (&honest);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (guint step = 1; step < KOH_PARTIES; step++)
      {
        const guint to = (from + step) % 3, n = honest.sent[from][to];

        for (guint i = 0; i < 5 * n; i++, tried++)
          {
            World world = { .batch = BATCH, .cheat = FLIP, .from = from, .to = to, .message = i / 5 };
            g_autofree guint64 *values = NULL;
            gsize bits = honest.sizes[from][to][world.message] * 8;

            world.bit = (gsize) g_rand_int_range (random, 0, (gint32) bits);
            world_run (&world);
            values = combine (&world);
            g_assert_null (values);
            for (guint j = 0; j < KOH_PARTIES; j++)
              if (world.messages[j] != NULL && world.message + 1 < n)
                g_assert_true (from == 0 && to == 1 && world.message + 3 == n);
            if (world.message + 1 < n && !is_input (from, to, world.message) &&
                !(from == 0 && to == 1 && world.message + 3 == n))
              assert_stopped (&world);
            world_clear (&world);
          }
      }
  g_test_message ("%u messages changed", tried);
  g_assert_cmpuint (tried, >=, 500);
  g_assert_nonnull (right);
  world_clear (&honest);
}

/* Every message in turn is not sent, and its sender leaves: the others stop too, and nobody waits for ever. */
static void
test_withheld (void)
{
  World honest = { .batch = BATCH };

  world_run (&honest);
  for (guint from = 0; from < KOH_PARTIES; from++)
    for (guint step = 1; step < KOH_PARTIES; step++)
      for (guint i = 0; i < honest.sent[from][(from + step) % 3]; i++)
        {
          const guint to = (from + step) % 3;
          World world = { .batch = BATCH, .cheat = WITHHOLD, .from = from, .to = to, .message = i };

          world_run (&world);
          g_assert_null (world.messages[to]);
          g_assert_error (world.errors[to], KOH_ERROR, KOH_ERROR_STOPPED);
          g_assert_null (combine (&world));
          if (i + 1 < honest.sent[from][to])
            assert_stopped (&world);
          world_clear (&world);
        }
  world_clear (&honest);
}

/* What a member sends and receives, in order, written down on the way. */
typedef struct
{
  KohChannel channel;
  KohChannel *inner;
  GString *log;
} Witness;

static gboolean
witness_send (KohChannel *channel, guint party, GBytes *message, GError **error)
{
  Witness *self = (Witness *) channel;

  g_string_append_printf (self->log, " >%u:%u", party, (guint) g_bytes_get_size (message));
  return self->inner->send (self->inner, party, message, error);
}

static GBytes *
witness_recv (KohChannel *channel, guint party, GError **error)
{
  Witness *self = (Witness *) channel;
  GBytes *message = self->inner->recv (self->inner, party, error);

  if (message != NULL)
    g_string_append_printf (self->log, " <%u:%u", party, (guint) g_bytes_get_size (message));
  return message;
}

static void
witness_close (KohChannel *channel, const GError *why)
{
  Witness *self = (Witness *) channel;

  self->inner->close (self->inner, why);
}

static void
multiply_once (KohParty *party, gpointer data)
{
  g_autoptr (KohBits) x = koh_bits_constant (party, ROWS, WIDTH, 5);

  koh_bits_free (koh_bits_and (party, x, x));
  g_assert_true (koh_verify_before_opening (party));
}

/* A left verifier releases the seed after the last product has come, and a coin after the share that it
 * tests; the last fold's never. A right verifier tells its values after the echo. */
static void
test_order (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  KohChannel *channels[KOH_PARTIES];
  Witness witnesses[KOH_PARTIES];
  GError *errors[KOH_PARTIES];

  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      witnesses[i] = (Witness){ { witness_send, witness_recv, witness_close, NULL }, koh_memory_mesh_get (mesh, i),
                                g_string_new (NULL) };
      channels[i] = &witnesses[i].channel;
    }
  three_run (mesh, channels, multiply_once, NULL, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      const guint b = (i + 2) % 3, a = (i + 1) % 3;
      g_autofree char *log = g_strdup_printf (
          " >%u:48 <%u:48 >%u:32 >%u:32 <%u:32 <%u:32 >%u:16 <%u:16"
          " >%u:504 <%u:504 >%u:8 <%u:8 >%u:120 <%u:120 >%u:8 <%u:8 >%u:264 <%u:264"
          " >%u:32 <%u:32 >%u:40 >%u:40 <%u:40 <%u:40",
          b, a, b, a, a, b, a, b, b, a, a, b, b, a, a, b, b, a, a, b, b, a, b, a);

      g_assert_no_error (errors[i]);
      g_assert_cmpstr (witnesses[i].log->str, ==, log);
      g_string_free (witnesses[i].log, TRUE);
    }
}

/* No batch proves with what an earlier one proved with: of the same multiplications, everything differs. */
static void
multiply_twice (KohParty *party, gpointer data)
{
  g_autoptr (KohBits) x = koh_bits_constant (party, ROWS, WIDTH, 5);

  koh_verify_set_batch (party, 1);
  for (guint i = 0; i < 2; i++)
    koh_bits_free (koh_bits_and (party, x, x));
}

typedef struct
{
  pthread_mutex_t mutex;
  GPtrArray *messages;
  guint repeated;
} Seen;

static void
see (guint from, guint to, GBytes *message, gpointer data)
{
  Seen *seen = data;

  pthread_mutex_lock (&seen->mutex);
  for (guint i = 0; i < seen->messages->len; i++)
    seen->repeated += g_bytes_equal (seen->messages->pdata[i], message);
  g_ptr_array_add (seen->messages, g_bytes_new (g_bytes_get_data (message, NULL), g_bytes_get_size (message)));
  pthread_mutex_unlock (&seen->mutex);
}

static void
test_batches_differ (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Seen seen = { PTHREAD_MUTEX_INITIALIZER, messages, 0 };
  GError *errors[KOH_PARTIES];

  koh_memory_mesh_set_tap (mesh, see, &seen);
  three_run (mesh, NULL, multiply_twice, NULL, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (errors[i]);
  g_assert_cmpuint (messages->len, ==, 2 * 3 * 10);
  g_assert_cmpuint (seen.repeated, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/proof/honest-members-get-the-answer", test_honest);
  g_test_add_func ("/mpc/proof/wrong-product-stops", test_wrong_product);
  g_test_add_func ("/mpc/proof/wrong-product-with-a-fitted-proof-stops", test_adaptive);
  g_test_add_func ("/mpc/proof/coin-among-the-points-is-refused", test_coin_range);
  g_test_add_func ("/mpc/proof/wrong-coin-stops", test_wrong_coin);
  g_test_add_func ("/mpc/proof/wrong-echo-stops", test_wrong_echo);
  g_test_add_func ("/mpc/proof/any-changed-bit-stops", test_random_flips);
  g_test_add_func ("/mpc/proof/withheld-message-stops", test_withheld);
  g_test_add_func ("/mpc/proof/coins-wait-for-what-they-test", test_order);
  g_test_add_func ("/mpc/proof/batches-share-no-stream", test_batches_differ);
  return g_test_run ();
}
