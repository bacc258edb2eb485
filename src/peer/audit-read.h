/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading an audit log and holding it against its head; what the writer does at its start, and what
 * anybody can do offline. */
#pragma once

#include <json-glib/json-glib.h>

#include "net/identity.h"

G_BEGIN_DECLS

#define KOH_AUDIT_LOG "audit.log"
#define KOH_AUDIT_HEAD "audit.head"
#define KOH_AUDIT_HEAD_TYPE "audit-head"
#define KOH_AUDIT_LINE_MOST 8192

typedef struct
{
  guint64 entries;
  KohHash last; /* hash of the last line; of the name alone before the first */
} KohAuditHead;

typedef struct
{
  KohAuditHead end; /* of the log, the line beyond the head included */
  guint64 beyond;   /* whole lines that the head does not cover: 0 or 1 */
  GBytes *torn;     /* a last line without its end; NULL */
  goffset whole;    /* bytes of the whole lines */
} KohAuditReading;

/* NULL with an error that names the line where log and head do not fit. */
KohAuditReading *koh_audit_read (const char *folder, const KohCard *card, GPtrArray *receipts,
                                 GError **error);
void             koh_audit_reading_free (KohAuditReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohAuditReading, koh_audit_reading_free)

KohHash          koh_audit_line_hash    (const char *line); /* without its line break */
KohHash          koh_audit_origin       (const char *name); /* what the first line follows */

/* The members that a head's signature covers. */
JsonObject      *koh_audit_head_members (const KohAuditHead *head, const char *name);

G_END_DECLS
