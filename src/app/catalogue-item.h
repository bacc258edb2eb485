/* SPDX-License-Identifier: EUPL-1.2
 *
 * One thing that can be found in the data: a dataset, a variable, or a code. */
#pragma once

#include <gio/gio.h>

#include "query/catalogue.h"
#include "query/codes.h"

G_BEGIN_DECLS

typedef enum { KOH_ITEM_DATASET, KOH_ITEM_VARIABLE, KOH_ITEM_CODE } KohItemKind;

#define KOH_TYPE_CATALOGUE_ITEM (koh_catalogue_item_get_type ())
G_DECLARE_FINAL_TYPE (KohCatalogueItem, koh_catalogue_item, KOH, CATALOGUE_ITEM, GObject)

struct _KohCatalogueItem
{
  GObject parent;
  KohItemKind kind;
  char *dataset;         /* its name; NULL for a code */
  char *variable;        /* its name; NULL but for a variable */
  const KohCode *code;   /* NULL but for a code */
  char *title;
  char *subtitle;        /* who has it, where it belongs */
  char *tag;             /* its name in a question: "diagnoses", "income_quintile", "SKS:DI21" */
  char *key;             /* what a search looks in: folded, both languages */
};

/* Properties: title, subtitle, tag, icon-name. */
KohCatalogueItem *koh_catalogue_item_new_dataset  (const KohMap *map, const char *dataset);
KohCatalogueItem *koh_catalogue_item_new_variable (const KohMap *map, const char *dataset, const char *variable);
KohCatalogueItem *koh_catalogue_item_new_code     (const KohMap *map, const KohCode *code);

/* Text as searched: without case, and composed alike. Free with g_free(). */
char             *koh_catalogue_fold              (const char *text);

/* "Diagnoses (LPR3), …" of the datasets whose events carry codes of @system. Free with g_free(). */
char             *koh_catalogue_datasets_of       (const KohMap *map, const char *system);

/* The names of the owners of @dataset, as people call them. Free with g_free(). */
char             *koh_catalogue_owners_of         (const KohMap *map, const char *dataset);

G_END_DECLS
