/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the files of the sentence share. Used by sentence*.c only.
 *
 * Both languages stand side by side in the code, not in gettext: an answer carries both sentences,
 * whatever the locale is, and their grammar differs more than their words. */
#pragma once

#include "query/sentence.h"

G_BEGIN_DECLS

typedef struct
{
  const KohMap *map;  /* may be NULL */
  gboolean da;        /* Danish, else English */
  GPtrArray *notes;   /* of char *: the full form's notes, in order of mention; NULL in the short form */
} KohSentence;

/* One criterion that is no `all`, `any` or `not`, as verb and rest. In a relative clause the person is
 * "who"; in a main clause "they". With a subject ("income quintile") these are "whose income quintile"
 * and "their income quintile". */
typedef struct
{
  char *subject;      /* NULL: the person */
  const char *verb;   /* "redeemed", "were", "was"; Danish "indløste" */
  const char *denied; /* English "did not redeem"; in Danish `ikke` stands before or after the verb */
  char *rest;         /* "a prescription for … 0–30 days after the index date" */
  char *card;         /* how a heading begins instead of with the verb: "Aged"; NULL: with subject or verb */
} KohClause;

/* sentence-words.c. All give text to be freed. */
const char *koh_say         (const KohSentence *s, const char *en, const char *da);
char *koh_say_day           (const KohSentence *s, gint day);         /* "1 January 2018" */
char *koh_say_decimal       (const KohSentence *s, gdouble number);   /* "48.5", "265,000" */
char *koh_say_period        (const KohSentence *s, gint from, gint to); /* "between … and …"; "" where open */
char *koh_say_window        (const KohSentence *s, const KohCriterion *criterion); /* "" where open */
char *koh_say_at            (const KohSentence *s, gint at);          /* "on the index date" */
char *koh_say_list          (const KohSentence *s, const GPtrArray *texts, const char *last); /* last: "or", "og" … */
char *koh_say_inside        (const char *label);                      /* a label within a sentence: small first letter */
char *koh_say_capital       (const char *text);
char *koh_say_attribute     (const KohSentence *s, const char *attribute); /* "income quintile" */
char *koh_say_codes         (const KohSentence *s, const KohEvent *event);

/* sentence-clause.c */
void  koh_clause_of         (const KohSentence *s, const KohCriterion *criterion, gboolean negated, KohClause *clause);
void  koh_clause_clear      (KohClause *clause);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KohClause, koh_clause_clear)
char *koh_say_index         (const KohSentence *s, const KohQuestion *question); /* "who first received …" */

/* sentence-notes.c: " [1]" for the place, in the full form; "" in the short form. */
char *koh_note_index        (const KohSentence *s, const KohQuestion *question);
char *koh_note_criterion    (const KohSentence *s, const KohCriterion *criterion);
char *koh_note_by           (const KohSentence *s, const KohBy *by);

G_END_DECLS
