/* SPDX-License-Identifier: EUPL-1.2
 *
 * Each row becomes 64 bits, of which the upper 16 are of the person alone. When there are too many, every
 * second person is given up: those whose next bit is 1. */
#include "store/repeats.h"

#include <sodium.h>
#include <string.h>

#define MOST (1u << 20)
#define MOST_HALVINGS 15

struct _KohRepeats
{
  GArray *rows;   /* of guint64 */
  guint halvings; /* kept are persons with so many 0 bits at the top */
};

KohRepeats *
koh_repeats_new (void)
{
  KohRepeats *repeats = g_new0 (KohRepeats, 1);

  repeats->rows = g_array_new (FALSE, FALSE, sizeof (guint64));
  return repeats;
}

void
koh_repeats_free (KohRepeats *repeats)
{
  sodium_memzero (repeats->rows->data, repeats->rows->len * sizeof (guint64));
  g_array_unref (repeats->rows);
  g_free (repeats);
}

/* The key is fixed, so that the same data are described the same way; nothing of this leaves. */
static guint64
hash (const void *bytes, gsize size)
{
  static const guint8 key[crypto_shorthash_KEYBYTES] = "kohorte/repeats";
  guint64 value;

  crypto_shorthash ((guint8 *) &value, bytes, size, key);
  return value;
}

static gboolean
is_kept (const KohRepeats *repeats, guint64 value)
{
  return repeats->halvings == 0 || value >> (64 - repeats->halvings) == 0;
}

static guint64
mix (guint64 value, const char *text)
{
  guint64 both[2] = { value, text != NULL ? hash (text, strlen (text)) : 0 };

  return hash (both, sizeof both);
}

static void
halve (KohRepeats *repeats)
{
  guint kept = 0;

  repeats->halvings++;
  for (guint i = 0; i < repeats->rows->len; i++)
    if (is_kept (repeats, g_array_index (repeats->rows, guint64, i)))
      g_array_index (repeats->rows, guint64, kept++) = g_array_index (repeats->rows, guint64, i);
  g_array_set_size (repeats->rows, kept);
}

void
koh_repeats_add (KohRepeats *repeats, const KohReading *reading, const KohRow *row)
{
  guint64 person = hash (row->person, strlen (row->person));
  gint days[] = { row->date, row->end, row->valid_from, row->valid_to };
  guint64 value;

  if (!is_kept (repeats, person))
    return;
  value = hash (days, sizeof days) ^ person;
  value = mix (value, row->code);
  for (guint c = 0; c < koh_reading_columns (reading); c++)
    value = mix (value, koh_reading_text (reading, c));
  value = (person & ~(~G_GUINT64_CONSTANT (0) >> 16)) | value >> 16;
  g_array_append_val (repeats->rows, value);
  if (repeats->rows->len >= MOST && repeats->halvings < MOST_HALVINGS)
    halve (repeats);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

gdouble
koh_repeats_share (KohRepeats *repeats)
{
  guint n = repeats->rows->len, repeated = 0;

  if (n == 0)
    return -1;
  qsort (repeats->rows->data, n, sizeof (guint64), compare);
  for (guint i = 1; i < n; i++)
    repeated += g_array_index (repeats->rows, guint64, i) == g_array_index (repeats->rows, guint64, i - 1);
  return (gdouble) repeated / n;
}
