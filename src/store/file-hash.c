/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/file-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"

#define BLOCK (1u << 20)

typedef struct
{
  dev_t device;
  ino_t inode;
  off_t size;
  struct timespec changed, modified;
} Look;

typedef struct
{
  Look look;
  KohHash hash;
} Known;

static GMutex lock;
static GHashTable *known_files; /* path → Known */

static gboolean
same_look (const Look *a, const Look *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec &&
         a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static gboolean
look_at (int fd, Look *look)
{
  struct stat status;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    return FALSE;
  *look = (Look){ status.st_dev, status.st_ino, status.st_size, status.st_ctim, status.st_mtim };
  return TRUE;
}

static gboolean
hash_bytes (int fd, const Look *look, KohHash *hash, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  KohHasher hasher;
  gssize n;

  koh_hasher_init (&hasher, "kohorte/file/1");
  koh_hasher_u64 (&hasher, (guint64) look->size);
  while ((n = read (fd, block, BLOCK)) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s", g_strerror (errno));
          return FALSE;
        }
      crypto_generichash_update (&hasher.state, block, (gsize) n);
    }
  *hash = koh_hasher_end (&hasher);
  return TRUE;
}

static gboolean
hash_open_file (const char *path, int fd, KohHash *hash, GCancellable *cancellable, GError **error)
{
  Look before, after;
  Known *known;

  if (!look_at (fd, &before))
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_DATA, "it is not a file");
      return FALSE;
    }
  g_mutex_lock (&lock);
  known = known_files != NULL ? g_hash_table_lookup (known_files, path) : NULL;
  if (known != NULL && same_look (&known->look, &before))
    {
      *hash = known->hash;
      g_mutex_unlock (&lock);
      return TRUE;
    }
  g_mutex_unlock (&lock);
  if (!hash_bytes (fd, &before, hash, cancellable, error))
    return FALSE;
  if (!look_at (fd, &after) || !same_look (&before, &after))
    {
      g_set_error_literal (error, KOH_ERROR, KOH_ERROR_DATA,
                           "it changes while it is read; use a frozen extract");
      return FALSE;
    }
  known = g_new (Known, 1);
  *known = (Known){ before, *hash };
  g_mutex_lock (&lock);
  if (known_files == NULL)
    known_files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (known_files, g_strdup (path), known);
  g_mutex_unlock (&lock);
  return TRUE;
}

gboolean
koh_file_hash (const char *path, KohHash *hash, gboolean *found, GCancellable *cancellable, GError **error)
{
  /* Without O_NONBLOCK, a named pipe of that name would wait for ever. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean ok;

  if (found != NULL)
    *found = fd >= 0;
  if (fd < 0 && found != NULL && errno == ENOENT)
    return TRUE;
  if (fd < 0)
    {
      g_set_error (error, KOH_ERROR, KOH_ERROR_DATA, "%s cannot be read: %s", path, g_strerror (errno));
      return FALSE;
    }
  ok = hash_open_file (path, fd, hash, cancellable, error);
  if (!ok)
    g_prefix_error (error, "%s cannot be read: ", path);
  close (fd);
  return ok;
}
