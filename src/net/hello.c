/* SPDX-License-Identifier: EUPL-1.2
 *
 * The messages around a handshake, and the reason at a connection's end. What is read here before the
 * handshake has succeeded comes from anybody: it is short, bounded, and decides nothing but a refusal. */
#include <gio/gio.h>
#include <string.h>

#include "common/bytes.h"
#include "common/error.h"
#include "net/frame.h"

#define NAME_MOST 63
#define PURPOSE_MOST 128
#define SENTENCE_MOST 1000
#define HELLO_MOST 1024

enum
{
  WELCOME = 0x10,
  REFUSE = 0x11
};

void
koh_hello_clear (KohHello *hello)
{
  g_clear_pointer (&hello->from, g_free);
  g_clear_pointer (&hello->to, g_free);
  g_clear_pointer (&hello->purpose, g_free);
}

GBytes *
koh_hello_write (const KohHello *hello)
{
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, hello->version);
  koh_writer_raw (&writer, hello->roster.bytes, sizeof hello->roster.bytes);
  koh_writer_u32 (&writer, hello->epoch);
  koh_writer_string (&writer, hello->from);
  koh_writer_string (&writer, hello->to);
  koh_writer_string (&writer, hello->purpose);
  return koh_writer_end (&writer);
}

GBytes *
koh_hello_prologue (const void *cleartext, gsize size)
{
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_string (&writer, "kohorte/link/1");
  koh_writer_bytes (&writer, cleartext, size);
  return koh_writer_end (&writer);
}

GBytes *
koh_hello_join (GBytes *cleartext, GBytes *noise)
{
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_raw (&writer, g_bytes_get_data (cleartext, NULL), g_bytes_get_size (cleartext));
  koh_writer_raw (&writer, g_bytes_get_data (noise, NULL), g_bytes_get_size (noise));
  return koh_writer_end (&writer);
}

/* The version stands first in every version, so that another one can be named. */
gboolean
koh_hello_read (GBytes *message, KohHello *hello, GBytes **cleartext, GBytes **noise)
{
  KohReader reader;

  if (g_bytes_get_size (message) > HELLO_MOST)
    return FALSE;
  koh_reader_init_bytes (&reader, message);
  hello->version = koh_reader_u8 (&reader);
  if (hello->version != KOH_WIRE_VERSION)
    return !reader.failed;
  koh_reader_raw (&reader, hello->roster.bytes, sizeof hello->roster.bytes);
  hello->epoch = koh_reader_u32 (&reader);
  hello->from = koh_reader_string (&reader, NAME_MOST);
  hello->to = koh_reader_string (&reader, NAME_MOST);
  hello->purpose = koh_reader_string (&reader, PURPOSE_MOST);
  if (reader.failed)
    return FALSE;
  *cleartext = g_bytes_new_from_bytes (message, 0, reader.at);
  *noise = g_bytes_new_from_bytes (message, reader.at, reader.size - reader.at);
  return TRUE;
}

GBytes *
koh_welcome_write (GBytes *noise)
{
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_WIRE_VERSION);
  koh_writer_u8 (&writer, WELCOME);
  koh_writer_raw (&writer, g_bytes_get_data (noise, NULL), g_bytes_get_size (noise));
  return koh_writer_end (&writer);
}

GBytes *
koh_refuse_write (KohRefusal refusal, guint32 detail)
{
  g_auto (KohWriter) writer = { 0 };

  koh_writer_init (&writer);
  koh_writer_u8 (&writer, KOH_WIRE_VERSION);
  koh_writer_u8 (&writer, REFUSE);
  koh_writer_u8 (&writer, (guint8) refusal);
  koh_writer_u32 (&writer, detail);
  return koh_writer_end (&writer);
}

static void
set_refusal (KohRefusal refusal, const char *peer, guint32 detail, guint epoch, GError **error)
{
  switch (refusal)
    {
    case KOH_REFUSE_VERSION:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "%s speaks version %u of the link and this participant version %d; "
                   "update the older of the two",
                   peer, detail, KOH_WIRE_VERSION);
      break;
    case KOH_REFUSE_ROSTER:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "%s has another roster than this participant (epoch %u there, %u "
                   "here); give both the same roster file and start them again",
                   peer, detail, epoch);
      break;
    case KOH_REFUSE_STRANGER:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "%s does not find this participant in its roster; give both the "
                   "same roster file and start them again",
                   peer);
      break;
    case KOH_REFUSE_ADDRESSEE:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH,
                   "Who answers at the endpoint of %s is another participant; check "
                   "the endpoints in the roster",
                   peer);
      break;
    case KOH_REFUSE_HANDSHAKE:
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "%s says that this participant did not prove the key of its card "
                   "(check handshake); compare the card in the folder with the roster",
                   peer);
      break;
    default:
      g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL,
                   "%s refused the connection for a reason that this version does not "
                   "know; update the older of the two",
                   peer);
    }
}

GBytes *
koh_welcome_read (GBytes *message, const char *peer, guint epoch, GError **error)
{
  KohReader reader;
  guint8 version, kind;

  koh_reader_init_bytes (&reader, message);
  version = koh_reader_u8 (&reader);
  kind = koh_reader_u8 (&reader);
  if (reader.size <= HELLO_MOST && !reader.failed && kind == WELCOME && version == KOH_WIRE_VERSION)
    return g_bytes_new_from_bytes (message, reader.at, reader.size - reader.at);
  if (kind == REFUSE)
    {
      guint8 refusal = koh_reader_u8 (&reader);
      guint32 detail = koh_reader_u32 (&reader);

      if (koh_reader_end (&reader))
        {
          set_refusal (refusal, peer, detail, epoch, error);
          return NULL;
        }
    }
  g_set_error (error, KOH_ERROR, KOH_ERROR_PROTOCOL,
               "%s does not answer as a peer does; check its endpoint and its version", peer);
  return NULL;
}

void
koh_refuse_explain (KohRefusal refusal, const char *peer, const KohHello *hello, guint epoch, GError **error)
{
  switch (refusal)
    {
    case KOH_REFUSE_VERSION:
      set_refusal (refusal, peer, hello->version, epoch, error);
      break;
    case KOH_REFUSE_ROSTER:
      set_refusal (refusal, peer, hello->epoch, epoch, error);
      break;
    case KOH_REFUSE_STRANGER:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH, "%s dialled, and is not in the roster", peer);
      break;
    case KOH_REFUSE_ADDRESSEE:
      g_set_error (error, KOH_ERROR, KOH_ERROR_MISMATCH, "%s dialled, and meant another participant", peer);
      break;
    case KOH_REFUSE_HANDSHAKE:
      g_set_error (error, KOH_ERROR, KOH_ERROR_CHECK,
                   "Somebody who called itself %s did not prove the key of its card (check "
                   "handshake); compare the card of %s with the roster",
                   peer, peer);
      break;
    default:
      set_refusal (refusal, peer, 0, epoch, error);
    }
}

GBytes *
koh_close_write (const GError *why)
{
  g_auto (KohWriter) writer = { 0 };
  g_autofree char *sentence = why != NULL ? g_strndup (why->message, SENTENCE_MOST) : g_strdup ("");
  g_autofree char *valid = g_utf8_make_valid (sentence, -1);

  koh_writer_init (&writer);
  koh_writer_string (&writer, why != NULL ? koh_error_code_name (why) : "");
  koh_writer_string (&writer, valid);
  return koh_writer_end (&writer);
}

/* Lines and control characters are for programs; a person gets one line. */
static void
make_showable (char *sentence)
{
  for (char *c = sentence; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      {
        gsize n = (gsize) (g_utf8_next_char (c) - c);

        memset (c, ' ', n);
      }
}

GError *
koh_close_read (GBytes *payload, const char *peer)
{
  g_autofree char *code = NULL;
  g_autofree char *sentence = NULL;
  KohReader reader;

  koh_reader_init_bytes (&reader, payload);
  code = koh_reader_string (&reader, 64);
  sentence = koh_reader_string (&reader, 3 * SENTENCE_MOST);
  if (!koh_reader_end (&reader))
    return g_error_new (KOH_ERROR, KOH_ERROR_PROTOCOL,
                        "%s closed the connection without a reason that can be read", peer);
  if (*code == '\0')
    return g_error_new (KOH_ERROR, KOH_ERROR_UNREACHABLE, "%s closed the connection", peer);
  make_showable (sentence);
  return g_error_new (KOH_ERROR,
                      strcmp (code, "cancelled") == 0 ? KOH_ERROR_STOPPED : koh_error_code_from_name (code),
                      "%s stopped: %s", peer, sentence);
}
