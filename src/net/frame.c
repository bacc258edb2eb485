/* SPDX-License-Identifier: EUPL-1.2
 *
 * Encrypted, numbered frames. One cipher serves one direction of one connection, so a key and a nonce never
 * meet twice. */
#include "net/frame.h"

#include <string.h>

#include "common/bytes.h"
#include "common/check.h"
#include "common/error.h"
#include "common/secret.h"
#include "net/link.h"

#define ASSOCIATED_MOST (32 + 2 * 68 + KOH_FRAME_HEAD)

struct _KohFrameCipher
{
  guint64 next;
  gsize associated_size; /* of what is the same for every frame */
  guint8 key[32];
  guint8 associated[ASSOCIATED_MOST];
};

KohFrameCipher *
koh_frame_cipher_new (const guint8 key[32], const guint8 session[32], const char *from, const char *to)
{
  KohFrameCipher *cipher = (KohFrameCipher *) koh_secret_new (sizeof *cipher);
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_raw (&writer, session, 32);
  koh_writer_string (&writer, from);
  koh_writer_string (&writer, to);
  g_assert (writer.array->len + KOH_FRAME_HEAD <= ASSOCIATED_MOST);
  memcpy (cipher->key, key, 32);
  memcpy (cipher->associated, writer.array->data, writer.array->len);
  cipher->associated_size = writer.array->len;
  return cipher;
}

void
koh_frame_cipher_free (KohFrameCipher *cipher)
{
  koh_secret_free ((KohSecret *) cipher);
}

static guint64
read_sequence (const guint8 *head)
{
  guint64 sequence = 0;

  for (guint i = 0; i < 8; i++)
    sequence |= (guint64) head[2 + i] << (8 * i);
  return sequence;
}

GBytes *
koh_frame_seal (KohFrameCipher *cipher, KohFrameKind kind, const void *payload, gsize size)
{
  guint8 *frame = g_malloc (KOH_FRAME_HEAD + size + KOH_FRAME_TAG);
  guint8 nonce[12] = { 0 };

  g_assert (size <= KOH_FRAME_MOST && cipher->next < G_MAXUINT64);
  frame[0] = KOH_WIRE_VERSION;
  frame[1] = (guint8) kind;
  for (guint i = 0; i < 8; i++)
    frame[2 + i] = (guint8) (cipher->next >> (8 * i));
  memcpy (nonce + 4, frame + 2, 8);
  memcpy (cipher->associated + cipher->associated_size, frame, KOH_FRAME_HEAD);
  crypto_aead_chacha20poly1305_ietf_encrypt (frame + KOH_FRAME_HEAD, NULL, payload, size, cipher->associated,
                                             cipher->associated_size + KOH_FRAME_HEAD, NULL, nonce,
                                             cipher->key);
  cipher->next++;
  return g_bytes_new_take (frame, KOH_FRAME_HEAD + size + KOH_FRAME_TAG);
}

static gboolean
refuse (GError **error, KohErrorCode code, const char *what, const char *check)
{
  g_set_error (error, KOH_ERROR, code,
               "%s (check %s); somebody between the two changed the connection, or it is broken: "
               "try again",
               what, check);
  return FALSE;
}

static gboolean
head_is_right (const KohFrameCipher *cipher, const guint8 *head, gsize size, GError **error)
{
  if (size < KOH_FRAME_HEAD + KOH_FRAME_TAG || !koh_check ("frame-size", size <= KOH_WIRE_MOST))
    return refuse (error, KOH_ERROR_PROTOCOL, "A frame is too short or too long", "frame-size");
  if (head[0] != KOH_WIRE_VERSION || head[1] < KOH_FRAME_READY || head[1] > KOH_FRAME_CLOSE)
    return refuse (error, KOH_ERROR_PROTOCOL, "A frame is of a kind that this version does not know",
                   "frame-kind");
  if (!koh_check ("frame-sequence", read_sequence (head) == cipher->next))
    return refuse (error, KOH_ERROR_CHECK, "A frame was repeated, left out or moved", "frame-sequence");
  return TRUE;
}

GBytes *
koh_frame_open (KohFrameCipher *cipher, GBytes *frame, KohFrameKind *kind, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (frame, &size);
  g_autofree guint8 *plain = NULL;
  guint8 nonce[12] = { 0 };

  if (!head_is_right (cipher, bytes, size, error))
    return NULL;
  memcpy (nonce + 4, bytes + 2, 8);
  memcpy (cipher->associated + cipher->associated_size, bytes, KOH_FRAME_HEAD);
  plain = g_malloc (size - KOH_FRAME_HEAD - KOH_FRAME_TAG + 1);
  if (!koh_check ("frame-tag",
                  crypto_aead_chacha20poly1305_ietf_decrypt (
                      plain, NULL, NULL, bytes + KOH_FRAME_HEAD, size - KOH_FRAME_HEAD, cipher->associated,
                      cipher->associated_size + KOH_FRAME_HEAD, nonce, cipher->key) == 0))
    {
      refuse (error, KOH_ERROR_CHECK, "A frame was changed on its way", "frame-tag");
      return NULL;
    }
  cipher->next = read_sequence (bytes) + 1;
  *kind = (KohFrameKind) bytes[1];
  return g_bytes_new_take (g_steal_pointer (&plain), size - KOH_FRAME_HEAD - KOH_FRAME_TAG);
}
