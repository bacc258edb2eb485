/* SPDX-License-Identifier: EUPL-1.2
 *
 * Six arrays that grow together, and the list of what has one term a gate and what has more. */
#include "mpc/transcript.h"

#include <sodium.h>
#include <string.h>

#define FIRST 1024  /* words */
#define SPARE 256   /* words of room beyond what is asked for: padding never moves the arrays */

KohTranscript *
koh_transcript_new (void)
{
  KohTranscript *transcript = g_new0 (KohTranscript, 1);

  transcript->runs = g_array_new (FALSE, FALSE, sizeof (KohTermRun));
  return transcript;
}

static void
drop (guint64 **array, gsize words)
{
  if (*array != NULL)
    sodium_memzero (*array, words * sizeof (guint64));
  g_clear_pointer (array, g_free);
}

static void
move (guint64 **array, gsize used, gsize room, gsize more)
{
  guint64 *wide = g_new (guint64, more);

  if (used > 0)
    memcpy (wide, *array, used * sizeof (guint64));
  drop (array, room);
  *array = wide;
}

static gsize
enough (gsize room, gsize needed)
{
  return MAX (MAX (FIRST, 2 * room), needed + needed / 4) + SPARE;
}

static void
make_room (KohTranscript *transcript, gsize terms, gsize gates)
{
  if (transcript->terms + terms + SPARE > transcript->term_room)
    {
      guint64 **arrays[] = { &transcript->own_x, &transcript->own_y, &transcript->next_x, &transcript->next_y };
      const gsize room = enough (transcript->term_room, transcript->terms + terms);

      for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
        move (arrays[i], transcript->terms, transcript->term_room, room);
      transcript->term_room = room;
    }
  if (transcript->gates + gates > transcript->gate_room)
    {
      const gsize room = enough (transcript->gate_room, transcript->gates + gates);

      move (&transcript->own_t, transcript->gates, transcript->gate_room, room);
      move (&transcript->next_t, transcript->gates, transcript->gate_room, room);
      transcript->gate_room = room;
    }
}

KohRecord
koh_transcript_add (KohTranscript *transcript, gsize gates, guint terms)
{
  const gsize at = transcript->terms, gate = transcript->gates;
  const guint n = transcript->runs->len;
  KohTermRun *last = n > 0 ? &g_array_index (transcript->runs, KohTermRun, n - 1) : NULL;
  const KohTermRun run = { gates, terms };

  make_room (transcript, gates * terms, gates);
  transcript->terms += gates * terms;
  transcript->gates += gates;
  if (last != NULL && last->terms == 1 && terms == 1)
    last->gates += gates;
  else
    g_array_append_val (transcript->runs, run);
  return (KohRecord){
    transcript->own_x + at, transcript->own_y + at, transcript->next_x + at, transcript->next_y + at,
    transcript->own_t + gate, transcript->next_t + gate,
  };
}

void
koh_transcript_pad (KohTranscript *transcript, gsize multiple)
{
  guint64 *const arrays[] = { transcript->own_x, transcript->own_y, transcript->next_x, transcript->next_y };
  const gsize more = (multiple - transcript->terms % multiple) % multiple;

  g_assert (multiple <= SPARE);
  for (guint i = 0; i < G_N_ELEMENTS (arrays) && more > 0; i++)
    memset (arrays[i] + transcript->terms, 0, more * sizeof (guint64));
}

guint64 *
koh_transcript_scratch (KohTranscript *transcript, KohScratch slot, gsize words)
{
  gsize *room = &transcript->scratch_room[slot];

  if (words > *room)
    {
      drop (&transcript->scratch[slot], *room);
      *room = words + words / 4;
      transcript->scratch[slot] = g_new (guint64, *room);
    }
  return transcript->scratch[slot];
}

/* The arrays stay, for the next batch; what they held does not matter to anybody but this party, and is
 * wiped when they go. */
void
koh_transcript_clear (KohTranscript *transcript)
{
  transcript->terms = transcript->gates = 0;
  g_array_set_size (transcript->runs, 0);
}

void
koh_transcript_free (KohTranscript *transcript)
{
  if (transcript == NULL)
    return;
  drop (&transcript->own_x, transcript->term_room);
  drop (&transcript->own_y, transcript->term_room);
  drop (&transcript->next_x, transcript->term_room);
  drop (&transcript->next_y, transcript->term_room);
  drop (&transcript->own_t, transcript->gate_room);
  drop (&transcript->next_t, transcript->gate_room);
  for (guint i = 0; i < KOH_SCRATCH; i++)
    drop (&transcript->scratch[i], transcript->scratch_room[i]);
  g_array_unref (transcript->runs);
  g_free (transcript);
}
