/* SPDX-License-Identifier: EUPL-1.2
 *
 * The plan: what every participant derives from a question and the signed facts of a session,
 * identically. It names the columns that each owner provides (a pure description; store/ turns it
 * into SQL of the owner's own tables), and the joint part as straight-line column operations, which
 * eval/ runs on shares or in clear. Everything that shapes the circuit stands here: widths, chunk
 * size, cells. Nothing in it depends on hidden data.
 *
 * How the joint part works, and why, is in query/README.md. */
#pragma once

#include "query/catalogue.h"
#include "query/question.h"

G_BEGIN_DECLS

typedef enum
{
  /* 1 bit: the position holds a registered person. Of the population holder. */
  KOH_COLUMN_REGISTERED,

  /* 1 bit: `criterion` holds, evaluated wholly in the owner's database. Where it needs an index date
   * (`at_index`), that date is the owner's own: the index event's dataset has this one owner; or it is
   * the question's, and everybody knows it. `criterion` may then be the plan's: who was present. */
  KOH_COLUMN_FLAG,

  /* A category, binary coded: the number of the attribute's level, levels->len for missing or unlisted.
   * `at` a day, or at the owner's own index date where `at_index`. */
  KOH_COLUMN_CATEGORY,

  /* By calendar year: for each year from…to of an attribute with KOH_VALIDITY_YEAR, either a 1-bit flag
   * (`criterion` != NULL: an ATTRIBUTE criterion) or a category as above. Width = years × one.
   * The first year's planes first. */
  KOH_COLUMN_YEARS,

  /* birth_date: 8 bits koh_day_year_code(), 9 bits koh_day_in_year(), 1 bit present. Width 18. */
  KOH_COLUMN_BIRTH,

  /* The owner's earliest (`latest` FALSE) or latest (`latest` TRUE) matching event with from ≤ date ≤ to.
   * Width 16: the day, KOH_DAY_NONE (all ones) where there is none; for latest, day + 1 and 0 where none.
   * With `calendar`, 8 + 9 more bits: year code and day in year (0 where none). */
  KOH_COLUMN_DATE,

  /* The staircase of an event within [first, last] days of an index date that another owner knows:
   * is there a matching event e with d + first ≤ e ≤ d + last? asked for every day d from…to. Days are
   * cut into `cells` cells of 2^cell_bits days from `from` on, with 2^cell_bits ≤ last − first + 2, so
   * that within a cell the answer is a run of days from the cell's start and a run up to its end. Width
   * cells × 2 × cell_bits: for each cell the length of the leading run, then that of the trailing run
   * (a whole cell has leading 2^cell_bits − 1 and trailing ≥ 1). */
  KOH_COLUMN_WINDOW,
} KohColumnKind;

typedef struct
{
  KohColumnKind kind;
  guint owner;              /* index into plan->owners */
  char *label;              /* unique in the plan: "0/window/3"; goes into PRG labels and hashes */
  guint width;
  const KohCriterion *criterion; /* of plan->question; NULL */
  const KohEvent *event;    /* DATE, WINDOW: which events (its own from/to included); NULL */
  char *dataset;            /* of the attribute (CATEGORY, YEARS, BIRTH); NULL */
  char *attribute;          /* bare column name; "age_band" is derived at the owner; NULL */
  GPtrArray *levels;        /* of KohLevel, borrowed from the map: CATEGORY, YEARS; NULL */
  gboolean at_index;
  gint at;
  gint from, to;            /* days; DATE and WINDOW: KOH_DAY_NONE where open (DATE only) */
  gint first, last;         /* WINDOW */
  guint cells, cell_bits;   /* WINDOW */
  gint first_year, last_year; /* YEARS */
  gboolean latest, calendar;  /* DATE */
} KohColumn;

typedef struct
{
  char *peer;               /* name in the roster */
  char *organisation;
  KohHash snapshot;
  gboolean population;
} KohOwner;

/* The joint part: a straight line of operations on vectors that are shared. The result of operation i is
 * what later ones name by the number i; all have a row for each person of the chunk. */
typedef enum
{
  KOH_OP_INPUT,    /* column `value` */
  KOH_OP_CONSTANT, /* `value` in every row */
  KOH_OP_SLICE,    /* `width` planes of the input, from plane `value` on */
  KOH_OP_JOIN,     /* the planes of all inputs, in order */
  KOH_OP_NOT,
  KOH_OP_AND,
  KOH_OP_OR,
  KOH_OP_MUX,      /* first ? second : third */
  KOH_OP_ADD,      /* (first + second) mod 2^width */
  KOH_OP_SUB,      /* first − second in width − 1 planes, then one plane with the borrow */
  KOH_OP_LESS,     /* first < second */
  KOH_OP_AT_LEAST, /* input ≥ `value` */
  KOH_OP_IS,       /* input = `value` */
  KOH_OP_ANY,      /* some plane is 1 */
  KOH_OP_ALL,      /* every plane is 1 */
  KOH_OP_BUCKET,   /* how many of the increasing `cuts` are ≤ the input */
  KOH_OP_SELECT,   /* first = the code; then the leaves, KOH_NOTHING where a code has none */
  KOH_OP_DEMUX,    /* first = root, second = the code; a plane for each of `width` cells */
  KOH_OP_CROSS,    /* two lists of flags that each split the same rows: plane i·n + j is flag i of the first
                    * and flag j of the second, which has n */
  KOH_OP_COUNT,    /* adds the ones of every plane to count `value`; no result */
} KohOpKind;

#define KOH_NOTHING G_MAXUINT

typedef struct
{
  KohOpKind kind;
  guint width;
  guint64 value;
  GArray *in;               /* of guint */
  GArray *cuts;             /* of guint64; NULL but for BUCKET */
} KohOp;

/* A variable by which numbers are grouped. Its cells are its levels and, last, `missing`. */
typedef struct
{
  char *attribute;          /* as the question names it first */
  char *dataset, *variable; /* as resolved */
  gint at;                  /* KOH_DAY_NONE: at the index date, or no date matters */
  GPtrArray *levels;        /* of KohLevel, `missing` not among them */
} KohGrouping;

/* A table whose numbers open, after disclosure control. Cells in row-major order, first variable slowest. */
typedef struct
{
  GArray *by;               /* of guint: groupings, increasing (so in public order) */
  guint cells;
} KohPlanTable;

/* What one analysis shows: a table, its variables in the order in which they were asked. */
typedef struct
{
  KohAnalysisKind kind;
  guint table;
  GArray *by;               /* of guint: groupings */
  GPtrArray *names;         /* of char *: as this analysis writes them */
} KohPlanAnalysis;

/* What is counted: the cells of a table among those who are left after `step` top-level criteria. The
 * last step is the cohort; it is counted for tables that no other contains, the others are sums. */
typedef struct
{
  guint table;
  guint step;
} KohPlanCount;

/* The facts that the participants agree on before planning. Peers in roster order. */
typedef struct
{
  GPtrArray *owners;        /* of KohOwner, in roster order; catalogues of the map in the same order */
  guint committee[3];       /* indices into owners: P_0, P_1, P_2 */
  KohHash roster;
  KohHash epoch;            /* of the epoch record; names the spine */
  guint positions;          /* N, dummies included */
  guint k;                  /* small cells: the strictest of the policies */
  char *latency;            /* "lan" or "wan" */
} KohSessionFacts;

typedef struct _KohPlan KohPlan;

/* NULL with an error (KOH_ERROR_INVALID or KOH_ERROR_UNSUPPORTED) that names the place. @facts and @map
 * are copied or referenced as needed; the plan keeps a reference to the question. */
KohPlan         *koh_plan_new       (KohQuestion *question, const KohMap *map, const KohSessionFacts *facts,
                                     GError **error);
void             koh_plan_free      (KohPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohPlan, koh_plan_free)

KohHash          koh_plan_hash      (const KohPlan *plan);
char            *koh_plan_to_text   (const KohPlan *plan); /* what is hashed: readable, one thing a line */
const GPtrArray *koh_plan_columns   (const KohPlan *plan); /* of KohColumn */
KohQuestion     *koh_plan_question  (const KohPlan *plan); /* lends */
const KohSessionFacts *koh_plan_facts (const KohPlan *plan);
guint            koh_plan_chunk_rows (const KohPlan *plan); /* a multiple of 64 */

const GPtrArray *koh_plan_ops        (const KohPlan *plan); /* of KohOp */
const GPtrArray *koh_plan_groupings  (const KohPlan *plan); /* of KohGrouping, in public order */
const GPtrArray *koh_plan_tables     (const KohPlan *plan); /* of KohPlanTable */
const GArray    *koh_plan_attritions (const KohPlan *plan); /* of guint: tables whose steps count */
const GArray    *koh_plan_counts     (const KohPlan *plan); /* of KohPlanCount */
const GPtrArray *koh_plan_analyses   (const KohPlan *plan); /* of KohPlanAnalysis, as the question's */
const GPtrArray *koh_plan_steps      (const KohPlan *plan); /* of KohCriterion: those in effect */
guint            koh_plan_count_bits (const KohPlan *plan); /* of a number of persons */
guint            koh_grouping_cells  (const KohGrouping *grouping);

KohSessionFacts *koh_session_facts_new  (void);
KohOwner        *koh_session_facts_add_owner (KohSessionFacts *facts, const char *peer,
                                              const char *organisation, const KohHash *snapshot,
                                              gboolean population);
void             koh_session_facts_free (KohSessionFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSessionFacts, koh_session_facts_free)

G_END_DECLS
