/* SPDX-License-Identifier: EUPL-1.2
 *
 * The notes of the full form. Each holds everything that the document says of one event or attribute, in
 * the document's own words. The sentence gives their structure, so that equal full forms mean equal
 * questions, whatever titles and labels are called. */
#include "query/sentence-parts.h"

#include <string.h>

#include "query/json.h"

/* " [2]", where @note is the second one mentioned. Equal notes share a number. Takes @note. */
static char *
refer (const KohSentence *s, char *note)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (s->notes, note, g_str_equal, &at))
    g_free (note);
  else
    {
      at = s->notes->len;
      g_ptr_array_add (s->notes, note);
    }
  return g_strdup_printf (" [%u]", at + 1);
}

static void
append_day (GString *text, const char *word, gint day)
{
  g_autofree char *date = day != KOH_DAY_NONE ? koh_day_format (day) : NULL;

  if (date != NULL)
    g_string_append_printf (text, ", %s %s", word, date);
}

static void
append_quoted (GString *text, const char *value)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
  g_autofree char *quoted = koh_json_canonical (node);

  g_string_append (text, quoted);
}

static void
append_bound (GString *text, gboolean has, gdouble bound)
{
  g_autoptr (JsonNode) node = json_node_init_double (json_node_alloc (), bound);
  g_autofree char *number = koh_json_canonical (node);

  g_string_append (text, has ? number : "…");
}

/* "[0, 30]" in the document's own notation; "…" where open. */
static void
append_bounds (GString *text, gboolean has_low, gdouble low, gboolean has_high, gdouble high)
{
  g_string_append_c (text, '[');
  append_bound (text, has_low, low);
  g_string_append (text, ", ");
  append_bound (text, has_high, high);
  g_string_append_c (text, ']');
}

/* ", value ge 48, unit "mmol/mol"" */
static void
append_value (const KohSentence *s, GString *text, const KohValueCondition *value)
{
  if (value->op == KOH_VALUE_ANY)
    return;
  g_string_append_printf (text, koh_say (s, ", value %s ", ", værdi %s "), koh_value_op_name (value->op));
  if (value->op == KOH_VALUE_BETWEEN)
    append_bounds (text, TRUE, value->number, TRUE, value->high);
  else
    append_bound (text, TRUE, value->number);
  g_string_append (text, value->unit != NULL ? koh_say (s, ", unit ", ", enhed ")
                                             : koh_say (s, ", any unit", ", enhver enhed"));
  if (value->unit != NULL)
    append_quoted (text, value->unit);
}

static GString *
describe_event (const KohSentence *s, const KohEvent *event)
{
  GString *text = g_string_new (koh_say (s, "dataset ", "datasæt "));
  const KohDataset *dataset = s->map != NULL ? koh_map_dataset (s->map, event->dataset) : NULL;

  g_string_append (text, event->dataset);
  if (dataset != NULL)
    g_string_append_printf (text, koh_say (s, " (“%s”)", " (»%s«)"), s->da ? dataset->da : dataset->en);
  if (event->codes->len == 0)
    g_string_append (text, koh_say (s, ", any event", ", enhver hændelse"));
  else
    g_string_append (text, event->codes->len == 1 ? koh_say (s, ", code ", ", kode ")
                                                  : koh_say (s, ", codes ", ", koder "));
  for (guint i = 0; i < event->codes->len; i++)
    {
      const KohCodeRef *code = event->codes->pdata[i];

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", code->system, code->code);
    }
  if (event->codes->len > 0)
    g_string_append (text, event->exact ? koh_say (s, " exactly", " præcis")
                                        : koh_say (s, " with descendants", " med underkoder"));
  append_value (s, text, &event->value);
  append_day (text, koh_say (s, "from", "fra"), event->from);
  append_day (text, koh_say (s, "to", "til"), event->to);
  return text;
}

char *
koh_note_index (const KohSentence *s, const KohQuestion *question)
{
  GString *text;

  if (s->notes == NULL)
    return g_strdup ("");
  if (question->occurrence == KOH_OCCURRENCE_DATE)
    {
      g_autofree char *date = koh_day_format (question->date);

      return refer (s, g_strdup_printf (koh_say (s,
                                                 "index date %s: born on or before it, and no event of the datasets "
                                                 KOH_DEATHS " and " KOH_EMIGRATIONS " before it",
                                                 "indeksdato %s: født den dag eller tidligere, og ingen hændelse i "
                                                 "datasættene " KOH_DEATHS " og " KOH_EMIGRATIONS " før den"),
                                        date));
    }
  text = describe_event (s, &question->index);
  g_string_append (text, question->occurrence == KOH_OCCURRENCE_FIRST
                             ? koh_say (s, "; the earliest of the whole record, and it lies in the period",
                                        "; den tidligste i hele registreringen, og den ligger i perioden")
                         : question->occurrence == KOH_OCCURRENCE_LAST_IN_PERIOD
                             ? koh_say (s, "; the latest in the period", "; den seneste i perioden")
                             : koh_say (s, "; the earliest in the period", "; den tidligste i perioden"));
  return refer (s, g_string_free (text, FALSE));
}

/* "dataset.attribute" where the map tells; as the document writes it otherwise. */
static void
append_attribute (const KohSentence *s, GString *text, const char *attribute, gint at)
{
  const char *dot = strchr (attribute, '.');
  g_autofree char *date = at != KOH_DAY_NONE ? koh_day_format (at) : NULL;
  KohDataset *dataset;

  g_string_append (text, koh_say (s, "attribute ", "variabel "));
  if (dot == NULL && s->map != NULL && koh_map_attribute (s->map, attribute, &dataset, NULL) != NULL)
    g_string_append_printf (text, "%s.", dataset->name);
  g_string_append (text, attribute);
  g_string_append_printf (text, koh_say (s, " at %s", " pr. %s"),
                          date != NULL ? date : koh_say (s, "the index date", "indeksdatoen"));
}

char *
koh_note_criterion (const KohSentence *s, const KohCriterion *criterion)
{
  GString *text;

  if (s->notes == NULL)
    return g_strdup ("");
  if (criterion->kind == KOH_CRITERION_EVENT)
    {
      text = describe_event (s, &criterion->event);
      g_string_append (text, "; ");
      append_bounds (text, criterion->has_first, criterion->first, criterion->has_last, criterion->last);
      g_string_append (text, koh_say (s, " days from the index date", " dage fra indeksdatoen"));
      return refer (s, g_string_free (text, FALSE));
    }
  text = g_string_new (NULL);
  append_attribute (s, text, criterion->attribute, criterion->at);
  g_string_append (text, ": ");
  if (criterion->in == NULL)
    append_bounds (text, criterion->has_low, criterion->low, criterion->has_high, criterion->high);
  for (guint i = 0; criterion->in != NULL && i < criterion->in->len; i++)
    {
      g_string_append (text, i > 0 ? ", " : "");
      append_quoted (text, criterion->in->pdata[i]);
    }
  return refer (s, g_string_free (text, FALSE));
}

char *
koh_note_by (const KohSentence *s, const KohBy *by)
{
  GString *text;

  if (s->notes == NULL)
    return g_strdup ("");
  text = g_string_new (NULL);
  append_attribute (s, text, by->attribute, by->at);
  return refer (s, g_string_free (text, FALSE));
}
