/* SPDX-License-Identifier: EUPL-1.2
 *
 * The content hash of a frozen extract: the bytes of every file that the datasets read, and what
 * peer.ini says of them. */
#include "store/mapping.h"

#include <glib/gstdio.h>

#include "store/file-hash.h"

static gboolean
add_source (KohHasher *hasher, GHashTable *seen, const KohMapping *mapping, GCancellable *cancellable,
            GError **error)
{
  g_auto (GStrv) files = mapping->connector->files (&mapping->source, error);

  for (guint f = 0; files != NULL && files[f] != NULL; f++)
    {
      gboolean found = TRUE, required = f == 0 || mapping->connector->is_folder;
      KohHash hash;

      if (!g_hash_table_add (seen, g_strdup (files[f])))
        continue;
      if (!koh_file_hash (files[f], &hash, required ? NULL : &found, cancellable, error))
        return FALSE;
      if (mapping->connector->is_folder)
        {
          g_autofree char *name = g_path_get_basename (files[f]);

          koh_hasher_string (hasher, name);
        }
      if (found)
        koh_hasher_hash (hasher, &hash);
    }
  return files != NULL;
}

gboolean
koh_store_snapshot (KohStore *store, KohHash *snapshot, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/snapshot/1");
  koh_hasher_u64 (&hasher, store->mappings->len);
  for (guint i = 0; i < store->mappings->len; i++)
    {
      const KohMapping *mapping = store->mappings->pdata[i];

      koh_hasher_string (&hasher, mapping->name);
      koh_hasher_hash (&hasher, &mapping->hash);
      if (!add_source (&hasher, seen, mapping, cancellable, error))
        {
          g_prefix_error (error, "Dataset %s: ", mapping->name);
          return FALSE;
        }
    }
  if (store->opt_out != NULL)
    {
      KohHash hash;

      if (!koh_file_hash (store->opt_out, &hash, NULL, cancellable, error))
        {
          g_prefix_error (error, "opt_out in %s: ", store->path);
          return FALSE;
        }
      koh_hasher_string (&hasher, "opt_out");
      koh_hasher_hash (&hasher, &hash);
    }
  *snapshot = koh_hasher_end (&hasher);
  return TRUE;
}

gint
koh_mapping_loaded (const KohMapping *mapping)
{
  g_auto (GStrv) files = mapping->connector->files (&mapping->source, NULL);
  gint64 newest = G_MININT64;
  g_autoptr (GDateTime) time = NULL;

  for (guint f = 0; files != NULL && files[f] != NULL; f++)
    {
      GStatBuf status;

      if (g_stat (files[f], &status) == 0)
        newest = MAX (newest, (gint64) status.st_mtime);
    }
  time = newest != G_MININT64 ? g_date_time_new_from_unix_utc (newest) : NULL;
  return time != NULL && g_date_time_get_year (time) >= 1970 && g_date_time_get_year (time) < 2060
             ? koh_day_join (g_date_time_get_year (time), g_date_time_get_month (time),
                             g_date_time_get_day_of_month (time))
             : KOH_DAY_NONE;
}
