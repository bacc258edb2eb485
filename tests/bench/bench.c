/* SPDX-License-Identifier: EUPL-1.2
 *
 * kohorte-bench: what the engine does in a second. Every work checks its result; a wrong one ends the
 * program with an error. Quick by default (at most 40 seconds); --full for the larger numbers; --json
 * for one object a line. */
#include "bench.h"

#include <locale.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const BenchWork works[] = {
  { "and", "ANDs", bench_and, G_GUINT64_CONSTANT (1) << 29, FALSE },
  { "less-64", "comparisons", bench_less, 1u << 20, FALSE },
  { "linked-count", "persons", bench_linked, 100000, FALSE },
  { "linked-count", "persons", bench_linked, 1000000, FALSE },
  { "linked-count", "persons", bench_linked, 6000000, FALSE },
  { "enrolment-owner", "keys", bench_owner, 2000, FALSE },
  { "enrolment-holder", "keys", bench_holder, 2000, FALSE },
  { "and", "ANDs", bench_and, G_GUINT64_CONSTANT (1) << 32, TRUE },
  { "less-64", "comparisons", bench_less, 1u << 23, TRUE },
  { "linked-count", "persons", bench_linked, 36000000, TRUE },
  { "enrolment-owner", "keys", bench_owner, 100000, TRUE },
  { "enrolment-holder", "keys", bench_holder, 100000, TRUE },
};

BenchTimer
bench_start (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (BenchTimer){ g_get_monotonic_time (),
                       (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6 };
}

double
bench_wall (const BenchTimer *timer)
{
  return (double) (g_get_monotonic_time () - timer->wall) / 1e6;
}

double
bench_cpu (const BenchTimer *timer)
{
  const BenchTimer now = bench_start ();

  return now.cpu - timer->cpu;
}

void
bench_cost (BenchResult *result, const KohCost *costs)
{
  for (guint i = 0; i < KOH_PARTIES; i++)
    {
      result->bytes = MAX (result->bytes, costs[i].bytes_sent);
      result->input_bytes = MAX (result->input_bytes, costs[i].input_bytes);
      result->ands = MAX (result->ands, costs[i].ands);
      result->rounds = MAX (result->rounds, costs[i].rounds);
    }
  result->verified = TRUE;
}

/* Runs a work in a child, which writes its result to a pipe. */
static gboolean
run_apart (const BenchWork *work, BenchResult *result)
{
  struct rusage usage;
  int ends[2], status = -1;
  gssize got;
  pid_t child;

  if (pipe (ends) != 0)
    return FALSE;
  child = fork ();
  if (child == 0)
    {
      memset (result, 0, sizeof *result);
      result->n = work->n;
      work->run (work->n, result);
      getrusage (RUSAGE_SELF, &usage);
      result->peak_rss = (guint64) usage.ru_maxrss * 1024;
      _exit (write (ends[1], result, sizeof *result) == (gssize) sizeof *result ? 0 : 1);
    }
  close (ends[1]);
  got = child > 0 ? read (ends[0], result, sizeof *result) : -1;
  close (ends[0]);
  return child > 0 && waitpid (child, &status, 0) == child && WIFEXITED (status) &&
         WEXITSTATUS (status) == 0 && got == (gssize) sizeof *result;
}

static double
bits_per_and (const BenchResult *result)
{
  return result->ands > 0 ? 8.0 * (double) result->bytes / (double) result->ands : 0;
}

/* Processor time of one party for one multiplication: all that it does as a party, a prover and a verifier. */
static double
nanoseconds_per_and (const BenchResult *result)
{
  return result->ands > 0 ? 1e9 * result->cpu_seconds / KOH_PARTIES / (double) result->ands : 0;
}

static void
print_json (const BenchWork *work, const BenchResult *result)
{
  g_print ("{\"name\":\"%s\",\"n\":%" G_GUINT64_FORMAT ",\"seconds\":%.6f,\"seconds_with_input\":%.6f,"
           "\"cpu_seconds\":%.6f,\"bytes_per_party\":%" G_GUINT64_FORMAT
           ",\"input_bytes_per_party\":%" G_GUINT64_FORMAT ",\"ands\":%" G_GUINT64_FORMAT
           ",\"bits_per_and\":%.4f,\"cpu_ns_per_and\":%.3f,\"rounds\":%" G_GUINT64_FORMAT ",\"peak_rss\":%" G_GUINT64_FORMAT
           ",\"verified\":%s}\n",
           work->name, result->n, result->seconds, result->seconds_input, result->cpu_seconds, result->bytes,
           result->input_bytes, result->ands, bits_per_and (result), nanoseconds_per_and (result), result->rounds,
           result->peak_rss,
           result->verified ? "true" : "false");
}

/* A rate a second, or microseconds each where it is below one a millisecond. */
static void
print_row (const BenchWork *work, const BenchResult *result)
{
  const double rate = (double) result->n / result->seconds;
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT " %s", result->n, work->unit);
  g_autofree char *speed = rate >= 1e6     ? g_strdup_printf ("%.1f M/s", rate / 1e6)
                           : rate >= 20000 ? g_strdup_printf ("%.1f k/s", rate / 1e3)
                                           : g_strdup_printf ("%.0f µs each", 1e6 / rate);

  g_print ("%-17s %22s %8.3f s %8.3f s %8.3f s %14s", work->name, count, result->seconds,
           result->seconds_input, result->cpu_seconds, speed);
  if (result->ands > 0)
    g_print (" %9.1f MB %7.1f MB %6.3f %6.2f %7" G_GUINT64_FORMAT " %6.0f MB", (double) result->bytes / 1e6,
             (double) result->input_bytes / 1e6, bits_per_and (result), nanoseconds_per_and (result),
             result->rounds, (double) result->peak_rss / 1e6);
  g_print ("\n");
}

int
main (int argc, char **argv)
{
  gboolean json = FALSE, full = FALSE;
  g_auto (GStrv) only = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object a line", NULL },
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, "The larger numbers as well", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &only, NULL, "[WORK…]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- measure the engine");
  g_autoptr (GError) error = NULL;

  setlocale (LC_CTYPE, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (sodium_init () < 0)
    return 1;
  if (!json)
    g_print (
        "%-17s %22s %10s %10s %10s %14s %12s %10s %6s %6s %7s %9s\nthree parties on this machine; every "
        "multiplication verified\n",
        "work", "n", "time", "with input", "CPU, all", "rate", "sent/party", "input", "b/AND", "ns/AND", "rounds",
        "peak RSS");
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      BenchResult result;

      if ((works[i].full_only && !full) ||
          (only != NULL && !g_strv_contains ((const char *const *) only, works[i].name)))
        continue;
      if (!run_apart (&works[i], &result) || result.wrong)
        {
          g_printerr ("%s did not give the expected result.\n", works[i].name);
          return 1;
        }
      (json ? print_json : print_row) (&works[i], &result);
    }
  return 0;
}
