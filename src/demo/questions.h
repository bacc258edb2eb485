/* SPDX-License-Identifier: EUPL-1.2
 *
 * Example questions to the synthetic world, as documents. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;  /* of the file: "statin-after-infarction" */
  const char *text;  /* the document */
} KohExample;

extern const KohExample koh_examples[];
extern const guint koh_n_examples;

G_END_DECLS
