/* SPDX-License-Identifier: EUPL-1.2
 *
 * init, card, trust: who we are and whom we trust. */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "net/identity.h"
#include "peer/command.h"
#include "peer/config.h"

/* Refuses everything until its owner has written what it shall allow. */
static const char first_policy[] = "{\n"
                                   "  \"kohorte_policy\": 1,\n"
                                   "  \"accept\": \"refuse\",\n"
                                   "  \"reason\": \"The data owner has not written a policy yet\",\n"
                                   "  \"k\": 5,\n"
                                   "  \"modes\": [\"approved\"],\n"
                                   "  \"analyses\": [\"count\", \"attrition\", \"crosstab\"],\n"
                                   "  \"purposes\": [\"research\", \"quality\", \"statistics\"],\n"
                                   "  \"datasets\": [\"*\"]\n"
                                   "}\n";

static gboolean
write_file (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return g_file_test (path, G_FILE_TEST_EXISTS) || koh_place_write (path, bytes, 0644, error);
}

static gboolean
write_ini (const char *folder, const KohIdentityOptions *options, const char *listen, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;

  g_key_file_set_string (file, "peer", "name", options->name);
  g_key_file_set_string (file, "peer", "title.da", options->da);
  g_key_file_set_string (file, "peer", "title.en", options->en);
  g_key_file_set_string (file, "peer", "organisation", options->organisation);
  if (listen != NULL)
    g_key_file_set_string (file, "peer", "listen", listen);
  text = g_key_file_to_data (file, NULL, NULL);
  return write_file (folder, "peer.ini", text, error);
}

gboolean
koh_command_init (int argc, char **argv, GError **error)
{
  static const char usage[] = "init FOLDER --name NAME --organisation TEXT (--listen HOST:PORT | --desk)";
  g_autofree char *name = NULL, *organisation = NULL, *listen = NULL, *da = NULL, *en = NULL, *host = NULL;
  gboolean desk = FALSE;
  guint16 port = 0;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { "organisation", 0, 0, G_OPTION_ARG_STRING, &organisation, NULL, NULL },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, NULL, NULL },
    { "title-da", 0, 0, G_OPTION_ARG_STRING, &da, NULL, NULL },
    { "title-en", 0, 0, G_OPTION_ARG_STRING, &en, NULL, NULL },
    { "desk", 0, 0, G_OPTION_ARG_NONE, &desk, NULL, NULL },
    { NULL },
  };
  KohIdentityOptions options = { 0 };

  if (!koh_command_parse (&argc, &argv, entries, 1, 1, usage, error))
    return FALSE;
  if (name == NULL || organisation == NULL || (listen == NULL) != desk)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE, "Usage: kohorte-peer %s", usage);
      return FALSE;
    }
  if (!desk && !koh_config_endpoint (listen, &host, &port, error))
    return FALSE;
  if (g_mkdir_with_parents (argv[1], 0700) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be made: %s", argv[1], g_strerror (errno));
      return FALSE;
    }
  options =
      (KohIdentityOptions){ name, da != NULL ? da : name, en != NULL ? en : name, organisation, !desk, host,
                            port };
  return koh_identity_create (argv[1], &options, error) && write_ini (argv[1], &options, listen, error) &&
         (desk || write_file (argv[1], "policy.json", first_policy, error));
}

gboolean
koh_command_card (int argc, char **argv, GError **error)
{
  g_autoptr (KohIdentity) identity = NULL;

  if (!koh_command_parse (&argc, &argv, NULL, 1, 1, "card FOLDER", error))
    return FALSE;
  identity = koh_identity_load (argv[1], error);
  if (identity == NULL)
    return FALSE;
  fputs (koh_identity_card (identity)->text, stdout);
  return TRUE;
}

/* ---- Trust --------------------------------------------------------------------------------- */

static gboolean
pin (const char *folder, const KohCard *card, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "trust", NULL);
  g_autofree char *text = NULL;
  g_autofree char *pinned = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char hex[65];

  sodium_bin2hex (hex, sizeof hex, card->organisation_key, sizeof card->organisation_key);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    text = g_strdup ("");
  if (strstr (text, hex) != NULL)
    return TRUE;
  pinned =
      g_strdup_printf ("%s%s%s\n", text, *text == '\0' || g_str_has_suffix (text, "\n") ? "" : "\n", hex);
  bytes = g_bytes_new (pinned, strlen (pinned));
  return koh_place_write (path, bytes, 0644, error);
}

gboolean
koh_command_trust (int argc, char **argv, GError **error)
{
  g_autoptr (KohIdentity) identity = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (KohCard) card = NULL;
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  gsize size;
  const char *data;

  if (!koh_command_parse (&argc, &argv, NULL, 2, 2, "trust FOLDER CARD-FILE", error))
    return FALSE;
  identity = koh_identity_load (argv[1], error);
  bytes = identity != NULL ? koh_place_read (argv[2], 65536, error) : NULL;
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  text = g_strndup (data, size);
  card = koh_card_parse (text, error);
  if (card == NULL || !pin (argv[1], card, error))
    return FALSE;
  number = koh_safety_number (koh_identity_card (identity), card);
  printf ("%s\n", number);
  fprintf (
      stderr,
      "%s of %s is trusted. Compare the number above with what %s sees for you, by telephone or in person; "
      "if it differs, remove the key from %s/trust.\n",
      card->name, card->organisation, card->name, argv[1]);
  return TRUE;
}
