/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-room.h"

#include <glib/gi18n.h>

#include "tea-room-commands.h"

/* For so long it is waited for the server to tell who is in the room, in ms. */
#define WAIT_FOR_MEMBERS 5000

/**
 * TeaConsoleRoom:
 *
 * A room that is open in the terminal client: prints what happens there, knows what could not
 * be said there, and answers what happened before and who is there.
 */
struct _TeaConsoleRoom
{
  GObject parent_instance;

  TeaConversation *conversation;         /* (owned) */
  TeaConsoleOutput *output;              /* (owned) */
  gboolean is_current;                   /* what names no room is said here */
  gboolean is_seen;                      /* somebody reads what is printed */
  GHashTable *failed;                    /* (element-type TeaTimelineItem): what nobody will hear */
  gboolean unsaid;                       /* something came in that cannot be said */
  TeaCommandKind asked[TEA_EVENT_OTHER]; /* the latest command that makes events of each kind */

  char *topic;        /* (owned) (nullable): which was told */
  guint about_source; /* what the room is about is told then */

  guint64 read;  /* the position */
  guint64 told;  /* the latest event that was told */
  guint n_older; /* how many older events were told */

  GTask *who; /* (owned) (nullable): waits for the members */
  GSource *who_cancelled;
  guint wait_source;
  gboolean waited_in_vain; /* and would do so again */
};

enum
{
  SIGNAL_PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConsoleRoom, tea_console_room, G_TYPE_OBJECT)

/* What is known here of a message that another is about. */
static TeaTimelineItem *
find_target (TeaConsoleRoom *self, guint64 seq, TeaMessageFacts *facts)
{
  TeaTimeline *timeline = tea_conversation_get_timeline (self->conversation);
  TeaTimelineItem *item = seq != 0 ? tea_timeline_find_message (timeline, seq) : NULL;

  if (item != NULL)
    *facts = tea_message_facts_of_item (item);

  return item;
}

static void
about_cb (gpointer user_data)
{
  TeaConsoleRoom *self = user_data;
  const char *topic = tea_conversation_get_topic (self->conversation);
  gboolean is_news = g_strcmp0 (topic, self->topic) != 0;

  self->about_source = 0;
  g_free (self->topic);
  self->topic = g_strdup (topic);
  tea_console_output_write_about (self->output, tea_console_room_get_address (self),
                                  tea_console_room_get_shown_label (self), topic,
                                  tea_conversation_get_pins (self->conversation), is_news);
}

/* Where it is told at the opening it comes in many pieces. */
static void
about_changed_cb (TeaConsoleRoom *self)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  if (self->about_source == 0)
    self->about_source = g_idle_add_once (about_cb, self);
}

static void
event_cb (TeaConsoleRoom *self, TeaEvent *event)
{
  TeaMessageFacts facts = { 0 };
  TeaTimelineItem *target = find_target (self, tea_event_get_target (event), &facts);

  g_assert (TEA_IS_CONSOLE_ROOM (self));

  if (tea_event_get_kind (event) == TEA_EVENT_TOPIC)
    {
      g_free (self->topic);
      self->topic = g_strdup (tea_event_get_text (event));
    }
  self->told = MAX (self->told, tea_event_get_seq (event));
  if (self->is_seen && self->told > 0)
    tea_conversation_mark_read (self->conversation, self->told);
  tea_console_output_write_event (self->output, tea_console_room_get_address (self),
                                  tea_console_room_get_shown_label (self), event,
                                  target != NULL ? &facts : NULL);
}

static void
older_event_cb (TeaConsoleRoom *self, TeaEvent *event)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  self->n_older++;
  event_cb (self, event);
}

static void
gap_cb (TeaConsoleRoom *self)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  tea_console_output_write_gap (self->output, tea_console_room_get_address (self),
                                tea_console_room_get_shown_label (self));
}

static void
position_cb (TeaConsoleRoom *self)
{
  guint64 read = tea_conversation_get_read (self->conversation);

  g_assert (TEA_IS_CONSOLE_ROOM (self));

  if (read == self->read)
    return;

  /* One has read what one says oneself: that is nothing to tell. */
  self->read = read;
  if (read > self->told)
    return;

  tea_console_output_write_position (self->output, tea_console_room_get_address (self), read,
                                     tea_conversation_get_unread (self->conversation));
}

static void
typing_cb (TeaConsoleRoom *self)
{
  g_auto (GStrv) names = tea_conversation_dup_typing (self->conversation);

  g_assert (TEA_IS_CONSOLE_ROOM (self));

  tea_console_output_write_typing (self->output, tea_console_room_get_address (self),
                                   (const char *const *) names);
}

/* Remembers what is asked for, to be able to say what was refused: a refusal knows the kind of
 * the event alone, and some commands make the same. */
static void
note_asked (TeaConsoleRoom *self, TeaCommandKind command)
{
  static const struct
  {
    TeaCommandKind command;
    TeaEventKind event;
  } rows[] = {
    { TEA_COMMAND_LEAVE, TEA_EVENT_LEFT },       { TEA_COMMAND_INVITE, TEA_EVENT_INVITED },
    { TEA_COMMAND_RENAME, TEA_EVENT_SETTINGS },  { TEA_COMMAND_SLOW, TEA_EVENT_SETTINGS },
    { TEA_COMMAND_ARCHIVE, TEA_EVENT_ARCHIVED }, { TEA_COMMAND_EDIT, TEA_EVENT_EDITED },
    { TEA_COMMAND_REMOVE, TEA_EVENT_REMOVED },   { TEA_COMMAND_REACT, TEA_EVENT_REACTED },
    { TEA_COMMAND_PIN, TEA_EVENT_PINNED },       { TEA_COMMAND_TOPIC, TEA_EVENT_TOPIC },
    { TEA_COMMAND_ROLE, TEA_EVENT_ROLE },        { TEA_COMMAND_SEND_OUT, TEA_EVENT_SENT_OUT },
    { TEA_COMMAND_LET_IN, TEA_EVENT_SENT_OUT },  { TEA_COMMAND_MUTE, TEA_EVENT_MUTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].command == command)
      self->asked[rows[i].event] = command;
}

/* What was to be done, and was not. */
static void
refused_cb (TeaConsoleRoom *self, TeaEventKind kind, guint64 target, const GError *error)
{
  TeaCommand command = { .target = target };

  g_assert (TEA_IS_CONSOLE_ROOM (self));
  g_assert (kind < G_N_ELEMENTS (self->asked));

  command.kind = self->asked[kind];
  tea_console_output_write_error (self->output, &command, tea_console_room_get_address (self),
                                  error->message);
}

static void
delivery_cb (TeaConsoleRoom *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
    g_hash_table_add (self->failed, g_object_ref (item));
  else
    g_hash_table_remove (self->failed, item);

  self->told = MAX (self->told, tea_timeline_item_get_seq (item));
  tea_console_output_write_own (self->output, tea_console_room_get_address (self), item);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static void
unsent_cb (TeaConsoleRoom *self)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static const TeaCommand *
get_question (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
older_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (tea_conversation_load_older_finish (self->conversation, result, &error))
    tea_console_output_write_history (self->output, tea_console_room_get_address (self),
                                      self->n_older,
                                      tea_conversation_get_has_older (self->conversation));
  else
    tea_console_output_write_error (self->output, get_question (task),
                                    tea_console_room_get_address (self), error->message);
  g_task_return_boolean (task, TRUE);
}

/* The latest messages, the first of them first. */
static void
tell_messages (TeaConsoleRoom *self, guint64 n_messages)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (self->conversation));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = g_list_model_get_n_items (timeline); i > 0 && items->len < n_messages; i--)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i - 1);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && tea_timeline_item_get_seq (item) != 0)
        g_ptr_array_add (items, g_steal_pointer (&item));
    }

  if (items->len == 0)
    tea_terminal_tell (_ ("No message is known here yet."));

  for (guint i = items->len; i > 0; i--)
    {
      const TeaMessageFacts message = tea_message_facts_of_item (g_ptr_array_index (items, i - 1));
      TeaMessageFacts facts = { 0 };
      TeaTimelineItem *target = find_target (self, message.reply, &facts);

      tea_console_output_write_message (self->output, &message, target != NULL ? &facts : NULL);
    }
}

static void
answer_error (GTask *task, const GError *error)
{
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (g_task_get_source_object (task));

  if (g_task_return_error_if_cancelled (task))
    return;

  tea_console_output_write_error (self->output, get_question (task),
                                  tea_console_room_get_address (self), error->message);
  g_task_return_boolean (task, TRUE);
}

static GArray *
make_found (TeaConsoleRoom *self, GPtrArray *events)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (TeaFoundFacts));

  for (guint i = 0; i < events->len; i++)
    {
      const TeaFoundFacts facts
          = { tea_console_room_get_address (self), tea_console_room_get_shown_label (self),
              g_ptr_array_index (events, i) };

      g_array_append_val (found, facts);
    }

  return found;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (g_task_get_source_object (task));
  g_autoptr (GArray) found = NULL;
  g_autoptr (GError) error = NULL;
  guint64 next = 0;
  g_autoptr (GPtrArray) events
      = tea_conversation_search_finish (TEA_CONVERSATION (source), result, &next, &error);

  if (events == NULL)
    {
      answer_error (task, error);
      return;
    }

  found = make_found (self, events);
  tea_console_output_write_found (self->output, get_question (task),
                                  tea_console_room_get_address (self), found, next);
  g_task_return_boolean (task, TRUE);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (g_task_get_source_object (task));
  g_autoptr (GArray) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_conversation_load_around_finish (TEA_CONVERSATION (source), result, &error);

  if (events == NULL)
    {
      answer_error (task, error);
      return;
    }

  found = make_found (self, events);
  tea_console_output_write_shown (self->output, get_question (task),
                                  tea_console_room_get_address (self), found);
  g_task_return_boolean (task, TRUE);
}

static GTask *
end_waiting (TeaConsoleRoom *self)
{
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->who_cancelled != NULL)
    g_source_destroy (self->who_cancelled);
  g_clear_pointer (&self->who_cancelled, g_source_unref);

  return g_steal_pointer (&self->who);
}

static void
tell_members (TeaConsoleRoom *self)
{
  g_autoptr (GTask) task = end_waiting (self);

  tea_console_output_write_members (self->output, tea_console_room_get_address (self),
                                    tea_conversation_get_members (self->conversation),
                                    tea_conversation_get_members_known (self->conversation));
  g_task_return_boolean (task, TRUE);
}

static void
members_known_cb (TeaConsoleRoom *self)
{
  g_assert (TEA_IS_CONSOLE_ROOM (self));

  self->waited_in_vain = FALSE;
  if (self->who != NULL && tea_conversation_get_members_known (self->conversation))
    tell_members (self);
}

static void
waited_cb (gpointer user_data)
{
  TeaConsoleRoom *self = user_data;

  self->wait_source = 0;
  self->waited_in_vain = TRUE;
  tell_members (self);
}

static gboolean
who_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = end_waiting (TEA_CONSOLE_ROOM (user_data));

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Who is there is told when it is known, which the server may never tell. */
static void
ask_members (TeaConsoleRoom *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->who = task;
  if (tea_conversation_get_members_known (self->conversation) || self->waited_in_vain)
    {
      tell_members (self);
      return;
    }

  self->wait_source = g_timeout_add_once (WAIT_FOR_MEMBERS, waited_cb, self);
  if (cancellable != NULL)
    {
      self->who_cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->who_cancelled, G_SOURCE_FUNC (who_cancelled_cb), self, NULL);
      g_source_attach (self->who_cancelled, g_main_context_get_thread_default ());
    }
}

static void
tea_console_room_dispose (GObject *object)
{
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (object);
  GTask *task = end_waiting (self);

  g_clear_object (&task);
  g_clear_handle_id (&self->about_source, g_source_remove);
  g_clear_object (&self->conversation);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (tea_console_room_parent_class)->dispose (object);
}

static void
tea_console_room_finalize (GObject *object)
{
  TeaConsoleRoom *self = TEA_CONSOLE_ROOM (object);

  g_hash_table_unref (self->failed);
  g_free (self->topic);

  G_OBJECT_CLASS (tea_console_room_parent_class)->finalize (object);
}

static void
tea_console_room_class_init (TeaConsoleRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_room_dispose;
  object_class->finalize = tea_console_room_finalize;

  /**
   * TeaConsoleRoom::progress:
   * @self: the room
   *
   * What was said here has come further.
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", TEA_TYPE_CONSOLE_ROOM, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_console_room_init (TeaConsoleRoom *self)
{
  self->failed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * tea_console_room_new:
 * @conversation: what is known of the room
 * @output: where to print
 *
 * Returns: (transfer full): the room, in which nobody types yet
 */
TeaConsoleRoom *
tea_console_room_new (TeaConversation *conversation, TeaConsoleOutput *output)
{
  TeaConsoleRoom *self;

  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (output), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE_ROOM, NULL);
  self->conversation = g_object_ref (conversation);
  self->output = g_object_ref (output);
  g_object_connect (conversation, "swapped-object-signal::event", event_cb, self,
                    "swapped-object-signal::older-event", older_event_cb, self,
                    "swapped-object-signal::gap", gap_cb, self, "swapped-object-signal::delivery",
                    delivery_cb, self, "swapped-object-signal::notify::n-unsent", unsent_cb, self,
                    "swapped-object-signal::notify::members-known", members_known_cb, self,
                    "swapped-object-signal::notify::read", position_cb, self,
                    "swapped-object-signal::notify::typing", typing_cb, self,
                    "swapped-object-signal::notify::topic", about_changed_cb, self,
                    "swapped-object-signal::refused", refused_cb, self, NULL);
  g_signal_connect_object (tea_conversation_get_pins (conversation), "items-changed",
                           G_CALLBACK (about_changed_cb), self, G_CONNECT_SWAPPED);
  if (*tea_conversation_get_topic (conversation) != '\0'
      || g_list_model_get_n_items (tea_conversation_get_pins (conversation)) > 0)
    about_changed_cb (self);
  self->read = tea_conversation_get_read (conversation);

  return self;
}

/**
 * tea_console_room_get_conversation:
 * @self: a room
 *
 * Returns: (transfer none): what is known of it
 */
TeaConversation *
tea_console_room_get_conversation (TeaConsoleRoom *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), NULL);

  return self->conversation;
}

/**
 * tea_console_room_get_address:
 * @self: a room
 *
 * Returns: its address; `""` for the hall
 */
const char *
tea_console_room_get_address (TeaConsoleRoom *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), NULL);

  return tea_conversation_get_address (self->conversation);
}

/**
 * tea_console_room_get_label:
 * @self: a room
 *
 * Returns: (nullable): what people call it, in a word or two; %NULL for the hall
 */
const char *
tea_console_room_get_label (TeaConsoleRoom *self)
{
  const char *title;
  const char *address;

  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), NULL);

  title = tea_conversation_get_title (self->conversation);
  address = tea_conversation_get_address (self->conversation);
  if (*address == '\0')
    return NULL;

  return title != NULL && *title != '\0' ? title : address;
}

/**
 * tea_console_room_get_shown_label:
 * @self: a room
 *
 * A line says where something happens, unless that is where the reader is.
 *
 * Returns: (nullable): what stands in front of lines of the room
 */
const char *
tea_console_room_get_shown_label (TeaConsoleRoom *self)
{
  const char *label;

  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), NULL);

  label = tea_console_room_get_label (self);
  if (self->is_current)
    return NULL;

  /* Translators: before lines of the hall, in brackets, for who is in another room */
  return label != NULL ? label : _ ("hall");
}

/**
 * tea_console_room_set_current:
 * @self: a room
 * @current: whether what names no room is said here
 * @seen: whether somebody sits there and reads what is printed
 *
 * Where people are, lines need not say where something happens, and what is printed is read.
 */
void
tea_console_room_set_current (TeaConsoleRoom *self, gboolean current, gboolean seen)
{
  g_return_if_fail (TEA_IS_CONSOLE_ROOM (self));

  self->is_current = current;
  self->is_seen = current && seen;
  if (self->is_seen && self->told > 0)
    tea_conversation_mark_read (self->conversation, self->told);
}

/**
 * tea_console_room_has_failed:
 * @self: a room
 *
 * Returns: whether something was said that nobody will hear
 */
gboolean
tea_console_room_has_failed (TeaConsoleRoom *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), FALSE);

  return self->unsaid || g_hash_table_size (self->failed) > 0;
}

/**
 * tea_console_room_obey:
 * @self: a room
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
tea_console_room_obey (TeaConsoleRoom *self,
                       const TeaCommand *command,
                       const char *key,
                       const char *name,
                       GError **error)
{
  gboolean is_said;

  g_return_val_if_fail (TEA_IS_CONSOLE_ROOM (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);

  note_asked (self, command->kind);
  if (tea_room_command_obey (self->conversation, command, key, name, error))
    return TRUE;

  is_said = command->kind == TEA_COMMAND_SAY || command->kind == TEA_COMMAND_REPLY;
  self->unsaid = self->unsaid || is_said;

  return FALSE;
}

/**
 * tea_console_room_answer_async:
 * @self: a room that is answering nothing
 * @question: what to answer: %TEA_COMMAND_HISTORY, %TEA_COMMAND_WHO, %TEA_COMMAND_MESSAGES,
 *   %TEA_COMMAND_SEARCH, %TEA_COMMAND_SHOW or %TEA_COMMAND_TOPIC
 * @cancellable: (nullable): to give up with
 * @callback: called when it is answered
 * @user_data: for @callback
 *
 * Answers a question about the room on standard output.
 */
void
tea_console_room_answer_async (TeaConsoleRoom *self,
                               const TeaCommand *question,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_ROOM (self));
  g_return_if_fail (self->who == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_room_answer_async);
  g_task_set_task_data (task, tea_command_copy (question), (GDestroyNotify) tea_command_free);

  switch ((guint) question->kind)
    {
    case TEA_COMMAND_HISTORY:
      self->n_older = 0;
      tea_conversation_load_older_async (self->conversation, (guint) question->number, cancellable,
                                         older_cb, g_steal_pointer (&task));
      break;

    case TEA_COMMAND_SEARCH:
      tea_conversation_search_async (self->conversation, question->text, question->before,
                                     cancellable, found_cb, g_steal_pointer (&task));
      break;

    case TEA_COMMAND_SHOW:
      tea_conversation_load_around_async (self->conversation, question->target,
                                          (guint) question->number, cancellable, shown_cb,
                                          g_steal_pointer (&task));
      break;

    case TEA_COMMAND_MESSAGES:
      tell_messages (self, question->number);
      g_task_return_boolean (task, TRUE);
      break;

    case TEA_COMMAND_TOPIC:
      tea_console_output_write_topic (self->output, tea_conversation_get_topic (self->conversation),
                                      tea_conversation_get_pins (self->conversation));
      g_task_return_boolean (task, TRUE);
      break;

    case TEA_COMMAND_WHO:
    default:
      ask_members (self, g_steal_pointer (&task));
      break;
    }
}

/**
 * tea_console_room_answer_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer, be it that there is none; if not, @error is
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
tea_console_room_answer_finish (TeaConsoleRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
