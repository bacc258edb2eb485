/* SPDX-License-Identifier: EUPL-1.2
 *
 * The indented text says what the canonical one says. */
#include "query/json.h"

static void
same_document (void)
{
  static const char *const texts[] = {
    "{}", "[]", "{\"a\":[]}", "[{}]", "{\"a\":{\"b\":[1,2.5,-0.82,\"x, y: {z} [\\\"\\\\\"]},\"c\":null,\"d\":true}",
    "{\"sentence\":\"æøå \\n \\u0001\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = koh_json_parse (texts[i], -1, "The text", &error);
      g_autofree char *before = NULL, *pretty = NULL, *after = NULL;
      g_autoptr (JsonNode) again = NULL;

      g_assert_no_error (error);
      before = koh_json_canonical (node);
      pretty = koh_json_pretty (node);
      again = koh_json_parse (pretty, -1, "The indented text", &error);
      g_assert_no_error (error);
      after = koh_json_canonical (again);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
indented (void)
{
  g_autoptr (JsonNode) node = koh_json_parse ("{\"n\":0.82,\"rows\":[1,{\"by\":{}}]}", -1, "The text", NULL);
  g_autofree char *pretty = koh_json_pretty (node);

  g_assert_cmpstr (pretty, ==, "{\n  \"n\": 0.82,\n  \"rows\": [\n    1,\n    {\n      \"by\": {}\n    }\n  ]\n}\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/json-pretty/the-same-document", same_document);
  g_test_add_func ("/query/json-pretty/two-spaces-a-level", indented);
  return g_test_run ();
}
