/* SPDX-License-Identifier: EUPL-1.2
 *
 * Control messages: what we write we read, and bytes that are no message of ours are refused. */
#include "peer/messages.h"

#include <gio/gio.h>
#include <string.h>

#include "common/error.h"
#include "peer/members.h"
#include "query/json.h"

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* One of each kind, as it stands on the wire. */
static const char *const examples[] = {
  "{\"proposal\":{},\"type\":\"propose\"}",
  "{\"message\":\"waits\",\"type\":\"review\"}",
  "{\"accept\":{},\"type\":\"accept\"}",
  "{\"code\":\"declined\",\"first_hand\":true,\"message\":\"no\",\"peer\":\"aarhus\",\"type\":\"decline\"}",
  "{\"accepts\":[],\"type\":\"start\"}",
  "{\"plan\":\"" HASH "\",\"session\":\"" HASH "\",\"type\":\"confirm\"}",
  "{\"session\":\"" HASH "\",\"type\":\"ready\"}",
  "{\"state\":\"input\",\"type\":\"state\"}",
  "{\"bytes\":5,\"done\":1,\"phase\":\"evaluate\",\"rounds\":3,\"total\":2,\"type\":\"progress\"}",
  "{\"bytes\":1,\"receipt\":{},\"rounds\":2,\"sealed\":\"AAAA\",\"transcript\":\"" HASH
  "\",\"type\":\"shares\"}",
  "{\"code\":\"stopped\",\"first_hand\":false,\"message\":\"gone\",\"peer\":\"aarhus\",\"type\":\"stopped\"}",
  "{\"code\":\"cancelled\",\"type\":\"cancel\"}",
};

static KohMessage *
read_text (const char *text, gssize size, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size < 0 ? strlen (text) : (gsize) size);

  return koh_message_read (bytes, error);
}

static void
assert_refused (const char *text, gssize size)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_text (text, size, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL);
}

static void
every_kind_is_read (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (examples), ==, KOH_MESSAGE_CANCEL + 1);
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KohMessage) message = read_text (examples[i], -1, &error);
      g_autofree char *type = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (message->kind, ==, i);
      type = g_strdup_printf ("\"type\":\"%s\"", koh_message_name (message->kind));
      g_assert_nonnull (strstr (examples[i], type));
    }
}

static void
every_missing_member_is_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (JsonNode) node = koh_json_parse (examples[i], -1, "it", NULL);
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

      for (GList *at = names; at != NULL; at = at->next)
        {
          g_autoptr (JsonNode) lacking = koh_json_parse (examples[i], -1, "it", NULL);
          g_autofree char *text = NULL;

          json_object_remove_member (json_node_get_object (lacking), at->data);
          text = koh_json_canonical (lacking);
          assert_refused (text, -1);
        }
    }
}

static void
every_other_shape_is_refused (void)
{
  static const char *const others[] = { "null",        "-1",   "1.5",    "9007199254740991e0",
                                        "\"\\u0000\"", "[[]]", "\"AAA\"" };

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (JsonNode) node = koh_json_parse (examples[i], -1, "it", NULL);
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

      for (GList *at = names; at != NULL; at = at->next)
        for (guint other = 0; other < G_N_ELEMENTS (others); other++)
          {
            g_autofree char *quoted = g_strdup_printf ("\"%s\":", (char *) at->data);
            const char *value = strstr (examples[i], quoted) + strlen (quoted);
            const char *end = value + 1;
            g_autofree char *text = NULL;

            /* The values are strings, numbers, words, {} and []. */
            while (*end != ',' && (*end != '}' || *value == '{') && *end != '\0')
              if (*value == '{' && *end == '}')
                {
                  end++;
                  break;
                }
              else
                {
                  end++;
                }
            text = g_strdup_printf ("%.*s%s%s", (int) (value - examples[i]), examples[i], others[other], end);
            if (strcmp (others[other], "\"AAA\"") == 0 && strcmp (at->data, "message") == 0)
              continue;
            if (strcmp (others[other], "[[]]") == 0 && strcmp (at->data, "accepts") == 0)
              continue;
            assert_refused (text, -1);
          }
    }
}

static void
every_further_member_is_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"besides\":1,%s", examples[i] + 1);

      assert_refused (text, -1);
    }
}

static void
other_bytes_are_refused (void)
{
  g_autofree char *long_text = g_strnfill (KOH_JSON_MOST + 1, ' ');
  g_autofree char *deep = g_strnfill (64, '[');
  g_autofree char *big = g_strnfill (5000, 'a');
  g_autofree char *long_member = g_strdup_printf ("{\"message\":\"%s\",\"type\":\"review\"}", big);

  assert_refused ("", -1);
  assert_refused ("{}", -1);
  assert_refused ("[]", -1);
  assert_refused ("1", -1);
  assert_refused ("{\"type\":\"unheard\"}", -1);
  assert_refused ("{\"type\":7}", -1);
  assert_refused ("\xff\xfe", -1);
  assert_refused ("{\"code\":\"a\",\"type\":\"cancel\"}\0", 29);
  assert_refused ("{\"code\":\"a\",\"type\":\"cancel\",\"type\":\"cancel\"}", -1);
  assert_refused (long_text, -1);
  assert_refused (deep, -1);
  assert_refused (long_member, -1);
}

/* Every single byte changed, inserted or cut: never a crash, and what is read is well-formed. */
static void
damaged_bytes_never_crash (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    for (gsize at = 0; at < strlen (examples[i]); at++)
      for (guint byte = 0; byte < 256; byte += 5)
        {
          g_autofree char *text = g_strdup (examples[i]);
          g_autoptr (KohMessage) message = NULL;

          text[at] = (char) byte;
          message = read_text (text, (gssize) strlen (examples[i]), NULL);
          g_assert_true (message == NULL || message->object != NULL);
          g_clear_pointer (&message, koh_message_free);
          message = read_text (text, (gssize) at, NULL);
          g_assert_null (message);
        }
}

static void
errors_travel (void)
{
  g_autoptr (GError) gone = g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "aarhus is gone");
  g_autoptr (GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autofree char *words = g_strnfill (100000, 'x');
  g_autoptr (GError) wordy = g_error_new_literal (KOH_ERROR, KOH_ERROR_DATA, words);
  const GError *errors[] = { gone, cancelled, wordy };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GBytes) bytes = koh_message_write_error (KOH_MESSAGE_STOPPED, errors[i], "aarhus", i == 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (KohMessage) message = koh_message_read (bytes, &error);
      g_autoptr (GError) back = NULL;

      g_assert_no_error (error);
      back = koh_message_error (message);
      g_assert_error (back, errors[i]->domain, errors[i]->code);
      g_assert_true (g_str_has_prefix (errors[i]->message, i < 2 ? back->message : "xxx"));
      g_assert_cmpstr (koh_member_text (message->object, "peer"), ==, "aarhus");
      g_assert_cmpint (json_object_get_boolean_member (message->object, "first_hand"), ==, i == 0);
    }
}

/* The answer goes out with its members as they were set, and its numbers as any strict reader takes them. */
static void
text_keeps_the_order (void)
{
  static const char text[] = "{\"z\":1,\"a\":[{\"y\":0.1,\"b\":\"\\\"æ\"},null,true],\"m\":{}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = koh_json_parse (text, -1, "it", &error);
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  written = koh_members_text (node);
  g_assert_cmpstr (written, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/messages/every-kind-is-read", every_kind_is_read);
  g_test_add_func ("/peer/messages/every-missing-member-is-refused", every_missing_member_is_refused);
  g_test_add_func ("/peer/messages/every-other-shape-is-refused", every_other_shape_is_refused);
  g_test_add_func ("/peer/messages/every-further-member-is-refused", every_further_member_is_refused);
  g_test_add_func ("/peer/messages/other-bytes-are-refused", other_bytes_are_refused);
  g_test_add_func ("/peer/messages/damaged-bytes-never-crash", damaged_bytes_never_crash);
  g_test_add_func ("/peer/messages/errors-travel", errors_travel);
  g_test_add_func ("/peer/messages/text-keeps-the-order", text_keeps_the_order);
  return g_test_run ();
}
