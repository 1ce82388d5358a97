/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-data.h"

#include <string.h>

#include "tea-body.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"

/* What events have besides their text, in the form that MORE, TELL and logs have. */

#define SETTINGS_TYPE "(ssuutu)"
#define ROLE_TYPE "(ayy)"
#define SENT_OUT_TYPE "(aysxty)"
#define MUTED_TYPE "(aysx)"
#define REACTED_TYPE "(yuas)"
#define FORM_TYPE "(xsa(suas))"

static GVariant *
read_data (const char *type, GBytes *data)
{
  return data != NULL && g_bytes_get_size (data) > 0 ? tea_body_read (type, data) : NULL;
}

static GBytes *
write_data (GVariant *value)
{
  g_autoptr (GVariant) body = tea_body_write (value);

  return g_variant_get_data_as_bytes (body);
}

static GVariant *
fingerprint_to_variant (const char *fingerprint)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_return_val_if_fail (tea_fingerprint_to_bytes (fingerprint, digest),
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1));

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, sizeof digest, 1);
}

static char *
fingerprint_from_variant (GVariant *bytes)
{
  if (g_variant_get_size (bytes) != TEA_FINGERPRINT_SIZE)
    return NULL;

  return tea_fingerprint_from_bytes (g_variant_get_data (bytes));
}

static gboolean
is_time (gint64 time)
{
  return time >= 0 && time <= TEA_EVENT_MAX_TIME;
}

static gboolean
is_name (const char *name)
{
  return *name != '\0' && strlen (name) <= TEA_WIRE_NAME_MAX_BYTES;
}

/* The names of those who reacted are fewer than reacted, or as many. */
static gboolean
are_names (const char *const *names, guint count)
{
  gsize size = 0;
  guint n_names = 0;

  for (; names[n_names] != NULL; n_names++)
    {
      if (!is_name (names[n_names]))
        return FALSE;
      size += strlen (names[n_names]);
    }

  return n_names <= MIN (count, TEA_REACTION_MAX_NAMES) && size <= TEA_REACTION_NAMES_MAX_BYTES;
}

static GVariant *
reaction_to_variant (TeaReaction *reaction)
{
  return g_variant_new ("(su^as)", tea_reaction_get_emoji (reaction),
                        (guint32) tea_reaction_get_count (reaction),
                        tea_reaction_get_names (reaction));
}

static TeaReaction *
reaction_from_variant (GVariant *child)
{
  g_autofree const char **names = NULL;
  const char *emoji;
  guint32 count;

  g_variant_get (child, "(&su^a&s)", &emoji, &count, &names);
  if (*emoji == '\0' || strlen (emoji) > TEA_EMOJI_MAX_BYTES || count == 0
      || !are_names (names, count))
    return NULL;

  return tea_reaction_new (emoji, count, names);
}

/**
 * tea_room_settings_clear:
 * @self: settings
 *
 * Frees what settings hold.
 */
void
tea_room_settings_clear (TeaRoomSettings *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->title, g_free);
}

/**
 * tea_sent_out_clear:
 * @self: what happened to somebody
 *
 * Frees what it holds.
 */
void
tea_sent_out_clear (TeaSentOut *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->name, g_free);
}

/**
 * tea_sent_out_erases:
 * @self: what happened to somebody
 * @event: an event of before, with its author's key
 *
 * Returns: whether the event is one of what they said that is removed with that
 */
gboolean
tea_sent_out_erases (const TeaSentOut *self, TeaEvent *event)
{
  TeaEventKind kind;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  kind = tea_event_get_kind (event);

  return self->erase != 0 && tea_event_get_seq (event) >= self->erase
         && (kind == TEA_EVENT_MESSAGE || kind == TEA_EVENT_EDITED)
         && g_strcmp0 (tea_event_get_key (event), self->key) == 0
         && g_strcmp0 (tea_event_get_author (event), self->name) == 0;
}

/**
 * tea_event_data_is_allowed:
 * @kind: a kind of events
 * @data: (nullable): the data of such an event; %NULL for none
 *
 * Tells whether data is what events of a kind have. That of kinds that are not known is the
 * business of later versions. A message's is its form, which an event has apart from its data.
 *
 * Returns: whether it is
 */
gboolean
tea_event_data_is_allowed (TeaEventKind kind, GBytes *data)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  g_autofree char *key = NULL;
  g_auto (GStrv) names = NULL;
  gsize size = data != NULL ? g_bytes_get_size (data) : 0;
  TeaRoomRole role;
  gboolean set;
  gint64 until;
  guint count;

  if (size > TEA_DATA_MAX_BYTES)
    return FALSE;

  switch (kind)
    {
    case TEA_EVENT_OTHER:
      return TRUE;
    case TEA_EVENT_INVITED:
      return size == TEA_FINGERPRINT_SIZE;
    case TEA_EVENT_SETTINGS:
      return tea_event_data_decode_settings (data, &settings);
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_PINNED:
      return tea_event_data_decode_switch (data, &set);
    case TEA_EVENT_REACTED:
      return tea_event_data_decode_reacted (data, &set, &count, &names);
    case TEA_EVENT_ROLE:
      return tea_event_data_decode_role (data, &key, &role);
    case TEA_EVENT_SENT_OUT:
      return tea_event_data_decode_sent_out (data, &sent_out);
    case TEA_EVENT_MUTED:
      return tea_event_data_decode_muted (data, &key, NULL, &until);
    case TEA_EVENT_JOINED:
    case TEA_EVENT_LEFT:
    case TEA_EVENT_MESSAGE:
    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_TOPIC:
    default:
      return size == 0;
    }
}

/**
 * tea_event_data_encode_settings:
 * @settings: the settings of a room
 *
 * Writes the data of an event of the kind %TEA_EVENT_SETTINGS.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_settings (const TeaRoomSettings *settings)
{
  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (settings->address != NULL && settings->title != NULL, NULL);
  g_return_val_if_fail (strlen (settings->address) <= TEA_WIRE_LABEL_MAX_BYTES, NULL);
  g_return_val_if_fail (strlen (settings->title) <= TEA_WIRE_LABEL_MAX_BYTES, NULL);

  return write_data (g_variant_new (SETTINGS_TYPE, settings->address, settings->title,
                                    (guint32) settings->flags, settings->retain_days,
                                    settings->retain_events, settings->slow_mode));
}

/**
 * tea_event_data_decode_settings:
 * @data: (nullable): the data of an event
 * @settings: (out caller-allocates): where to put the settings
 *
 * Reads the data of an event of the kind %TEA_EVENT_SETTINGS.
 *
 * Returns: whether it is such data; otherwise @settings is as it was
 */
gboolean
tea_event_data_decode_settings (GBytes *data, TeaRoomSettings *settings)
{
  g_autoptr (GVariant) body = NULL;
  const char *address, *title;
  guint32 flags, retain_days, slow_mode;
  guint64 retain_events;

  g_return_val_if_fail (settings != NULL, FALSE);

  body = read_data (SETTINGS_TYPE, data);
  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(&s&suutu)", &address, &title, &flags, &retain_days, &retain_events,
                 &slow_mode);
  if (strlen (address) > TEA_WIRE_LABEL_MAX_BYTES || strlen (title) > TEA_WIRE_LABEL_MAX_BYTES)
    return FALSE;

  tea_room_settings_clear (settings);
  settings->address = g_strdup (address);
  settings->title = g_strdup (title);
  settings->flags = (TeaRoomFlags) flags;
  settings->retain_days = retain_days;
  settings->retain_events = retain_events;
  settings->slow_mode = slow_mode;

  return TRUE;
}

/**
 * tea_event_data_encode_key:
 * @fingerprint: of the key that is invited
 *
 * Writes the data of an event of the kind %TEA_EVENT_INVITED.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_key (const char *fingerprint)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_return_val_if_fail (fingerprint != NULL, NULL);
  g_return_val_if_fail (tea_fingerprint_to_bytes (fingerprint, digest), NULL);

  return g_bytes_new (digest, sizeof digest);
}

/**
 * tea_event_data_decode_key:
 * @data: (nullable): the data of an event
 *
 * Reads the data of an event of the kind %TEA_EVENT_INVITED.
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key; %NULL if it is no such data
 */
char *
tea_event_data_decode_key (GBytes *data)
{
  if (data == NULL || g_bytes_get_size (data) != TEA_FINGERPRINT_SIZE)
    return NULL;

  return tea_fingerprint_from_bytes (g_bytes_get_data (data, NULL));
}

/**
 * tea_event_data_encode_switch:
 * @set: whether it is so from then on
 *
 * Writes the data of an event of the kind %TEA_EVENT_ARCHIVED or %TEA_EVENT_PINNED.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_switch (gboolean set)
{
  return g_bytes_new_static (set ? "\001" : "\000", 1);
}

/**
 * tea_event_data_decode_switch:
 * @data: (nullable): the data of an event
 * @set: (out): where to put whether it is so from then on
 *
 * Reads the data of an event of the kind %TEA_EVENT_ARCHIVED or %TEA_EVENT_PINNED.
 *
 * Returns: whether it is such data
 */
gboolean
tea_event_data_decode_switch (GBytes *data, gboolean *set)
{
  const guint8 *byte;

  g_return_val_if_fail (set != NULL, FALSE);

  if (data == NULL || g_bytes_get_size (data) != 1)
    return FALSE;

  byte = g_bytes_get_data (data, NULL);
  *set = *byte != 0;

  return *byte <= 1;
}

/**
 * tea_event_data_encode_role:
 * @fingerprint: of the key of a member
 * @role: what they may do from then on
 *
 * Writes the data of an event of the kind %TEA_EVENT_ROLE.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_role (const char *fingerprint, TeaRoomRole role)
{
  g_return_val_if_fail (fingerprint != NULL, NULL);
  g_return_val_if_fail (role >= TEA_ROOM_ROLE_MEMBER && role <= TEA_ROOM_ROLE_OWNER, NULL);

  return write_data (g_variant_new ("(@ayy)", fingerprint_to_variant (fingerprint), (guint8) role));
}

/**
 * tea_event_data_decode_role:
 * @data: (nullable): the data of an event
 * @fingerprint: (out): where to put the fingerprint of the member's key
 * @role: (out): where to put what they may do from then on
 *
 * Reads the data of an event of the kind %TEA_EVENT_ROLE.
 *
 * Returns: whether it is such data; otherwise nothing was put anywhere
 */
gboolean
tea_event_data_decode_role (GBytes *data, char **fingerprint, TeaRoomRole *role)
{
  g_autoptr (GVariant) body = read_data (ROLE_TYPE, data);
  g_autoptr (GVariant) key = NULL;
  g_autofree char *found = NULL;
  guint8 number;

  g_return_val_if_fail (fingerprint != NULL && role != NULL, FALSE);

  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(@ayy)", &key, &number);
  found = fingerprint_from_variant (key);
  if (found == NULL || number < TEA_ROOM_ROLE_MEMBER || number > TEA_ROOM_ROLE_OWNER)
    return FALSE;

  *fingerprint = g_steal_pointer (&found);
  *role = (TeaRoomRole) number;

  return TRUE;
}

/**
 * tea_event_data_encode_sent_out:
 * @sent_out: what happens to whom
 *
 * Writes the data of an event of the kind %TEA_EVENT_SENT_OUT.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_sent_out (const TeaSentOut *sent_out)
{
  g_return_val_if_fail (sent_out != NULL, NULL);
  g_return_val_if_fail (sent_out->key != NULL && sent_out->name != NULL, NULL);
  g_return_val_if_fail (is_time (sent_out->until), NULL);

  return write_data (g_variant_new ("(@aysxty)", fingerprint_to_variant (sent_out->key),
                                    sent_out->name, sent_out->until, sent_out->erase,
                                    (guint8) (sent_out->with_network ? 1 : 0)));
}

/**
 * tea_event_data_decode_sent_out:
 * @data: (nullable): the data of an event
 * @sent_out: (out caller-allocates): where to put what happens to whom
 *
 * Reads the data of an event of the kind %TEA_EVENT_SENT_OUT.
 *
 * Returns: whether it is such data; otherwise @sent_out is as it was
 */
gboolean
tea_event_data_decode_sent_out (GBytes *data, TeaSentOut *sent_out)
{
  g_autoptr (GVariant) body = read_data (SENT_OUT_TYPE, data);
  g_autoptr (GVariant) key = NULL;
  g_autofree char *fingerprint = NULL;
  const char *name;
  guint64 erase;
  gint64 until;
  guint8 with_network;

  g_return_val_if_fail (sent_out != NULL, FALSE);

  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(@ay&sxty)", &key, &name, &until, &erase, &with_network);
  fingerprint = fingerprint_from_variant (key);
  if (fingerprint == NULL || strlen (name) > TEA_WIRE_NAME_MAX_BYTES || !is_time (until)
      || with_network > 1)
    return FALSE;

  tea_sent_out_clear (sent_out);
  sent_out->key = g_steal_pointer (&fingerprint);
  sent_out->name = g_strdup (name);
  sent_out->until = until;
  sent_out->erase = erase;
  sent_out->with_network = with_network != 0;

  return TRUE;
}

/**
 * tea_event_data_encode_muted:
 * @key: the fingerprint of the key that is muted
 * @name: what they are called; `""` where a client does not know
 * @until: how long they say nothing, in µs since the Unix epoch, UTC; 0 where they may speak
 *   again, %TEA_EVENT_MAX_TIME for good
 *
 * Writes the data of an event of the kind %TEA_EVENT_MUTED.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_muted (const char *key, const char *name, gint64 until)
{
  g_return_val_if_fail (key != NULL && name != NULL, NULL);
  g_return_val_if_fail (is_time (until), NULL);

  return write_data (g_variant_new ("(@aysx)", fingerprint_to_variant (key), name, until));
}

/**
 * tea_event_data_decode_muted:
 * @data: (nullable): the data of an event
 * @key: (out) (transfer full): where to put the fingerprint of the key that is muted
 * @name: (out) (transfer full) (optional): where to put what they are called
 * @until: (out): where to put how long they say nothing
 *
 * Reads the data of an event of the kind %TEA_EVENT_MUTED.
 *
 * Returns: whether it is such data; otherwise nothing was put anywhere
 */
gboolean
tea_event_data_decode_muted (GBytes *data, char **key, char **name, gint64 *until)
{
  g_autoptr (GVariant) body = read_data (MUTED_TYPE, data);
  g_autoptr (GVariant) bytes = NULL;
  g_autofree char *found = NULL;
  const char *called;
  gint64 time;

  g_return_val_if_fail (key != NULL && until != NULL, FALSE);

  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(@ay&sx)", &bytes, &called, &time);
  found = fingerprint_from_variant (bytes);
  if (found == NULL || strlen (called) > TEA_WIRE_NAME_MAX_BYTES || !is_time (time))
    return FALSE;

  *key = g_steal_pointer (&found);
  if (name != NULL)
    *name = g_strdup (called);
  *until = time;

  return TRUE;
}

/**
 * tea_event_data_encode_reacted:
 * @set: whether the author reacts; %FALSE where they take it back
 * @count: how many have reacted with that emoji then; 0 from a client
 * @names: (nullable) (array zero-terminated=1): the first of them, as tea_reaction_get_names()
 *   has them
 *
 * Writes the data of an event of the kind %TEA_EVENT_REACTED. That tells how it is then, as not
 * all names are told that one would need to find it out.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_reacted (gboolean set, guint count, const char *const *names)
{
  static const char *const none[] = { NULL };

  if (names == NULL)
    names = none;
  g_return_val_if_fail (are_names (names, count), NULL);

  return write_data (g_variant_new ("(yu^as)", (guint8) (set ? 1 : 0), (guint32) count, names));
}

/**
 * tea_event_data_decode_reacted:
 * @data: (nullable): the data of an event
 * @set: (out): where to put whether the author reacts
 * @count: (out): where to put how many have reacted with that emoji then
 * @names: (out) (transfer full): where to put the first of their names
 *
 * Reads the data of an event of the kind %TEA_EVENT_REACTED.
 *
 * Returns: whether it is such data; otherwise nothing was put anywhere
 */
gboolean
tea_event_data_decode_reacted (GBytes *data, gboolean *set, guint *count, char ***names)
{
  g_autoptr (GVariant) body = read_data (REACTED_TYPE, data);
  g_auto (GStrv) found = NULL;
  guint32 number;
  guint8 byte;

  g_return_val_if_fail (set != NULL && count != NULL && names != NULL, FALSE);

  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(yu^as)", &byte, &number, &found);
  if (byte > 1 || !are_names ((const char *const *) found, number))
    return FALSE;

  *set = byte != 0;
  *count = number;
  *names = g_steal_pointer (&found);

  return TRUE;
}

/**
 * tea_event_data_encode_form:
 * @form: the form of a message
 *
 * Writes what stands for the form of a message where its data would be.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_form (TeaMessageForm *form)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (FORM_TYPE));
  const char *removed_by;
  GPtrArray *reactions;

  g_return_val_if_fail (form != NULL, NULL);

  removed_by = tea_message_form_get_removed_by (form);
  reactions = tea_message_form_get_reactions (form);
  g_variant_builder_add (&builder, "x", tea_message_form_get_edited (form));
  g_variant_builder_add (&builder, "s", removed_by != NULL ? removed_by : "");
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(suas)"));
  for (guint i = 0; i < reactions->len; i++)
    g_variant_builder_add_value (&builder, reaction_to_variant (reactions->pdata[i]));
  g_variant_builder_close (&builder);

  return write_data (g_variant_builder_end (&builder));
}

/**
 * tea_event_data_decode_form:
 * @data: (nullable): what stands where the data of a message is
 *
 * Reads the form of a message.
 *
 * Returns: (transfer full) (nullable): the form; %NULL if it is none
 */
TeaMessageForm *
tea_event_data_decode_form (GBytes *data)
{
  g_autoptr (GVariant) body = read_data (FORM_TYPE, data);
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GPtrArray) reactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_reaction_unref);
  const char *removed_by;
  gint64 edited;

  if (body == NULL)
    return NULL;

  g_variant_get (body, "(x&s@a(suas))", &edited, &removed_by, &list);
  if (g_variant_n_children (list) > TEA_MESSAGE_MAX_EMOJIS)
    return NULL;

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      TeaReaction *reaction = reaction_from_variant (child);

      if (reaction == NULL)
        return NULL;
      g_ptr_array_add (reactions, reaction);
    }

  return tea_message_form_new (edited, removed_by, reactions);
}
