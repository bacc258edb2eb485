/* SPDX-License-Identifier: EUPL-1.2
 *
 * The connector to a folder of comma-separated files: each FILE.csv is a table FILE, whose columns are text.
 * They are read whole into a SQLite file in the peer's state folder, which only its user can read, and again
 * when a file has changed. That file gets its name when it is complete, and the name holds the hash of what
 * was read: there is never half of it, and never an old one. */
#include "store/connector.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"
#include "store/csv.h"
#include "store/file-hash.h"

#define MOST_NAME 100
#define MICROSECONDS_BETWEEN_TRIES 50000

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list list;

  va_start (list, format);
  message = g_strdup_vprintf (format, list);
  va_end (list);
  g_set_error_literal (error, KOH_ERROR, KOH_ERROR_DATA, message);
  return FALSE;
}

/* ---- The files ------------------------------------------------------------------------------ */

static gboolean
is_plain_name (const char *text)
{
  if (*text == '\0' || strlen (text) > MOST_NAME || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* The table of a file, "kontakt" of "…/kontakt.csv". */
static char *
table_of (const char *path)
{
  char *name = g_path_get_basename (path);

  name[strlen (name) - strlen (".csv")] = '\0';
  return name;
}

static gboolean
check_tables (const char *folder, GPtrArray *paths, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *table = table_of (paths->pdata[i]), *shown = g_filename_display_name (table);

      if (!is_plain_name (table) || g_ascii_strncasecmp (table, "sqlite_", 7) == 0)
        return fail (error, "In %s, “%s.csv” cannot be the name of a table; rename the file", folder, shown);
      if (!g_hash_table_add (seen, g_ascii_strdown (table, -1)))
        return fail (error, "In %s, two files would be the table “%s”; rename one", folder, shown);
    }
  return paths->len > 0 || fail (error, "%s has no file whose name ends with .csv", folder);
}

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
list_files (const KohSource *source, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (source->location, 0, &local);
  const char *name;

  if (dir == NULL)
    {
      fail (error, "%s cannot be read: %s", source->location, local->message);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (strlen (name) >= 4 && g_ascii_strcasecmp (name + strlen (name) - 4, ".csv") == 0)
      g_ptr_array_add (paths, g_build_filename (source->location, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  if (!check_tables (source->location, paths, error))
    return NULL;
  g_ptr_array_set_free_func (paths, NULL);
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

static gboolean
hash_files (char **files, KohHash *hash, GCancellable *cancellable, GError **error)
{
  KohHasher hasher;

  koh_hasher_init (&hasher, "kohorte/csv/1");
  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *name = g_path_get_basename (files[i]);
      KohHash one;

      if (!koh_file_hash (files[i], &one, NULL, cancellable, error))
        return FALSE;
      koh_hasher_string (&hasher, name);
      koh_hasher_hash (&hasher, &one);
    }
  *hash = koh_hasher_end (&hasher);
  return TRUE;
}

/* ---- Into the database ---------------------------------------------------------------------- */

typedef struct
{
  int fd;
  const char *path;
  GCancellable *cancellable;
} Source;

static gssize
read_bytes (gpointer user_data, guint8 *bytes, gsize size, GError **error)
{
  Source *source = user_data;
  gssize n;

  if (g_cancellable_set_error_if_cancelled (source->cancellable, error))
    return -1;
  do
    n = read (source->fd, bytes, size);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    fail (error, "%s cannot be read: %s", source->path, g_strerror (errno));
  return n;
}

static gboolean
fail_to_write (sqlite3 *db, const char *path, GError **error)
{
  return fail (error, "%s cannot be written: %s", path, db != NULL ? sqlite3_errmsg (db) : "out of memory");
}

/* CREATE TABLE and INSERT from the header, every name quoted. */
static gboolean
make_table (const KohCsv *csv, const char *table, char **create, char **insert, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) columns = g_string_new (NULL), marks = g_string_new (NULL);

  for (guint i = 0; i < koh_csv_width (csv); i++)
    {
      const char *name = koh_csv_field (csv, i, NULL);
      char *quoted;

      if (!is_plain_name (name))
        {
          koh_csv_refuse (csv, i,
                          "the header's name is empty, has more than 100 bytes, or has control characters",
                          error);
          return FALSE;
        }
      if (!g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        {
          koh_csv_refuse (csv, i, "the header has this name already", error);
          return FALSE;
        }
      quoted = sqlite3_mprintf ("%s\"%w\" TEXT", i > 0 ? ", " : "", name);
      g_string_append (columns, quoted);
      sqlite3_free (quoted);
      g_string_append (marks, i > 0 ? ", ?" : "?");
    }
  *create = sqlite3_mprintf ("CREATE TABLE \"%w\" (%s)", table, columns->str);
  *insert = sqlite3_mprintf ("INSERT INTO \"%w\" VALUES (%s)", table, marks->str);
  return TRUE;
}

static gboolean
insert_rows (sqlite3 *db, sqlite3_stmt *statement, KohCsv *csv, const char *target, GError **error)
{
  gboolean found;

  while (TRUE)
    {
      if (!koh_csv_next (csv, &found, error))
        return FALSE;
      if (!found)
        return TRUE;
      for (guint i = 0; i < koh_csv_width (csv); i++)
        {
          gsize size;
          const char *text = koh_csv_field (csv, i, &size);

          /* Files cannot tell empty text from none, and queries ask for none: `ended IS NULL`. */
          if ((size == 0 ? sqlite3_bind_null (statement, (int) i + 1)
                         : sqlite3_bind_text (statement, (int) i + 1, text, (int) size, SQLITE_STATIC)) !=
              SQLITE_OK)
            return fail_to_write (db, target, error);
        }
      if (sqlite3_step (statement) != SQLITE_DONE || sqlite3_reset (statement) != SQLITE_OK)
        return fail_to_write (db, target, error);
    }
}

static gboolean
load_open_file (sqlite3 *db, KohCsv *csv, const char *path, const char *target, GError **error)
{
  g_autofree char *table = table_of (path);
  char *create = NULL, *insert = NULL;
  sqlite3_stmt *statement = NULL;
  gboolean found, ok;

  if (!koh_csv_next (csv, &found, error) || !make_table (csv, table, &create, &insert, error))
    return FALSE;
  ok = (sqlite3_exec (db, create, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2 (db, insert, -1, &statement, NULL) == SQLITE_OK) ||
       fail_to_write (db, target, error);
  ok = ok && insert_rows (db, statement, csv, target, error);
  sqlite3_finalize (statement);
  sqlite3_free (create);
  sqlite3_free (insert);
  return ok;
}

static gboolean
load_file (sqlite3 *db, const char *path, char separator, const char *target, GCancellable *cancellable,
           GError **error)
{
  Source source = { open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), path, cancellable };
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (KohCsv) csv = NULL;
  gboolean ok;

  if (source.fd < 0)
    return fail (error, "%s cannot be read: %s", path, g_strerror (errno));
  csv = koh_csv_new (name, separator, read_bytes, &source);
  ok = load_open_file (db, csv, path, target, error);
  close (source.fd);
  return ok;
}

/* Nothing is kept for an interruption: what is not complete is removed. */
static gboolean
fill_database (const char *target, char **files, char separator, GCancellable *cancellable, GError **error)
{
  int fd = open (target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  sqlite3 *db = NULL;
  gboolean ok;

  if (fd < 0)
    return fail (error, "%s cannot be written: %s", target, g_strerror (errno));
  ok = sqlite3_open_v2 (target, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
       sqlite3_exec (db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN EXCLUSIVE", NULL, NULL,
                     NULL) == SQLITE_OK;
  if (!ok)
    fail_to_write (db, target, error);
  for (guint i = 0; ok && files[i] != NULL; i++)
    ok = load_file (db, files[i], separator, target, cancellable, error);
  if (ok && sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    ok = fail_to_write (db, target, error);
  if (sqlite3_close (db) != SQLITE_OK && ok)
    ok = fail (error, "%s cannot be closed", target);
  if (ok && fsync (fd) != 0)
    ok = fail (error, "%s cannot be written: %s", target, g_strerror (errno));
  close (fd);
  return ok;
}

/* ---- What is kept --------------------------------------------------------------------------- */

/* What other contents of the same folder left, and what an interruption left. */
static void
remove_others (const char *state, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (state, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      {
        g_autofree char *path = g_build_filename (state, name, NULL);

        g_unlink (path);
      }
}

static gboolean
sync_folder (const char *folder, GError **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    fail (error, "%s cannot be written: %s", folder, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
load (const KohSource *source, char **files, const KohHash *hash, const char *prefix, const char *path,
      GCancellable *cancellable, GError **error)
{
  g_autofree char *target = g_build_filename (source->state, prefix, NULL);
  g_autofree char *unfinished = g_strconcat (target, "new", NULL);
  KohHash after;

  remove_others (source->state, prefix);
  if (fill_database (unfinished, files, source->separator, cancellable, error) &&
      hash_files (files, &after, cancellable, error) &&
      (koh_hash_equal (hash, &after) ||
       fail (error, "The files in %s change while they are read; use a frozen extract", source->location)) &&
      (g_rename (unfinished, path) == 0 ||
       fail (error, "%s cannot be written: %s", path, g_strerror (errno))) &&
      sync_folder (source->state, error))
    return TRUE;
  g_unlink (unfinished);
  return FALSE;
}

/* One reader at a time, of all processes; the lock ends with its holder. */
static int
lock_state (const char *state, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (state, "csv.lock", NULL);
  int fd;

  if (g_mkdir_with_parents (state, 0700) != 0)
    {
      fail (error, "%s cannot be made: %s", state, g_strerror (errno));
      return -1;
    }
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  while (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          close (fd);
          return -1;
        }
      g_usleep (MICROSECONDS_BETWEEN_TRIES);
    }
  if (fd < 0)
    fail (error, "%s cannot be locked: %s", path, g_strerror (errno));
  return fd;
}

/* "csv-PLACE-" and "csv-PLACE-CONTENT.sqlite". */
static void
name_database (const KohSource *source, const KohHash *hash, char **prefix, char **path)
{
  g_autofree char *place =
      g_strdup_printf ("%c %s", source->separator != 0 ? source->separator : '-', source->location);
  KohHash of_place = koh_hash_of ("kohorte/csv-folder/1", place, strlen (place));
  g_autofree char *a = koh_hash_to_hex (&of_place), *b = koh_hash_to_hex (hash), *name = NULL;

  a[16] = '\0';
  *prefix = g_strdup_printf ("csv-%s-", a);
  name = g_strdup_printf ("%s%s.sqlite", *prefix, b);
  *path = g_build_filename (source->state, name, NULL);
}

static KohConnector *
open_folder (const KohSource *source, GCancellable *cancellable, GError **error)
{
  g_autofree char *shown = g_strdup_printf ("The CSV files of %s", source->location), *prefix = NULL,
                  *path = NULL;
  g_auto (GStrv) files = list_files (source, error);
  KohConnector *connector = NULL;
  KohHash hash;
  int lock;

  if (files == NULL || !hash_files (files, &hash, cancellable, error))
    return NULL;
  name_database (source, &hash, &prefix, &path);
  lock = lock_state (source->state, cancellable, error);
  if (lock < 0)
    return NULL;
  if (g_file_test (path, G_FILE_TEST_EXISTS) || load (source, files, &hash, prefix, path, cancellable, error))
    connector = koh_sqlite_open (path, shown, cancellable, error);
  close (lock);
  return connector;
}

const KohConnectorKind koh_csv_connector = {
  .scheme = "csv",
  .describe = "csv:FOLDER",
  .open = open_folder,
  .files = list_files,
  .is_folder = TRUE,
};
