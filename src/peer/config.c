/* SPDX-License-Identifier: EUPL-1.2
 *
 * See config.h. Every error names the file, the key and what may stand there. */
#include "peer/config.h"

#include <string.h>

#include "common/error.h"

gboolean
koh_config_endpoint (const char *text, char **host, guint16 *port, GError **error)
{
  const char *colon = strrchr (text, ':');
  guint64 number = 0;
  gsize length = colon != NULL ? (gsize) (colon - text) : 0;
  gboolean bracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';

  if (length == 0 || (!bracketed && memchr (text, ':', length) != NULL) ||
      !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &number, NULL))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "“%s” is no endpoint; write HOST:PORT, such as 127.0.0.1:7411", text);
      return FALSE;
    }
  *host = bracketed ? g_strndup (text + 1, length - 2) : g_strndup (text, length);
  *port = (guint16) number;
  return TRUE;
}

static gboolean
read_flag (GKeyFile *file, const char *path, const char *key, gboolean *flag, GError **error)
{
  g_autoptr (GError) local = NULL;

  *flag = g_key_file_get_boolean (file, "peer", key, &local);
  if (local == NULL || g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s: %s in [peer] must be true or false", path, key);
  return FALSE;
}

static gboolean
read_listen (KohConfig *config, GKeyFile *file, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, "peer", "listen", NULL);

  if (text == NULL || strcmp (text, "-") == 0 || *text == '\0')
    return TRUE;
  if (koh_config_endpoint (text, &config->listen_host, &config->listen_port, error))
    return TRUE;
  g_prefix_error (error, "%s, listen in [peer]: ", config->path);
  return FALSE;
}

static char *
read_text (GKeyFile *file, const char *key, const char *otherwise)
{
  char *text = g_key_file_get_string (file, "peer", key, NULL);

  return text != NULL ? text : g_strdup (otherwise);
}

KohConfig *
koh_config_load (const char *folder, GError **error)
{
  g_autoptr (KohConfig) config = g_new0 (KohConfig, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) groups = NULL;

  config->path = g_build_filename (folder, "peer.ini", NULL);
  if (!g_key_file_load_from_file (file, config->path, G_KEY_FILE_NONE, &local))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be read: %s", config->path,
                   local->message);
      return NULL;
    }
  config->name = g_key_file_get_string (file, "peer", "name", NULL);
  if (config->name == NULL || *config->name == '\0')
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s lacks name= in [peer], the name in the roster",
                   config->path);
      return NULL;
    }
  config->da = read_text (file, "title.da", config->name);
  config->en = read_text (file, "title.en", config->name);
  config->organisation = read_text (file, "organisation", "");
  if (!read_listen (config, file, error) || !read_flag (file, config->path, "plain", &config->plain, error) ||
      !read_flag (file, config->path, "dial_plain", &config->dial_plain, error) ||
      !read_flag (file, config->path, "population", &config->population, error))
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    config->datasets |= g_str_has_prefix (groups[i], "dataset ");
  return g_steal_pointer (&config);
}

void
koh_config_free (KohConfig *config)
{
  g_free (config->path);
  g_free (config->name);
  g_free (config->da);
  g_free (config->en);
  g_free (config->organisation);
  g_free (config->listen_host);
  g_free (config);
}
