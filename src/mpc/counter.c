/* SPDX-License-Identifier: EUPL-1.2
 *
 * Counting ones, 64 lanes at a time. For every cell there is a heap of words of each weight 2^w; a
 * layer takes three words a, b, c of one weight and puts back a ⊕ b ⊕ c, and their majority at the next
 * weight: one multiplication takes one word away, so a plane of n words costs about n. All cells and
 * weights of a layer are one round. Heaps of a few words stay as they are until more rows come, so that
 * short layers are paid once, at the end; then the lanes are folded on each other, and the last two
 * numbers of each cell are added.
 *
 * A plain party counts the ones directly. */
#include "mpc/gates.h"

#include <string.h>

#define WEIGHTS 64
#define ENOUGH 48 /* words a heap keeps between chunks, at most */

/* The words of one weight: @count a cell, at cell * room. */
typedef struct
{
  guint64 *own, *next;
  gsize count, room;
} Heap;

struct _KohCounter
{
  KohParty *party;
  guint cells;
  Heap heaps[WEIGHTS];
  guint64 *ones; /* a plain party's */
};

KohCounter *
koh_counter_new (KohParty *party, guint cells)
{
  KohCounter *counter = g_new0 (KohCounter, 1);

  counter->party = party;
  counter->cells = cells;
  if (party->plain)
    counter->ones = g_new0 (guint64, MAX (cells, 1));
  return counter;
}

static void
clear_heap (Heap *heap, guint cells)
{
  if (heap->own != NULL)
    {
      sodium_memzero (heap->own, cells * heap->room * sizeof (guint64));
      sodium_memzero (heap->next, cells * heap->room * sizeof (guint64));
    }
  g_clear_pointer (&heap->own, g_free);
  g_clear_pointer (&heap->next, g_free);
  heap->count = heap->room = 0;
}

void
koh_counter_free (KohCounter *counter)
{
  if (counter == NULL)
    return;
  for (guint w = 0; w < WEIGHTS; w++)
    clear_heap (&counter->heaps[w], counter->cells);
  g_free (counter->ones);
  g_free (counter);
}

static void
move_words (guint64 *to, gsize to_room, const guint64 *from, gsize from_room, gsize count, guint cells)
{
  for (guint c = 0; c < cells; c++)
    memcpy (to + c * to_room, from + c * from_room, count * sizeof (guint64));
}

/* Makes room for @more further words of each cell. */
static void
grow (Heap *heap, guint cells, gsize more)
{
  const gsize count = heap->count;
  Heap wide = { NULL, NULL, count, 2 * (count + more) };

  if (count + more <= heap->room)
    return;
  wide.own = g_new (guint64, cells * wide.room);
  wide.next = g_new (guint64, cells * wide.room);
  if (heap->own != NULL)
    {
      move_words (wide.own, wide.room, heap->own, heap->room, count, cells);
      move_words (wide.next, wide.room, heap->next, heap->room, count, cells);
    }
  clear_heap (heap, cells);
  *heap = wide;
}

/* Full adders. Where the words come from: planes of a vector, or a heap. */
typedef struct
{
  const guint64 *own, *next;
  gsize room;
  gsize thirds;
} Source;

/* One gate a cell; @up has room. */
static void
make_gates (const KohCounter *counter, KohGate *gates, const Source *from, const Heap *up)
{
  const gsize t = from->thirds;

  for (guint c = 0; c < counter->cells; c++)
    {
      const KohPlane a = { from->own + c * from->room, from->next + c * from->room };

      gates[c] = (KohGate){
        .kind = KOH_GATE_MAJ, .x = a, .y = koh_plane_at (a, t), .m = koh_plane_at (a, 2 * t),
        .own = up->own + c * up->room + up->count, .next = up->next + c * up->room + up->count, .words = t,
      };
    }
}

KOH_HOT static void
sum3 (guint64 *z, const guint64 *a, gsize t)
{
  for (gsize i = 0; i < t; i++)
    z[i] = a[i] ^ a[i + t] ^ a[i + 2 * t];
}

/* Replaces the first 3t words of a heap by their t sums. @carried words have been put at its end. */
static void
close_gap (Heap *heap, guint cells, gsize t, gsize carried)
{
  const gsize rest = heap->count + carried - 3 * t;

  for (guint c = 0; c < cells; c++)
    {
      guint64 *own = heap->own + c * heap->room, *next = heap->next + c * heap->room;

      sum3 (own, own, t);
      sum3 (next, next, t);
      memmove (own + t, own + 3 * t, rest * sizeof (guint64));
      memmove (next + t, next + 3 * t, rest * sizeof (guint64));
    }
  heap->count = t + rest;
}

/* One round: every heap of at least @least ≥ 3 words is reduced. FALSE where there was none. */
static gboolean
reduce (KohCounter *counter, gsize least)
{
  g_autofree KohGate *gates = NULL;
  gsize thirds[WEIGHTS] = { 0 };
  guint n = 0;

  for (guint w = 0; w + 1 < WEIGHTS; w++)
    if (counter->heaps[w].count >= least)
      {
        thirds[w] = counter->heaps[w].count / 3;
        n += counter->cells;
      }
  if (n == 0)
    return FALSE;
  gates = g_new (KohGate, n);
  for (guint w = 0; w + 1 < WEIGHTS; w++)
    if (thirds[w] > 0)
      grow (&counter->heaps[w + 1], counter->cells, thirds[w]);
  n = 0;
  for (guint w = 0; w + 1 < WEIGHTS; w++)
    if (thirds[w] > 0)
      {
        const Heap *heap = &counter->heaps[w];
        const Source from = { heap->own, heap->next, heap->room, thirds[w] };

        make_gates (counter, gates + n, &from, &counter->heaps[w + 1]);
        n += counter->cells;
      }
  koh_gates_run (counter->party, gates, n);
  for (guint w = 0; w < WEIGHTS; w++)
    {
      const gsize carried = w > 0 ? thirds[w - 1] : 0;

      if (thirds[w] > 0)
        close_gap (&counter->heaps[w], counter->cells, thirds[w], carried);
      else
        counter->heaps[w].count += carried;
    }
  return !koh_party_has_failed (counter->party);
}

static void
add_plain (KohCounter *counter, const KohBits *flags)
{
  const guint64 last = flags->rows % 64 ? (G_GUINT64_CONSTANT (1) << (flags->rows % 64)) - 1 : G_MAXUINT64;

  for (guint c = 0; c < counter->cells; c++)
    {
      const guint64 *plane = flags->own + c * flags->words;

      for (gsize i = 0; i + 1 < flags->words; i++)
        counter->ones[c] += (guint) __builtin_popcountll (plane[i]);
      if (flags->words > 0)
        counter->ones[c] += (guint) __builtin_popcountll (plane[flags->words - 1] & last);
    }
}

/* Puts words @first and on of every plane, without the bits beyond the rows, on the heap of weight 1. */
static void
append_words (KohCounter *counter, const KohBits *flags, gsize first)
{
  Heap *heap = &counter->heaps[0];
  const gsize more = flags->words - first;
  const guint64 last = flags->rows % 64 ? (G_GUINT64_CONSTANT (1) << (flags->rows % 64)) - 1 : G_MAXUINT64;

  if (more == 0)
    return;
  grow (heap, counter->cells, more);
  for (guint c = 0; c < counter->cells; c++)
    {
      guint64 *own = heap->own + c * heap->room + heap->count;
      guint64 *next = heap->next + c * heap->room + heap->count;

      memcpy (own, flags->own + c * flags->words + first, more * sizeof (guint64));
      memcpy (next, flags->next + c * flags->words + first, more * sizeof (guint64));
      own[more - 1] &= last;
      next[more - 1] &= last;
    }
  heap->count += more;
}

/* The first layer reads the flags where they stand; the last word, which may have bits beyond the rows,
 * and what does not divide by three, go to the heap. */
void
koh_counter_add (KohCounter *counter, const KohBits *flags)
{
  const gsize t = (flags->words - (flags->rows % 64 != 0)) / 3;
  Heap *heap = &counter->heaps[0];

  g_assert (flags->width == counter->cells);
  if (counter->party->plain)
    {
      add_plain (counter, flags);
      return;
    }
  if (flags->rows == 0 || counter->cells == 0 || koh_party_has_failed (counter->party))
    return;
  if (3 * t >= ENOUGH)
    {
      g_autofree KohGate *gates = g_new (KohGate, counter->cells);
      const Source from = { flags->own, flags->next, flags->words, t };

      grow (&counter->heaps[1], counter->cells, t);
      make_gates (counter, gates, &from, &counter->heaps[1]);
      koh_gates_run (counter->party, gates, counter->cells);
      counter->heaps[1].count += t;
      grow (heap, counter->cells, t);
      for (guint c = 0; c < counter->cells; c++)
        {
          sum3 (heap->own + c * heap->room + heap->count, flags->own + c * flags->words, t);
          sum3 (heap->next + c * heap->room + heap->count, flags->next + c * flags->words, t);
        }
      heap->count += t;
      append_words (counter, flags, 3 * t);
    }
  else
    append_words (counter, flags, 0);
  while (reduce (counter, ENOUGH))
    ;
}

/* Every word becomes two: its lower lanes, and its upper lanes moved down by @lanes. */
static void
fold_lanes (KohCounter *counter, guint lanes)
{
  const guint64 low = (G_GUINT64_CONSTANT (1) << lanes) - 1;

  for (guint w = 0; w < WEIGHTS; w++)
    {
      Heap *heap = &counter->heaps[w];

      grow (heap, counter->cells, heap->count);
      for (guint c = 0; c < counter->cells; c++)
        for (gsize i = 0; i < heap->count; i++)
          {
            guint64 *own = heap->own + c * heap->room + i, *next = heap->next + c * heap->room + i;

            own[heap->count] = own[0] >> lanes;
            next[heap->count] = next[0] >> lanes;
            own[0] &= low;
            next[0] &= low;
          }
      heap->count *= 2;
    }
}

static gsize
highest (const KohCounter *counter)
{
  gsize most = 0;

  for (guint w = 0; w < WEIGHTS; w++)
    most = MAX (most, counter->heaps[w].count);
  return most;
}

/* Zeros fill every heap to three, so that one more round leaves two words everywhere: without them a
 * carry would run from weight to weight, one a round. */
static void
leave_two (KohCounter *counter)
{
  for (guint w = 0; w < WEIGHTS; w++)
    {
      Heap *heap = &counter->heaps[w];
      const gsize more = heap->count > 0 && heap->count < 3 ? 3 - heap->count : 0;

      grow (heap, counter->cells, more);
      for (guint c = 0; c < counter->cells && more > 0; c++)
        {
          memset (heap->own + c * heap->room + heap->count, 0, more * sizeof (guint64));
          memset (heap->next + c * heap->room + heap->count, 0, more * sizeof (guint64));
        }
      heap->count += more;
    }
  reduce (counter, 3);
}

/* The lowest bit of word @at of every cell, as a plane of @z. */
static void
pack (const KohCounter *counter, guint w, gsize at, KohBits *z)
{
  const Heap *heap = &counter->heaps[w];

  if (at >= heap->count)
    return;
  for (guint c = 0; c < counter->cells; c++)
    {
      z->own[w * z->words + c / 64] |= (heap->own[c * heap->room + at] & 1) << (c % 64);
      z->next[w * z->words + c / 64] |= (heap->next[c * heap->room + at] & 1) << (c % 64);
    }
}

static KohBits *
end_plain (KohCounter *counter, guint width)
{
  KohBits *z = koh_bits_zero (counter->party, counter->cells, width);

  for (guint c = 0; c < counter->cells; c++)
    {
      for (guint p = 0; p < MIN (width, 64u); p++)
        z->own[p * z->words + c / 64] |= ((counter->ones[c] >> p) & 1) << (c % 64);
      counter->ones[c] = 0;
    }
  return z;
}

KohBits *
koh_counter_end (KohCounter *counter, guint width)
{
  g_autoptr (KohBits) a = NULL;
  g_autoptr (KohBits) b = NULL;

  if (counter->party->plain)
    return end_plain (counter, width);
  while (highest (counter) > 3 && reduce (counter, 3))
    ;
  for (guint lanes = 32; lanes > 0; lanes /= 2)
    {
      fold_lanes (counter, lanes);
      while (highest (counter) > 3 && reduce (counter, 3))
        ;
    }
  leave_two (counter);
  a = koh_bits_zero (counter->party, counter->cells, width);
  b = koh_bits_zero (counter->party, counter->cells, width);
  if (!koh_party_has_failed (counter->party))
    for (guint w = 0; w < MIN (width, WEIGHTS); w++)
      {
        pack (counter, w, 0, a);
        pack (counter, w, 1, b);
      }
  for (guint w = 0; w < WEIGHTS; w++)
    clear_heap (&counter->heaps[w], counter->cells);
  return koh_bits_add (counter->party, a, b, width);
}
