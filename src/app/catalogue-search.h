/* SPDX-License-Identifier: EUPL-1.2
 *
 * Search in the data of a federation: what of it matches, best first. */
#pragma once

#include "app/catalogue-item.h"

G_BEGIN_DECLS

typedef struct _KohCatalogueSearch KohCatalogueSearch;

KohCatalogueSearch *koh_catalogue_search_new  (const KohMap *map); /* @map must live as long */
void                koh_catalogue_search_free (KohCatalogueSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCatalogueSearch, koh_catalogue_search_free)

/* Everything for an empty text: each dataset followed by its variables. Otherwise the datasets and variables that
 * hold all words of @text, those that begin with it first, then codes. Lends the items' array until the next call. */
GPtrArray          *koh_catalogue_search_find (KohCatalogueSearch *search, const char *text);

G_END_DECLS
