/* SPDX-License-Identifier: EUPL-1.2
 *
 * Steps of reading a question, each with the JSON pointer of where it is. Used by question-read.c and
 * criterion.c only. Every function that returns FALSE or NULL has set the error. */
#pragma once

#include "query/question.h"

G_BEGIN_DECLS

/* "POINTER: message"; the top is written "/". Always FALSE. */
gboolean koh_read_fail       (GError **error, gint code, const char *pointer, const char *format, ...) G_GNUC_PRINTF (4, 5);

/* @known and @later: names with a space between. Members among @later are KOH_ERROR_UNSUPPORTED: they
 * belong to the document but this version does not compute them. Others are unknown. */
gboolean koh_read_members    (JsonObject *object, const char *pointer, const char *known, const char *later, GError **error);

JsonObject *koh_read_object  (JsonNode *node, const char *pointer, GError **error);
JsonArray  *koh_read_array   (JsonNode *node, const char *pointer, guint least, guint most, GError **error);
const char *koh_read_line    (JsonNode *node, const char *pointer, GError **error); /* one plain line, not empty */
const char *koh_read_name    (JsonNode *node, const char *pointer, GError **error); /* koh_text_name() */
gboolean koh_read_boolean    (JsonNode *node, const char *pointer, gboolean *value, GError **error);
gboolean koh_read_day        (JsonNode *node, const char *pointer, gint *day, GError **error);
gboolean koh_read_at         (JsonObject *object, const char *pointer, gint *at, GError **error); /* member "at" */
const char *koh_read_attribute (JsonObject *object, const char *pointer, GError **error); /* member "attribute" */
gboolean koh_read_attribute_name (const char *text, const char *pointer, GError **error);

gboolean koh_read_event      (JsonNode *node, const char *pointer, KohEvent *event, GError **error);
void     koh_event_clear     (KohEvent *event);

/* NULL with an error. koh_criterion_free() frees the children too. */
KohCriterion *koh_read_criterion (JsonNode *node, const char *pointer, GError **error);
void     koh_criterion_free  (gpointer criterion);

/* Reads @array's elements as criteria at @pointer/0, @pointer/1 … into @into. */
gboolean koh_read_criteria   (JsonArray *array, const char *pointer, GPtrArray *into, GError **error);

G_END_DECLS
