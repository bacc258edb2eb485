/* SPDX-License-Identifier: EUPL-1.2
 *
 * Random persons of three owners, and what the tests need of them twice over: the columns that a plan asks
 * for, and the meaning of a question, person by person, which knows no columns. */
#pragma once

#include "query/plan.h"

G_BEGIN_DECLS

#define PEOPLE_OWNERS 3 /* aarhus, danmarks-statistik, rigshospitalet */

typedef struct _People People;

People          *people_new      (guint32 seed, guint positions);
void             people_free     (People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (People, people_free)

KohMap          *people_map      (void);
KohSessionFacts *people_facts    (guint positions, guint k);

/* The planes of every column, in the plan's order; free with people_planes_free(). */
guint64        **people_planes   (const People *people, const KohPlan *plan);
void             people_planes_free (guint64 **planes, const KohPlan *plan);

/* How many are left after the first @step criteria in effect and have, for each attribute of @by, one of
 * @values[i] ("missing" among them). */
guint            people_count    (const People *people, const KohQuestion *question, guint step,
                                  const GPtrArray *by, char ***values);

/* {"kohorte": 1, …} around the given members. */
KohQuestion     *people_question (const char *index, const char *criteria, const char *analyses);

G_END_DECLS
