/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-cli catalogue: the metadata map of a federation, as published by its owners. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/command.h"
#include "common/day.h"
#include "query/catalogue.h"
#include "query/json.h"
#include "query/sentence.h"

static const char *
pick (const char *language, const char *da, const char *en)
{
  return strcmp (language, "da") == 0 ? da : en;
}

static void
append_variable (GString *text, const KohVariable *variable, const char *language)
{
  const char *title = pick (language, variable->da, variable->en);

  g_string_append_printf (text, "      %s", variable->name);
  if (title != NULL && *title != '\0' && strcmp (title, variable->name) != 0)
    g_string_append_printf (text, " (%s)", title);
  if (variable->unit != NULL)
    g_string_append_printf (text, ", %s", variable->unit);
  /* Translators: the share of rows that have a value, and of values that are as they should be. */
  if (variable->completeness >= 0)
    g_string_append_printf (text, _(", %.0f %% complete"), 100 * variable->completeness);
  if (variable->valid >= 0)
    g_string_append_printf (text, _(", %.0f %% valid"), 100 * variable->valid);
  for (guint i = 0; i < variable->levels->len; i++)
    {
      const KohLevel *level = g_ptr_array_index (variable->levels, i);
      const char *label = pick (language, level->da, level->en);

      g_string_append (text, i == 0 ? ": " : ", ");
      g_string_append (text, level->code);
      if (label != NULL && *label != '\0' && strcmp (label, level->code) != 0)
        g_string_append_printf (text, " = %s", label);
    }
  g_string_append_c (text, '\n');
}

static void
append_quality (GString *text, const KohDataset *dataset)
{
  if (dataset->completeness >= 0)
    g_string_append_printf (text, _(", %.0f %% complete"), 100 * dataset->completeness);
  if (dataset->valid >= 0)
    g_string_append_printf (text, _(", %.0f %% valid"), 100 * dataset->valid);
  if (dataset->duplicates >= 0)
    g_string_append_printf (text, _(", %.0f %% duplicates"), 100 * dataset->duplicates);
  if (dataset->loaded != KOH_DAY_NONE)
    {
      g_autofree char *loaded = koh_day_format (dataset->loaded);

      /* Translators: a date. */
      g_string_append_printf (text, _(", last loaded %s"), loaded);
    }
}

static void
append_dataset (GString *text, const KohDataset *dataset, const char *language)
{
  g_autofree char *rows = koh_sentence_number (dataset->rows, language);

  g_string_append_printf (text, "  %s: %s\n      %s", dataset->name,
                          pick (language, dataset->da, dataset->en),
                          dataset->kind == KOH_DATASET_EVENT ? _("events") : _("one row a person"));
  if (dataset->code_system != NULL)
    g_string_append_printf (text, ", %s", dataset->code_system);
  /* Translators: a rounded number of rows. */
  g_string_append_printf (text, _(", about %s rows"), rows);
  if (dataset->first != KOH_DAY_NONE && dataset->last != KOH_DAY_NONE)
    {
      g_autofree char *first = koh_day_format (dataset->first), *last = koh_day_format (dataset->last);

      g_string_append_printf (text, ", %s – %s", first, last);
    }
  append_quality (text, dataset);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < dataset->variables->len; i++)
    append_variable (text, g_ptr_array_index (dataset->variables, i), language);
}

static char *
map_to_text (const KohMap *map, const char *language)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);

      g_string_append_printf (text, "%s%s: %s (%s)%s\n", i > 0 ? "\n" : "", catalogue->peer,
                              pick (language, catalogue->da, catalogue->en), catalogue->organisation,
                              catalogue->population ? _(", holds the population register") : "");
      for (guint j = 0; j < catalogue->datasets->len; j++)
        append_dataset (text, g_ptr_array_index (catalogue->datasets, j), language);
    }
  return g_string_free (text, FALSE);
}

static char *
map_to_json (const KohMap *map)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < map->catalogues->len; i++)
    json_array_add_element (array, koh_catalogue_to_json (g_ptr_array_index (map->catalogues, i)));
  json_node_take_array (root, array);
  return koh_json_pretty (root);
}

int
koh_cli_catalogue (int argc, char **argv)
{
  g_autofree char *federation = NULL, *format = NULL, *asked = NULL, *text = NULL;
  const GOptionEntry entries[] = {
    { "federation", 0, 0, G_OPTION_ARG_FILENAME, &federation, N_("The federation’s folder"), "DIR" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("text or json"), "FORMAT" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &asked, N_("da or en; else what the locale says"), "LANGUAGE" },
    { NULL }
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohMap) map = NULL;
  const char *language;
  int status;

  if (!koh_cli_options (argc, argv, entries, 0, 0, &words, &status))
    return status;
  language = koh_cli_language (asked);
  if (language == NULL)
    return 2;
  if (federation == NULL)
    return koh_cli_usage (_("catalogue needs --federation DIR."));
  if (format != NULL && strcmp (format, "text") != 0 && strcmp (format, "json") != 0)
    return koh_cli_usage (_("There is no format “%s” here; use text or json."), format);
  map = koh_cli_map (federation, &error);
  if (map == NULL)
    return koh_cli_fail (error);
  text = g_strcmp0 (format, "json") == 0 ? map_to_json (map) : map_to_text (map, language);
  return koh_cli_put (NULL, text, &error) ? 0 : koh_cli_fail (error);
}
