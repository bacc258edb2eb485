/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/check.h"

#ifdef KOH_MUTANTS
gboolean
koh_check_is_off (const char *id)
{
  return g_strcmp0 (g_getenv ("KOH_MUTANT"), id) == 0;
}
#endif
