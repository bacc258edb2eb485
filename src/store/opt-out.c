/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/opt-out.h"

#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "store/file-hash.h"
#include "store/reading.h"

#define KEY 10
#define MOST_BYTES ((gsize) 1 << 30)

static int
compare (const void *a, const void *b)
{
  return memcmp (a, b, KEY);
}

static GBytes *
sort_keys (GByteArray *keys)
{
  guint n = keys->len / KEY, kept = 0;

  if (n > 0)
    qsort (keys->data, n, KEY, compare);
  for (guint i = 0; i < n; i++)
    if (i == 0 || compare (keys->data + (i - 1) * KEY, keys->data + i * KEY) != 0)
      memmove (keys->data + kept++ * KEY, keys->data + i * KEY, KEY);
  g_byte_array_set_size (keys, kept * KEY);
  return g_byte_array_free_to_bytes (keys);
}

/* Empty lines are no persons. Anything else that is no key is refused: a person whom nobody recognises would
 * not be left out. */
static GBytes *
parse (const char *path, GBytes *bytes, GError **error)
{
  gsize size, at = 0;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (GByteArray) keys = g_byte_array_new ();

  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    at = 3;
  for (guint line = 1; at < size; line++)
    {
      const char *end = memchr (text + at, '\n', size - at);
      gsize n = end != NULL ? (gsize) (end - text) - at : size - at;
      g_autofree char *word = g_strndup (text + at, n);
      char key[11];

      g_strstrip (word);
      if (memchr (text + at, '\0', n) != NULL || (*word != '\0' && !koh_person_key (word, key)))
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                       "%s, line %u: this is not a key of 10 letters and digits", path, line);
          return NULL;
        }
      if (*word != '\0')
        g_byte_array_append (keys, (const guint8 *) key, KEY);
      at += n + 1;
    }
  return sort_keys (g_steal_pointer (&keys));
}

static GBytes *
read_list (const char *path, const KohHash *hash, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = koh_place_read (path, MOST_BYTES, error);
  g_autoptr (GBytes) list = bytes != NULL ? parse (path, bytes, error) : NULL;
  KohHash after;

  if (list == NULL || !koh_file_hash (path, &after, NULL, cancellable, error))
    return NULL;
  if (koh_hash_equal (hash, &after))
    return g_steal_pointer (&list);
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s changes while it is read; write it anew and rename it",
               path);
  return NULL;
}

GBytes *
koh_opt_out_load (KohStore *store, GCancellable *cancellable, GError **error)
{
  GBytes *list = NULL;
  KohHash hash;

  if (store->opt_out == NULL)
    return g_bytes_new_static ("", 0);
  if (!koh_file_hash (store->opt_out, &hash, NULL, cancellable, error))
    {
      g_prefix_error (error, "opt_out in %s: ", store->path);
      return NULL;
    }
  g_mutex_lock (&store->lock);
  if (store->opted_out != NULL && koh_hash_equal (&store->opted_out_at, &hash))
    list = g_bytes_ref (store->opted_out);
  g_mutex_unlock (&store->lock);
  if (list != NULL)
    return list;
  list = read_list (store->opt_out, &hash, cancellable, error);
  if (list == NULL)
    {
      g_prefix_error (error, "opt_out in %s: ", store->path);
      return NULL;
    }
  g_mutex_lock (&store->lock);
  g_clear_pointer (&store->opted_out, g_bytes_unref);
  store->opted_out = g_bytes_ref (list);
  store->opted_out_at = hash;
  g_mutex_unlock (&store->lock);
  return list;
}

gsize
koh_opt_out_size (GBytes *list)
{
  return g_bytes_get_size (list) / KEY;
}

gint64
koh_opt_out_find (GBytes *list, const char *person)
{
  const char *keys = g_bytes_get_data (list, NULL);
  const char *found = keys != NULL ? bsearch (person, keys, koh_opt_out_size (list), KEY, compare) : NULL;

  return found != NULL ? (found - keys) / KEY : -1;
}
