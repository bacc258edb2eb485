/* SPDX-License-Identifier: EUPL-1.2
 *
 * g_settings_new() ends the program when the schema is missing, so the schema is looked up first. */
#include "app/settings.h"

#define SCHEMA "dk.kohorte.Kohorte"

GSettings *
koh_settings (void)
{
  static GSettings *settings;
  static gboolean looked;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (looked)
    return settings;
  looked = TRUE;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  if (schema != NULL)
    settings = g_settings_new (SCHEMA);
  return settings;
}

char *
koh_settings_get_string (const char *key)
{
  return koh_settings () != NULL ? g_settings_get_string (koh_settings (), key) : g_strdup ("");
}

void
koh_settings_set_string (const char *key, const char *value)
{
  if (koh_settings () != NULL)
    g_settings_set_string (koh_settings (), key, value);
}

gint
koh_settings_get_int (const char *key, gint otherwise)
{
  return koh_settings () != NULL ? g_settings_get_int (koh_settings (), key) : otherwise;
}

void
koh_settings_set_int (const char *key, gint value)
{
  if (koh_settings () != NULL)
    g_settings_set_int (koh_settings (), key, value);
}
