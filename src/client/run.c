/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question under way, as the participant tells of it. The run is the participant's: dropping a KohRun, or
 * closing the program, leaves it going; only koh_run_cancel() ends it. */
#include "client/client-private.h"

#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "query/json.h"

struct _KohRun
{
  GObject parent;
  KohClient *client;
  KohQuestion *question;    /* NULL where an earlier run is watched */
  KohWire *wire;            /* NULL before we reach the participant, and at the end */
  GCancellable *connecting; /* cancels the way to the participant */
  char *id;
  char *phase;
  char *step;
  GHashTable *states;       /* peer → state */
  GHashTable *messages;     /* peer → message */
  JsonNode *answer;
  GError *error;
  double fraction;
  guint64 rounds, bytes;
  double rows_per_second, seconds_left;
  gboolean cancelling;
  gboolean finished;
};

enum { PROP_0, PROP_PHASE, PROP_STEP, PROP_FRACTION, PROP_ROUNDS, PROP_BYTES, PROP_ROWS, PROP_LEFT, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { PEER_STATE, FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KohRun, koh_run, G_TYPE_OBJECT)

/* Where each step of a session begins and ends on the bar: input and evaluation take nearly all the time. */
static const struct
{
  const char *name;
  double from, to;
} steps[] = {
  { "input", 0.05, 0.30 },
  { "evaluate", 0.30, 0.92 },
  { "disclosure", 0.92, 0.97 },
  { "release", 0.97, 1.00 },
};

static void
set_text (KohRun *self, char **field, const char *text, guint property)
{
  if (text == NULL || g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_fraction (KohRun *self, double fraction)
{
  if (fraction <= self->fraction) /* a bar never goes back */
    return;
  self->fraction = MIN (fraction, 1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static void
finish (KohRun *self, const char *phase)
{
  if (self->finished)
    return;
  self->finished = TRUE;
  if (self->wire != NULL)
    {
      koh_wire_close (self->wire);
      g_clear_object (&self->wire);
    }
  if (g_str_equal (phase, "answered"))
    set_fraction (self, 1);
  set_text (self, &self->phase, phase, PROP_PHASE);
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
fail (KohRun *self, const GError *error)
{
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (self->finished)
    return;
  self->error = g_error_copy (error);
  finish (self, cancelled ? "cancelled" : "failed");
}

/* ---- Events ---- */

static void
run_event (KohRun *self, JsonObject *event)
{
  g_free (self->id);
  self->id = g_strdup (koh_json_string (event, "run", NULL));
  if (self->cancelling && self->id != NULL)
    koh_wire_send (self->wire, "cancel", "run", self->id);
}

static void
peer_event (KohRun *self, JsonObject *event)
{
  const char *peer = koh_json_string (event, "peer", NULL);
  const char *state = koh_json_string (event, "state", NULL);
  const char *message = koh_json_string (event, "message", NULL);

  if (peer == NULL || state == NULL)
    return;
  message = message != NULL ? message : "";
  g_hash_table_replace (self->states, g_strdup (peer), g_strdup (state));
  g_hash_table_replace (self->messages, g_strdup (peer), g_strdup (message));
  g_signal_emit (self, signals[PEER_STATE], 0, peer, state, message);
}

static void
phase_event (KohRun *self, JsonObject *event)
{
  const char *phase = koh_json_string (event, "phase", NULL);

  /* "answered" and "failed" come again with what they bring; the run has finished only then. */
  if (g_strcmp0 (phase, "sent") == 0 || g_strcmp0 (phase, "review") == 0)
    set_text (self, &self->phase, phase, PROP_PHASE);
  else if (g_strcmp0 (phase, "computing") == 0)
    {
      set_text (self, &self->phase, phase, PROP_PHASE);
      set_fraction (self, steps[0].from);
    }
}

static double
number (JsonObject *event, const char *member, double otherwise)
{
  JsonNode *node = json_object_get_member (event, member);
  double value = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : otherwise;

  return value >= 0 ? value : otherwise;
}

static void
progress_event (KohRun *self, JsonObject *event)
{
  const char *step = koh_json_string (event, "phase", NULL);
  double total = number (event, "total", 0);
  double share = total > 0 ? CLAMP (number (event, "done", 0) / total, 0, 1) : 0;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (step, steps[i].name) == 0)
      {
        set_text (self, &self->step, step, PROP_STEP);
        set_fraction (self, steps[i].from + share * (steps[i].to - steps[i].from));
      }
  self->rounds = number (event, "rounds", self->rounds);
  self->bytes = number (event, "bytes", self->bytes);
  self->rows_per_second = number (event, "rows_per_second", -1);
  self->seconds_left = number (event, "seconds_left", -1);
  for (guint i = PROP_ROUNDS; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
answered_event (KohRun *self, JsonObject *event)
{
  JsonNode *answer = json_object_get_member (event, "answer");

  if (answer == NULL || !JSON_NODE_HOLDS_OBJECT (answer))
    {
      g_autoptr (GError) error =
        g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL, "The desk's participant answered without an answer.");

      fail (self, error);
      return;
    }
  self->answer = json_node_copy (answer);
  finish (self, "answered");
}

static void
failed_event (KohRun *self, JsonObject *event)
{
  const char *code = koh_json_string (event, "code", NULL);
  const char *message = koh_json_string (event, "message", NULL);
  g_autoptr (GError) error = NULL;

  message = message != NULL ? message : "The question stopped.";
  if (g_strcmp0 (code, "cancelled") == 0)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, message);
  else
    error = g_error_new_literal (KOH_ERROR, koh_error_code_from_name (code), message);
  fail (self, error);
}

/* The participant did not understand, or refuses, what this connection asked for: the run cannot go on. */
static void
error_event (KohRun *self, JsonObject *event)
{
  const char *message = koh_json_string (event, "message", NULL);
  g_autoptr (GError) error = g_error_new_literal (
    KOH_ERROR, KOH_ERROR_PROTOCOL, message != NULL ? message : "The desk's participant refused the question.");

  fail (self, error);
}

static void
event_cb (KohRun *self, JsonObject *event)
{
  static const struct
  {
    const char *name;
    void (*take) (KohRun *self, JsonObject *event);
  } events[] = {
    { "run", run_event },           { "peer", peer_event },     { "phase", phase_event }, { "progress", progress_event },
    { "answered", answered_event }, { "failed", failed_event }, { "error", error_event },
  };
  const char *name = koh_json_string (event, "event", NULL);
  const char *run = koh_json_string (event, "run", NULL);
  g_autoptr (KohRun) keep G_GNUC_UNUSED = g_object_ref (self); /* a listener may drop us */

  if (self->finished || (self->id != NULL && run != NULL && !g_str_equal (self->id, run)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (name, events[i].name) == 0)
      events[i].take (self, event);
}

static void
closed_cb (KohRun *self, const GError *error)
{
  g_autoptr (KohRun) keep G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (GError) lost = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED,
                                         "The desk's participant ended%s%s while the question was under way. Ask again; "
                                         "its log is %s/state/participant.log.",
                                         error != NULL ? ": " : "", error != NULL ? error->message : "",
                                         koh_client_get_asker (self->client));

  fail (self, lost);
}

/* ---- The way to the participant ---- */

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KohRun) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  self->wire = koh_wire_connect_finish (result, &error);
  if (self->wire == NULL)
    {
      fail (self, error);
      return;
    }
  g_signal_connect_object (self->wire, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wire, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  if (self->question != NULL)
    {
      text = koh_question_to_text (self->question);
      koh_wire_send (self->wire, "ask", "question", text);
    }
  else
    koh_wire_send (self->wire, "watch", "run", self->id);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KohRun) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *socket = koh_place_socket (koh_client_get_asker (self->client));

  if (!koh_client_start_finish (self->client, result, &error))
    {
      fail (self, error);
      return;
    }
  koh_wire_connect_async (socket, self->connecting, connect_cb, g_object_ref (self));
}

KohRun *
koh_client_ask (KohClient *client, KohQuestion *question)
{
  KohRun *self = g_object_new (KOH_TYPE_RUN, NULL);

  self->client = g_object_ref (client);
  self->question = koh_question_ref (question);
  koh_client_start_async (client, self->connecting, started_cb, g_object_ref (self));
  return self;
}

KohRun *
koh_client_watch (KohClient *client, const char *id)
{
  KohRun *self = g_object_new (KOH_TYPE_RUN, NULL);

  self->client = g_object_ref (client);
  self->id = g_strdup (id);
  koh_client_start_async (client, self->connecting, started_cb, g_object_ref (self));
  return self;
}

void
koh_run_cancel (KohRun *self)
{
  if (self->finished || self->cancelling)
    return;
  self->cancelling = TRUE;
  if (self->wire == NULL)
    g_cancellable_cancel (self->connecting);
  else if (self->id != NULL)
    koh_wire_send (self->wire, "cancel", "run", self->id);
}

void
koh_run_wait (KohRun *self)
{
  while (!self->finished)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- What is known ---- */

gboolean
koh_run_is_finished (KohRun *self)
{
  return self->finished;
}

const char *
koh_run_get_phase (KohRun *self)
{
  return self->phase;
}

const char *
koh_run_get_step (KohRun *self)
{
  return self->step;
}

const char *
koh_run_get_id (KohRun *self)
{
  return self->id;
}

double
koh_run_get_fraction (KohRun *self)
{
  return self->fraction;
}

const char *
koh_run_get_peer_state (KohRun *self, const char *peer)
{
  const char *state = g_hash_table_lookup (self->states, peer);

  return state != NULL ? state : "";
}

const char *
koh_run_get_peer_message (KohRun *self, const char *peer)
{
  const char *message = g_hash_table_lookup (self->messages, peer);

  return message != NULL ? message : "";
}

JsonNode *
koh_run_get_answer (KohRun *self)
{
  return self->answer;
}

const GError *
koh_run_get_error (KohRun *self)
{
  return self->error;
}

/* ---- The class ---- */

static void
koh_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KohRun *self = KOH_RUN (object);

  switch (id)
    {
    case PROP_PHASE: g_value_set_string (value, self->phase); break;
    case PROP_STEP: g_value_set_string (value, self->step); break;
    case PROP_FRACTION: g_value_set_double (value, self->fraction); break;
    case PROP_ROUNDS: g_value_set_uint64 (value, self->rounds); break;
    case PROP_BYTES: g_value_set_uint64 (value, self->bytes); break;
    case PROP_ROWS: g_value_set_double (value, self->rows_per_second); break;
    case PROP_LEFT: g_value_set_double (value, self->seconds_left); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
koh_run_dispose (GObject *object)
{
  KohRun *self = KOH_RUN (object);

  if (self->wire != NULL)
    koh_wire_close (self->wire);
  g_clear_object (&self->wire);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (koh_run_parent_class)->dispose (object);
}

static void
koh_run_finalize (GObject *object)
{
  KohRun *self = KOH_RUN (object);

  g_clear_pointer (&self->question, koh_question_unref);
  g_clear_object (&self->connecting);
  g_free (self->id);
  g_free (self->phase);
  g_free (self->step);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->messages);
  g_clear_pointer (&self->answer, json_node_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (koh_run_parent_class)->finalize (object);
}

static void
koh_run_class_init (KohRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = koh_run_get_property;
  object_class->dispose = koh_run_dispose;
  object_class->finalize = koh_run_finalize;
  properties[PROP_PHASE] = g_param_spec_string ("phase", NULL, NULL, "sent", flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, "", flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_ROUNDS] = g_param_spec_uint64 ("rounds", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ROWS] = g_param_spec_double ("rows-per-second", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[PEER_STATE] = g_signal_new ("peer-state", KOH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[FINISHED] = g_signal_new ("finished", KOH_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
koh_run_init (KohRun *self)
{
  self->connecting = g_cancellable_new ();
  self->phase = g_strdup ("sent");
  self->step = g_strdup ("");
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows_per_second = -1;
  self->seconds_left = -1;
}
