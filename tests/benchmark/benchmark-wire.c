/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What frames cost: the best of several rounds, as everything else makes it only slower. */

#include <locale.h>

#include "tea-event-record.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame.h"
#include "tea-packet-builder.h"

#define ROUNDS 10
#define CALLS 20000

#define TEXT "This message has sixty characters, the dot at the end too..."
#define KEY "SHA256:AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o"

typedef struct
{
  TeaEvent *event;
  GBytes *packet;
  GBytes *record;
  GBytes *frame;
} Material;

static void
read_packet (Material *material)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (material->packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  while (tea_frame_reader_next (&reader, &frame, NULL))
    ;
}

static void
encode_event (Material *material)
{
  G_GNUC_UNUSED g_autoptr (GBytes) frame = tea_frame_encode_event (material->event);
}

static void
encode_say (Material *material)
{
  G_GNUC_UNUSED g_autoptr (GBytes) frame = tea_frame_encode_say (7, 7, TEXT);
}

static void
encode_ack (Material *material)
{
  G_GNUC_UNUSED g_autoptr (GBytes) frame = tea_frame_encode_ack (7, 42);
}

static void
encode_ping (Material *material)
{
  G_GNUC_UNUSED g_autoptr (GBytes) frame = tea_frame_encode_ping (42);
}

static void
encode_record (Material *material)
{
  G_GNUC_UNUSED g_autoptr (GBytes) record = tea_event_record_encode (material->event);
}

static void
decode_record (Material *material)
{
  G_GNUC_UNUSED g_autoptr (TeaEvent) event
      = tea_event_record_decode (42, 0, material->record, NULL);
}

static void
build_packet (Material *material)
{
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (1163);
  g_autoptr (GBytes) packet = NULL;

  while (tea_packet_builder_fits (builder, 1, material->frame))
    tea_packet_builder_add (builder, 1, material->frame);
  packet = tea_packet_builder_take (builder);
}

static void
measure (const char *what, void (*function) (Material *material), Material *material)
{
  gint64 best = G_MAXINT64;

  for (guint round = 0; round < ROUNDS; round++)
    {
      gint64 start = g_get_monotonic_time ();

      for (guint i = 0; i < CALLS; i++)
        function (material);
      best = MIN (best, g_get_monotonic_time () - start);
    }

  g_print ("%-28s %6.3f µs\n", what, (double) best / CALLS);
}

static void
measure_reading (const char *what, GBytes *packet, Material *material)
{
  material->packet = packet;
  measure (what, read_packet, material);
  g_bytes_unref (packet);
}

int
main (int argc, char **argv)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (42, TEA_EVENT_MESSAGE, 1767225600000000, "Xiaoming", TEXT, KEY, 5, 7);
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  Material material = { .event = event, .record = record, .frame = frame };

  setlocale (LC_ALL, "");

  measure ("write an EVENT", encode_event, &material);
  measure_reading ("read an EVENT", g_bytes_ref (frame), &material);
  measure ("write a SAY", encode_say, &material);
  measure_reading ("read a SAY", tea_frame_encode_say (7, 7, TEXT), &material);
  measure ("write an ACK", encode_ack, &material);
  measure_reading ("read an ACK", tea_frame_encode_ack (7, 42), &material);
  measure ("write a PING", encode_ping, &material);
  measure_reading ("read a PING", tea_frame_encode_ping (42), &material);
  measure ("fill a packet with 11 EVENTs", build_packet, &material);
  measure ("write a record", encode_record, &material);
  measure ("read a record", decode_record, &material);

  return 0;
}
