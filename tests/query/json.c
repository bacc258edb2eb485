/* SPDX-License-Identifier: EUPL-1.2 */
#include "query/json.h"

#include <string.h>

#include "common/error.h"

static void
accepts (const char *text, const char *canonical)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = koh_json_parse (text, -1, "The text", &error);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *first = NULL, *second = NULL;

  g_assert_no_error (error);
  first = koh_json_canonical (node);
  g_assert_cmpstr (first, ==, canonical);
  again = koh_json_parse (first, -1, "The canonical text", &error);
  g_assert_no_error (error);
  second = koh_json_canonical (again);
  g_assert_cmpstr (second, ==, canonical);
}

static void
refuses_size (const char *text, gssize size, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = koh_json_parse (text, size, "The text", &error);

  if (node != NULL)
    g_test_message ("accepted: %.200s", text);
  g_assert_null (node);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  if (strstr (error->message, why) == NULL)
    g_test_message ("“%s” does not say “%s”", error->message, why);
  g_assert_nonnull (strstr (error->message, why));
}

static void
refuses (const char *text, const char *why)
{
  refuses_size (text, -1, why);
}

static void
test_accepts (void)
{
  accepts ("{}", "{}");
  accepts (" [ ] \r\n\t", "[]");
  accepts ("null", "null");
  accepts ("[true,false,null]", "[true,false,null]");
  accepts ("{\"a\" : {\"b\":[1, \"x\"]}}", "{\"a\":{\"b\":[1,\"x\"]}}");
  accepts ("\"\\u00e5 \\\"\\\\\\/\\b\\f\\n\\r\\t\\u001f\"", "\"å \\\"\\\\/\\b\\f\\n\\r\\t\\u001f\"");
  accepts ("\"\\ud83d\\ude02\"", "\"😂\"");
  accepts ("\"\\uFFFF\"", "\"\xef\xbf\xbf\"");
  accepts ("{\"\":1}", "{\"\":1}");
}

/* Appendix B of RFC 8785 and the examples of ECMA-262, as far as our numbers go: no exponents, less than
 * 2^53, six decimals. */
static void
test_numbers (void)
{
  accepts ("0", "0");
  accepts ("-0", "0");
  accepts ("-0.0", "0");
  accepts ("1.0", "1");
  accepts ("-1.500000", "-1.5");
  accepts ("4.50", "4.5");
  accepts ("0.002", "0.002");
  accepts ("0.000001", "0.000001");
  accepts ("-0.000123", "-0.000123");
  accepts ("9007199254740991", "9007199254740991");
  accepts ("-9007199254740991", "-9007199254740991");
  accepts ("4503599627370495.5", "4503599627370495.5");
  accepts ("333333333.333333", "333333333.333333");
  accepts ("0.1", "0.1");
  accepts ("10.1", "10.1");
  accepts ("100000000000.000001", "100000000000");
  accepts ("1424953923781206.25", "1424953923781206.2");
}

static void
test_refused_numbers (void)
{
  refuses ("9007199254740992", "smaller than 2^53");
  refuses ("-9007199254740992", "smaller than 2^53");
  refuses ("9007199254740991.999999", "smaller than 2^53");
  refuses ("123456789012345678901234567890123456789012345678901234567890123456789", "smaller than 2^53");
  refuses ("1e2", "exponent");
  refuses ("1E400", "exponent");
  refuses ("0.1e-7", "exponent");
  refuses ("0.1234567", "six decimals");
  refuses ("01", "begin with 0");
  refuses ("-01", "begin with 0");
  refuses ("00.1", "begin with 0");
  refuses ("1.", "digits after");
  refuses (".5", "a value is expected");
  refuses ("+1", "a value is expected");
  refuses ("-", "a value is expected");
  refuses ("--1", "a value is expected");
  refuses ("NaN", "a value is expected");
  refuses ("Infinity", "a value is expected");
  refuses ("0x10", "something follows");
  refuses ("1 2", "something follows");
  refuses ("1_000", "something follows");
}

static void
test_refused_syntax (void)
{
  refuses ("", "ends too early");
  refuses ("   ", "ends too early");
  refuses ("{", "ends too early");
  refuses ("{\"a\"", "“:” is expected");
  refuses ("{\"a\":", "ends too early");
  refuses ("{\"a\":1", "ends too early");
  refuses ("{\"a\":1,}", "name of a member");
  refuses ("{,}", "name of a member");
  refuses ("{a:1}", "name of a member");
  refuses ("{'a':1}", "name of a member");
  refuses ("{1:1}", "name of a member");
  refuses ("{\"a\":1 \"b\":2}", "“,” or “}”");
  refuses ("{\"a\":1]", "“,” or “}”");
  refuses ("[", "ends too early");
  refuses ("[1,]", "a value is expected");
  refuses ("[,1]", "a value is expected");
  refuses ("[1 2]", "“,” or “]”");
  refuses ("[1}", "“,” or “]”");
  refuses ("]", "a value is expected");
  refuses ("[]]", "something follows");
  refuses ("{} {}", "something follows");
  refuses ("tru", "a value is expected");
  refuses ("True", "a value is expected");
  refuses ("nul", "a value is expected");
  refuses ("truefalse", "something follows");
  refuses ("// x\n1", "a value is expected");
  refuses ("[1, /* x */ 2]", "a value is expected");
  refuses ("\"a", "not closed");
  refuses ("\"a\\\"", "not closed");
  refuses ("'a'", "a value is expected");
}

static void
test_refused_strings (void)
{
  refuses ("\"a\nb\"", "control character");
  refuses ("\"a\tb\"", "control character");
  refuses ("\"\x01\"", "control character");
  refuses ("\"\\x41\"", "unknown escape");
  refuses ("\"\\U0041\"", "unknown escape");
  refuses ("\"\\", "unknown escape");
  refuses ("\"\\u12\"", "four hexadecimal digits");
  refuses ("\"\\u12g4\"", "four hexadecimal digits");
  refuses ("\"\\u+123\"", "four hexadecimal digits");
  refuses ("\"\\u0000\"", "\\u0000");
  refuses ("\"\\ud800\"", "high surrogate");
  refuses ("\"\\ud800x\"", "high surrogate");
  refuses ("\"\\ud800\\n\"", "high surrogate");
  refuses ("\"\\ud800\\ud800\"", "high surrogate");
  refuses ("\"\\ud800\\u0041\"", "high surrogate");
  refuses ("\"\\udc00\"", "low surrogate");
  refuses ("{\"\\udc00\":1}", "low surrogate");
}

static void
test_refused_bytes (void)
{
  static const char nul[] = "\"a\0b\"", after[] = "1\0";

  refuses_size (nul, sizeof nul - 1, "NUL");
  refuses_size (after, sizeof after - 1, "NUL");
  refuses ("\"\xff\"", "not UTF-8");
  refuses ("\"\xc3\"", "not UTF-8");
  refuses ("\"\xc0\x80\"", "not UTF-8");
  refuses ("\"\xed\xa0\x80\"", "not UTF-8");
  refuses ("\"\xf4\x90\x80\x80\"", "not UTF-8");
  refuses ("\xef\xbb\xbf{}", "byte order mark");
  refuses_size ("[1]", 2, "ends too early");
}

static void
test_duplicates (void)
{
  refuses ("{\"a\":1,\"a\":1}", "stands twice");
  refuses ("{\"a\":1,\"b\":2,\"\\u0061\":3}", "stands twice");
  refuses ("{\"å\":1,\"\\u00e5\":2}", "stands twice");
  refuses ("{\"😂\":1,\"\\ud83d\\ude02\":2}", "stands twice");
  refuses ("[{\"x\":{\"\":1,\"\":2}}]", "stands twice");
  accepts ("{\"a\":{\"a\":1},\"A\":2}", "{\"A\":2,\"a\":{\"a\":1}}");
}

static char *
nest (guint levels, const char *open, const char *inner, const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < levels; i++)
    g_string_append (text, open);
  g_string_append (text, inner);
  for (guint i = 0; i < levels; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deep = nest (32, "[", "", "]"), *deeper = nest (33, "[", "", "]");
  g_autofree char *objects = nest (32, "{\"a\":", "1", "}"), *more = nest (33, "{\"a\":", "1", "}");
  g_autofree char *abyss = nest (500000, "[", "", "]");

  accepts (deep, deep);
  accepts (objects, objects);
  refuses (deeper, "32 levels");
  refuses (more, "32 levels");
  refuses (abyss, "32 levels");
}

static void
test_size (void)
{
  g_autofree char *text = g_malloc (KOH_JSON_MOST + 2);
  g_autoptr (GString) members = g_string_new ("{");
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  memset (text, ' ', KOH_JSON_MOST + 1);
  text[KOH_JSON_MOST + 1] = '\0';
  text[0] = '1';
  node = koh_json_parse (text, KOH_JSON_MOST, "The text", &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_node_get_int (node), ==, 1);
  refuses_size (text, KOH_JSON_MOST + 1, "bytes; at most");

  for (guint i = 0; i <= 4096; i++)
    g_string_append_printf (members, "%s\"m%u\":0", i > 0 ? "," : "", i);
  g_string_append_c (members, '}');
  refuses (members->str, "too many members");
}

static void
test_place (void)
{
  refuses ("{\n  \"å\": 1,\n  \"b\": x\n}", "The text, line 3, column 8: ");
  refuses ("[\"æøå\", 01]", "line 1, column 9: ");
}

/* Section 3.2.3 of RFC 8785: members in the order of UTF-16 code units, not of code points. */
static void
test_order (void)
{
  accepts ("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With "
           "Dagesh\","
           "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
           "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
           "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
           "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\","
           "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
  accepts ("{\"b\":1,\"a\":2,\"ab\":3,\"\":4}", "{\"\":4,\"a\":2,\"ab\":3,\"b\":1}");
}

static void
test_doubles_of_programs (void)
{
  static const struct
  {
    double value;
    const char *text;
  } vectors[] = {
    /* Appendix B of RFC 8785. */
    { 5e-324, "5e-324" },
    { -5e-324, "-5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 295147905179352830000.0, "295147905179352830000" },
    { 9.999999999999997e22, "9.999999999999997e+22" },
    { 1e23, "1e+23" },
    { 1.0000000000000001e23, "1.0000000000000001e+23" },
    { 999999999999999700000.0, "999999999999999700000" },
    { 999999999999999900000.0, "999999999999999900000" },
    { 1e21, "1e+21" },
    { 9.999999999999997e-7, "9.999999999999997e-7" },
    { 0.000001, "0.000001" },
    { 333333333.3333332, "333333333.3333332" },
    { 333333333.33333325, "333333333.33333325" },
    { 333333333.3333334, "333333333.3333334" },
    { 333333333.3333333, "333333333.3333333" },
    { -0.0000033333333333333333, "-0.0000033333333333333333" },
    { 1424953923781206.2, "1424953923781206.2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (JsonNode) node = json_node_init_double (json_node_alloc (), vectors[i].value);
      g_autofree char *text = koh_json_canonical (node);

      g_assert_cmpstr (text, ==, vectors[i].text);
    }
}

static void
test_hash (void)
{
  g_autoptr (JsonNode) a = koh_json_parse ("{\"x\":1.0, \"y\":[\"\\u0041\"]}", -1, "a", NULL);
  g_autoptr (JsonNode) b = koh_json_parse ("{\"y\":[\"A\"],\"x\":1}", -1, "b", NULL);
  g_autoptr (JsonNode) c = koh_json_parse ("{\"y\":[\"A\"],\"x\":2}", -1, "c", NULL);
  KohHash first = koh_json_hash ("kohorte/test/1", a), same = koh_json_hash ("kohorte/test/1", b);
  KohHash other = koh_json_hash ("kohorte/test/1", c), label = koh_json_hash ("kohorte/test/2", a);

  g_assert_true (koh_hash_equal (&first, &same));
  g_assert_false (koh_hash_equal (&first, &other));
  g_assert_false (koh_hash_equal (&first, &label));
}

static void
test_members (void)
{
  g_autoptr (JsonNode) node =
      koh_json_parse ("{\"s\":\"x\",\"n\":7,\"d\":1.5,\"o\":{},\"a\":[],\"z\":null}", -1, "t", NULL);
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GError) error = NULL;
  gint64 value = 0;

  g_assert_cmpstr (koh_json_string (object, "s", NULL), ==, "x");
  g_assert_true (koh_json_integer (object, "n", 7, 7, &value, NULL));
  g_assert_cmpint (value, ==, 7);
  g_assert_nonnull (koh_json_object (object, "o", NULL));
  g_assert_nonnull (koh_json_array (object, "a", NULL));
  g_assert_null (koh_json_string (object, "none", NULL));
  g_assert_null (koh_json_string (object, "z", NULL));
  g_assert_false (koh_json_integer (object, "d", 0, 9, &value, NULL));
  g_assert_null (koh_json_object (object, "a", NULL));
  g_assert_null (koh_json_array (object, "o", NULL));
  g_assert_false (koh_json_integer (object, "n", 8, 9, &value, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“n”"));
  g_clear_error (&error);
  g_assert_null (koh_json_string (object, "none", &error));
  g_assert_nonnull (strstr (error->message, "“none” is missing"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/json/reads-what-rfc-8259-allows", test_accepts);
  g_test_add_func ("/query/json/numbers-print-as-ecmascript-prints-them", test_numbers);
  g_test_add_func ("/query/json/refuses-numbers-out-of-bounds", test_refused_numbers);
  g_test_add_func ("/query/json/refuses-wrong-syntax", test_refused_syntax);
  g_test_add_func ("/query/json/refuses-wrong-strings", test_refused_strings);
  g_test_add_func ("/query/json/refuses-wrong-bytes", test_refused_bytes);
  g_test_add_func ("/query/json/refuses-duplicates-however-written", test_duplicates);
  g_test_add_func ("/query/json/refuses-more-than-32-levels", test_depth);
  g_test_add_func ("/query/json/refuses-what-is-too-large", test_size);
  g_test_add_func ("/query/json/names-line-and-column", test_place);
  g_test_add_func ("/query/json/orders-members-by-utf16", test_order);
  g_test_add_func ("/query/json/doubles-of-programs-follow-rfc-8785", test_doubles_of_programs);
  g_test_add_func ("/query/json/equal-values-have-equal-hashes", test_hash);
  g_test_add_func ("/query/json/typed-members-refuse-other-types", test_members);
  return g_test_run ();
}
