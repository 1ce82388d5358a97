/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-store.h"
#include "tea-frame-encode.h"
#include "tea-frame.h"
#include "tea-secure-service.h"
#include "tea-test-channel.h"

#define STREAM 7

/* A service over a room whose log is a fake, at a time that stands still. */
typedef struct
{
  TeaClock *clock;
  GRand *random;
  TeaFakeHouse *kept;
  TeaFakeFaults faults;
  TeaFakeStore *store;
  TeaHouse *house;
  TeaRoomMakers makers;
  char *operator; /* (owned) (nullable) */
  char *key;      /* (owned) (nullable): of the server */
  TeaPassword *password;
  TeaSecureService *service;
} Fixture;

static G_GNUC_UNUSED void
pass (Fixture *self, gint64 time)
{
  gint64 end = tea_clock_get_time (self->clock) + time;

  for (;;)
    {
      gint64 due;

      while (g_main_context_iteration (NULL, FALSE))
        ;

      due = tea_clock_get_next_due (self->clock);
      if (due < 0 || due > end)
        break;
      tea_clock_advance (self->clock, due);
    }

  tea_clock_advance (self->clock, end);
}

static G_GNUC_UNUSED void
settle (Fixture *self)
{
  pass (self, 0);
}

static TeaRoomReader *
get_reader (Fixture *self)
{
  return tea_room_get_reader (tea_house_get_hall (self->house));
}

static G_GNUC_UNUSED guint64
get_head (Fixture *self)
{
  return tea_room_reader_get_head (get_reader (self));
}

static G_GNUC_UNUSED guint64
get_epoch (Fixture *self)
{
  return tea_room_reader_get_epoch (get_reader (self));
}

static G_GNUC_UNUSED guint
get_n_people (Fixture *self)
{
  return tea_presence_get_n_people (tea_house_get_presence (self->house));
}

static G_GNUC_UNUSED void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *is_open = user_data;

  *is_open = tea_house_open_finish (TEA_HOUSE (object), result, &error);
  g_assert_no_error (error);
}

static G_GNUC_UNUSED void
start (Fixture *self)
{
  gboolean is_open = FALSE;

  self->store = tea_fake_store_new (self->kept, self->clock, self->random, &self->faults);
  self->house = tea_house_new (TEA_STORE (self->store), self->clock);
  tea_house_set_makers (self->house, self->makers);
  if (self->operator!= NULL)
    tea_house_set_operators (self->house, (const char *const[]){ self->operator, NULL });
  if (self->key != NULL)
    tea_house_set_key (self->house, self->key);
  tea_house_open_async (self->house, NULL, opened_cb, &is_open);
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_true (is_open);
  self->service = tea_secure_service_new (self->house, self->clock, self->password);
}

static G_GNUC_UNUSED void
stop (Fixture *self, TeaBye code)
{
  tea_secure_service_say_goodbye (self->service, code);
  tea_house_close (self->house);
  settle (self);
  g_assert_finalize_object (self->service);
  g_assert_finalize_object (self->house);
  g_assert_finalize_object (self->store);
}

static G_GNUC_UNUSED void
set_up_at (Fixture *self, guint64 first)
{
  *self = (Fixture){ .clock = tea_clock_new_manual (1000 * G_TIME_SPAN_DAY) };
  self->random = g_rand_new_with_seed (1);
  self->kept = tea_fake_house_new (first, self->random);
  start (self);
}

static G_GNUC_UNUSED void
set_up (Fixture *self, gconstpointer data)
{
  set_up_at (self, 1);
}

static G_GNUC_UNUSED void
tear_down (Fixture *self, gconstpointer data)
{
  stop (self, TEA_BYE_RESTART);
  g_clear_object (&self->password);
  g_free (self->operator);
  g_free (self->key);
  tea_fake_house_unref (self->kept);
  g_rand_free (self->random);
  g_assert_finalize_object (self->clock);
}

static G_GNUC_UNUSED TeaTestChannel *
connect_person (Fixture *self, guint8 person)
{
  TeaTestChannel *channel = tea_test_channel_new (person);

  tea_secure_service_accept (self->service, TEA_PACKET_CHANNEL (channel));

  return channel;
}

static G_GNUC_UNUSED GBytes *
hello (void)
{
  return tea_frame_encode_hello (1, 1, "test");
}

static G_GNUC_UNUSED GBytes *
enter_with (const char *name, const char *password)
{
  return tea_frame_encode_enter (STREAM, name, password);
}

static G_GNUC_UNUSED GBytes *
open_hall (guint32 history)
{
  return tea_frame_encode_open (0, 0, 0, history, "", "");
}

static G_GNUC_UNUSED GBytes *
say (guint32 number, const char *text)
{
  return tea_frame_encode_say (number, 1, text);
}

/* What is below @oldest will not be said any more. */
static G_GNUC_UNUSED GBytes *
say_from (guint32 number, guint32 oldest, const char *text)
{
  return tea_frame_encode_say (number, oldest, text);
}

#define assert_sent(channel, words)                                \
  G_STMT_START                                                     \
  {                                                                \
    g_autofree char *_sent = tea_test_channel_take_sent (channel); \
    g_assert_cmpstr (_sent, ==, words);                            \
  }                                                                \
  G_STMT_END

/* Somebody inside, to whom all has been said. */
static G_GNUC_UNUSED TeaTestChannel *
come_in (Fixture *self, guint8 person, const char *name)
{
  TeaTestChannel *channel = connect_person (self, person);
  g_autofree char *sent = NULL;

  tea_test_channel_receive (channel, hello (), enter_with (name, ""), open_hall (50), NULL);
  settle (self);
  sent = tea_test_channel_take_sent (channel);
  g_assert_nonnull (strstr (sent, "opened"));
  g_test_message ("%s", sent);

  return channel;
}

static G_GNUC_UNUSED void
forget_sent (TeaTestChannel *channel)
{
  g_ptr_array_set_size (channel->sent, 0);
}
