/* SPDX-License-Identifier: EUPL-1.2
 *
 * A federation at work in one process: three peers and a desk on loopback, and what one asks of them. */
#pragma once

#include "fixture.h"
#include "peer/server.h"

#define ALL (PEERS + 1) /* and the desk */

typedef struct
{
  Fixture *fixture;
  KohParticipant *selves[ALL]; /* lent by the servers */
  KohServer *servers[ALL];
  gboolean ready[ALL], ended[ALL];
} World;

extern World world;

void        world_begin (void);
void        world_end   (void);
void        world_serve (guint i); /* begins; wait with world_is_ready() */
void        world_stop  (guint i); /* and waits until it has ended */
gboolean    world_is_ready (gpointer unused);
gboolean    world_is_idle  (gpointer unused);

typedef struct _Asked Asked;
struct _Asked
{
  char *run;
  JsonNode *end;                                  /* "answered" or "failed" */
  void (*seen) (Asked *asked, JsonObject *event); /* each event; may be NULL */
};

void        ask             (Asked *asked, void (*seen) (Asked *asked, JsonObject *event));
void        wait_for_end    (Asked *asked);
void        asked_clear     (Asked *asked);
JsonObject *assert_answered (Asked *asked); /* the answer; lends */
void        assert_failed   (Asked *asked, const char *code, const char *peer, const char *says);

/* Whatever happened before: the next question is answered, and nothing of the last one is left. */
void        assert_works    (void);
