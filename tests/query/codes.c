/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/codes.h"

#include <string.h>

static gboolean
finds (const char *text, guint most, const char *system, const char *code)
{
  g_autoptr (GPtrArray) hits = koh_codes_search (text, most);

  for (guint i = 0; i < hits->len; i++)
    {
      const KohCode *hit = hits->pdata[i];

      if (g_str_equal (hit->system, system) && g_str_equal (hit->code, code))
        return TRUE;
    }
  return FALSE;
}

static void
test_find (void)
{
  const KohCode *code = koh_codes_find ("SKS", "DI21");

  g_assert_nonnull (code);
  g_assert_cmpstr (code->da, ==, "Akut myokardieinfarkt");
  g_assert_cmpstr (code->en, ==, "Acute myocardial infarction");
  g_assert_cmpstr (code->parent, ==, "DI");
  g_assert_null (koh_codes_find ("SKS", "DI2"));
  g_assert_null (koh_codes_find ("ATC", "DI21"));
  g_assert_null (koh_codes_find ("SKS", "di21"));
}

static void
test_parents (void)
{
  g_autoptr (GPtrArray) all = koh_codes_search ("", G_MAXUINT);

  g_assert_cmpuint (all->len, >, 200);
  for (guint i = 0; i < all->len; i++)
    {
      const KohCode *code = all->pdata[i];

      g_assert_true (g_utf8_validate (code->da, -1, NULL) && *code->da != '\0' && *code->en != '\0');
      if (code->parent != NULL)
        g_assert_nonnull (koh_codes_find (code->system, code->parent));
      g_assert_true (koh_codes_well_formed (code->system, code->code));
      g_assert_true (koh_codes_known (code->system, code->code));
    }
}

static void
test_label (void)
{
  g_assert_cmpstr (koh_codes_label ("ATC", "C10AA", "en"), ==, "HMG CoA reductase inhibitors");
  g_assert_cmpstr (koh_codes_label ("SKS", "DI21", "da"), ==, "Akut myokardieinfarkt");
  g_assert_cmpstr (koh_codes_label ("SKS", "DI2100", "da"), ==, "Akut myokardieinfarkt");
  g_assert_cmpstr (koh_codes_label ("SKS", "DI99", "en"), ==, "Diseases of the circulatory system");
  g_assert_null (koh_codes_label ("SKS", "X", "da"));
  g_assert_null (koh_codes_label ("NONE", "X", "da"));
  g_assert_cmpstr (koh_codes_label ("region", "1084", "da"), ==, "Region Hovedstaden");
  g_assert_cmpstr (koh_codes_label ("sex", "K", "en"), ==, "Woman");
  g_assert_cmpstr (koh_codes_label ("income_quintile", "1", "en"), ==, "1 (lowest)");
  g_assert_cmpstr (koh_codes_label ("education", "70", "en"), ==, "Long-cycle higher education (master)");
  g_assert_cmpstr (koh_codes_label ("sex", "missing", "da"), ==, "Uoplyst");
  g_assert_cmpstr (koh_codes_label ("income_quintile", "missing", "en"), ==, "Not stated");
}

static void
test_systems (void)
{
  static const char *const known[] = { "SKS", "ATC", "NPU", "sex", "region", "income_quintile", "education" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_true (koh_codes_system_known (known[i]));
  g_assert_false (koh_codes_system_known ("sks"));
  g_assert_false (koh_codes_system_known ("ICD10"));
}

static void
test_form (void)
{
  static const char *const good[][2] = { { "SKS", "D" },        { "SKS", "DI210B" },   { "SKS", "BOHJ19J3" },
                                         { "ATC", "C" },        { "ATC", "C10" },      { "ATC", "C10AA05" },
                                         { "NPU", "NPU27300" }, { "NPU", "DNK35302" }, { "LOCAL", "+1" } };
  static const char *const bad[][2] = { { "SKS", "" },         { "SKS", "21" },      { "SKS", "DI-21" },
                                        { "SKS", "DI21.0" },   { "SKS", "di21" },    { "SKS", "DA00-DB99" },
                                        { "ATC", "C1" },       { "ATC", "CC0" },     { "ATC", "C10AA0" },
                                        { "ATC", "C10AA05X" }, { "NPU", "NPU2730" }, { "NPU", "27300" },
                                        { "LOCAL", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (koh_codes_well_formed (good[i][0], good[i][1]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (koh_codes_well_formed (bad[i][0], bad[i][1]));
}

static void
test_known (void)
{
  g_assert_true (koh_codes_known ("SKS", "DI21")); /* equals */
  g_assert_true (koh_codes_known ("SKS", "DI2"));  /* begins */
  g_assert_true (koh_codes_known ("SKS", "D"));
  g_assert_true (koh_codes_known ("SKS", "DI21999")); /* extends */
  g_assert_true (koh_codes_known ("ATC", "C10AA04"));
  g_assert_false (koh_codes_known ("SKS", "DI98")); /* a chapter alone tells nothing */
  g_assert_false (koh_codes_known ("ATC", "C98"));
  g_assert_false (koh_codes_known ("SKS", "XX99"));
  g_assert_false (koh_codes_known ("NPU", "NPU00001"));
}

static void
test_search (void)
{
  g_assert_true (finds ("myokardie", 20, "SKS", "DI21"));
  g_assert_true (finds ("AKUT MYO", 20, "SKS", "DI21"));
  g_assert_true (finds ("infarction acute", 20, "SKS", "DI21"));
  g_assert_true (finds ("ÅREFORKALKNING", 20, "SKS", "DI70"));
  g_assert_true (finds ("di21", 1, "SKS", "DI21"));
  g_assert_true (finds ("c10a", 20, "ATC", "C10AA05"));
  g_assert_true (finds ("l01xc18", 20, "ATC", "L01FF02"));
  g_assert_false (finds ("myokardie statin", 20, "SKS", "DI21"));
  g_assert_false (finds ("infektionssygdomme", 20, "SKS", "DA00-DB99"));
}

static void
test_search_order (void)
{
  g_autoptr (GPtrArray) breast = koh_codes_search ("brystkræft", 20);
  g_autoptr (GPtrArray) exact = koh_codes_search ("A10", 3);
  g_autoptr (GPtrArray) none = koh_codes_search ("qqqq", 20);

  g_assert_cmpstr (((KohCode *) breast->pdata[0])->code, ==, "DC50");
  g_assert_cmpuint (exact->len, ==, 3);
  g_assert_cmpstr (((KohCode *) exact->pdata[0])->code, ==, "A10");
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/codes/finds-exactly-the-code", test_find);
  g_test_add_func ("/query/codes/every-row-is-whole", test_parents);
  g_test_add_func ("/query/codes/labels-come-from-the-longest-prefix", test_label);
  g_test_add_func ("/query/codes/knows-the-systems-of-the-registers", test_systems);
  g_test_add_func ("/query/codes/tells-malformed-codes", test_form);
  g_test_add_func ("/query/codes/known-equals-begins-or-extends", test_known);
  g_test_add_func ("/query/codes/search-takes-words-in-both-languages", test_search);
  g_test_add_func ("/query/codes/search-puts-the-likeliest-first", test_search_order);
  return g_test_run ();
}
