/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the files of this room know of a client, and nobody else. */
#pragma once

#include "client/client.h"
#include "client/wire.h"

struct _KohClient
{
  GObject parent;
  char *folder;
  char *name;
  char *asker;  /* the folder of the desk's participant */
  char **peers;
  KohMap *map;
};
