/* SPDX-License-Identifier: EUPL-1.2
 *
 * See answer.h. */
#include "peer/answer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"
#include "peer/members.h"
#include "peer/policy.h"
#include "query/json.h"
#include "query/sentence.h"

gboolean
koh_answer_vouch (const KohCard *card, const KohHash *told, const KohHash *transcript, JsonObject *receipt,
                  GError **error)
{
  if (!koh_check ("same-transcript", koh_hash_equal (told, transcript)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The transcript that %s tells is not that of the shares (check same-transcript)",
                   card->name);
      return FALSE;
    }
  if (!koh_check ("receipt-signature", koh_audit_receipt_valid (receipt, card)))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "The receipt of %s is not signed by it (check receipt-signature)", card->name);
      return FALSE;
    }
  return TRUE;
}

static void
add_peers (KohInquiry *inquiry, JsonObject *answer)
{
  JsonArray *names = json_array_new ();
  JsonObject *snapshots = json_object_new ();
  JsonObject *receipts = json_object_new ();
  guint64 rounds = 0, bytes = 0;

  for (guint i = 0; i < inquiry->n_peers; i++)
    {
      const KohInquiryPeer *peer = &inquiry->peers[i];
      const KohAccept *accept = g_ptr_array_index (inquiry->session->accepts, i);
      JsonNode *receipt = json_node_copy (peer->receipt);

      json_array_add_string_element (names, peer->name);
      koh_member_set_hash (snapshots, peer->name, &accept->snapshot);
      json_object_remove_member (json_node_get_object (receipt), "name");
      json_object_set_member (receipts, peer->name, receipt);
      rounds = MAX (rounds, peer->rounds);
      bytes += peer->bytes;
    }
  json_object_set_array_member (answer, "peers", names);
  json_object_set_object_member (answer, "snapshots", snapshots);
  json_object_set_object_member (answer, "receipts", receipts);
  json_object_set_int_member (answer, "rounds", (gint64) rounds);
  json_object_set_int_member (answer, "bytes", (gint64) bytes);
}

static void
add_sentence (KohInquiry *inquiry, JsonObject *answer)
{
  static const char *const languages[] = { "da", "en" };
  JsonObject *sentence = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *text = koh_sentence (inquiry->question, inquiry->session->map, languages[i], TRUE);

      json_object_set_string_member (sentence, languages[i], text);
    }
  json_object_set_object_member (answer, "sentence", sentence);
}

JsonNode *
koh_answer_write (KohInquiry *inquiry, JsonNode *opened, const KohHash *transcript)
{
  JsonObject *answer = json_node_get_object (opened);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *clock = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  double seconds = (double) (g_get_monotonic_time () - inquiry->started) / G_USEC_PER_SEC;

  json_object_set_int_member (answer, "kohorte_answer", 1);
  json_object_set_string_member (answer, "title", koh_inquiry_get_title (inquiry));
  json_object_set_member (answer, "question", json_node_copy (inquiry->question->document));
  json_object_set_string_member (answer, "security", KOH_SECURITY);
  json_object_set_string_member (answer, "computed_at", clock);
  /* In sixty-fourths, which six decimals write exactly, whichever program writes them next. */
  json_object_set_double_member (answer, "seconds", ceil (seconds * 64) / 64);
  koh_member_set_hash (answer, "question_hash", &inquiry->question->hash);
  koh_member_set_hash (answer, "transcript", transcript);
  koh_member_set_hash (answer, "plan", &inquiry->session->plan_hash);
  koh_member_set_hash (answer, "session", &inquiry->session->id);
  add_peers (inquiry, answer);
  add_sentence (inquiry, answer);
  return opened;
}

gboolean
koh_answer_keep (KohInquiry *inquiry, GError **error)
{
  g_autofree char *folder = g_build_filename (inquiry->self->folder, "answers", NULL);
  g_autofree char *hex = koh_hash_to_hex (&inquiry->question->hash);
  g_autofree char *name = g_strconcat (hex, ".json", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = koh_members_text (inquiry->answer);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  g_mkdir (folder, 0700);
  return koh_place_write (path, bytes, 0600, error);
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  JsonObject *x = *(JsonObject *const *) a, *y = *(JsonObject *const *) b;

  return strcmp (koh_member_text (y, "computed_at"), koh_member_text (x, "computed_at"));
}

static JsonObject *
read_entry (const char *path)
{
  g_autoptr (JsonNode) node = koh_json_read_file (path, NULL);
  JsonObject *answer, *entry;
  const char *hash, *title, *when;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  answer = json_node_get_object (node);
  hash = koh_json_string (answer, "question_hash", NULL);
  title = koh_json_string (answer, "title", NULL);
  when = koh_json_string (answer, "computed_at", NULL);
  if (hash == NULL || title == NULL || when == NULL)
    return NULL;
  entry = json_object_new ();
  json_object_set_string_member (entry, "question_hash", hash);
  json_object_set_string_member (entry, "title", title);
  json_object_set_string_member (entry, "computed_at", when);
  return entry;
}

JsonArray *
koh_answer_list (const char *folder)
{
  g_autofree char *answers = g_build_filename (folder, "answers", NULL);
  g_autoptr (GDir) dir = g_dir_open (answers, 0, NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  JsonArray *list = json_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (answers, name, NULL);
      JsonObject *entry = g_str_has_suffix (name, ".json") ? read_entry (path) : NULL;

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }
  g_ptr_array_sort (entries, compare_newest);
  for (guint i = 0; i < entries->len; i++)
    json_array_add_object_element (list, g_ptr_array_index (entries, i));
  return list;
}
