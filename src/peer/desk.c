/* SPDX-License-Identifier: EUPL-1.2
 *
 * See desk.h. */
#include "peer/desk.h"

#include <string.h>

#include "common/error.h"
#include "peer/members.h"
#include "query/json.h"

#define RUNS_MOST 8      /* under way at a time */
#define FINISHED_MOST 16 /* remembered for who comes late */

typedef struct
{
  KohDesk *desk;
  char *id;
  KohInquiry *inquiry;   /* NULL when it has ended */
  char *phase;
  GPtrArray *told;       /* of JsonNode: the last of each kind, of each peer */
} Run;

struct _KohDesk
{
  KohParticipant *self;
  GPtrArray *runs;       /* of Run, oldest first */
  KohDeskEvent event;
  gpointer event_data;
};

static void
run_free (gpointer data)
{
  Run *run = data;

  g_clear_pointer (&run->inquiry, koh_inquiry_free);
  g_ptr_array_unref (run->told);
  g_free (run->phase);
  g_free (run->id);
  g_free (run);
}

KohDesk *
koh_desk_new (KohParticipant *self)
{
  KohDesk *desk = g_new0 (KohDesk, 1);

  desk->self = self;
  desk->runs = g_ptr_array_new_with_free_func (run_free);
  return desk;
}

void
koh_desk_free (KohDesk *desk)
{
  koh_desk_stop (desk);
  g_ptr_array_unref (desk->runs);
  g_free (desk);
}

void
koh_desk_set_event (KohDesk *desk, KohDeskEvent event, gpointer user_data)
{
  desk->event = event;
  desk->event_data = user_data;
}

static Run *
find (KohDesk *desk, const char *id)
{
  for (guint i = 0; i < desk->runs->len; i++)
    {
      Run *run = g_ptr_array_index (desk->runs, i);

      if (strcmp (run->id, id) == 0)
        return run;
    }
  return NULL;
}

/* ---- What has been told -------------------------------------------------------------------- */

/* Two events of the same place: the newer one replaces the older. */
static gboolean
same_place (JsonNode *a, JsonNode *b)
{
  JsonObject *x = json_node_get_object (a), *y = json_node_get_object (b);

  return g_strcmp0 (koh_member_text (x, "event"), koh_member_text (y, "event")) == 0 &&
         g_strcmp0 (koh_member_text (x, "peer"), koh_member_text (y, "peer")) == 0;
}

static void
remember (Run *run, JsonNode *event)
{
  for (guint i = 0; i < run->told->len; i++)
    if (same_place (g_ptr_array_index (run->told, i), event))
      {
        g_ptr_array_remove_index (run->told, i);
        break;
      }
  g_ptr_array_add (run->told, json_node_ref (event));
}

static void
forget_finished (KohDesk *desk)
{
  guint finished = 0;

  for (guint i = desk->runs->len; i > 0; i--)
    {
      Run *run = g_ptr_array_index (desk->runs, i - 1);

      if (run->inquiry == NULL && ++finished > FINISHED_MOST)
        g_ptr_array_remove_index (desk->runs, i - 1);
    }
}

static void
event_cb (KohInquiry *inquiry, JsonNode *event, gpointer user_data)
{
  Run *run = user_data;
  KohDesk *desk = run->desk;
  const char *kind = koh_member_text (json_node_get_object (event), "event");

  remember (run, event);
  if (strcmp (kind, "phase") == 0)
    {
      g_free (run->phase);
      run->phase = g_strdup (koh_member_text (json_node_get_object (event), "phase"));
    }
  if (desk->event != NULL)
    desk->event (run->id, event, desk->event_data);
  if (strcmp (kind, "answered") != 0 && strcmp (kind, "failed") != 0)
    return;
  g_clear_pointer (&run->inquiry, koh_inquiry_free);
  forget_finished (desk);
}

/* ---- Asking -------------------------------------------------------------------------------- */

static guint
count_running (KohDesk *desk)
{
  guint n = 0;

  for (guint i = 0; i < desk->runs->len; i++)
    n += ((Run *) g_ptr_array_index (desk->runs, i))->inquiry != NULL;
  return n;
}

static JsonNode *
run_event (Run *run, const KohHash *hash)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "event", "run");
  json_object_set_string_member (event, "run", run->id);
  koh_member_set_hash (event, "question_hash", hash);
  return koh_members_node (event);
}

const char *
koh_desk_ask (KohDesk *desk, const char *question, KohHash *hash, GError **error)
{
  g_autoptr (KohQuestion) parsed = koh_question_parse (question, -1, error);
  g_autoptr (JsonNode) event = NULL;
  guint8 bytes[8];
  char hex[2 * sizeof bytes + 1];
  Run *run;

  if (parsed == NULL)
    return NULL;
  if (count_running (desk) >= RUNS_MOST || g_atomic_int_get (&desk->self->closing))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED, "%s has %u questions under way; wait for one to end",
                   desk->self->card->name, count_running (desk));
      return NULL;
    }
  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2hex (hex, sizeof hex, bytes, sizeof bytes);
  run = g_new0 (Run, 1);
  run->desk = desk;
  run->id = g_strdup (hex);
  run->phase = g_strdup ("sent");
  run->told = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_ptr_array_add (desk->runs, run);
  event = run_event (run, &parsed->hash);
  remember (run, event);
  *hash = parsed->hash;
  run->inquiry = koh_inquiry_start (desk->self, run->id, parsed, event_cb, run);
  return run->id;
}

gboolean
koh_desk_cancel (KohDesk *desk, const char *id)
{
  Run *run = find (desk, id);

  if (run == NULL || run->inquiry == NULL)
    return FALSE;
  koh_inquiry_cancel (run->inquiry);
  return TRUE;
}

GPtrArray *
koh_desk_replay (KohDesk *desk, const char *id)
{
  Run *run = find (desk, id);

  return run != NULL ? g_ptr_array_ref (run->told) : NULL;
}

JsonArray *
koh_desk_runs (KohDesk *desk)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < desk->runs->len; i++)
    {
      Run *run = g_ptr_array_index (desk->runs, i);
      JsonObject *entry;

      if (run->inquiry == NULL)
        continue;
      entry = json_object_new ();
      json_object_set_string_member (entry, "run", run->id);
      json_object_set_string_member (entry, "title", koh_inquiry_get_title (run->inquiry));
      json_object_set_string_member (entry, "phase", run->phase);
      json_array_add_object_element (list, entry);
    }
  return list;
}

gboolean
koh_desk_is_idle (KohDesk *desk)
{
  return count_running (desk) == 0;
}

void
koh_desk_stop (KohDesk *desk)
{
  for (guint i = 0; i < desk->runs->len; i++)
    {
      Run *run = g_ptr_array_index (desk->runs, i);

      if (run->inquiry != NULL)
        koh_inquiry_cancel (run->inquiry);
    }
}
