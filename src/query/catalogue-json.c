/* SPDX-License-Identifier: EUPL-1.2
 *
 * The catalogue as JSON, as owners publish it. What is written is rounded here, at the door, so that no
 * exact number of rows leaves a peer whatever filled it in. Reading is strict: a catalogue comes from
 * another organisation. */
#include "query/catalogue.h"

#include <math.h>
#include <string.h>

#include "common/error.h"
#include "query/json.h"
#include "query/text.h"

#define MOST_DATASETS 500
#define MOST_VARIABLES 500
#define MOST_LEVELS 4096

static const char *const kinds[] = { "person", "event" };
static const char *const validities[] = { "none", "year", "period" };
static const char *const types[] = { "string", "integer", "decimal", "date" };

/* Two significant digits. */
static gint64
round_rows (gint64 rows)
{
  gint64 unit = 1;

  while (rows / unit >= 100)
    unit *= 10;
  return (rows + unit / 2) / unit * unit;
}

gdouble
koh_catalogue_round_share (gdouble share, gint64 rows)
{
  gint steps = rows < 100 ? 0 : rows < 200 ? 10 : rows < 1000 ? 20 : 100;

  return steps == 0 || share < 0 ? -1 : round (MIN (share, 1) * steps) / steps;
}

static void
set_share (JsonObject *object, const char *member, gdouble share)
{
  if (share >= 0)
    json_object_set_double_member (object, member, round (share * 100) / 100);
}

static JsonObject *
titles (const char *da, const char *en)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "da", da);
  json_object_set_string_member (object, "en", en);
  return object;
}

static JsonObject *
variable_to_json (const KohVariable *variable, gint64 rows)
{
  JsonObject *object = json_object_new ();
  JsonArray *levels = json_array_new ();

  json_object_set_string_member (object, "name", variable->name);
  json_object_set_object_member (object, "title", titles (variable->da, variable->en));
  json_object_set_string_member (object, "type", types[variable->type]);
  if (variable->unit != NULL)
    json_object_set_string_member (object, "unit", variable->unit);
  set_share (object, "completeness", variable->completeness);
  set_share (object, "valid", koh_catalogue_round_share (variable->valid, rows));
  for (guint i = 0; i < variable->levels->len; i++)
    {
      const KohLevel *level = variable->levels->pdata[i];
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "code", level->code);
      json_object_set_object_member (item, "title", titles (level->da, level->en));
      json_array_add_object_element (levels, item);
    }
  json_object_set_array_member (object, "levels", levels);
  return object;
}

static void
set_day (JsonObject *object, const char *member, gint day)
{
  g_autofree char *text = day != KOH_DAY_NONE ? koh_day_format (day) : NULL;

  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static JsonObject *
dataset_to_json (const KohDataset *dataset)
{
  JsonObject *object = json_object_new ();
  JsonArray *variables = json_array_new ();
  gint64 rows = round_rows (dataset->rows);

  json_object_set_string_member (object, "name", dataset->name);
  json_object_set_string_member (object, "kind", kinds[dataset->kind]);
  json_object_set_string_member (object, "validity", validities[dataset->validity]);
  json_object_set_object_member (object, "title", titles (dataset->da, dataset->en));
  json_object_set_object_member (object, "description",
                                 titles (dataset->da_description, dataset->en_description));
  if (dataset->code_system != NULL)
    json_object_set_string_member (object, "code_system", dataset->code_system);
  set_day (object, "first", dataset->first);
  set_day (object, "last", dataset->last);
  set_day (object, "loaded", dataset->loaded);
  json_object_set_int_member (object, "rows", rows);
  set_share (object, "completeness", koh_catalogue_round_share (dataset->completeness, rows));
  set_share (object, "valid", koh_catalogue_round_share (dataset->valid, rows));
  set_share (object, "duplicates", koh_catalogue_round_share (dataset->duplicates, rows));
  for (guint i = 0; i < dataset->variables->len; i++)
    json_array_add_object_element (variables, variable_to_json (dataset->variables->pdata[i], rows));
  json_object_set_array_member (object, "variables", variables);
  return object;
}

JsonNode *
koh_catalogue_to_json (const KohCatalogue *catalogue)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *datasets = json_array_new ();

  json_object_set_int_member (object, "kohorte_catalogue", 1);
  json_object_set_string_member (object, "peer", catalogue->peer);
  json_object_set_object_member (object, "title", titles (catalogue->da, catalogue->en));
  json_object_set_string_member (object, "organisation", catalogue->organisation);
  json_object_set_string_member (object, "contact", catalogue->contact);
  json_object_set_boolean_member (object, "population", catalogue->population);
  for (guint i = 0; i < catalogue->datasets->len; i++)
    json_array_add_object_element (datasets, dataset_to_json (catalogue->datasets->pdata[i]));
  json_object_set_array_member (object, "datasets", datasets);
  return json_node_init_object (json_node_alloc (), object);
}

KohHash
koh_catalogue_hash (const KohCatalogue *catalogue)
{
  g_autoptr (JsonNode) node = koh_catalogue_to_json (catalogue);

  return koh_json_hash ("kohorte/catalogue/1", node);
}

/* Reading. Each function takes the name of its place for the message. */

static gboolean
fail (GError **error, const char *place, const char *why)
{
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "The catalogue is wrong at %s: %s", place, why);
  return FALSE;
}

static gboolean
only_members (JsonObject *object, const char *place, const char *known, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_auto (GStrv) names = g_strsplit (known, " ", -1);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains ((const char *const *) names, l->data))
      {
        g_autofree char *why = g_strdup_printf ("the member “%s” is unknown", (const char *) l->data);

        return fail (error, place, why);
      }
  return TRUE;
}

static gboolean
read_text (JsonObject *object, const char *member, const char *place, char **into, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *text = koh_json_string (object, member, &local);

  if (text == NULL)
    return fail (error, place, local->message);
  if (!koh_text_plain (text, KOH_TEXT_LINE))
    return fail (error, place, "a text is too long or has control characters");
  g_free (*into);
  *into = g_strdup (text);
  return TRUE;
}

static gboolean
read_titles (JsonObject *object, const char *member, const char *place, char **da, char **en, GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonObject *both = koh_json_object (object, member, &local);

  if (both == NULL)
    return fail (error, place, local->message);
  return only_members (both, place, "da en", error) && read_text (both, "da", place, da, error) &&
         read_text (both, "en", place, en, error);
}

static gboolean
read_word (JsonObject *object, const char *member, const char *place, const char *const *words, guint n,
           guint *value, GError **error)
{
  const char *word = koh_json_string (object, member, NULL);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (word, words[i]) == 0)
      {
        *value = i;
        return TRUE;
      }
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "The catalogue is wrong at %s: “%s” is missing or unknown", place, member);
  return FALSE;
}

static gboolean
read_name (JsonObject *object, const char *place, char **name, GError **error)
{
  const char *text = koh_json_string (object, "name", NULL);

  if (text == NULL || !koh_text_name (text))
    return fail (error, place, "“name” must be letters, digits and “_”, beginning with a letter");
  *name = g_strdup (text);
  return TRUE;
}

static gboolean
read_levels (JsonObject *object, const char *place, KohVariable *variable, GError **error)
{
  JsonArray *levels = koh_json_array (object, "levels", NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (levels == NULL || json_array_get_length (levels) > MOST_LEVELS)
    return fail (error, place, "“levels” must be an array of at most 4096");
  for (guint i = 0; i < json_array_get_length (levels); i++)
    {
      JsonNode *node = json_array_get_element (levels, i);
      g_autofree char *code = NULL, *da = NULL, *en = NULL;
      JsonObject *item;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return fail (error, place, "a level must be an object");
      item = json_node_get_object (node);
      if (!only_members (item, place, "code title", error) ||
          !read_text (item, "code", place, &code, error) ||
          !read_titles (item, "title", place, &da, &en, error))
        return FALSE;
      if (*code == '\0' || g_str_equal (code, "missing") || g_hash_table_contains (seen, code))
        return fail (error, place, "a level's code must be given, be there once, and not be “missing”");
      koh_variable_add_level (variable, code, da, en);
      g_hash_table_add (seen, ((KohLevel *) variable->levels->pdata[i])->code);
    }
  return TRUE;
}

static gboolean
read_share (JsonObject *object, const char *member, const char *place, gdouble *share, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 && json_node_get_value_type (node) != G_TYPE_DOUBLE) ||
      json_node_get_double (node) < 0 || json_node_get_double (node) > 1)
    {
      g_autofree char *why = g_strdup_printf ("“%s” must be a number from 0 to 1", member);

      return fail (error, place, why);
    }
  *share = json_node_get_double (node);
  return TRUE;
}

static gboolean
read_variable (JsonNode *node, const char *place, KohDataset *dataset, GError **error)
{
  g_autofree char *name = NULL, *here = NULL;
  JsonObject *object;
  KohVariable *variable;
  guint type;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, place, "a variable must be an object");
  object = json_node_get_object (node);
  if (!read_name (object, place, &name, error))
    return FALSE;
  here = g_strdup_printf ("%s.%s", place, name);
  if (koh_dataset_variable (dataset, name) != NULL)
    return fail (error, here, "the variable stands there twice");
  variable = koh_variable_new (name, KOH_VARIABLE_STRING);
  g_ptr_array_add (dataset->variables, variable);
  if (!only_members (object, here, "name title type unit completeness valid levels", error) ||
      !read_titles (object, "title", here, &variable->da, &variable->en, error) ||
      !read_word (object, "type", here, types, G_N_ELEMENTS (types), &type, error) ||
      (json_object_has_member (object, "unit") && !read_text (object, "unit", here, &variable->unit, error)))
    return FALSE;
  variable->type = (KohVariableType) type;
  return read_share (object, "completeness", here, &variable->completeness, error) &&
         read_share (object, "valid", here, &variable->valid, error) && read_levels (object, here, variable, error);
}

static gboolean
read_day (JsonObject *object, const char *member, const char *place, gint *day, GError **error)
{
  if (json_object_has_member (object, member) && !koh_day_parse (koh_json_string (object, member, NULL), day))
    return fail (error, place, "“first”, “last” and “loaded” must be dates, YYYY-MM-DD");
  return TRUE;
}

static gboolean
read_dataset (JsonNode *node, KohCatalogue *catalogue, GError **error)
{
  g_autofree char *name = NULL;
  JsonObject *object;
  JsonArray *variables;
  KohDataset *dataset;
  guint kind, validity;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "datasets", "a dataset must be an object");
  object = json_node_get_object (node);
  if (!read_name (object, "datasets", &name, error))
    return FALSE;
  if (koh_catalogue_dataset (catalogue, name) != NULL)
    return fail (error, name, "the dataset stands there twice");
  dataset = koh_dataset_new (name, KOH_DATASET_PERSON);
  g_ptr_array_add (catalogue->datasets, dataset);
  if (!only_members (object, name,
                     "name kind validity title description code_system first last loaded rows completeness valid duplicates "
                     "variables", error) ||
      !read_word (object, "kind", name, kinds, G_N_ELEMENTS (kinds), &kind, error) ||
      !read_word (object, "validity", name, validities, G_N_ELEMENTS (validities), &validity, error) ||
      !read_titles (object, "title", name, &dataset->da, &dataset->en, error) ||
      !read_titles (object, "description", name, &dataset->da_description, &dataset->en_description, error) ||
      (json_object_has_member (object, "code_system") &&
       !read_text (object, "code_system", name, &dataset->code_system, error)) ||
      !read_day (object, "first", name, &dataset->first, error) ||
      !read_day (object, "last", name, &dataset->last, error) ||
      !read_day (object, "loaded", name, &dataset->loaded, error) ||
      !read_share (object, "completeness", name, &dataset->completeness, error) ||
      !read_share (object, "valid", name, &dataset->valid, error) ||
      !read_share (object, "duplicates", name, &dataset->duplicates, error))
    return FALSE;
  dataset->kind = (KohDatasetKind) kind;
  dataset->validity = (KohValidity) validity;
  if (dataset->code_system != NULL && !koh_text_name (dataset->code_system))
    return fail (error, name, "“code_system” must be letters, digits and “_”, beginning with a letter");
  if (!koh_json_integer (object, "rows", 0, G_GINT64_CONSTANT (1) << 52, &dataset->rows, NULL))
    return fail (error, name, "“rows” must be a whole number");
  variables = koh_json_array (object, "variables", NULL);
  if (variables == NULL || json_array_get_length (variables) > MOST_VARIABLES)
    return fail (error, name, "“variables” must be an array of at most 500");
  for (guint i = 0; i < json_array_get_length (variables); i++)
    if (!read_variable (json_array_get_element (variables, i), name, dataset, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_population (JsonObject *object, KohCatalogue *catalogue, GError **error)
{
  JsonNode *node = json_object_get_member (object, "population");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fail (error, "its top", "“population” must be true or false");
  catalogue->population = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_catalogue (JsonNode *node, KohCatalogue *catalogue, GError **error)
{
  JsonObject *object;
  JsonArray *datasets;
  gint64 version;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "its top", "it must be an object");
  object = json_node_get_object (node);
  if (!koh_json_integer (object, "kohorte_catalogue", 1, 1, &version, NULL))
    return fail (error, "its top", "“kohorte_catalogue” must be 1");
  if (!only_members (object, "its top",
                     "kohorte_catalogue peer title organisation contact population datasets", error) ||
      !read_text (object, "peer", "its top", &catalogue->peer, error) ||
      !read_titles (object, "title", "its top", &catalogue->da, &catalogue->en, error) ||
      !read_text (object, "organisation", "its top", &catalogue->organisation, error) ||
      !read_text (object, "contact", "its top", &catalogue->contact, error) ||
      !read_population (object, catalogue, error))
    return FALSE;
  if (*catalogue->peer == '\0')
    return fail (error, "its top", "“peer” is empty");
  datasets = koh_json_array (object, "datasets", NULL);
  if (datasets == NULL || json_array_get_length (datasets) > MOST_DATASETS)
    return fail (error, "its top", "“datasets” must be an array of at most 500");
  for (guint i = 0; i < json_array_get_length (datasets); i++)
    if (!read_dataset (json_array_get_element (datasets, i), catalogue, error))
      return FALSE;
  return TRUE;
}

KohCatalogue *
koh_catalogue_from_json (JsonNode *node, GError **error)
{
  g_autoptr (KohCatalogue) catalogue = koh_catalogue_new ("");

  return read_catalogue (node, catalogue, error) ? g_steal_pointer (&catalogue) : NULL;
}
