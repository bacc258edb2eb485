/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a party sends, and what it makes of what it is sent: products are masked, and messages that are
 * cut, lengthened, or never come end in a failure, not in a wait. */
#include "three.h"

#include "common/error.h"
#include "mpc/input.h"

#include <gio/gio.h>
#include <string.h>

#define ROWS 8192
#define WORDS (ROWS / 64)

/* Three parties multiply two constant columns; a tap keeps what each sent, and what it would have sent
 * without a mask is worked out from its shares. */
typedef struct
{
  guint64 x, y;
  guint64 sent[KOH_PARTIES][WORDS];
  guint64 bare[KOH_PARTIES][WORDS]; /* the leaky control */
} Masking;

static void
keep (guint from, guint to, GBytes *message, gpointer data)
{
  Masking *masking = data;

  g_assert_cmpuint (to, ==, (from + 2) % KOH_PARTIES);
  g_assert_cmpuint (g_bytes_get_size (message), ==, WORDS * 8);
  memcpy (masking->sent[from], g_bytes_get_data (message, NULL), WORDS * 8);
}

static void
multiply (KohParty *party, gpointer data)
{
  Masking *masking = data;
  g_autoptr (KohBits) x = koh_bits_constant (party, ROWS, 1, masking->x);
  g_autoptr (KohBits) y = koh_bits_constant (party, ROWS, 1, masking->y);
  const guint me = koh_party_get_index (party);

  koh_bits_free (koh_bits_and (party, x, y));
  for (guint i = 0; i < WORDS; i++)
    masking->bare[me][i] = (x->own[i] & y->own[i]) ^ (x->own[i] & y->next[i]) ^ (x->next[i] & y->own[i]);
}

static void
mask (Masking *masking)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];

  koh_memory_mesh_set_tap (mesh, keep, masking);
  three_run (mesh, NULL, multiply, masking, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    g_assert_no_error (errors[i]);
}

static guint
count_ones (const guint64 *words)
{
  guint ones = 0;

  for (guint i = 0; i < WORDS; i++)
    ones += (guint) __builtin_popcountll (words[i]);
  return ones;
}

/* 8192 fair bits have 4096 ones, give or take 45; seven times that is what chance will not do. */
static gboolean
looks_random (const guint64 *words)
{
  return ABS ((gint) count_ones (words) - ROWS / 2) < 7 * 46;
}

static void
test_masked (void)
{
  Masking zeros = { 0, 0, { { 0 } }, { { 0 } } }, ones = { 1, 1, { { 0 } }, { { 0 } } };

  mask (&zeros);
  mask (&ones);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      guint64 opened[WORDS];

      g_assert_true (looks_random (zeros.sent[i]));
      g_assert_true (looks_random (ones.sent[i]));
      /* The control: unmasked, constants show. */
      g_assert_false (looks_random (zeros.bare[i]));
      g_assert_false (looks_random (ones.bare[i]));
      g_assert_cmpint (memcmp (ones.sent[i], ones.bare[i], sizeof ones.sent[i]), !=, 0);
      g_assert_cmpint (memcmp (zeros.sent[i], zeros.bare[i], sizeof zeros.sent[i]), !=, 0);
      /* Two neighbours' messages do not cancel the masks; three do, since then they are the product. */
      for (guint j = 0; j < WORDS; j++)
        opened[j] = ones.sent[i][j] ^ ones.sent[(i + 1) % KOH_PARTIES][j];
      g_assert_true (looks_random (opened));
      for (guint j = 0; j < WORDS; j++)
        g_assert_cmphex (opened[j] ^ ones.sent[(i + 2) % KOH_PARTIES][j], ==, G_MAXUINT64);
    }
}

/* Two multiplications of the same shares do not send the same bytes. */

typedef struct
{
  guint64 sent[KOH_PARTIES][2][WORDS];
  guint count[KOH_PARTIES];
} Twice;

static void
keep_twice (guint from, guint to, GBytes *message, gpointer data)
{
  Twice *twice = data;

  memcpy (twice->sent[from][twice->count[from]++], g_bytes_get_data (message, NULL), WORDS * 8);
}

static void
multiply_twice (KohParty *party, gpointer data)
{
  g_autoptr (KohBits) x = koh_bits_constant (party, ROWS, 1, 1);

  for (guint i = 0; i < 2; i++)
    koh_bits_free (koh_bits_and (party, x, x));
}

static void
test_masks_are_not_reused (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  Twice twice = { 0 };

  koh_memory_mesh_set_tap (mesh, keep_twice, &twice);
  three_run (mesh, NULL, multiply_twice, &twice, errors);
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      guint64 sum[WORDS];

      g_assert_no_error (errors[i]);
      for (guint j = 0; j < WORDS; j++)
        sum[j] = twice.sent[i][0][j] ^ twice.sent[i][1][j];
      g_assert_true (looks_random (sum));
    }
}

/* A program with inputs and every kind of operation; each of its messages is spoilt in turn. */

static void
work (KohParty *party, gpointer data)
{
  static const guint64 planes[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  const guint me = koh_party_get_index (party);
  g_autoptr (KohBits) x = koh_input_member (party, 0, "x", 100, 5, me == 0 ? planes : NULL);
  g_autoptr (KohBits) y = koh_input_member (party, 1, "y", 100, 5, me == 1 ? planes : NULL);
  g_autoptr (KohBits) less = koh_bits_less (party, x, y);
  g_autoptr (KohBits) cells = koh_bits_demux (party, less, y, 6);
  g_autoptr (KohCounter) counter = koh_counter_new (party, 6);
  const KohBits *leaves[3] = { x, y, x };

  koh_bits_free (koh_bits_select (party, x, leaves, 3, 5));
  koh_counter_add (counter, cells);
  koh_bits_free (koh_counter_end (counter, 8));
}

static guint
count_errors (GError *errors[KOH_PARTIES])
{
  guint n = 0;

  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      n += errors[i] != NULL;
      g_clear_error (&errors[i]);
    }
  return n;
}

static void
test_spoilt_messages (void)
{
  static const ThreeTamper hows[] = { THREE_CUT, THREE_EMPTY, THREE_LENGTHEN };

  for (guint how = 0; how < G_N_ELEMENTS (hows); how++)
    for (guint from = 0; from < KOH_PARTIES; from++)
      for (guint message = 0; message < 30; message++)
        {
          g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
          KohChannel *channels[KOH_PARTIES] = { NULL };
          const guint to = (from + 2) % KOH_PARTIES;
          g_autoptr (KohChannel) channel =
              three_tamper_new (koh_memory_mesh_get (mesh, from), hows[how], to, message, 0);
          GError *errors[KOH_PARTIES];
          g_autofree char *name = g_strdup_printf ("Member %u", from);

          channels[from] = channel;
          three_run (mesh, channels, work, NULL, errors);
          g_assert_error (errors[to], KOH_ERROR, KOH_ERROR_PROTOCOL);
          g_assert_nonnull (strstr (errors[to]->message, name));
          /* The others may have finished before they needed the one that failed. */
          g_assert_cmpuint (count_errors (errors), >=, 1);
        }
}

/* One member leaves at once; both others fail with its name. */
static void
leave (KohParty *party, gpointer data)
{
  if (koh_party_get_index (party) == GPOINTER_TO_UINT (data))
    koh_party_fail (party, g_error_new_literal (KOH_ERROR, KOH_ERROR_STOPPED, "The power went."));
  work (party, NULL);
}

static void
test_member_leaves (void)
{
  for (guint who = 0; who < KOH_PARTIES; who++)
    {
      g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
      GError *errors[KOH_PARTIES];

      three_run (mesh, NULL, leave, GUINT_TO_POINTER (who), errors);
      for (guint i = 0; i < KOH_PARTIES; i++)
        {
          g_assert_error (errors[i], KOH_ERROR, KOH_ERROR_STOPPED);
          g_assert_nonnull (strstr (errors[i]->message, "The power went."));
        }
      count_errors (errors);
    }
}

/* The channel is closed from another thread while a party waits. */
typedef struct
{
  KohMemoryMesh *mesh;
} Closing;

static void
wait_for_ever (KohParty *party, gpointer data)
{
  const Closing *closing = data;
  KohChannel *channel = koh_memory_mesh_get (closing->mesh, 0);

  if (koh_party_get_index (party) == 0)
    work (party, NULL); /* the two others never send */
  else if (koh_party_get_index (party) == 1)
    {
      g_autoptr (GError) why = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped by the user.");

      g_usleep (20000);
      channel->close (channel, why);
      channel->close (channel, NULL);
    }
}

static void
test_close_wakes (void)
{
  g_autoptr (KohMemoryMesh) mesh = koh_memory_mesh_new ();
  GError *errors[KOH_PARTIES];
  Closing closing = { mesh };

  three_run (mesh, NULL, wait_for_ever, &closing, errors);
  g_assert_error (errors[0], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  count_errors (errors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpc/party/products-are-masked", test_masked);
  g_test_add_func ("/mpc/party/masks-are-not-reused", test_masks_are_not_reused);
  g_test_add_func ("/mpc/party/spoilt-message-stops", test_spoilt_messages);
  g_test_add_func ("/mpc/party/member-leaves-and-all-stop", test_member_leaves);
  g_test_add_func ("/mpc/party/close-wakes-who-waits", test_close_wakes);
  return g_test_run ();
}
