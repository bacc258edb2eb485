/* SPDX-License-Identifier: EUPL-1.2
 *
 * See policy.h. */
#include "peer/policy.h"

#include <gio/gio.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "peer/members.h"
#include "query/json.h"

/* Below three a count says too much about the two others that stand behind it. */
#define K_LEAST 3
#define K_MOST 1000

static const char *const purposes[] = { "research",   "quality", "operation",  "statistics",
                                        "policy", "education", "innovation", NULL };
static const char *const analyses[] = { "count", "attrition", "crosstab", NULL };
static const char *const modes[] = { "approved", "explore", NULL };
static const char *const accepts[] = { "automatic", "ask", "refuse", NULL };

static gboolean
bad (GError **error, const char *what)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The policy is refused: %s", what);
  return FALSE;
}

static gboolean
read_list (JsonObject *object, const char *member, const char *const *known, GStrv *list, GError **error)
{
  JsonArray *array = json_object_get_array_member (object, member);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (text == NULL || (known != NULL && strcmp (text, "*") != 0 && !g_strv_contains (known, text)))
        {
          g_autofree char *what = g_strdup_printf ("“%s” has an entry that is not known", member);

          return bad (error, what);
        }
      g_strv_builder_add (builder, text);
    }
  *list = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_accept (KohPolicy *policy, JsonObject *object, GError **error)
{
  const char *text = koh_member_text (object, "accept");

  for (guint i = 0; accepts[i] != NULL; i++)
    if (strcmp (text, accepts[i]) == 0)
      {
        policy->accept = (KohPolicyAccept) i;
        return TRUE;
      }
  return bad (error, "“accept” must be automatic, ask or refuse");
}

static gboolean
read_policy (KohPolicy *policy, JsonObject *object, GError **error)
{
  static const KohMember members[] = {
    { "kohorte_policy", KOH_SHAPE_WHOLE },
    { "demo", KOH_SHAPE_FLAG, TRUE },
    { "accept", KOH_SHAPE_NAME },
    { "reason", KOH_SHAPE_TEXT, TRUE },
    { "k", KOH_SHAPE_WHOLE },
    { "modes", KOH_SHAPE_ARRAY },
    { "analyses", KOH_SHAPE_ARRAY },
    { "purposes", KOH_SHAPE_ARRAY },
    { "datasets", KOH_SHAPE_ARRAY },
    { "questions", KOH_SHAPE_WHOLE, TRUE },
  };

  if (!koh_members_check (object, members, G_N_ELEMENTS (members), "The policy", error))
    {
      if (error != NULL && *error != NULL)
        (*error)->code = KOH_ERROR_INVALID;
      return FALSE;
    }
  if (koh_member_whole (object, "kohorte_policy") != 1)
    return bad (error, "“kohorte_policy” must be 1");
  if (koh_member_whole (object, "k") < K_LEAST || koh_member_whole (object, "k") > K_MOST)
    return bad (error, "“k” must lie between 3 and 1000");
  policy->k = (guint) koh_member_whole (object, "k");
  policy->demo = json_object_has_member (object, "demo") && json_object_get_boolean_member (object, "demo");
  policy->reason = g_strdup (koh_member_text (object, "reason"));
  policy->questions = (guint) MIN (koh_member_whole (object, "questions"), G_MAXUINT);
  return read_accept (policy, object, error) && read_list (object, "modes", modes, &policy->modes, error) &&
         read_list (object, "analyses", analyses, &policy->analyses, error) &&
         read_list (object, "purposes", purposes, &policy->purposes, error) &&
         read_list (object, "datasets", NULL, &policy->datasets, error);
}

KohPolicy *
koh_policy_parse (const char *text, gssize size, GError **error)
{
  g_autoptr (JsonNode) node = koh_json_parse (text, size, "the policy", error);
  g_autoptr (KohPolicy) policy = NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      bad (error, "it is not an object");
      return NULL;
    }
  policy = g_new0 (KohPolicy, 1);
  policy->hash = koh_json_hash ("kohorte/policy/1", node);
  if (!read_policy (policy, json_node_get_object (node), error))
    return NULL;
  return g_steal_pointer (&policy);
}

KohPolicy *
koh_policy_load (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "policy.json", NULL);
  g_autoptr (GBytes) bytes = koh_place_read (path, KOH_JSON_MOST, error);
  KohPolicy *policy;
  gsize size;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  policy = koh_policy_parse (text, (gssize) size, error);
  if (policy == NULL)
    g_prefix_error (error, "%s: ", path);
  return policy;
}

void
koh_policy_free (KohPolicy *policy)
{
  g_free (policy->reason);
  g_strfreev (policy->modes);
  g_strfreev (policy->analyses);
  g_strfreev (policy->purposes);
  g_strfreev (policy->datasets);
  g_free (policy);
}

/* ---- The decision -------------------------------------------------------------------------- */

static gboolean
allows (GStrv list, const char *entry)
{
  return g_strv_contains ((const char *const *) list, "*") ||
         g_strv_contains ((const char *const *) list, entry);
}

static gboolean
refuse (GError **error, const char *what, const char *entry)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED, "The policy does not allow the %s “%s”", what, entry);
  return FALSE;
}

/* What this owner does not have is another owner's to refuse. */
static gboolean
allows_dataset (const KohPolicy *policy, const KohMap *own, const char *dataset, GError **error)
{
  return koh_map_dataset (own, dataset) == NULL || allows (policy->datasets, dataset) ||
         refuse (error, "dataset", dataset);
}

static gboolean
allows_attribute (const KohPolicy *policy, const KohMap *own, const char *attribute, GError **error)
{
  KohDataset *dataset = NULL;

  return koh_map_attribute (own, attribute, &dataset, NULL) == NULL || dataset == NULL ||
         allows_dataset (policy, own, dataset->name, error);
}

static gboolean
allows_by (const KohPolicy *policy, const KohMap *own, GPtrArray *by, GError **error)
{
  for (guint i = 0; i < by->len; i++)
    if (!allows_attribute (policy, own, ((const KohBy *) g_ptr_array_index (by, i))->attribute, error))
      return FALSE;
  return TRUE;
}

static gboolean
allows_criterion (const KohPolicy *policy, const KohMap *own, const KohCriterion *criterion, GError **error)
{
  if (!koh_criterion_counts (criterion))
    return TRUE;
  if (criterion->kind == KOH_CRITERION_EVENT &&
      !allows_dataset (policy, own, criterion->event.dataset, error))
    return FALSE;
  if (criterion->kind == KOH_CRITERION_ATTRIBUTE &&
      !allows_attribute (policy, own, criterion->attribute, error))
    return FALSE;
  for (guint i = 0; criterion->children != NULL && i < criterion->children->len; i++)
    if (!allows_criterion (policy, own, g_ptr_array_index (criterion->children, i), error))
      return FALSE;
  return TRUE;
}

/* A date asks who was born and present then. */
static gboolean
allows_index (const KohPolicy *policy, const KohQuestion *question, const KohMap *own, GError **error)
{
  if (question->occurrence != KOH_OCCURRENCE_DATE)
    return allows_dataset (policy, own, question->index.dataset, error);
  return allows_dataset (policy, own, KOH_DEATHS, error) &&
         allows_dataset (policy, own, KOH_EMIGRATIONS, error) && allows_attribute (policy, own, "age", error);
}

static gboolean
allows_content (const KohPolicy *policy, const KohQuestion *question, const KohMap *own, GError **error)
{
  if (!allows (policy->modes, question->mode))
    return refuse (error, "mode", question->mode);
  if (!allows (policy->purposes, question->purpose))
    return refuse (error, "purpose", question->purpose);
  if (!allows_index (policy, question, own, error) ||
      !allows_by (policy, own, question->by, error))
    return FALSE;
  for (guint i = 0; i < question->analyses->len; i++)
    {
      const KohAnalysis *analysis = g_ptr_array_index (question->analyses, i);

      if (!allows (policy->analyses, analyses[analysis->kind]))
        return refuse (error, "analysis", analyses[analysis->kind]);
      if (!allows_by (policy, own, analysis->by, error))
        return FALSE;
    }
  for (guint i = 0; i < question->criteria->len; i++)
    if (!allows_criterion (policy, own, g_ptr_array_index (question->criteria, i), error))
      return FALSE;
  return TRUE;
}

KohVerdict
koh_policy_judge (const KohPolicy *policy, const KohQuestion *question, const KohMap *own,
                  const KohHistory *history, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (!koh_check ("policy-demo", policy->demo))
    {
      g_set_error (
          error, KOH_ERROR, KOH_ERROR_DECLINED,
          "This version protects against curious members only (%s); a policy with “demo”: true accepts that",
          KOH_SECURITY);
      return KOH_VERDICT_DECLINE;
    }
  if (policy->accept == KOH_POLICY_REFUSE)
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_DECLINED,
                           policy->reason != NULL ? policy->reason : "The policy refuses every question");
      return KOH_VERDICT_DECLINE;
    }
  if (!koh_check ("policy-content", allows_content (policy, question, own, &why)))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return KOH_VERDICT_DECLINE;
    }
  if (policy->questions > 0 && !history->repeated && history->of_project >= policy->questions)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED,
                   "The project “%s” has had its %u questions on this snapshot", question->project_id,
                   policy->questions);
      return KOH_VERDICT_DECLINE;
    }
  return policy->accept == KOH_POLICY_ASK ? KOH_VERDICT_REVIEW : KOH_VERDICT_ACCEPT;
}
