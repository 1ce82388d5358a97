/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-commands.h"

#include <glib/gi18n.h>

#include "tea-error.h"
#include "tea-limits.h"
#include "tea-name.h"
#include "tea-room-ref.h"
#include "tea-text.h"

/* What a command is about. */
typedef struct
{
  TeaConversation *conversation;
  const TeaCommand *command;
  guint64 target;
  const char *key;  /* (nullable) */
  const char *name; /* (nullable) */
} Order;

/* Which message is meant where none is named. */
typedef enum
{
  LATEST_NONE,
  LATEST_OF_OTHERS,
  LATEST_OWN,
} Latest;

static gboolean
can_be_meant (TeaTimelineItem *item, Latest which)
{
  return tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
         && tea_timeline_item_get_seq (item) != 0 && !tea_timeline_item_is_removed (item)
         && tea_timeline_item_is_own (item) == (which == LATEST_OWN);
}

static guint64
find_latest (TeaConversation *conversation, Latest which)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (conversation));

  for (guint i = g_list_model_get_n_items (timeline); i > 0; i--)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i - 1);

      if (can_be_meant (item, which))
        return tea_timeline_item_get_seq (item);
    }

  return 0;
}

static gint64
find_end (guint64 seconds)
{
  return g_get_real_time () + (gint64) seconds * G_TIME_SPAN_SECOND;
}

static gboolean
say (const Order *order, GError **error)
{
  const char *text = order->command->text;

  return order->target != 0
             ? tea_conversation_reply (order->conversation, order->target, text, error)
             : tea_conversation_say (order->conversation, text, error);
}

static gboolean
edit (const Order *order, GError **error)
{
  return tea_conversation_edit (order->conversation, order->target, order->command->text, error);
}

static gboolean
remove_message (const Order *order, GError **error)
{
  return tea_conversation_remove (order->conversation, order->target, error);
}

static gboolean
react (const Order *order, GError **error)
{
  return tea_conversation_react (order->conversation, order->target, order->command->text,
                                 order->command->is_on, error);
}

static gboolean
pin (const Order *order, GError **error)
{
  return tea_conversation_pin (order->conversation, order->target, order->command->is_on, error);
}

static gboolean
set_topic (const Order *order, GError **error)
{
  return tea_conversation_set_topic (order->conversation, order->command->text, error);
}

static gboolean
invite (const Order *order, GError **error)
{
  tea_conversation_invite (order->conversation, order->key, order->name);

  return TRUE;
}

static gboolean
set_role (const Order *order, GError **error)
{
  return tea_conversation_set_role (order->conversation, order->key, order->name,
                                    order->command->role, error);
}

static gboolean
send_out (const Order *order, GError **error)
{
  const TeaCommand *command = order->command;
  gint64 until = command->seconds != 0 ? find_end (command->seconds) : 0;

  if (command->is_forever)
    until = TEA_EVENT_MAX_TIME;

  return tea_conversation_send_out (order->conversation, order->key, order->name, command->reason,
                                    until, command->erase, command->with_network, error);
}

/* Of who came lately the name alone may be known. */
static gboolean
is_member (TeaConversation *conversation, const char *key, const char *name)
{
  GListModel *members = tea_conversation_get_members (conversation);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (TeaMember) member = g_list_model_get_item (members, i);

      if (g_strcmp0 (tea_member_get_fingerprint (member), key) == 0
          || (name != NULL && tea_name_equal (tea_member_get_name (member), name)))
        return TRUE;
    }

  return FALSE;
}

/* Who is there would be sent out by it. */
static gboolean
let_in (const Order *order, GError **error)
{
  if (!is_member (order->conversation, order->key, order->name))
    return tea_conversation_send_out (order->conversation, order->key, order->name, NULL, 0, 0,
                                      FALSE, error);

  tea_text_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” is there."),
                      order->command->text);

  return FALSE;
}

static gboolean
mute (const Order *order, GError **error)
{
  const TeaCommand *command = order->command;
  gint64 until = command->seconds != 0 ? find_end (command->seconds) : TEA_EVENT_MAX_TIME;

  return tea_conversation_mute (order->conversation, order->key, order->name, command->reason,
                                command->is_on ? until : 0, error);
}

static void
change (TeaConversation *conversation, const char *address, const char *title, guint slow_mode)
{
  tea_conversation_change (conversation, address, title, tea_conversation_get_flags (conversation),
                           TEA_RETAIN_DAYS_UNCHANGED, TEA_RETAIN_EVENTS_UNCHANGED, slow_mode);
}

/* A hidden room has a title; of others the address is the name. */
static gboolean
rename_room (const Order *order, GError **error)
{
  TeaConversation *conversation = order->conversation;
  const char *address = tea_conversation_get_address (conversation);
  const char *name = order->command->text;

  if (tea_room_kind_from_address (address) == TEA_ROOM_KIND_NAMED)
    change (conversation, name, tea_conversation_get_title (conversation), TEA_SLOW_UNCHANGED);
  else
    change (conversation, address, name, TEA_SLOW_UNCHANGED);

  return TRUE;
}

static gboolean
slow_down (const Order *order, GError **error)
{
  TeaConversation *conversation = order->conversation;

  change (conversation, tea_conversation_get_address (conversation),
          tea_conversation_get_title (conversation), (guint) order->command->number);

  return TRUE;
}

static gboolean
archive (const Order *order, GError **error)
{
  tea_conversation_archive (order->conversation, order->command->is_on);

  return TRUE;
}

static gboolean
leave (const Order *order, GError **error)
{
  tea_conversation_leave (order->conversation);

  return TRUE;
}

static gboolean
mark_read (const Order *order, GError **error)
{
  tea_conversation_mark_read (order->conversation, order->command->number);

  return TRUE;
}

static gboolean
set_typing (const Order *order, GError **error)
{
  tea_conversation_set_typing (order->conversation, order->command->is_on);

  return TRUE;
}

static const struct
{
  TeaCommandKind kind;
  gboolean (*obey) (const Order *order, GError **error);
  Latest latest;
  gboolean names_person;
} rows[] = {
  { TEA_COMMAND_SAY, say, LATEST_NONE, FALSE },
  { TEA_COMMAND_REPLY, say, LATEST_OF_OTHERS, FALSE },
  { TEA_COMMAND_EDIT, edit, LATEST_OWN, FALSE },
  { TEA_COMMAND_REMOVE, remove_message, LATEST_OWN, FALSE },
  { TEA_COMMAND_REACT, react, LATEST_OF_OTHERS, FALSE },
  { TEA_COMMAND_PIN, pin, LATEST_OF_OTHERS, FALSE },
  { TEA_COMMAND_TOPIC, set_topic, LATEST_NONE, FALSE },
  { TEA_COMMAND_INVITE, invite, LATEST_NONE, TRUE },
  { TEA_COMMAND_ROLE, set_role, LATEST_NONE, TRUE },
  { TEA_COMMAND_SEND_OUT, send_out, LATEST_NONE, TRUE },
  { TEA_COMMAND_LET_IN, let_in, LATEST_NONE, TRUE },
  { TEA_COMMAND_MUTE, mute, LATEST_NONE, TRUE },
  { TEA_COMMAND_RENAME, rename_room, LATEST_NONE, FALSE },
  { TEA_COMMAND_SLOW, slow_down, LATEST_NONE, FALSE },
  { TEA_COMMAND_ARCHIVE, archive, LATEST_NONE, FALSE },
  { TEA_COMMAND_LEAVE, leave, LATEST_NONE, FALSE },
  { TEA_COMMAND_READ, mark_read, LATEST_NONE, FALSE },
  { TEA_COMMAND_TYPING, set_typing, LATEST_NONE, FALSE },
};

/**
 * tea_room_command_names_person:
 * @kind: a kind of command
 *
 * Returns: whether it is about somebody, and about a room
 */
gboolean
tea_room_command_names_person (TeaCommandKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == kind)
      return rows[i].names_person;

  return FALSE;
}

/**
 * tea_room_command_obey:
 * @conversation: a room that is open
 * @command: what to do there
 * @key: (nullable): the fingerprint of the key of whoever it is about, if it is about somebody
 * @name: (nullable): what they are called, as far as that was said
 * @error: return location for a #GError
 *
 * Does what there is no answer to but what happens in the room then.
 *
 * Returns: whether it can be done
 */
gboolean
tea_room_command_obey (TeaConversation *conversation,
                       const TeaCommand *command,
                       const char *key,
                       const char *name,
                       GError **error)
{
  Order order = { conversation, command, 0, key, name };

  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == command->kind)
      {
        order.target = command->target;
        if (order.target == 0 && rows[i].latest != LATEST_NONE)
          order.target = find_latest (conversation, rows[i].latest);
        if (order.target != 0 || rows[i].latest == LATEST_NONE)
          return rows[i].obey (&order, error);

        g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                             _ ("There is no message here that you can mean."));
        return FALSE;
      }

  g_return_val_if_reached (FALSE);
}
