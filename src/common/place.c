/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/hash.h"

char *
koh_place_socket (const char *folder)
{
  g_autofree char *whole = g_canonicalize_filename (folder, NULL);
  KohHash hash = koh_hash_of ("kohorte/socket/1", whole, strlen (whole));
  g_autofree char *hex = koh_hash_to_hex (&hash);
  const char *run = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *own = NULL;

  if (run == NULL || g_access (run, W_OK) != 0)
    {
      own = g_strdup_printf ("%s/kohorte-%u", g_get_tmp_dir (), (guint) getuid ());
      g_mkdir (own, 0700);
      run = own;
    }
  hex[24] = '\0';
  return g_strdup_printf ("%s/kohorte-%s.sock", run, hex);
}

static gboolean
fail (GError **error, const char *verb, const char *path)
{
  int saved = errno;

  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot %s %s: %s", verb, path,
               g_strerror (saved));
  return FALSE;
}

static gboolean
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

gboolean
koh_place_write (const char *path, GBytes *bytes, int mode, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  gsize size, at = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, mode);
  gboolean ok = fd >= 0;

  while (ok && at < size)
    {
      gssize n = write (fd, data + at, size - at);

      if (n < 0 && errno == EINTR)
        continue;
      ok = n > 0;
      at += ok ? (gsize) n : 0;
    }
  ok = ok && fsync (fd) == 0;
  if (fd >= 0)
    ok = close (fd) == 0 && ok;
  ok = ok && g_rename (temporary, path) == 0 && sync_folder_of (path);
  if (!ok)
    {
      fail (error, "write", path);
      if (fd >= 0)
        g_unlink (temporary);
    }
  return ok;
}

GBytes *
koh_place_read (const char *path, gsize most, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, &local))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot read %s: %s", path, local->message);
      return NULL;
    }
  if (size > most)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "%s has %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT " are read", path,
                   size, most);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&text), size);
}
