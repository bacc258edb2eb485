/* SPDX-License-Identifier: EUPL-1.2
 *
 * What each owner tells of its data: metadata only. A KohCatalogue is one owner's; the catalogues of
 * all owners of a federation, in roster order, make the metadata map. */
#pragma once

#include <json-glib/json-glib.h>

#include "common/day.h"
#include "common/hash.h"

G_BEGIN_DECLS

typedef enum { KOH_DATASET_PERSON, KOH_DATASET_EVENT } KohDatasetKind;

typedef enum
{
  KOH_VALIDITY_NONE,     /* an attribute has one value for life */
  KOH_VALIDITY_YEAR,     /* rows are valid for whole calendar years: [YYYY-01-01, YYYY-12-31] */
  KOH_VALIDITY_PERIOD,   /* any valid_from … valid_to */
} KohValidity;

typedef struct
{
  char *code;
  char *da;
  char *en;
} KohLevel;

typedef enum { KOH_VARIABLE_STRING, KOH_VARIABLE_INTEGER, KOH_VARIABLE_DECIMAL, KOH_VARIABLE_DATE } KohVariableType;

typedef struct
{
  char *name;
  char *da, *en;         /* titles */
  KohVariableType type;
  char *unit;            /* NULL */
  GPtrArray *levels;     /* of KohLevel, in public order; empty where the values are not a list */
  gdouble completeness;  /* 0…1, rounded to 2 decimals; -1 unknown */
  gdouble valid;         /* of the values that are there, those of its type and its levels; as completeness */
} KohVariable;

typedef struct
{
  char *name;
  KohDatasetKind kind;
  KohValidity validity;
  char *da, *en;         /* titles */
  char *da_description, *en_description; /* may be "" */
  char *code_system;     /* of the events' codes; NULL where they have none */
  gint first, last;      /* period of the data, days; KOH_DAY_NONE unknown */
  gint64 rows;           /* rounded to two significant digits */
  /* Shares, as of a variable; -1 unknown. They are rounded in steps of ten rows or more, and untold of fewer than
   * a hundred, so that they disclose nothing about few persons. */
  gdouble completeness;  /* of all values, those that are there */
  gdouble valid;         /* of all rows, those that keep the schema; the others are left out */
  gdouble duplicates;    /* of the valid rows, those that repeat another one in everything */
  gint loaded;           /* the day on which the data were last written; KOH_DAY_NONE unknown */
  GPtrArray *variables;  /* of KohVariable: attributes of a person dataset; of an event dataset "value" … */
} KohDataset;

typedef struct
{
  char *peer;            /* name in the roster: "rigshospitalet" */
  char *da, *en;         /* titles of the owner */
  char *organisation;
  char *contact;
  gboolean population;   /* holds the population register */
  GPtrArray *datasets;   /* of KohDataset */
} KohCatalogue;

KohCatalogue *koh_catalogue_new       (const char *peer);
KohDataset   *koh_dataset_new         (const char *name, KohDatasetKind kind);
KohVariable  *koh_variable_new        (const char *name, KohVariableType type);
void          koh_variable_add_level  (KohVariable *variable, const char *code, const char *da, const char *en);
void          koh_catalogue_free      (KohCatalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohCatalogue, koh_catalogue_free)

/* A share of @rows as a catalogue tells it: -1, or a multiple of 0.01, 0.05 or 0.1, none of them finer than ten rows. */
gdouble       koh_catalogue_round_share (gdouble share, gint64 rows);

JsonNode     *koh_catalogue_to_json   (const KohCatalogue *catalogue);
KohCatalogue *koh_catalogue_from_json (JsonNode *node, GError **error); /* strict */
KohHash       koh_catalogue_hash      (const KohCatalogue *catalogue);

KohDataset   *koh_catalogue_dataset   (const KohCatalogue *catalogue, const char *name); /* NULL */
KohVariable  *koh_dataset_variable    (const KohDataset *dataset, const char *name);     /* NULL */

/* The metadata map. */
typedef struct
{
  GPtrArray *catalogues; /* of KohCatalogue, in roster order; owned */
} KohMap;

KohMap      *koh_map_new        (void);
void         koh_map_take       (KohMap *map, KohCatalogue *catalogue);
void         koh_map_free       (KohMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohMap, koh_map_free)

/* Reads every NAME.json of a folder of published catalogues, sorted by name. */
KohMap      *koh_map_read_folder (const char *folder, GError **error);

/* Indices into catalogues of the owners of dataset @name. Free with g_array_unref(). */
GArray      *koh_map_owners     (const KohMap *map, const char *name);
KohDataset  *koh_map_dataset    (const KohMap *map, const char *name); /* the first owner's; NULL */
gint         koh_map_population (const KohMap *map);                   /* index of the population holder; -1 */

/* Resolves "attribute" or "dataset.attribute". @dataset receives the dataset that has it. The derived
 * attributes `age` and `age_band` resolve to the dataset with `birth_date`. NULL and an error that
 * says what is wrong (unknown, or ambiguous and how to write it). */
KohVariable *koh_map_attribute  (const KohMap *map, const char *name, KohDataset **dataset, GError **error);

/* The levels of a grouping attribute in public order, `missing` not among them: those of the
 * catalogue; for age_band "0–4" … "85–89", "90+". NULL and an error where it cannot group. Owned by the
 * map. */
GPtrArray   *koh_map_levels     (const KohMap *map, const char *attribute, GError **error);

G_END_DECLS
