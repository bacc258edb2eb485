/* SPDX-License-Identifier: EUPL-1.2
 *
 * Every security check of the project has a name. In the build made for testing the tests
 * (-Dmutants=true) the environment variable KOH_MUTANT=NAME switches the check of that name off,
 * so that a test can prove that the suite notices. Other builds do not contain the hook. */
#pragma once

#include <glib.h>

#ifdef KOH_MUTANTS
gboolean koh_check_is_off (const char *id);
#define koh_check(id, condition) ((condition) || koh_check_is_off (id))
#else
#define koh_check(id, condition) (!!(condition))
#endif
