/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/person-number.h"

#include <string.h>

#include "demo/dice.h"

#define DAYS 53000 /* 1880 … 2025 */

struct _KohPersonNumbers
{
  guint64 seed;
  guint16 given[DAYS][2];
};

KohPersonNumbers *
koh_person_numbers_new (guint64 seed)
{
  KohPersonNumbers *numbers = g_new0 (KohPersonNumbers, 1);

  numbers->seed = seed;
  return numbers;
}

void
koh_person_numbers_free (KohPersonNumbers *numbers)
{
  g_free (numbers);
}

static void
write_digits (char *to, guint value, guint n)
{
  while (n > 0)
    {
      to[--n] = (char) ('0' + value % 10);
      value /= 10;
    }
}

static void
write_birth (char *number, gint birth)
{
  gint year, month, of_month;

  koh_day_split (birth, &year, &month, &of_month);
  write_digits (number, (guint) of_month, 2);
  write_digits (number + 2, (guint) month, 2);
  write_digits (number + 4, (guint) year % 100, 2);
}

static gboolean
passes_check_digit (const char *number)
{
  static const guint weights[10] = { 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
  guint sum = 0;

  for (guint i = 0; i < 10; i++)
    sum += weights[i] * (guint) (number[i] - '0');
  return sum % 11 == 0;
}

gboolean
koh_person_numbers_next (KohPersonNumbers *numbers, gint birth, KohSex sex, char number[11])
{
  gint year, month, of_month;
  guint first, capacity, offset;

  koh_day_split (birth, &year, &month, &of_month);
  /* Seventh digit: 0–3 for 1900–1999, 4–9 for 2000–2036. */
  if (birth < 0 || birth >= DAYS || year < 1900 || year > 2036)
    return FALSE;
  first = year < 2000 ? 0 : 4000;
  capacity = year < 2000 ? 2000 : 3000; /* of one sex */
  offset = (guint) (koh_dice_mix (numbers->seed ^ ((guint64) birth * 2 + sex)) % capacity);
  write_birth (number, birth);
  number[10] = '\0';
  do
    {
      guint k = numbers->given[birth][sex]++;

      if (k >= capacity)
        return FALSE;
      /* 1237 is prime, so this visits every number of the day once. */
      write_digits (number + 6, first + 2 * ((offset + k * 1237) % capacity) + (sex == KOH_MALE), 4);
    }
  while (passes_check_digit (number));
  return TRUE;
}

void
koh_person_replacement (guint64 bits, gint birth, char number[11])
{
  write_birth (number, birth);
  number[6] = (char) ('A' + bits % 26);
  number[7] = (char) ('A' + bits / 26 % 26);
  write_digits (number + 8, (guint) (bits / 676 % 100), 2);
  number[10] = '\0';
}
