/* SPDX-License-Identifier: EUPL-1.2
 *
 * The metadata map: all owners' datasets and variables, and the codes, in one list with a search. */
#pragma once

#include <adwaita.h>

#include "client/client.h"

G_BEGIN_DECLS

#define KOH_TYPE_CATALOGUE_PAGE (koh_catalogue_page_get_type ())
G_DECLARE_FINAL_TYPE (KohCataloguePage, koh_catalogue_page, KOH, CATALOGUE_PAGE, AdwBin)

void koh_catalogue_page_set_client   (KohCataloguePage *page, KohClient *client);
void koh_catalogue_page_focus_search (KohCataloguePage *page);

G_END_DECLS
