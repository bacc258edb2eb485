/* SPDX-License-Identifier: EUPL-1.2
 *
 * One event or one attribute in words. Datasets that every federation is likely to have are told as a
 * clinician would; others by their title. */
#include "query/sentence-parts.h"

#include <string.h>

#include "query/codes.h"

/* `*` stands for the codes, `@` for the dataset's title. */
typedef struct
{
  const char *verb;
  const char *denied; /* English only */
  const char *any;    /* any event of the dataset */
  const char *one;    /* of one code */
  const char *many;   /* of several; NULL: as of one */
  const char *none;   /* of several, after a negation; NULL: as of several */
} Words;

typedef struct
{
  const char *dataset;
  Words en, da;
  gboolean once; /* nobody has two: no "first" */
} Wording;

static const Wording wordings[] = {
  { .dataset = "diagnoses",
    .en = { "received", "did not receive", "a diagnosis", "a diagnosis of *" },
    .da = { "fik", NULL, "en diagnose", "diagnosen *", "en af diagnoserne *", "nogen af diagnoserne *" } },
  { .dataset = "procedures",
    .en = { "underwent", "did not undergo", "a procedure", "the procedure *", "one of the procedures *",
            "any of the procedures *" },
    .da = { "fik", NULL, "foretaget en procedure", "foretaget proceduren *", "foretaget en af procedurerne *",
            "foretaget nogen af procedurerne *" } },
  { .dataset = "laboratory",
    .en = { "had", "did not have", "a laboratory test", "a laboratory test of *" },
    .da = { "fik", NULL, "taget en laboratorieprøve", "målt *" } },
  { .dataset = "hospital_medicine",
    .en = { "received", "did not receive", "medicine in hospital", "hospital treatment with *" },
    .da = { "fik", NULL, "medicin på hospital", "hospitalsbehandling med *" } },
  { .dataset = "dispensings",
    .en = { "redeemed", "did not redeem", "a prescription", "a prescription for *" },
    .da = { "indløste", NULL, "en recept", "en recept på *" } },
  { .dataset = "cancer",
    .en = { "had", "did not have", "an entry in the cancer register",
            "an entry of * in the cancer register" },
    .da = { "fik", NULL, "registreret kræft i Cancerregisteret", "registreret * i Cancerregisteret" } },
  { .dataset = "deaths",
    .en = { "died", "did not die", "", "of *" },
    .da = { "døde", NULL, "", "af *" },
    .once = TRUE },
  { .dataset = "emigrations",
    .en = { "emigrated", "did not emigrate", "", "(*)" },
    .da = { "udvandrede", NULL, "", "(*)" } },
};

static const Wording other = {
  .en = { "had", "did not have", "an entry in “@”", "an entry of * in “@”" },
  .da = { "fik", NULL, "en registrering i »@«", "en registrering af * i »@«" },
};

static const Wording *
wording_of (const char *dataset)
{
  for (guint i = 0; i < G_N_ELEMENTS (wordings); i++)
    if (g_str_equal (wordings[i].dataset, dataset))
      return &wordings[i];
  return &other;
}

static char *
fill (const char *pattern, const char *codes, const char *title)
{
  GString *text = g_string_new (NULL);

  for (const char *p = pattern; *p != '\0'; p++)
    if (*p == '*')
      g_string_append (text, codes);
    else if (*p == '@')
      g_string_append (text, title);
    else
      g_string_append_c (text, *p);
  return g_string_free (text, FALSE);
}

static const Words *
words_of (const KohSentence *s, const KohEvent *event)
{
  const Wording *wording = wording_of (event->dataset);

  return s->da ? &wording->da : &wording->en;
}

/* "with a value of at least 48 mmol/mol"; "" where any will do. */
static char *
say_value_condition (const KohSentence *s, const KohValueCondition *value)
{
  g_autofree char *number = koh_say_decimal (s, value->number), *high = koh_say_decimal (s, value->high);
  const char *unit = value->unit != NULL ? value->unit : koh_say (s, "(any unit)", "(enhver enhed)");
  const char *pattern = "";

  switch (value->op)
    {
    case KOH_VALUE_ANY:
      return g_strdup ("");
    case KOH_VALUE_BETWEEN:
      return g_strdup_printf (
          koh_say (s, "with a value from %s to %s %s", "med en værdi fra %s til %s %s"), number, high, unit);
    case KOH_VALUE_LT:
      pattern = koh_say (s, "with a value below %s %s", "med en værdi under %s %s");
      break;
    case KOH_VALUE_LE:
      pattern = koh_say (s, "with a value of at most %s %s", "med en værdi på højst %s %s");
      break;
    case KOH_VALUE_EQ:
      pattern = koh_say (s, "with a value of exactly %s %s", "med en værdi på præcis %s %s");
      break;
    case KOH_VALUE_NE:
      pattern = koh_say (s, "with a value other than %s %s", "med en anden værdi end %s %s");
      break;
    case KOH_VALUE_GE:
      pattern = koh_say (s, "with a value of at least %s %s", "med en værdi på mindst %s %s");
      break;
    case KOH_VALUE_GT:
      pattern = koh_say (s, "with a value above %s %s", "med en værdi over %s %s");
      break;
    }
  return g_strdup_printf (pattern, number, unit);
}

/* "a prescription for …" */
static char *
say_object (const KohSentence *s, const KohEvent *event, gboolean negated)
{
  const Words *words = words_of (s, event);
  const KohDataset *dataset = s->map != NULL ? koh_map_dataset (s->map, event->dataset) : NULL;
  g_autofree char *codes = koh_say_codes (s, event), *value = say_value_condition (s, &event->value), *object = NULL;
  const char *title = dataset == NULL ? event->dataset : s->da ? dataset->da : dataset->en;
  const char *pattern = event->codes->len == 0 ? words->any : words->one;

  if (event->codes->len > 1 && words->many != NULL)
    pattern = negated && words->none != NULL ? words->none : words->many;
  object = fill (pattern, codes, title);
  return event->value.op == KOH_VALUE_ANY ? g_steal_pointer (&object)
                                          : g_strdup_printf ("%s%s%s", object, *object != '\0' ? " " : "", value);
}

static void
append (GString *text, const char *more, const char *between)
{
  if (*more != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? between : "", more);
}

static char *
say_event_rest (const KohSentence *s, const KohCriterion *criterion, gboolean negated)
{
  g_autofree char *object = say_object (s, &criterion->event, negated);
  g_autofree char *period = koh_say_period (s, criterion->event.from, criterion->event.to);
  g_autofree char *window = koh_say_window (s, criterion);
  g_autoptr (GString) when = g_string_new (NULL);
  g_autoptr (GString) rest = g_string_new (NULL);

  append (when, period, "");
  append (when, window, koh_say (s, " and ", " og "));
  if (when->len == 0)
    g_string_append (when, negated ? koh_say (s, "at any time", "på noget tidspunkt")
                                   : koh_say (s, "at any time", "på et hvilket som helst tidspunkt"));
  append (rest, object, "");
  append (rest, when->str, " ");
  return g_string_free (g_steal_pointer (&rest), FALSE);
}

static void
event_clause (const KohSentence *s, const KohCriterion *criterion, gboolean negated, KohClause *clause)
{
  const Words *words = words_of (s, &criterion->event);

  clause->verb = words->verb;
  clause->denied = words->denied;
  clause->rest = say_event_rest (s, criterion, negated);
}

static char *
say_index_date (const KohSentence *s, gint date)
{
  g_autofree char *day = koh_say_day (s, date);

  return g_strdup_printf (koh_say (s,
                                   "who was born on or before %s and had neither died nor emigrated before that "
                                   "day (the index date)",
                                   "der er født den %s eller tidligere og hverken var døde eller udvandrede før "
                                   "denne dag (indeksdatoen)"),
                          day);
}

static char *
say_index_event (const KohSentence *s, const KohQuestion *question)
{
  gboolean once = wording_of (question->index.dataset)->once;
  gboolean first = question->occurrence == KOH_OCCURRENCE_FIRST;
  gboolean last = question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD;
  g_autofree char *object = say_object (s, &question->index, FALSE);
  g_autofree char *period = koh_say_period (s, question->index.from, question->index.to);
  g_autoptr (GString) text = g_string_new (koh_say (s, "who ", "der "));

  if (first && !once)
    g_string_append (text, koh_say (s, "first ", "første gang "));
  g_string_append (text, words_of (s, &question->index)->verb);
  append (text, object, " ");
  append (text, period, " ");
  g_string_append (text, first  ? koh_say (s, " (the index date)", " (indeksdatoen)")
                         : last ? koh_say (s, " (the last such date is the index date)",
                                           " (den sidste af disse datoer er indeksdatoen)")
                                : koh_say (s, " (the first such date is the index date)",
                                           " (den første af disse datoer er indeksdatoen)"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
koh_say_index (const KohSentence *s, const KohQuestion *question)
{
  return question->occurrence == KOH_OCCURRENCE_DATE ? say_index_date (s, question->date)
                                                     : say_index_event (s, question);
}

/* "40–84", "40 or over", "known"; @unit stands after the numbers. */
static char *
say_range (const KohSentence *s, const KohCriterion *criterion, const char *unit, gboolean age)
{
  g_autofree char *low = koh_say_decimal (s, criterion->low), *high = koh_say_decimal (s, criterion->high);

  if (criterion->has_low && criterion->has_high && criterion->low == criterion->high)
    return g_strdup_printf ("%s%s", low, unit);
  if (criterion->has_low && criterion->has_high)
    return age ? g_strdup_printf ("%s–%s%s", low, high, unit)
               : g_strdup_printf (koh_say (s, "from %s to %s%s", "fra %s til %s%s"), low, high, unit);
  if (criterion->has_low)
    return age ? g_strdup_printf (koh_say (s, "%s%s or over", "%s%s eller derover"), low, unit)
               : g_strdup_printf (koh_say (s, "at least %s%s", "mindst %s%s"), low, unit);
  if (criterion->has_high)
    return age ? g_strdup_printf (koh_say (s, "%s%s or under", "%s%s eller derunder"), high, unit)
               : g_strdup_printf (koh_say (s, "at most %s%s", "højst %s%s"), high, unit);
  return g_strdup (koh_say (s, "known", "kendt"));
}

static const KohLevel *
find_level (const KohSentence *s, const char *attribute, const char *code)
{
  GPtrArray *levels = s->map != NULL ? koh_map_levels (s->map, attribute, NULL) : NULL;

  for (guint i = 0; levels != NULL && i < levels->len; i++)
    if (g_str_equal (((KohLevel *) levels->pdata[i])->code, code))
      return levels->pdata[i];
  return NULL;
}

static char *
say_value (const KohSentence *s, const char *attribute, const char *bare, const char *code)
{
  const KohLevel *level = find_level (s, attribute, code);
  const KohCode *known = koh_codes_find (bare, code);
  const char *label = code;

  if (g_str_equal (bare, "sex") && g_str_equal (code, "K"))
    return g_strdup (koh_say (s, "women", "kvinder"));
  if (g_str_equal (bare, "sex") && g_str_equal (code, "M"))
    return g_strdup (koh_say (s, "men", "mænd"));
  if (level != NULL)
    label = s->da ? level->da : level->en;
  else if (known != NULL)
    label = s->da ? known->da : known->en;
  /* Other labels keep their capital letters: most are names, as of regions. */
  return g_str_equal (bare, "education") ? koh_say_inside (label) : g_strdup (label);
}

static gboolean
is_age (const char *bare)
{
  return g_str_equal (bare, "age") || g_str_equal (bare, "age_band");
}

static char *
say_values (const KohSentence *s, const KohCriterion *criterion, const char *bare)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < criterion->in->len; i++)
    {
      const char *code = criterion->in->pdata[i];

      g_ptr_array_add (values,
                       is_age (bare) ? g_strdup (code) : say_value (s, criterion->attribute, bare, code));
    }
  return koh_say_list (s, values, koh_say (s, "or", "eller"));
}

/* Sex and other attributes of a whole life have no day. Without a map, sex is known to be one. */
static gboolean
has_day (const KohSentence *s, const KohCriterion *criterion, const char *bare)
{
  KohDataset *dataset;

  if (criterion->at != KOH_DAY_NONE || is_age (bare))
    return TRUE;
  if (s->map != NULL && koh_map_attribute (s->map, criterion->attribute, &dataset, NULL) != NULL)
    return dataset->validity != KOH_VALIDITY_NONE;
  return !g_str_equal (bare, "sex");
}

/* Only sexes that have a noun: "who are women". */
static gboolean
is_sex (const KohCriterion *criterion, const char *bare)
{
  if (!g_str_equal (bare, "sex") || criterion->in == NULL)
    return FALSE;
  for (guint i = 0; i < criterion->in->len; i++)
    if (!g_str_equal (criterion->in->pdata[i], "K") && !g_str_equal (criterion->in->pdata[i], "M"))
      return FALSE;
  return TRUE;
}

static char *
unit_of (const KohSentence *s, const KohCriterion *criterion)
{
  KohDataset *dataset;
  const KohVariable *variable =
      s->map != NULL ? koh_map_attribute (s->map, criterion->attribute, &dataset, NULL) : NULL;

  return variable != NULL && variable->unit != NULL && *variable->unit != '\0'
             ? g_strconcat (" ", variable->unit, NULL)
             : g_strdup ("");
}

static void
attribute_clause (const KohSentence *s, const KohCriterion *criterion, gboolean negated, KohClause *clause)
{
  const char *dot = strchr (criterion->attribute, '.'), *bare = dot != NULL ? dot + 1 : criterion->attribute;
  gboolean age = is_age (bare), sex = is_sex (criterion, bare);
  gboolean dated = has_day (s, criterion, bare),
           known = criterion->in == NULL && !criterion->has_low && !criterion->has_high;
  g_autofree char *unit = age ? g_strdup (koh_say (s, "", " år")) : unit_of (s, criterion);
  g_autofree char *values =
      criterion->in != NULL ? say_values (s, criterion, bare) : say_range (s, criterion, unit, age);
  g_autofree char *at = dated ? koh_say_at (s, criterion->at) : g_strdup ("");
  const char *years = age && criterion->in != NULL ? unit : "";
  GString *rest = g_string_new (NULL);

  if (age && known)
    g_string_append (rest, koh_say (s, "of known age", "af kendt alder"));
  else
    g_string_append_printf (rest, "%s%s%s", age ? koh_say (s, "aged ", "") : "", values, years);
  append (rest, at, " ");
  if (negated && !known)
    g_string_append (rest, koh_say (s, " (unknown included)", " (ukendt medregnet)"));
  clause->rest = g_string_free (rest, FALSE);
  if (age || sex)
    {
      clause->verb = koh_say (s, sex && !dated ? "are" : "were", sex && !dated ? "er" : "var");
      clause->denied = sex && !dated ? "are not" : "were not";
      clause->card = g_strdup (age && !known ? koh_say (s, "", "alder ") : "");
      return;
    }
  clause->subject = koh_say_attribute (s, criterion->attribute);
  clause->verb = koh_say (s, dated ? "was" : "is", dated ? "var" : "er");
  clause->denied = dated ? "was not" : "is not";
  clause->card = g_strconcat (clause->subject, " ", NULL);
}

void
koh_clause_of (const KohSentence *s, const KohCriterion *criterion, gboolean negated, KohClause *clause)
{
  memset (clause, 0, sizeof *clause);
  if (criterion->kind == KOH_CRITERION_EVENT)
    event_clause (s, criterion, negated, clause);
  else
    attribute_clause (s, criterion, negated, clause);
}

void
koh_clause_clear (KohClause *clause)
{
  g_clear_pointer (&clause->subject, g_free);
  g_clear_pointer (&clause->rest, g_free);
  g_clear_pointer (&clause->card, g_free);
}
