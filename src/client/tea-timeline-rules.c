/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-rules.h"

#include "tea-event-details.h"
#include "tea-text.h"
#include "tea-timeline-item-private.h"

/* How far apart messages of one author may be to count as one run, and arrivals and
 * departures to be told in one line. */
#define GROUP_GAP (5 * 60 * G_TIME_SPAN_SECOND)
#define PRESENCE_GAP (10 * 60 * G_TIME_SPAN_SECOND)

/* In no time zone does a day begin within such a part of an hour. */
#define QUARTER (15 * 60 * G_TIME_SPAN_SECOND)

static gboolean
is_kind (TeaTimelineItem *item, TeaTimelineItemKind kind)
{
  return item != NULL && tea_timeline_item_get_kind (item) == kind;
}

/* Whether two moments are on the same day, here. */
gboolean
_tea_timeline_is_same_day (gint64 one, gint64 other)
{
  g_autoptr (GDateTime) one_utc = NULL;
  g_autoptr (GDateTime) other_utc = NULL;
  g_autoptr (GDateTime) one_local = NULL;
  g_autoptr (GDateTime) other_local = NULL;

  /* GLib looks for the time zone in the file system each time. */
  if (one / QUARTER == other / QUARTER)
    return TRUE;

  one_utc = g_date_time_new_from_unix_utc (one / G_TIME_SPAN_SECOND);
  other_utc = g_date_time_new_from_unix_utc (other / G_TIME_SPAN_SECOND);
  /* A server can tell any number for a time. */
  if (one_utc == NULL || other_utc == NULL)
    return one == other;

  one_local = g_date_time_to_local (one_utc);
  other_local = g_date_time_to_local (other_utc);
  if (one_local == NULL || other_local == NULL)
    return one == other;

  return g_date_time_get_year (one_local) == g_date_time_get_year (other_local)
         && g_date_time_get_day_of_year (one_local) == g_date_time_get_day_of_year (other_local);
}

/* Whether a message goes on with what the line before it began. */
gboolean
_tea_timeline_is_same_run (TeaTimelineItem *before, TeaTimelineItem *item)
{
  return is_kind (before, TEA_TIMELINE_ITEM_MESSAGE)
         && tea_timeline_item_is_own (before) == tea_timeline_item_is_own (item)
         && g_str_equal (tea_timeline_item_get_author (before), tea_timeline_item_get_author (item))
         && tea_timeline_item_get_time (item) - tea_timeline_item_get_time (before) < GROUP_GAP;
}

/* Whether an arrival or a departure at that time is told in the line before it. */
gboolean
_tea_timeline_can_fold (TeaTimelineItem *before, gint64 time)
{
  GPtrArray *events;
  gint64 latest;

  if (!is_kind (before, TEA_TIMELINE_ITEM_PRESENCE))
    return FALSE;

  events = tea_timeline_item_get_events (before);
  latest = tea_event_get_time (g_ptr_array_index (events, events->len - 1));

  return time - latest < PRESENCE_GAP && _tea_timeline_is_same_day (latest, time);
}

/* What a message is called for ever, in one text. */
char *
_tea_timeline_dup_id (guint32 stream, guint32 number)
{
  return g_strdup_printf ("%08x-%u", stream, number);
}

/* What was done to keep order, and to the topic, has a line; of the other kinds nothing is shown.
 */
gboolean
_tea_timeline_is_shown (TeaEvent *event)
{
  g_autofree char *sentence = NULL;

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
    case TEA_EVENT_LEFT:
    case TEA_EVENT_MESSAGE:
    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
      return TRUE;

    case TEA_EVENT_PINNED:
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_ROLE:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
      sentence = tea_event_details_describe (event);
      return sentence != NULL;

    case TEA_EVENT_INVITED:
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_OTHER:
    default:
      return FALSE;
    }
}

/* The line of what happened; in a log, what was said under one's own name is one's own. */
TeaTimelineItem *
_tea_timeline_item_for_event (TeaEvent *event, TeaName *own_name, GRegex *mention)
{
  TeaTimelineItem *item;
  g_autofree char *sentence = NULL;
  g_autofree char *safe = NULL;
  const char *author = tea_event_get_author (event);
  /* Of a message that was removed there is none. */
  const char *text = tea_event_get_text (event) != NULL ? tea_event_get_text (event) : "";
  gint64 time = tea_event_get_time (event);
  gboolean own = FALSE;

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
    case TEA_EVENT_LEFT:
      item = tea_timeline_item_new_presence (event);
      break;

    case TEA_EVENT_MESSAGE:
      own = tea_event_get_seq (event) > 0 && own_name != NULL
            && tea_name_matches (own_name, author);
      item = tea_timeline_item_new_told (event, own);
      text = tea_timeline_item_get_text (item);
      if (own)
        _tea_timeline_item_set_delivery (item, TEA_DELIVERY_DELIVERED, NULL);
      else if (mention != NULL)
        _tea_timeline_item_set_mentions_me (item, g_regex_match (mention, text, 0, NULL));
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
      item = tea_timeline_item_new_notice (text, time);
      break;

    case TEA_EVENT_PINNED:
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_ROLE:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
      sentence = tea_event_details_describe (event);
      safe = tea_text_make_safe (sentence);
      item = tea_timeline_item_new_notice (safe, time);
      break;

    case TEA_EVENT_INVITED:
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_OTHER:
    default:
      g_assert_not_reached ();
    }

  _tea_timeline_item_set_seq (item, tea_event_get_seq (event));
  if (tea_event_get_stream (event) != 0)
    {
      g_autofree char *id
          = _tea_timeline_dup_id (tea_event_get_stream (event), tea_event_get_number (event));

      _tea_timeline_item_set_id (item, id);
    }

  return item;
}

/* The lines of what happened in a row, those of the days with them. */
GPtrArray *
_tea_timeline_lines_for_events (GPtrArray *events, TeaName *own_name, GRegex *mention)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_object_unref);
  TeaTimelineItem *last = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);
      gint64 time = tea_event_get_time (event);
      gboolean is_presence = tea_event_get_kind (event) == TEA_EVENT_JOINED
                             || tea_event_get_kind (event) == TEA_EVENT_LEFT;

      if (!_tea_timeline_is_shown (event))
        continue;

      if (is_presence && _tea_timeline_can_fold (last, time))
        {
          _tea_timeline_item_fold (last, event);
          continue;
        }

      if (last == NULL || !_tea_timeline_is_same_day (tea_timeline_item_get_time (last), time))
        g_ptr_array_add (lines, tea_timeline_item_new_line (TEA_TIMELINE_ITEM_DAY, time));

      last = _tea_timeline_item_for_event (event, own_name, mention);
      g_ptr_array_add (lines, last);
    }

  return lines;
}
