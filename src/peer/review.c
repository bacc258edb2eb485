/* SPDX-License-Identifier: EUPL-1.2
 *
 * See review.h. */
#include "peer/review.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/members.h"
#include "query/json.h"

static char *
place (const char *folder, const char *hash, const char *ending)
{
  g_autofree char *name = g_strconcat (hash, ending, NULL);

  return g_build_filename (folder, "state", "review", name, NULL);
}

static gboolean
write_text (const char *folder, const char *hash, const char *ending, const char *text, GError **error)
{
  g_autofree char *path = place (folder, hash, ending);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_mkdir (parent, 0700);
  return koh_place_write (path, bytes, 0600, error);
}

static void
forget (const char *folder, const char *hash)
{
  static const char *const endings[] = { ".json", ".approved", ".declined" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = place (folder, hash, endings[i]);

      g_unlink (path);
    }
}

/* TRUE when the owner has decided; then @error tells a refusal. */
static gboolean
is_decided (const char *folder, const char *hash, GError **error)
{
  g_autofree char *approved = place (folder, hash, ".approved");
  g_autofree char *declined = place (folder, hash, ".declined");
  g_autofree char *reason = NULL;

  if (g_file_get_contents (declined, &reason, NULL, NULL))
    {
      g_strstrip (reason);
      g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED, "The data owner said no%s%s",
                   *reason != '\0' ? ": " : "", reason);
      return TRUE;
    }
  return g_file_test (approved, G_FILE_TEST_EXISTS);
}

static gboolean
wait_for_decision (KohJob *job, const char *hash, GError **error)
{
  g_autoptr (GError) refusal = NULL;

  while (!is_decided (job->self->folder, hash, &refusal))
    {
      if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
        return FALSE;
      if (g_get_real_time () / G_USEC_PER_SEC >= job->proposal->expires)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED,
                       "Nobody at %s decided before the question expired", job->self->card->name);
          return FALSE;
        }
      g_usleep (G_USEC_PER_SEC / 5);
    }
  if (refusal == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

gboolean
koh_review_wait (KohJob *job, GError **error)
{
  g_autofree char *hash = koh_hash_to_hex (&job->proposal->hash);
  g_autofree char *text = koh_json_canonical (job->proposal->document);
  JsonObject *members = json_object_new ();
  gboolean ok;

  json_object_set_string_member (members, "message", "waits for the data owner");
  if (!write_text (job->self->folder, hash, ".json", text, error) ||
      !koh_job_record (job, "question-review", NULL, error) ||
      !koh_job_say (job, KOH_MESSAGE_REVIEW, members, error))
    return FALSE;
  /* A question that waits for a person does not keep others out. */
  g_atomic_int_add (&job->self->jobs, -1);
  ok = wait_for_decision (job, hash, error);
  g_atomic_int_add (&job->self->jobs, 1);
  forget (job->self->folder, hash);
  return ok;
}

/* ---- Of the program ------------------------------------------------------------------------ */

GPtrArray *
koh_review_list (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "state", "review", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (list, g_strndup (name, strlen (name) - strlen (".json")));
  return list;
}

gboolean
koh_review_decide (const char *folder, const char *hash, gboolean approve, const char *reason, GError **error)
{
  g_autoptr (GPtrArray) list = koh_review_list (folder);
  const char *found = NULL;
  guint n = 0;

  for (guint i = 0; i < list->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (list, i), hash))
      {
        found = g_ptr_array_index (list, i);
        n++;
      }
  if (n != 1)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s questions that wait begin with “%s”",
                   n == 0 ? "No" : "Several", hash);
      return FALSE;
    }
  return write_text (folder, found, approve ? ".approved" : ".declined", reason, error);
}
