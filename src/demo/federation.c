/* SPDX-License-Identifier: EUPL-1.2
 *
 * See federation.h. Everything is made in a new folder beside the place where it shall stand, and moved
 * there in one step when it is whole. */
#include "demo/federation.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "demo/questions.h"
#include "demo/worlds.h"
#include "query/json.h"
#include "net/roster.h"
#include "store/store.h"

#define K "5"
#define N_PEERS 3
#define ASKER "asker"

static const char *const peers[] = { "aarhus", "danmarks-statistik", "rigshospitalet", NULL };

static const char policy[] = "{\n"
                             "  \"kohorte_policy\": 1,\n"
                             "  \"demo\": true,\n"
                             "  \"accept\": \"automatic\",\n"
                             "  \"reason\": \"Synthetic data: every question is welcome\",\n"
                             "  \"k\": " K ",\n"
                             "  \"modes\": [\"approved\"],\n"
                             "  \"analyses\": [\"count\", \"attrition\", \"crosstab\"],\n"
                             "  \"purposes\": [\"research\", \"quality\", \"operation\", \"statistics\", "
                             "\"policy\", \"education\", \"innovation\"],\n"
                             "  \"datasets\": [\"*\"]\n"
                             "}\n";

/* ---- Files and folders ---------------------------------------------------------------------- */

static gboolean
write_text (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return koh_place_write (path, bytes, 0644, error);
}

static gboolean
make_folder (const char *folder, const char *name, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (g_mkdir (path, mode) == 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot make the folder %s: %s", path,
               g_strerror (errno));
  return FALSE;
}

static int
remove_cb (const char *path, const struct stat *status, int type, struct FTW *walk)
{
  return remove (path);
}

static void
remove_tree (const char *folder)
{
  nftw (folder, remove_cb, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static gboolean
is_free (const char *folder, GError **error)
{
  g_autoptr (GDir) there = g_dir_open (folder, 0, NULL);

  if (!g_file_test (folder, G_FILE_TEST_EXISTS) || (there != NULL && g_dir_read_name (there) == NULL))
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "%s exists already and is not an empty folder; choose another one", folder);
  return FALSE;
}

/* ---- Ports ---------------------------------------------------------------------------------- */

/* Ports that nobody listens on now: bound all at once, so that they differ, and let go again. */
static gboolean
choose_ports (guint16 base, guint16 ports[N_PEERS], GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_PEERS; i++)
    {
      g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0), bound = NULL;
      GSocket *socket;

      ports[i] = (guint16) (base + i);
      if (base != 0)
        continue;
      socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
      if (socket == NULL)
        return FALSE;
      g_ptr_array_add (sockets, socket);
      if (!g_socket_bind (socket, any, FALSE, error) ||
          (bound = g_socket_get_local_address (socket, error)) == NULL)
        return FALSE;
      ports[i] = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
    }
  return TRUE;
}

/* ---- Participants --------------------------------------------------------------------------- */

/* Where a peer listens goes into its peer.ini, beside what the world wrote. */
static gboolean
set_listen (const char *folder, guint16 port, GError **error)
{
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autofree char *path = g_build_filename (folder, "peer.ini", NULL);
  g_autofree char *listen = g_strdup_printf ("127.0.0.1:%u", port);

  if (!g_key_file_load_from_file (ini, path, G_KEY_FILE_KEEP_COMMENTS, error))
    return FALSE;
  g_key_file_set_string (ini, "peer", "listen", listen);
  return g_key_file_save_to_file (ini, path, error);
}

static gboolean
make_peer (const char *top, const char *name, guint16 port, GError **error)
{
  g_autofree char *folder = g_build_filename (top, name, NULL);
  g_autofree char *path = g_build_filename (folder, "peer.ini", NULL);
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autofree char *da = NULL, *en = NULL, *organisation = NULL;

  if (!set_listen (folder, port, error) || !g_key_file_load_from_file (ini, path, G_KEY_FILE_NONE, error))
    return FALSE;
  da = g_key_file_get_string (ini, "peer", "title.da", NULL);
  en = g_key_file_get_string (ini, "peer", "title.en", NULL);
  organisation = g_key_file_get_string (ini, "peer", "organisation", NULL);
  return koh_identity_create (
             folder, &(KohIdentityOptions){ name, da, en, organisation, TRUE, "127.0.0.1", port }, error) &&
         write_text (folder, "policy.json", policy, error) && make_folder (folder, "state", 0700, error);
}

static gboolean
make_asker (const char *top, GError **error)
{
  static const char *const da = "Skrivebordet (demo)", *const en = "The desk (demo)",
                           *const organisation = "Demoprojektet";
  g_autofree char *folder = g_build_filename (top, ASKER, NULL);
  g_autofree char *ini = g_strdup_printf ("[peer]\nname=%s\ntitle.da=%s\ntitle.en=%s\norganisation=%s\n",
                                          ASKER, da, en, organisation);

  return write_text (folder, "peer.ini", ini, error) &&
         koh_identity_create (folder, &(KohIdentityOptions){ ASKER, da, en, organisation, FALSE, NULL, 0 },
                              error) &&
         make_folder (folder, "state", 0700, error) && make_folder (folder, "answers", 0700, error);
}

/* ---- The roster ----------------------------------------------------------------------------- */

static void
identity_free (gpointer identity)
{
  koh_identity_free (identity);
}

/* The names of all participants, the asker last. */
static GPtrArray *
load_identities (const char *top, GError **error)
{
  g_autoptr (GPtrArray) identities = g_ptr_array_new_with_free_func (identity_free);

  for (guint i = 0; i <= N_PEERS; i++)
    {
      g_autofree char *folder = g_build_filename (top, i < N_PEERS ? peers[i] : ASKER, NULL);
      KohIdentity *identity = koh_identity_load (folder, error);

      if (identity == NULL)
        return NULL;
      g_ptr_array_add (identities, identity);
    }
  return g_steal_pointer (&identities);
}

static char *
make_roster (GPtrArray *identities, GError **error)
{
  g_autoptr (GPtrArray) cards = g_ptr_array_new ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < identities->len; i++)
    g_ptr_array_add (cards, (gpointer) koh_identity_card (identities->pdata[i]));
  text = koh_roster_draft ("Demo", 1, (guint) g_ascii_strtoull (K, NULL, 10), "lan", cards);
  for (guint i = 0; i < N_PEERS; i++)
    {
      char *signed_text = koh_roster_sign (text, identities->pdata[i], error);

      if (signed_text == NULL)
        return NULL;
      g_free (text);
      text = signed_text;
    }
  return g_steal_pointer (&text);
}

/* What people would compare over the telephone, everybody here already trusts. */
static char *
make_trust (GPtrArray *identities)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < identities->len; i++)
    {
      char hex[65];

      sodium_bin2hex (hex, sizeof hex, koh_identity_card (identities->pdata[i])->organisation_key, 32);
      g_string_append_printf (text, "%s\n", hex);
    }
  return g_string_free (text, FALSE);
}

static gboolean
meet (const char *top, GError **error)
{
  g_autoptr (GPtrArray) identities = load_identities (top, error);
  g_autofree char *roster = identities != NULL ? make_roster (identities, error) : NULL;
  g_autofree char *trust = roster != NULL ? make_trust (identities) : NULL;

  if (roster == NULL || !write_text (top, "roster", roster, error))
    return FALSE;
  for (guint i = 0; i <= N_PEERS; i++)
    {
      g_autofree char *folder = g_build_filename (top, i < N_PEERS ? peers[i] : ASKER, NULL);
      g_autoptr (KohRoster) read = NULL;

      if (!write_text (folder, "roster", roster, error) || !write_text (folder, "trust", trust, error))
        return FALSE;
      read = koh_roster_load (folder, error);
      if (read == NULL)
        return FALSE;
    }
  return TRUE;
}

/* ---- What is public ------------------------------------------------------------------------- */

static gboolean
publish_catalogue (const char *top, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *ini = g_build_filename (top, name, "peer.ini", NULL);
  g_autofree char *file = g_strdup_printf ("catalogues/%s.json", name);
  g_autoptr (KohStore) store = koh_store_new (ini, error);
  g_autoptr (KohCatalogue) catalogue =
      store != NULL ? koh_store_describe (store, name, cancellable, error) : NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (catalogue == NULL)
    return FALSE;
  node = koh_catalogue_to_json (catalogue);
  text = koh_json_pretty (node);
  return write_text (top, file, text, error);
}

static gboolean
publish (const char *top, GCancellable *cancellable, GError **error)
{
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autofree char *path = g_build_filename (top, "federation.ini", NULL);

  if (!make_folder (top, "catalogues", 0755, error) || !make_folder (top, "questions", 0755, error))
    return FALSE;
  for (guint i = 0; i < N_PEERS; i++)
    if (!publish_catalogue (top, peers[i], cancellable, error))
      return FALSE;
  for (guint i = 0; i < koh_n_examples; i++)
    {
      g_autofree char *file = g_strdup_printf ("questions/%s.json", koh_examples[i].name);

      if (!write_text (top, file, koh_examples[i].text, error))
        return FALSE;
    }
  g_key_file_set_string (ini, "federation", "name", "Demo");
  g_key_file_set_string_list (ini, "federation", "peers", peers, N_PEERS);
  g_key_file_set_string (ini, "federation", "asker", ASKER);
  return g_key_file_save_to_file (ini, path, error);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static gboolean
fill (const char *top, const KohWorldOptions *options, guint16 base_port, KohWorldProgress progress,
      gpointer user_data, GCancellable *cancellable, GError **error)
{
  guint16 ports[N_PEERS];

  for (guint i = 0; i < N_PEERS; i++)
    if (!make_folder (top, peers[i], 0700, error))
      return FALSE;
  if (!make_folder (top, ASKER, 0700, error) || !choose_ports (base_port, ports, error) ||
      !koh_worlds_write (peers, top, options, progress, user_data, cancellable, error))
    return FALSE;
  for (guint i = 0; i < N_PEERS; i++)
    if (!make_peer (top, peers[i], ports[i], error))
      return FALSE;
  return make_asker (top, error) && meet (top, error) && publish (top, cancellable, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
koh_demo_create (const char *folder, const KohWorldOptions *options, guint16 base_port,
                 KohWorldProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autofree char *target = g_canonicalize_filename (folder, NULL);
  g_autofree char *temporary = g_strconcat (target, ".XXXXXX", NULL);
  gboolean ok;

  if (!is_free (target, error))
    return FALSE;
  if (g_mkdtemp_full (temporary, 0700) == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot make a folder beside %s: %s", target,
                   g_strerror (errno));
      return FALSE;
    }
  ok = fill (temporary, options, base_port, progress, user_data, cancellable, error);
  if (ok && g_rename (temporary, target) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot move the new federation to %s: %s", target,
                   g_strerror (errno));
      ok = FALSE;
    }
  if (!ok)
    remove_tree (temporary);
  return ok;
}
