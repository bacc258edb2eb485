/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where the peer's program stands. */
#include "cli/peer-program.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "common/error.h"

char *
koh_cli_peer_program (GError **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *told = g_getenv ("KOHORTE_PEER");
  char *found;

  if (told != NULL)
    return g_strdup (told);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (folder, i == 0 ? "." : "../peer", "kohorte-peer", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }
  found = g_find_program_in_path ("kohorte-peer");
  if (found == NULL)
    g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                 _("The program kohorte-peer was not found; install it, or name it in KOHORTE_PEER."));
  return found;
}
