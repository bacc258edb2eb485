/* SPDX-License-Identifier: EUPL-1.2
 *
 * JSON from outside, read strictly before json-glib sees it: RFC 8259, UTF-8, at most 1 MiB, at most
 * 32 levels, no duplicate members, |number| < 2^53 with at most six decimals. And the canonical form
 * of RFC 8785 on such numbers, over which hashes and signatures are made. */
#pragma once

#include <json-glib/json-glib.h>

#include "common/hash.h"

G_BEGIN_DECLS

#define KOH_JSON_MOST (1u << 20)

/* NULL with an error that tells line and column. @what names the thing in the message ("the question"). */
JsonNode *koh_json_parse     (const char *text, gssize size, const char *what, GError **error);
JsonNode *koh_json_read_file (const char *path, GError **error);
char     *koh_json_canonical (JsonNode *node);
char     *koh_json_pretty    (JsonNode *node); /* the same, indented, with a newline at its end */
KohHash   koh_json_hash      (const char *label, JsonNode *node);

/* Typed members, for documents of ours (frames, answers, catalogues): NULL, 0 or FALSE and an error
 * that names the member where it is missing or of another type. With @error NULL a missing member is
 * simply absent. */
const char *koh_json_string  (JsonObject *object, const char *member, GError **error);
gboolean    koh_json_integer (JsonObject *object, const char *member, gint64 least, gint64 most, gint64 *value, GError **error);
JsonObject *koh_json_object  (JsonObject *object, const char *member, GError **error);
JsonArray  *koh_json_array   (JsonObject *object, const char *member, GError **error);

G_END_DECLS
