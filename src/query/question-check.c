/* SPDX-License-Identifier: EUPL-1.2
 *
 * The check of a question from top to bottom. Criteria are looked at in check-criterion.c, tables in
 * check-tables.c. */
#include <glib/gi18n-lib.h>

#include "query/check.h"

static void
problem_free (gpointer data)
{
  KohProblem *problem = data;

  g_free (problem->pointer);
  g_free (problem->message);
  g_free (problem);
}

static void
add (KohCheck *check, const char *pointer, gboolean is_error, KohErrorCode code, const char *format,
     va_list list)
{
  KohProblem *problem = g_new0 (KohProblem, 1);

  problem->pointer = g_strdup (pointer);
  problem->is_error = is_error;
  problem->code = code;
  problem->message = g_strdup_vprintf (format, list);
  g_ptr_array_add (check->problems, problem);
}

void
koh_check_error (KohCheck *check, const char *pointer, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  add (check, pointer, TRUE, KOH_ERROR_INVALID, format, list);
  va_end (list);
}

void
koh_check_unsupported (KohCheck *check, const char *pointer, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  add (check, pointer, TRUE, KOH_ERROR_UNSUPPORTED, format, list);
  va_end (list);
}

void
koh_check_warning (KohCheck *check, const char *pointer, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  add (check, pointer, FALSE, KOH_ERROR_INVALID, format, list);
  va_end (list);
}

static gboolean
is_blank (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  return *stripped == '\0';
}

static void
check_purpose (KohCheck *check)
{
  const KohQuestion *question = check->question;

  if (is_blank (question->title))
    koh_check_warning (check, "/title",
                       _ ("The question has no title; those who decide on it see it first."));
  if (is_blank (question->project_id))
    koh_check_warning (check, "/project/id", _ ("The question names no project."));
  if (is_blank (question->problem))
    koh_check_error (check, "/project/problem", _ ("Tell which problem is to be solved."));
  if (is_blank (question->decision))
    koh_check_error (check, "/project/decision", _ ("Tell which decision the answer will change."));
  if (is_blank (question->purpose))
    koh_check_error (
        check, "/project/purpose",
        _ ("Choose a purpose: research, quality, operation, statistics, policy, education or innovation."));
  if (is_blank (question->legal_basis))
    koh_check_warning (check, "/project/legal_basis", _ ("The question names no legal basis."));
}

/* The last day that any owner of the dataset has data of; KOH_DAY_NONE where one does not tell. */
static gint
last_day (const KohMap *map, const char *dataset)
{
  g_autoptr (GArray) owners = koh_map_owners (map, dataset);
  gint last = owners->len > 0 ? 0 : KOH_DAY_NONE;

  for (guint i = 0; i < owners->len; i++)
    {
      const KohCatalogue *catalogue = map->catalogues->pdata[g_array_index (owners, guint, i)];

      last = MAX (last, koh_catalogue_dataset (catalogue, dataset)->last);
    }
  return last;
}

static void
warn_of_end (KohCheck *check, const char *pointer, const char *dataset, gint wanted)
{
  gint last = last_day (check->map, dataset);

  if (wanted != KOH_DAY_NONE && last != KOH_DAY_NONE && wanted > last)
    {
      g_autofree char *day = koh_day_format (last);

      koh_check_warning (check, pointer, _ ("The data of “%s” end on %s."), dataset, day);
    }
}

/* Who was born and present is told by three datasets; without one of them the sentence would be untrue. */
static void
check_index_date (KohCheck *check)
{
  static const char *const leavings[] = { KOH_DEATHS, KOH_EMIGRATIONS };
  g_autoptr (GError) error = NULL;
  KohDataset *dataset;

  if (koh_map_attribute (check->map, "age", &dataset, &error) == NULL)
    koh_check_error (check, "/index/date", "%s.", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (leavings); i++)
    {
      dataset = koh_map_dataset (check->map, leavings[i]);
      if (dataset == NULL || dataset->kind != KOH_DATASET_EVENT)
        koh_check_error (check, "/index/date",
                         _ ("An index date leaves out who has died or emigrated before it, but no peer has a "
                            "dataset “%s” of events."),
                         leavings[i]);
      else
        warn_of_end (check, "/index/date", leavings[i], check->question->date);
    }
}

static void
check_index (KohCheck *check)
{
  const KohEvent *event = &check->question->index;

  if (check->question->occurrence == KOH_OCCURRENCE_DATE)
    check_index_date (check);
  else
    {
      koh_check_event (check, "/index/event", event);
      warn_of_end (check, "/index/event/to", event->dataset, event->to);
    }
  if (koh_map_population (check->map) < 0)
    koh_check_error (check, "/link",
                     _ ("No peer holds the population register, so persons cannot be linked."));
}

GPtrArray *
koh_question_check (const KohQuestion *question, const KohMap *map)
{
  KohCheck check = { question, map, g_ptr_array_new_with_free_func (problem_free) };

  check_purpose (&check);
  check_index (&check);
  for (guint i = 0; i < question->criteria->len; i++)
    koh_check_criterion (&check, question->criteria->pdata[i]);
  koh_check_by (&check, "/by", question->by);
  koh_check_tables (&check);
  return check.problems;
}

gboolean
koh_question_check_ok (const KohQuestion *question, const KohMap *map, GError **error)
{
  g_autoptr (GPtrArray) problems = koh_question_check (question, map);

  for (guint i = 0; i < problems->len; i++)
    {
      const KohProblem *problem = problems->pdata[i];

      if (problem->is_error)
        {
          g_set_error (error, KOH_ERROR, (gint) problem->code, "%s: %s", problem->pointer, problem->message);
          return FALSE;
        }
    }
  return TRUE;
}
