/* SPDX-License-Identifier: EUPL-1.2
 *
 * The audit log notices every edit, removal, exchange and truncation, survives crashes, and stops what
 * it cannot write down. */
#include "peer/audit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/error.h"
#include "fixture.h"
#include "query/json.h"

#define LINES 9

typedef struct
{
  char *folder;
  KohIdentity *identity;
  const KohCard *card;
} Log;

static void
log_open (Log *log)
{
  KohIdentityOptions options = {
    "aarhus", "Aarhus", "Aarhus", "Region Midtjylland", TRUE, "127.0.0.1", 7411
  };
  g_autoptr (GError) error = NULL;

  log->folder = fixture_folder ();
  koh_identity_create (log->folder, &options, &error);
  g_assert_no_error (error);
  log->identity = koh_identity_load (log->folder, &error);
  g_assert_no_error (error);
  log->card = koh_identity_card (log->identity);
}

static void
log_close (Log *log)
{
  koh_identity_free (log->identity);
  fixture_remove (log->folder);
  g_free (log->folder);
}

/* The first entry is the log's own. */
static void
fill (Log *log, guint lines)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohAudit) audit = koh_audit_open (log->folder, log->identity, &error);

  g_assert_no_error (error);
  for (guint i = 1; i < lines; i++)
    {
      KohSubject subject = { "question", koh_hash_of ("test", &i, sizeof i) };

      koh_audit_append (audit, i % 2 ? "question-received" : "release", i % 3 ? NULL : "declined", &subject,
                        1, &error);
      g_assert_no_error (error);
    }
}

static gboolean
verifies (Log *log, GPtrArray *receipts)
{
  g_autoptr (GError) error = NULL;
  guint64 entries = 0;
  gboolean ok = koh_audit_verify (log->folder, log->card, receipts, &entries, &error);

  if (!ok)
    g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  return ok;
}

static void
assert_count (Log *log, guint64 wanted)
{
  g_autoptr (GError) error = NULL;
  guint64 entries = 0;

  koh_audit_verify (log->folder, log->card, NULL, &entries, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries, ==, wanted);
}

/* Neither the verifier nor the writer accepts the log as it stands. */
static void
assert_refused (Log *log)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (verifies (log, NULL));
  g_assert_null (koh_audit_open (log->folder, log->identity, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
}

static void
write_lines (Log *log, char **lines, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\n", lines[i]);
  fixture_write (log->folder, "audit.log", text->str, text->len);
}

static char **
read_lines (Log *log, guint *n)
{
  g_autoptr (GByteArray) bytes = fixture_read (log->folder, "audit.log");
  g_autofree char *text = g_strndup ((char *) bytes->data, bytes->len - 1);
  char **lines = g_strsplit (text, "\n", -1);

  *n = g_strv_length (lines);
  return lines;
}

static void
whole_log_verifies (void)
{
  Log log;

  log_open (&log);
  fill (&log, LINES);
  assert_count (&log, LINES);
  fill (&log, LINES);
  assert_count (&log, 2 * LINES - 1);
  log_close (&log);
}

static void
every_edited_byte_is_found (void)
{
  Log log;
  g_autoptr (GByteArray) bytes = NULL;

  log_open (&log);
  fill (&log, LINES);
  bytes = fixture_read (log.folder, "audit.log");
  for (guint i = 0; i < bytes->len; i++)
    {
      guint8 kept = bytes->data[i];

      bytes->data[i] = kept == '0' ? '1' : '0';
      fixture_write (log.folder, "audit.log", bytes->data, bytes->len);
      g_assert_false (verifies (&log, NULL));
      bytes->data[i] = kept;
    }
  fixture_write (log.folder, "audit.log", bytes->data, bytes->len);
  assert_count (&log, LINES);
  log_close (&log);
}

/* Each line in turn, in an edit that keeps it a well-formed entry of the same number. */
static void
every_edited_line_is_found (void)
{
  Log log;
  guint n;
  g_auto (GStrv) lines = NULL;

  log_open (&log);
  fill (&log, LINES);
  lines = read_lines (&log, &n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *kept = g_strdup (lines[i]);
      char *time = strstr (lines[i], "\"time\":\"2");

      time[strlen ("\"time\":\"")] = '3';
      write_lines (&log, lines, n);
      assert_refused (&log);
      memcpy (lines[i], kept, strlen (kept));
    }
  log_close (&log);
}

static void
every_removed_line_is_found (void)
{
  Log log;
  guint n;
  g_auto (GStrv) lines = NULL;

  log_open (&log);
  fill (&log, LINES);
  lines = read_lines (&log, &n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) left = g_ptr_array_new ();

      for (guint j = 0; j < n; j++)
        if (j != i)
          g_ptr_array_add (left, lines[j]);
      write_lines (&log, (char **) left->pdata, left->len);
      assert_refused (&log);
    }
  log_close (&log);
}

static void
every_exchange_is_found (void)
{
  Log log;
  guint n;
  g_auto (GStrv) lines = NULL;

  log_open (&log);
  fill (&log, LINES);
  lines = read_lines (&log, &n);
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      {
        char *kept = lines[i];

        lines[i] = lines[j];
        lines[j] = kept;
        write_lines (&log, lines, n);
        assert_refused (&log);
        lines[j] = lines[i];
        lines[i] = kept;
      }
  log_close (&log);
}

static void
every_truncation_is_found (void)
{
  Log log;
  g_autoptr (GByteArray) bytes = NULL;

  log_open (&log);
  fill (&log, LINES);
  bytes = fixture_read (log.folder, "audit.log");
  for (guint size = 0; size < bytes->len; size++)
    {
      fixture_write (log.folder, "audit.log", bytes->data, size);
      assert_refused (&log);
    }
  log_close (&log);
}

/* Whoever rewrites the whole log in good order has no signed head for it. */
static void
a_forged_log_needs_a_signature (void)
{
  Log log, other;
  g_autoptr (GByteArray) forged = NULL;
  g_autoptr (GByteArray) head = NULL;

  log_open (&log);
  log_open (&other);
  fill (&log, LINES);
  fill (&other, 3); /* as many lines, but other ones */
  fill (&other, LINES - 2);
  forged = fixture_read (other.folder, "audit.log");
  head = fixture_read (other.folder, "audit.head");
  fixture_write (log.folder, "audit.log", forged->data, forged->len);
  assert_refused (&log);
  fixture_write (log.folder, "audit.head", head->data, head->len);
  assert_refused (&log);
  log_close (&log);
  log_close (&other);
}

/* A forged last line: in order, and as many as the head says; only the head's hash tells. */
static void
a_forged_last_line_is_found (void)
{
  Log log;
  guint n;
  g_auto (GStrv) lines = NULL;
  char *time;

  log_open (&log);
  fill (&log, LINES);
  lines = read_lines (&log, &n);
  time = strstr (lines[n - 1], "\"time\":\"2");
  time[strlen ("\"time\":\"")] = '3';
  write_lines (&log, lines, n);
  assert_refused (&log);
  log_close (&log);
}

static void
a_removed_head_is_found (void)
{
  Log log;
  g_autofree char *path = NULL;

  log_open (&log);
  g_assert_false (verifies (&log, NULL)); /* none at all is no whole log */
  fill (&log, LINES);
  path = g_build_filename (log.folder, "audit.head", NULL);
  g_unlink (path);
  assert_refused (&log);
  log_close (&log);
}

/* Log and head together set back to an older state: only a receipt that somebody else has tells. */
static void
a_receipt_finds_a_rollback (void)
{
  Log log;
  g_autoptr (GByteArray) old_log = NULL;
  g_autoptr (GByteArray) old_head = NULL;
  g_autoptr (GPtrArray) receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  KohAudit *audit;

  log_open (&log);
  fill (&log, 3);
  old_log = fixture_read (log.folder, "audit.log");
  old_head = fixture_read (log.folder, "audit.head");
  audit = koh_audit_open (log.folder, log.identity, &error);
  g_assert_no_error (error);
  koh_audit_append (audit, "release", NULL, NULL, 0, &error);
  g_assert_no_error (error);
  g_ptr_array_add (receipts, koh_audit_receipt (audit));
  g_ptr_array_add (objects, json_node_get_object (receipts->pdata[0]));
  g_assert_true (koh_audit_receipt_valid (objects->pdata[0], log.card));
  koh_audit_free (audit);
  g_assert_true (verifies (&log, objects));

  fixture_write (log.folder, "audit.log", old_log->data, old_log->len);
  fixture_write (log.folder, "audit.head", old_head->data, old_head->len);
  g_assert_true (verifies (&log, NULL));
  g_assert_false (verifies (&log, objects));

  /* And written on, past the place of the receipt. */
  fill (&log, 4);
  g_assert_true (verifies (&log, NULL));
  g_assert_false (verifies (&log, objects));
  log_close (&log);
}

static void
a_receipt_of_another_is_none (void)
{
  Log log, other;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohAudit) audit = NULL;
  g_autoptr (JsonNode) receipt = NULL;

  log_open (&log);
  log_open (&other);
  audit = koh_audit_open (log.folder, log.identity, &error);
  g_assert_no_error (error);
  receipt = koh_audit_receipt (audit);
  g_assert_true (koh_audit_receipt_valid (json_node_get_object (receipt), log.card));
  g_assert_false (koh_audit_receipt_valid (json_node_get_object (receipt), other.card));
  json_object_set_int_member (json_node_get_object (receipt), "entries", 2);
  g_assert_false (koh_audit_receipt_valid (json_node_get_object (receipt), log.card));
  g_clear_pointer (&audit, koh_audit_free);
  log_close (&log);
  log_close (&other);
}

/* A crash in an append, at every 23rd byte and at each of the last: the log opens again, tells the gap, and
 * nothing is lost before it. */
static void
a_torn_last_line_is_repaired (void)
{
  Log log;
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) head = NULL;
  g_autoptr (GByteArray) after = NULL;

  log_open (&log);
  fill (&log, 4);
  before = fixture_read (log.folder, "audit.log");
  head = fixture_read (log.folder, "audit.head");
  fill (&log, 2);
  after = fixture_read (log.folder, "audit.log");
  for (guint size = before->len + 1; size <= after->len; size += size + 23 < after->len ? 23 : 1)
    {
      g_autoptr (GByteArray) repaired = NULL;
      g_autofree char *text = NULL;

      fixture_write (log.folder, "audit.log", after->data, size);
      fixture_write (log.folder, "audit.head", head->data, head->len);
      g_assert_false (verifies (&log, NULL));
      fill (&log, 1);
      repaired = fixture_read (log.folder, "audit.log");
      text = g_strndup ((char *) repaired->data, repaired->len);
      g_assert_cmpmem (text, before->len, before->data, before->len);
      g_assert_nonnull (strstr (text, "\"log-gap\""));
      /* A whole line that the head did not cover yet is kept. */
      assert_count (&log, size == after->len ? 6 : 5);
    }
  log_close (&log);
}

static void
two_lines_beyond_the_head_are_refused (void)
{
  Log log;
  g_autoptr (GByteArray) head = NULL;

  log_open (&log);
  fill (&log, 4);
  head = fixture_read (log.folder, "audit.head");
  fill (&log, 3);
  fixture_write (log.folder, "audit.head", head->data, head->len);
  assert_refused (&log);
  log_close (&log);
}

/* A full disk: the append fails, says so, and leaves the log whole; with room again it goes on. */
static void
a_full_disk_stops_and_leaves_the_log_whole (void)
{
  Log log;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) full = NULL;
  g_autoptr (KohAudit) audit = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  struct rlimit kept, small;

  log_open (&log);
  fill (&log, 4);
  audit = koh_audit_open (log.folder, log.identity, &error);
  g_assert_no_error (error);
  bytes = fixture_read (log.folder, "audit.log");
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &kept), ==, 0);
  small = kept;
  small.rlim_cur = bytes->len + 40; /* within the next line */
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (koh_audit_append (audit, "release", NULL, NULL, 0, &full));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &kept), ==, 0);
  g_assert_error (full, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_nonnull (strstr (full->message, "aarhus"));
  assert_count (&log, 4);
  koh_audit_append (audit, "release", NULL, NULL, 0, &error);
  g_assert_no_error (error);
  assert_count (&log, 5);
  g_clear_pointer (&audit, koh_audit_free);
  log_close (&log);
}

/* The head cannot be written: the same. */
static void
a_head_that_cannot_be_written_stops (void)
{
  Log log;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) blocked = NULL;
  g_autoptr (KohAudit) audit = NULL;
  g_autofree char *head = NULL, *aside = NULL, *inside = NULL;

  log_open (&log);
  fill (&log, 4);
  audit = koh_audit_open (log.folder, log.identity, &error);
  g_assert_no_error (error);
  head = g_build_filename (log.folder, "audit.head", NULL);
  aside = g_build_filename (log.folder, "aside", NULL);
  inside = g_build_filename (head, "inside", NULL);
  g_assert_cmpint (g_rename (head, aside), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (inside, 0700), ==, 0);
  g_assert_false (koh_audit_append (audit, "release", NULL, NULL, 0, &blocked));
  g_assert_error (blocked, KOH_ERROR, KOH_ERROR_STOPPED);
  g_rmdir (inside);
  g_rmdir (head);
  g_assert_cmpint (g_rename (aside, head), ==, 0);
  assert_count (&log, 4);
  koh_audit_append (audit, "release", NULL, NULL, 0, &error);
  g_assert_no_error (error);
  assert_count (&log, 5);
  g_clear_pointer (&audit, koh_audit_free);
  log_close (&log);
}

typedef struct
{
  KohAudit *audit;
  guint failed;
} Writer;

static gpointer
write_cb (gpointer data)
{
  Writer *writer = data;

  for (guint i = 0; i < 5; i++)
    writer->failed += !koh_audit_append (writer->audit, "release", NULL, NULL, 0, NULL);
  return NULL;
}

static void
many_threads_write_one_chain (void)
{
  Log log;
  g_autoptr (GError) error = NULL;
  GThread *threads[4];
  Writer writers[4];
  KohAudit *audit;

  log_open (&log);
  audit = koh_audit_open (log.folder, log.identity, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    {
      writers[i] = (Writer) { audit, 0 };
      threads[i] = g_thread_new ("writer", write_cb, &writers[i]);
    }
  for (guint i = 0; i < 4; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (writers[i].failed, ==, 0);
    }
  koh_audit_free (audit);
  assert_count (&log, 21);
  log_close (&log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/audit/whole-log-verifies", whole_log_verifies);
  g_test_add_func ("/peer/audit/every-edited-byte-is-found", every_edited_byte_is_found);
  g_test_add_func ("/peer/audit/every-edited-line-is-found", every_edited_line_is_found);
  g_test_add_func ("/peer/audit/every-removed-line-is-found", every_removed_line_is_found);
  g_test_add_func ("/peer/audit/every-exchange-is-found", every_exchange_is_found);
  g_test_add_func ("/peer/audit/every-truncation-is-found", every_truncation_is_found);
  g_test_add_func ("/peer/audit/a-forged-log-needs-a-signature", a_forged_log_needs_a_signature);
  g_test_add_func ("/peer/audit/a-forged-last-line-is-found", a_forged_last_line_is_found);
  g_test_add_func ("/peer/audit/a-removed-head-is-found", a_removed_head_is_found);
  g_test_add_func ("/peer/audit/a-receipt-finds-a-rollback", a_receipt_finds_a_rollback);
  g_test_add_func ("/peer/audit/a-receipt-of-another-is-none", a_receipt_of_another_is_none);
  g_test_add_func ("/peer/audit/a-torn-last-line-is-repaired", a_torn_last_line_is_repaired);
  g_test_add_func ("/peer/audit/two-lines-beyond-the-head-are-refused",
                   two_lines_beyond_the_head_are_refused);
  g_test_add_func ("/peer/audit/a-full-disk-stops-and-leaves-the-log-whole",
                   a_full_disk_stops_and_leaves_the_log_whole);
  g_test_add_func ("/peer/audit/a-head-that-cannot-be-written-stops", a_head_that_cannot_be_written_stops);
  g_test_add_func ("/peer/audit/many-threads-write-one-chain", many_threads_write_one_chain);
  return g_test_run ();
}
