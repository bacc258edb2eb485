/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the files of the planner share while a plan is made: the plan's own members, and a builder that
 * knows the map. Nobody outside plan*.c includes this. */
#pragma once

#include "query/plan.h"

G_BEGIN_DECLS

struct _KohPlan
{
  KohQuestion *question;
  KohSessionFacts *facts;
  GPtrArray *columns;   /* of KohColumn */
  GPtrArray *ops;       /* of KohOp */
  GPtrArray *groupings; /* of KohGrouping */
  GPtrArray *tables;    /* of KohPlanTable */
  GArray *attritions;   /* of guint */
  GArray *counts;       /* of KohPlanCount */
  GPtrArray *analyses;  /* of KohPlanAnalysis */
  GPtrArray *steps;     /* of KohCriterion, borrowed from the question */
  KohEvent any_time;    /* the index event without its period; borrows */
  KohCriterion *present; /* where the index is a date: who was born and present then; else NULL */
  gint from, to;        /* the index period */
  guint chunk_rows, count_bits;
  char *text;
  KohHash hash;
};

typedef struct
{
  KohPlan *plan;
  const KohMap *map;
  GHashTable *columns;     /* description → number */
  GHashTable *ops;         /* text → number */
  gint index_owner;        /* the one owner that knows the index date; -1 where several make it together */
  gboolean index_public;   /* everybody knows it: the question gives it */
  gboolean period_known;
  guint day;               /* the index date */
  guint year, in_year;     /* its calendar, where wanted; else KOH_NOTHING */
  guint offset;            /* days since the index period's start; KOH_NOTHING until wanted */
  GArray *masks;           /* of guint: who is left after 0, 1, … criteria */
  GArray *bits;            /* of guint: the criteria themselves */
} KohPlanBuilder;

/* An attribute, resolved, and where it can be evaluated. */
typedef struct
{
  KohDataset *dataset;
  const char *name;        /* bare */
  GArray *owners;          /* of gint */
  gboolean age;            /* `age` or `age_band`, derived from birth_date */
  gboolean needs_index;
} KohPlanAttribute;

/* plan-ops.c: operations, each written once however often it is asked for. */
guint    koh_plan_emit        (KohPlanBuilder *b, KohOpKind kind, guint width, guint64 value, const guint *in,
                               guint n);
guint    koh_plan_emit_bucket (KohPlanBuilder *b, guint in, const guint64 *cuts, guint n);
guint    koh_plan_width       (KohPlanBuilder *b, guint op);
guint    koh_plan_slice       (KohPlanBuilder *b, guint op, guint first, guint width);
guint    koh_plan_constant    (KohPlanBuilder *b, guint width, guint64 value);
guint    koh_plan_not         (KohPlanBuilder *b, guint op);
guint    koh_plan_and         (KohPlanBuilder *b, guint x, guint y);
guint    koh_plan_earliest    (KohPlanBuilder *b, GArray *ops, guint key_width); /* least first planes */
guint    koh_plan_latest      (KohPlanBuilder *b, GArray *ops, guint key_width);
guint    koh_plan_any         (KohPlanBuilder *b, GArray *bits);
guint    koh_plan_all         (KohPlanBuilder *b, GArray *bits);
guint    koh_plan_some        (KohPlanBuilder *b, GArray *bits, guint least); /* at least so many */
guint    koh_bits_for         (guint64 greatest); /* planes that hold 0 … greatest; at least 1 */
void     koh_op_free          (KohOp *op);
void     koh_op_print         (const KohOp *op, GString *text);

/* plan-columns.c: columns, each asked for once. All give the number of the INPUT operation. */
guint    koh_plan_registered  (KohPlanBuilder *b, guint owner);
guint    koh_plan_flag        (KohPlanBuilder *b, guint owner, const KohCriterion *criterion,
                               gboolean at_index);
guint    koh_plan_category    (KohPlanBuilder *b, guint owner, const KohGrouping *grouping,
                               gboolean at_index);
guint    koh_plan_years       (KohPlanBuilder *b, guint owner, const KohGrouping *grouping,
                               const KohCriterion *criterion, const KohPlanAttribute *attribute);
guint    koh_plan_birth       (KohPlanBuilder *b, guint owner, const KohPlanAttribute *attribute);
guint    koh_plan_date        (KohPlanBuilder *b, guint owner, const KohEvent *event, gint from, gint to,
                               gboolean latest, gboolean calendar);
guint    koh_plan_window      (KohPlanBuilder *b, guint owner, const KohCriterion *criterion,
                               const KohColumn **column);
void     koh_column_free      (KohColumn *column);
void     koh_column_print     (const KohColumn *column, GString *text);

/* plan-attributes.c: attributes, age (8 planes, and 1 bit whether it is known), and the planes of the
 * index date's year. */
gboolean koh_plan_attribute       (KohPlanBuilder *b, const char *name, gint at, const char *pointer,
                                   KohPlanAttribute *attribute, GError **error);
void     koh_plan_attribute_clear (KohPlanAttribute *attribute);
gboolean koh_plan_knows_index     (KohPlanBuilder *b, gint owner);
gboolean koh_plan_is_local        (KohPlanBuilder *b, const KohPlanAttribute *attribute, gint owner);
guint    koh_plan_age             (KohPlanBuilder *b, const KohPlanAttribute *attribute, guint *known);
guint    koh_plan_of_year         (KohPlanBuilder *b, guint years, guint width);
gboolean koh_plan_years_known     (KohPlanBuilder *b, const KohPlanAttribute *attribute, const char *pointer,
                                   GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KohPlanAttribute, koh_plan_attribute_clear)

/* plan-index.c: the index date, and who has one. */
gboolean koh_plan_index           (KohPlanBuilder *b, GError **error);

/* plan-criteria.c: a criterion becomes one bit a person. */
gboolean koh_plan_wants_calendar  (KohPlanBuilder *b, const KohCriterion *criterion);
gboolean koh_plan_criterion       (KohPlanBuilder *b, const KohCriterion *criterion, guint *bit,
                                   GError **error);

/* plan-tables.c: groupings, tables and what is counted. */
gboolean koh_plan_find_groupings  (KohPlanBuilder *b, GError **error);
gboolean koh_plan_count_tables    (KohPlanBuilder *b, GError **error);
void     koh_grouping_free        (KohGrouping *grouping);
void     koh_plan_table_free      (KohPlanTable *table);
void     koh_plan_analysis_free   (KohPlanAnalysis *analysis);

/* plan-text.c */
char    *koh_plan_print           (const KohPlan *plan);
void     koh_criterion_print      (const KohCriterion *criterion, GString *text);
void     koh_event_print          (const KohEvent *event, GString *text);
void     koh_print_string         (const char *string, GString *text);
void     koh_print_day            (gint day, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohGrouping, koh_grouping_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohPlanAnalysis, koh_plan_analysis_free)

G_END_DECLS
