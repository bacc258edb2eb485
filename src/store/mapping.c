/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading peer.ini. A key that is not known is an error, so that a slip of the pen is found before the
 * data are described. */
#include "store/mapping.h"

#include <string.h>

#include "common/error.h"
#include "common/place.h"

#define MOST_QUERY (1u << 20)

static void
level_free (gpointer data)
{
  KohLevel *level = data;

  g_free (level->code);
  g_free (level->da);
  g_free (level->en);
  g_free (level);
}

static void
declared_free (gpointer data)
{
  KohDeclared *declared = data;

  g_free (declared->name);
  g_free (declared->da);
  g_free (declared->en);
  g_free (declared->unit);
  g_ptr_array_unref (declared->levels);
  g_free (declared);
}

static void
mapping_free (gpointer data)
{
  KohMapping *mapping = data;

  g_free (mapping->name);
  g_free (mapping->source.location);
  g_free (mapping->source.state);
  g_free (mapping->query);
  g_free (mapping->code_system);
  g_free (mapping->da);
  g_free (mapping->en);
  g_free (mapping->da_description);
  g_free (mapping->en_description);
  g_ptr_array_unref (mapping->declared);
  g_strfreev (mapping->columns);
  g_clear_pointer (&mapping->conflicts, g_byte_array_unref);
  g_free (mapping);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohMapping, mapping_free)

void
koh_store_free (KohStore *store)
{
  if (store == NULL)
    return;
  g_free (store->path);
  g_free (store->folder);
  g_free (store->da);
  g_free (store->en);
  g_free (store->organisation);
  g_free (store->contact);
  g_ptr_array_unref (store->mappings);
  g_clear_pointer (&store->described, json_node_unref);
  g_clear_pointer (&store->opted_out, g_bytes_unref);
  g_free (store->opt_out);
  g_mutex_clear (&store->lock);
  g_free (store);
}

KohMapping *
koh_store_mapping (KohStore *store, const char *name)
{
  for (guint i = 0; i < store->mappings->len; i++)
    if (g_str_equal (((KohMapping *) store->mappings->pdata[i])->name, name))
      return store->mappings->pdata[i];
  return NULL;
}

KohDeclared *
koh_mapping_declared (const KohMapping *mapping, const char *variable)
{
  for (guint i = 0; i < mapping->declared->len; i++)
    if (g_str_equal (((KohDeclared *) mapping->declared->pdata[i])->name, variable))
      return mapping->declared->pdata[i];
  return NULL;
}

static KohDeclared *
declare (KohMapping *mapping, const char *variable)
{
  KohDeclared *declared = koh_mapping_declared (mapping, variable);

  if (declared == NULL)
    {
      declared = g_new0 (KohDeclared, 1);
      declared->name = g_strdup (variable);
      declared->levels = g_ptr_array_new_with_free_func (level_free);
      g_ptr_array_add (mapping->declared, declared);
    }
  return declared;
}

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list list;

  va_start (list, format);
  message = g_strdup_vprintf (format, list);
  va_end (list);
  g_set_error_literal (error, KOH_ERROR, KOH_ERROR_INVALID, message);
  return FALSE;
}

/* "da" or "en" at the end of a key: which of two texts it fills. NULL for anything else. */
static char **
of_language (const char *language, char **da, char **en)
{
  return g_strcmp0 (language, "da") == 0 ? da : g_strcmp0 (language, "en") == 0 ? en : NULL;
}

static gboolean
fill (char **text, const char *value)
{
  if (text == NULL)
    return FALSE;
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
read_levels (KohDeclared *declared, GKeyFile *ini, const char *group, const char *key, GError **error)
{
  g_auto (GStrv) codes = g_key_file_get_string_list (ini, group, key, NULL, NULL);

  for (guint i = 0; codes != NULL && codes[i] != NULL; i++)
    {
      KohLevel *level;

      g_strstrip (codes[i]);
      if (*codes[i] == '\0' || g_str_equal (codes[i], "missing"))
        return refuse (error, "a level can be neither empty nor “missing”");
      for (guint j = 0; j < i; j++)
        if (g_str_equal (codes[i], codes[j]))
          return refuse (error, "the level “%s” stands there twice", codes[i]);
      level = g_new0 (KohLevel, 1);
      level->code = g_strdup (codes[i]);
      g_ptr_array_add (declared->levels, level);
    }
  return declared->levels->len > 0 || refuse (error, "give the levels as a;b;c");
}

static gboolean
read_label (KohDeclared *declared, const char *code, const char *language, const char *value, GError **error)
{
  for (guint i = 0; i < declared->levels->len; i++)
    {
      KohLevel *level = declared->levels->pdata[i];

      if (g_str_equal (level->code, code))
        return fill (of_language (language, &level->da, &level->en), value) ||
               refuse (error, "a label's key ends with .da or .en");
    }
  return refuse (error, "“%s” is not among levels.%s", code, declared->name);
}

static gboolean
read_type (KohDeclared *declared, const char *value, GError **error)
{
  static const char *const types[] = { "string", "integer", "decimal", "date" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i], value))
      {
        declared->type = (KohVariableType) i;
        declared->type_given = TRUE;
        return TRUE;
      }
  return refuse (error, "a type is string, integer, decimal or date");
}

/* Keys with dots: title.da, description.en, title.VARIABLE.da, unit.VARIABLE, type.VARIABLE,
 * levels.VARIABLE, label.VARIABLE.CODE.da (CODE may have dots itself). Labels come in a second pass, since
 * they may stand before their levels. */
static gboolean
read_dotted (KohMapping *mapping, GKeyFile *ini, const char *group, const char *key, gboolean labels,
             GError **error)
{
  g_autofree char *value = g_key_file_get_string (ini, group, key, NULL);
  g_auto (GStrv) parts = g_strsplit (key, ".", 3);
  guint n = g_strv_length (parts);
  gboolean is_label = g_str_equal (parts[0], "label");
  KohDeclared *declared;
  char *dot;

  if (value == NULL)
    return refuse (error, "the value is not UTF-8 text of one line");
  if (is_label != labels)
    return TRUE;
  if (n == 2 && g_str_equal (parts[0], "title"))
    return fill (of_language (parts[1], &mapping->da, &mapping->en), value) ||
           refuse (error, "ends with .da or .en");
  if (n == 2 && g_str_equal (parts[0], "description"))
    return fill (of_language (parts[1], &mapping->da_description, &mapping->en_description), value) ||
           refuse (error, "ends with .da or .en");
  if (n == 3 && g_str_equal (parts[0], "title"))
    {
      declared = declare (mapping, parts[1]);
      return fill (of_language (parts[2], &declared->da, &declared->en), value) ||
             refuse (error, "ends with .da or .en");
    }
  if (n == 2 && g_str_equal (parts[0], "unit"))
    return fill (&declare (mapping, parts[1])->unit, value);
  if (n == 2 && g_str_equal (parts[0], "type"))
    return read_type (declare (mapping, parts[1]), value, error);
  if (n == 2 && g_str_equal (parts[0], "levels"))
    return read_levels (declare (mapping, parts[1]), ini, group, key, error);
  if (n == 3 && is_label && (dot = strrchr (parts[2], '.')) != NULL)
    {
      *dot = '\0';
      return read_label (declare (mapping, parts[1]), parts[2], dot + 1, value, error);
    }
  return refuse (error, "this key is not known");
}

static gboolean
read_source (KohMapping *mapping, KohStore *store, const char *value, GError **error)
{
  const char *colon = strchr (value, ':');
  g_autofree char *scheme = g_strndup (value, colon != NULL ? (gsize) (colon - value) : 0);

  mapping->connector = koh_connector_kind (scheme);
  if (mapping->connector == NULL || colon[1] == '\0')
    {
      g_autofree char *known = koh_connector_kinds ();

      return refuse (error, "“%s” is not a source that this version reads (%s)", value, known);
    }
  g_free (mapping->source.location);
  mapping->source.location = g_canonicalize_filename (colon + 1, store->folder);
  return TRUE;
}

static gboolean
read_on_error (KohMapping *mapping, const char *value, GError **error)
{
  gboolean skips = g_str_has_prefix (value, "skip ");
  const char *text = skips ? value + strlen ("skip ") : "";
  char *end = NULL;

  mapping->skip = skips ? g_ascii_strtod (text, &end) : 0;
  return g_str_equal (value, "refuse") ||
         (skips && g_ascii_isdigit (*text) && *end == '\0' && mapping->skip > 0 && mapping->skip < 1) ||
         refuse (error, "write on_error=refuse, or skip and a share between 0 and 1, such as skip 0.01");
}

static gboolean
read_separator (KohMapping *mapping, const char *value, GError **error)
{
  mapping->source.separator = g_str_equal (value, "tab") ? '\t' : *value;
  return g_str_equal (value, ",") || g_str_equal (value, ";") || g_str_equal (value, "tab") ||
         refuse (error, "a separator is “,”, “;” or the word tab");
}

static gboolean
read_query_file (KohMapping *mapping, KohStore *store, const char *value, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (value, store->folder);
  g_autoptr (GBytes) bytes = koh_place_read (path, MOST_QUERY, error);
  gsize size;
  const char *text;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &size);
  if (!g_utf8_validate_len (text, size, NULL))
    return refuse (error, "%s is not UTF-8 text", path);
  g_free (mapping->query);
  mapping->query = g_strndup (text, size);
  return TRUE;
}

static gboolean
read_plain (KohMapping *mapping, KohStore *store, const char *key, const char *value, GError **error)
{
  if (g_str_equal (key, "kind"))
    {
      mapping->kind = g_str_equal (value, "event") ? KOH_DATASET_EVENT : KOH_DATASET_PERSON;
      return g_str_equal (value, "event") || g_str_equal (value, "person") ||
             refuse (error, "a kind is person or event");
    }
  if (g_str_equal (key, "validity"))
    {
      mapping->validity_given = TRUE;
      mapping->validity = g_str_equal (value, "year")     ? KOH_VALIDITY_YEAR
                          : g_str_equal (value, "period") ? KOH_VALIDITY_PERIOD
                                                          : KOH_VALIDITY_NONE;
      return mapping->validity != KOH_VALIDITY_NONE || g_str_equal (value, "none") ||
             refuse (error, "a validity is none, year or period");
    }
  if (g_str_equal (key, "on_error"))
    return read_on_error (mapping, value, error);
  if (g_str_equal (key, "source"))
    return read_source (mapping, store, value, error);
  if (g_str_equal (key, "separator"))
    return read_separator (mapping, value, error);
  if (g_str_equal (key, "query_file"))
    return read_query_file (mapping, store, value, error);
  if (g_str_equal (key, "query"))
    return fill (&mapping->query, value);
  if (g_str_equal (key, "code_system"))
    return fill (&mapping->code_system, value);
  return refuse (error, "this key is not known");
}

/* One SELECT, without the semicolon that may end it. */
static gboolean
trim_query (KohMapping *mapping, GError **error)
{
  gsize n;

  if (mapping->query == NULL)
    return refuse (error, "the dataset lacks query= or query_file=");
  g_strstrip (mapping->query);
  n = strlen (mapping->query);
  while (n > 0 && (mapping->query[n - 1] == ';' || g_ascii_isspace (mapping->query[n - 1])))
    mapping->query[--n] = '\0';
  return n > 0 || refuse (error, "the query is empty");
}

static gboolean
complete (KohMapping *mapping, GKeyFile *ini, const char *group, GError **error)
{
  if (!g_key_file_has_key (ini, group, "kind", NULL))
    return refuse (error, "the dataset lacks kind=person or kind=event");
  if (mapping->connector == NULL)
    return refuse (error, "the dataset lacks source=");
  if (mapping->source.separator != 0 && mapping->connector != &koh_csv_connector)
    return refuse (error, "only comma-separated text (source=csv:FOLDER) has a separator=");
  if (g_key_file_has_key (ini, group, "query", NULL) && g_key_file_has_key (ini, group, "query_file", NULL))
    return refuse (error, "give query= or query_file=, not both");
  if (mapping->kind == KOH_DATASET_EVENT && mapping->validity_given)
    return refuse (error, "events have no validity=");
  if (mapping->kind == KOH_DATASET_PERSON && mapping->code_system != NULL)
    return refuse (error, "only events have a code_system=");
  return trim_query (mapping, error);
}

static void
take_default (char **text, const char *other, const char *otherwise)
{
  if (*text == NULL)
    *text = g_strdup (other != NULL ? other : otherwise);
}

static KohMapping *
read_mapping (KohStore *store, GKeyFile *ini, const char *group, GError **error)
{
  g_autoptr (KohMapping) mapping = g_new0 (KohMapping, 1);
  g_auto (GStrv) keys = g_key_file_get_keys (ini, group, NULL, NULL);
  KohHasher hasher;

  mapping->declared = g_ptr_array_new_with_free_func (declared_free);
  mapping->source.state = g_build_filename (store->folder, "state", NULL);
  mapping->name = g_strdup (group + strlen ("dataset "));
  g_strstrip (mapping->name);
  if (mapping->name[strspn (mapping->name, "abcdefghijklmnopqrstuvwxyz0123456789_-")] != '\0' ||
      *mapping->name == '\0')
    {
      refuse (error, "%s, [%s]: a dataset's name has lower-case letters, digits, - and _ only", store->path,
              group);
      return NULL;
    }
  koh_hasher_init (&hasher, "kohorte/mapping/1");
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
      {
        g_autofree char *value = g_key_file_get_string (ini, group, keys[i], NULL);
        gboolean dotted = strchr (keys[i], '.') != NULL;

        if (pass == 0)
          {
            koh_hasher_string (&hasher, keys[i]);
            koh_hasher_string (&hasher, value != NULL ? value : "");
          }
        if ((dotted && !read_dotted (mapping, ini, group, keys[i], pass == 1, error)) ||
            (!dotted && pass == 0 &&
             !read_plain (mapping, store, keys[i], value != NULL ? value : "", error)))
          {
            g_prefix_error (error, "%s, [%s], %s: ", store->path, group, keys[i]);
            return NULL;
          }
      }
  if (!complete (mapping, ini, group, error))
    {
      g_prefix_error (error, "%s, [%s]: ", store->path, group);
      return NULL;
    }
  koh_hasher_string (&hasher, mapping->query);
  mapping->hash = koh_hasher_end (&hasher);
  take_default (&mapping->da, mapping->en, mapping->name);
  take_default (&mapping->en, mapping->da, mapping->name);
  take_default (&mapping->da_description, mapping->en_description, "");
  take_default (&mapping->en_description, mapping->da_description, "");
  return g_steal_pointer (&mapping);
}

/* The group [peer] has keys of other readers too; but a key that was meant for this list must not be passed over. */
static gboolean
read_opt_out (KohStore *store, GKeyFile *ini, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (ini, "peer", NULL, NULL);
  g_autofree char *value = g_key_file_get_string (ini, "peer", "opt_out", NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (g_ascii_strncasecmp (keys[i], "opt", 3) == 0 && !g_str_equal (keys[i], "opt_out"))
      return refuse (error, "%s, [peer], %s: this key is not known; is it opt_out=?", store->path, keys[i]);
  if (value == NULL)
    return !g_key_file_has_key (ini, "peer", "opt_out", NULL) ||
           refuse (error, "%s, [peer], opt_out: the value is not UTF-8 text", store->path);
  if (*value == '\0')
    return refuse (error, "%s, [peer], opt_out: name the file, or remove the key", store->path);
  store->opt_out = g_canonicalize_filename (value, store->folder);
  return TRUE;
}

KohStore *
koh_store_new (const char *path, GError **error)
{
  g_autoptr (KohStore) store = g_new0 (KohStore, 1);
  g_autoptr (GKeyFile) ini = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) groups = NULL;
  g_autofree char *whole = g_canonicalize_filename (path, NULL);

  g_mutex_init (&store->lock);
  store->path = g_strdup (path);
  store->folder = g_path_get_dirname (whole);
  store->mappings = g_ptr_array_new_with_free_func (mapping_free);
  if (!g_key_file_load_from_file (ini, path, G_KEY_FILE_NONE, &local))
    {
      refuse (error, "%s cannot be read: %s", path, local->message);
      return NULL;
    }
  store->da = g_key_file_get_string (ini, "peer", "title.da", NULL);
  store->en = g_key_file_get_string (ini, "peer", "title.en", NULL);
  store->organisation = g_key_file_get_string (ini, "peer", "organisation", NULL);
  store->contact = g_key_file_get_string (ini, "peer", "contact", NULL);
  store->population = g_key_file_get_boolean (ini, "peer", "population", NULL);
  if (!read_opt_out (store, ini, error))
    return NULL;
  take_default (&store->organisation, NULL, "");
  take_default (&store->contact, NULL, "");
  groups = g_key_file_get_groups (ini, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      KohMapping *mapping;

      if (!g_str_has_prefix (groups[i], "dataset "))
        continue;
      mapping = read_mapping (store, ini, groups[i], error);
      if (mapping == NULL)
        return NULL;
      if (koh_store_mapping (store, mapping->name) != NULL)
        {
          refuse (error, "%s has two datasets “%s”", path, mapping->name);
          mapping_free (mapping);
          return NULL;
        }
      g_ptr_array_add (store->mappings, mapping);
    }
  return g_steal_pointer (&store);
}
