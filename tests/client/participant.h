/* SPDX-License-Identifier: EUPL-1.2
 *
 * A stand-in for the desk's participant: a real socket, a thread, and a script of lines. And a federation folder
 * for it to belong to. */
#pragma once

#include <gio/gio.h>

typedef struct _Participant Participant;

/* What an ask or a watch brings, line by line. "@close" hangs up; "@pause" waits until participant_go(). */
Participant *participant_new   (const char *folder, const char *const *script);
void         participant_go    (Participant *self);
gboolean     participant_heard (Participant *self, const char *part); /* a line that has @part was received */
void         participant_free  (Participant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Participant, participant_free)

/* Serves @folder for good: the body of a stand-in program. */
void         participant_serve (const char *folder);

/* A temporary federation folder, and XDG_RUNTIME_DIR within it. */
char        *federation_new    (void);
void         federation_write  (const char *federation, const char *path, const char *text);
void         federation_remove (char *federation);
