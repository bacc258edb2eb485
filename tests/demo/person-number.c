/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo/person-number.h"

#include <string.h>

/* The century as the seventh digit and the year tell it, by the rules of the register. */
static gint
year_of (const char *number)
{
  gint year = (number[4] - '0') * 10 + number[5] - '0', digit = number[6] - '0';

  if (digit <= 3)
    return 1900 + year;
  if (digit == 4 || digit == 9)
    return year <= 36 ? 2000 + year : 1900 + year;
  return year <= 57 ? 2000 + year : 1800 + year;
}

static void
assert_number (const char *number, gint birth, KohSex sex)
{
  static const guint weights[10] = { 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
  guint sum = 0;

  g_assert_cmpuint (strlen (number), ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (g_ascii_isdigit (number[i]));
      sum += weights[i] * (guint) (number[i] - '0');
    }
  g_assert_cmpint (koh_day_join (year_of (number), (number[2] - '0') * 10 + number[3] - '0',
                                 (number[0] - '0') * 10 + number[1] - '0'),
                   ==, birth);
  g_assert_cmpint ((number[9] - '0') % 2, ==, sex == KOH_MALE);
  g_assert_cmpuint (sum % 11, !=, 0);
}

static void
numbers_tell_birth_and_sex_and_fail_the_check_digit (void)
{
  g_autoptr (KohPersonNumbers) numbers = koh_person_numbers_new (1);
  char number[11];

  for (gint birth = koh_day_join (1907, 1, 1); birth < koh_day_join (2024, 1, 1); birth += 13)
    for (guint i = 0; i < 6; i++)
      {
        g_assert_true (koh_person_numbers_next (numbers, birth, i % 2 ? KOH_FEMALE : KOH_MALE, number));
        assert_number (number, birth, i % 2 ? KOH_FEMALE : KOH_MALE);
      }
}

/* Until the day is used up, which is told. */
static void
all_numbers_of_a_day_differ (void)
{
  gint births[] = { koh_day_join (1950, 5, 17), koh_day_join (1999, 12, 31), koh_day_join (2000, 1, 1),
                    koh_day_join (2023, 2, 28) };

  for (guint b = 0; b < G_N_ELEMENTS (births); b++)
    {
      g_autoptr (KohPersonNumbers) numbers = koh_person_numbers_new (b);
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      char number[11];
      guint n = 0;

      while (koh_person_numbers_next (numbers, births[b], KOH_FEMALE, number))
        {
          g_assert_true (g_hash_table_add (seen, g_strdup (number)));
          assert_number (number, births[b], KOH_FEMALE);
          n++;
        }
      g_assert_cmpuint (n, >, b < 2 ? 1800 : 2700);
    }
}

static void
another_seed_gives_other_numbers (void)
{
  g_autoptr (KohPersonNumbers) one = koh_person_numbers_new (1), same = koh_person_numbers_new (1),
                               other = koh_person_numbers_new (2);
  char a[11], b[11], c[11];
  guint differ = 0;

  for (gint birth = koh_day_join (1960, 1, 1); birth < koh_day_join (1960, 4, 1); birth++)
    {
      g_assert_true (koh_person_numbers_next (one, birth, KOH_MALE, a));
      g_assert_true (koh_person_numbers_next (same, birth, KOH_MALE, b));
      g_assert_true (koh_person_numbers_next (other, birth, KOH_MALE, c));
      g_assert_cmpstr (a, ==, b);
      differ += strcmp (a, c) != 0;
    }
  g_assert_cmpuint (differ, >, 80);
}

static void
a_replacement_number_has_letters (void)
{
  char number[11];

  koh_person_replacement (G_GUINT64_CONSTANT (0x123456789abcdef), koh_day_join (1961, 3, 24), number);
  g_assert_cmpuint (strlen (number), ==, 10);
  g_assert_true (g_str_has_prefix (number, "240361"));
  g_assert_true (g_ascii_isupper (number[6]) && g_ascii_isupper (number[7]) && g_ascii_isdigit (number[8]) &&
                 g_ascii_isdigit (number[9]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/person-number/numbers-tell-birth-and-sex-and-fail-the-check-digit",
                   numbers_tell_birth_and_sex_and_fail_the_check_digit);
  g_test_add_func ("/demo/person-number/all-numbers-of-a-day-differ", all_numbers_of_a_day_differ);
  g_test_add_func ("/demo/person-number/another-seed-gives-other-numbers", another_seed_gives_other_numbers);
  g_test_add_func ("/demo/person-number/a-replacement-number-has-letters", a_replacement_number_has_letters);
  return g_test_run ();
}
