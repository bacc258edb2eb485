/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/error.h"

#include <gio/gio.h>

G_DEFINE_QUARK (koh-error-quark, koh_error)

static const struct
{
  const char *name;
  int exit_status;
} codes[] = {
  [KOH_ERROR_INVALID] = { "invalid", 1 },     [KOH_ERROR_USAGE] = { "usage", 2 },
  [KOH_ERROR_DECLINED] = { "declined", 3 },   [KOH_ERROR_STOPPED] = { "stopped", 4 },
  [KOH_ERROR_CHECK] = { "check", 4 },         [KOH_ERROR_MISMATCH] = { "mismatch", 4 },
  [KOH_ERROR_PROTOCOL] = { "protocol", 4 },   [KOH_ERROR_DATA] = { "data", 4 },
  [KOH_ERROR_UNREACHABLE] = { "unreachable", 5 }, [KOH_ERROR_UNSUPPORTED] = { "unsupported", 1 },
};

int
koh_error_exit_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return 130;
  if (error->domain == KOH_ERROR && (guint) error->code < G_N_ELEMENTS (codes))
    return codes[error->code].exit_status;
  return 1;
}

const char *
koh_error_code_name (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain == KOH_ERROR && (guint) error->code < G_N_ELEMENTS (codes))
    return codes[error->code].name;
  return "invalid";
}

KohErrorCode
koh_error_code_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (name, codes[i].name) == 0)
      return (KohErrorCode) i;
  return KOH_ERROR_PROTOCOL;
}
