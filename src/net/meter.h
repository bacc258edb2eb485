/* SPDX-License-Identifier: EUPL-1.2
 *
 * A connection of which only so many bytes are read. libsoup reads as long as there is something to read,
 * and keeps what is no whole message yet: a stranger could fill our memory, and keep the main loop from
 * everything else meanwhile. Below it, this ends the connection when the allowance is used up, and after
 * each few megabytes says "nothing yet", so that others get their turn. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KOH_TYPE_METER (koh_meter_get_type ())
G_DECLARE_FINAL_TYPE (KohMeter, koh_meter, KOH, METER, GIOStream)

KohMeter *koh_meter_new   (GIOStream *base);

/* From now on so many bytes may be read; none at first. */
void      koh_meter_allow (KohMeter *meter, gsize bytes);

G_END_DECLS
