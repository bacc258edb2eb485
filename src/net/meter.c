/* SPDX-License-Identifier: EUPL-1.2 */
#include "net/meter.h"

#include "common/check.h"

#define BURST (4u << 20) /* so much is read before others get a turn */

struct _KohMeter
{
  GIOStream parent_instance;
  GIOStream *base;
  GInputStream *input;
};

G_DEFINE_TYPE (KohMeter, koh_meter, G_TYPE_IO_STREAM)

/* ---- The input ---- */

#define KOH_TYPE_METER_INPUT (koh_meter_input_get_type ())
G_DECLARE_FINAL_TYPE (KohMeterInput, koh_meter_input, KOH, METER_INPUT, GFilterInputStream)

struct _KohMeterInput
{
  GFilterInputStream parent_instance;
  gsize left;
  gsize burst;
};

static void pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_TYPE_WITH_CODE (KohMeterInput, koh_meter_input, G_TYPE_FILTER_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_init))

static GInputStream *
base_of (gpointer input)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (input));
}

/* How much may be read at once now; 0 with an error when nothing may. */
static gsize
allowance (KohMeterInput *input, gsize size, GError **error)
{
  if (koh_check ("meter", input->left > 0))
    return input->left > 0 ? MIN (size, input->left) : size;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "More bytes came than are read without a message");
  return 0;
}

static gssize
count (KohMeterInput *input, gssize n)
{
  if (n > 0)
    {
      input->left -= MIN ((gsize) n, input->left);
      input->burst += (gsize) n;
    }
  return n;
}

static gssize
read_blocking (GInputStream *stream, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  KohMeterInput *input = KOH_METER_INPUT (stream);
  gsize most = allowance (input, size, error);

  return most == 0 ? -1
                   : count (input, g_input_stream_read (base_of (stream), buffer, most, cancellable, error));
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  KohMeterInput *input = KOH_METER_INPUT (stream);
  gsize most = allowance (input, size, error);
  gssize n;

  if (most == 0)
    return -1;
  if (input->burst >= BURST)
    {
      input->burst = 0;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "It is the others' turn");
      return -1;
    }
  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (base_of (stream)), buffer, most,
                                                NULL, error);
  if (n < 0)
    input->burst = 0;
  return count (input, n);
}

static gboolean
can_poll (GPollableInputStream *stream)
{
  return G_IS_POLLABLE_INPUT_STREAM (base_of (stream)) &&
         g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (base_of (stream)));
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (base_of (stream)));
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) base =
      g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (base_of (stream)), NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static void
pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = can_poll;
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

static void
koh_meter_input_class_init (KohMeterInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = read_blocking;
}

static void
koh_meter_input_init (KohMeterInput *input)
{
}

/* ---- The stream ---- */

static GInputStream *
get_input_stream (GIOStream *stream)
{
  return KOH_METER (stream)->input;
}

static GOutputStream *
get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (KOH_METER (stream)->base);
}

static gboolean
close_base (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (KOH_METER (stream)->base, cancellable, error);
}

static void
closed_cb (GObject *base, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_io_stream_close_finish (G_IO_STREAM (base), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
close_base_async (GIOStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_io_stream_close_async (KOH_METER (stream)->base, priority, cancellable, closed_cb,
                           g_task_new (stream, cancellable, callback, user_data));
}

static gboolean
close_base_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
koh_meter_finalize (GObject *object)
{
  KohMeter *meter = KOH_METER (object);

  g_clear_object (&meter->input);
  g_clear_object (&meter->base);
  G_OBJECT_CLASS (koh_meter_parent_class)->finalize (object);
}

static void
koh_meter_class_init (KohMeterClass *class)
{
  G_OBJECT_CLASS (class)->finalize = koh_meter_finalize;
  G_IO_STREAM_CLASS (class)->get_input_stream = get_input_stream;
  G_IO_STREAM_CLASS (class)->get_output_stream = get_output_stream;
  G_IO_STREAM_CLASS (class)->close_fn = close_base;
  G_IO_STREAM_CLASS (class)->close_async = close_base_async;
  G_IO_STREAM_CLASS (class)->close_finish = close_base_finish;
}

static void
koh_meter_init (KohMeter *meter)
{
}

KohMeter *
koh_meter_new (GIOStream *base)
{
  KohMeter *meter = g_object_new (KOH_TYPE_METER, NULL);

  meter->base = g_object_ref (base);
  meter->input = g_object_new (KOH_TYPE_METER_INPUT, "base-stream", g_io_stream_get_input_stream (base),
                               "close-base-stream", FALSE, NULL);
  return meter;
}

void
koh_meter_allow (KohMeter *meter, gsize bytes)
{
  KOH_METER_INPUT (meter->input)->left = bytes;
}
