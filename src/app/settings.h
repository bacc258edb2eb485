/* SPDX-License-Identifier: EUPL-1.2
 *
 * The user's own preferences: the last federation, the window's size. Where the schema is not installed (a program
 * run straight from a folder) the defaults stand and nothing is remembered. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSettings *koh_settings            (void); /* NULL where the schema is not installed; lends */
char      *koh_settings_get_string (const char *key); /* "" by default; free with g_free() */
void       koh_settings_set_string (const char *key, const char *value);
gint       koh_settings_get_int    (const char *key, gint otherwise);
void       koh_settings_set_int    (const char *key, gint value);

G_END_DECLS
