/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation folder as the asker sees it: what is public (names, catalogues, questions), and the folder of the
 * desk's participant. Nothing here reads another peer's folder. */
#include "client/client-private.h"

#include <string.h>

#include "common/error.h"
#include "query/json.h"

G_DEFINE_FINAL_TYPE (KohClient, koh_client, G_TYPE_OBJECT)

enum { PEER_SEEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A name from a file becomes part of a path: it must be one plain component. */
static gboolean
is_plain_name (const char *name)
{
  return name != NULL && *name != '\0' && *name != '.' && strchr (name, G_DIR_SEPARATOR) == NULL;
}

static gboolean
read_federation (KohClient *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *path = g_build_filename (self->folder, "federation.ini", NULL);
  g_autofree char *asker = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                     "%s is not a federation folder: it has no federation.ini. “kohorte-cli demo create %s” makes a "
                     "federation for trying things out.",
                     self->folder, self->folder);
      else
        g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot read %s: %s", path, local->message);
      return FALSE;
    }
  self->name = g_key_file_get_string (file, "federation", "name", NULL);
  self->peers = g_key_file_get_string_list (file, "federation", "peers", NULL, NULL);
  asker = g_key_file_get_string (file, "federation", "asker", NULL);
  if (self->name == NULL)
    self->name = g_path_get_basename (self->folder);
  if (self->peers == NULL || self->peers[0] == NULL || !is_plain_name (asker))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s must name the federation's peers and the asker: [federation] peers=a;b;c  asker=NAME", path);
      return FALSE;
    }
  for (guint i = 0; self->peers[i] != NULL; i++)
    g_strstrip (self->peers[i]);
  self->asker = g_build_filename (self->folder, asker, NULL);
  return TRUE;
}

KohClient *
koh_client_open (const char *folder, GError **error)
{
  g_autoptr (KohClient) self = g_object_new (KOH_TYPE_CLIENT, NULL);
  g_autofree char *catalogues = NULL;

  self->folder = g_canonicalize_filename (folder, NULL);
  if (!read_federation (self, error))
    return NULL;
  catalogues = g_build_filename (self->folder, "catalogues", NULL);
  self->map = koh_map_read_folder (catalogues, error);
  if (self->map == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

const char *
koh_client_get_folder (KohClient *self)
{
  return self->folder;
}

const char *
koh_client_get_name (KohClient *self)
{
  return self->name;
}

const char *const *
koh_client_get_peers (KohClient *self)
{
  return (const char *const *) self->peers;
}

const KohMap *
koh_client_get_map (KohClient *self)
{
  return self->map;
}

const char *
koh_client_get_asker (KohClient *self)
{
  return self->asker;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Paths of the *.json files of @folder, sorted; none where there is no such folder. */
static GPtrArray *
list_json (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.' && g_str_has_suffix (name, ".json"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  return paths;
}

char **
koh_client_list_questions (KohClient *self)
{
  g_autofree char *folder = g_build_filename (self->folder, "questions", NULL);
  GPtrArray *paths = list_json (folder);

  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (paths, FALSE);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  JsonObject *first = json_node_get_object (*(JsonNode *const *) a);
  JsonObject *second = json_node_get_object (*(JsonNode *const *) b);

  return g_strcmp0 (koh_json_string (second, "computed_at", NULL), koh_json_string (first, "computed_at", NULL));
}

GPtrArray *
koh_client_list_answers (KohClient *self)
{
  g_autofree char *folder = g_build_filename (self->asker, "answers", NULL);
  g_autoptr (GPtrArray) paths = list_json (folder);
  GPtrArray *answers = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (JsonNode) node = koh_json_read_file (g_ptr_array_index (paths, i), NULL);

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
          json_object_has_member (json_node_get_object (node), "kohorte_answer"))
        g_ptr_array_add (answers, g_steal_pointer (&node));
    }
  g_ptr_array_sort (answers, compare_newest_first);
  return answers;
}

static void
koh_client_finalize (GObject *object)
{
  KohClient *self = KOH_CLIENT (object);

  g_free (self->folder);
  g_free (self->name);
  g_free (self->asker);
  g_strfreev (self->peers);
  g_clear_pointer (&self->map, koh_map_free);
  G_OBJECT_CLASS (koh_client_parent_class)->finalize (object);
}

static void
koh_client_class_init (KohClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = koh_client_finalize;
  signals[PEER_SEEN] = g_signal_new ("peer-seen", KOH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                     2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
koh_client_init (KohClient *self)
{
}
