/* SPDX-License-Identifier: EUPL-1.2
 *
 * A cursor over the lines of a signed text. Cards and rosters are read with it, written again from what
 * was understood, and refused unless both texts are the same: so every byte that a signature covers is a
 * byte that was understood, and no text has two spellings. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *at;
  gboolean failed;
} KohLines;

/* The line must be exactly @line. */
void     koh_lines_literal (KohLines *lines, const char *line);

/* Whether the next line is, or begins with, @start; moves nothing. */
gboolean koh_lines_starts  (const KohLines *lines, const char *start);

/* The value of the next line, "KEY: VALUE"; "" and failed for ever where it has another key. */
char    *koh_lines_value   (KohLines *lines, const char *key);

/* The same as a number of @least to @most, or as exactly @size bytes in lower-case hex. */
guint    koh_lines_number  (KohLines *lines, const char *key, guint least, guint most);
void     koh_lines_hex     (KohLines *lines, const char *key, guint8 *bytes, gsize size);
gboolean koh_hex_read      (const char *text, guint8 *bytes, gsize size);
char    *koh_hex_write     (const guint8 *bytes, gsize size);

/* A name: a–z, 0–9 and inner hyphens, beginning with a letter, at most 63 characters. */
gboolean koh_name_is_valid (const char *name);

/* Text to show: 1 to 200 bytes of UTF-8, no control characters, no space at the ends. */
gboolean koh_title_is_valid (const char *title);

G_END_DECLS
