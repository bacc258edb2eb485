/* SPDX-License-Identifier: EUPL-1.2
 *
 * What libFuzzer calls. One target for each input from outside; the stored inputs of corpus/NAME are
 * replayed by the room's own tests, with any compiler. */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize size);
