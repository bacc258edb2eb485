/* SPDX-License-Identifier: EUPL-1.2
 *
 * Disclosure control of approved mode, on shared tables (DESIGN §10; why it is so: README.md).
 *
 * A KohDisclosure says in public terms what a question opens. koh_disclosure_control() turns the shared
 * numbers into what may open; koh_disclosure_read() reads what was opened. */
#pragma once

#include "mpc/bits.h"

G_BEGIN_DECLS

typedef struct
{
  guint n;          /* variables */
  guint *by;        /* increasing */
  guint cells;      /* row-major, the first variable slowest */
} KohDisclosureTable;

typedef struct
{
  guint k;
  guint bits;            /* of a number */
  guint steps;           /* criteria of the attrition: numbers stand before each, and after the last */
  GArray *levels;        /* of guint: of each variable, in public order (fewest first) */
  GPtrArray *tables;     /* of KohDisclosureTable; at least one */
  GArray *attritions;    /* of guint: tables whose steps are asked for */
} KohDisclosure;

KohDisclosure *koh_disclosure_new           (guint k, guint bits, guint steps);
void           koh_disclosure_add_variable  (KohDisclosure *disclosure, guint levels);
guint          koh_disclosure_add_table     (KohDisclosure *disclosure, const guint *by, guint n);
void           koh_disclosure_add_attrition (KohDisclosure *disclosure, guint table);
void           koh_disclosure_free          (KohDisclosure *disclosure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohDisclosure, koh_disclosure_free)

/* How many numbers open (flags among them): rows of the following, each of `bits` planes. */
guint          koh_disclosure_rows          (const KohDisclosure *disclosure);

/* @tables: for each table its cells, or NULL where another table with all its variables is given. @steps:
 * for each attrition in turn, the cells of its table before criterion 1, 2, … `steps` (what is left after
 * the last is the table itself). Takes nothing. */
KohBits       *koh_disclosure_control       (KohParty *party, const KohDisclosure *disclosure,
                                             const KohBits *const *tables, const KohBits *const *steps);

/* What was opened. A cell of a joined table holds the number of its run where it is the last of the run in
 * every variable, and 0 elsewhere. Of a cohort of 1…k−1 no table opens, and every variable is one run. */
typedef struct
{
  gboolean cohort;       /* 0, or ≥ k */
  GPtrArray *ends;       /* of GArray of guint, for each variable: the last level of each run */
  GPtrArray *tables;     /* of GArray of guint64 */
  GArray *open;          /* of gboolean: for each step, 0…steps */
  GPtrArray *steps;      /* of GArray of guint64: for each attrition, for each step 0…steps, its cells */
} KohReleased;

/* NULL where @numbers, koh_disclosure_rows() of them, cannot have come from koh_disclosure_control(). */
KohReleased   *koh_disclosure_read          (const KohDisclosure *disclosure, const guint64 *numbers);
void           koh_released_free            (KohReleased *released);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohReleased, koh_released_free)

G_END_DECLS
