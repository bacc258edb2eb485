/* SPDX-License-Identifier: EUPL-1.2
 *
 * The one window: a federation, and four pages on it. */
#pragma once

#include <adwaita.h>

#include "app/application.h"

G_BEGIN_DECLS

#define KOH_TYPE_WINDOW (koh_window_get_type ())
G_DECLARE_FINAL_TYPE (KohWindow, koh_window, KOH, WINDOW, AdwApplicationWindow)

KohWindow *koh_window_new                  (KohApplication *application);
void       koh_window_open_federation      (KohWindow *window, const char *folder);
void       koh_window_open_last_federation (KohWindow *window); /* or the welcome page; nothing where one is open */
void       koh_window_open_question        (KohWindow *window, const char *path);
void       koh_window_open_answer          (KohWindow *window, const char *path);
void       koh_window_toast                (KohWindow *window, const char *message);

G_END_DECLS
