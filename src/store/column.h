/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a column is made: the owner's rows, stream by stream, gathered by position. What is gathered in
 * between stands here: days, codes and flags by position. Known to the files column*.c and flag.c. */
#pragma once

#include "store/planes.h"
#include "store/reading.h"

G_BEGIN_DECLS

/* All that the making of one column refers to. */
typedef struct
{
  KohStore *store;
  const KohQuestion *question; /* its index event, for what is at_index */
  const KohSpine *spine;
  guint positions;
  gsize words;
  guint64 missed;              /* rows of persons without a position */
  GCancellable *cancellable;
} KohGather;

/* column.c: the column without the plan around it. */
guint64 *koh_gather_column (KohGather *gather, const KohColumn *column, GError **error);

/* ---- Rows that stand on the spine (column.c) ------------------------------------------------ */

typedef struct
{
  KohGather *gather;
  KohReading *reading;
  char person[11];  /* the last one looked up, and where it stands */
  gint64 position;
} KohOnSpine;

/* Opens a dataset that has been checked. */
gboolean koh_on_spine_open  (KohOnSpine *on, KohGather *gather, KohMapping *mapping,
                             const KohSelection *selection, GError **error);
/* The next row of a person with a position; NULL after the last. */
gboolean koh_on_spine_next  (KohOnSpine *on, const KohRow **row, guint *position, GError **error);
void     koh_on_spine_close (KohOnSpine *on);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KohOnSpine, koh_on_spine_close)

/* The dataset by its name, looked at and checked; NULL with an error. */
KohMapping *koh_gather_mapping (KohGather *gather, const char *dataset, GError **error);

/* ---- Numbers by position -------------------------------------------------------------------- */

typedef guint16 KohNumbers; /* the first of `positions` numbers */

KohNumbers *koh_numbers_new  (guint positions, guint16 value);
void        koh_numbers_free (KohNumbers *numbers, guint positions); /* wipes */
void        koh_numbers_to_planes (const KohNumbers *numbers, guint positions, guint64 *planes, guint width);

/* ---- column-events.c ------------------------------------------------------------------------ */

guint64    *koh_gather_date   (KohGather *gather, const KohColumn *column, GError **error);
guint64    *koh_gather_window (KohGather *gather, const KohColumn *column, GError **error);

/* The owner's own index date of each position, KOH_DAY_NONE where there is none; or the question's date. */
KohNumbers *koh_gather_index  (KohGather *gather, GError **error);

/* ---- column-attributes.c -------------------------------------------------------------------- */

/* What a value is turned into. @text is never NULL. */
typedef guint16 (*KohValueCode) (const char *text, gpointer user_data);

/* An attribute's value at a day (`at`), at the owner's own index date (`index` not NULL) or for life, as
 * a number by position; @missing where there is none. `age` and `age_band` are derived from birth_date. */
KohNumbers *koh_gather_attribute (KohGather *gather, const char *dataset, const char *attribute, gint at,
                                  const KohNumbers *index, KohValueCode code, gpointer user_data,
                                  guint16 missing, GError **error);
guint64    *koh_gather_category   (KohGather *gather, const KohColumn *column, GError **error);
guint64    *koh_gather_years      (KohGather *gather, const KohColumn *column, GError **error);
guint64    *koh_gather_birth      (KohGather *gather, const KohColumn *column, GError **error);

/* ---- flag.c --------------------------------------------------------------------------------- */

guint64    *koh_gather_flag       (KohGather *gather, const KohColumn *column, GError **error);

/* Does an ATTRIBUTE criterion hold for this value? A value that is not among the declared levels counts
 * as missing. @declared may be NULL. */
gboolean    koh_criterion_takes   (const KohCriterion *criterion, const KohDeclared *declared,
                                   const char *text);

/* "age" or "income.income_quintile" among this owner's datasets. @attribute receives the bare name. */
KohMapping *koh_gather_find       (KohGather *gather, const char *name, const char **attribute,
                                   GError **error);

G_END_DECLS
