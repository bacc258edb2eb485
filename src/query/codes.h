/* SPDX-License-Identifier: EUPL-1.2
 *
 * Code systems: codes with Danish and English labels and a hierarchy by prefix (chapters by range).
 * The built-in list is data/codes.tsv (columns: system, code, parent, da, en), compiled in as a
 * resource. Codes are upper case without dots. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *system; /* "SKS", "ATC", "NPU", or a value set: "sex", "region", … */
  const char *code;
  const char *parent; /* NULL at the top */
  const char *da;
  const char *en;
} KohCode;

/* language: "da" or "en". All strings live as long as the program. */
const KohCode *koh_codes_find     (const char *system, const char *code); /* exactly this code */
const char    *koh_codes_label    (const char *system, const char *code, const char *language); /* of the code, or of its longest known prefix; NULL */
gboolean       koh_codes_system_known (const char *system);
gboolean       koh_codes_well_formed  (const char *system, const char *code);
gboolean       koh_codes_known    (const char *system, const char *code); /* equals, begins or extends a listed code */

/* Every listed code whose code or label (either language) contains all words of @text; at most @most.
 * Free the array, not the codes. */
GPtrArray     *koh_codes_search   (const char *text, guint most);

G_END_DECLS
