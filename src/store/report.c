/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an owner should know of its own data, and nobody else: exact numbers, and rows by number and column.
 */
#include "store/opt-out.h"

static void
append_dataset (GString *text, KohMapping *mapping, const KohDefects *defects)
{
  g_string_append_printf (text, "%s: %" G_GUINT64_FORMAT " rows", mapping->name,
                          defects->rows - defects->left_out);
  if (defects->left_out > 0)
    g_string_append_printf (
        text, "; %" G_GUINT64_FORMAT " more break the schema and are left out:", defects->left_out);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < defects->named->len; i++)
    g_string_append_printf (text, "  %s\n", (const char *) defects->named->pdata[i]);
  if (defects->named->len == KOH_DEFECTS_NAMED)
    g_string_append (text, "  …\n");
}

static void
append_opted_out (GString *text, gsize listed, const guint8 *met, guint64 rows)
{
  gsize found = 0;

  for (gsize i = 0; i < listed; i++)
    found += met[i];
  g_string_append_printf (text,
                          "opt_out: %" G_GSIZE_FORMAT " of the %" G_GSIZE_FORMAT
                          " persons in the list are in the data; their %" G_GUINT64_FORMAT
                          " rows are left out\n",
                          found, listed, rows);
}

char *
koh_store_report (KohStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) list = koh_opt_out_load (store, cancellable, error);
  g_autofree guint8 *met = NULL;
  guint64 opted_out = 0;

  if (list == NULL)
    return NULL;
  met = g_malloc0 (koh_opt_out_size (list) + 1);
  for (guint i = 0; i < store->mappings->len; i++)
    {
      KohMapping *mapping = store->mappings->pdata[i];
      g_autoptr (KohDefects) defects = NULL;
      g_autoptr (GError) local = NULL;

      /* A dataset that is refused says why, and the others are told of all the same. */
      if (!koh_mapping_examine (store, mapping, &defects, cancellable, &local))
        {
          if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            {
              g_propagate_error (error, g_steal_pointer (&local));
              return NULL;
            }
          g_string_append_printf (text, "%s: refused\n  %s\n", mapping->name, local->message);
        }
      if (defects == NULL)
        continue;
      append_dataset (text, mapping, defects);
      opted_out += defects->opted_out;
      for (guint m = 0; m < defects->met->len && m < koh_opt_out_size (list); m++)
        met[m] |= defects->met->data[m];
    }
  if (store->opt_out != NULL)
    append_opted_out (text, koh_opt_out_size (list), met, opted_out);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
