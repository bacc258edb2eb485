/* SPDX-License-Identifier: EUPL-1.2
 *
 * See seen.h. Two text files, appended and synced: `proposals`, "HASH EXPIRY" a line, rewritten without
 * the expired at each start; and `questions`, "SNAPSHOT PROJECT QUESTION" a line. */
#include "peer/seen.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"

struct _KohSeen
{
  pthread_mutex_t mutex;
  char *proposals_path, *questions_path;
  GHashTable *proposals; /* hex → NULL */
  GHashTable *questions; /* line → NULL */
};

static gboolean
append (const char *path, const char *line, GError **error)
{
  g_autofree char *ended = g_strconcat (line, "\n", NULL);
  gssize size = (gssize) strlen (ended);
  int fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  gboolean ok = fd >= 0 && write (fd, ended, (gsize) size) == size && fdatasync (fd) == 0;
  int why = errno;

  if (fd >= 0)
    close (fd);
  if (!ok)
    g_set_error (error, KOH_ERROR, KOH_ERROR_STOPPED, "%s cannot be written: %s", path, g_strerror (why));
  return ok;
}

/* A torn last line belongs to a proposal that was never answered: it is left out. */
static gboolean
load_proposals (KohSeen *seen, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) kept = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) lines = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!g_file_get_contents (seen->proposals_path, &text, NULL, NULL))
    return TRUE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gint64 expires = 0;
      char hex[65];

      if (sscanf (lines[i], "%64[0-9a-f] %" G_GINT64_FORMAT, hex, &expires) != 2 || strlen (hex) != 64 ||
          expires < now)
        continue;
      g_hash_table_add (seen->proposals, g_strdup (hex));
      g_string_append_printf (kept, "%s %" G_GINT64_FORMAT "\n", hex, expires);
    }
  bytes = g_bytes_new (kept->str, kept->len);
  return koh_place_write (seen->proposals_path, bytes, 0600, error);
}

static void
load_questions (KohSeen *seen)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (seen->questions_path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strlen (lines[i]) == 3 * 64 + 2)
      g_hash_table_add (seen->questions, g_strdup (lines[i]));
}

KohSeen *
koh_seen_open (const char *state, GError **error)
{
  g_autoptr (KohSeen) seen = g_new0 (KohSeen, 1);

  pthread_mutex_init (&seen->mutex, NULL);
  seen->proposals_path = g_build_filename (state, "proposals", NULL);
  seen->questions_path = g_build_filename (state, "questions", NULL);
  seen->proposals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  seen->questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!load_proposals (seen, error))
    return NULL;
  load_questions (seen);
  return g_steal_pointer (&seen);
}

void
koh_seen_free (KohSeen *seen)
{
  g_hash_table_unref (seen->proposals);
  g_hash_table_unref (seen->questions);
  g_free (seen->proposals_path);
  g_free (seen->questions_path);
  pthread_mutex_destroy (&seen->mutex);
  g_free (seen);
}

gboolean
koh_seen_proposal (KohSeen *seen, const KohHash *proposal, gint64 expires, GError **error)
{
  g_autofree char *hex = koh_hash_to_hex (proposal);
  g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT, hex, expires);
  gboolean fresh;

  pthread_mutex_lock (&seen->mutex);
  fresh = g_hash_table_add (seen->proposals, g_strdup (hex));
  pthread_mutex_unlock (&seen->mutex);
  if (koh_check ("proposal-replay", fresh))
    return append (seen->proposals_path, line, error);
  g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "This proposal has been seen before; ask anew");
  return FALSE;
}

/* ---- Questions by project ------------------------------------------------------------------ */

static char *
line_of (const KohHash *snapshot, const KohQuestion *question, gsize *prefix)
{
  const char *project = question->project_id != NULL ? question->project_id : "";
  KohHash id = koh_hash_of ("kohorte/project/1", project, strlen (project));
  g_autofree char *a = koh_hash_to_hex (snapshot);
  g_autofree char *b = koh_hash_to_hex (&id);
  g_autofree char *c = koh_hash_to_hex (&question->hash);

  *prefix = 2 * 64 + 2;
  return g_strjoin (" ", a, b, c, NULL);
}

gboolean
koh_seen_question (KohSeen *seen, const KohHash *snapshot, const KohQuestion *question, GError **error)
{
  gsize prefix;
  g_autofree char *line = line_of (snapshot, question, &prefix);
  gboolean fresh;

  pthread_mutex_lock (&seen->mutex);
  fresh = g_hash_table_add (seen->questions, g_strdup (line));
  pthread_mutex_unlock (&seen->mutex);
  return !fresh || append (seen->questions_path, line, error);
}

KohHistory
koh_seen_history (KohSeen *seen, const KohHash *snapshot, const KohQuestion *question)
{
  gsize prefix;
  g_autofree char *line = line_of (snapshot, question, &prefix);
  KohHistory history = { 0, FALSE };
  GHashTableIter iter;
  gpointer key;

  pthread_mutex_lock (&seen->mutex);
  history.repeated = g_hash_table_contains (seen->questions, line);
  g_hash_table_iter_init (&iter, seen->questions);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    history.of_project += strncmp (key, line, prefix) == 0;
  pthread_mutex_unlock (&seen->mutex);
  return history;
}
