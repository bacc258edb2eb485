/* SPDX-License-Identifier: EUPL-1.2
 *
 * Text, golden in both languages. */
#include "client/client.h"
#include "documents.h"

static void
check (const char *text, const char *language, const char *wanted)
{
  g_autoptr (JsonNode) node = document (text);
  g_autoptr (KohMap) map = labels ();
  g_autofree char *shown = koh_answer_to_text (node, map, language);

  g_assert_cmpstr (shown, ==, wanted);
}

static void
test_english (void)
{
  check (JOINED, "en",
         "Statin\n"
         "1,303 persons\n"
         "\n"
         "How many?\n"
         "\n"
         "Count\n"
         "  Sex              Income quintile  Persons\n"
         "  Men              1                  1,234\n"
         "  Men              2 + 3                  0\n"
         "  Women + missing  1                     57\n"
         "  Women + missing  2 + 3                 12\n"
         "\n"
         "Attrition\n"
         "  Step              Persons\n"
         "  0. Infarct          2,000\n"
         "  1. =HYPERLINK(1)   hidden\n"
         "  2. a, \"b\"; c        1,303\n"
         "\n"
         "Cross table\n"
         "  Age group    Persons\n"
         "  50–54 years    1,303\n"
         "\n"
         "Levels with + between them are shown together because apart they would show a group of fewer "
         "than 5 persons, here or in another table of the question.\n"
         "\n"
         "A hidden step is not shown because the number that leaves between it and another step would "
         "tell of a group of fewer than 5 persons. It was never opened, not to the peers either.\n"
         "\n"
         "Answered            23 November 2026, 20:15\n"
         "Peers               The one, two\n"
         "Disclosure control  Numbers of 1 to 4 persons are not shown\n"
         "Security            Semi-honest (for trying out): safe as long as every peer follows the protocol\n"
         "Computing time      1.4 s\n"
         "Rounds              1,812\n"
         "Sent between peers  12.3 MB\n"
         "Receipts            The one: entry 17 of its audit log\n"
         "Question hash       0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "Transcript          fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\n");
}

static void
test_danish (void)
{
  check (JOINED, "da",
         "Statin\n"
         "1.303 personer\n"
         "\n"
         "Hvor mange?\n"
         "\n"
         "Antal\n"
         "  Køn                Income quintile  Personer\n"
         "  Mænd               1                   1.234\n"
         "  Mænd               2 + 3                   0\n"
         "  Kvinder + uoplyst  1                      57\n"
         "  Kvinder + uoplyst  2 + 3                  12\n"
         "\n"
         "Frafald\n"
         "  Trin              Personer\n"
         "  0. Infarct           2.000\n"
         "  1. =HYPERLINK(1)    skjult\n"
         "  2. a, \"b\"; c         1.303\n"
         "\n"
         "Krydstabel\n"
         "  Aldersgruppe  Personer\n"
         "  50–54 år         1.303\n"
         "\n"
         "Værdier med + imellem vises samlet, fordi de hver for sig ville vise en gruppe på færre end 5 "
         "personer, her eller i en anden af spørgsmålets tabeller.\n"
         "\n"
         "Et skjult trin vises ikke, fordi forskellen til et andet trin ville røbe en gruppe på færre "
         "end 5 personer. Tallet er aldrig åbnet, heller ikke for deltagerne.\n"
         "\n"
         "Besvaret                 23. november 2026 kl. 20.15\n"
         "Deltagere                Den ene, two\n"
         "Diskretionering          Antal fra 1 til 4 personer vises ikke\n"
         "Sikkerhed                Semi-ærlig (til afprøvning): sikker, så længe alle deltagere følger "
         "protokollen\n"
         "Beregningstid            1,4 s\n"
         "Runder                   1.812\n"
         "Sendt mellem deltagerne  12,3 MB\n"
         "Kvitteringer             Den ene: post 17 i revisionssporet\n"
         "Spørgsmålets hash        0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "Forløbets hash           fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\n");
}

static void
test_too_small (void)
{
  check (SMALL, "da",
         "Statin\n"
         "Færre end 7 personer\n"
         "\n"
         "Hvor mange?\n"
         "\n"
         "Antal\n"
         "  Personer\n"
         "        <7\n"
         "\n"
         "Frafald\n"
         "  Trin        Personer\n"
         "  0. Infarct        40\n"
         "  1. a          skjult\n"
         "  2. b              <7\n"
         "\n"
         "<7 står for et tal, der ikke vises: det ville røbe en gruppe på færre end 7 personer. Tallet "
         "er aldrig åbnet, heller ikke for deltagerne.\n"
         "\n"
         "Et skjult trin vises ikke, fordi forskellen til et andet trin ville røbe en gruppe på færre "
         "end 7 personer. Tallet er aldrig åbnet, heller ikke for deltagerne.\n"
         "\n"
         "Besvaret                 23. november 2026 kl. 20.15\n"
         "Deltagere                Den ene, two\n"
         "Diskretionering          Antal fra 1 til 6 personer vises ikke\n"
         "Sikkerhed                Semi-ærlig (til afprøvning): sikker, så længe alle deltagere følger "
         "protokollen\n"
         "Beregningstid            1,4 s\n"
         "Runder                   1.812\n"
         "Sendt mellem deltagerne  12,3 MB\n"
         "Kvitteringer             Den ene: post 17 i revisionssporet\n"
         "Spørgsmålets hash        0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "Forløbets hash           fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\n");
}

static void
test_what_is_no_answer_says_so (void)
{
  check ("{\"kohorte_answer\":2}", "en",
         "This is not an answer document: the member kohorte_answer is missing, or of a later version.\n");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/answer-text/english", test_english);
  g_test_add_func ("/client/answer-text/danish", test_danish);
  g_test_add_func ("/client/answer-text/too-small", test_too_small);
  g_test_add_func ("/client/answer-text/what-is-no-answer-says-so", test_what_is_no_answer_says_so);
  return g_test_run ();
}
