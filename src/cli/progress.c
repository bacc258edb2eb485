/* SPDX-License-Identifier: EUPL-1.2
 *
 * Progress on stderr, made for eyes on a terminal and for logs elsewhere. */
#include "cli/progress.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PLAIN_EVERY (2 * G_USEC_PER_SEC)
#define TERMINAL_EVERY (G_USEC_PER_SEC / 20)

struct _KohProgress
{
  gboolean terminal;
  gboolean open;   /* a line stands on the terminal that has not ended */
  char *last;      /* what was written last */
  gint64 written;  /* when */
};

KohProgress *
koh_progress_new (void)
{
  KohProgress *progress = g_new0 (KohProgress, 1);

  progress->terminal = isatty (STDERR_FILENO);
  return progress;
}

static void
end_line (KohProgress *progress)
{
  if (progress->open)
    fputs ("\r\033[K", stderr);
  progress->open = FALSE;
}

void
koh_progress_free (KohProgress *progress)
{
  end_line (progress);
  fflush (stderr);
  g_free (progress->last);
  g_free (progress);
}

/* Cut to the terminal's width, since a wrapped line cannot be written over. */
static char *
fit (const char *text)
{
  struct winsize size = { 0 };
  glong width = 80;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    width = size.ws_col;
  if (g_utf8_strlen (text, -1) < width)
    return g_strdup (text);
  return g_utf8_substring (text, 0, width - 1);
}

void
koh_progress_show (KohProgress *progress, gboolean important, const char *format, ...)
{
  g_autofree char *text = NULL;
  gint64 now = g_get_monotonic_time ();
  gint64 every = progress->terminal ? TERMINAL_EVERY : PLAIN_EVERY;
  va_list arguments;

  if (!important && progress->written != 0 && now - progress->written < every)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (g_strcmp0 (text, progress->last) == 0)
    return;
  if (progress->terminal)
    {
      g_autofree char *cut = fit (text);

      fprintf (stderr, "\r\033[K%s", cut);
      progress->open = TRUE;
    }
  else
    {
      fprintf (stderr, "%s\n", text);
    }
  fflush (stderr);
  g_free (progress->last);
  progress->last = g_steal_pointer (&text);
  progress->written = now;
}

void
koh_progress_note (KohProgress *progress, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  end_line (progress);
  fprintf (stderr, "%s\n", text);
  fflush (stderr);
  g_clear_pointer (&progress->last, g_free);
}

char *
koh_progress_time (double seconds)
{
  guint s = seconds < 0 || seconds > 1e8 ? 0 : (guint) (seconds + 0.5);

  if (seconds < 0 || seconds > 1e8)
    return g_strdup ("");
  if (s < 3600)
    return g_strdup_printf ("%u:%02u", s / 60, s % 60);
  return g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

char *
koh_progress_number (double number)
{
  if (number < 10000)
    return g_strdup_printf ("%.0f", number);
  if (number < 1e6)
    return g_strdup_printf (_("%.0f thousand"), number / 1e3);
  return g_strdup_printf (_("%.1f million"), number / 1e6);
}
