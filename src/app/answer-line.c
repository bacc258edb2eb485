/* SPDX-License-Identifier: EUPL-1.2
 *
 * Owns its texts: a column view may hold a line longer than the page holds the answer. */
#include "app/answer-line.h"

struct _KohAnswerLine
{
  GObject parent;
  GPtrArray *cells; /* of char * */
  gint64 n;
  guint position;
};

G_DEFINE_FINAL_TYPE (KohAnswerLine, koh_answer_line, G_TYPE_OBJECT)

KohAnswerLine *
koh_answer_line_new (const KohAnswerTable *table, const KohAnswerRow *row, guint position)
{
  KohAnswerLine *self = g_object_new (KOH_TYPE_ANSWER_LINE, NULL);

  if (table->kind == KOH_ANSWER_ATTRITION)
    g_ptr_array_add (self->cells, g_strdup_printf ("%d. %s", row->step, row->name));
  for (guint i = 0; row->levels[i] != NULL; i++)
    g_ptr_array_add (self->cells, g_strdup (row->levels[i]));
  g_ptr_array_add (self->cells, g_strdup (row->shown));
  self->n = row->suppressed ? 1 : row->n;
  self->position = position;
  return self;
}

const char *
koh_answer_line_cell (KohAnswerLine *self, guint column)
{
  return column < self->cells->len ? g_ptr_array_index (self->cells, column) : "";
}

guint
koh_answer_line_position (KohAnswerLine *self)
{
  return self->position;
}

gint64
koh_answer_line_n (KohAnswerLine *self)
{
  return self->n;
}

static void
koh_answer_line_finalize (GObject *object)
{
  g_ptr_array_unref (KOH_ANSWER_LINE (object)->cells);
  G_OBJECT_CLASS (koh_answer_line_parent_class)->finalize (object);
}

static void
koh_answer_line_class_init (KohAnswerLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = koh_answer_line_finalize;
}

static void
koh_answer_line_init (KohAnswerLine *self)
{
  self->cells = g_ptr_array_new_with_free_func (g_free);
}
