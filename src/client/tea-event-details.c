/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-details.h"

#include <glib/gi18n-lib.h>

#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-text.h"

struct _TeaEventDetails
{
  gboolean is_set;
  TeaReaction *reaction; /* (owned) (nullable) */
  TeaSentOut person;     /* whom it is about, until when, and what else */
  TeaRoomRole role;
  TeaRoomSettings settings;
};

G_DEFINE_BOXED_TYPE (TeaEventDetails,
                     tea_event_details,
                     tea_event_details_ref,
                     tea_event_details_unref)

static void
tea_event_details_clear (gpointer data)
{
  TeaEventDetails *self = data;

  g_clear_pointer (&self->reaction, tea_reaction_unref);
  tea_sent_out_clear (&self->person);
  tea_room_settings_clear (&self->settings);
}

static gboolean
read_reacted (TeaEventDetails *self, TeaEvent *event)
{
  g_auto (GStrv) names = NULL;
  guint count;

  if (!tea_event_data_decode_reacted (tea_event_get_data (event), &self->is_set, &count, &names))
    return FALSE;

  self->reaction
      = tea_reaction_new (tea_event_get_text (event), count, (const char *const *) names);

  return TRUE;
}

/* The name of who is meant is the text. */
static gboolean
read_key (TeaEventDetails *self, TeaEvent *event)
{
  self->person.key = tea_event_data_decode_key (tea_event_get_data (event));
  self->person.name = g_strdup (tea_event_get_text (event));

  return self->person.key != NULL;
}

static gboolean
read_role (TeaEventDetails *self, TeaEvent *event)
{
  self->person.name = g_strdup (tea_event_get_text (event));

  return tea_event_data_decode_role (tea_event_get_data (event), &self->person.key, &self->role);
}

static gboolean
read_details (TeaEventDetails *self, TeaEvent *event)
{
  GBytes *data = tea_event_get_data (event);

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_REACTED:
      return read_reacted (self, event);
    case TEA_EVENT_PINNED:
    case TEA_EVENT_ARCHIVED:
      return tea_event_data_decode_switch (data, &self->is_set);
    case TEA_EVENT_INVITED:
      return read_key (self, event);
    case TEA_EVENT_ROLE:
      return read_role (self, event);
    case TEA_EVENT_SENT_OUT:
      return tea_event_data_decode_sent_out (data, &self->person);
    case TEA_EVENT_MUTED:
      return tea_event_data_decode_muted (data, &self->person.key, &self->person.name,
                                          &self->person.until);
    case TEA_EVENT_SETTINGS:
      return tea_event_data_decode_settings (data, &self->settings);
    default:
      return FALSE;
    }
}

/* The minute by which a time is over. */
static char *
make_time (gint64 time)
{
  gint64 over = MIN (time + 59 * G_TIME_SPAN_SECOND, TEA_EVENT_MAX_TIME);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (over / G_TIME_SPAN_SECOND);

  /* Here it may be the year 10000 already. */
  if (date == NULL)
    date = g_date_time_new_from_unix_utc (over / G_TIME_SPAN_SECOND);

  return g_date_time_format (date, "%Y-%m-%d %H:%M");
}

/* What was done to somebody, and why. */
static char *
add_reason (const char *sentence, const char *reason)
{
  if (reason == NULL || *reason == '\0')
    return g_strdup (sentence);

  /* Translators: what was done to somebody, and why */
  return tea_text_format (_ ("%s: %s"), sentence, reason);
}

/* Not everybody is known by name. */
static const char *
get_called (TeaEventDetails *self)
{
  const char *name = self->person.name;

  return name != NULL && *name != '\0' ? name : _ ("somebody");
}

static char *
describe_role (TeaEventDetails *self, const char *author)
{
  const char *name = get_called (self);

  if (self->role == TEA_ROOM_ROLE_OWNER)
    return tea_text_format (_ ("%s made %s an owner of the room"), author, name);
  if (self->role == TEA_ROOM_ROLE_MODERATOR)
    return tea_text_format (_ ("%s made %s a moderator of the room"), author, name);

  return tea_text_format (_ ("%s made %s a member of the room like others"), author, name);
}

static char *
describe_sent_out (TeaEventDetails *self, const char *author, const char *reason)
{
  const char *name = get_called (self);
  g_autofree char *time = make_time (self->person.until);
  g_autofree char *sentence = NULL;
  g_autofree char *whole = NULL;

  if (self->person.until == 0)
    sentence = tea_text_format (_ ("%s sent %s out, who may come back"), author, name);
  else if (self->person.until == TEA_EVENT_MAX_TIME)
    sentence = tea_text_format (_ ("%s sent %s out for good"), author, name);
  else
    sentence = tea_text_format (_ ("%s sent %s out until %s"), author, name, time);

  if (self->person.erase != 0)
    whole = tea_text_format (_ ("%s; what they said is removed"), sentence);

  return add_reason (whole != NULL ? whole : sentence, reason);
}

static char *
describe_muted (TeaEventDetails *self, const char *author, const char *reason)
{
  const char *name = get_called (self);
  g_autofree char *time = make_time (self->person.until);
  g_autofree char *sentence = NULL;

  if (self->person.until == 0)
    sentence = tea_text_format (_ ("%s lets %s speak again"), author, name);
  else if (self->person.until == TEA_EVENT_MAX_TIME)
    sentence = tea_text_format (_ ("%s muted %s"), author, name);
  else
    sentence = tea_text_format (_ ("%s muted %s until %s"), author, name, time);

  return add_reason (sentence, reason);
}

/**
 * tea_event_details_new:
 * @event: an event
 *
 * Reads what an event carries besides its text.
 *
 * Returns: (transfer full) (nullable): that; %NULL where its kind has nothing but a text
 */
TeaEventDetails *
tea_event_details_new (TeaEvent *event)
{
  g_autoptr (TeaEventDetails) self = NULL;

  g_return_val_if_fail (event != NULL, NULL);

  self = g_atomic_rc_box_new0 (TeaEventDetails);
  self->settings.slow_mode = TEA_SLOW_UNCHANGED;
  if (!read_details (self, event))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_event_details_ref:
 * @self: details
 *
 * Adds an owner.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaEventDetails *
tea_event_details_ref (TeaEventDetails *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_event_details_unref:
 * @self: (transfer full): details
 *
 * Gives up one ownership; with the last they are freed.
 */
void
tea_event_details_unref (TeaEventDetails *self)
{
  g_atomic_rc_box_release_full (self, tea_event_details_clear);
}

/**
 * tea_event_details_get_is_set:
 * @self: details
 *
 * Tells whether something is so from then on, or not any more: of %TEA_EVENT_REACTED,
 * %TEA_EVENT_PINNED and %TEA_EVENT_ARCHIVED.
 *
 * Returns: whether it is
 */
gboolean
tea_event_details_get_is_set (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_set;
}

/**
 * tea_event_details_get_reaction:
 * @self: details
 *
 * Tells how many have reacted with an emoji from then on, and who: of %TEA_EVENT_REACTED.
 *
 * Returns: (nullable) (transfer none): the reactions with that emoji; %NULL of other kinds
 */
TeaReaction *
tea_event_details_get_reaction (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reaction;
}

/**
 * tea_event_details_get_fingerprint:
 * @self: details
 *
 * Tells whom it is about: of %TEA_EVENT_INVITED, %TEA_EVENT_ROLE, %TEA_EVENT_SENT_OUT and
 * %TEA_EVENT_MUTED.
 *
 * Returns: (nullable): the fingerprint of their key; %NULL of other kinds
 */
const char *
tea_event_details_get_fingerprint (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person.key;
}

/**
 * tea_event_details_get_name:
 * @self: details
 *
 * Tells what they are called whom it is about.
 *
 * Returns: (nullable): their name; %NULL or `""` where it is not known, and %NULL where it is about
 *   nobody
 */
const char *
tea_event_details_get_name (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person.name;
}

/**
 * tea_event_details_get_until:
 * @self: details
 *
 * Tells until when somebody stays out, or may not say anything.
 *
 * Returns: until when, in µs since the Unix epoch; 0 where they may come back at once, or speak
 *   again; the end of the year 9999 for good
 */
gint64
tea_event_details_get_until (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->person.until;
}

/**
 * tea_event_details_get_erase:
 * @self: details
 *
 * Tells what was removed of who was sent out.
 *
 * Returns: the number from which on all that they said under that name is removed; 0 for nothing
 */
guint64
tea_event_details_get_erase (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->person.erase;
}

/**
 * tea_event_details_get_with_network:
 * @self: details
 *
 * Tells whether the network that somebody came from stays out, too.
 *
 * Returns: whether it does
 */
gboolean
tea_event_details_get_with_network (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->person.with_network;
}

/**
 * tea_event_details_get_role:
 * @self: details
 *
 * Tells which role somebody has from then on: of %TEA_EVENT_ROLE.
 *
 * Returns: the role; %TEA_ROOM_ROLE_NONE of other kinds
 */
TeaRoomRole
tea_event_details_get_role (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, TEA_ROOM_ROLE_NONE);

  return self->role;
}

/**
 * tea_event_details_get_address:
 * @self: details
 *
 * Tells which address the room has from then on: of %TEA_EVENT_SETTINGS.
 *
 * Returns: (nullable): the address; %NULL of other kinds
 */
const char *
tea_event_details_get_address (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->settings.address;
}

/**
 * tea_event_details_get_title:
 * @self: details
 *
 * Tells what the room is called from then on: of %TEA_EVENT_SETTINGS.
 *
 * Returns: (nullable): the title, `""` where the address is all; %NULL of other kinds
 */
const char *
tea_event_details_get_title (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->settings.title;
}

/**
 * tea_event_details_get_flags:
 * @self: details
 *
 * Tells how the room is from then on: of %TEA_EVENT_SETTINGS.
 *
 * Returns: the flags; 0 of other kinds
 */
TeaRoomFlags
tea_event_details_get_flags (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->settings.flags;
}

/**
 * tea_event_details_get_slow_mode:
 * @self: details
 *
 * Tells how long members wait between messages from then on: of %TEA_EVENT_SETTINGS.
 *
 * Returns: how many seconds; %TEA_SLOW_UNCHANGED for as before
 */
guint
tea_event_details_get_slow_mode (TeaEventDetails *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->settings.slow_mode;
}

/**
 * tea_event_details_describe:
 * @event: an event
 *
 * Tells in words what somebody did to the room, to keep order or with its topic.
 *
 * Returns: (transfer full) (nullable): a sentence; %NULL of other kinds
 */
char *
tea_event_details_describe (TeaEvent *event)
{
  g_autoptr (TeaEventDetails) self = NULL;
  const char *author;
  const char *text;

  g_return_val_if_fail (event != NULL, NULL);

  self = tea_event_details_new (event);
  author = tea_event_get_author (event);
  text = tea_event_get_text (event);
  if (tea_event_get_kind (event) == TEA_EVENT_TOPIC)
    return text != NULL && *text != '\0'
               ? tea_text_format (_ ("%s set the topic: %s"), author, text)
               : tea_text_format (_ ("%s took the topic away"), author);
  if (self == NULL)
    return NULL;

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_PINNED:
      return self->is_set ? tea_text_format (_ ("%s pinned a message"), author)
                          : tea_text_format (_ ("%s unpinned a message"), author);
    case TEA_EVENT_ROLE:
      return describe_role (self, author);
    case TEA_EVENT_SENT_OUT:
      return describe_sent_out (self, author, text);
    case TEA_EVENT_MUTED:
      return describe_muted (self, author, text);
    default:
      return NULL;
    }
}
