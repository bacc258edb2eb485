/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a participant gets ready: the population holder prepares an epoch when none stands; an owner enrols
 * in the epoch that stands at the holder. Both freeze a snapshot of their data with it. */
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "peer/enrol.h"
#include "peer/participant.h"

static void
stand (KohParticipant *self, KohEnrolment *enrolment, KohHolder *holder)
{
  pthread_mutex_lock (&self->mutex);
  if (self->enrolment != enrolment)
    {
      g_clear_pointer (&self->enrolment, koh_enrolment_unref);
      self->enrolment = enrolment;
    }
  if (holder != NULL)
    self->holder = holder;
  pthread_mutex_unlock (&self->mutex);
}

static gboolean
record (KohParticipant *self, const char *type, const KohEnrolment *enrolment, GError **error)
{
  KohSubject subjects[] = { { "epoch", enrolment->epoch->hash }, { "snapshot", enrolment->snapshot } };

  return koh_audit_append (self->audit, type, NULL, subjects, G_N_ELEMENTS (subjects), error);
}

/* The snapshot is taken before the catalogue and the persons are read: data that change meanwhile show
 * at the first question. */
static gboolean
read_data (KohParticipant *self, KohStore *store, KohHash *snapshot, KohCatalogue **catalogue,
           GCancellable *cancellable, GError **error)
{
  fprintf (stderr, "%s: reading the data\n", self->card->name);
  if (!koh_store_snapshot (store, snapshot, cancellable, error))
    return FALSE;
  *catalogue = koh_store_describe (store, self->card->name, cancellable, error);
  return *catalogue != NULL;
}

/* ---- The population holder ----------------------------------------------------------------- */

static KohEnrolment *
prepare_epoch (KohParticipant *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohStore) store = koh_participant_store (self, error);
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autoptr (GPtrArray) persons = NULL;
  KohHash snapshot;

  if (store == NULL || !read_data (self, store, &snapshot, &catalogue, cancellable, error))
    return NULL;
  persons = koh_store_register (store, cancellable, error);
  if (persons == NULL)
    return NULL;
  catalogue->population = TRUE;
  return koh_holder_prepare (self->state, self->identity, persons, &snapshot, g_steal_pointer (&catalogue),
                             cancellable, error);
}

static gboolean
prepare_holder (KohParticipant *self, GCancellable *cancellable, GError **error)
{
  KohEnrolment *enrolment = self->enrolment;
  KohHolder *holder;

  if (enrolment == NULL)
    {
      enrolment = prepare_epoch (self, cancellable, error);
      if (enrolment == NULL || !record (self, "epoch", enrolment, error))
        return FALSE;
    }
  if (strcmp (enrolment->epoch->holder, self->card->name) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s was enrolled at %s before it held the register; run kohorte-peer snapshot",
                   self->card->name, enrolment->epoch->holder);
      return FALSE;
    }
  holder = koh_holder_open (self->state, enrolment->epoch, error);
  if (holder == NULL)
    return FALSE;
  stand (self, enrolment, holder);
  return TRUE;
}

/* ---- Owners -------------------------------------------------------------------------------- */

static KohEnrolment *
enrol_in (KohParticipant *self, KohLink *link, KohEpoch *epoch, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohEpoch) owned = epoch;
  g_autoptr (KohStore) store = koh_participant_store (self, error);
  g_autoptr (KohCatalogue) catalogue = NULL;
  g_autoptr (GPtrArray) persons = NULL;
  KohSpine *spine;
  KohHash snapshot;
  guint missing = 0;

  if (store == NULL || !read_data (self, store, &snapshot, &catalogue, cancellable, error))
    return NULL;
  persons = koh_store_persons (store, cancellable, error);
  if (persons == NULL)
    return NULL;
  catalogue->population = FALSE;
  spine = koh_enrol (link, self->card->name, epoch, persons, &missing, cancellable, error);
  if (spine == NULL)
    return NULL;
  /* Only its own operator may learn this number: it goes nowhere but to this terminal. */
  fprintf (
      stderr,
      "%s: enrolled; %u of %u person numbers are unknown to the register and left out of linked questions\n",
      self->card->name, missing, persons->len);
  return koh_enrolment_save (self->state, g_steal_pointer (&owned), &snapshot, g_steal_pointer (&catalogue),
                             spine, error);
}

/* TRUE when this participant is now enrolled in the epoch that stands at @peer. */
static gboolean
try_peer (KohParticipant *self, const char *peer, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohLink) link = koh_node_dial (self->node, peer, "enrol", cancellable, error);
  g_autoptr (KohEpoch) epoch = NULL;
  g_autoptr (GError) done =
      g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "%s has what it needs", self->card->name);
  KohEnrolment *enrolment = self->enrolment;

  if (link == NULL)
    return FALSE;
  epoch = koh_enrol_hear_epoch (link, self->roster, error);
  if (epoch != NULL && (enrolment == NULL || !koh_hash_equal (&enrolment->epoch->hash, &epoch->hash)))
    {
      enrolment = enrol_in (self, link, g_steal_pointer (&epoch), cancellable, error);
      if (enrolment != NULL && !record (self, "enrolled", enrolment, error))
        g_clear_pointer (&enrolment, koh_enrolment_unref);
    }
  else if (epoch == NULL)
    {
      enrolment = NULL;
    }
  koh_link_close (link, done);
  if (enrolment == NULL)
    return FALSE;
  stand (self, enrolment, NULL);
  return TRUE;
}

static gboolean
is_worth_waiting (const GError *error)
{
  return g_error_matches (error, KOH_ERROR, KOH_ERROR_UNREACHABLE) ||
         g_error_matches (error, KOH_ERROR, KOH_ERROR_UNSUPPORTED) ||
         g_error_matches (error, KOH_ERROR, KOH_ERROR_STOPPED);
}

/* One round over the other peers. FALSE without an error: nobody is the holder yet; *waiting tells why. */
static gboolean
try_all (KohParticipant *self, char **waiting, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) peers = koh_roster_peers (self->roster);
  g_autoptr (GString) whys = g_string_new (NULL);

  for (guint i = 0; i < peers->len; i++)
    {
      const KohCard *card = g_ptr_array_index (peers, i);
      g_autoptr (GError) local = NULL;

      if (i == self->me)
        continue;
      if (try_peer (self, card->name, cancellable, &local))
        return TRUE;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!is_worth_waiting (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (!g_error_matches (local, KOH_ERROR, KOH_ERROR_UNSUPPORTED))
        g_string_append_printf (whys, "%s%s", whys->len > 0 ? "; " : "", local->message);
    }
  *waiting = g_string_free (g_steal_pointer (&whys), FALSE);
  return FALSE;
}

static gboolean
prepare_owner (KohParticipant *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *told = NULL;

  while (TRUE)
    {
      g_autoptr (GError) local = NULL;
      g_autofree char *waiting = NULL;

      if (try_all (self, &waiting, cancellable, &local))
        return TRUE;
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (g_strcmp0 (told, waiting) != 0)
        {
          fprintf (stderr, "%s: waiting for the population holder (%s)\n", self->card->name,
                   *waiting != '\0' ? waiting : "none of the peers holds the register");
          g_free (told);
          told = g_steal_pointer (&waiting);
        }
      for (guint i = 0; i < 10 && !g_cancellable_is_cancelled (cancellable); i++)
        g_usleep (G_USEC_PER_SEC / 10);
    }
}

/* Once, at the start: data that cannot be read are told now, and not only to the first who asks. Data that
 * changed keep the participant from no other duty; its questions are declined. */
static gboolean
check_standing (KohParticipant *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (KohStore) store = NULL;
  KohHash snapshot;

  if (self->enrolment == NULL || self->checked)
    return TRUE;
  store = koh_participant_store (self, error);
  if (store == NULL || !koh_store_snapshot (store, &snapshot, cancellable, error))
    return FALSE;
  self->checked = TRUE;
  if (!koh_hash_equal (&snapshot, &self->enrolment->snapshot))
    fprintf (stderr, "%s: the data changed since the snapshot of %s; run kohorte-peer snapshot %s\n",
             self->card->name, self->enrolment->frozen, self->folder);
  return TRUE;
}

gboolean
koh_participant_prepare (KohParticipant *self, GCancellable *cancellable, GError **error)
{
  if (!check_standing (self, cancellable, error))
    return FALSE;
  return self->config->population ? prepare_holder (self, cancellable, error)
                                  : prepare_owner (self, cancellable, error);
}
