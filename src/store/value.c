/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/value.h"

#include <string.h>

/* Digits with a decimal point, sign and exponent; "<5", "4,5", "inf" and "positive" are text. */
static gboolean
read_number (const char *text, gdouble *number)
{
  char *end;

  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return FALSE;
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

gboolean
koh_value_takes (const KohValueCondition *condition, const char *text, const char *unit)
{
  gdouble number;

  if (condition->op == KOH_VALUE_ANY)
    return TRUE;
  if (text == NULL || !read_number (text, &number) ||
      (condition->unit != NULL && g_strcmp0 (condition->unit, unit) != 0))
    return FALSE;
  switch (condition->op)
    {
    case KOH_VALUE_LT:
      return number < condition->number;
    case KOH_VALUE_LE:
      return number <= condition->number;
    case KOH_VALUE_EQ:
      return number == condition->number;
    case KOH_VALUE_NE:
      return number != condition->number;
    case KOH_VALUE_GE:
      return number >= condition->number;
    case KOH_VALUE_GT:
      return number > condition->number;
    case KOH_VALUE_BETWEEN:
      return number >= condition->number && number <= condition->high;
    case KOH_VALUE_ANY:
    default:
      return TRUE;
    }
}
