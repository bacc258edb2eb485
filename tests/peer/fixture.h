/* SPDX-License-Identifier: EUPL-1.2
 *
 * A small demo federation in a temporary folder, for the tests of this room. */
#pragma once

#include "net/roster.h"
#include "peer/participant.h"

typedef struct
{
  char *folder;
} Fixture;

#define PEERS 3

extern const char *const fixture_peers[PEERS]; /* in roster order */

Fixture     *fixture_new      (guint persons);
void         fixture_free     (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

char        *fixture_path     (const Fixture *fixture, const char *name); /* FEDERATION/NAME */
KohIdentity *fixture_identity (const Fixture *fixture, const char *name);
KohRoster   *fixture_roster   (const Fixture *fixture);
KohMap      *fixture_map      (const Fixture *fixture);
KohQuestion *fixture_question (const Fixture *fixture); /* the demo question */
KohParticipant *fixture_open  (const Fixture *fixture, const char *name);

/* An empty temporary folder; remove it with fixture_remove(). */
char        *fixture_folder   (void);
void         fixture_remove   (const char *folder);

/* Iterates the default main context until @done or @seconds have passed; FALSE then. */
gboolean     fixture_wait     (gboolean (*done) (gpointer user_data), gpointer user_data, guint seconds);

/* Whole files, for damage. */
GByteArray  *fixture_read     (const char *folder, const char *name);
void         fixture_write    (const char *folder, const char *name, const void *bytes, gsize size);
