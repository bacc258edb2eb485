/* SPDX-License-Identifier: EUPL-1.2
 *
 * The signed list of a federation's participants, with an epoch: text, one file. First line
 * "kohorte-roster 1", then "federation: NAME", "epoch: N", "k: 5", "latency: lan", the cards whole (each between "card:" and
 * "end"), a blank line, and one "signature NAME: …" for every peer, made with its organisation key. A
 * participant trusts the organisation keys that it has pinned in FOLDER/trust (one hex key a line). */
#pragma once

#include "net/identity.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;
  char *federation;
  guint epoch;
  guint k;
  char *latency;
  GPtrArray *cards;      /* of KohCard, sorted by name; peers and desks */
  KohHash hash;
} KohRoster;

char      *koh_roster_draft     (const char *federation, guint epoch, guint k, const char *latency, GPtrArray *cards); /* unsigned text */
char      *koh_roster_sign      (const char *draft_or_signed, const KohIdentity *identity, GError **error); /* adds one signature */

/* Checks every signature ("roster-signature") and, where @trust is given, that every organisation key is
 * pinned there ("roster-trust"). The error names the participant and the remedy. */
KohRoster *koh_roster_parse     (const char *text, const char *trust, GError **error);
KohRoster *koh_roster_load      (const char *folder, GError **error); /* FOLDER/roster against FOLDER/trust */
void       koh_roster_free      (KohRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohRoster, koh_roster_free)

const KohCard *koh_roster_find  (const KohRoster *roster, const char *name); /* NULL */
GPtrArray *koh_roster_peers     (const KohRoster *roster); /* of const KohCard, in name order; free the array only */

G_END_DECLS
