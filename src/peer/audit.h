/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a participant did, and when: FOLDER/audit.log, one line of canonical JSON an entry, each with the
 * hash of the one before; and FOLDER/audit.head, the number of entries and the hash of the last, signed
 * by the node key. Together they show every line that was edited, removed, moved or cut off.
 *
 * No counts, persons, shares or words of a question stand in it: times, kinds, and hashes. */
#pragma once

#include "net/identity.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _KohAudit KohAudit; /* thread-safe */

typedef struct
{
  const char *name; /* "question", "session", … */
  KohHash hash;
} KohSubject;

/* Opens or begins the log of @folder, checks it against its head, and repairs what a crash left: a torn
 * last line is cut off, a last line that the head does not cover yet is taken in; either is told by an
 * entry "log-gap". Anything else is an error. */
KohAudit *koh_audit_open    (const char *folder, const KohIdentity *identity, GError **error);
void      koh_audit_free    (KohAudit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohAudit, koh_audit_free)

/* Returns when the entry and the head are on the disk. @reason (may be NULL) is the name of an error code.
 * After a failure nothing may leave this participant that the entry was to tell of. */
gboolean koh_audit_append (KohAudit *audit, const char *type, const char *reason, const KohSubject *subjects,
                           guint n, GError **error);

/* The signed head as it stands: {"entries", "head", "name", "signature"}. */
JsonNode *koh_audit_receipt (KohAudit *audit);

/* Whether @receipt is a head signed by @card's node key. */
gboolean  koh_audit_receipt_valid (JsonObject *receipt, const KohCard *card);

/* Offline: holds the log of @folder against its head. @receipts (may be NULL) are heads that others were
 * given; each must be found in the log. The error names the line. */
gboolean  koh_audit_verify  (const char *folder, const KohCard *card, GPtrArray *receipts, guint64 *entries,
                             GError **error);

G_END_DECLS
