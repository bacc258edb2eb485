/* SPDX-License-Identifier: EUPL-1.2
 *
 * See enrolment.h. */
#include "peer/enrolment.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/error.h"
#include "common/place.h"
#include "peer/members.h"
#include "query/json.h"

static void
clear_enrolment (gpointer data)
{
  KohEnrolment *enrolment = data;

  g_clear_pointer (&enrolment->own, koh_map_free); /* owns the catalogue */
  g_clear_pointer (&enrolment->epoch, koh_epoch_free);
  g_clear_pointer (&enrolment->spine, koh_spine_free);
  g_free (enrolment->frozen);
}

KohEnrolment *
koh_enrolment_ref (KohEnrolment *enrolment)
{
  return g_atomic_rc_box_acquire (enrolment);
}

void
koh_enrolment_unref (KohEnrolment *enrolment)
{
  g_atomic_rc_box_release_full (enrolment, clear_enrolment);
}

static KohEnrolment *
make (KohEpoch *epoch, const KohHash *snapshot, const char *frozen, KohCatalogue *catalogue, KohSpine *spine)
{
  KohEnrolment *enrolment = g_atomic_rc_box_new0 (KohEnrolment);

  enrolment->epoch = epoch;
  enrolment->snapshot = *snapshot;
  enrolment->frozen = g_strdup (frozen);
  enrolment->catalogue = catalogue;
  enrolment->own = koh_map_new ();
  koh_map_take (enrolment->own, catalogue);
  enrolment->spine = spine;
  return enrolment;
}

static gboolean
write_record (const KohEnrolment *enrolment, const char *path, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = koh_members_node (object);
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  json_object_set_int_member (object, "kohorte_enrolment", 1);
  json_object_set_member (object, "record", json_node_copy (enrolment->epoch->document));
  koh_member_set_hash (object, "snapshot", &enrolment->snapshot);
  json_object_set_string_member (object, "frozen", enrolment->frozen);
  json_object_set_member (object, "catalogue", koh_catalogue_to_json (enrolment->catalogue));
  text = koh_json_canonical (node);
  bytes = g_bytes_new_take (text, strlen (text));
  return koh_place_write (path, bytes, 0644, error);
}

KohEnrolment *
koh_enrolment_save (const char *state, KohEpoch *epoch, const KohHash *snapshot, KohCatalogue *catalogue,
                    KohSpine *spine, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *record_path = g_build_filename (state, "epoch.json", NULL);
  g_autofree char *spine_path = g_build_filename (state, "spine", NULL);
  g_autoptr (KohEnrolment) enrolment = make (epoch, snapshot, today, catalogue, spine);

  /* An old record must never vouch for a new spine. */
  g_unlink (record_path);
  if (!koh_spine_save (spine, spine_path, error) || !write_record (enrolment, record_path, error))
    return NULL;
  return g_steal_pointer (&enrolment);
}

static gboolean
check_record (JsonNode *node, const char *path, GError **error)
{
  static const KohMember members[] = {
    { "kohorte_enrolment", KOH_SHAPE_WHOLE }, { "record", KOH_SHAPE_OBJECT },
    { "snapshot", KOH_SHAPE_HASH },           { "frozen", KOH_SHAPE_TEXT },
    { "catalogue", KOH_SHAPE_OBJECT },
  };

  if (JSON_NODE_HOLDS_OBJECT (node) &&
      koh_members_check (json_node_get_object (node), members, G_N_ELEMENTS (members), path, NULL) &&
      koh_member_whole (json_node_get_object (node), "kohorte_enrolment") == 1)
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "%s is damaged; run kohorte-peer snapshot and start again", path);
  return FALSE;
}

KohEnrolment *
koh_enrolment_load (const char *state, const KohRoster *roster, GError **error)
{
  g_autofree char *path = g_build_filename (state, "epoch.json", NULL);
  g_autofree char *spine_path = g_build_filename (state, "spine", NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (KohEpoch) epoch = NULL;
  g_autoptr (KohSpine) spine = NULL;
  g_autoptr (KohCatalogue) catalogue = NULL;
  JsonObject *object;
  KohHash snapshot;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  node = koh_json_read_file (path, error);
  if (node == NULL || !check_record (node, path, error))
    return NULL;
  object = json_node_get_object (node);
  epoch = koh_epoch_read (json_object_get_member (object, "record"), roster, error);
  spine = epoch != NULL ? koh_spine_load (spine_path, error) : NULL;
  catalogue =
      spine != NULL ? koh_catalogue_from_json (json_object_get_member (object, "catalogue"), error) : NULL;
  if (catalogue == NULL)
    return NULL;
  if (koh_spine_positions (spine) != epoch->positions)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s does not belong to %s; run kohorte-peer snapshot and start again", spine_path, path);
      return NULL;
    }
  snapshot = koh_member_hash (object, "snapshot");
  return make (g_steal_pointer (&epoch), &snapshot, koh_member_text (object, "frozen"),
               g_steal_pointer (&catalogue), g_steal_pointer (&spine));
}

gboolean
koh_enrolment_clear (const char *state, GError **error)
{
  static const char *const names[] = { "epoch.json", "oprf.key", "list", "spine", "quota" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (state, names[i], NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "%s cannot be removed: %s", path,
                       g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}
