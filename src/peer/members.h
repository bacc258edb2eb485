/* SPDX-License-Identifier: EUPL-1.2
 *
 * The members that a JSON object of ours may have, as a table: name and shape. An object from outside
 * is held against its table once; after that its members are read without further questions. Members
 * that the table does not name are refused, so that nothing travels that nobody looks at. */
#pragma once

#include <json-glib/json-glib.h>

#include "common/hash.h"

G_BEGIN_DECLS

typedef enum
{
  KOH_SHAPE_TEXT,      /* at most 4096 bytes */
  KOH_SHAPE_NAME,      /* a participant's name: a-z, 0-9 and hyphens, at most 64 */
  KOH_SHAPE_HASH,      /* 32 bytes in hex */
  KOH_SHAPE_SIGNATURE, /* 64 bytes in hex */
  KOH_SHAPE_WHOLE,     /* 0 … 2^53 − 1 */
  KOH_SHAPE_FLAG,
  KOH_SHAPE_OBJECT,
  KOH_SHAPE_ARRAY,
  KOH_SHAPE_BASE64,
} KohShape;

typedef struct
{
  const char *name;
  KohShape shape;
  gboolean optional;
} KohMember;

/* TRUE when @object has all the members of the @n of @table that are not optional, each in its shape, and no
 * other. @what names the object in the message. */
gboolean koh_members_check (JsonObject *object, const KohMember *table, guint n, const char *what,
                            GError **error);

/* Readers, for objects that have been checked. */
KohHash     koh_member_hash   (JsonObject *object, const char *name);
void koh_member_bytes (JsonObject *object, const char *name, guint8 *bytes, gsize size); /* from hex */
guint64     koh_member_whole  (JsonObject *object, const char *name);
const char *koh_member_text   (JsonObject *object, const char *name); /* NULL where absent */

/* Writers. */
void        koh_member_set_hash  (JsonObject *object, const char *name, const KohHash *hash);
void        koh_member_set_bytes (JsonObject *object, const char *name, const guint8 *bytes, gsize size);

/* A node that holds @object; takes it. */
JsonNode   *koh_members_node  (JsonObject *object);

/* The text of a document for people and programs of ours, its members in the order in which they were set
 * (the canonical form sorts them), its numbers as in the canonical form. Free with g_free(). */
char       *koh_members_text  (JsonNode *node);

G_END_DECLS
