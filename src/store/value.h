/* SPDX-License-Identifier: EUPL-1.2
 *
 * An event's value against a question's condition. It is compared here and not in SQL: databases differ in
 * what they take for a number. */
#pragma once

#include "query/question.h"

G_BEGIN_DECLS

/* @text and @unit: NULL where the row has none. */
gboolean koh_value_takes (const KohValueCondition *condition, const char *text, const char *unit);

G_END_DECLS
