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
   * (`at_index`), that date is the owner's own: the index event's dataset has this one owner. */
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
KohPlan         *koh_plan_new       (KohQuestion *question, const KohMap *map, const KohSessionFacts *facts, GError **error);
void             koh_plan_free      (KohPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohPlan, koh_plan_free)

KohHash          koh_plan_hash      (const KohPlan *plan);
char            *koh_plan_to_text   (const KohPlan *plan); /* what is hashed: readable, one thing a line */
const GPtrArray *koh_plan_columns   (const KohPlan *plan); /* of KohColumn */
KohQuestion     *koh_plan_question  (const KohPlan *plan); /* lends */
const KohSessionFacts *koh_plan_facts (const KohPlan *plan);
guint            koh_plan_chunk_rows (const KohPlan *plan); /* a multiple of 64 */

KohSessionFacts *koh_session_facts_new  (void);
KohOwner        *koh_session_facts_add_owner (KohSessionFacts *facts, const char *peer, const char *organisation,
                                              const KohHash *snapshot, gboolean population);
void             koh_session_facts_free (KohSessionFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohSessionFacts, koh_session_facts_free)

G_END_DECLS
