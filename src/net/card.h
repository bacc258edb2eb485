/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a card comes to its text, for this room only. */
#pragma once

#include "net/identity.h"

G_BEGIN_DECLS

#define KOH_CARD_MOST 4096 /* bytes of text */

/* What the organisation key signs: the card's lines up to the blank one. */
char    *koh_card_body  (const KohCard *card);

/* The whole text, from a body and a signature over it as "card". */
char    *koh_card_text  (const char *body, const guint8 signature[64]);

/* Whether names, titles and endpoint are such as a card may have. The error names the one that is not. */
gboolean koh_card_check (const KohCard *card, GError **error);

G_END_DECLS
