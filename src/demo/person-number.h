/* SPDX-License-Identifier: EUPL-1.2
 *
 * Synthetic person numbers: DDMMYY and four digits, of which the seventh tells the century and the
 * last the sex. Every one of them fails the check digit that ordinary numbers carried until 2007, so
 * that it cannot be the number of somebody who got one before that. Given out in the order of persons:
 * each peer walks all persons from the first, and so gives the same number to the same person. */
#pragma once

#include "demo/life.h"

G_BEGIN_DECLS

typedef struct _KohPersonNumbers KohPersonNumbers;

KohPersonNumbers *koh_person_numbers_new  (guint64 seed);
void              koh_person_numbers_free (KohPersonNumbers *numbers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohPersonNumbers, koh_person_numbers_free)

/* FALSE where a day of birth has no number left. */
gboolean koh_person_numbers_next (KohPersonNumbers *numbers, gint birth, KohSex sex, char number[11]);

/* A replacement number, as a hospital gives to who comes without one: DDMMYY, two letters, two digits. */
void     koh_person_replacement  (guint64 bits, gint birth, char number[11]);

G_END_DECLS
