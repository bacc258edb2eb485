/* SPDX-License-Identifier: EUPL-1.2
 *
 * One connection to the desk's participant: JSON objects, one a line, both ways, over a Unix socket. Private to
 * this room. Lines are bounded and parsed strictly: the participant is ours, but what it passes on is not. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KOH_TYPE_WIRE (koh_wire_get_type ())
G_DECLARE_FINAL_TYPE (KohWire, koh_wire, KOH, WIRE, GObject)

/* Signals: "event" (JsonObject), and once, last, "closed" (GError, or NULL at an orderly end). */
void     koh_wire_connect_async  (const char *socket, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);

/* Listening begins when the caller next returns to the main loop. */
KohWire *koh_wire_connect_finish (GAsyncResult *result, GError **error);

/* Sends {"do": @verb, @member: @value}; @member may be NULL. */
void     koh_wire_send           (KohWire *wire, const char *verb, const char *member, const char *value);

/* Ends the connection without a "closed" signal. */
void     koh_wire_close          (KohWire *wire);

G_END_DECLS
