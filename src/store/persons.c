/* SPDX-License-Identifier: EUPL-1.2
 *
 * Who is in the data. Reading every row also shows whether every row keeps to the schema, so each of
 * these passes counts as the check that a column asks for. */
#include "store/reading.h"

#include <string.h>

#include "common/error.h"

#define KEY 10
#define KEYS_BEFORE_SORTING (1u << 20)

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KEY);
}

/* Distinct keys, ten bytes each; sorted now and then, so that the many rows of a person take no room. */
typedef struct
{
  GByteArray *bytes;
  guint sorted; /* keys at the last sorting */
} Keys;

static void
keys_sort (Keys *keys)
{
  guint8 *data = keys->bytes->data;
  guint n = keys->bytes->len / KEY, kept = 0;

  qsort (data, n, KEY, compare_keys);
  for (guint i = 0; i < n; i++)
    if (i == 0 || memcmp (data + i * KEY, data + (kept - 1) * KEY, KEY) != 0)
      memmove (data + kept++ * KEY, data + i * KEY, KEY);
  sodium_memzero (data + kept * KEY, (n - kept) * KEY);
  g_byte_array_set_size (keys->bytes, kept * KEY);
  keys->sorted = kept;
}

static void
keys_add (Keys *keys, const char *person)
{
  guint n = keys->bytes->len;

  if (n > 0 && memcmp (keys->bytes->data + n - KEY, person, KEY) == 0)
    return;
  g_byte_array_append (keys->bytes, (const guint8 *) person, KEY);
  if (n / KEY > 2 * keys->sorted + KEYS_BEFORE_SORTING)
    keys_sort (keys);
}

static GPtrArray *
keys_end (Keys *keys)
{
  GPtrArray *persons;

  if (keys->bytes->len > 0)
    keys_sort (keys);
  persons = g_ptr_array_new_full (keys->sorted, g_free);
  for (guint i = 0; i < keys->sorted; i++)
    g_ptr_array_add (persons, g_strndup ((const char *) keys->bytes->data + i * KEY, KEY));
  return persons;
}

static void
keys_clear (Keys *keys)
{
  sodium_memzero (keys->bytes->data, keys->bytes->len);
  g_byte_array_unref (keys->bytes);
}

/* Every row of a dataset into @keys. */
static gboolean
read_all (KohStore *store, KohMapping *mapping, const KohHash *snapshot, Keys *keys,
          GCancellable *cancellable, GError **error)
{
  KohSelection everything = KOH_SELECT_ALL;
  g_autoptr (KohReading) reading = NULL;
  const KohRow *row;

  everything.in_order = mapping->kind == KOH_DATASET_PERSON;
  reading = koh_reading_open (store, mapping, &everything, cancellable, error);
  if (reading == NULL || !koh_reading_next (reading, &row, error))
    return FALSE;
  while (row != NULL)
    {
      keys_add (keys, row->person);
      if (!koh_reading_next (reading, &row, error))
        return FALSE;
    }
  koh_mapping_checked (store, mapping, snapshot);
  return TRUE;
}

gboolean
koh_mapping_examine (KohStore *store, KohMapping *mapping, KohDefects **defects, GCancellable *cancellable,
                     GError **error)
{
  KohSelection everything = KOH_SELECT_ALL;
  g_autoptr (KohReading) reading = NULL;
  const KohRow *row;

  everything.checking = TRUE;
  everything.in_order = mapping->kind == KOH_DATASET_PERSON;
  reading = koh_reading_open (store, mapping, &everything, cancellable, error);
  if (reading == NULL)
    return FALSE;
  do
    if (!koh_reading_next (reading, &row, error))
      return FALSE;
  while (row != NULL);
  *defects = koh_reading_defects (reading);
  return koh_defects_judge (*defects, mapping->name, mapping->skip, error);
}

void
koh_mapping_checked (KohStore *store, KohMapping *mapping, const KohHash *snapshot)
{
  g_mutex_lock (&store->lock);
  mapping->checked = TRUE;
  mapping->checked_at = *snapshot;
  g_mutex_unlock (&store->lock);
}

gboolean
koh_mapping_check (KohStore *store, KohMapping *mapping, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohDefects) defects = NULL;
  KohHash snapshot;
  gboolean checked;

  if (!koh_store_snapshot (store, &snapshot, cancellable, error))
    return FALSE;
  g_mutex_lock (&store->lock);
  checked = mapping->checked && koh_hash_equal (&mapping->checked_at, &snapshot);
  g_mutex_unlock (&store->lock);
  if (checked)
    return TRUE;
  if (!koh_mapping_examine (store, mapping, &defects, cancellable, error))
    return FALSE;
  g_mutex_lock (&store->lock);
  g_clear_pointer (&mapping->conflicts, g_byte_array_unref);
  mapping->conflicts = g_byte_array_ref (defects->conflicts);
  mapping->valid = defects->rows > 0 ? 1 - (gdouble) defects->left_out / (gdouble) defects->rows : 1;
  g_mutex_unlock (&store->lock);
  koh_mapping_checked (store, mapping, &snapshot);
  return TRUE;
}

GPtrArray *
koh_store_persons (KohStore *store, GCancellable *cancellable, GError **error)
{
  Keys keys = { g_byte_array_new (), 0 };
  GPtrArray *persons = NULL;
  KohHash snapshot;
  gboolean ok = koh_store_snapshot (store, &snapshot, cancellable, error);

  for (guint i = 0; ok && i < store->mappings->len; i++)
    ok = read_all (store, store->mappings->pdata[i], &snapshot, &keys, cancellable, error);
  if (ok)
    persons = keys_end (&keys);
  keys_clear (&keys);
  return persons;
}

KohMapping *
koh_store_register_mapping (KohStore *store, GCancellable *cancellable, GError **error)
{
  KohMapping *found = NULL;

  for (guint i = 0; i < store->mappings->len; i++)
    {
      KohMapping *mapping = store->mappings->pdata[i];

      if (!koh_mapping_look (store, mapping, cancellable, error))
        return NULL;
      if (mapping->kind != KOH_DATASET_PERSON || !koh_mapping_has (mapping, "birth_date"))
        continue;
      if (found != NULL)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                       "Datasets %s and %s both have birth_date; the population register is one of them only",
                       found->name, mapping->name);
          return NULL;
        }
      found = mapping;
    }
  if (found == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                 "%s has no dataset with a column birth_date: no population register", store->path);
  return found;
}

GPtrArray *
koh_store_register (KohStore *store, GCancellable *cancellable, GError **error)
{
  KohMapping *mapping = koh_store_register_mapping (store, cancellable, error);
  Keys keys = { g_byte_array_new (), 0 };
  GPtrArray *persons = NULL;
  KohHash snapshot;

  if (mapping != NULL && koh_store_snapshot (store, &snapshot, cancellable, error) &&
      read_all (store, mapping, &snapshot, &keys, cancellable, error))
    persons = keys_end (&keys);
  keys_clear (&keys);
  return persons;
}
