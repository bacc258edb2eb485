/* SPDX-License-Identifier: EUPL-1.2
 *
 * The writer of the log. An append is: write the line, sync it, write the head beside the log, sync and
 * rename it. A crash between the two leaves one line that the head does not cover; a crash within the
 * first leaves a torn line. A failed append is undone, so that the log never continues after a torn line. */
#include "peer/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/audit-read.h"
#include "peer/members.h"
#include "query/json.h"

struct _KohAudit
{
  pthread_mutex_t mutex;
  const KohIdentity *identity;
  char *head_path;
  const char *name;
  int fd;
  gboolean broken; /* a failed append could not be undone */
  goffset size;
  KohAuditHead head;
};

/* ---- The head ------------------------------------------------------------------------------ */

static JsonNode *
sign_head (KohAudit *audit, const KohAuditHead *head)
{
  JsonObject *object = koh_audit_head_members (head, audit->name);
  g_autofree char *text = NULL;
  JsonNode *node = koh_members_node (object);
  guint8 signature[64];

  text = koh_json_canonical (node);
  koh_identity_sign (audit->identity, KOH_AUDIT_HEAD_TYPE, text, strlen (text), signature);
  koh_member_set_bytes (object, "signature", signature, sizeof signature);
  return node;
}

static gboolean
write_head (KohAudit *audit, const KohAuditHead *head, GError **error)
{
  g_autoptr (JsonNode) node = sign_head (audit, head);
  char *text = koh_json_canonical (node);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return koh_place_write (audit->head_path, bytes, 0644, error);
}

JsonNode *
koh_audit_receipt (KohAudit *audit)
{
  JsonNode *node;

  pthread_mutex_lock (&audit->mutex);
  node = sign_head (audit, &audit->head);
  pthread_mutex_unlock (&audit->mutex);
  return node;
}

/* ---- Appending ----------------------------------------------------------------------------- */

static char *
make_line (KohAudit *audit, const char *type, const char *reason, const KohSubject *subjects, guint n)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  JsonObject *about = json_object_new ();
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = koh_members_node (object);

  for (guint i = 0; i < n; i++)
    koh_member_set_hash (about, subjects[i].name, &subjects[i].hash);
  json_object_set_int_member (object, "seq", (gint64) audit->head.entries);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "type", type);
  if (reason != NULL)
    json_object_set_string_member (object, "reason", reason);
  json_object_set_object_member (object, "subject", about);
  koh_member_set_hash (object, "prev", &audit->head.last);
  return koh_json_canonical (node);
}

static gboolean
fail (KohAudit *audit, int why, GError **error)
{
  g_set_error (
      error, KOH_ERROR, KOH_ERROR_STOPPED,
      "The audit log of %s cannot be written (%s); nothing leaves without it, so make room and ask again",
      audit->name, g_strerror (why));
  return FALSE;
}

static gboolean
write_all (int fd, const char *bytes, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      bytes += n;
      size -= (gsize) n;
    }
  return TRUE;
}

static gboolean
append_line (KohAudit *audit, const char *line, GError **error)
{
  g_autofree char *ended = g_strconcat (line, "\n", NULL);
  gsize size = strlen (ended);
  KohAuditHead next = { audit->head.entries + 1, koh_audit_line_hash (line) };
  g_autoptr (GError) local = NULL;

  if (!write_all (audit->fd, ended, size) || fdatasync (audit->fd) != 0)
    {
      int why = errno;

      audit->broken = ftruncate (audit->fd, audit->size) != 0;
      return fail (audit, why, error);
    }
  if (!write_head (audit, &next, &local))
    {
      audit->broken = ftruncate (audit->fd, audit->size) != 0 || fdatasync (audit->fd) != 0;
      g_printerr ("%s: %s\n", audit->name, local->message);
      return fail (audit, EIO, error);
    }
  audit->size += (goffset) size;
  audit->head = next;
  return TRUE;
}

gboolean
koh_audit_append (KohAudit *audit, const char *type, const char *reason, const KohSubject *subjects, guint n,
                  GError **error)
{
  gboolean ok;

  pthread_mutex_lock (&audit->mutex);
  if (audit->broken)
    {
      ok = fail (audit, EIO, error);
    }
  else
    {
      g_autofree char *line = make_line (audit, type, reason, subjects, n);

      ok = append_line (audit, line, error);
    }
  pthread_mutex_unlock (&audit->mutex);
  return ok;
}

/* ---- Opening ------------------------------------------------------------------------------- */

/* What a crash may have left, and nothing else: see the top of the file. */
static gboolean
repair (KohAudit *audit, KohAuditReading *reading, GError **error)
{
  gboolean gap = reading->torn != NULL || reading->beyond == 1;
  KohSubject subject = { "torn", koh_hash_of ("kohorte/audit-torn/1", "", 0) };

  audit->size = reading->whole;
  audit->head = reading->end;
  if (!gap)
    return TRUE;
  if (reading->torn != NULL)
    {
      subject.hash = koh_hash_of ("kohorte/audit-torn/1", g_bytes_get_data (reading->torn, NULL),
                                  g_bytes_get_size (reading->torn));
      if (ftruncate (audit->fd, audit->size) != 0 || fdatasync (audit->fd) != 0)
        return fail (audit, errno, error);
    }
  return koh_audit_append (audit, "log-gap", NULL, &subject, 1, error);
}

static gboolean
open_file (KohAudit *audit, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, KOH_AUDIT_LOG, NULL);

  audit->fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (audit->fd >= 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be opened: %s", path, g_strerror (errno));
  return FALSE;
}

KohAudit *
koh_audit_open (const char *folder, const KohIdentity *identity, GError **error)
{
  g_autoptr (KohAudit) audit = g_new0 (KohAudit, 1);
  g_autoptr (KohAuditReading) reading = NULL;

  pthread_mutex_init (&audit->mutex, NULL);
  audit->fd = -1;
  audit->identity = identity;
  audit->name = koh_identity_card (identity)->name;
  audit->head_path = g_build_filename (folder, KOH_AUDIT_HEAD, NULL);
  reading = koh_audit_read (folder, koh_identity_card (identity), NULL, error);
  if (reading == NULL || !open_file (audit, folder, error))
    return NULL;
  if (!repair (audit, reading, error))
    return NULL;
  if (audit->head.entries == 0 && !koh_audit_append (audit, "log-start", NULL, NULL, 0, error))
    return NULL;
  return g_steal_pointer (&audit);
}

void
koh_audit_free (KohAudit *audit)
{
  if (audit->fd >= 0)
    close (audit->fd);
  pthread_mutex_destroy (&audit->mutex);
  g_free (audit->head_path);
  g_free (audit);
}
