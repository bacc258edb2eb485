/* SPDX-License-Identifier: EUPL-1.2
 *
 * peer.ini's group [peer]: what it may say, and what is wrong with it in one sentence. */
#include "peer/config.h"

#include <string.h>

#include "common/error.h"
#include "fixture.h"

static KohConfig *
load (const char *text, GError **error)
{
  g_autofree char *folder = fixture_folder ();
  KohConfig *config;

  if (text != NULL)
    fixture_write (folder, "peer.ini", text, strlen (text));
  config = koh_config_load (folder, error);
  fixture_remove (folder);
  return config;
}

static void
the_group_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohConfig) config =
      load ("[peer]\nname=aarhus\ntitle.da=Århus\norganisation=Region Midtjylland\n"
            "listen=127.0.0.1:7411\nplain=true\npopulation=false\n"
            "[dataset diagnoses]\nkind=event\n",
            &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->name, ==, "aarhus");
  g_assert_cmpstr (config->da, ==, "Århus");
  g_assert_cmpstr (config->en, ==, "aarhus");
  g_assert_cmpstr (config->listen_host, ==, "127.0.0.1");
  g_assert_cmpuint (config->listen_port, ==, 7411);
  g_assert_true (config->plain && config->datasets);
  g_assert_false (config->dial_plain || config->population);
}

static void
a_desk_listens_to_nobody (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohConfig) config = load ("[peer]\nname=asker\n", &error);

  g_assert_no_error (error);
  g_assert_null (config->listen_host);
  g_assert_false (config->datasets);
}

static void
what_is_wrong_is_named (void)
{
  static const char *const cases[][2] = {
    { NULL, "peer.ini" },
    { "", "name" },
    { "name=aarhus\n", "peer.ini" },
    { "[peer]\nname=\n", "name" },
    { "[peer]\nname=a\nlisten=here\n", "listen" },
    { "[peer]\nname=a\nlisten=here:0\n", "listen" },
    { "[peer]\nname=a\nlisten=here:65536\n", "listen" },
    { "[peer]\nname=a\nlisten=:7411\n", "listen" },
    { "[peer]\nname=a\nlisten=::1:7411\n", "listen" },
    { "[peer]\nname=a\nplain=perhaps\n", "plain" },
    { "[peer]\nname=a\npopulation=1 person\n", "population" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load (cases[i][0], &error));
      g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i][1]));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
addresses_stand_in_brackets (void)
{
  g_autofree char *host = NULL;
  guint16 port = 0;

  g_assert_true (koh_config_endpoint ("[::1]:7411", &host, &port, NULL));
  g_assert_cmpstr (host, ==, "::1");
  g_assert_cmpuint (port, ==, 7411);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/config/the-group-is-read", the_group_is_read);
  g_test_add_func ("/peer/config/a-desk-listens-to-nobody", a_desk_listens_to_nobody);
  g_test_add_func ("/peer/config/what-is-wrong-is-named", what_is_wrong_is_named);
  g_test_add_func ("/peer/config/addresses-stand-in-brackets", addresses_stand_in_brackets);
  return g_test_run ();
}
