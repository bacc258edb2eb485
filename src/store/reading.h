/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rows of a dataset, one after the other, each held against the declared schema. Whatever this room
 * knows of the data it learns through here. */
#pragma once

#include "store/mapping.h"

G_BEGIN_DECLS

typedef struct _KohReading KohReading;

/* Which rows and columns. KOH_SELECT_ALL is everything. */
typedef struct
{
  const KohEvent *event;  /* only matching events: codes, value, and its own from and to; NULL: any */
  gint from, to;          /* of the date, both included; KOH_DAY_NONE open */
  const char *attribute;  /* only this column beside person and validity; NULL: all */
  gint since, until;      /* only what is valid at some day of these; KOH_DAY_NONE open */
  gboolean checking;      /* of everything: tells what is wrong with the rows (koh_reading_defects) */
  gboolean in_order;      /* by person, then valid_from; only then two rows for one time are found */
} KohSelection;

#define KOH_SELECT_ALL                                                                                       \
  ((KohSelection){ .from = KOH_DAY_NONE, .to = KOH_DAY_NONE, .since = KOH_DAY_NONE, .until = KOH_DAY_NONE })

typedef struct
{
  char person[11];        /* normalised */
  gint date, end;         /* events; end may be KOH_DAY_NONE */
  const char *code;       /* events; NULL where there is none */
  gint valid_from, valid_to; /* both included; the whole of time where the dataset has no validity */
} KohRow;

KohReading *koh_reading_open  (KohStore *store, KohMapping *mapping, const KohSelection *selection,
                               GCancellable *cancellable, GError **error);

/* Rows of persons who have opted out never come; where the dataset skips bad rows, neither do those. FALSE: an
 * error. The row and its texts stand until the next call. @row receives NULL after the last. */
gboolean    koh_reading_next  (KohReading *reading, const KohRow **row, GError **error);

/* Columns that are not part of KohRow: attributes; of events, value and unit. */
guint       koh_reading_columns (const KohReading *reading);
const char *koh_reading_name    (const KohReading *reading, guint column);
const char *koh_reading_text    (const KohReading *reading, guint column); /* NULL: missing */

/* Of a pass that is checking, after its last row; the caller's from now on. */
KohDefects *koh_reading_defects (KohReading *reading);
void        koh_reading_free    (KohReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohReading, koh_reading_free)

/* FALSE unless 10 letters and digits remain without spaces and hyphens. */
gboolean    koh_person_key      (const char *text, char key[11]);

G_END_DECLS
