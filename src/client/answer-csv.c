/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer as one CSV table, in the form that a spreadsheet of the language opens: comma in English, semicolon in
 * Danish (whose decimal mark is the comma). One line a number, in long form: result, type, step, name, one column a
 * grouping attribute, n. A hidden number is its token, never blank; a grouping column that a result does not have
 * is blank. */
#include "client/answer.h"
#include "client/client.h"

#include <string.h>

#include "client/answer-words.h"

/* RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe first: names come from a file. */
static void
append (GString *csv, const char *text, char separator)
{
  gboolean formula = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
  gboolean quote = strchr (text, separator) != NULL || strpbrk (text, "\"\r\n") != NULL;

  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, separator);
  if (quote)
    g_string_append_c (csv, '"');
  if (formula)
    g_string_append_c (csv, '\'');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *at);
    }
  if (quote)
    g_string_append_c (csv, '"');
}

/* Every grouping attribute of the answer, in the order of first use, and its title. */
static GPtrArray *
all_attributes (const KohAnswer *answer, GPtrArray *titles)
{
  GPtrArray *attributes = g_ptr_array_new ();

  for (guint i = 0; i < answer->tables->len; i++)
    {
      const KohAnswerTable *table = g_ptr_array_index (answer->tables, i);

      for (guint j = 0; j < table->attributes->len; j++)
        if (!g_ptr_array_find_with_equal_func (attributes, g_ptr_array_index (table->attributes, j), g_str_equal, NULL))
          {
            g_ptr_array_add (attributes, g_ptr_array_index (table->attributes, j));
            g_ptr_array_add (titles, g_ptr_array_index (table->titles, j));
          }
    }
  return attributes;
}

static void
append_row (GString *csv, guint result, const KohAnswerTable *table, const KohAnswerRow *row, GPtrArray *attributes,
            char separator)
{
  g_autofree char *number = g_strdup_printf ("%u", result + 1);
  g_autofree char *step = row->step >= 0 ? g_strdup_printf ("%d", row->step) : g_strdup ("");
  g_autofree char *n = g_strdup_printf ("%" G_GINT64_FORMAT, row->n);

  append (csv, number, separator);
  append (csv, table->title, separator);
  append (csv, step, separator);
  append (csv, row->name != NULL ? row->name : "", separator);
  for (guint i = 0; i < attributes->len; i++)
    {
      guint at;
      gboolean has =
        g_ptr_array_find_with_equal_func (table->attributes, g_ptr_array_index (attributes, i), g_str_equal, &at);

      append (csv, has ? row->levels[at] : "", separator);
    }
  append (csv, row->suppressed ? row->shown : n, separator);
  g_string_append (csv, "\n");
}

char *
koh_answer_to_csv (JsonNode *document, const KohMap *map, const char *language)
{
  g_autoptr (KohAnswer) answer = koh_answer_read (document, map, language, NULL);
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();
  g_autoptr (GPtrArray) attributes = NULL;
  char separator = koh_answer_say (language, ",", ";")[0];
  GString *csv = g_string_new (NULL);

  if (answer == NULL)
    return g_string_free (csv, FALSE);
  attributes = all_attributes (answer, titles);
  append (csv, koh_answer_say (language, "result", "resultat"), separator);
  append (csv, koh_answer_say (language, "type", "type"), separator);
  append (csv, koh_answer_say (language, "step", "trin"), separator);
  append (csv, koh_answer_say (language, "criterion", "kriterium"), separator);
  for (guint i = 0; i < titles->len; i++)
    append (csv, g_ptr_array_index (titles, i), separator);
  append (csv, "n", separator);
  g_string_append (csv, "\n");
  for (guint i = 0; i < answer->tables->len; i++)
    {
      const KohAnswerTable *table = g_ptr_array_index (answer->tables, i);

      for (guint j = 0; j < table->rows->len; j++)
        append_row (csv, i, table, g_ptr_array_index (table->rows, j), attributes, separator);
    }
  return g_string_free (csv, FALSE);
}
