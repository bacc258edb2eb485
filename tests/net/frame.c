/* SPDX-License-Identifier: EUPL-1.2 */
#include <gio/gio.h>
#include <string.h>

#include "common/error.h"
#include "net/frame.h"
#include "net/link.h"

static const guint8 key[32] = { 1, 2, 3 }, session[32] = { 4, 5, 6 };

static KohFrameCipher *
cipher (void)
{
  return koh_frame_cipher_new (key, session, "aarhus", "rigshospitalet");
}

static GBytes *
seal_text (KohFrameCipher *sender, const char *text)
{
  return koh_frame_seal (sender, KOH_FRAME_DATA, text, strlen (text));
}

static void
refused (KohFrameCipher *receiver, GBytes *frame)
{
  g_autoptr (GError) error = NULL;
  KohFrameKind kind;

  g_assert_null (koh_frame_open (receiver, frame, &kind, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == KOH_ERROR);
}

static void
opens (KohFrameCipher *receiver, GBytes *frame, const char *text)
{
  g_autoptr (GError) error = NULL;
  KohFrameKind kind;
  g_autoptr (GBytes) payload = koh_frame_open (receiver, frame, &kind, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kind, ==, KOH_FRAME_DATA);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), text, strlen (text));
}

static void
frames_open_in_order (void)
{
  g_autoptr (KohFrameCipher) sender = cipher (), receiver = cipher ();

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr (GBytes) frame = seal_text (sender, text);

      opens (receiver, frame, text);
    }
}

static void
repeats_gaps_and_reorderings_are_refused (void)
{
  g_autoptr (KohFrameCipher) sender = cipher (), receiver = cipher ();
  g_autoptr (GBytes) a = seal_text (sender, "a"), b = seal_text (sender, "b"), c = seal_text (sender, "c");

  refused (receiver, b);
  opens (receiver, a, "a");
  refused (receiver, a);
  refused (receiver, c);
  opens (receiver, b, "b");
  refused (receiver, a);
  refused (receiver, b);
  opens (receiver, c, "c");
}

static void
every_flipped_bit_is_refused (void)
{
  g_autoptr (KohFrameCipher) sender = cipher (), receiver = cipher ();
  g_autoptr (GBytes) frame = seal_text (sender, "a secret");
  gsize size;
  const guint8 *bytes = g_bytes_get_data (frame, &size);

  for (gsize i = 0; i < 8 * size; i++)
    {
      guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) changed = g_bytes_new_take (copy, size);

      copy[i / 8] ^= (guint8) (1 << i % 8);
      refused (receiver, changed);
    }
  opens (receiver, frame, "a secret");
}

static void
every_truncation_is_refused (void)
{
  g_autoptr (KohFrameCipher) sender = cipher (), receiver = cipher ();
  g_autoptr (GBytes) frame = seal_text (sender, "a secret");

  for (gsize i = 0; i < g_bytes_get_size (frame); i++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (frame, 0, i);

      refused (receiver, part);
    }
}

/* A frame that is one byte too long is refused before anything is allocated for it, though its tag is good.
 */
static void
too_long_is_refused (void)
{
  g_autoptr (KohFrameCipher) sender = cipher (), receiver = cipher (), again = cipher ();
  g_autofree guint8 *payload = g_malloc0 (KOH_FRAME_MOST + 1);
  g_autoptr (GBytes) longest = koh_frame_seal (sender, KOH_FRAME_DATA, payload, KOH_FRAME_MOST);
  guint8 *frame = g_malloc0 (KOH_WIRE_MOST + 1), nonce[12] = { 0 };
  g_autoptr (GByteArray) associated = g_byte_array_new ();
  g_autoptr (GBytes) too_long = NULL;
  g_autoptr (GBytes) opened = NULL;
  KohFrameKind kind;

  opened = koh_frame_open (receiver, longest, &kind, NULL);
  g_assert_cmpuint (g_bytes_get_size (opened), ==, KOH_FRAME_MOST);
  frame[0] = KOH_WIRE_VERSION;
  frame[1] = KOH_FRAME_DATA;
  g_byte_array_append (associated, session, 32);
  g_byte_array_append (associated, (const guint8 *) "\6\0\0\0aarhus\16\0\0\0rigshospitalet", 28);
  g_byte_array_append (associated, frame, KOH_FRAME_HEAD);
  crypto_aead_chacha20poly1305_ietf_encrypt (frame + KOH_FRAME_HEAD, NULL, payload, KOH_FRAME_MOST + 1,
                                             associated->data, associated->len, NULL, nonce, key);
  too_long = g_bytes_new_take (frame, KOH_WIRE_MOST + 1);
  refused (again, too_long);
}

static void
frames_are_bound_to_session_and_direction (void)
{
  const guint8 other[32] = { 9 };
  g_autoptr (KohFrameCipher) sender = cipher ();
  g_autoptr (GBytes) frame = seal_text (sender, "a secret");
  g_autoptr (KohFrameCipher) other_key = koh_frame_cipher_new (other, session, "aarhus", "rigshospitalet");
  g_autoptr (KohFrameCipher) other_session = koh_frame_cipher_new (key, other, "aarhus", "rigshospitalet");
  g_autoptr (KohFrameCipher) back = koh_frame_cipher_new (key, session, "rigshospitalet", "aarhus");
  g_autoptr (KohFrameCipher) shifted = koh_frame_cipher_new (key, session, "aarhusr", "igshospitalet");

  refused (other_key, frame);
  refused (other_session, frame);
  refused (back, frame);
  refused (shifted, frame);
}

/* ---- Around the handshake ---- */

static void
hello_comes_back_as_written (void)
{
  KohHello hello = { .version = KOH_WIRE_VERSION,
                     .roster = koh_hash_of ("kohorte/test/1", "", 0),
                     .epoch = 7,
                     .from = (char *) "aarhus",
                     .to = (char *) "asker",
                     .purpose = (char *) "session:00ff" };
  g_autoptr (GBytes) clear = koh_hello_write (&hello), noise = g_bytes_new ("noise", 5);
  g_autoptr (GBytes) message = koh_hello_join (clear, noise);
  g_auto (KohHello) again = { 0 };
  g_autoptr (GBytes) clear_again = NULL;
  g_autoptr (GBytes) noise_again = NULL;

  g_assert_true (koh_hello_read (message, &again, &clear_again, &noise_again));
  g_assert_true (g_bytes_equal (clear, clear_again));
  g_assert_true (g_bytes_equal (noise, noise_again));
  g_assert_cmpstr (again.from, ==, "aarhus");
  g_assert_cmpstr (again.to, ==, "asker");
  g_assert_cmpstr (again.purpose, ==, "session:00ff");
  g_assert_cmpuint (again.epoch, ==, 7);
  for (gsize i = 0; i < g_bytes_get_size (clear); i++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (message, 0, i);
      g_auto (KohHello) broken = { 0 };
      g_autoptr (GBytes) x = NULL;
      g_autoptr (GBytes) y = NULL;

      g_assert_false (koh_hello_read (part, &broken, &x, &y));
    }
}

static void
refusals_become_errors (void)
{
  const KohErrorCode codes[] = {
    [KOH_REFUSE_VERSION] = KOH_ERROR_MISMATCH,  [KOH_REFUSE_ROSTER] = KOH_ERROR_MISMATCH,
    [KOH_REFUSE_STRANGER] = KOH_ERROR_MISMATCH, [KOH_REFUSE_ADDRESSEE] = KOH_ERROR_MISMATCH,
    [KOH_REFUSE_HANDSHAKE] = KOH_ERROR_CHECK,   [6] = KOH_ERROR_PROTOCOL
  };

  for (guint i = KOH_REFUSE_VERSION; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GBytes) message = koh_refuse_write (i, 3);
      g_autoptr (GError) error = NULL;

      g_assert_null (koh_welcome_read (message, "aarhus", 2, &error));
      g_assert_error (error, KOH_ERROR, (gint) codes[i]);
      g_assert_nonnull (strstr (error->message, "aarhus"));
    }
}

static void
anything_else_is_no_welcome (void)
{
  guint8 bytes[2000] = { 0 };

  for (guint size = 0; size < sizeof bytes; size += 1 + size / 4)
    for (guint first = 0; first < 3; first++)
      for (guint second = 0x0f; second < 0x13; second++)
        {
          g_autoptr (GBytes) message = g_bytes_new (bytes, size);
          g_autoptr (GError) error = NULL;
          g_autoptr (GBytes) noise = NULL;

          bytes[0] = (guint8) first;
          bytes[1] = (guint8) second;
          noise = koh_welcome_read (message, "aarhus", 2, &error);
          g_assert_true ((noise != NULL) != (error != NULL));
        }
}

static void
reason_of_a_close_is_told (void)
{
  g_autoptr (GError) why = g_error_new (KOH_ERROR, KOH_ERROR_CHECK, "a check\nfailed\x07 (check frame-tag)");
  g_autoptr (GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");
  g_autoptr (GBytes) payload = koh_close_write (why), without = koh_close_write (NULL),
                     third = koh_close_write (cancelled);
  g_autoptr (GBytes) garbage = g_bytes_new ("\xff\xff\xff\xff", 4);
  g_autoptr (GError) a = koh_close_read (payload, "aarhus"), b = koh_close_read (without, "aarhus");
  g_autoptr (GError) c = koh_close_read (third, "aarhus"), d = koh_close_read (garbage, "aarhus");

  g_assert_error (a, KOH_ERROR, KOH_ERROR_CHECK);
  g_assert_cmpstr (a->message, ==, "aarhus stopped: a check failed  (check frame-tag)");
  g_assert_error (b, KOH_ERROR, KOH_ERROR_UNREACHABLE);
  g_assert_cmpstr (b->message, ==, "aarhus closed the connection");
  g_assert_error (c, KOH_ERROR, KOH_ERROR_STOPPED);
  g_assert_error (d, KOH_ERROR, KOH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/frame/frames-open-in-order", frames_open_in_order);
  g_test_add_func ("/net/frame/repeats-gaps-and-reorderings-are-refused",
                   repeats_gaps_and_reorderings_are_refused);
  g_test_add_func ("/net/frame/every-flipped-bit-is-refused", every_flipped_bit_is_refused);
  g_test_add_func ("/net/frame/every-truncation-is-refused", every_truncation_is_refused);
  g_test_add_func ("/net/frame/too-long-is-refused", too_long_is_refused);
  g_test_add_func ("/net/frame/frames-are-bound-to-session-and-direction",
                   frames_are_bound_to_session_and_direction);
  g_test_add_func ("/net/frame/hello-comes-back-as-written", hello_comes_back_as_written);
  g_test_add_func ("/net/frame/refusals-become-errors", refusals_become_errors);
  g_test_add_func ("/net/frame/anything-else-is-no-welcome", anything_else_is_no_welcome);
  g_test_add_func ("/net/frame/reason-of-a-close-is-told", reason_of_a_close_is_told);
  return g_test_run ();
}
