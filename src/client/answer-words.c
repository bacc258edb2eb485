/* SPDX-License-Identifier: EUPL-1.2
 *
 * Titles, labels, explanations and provenance in Danish and English. */
#include "client/answer-words.h"

#include <string.h>

#include "query/json.h"
#include "query/sentence.h"

const char *
koh_answer_say (const char *language, const char *en, const char *da)
{
  return g_strcmp0 (language, "da") == 0 ? da : en;
}

const char *
koh_answer_kind_title (KohAnswerKind kind, const char *language)
{
  switch (kind)
    {
    case KOH_ANSWER_COUNT: return koh_answer_say (language, "Count", "Antal");
    case KOH_ANSWER_ATTRITION: return koh_answer_say (language, "Attrition", "Frafald");
    default: return koh_answer_say (language, "Cross table", "Krydstabel");
    }
}

/* "income_quintile" → "Income quintile", where no catalogue has a better word. */
static char *
readable (const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *text = g_strdelimit (g_strdup (dot != NULL ? dot + 1 : name), "_", ' ');
  g_autofree char *first = g_utf8_substring (text, 0, 1);
  g_autofree char *upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, text + strlen (first), NULL);
}

char *
koh_answer_attribute (const KohMap *map, const char *attribute, const char *language)
{
  const char *bare = strrchr (attribute, '.');
  const KohVariable *variable;
  KohDataset *dataset;

  bare = bare != NULL ? bare + 1 : attribute;
  if (g_str_equal (bare, "age"))
    return g_strdup (koh_answer_say (language, "Age", "Alder"));
  if (g_str_equal (bare, "age_band"))
    return g_strdup (koh_answer_say (language, "Age group", "Aldersgruppe"));
  variable = map != NULL ? koh_map_attribute (map, attribute, &dataset, NULL) : NULL;
  if (variable != NULL)
    {
      const char *title = koh_answer_say (language, variable->en, variable->da);

      if (title != NULL && *title != '\0')
        return g_strdup (title);
    }
  return readable (attribute);
}

char *
koh_answer_level (const KohMap *map, const char *attribute, const char *code, const char *language)
{
  GPtrArray *levels = map != NULL ? koh_map_levels (map, attribute, NULL) : NULL;

  for (guint i = 0; levels != NULL && i < levels->len; i++)
    {
      const KohLevel *level = g_ptr_array_index (levels, i);
      const char *label = koh_answer_say (language, level->en, level->da);

      if (g_strcmp0 (level->code, code) == 0 && label != NULL && *label != '\0')
        return g_strdup (label);
    }
  if (g_str_equal (code, "missing"))
    return g_strdup (koh_answer_say (language, "missing", "uoplyst"));
  return g_strdup (code);
}

char *
koh_answer_token (gint64 k)
{
  return g_strdup_printf ("<%" G_GINT64_FORMAT, k);
}

char *
koh_answer_headline (const KohAnswer *answer, const char *language)
{
  g_autofree char *number = NULL;

  if (!answer->open)
    return g_strdup_printf (koh_answer_say (language, "Fewer than %" G_GINT64_FORMAT " persons",
                                            "Færre end %" G_GINT64_FORMAT " personer"),
                            answer->k);
  if (answer->persons < 0)
    return g_strdup (koh_answer_say (language, "No total was asked for", "Der er ikke spurgt om et samlet antal"));
  number = koh_sentence_number (answer->persons, language);
  if (answer->persons == 1)
    return g_strdup_printf (koh_answer_say (language, "%s person", "%s person"), number);
  return g_strdup_printf (koh_answer_say (language, "%s persons", "%s personer"), number);
}

char *
koh_answer_why_joined (gint64 k, const char *language)
{
  return g_strdup_printf (
    koh_answer_say (language,
                    "Levels with + between them are shown together because apart they would show a group of fewer than "
                    "%" G_GINT64_FORMAT " persons, here or in another table of the question.",
                    "Værdier med + imellem vises samlet, fordi de hver for sig ville vise en gruppe på færre end "
                    "%" G_GINT64_FORMAT " personer, her eller i en anden af spørgsmålets tabeller."),
    k);
}

char *
koh_answer_why_hidden (gint64 k, KohAnswerKind kind, const char *language)
{
  if (kind == KOH_ANSWER_ATTRITION)
    return g_strdup_printf (
      koh_answer_say (language,
                      "A hidden step is not shown because the number that leaves between it and another step would tell "
                      "of a group of fewer than %" G_GINT64_FORMAT " persons. It was never opened, not to the peers either.",
                      "Et skjult trin vises ikke, fordi forskellen til et andet trin ville røbe en gruppe på færre end "
                      "%" G_GINT64_FORMAT " personer. Tallet er aldrig åbnet, heller ikke for deltagerne."),
      k);
  return g_strdup_printf (
    koh_answer_say (language,
                    "<%" G_GINT64_FORMAT " stands for a number that is not shown: opening it would tell of a group of fewer "
                    "than %" G_GINT64_FORMAT " persons. It was never opened, not to the peers either.",
                    "<%" G_GINT64_FORMAT " står for et tal, der ikke vises: det ville røbe en gruppe på færre end "
                    "%" G_GINT64_FORMAT " personer. Tallet er aldrig åbnet, heller ikke for deltagerne."),
    k, k);
}

GPtrArray *
koh_answer_notes (const KohAnswer *answer, const char *language)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);
  gboolean joined = FALSE, hidden = FALSE, hidden_step = FALSE;

  for (guint i = 0; i < answer->tables->len; i++)
    {
      const KohAnswerTable *table = g_ptr_array_index (answer->tables, i);

      joined = joined || table->joined;
      hidden = hidden || (table->suppressed && table->kind != KOH_ANSWER_ATTRITION);
      hidden_step = hidden_step || (table->suppressed && table->kind == KOH_ANSWER_ATTRITION);
    }
  if (joined)
    g_ptr_array_add (notes, koh_answer_why_joined (answer->k, language));
  if (hidden)
    g_ptr_array_add (notes, koh_answer_why_hidden (answer->k, KOH_ANSWER_COUNT, language));
  if (hidden_step)
    g_ptr_array_add (notes, koh_answer_why_hidden (answer->k, KOH_ANSWER_ATTRITION, language));
  return notes;
}

char *
koh_answer_date (gint year, gint month, gint of_month, const char *language)
{
  static const char *const danish[] = { "januar", "februar", "marts", "april", "maj", "juni",
                                        "juli", "august", "september", "oktober", "november", "december" };
  static const char *const english[] = { "January", "February", "March", "April", "May", "June",
                                         "July", "August", "September", "October", "November", "December" };

  if (month < 1 || month > 12)
    return g_strdup ("");
  if (g_strcmp0 (language, "da") == 0)
    return g_strdup_printf ("%d. %s %d", of_month, danish[month - 1], year);
  return g_strdup_printf ("%d %s %d", of_month, english[month - 1], year);
}

char *
koh_answer_moment (const char *iso, const char *language)
{
  g_autoptr (GDateTime) universal = iso != NULL ? g_date_time_new_from_iso8601 (iso, NULL) : NULL;
  g_autoptr (GDateTime) local = universal != NULL ? g_date_time_to_local (universal) : NULL;
  g_autofree char *date = NULL;
  int year, month, day;

  if (local == NULL)
    return g_strdup (iso != NULL ? iso : "");
  g_date_time_get_ymd (local, &year, &month, &day);
  date = koh_answer_date (year, month, day, language);
  return g_strdup_printf (koh_answer_say (language, "%s, %02d:%02d", "%s kl. %02d.%02d"), date,
                          g_date_time_get_hour (local), g_date_time_get_minute (local));
}

/* ---- Provenance ---- */

static void
add (GPtrArray *facts, const char *label, char *value)
{
  KohAnswerFact *fact;

  if (value == NULL || *value == '\0')
    {
      g_free (value);
      return;
    }
  fact = g_new (KohAnswerFact, 1);
  fact->label = g_strdup (label);
  fact->value = value;
  g_ptr_array_add (facts, fact);
}

static void
fact_free (gpointer data)
{
  KohAnswerFact *fact = data;

  g_free (fact->label);
  g_free (fact->value);
  g_free (fact);
}

static char *
peer_title (const KohMap *map, const char *peer, const char *language)
{
  for (guint i = 0; map != NULL && i < map->catalogues->len; i++)
    {
      const KohCatalogue *catalogue = g_ptr_array_index (map->catalogues, i);
      const char *title = koh_answer_say (language, catalogue->en, catalogue->da);

      if (g_strcmp0 (catalogue->peer, peer) == 0 && title != NULL && *title != '\0')
        return g_strdup (title);
    }
  return g_strdup (peer);
}

static char *
peers_text (JsonObject *document, const KohMap *map, const char *language)
{
  JsonArray *peers = koh_json_array (document, "peers", NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; peers != NULL && i < json_array_get_length (peers); i++)
    {
      JsonNode *node = json_array_get_element (peers, i);
      const char *peer = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      g_autofree char *title = peer_title (map, peer != NULL ? peer : "?", language);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", title);
    }
  return g_string_free (text, FALSE);
}

static char *
security_text (const char *security, const char *language)
{
  if (g_strcmp0 (security, "semi-honest") == 0)
    return g_strdup (koh_answer_say (
      language, "Semi-honest (for trying out): safe as long as every peer follows the protocol",
      "Semi-ærlig (til afprøvning): sikker, så længe alle deltagere følger protokollen"));
  if (g_strcmp0 (security, "malicious") == 0)
    return g_strdup (koh_answer_say (language, "One computing peer may cheat: it learns nothing, and is found out",
                                     "Én beregnende deltager kan snyde: den erfarer intet og bliver opdaget"));
  return g_strdup (security);
}

static char *
seconds_text (JsonObject *document, const char *language)
{
  JsonNode *node = json_object_get_member (document, "seconds");
  char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  text = g_strdup_printf ("%.1f s", json_node_get_double (node));
  return g_strcmp0 (language, "da") == 0 ? g_strdelimit (text, ".", ',') : text;
}

static char *
count_text (JsonObject *document, const char *member, const char *language)
{
  gint64 value;

  return koh_json_integer (document, member, 0, G_MAXINT64, &value, NULL) ? koh_sentence_number (value, language) : NULL;
}

static char *
bytes_text (JsonObject *document, const char *language)
{
  gint64 value;
  char *text;

  if (!koh_json_integer (document, "bytes", 0, G_MAXINT64, &value, NULL))
    return NULL;
  text = value < 1000000 ? g_strdup_printf ("%.1f kB", (double) value / 1e3) : g_strdup_printf ("%.1f MB", (double) value / 1e6);
  return g_strcmp0 (language, "da") == 0 ? g_strdelimit (text, ".", ',') : text;
}

static char *
receipts_text (JsonObject *document, const KohMap *map, const char *language)
{
  JsonObject *receipts = koh_json_object (document, "receipts", NULL);
  g_autoptr (GList) peers = receipts != NULL ? json_object_get_members (receipts) : NULL;
  GString *text = g_string_new (NULL);

  for (GList *link = peers; link != NULL; link = link->next)
    {
      JsonObject *receipt = koh_json_object (receipts, link->data, NULL);
      g_autofree char *title = peer_title (map, link->data, language);
      gint64 entries;

      if (receipt == NULL || !koh_json_integer (receipt, "entries", 0, G_MAXINT64, &entries, NULL))
        continue;
      g_string_append_printf (text,
                              koh_answer_say (language, "%s%s: entry %" G_GINT64_FORMAT " of its audit log",
                                              "%s%s: post %" G_GINT64_FORMAT " i revisionssporet"),
                              text->len > 0 ? "; " : "", title, entries);
    }
  return g_string_free (text, FALSE);
}

GPtrArray *
koh_answer_facts (JsonObject *document, const KohMap *map, gint64 k, const char *language)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);
  g_autofree char *least = g_strdup_printf (
    koh_answer_say (language, "Numbers of 1 to %" G_GINT64_FORMAT " persons are not shown",
                    "Antal fra 1 til %" G_GINT64_FORMAT " personer vises ikke"),
    k - 1);

  add (facts, koh_answer_say (language, "Answered", "Besvaret"),
       koh_answer_moment (koh_json_string (document, "computed_at", NULL), language));
  add (facts, koh_answer_say (language, "Peers", "Deltagere"), peers_text (document, map, language));
  add (facts, koh_answer_say (language, "Disclosure control", "Diskretionering"), g_steal_pointer (&least));
  add (facts, koh_answer_say (language, "Security", "Sikkerhed"),
       security_text (koh_json_string (document, "security", NULL), language));
  add (facts, koh_answer_say (language, "Computing time", "Beregningstid"), seconds_text (document, language));
  add (facts, koh_answer_say (language, "Rounds", "Runder"), count_text (document, "rounds", language));
  add (facts, koh_answer_say (language, "Sent between peers", "Sendt mellem deltagerne"), bytes_text (document, language));
  add (facts, koh_answer_say (language, "Receipts", "Kvitteringer"), receipts_text (document, map, language));
  add (facts, koh_answer_say (language, "Question hash", "Spørgsmålets hash"),
       g_strdup (koh_json_string (document, "question_hash", NULL)));
  add (facts, koh_answer_say (language, "Transcript", "Forløbets hash"),
       g_strdup (koh_json_string (document, "transcript", NULL)));
  return facts;
}
