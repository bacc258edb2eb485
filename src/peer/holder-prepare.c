/* SPDX-License-Identifier: EUPL-1.2
 *
 * Preparing an epoch. Person i of the register is given the position order[i], order a uniformly random
 * permutation of 0 … N−1; positions that no person has are dummies, whose tags are random and so look
 * like all others. The list is sorted by tag, which hides the register's order. */
#include "peer/holder.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "common/secret.h"
#include "peer/parallel.h"

#define SLICE 512

typedef struct
{
  guint8 tag[KOH_TAG];
  guint8 position[4];
} Entry;

G_STATIC_ASSERT (sizeof (Entry) == KOH_ENTRY);

typedef struct
{
  GPtrArray *persons;
  const guint8 *secret;
  Entry *entries;
  gint done;
  KohReport report;
} Tagging;

/* ---- A random order ------------------------------------------------------------------------ */

/* Random numbers in blocks: asking the system for each of millions would take most of the time. */
typedef struct
{
  guint64 numbers[4096];
  guint left;
} Draw;

static guint
draw_below (Draw *draw, guint bound)
{
  guint64 limit = G_MAXUINT64 - G_MAXUINT64 % bound;
  guint64 number;

  do
    {
      if (draw->left == 0)
        {
          randombytes_buf (draw->numbers, sizeof draw->numbers);
          draw->left = G_N_ELEMENTS (draw->numbers);
        }
      number = draw->numbers[--draw->left];
    }
  while (number >= limit);
  return (guint) (number % bound);
}

static guint *
random_order (guint n)
{
  guint *order = g_new (guint, n);
  g_autofree Draw *draw = g_new0 (Draw, 1);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint j = draw_below (draw, i);
      guint kept = order[i - 1];

      order[i - 1] = order[j];
      order[j] = kept;
    }
  sodium_memzero (draw, sizeof *draw);
  return order;
}

/* ---- Tags ---------------------------------------------------------------------------------- */

static gboolean
tag_slice (guint task, gpointer user_data)
{
  Tagging *tagging = user_data;
  guint end = MIN ((task + 1) * SLICE, tagging->persons->len);

  for (guint i = task * SLICE; i < end; i++)
    {
      g_autofree char *key = koh_person_normalise (g_ptr_array_index (tagging->persons, i));
      guint8 output[KOH_OPRF_OUTPUT];

      if (key == NULL ||
          !koh_oprf_direct (tagging->secret, (const guint8 *) key, strlen (key), output))
        return FALSE;
      memcpy (tagging->entries[i].tag, output, KOH_TAG);
    }
  g_atomic_int_add (&tagging->done, (gint) (end - task * SLICE));
  if (task % g_get_num_processors () == 0)
    {
      static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;

      if (pthread_mutex_trylock (&telling) == 0)
        {
          koh_report_set (&tagging->report, (guint64) g_atomic_int_get (&tagging->done));
          pthread_mutex_unlock (&telling);
        }
    }
  return TRUE;
}

static int
compare_tags (const void *a, const void *b)
{
  return memcmp (a, b, KOH_TAG);
}

static Entry *
make_list (GPtrArray *persons, guint positions, const guint *order, const guint8 *secret, const char *name,
           GCancellable *cancellable, GError **error)
{
  g_autofree Entry *entries = g_new0 (Entry, positions);
  Tagging tagging = { persons, secret, entries, 0, { 0 } };

  koh_report_begin (&tagging.report, name, "preparing the epoch: tags of the register", persons->len);
  if (!koh_parallel ((persons->len + SLICE - 1) / SLICE, tag_slice, &tagging, cancellable))
    {
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "The register of %s has a person number that is none",
                     name);
      return NULL;
    }
  koh_report_end (&tagging.report);
  for (guint i = 0; i < positions; i++)
    {
      guint32 position = GUINT32_TO_LE (order[i]);

      if (i >= persons->len)
        randombytes_buf (entries[i].tag, KOH_TAG);
      memcpy (entries[i].position, &position, 4);
    }
  qsort (entries, positions, sizeof (Entry), compare_tags);
  for (guint i = 1; i < positions; i++)
    if (memcmp (entries[i - 1].tag, entries[i].tag, KOH_TAG) == 0)
      {
        g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                     "The register of %s has a person twice; each may stand there once", name);
        return NULL;
      }
  return g_steal_pointer (&entries);
}

/* ---- The epoch ----------------------------------------------------------------------------- */

static gboolean
write_part (const char *state, const char *name, const void *bytes, gsize size, GError **error)
{
  g_autofree char *path = g_build_filename (state, name, NULL);
  g_autoptr (GBytes) part = g_bytes_new_static (bytes, size);

  return koh_place_write (path, part, 0600, error);
}

static KohSpine *
own_spine (GPtrArray *persons, guint positions, const guint *order)
{
  KohSpine *spine = koh_spine_new (positions);

  for (guint i = 0; i < persons->len; i++)
    {
      g_autofree char *key = koh_person_normalise (g_ptr_array_index (persons, i));

      koh_spine_add (spine, key, order[i]);
    }
  koh_spine_sort (spine);
  return spine;
}

static KohHash
hash_list (const Entry *entries, guint positions)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, KOH_LIST_LABEL);
  koh_hasher_add (&hasher, entries, (gsize) positions * sizeof (Entry));
  return koh_hasher_end (&hasher);
}

KohEnrolment *
koh_holder_prepare (const char *state, const KohIdentity *identity, GPtrArray *persons,
                    const KohHash *snapshot, KohCatalogue *catalogue, GCancellable *cancellable,
                    GError **error)
{
  const char *name = koh_identity_card (identity)->name;
  g_autoptr (KohCatalogue) owned = catalogue;
  g_autoptr (KohSecret) secret = koh_secret_new (KOH_OPRF_SCALAR);
  guint8 key[KOH_OPRF_ELEMENT];
  guint positions = koh_epoch_positions (persons->len);
  g_autofree guint *order = NULL;
  g_autofree Entry *entries = NULL;
  KohHash list;

  if (positions == 0 || persons->len == 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
                   "The register of %s has %u persons; no spine has that size", name, persons->len);
      return NULL;
    }
  if (!koh_enrolment_clear (state, error))
    return NULL;
  koh_oprf_random_key (secret, key);
  order = random_order (positions);
  entries = make_list (persons, positions, order, secret, name, cancellable, error);
  if (entries == NULL)
    return NULL;
  list = hash_list (entries, positions);
  if (!write_part (state, "oprf.key", secret, KOH_OPRF_SCALAR, error) ||
      !write_part (state, "list", entries, (gsize) positions * sizeof (Entry), error))
    return NULL;
  return koh_enrolment_save (
      state, koh_epoch_new (identity, key, positions, &list, g_get_real_time () / G_USEC_PER_SEC), snapshot,
      g_steal_pointer (&owned), own_spine (persons, positions, order), error);
}
