/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "../unit/secure-fixture.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"

/* Two people, one of them with two programs. */
#define N_CHANNELS 3

/* What stands before a packet: who sends it, and its size. */
#define HEAD_SIZE 3

/* From here on it says instead for how long nobody sends anything: so many seconds. */
#define PASS 0xf0

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static GLogWriterOutput
log_writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)) != 0)
    return g_log_writer_standard_streams (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

/* Nothing here waits for a file: asking the system each time took a third of the time. */
static gint
poll_nothing (GPollFD *fds, guint n_fds, gint timeout)
{
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_main_context_set_poll_func (NULL, poll_nothing);
  g_log_set_writer_func (log_writer, NULL, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);

  return 0;
}

/* Whatever a client does, what it gets are frames. */
static void
check_sent (TeaTestChannel *channel)
{
  for (guint i = 0; i < channel->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (channel->sent->pdata[i]);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;

      while (tea_frame_reader_next (&reader, &frame, &error))
        g_assert_cmpint (frame.type, !=, TEA_FRAME_UNKNOWN);
      g_assert_no_error (error);
    }

  forget_sent (channel);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  TeaTestChannel *channels[N_CHANNELS];
  Fixture fixture;

  set_up (&fixture, NULL);
  for (guint i = 0; i < N_CHANNELS; i++)
    channels[i] = connect_person (&fixture, (guint8) (i / 2));

  while (size >= HEAD_SIZE)
    {
      gsize length = MIN (data[1] + ((gsize) data[2] << 8), size - HEAD_SIZE);
      TeaTestChannel *channel = channels[data[0] % N_CHANNELS];

      if (data[0] >= PASS)
        {
          pass (&fixture, (data[0] - PASS) * G_TIME_SPAN_SECOND);
          length = 0;
        }
      else if (!channel->is_closed)
        {
          g_autoptr (GBytes) packet = g_bytes_new (data + HEAD_SIZE, length);

          tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (channel), packet);
          settle (&fixture);
        }

      data += HEAD_SIZE + length;
      size -= HEAD_SIZE + length;
    }

  tear_down (&fixture, NULL);
  for (guint i = 0; i < N_CHANNELS; i++)
    {
      check_sent (channels[i]);
      g_assert_finalize_object (channels[i]);
    }

  return 0;
}
