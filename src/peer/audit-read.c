/* SPDX-License-Identifier: EUPL-1.2
 *
 * See audit-read.h. The log is read line by line, so that it may grow for years. */
#include "peer/audit-read.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "peer/audit.h"
#include "peer/members.h"
#include "query/json.h"

KohHash
koh_audit_line_hash (const char *line)
{
  return koh_hash_of ("kohorte/audit/1", line, strlen (line));
}

KohHash
koh_audit_origin (const char *name)
{
  return koh_hash_of ("kohorte/audit-origin/1", name, strlen (name));
}

void
koh_audit_reading_free (KohAuditReading *reading)
{
  g_clear_pointer (&reading->torn, g_bytes_unref);
  g_free (reading);
}

/* ---- The head ------------------------------------------------------------------------------ */

JsonObject *
koh_audit_head_members (const KohAuditHead *head, const char *name)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "entries", (gint64) head->entries);
  koh_member_set_hash (object, "head", &head->last);
  json_object_set_string_member (object, "name", name);
  return object;
}

static gboolean
read_head_members (JsonObject *object, KohAuditHead *head, GError **error)
{
  static const KohMember members[] = {
    { "entries", KOH_SHAPE_WHOLE },
    { "head", KOH_SHAPE_HASH },
    { "name", KOH_SHAPE_NAME },
    { "signature", KOH_SHAPE_SIGNATURE },
  };

  if (!koh_members_check (object, members, G_N_ELEMENTS (members), "The head of the audit log", error))
    return FALSE;
  head->entries = koh_member_whole (object, "entries");
  head->last = koh_member_hash (object, "head");
  return TRUE;
}

gboolean
koh_audit_receipt_valid (JsonObject *receipt, const KohCard *card)
{
  KohAuditHead head;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  guint8 signature[64];

  if (!read_head_members (receipt, &head, NULL) ||
      g_strcmp0 (koh_member_text (receipt, "name"), card->name) != 0)
    return FALSE;
  node = koh_members_node (koh_audit_head_members (&head, card->name));
  text = koh_json_canonical (node);
  koh_member_bytes (receipt, "signature", signature, sizeof signature);
  return koh_signature_valid (card->node_key, KOH_AUDIT_HEAD_TYPE, text, strlen (text), signature);
}

static gboolean
read_head (const char *path, const KohCard *card, KohAuditHead *head, GError **error)
{
  g_autoptr (JsonNode) node = koh_json_read_file (path, error);

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node) || !read_head_members (json_node_get_object (node), head, NULL) ||
      !koh_check ("audit-head-signature", koh_audit_receipt_valid (json_node_get_object (node), card)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "%s is not signed by the node key of %s", path,
                   card->name);
      return FALSE;
    }
  return TRUE;
}

/* ---- The log ------------------------------------------------------------------------------- */

static gboolean
is_entry (const char *line, guint64 seq, KohHash *prev)
{
  static const KohMember members[] = {
    { "seq", KOH_SHAPE_WHOLE },        { "time", KOH_SHAPE_TEXT },      { "type", KOH_SHAPE_NAME },
    { "reason", KOH_SHAPE_NAME, TRUE }, { "subject", KOH_SHAPE_OBJECT }, { "prev", KOH_SHAPE_HASH },
  };
  g_autoptr (JsonNode) node = koh_json_parse (line, -1, "an entry", NULL);
  g_autofree char *canonical = NULL;
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  canonical = koh_json_canonical (node);
  if (!koh_members_check (object, members, G_N_ELEMENTS (members), "an entry", NULL) ||
      strcmp (canonical, line) != 0 || koh_member_whole (object, "seq") != seq)
    return FALSE;
  *prev = koh_member_hash (object, "prev");
  return TRUE;
}

/* Which of the receipts speak of the log as it stands after @end.entries lines, and of another one? */
static gboolean
receipts_fit (GPtrArray *receipts, const KohAuditHead *end)
{
  for (guint i = 0; receipts != NULL && i < receipts->len; i++)
    {
      JsonObject *receipt = g_ptr_array_index (receipts, i);
      KohHash head = koh_member_hash (receipt, "head");

      if (koh_member_whole (receipt, "entries") == end->entries && !koh_hash_equal (&head, &end->last))
        return FALSE;
    }
  return TRUE;
}

static gboolean
receipts_covered (GPtrArray *receipts, guint64 entries)
{
  for (guint i = 0; receipts != NULL && i < receipts->len; i++)
    if (koh_member_whole (g_ptr_array_index (receipts, i), "entries") > entries)
      return FALSE;
  return TRUE;
}

static gboolean
refuse (GError **error, const char *folder, guint64 line, const char *what)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "%s/%s, line %" G_GUINT64_FORMAT ": %s", folder,
               KOH_AUDIT_LOG, line, what);
  return FALSE;
}

/* One line, its line break included; FALSE where it does not follow the lines before. */
static gboolean
follow (KohAuditReading *reading, const char *folder, char *line, gsize size, const KohAuditHead *head,
        GPtrArray *receipts, GError **error)
{
  guint64 number = reading->end.entries + 1;
  KohHash prev;

  line[size - 1] = '\0';
  if (strlen (line) != size - 1 || size > KOH_AUDIT_LINE_MOST ||
      !is_entry (line, reading->end.entries, &prev))
    return refuse (error, folder, number, "it is no entry, or not the one that belongs here");
  if (!koh_check ("audit-chain", koh_hash_equal (&prev, &reading->end.last)))
    return refuse (error, folder, number,
                   "it does not follow the line before; a line was changed, moved or removed");
  reading->end.entries = number;
  reading->end.last = koh_audit_line_hash (line);
  reading->whole += (goffset) size;
  if (number == head->entries &&
      !koh_check ("audit-head", koh_hash_equal (&reading->end.last, &head->last)))
    return refuse (error, folder, number, "it is not the line that the signed head names");
  if (!koh_check ("audit-receipt", receipts_fit (receipts, &reading->end)))
    return refuse (error, folder, number, "a receipt given to an asker names another line here");
  reading->beyond = number > head->entries ? number - head->entries : 0;
  if (reading->beyond > 1)
    return refuse (error, folder, number, "the signed head does not cover it");
  return TRUE;
}

static gboolean
read_lines (KohAuditReading *reading, FILE *file, const char *folder, const KohAuditHead *head,
            GPtrArray *receipts, GError **error)
{
  char *line = NULL;
  size_t room = 0;
  gssize size;
  gboolean ok = TRUE;

  while (ok && (size = getline (&line, &room, file)) > 0)
    {
      if (line[size - 1] != '\n')
        reading->torn = g_bytes_new (line, (gsize) size);
      else
        ok = follow (reading, folder, line, (gsize) size, head, receipts, error);
    }
  free (line);
  if (ok && !koh_check ("audit-truncation", reading->end.entries >= head->entries))
    ok = refuse (error, folder, reading->end.entries + 1,
                 "the log ends here, but the signed head covers more lines");
  if (ok && !koh_check ("audit-receipt-covered", receipts_covered (receipts, reading->end.entries)))
    ok = refuse (error, folder, reading->end.entries + 1,
                 "the log ends here, but a receipt covers more lines");
  return ok;
}

KohAuditReading *
koh_audit_read (const char *folder, const KohCard *card, GPtrArray *receipts, GError **error)
{
  g_autoptr (KohAuditReading) reading = g_new0 (KohAuditReading, 1);
  g_autofree char *log = g_build_filename (folder, KOH_AUDIT_LOG, NULL);
  g_autofree char *path = g_build_filename (folder, KOH_AUDIT_HEAD, NULL);
  KohAuditHead head = { 0, koh_audit_origin (card->name) };
  FILE *file;
  gboolean ok;

  reading->end = head;
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !read_head (path, card, &head, error))
    return NULL;
  file = fopen (log, "re");
  if (file == NULL && head.entries == 0)
    return g_steal_pointer (&reading);
  if (file == NULL)
    {
      refuse (error, folder, 1, "the log is gone, but its signed head stands");
      return NULL;
    }
  ok = read_lines (reading, file, folder, &head, receipts, error);
  fclose (file);
  return ok ? g_steal_pointer (&reading) : NULL;
}

gboolean
koh_audit_verify (const char *folder, const KohCard *card, GPtrArray *receipts, guint64 *entries,
                  GError **error)
{
  g_autoptr (KohAuditReading) reading = koh_audit_read (folder, card, receipts, error);

  if (reading == NULL)
    return FALSE;
  *entries = reading->end.entries;
  if (reading->end.entries == 0 && reading->torn == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "%s has no audit log; a participant that was ever started has one", folder);
      return FALSE;
    }
  if (reading->torn == NULL && reading->beyond == 0)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
               "%s/%s, line %" G_GUINT64_FORMAT
               ": the last line was left unfinished; start the participant once, which repairs and tells it",
               folder, KOH_AUDIT_LOG, reading->end.entries + (reading->torn != NULL ? 1 : 0));
  return FALSE;
}
