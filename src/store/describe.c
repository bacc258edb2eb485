/* SPDX-License-Identifier: EUPL-1.2
 *
 * The catalogue of an owner's data: what peer.ini declares, and what reading every row once tells: how
 * many rows (to two significant digits), over which period, and of what quality (in shares of ten rows or
 * more). No value of a row leaves through here, except the first and the last date of a dataset. */
#include "store/reading.h"

#include <math.h>
#include <string.h>

#include "query/codes.h"
#include "store/repeats.h"

/* What a pass finds out about one column. */
typedef struct
{
  const char *name;
  const KohDeclared *declared; /* NULL */
  guint64 present, wrong;
  gboolean integers, decimals, dates; /* so far, all are */
  gboolean listed;                    /* so far, all stand in the built-in value set of this name */
} Seen;

/* Of the declared type, and among the declared levels. */
static gboolean
fits (const KohDeclared *declared, const char *text)
{
  char *end;
  gint day;

  if (declared == NULL)
    return TRUE;
  if (declared->type_given && declared->type == KOH_VARIABLE_DATE && !koh_day_parse (text, &day))
    return FALSE;
  if (declared->type_given && (declared->type == KOH_VARIABLE_INTEGER || declared->type == KOH_VARIABLE_DECIMAL))
    {
      double value = g_ascii_strtod (text, &end);

      if (*end != '\0' || end == text || (declared->type == KOH_VARIABLE_INTEGER && value != floor (value)))
        return FALSE;
    }
  for (guint i = 0; i < declared->levels->len; i++)
    if (g_str_equal (((KohLevel *) declared->levels->pdata[i])->code, text))
      return TRUE;
  return declared->levels->len == 0;
}

static void
look_at_value (Seen *seen, const char *text)
{
  char *end;
  gint day;

  if (text == NULL)
    return;
  seen->present++;
  seen->wrong += !fits (seen->declared, text);
  if (seen->dates && !koh_day_parse (text, &day))
    seen->dates = FALSE;
  if (seen->integers && (text[strspn (text, "-0123456789")] != '\0' || strlen (text) > 15))
    seen->integers = FALSE;
  if (seen->decimals)
    {
      g_ascii_strtod (text, &end);
      seen->decimals = *end == '\0' && end != text;
    }
  if (seen->listed && koh_codes_find (seen->name, text) == NULL)
    seen->listed = FALSE;
}

static gint64
two_digits (guint64 n)
{
  guint64 unit = 1;

  while (n / unit >= 100)
    unit *= 10;
  return (gint64) ((n + unit / 2) / unit * unit);
}

static void
take_text (char **to, const char *text)
{
  g_free (*to);
  *to = g_strdup (text);
}

static const char *
label_of (const KohVariable *variable, const KohLevel *level, const char *language)
{
  const char *given = g_str_equal (language, "da") ? level->da : level->en;
  const char *label = given != NULL ? given : koh_codes_label (variable->name, level->code, language);

  return label != NULL ? label : level->code;
}

/* The built-in value set of the variable's name, in its own order. */
static void
add_built_in_levels (KohVariable *variable)
{
  g_autoptr (GPtrArray) codes = koh_codes_search ("", G_MAXUINT);

  for (guint i = 0; i < codes->len; i++)
    {
      const KohCode *code = codes->pdata[i];

      if (g_str_equal (code->system, variable->name))
        koh_variable_add_level (variable, code->code, code->da, code->en);
    }
}

static KohVariable *
describe_variable (const KohMapping *mapping, const Seen *seen, guint64 rows)
{
  const KohDeclared *declared = koh_mapping_declared (mapping, seen->name);
  gboolean any = seen->present > 0;
  KohVariableType type = any && seen->dates      ? KOH_VARIABLE_DATE
                         : any && seen->integers ? KOH_VARIABLE_INTEGER
                         : any && seen->decimals ? KOH_VARIABLE_DECIMAL
                                                 : KOH_VARIABLE_STRING;
  KohVariable *variable =
      koh_variable_new (seen->name, declared != NULL && declared->type_given ? declared->type : type);

  variable->completeness = rows > 0 ? koh_catalogue_round_share ((double) seen->present / (double) rows, (gint64) rows) : -1;
  if (any)
    variable->valid = koh_catalogue_round_share (1 - (double) seen->wrong / (double) seen->present,
                                                 (gint64) seen->present);
  if (any && seen->listed && (declared == NULL || declared->levels->len == 0))
    add_built_in_levels (variable);
  if (declared == NULL)
    return variable;
  if (declared->da != NULL || declared->en != NULL)
    {
      take_text (&variable->da, declared->da != NULL ? declared->da : declared->en);
      take_text (&variable->en, declared->en != NULL ? declared->en : declared->da);
    }
  take_text (&variable->unit, declared->unit);
  for (guint i = 0; i < declared->levels->len; i++)
    {
      const KohLevel *level = declared->levels->pdata[i];

      koh_variable_add_level (variable, level->code, label_of (variable, level, "da"),
                              label_of (variable, level, "en"));
    }
  return variable;
}

/* A pass over all rows. */
static gboolean
read_dataset (KohReading *reading, GArray *seen, KohRepeats *repeats, guint64 *rows, gint *first, gint *last,
              GError **error)
{
  const KohRow *row;

  for (;;)
    {
      if (!koh_reading_next (reading, &row, error))
        return FALSE;
      if (row == NULL)
        return TRUE;
      *rows += 1;
      if (row->date != KOH_DAY_NONE)
        {
          *first = MIN (*first, row->date);
          *last = MAX (*last, row->date);
        }
      else if (row->valid_from > 0 && row->valid_to < KOH_DAY_LAST)
        {
          *first = MIN (*first, row->valid_from);
          *last = MAX (*last, row->valid_to);
        }
      koh_repeats_add (repeats, reading, row);
      for (guint c = 0; c < seen->len; c++)
        look_at_value (&g_array_index (seen, Seen, c), koh_reading_text (reading, c));
    }
}

static KohDataset *
describe_dataset (KohStore *store, KohMapping *mapping, const KohHash *snapshot, GCancellable *cancellable,
                  GError **error)
{
  KohSelection everything = KOH_SELECT_ALL;
  g_autoptr (KohReading) reading = NULL;
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  g_autoptr (KohRepeats) repeats = koh_repeats_new ();
  KohDataset *dataset;
  guint64 rows = 0, present = 0;
  gint first = KOH_DAY_NONE, last = -1;

  /* In order of persons, so that two rows for one time are found. */
  everything.in_order = mapping->kind == KOH_DATASET_PERSON;
  reading = koh_reading_open (store, mapping, &everything, cancellable, error);
  if (reading == NULL)
    return NULL;
  for (guint c = 0; c < koh_reading_columns (reading); c++)
    {
      Seen one = { .name = koh_reading_name (reading, c), .integers = TRUE, .decimals = TRUE, .dates = TRUE };

      one.declared = koh_mapping_declared (mapping, one.name);
      one.listed = mapping->kind == KOH_DATASET_PERSON && koh_codes_system_known (one.name);

      g_array_append_val (seen, one);
    }
  if (!read_dataset (reading, seen, repeats, &rows, &first, &last, error))
    return NULL;
  koh_mapping_checked (store, mapping, snapshot);

  dataset = koh_dataset_new (mapping->name, mapping->kind);
  dataset->validity = mapping->validity;
  take_text (&dataset->da, mapping->da);
  take_text (&dataset->en, mapping->en);
  take_text (&dataset->da_description, mapping->da_description);
  take_text (&dataset->en_description, mapping->en_description);
  take_text (&dataset->code_system, mapping->code_system);
  dataset->first = last < 0 ? KOH_DAY_NONE : first;
  dataset->last = last < 0 ? KOH_DAY_NONE : last;
  dataset->rows = two_digits (rows);
  dataset->loaded = koh_mapping_loaded (mapping);
  dataset->valid = koh_catalogue_round_share (mapping->skip > 0 ? mapping->valid : 1, (gint64) rows);
  dataset->duplicates = koh_catalogue_round_share (koh_repeats_share (repeats), (gint64) rows);
  for (guint c = 0; c < seen->len; c++)
    {
      present += g_array_index (seen, Seen, c).present;
      g_ptr_array_add (dataset->variables, describe_variable (mapping, &g_array_index (seen, Seen, c), rows));
    }
  if (rows > 0 && seen->len > 0)
    dataset->completeness =
        koh_catalogue_round_share ((double) present / ((double) rows * seen->len), (gint64) rows);
  return dataset;
}

static KohCatalogue *
describe (KohStore *store, const KohHash *snapshot, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohCatalogue) catalogue = koh_catalogue_new ("");

  take_text (&catalogue->organisation, store->organisation);
  take_text (&catalogue->contact, store->contact);
  catalogue->population = store->population;
  for (guint i = 0; i < store->mappings->len; i++)
    {
      KohDataset *dataset = describe_dataset (store, store->mappings->pdata[i], snapshot, cancellable, error);

      if (dataset == NULL)
        return NULL;
      g_ptr_array_add (catalogue->datasets, dataset);
    }
  if (store->population && koh_store_register_mapping (store, cancellable, error) == NULL)
    return NULL;
  return g_steal_pointer (&catalogue);
}

KohCatalogue *
koh_store_describe (KohStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonNode) described = NULL;
  KohCatalogue *catalogue;
  KohHash snapshot;

  if (!koh_store_snapshot (store, &snapshot, cancellable, error))
    return NULL;
  g_mutex_lock (&store->lock);
  if (store->described != NULL && koh_hash_equal (&store->described_at, &snapshot))
    described = json_node_copy (store->described);
  g_mutex_unlock (&store->lock);

  catalogue = described != NULL ? koh_catalogue_from_json (described, error)
                                : describe (store, &snapshot, cancellable, error);
  if (catalogue == NULL)
    return NULL;
  take_text (&catalogue->peer, name);
  take_text (&catalogue->da, store->da != NULL ? store->da : store->en != NULL ? store->en : name);
  take_text (&catalogue->en, store->en != NULL ? store->en : store->da != NULL ? store->da : name);
  if (described == NULL)
    {
      g_mutex_lock (&store->lock);
      g_clear_pointer (&store->described, json_node_unref);
      store->described = koh_catalogue_to_json (catalogue);
      store->described_at = snapshot;
      g_mutex_unlock (&store->lock);
    }
  return catalogue;
}
