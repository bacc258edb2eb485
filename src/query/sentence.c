/* SPDX-License-Identifier: EUPL-1.2
 *
 * The whole sentence: whom the question is about, which of them, what is asked of those. A few criteria
 * are told as relative clauses; many, or nested ones, as a numbered list whose numbers show what belongs
 * to what. */
#include "query/sentence-parts.h"

#define MOST_CLAUSES 4

/* A criterion without what does not count: switched-off parts are gone, `not` is a sign, and an `all` or
 * `any` of one is that one. */
typedef struct
{
  const KohCriterion *criterion; /* ALL, ANY, AT_LEAST, ATTRIBUTE or EVENT */
  gboolean negated;
} Node;

static guint
count_children (const KohCriterion *criterion, const KohCriterion **only)
{
  guint n = 0;

  for (guint i = 0; i < criterion->children->len; i++)
    if (koh_criterion_counts (criterion->children->pdata[i]))
      {
        *only = criterion->children->pdata[i];
        n++;
      }
  return n;
}

/* More than the one that is switched on: it cannot hold, and the check says so. */
static gboolean
needs_more (const KohCriterion *criterion)
{
  return criterion->kind == KOH_CRITERION_AT_LEAST && criterion->at_least > 1;
}

static Node
simplify (const KohCriterion *criterion)
{
  Node node = { criterion, FALSE };

  while (node.criterion->children != NULL)
    {
      const KohCriterion *only = NULL;

      if (count_children (node.criterion, &only) != 1 || needs_more (node.criterion))
        break;
      node.negated ^= node.criterion->kind == KOH_CRITERION_NOT;
      node.criterion = only;
    }
  return node;
}

static GArray *
simplify_all (const GPtrArray *criteria)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (Node));

  for (guint i = 0; i < criteria->len; i++)
    if (koh_criterion_counts (criteria->pdata[i]))
      {
        Node node = simplify (criteria->pdata[i]);

        g_array_append_val (nodes, node);
      }
  return nodes;
}

/* The verb and what follows it. @relative: Danish puts `ikke` before the verb there, and after it in a main
 * clause. */
static char *
predicate (const KohSentence *s, const KohClause *clause, gboolean negated, gboolean relative)
{
  if (!s->da)
    return g_strdup_printf ("%s %s", negated ? clause->denied : clause->verb, clause->rest);
  return g_strdup_printf ("%s%s%s %s", negated && relative ? "ikke " : "", clause->verb,
                          negated && !relative ? " ikke" : "", clause->rest);
}

/* "who redeemed …", "whose income quintile was …"; or "they redeemed …", "their income quintile was …". */
static char *
say_clause (const KohSentence *s, const Node *node, gboolean relative)
{
  g_auto (KohClause) clause = { 0 };
  g_autofree char *note = koh_note_criterion (s, node->criterion);
  g_autofree char *rest = NULL;

  koh_clause_of (s, node->criterion, node->negated, &clause);
  rest = predicate (s, &clause, node->negated, relative);
  if (clause.subject == NULL)
    return g_strdup_printf ("%s %s%s", relative ? koh_say (s, "who", "som") : koh_say (s, "they", "de"), rest,
                            note);
  return g_strdup_printf ("%s %s %s%s",
                          relative ? koh_say (s, "whose", "hvis") : koh_say (s, "their", "deres"),
                          clause.subject, rest, note);
}

/* @of: how many criteria follow. At least one, or at least all, of them is what `any` and `all` say. */
static char *
say_quantity (const KohSentence *s, const Node *node, guint of)
{
  guint needed = node->criterion->kind == KOH_CRITERION_AT_LEAST ? node->criterion->at_least
                 : node->criterion->kind == KOH_CRITERION_ALL    ? of
                                                                 : 1;

  if (needed == of)
    return g_strdup (node->negated ? koh_say (s, "not all of the following hold", "ikke alt det følgende gælder")
                                   : koh_say (s, "all of the following hold", "alt det følgende gælder"));
  if (needed == 1)
    return g_strdup (node->negated
                         ? koh_say (s, "none of the following holds", "intet af det følgende gælder")
                         : koh_say (s, "at least one of the following holds", "mindst ét af det følgende gælder"));
  return g_strdup_printf (node->negated ? koh_say (s, "fewer than %u of the following hold",
                                                   "færre end %u af følgende kriterier er opfyldt")
                                        : koh_say (s, "at least %u of the following hold",
                                                   "mindst %u af følgende kriterier er opfyldt"),
                          needed);
}

static void append_items (const KohSentence *s, GString *text, const GArray *nodes, const char *above);

static void
append_compound (const KohSentence *s, GString *text, const Node *node, const char *above)
{
  g_autoptr (GArray) nodes = simplify_all (node->criterion->children);
  g_autofree char *quantity = say_quantity (s, node, nodes->len);

  g_string_append_printf (text, "%s: ", quantity);
  append_items (s, text, nodes, above);
}

/* "(1) …; (2) …; (3) at least one of the following holds: (3.1) …; (3.2) …" */
static void
append_items (const KohSentence *s, GString *text, const GArray *nodes, const char *above)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      const Node *node = &g_array_index (nodes, Node, i);
      g_autofree char *number = g_strdup_printf ("%s%s%u", above, *above != '\0' ? "." : "", i + 1);

      g_string_append_printf (text, "%s(%s) ", i > 0 ? "; " : "", number);
      if (node->criterion->children != NULL)
        append_compound (s, text, node, number);
      else
        {
          g_autofree char *clause = say_clause (s, node, FALSE);

          g_string_append (text, clause);
        }
    }
}

static gboolean
is_plain (const GArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_array_index (nodes, Node, i).criterion->children != NULL)
      return FALSE;
  return nodes->len <= MOST_CLAUSES;
}

/* Danish sets a comma before every subordinate clause, also after "og". */
static void
append_clauses (const KohSentence *s, GString *text, const GArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *clause = say_clause (s, &g_array_index (nodes, Node, i), TRUE);

      if (i > 0 && i + 1 == nodes->len)
        g_string_append (text, koh_say (s, nodes->len > 2 ? ", and " : " and ", ", og "));
      else if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, clause);
    }
}

/* ", those who …"; returns what stands between this and the first thing asked. */
static const char *
append_criteria (const KohSentence *s, GString *text, const GPtrArray *criteria)
{
  g_autoptr (GArray) nodes = simplify_all (criteria);

  if (nodes->len == 0)
    return ": ";
  if (is_plain (nodes))
    {
      g_string_append (text, koh_say (s, ", those ", ", ses der på dem, "));
      append_clauses (s, text, nodes);
      return ": ";
    }
  g_string_append (text, koh_say (s, ", those for whom ", ", ses der på dem, for hvem "));
  if (nodes->len == 1)
    append_compound (s, text, &g_array_index (nodes, Node, 0), "");
  else
    {
      g_string_append_printf (
          text, "%s: ", koh_say (s, "all of these criteria are met", "alle disse kriterier er opfyldt"));
      append_items (s, text, nodes, "");
    }
  return " – ";
}

/* "sex and income quintile on 1 January 2020"; the index date goes without saying. */
static char *
say_groups (const KohSentence *s, const GPtrArray *by)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < by->len; i++)
    {
      const KohBy *one = by->pdata[i];
      g_autofree char *title = koh_say_attribute (s, one->attribute), *note = koh_note_by (s, one);
      g_autofree char *day = one->at != KOH_DAY_NONE ? koh_say_at (s, one->at) : NULL;

      g_ptr_array_add (
          names, g_strdup_printf ("%s%s%s%s", title, day != NULL ? " " : "", day != NULL ? day : "", note));
    }
  return koh_say_list (s, names, koh_say (s, "and", "og"));
}

static char *
say_analysis (const KohSentence *s, const KohAnalysis *analysis)
{
  g_autofree char *groups = say_groups (s, analysis->by);
  const char *asked = koh_say (s, "how many are there", "hvor mange er der");

  if (analysis->kind == KOH_ANALYSIS_CROSSTAB)
    return g_strdup_printf (koh_say (s, "how are they distributed by %s?", "hvordan fordeler de sig på %s?"),
                            groups);
  if (analysis->kind == KOH_ANALYSIS_ATTRITION)
    asked =
        koh_say (s, "how many are left after each criterion", "hvor mange er tilbage efter hvert kriterium");
  if (analysis->by->len == 0)
    return g_strconcat (asked, "?", NULL);
  return g_strdup_printf (koh_say (s, "%s, by %s?", "%s, fordelt på %s?"), asked, groups);
}

static void
append_analyses (const KohSentence *s, GString *text, const GPtrArray *analyses, const char *between)
{
  for (guint i = 0; i < analyses->len; i++)
    {
      g_autofree char *asked = say_analysis (s, analyses->pdata[i]);
      g_autofree char *capital = koh_say_capital (asked);

      g_string_append_printf (text, "%s%s", i == 0 ? between : " ", i == 0 ? asked : capital);
    }
  if (analyses->len == 0)
    g_string_append_printf (text, "%s%s", between,
                            koh_say (s, "nothing is asked yet.", "der spørges endnu ikke om noget."));
}

char *
koh_sentence (const KohQuestion *question, const KohMap *map, const char *language, gboolean full)
{
  g_autoptr (GPtrArray) notes = full ? g_ptr_array_new_with_free_func (g_free) : NULL;
  const KohSentence s = { map, g_str_equal (language, "da"), notes };
  g_autofree char *index = koh_say_index (&s, question), *note = koh_note_index (&s, question);
  GString *text = g_string_new (
      koh_say (&s, "Among everyone in the population register ", "Blandt alle i befolkningsregisteret, "));
  const char *between;

  g_string_append_printf (text, "%s%s", index, note);
  between = append_criteria (&s, text, question->criteria);
  append_analyses (&s, text, question->analyses, between);
  for (guint i = 0; full && i < notes->len; i++)
    g_string_append_printf (text, "\n[%u] %s.", i + 1, (const char *) notes->pdata[i]);
  return g_string_free (text, FALSE);
}

char *
koh_sentence_criterion (const KohCriterion *criterion, const KohMap *map, const char *language)
{
  const KohSentence s = { map, g_str_equal (language, "da"), NULL };
  const Node node = simplify (criterion);
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (KohClause) clause = { 0 };
  g_autofree char *rest = NULL;

  if (node.criterion->children != NULL)
    {
      append_compound (&s, text, &node, "");
      return koh_say_capital (text->str);
    }
  koh_clause_of (&s, node.criterion, node.negated, &clause);
  if (clause.card != NULL)
    g_string_append_printf (text, "%s%s%s", clause.card, node.negated ? koh_say (&s, "not ", "ikke ") : "",
                            clause.rest);
  else
    {
      rest = predicate (&s, &clause, node.negated, FALSE);
      g_string_append (text, rest);
    }
  return koh_say_capital (text->str);
}
