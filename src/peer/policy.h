/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a peer allows: policy.json in its folder. The decision is a pure function of the question, the
 * questions answered before, and the policy; never of data. */
#pragma once

#include <json-glib/json-glib.h>

#include "common/hash.h"
#include "query/catalogue.h"
#include "query/question.h"

G_BEGIN_DECLS

typedef enum { KOH_POLICY_AUTOMATIC, KOH_POLICY_ASK, KOH_POLICY_REFUSE } KohPolicyAccept;

typedef struct
{
  KohHash hash;            /* of the canonical document */
  gboolean demo;
  KohPolicyAccept accept;
  char *reason;            /* told with a refusal; NULL */
  guint k;
  GStrv modes, analyses, purposes, datasets; /* "*" allows all */
  guint questions;         /* different questions a project may ask of one snapshot; 0 = any number */
} KohPolicy;

/* What was answered before, on the snapshot that stands. */
typedef struct
{
  guint of_project;        /* different questions of the same project */
  gboolean repeated;       /* this very question was among them */
} KohHistory;

typedef enum { KOH_VERDICT_ACCEPT, KOH_VERDICT_REVIEW, KOH_VERDICT_DECLINE } KohVerdict;

KohPolicy  *koh_policy_parse  (const char *text, gssize size, GError **error);
KohPolicy  *koh_policy_load   (const char *folder, GError **error); /* FOLDER/policy.json */
void        koh_policy_free   (KohPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohPolicy, koh_policy_free)

/* @own: this owner's catalogue alone, which tells the dataset of an attribute. @error is set with
 * KOH_VERDICT_DECLINE only: KOH_ERROR_DECLINED, with the reason. */
KohVerdict  koh_policy_judge  (const KohPolicy *policy, const KohQuestion *question, const KohMap *own,
                               const KohHistory *history, GError **error);

/* What the security of this version is, as written in every answer: a policy must say that it is for a
 * demonstration before its peer takes part. */
#define KOH_SECURITY "semi-honest"

G_END_DECLS
