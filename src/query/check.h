/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the files of the check share. Used by question-check.c, check-criterion.c and check-tables.c only. */
#pragma once

#include "query/question-check.h"

G_BEGIN_DECLS

typedef struct
{
  const KohQuestion *question;
  const KohMap *map;
  GPtrArray *problems; /* of KohProblem */
} KohCheck;

void koh_check_error       (KohCheck *check, const char *pointer, const char *format, ...) G_GNUC_PRINTF (3, 4);
void koh_check_unsupported (KohCheck *check, const char *pointer, const char *format, ...) G_GNUC_PRINTF (3, 4);
void koh_check_warning     (KohCheck *check, const char *pointer, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* check-criterion.c */
void koh_check_event       (KohCheck *check, const char *pointer, const KohEvent *event);
void koh_check_criterion   (KohCheck *check, const KohCriterion *criterion);
void koh_check_validity    (KohCheck *check, const char *pointer, const char *attribute, const KohDataset *dataset, gint at);

/* check-tables.c */
void koh_check_by          (KohCheck *check, const char *pointer, const GPtrArray *by);
void koh_check_tables      (KohCheck *check);

/* Graham's reduction: whether sets of variables, given as bits, form a join tree. Consumes @sets. */
gboolean koh_check_is_tree (GArray *sets);

G_END_DECLS
