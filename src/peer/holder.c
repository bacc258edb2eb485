/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answering owners. The holder sees how many keys an owner asks for (a power of two) and when; the keys
 * themselves it cannot see. The quota bounds how often the register can be tried through one owner. */
#include "peer/holder.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "common/secret.h"
#include "peer/parallel.h"
#include "query/json.h"

/* An owner has keys of persons whom the register does not know, and enrols anew with each snapshot: it
 * may ask for this many times the spine, and at least for this many keys, in one epoch. */
#define QUOTA_SPINES 16
#define QUOTA_LEAST (1u << 20)

struct _KohHolder
{
  pthread_mutex_t mutex;
  char *quota_path;
  KohSecret *secret;
  guint8 key[KOH_OPRF_ELEMENT];
  guint positions;
  char *record;       /* the signed epoch record, canonical */
  GMappedFile *list;
};

KohHolder *
koh_holder_open (const char *state, const KohEpoch *epoch, GError **error)
{
  g_autoptr (KohHolder) holder = g_new0 (KohHolder, 1);
  g_autofree char *key_path = g_build_filename (state, "oprf.key", NULL);
  g_autofree char *list_path = g_build_filename (state, "list", NULL);
  g_autoptr (GBytes) bytes = koh_place_read (key_path, KOH_OPRF_SCALAR, error);

  pthread_mutex_init (&holder->mutex, NULL);
  holder->quota_path = g_build_filename (state, "quota", NULL);
  holder->positions = epoch->positions;
  holder->record = koh_json_canonical (epoch->document);
  memcpy (holder->key, epoch->oprf_key, sizeof holder->key);
  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) == KOH_OPRF_SCALAR)
    holder->secret = koh_secret_copy (g_bytes_get_data (bytes, NULL), KOH_OPRF_SCALAR);
  sodium_memzero ((gpointer) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  holder->list = g_mapped_file_new (list_path, FALSE, NULL);
  if (holder->secret == NULL || holder->list == NULL ||
      g_mapped_file_get_length (holder->list) != (gsize) holder->positions * KOH_ENTRY)
    {
      g_set_error (
          error, KOH_ERROR, KOH_ERROR_INVALID,
          "The epoch in %s is damaged; run kohorte-peer snapshot, after which every owner enrols anew",
          state);
      return NULL;
    }
  return g_steal_pointer (&holder);
}

void
koh_holder_free (KohHolder *holder)
{
  g_clear_pointer (&holder->secret, koh_secret_free);
  g_clear_pointer (&holder->list, g_mapped_file_unref);
  pthread_mutex_destroy (&holder->mutex);
  g_free (holder->quota_path);
  g_free (holder->record);
  g_free (holder);
}

/* ---- The quota ----------------------------------------------------------------------------- */

/* Charged, and on the disk, before anything is evaluated. */
static gboolean
charge (KohHolder *holder, const char *owner, guint keys, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  guint64 most = MAX ((guint64) QUOTA_SPINES * holder->positions, QUOTA_LEAST);
  guint64 used;
  gboolean ok;

  pthread_mutex_lock (&holder->mutex);
  g_key_file_load_from_file (file, holder->quota_path, G_KEY_FILE_NONE, NULL);
  used = g_key_file_get_uint64 (file, "keys", owner, NULL);
  ok = koh_check ("enrol-quota", used + keys <= most);
  if (!ok)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED,
                   "%s has asked for %" G_GUINT64_FORMAT
                   " keys in this epoch and may not ask for %u more; wait for the next",
                   owner, used, keys);
    }
  else
    {
      g_autofree char *text = NULL;
      g_autoptr (GBytes) bytes = NULL;
      gsize size;

      g_key_file_set_uint64 (file, "keys", owner, used + keys);
      text = g_key_file_to_data (file, &size, NULL);
      bytes = g_bytes_new (text, size);
      ok = koh_place_write (holder->quota_path, bytes, 0600, error);
    }
  pthread_mutex_unlock (&holder->mutex);
  return ok;
}

/* ---- The conversation ---------------------------------------------------------------------- */

static gboolean
send (KohLink *link, KohWriter *writer, GError **error)
{
  g_autoptr (GBytes) bytes = koh_writer_end (writer);

  return koh_link_send (link, bytes, error);
}

/* The body of the next message, which must be of @kind. @bytes keeps it alive. */
static gboolean
hear (KohLink *link, KohEnrolKind kind, GBytes **bytes, KohReader *reader, GError **error)
{
  *bytes = koh_link_recv (link, KOH_ENROL_SILENCE, error);
  if (*bytes == NULL)
    return FALSE;
  koh_reader_init_bytes (reader, *bytes);
  if (koh_reader_u8 (reader) == kind)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s does not follow the order of enrolment",
               koh_link_get_peer (link));
  return FALSE;
}

static gboolean
broken (KohLink *link, GError **error)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL, "%s sent a message of enrolment that cannot be read",
               koh_link_get_peer (link));
  return FALSE;
}

static gboolean
greet (KohHolder *holder, KohLink *link, GError **error)
{
  g_autoptr (GBytes) hello = NULL;
  g_auto (KohWriter) writer;
  KohReader reader;

  koh_writer_init (&writer);
  if (!hear (link, KOH_ENROL_HELLO, &hello, &reader, error))
    return FALSE;
  if (koh_reader_u8 (&reader) != KOH_ENROL_VERSION || !koh_reader_end (&reader))
    return broken (link, error);
  koh_writer_u8 (&writer, KOH_ENROL_RECORD);
  koh_writer_string (&writer, holder->record);
  return send (link, &writer, error);
}

static gboolean
refuse (KohLink *link, const GError *why, GError **error)
{
  g_auto (KohWriter) writer;

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_ENROL_REFUSED);
  koh_writer_string (&writer, why->message);
  return send (link, &writer, error);
}

typedef struct
{
  KohHolder *holder;
  const guint8 *blinded;
  guint8 *answers;
} Evaluation;

#define ANSWER (KOH_OPRF_PROOF + KOH_ENROL_BATCH * KOH_OPRF_ELEMENT)

static gboolean
evaluate_batch (guint task, gpointer user_data)
{
  Evaluation *evaluation = user_data;
  guint8 *answer = evaluation->answers + (gsize) task * ANSWER;

  return koh_oprf_evaluate (evaluation->holder->secret, evaluation->holder->key,
                            evaluation->blinded + (gsize) task * KOH_ENROL_BATCH * KOH_OPRF_ELEMENT,
                            KOH_ENROL_BATCH, answer + KOH_OPRF_PROOF, NULL, answer);
}

/* One message of batches; @left is how many batches the owner may still send. */
static gboolean
answer_batches (KohHolder *holder, KohLink *link, guint *left, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree guint8 *answers = NULL;
  g_auto (KohWriter) writer;
  Evaluation evaluation = { holder };
  KohReader reader;
  guint n;

  koh_writer_init (&writer);
  if (!hear (link, KOH_ENROL_BATCHES_SENT, &bytes, &reader, error))
    return FALSE;
  n = koh_reader_u32 (&reader);
  if (n == 0 || n > KOH_ENROL_BATCHES || n > *left)
    return broken (link, error);
  evaluation.blinded = koh_reader_borrow (&reader, (gsize) n * KOH_ENROL_BATCH * KOH_OPRF_ELEMENT);
  if (evaluation.blinded == NULL || !koh_reader_end (&reader))
    return broken (link, error);
  evaluation.answers = answers = g_malloc ((gsize) n * ANSWER);
  if (!koh_parallel (n, evaluate_batch, &evaluation, NULL))
    return broken (link, error);
  *left -= n;
  koh_writer_u8 (&writer, KOH_ENROL_ANSWERS);
  koh_writer_u32 (&writer, n);
  koh_writer_raw (&writer, answers, (gsize) n * ANSWER);
  return send (link, &writer, error);
}

static gboolean
send_list (KohHolder *holder, KohLink *link, GError **error)
{
  g_autoptr (GBytes) asked = NULL;
  const char *entries = g_mapped_file_get_contents (holder->list);
  KohReader reader;

  if (!hear (link, KOH_ENROL_LIST, &asked, &reader, error))
    return FALSE;
  for (guint at = 0; at < holder->positions; at += KOH_ENROL_ENTRIES)
    {
      guint n = MIN (KOH_ENROL_ENTRIES, holder->positions - at);
      g_auto (KohWriter) writer;

      koh_writer_init (&writer);
      koh_writer_u8 (&writer, KOH_ENROL_LIST_ENTRIES);
      koh_writer_u32 (&writer, n);
      koh_writer_raw (&writer, entries + (gsize) at * KOH_ENTRY, (gsize) n * KOH_ENTRY);
      if (!send (link, &writer, error))
        return FALSE;
    }
  return TRUE;
}

/* TRUE with *keys 0 when the owner only wanted the record, and went. */
static gboolean
hear_begin (KohLink *link, guint *keys, GError **error)
{
  g_autoptr (GBytes) bytes = koh_link_recv (link, KOH_ENROL_SILENCE, NULL);
  KohReader reader;

  *keys = 0;
  if (bytes == NULL)
    return TRUE;
  koh_reader_init_bytes (&reader, bytes);
  if (koh_reader_u8 (&reader) != KOH_ENROL_BEGIN)
    return broken (link, error);
  *keys = koh_reader_u32 (&reader);
  if (!koh_reader_end (&reader) || *keys < KOH_ENROL_BATCH || (*keys & (*keys - 1)) != 0)
    return broken (link, error);
  return TRUE;
}

gboolean
koh_holder_serve (KohHolder *holder, KohLink *link, gboolean *granted, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_auto (KohWriter) writer;
  guint keys, left;

  koh_writer_init (&writer);
  if (granted != NULL)
    *granted = FALSE;
  if (!greet (holder, link, error) || !hear_begin (link, &keys, error))
    return FALSE;
  if (keys == 0)
    return TRUE;
  if (!charge (holder, koh_link_get_peer (link), keys, &why))
    {
      refuse (link, why, NULL);
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  if (granted != NULL)
    *granted = TRUE;
  koh_writer_u8 (&writer, KOH_ENROL_GRANTED);
  if (!send (link, &writer, error))
    return FALSE;
  for (left = keys / KOH_ENROL_BATCH; left > 0;)
    if (!answer_batches (holder, link, &left, error))
      return FALSE;
  return send_list (holder, link, error);
}
