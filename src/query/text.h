/* SPDX-License-Identifier: EUPL-1.2
 *
 * What texts of documents may hold: they are shown to people who decide on them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  KOH_TEXT_LINE,  /* one line, at most 1000 characters */
  KOH_TEXT_PROSE, /* line breaks and tabs too, at most 10 000 characters */
} KohTextKind;

/* FALSE where @text is longer, or has control characters or marks that change the direction of writing,
 * with which a text can show something else than it says. */
gboolean koh_text_plain (const char *text, KohTextKind kind);

/* Names of datasets, attributes and code systems: [A-Za-z][A-Za-z0-9_]{0,63}. */
gboolean koh_text_name  (const char *text);

G_END_DECLS
