/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/day.h"

static void
every_day_there_and_back (void)
{
  for (gint day = 0; day <= KOH_DAY_LAST; day++)
    {
      g_autofree char *text = koh_day_format (day);
      g_autoptr (GDateTime) start = g_date_time_new_utc (1880, 1, 1, 0, 0, 0);
      gint back;

      g_assert_true (koh_day_parse (text, &back));
      g_assert_cmpint (back, ==, day);
      if (day % 997 == 0)
        {
          g_autoptr (GDateTime) then = g_date_time_add_days (start, day);
          g_autofree char *expected = g_date_time_format (then, "%Y-%m-%d");

          g_assert_cmpstr (text, ==, expected);
        }
    }
}

static void
what_is_not_a_date_is_refused (void)
{
  static const char *const bad[] = { "",           "2018-1-01",  "2018-01-1",   "2018-02-30", "2019-02-29",
                                     "1900-02-29", "2018-13-01", "2018-00-10",  "2018-01-00", "1879-12-31",
                                     "2059-06-08", "2018/01/01", "2018-01-01 ", "20180101",   "２018-01-01" };
  gint day;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (koh_day_parse (bad[i], &day));
  g_assert_false (koh_day_parse (NULL, &day));
  g_assert_true (koh_day_parse ("2000-02-29", &day));
}

static void
codes_keep_the_order_of_days (void)
{
  for (gint day = 1; day <= KOH_DAY_LAST; day++)
    {
      guint before = koh_day_year_code (day - 1) * 512 + koh_day_in_year (day - 1);
      guint now = koh_day_year_code (day) * 512 + koh_day_in_year (day);

      g_assert_cmpuint (before, <, now);
      g_assert_cmpuint (koh_day_year_code (day), <, 256);
      g_assert_cmpuint (koh_day_in_year (day), <, 512);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common/day/every-day-there-and-back", every_day_there_and_back);
  g_test_add_func ("/common/day/what-is-not-a-date-is-refused", what_is_not_a_date_is_refused);
  g_test_add_func ("/common/day/codes-keep-the-order-of-days", codes_keep_the_order_of_days);
  return g_test_run ();
}
