/* SPDX-License-Identifier: EUPL-1.2
 *
 * A table with shared entries, read at a shared place. The place is expanded to indicators, one bit for
 * each entry that is there, by a demultiplexer tree whose root is the constant 1 (its first split is
 * free); then every plane of the result is one inner product of indicators and entries, which costs
 * one bit a plane however many entries there are. A tree of muxes would cost about n times that. */
#include "mpc/gates.h"


/* A node of the tree: the codes from @lo on that share the bits decided so far. It lies in plane @plane
 * of the indicators, the place of its first entry. */
typedef struct
{
  guint64 lo;
  guint first, end; /* among the entries there are, in order of code */
} Node;

typedef struct
{
  KohParty *party;
  const KohBits *code;
  KohBits *marks;       /* one plane an entry */
  const guint *entry;   /* their codes, increasing */
  Node *nodes, *halves; /* of this depth and the next; never more than there are entries */
  KohGate *gates;
  guint n;
} Tree;

static guint
first_from (const guint *entry, guint first, guint end, guint64 code)
{
  while (first < end && entry[first] < code)
    first++;
  return first;
}

/* All codes have one root; its two halves are the bit and its negation. */
static void
split_constant (Tree *tree, KohBits *to, guint plane, gboolean upper, guint bit)
{
  const KohPlane source = koh_bits_plane (tree->code, bit);
  const gsize at = plane * to->words;

  koh_words_flip (to->own + at, source.own, upper ? 0 : tree->party->flip_own, to->words);
  if (to->next != NULL)
    koh_words_flip (to->next + at, source.next, upper ? 0 : tree->party->flip_next, to->words);
}

/* One round: every node is split by @bit into the halves that have entries. Where both have, the lower
 * is node ⊕ upper. */
static void
split_level (Tree *tree, guint bit, gboolean constant)
{
  const guint64 half = G_GUINT64_CONSTANT (1) << bit;
  KohGate *gates = tree->gates;
  KohBits *marks = tree->marks;
  Node *nodes = tree->nodes;
  guint n = 0, next = 0;

  for (guint i = 0; i < tree->n; i++)
    {
      const Node *node = &nodes[i];
      const guint middle = first_from (tree->entry, node->first, node->end, node->lo + half);
      const Node lower = { node->lo, node->first, middle };
      const Node upper = { node->lo + half, middle, node->end };
      const gboolean has_lower = middle > node->first, has_upper = node->end > middle;
      const guint plane = has_upper ? middle : node->first;

      if (constant && has_upper)
        split_constant (tree, marks, middle, TRUE, bit);
      if (constant && has_lower)
        split_constant (tree, marks, node->first, FALSE, bit);
      if (!constant)
        gates[n++] = (KohGate){
          .kind = KOH_GATE_AND, .not_y = !has_upper,
          .x = koh_bits_plane (marks, node->first), .y = koh_bits_plane (tree->code, bit),
          .own = marks->own + plane * marks->words,
          .next = marks->next ? marks->next + plane * marks->words : NULL, .words = marks->words,
        };
      if (has_lower)
        tree->halves[next++] = lower;
      if (has_upper)
        tree->halves[next++] = upper;
    }
  koh_gates_run (tree->party, gates, n);
  for (guint i = 0; i < n; i++)
    if (gates[i].own != gates[i].x.own && !gates[i].not_y)
      {
        const gsize at = nodes[i].first * marks->words;

        koh_words_xor (marks->own + at, gates[i].x.own, gates[i].own, marks->words);
        if (marks->next != NULL)
          koh_words_xor (marks->next + at, gates[i].x.next, gates[i].next, marks->words);
      }
  tree->nodes = tree->halves;
  tree->halves = nodes;
  tree->n = next;
}

/* Plane e of the result: the code is entry[e]. */
static KohBits *
indicate (KohParty *party, const KohBits *code, const guint *entry, guint entries)
{
  const guint64 codes = G_GUINT64_CONSTANT (1) << code->width;
  const Node root = { 0, 0, first_from (entry, 0, entries, codes) };
  g_autofree Node *nodes = g_new (Node, entries);
  g_autofree Node *halves = g_new (Node, entries);
  g_autofree KohGate *gates = g_new (KohGate, entries);
  Tree tree = { party, code, koh_bits_zero (party, code->rows, entries), entry, nodes, halves, gates, 0 };

  if (root.end > 0)
    tree.nodes[tree.n++] = root;
  for (guint bit = code->width; bit > 0; bit--)
    split_level (&tree, bit - 1, bit == code->width);
  return tree.marks;
}

KohBits *
koh_bits_select (KohParty *party, const KohBits *code, const KohBits *const *leaves, guint n, guint width)
{
  g_autofree guint *entry = g_new (guint, MAX (n, 1));
  g_autofree KohTerm *terms = NULL;
  guint entries = 0;
  KohBits *marks, *z;

  g_assert (code->width > 0 && code->width < 64);
  for (guint v = 0; v < n; v++)
    if (leaves[v] != NULL)
      {
        g_assert (leaves[v]->rows == code->rows && leaves[v]->width == width);
        entry[entries++] = v;
      }
  if (entries == 0)
    return koh_bits_zero (party, code->rows, width);
  marks = indicate (party, code, entry, entries);
  z = koh_bits_new (party, code->rows, width);
  terms = g_new (KohTerm, (gsize) width * entries);
  for (guint p = 0; p < width; p++)
    for (guint e = 0; e < entries; e++)
      terms[p * entries + e] = (KohTerm){ koh_bits_plane (marks, e), koh_bits_plane (leaves[entry[e]], p) };
  koh_dots_run (party, terms, entries, width, z->own, z->next, z->words);
  koh_bits_free (marks);
  return z;
}
