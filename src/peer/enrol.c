/* SPDX-License-Identifier: EUPL-1.2
 *
 * See enrol.h. The owner asks for a public number of keys: what it has not, it fills with random
 * elements, which nobody can tell from blinded keys. */
#include "peer/enrol.h"

#include <stdlib.h>
#include <string.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"
#include "peer/parallel.h"
#include "query/json.h"

#define ANSWER (KOH_OPRF_PROOF + KOH_ENROL_BATCH * KOH_OPRF_ELEMENT)

typedef struct
{
  guint8 tag[KOH_TAG];
  guint person;
} Tagged;

/* Up to KOH_ENROL_BATCHES batches under way. */
typedef struct
{
  guint first; /* batch */
  guint n;
  guint8 *blinds, *blinded;
  const guint8 *answers;
} Block;

typedef struct
{
  KohLink *link;
  const KohEpoch *epoch;
  char **keys; /* normalised */
  guint n_keys;
  guint batches;
  Tagged *tagged;
  Block blocks[2];
  Block *at;   /* the one that the slices work on */
} Enrolling;

static gboolean
send (KohLink *link, KohWriter *writer, GError **error)
{
  g_autoptr (GBytes) bytes = koh_writer_end (writer);

  return koh_link_send (link, bytes, error);
}

static gboolean
send_kind (KohLink *link, KohEnrolKind kind, GError **error)
{
  g_auto (KohWriter) writer;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, (guint8) kind);
  return send (link, &writer, error);
}

static gboolean
broken (KohLink *link, GError **error)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s sent a message of enrolment that cannot be read",
               koh_link_get_peer (link));
  return FALSE;
}

static gboolean
hear (KohLink *link, GBytes **bytes, KohReader *reader, guint8 *kind, GError **error)
{
  *bytes = koh_link_recv (link, KOH_ENROL_SILENCE, error);
  if (*bytes == NULL)
    return FALSE;
  koh_reader_init_bytes (reader, *bytes);
  *kind = koh_reader_u8 (reader);
  return TRUE;
}

/* ---- The record ---------------------------------------------------------------------------- */

static KohEpoch *
read_record (KohLink *link, KohReader *reader, const KohRoster *roster, GError **error)
{
  g_autofree char *text = koh_reader_string (reader, KOH_JSON_MOST);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (KohEpoch) epoch = NULL;

  if (text == NULL || !koh_reader_end (reader))
    {
      broken (link, error);
      return NULL;
    }
  node = koh_json_parse (text, -1, "the epoch record", error);
  epoch = node != NULL ? koh_epoch_read (node, roster, error) : NULL;
  if (epoch == NULL)
    return NULL;
  if (strcmp (epoch->holder, koh_link_get_peer (link)) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "%s showed the epoch record of %s",
                   koh_link_get_peer (link), epoch->holder);
      return NULL;
    }
  return g_steal_pointer (&epoch);
}

KohEpoch *
koh_enrol_hear_epoch (KohLink *link, const KohRoster *roster, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (KohWriter) writer;
  KohReader reader;
  guint8 kind;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_ENROL_HELLO);
  koh_writer_u8 (&writer, KOH_ENROL_VERSION);
  if (!send (link, &writer, error) || !hear (link, &bytes, &reader, &kind, error))
    return NULL;
  if (kind == KOH_ENROL_RECORD)
    return read_record (link, &reader, roster, error);
  if (kind == KOH_ENROL_AWAY && koh_reader_u8 (&reader) == KOH_AWAY_NOT_READY)
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNREACHABLE, "%s is still preparing its epoch",
                 koh_link_get_peer (link));
  else if (kind == KOH_ENROL_AWAY)
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED, "%s does not hold the population register",
                 koh_link_get_peer (link));
  else
    broken (link, error);
  return NULL;
}

static void
away_closed_cb (KohLink *link, const GError *why, gpointer user_data)
{
  koh_link_unref (link);
}

static void
away_received_cb (KohLink *link, GBytes *message, gpointer user_data)
{
  KohAway away = (KohAway) GPOINTER_TO_INT (user_data);
  g_auto (KohWriter) writer;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_ENROL_AWAY);
  koh_writer_u8 (&writer, (guint8) away);
  send (link, &writer, NULL);
}

/* The owner closes when it has heard; an owner that does not is cut off by the node in the end. */
void
koh_enrol_away (KohLink *link, KohAway away)
{
  koh_link_watch (koh_link_ref (link), away_received_cb, away_closed_cb, GINT_TO_POINTER (away));
}

/* ---- Tags ---------------------------------------------------------------------------------- */

static gboolean
blind_batch (guint task, gpointer user_data)
{
  Enrolling *enrolling = user_data;
  gsize from = (gsize) task * KOH_ENROL_BATCH;
  guint key = (enrolling->at->first + task) * KOH_ENROL_BATCH;

  for (guint i = 0; i < KOH_ENROL_BATCH; i++, key++)
    {
      guint8 *blind = enrolling->at->blinds + (from + i) * KOH_OPRF_SCALAR;
      guint8 *blinded = enrolling->at->blinded + (from + i) * KOH_OPRF_ELEMENT;

      if (key >= enrolling->n_keys)
        {
          crypto_core_ristretto255_random (blinded);
          continue;
        }
      koh_oprf_random_scalar (blind);
      if (!koh_oprf_blind ((const guint8 *) enrolling->keys[key], strlen (enrolling->keys[key]), blind,
                           blinded))
        return FALSE;
    }
  return TRUE;
}

static gboolean
open_batch (guint task, gpointer user_data)
{
  Enrolling *enrolling = user_data;
  gsize from = (gsize) task * KOH_ENROL_BATCH;
  guint key = (enrolling->at->first + task) * KOH_ENROL_BATCH;
  const guint8 *proof = enrolling->at->answers + (gsize) task * ANSWER;
  const guint8 *evaluated = proof + KOH_OPRF_PROOF;

  if (!koh_oprf_verify (enrolling->epoch->oprf_key, enrolling->at->blinded + from * KOH_OPRF_ELEMENT,
                        evaluated, KOH_ENROL_BATCH, proof))
    return FALSE;
  for (guint i = 0; i < KOH_ENROL_BATCH && key < enrolling->n_keys; i++, key++)
    {
      guint8 output[KOH_OPRF_OUTPUT];

      if (!koh_oprf_finalize ((const guint8 *) enrolling->keys[key], strlen (enrolling->keys[key]),
                              enrolling->at->blinds + (from + i) * KOH_OPRF_SCALAR,
                              evaluated + i * KOH_OPRF_ELEMENT, output))
        return FALSE;
      memcpy (enrolling->tagged[key].tag, output, KOH_TAG);
      enrolling->tagged[key].person = key;
    }
  return TRUE;
}

static gboolean
send_block (Enrolling *enrolling, guint number, GCancellable *cancellable, GError **error)
{
  Block *block = &enrolling->blocks[number % 2];
  g_auto (KohWriter) writer;

  koh_writer_init (&writer);
  block->first = number * KOH_ENROL_BATCHES;
  block->n = MIN (KOH_ENROL_BATCHES, enrolling->batches - block->first);
  enrolling->at = block;
  if (!koh_parallel (block->n, blind_batch, enrolling, cancellable))
    {
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "A person number cannot be blinded");
      return FALSE;
    }
  koh_writer_u8 (&writer, KOH_ENROL_BATCHES_SENT);
  koh_writer_u32 (&writer, block->n);
  koh_writer_raw (&writer, block->blinded, (gsize) block->n * KOH_ENROL_BATCH * KOH_OPRF_ELEMENT);
  return send (enrolling->link, &writer, error);
}

static gboolean
hear_block (Enrolling *enrolling, guint number, GCancellable *cancellable, GError **error)
{
  Block *block = &enrolling->blocks[number % 2];
  g_autoptr (GBytes) bytes = NULL;
  KohReader reader;
  guint8 kind;

  if (!hear (enrolling->link, &bytes, &reader, &kind, error))
    return FALSE;
  if (kind != KOH_ENROL_ANSWERS || koh_reader_u32 (&reader) != block->n)
    return broken (enrolling->link, error);
  block->answers = koh_reader_borrow (&reader, (gsize) block->n * ANSWER);
  if (block->answers == NULL || !koh_reader_end (&reader))
    return broken (enrolling->link, error);
  enrolling->at = block;
  if (koh_parallel (block->n, open_batch, enrolling, cancellable))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                 "%s did not prove that one key served all (check oprf-proof); its epoch is not used",
                 koh_link_get_peer (enrolling->link));
  return FALSE;
}

static gboolean
learn_tags (Enrolling *enrolling, const char *name, GCancellable *cancellable, GError **error)
{
  guint blocks = (enrolling->batches + KOH_ENROL_BATCHES - 1) / KOH_ENROL_BATCHES;
  KohReport report;

  koh_report_begin (&report, name, "enrolling: tags of own keys, padded",
                    enrolling->batches * KOH_ENROL_BATCH);
  if (!send_block (enrolling, 0, cancellable, error))
    return FALSE;
  for (guint i = 0; i < blocks; i++)
    {
      if (i + 1 < blocks && !send_block (enrolling, i + 1, cancellable, error))
        return FALSE;
      if (!hear_block (enrolling, i, cancellable, error))
        return FALSE;
      koh_report_set (&report, (guint64) (i + 1) * KOH_ENROL_BATCHES * KOH_ENROL_BATCH);
    }
  koh_report_end (&report);
  return TRUE;
}

/* ---- The list ------------------------------------------------------------------------------ */

static int
compare_tags (const void *a, const void *b)
{
  return memcmp (a, b, KOH_TAG);
}

typedef struct
{
  guint told;             /* entries so far */
  guint8 last[KOH_TAG];
  guint own;              /* of our own tags, in order */
  KohHasher hasher;
  KohSpine *spine;
} Listing;

static gboolean
take_entry (Enrolling *enrolling, Listing *listing, const guint8 *entry, GError **error)
{
  const char *holder = koh_link_get_peer (enrolling->link);
  guint32 position;

  memcpy (&position, entry + KOH_TAG, 4);
  position = GUINT32_FROM_LE (position);
  if (!koh_check ("spine-tags", listing->told == 0 || memcmp (listing->last, entry, KOH_TAG) < 0) ||
      position >= enrolling->epoch->positions)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The list of %s has a tag twice, out of order, or at no position; its epoch is not used",
                   holder);
      return FALSE;
    }
  memcpy (listing->last, entry, KOH_TAG);
  listing->told++;
  while (listing->own < enrolling->n_keys && memcmp (enrolling->tagged[listing->own].tag, entry, KOH_TAG) < 0)
    listing->own++;
  for (;
       listing->own < enrolling->n_keys && memcmp (enrolling->tagged[listing->own].tag, entry, KOH_TAG) == 0;
       listing->own++)
    koh_spine_add (listing->spine, enrolling->keys[enrolling->tagged[listing->own].person], position);
  return TRUE;
}

static gboolean
hear_entries (Enrolling *enrolling, Listing *listing, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *entries;
  KohReader reader;
  guint8 kind;
  guint n;

  if (!hear (enrolling->link, &bytes, &reader, &kind, error))
    return FALSE;
  n = koh_reader_u32 (&reader);
  if (kind != KOH_ENROL_LIST_ENTRIES || n == 0 || n > enrolling->epoch->positions - listing->told)
    return broken (enrolling->link, error);
  entries = koh_reader_borrow (&reader, (gsize) n * KOH_ENTRY);
  if (entries == NULL || !koh_reader_end (&reader))
    return broken (enrolling->link, error);
  crypto_generichash_update (&listing->hasher.state, entries, (gsize) n * KOH_ENTRY);
  for (guint i = 0; i < n; i++)
    if (!take_entry (enrolling, listing, entries + (gsize) i * KOH_ENTRY, error))
      return FALSE;
  return TRUE;
}

static KohSpine *
find_positions (Enrolling *enrolling, const char *name, GError **error)
{
  g_autoptr (KohSpine) spine = koh_spine_new (enrolling->epoch->positions);
  Listing listing = { .spine = spine };
  KohReport report;
  KohHash hash;

  qsort (enrolling->tagged, enrolling->n_keys, sizeof (Tagged), compare_tags);
  koh_hasher_init (&listing.hasher, KOH_LIST_LABEL);
  koh_hasher_u64 (&listing.hasher,
                  (guint64) enrolling->epoch->positions * KOH_ENTRY); /* one part, in pieces */
  koh_report_begin (&report, name, "enrolling: the list of positions", enrolling->epoch->positions);
  if (!send_kind (enrolling->link, KOH_ENROL_LIST, error))
    return NULL;
  while (listing.told < enrolling->epoch->positions)
    {
      if (!hear_entries (enrolling, &listing, error))
        return NULL;
      koh_report_set (&report, listing.told);
    }
  koh_report_end (&report);
  hash = koh_hasher_end (&listing.hasher);
  if (!koh_check ("spine-list", koh_hash_equal (&hash, &enrolling->epoch->list)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The list of %s is not the one of its epoch record; its epoch is not used",
                   koh_link_get_peer (enrolling->link));
      return NULL;
    }
  koh_spine_sort (spine);
  return g_steal_pointer (&spine);
}

/* ---- Enrolment ----------------------------------------------------------------------------- */

static gboolean
begin (Enrolling *enrolling, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (KohWriter) writer;
  g_autofree char *why = NULL;
  KohReader reader;
  guint8 kind;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_ENROL_BEGIN);
  koh_writer_u32 (&writer, enrolling->batches * KOH_ENROL_BATCH);
  if (!send (enrolling->link, &writer, error) || !hear (enrolling->link, &bytes, &reader, &kind, error))
    return FALSE;
  if (kind == KOH_ENROL_GRANTED)
    return TRUE;
  why = kind == KOH_ENROL_REFUSED ? koh_reader_string (&reader, 4096) : NULL;
  if (why == NULL)
    return broken (enrolling->link, error);
  g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED, "%s: %s", koh_link_get_peer (enrolling->link), why);
  return FALSE;
}

static gboolean
normalise (Enrolling *enrolling, GPtrArray *persons)
{
  enrolling->keys = g_new0 (char *, persons->len + 1);
  for (guint i = 0; i < persons->len; i++)
    {
      char *key = koh_person_normalise (g_ptr_array_index (persons, i));

      /* A key that is no person number has no place on the spine. */
      if (key != NULL)
        enrolling->keys[enrolling->n_keys++] = key;
    }
  enrolling->batches = koh_epoch_padded (enrolling->n_keys) / KOH_ENROL_BATCH;
  return enrolling->batches > 0;
}

static void
clear (Enrolling *enrolling)
{
  for (guint i = 0; i < 2; i++)
    {
      koh_secret_free (enrolling->blocks[i].blinds);
      g_free (enrolling->blocks[i].blinded);
    }
  g_strfreev (enrolling->keys);
  g_free (enrolling->tagged);
}

KohSpine *
koh_enrol (KohLink *link, const char *name, const KohEpoch *epoch, GPtrArray *persons, guint *missing,
           GCancellable *cancellable, GError **error)
{
  Enrolling enrolling = { link, epoch };
  gsize room = KOH_ENROL_BATCHES * KOH_ENROL_BATCH;
  KohSpine *spine = NULL;

  if (!normalise (&enrolling, persons))
    g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s has more person numbers than can be enrolled", name);
  for (guint i = 0; i < 2; i++)
    {
      enrolling.blocks[i].blinds = koh_secret_new (room * KOH_OPRF_SCALAR);
      enrolling.blocks[i].blinded = g_malloc0 (room * KOH_OPRF_ELEMENT);
    }
  enrolling.tagged = g_new0 (Tagged, enrolling.n_keys);
  if (enrolling.batches > 0 && begin (&enrolling, error) && learn_tags (&enrolling, name, cancellable, error))
    spine = find_positions (&enrolling, name, error);
  if (spine != NULL)
    *missing = persons->len - (guint) koh_spine_size (spine);
  clear (&enrolling);
  return spine;
}
