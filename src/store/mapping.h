/* SPDX-License-Identifier: EUPL-1.2
 *
 * What peer.ini says: the owner, and for each dataset where its rows come from and what they mean.
 * Known to the files of this room only. */
#pragma once

#include "store/connector.h"
#include "store/defects.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *da, *en;          /* titles; NULL */
  char *unit;             /* NULL */
  gboolean type_given;
  KohVariableType type;
  GPtrArray *levels;      /* of KohLevel; empty where no list was given; labels may be NULL */
} KohDeclared;

typedef struct
{
  char *name;
  KohDatasetKind kind;
  KohValidity validity;
  gboolean validity_given;
  const KohConnectorKind *connector;
  KohSource source;
  char *query;
  char *code_system;      /* NULL */
  char *da, *en, *da_description, *en_description;
  GPtrArray *declared;    /* of KohDeclared */
  KohHash hash;           /* of the group and of query_file */
  gdouble skip;           /* fewer than this share of the rows may be left out; 0: a bad row refuses all */

  /* Guarded by the store's lock. */
  GStrv columns;          /* as the query gives them; NULL until looked at */
  gboolean checked;       /* every row keeps to the schema … */
  KohHash checked_at;     /* … of this snapshot */
  gdouble valid;          /* of that snapshot: the share of rows that keep the schema */
  GByteArray *conflicts;  /* of that snapshot: rows that are left out (defects.h); NULL where none can be */
} KohMapping;

struct _KohStore
{
  char *path, *folder;
  char *da, *en, *organisation, *contact;
  gboolean population;
  char *opt_out;          /* the file of opt_out=; NULL */
  GPtrArray *mappings;    /* of KohMapping, in the file's order */
  GMutex lock;
  JsonNode *described;    /* the last description … */
  KohHash described_at;   /* … of this snapshot */
  GBytes *opted_out;      /* the last list (opt-out.h) … */
  KohHash opted_out_at;   /* … of a file with this hash */
};

KohMapping  *koh_store_mapping     (KohStore *store, const char *name); /* NULL */
KohDeclared *koh_mapping_declared  (const KohMapping *mapping, const char *variable); /* NULL */

/* Looks at the query's columns once: they must fit the kind. */
gboolean     koh_mapping_look      (KohStore *store, KohMapping *mapping, GCancellable *cancellable,
                                    GError **error);
gboolean     koh_mapping_has       (const KohMapping *mapping, const char *column); /* after a look */

/* Reads all rows once for each snapshot, and refuses the dataset where one breaks the schema, or with on_error=skip
 * where too many do. */
gboolean     koh_mapping_check     (KohStore *store, KohMapping *mapping, GCancellable *cancellable,
                                    GError **error);

/* Reads all rows. @defects receives what is wrong with them wherever they could be read, also where that refuses
 * the dataset. */
gboolean     koh_mapping_examine   (KohStore *store, KohMapping *mapping, KohDefects **defects,
                                    GCancellable *cancellable, GError **error);

/* The check has been passed: of a dataset that refuses bad rows, by any pass over all of them. */
void         koh_mapping_checked   (KohStore *store, KohMapping *mapping, const KohHash *snapshot);

/* The day on which the newest of its files was written; KOH_DAY_NONE unknown. */
gint         koh_mapping_loaded    (const KohMapping *mapping);

/* The dataset of the population register; NULL with an error. */
KohMapping  *koh_store_register_mapping (KohStore *store, GCancellable *cancellable, GError **error);

G_END_DECLS
