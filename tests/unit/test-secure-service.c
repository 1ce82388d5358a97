/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "secure-fixture.h"

#include <stdio.h>

#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame-split.h"

/* Repeats change nothing, whether they come while the answer is on its way or later. */
static void
test_entering (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = connect_person (self, 1);
  g_autoptr (TeaTestChannel) noor = NULL;

  /* Without a version nothing is understood. */
  tea_test_channel_receive (mei, enter_with ("Mei", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (mei, "");

  tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
  tea_test_channel_receive (mei, enter_with ("Mei", ""), open_hall (50), hello (), NULL);
  settle (self);
  assert_sent (mei, "welcome 1, welcome 1 | entered Mei | opened 1-1 said 0");
  g_assert_cmpuint (get_n_people (self), ==, 1);

  noor = come_in (self, 2, "Noor");
  assert_sent (mei, "2+Noor");

  /* The very same answer, also when more has happened since. */
  tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (mei, "welcome 1, entered Mei, opened 1-1 said 0");

  /* What was asked before something else was answered. */
  tea_test_channel_receive (mei, enter_with ("Mai", ""), NULL);
  settle (self);
  assert_sent (mei, "");
  g_assert_cmpuint (get_n_people (self), ==, 2);
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) other = connect_person (self, 2);

  /* Other versions. */
  tea_test_channel_receive (other, tea_frame_encode_hello (2, 3, "test"), NULL);
  settle (self);
  assert_sent (other, "refused 1");
  tea_test_channel_receive (other, enter_with ("Noor", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (other, "");

  tea_test_channel_receive (other, tea_frame_encode_hello (1, 9, "test"), enter_with ("mei", ""),
                            open_hall (50), NULL);
  settle (self);
  assert_sent (other, "welcome 1 | refused 4 try mei2");

  tea_test_channel_receive (other, enter_with ("Lin Wei", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (other, "refused 3");

  /* Whoever is refused may try something else. */
  tea_test_channel_receive (other, enter_with ("mei2", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (other, "entered mei2 | opened 1-2 said 0");
  assert_sent (mei, "2+mei2");

  stop (self, TEA_BYE_RESTART);
  assert_sent (other, "bye 2");
  start (self);
}

static void
test_before_entering (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = connect_person (self, 1);
  const TeaRange range = { 1, 5 };

  tea_test_channel_receive (mei, tea_frame_encode_ping (99), NULL);
  settle (self);
  assert_sent (mei, "pong 99");

  tea_test_channel_receive (mei, say (1, "hello"), NULL);
  settle (self);
  assert_sent (mei, "bye 3");

  /* Not as often as one likes. */
  for (guint i = 0; i < 50; i++)
    tea_test_channel_receive (mei, tea_frame_encode_pull (&range, 1), tea_frame_encode_who (0),
                              NULL);
  settle (self);
  assert_sent (mei, "bye 3, bye 3");
  g_assert_cmpuint (get_head (self), ==, 0);
}

/* The answers to what was said: NUMBER=EVENT, or NUMBER:REFUSAL. */
static char *
take_acks (TeaTestChannel *channel)
{
  g_autofree char *sent = tea_test_channel_take_sent (channel);
  g_auto (GStrv) words = g_strsplit_set (sent, ",|", -1);
  GString *acks = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);
      guint number;
      guint code;

      if (g_str_has_prefix (word, "ack "))
        g_string_append_printf (acks, "%s ", word + strlen ("ack "));
      else if (sscanf (word, "nack %u: %u", &number, &code) == 2)
        g_string_append_printf (acks, "%u:%u ", number, code);
    }

  return g_string_free (acks, FALSE);
}

#define assert_acks(channel, words)               \
  G_STMT_START                                    \
  {                                               \
    g_autofree char *_acks = take_acks (channel); \
    g_assert_cmpstr (_acks, ==, words);           \
  }                                               \
  G_STMT_END

static void
test_saying (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  tea_test_channel_receive (mei, say (1, "one"), NULL);
  settle (self);
  assert_sent (mei, "2:Mei one | ack 1=2");

  /* In another order, and more than once. */
  tea_test_channel_receive (mei, say (4, "four"), say (3, "three"), say (4, "four"), NULL);
  settle (self);
  assert_sent (mei, "");
  tea_test_channel_receive (mei, say (2, "two"), say (1, "one"), say (2, "two"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 5);
  forget_sent (mei);

  for (guint i = 1; i <= 4; i++)
    tea_test_channel_receive (mei, say (i, "repeat"), NULL);
  settle (self);
  assert_sent (mei, "ack 1=2, ack 2=3, ack 3=4, ack 4=5");

  /* Too far ahead to be kept. */
  tea_test_channel_receive (mei, say (5 + 32, "far"), NULL);
  for (guint i = 5; i < 5 + 32; i++)
    tea_test_channel_receive (mei, say (i, "near"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 5 + 32);
}

/* What is not a message comes into the log between those that were said before and after it,
 * also where something has to be found out for it, and also where it is refused. */
static void
test_told_in_between (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  self->faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
  tea_test_channel_receive (mei, say (1, "tea"), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  forget_sent (mei);

  tea_test_channel_receive (mei, say (2, "two"),
                            tea_frame_encode_tell (3, 1, TEA_EVENT_EDITED, 2, "Tea.", NULL),
                            say (4, "four"), say (5, "five"), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  assert_acks (mei, "2=3 3=4 4=5 5=6 ");

  tea_test_channel_receive (mei, say (6, "six"),
                            tea_frame_encode_tell (7, 1, TEA_EVENT_EDITED, 999, "Tea.", NULL),
                            say (8, "eight"), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  assert_acks (mei, "7:13 6=7 8=8 ");
  tea_test_channel_receive (mei, tea_frame_encode_tell (7, 7, TEA_EVENT_EDITED, 999, "Tea.", NULL),
                            say (8, "eight"), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  assert_acks (mei, "7:13 8=8 ");
}

/* One that is refused for good while what was said before it is not stored uses up its own
 * number alone. */
static void
test_refused_in_between (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  self->faults.unavailable = 1;
  tea_test_channel_receive (mei, say (1, "one"),
                            tea_frame_encode_tell (2, 1, TEA_EVENT_EDITED, 999, "Tea.", NULL),
                            say (3, "three"), NULL);
  settle (self);
  assert_acks (mei, "2:13 1:8 3:8 ");

  self->faults.unavailable = 0;
  tea_test_channel_receive (mei, say (3, "three"), NULL);
  settle (self);
  assert_acks (mei, "");
  tea_test_channel_receive (mei, say (1, "one"), NULL);
  settle (self);
  assert_acks (mei, "1=2 3=3 ");
}

/* A client says many messages at once, and again what is not stored, while much goes wrong:
 * each is stored once, in their order. */
static void
test_many_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  guint64 seqs[201] = { 0 };
  guint32 oldest = 1;
  guint n_rounds = 0;

  self->faults.busy = self->faults.unavailable = 0.02;
  self->faults.unknown_stored = self->faults.unknown_lost = 0.02;
  self->faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
  for (; oldest < G_N_ELEMENTS (seqs); n_rounds++)
    {
      g_autofree char *sent = NULL;
      g_auto (GStrv) acks = NULL;

      for (guint32 i = 0; i < 16 && oldest + i < G_N_ELEMENTS (seqs); i++)
        tea_test_channel_receive (mei, say_from (oldest + i, oldest, "tea"), NULL);
      pass (self, g_rand_int_range (self->random, 0, 100) * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (mei, tea_frame_encode_ping (1), NULL);

      sent = take_acks (mei);
      acks = g_strsplit (sent, " ", -1);
      for (guint i = 0; acks[i] != NULL; i++)
        {
          const char *sign = strchr (acks[i], '=');
          guint64 number = g_ascii_strtoull (acks[i], NULL, 10);
          guint64 seq = sign != NULL ? g_ascii_strtoull (sign + 1, NULL, 10) : 0;

          if (sign == NULL)
            continue;
          g_assert_true (seqs[number] == 0 || seqs[number] == seq);
          seqs[number] = seq;
        }
      while (oldest < G_N_ELEMENTS (seqs) && seqs[oldest] != 0)
        oldest++;
    }

  g_assert_cmpuint (n_rounds, >, 20);
  for (guint32 i = 2; i < G_N_ELEMENTS (seqs); i++)
    g_assert_cmpuint (seqs[i], >, seqs[i - 1]);
  g_assert_cmpuint (seqs[G_N_ELEMENTS (seqs) - 1], ==, get_head (self));
}

/* What was given up holds nothing up, and is not said when it comes late. */
static void
test_gap (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) again = NULL;

  /* For what may still come it waits as long as it takes. */
  tea_test_channel_receive (mei, say (5, "five"), say (2, "two"), NULL);
  for (guint i = 0; i < 60; i++)
    {
      pass (self, G_TIME_SPAN_SECOND);
      tea_test_channel_receive (mei, tea_frame_encode_ping (1), NULL);
    }
  g_assert_cmpuint (get_head (self), ==, 1);

  /* The first was given up, and then those before the fifth. */
  tea_test_channel_receive (mei, say_from (2, 2, "two"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 2);
  tea_test_channel_receive (mei, say_from (4, 3, "four"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 2);
  forget_sent (mei);
  tea_test_channel_receive (mei, say_from (5, 5, "five"), NULL);
  settle (self);
  assert_sent (mei, "3:Mei five | ack 5=3");

  /* An old packet changes nothing. */
  tea_test_channel_receive (mei, say (1, "one"), say_from (4, 3, "four"), say (2, "two"), NULL);
  settle (self);
  assert_sent (mei, "ack 2=2");
  g_assert_cmpuint (get_head (self), ==, 3);

  /* Another session knows no more than the log, which takes nothing below the latest. */
  again = come_in (self, 1, "Mei");
  forget_sent (again);
  tea_test_channel_receive (again, say_from (4, 4, "four"), NULL);
  settle (self);
  assert_sent (again, "nack 4: 0");
  tea_test_channel_receive (again, say_from (5, 4, "five"), NULL);
  settle (self);
  assert_sent (again, "ack 5=3");
  tea_test_channel_receive (again, say_from (G_MAXUINT32, G_MAXUINT32, "the last"), NULL);
  settle (self);
  assert_sent (again, "4:Mei the last | ack 4294967295=4");
  tea_test_channel_receive (again, say_from (G_MAXUINT32, G_MAXUINT32, "the last"), NULL);
  settle (self);
  assert_sent (again, "ack 4294967295=4");
  g_assert_cmpuint (get_head (self), ==, 4);
}

/* Early messages are kept as far as they do not fill the memory. */
static void
test_early (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autofree char *text = g_strnfill (16 * 1024, 'x');

  for (guint number = 2; number <= 7; number++)
    {
      g_autoptr (GPtrArray) pieces = tea_frame_split_say (number, 1, text);

      for (guint i = 0; i < pieces->len; i++)
        tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[i]), NULL);
    }
  settle (self);
  forget_sent (mei);

  /* What is next is always taken, and of the others as much as was kept. */
  tea_test_channel_receive (mei, say (1, "one"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 6);
}

static void
test_refused_messages (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  /* A full disk: nothing is acknowledged, and nothing is lost when it works again. */
  self->faults.unavailable = 1;
  tea_test_channel_receive (mei, say (1, "one"), say (2, "two"), NULL);
  settle (self);
  assert_sent (mei, "nack 1: 8, nack 2: 8");

  self->faults.unavailable = 0;
  tea_test_channel_receive (mei, say (2, "two"), say (1, "one"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 3);
  forget_sent (mei);
  tea_test_channel_receive (mei, say (1, "one"), say (2, "two"), NULL);
  settle (self);
  assert_sent (mei, "ack 1=2, ack 2=3");
}

static char *
make_long_text (gsize size)
{
  char *text = g_strnfill (size, 'x');

  text[0] = 'a';

  return text;
}

static void
test_pieces (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autofree char *text = make_long_text (3000);
  g_autoptr (GPtrArray) pieces = tea_frame_split_say (1, 1, text);
  const TeaRange range = { 3, 3 };

  forget_sent (mei);
  forget_sent (noor);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (noor);
  g_assert_cmpuint (pieces->len, ==, 4);

  /* What has come is told once a turn; repeats are nothing new. */
  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[3]), NULL);
  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[0]), NULL);
  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[3]), NULL);
  settle (self);
  assert_sent (mei, "pieces 1: 9");
  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[1]), NULL);
  settle (self);
  assert_sent (mei, "pieces 1: b");
  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[2]), NULL);
  settle (self);
  assert_sent (noor, "3/0 | 3/1 | 3/2 | 3/3");
  forget_sent (mei);

  tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[2]), NULL);
  settle (self);
  assert_sent (mei, "ack 1=3");

  tea_test_channel_receive (noor, tea_frame_encode_pull_pieces (3, 0xfffffff2), NULL);
  settle (self);
  assert_sent (noor, "3/1");
  tea_test_channel_receive (noor, tea_frame_encode_pull (&range, 1), NULL);
  settle (self);
  assert_sent (noor, "3/0 | 3/1 | 3/2 | 3/3");

  /* The next one goes out without it: it is too long for that. */
  tea_test_channel_receive (mei, say (2, "short"), NULL);
  settle (self);
  assert_sent (noor, "4:Mei short");
}

/* Only so many messages can be under way in pieces. */
static void
test_many_pieces (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autofree char *text = make_long_text (1500);

  forget_sent (mei);
  for (guint number = 1; number <= 6; number++)
    {
      g_autoptr (GPtrArray) pieces = tea_frame_split_say (7 - number, 1, text);

      tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[0]), NULL);
    }
  settle (self);
  forget_sent (mei);

  /* The first four of the stream have their first piece, the others have to begin anew. */
  for (guint number = 1; number <= 6; number++)
    {
      g_autoptr (GPtrArray) pieces = tea_frame_split_say (number, 1, text);

      tea_test_channel_receive (mei, g_bytes_ref (pieces->pdata[1]), NULL);
      settle (self);
    }
  g_assert_cmpuint (get_head (self), ==, 5);
}

/* Asks for an event. */
static void
miss (Fixture *self, TeaTestChannel *channel, guint64 seq)
{
  const TeaRange range = { seq, seq };

  tea_test_channel_receive (channel, tea_frame_encode_pull (&range, 1), NULL);
  settle (self);
  forget_sent (channel);
}

/* For so long nobody knows what somebody's network is like. */
#define TRIAL (1 * G_TIME_SPAN_MINUTE)

/* Lets time pass in which both are heard. */
static void
pass_with (Fixture *self, gint64 time, TeaTestChannel *one, TeaTestChannel *other)
{
  for (; time > 0; time -= 5 * G_TIME_SPAN_SECOND)
    {
      pass (self, 5 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (one, tea_frame_encode_pong (0), NULL);
      tea_test_channel_receive (other, tea_frame_encode_pong (0), NULL);
    }
  forget_sent (one);
  forget_sent (other);
}

static void
test_pushing (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (noor);

  for (guint i = 1; i <= 2; i++)
    {
      tea_test_channel_receive (mei, say (i, "hello"), NULL);
      settle (self);
    }
  assert_sent (noor, "3:Mei hello | 4:Mei hello");

  /* To who has missed something, what was just now is sent again; long ago is not. */
  pass (self, 2 * G_TIME_SPAN_SECOND);
  miss (self, noor, 4);
  for (guint i = 3; i <= 6; i++)
    {
      tea_test_channel_receive (mei, say (i, "hello"), NULL);
      settle (self);
    }
  assert_sent (noor, "5:Mei hello | 5:Mei hello, 6:Mei hello | "
                     "5:Mei hello, 6:Mei hello, 7:Mei hello | "
                     "6:Mei hello, 7:Mei hello, 8:Mei hello");

  /* That is forgotten. */
  pass_with (self, 10 * G_TIME_SPAN_MINUTE, mei, noor);
  for (guint i = 7; i <= 8; i++)
    {
      tea_test_channel_receive (mei, say (i, "hello"), NULL);
      settle (self);
    }
  assert_sent (noor, "9:Mei hello | 10:Mei hello");
}

/* Nobody knows at first what somebody's network is like: for a minute they hear soon where the
 * log ends, unless too many would. */
static void
test_trial (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint8 i = 1; i <= 33; i++)
    {
      g_autofree char *name = g_strdup_printf ("Guest%u", i);

      g_ptr_array_add (people, come_in (self, i, name));
    }
  pass (self, 2 * G_TIME_SPAN_SECOND);

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < people->len; i++)
        forget_sent (people->pdata[i]);
      tea_test_channel_receive (people->pdata[0], say (round + 1, "x"), NULL);
      pass (self, 20 * G_TIME_SPAN_MILLISECOND);
      for (guint i = 1; i < people->len; i++)
        {
          g_autofree char *sent = tea_test_channel_take_sent (people->pdata[i]);

          g_assert_true ((strstr (sent, "head") != NULL) == (round == 0 && i < 32));
        }
      for (guint k = 0; k < 12; k++)
        {
          pass (self, 5 * G_TIME_SPAN_SECOND);
          for (guint i = 0; i < people->len; i++)
            tea_test_channel_receive (people->pdata[i], tea_frame_encode_pong (0), NULL);
        }
    }
}

/* What came before one did is no loss. */
static void
test_history_is_no_loss (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = NULL;

  tea_test_channel_receive (mei, say (1, "hello"), NULL);
  settle (self);
  noor = come_in (self, 2, "Noor");
  miss (self, noor, 2);
  miss (self, noor, 100);
  for (guint i = 2; i <= 3; i++)
    {
      tea_test_channel_receive (mei, say (i, "hello"), NULL);
      settle (self);
    }
  assert_sent (noor, "4:Mei hello | 5:Mei hello");
}

/* What is sent to whom, and what is said or asked for again, is counted. */
static void
test_counts (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  TeaSecureCounts before = tea_secure_service_get_counts (self->service);
  TeaSecureCounts counts;
  guint64 seq;

  tea_test_channel_receive (mei, say (1, "hello"), NULL);
  settle (self);
  seq = get_head (self);
  counts = tea_secure_service_get_counts (self->service);
  g_assert_cmpuint (counts.n_deliveries, ==, before.n_deliveries + 2);
  g_assert_cmpuint (counts.n_packets, >=, before.n_packets + 2);
  g_assert_cmpuint (counts.n_repairs, ==, before.n_repairs);
  g_assert_cmpuint (counts.n_repeats, ==, before.n_repeats);
  g_assert_cmpuint (counts.n_losses, ==, before.n_losses);

  for (guint i = 0; i < 3; i++)
    {
      tea_test_channel_receive (mei, say (1, "hello"), NULL);
      settle (self);
    }
  miss (self, noor, seq);
  counts = tea_secure_service_get_counts (self->service);
  g_assert_cmpuint (counts.n_deliveries, ==, before.n_deliveries + 2);
  g_assert_cmpuint (counts.n_repeats, ==, before.n_repeats + 3);
  g_assert_cmpuint (counts.n_repairs, ==, before.n_repairs + 1);
  g_assert_cmpuint (counts.n_losses, ==, before.n_losses + 1);
}

static void
test_announcing (Fixture *self, gconstpointer data)
{
  static const struct
  {
    gboolean is_lossy;
    gint64 moments[14];
    const char *sent[4];
  } rows[] = {
    { FALSE, { 200, 1200, 6200, 11200, 16200 }, { "4:Mei hello, head 4" } },
    { TRUE,
      { 20, 60, 140, 200, 300, 620, 1200, 1260, 2540, 5100, 6200, 11200, 16200 },
      { "5:Mei hello, head 5", NULL, NULL, "5:Mei hello, head 5" } },
  };
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, say (1, "hello"), NULL);
  pass_with (self, TRIAL, mei, noor);

  for (gsize row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      g_autofree char *head = g_strdup_printf ("head %zu", row + 4);
      gint64 begin;

      if (rows[row].is_lossy)
        miss (self, noor, 3);
      pass_with (self, 15 * G_TIME_SPAN_SECOND, mei, noor);
      tea_test_channel_receive (mei, say ((guint32) row + 2, "hello"), NULL);
      settle (self);
      begin = tea_clock_get_time (self->clock);
      forget_sent (noor);
      forget_sent (mei);

      for (gsize i = 0; rows[row].moments[i] != 0; i++)
        {
          const char *sent = i < G_N_ELEMENTS (rows[row].sent) ? rows[row].sent[i] : NULL;

          pass (self, begin + rows[row].moments[i] * 1000 - 1 - tea_clock_get_time (self->clock));
          g_assert_cmpuint (noor->sent->len, ==, 0);
          tea_test_channel_receive (noor, tea_frame_encode_pong (0), NULL);
          tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
          pass (self, 1);
          /* The first one brings what it is about. */
          assert_sent (noor, sent != NULL ? sent : head);
        }
    }

  /* While something happens all the time nothing is announced. */
  for (guint i = 0; i < 20; i++)
    {
      tea_test_channel_receive (noor, say (i + 1, "x"), NULL);
      pass (self, 19 * G_TIME_SPAN_MILLISECOND);
    }
  while (noor->sent->len > 0)
    {
      g_autofree char *sent = tea_test_channel_take_sent (noor);

      g_assert_null (strstr (sent, "head"));
    }
}

static void
test_pulling (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  const TeaRange ranges[] = { { 3, 4 }, { 6, 6 }, { 8, 100 } };
  const TeaRange all = { 1, G_MAXUINT64 };
  guint n = 0;

  for (guint i = 1; i <= 8; i++)
    tea_test_channel_receive (mei, say (i, "hello"), NULL);
  settle (self);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);

  tea_test_channel_receive (mei, tea_frame_encode_pull (ranges, G_N_ELEMENTS (ranges)), NULL);
  settle (self);
  assert_sent (mei, "3:Mei hello, 4:Mei hello, 6:Mei hello, 8:Mei hello, 9:Mei hello");

  /* One answer is not without end; whoever wants more asks on. */
  for (guint i = 9; i <= 38; i++)
    {
      g_autofree char *text = make_long_text (700);

      tea_test_channel_receive (mei, say (i, text), NULL);
    }
  settle (self);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  tea_test_channel_receive (mei, tea_frame_encode_pull (&all, 1), NULL);
  settle (self);
  for (guint i = 0; i < mei->sent->len; i++)
    n += g_bytes_get_size (mei->sent->pdata[i]);
  g_assert_cmpuint (n, >, 15000);
  g_assert_cmpuint (n, <, 18000);
}

/* The numbers of some logs have holes, and begin anywhere. */
static void
test_holes (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = NULL;
  const TeaRange all = { 1, 5000 };
  guint64 expected = 1;
  guint64 first = 0;

  tear_down (self, NULL);
  set_up_at (self, 1001);
  self->faults.hole = 0.5;
  mei = come_in (self, 1, "Mei");
  for (guint i = 1; i <= 20; i++)
    tea_test_channel_receive (mei, say (i, "x"), NULL);
  settle (self);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);

  tea_test_channel_receive (mei, tea_frame_encode_pull (&all, 1), NULL);
  settle (self);
  for (guint i = 0; i < mei->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (mei->sent->pdata[i]);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        {
          if (frame.type == TEA_FRAME_EMPTY)
            {
              g_assert_cmpuint (frame.empty.from, ==, expected);
              g_assert_cmpuint (first, ==, 1001);
              expected = frame.empty.to + 1;
            }
          else if (frame.type == TEA_FRAME_HEAD)
            {
              /* What was before that is not empty, but gone. */
              g_assert_cmpuint (expected, ==, 1);
              first = frame.head.first;
            }
          else
            {
              g_assert_cmpint (frame.type, ==, TEA_FRAME_EVENT);
              g_assert_cmpuint (tea_event_get_seq (frame.event.event), ==, expected);
              expected++;
            }
        }
    }
  g_assert_cmpuint (expected, ==, get_head (self) + 1);
  g_assert_cmpuint (expected, >, 1022);
}

static guint64
get_check (Fixture *self, guint64 seq)
{
  TeaEvent *event = tea_room_reader_peek (get_reader (self), seq);

  return event != NULL ? tea_event_get_check (event) : 0;
}

static GBytes *
open_since (Fixture *self, guint64 epoch, guint64 since, guint32 history)
{
  return tea_frame_encode_open (epoch, since, get_check (self, since), history, "", "");
}

static void
test_coming_back (Fixture *self, gconstpointer data)
{
  const struct
  {
    guint64 since;
    guint32 history;
    gboolean is_other_epoch;
    const char *answer;
  } vectors[] = {
    { 5, 50, FALSE, "welcome 1, entered Noor | opened 6-9 said 2" },
    { 9, 50, FALSE, "welcome 1, entered Noor | opened 10-9 said 2" },
    { 0, 4, TRUE, "welcome 1, entered Noor | opened 6-9 said 2" },
    { 0, 0, TRUE, "welcome 1, entered Noor | opened 10-9 said 2" },
    { 0, 5000, TRUE, "welcome 1, entered Noor | opened 1-9 said 2" },
    { 0, 4, FALSE, "welcome 1, entered Noor | opened 6-9 said 2" },
    /* Whoever knows the log from before its first event goes on from there. */
    { 0, 0, FALSE, "welcome 1, entered Noor | opened 1-9 said 2" },
    /* Who was away for long gets the latest, and sees a gap. */
    { 5, 2, FALSE, "welcome 1, entered Noor | opened 8-9 said 2" },
    { 5, 0, FALSE, "welcome 1, entered Noor | opened 6-9 said 2" },
    { 5, 2, TRUE, "welcome 1, entered Noor | opened 8-9 said 2" },
  };
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (noor, say (1, "x"), say (2, "x"), NULL);
  settle (self);
  for (guint i = 1; i <= 5; i++)
    tea_test_channel_receive (mei, say (i, "x"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 9);

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTestChannel) again = connect_person (self, 2);
      guint64 epoch = get_epoch (self) + vectors[i].is_other_epoch;

      g_test_message ("vector %zu", i);
      tea_test_channel_receive (again, hello (), enter_with ("Noor", ""),
                                open_since (self, epoch, vectors[i].since, vectors[i].history),
                                NULL);
      settle (self);
      assert_sent (again, vectors[i].answer);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (again));
    }

  /* A message that was stored, but not heard to be, is known again. */
  {
    g_autoptr (TeaTestChannel) again = connect_person (self, 2);

    tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (noor));
    tea_test_channel_receive (again, hello (), enter_with ("Noor", ""),
                              open_since (self, get_epoch (self), 9, 0), NULL);
    settle (self);
    forget_sent (again);
    tea_test_channel_receive (again, say (2, "x"), NULL);
    settle (self);
    assert_sent (again, "ack 2=4");
    g_assert_cmpuint (get_head (self), ==, 9);
  }
}

/* Where somebody stands is proved, not believed: whoever cannot prove it begins anew, and for
 * all others nothing changes. So it goes with an older copy of the log that was put back, and
 * written past since. */
static void
test_standing (Fixture *self, gconstpointer data)
{
  const struct
  {
    guint64 since;
    gint64 epoch_shift;
    guint64 check_shift;
    gboolean has_no_check;
    guint64 start;
  } vectors[] = {
    { 9, 0, 0, FALSE, 10 },
    { 9, 0, 1, FALSE, 7 },
    { 9, 0, 0, TRUE, 7 },
    { 9, 1, 0, FALSE, 7 },
    { 10, 0, 0, TRUE, 7 },
    { 99, 0, 5, FALSE, 7 },
    { 4, 0, 0, FALSE, 7 },
    /* What is erased there is believed. */
    { 8, 0, 0, TRUE, 9 },
    { 8, 0, 77, FALSE, 9 },
  };
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  guint64 epoch = get_epoch (self);

  for (guint i = 1; i <= 8; i++)
    tea_test_channel_receive (mei, say (i, "x"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 9);
  tea_fake_disk_erase (tea_fake_house_get_disk (self->kept, TEA_ROOM_INFO_HALL), 8);
  stop (self, TEA_BYE_RESTART);
  start (self);

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTestChannel) noor = connect_person (self, 1);
      guint64 check = vectors[i].has_no_check
                          ? 0
                          : get_check (self, vectors[i].since) + vectors[i].check_shift;
      g_autofree char *answer
          = g_strdup_printf ("welcome 1, entered Mei | opened %" G_GUINT64_FORMAT "-9 said 8",
                             vectors[i].start);

      g_test_message ("vector %zu", i);
      tea_test_channel_receive (noor, hello (), enter_with ("Mei", ""),
                                tea_frame_encode_open (epoch + (guint64) vectors[i].epoch_shift,
                                                       vectors[i].since, check, 3, "", ""),
                                NULL);
      settle (self);
      assert_sent (noor, answer);
      g_assert_cmpuint (get_epoch (self), ==, epoch);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (noor));
    }
}

static void
test_two_devices (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) desk = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 1);

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Mei", ""),
                            open_hall (0), NULL);
  settle (self);
  assert_sent (phone, "welcome 1, entered Mei | opened 2-1 said 0");
  g_assert_cmpuint (get_n_people (self), ==, 1);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (desk);
  forget_sent (phone);

  /* The same number of two streams are two messages. */
  tea_test_channel_receive (desk, say (1, "here"), NULL);
  tea_test_channel_receive (phone, say (1, "there"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 3);

  tea_test_channel_receive (desk, tea_frame_encode_leave (), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (get_n_people (self), ==, 1);
  g_assert_cmpuint (get_head (self), ==, 3);
  tea_test_channel_receive (phone, tea_frame_encode_leave (), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (get_n_people (self), ==, 0);
}

/* A program whose connection broke is not in the room by the old one when it leaves by the
 * new one; another program of the same person is. */
static void
test_another_connection (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) before = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 1);
  g_autoptr (TeaTestChannel) now = connect_person (self, 1);

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Mei", ""),
                            open_hall (0), NULL);
  tea_test_channel_receive (now, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
  settle (self);
  g_assert_true (before->is_closed);
  g_assert_false (phone->is_closed);
  g_assert_false (now->is_closed);
  g_assert_cmpuint (get_n_people (self), ==, 1);
  g_assert_cmpuint (get_head (self), ==, 1);

  tea_test_channel_receive (phone, tea_frame_encode_leave (), NULL);
  settle (self);
  g_assert_cmpuint (get_n_people (self), ==, 1);
  tea_test_channel_receive (now, tea_frame_encode_leave (), NULL);
  settle (self);
  g_assert_cmpuint (get_n_people (self), ==, 0);
}

static void
test_leaving (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
  settle (self);
  assert_sent (mei, "bye 0");
  g_assert_cmpuint (get_n_people (self), ==, 0);

  /* What comes late does not bring anybody back; the answer is repeated. */
  tea_test_channel_receive (mei, enter_with ("Mei", ""), NULL);
  tea_test_channel_receive (mei, say (1, "late"), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
  settle (self);
  assert_sent (mei, "bye 0, bye 0, bye 0");
  g_assert_cmpuint (get_n_people (self), ==, 0);

  pass (self, 16 * G_TIME_SPAN_SECOND);
  g_assert_true (mei->is_closed);
  assert_sent (mei, "");
}

/* Gone before they were in. */
static void
test_leaving_early (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = connect_person (self, 1);
  g_autoptr (TeaTestChannel) noor = connect_person (self, 2);

  tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
  tea_test_channel_receive (noor, hello (), enter_with ("Noor", ""), open_hall (50), NULL);
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (noor));
  pass (self, G_TIME_SPAN_SECOND);
  assert_sent (mei, "welcome 1, bye 0");
  g_assert_cmpuint (get_n_people (self), ==, 1);

  pass (self, 40 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (get_n_people (self), ==, 0);
  g_assert_cmpuint (tea_secure_service_get_n_sessions (self->service), ==, 0);
}

/* Who has said goodbye does not linger, at whatever moment of entering that is. */
static void
test_leaving_meanwhile (Fixture *self, gconstpointer data)
{
  self->faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (TeaTestChannel) mei = connect_person (self, 1);

      tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
      pass (self, i * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (mei));
      pass (self, G_TIME_SPAN_SECOND);
      g_assert_cmpuint (get_n_people (self), ==, 0);
    }
}

/* Who is silent is lost, and has the grace time to come back. */
static void
test_silence (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) mute = connect_person (self, 3);
  g_autoptr (TeaTestChannel) again = NULL;

  for (guint i = 0; i < 4; i++)
    {
      pass (self, 4 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (noor, tea_frame_encode_ping (1), NULL);
    }
  g_assert_true (mei->is_closed);
  g_assert_true (mute->is_closed);
  g_assert_false (noor->is_closed);
  g_assert_cmpuint (get_n_people (self), ==, 2);
  g_assert_cmpuint (tea_secure_service_get_n_sessions (self->service), ==, 1);

  /* Back in time, without anybody having heard that they were away. */
  again = come_in (self, 1, "Mei");
  g_assert_cmpuint (get_head (self), ==, 2);

  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (again));
  for (guint i = 0; i < 10; i++)
    {
      pass (self, 4 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (noor, tea_frame_encode_ping (1), NULL);
    }
  g_assert_cmpuint (get_n_people (self), ==, 1);
  g_assert_cmpuint (get_head (self), ==, 3);
}

static void
test_who (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  TeaTestChannel *first;
  guint64 after = 0;
  guint n_pages = 0;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("person-with-quite-a-long-name-%u", i);

      g_ptr_array_add (people, come_in (self, (guint8) i, name));
    }
  first = people->pdata[0];

  do
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (NULL);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      forget_sent (first);
      tea_test_channel_receive (first, tea_frame_encode_who (after), NULL);
      settle (self);
      g_assert_cmpuint (first->sent->len, ==, 1);
      reader.packet = first->sent->pdata[0];
      g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
      g_assert_cmpint (frame.type, ==, TEA_FRAME_PRESENT);
      g_assert_cmpuint (frame.present.as_of, ==, 60);
      for (guint i = 0; i < frame.present.n_members; i++)
        g_assert_true (g_hash_table_add (names, g_strdup (frame.present.members[i].name)));
      after = frame.present.next;
      n_pages++;
    }
  while (after != 0);

  g_assert_cmpuint (g_hash_table_size (names), ==, 60);
  g_assert_cmpuint (n_pages, >, 2);
}

static guint64
find_challenge (TeaTestChannel *channel)
{
  guint64 token = 0;

  for (guint i = 0; i < channel->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (channel->sent->pdata[i]);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        if (frame.type == TEA_FRAME_CHALLENGE)
          token = frame.challenge.token;
    }
  forget_sent (channel);

  return token;
}

static void
test_moving (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  guint64 old;
  guint64 token;

  tea_server_channel_emit_moved (TEA_SERVER_CHANNEL (mei));
  settle (self);
  old = find_challenge (mei);
  g_assert_cmpuint (old, !=, 0);

  /* It may have got lost: again at the next sign of life, but not at each. It goes alone:
   * with more it could be more than came from there. */
  pass (self, 100 * G_TIME_SPAN_MILLISECOND);
  forget_sent (mei);
  tea_test_channel_receive (mei, tea_frame_encode_ping (1), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_ping (2), NULL);
  settle (self);
  assert_sent (mei, "challenge | pong 1, pong 2");

  /* Each move has its own; that of another one proves nothing. */
  tea_server_channel_emit_moved (TEA_SERVER_CHANNEL (mei));
  settle (self);
  token = find_challenge (mei);
  g_assert_cmpuint (token, !=, old);
  tea_test_channel_receive (mei, tea_frame_encode_response (old), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_response (0), NULL);
  g_assert_cmpuint (mei->n_proved, ==, 0);
  tea_test_channel_receive (mei, tea_frame_encode_response (token), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_response (token), NULL);
  g_assert_cmpuint (mei->n_proved, ==, 1);
}

static void
wait_for (Fixture *self, TeaTestChannel *channel)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (channel->sent->len == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      settle (self);
    }
  settle (self);
}

static void
test_password (Fixture *self, gconstpointer data)
{
  g_autofree char *hash = tea_password_hash ("right", NULL);
  g_autoptr (TeaTestChannel) mei = NULL;

  stop (self, TEA_BYE_RESTART);
  self->password = tea_password_new (hash, NULL);
  start (self);
  mei = connect_person (self, 1);

  tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
  settle (self);
  assert_sent (mei, "welcome 1, refused 6");

  tea_test_channel_receive (mei, enter_with ("Mei", "wrong"), open_hall (50), NULL);
  tea_test_channel_receive (mei, enter_with ("Mei", "wrong"), open_hall (50), NULL);
  wait_for (self, mei);
  assert_sent (mei, "refused 7");

  /* A repeat is no other guess, another one has to wait. */
  tea_test_channel_receive (mei, enter_with ("Mei", "wrong"), open_hall (50), NULL);
  settle (self);
  assert_sent (mei, "refused 7");
  tea_test_channel_receive (mei, enter_with ("Mei", "right"), open_hall (50), NULL);
  settle (self);
  assert_sent (mei, "refused 8");

  pass (self, G_TIME_SPAN_SECOND);
  tea_test_channel_receive (mei, enter_with ("Mei", "right"), open_hall (50), NULL);
  wait_for (self, mei);
  assert_sent (mei, "entered Mei | opened 1-1 said 0");
}

static GBytes *
make_nonsense (void)
{
  static const guint8 bytes[] = { TEA_FRAME_SAY, 200, 0, 1, 2, 3 };

  return g_bytes_new_static (bytes, sizeof bytes);
}

static void
test_malformed (Fixture *self, gconstpointer data)
{
  static const guint8 unknown[] = { 200, 2, 0, 1, 2 };
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  /* Frames of later versions are passed over. */
  tea_test_channel_receive (mei, g_bytes_new_static (unknown, sizeof unknown),
                            tea_frame_encode_ping (5), NULL);
  settle (self);
  assert_sent (mei, "pong 5");

  /* What comes before the fault counts; a few faults are borne. */
  tea_test_channel_receive (mei, tea_frame_encode_ping (6), make_nonsense (), NULL);
  tea_test_channel_receive (mei, tea_frame_encode_head (1, 1), NULL);
  settle (self);
  assert_sent (mei, "pong 6");

  for (guint i = 0; i < 30 && !mei->is_closed; i++)
    tea_test_channel_receive (mei, make_nonsense (), tea_frame_encode_ping (6), NULL);
  g_assert_true (mei->is_closed);
  assert_sent (mei, "bye 1");
  g_assert_cmpuint (tea_secure_service_get_n_sessions (self->service), ==, 0);
}

/* More than anybody needs is not served at once, but none of it is lost. */
static void
test_limits (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) phone = NULL;
  guint n_pongs = 0;

  for (guint i = 1; i <= 300; i++)
    {
      tea_test_channel_receive (mei, say (i, "x"), NULL);
      if (i % 10 == 0)
        settle (self);
    }
  g_assert_cmpuint (get_head (self), ==, 201);
  pass (self, G_TIME_SPAN_SECOND);
  /* What was in the window. */
  g_assert_cmpuint (get_head (self), ==, 233);

  pass (self, 10 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  for (guint i = 0; i < 10000; i++)
    tea_test_channel_receive (mei, tea_frame_encode_ping (i), NULL);
  settle (self);
  for (guint i = 0; i < mei->sent->len; i++)
    n_pongs += (guint) (g_bytes_get_size (mei->sent->pdata[i]) / 11);
  g_assert_cmpuint (n_pongs, ==, 4000);

  /* Nor by another session. */
  phone = connect_person (self, 1);
  tea_test_channel_receive (phone, tea_frame_encode_ping (1), NULL);
  settle (self);
  assert_sent (phone, "");
  pass (self, G_TIME_SPAN_SECOND);
  tea_test_channel_receive (phone, tea_frame_encode_ping (1), NULL);
  settle (self);
  assert_sent (phone, "pong 1");

  /* Some questions are more work than others. */
  pass (self, 10 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  for (guint i = 0; i < 1000; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_who (0), NULL);
      settle (self);
    }
  g_assert_cmpuint (mei->sent->len, ==, 400);
}

/* By more sessions nobody has more, nor by coming back. */
static void
test_quotas (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) desk = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 1);
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) again = NULL;
  g_autofree char *long_text = g_strnfill (10000, 'x');
  guint64 head;

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Mei", ""),
                            open_hall (0), NULL);
  settle (self);
  for (guint i = 1; i <= 150; i++)
    {
      tea_test_channel_receive (desk, say (i, "x"), NULL);
      tea_test_channel_receive (phone, say (i, "x"), NULL);
      if (i % 10 == 0)
        settle (self);
    }
  g_assert_cmpuint (get_head (self), ==, 2 + 200);

  /* Others have their own. */
  tea_test_channel_receive (noor, say (1, "x"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 3 + 200);

  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (desk));
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (phone));
  again = connect_person (self, 1);
  tea_test_channel_receive (again, hello (), tea_frame_encode_enter (STREAM + 2, "Mei", ""),
                            open_hall (0), NULL);
  tea_test_channel_receive (again, say (1, "x"), NULL);
  settle (self);
  tea_test_channel_receive (again, say (1, "x"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 3 + 200);
  pass (self, 10 * G_TIME_SPAN_SECOND);
  head = get_head (self);
  g_assert_cmpuint (head, ==, 4 + 200);

  /* What is said at length is counted by its length: 1 MiB and a bit. */
  for (guint i = 2; i <= 150; i++)
    {
      g_autoptr (GPtrArray) pieces = tea_frame_split_say (i, 1, long_text);

      for (guint j = 0; j < pieces->len; j++)
        tea_test_channel_receive (again, g_bytes_ref (pieces->pdata[j]), NULL);
      settle (self);
    }
  g_assert_cmpuint (get_head (self), ==, head + 104);
  pass (self, G_TIME_SPAN_SECOND);
  /* What was kept; the rest is said again. */
  g_assert_cmpuint (get_head (self), ==, head + 110);
}

static gsize
count_sent (TeaTestChannel *channel)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < channel->sent->len; i++)
    n_bytes += g_bytes_get_size (channel->sent->pdata[i]);
  forget_sent (channel);

  return n_bytes;
}

/* Of the past there is 1 MiB at once, in answers of 16 KiB, and 4 MiB in each second. */
static void
test_pull_quota (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  const TeaRange all = { 1, G_MAXUINT64 };
  gsize n_bytes = 0;

  for (guint i = 1; i <= 30; i++)
    {
      g_autofree char *text = make_long_text (700);

      tea_test_channel_receive (mei, say (i, text), NULL);
    }
  settle (self);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);

  for (guint i = 0; i < 100; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_pull (&all, 1), NULL);
      settle (self);
    }
  n_bytes = count_sent (mei);
  g_assert_cmpuint (n_bytes, >, 1000 * 1024);
  g_assert_cmpuint (n_bytes, <, 1060 * 1024);

  pass (self, 10 * G_TIME_SPAN_MILLISECOND);
  for (guint i = 0; i < 100; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_pull (&all, 1), NULL);
      settle (self);
    }
  n_bytes = count_sent (mei);
  g_assert_cmpuint (n_bytes, >, 16 * 1024);
  g_assert_cmpuint (n_bytes, <, 80 * 1024);
}

/* A message whose answer is not remembered any more is looked up, as if it was said. */
static void
test_repeat_quota (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  guint64 head;

  for (guint i = 1; i <= 100; i++)
    {
      tea_test_channel_receive (mei, say (i, "x"), NULL);
      settle (self);
    }
  pass (self, 10 * G_TIME_SPAN_SECOND);
  head = get_head (self);
  forget_sent (mei);

  for (guint i = 0; i < 300; i++)
    {
      tea_test_channel_receive (mei, say (1, "x"), NULL);
      settle (self);
    }
  g_assert_cmpuint (mei->sent->len, ==, 200);
  g_assert_cmpuint (get_head (self), ==, head);
}

static void
test_many_sessions (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);
  TeaTestChannel *last;

  for (guint i = 0; i < 33; i++)
    {
      last = connect_person (self, 1);
      g_ptr_array_add (channels, last);
      tea_test_channel_receive (last, hello (), tea_frame_encode_enter (STREAM + i, "Mei", ""),
                                open_hall (0), NULL);
      settle (self);
      if (i < 32)
        g_assert_false (last->is_closed);
    }
  assert_sent (last, "bye 1");
  g_assert_true (last->is_closed);
  g_assert_cmpuint (tea_secure_service_get_n_sessions (self->service), ==, 32);

  /* Only until one of them ends. */
  tea_packet_channel_emit_closed (channels->pdata[3]);
  last = connect_person (self, 1);
  g_ptr_array_add (channels, last);
  tea_test_channel_receive (last, hello (), tea_frame_encode_enter (STREAM + 40, "Mei", ""),
                            open_hall (0), NULL);
  settle (self);
  g_assert_false (last->is_closed);
}

/* Everybody is told whenever somebody comes or goes. */
static void
test_coming_and_going (Fixture *self, gconstpointer data)
{
  guint n_in = 0;

  for (guint i = 0; i < 150; i++)
    {
      g_autoptr (TeaTestChannel) mei = connect_person (self, 1);
      g_autofree char *sent = NULL;

      tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), open_hall (50), NULL);
      settle (self);
      sent = tea_test_channel_take_sent (mei);
      if (strstr (sent, "entered") != NULL)
        n_in++;
      else
        g_assert_cmpstr (sent, ==, "welcome 1, refused 8");
      tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
      settle (self);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (mei));
    }
  g_assert_cmpuint (n_in, ==, 100);

  /* Whose network fails all the time was never gone, and does not wait. */
  pass (self, G_TIME_SPAN_SECOND);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (mei));
    }
}

static void
test_goodbye (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = connect_person (self, 2);
  g_autoptr (TeaTestChannel) again = NULL;

  forget_sent (mei);
  stop (self, TEA_BYE_CLOSED);
  assert_sent (mei, "bye 1");
  g_assert_true (mei->is_closed);
  g_assert_true (noor->is_closed);

  /* The room is as it was left: nobody had gone. */
  start (self);
  g_assert_cmpuint (get_n_people (self), ==, 1);
  again = come_in (self, 1, "Mei");
  g_assert_cmpuint (get_head (self), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define add(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

  add ("/secure-service/entering", test_entering);
  add ("/secure-service/refusals", test_refusals);
  add ("/secure-service/before-entering", test_before_entering);
  add ("/secure-service/saying", test_saying);
  add ("/secure-service/saying/told-in-between", test_told_in_between);
  add ("/secure-service/saying/refused-in-between", test_refused_in_between);
  add ("/secure-service/saying/many-at-once", test_many_at_once);
  add ("/secure-service/gap", test_gap);
  add ("/secure-service/early", test_early);
  add ("/secure-service/refused-messages", test_refused_messages);
  add ("/secure-service/pieces", test_pieces);
  add ("/secure-service/many-pieces", test_many_pieces);
  add ("/secure-service/pushing", test_pushing);
  add ("/secure-service/trial", test_trial);
  add ("/secure-service/history-is-no-loss", test_history_is_no_loss);
  add ("/secure-service/announcing", test_announcing);
  add ("/secure-service/counts", test_counts);
  add ("/secure-service/pulling", test_pulling);
  add ("/secure-service/holes", test_holes);
  add ("/secure-service/coming-back", test_coming_back);
  add ("/secure-service/standing", test_standing);
  add ("/secure-service/two-devices", test_two_devices);
  add ("/secure-service/another-connection", test_another_connection);
  add ("/secure-service/leaving", test_leaving);
  add ("/secure-service/leaving-early", test_leaving_early);
  add ("/secure-service/leaving-meanwhile", test_leaving_meanwhile);
  add ("/secure-service/silence", test_silence);
  add ("/secure-service/who", test_who);
  add ("/secure-service/moving", test_moving);
  add ("/secure-service/password", test_password);
  add ("/secure-service/malformed", test_malformed);
  add ("/secure-service/limits", test_limits);
  add ("/secure-service/quotas", test_quotas);
  add ("/secure-service/pull-quota", test_pull_quota);
  add ("/secure-service/repeat-quota", test_repeat_quota);
  add ("/secure-service/many-sessions", test_many_sessions);
  add ("/secure-service/coming-and-going", test_coming_and_going);
  add ("/secure-service/goodbye", test_goodbye);

  return g_test_run ();
}
