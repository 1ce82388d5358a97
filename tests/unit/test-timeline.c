/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-private.h"

#include <string.h>

#include "tea-event-fields.h"

#define MINUTE G_TIME_SPAN_MINUTE

/* Noon of a day, so that a few hours more are the same day in this time zone. */
static gint64
noon (void)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 11, 23, 12, 0, 0);

  return g_date_time_to_unix (time) * G_TIME_SPAN_SECOND;
}

static void
append (TeaTimeline *timeline, TeaEventKind kind, gint64 time, const char *author, const char *text)
{
  g_autoptr (TeaEvent) event = tea_event_new (kind, time, author, text);

  tea_timeline_append_event (timeline, event);
}

static void
say (TeaTimeline *timeline, gint64 time, const char *author, const char *text)
{
  append (timeline, TEA_EVENT_MESSAGE, time, author, text);
}

/* The timeline in a line: what it looks like is what is tested. */
static char *
describe (TeaTimeline *timeline)
{
  GListModel *model = G_LIST_MODEL (timeline);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (i > 0)
        g_string_append_c (text, ' ');

      switch (tea_timeline_item_get_kind (item))
        {
        case TEA_TIMELINE_ITEM_MESSAGE:
          g_string_append_printf (
              text, "%s%s%s%s%s", tea_timeline_item_is_first_of_group (item) ? "" : ">",
              tea_timeline_item_is_own (item) ? "me" : tea_timeline_item_get_author (item),
              tea_timeline_item_mentions_me (item) ? "!" : "",
              tea_timeline_item_get_delivery (item) == TEA_DELIVERY_WAITING  ? "?"
              : tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED ? "x"
                                                                             : ":",
              tea_timeline_item_get_text (item));
          break;
        case TEA_TIMELINE_ITEM_PRESENCE:
          g_string_append_printf (text, "presence%u", tea_timeline_item_get_events (item)->len);
          break;
        case TEA_TIMELINE_ITEM_NOTICE:
          g_string_append_printf (text, "notice(%s)", tea_timeline_item_get_text (item));
          break;
        case TEA_TIMELINE_ITEM_DAY:
          g_string_append (text, "day");
          break;
        case TEA_TIMELINE_ITEM_UNREAD:
          g_string_append (text, "unread");
          break;
        case TEA_TIMELINE_ITEM_WAITING:
          g_string_append (text, "waiting");
          break;
        case TEA_TIMELINE_ITEM_GAP:
          g_string_append (text, "gap");
          break;
        default:
          g_assert_not_reached ();
        }
    }

  return g_string_free (text, FALSE);
}

#define assert_timeline(timeline, expected)           \
  G_STMT_START                                        \
  {                                                   \
    g_autofree char *described = describe (timeline); \
    g_assert_cmpstr (described, ==, expected);        \
  }                                                   \
  G_STMT_END

/* Follows a model by what it announces alone, and holds it against the model. */
typedef struct
{
  GListModel *model;
  GPtrArray *items;
} Follower;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Follower *follower)
{
  if (removed > 0)
    g_ptr_array_remove_range (follower->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (follower->items, (gint) (position + i),
                        g_list_model_get_item (model, position + i));

  g_assert_cmpuint (follower->items->len, ==, g_list_model_get_n_items (model));
  for (guint i = 0; i < follower->items->len; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (follower->items, i));
    }
}

static TeaTimeline *
new_timeline (void)
{
  TeaTimeline *timeline = tea_timeline_new ();
  Follower *follower = g_new0 (Follower, 1);

  follower->items = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_set_data_full (G_OBJECT (timeline), "follower-items", follower->items,
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_data (timeline, "items-changed", G_CALLBACK (items_changed_cb), follower,
                         (GClosureNotify) (void (*) (void)) g_free, G_CONNECT_DEFAULT);
  tea_timeline_set_own_name (timeline, "Mei");

  return timeline;
}

static void
test_groups (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon ();

  say (timeline, t, "Noor", "1");
  say (timeline, t + 4 * MINUTE, "Noor", "2");
  say (timeline, t + 9 * MINUTE, "Noor", "3");
  say (timeline, t + 9 * MINUTE, "Sam", "4");
  append (timeline, TEA_EVENT_NOTICE, t + 9 * MINUTE, NULL, "n");
  say (timeline, t + 9 * MINUTE, "Sam", "5");
  say (timeline, t + 9 * MINUTE, "Sam", "6");
  tea_timeline_append_own (timeline, "7", 0, t + 10 * MINUTE, TEA_DELIVERY_SENT);
  tea_timeline_append_own (timeline, "8", 0, t + 10 * MINUTE, TEA_DELIVERY_SENT);

  assert_timeline (timeline, "day Noor:1 >Noor:2 Noor:3 Sam:4 notice(n) Sam:5 >Sam:6 me:7 >me:8");
}

static void
test_days (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon () + 12 * 60 * MINUTE;

  say (timeline, t - MINUTE, "Noor", "before");
  say (timeline, t + MINUTE, "Noor", "after");

  assert_timeline (timeline, "day Noor:before day Noor:after");
}

static void
test_presence_folds (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon ();

  append (timeline, TEA_EVENT_JOINED, t, "Aiko", NULL);
  append (timeline, TEA_EVENT_JOINED, t + 9 * MINUTE, "Sam", NULL);
  append (timeline, TEA_EVENT_LEFT, t + 18 * MINUTE, "Aiko", NULL);
  append (timeline, TEA_EVENT_LEFT, t + 29 * MINUTE, "Sam", NULL);
  say (timeline, t + 30 * MINUTE, "Noor", "hm");
  append (timeline, TEA_EVENT_JOINED, t + 30 * MINUTE, "Sam", NULL);

  assert_timeline (timeline, "day presence3 presence1 Noor:hm presence1");
}

static void
test_unread_line (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon ();

  say (timeline, t, "Noor", "1");
  tea_timeline_set_reading (timeline, FALSE);
  append (timeline, TEA_EVENT_JOINED, t, "Sam", NULL);
  say (timeline, t, "Noor", "2");
  say (timeline, t, "Noor", "3");
  assert_timeline (timeline, "day Noor:1 presence1 unread Noor:2 >Noor:3");

  /* Seen, but not left yet: the line stays, and there is only one. */
  tea_timeline_set_reading (timeline, TRUE);
  tea_timeline_set_reading (timeline, FALSE);
  say (timeline, t, "Noor", "4");
  assert_timeline (timeline, "day Noor:1 presence1 unread Noor:2 >Noor:3 >Noor:4");

  tea_timeline_clear_unread (timeline);
  assert_timeline (timeline, "day Noor:1 presence1 Noor:2 >Noor:3 >Noor:4");

  say (timeline, t, "Noor", "5");
  assert_timeline (timeline, "day Noor:1 presence1 Noor:2 >Noor:3 >Noor:4 unread Noor:5");

  /* Whoever writes has read; what the line had divided is one run again. */
  tea_timeline_append_own (timeline, "6", 0, t, TEA_DELIVERY_SENT);
  assert_timeline (timeline, "day Noor:1 presence1 Noor:2 >Noor:3 >Noor:4 >Noor:5 me:6");
}

static void
test_mentions (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    gboolean mentioned;
  } vectors[] = {
    { "Mei", "@Mei could you", TRUE }, { "Mei", "mei: yes", TRUE },   { "Mei", "ask Mei.", TRUE },
    { "Mei", "Meister", FALSE },       { "Mei", "Homei", FALSE },     { "Mei", "@Meister", FALSE },
    { "Mei", "a@Mei", TRUE },          { "Mei", "你好Mei", FALSE },   { "梅子", "梅子你好", TRUE },
    { "梅子", "请@梅子看", TRUE },     { "梅子", "梅", FALSE },       { "a.b", "axb", FALSE },
    { "a.b", "a.b!", TRUE },           { "(*_*)", "hi (*_*)", TRUE }, { "Élan", "ÉLAN?", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTimeline) timeline = tea_timeline_new ();
      g_autoptr (TeaTimelineItem) item = NULL;

      g_test_message ("vector %zu: “%s” in “%s”", i, vectors[i].name, vectors[i].text);
      tea_timeline_set_own_name (timeline, vectors[i].name);
      say (timeline, noon (), "Noor", vectors[i].text);
      item = g_list_model_get_item (G_LIST_MODEL (timeline), 1);
      g_assert_cmpint (tea_timeline_item_mentions_me (item), ==, vectors[i].mentioned);
    }
}

static void
test_waiting_stays_last (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 now = g_get_real_time ();
  TeaTimelineItem *first;
  TeaTimelineItem *second;

  say (timeline, now, "Noor", "1");
  first = tea_timeline_append_own (timeline, "a", 0, now, TEA_DELIVERY_WAITING);
  second = tea_timeline_append_own (timeline, "b", 0, now, TEA_DELIVERY_WAITING);
  say (timeline, now, "Noor", "2");
  assert_timeline (timeline, "day Noor:1 >Noor:2 waiting me?a >me?b");
  g_assert_true (tea_timeline_get_next_waiting (timeline) == first);

  tea_timeline_set_delivery (timeline, first, TEA_DELIVERY_SENT, NULL);
  assert_timeline (timeline, "day Noor:1 >Noor:2 me:a waiting me?b");
  g_assert_true (tea_timeline_get_next_waiting (timeline) == second);

  tea_timeline_set_delivery (timeline, second, TEA_DELIVERY_FAILED, "too long");
  g_assert_cmpstr (tea_timeline_item_get_failure (second), ==, "too long");
  g_assert_null (tea_timeline_get_next_waiting (timeline));
  say (timeline, now, "Noor", "3");
  assert_timeline (timeline, "day Noor:1 >Noor:2 me:a Noor:3 mexb");

  tea_timeline_set_delivery (timeline, second, TEA_DELIVERY_WAITING, NULL);
  assert_timeline (timeline, "day Noor:1 >Noor:2 me:a Noor:3 waiting me?b");

  tea_timeline_remove (timeline, second);
  assert_timeline (timeline, "day Noor:1 >Noor:2 me:a Noor:3");
}

static void
test_taken_back (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 now = g_get_real_time ();
  TeaTimelineItem *item = tea_timeline_append_own (timeline, "a", 0, now, TEA_DELIVERY_SENT);

  say (timeline, now, "Noor", "1");
  tea_timeline_set_delivery (timeline, item, TEA_DELIVERY_WAITING, NULL);
  assert_timeline (timeline, "day Noor:1 waiting me?a");
  tea_timeline_set_delivery (timeline, item, TEA_DELIVERY_SENT, NULL);
  assert_timeline (timeline, "day Noor:1 me:a");
}

static TeaEvent *
new_logged (guint64 seq, TeaEventKind kind, gint64 time, const char *author, const char *text)
{
  return tea_event_new_logged (seq, kind, time, author, text, NULL, 0, 0);
}

static void
append_logged (
    TeaTimeline *timeline, guint64 seq, TeaEventKind kind, gint64 time, const char *author)
{
  g_autoptr (TeaEvent) event
      = new_logged (seq, kind, time, author, kind == TEA_EVENT_MESSAGE ? "x" : NULL);

  tea_timeline_append_event (timeline, event);
}

static GPtrArray *
new_page (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
}

static void
test_prepend (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  g_autoptr (GPtrArray) page = new_page ();
  g_autoptr (GPtrArray) earlier = new_page ();
  g_autoptr (TeaTimelineItem) kept = NULL;
  g_autoptr (TeaTimelineItem) item = NULL;
  gint64 t = noon ();

  append_logged (timeline, 10, TEA_EVENT_MESSAGE, t, "Noor");
  append_logged (timeline, 11, TEA_EVENT_MESSAGE, t, "Sam");
  tea_timeline_append_own (timeline, "later", 0, t, TEA_DELIVERY_WAITING);
  kept = g_list_model_get_item (G_LIST_MODEL (timeline), 1);
  assert_timeline (timeline, "day Noor:x Sam:x waiting me?later");

  /* The same day: its line moves up, and the run goes on across the seam. */
  g_ptr_array_add (page, new_logged (7, TEA_EVENT_JOINED, t - 3 * MINUTE, "Sam", NULL));
  g_ptr_array_add (page, new_logged (8, TEA_EVENT_LEFT, t - 2 * MINUTE, "Sam", NULL));
  g_ptr_array_add (page, new_logged (9, TEA_EVENT_MESSAGE, t - MINUTE, "Noor", "y"));
  tea_timeline_prepend_events (timeline, page);
  assert_timeline (timeline, "day presence2 Noor:y >Noor:x Sam:x waiting me?later");
  item = g_list_model_get_item (G_LIST_MODEL (timeline), 3);
  g_assert_true (item == kept);

  /* The day before, said by oneself at another time; comings and goings become one line. */
  g_ptr_array_add (earlier, new_logged (4, TEA_EVENT_MESSAGE, t - 24 * 60 * MINUTE, "Mei", "z"));
  g_ptr_array_add (earlier, new_logged (5, TEA_EVENT_JOINED, t - 5 * MINUTE, "Aiko", NULL));
  g_ptr_array_add (earlier, new_logged (6, TEA_EVENT_LEFT, t - 4 * MINUTE, "Aiko", NULL));
  tea_timeline_prepend_events (timeline, earlier);
  assert_timeline (timeline, "day me:z day presence4 Noor:y >Noor:x Sam:x waiting me?later");

  g_ptr_array_set_size (earlier, 0);
  tea_timeline_prepend_events (timeline, earlier);
  assert_timeline (timeline, "day me:z day presence4 Noor:y >Noor:x Sam:x waiting me?later");
}

/* What came while this program was not there is unread, also where it is got later. */
static void
test_unread_before (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  g_autoptr (GPtrArray) earlier = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  gint64 t = noon ();

  tea_timeline_set_unread (timeline, 5, 11);
  append_logged (timeline, 9, TEA_EVENT_MESSAGE, t, "Mei");
  append_logged (timeline, 10, TEA_EVENT_MESSAGE, t, "Noor");
  append_logged (timeline, 11, TEA_EVENT_MESSAGE, t, "Sam");
  append_logged (timeline, 12, TEA_EVENT_MESSAGE, t, "Noor");
  assert_timeline (timeline, "day me:x unread Noor:x Sam:x Noor:x");

  g_ptr_array_add (page, new_logged (7, TEA_EVENT_MESSAGE, t, "Sam", "y"));
  g_ptr_array_add (page, new_logged (8, TEA_EVENT_MESSAGE, t, "Noor", "z"));
  tea_timeline_prepend_events (timeline, page);
  assert_timeline (timeline, "day unread Sam:y Noor:z me:x Noor:x Sam:x Noor:x");

  g_ptr_array_add (earlier, new_logged (4, TEA_EVENT_MESSAGE, t, "Sam", "v"));
  g_ptr_array_add (earlier, new_logged (5, TEA_EVENT_MESSAGE, t, "Noor", "w"));
  g_ptr_array_add (earlier, new_logged (6, TEA_EVENT_MESSAGE, t, "Noor", "x"));
  tea_timeline_prepend_events (timeline, earlier);
  assert_timeline (timeline,
                   "day Sam:v Noor:w unread Noor:x Sam:y Noor:z me:x Noor:x Sam:x Noor:x");

  /* Once it is read it is, also where more of it is got. */
  tea_timeline_clear_unread (timeline);
  tea_timeline_set_unread (timeline, 0, 3);
  tea_timeline_clear_unread (timeline);
  g_ptr_array_set_size (page, 0);
  g_ptr_array_add (page, new_logged (3, TEA_EVENT_MESSAGE, t, "Noor", "u"));
  tea_timeline_prepend_events (timeline, page);
  assert_timeline (timeline,
                   "day Noor:u Sam:v Noor:w >Noor:x Sam:y Noor:z me:x Noor:x Sam:x Noor:x");
}

static void
test_prepend_to_nothing (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  g_autoptr (GPtrArray) page = new_page ();

  g_ptr_array_add (page, new_logged (1, TEA_EVENT_MESSAGE, noon (), "Noor", "y"));
  tea_timeline_prepend_events (timeline, page);
  assert_timeline (timeline, "day Noor:y");
}

static void
test_gap (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon ();

  tea_timeline_append_gap (timeline);
  append_logged (timeline, 1, TEA_EVENT_JOINED, t, "Noor");
  tea_timeline_append_gap (timeline);
  tea_timeline_append_gap (timeline);
  append_logged (timeline, 9, TEA_EVENT_LEFT, t, "Noor");
  assert_timeline (timeline, "day presence1 gap presence1");
}

static void
test_delivered_takes_its_place (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  gint64 t = noon ();
  TeaTimelineItem *first
      = tea_timeline_append_own (timeline, "a", 0, t - 48 * 60 * MINUTE, TEA_DELIVERY_SENDING);
  TeaTimelineItem *second = tea_timeline_append_own (timeline, "b", 0, t, TEA_DELIVERY_SENDING);

  assert_timeline (timeline, "me:a me:b");
  tea_timeline_settle_own (timeline, first, 1, t);
  append_logged (timeline, 2, TEA_EVENT_MESSAGE, t, "Noor");
  assert_timeline (timeline, "day me:a Noor:x me:b");
  append_logged (timeline, 3, TEA_EVENT_MESSAGE, t, "Noor");
  tea_timeline_settle_own (timeline, second, 4, t);
  assert_timeline (timeline, "day me:a Noor:x >Noor:x me:b");
  g_assert_cmpuint (tea_timeline_item_get_seq (second), ==, 4);
}

/* What waits longest is known, whatever becomes of the others. */
static void
test_next_waiting (void)
{
  const TeaDelivery deliveries[]
      = { TEA_DELIVERY_WAITING, TEA_DELIVERY_SENDING, TEA_DELIVERY_FAILED, TEA_DELIVERY_SENT,
          TEA_DELIVERY_DELIVERED };
  g_autoptr (TeaTimeline) timeline = tea_timeline_new ();
  g_autoptr (GRand) dice = g_rand_new_with_seed (1);

  tea_timeline_set_own_name (timeline, "Mei");
  for (guint round = 0; round < 2000; round++)
    {
      GListModel *model = G_LIST_MODEL (timeline);
      TeaDelivery delivery = deliveries[g_rand_int_range (dice, 0, G_N_ELEMENTS (deliveries))];
      guint n_items = g_list_model_get_n_items (model);
      g_autoptr (TeaTimelineItem) item = NULL;
      TeaTimelineItem *waiting = NULL;

      if (n_items > 0)
        item = g_list_model_get_item (model, (guint) g_rand_int_range (dice, 0, (gint32) n_items));

      switch (g_rand_int_range (dice, 0, 4))
        {
        case 0:
          tea_timeline_append_own (timeline, "x", 0, noon (), delivery);
          break;
        case 1:
          say (timeline, noon (), "Noor", "y");
          break;
        case 2:
          if (item != NULL && tea_timeline_item_is_own (item))
            tea_timeline_set_delivery (timeline, item, delivery, NULL);
          break;
        default:
          if (item != NULL && tea_timeline_item_is_own (item) && g_rand_boolean (dice))
            tea_timeline_remove (timeline, item);
          else if (item != NULL && tea_timeline_item_is_own (item))
            tea_timeline_settle_own (timeline, item, round + 1, noon ());
        }

      for (guint i = 0; i < g_list_model_get_n_items (model); i++)
        {
          g_autoptr (TeaTimelineItem) one = g_list_model_get_item (model, i);
          gboolean waits = tea_timeline_item_get_kind (one) == TEA_TIMELINE_ITEM_MESSAGE
                           && tea_timeline_item_get_delivery (one) == TEA_DELIVERY_WAITING;

          if (waits && waiting == NULL)
            waiting = one;
        }
      g_assert_true (tea_timeline_get_next_waiting (timeline) == waiting);
    }
}

/* What was done to keep order has a line. */
static void
test_order (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();
  g_autoptr (TeaEvent) reacted = tea_event_new (TEA_EVENT_REACTED, noon (), "Noor", "🍵");
  g_autoptr (TeaEvent) topic = tea_event_new (TEA_EVENT_TOPIC, noon (), "Noor", "te\na");
  g_autoptr (TeaTimelineItem) item = NULL;

  tea_timeline_append_event (timeline, reacted);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, 0);
  tea_timeline_append_event (timeline, topic);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (timeline)), ==, 2);
  item = g_list_model_get_item (G_LIST_MODEL (timeline), 1);
  g_assert_cmpuint (tea_timeline_item_get_kind (item), ==, TEA_TIMELINE_ITEM_NOTICE);
  g_assert_nonnull (strstr (tea_timeline_item_get_text (item), "te\n    a"));
}

static void
log_event (TeaTimeline *timeline, TeaEventFields fields)
{
  g_autoptr (TeaEvent) event = NULL;

  fields.time = noon ();
  fields.author = "Noor";
  event = tea_event_new_from_fields (&fields);
  if (fields.kind == TEA_EVENT_MESSAGE)
    tea_timeline_append_event (timeline, event);
  else
    g_array_unref (tea_timeline_take_change (timeline, event));
}

/* The line of what is unread goes when there is nothing of that any more, a mention when it is
 * edited away. */
static void
test_changes (void)
{
  g_autoptr (TeaTimeline) timeline = new_timeline ();

  log_event (timeline, (TeaEventFields){ .seq = 1, .kind = TEA_EVENT_MESSAGE, .text = "a" });
  tea_timeline_set_reading (timeline, FALSE);
  log_event (timeline, (TeaEventFields){ .seq = 2, .kind = TEA_EVENT_MESSAGE, .text = "@Mei b" });
  log_event (timeline, (TeaEventFields){ .seq = 3, .kind = TEA_EVENT_MESSAGE, .text = "c" });
  assert_timeline (timeline, "day Noor:a unread Noor!:@Mei b >Noor:c");
  log_event (timeline,
             (TeaEventFields){ .seq = 4, .kind = TEA_EVENT_EDITED, .target = 2, .text = "b" });
  assert_timeline (timeline, "day Noor:a unread Noor:b >Noor:c");
  log_event (timeline, (TeaEventFields){ .seq = 5, .kind = TEA_EVENT_REMOVED, .target = 2 });
  assert_timeline (timeline, "day Noor:a unread Noor: >Noor:c");
  log_event (timeline, (TeaEventFields){ .seq = 6, .kind = TEA_EVENT_REMOVED, .target = 3 });
  assert_timeline (timeline, "day Noor:a >Noor: >Noor:");

  /* In another log the same number is of something else. */
  tea_timeline_begin_anew (timeline);
  log_event (timeline,
             (TeaEventFields){ .seq = 9, .kind = TEA_EVENT_EDITED, .target = 1, .text = "?" });
  assert_timeline (timeline, "day Noor:a >Noor: >Noor: gap");
  g_assert_null (tea_timeline_find_message (timeline, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/timeline/groups", test_groups);
  g_test_add_func ("/timeline/days", test_days);
  g_test_add_func ("/timeline/presence-folds", test_presence_folds);
  g_test_add_func ("/timeline/unread-line", test_unread_line);
  g_test_add_func ("/timeline/mentions", test_mentions);
  g_test_add_func ("/timeline/waiting-stays-last", test_waiting_stays_last);
  g_test_add_func ("/timeline/taken-back", test_taken_back);
  g_test_add_func ("/timeline/prepend", test_prepend);
  g_test_add_func ("/timeline/unread-before", test_unread_before);
  g_test_add_func ("/timeline/prepend-to-nothing", test_prepend_to_nothing);
  g_test_add_func ("/timeline/next-waiting", test_next_waiting);
  g_test_add_func ("/timeline/gap", test_gap);
  g_test_add_func ("/timeline/delivered-takes-its-place", test_delivered_takes_its_place);

  g_test_add_func ("/timeline/order", test_order);
  g_test_add_func ("/timeline/changes", test_changes);

  return g_test_run ();
}
