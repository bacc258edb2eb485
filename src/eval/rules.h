/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a plan opens, in the terms of disclosure control. Members and the asker derive it alike. */
#pragma once

#include "query/plan.h"
#include "stats/disclosure.h"

G_BEGIN_DECLS

KohDisclosure *koh_rules_of_plan (const KohPlan *plan);

G_END_DECLS
