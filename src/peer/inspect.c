/* SPDX-License-Identifier: EUPL-1.2
 *
 * policy, audit, catalogue, quality, snapshot: what stands in a participant's folder. */
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/audit.h"
#include "peer/command.h"
#include "peer/members.h"
#include "peer/participant.h"
#include "peer/policy.h"
#include "query/json.h"

static void
print_json (JsonNode *node)
{
  g_autofree char *text = koh_json_canonical (node);

  printf ("%s\n", text);
}

static KohCatalogue *
describe (const char *folder, GError **error)
{
  g_autoptr (KohConfig) config = koh_config_load (folder, error);
  g_autoptr (KohStore) store = config != NULL ? koh_store_new (config->path, error) : NULL;
  KohCatalogue *catalogue = store != NULL ? koh_store_describe (store, config->name, NULL, error) : NULL;

  if (catalogue != NULL)
    catalogue->population = config->population;
  return catalogue;
}

gboolean
koh_command_catalogue (int argc, char **argv, GError **error)
{
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!koh_command_parse (&argc, &argv, NULL, 1, 1, "catalogue FOLDER", error))
    return FALSE;
  catalogue = describe (argv[1], error);
  if (catalogue == NULL)
    return FALSE;
  node = koh_catalogue_to_json (catalogue);
  print_json (node);
  return TRUE;
}

gboolean
koh_command_quality (int argc, char **argv, GError **error)
{
  g_autoptr (KohConfig) config = NULL;
  g_autoptr (KohStore) store = NULL;
  g_autofree char *report = NULL;

  if (!koh_command_parse (&argc, &argv, NULL, 1, 1, "quality FOLDER", error))
    return FALSE;
  config = koh_config_load (argv[1], error);
  store = config != NULL ? koh_store_new (config->path, error) : NULL;
  report = store != NULL ? koh_store_report (store, NULL, error) : NULL;
  if (report == NULL)
    return FALSE;
  fputs (report, stdout);
  return TRUE;
}

/* ---- The policy ---------------------------------------------------------------------------- */

static gboolean
judge (const char *folder, const KohPolicy *policy, const char *path, GError **error)
{
  g_autoptr (KohQuestion) question = koh_question_read_file (path, error);
  g_autoptr (KohMap) own = koh_map_new ();
  KohCatalogue *catalogue = question != NULL ? describe (folder, error) : NULL;
  KohHistory history = { 0, FALSE };

  if (catalogue == NULL)
    return FALSE;
  koh_map_take (own, catalogue);
  switch (koh_policy_judge (policy, question, own, &history, error))
    {
    case KOH_VERDICT_ACCEPT:
      printf ("accept\n");
      return TRUE;
    case KOH_VERDICT_REVIEW:
      printf ("review\n");
      return TRUE;
    case KOH_VERDICT_DECLINE:
      printf ("decline\n");
      break;
    }
  return FALSE;
}

gboolean
koh_command_policy (int argc, char **argv, GError **error)
{
  g_autoptr (KohPolicy) policy = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!koh_command_parse (&argc, &argv, NULL, 1, 2, "policy FOLDER [QUESTION-FILE]", error))
    return FALSE;
  policy = koh_policy_load (argv[1], error);
  if (policy == NULL)
    return FALSE;
  if (argc == 3)
    return judge (argv[1], policy, argv[2], error);
  path = g_build_filename (argv[1], "policy.json", NULL);
  node = koh_json_read_file (path, error);
  if (node == NULL)
    return FALSE;
  print_json (node);
  return TRUE;
}

/* ---- The audit log ------------------------------------------------------------------------- */

static KohCard *
read_card (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "card", NULL);
  g_autoptr (GBytes) bytes = koh_place_read (path, 65536, error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return koh_card_parse (text, error);
}

/* The receipt that @card's participant gave with an answer, with its name as it was signed. */
static JsonObject *
read_receipt (const char *path, const KohCard *card, GError **error)
{
  g_autoptr (JsonNode) node = koh_json_read_file (path, error);
  JsonObject *answer = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *receipts = answer != NULL ? koh_json_object (answer, "receipts", error) : NULL;
  JsonObject *receipt = receipts != NULL ? koh_json_object (receipts, card->name, error) : NULL;

  if (receipt == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s is no answer", path);
      return NULL;
    }
  json_object_set_string_member (receipt, "name", card->name);
  if (koh_audit_receipt_valid (receipt, card))
    return json_object_ref (receipt);
  g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "The receipt in %s is not signed by %s", path, card->name);
  return NULL;
}

gboolean
koh_command_audit (int argc, char **argv, GError **error)
{
  g_autoptr (KohCard) card = NULL;
  g_autoptr (GPtrArray) receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  guint64 entries = 0;

  if (argc < 3 || strcmp (argv[1], "verify") != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_USAGE,
                   "Usage: kohorte-peer audit verify FOLDER [ANSWER-FILE …]");
      return FALSE;
    }
  card = read_card (argv[2], error);
  if (card == NULL)
    return FALSE;
  for (int i = 3; i < argc; i++)
    {
      JsonObject *receipt = read_receipt (argv[i], card, error);

      if (receipt == NULL)
        return FALSE;
      g_ptr_array_add (receipts, receipt);
    }
  if (!koh_audit_verify (argv[2], card, receipts, &entries, error))
    return FALSE;
  printf ("%s: %" G_GUINT64_FORMAT " entries, whole and in order\n", card->name, entries);
  return TRUE;
}

/* ---- The snapshot -------------------------------------------------------------------------- */

gboolean
koh_command_snapshot (int argc, char **argv, GError **error)
{
  g_autoptr (KohParticipant) self = NULL;
  g_autoptr (KohStore) store = NULL;
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autofree char *hex = NULL;
  KohSubject subject = { "snapshot" };

  if (!koh_command_parse (&argc, &argv, NULL, 1, 1, "snapshot FOLDER", error))
    return FALSE;
  self = koh_participant_open_anew (argv[1], error);
  store = self != NULL ? koh_participant_store (self, error) : NULL;
  /* Data that cannot be described could not be enrolled either: the old enrolment stays. */
  catalogue = store != NULL ? koh_store_describe (store, self->card->name, NULL, error) : NULL;
  if (catalogue == NULL || !koh_store_snapshot (store, &subject.hash, NULL, error) ||
      !koh_enrolment_clear (self->state, error) ||
      !koh_audit_append (self->audit, "snapshot", NULL, &subject, 1, error))
    return FALSE;
  hex = koh_hash_to_hex (&subject.hash);
  printf ("%s\n", hex);
  fprintf (stderr, "%s: the old enrolment is gone; it is made anew from these data at the next start%s\n",
           self->card->name,
           self->config->population
               ? ", in a new epoch, after which the other peers must be started again too"
               : "");
  return TRUE;
}
