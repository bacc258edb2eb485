/* SPDX-License-Identifier: EUPL-1.2
 *
 * CSV, golden in both languages. */
#include "client/client.h"
#include "documents.h"

static void
check (const char *text, const char *language, const char *wanted)
{
  g_autoptr (JsonNode) node = document (text);
  g_autoptr (KohMap) map = labels ();
  g_autofree char *csv = koh_answer_to_csv (node, map, language);

  g_assert_cmpstr (csv, ==, wanted);
}

static void
test_english (void)
{
  check (JOINED, "en",
         "result,type,step,criterion,Sex,Income quintile,Age group,n\n"
         "1,Count,,,Men,1,,1234\n"
         "1,Count,,,Men,2 + 3,,0\n"
         "1,Count,,,Women + missing,1,,57\n"
         "1,Count,,,Women + missing,2 + 3,,12\n"
         "2,Attrition,0,Infarct,,,,2000\n"
         "2,Attrition,1,'=HYPERLINK(1),,,,hidden\n"
         "2,Attrition,2,\"a, \"\"b\"\"; c\",,,,1303\n"
         "3,Cross table,,,,,50–54 years,1303\n");
}

static void
test_danish (void)
{
  check (JOINED, "da",
         "resultat;type;trin;kriterium;Køn;Income quintile;Aldersgruppe;n\n"
         "1;Antal;;;Mænd;1;;1234\n"
         "1;Antal;;;Mænd;2 + 3;;0\n"
         "1;Antal;;;Kvinder + uoplyst;1;;57\n"
         "1;Antal;;;Kvinder + uoplyst;2 + 3;;12\n"
         "2;Frafald;0;Infarct;;;;2000\n"
         "2;Frafald;1;'=HYPERLINK(1);;;;skjult\n"
         "2;Frafald;2;\"a, \"\"b\"\"; c\";;;;1303\n"
         "3;Krydstabel;;;;;50–54 år;1303\n");
}

static void
test_hidden_numbers_are_never_blank (void)
{
  check (SMALL, "en",
         "result,type,step,criterion,n\n"
         "1,Count,,,<7\n"
         "2,Attrition,0,Infarct,40\n"
         "2,Attrition,1,a,hidden\n"
         "2,Attrition,2,b,<7\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/answer-csv/english", test_english);
  g_test_add_func ("/client/answer-csv/danish", test_danish);
  g_test_add_func ("/client/answer-csv/hidden-numbers-are-never-blank", test_hidden_numbers_are_never_blank);
  return g_test_run ();
}
