/* SPDX-License-Identifier: EUPL-1.2
 *
 * One work of the bench, and what it measured. A work runs in a process of its own, so that its
 * memory is its own. */
#pragma once

#include "mpc/party.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n;
  double seconds;          /* wall, all three parties together on this machine */
  double seconds_input;    /* the same with input sharing; 0 where there is none */
  double cpu_seconds;      /* of all three parties, in `seconds` */
  guint64 bytes;           /* sent by the party that sent most */
  guint64 input_bytes;
  guint64 ands;            /* of one party */
  guint64 rounds;
  guint64 peak_rss;        /* bytes, of the whole process */
  gboolean verified;       /* every multiplication, before the result was released */
  gboolean wrong;          /* the result was not the expected one */
} BenchResult;

typedef struct
{
  const char *name;
  const char *unit; /* of n */
  void (*run) (guint64 n, BenchResult *result);
  guint64 n;
  gboolean full_only;
} BenchWork;

/* A stopwatch over wall and processor time. */
typedef struct
{
  gint64 wall;
  double cpu;
} BenchTimer;

BenchTimer bench_start (void);
double     bench_wall  (const BenchTimer *timer);
double     bench_cpu   (const BenchTimer *timer);

/* The largest of the three parties' costs, field by field; they verify every multiplication. */
void       bench_cost  (BenchResult *result, const KohCost *costs);

void       bench_and        (guint64 n, BenchResult *result);
void       bench_less       (guint64 n, BenchResult *result);
void       bench_linked     (guint64 n, BenchResult *result);
void       bench_owner      (guint64 n, BenchResult *result);
void       bench_holder     (guint64 n, BenchResult *result);

G_END_DECLS
