/* SPDX-License-Identifier: EUPL-1.2 */
#include "network.h"

static Network *tls, *plain;

static void
assert_received (KohLink *link, GBytes *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = koh_link_recv (link, 20, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (message, expected));
}

static void
send_all (KohLink *link, GBytes *message)
{
  g_autoptr (GError) error = NULL;

  koh_link_send (link, message, &error);
  g_assert_no_error (error);
}

static void
messages_of_every_length_arrive (gconstpointer data)
{
  Network *network = *(Network *const *) data;
  const gsize sizes[] = { 0, 1, 1000, KOH_FRAME_CUT - 1, KOH_FRAME_CUT, KOH_FRAME_CUT + 1, 3 * KOH_FRAME_CUT,
                          KOH_FRAME_MOST + 1, KOH_CREDIT, KOH_CREDIT + 1, 3 * KOH_CREDIT + 7 };
  g_autoptr (KohLink) near = NULL;
  g_autoptr (KohLink) far = NULL;

  connect_members (network, ASKER, AARHUS, "control", &near, &far);
  g_assert_cmpstr (koh_link_get_peer (near), ==, "aarhus");
  g_assert_cmpstr (koh_link_get_peer (far), ==, "asker");
  g_assert_cmpstr (koh_link_get_purpose (far), ==, "control");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) forth = pattern (sizes[i], i), back = pattern (sizes[i], i + 100);

      send_all (near, forth);
      send_all (far, back);
      assert_received (far, forth);
      assert_received (near, back);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tls = network_new (FALSE, 5000, 20000);
  plain = network_new (TRUE, 5000, 20000);
  g_test_add_data_func ("/net/link/messages-of-every-length-arrive/tls", &tls, messages_of_every_length_arrive);
  g_test_add_data_func ("/net/link/messages-of-every-length-arrive/plain", &plain, messages_of_every_length_arrive);
  status = g_test_run ();
  network_free (tls);
  network_free (plain);
  return status;
}
