/* SPDX-License-Identifier: EUPL-1.2
 *
 * The field GF(2^64) = GF(2)[X] / (X^64 + X^4 + X^3 + X + 1), in which multiplications of bits are
 * verified. An element is a word, bit s of it the coefficient of X^s; addition is XOR. Products run on
 * the processor's carry-less multiplier where it has one, else on a path of integer multiplications and
 * masks that takes as long whatever the operands are; both give the same. Nothing outside src/mpc
 * includes this file.
 *
 * Interpolation points are the elements with the bit patterns 0, 1, 2, …: 0, 1, X, X + 1, … */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sums of products are reduced once, at the end. */
typedef struct
{
  guint64 lo, hi;
} KohGf64Wide;

guint64 koh_gf64_mul     (guint64 a, guint64 b);
guint64 koh_gf64_invert  (guint64 a); /* 0 gives 0 */
guint64 koh_gf64_reduce  (KohGf64Wide wide);
guint64 koh_gf64_dot     (const guint64 *a, const guint64 *b, gsize n);
void    koh_gf64_scale   (guint64 *out, const guint64 *a, const guint64 *b, gsize n); /* a_j b_j */

/* Coefficients l_0 … l_{n-1} with p(e) = Σ l_k p(e_k) for every p of degree below @n, 1 ≤ n ≤ 256. */
void    koh_gf64_lagrange (guint64 *out, guint n, guint64 e);

/* out_j = Σ_{k<width} coefficients_k in_{j·width+k}. @out may be @in. */
void    koh_gf64_fold    (guint64 *out, const guint64 *in, gsize rows, guint width, const guint64 *coefficients);

/* Bits of 32 words to 64 elements: element s is Σ_{k<32} coefficients_k bit s of word k, where @powers times X^s. */
#define KOH_GF64_BLOCK 32
void    koh_gf64_fold_bits (guint64 out[64], const guint64 words[KOH_GF64_BLOCK],
                            const guint64 coefficients[KOH_GF64_BLOCK], gboolean powers);

/* pairs[k][l] += Σ_blocks weight_k · ((x_k ∧ y'_l) ⊕ (y_k ∧ x'_l)), where a word is the sum of X^s over its
 * bits s. @blocks blocks of 32 words. */
typedef KohGf64Wide KohGf64Pairs[KOH_GF64_BLOCK][KOH_GF64_BLOCK];
void    koh_gf64_pair_bits (KohGf64Pairs pairs, const guint64 *weight, const guint64 *x, const guint64 *y,
                            const guint64 *next_x, const guint64 *next_y, gsize blocks);

/* pairs[k][l] += Σ_rows u_{8j+k} v_{8j+l}, where pairs[k][l] with k < l takes the sum of [k][l] and [l][k]. */
typedef KohGf64Wide KohGf64Eight[8][8];
void    koh_gf64_pair_eight (KohGf64Eight pairs, const guint64 *u, const guint64 *v, gsize rows);

/* For tests: the ways to multiply, 0 the one that every processor has, the last the one in use. Not while
 * another thread computes. */
guint   koh_gf64_ways    (void);
void    koh_gf64_choose  (guint way);

G_END_DECLS
