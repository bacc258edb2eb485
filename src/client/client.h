/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the app and the command line share: a federation folder, the desk's participant (a
 * kohorte-peer serve --local process, started when needed) and questions under way.
 *
 *   FEDERATION/federation.ini    [federation] name=…  peers=a;b;c  asker=asker
 *   FEDERATION/roster            public, signed
 *   FEDERATION/catalogues/NAME.json  public, as published by each owner
 *   FEDERATION/questions/NAME.json   examples
 *   FEDERATION/asker/            the desk's participant; the only folder the client speaks for
 */
#pragma once

#include <gio/gio.h>

#include "query/catalogue.h"
#include "query/question.h"

G_BEGIN_DECLS

/* ---- A federation folder ------------------------------------------------------------------- */

#define KOH_TYPE_CLIENT (koh_client_get_type ())
G_DECLARE_FINAL_TYPE (KohClient, koh_client, KOH, CLIENT, GObject)

/* Reads the folder; starts nothing. The error says what is missing and how to make it. */
KohClient    *koh_client_open            (const char *folder, GError **error);
const char   *koh_client_get_folder      (KohClient *client);
const char   *koh_client_get_name        (KohClient *client);
const char *const *koh_client_get_peers  (KohClient *client); /* names in roster order */
const KohMap *koh_client_get_map         (KohClient *client); /* the published catalogues */
const char   *koh_client_get_asker       (KohClient *client); /* the folder of the desk's participant */

/* Paths of the question files of the folder, sorted by name. Free with g_strfreev(). */
char        **koh_client_list_questions  (KohClient *client);

/* Answers that the desk's participant has stored, newest first: GPtrArray of JsonNode. */
GPtrArray    *koh_client_list_answers    (KohClient *client);

/* Starts the desk's participant unless it runs already, and waits until it answers. It goes on when the
 * caller ends. Idempotent. */
void          koh_client_start_async     (KohClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean      koh_client_start_finish    (KohClient *client, GAsyncResult *result, GError **error);

/* The questions under way at the participant: GPtrArray of KohRunInfo, empty where it does not run. */
typedef struct
{
  char *run, *title, *phase;
} KohRunInfo;

void          koh_client_list_runs_async  (KohClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray    *koh_client_list_runs_finish (KohClient *client, GAsyncResult *result, GError **error);

/* Is each peer reachable? Emits "peer-seen" (name, gboolean reachable) on KohClient. */
void          koh_client_look            (KohClient *client);

/* ---- One question under way ---------------------------------------------------------------- */

#define KOH_TYPE_RUN (koh_run_get_type ())
G_DECLARE_FINAL_TYPE (KohRun, koh_run, KOH, RUN, GObject)

/* Properties, notified in the main context: "phase" (string: sent, review, computing, answered, failed,
 * cancelled), "step" (of computing: "" or input, evaluate, disclosure, release), "fraction" (0…1, of the whole),
 * "rounds", "bytes" (guint64), "rows-per-second", "seconds-left" (double, −1 unknown).
 * Signals: "peer-state" (name, state, message), "finished". State of a peer: invited, review,
 * accepted, declined, input, computing, done, stopped, offline. */
KohRun       *koh_client_ask             (KohClient *client, KohQuestion *question); /* starts the participant too */
KohRun       *koh_client_watch           (KohClient *client, const char *id); /* one that was asked before */
void          koh_run_cancel             (KohRun *run);
gboolean      koh_run_is_finished        (KohRun *run);
const char   *koh_run_get_phase          (KohRun *run);
double        koh_run_get_fraction       (KohRun *run);
const char   *koh_run_get_step           (KohRun *run);
const char   *koh_run_get_id             (KohRun *run);  /* NULL until the participant has given it */
const char   *koh_run_get_peer_state     (KohRun *run, const char *peer);  /* "" until heard of */
const char   *koh_run_get_peer_message   (KohRun *run, const char *peer);  /* "" where there is none */
JsonNode     *koh_run_get_answer         (KohRun *run);  /* NULL unless answered; lends */
const GError *koh_run_get_error          (KohRun *run);  /* NULL unless failed or cancelled; lends */

/* For a program without a main loop of its own: iterates the default context until finished. */
void          koh_run_wait               (KohRun *run);

/* ---- Answers as text ----------------------------------------------------------------------- */

char         *koh_answer_to_text         (JsonNode *answer, const KohMap *map, const char *language); /* aligned tables, joined and suppressed rows explained */
char         *koh_answer_to_csv          (JsonNode *answer, const KohMap *map, const char *language); /* hidden cells as a token, never blank */

G_END_DECLS
