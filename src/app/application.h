/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KOH_TYPE_APPLICATION (koh_application_get_type ())
G_DECLARE_FINAL_TYPE (KohApplication, koh_application, KOH, APPLICATION, AdwApplication)

KohApplication *koh_application_new (void);

G_END_DECLS
