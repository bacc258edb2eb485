/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer document (DESIGN §7) laid out as tables in one language, for whoever shows it: text, CSV, the app.
 * What was hidden is said where it was hidden, and why; nothing is left blank. */
#pragma once

#include <json-glib/json-glib.h>

#include "query/catalogue.h"

G_BEGIN_DECLS

typedef enum
{
  KOH_ANSWER_COUNT,
  KOH_ANSWER_ATTRITION,
  KOH_ANSWER_CROSSTAB,
} KohAnswerKind;

typedef struct
{
  char **levels;         /* one text a `by` of the table, in its order: "Women", "2 + 3" */
  guint joined;          /* how many of them stand for several levels */
  gint step;             /* attrition; -1 elsewhere */
  char *name;            /* attrition: the criterion; NULL elsewhere */
  gboolean suppressed;   /* then n is not known, and `shown` is a token */
  gint64 n;
  char *shown;           /* "12,345"; "<5" for a number of 1…k−1; "hidden" where a number, itself of any size,
                          * would tell of one by subtraction */
} KohAnswerRow;

typedef struct
{
  KohAnswerKind kind;
  char *title;           /* "Attrition" */
  GPtrArray *attributes; /* of char *: the names of its `by`, in order */
  GPtrArray *titles;     /* of char *: how they are called */
  GPtrArray *rows;       /* of KohAnswerRow */
  gboolean joined;       /* some row is */
  gboolean suppressed;   /* some row is */
} KohAnswerTable;

typedef struct
{
  char *label;           /* "Question hash" */
  char *value;
} KohAnswerFact;

typedef struct
{
  char *title;
  char *sentence;        /* full form, in the language; "" where the document has none */
  char *brief;           /* short form, from the question that the answer carries; the full form without one */
  gint64 k;
  gboolean open;         /* the cohort opened */
  gint64 persons;        /* in the cohort; -1 where no table tells */
  char *headline;        /* "12,345 persons", "fewer than 5 persons" */
  GPtrArray *tables;     /* of KohAnswerTable, one an analysis */
  GPtrArray *notes;      /* of char *: why rows are joined or hidden; sentences */
  GPtrArray *facts;      /* of KohAnswerFact: provenance */
} KohAnswer;

/* Reads strictly what it shows: the document may come from a file. @map (may be NULL) gives titles and labels;
 * @language is "da" or "en". */
KohAnswer  *koh_answer_read       (JsonNode *document, const KohMap *map, const char *language, GError **error);
void        koh_answer_free       (KohAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohAnswer, koh_answer_free)

/* "Sex", "Income quintile": the title of a grouping attribute. Free with g_free(). */
char       *koh_answer_attribute  (const KohMap *map, const char *attribute, const char *language);

/* "23 November 2026, 20:15" / "23. november 2026 kl. 20.15" in the local time zone, of an ISO 8601 moment. */
char       *koh_answer_moment     (const char *iso, const char *language);

/* "23 November 2026" / "23. november 2026". */
char       *koh_answer_date       (gint year, gint month, gint of_month, const char *language);

/* Why a joined level is joined and a hidden number hidden, in one sentence each. Free with g_free(). */
char       *koh_answer_why_joined (gint64 k, const char *language);
char       *koh_answer_why_hidden (gint64 k, KohAnswerKind kind, const char *language);

G_END_DECLS
