/* SPDX-License-Identifier: EUPL-1.2
 *
 * The place of verification: everything that is released has passed through here. */
#pragma once

#include "mpc/party.h"

G_BEGIN_DECLS

/* FALSE where this party has failed, or the three do not agree on what has been multiplied so far
 * (check "gate-counts"). One round. Nothing that depends on secrets may leave before it says TRUE. */
gboolean koh_verify_before_opening (KohParty *party);

G_END_DECLS
