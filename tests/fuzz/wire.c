/* SPDX-License-Identifier: EUPL-1.2
 *
 * The bytes of a link on any bytes: what a stranger may send before the handshake, what answers it, a frame,
 * and the reason in a close frame. The first byte says which. */
#include <string.h>

#include "common/error.h"
#include "net/frame.h"
#include "net/noise.h"

#include "tests/fuzz/fuzz.h"

static void
read_hello (GBytes *message)
{
  g_auto (KohHello) hello = { 0 };
  g_autoptr (GBytes) cleartext = NULL, noise = NULL;

  if (koh_hello_read (message, &hello, &cleartext, &noise) && hello.version == KOH_WIRE_VERSION)
    {
      g_autoptr (GBytes) again = koh_hello_write (&hello), joined = koh_hello_join (again, noise);

      g_assert_true (g_bytes_equal (again, cleartext));
      g_assert_true (g_bytes_equal (joined, message));
    }
}

static void
read_welcome (GBytes *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) noise = koh_welcome_read (message, "aarhus", 1, &error);

  g_assert_true ((noise == NULL) == (error != NULL));
}

static void
read_frame (GBytes *message)
{
  static const guint8 zeros[32];
  g_autoptr (KohFrameCipher) cipher = koh_frame_cipher_new (zeros, zeros, "aarhus", "asker");
  g_autoptr (GError) error = NULL;
  KohFrameKind kind;
  g_autoptr (GBytes) payload = koh_frame_open (cipher, message, &kind, &error);

  g_assert_true ((payload == NULL) == (error != NULL));
}

static void
read_close (GBytes *message)
{
  g_autoptr (GError) why = koh_close_read (message, "aarhus");

  g_assert_true (why->domain == KOH_ERROR && g_utf8_validate (why->message, -1, NULL));
  for (const char *c = why->message; *c != '\0'; c = g_utf8_next_char (c))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (c)));
}

static void
read_noise (GBytes *message, KohNoisePattern pattern)
{
  static const guint8 secret[32] = { 1 }, other[32] = { 9 };
  g_autoptr (KohNoise) noise =
      koh_noise_new (pattern, FALSE, secret, pattern == KOH_NOISE_KK ? other : NULL, NULL, "", 0);
  g_autoptr (GBytes) payload =
      koh_noise_read (noise, g_bytes_get_data (message, NULL), g_bytes_get_size (message), NULL);
  g_autoptr (GBytes) answer = payload != NULL ? koh_noise_write (noise, NULL, 0, NULL) : NULL;

  g_assert_false (answer != NULL && pattern == KOH_NOISE_KK); /* nobody has that key */
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize size)
{
  g_autoptr (GBytes) message = NULL;

  if (size == 0)
    return 0;
  message = g_bytes_new (bytes + 1, size - 1);
  switch (bytes[0] % 6)
    {
    case 0:
      read_hello (message);
      break;
    case 1:
      read_welcome (message);
      break;
    case 2:
      read_frame (message);
      break;
    case 3:
      read_close (message);
      break;
    case 4:
      read_noise (message, KOH_NOISE_KK);
      break;
    default:
      read_noise (message, KOH_NOISE_XX);
    }
  return 0;
}
