/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is known of one dataset, variable or code. */
#pragma once

#include <adwaita.h>

#include "app/catalogue-item.h"

G_BEGIN_DECLS

#define KOH_TYPE_CATALOGUE_DETAILS (koh_catalogue_details_get_type ())
G_DECLARE_FINAL_TYPE (KohCatalogueDetails, koh_catalogue_details, KOH, CATALOGUE_DETAILS, AdwBin)

void koh_catalogue_details_show (KohCatalogueDetails *details, const KohMap *map, KohCatalogueItem *item); /* item may be NULL */

G_END_DECLS
