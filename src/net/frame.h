/* SPDX-License-Identifier: EUPL-1.2
 *
 * The bytes on the wire. Before the handshake has ended: a hello (the dialler's first message), a welcome
 * or a refusal (the answer). After it: frames, each
 *
 *   version (1) ‖ kind (1) ‖ sequence number (8, little-endian) ‖ ciphertext ‖ tag (16)
 *
 * under ChaCha20-Poly1305 with nonce = sequence number and associated data = handshake hash ‖ from ‖ to ‖
 * version ‖ kind ‖ sequence number. Numbers of one direction are 0, 1, 2, …, without gap or repeat. */
#pragma once

#include <glib.h>

#include "common/hash.h"

G_BEGIN_DECLS

#define KOH_WIRE_VERSION 1
#define KOH_FRAME_HEAD 10
#define KOH_FRAME_TAG 16
#define KOH_WIRE_MOST ((1u << 20) + KOH_FRAME_HEAD + KOH_FRAME_TAG)

typedef enum
{
  KOH_FRAME_READY = 1,  /* the dialler's first frame: it holds the keys, and is no recording */
  KOH_FRAME_DATA,       /* part of a message */
  KOH_FRAME_DATA_LAST,  /* its last or only part */
  KOH_FRAME_CREDIT,     /* u32: so much more may be sent */
  KOH_FRAME_CLOSE,      /* code name, sentence */
} KohFrameKind;

/* One direction of a link. Lies in wiped memory. */
typedef struct _KohFrameCipher KohFrameCipher;

KohFrameCipher *koh_frame_cipher_new  (const guint8 key[32], const guint8 session[32], const char *from, const char *to);
void            koh_frame_cipher_free (KohFrameCipher *cipher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KohFrameCipher, koh_frame_cipher_free)

GBytes *koh_frame_seal (KohFrameCipher *cipher, KohFrameKind kind, const void *payload, gsize size);

/* NULL unless it is the next frame of this direction and nobody has changed it ("frame-size",
 * "frame-sequence", "frame-tag"). */
GBytes *koh_frame_open (KohFrameCipher *cipher, GBytes *frame, KohFrameKind *kind, GError **error);

/* The dialler's first message: cleartext, and the handshake's first message. */
typedef struct
{
  guint8 version;
  KohHash roster;
  guint epoch;
  char *from, *to, *purpose;
} KohHello;

void      koh_hello_clear    (KohHello *hello);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KohHello, koh_hello_clear)

GBytes   *koh_hello_write    (const KohHello *hello);                                    /* the cleartext alone */
GBytes   *koh_hello_prologue (const void *cleartext, gsize size);                        /* what the handshake binds */
GBytes   *koh_hello_join     (GBytes *cleartext, GBytes *noise);
gboolean  koh_hello_read     (GBytes *message, KohHello *hello, GBytes **cleartext, GBytes **noise);

/* The answer. A refusal is not authenticated: it is a reason for failing, and nothing else. So only a number
 * travels, and the sentence is made here. */
typedef enum
{
  KOH_REFUSE_VERSION = 1, /* detail: the responder's version */
  KOH_REFUSE_ROSTER,      /* detail: the responder's epoch */
  KOH_REFUSE_STRANGER,    /* the dialler's name is not in the roster, or is the responder's own */
  KOH_REFUSE_ADDRESSEE,   /* the responder is not whom the dialler means */
  KOH_REFUSE_HANDSHAKE,   /* the dialler did not prove the key of its card */
} KohRefusal;

GBytes   *koh_welcome_write  (GBytes *noise);
GBytes   *koh_refuse_write   (KohRefusal refusal, guint32 detail);

/* The handshake's second message; NULL with the refusal as an error that names @peer, or with a protocol error. */
GBytes   *koh_welcome_read   (GBytes *message, const char *peer, guint epoch, GError **error);

/* The same sentences, for the side that refuses. */
void      koh_refuse_explain (KohRefusal refusal, const char *peer, const KohHello *hello, guint epoch, GError **error);

/* Payloads. A sentence from the other side is made fit to be shown. */
GBytes   *koh_close_write    (const GError *why);                   /* NULL: went, without a reason */
GError   *koh_close_read     (GBytes *payload, const char *peer);   /* always an error: the reason */

G_END_DECLS
