/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question under way: where it stands, what each peer is doing, when it may end. */
#pragma once

#include <adwaita.h>

#include "client/client.h"

G_BEGIN_DECLS

#define KOH_TYPE_RUN_PAGE (koh_run_page_get_type ())
G_DECLARE_FINAL_TYPE (KohRunPage, koh_run_page, KOH, RUN_PAGE, AdwBin)

void koh_run_page_set_client (KohRunPage *page, KohClient *client); /* forgets the run */
void koh_run_page_set_run    (KohRunPage *page, KohRun *run, const char *title);

G_END_DECLS
