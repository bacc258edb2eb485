/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer for a terminal or a message: headline, aligned tables, why numbers are joined or hidden, provenance. */
#include "client/answer.h"
#include "client/client.h"

#include "client/answer-words.h"

/* Columns of a wide script count two cells, combining marks none. */
static guint
width_of (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
pad (GString *text, const char *cell, guint width, gboolean right)
{
  guint missing = width - MIN (width, width_of (cell));

  if (right)
    g_string_append_printf (text, "%*s", (int) missing, "");
  g_string_append (text, cell);
  if (!right)
    g_string_append_printf (text, "%*s", (int) missing, "");
}

/* The cells of one line: step, name, levels, n; those that the table has. */
static GPtrArray *
head_cells (const KohAnswerTable *table, const char *language)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  if (table->kind == KOH_ANSWER_ATTRITION)
    g_ptr_array_add (cells, g_strdup (koh_answer_say (language, "Step", "Trin")));
  for (guint i = 0; i < table->titles->len; i++)
    g_ptr_array_add (cells, g_strdup (g_ptr_array_index (table->titles, i)));
  g_ptr_array_add (cells, g_strdup (koh_answer_say (language, "Persons", "Personer")));
  return cells;
}

static GPtrArray *
row_cells (const KohAnswerTable *table, const KohAnswerRow *row)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  if (table->kind == KOH_ANSWER_ATTRITION)
    g_ptr_array_add (cells, g_strdup_printf ("%d. %s", row->step, row->name));
  for (guint i = 0; row->levels[i] != NULL; i++)
    g_ptr_array_add (cells, g_strdup (row->levels[i]));
  g_ptr_array_add (cells, g_strdup (row->shown));
  return cells;
}

static void
append_table (GString *text, const KohAnswerTable *table, const char *language)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  guint widths[8] = { 0 };

  g_ptr_array_add (lines, head_cells (table, language));
  for (guint i = 0; i < table->rows->len; i++)
    g_ptr_array_add (lines, row_cells (table, g_ptr_array_index (table->rows, i)));
  for (guint i = 0; i < lines->len; i++)
    {
      const GPtrArray *cells = g_ptr_array_index (lines, i);

      for (guint j = 0; j < cells->len && j < G_N_ELEMENTS (widths); j++)
        widths[j] = MAX (widths[j], width_of (g_ptr_array_index (cells, j)));
    }
  g_string_append_printf (text, "\n%s\n", table->title);
  for (guint i = 0; i < lines->len; i++)
    {
      const GPtrArray *cells = g_ptr_array_index (lines, i);

      for (guint j = 0; j < cells->len && j < G_N_ELEMENTS (widths); j++)
        {
          g_string_append (text, "  ");
          pad (text, g_ptr_array_index (cells, j), widths[j], j + 1 == cells->len);
        }
      g_string_append_c (text, '\n');
    }
}

char *
koh_answer_to_text (JsonNode *document, const KohMap *map, const char *language)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KohAnswer) answer = koh_answer_read (document, map, language, &error);
  GString *text = g_string_new (NULL);
  guint widest = 0;

  if (answer == NULL)
    {
      g_string_append_printf (text, "%s\n", error->message);
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, "%s\n%s\n", answer->title, answer->headline);
  if (*answer->sentence != '\0')
    g_string_append_printf (text, "\n%s\n", answer->sentence);
  for (guint i = 0; i < answer->tables->len; i++)
    append_table (text, g_ptr_array_index (answer->tables, i), language);
  for (guint i = 0; i < answer->notes->len; i++)
    g_string_append_printf (text, "\n%s\n", (char *) g_ptr_array_index (answer->notes, i));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < answer->facts->len; i++)
    widest = MAX (widest, width_of (((KohAnswerFact *) g_ptr_array_index (answer->facts, i))->label));
  for (guint i = 0; i < answer->facts->len; i++)
    {
      const KohAnswerFact *fact = g_ptr_array_index (answer->facts, i);

      pad (text, fact->label, widest, FALSE);
      g_string_append_printf (text, "  %s\n", fact->value);
    }
  return g_string_free (text, FALSE);
}
