/* SPDX-License-Identifier: EUPL-1.2
 *
 * Keys stand in files of 32 raw bytes, which only their owner may read. A file that is open to others is
 * refused rather than repaired: nobody can say who has read it already. */
#include "net/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/check.h"
#include "common/error.h"
#include "common/place.h"

#define KEY_SIZE 32

static char *
path_of (const char *folder, const char *name)
{
  return g_build_filename (folder, "keys", name, NULL);
}

KohSecret *
koh_keys_make (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = path_of (folder, name);
  g_autoptr (KohSecret) secret = koh_secret_new (KEY_SIZE);
  g_autoptr (GBytes) bytes = NULL;

  randombytes_buf (secret, KEY_SIZE);
  bytes = g_bytes_new_static (secret, KEY_SIZE);
  if (!koh_place_write (path, bytes, 0600, error))
    return NULL;
  return g_steal_pointer (&secret);
}

static gboolean
is_private (const char *path, const struct stat *status, GError **error)
{
  if (koh_check ("key-mode", S_ISREG (status->st_mode) && (status->st_mode & 077) == 0))
    return TRUE;
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "The key file %s can be read by others (mode %04o); if nobody has read it, run chmod 600 on "
               "it, otherwise make new keys",
               path, (guint) (status->st_mode & 07777));
  return FALSE;
}

gboolean
koh_keys_are_private (const char *path, GError **error)
{
  struct stat status;

  if (stat (path, &status) == 0)
    return is_private (path, &status, error);
  g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
               "Cannot read the key file %s: %s; put it back, or make "
               "new keys",
               path, g_strerror (errno));
  return FALSE;
}

/* Mode and bytes are those of one open file, so that nothing can be exchanged between two looks. */
static KohSecret *
read_key (int fd, const char *path, GError **error)
{
  g_autoptr (KohSecret) secret = koh_secret_new (KEY_SIZE + 1);
  g_autoptr (KohSecret) key = koh_secret_new (KEY_SIZE);
  struct stat status;
  gssize size = 0, n = 1;

  if (fstat (fd, &status) != 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID, "Cannot read the key file %s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  if (!is_private (path, &status, error))
    return NULL;
  while (n > 0 && size <= KEY_SIZE)
    {
      n = read (fd, secret + size, (gsize) (KEY_SIZE + 1 - size));
      size += MAX (n, 0);
      if (n < 0 && errno == EINTR)
        n = 1;
    }
  if (!koh_check ("key-size", n == 0 && size == KEY_SIZE))
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "The key file %s should have %d bytes and has another length; put the right file back, or "
                   "make new keys",
                   path, KEY_SIZE);
      return NULL;
    }
  memcpy (key, secret, KEY_SIZE);
  return g_steal_pointer (&key);
}

KohSecret *
koh_keys_load (const char *folder, const char *name, gboolean optional, GError **error)
{
  g_autofree char *path = path_of (folder, name);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  KohSecret *secret;

  if (fd < 0 && errno == ENOENT && optional)
    return NULL;
  if (fd < 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_INVALID,
                   "Cannot read the key file %s: %s; put it back, or make new keys", path,
                   g_strerror (errno));
      return NULL;
    }
  secret = read_key (fd, path, error);
  close (fd);
  return secret;
}
