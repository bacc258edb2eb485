/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question: an immutable document (DESIGN §7) as the program sees it. Reading is strict: unknown
 * members are errors that name the place with a JSON pointer. Whether a question makes sense for a
 * federation's catalogues is the business of question-check.h. */
#pragma once

#include <json-glib/json-glib.h>

#include "common/day.h"
#include "common/hash.h"

G_BEGIN_DECLS

typedef struct
{
  char *system;   /* "SKS" */
  char *code;     /* "DI21" */
} KohCodeRef;

typedef enum
{
  KOH_VALUE_ANY,
  KOH_VALUE_LT,
  KOH_VALUE_LE,
  KOH_VALUE_EQ,
  KOH_VALUE_NE,
  KOH_VALUE_GE,
  KOH_VALUE_GT,
  KOH_VALUE_BETWEEN, /* both ends included */
} KohValueOp;

/* What an event's value must be. Another unit does not match, nor does a value that is no number. */
typedef struct
{
  KohValueOp op;
  gdouble number, high; /* high: BETWEEN */
  char *unit;           /* NULL: any */
} KohValueCondition;

typedef struct
{
  char *dataset;
  GPtrArray *codes;   /* of KohCodeRef; empty = any event of the dataset */
  gboolean exact;     /* otherwise descendants match too: the code is a prefix */
  gint from, to;      /* both included; KOH_DAY_NONE where open */
  KohValueCondition value;
} KohEvent;

typedef enum
{
  KOH_CRITERION_ALL,
  KOH_CRITERION_ANY,
  KOH_CRITERION_NOT,       /* one child */
  KOH_CRITERION_AT_LEAST,  /* `at_least` of the children */
  KOH_CRITERION_ATTRIBUTE,
  KOH_CRITERION_EVENT,
} KohCriterionKind;

typedef struct _KohCriterion KohCriterion;

struct _KohCriterion
{
  KohCriterionKind kind;
  char *pointer;           /* where it stands in the document, for messages: "/criteria/all/2" */
  char *name;              /* NULL */
  gboolean enabled;
  GPtrArray *children;     /* of KohCriterion; ALL, ANY, NOT, AT_LEAST */

  /* ATTRIBUTE */
  char *attribute;         /* as written: "age", "sex", "income.income_quintile" */
  gint at;                 /* KOH_DAY_NONE: at the index date; otherwise a day */
  GPtrArray *in;           /* of char *; NULL where `between` is used */
  gboolean has_low, has_high; /* ends of `between`; both may be open */
  gdouble low, high;

  /* EVENT */
  KohEvent event;
  gboolean has_first, has_last;
  gint first, last;        /* within [first, last] days of the index date */
  guint at_least;          /* days with an event, 1 in this version; AT_LEAST: criteria that hold */
};

typedef enum
{
  KOH_OCCURRENCE_FIRST,
  KOH_OCCURRENCE_FIRST_IN_PERIOD,
  KOH_OCCURRENCE_LAST_IN_PERIOD,
  KOH_OCCURRENCE_DATE, /* no event: `date` is everybody's index date who was born and present then */
} KohOccurrence;

/* Events of these datasets before a given index date leave their person out. */
#define KOH_DEATHS "deaths"
#define KOH_EMIGRATIONS "emigrations"

typedef enum { KOH_ANALYSIS_COUNT, KOH_ANALYSIS_ATTRITION, KOH_ANALYSIS_CROSSTAB } KohAnalysisKind;

typedef struct
{
  char *attribute;         /* "sex", "age_band", "income_quintile" */
  gint at;                 /* KOH_DAY_NONE: at the index date */
} KohBy;

typedef struct
{
  KohAnalysisKind kind;
  GPtrArray *by;           /* of KohBy, at most 2; its own or the question's */
} KohAnalysis;

typedef struct
{
  JsonNode *document;      /* as read; immutable */
  KohHash hash;            /* of its canonical form, label "kohorte/question/1" */
  char *title;
  char *project_id, *problem, *decision, *purpose, *legal_basis;
  char *mode;              /* "approved" */
  char *link;              /* "person" */
  KohEvent index;          /* nothing where `occurrence` is KOH_OCCURRENCE_DATE */
  KohOccurrence occurrence;
  gint date;               /* KOH_OCCURRENCE_DATE; else KOH_DAY_NONE */
  GPtrArray *criteria;     /* of KohCriterion: the top level `all`, disabled ones included */
  GPtrArray *by;           /* of KohBy */
  GPtrArray *analyses;     /* of KohAnalysis */
  gatomicrefcount references;
} KohQuestion;

/* FALSE for a criterion that is switched off, and for a compound one with nothing but such below it: it is
 * as if it did not stand there. Sentence, checks and plan leave it out alike. */
gboolean     koh_criterion_counts   (const KohCriterion *criterion);

/* "ge" and so on, as the document writes it. */
const char  *koh_value_op_name      (KohValueOp op);

KohQuestion *koh_question_from_json (JsonNode *document, GError **error);
KohQuestion *koh_question_parse     (const char *text, gssize size, GError **error);
KohQuestion *koh_question_read_file (const char *path, GError **error);
KohQuestion *koh_question_ref       (KohQuestion *question);
void         koh_question_unref     (KohQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohQuestion, koh_question_unref)

/* The canonical text: what is hashed and signed. */
char        *koh_question_to_text   (const KohQuestion *question);

G_END_DECLS
