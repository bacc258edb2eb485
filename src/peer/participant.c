/* SPDX-License-Identifier: EUPL-1.2
 *
 * See participant.h. */
#include "peer/participant.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/error.h"

static gboolean
lock_folder (KohParticipant *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "lock", NULL);

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (self->lock >= 0 && errno == EWOULDBLOCK)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Another program serves %s; end it first",
                 self->folder);
  else
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be locked: %s", path, g_strerror (errno));
  return FALSE;
}

static gboolean
make_state (KohParticipant *self, GError **error)
{
  self->state = g_build_filename (self->folder, "state", NULL);
  if (g_mkdir (self->state, 0700) == 0 || errno == EEXIST)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be made: %s", self->state, g_strerror (errno));
  return FALSE;
}

/* The card in the roster must be the one in the folder: another participant under our name is no mistake
 * to work around. */
static gboolean
find_myself (KohParticipant *self, GError **error)
{
  g_autoptr (GPtrArray) peers = koh_roster_peers (self->roster);
  const KohCard *listed = koh_roster_find (self->roster, self->card->name);

  self->me = G_MAXUINT;
  for (guint i = 0; i < peers->len; i++)
    if (g_ptr_array_index (peers, i) == listed)
      self->me = i;
  if (listed == NULL || strcmp (listed->text, self->card->text) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "The roster in %s does not have the card of %s; get the roster that was signed with it",
                   self->folder, self->card->name);
      return FALSE;
    }
  if (strcmp (self->config->name, self->card->name) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH, "%s names %s, but the card in %s is of %s",
                   self->config->path, self->config->name, self->folder, self->card->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
load_enrolment (KohParticipant *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->enrolment = koh_enrolment_load (self->state, self->roster, &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static KohParticipant *
open_folder (const char *folder, gboolean with_enrolment, GError **error)
{
  g_autoptr (KohParticipant) self = g_new0 (KohParticipant, 1);

  self->folder = g_canonicalize_filename (folder, NULL);
  self->lock = -1;
  pthread_mutex_init (&self->mutex, NULL);
  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s is no folder of a participant", self->folder);
      return NULL;
    }
  self->config = koh_config_load (self->folder, error);
  self->identity = self->config != NULL ? koh_identity_load (self->folder, error) : NULL;
  if (self->identity == NULL || !lock_folder (self, error))
    return NULL;
  self->card = koh_identity_card (self->identity);
  self->roster = koh_roster_load (self->folder, error);
  if (self->roster == NULL || !find_myself (self, error) || !make_state (self, error))
    return NULL;
  self->audit = koh_audit_open (self->folder, self->identity, error);
  self->seen = self->audit != NULL ? koh_seen_open (self->state, error) : NULL;
  if (self->seen == NULL || (with_enrolment && !load_enrolment (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

KohParticipant *
koh_participant_open (const char *folder, GError **error)
{
  return open_folder (folder, TRUE, error);
}

KohParticipant *
koh_participant_open_anew (const char *folder, GError **error)
{
  return open_folder (folder, FALSE, error);
}

void
koh_participant_free (KohParticipant *self)
{
  g_clear_pointer (&self->node, koh_node_free);
  g_clear_pointer (&self->holder, koh_holder_free);
  g_clear_pointer (&self->enrolment, koh_enrolment_unref);
  g_clear_pointer (&self->seen, koh_seen_free);
  g_clear_pointer (&self->audit, koh_audit_free);
  g_clear_pointer (&self->roster, koh_roster_free);
  g_clear_pointer (&self->identity, koh_identity_free);
  g_clear_pointer (&self->config, koh_config_free);
  if (self->lock >= 0)
    close (self->lock);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->state);
  g_free (self->folder);
  g_free (self);
}

KohStore *
koh_participant_store (KohParticipant *self, GError **error)
{
  return koh_store_new (self->config->path, error);
}

KohEnrolment *
koh_participant_enrolment (KohParticipant *self, GError **error)
{
  KohEnrolment *enrolment = NULL;

  pthread_mutex_lock (&self->mutex);
  if (self->enrolment != NULL)
    enrolment = koh_enrolment_ref (self->enrolment);
  pthread_mutex_unlock (&self->mutex);
  if (enrolment == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_UNREACHABLE,
                 "%s is not enrolled yet; ask again when it is ready", self->card->name);
  return enrolment;
}
