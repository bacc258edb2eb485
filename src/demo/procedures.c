/* SPDX-License-Identifier: EUPL-1.2
 *
 * What hospitals do: operations, radiotherapy and imaging that follow from a contact's main diagnosis, so
 * that a procedure never stands without the disease that it is for. */
#include "demo/life.h"

#include <string.h>

#include "demo/dice.h"

/* Everyday contacts: with this probability, within so many days. Revoked diagnoses lead to nothing. */
static const struct
{
  const char *diagnosis, *code;
  double share;
  gint within;
} everyday[] = {
  { "DM16", "KNFB20", .25, 90 },  { "DM17", "KNGB40", .25, 90 }, { "DO82", "KMCA10", 1, 1 },
  { "DE66", "KJDF11", .05, 180 }, { "DI350", "KFMD", .20, 60 },  { "DI25", "KFNC", .05, 30 },
  { "DI20", "KFNG05", .20, 7 },   { "DN18", "BJFD", .15, 30 },   { "DJ189", "UXRC00", .80, 1 },
  { "DJ44", "UXRC00", .30, 1 },   { "DR07", "UXRC00", .40, 1 },  { "DZ031", "UXCC", .70, 14 },
};

typedef struct
{
  const KohLife *life;
  guint base, n; /* of the draws, and of what was found */
  KohProcedure *procedures;
} Doing;

/* @share is of draw @which; the day is within @days from @from. */
static gboolean
perform (Doing *doing, guint which, double share, const char *code, gint from, gint days)
{
  guint64 dice = doing->life->dice;
  gint day = from + koh_dice_below (dice, KOH_STREAM_PROCEDURE, doing->base + 2 * which + 1, days);

  if (koh_dice (dice, KOH_STREAM_PROCEDURE, doing->base + 2 * which) >= share || day >= doing->life->end)
    return FALSE;
  doing->procedures[doing->n++] = (KohProcedure){ day, code };
  return TRUE;
}

guint
koh_contact_procedures (const KohLife *life, const KohContact *contact, KohProcedure *procedures)
{
  Doing doing = { life, contact->number * 8, 0, procedures };

  if (contact->refuted)
    return 0;
  if (contact->infarct)
    {
      if (!perform (&doing, 0, .65, "KFNG05", contact->day, 3))
        perform (&doing, 1, .10, "KFNC", contact->day + 3, 30);
    }
  else if (contact->number == KOH_CONTACT_LUNG && contact->day == life->lung)
    {
      perform (&doing, 0, .90, "UXCC", contact->day, 14);
      if (life->lung_stage < 2)
        perform (&doing, 1, .80, "KGDC00", contact->day + 14, 22);
      else
        perform (&doing, 2, life->lung_stage == 2 ? .60 : .25, "BWGC", contact->day + 30, 31);
    }
  else if (contact->number == KOH_CONTACT_BREAST && contact->day == life->breast && life->breast_stage < 3)
    {
      if (perform (&doing, 0, .68, "KHAB40", contact->day + 7, 22))
        perform (&doing, 1, .90, "BWGC", contact->day + 60, 31);
      else
        perform (&doing, 2, .90, "KHAC20", contact->day + 7, 22);
    }
  else if (contact->number >= KOH_CONTACT_EVERYDAY)
    for (guint i = 0; i < G_N_ELEMENTS (everyday); i++)
      if (strcmp (everyday[i].diagnosis, contact->codes[0]) == 0)
        perform (&doing, 0, everyday[i].share, everyday[i].code, contact->day, everyday[i].within);
  return doing.n;
}
