/* SPDX-License-Identifier: EUPL-1.2
 *
 * One error domain for the whole project. The codes are what a caller acts on; the message is a
 * sentence to a person that names the peer and the remedy. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KOH_ERROR (koh_error_quark ())

typedef enum
{
  KOH_ERROR_INVALID,     /* a question, a file or a setting is wrong */
  KOH_ERROR_USAGE,       /* the command line is wrong */
  KOH_ERROR_DECLINED,    /* a policy or a data owner said no */
  KOH_ERROR_STOPPED,     /* a session stopped: a peer is gone */
  KOH_ERROR_CHECK,       /* a session stopped: a security check failed */
  KOH_ERROR_MISMATCH,    /* rosters, plans, snapshots or epochs differ between participants */
  KOH_ERROR_PROTOCOL,    /* bytes that the protocol does not allow */
  KOH_ERROR_DATA,        /* an owner's database cannot be read, or a row breaks its schema */
  KOH_ERROR_UNREACHABLE, /* a peer does not answer */
  KOH_ERROR_UNSUPPORTED, /* well-formed, but not something this version computes */
} KohErrorCode;

GQuark      koh_error_quark       (void);

/* The exit status of a program that ends with this error (0 answered is not among them):
 * 1 wrong input, 2 usage, 3 declined, 4 stopped, 5 out of reach, 130 cancelled. */
int         koh_error_exit_status (const GError *error);

/* Stable names of the codes, as they travel between participants ("declined", "mismatch", …).
 * koh_error_code_from_name() returns KOH_ERROR_PROTOCOL for a name it does not know. */
const char *koh_error_code_name      (const GError *error);
KohErrorCode koh_error_code_from_name (const char *name);

G_END_DECLS
