/* SPDX-License-Identifier: EUPL-1.2
 *
 * The language that the app speaks, for the parts that are generated rather than translated: sentences, labels of
 * codes, numbers and dates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *koh_language          (void); /* "da" or "en", as the messages are */

/* The Danish or the English of a pair of titles, whichever there is. Lends. */
const char *koh_language_pick     (const char *da, const char *en);

/* Free these with g_free(). */
char       *koh_language_number   (gint64 number);     /* "12.345" */
char       *koh_language_bytes    (guint64 bytes);     /* "12,3 MB" */
char       *koh_language_percent  (double share);      /* "97 %" */
char       *koh_language_seconds  (double seconds);    /* "about 12 seconds" */
char       *koh_language_day      (gint day);          /* "1. januar 2018"; "" for KOH_DAY_NONE */

G_END_DECLS
