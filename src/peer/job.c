/* SPDX-License-Identifier: EUPL-1.2
 *
 * The peer's story of one question, from top to bottom. It runs on a thread of its own; every step may
 * fail, and a failure ends the story: job-life.c then tells the asker and the other members, and writes
 * it into the audit log. The steps stand below in the order in which they happen. */
#include "peer/job-private.h"

#include <string.h>

#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"
#include "peer/members.h"
#include "peer/review.h"

/* clang-format off */
static gboolean hear_question   (KohJob *job, GError **error);
static gboolean ask_policy      (KohJob *job, GError **error);
static gboolean check_own_data  (KohJob *job, GError **error);
static gboolean accept_question (KohJob *job, GError **error);
static gboolean hear_start      (KohJob *job, GError **error);
static gboolean meet_the_others (KohJob *job, GError **error);
static gboolean read_columns    (KohJob *job, GError **error);
static gboolean gather          (KohJob *job, GError **error);
static gboolean compute         (KohJob *job, GError **error);
static gboolean record_release  (KohJob *job, GError **error);
static gboolean send_shares     (KohJob *job, GError **error);

gboolean
koh_job_tell (KohJob *job, GError **error)
{
  return hear_question   (job, error) && /* signed by a participant of our roster, timely, never seen */
         ask_policy      (job, error) && /* a pure function of the question; or the data owner decides */
         check_own_data  (job, error) && /* we are enrolled, and our data are those of the snapshot */
         accept_question (job, error) && /* our signed facts */
         hear_start      (job, error) && /* everybody's signed facts: one plan, one session */
         meet_the_others (job, error) && /* a link to each, the same session confirmed, fresh keys */
         read_columns    (job, error) && /* our own rows, by our own database */
         gather          (job, error) && /* all members have theirs */
         compute         (job, error) && /* on shares, disclosure control included */
         record_release  (job, error) && /* sealed; and on the disk before anything leaves */
         send_shares     (job, error);   /* to the asker alone */
}
/* clang-format on */

#define SECONDS_TO_ASK 30             /* from the connection to the question */
#define SECONDS_TO_MEET 30
#define SECONDS_TO_READ (6 * 60 * 60) /* a register in a slow database */
#define SECONDS_OF_SILENCE 60         /* of another member during the computation */

/* What is wrong in our own house is told here; the asker hears no more than that it is. Always FALSE. */
static gboolean
at_home (KohJob *job, const char *what, GError **error)
{
  g_autoptr (GError) why = error != NULL ? g_steal_pointer (error) : NULL;

  if (why == NULL || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  g_printerr ("%s: %s\n", job->self->card->name, why->message);
  g_set_error (error, KOH_ERROR, KOH_ERROR_DATA,
               "%s of %s cannot be read; its operator sees why and can mend it", what, job->self->card->name);
  return FALSE;
}

/* ---- Before we agree ----------------------------------------------------------------------- */

static gboolean
hear_question (KohJob *job, GError **error)
{
  g_autoptr (KohMessage) message = koh_job_hear (job, KOH_MESSAGE_PROPOSE, SECONDS_TO_ASK, error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (message == NULL)
    return FALSE;
  job->is_counted = TRUE;
  if (g_atomic_int_add (&job->self->jobs, 1) >= KOH_JOBS_MOST || g_atomic_int_get (&job->self->closing))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DECLINED, "%s is busy; ask again in a while",
                   job->self->card->name);
      return FALSE;
    }
  job->proposal = koh_proposal_read (json_object_get_member (message->object, "proposal"), job->self->roster,
                                     koh_link_get_peer (job->desk), now, error);
  return job->proposal != NULL &&
         koh_seen_proposal (job->self->seen, &job->proposal->hash, job->proposal->expires, error) &&
         koh_job_record (job, "question-received", NULL, error);
}

static gboolean
ask_policy (KohJob *job, GError **error)
{
  KohHistory history;

  job->policy = koh_policy_load (job->self->folder, error);
  if (job->policy == NULL)
    return at_home (job, "The policy", error);
  job->enrolment = koh_participant_enrolment (job->self, error);
  if (job->enrolment == NULL)
    return FALSE;
  history = koh_seen_history (job->self->seen, &job->enrolment->snapshot, job->proposal->question);
  switch (koh_policy_judge (job->policy, job->proposal->question, job->enrolment->own, &history, error))
    {
    case KOH_VERDICT_ACCEPT:
      return TRUE;
    case KOH_VERDICT_REVIEW:
      return koh_review_wait (job, error);
    case KOH_VERDICT_DECLINE:
      break;
    }
  return FALSE;
}

static gboolean
check_own_data (KohJob *job, GError **error)
{
  KohHash snapshot;

  g_atomic_int_set (&job->beat, KOH_JOB_CHECKING);
  job->store = koh_participant_store (job->self, error);
  if (job->store == NULL || !koh_store_snapshot (job->store, &snapshot, job->cancellable, error))
    return at_home (job, "The data", error);
  if (koh_check ("snapshot-unchanged", koh_hash_equal (&snapshot, &job->enrolment->snapshot)))
    return TRUE;
  g_set_error (
      error, KOH_ERROR, KOH_ERROR_MISMATCH,
      "The data of %s changed since its snapshot of %s; run kohorte-peer snapshot %s and start it again",
      job->self->card->name, job->enrolment->frozen, job->self->card->name);
  return FALSE;
}

static gboolean
accept_question (KohJob *job, GError **error)
{
  g_autoptr (JsonNode) catalogue = koh_catalogue_to_json (job->enrolment->catalogue);
  JsonObject *members = json_object_new ();

  g_atomic_int_set (&job->beat, KOH_JOB_QUIET);
  job->own = g_new0 (KohAccept, 1);
  job->own->proposal = job->proposal->hash;
  job->own->snapshot = job->enrolment->snapshot;
  job->own->epoch = job->enrolment->epoch->hash;
  job->own->positions = job->enrolment->epoch->positions;
  job->own->policy = job->policy->hash;
  job->own->k = job->policy->k;
  job->own->catalogue = koh_catalogue_from_json (catalogue, NULL);
  randombytes_buf (job->own->nonce.bytes, sizeof job->own->nonce.bytes);
  koh_accept_sign (job->own, job->self->identity);
  json_object_set_member (members, "accept", json_node_copy (job->own->document));
  return koh_job_record (job, "question-accepted", NULL, error) &&
         koh_job_say (job, KOH_MESSAGE_ACCEPT, members, error);
}

/* ---- The session --------------------------------------------------------------------------- */

static gboolean
hear_start (KohJob *job, GError **error)
{
  gint64 left = job->proposal->expires - g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (KohMessage) message = koh_job_hear (job, KOH_MESSAGE_START, left, error);

  if (message == NULL)
    return FALSE;
  job->session = koh_session_new (job->self->roster, job->proposal,
                                  json_object_get_array_member (message->object, "accepts"), error);
  if (job->session == NULL && error != NULL && g_error_matches (*error, KOH_ERROR, KOH_ERROR_MISMATCH))
    g_atomic_int_set (&job->self->behind, 1);
  return job->session != NULL &&
         koh_session_check_own (job->session, job->self->me, &job->own->nonce, error) &&
         koh_seen_question (job->self->seen, &job->enrolment->snapshot, job->proposal->question, error) &&
         koh_job_record (job, "session-start", NULL, error);
}

/* Of two members the one with the lower name dials. */
static gboolean
reach_member (KohJob *job, guint member, const char *purpose, GError **error)
{
  const KohAccept *accept = g_ptr_array_index (job->session->accepts, member);
  KohLink *link =
      job->self->me < member
          ? koh_node_dial (job->self->node, accept->peer, purpose, job->cancellable, error)
          : koh_meeting_wait (job->meeting, accept->peer, purpose, SECONDS_TO_MEET, job->cancellable, error);

  pthread_mutex_lock (&job->mutex);
  job->links[member] = link;
  pthread_mutex_unlock (&job->mutex);
  /* Whoever stopped us before the link was there could not close it. */
  return link != NULL && !g_cancellable_set_error_if_cancelled (job->cancellable, error);
}

static gboolean
meet_the_others (KohJob *job, GError **error)
{
  g_autofree char *purpose = koh_session_purpose (job->session);
  guint me = job->self->me;

  for (guint i = 0; i < KOH_PARTIES; i++)
    if (i != me && !reach_member (job, i, purpose, error))
      return FALSE;
  return koh_session_confirm (job->session, me, job->links, SECONDS_TO_MEET, job->key, job->next_key, error);
}

static gboolean
say_state (KohJob *job, const char *state, GError **error)
{
  JsonObject *members = json_object_new ();

  json_object_set_string_member (members, "state", state);
  return koh_job_say (job, KOH_MESSAGE_STATE, members, error);
}

static gboolean
read_columns (KohJob *job, GError **error)
{
  g_atomic_int_set (&job->beat, KOH_JOB_READING);
  if (!say_state (job, "input", error))
    return FALSE;
  return koh_job_read (job, error) || at_home (job, "The data", error);
}

static gboolean
gather (KohJob *job, GError **error)
{
  gboolean ok = koh_session_gather (job->session, job->self->me, job->links, SECONDS_TO_READ, error);

  g_atomic_int_set (&job->beat, KOH_JOB_QUIET);
  if (!ok)
    return FALSE;
  pthread_mutex_lock (&job->mutex);
  job->channel = koh_mesh_new (job->self->me, job->links, SECONDS_OF_SILENCE);
  pthread_mutex_unlock (&job->mutex);
  return !g_cancellable_set_error_if_cancelled (job->cancellable, error);
}

static gboolean
compute (KohJob *job, GError **error)
{
  g_autoptr (KohParty) party =
      koh_party_new (job->self->me, job->channel, &job->session->id, job->key, job->next_key);

  koh_wipe (job->key);
  koh_wipe (job->next_key);
  if (!say_state (job, "computing", error))
    return FALSE;
  job->message = koh_evaluate (party, job->session->plan, (const guint64 *const *) job->planes,
                               koh_job_progress, job, &job->transcript, error);
  job->cost = koh_party_get_cost (party);
  return job->message != NULL;
}

/* ---- The answer's shares ------------------------------------------------------------------- */

static gboolean
record_release (KohJob *job, GError **error)
{
  const KohCard *asker = koh_roster_find (job->self->roster, job->proposal->asker);

  job->sealed = koh_seal (asker, &job->session->context, job->message);
  if (job->sealed == NULL)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK, "The key on the card of %s cannot be sealed to",
                   asker->name);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return FALSE;
  return koh_check ("audit-before-release", koh_job_record (job, "release", NULL, error));
}

static gboolean
send_shares (KohJob *job, GError **error)
{
  JsonObject *members = json_object_new ();
  gsize size;
  const guchar *bytes = g_bytes_get_data (job->sealed, &size);
  g_autofree char *sealed = g_base64_encode (bytes, size);

  json_object_set_string_member (members, "sealed", sealed);
  koh_member_set_hash (members, "transcript", &job->transcript);
  json_object_set_member (members, "receipt", koh_audit_receipt (job->self->audit));
  json_object_set_int_member (members, "rounds", (gint64) job->cost.rounds);
  json_object_set_int_member (members, "bytes", (gint64) (job->cost.bytes_sent + job->cost.input_bytes));
  return koh_job_say (job, KOH_MESSAGE_SHARES, members, error);
}
