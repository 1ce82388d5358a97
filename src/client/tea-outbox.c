/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox.h"

#include <glib/gi18n-lib.h>

#include "tea-classic-ledger.h"
#include "tea-frame-encode.h"
#include "tea-frame-split.h"
#include "tea-refusal.h"
#include "tea-timeline-item-private.h"
#include "tea-timeline-private.h"
#include "tea-timeline-rules.h"

/* How many messages are under way at a time, and how many long ones of them. */
#define WINDOW 16
#define LONG_WINDOW 2
/* What stands beside the text and the data of what is told. */
#define TELL_OVERHEAD 64
/* Who loses things says a message twice, so soon: the best cure of long waits. Of many at once
 * that would be too much. */
#define AGAIN (3 * G_TIME_SPAN_MILLISECOND)
/* However long a server asks for, somebody waits for it; what is shorter is not shown. */
#define HOLD_MAX_MS (24 * 60 * 60 * 1000)
#define HOLD_SHOWN_MS 1000
/* How long a server that can store nothing is left alone: at first, and at most. */
#define SHORTEST_PAUSE (2 * G_TIME_SPAN_SECOND)
#define LONGEST_PAUSE (60 * G_TIME_SPAN_SECOND)

/**
 * TeaOutbox:
 *
 * One's own messages on their way into a room, from when they are typed until they have
 * their place in its log: their texts, their numbers, how far they have come, and when they
 * are said again. The timeline shows them.
 *
 * Where servers acknowledge nothing a message is on its way only until the network has it.
 */

typedef enum
{
  STAGE_WAITING, /* was not said yet, and has no number */
  STAGE_SAID,    /* is said until the server answers, while the outbox is open */
  STAGE_PARKED,  /* has a number, and is not said while the server can store nothing */
  STAGE_STORED,  /* has to come out of the log */
} Stage;

typedef struct
{
  TeaTimelineItem *item; /* (owned) (nullable): NULL for what is no message */
  TeaEventKind kind;     /* of what is no message, with what it tells */
  guint64 target;
  guint64 epoch; /* of the log in which that is, or what a message answers */
  char *text;    /* (nullable) */
  GBytes *data;  /* (owned) (nullable) */
  Stage stage;
  guint32 number;    /* 0 while it waits */
  gboolean is_long;  /* said in pieces */
  gboolean is_kept;  /* from an earlier program */
  guint32 received;  /* which of them have come */
  gint64 said;       /* when it was first said */
  gint64 say_at;     /* when to say it again; 0 before it was said */
  gboolean is_twice; /* that is soon, as a lot gets lost */
  gboolean is_again; /* it had to be said again: nobody knows which was answered */
  gint64 held_until; /* it and what is behind it need not be said before that */
  gboolean is_held;  /* shown as waiting for its time, or for that of one before it */
  gint64 patience;
} Message;

struct _TeaOutbox
{
  GObject parent_instance;

  TeaClock *clock;       /* (owned) */
  TeaTimeline *timeline; /* (owned) */

  GQueue messages;     /* (element-type Message): those with a number, in its order, then those
                          that wait */
  GQueue stored;       /* (element-type Message): as they were acknowledged */
  GHashTable *by_item; /* (element-type TeaTimelineItem Message): of both */
  guint32 stream;      /* of the latest number */
  guint32 next;        /* the next number */
  guint64 epoch;       /* of the room's log, when it was opened last; 0 before that */
  guint n_unsent;
  TeaTimer *timer; /* (owned): when to say one again */

  /* while the server can store nothing: only the first message finds out whether it can again */
  char *obstacle; /* (nullable): why it cannot */
  guint32 tried;  /* the number of the message that was said to find out, or 0 */
  gint64 pause;   /* between two tries */
  gint64 try_at;

  /* while it is open */
  TeaRoundTrip *round_trip; /* (nullable) */
  TeaFrameFunc send;        /* (nullable) */
  TeaClassicSayFunc say;    /* (nullable) */
  gpointer user_data;
  gint64 answered;     /* when there was last an answer */
  gboolean is_stopped; /* says nothing new any more */
  gboolean has_left;   /* the room was left for good, and that is stored */

  TeaClassicLedger *ledger; /* (owned) */
};

enum
{
  PROP_0,
  PROP_N_UNSENT,
  N_PROPS
};

enum
{
  SIGNAL_DELIVERY,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaOutbox, tea_outbox, G_TYPE_OBJECT)

static void
message_free (gpointer data)
{
  Message *message = data;

  g_clear_object (&message->item);
  g_free (message->text);
  g_clear_pointer (&message->data, g_bytes_unref);
  g_free (message);
}

static void
update_n_unsent (TeaOutbox *self)
{
  if (self->n_unsent == self->messages.length)
    return;

  self->n_unsent = self->messages.length;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSENT]);
}

static void
tell (TeaOutbox *self, TeaTimelineItem *item)
{
  g_signal_emit (self, signals[SIGNAL_DELIVERY], 0, item);
  update_n_unsent (self);
}

static void
show (TeaOutbox *self, TeaTimelineItem *item, TeaDelivery delivery, const char *failure)
{
  g_autoptr (TeaTimelineItem) kept = g_object_ref (item);

  tea_timeline_set_delivery (self->timeline, item, delivery, failure);
  tell (self, kept);
}

/* Saying */

static gboolean
is_logged_open (TeaOutbox *self)
{
  return self->send != NULL;
}

/* Whether a new message is said as soon as it is there. */
static gboolean
takes_new (TeaOutbox *self)
{
  return is_logged_open (self) && !self->is_stopped;
}

/* What is below it is settled or given up: the server need not wait for that. */
static guint32
get_oldest (TeaOutbox *self)
{
  return ((Message *) g_queue_peek_head (&self->messages))->number;
}

/* A message that answers none is all text. */
static gboolean
is_plain (Message *message)
{
  return message->item != NULL && tea_timeline_item_get_reply_to (message->item) == 0;
}

static GBytes *
encode (TeaOutbox *self, Message *message)
{
  TeaTimelineItem *item = message->item;

  if (is_plain (message))
    return tea_frame_encode_say (message->number, get_oldest (self),
                                 tea_timeline_item_get_text (item));
  if (item != NULL)
    return tea_frame_encode_tell (message->number, get_oldest (self), TEA_EVENT_MESSAGE,
                                  tea_timeline_item_get_reply_to (item),
                                  tea_timeline_item_get_text (item), NULL);

  return tea_frame_encode_tell (message->number, get_oldest (self), message->kind, message->target,
                                message->text != NULL ? message->text : "", message->data);
}

static GPtrArray *
split (TeaOutbox *self, Message *message)
{
  g_autoptr (GBytes) tell = NULL;

  if (is_plain (message))
    return tea_frame_split_say (message->number, get_oldest (self),
                                tea_timeline_item_get_text (message->item));

  tell = encode (self, message);

  return tea_frame_split_tell (tell, message->number, get_oldest (self));
}

static void
say_pieces (TeaOutbox *self, Message *message)
{
  g_autoptr (GPtrArray) pieces = split (self, message);
  gboolean is_missing = FALSE;

  for (guint i = 0; i < pieces->len; i++)
    if ((message->received & ((guint32) 1 << i)) == 0)
      {
        self->send (g_bytes_ref (g_ptr_array_index (pieces, i)), self->user_data);
        is_missing = TRUE;
      }

  /* All of them have come, but the answer has not: this makes the server give it again, or
   * tell which pieces it still has. */
  if (!is_missing)
    self->send (g_bytes_ref (g_ptr_array_index (pieces, 0)), self->user_data);
}

static void
say (TeaOutbox *self, Message *message)
{
  gint64 now = tea_clock_get_time (self->clock);
  gboolean is_first = message->say_at == 0;

  message->is_again = message->said != 0 && !message->is_twice;
  message->is_twice = is_first && !message->is_long
                      && message == g_queue_peek_head (&self->messages)
                      && tea_round_trip_is_lossy (self->round_trip, now);
  if (is_first)
    {
      message->said = now;
      message->patience = tea_round_trip_get_patience (self->round_trip);
    }
  else if (message->is_again)
    {
      message->patience = tea_round_trip_get_next_patience (message->patience);
    }
  message->say_at = now + (message->is_twice ? AGAIN : message->patience);

  if (message->is_long)
    say_pieces (self, message);
  else
    self->send (encode (self, message), self->user_data);
}

/* It is not held back any more. */
static void
unhold (Message *message)
{
  message->held_until = 0;
  if (message->item != NULL)
    _tea_timeline_item_set_hold_until (message->item, 0);
}

static void
say_anew (Message *message)
{
  unhold (message);
  message->stage = STAGE_SAID;
  message->said = 0;
  message->say_at = 0;
  message->is_twice = FALSE;
  message->received = 0;
}

static gboolean
holds_back (TeaOutbox *self)
{
  gint64 now = tea_clock_get_time (self->clock);

  for (GList *l = self->messages.head; l != NULL; l = l->next)
    if (((Message *) l->data)->held_until > now)
      return TRUE;

  return FALSE;
}

/* What waited for its time is said. */
static void
show_said (TeaOutbox *self, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      Message *message = g_hash_table_lookup (self->by_item, items->pdata[i]);

      if (message != NULL && message->stage == STAGE_SAID)
        show (self, items->pdata[i], TEA_DELIVERY_SENDING, NULL);
    }
}

static void
go_on (TeaOutbox *self)
{
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now = tea_clock_get_time (self->clock);
  gint64 next = G_MAXINT64;
  guint n_under_way = 0;
  guint n_long = 0;

  tea_timer_unset (self->timer);
  if (!is_logged_open (self))
    return;

  for (GList *l = self->messages.head; l != NULL && n_under_way < WINDOW; l = l->next)
    {
      Message *message = l->data;

      if (message->stage == STAGE_PARKED && l == self->messages.head)
        {
          if (self->try_at > now)
            {
              next = self->try_at;
              break;
            }
          say_anew (message);
          self->tried = message->number;
        }

      /* Short ones behind it would have to wait for it anyway. */
      if (message->stage != STAGE_SAID || (message->is_long && n_long++ == LONG_WINDOW))
        break;
      if (message->held_until > now)
        {
          next = MIN (next, message->held_until);
          break;
        }

      n_under_way++;
      unhold (message);
      if (message->say_at <= now)
        {
          say (self, message);
          if (message->is_held)
            g_ptr_array_add (said, g_object_ref (message->item));
          message->is_held = FALSE;
        }
      next = MIN (next, message->say_at);
    }

  if (next != G_MAXINT64)
    tea_timer_set_at (self->timer, next);
  show_said (self, said);
}

static void
go_on_cb (gpointer user_data)
{
  go_on (user_data);
}

static void
give_number (TeaOutbox *self, Message *message)
{
  message->number = self->next++;
  say_anew (message);
  if (message->item != NULL)
    {
      g_autofree char *id = _tea_timeline_dup_id (self->stream, message->number);

      _tea_timeline_item_set_id (message->item, id);
    }
}

static TeaTimelineItem *
append (TeaOutbox *self, const char *text, guint64 reply_to, TeaDelivery delivery)
{
  return g_object_ref (tea_timeline_append_own (self->timeline, text, reply_to,
                                                tea_clock_get_real_time (self->clock), delivery));
}

static void
measure (Message *message)
{
  gsize size = is_plain (message) ? 0 : TELL_OVERHEAD;

  if (message->item != NULL)
    size += strlen (tea_timeline_item_get_text (message->item));
  if (message->text != NULL)
    size += strlen (message->text);
  if (message->data != NULL)
    size += g_bytes_get_size (message->data);
  message->is_long = size > TEA_PIECE_SIZE;
}

static Message *
add (TeaOutbox *self, TeaTimelineItem *item)
{
  Message *message = g_new0 (Message, 1);

  message->item = g_object_ref (item);
  message->epoch = self->epoch;
  measure (message);
  g_queue_push_tail (&self->messages, message);
  g_hash_table_insert (self->by_item, item, message);

  return message;
}

static void
forget (TeaOutbox *self, GQueue *queue, Message *message)
{
  if (message->item != NULL)
    g_hash_table_remove (self->by_item, message->item);
  g_queue_remove (queue, message);
  message_free (message);
}

/* Says a new message, or lets it wait behind those that the server cannot store for now. */
static void
queue_up (TeaOutbox *self, Message *message)
{
  give_number (self, message);
  if (self->obstacle != NULL)
    message->stage = STAGE_PARKED;
  go_on (self);
}

/* What is shown of those that wait goes on without a further word: they still do. */
static void
set_obstacle (TeaOutbox *self, const char *obstacle)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *reason = g_strdup (obstacle);

  g_free (self->obstacle);
  self->obstacle = g_strdup (reason);
  self->tried = 0;

  for (GList *l = self->messages.head; l != NULL; l = l->next)
    {
      Message *message = l->data;

      if (message->item != NULL
          && tea_timeline_item_get_delivery (message->item) == TEA_DELIVERY_WAITING
          && (reason == NULL || message->stage == STAGE_PARKED))
        g_ptr_array_add (items, g_object_ref (message->item));
    }
  for (guint i = 0; i < items->len; i++)
    tea_timeline_set_delivery (self->timeline, items->pdata[i], TEA_DELIVERY_WAITING, reason);
}

/* Whether it tells that the server stores again that it has stored this one. */
static gboolean
tells_of_room (TeaOutbox *self, Message *message)
{
  return self->obstacle != NULL
         && (message->stage == STAGE_PARKED || message->number == self->tried);
}

/* The server stores again: all that was kept back follows. */
static void
unpark (TeaOutbox *self)
{
  for (GList *l = self->messages.head; l != NULL; l = l->next)
    if (((Message *) l->data)->stage == STAGE_PARKED)
      say_anew (l->data);

  set_obstacle (self, NULL);
}

/* Finds out at once whether the server stores again. */
static void
try_now (TeaOutbox *self)
{
  Message *first = g_queue_peek_head (&self->messages);

  if (!is_logged_open (self) || first == NULL || first->stage != STAGE_PARKED)
    return;

  self->try_at = 0;
  go_on (self);
  if (first->item != NULL)
    show (self, first->item, TEA_DELIVERY_SENDING, NULL);
}

static Message *
find_number (TeaOutbox *self, guint32 number)
{
  for (GList *l = self->messages.head; number > 0 && l != NULL; l = l->next)
    if (((Message *) l->data)->number == number)
      return l->data;

  return NULL;
}

/* Takes a message out of those that are said. */
static void
settle (TeaOutbox *self, Message *message)
{
  guint32 number = message->number;
  Message *first;

  unhold (message);
  g_queue_remove (&self->messages, message);

  /* The server may wait for what was in between, but was given up. */
  first = g_queue_peek_head (&self->messages);
  if (number > 0 && first != NULL && first->number > number + 1)
    first->say_at = 0;
  if (first == NULL)
    set_obstacle (self, NULL);
}

static gboolean
is_leaving (Message *message)
{
  return message->item == NULL && message->kind == TEA_EVENT_LEFT;
}

static void
settle_and_forget (TeaOutbox *self, Message *message)
{
  settle (self, message);
  if (message->item != NULL)
    g_hash_table_remove (self->by_item, message->item);
  message_free (message);
}

/* Takes a message away, also from where it is shown. */
static void
give_up (TeaOutbox *self, Message *message)
{
  g_autoptr (TeaTimelineItem) item = message->item != NULL ? g_object_ref (message->item) : NULL;

  settle_and_forget (self, message);
  if (item != NULL)
    tea_timeline_remove (self->timeline, item);
}

/* Where nothing is acknowledged */

/* No overtaking. */
static gboolean
say_at_once (TeaOutbox *self, const char *text)
{
  return self->say != NULL && !self->is_stopped && g_queue_is_empty (&self->messages)
         && self->say (text, self->user_data, NULL);
}

/* Gives what waits to the network, the oldest first, until the network is gone. */
static guint
say_waiting (TeaOutbox *self)
{
  Message *message;
  guint n_said = 0;

  while (self->say != NULL && !self->is_stopped
         && (message = g_queue_peek_head (&self->messages)) != NULL && message->item != NULL)
    {
      g_autoptr (TeaTimelineItem) item = g_object_ref (message->item);
      g_autoptr (GError) error = NULL;
      gboolean is_said = self->say (tea_timeline_item_get_text (item), self->user_data, &error);

      if (!is_said && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        break;

      message = g_hash_table_lookup (self->by_item, item);
      if (message != NULL)
        forget (self, &self->messages, message);
      if (is_said)
        {
          n_said++;
          _tea_timeline_item_set_time (item, tea_clock_get_real_time (self->clock));
          show (self, item, TEA_DELIVERY_SENT, NULL);
          tea_classic_ledger_add (self->ledger, item);
        }
      else
        {
          show (self, item, TEA_DELIVERY_FAILED, error->message);
        }
    }

  return n_said;
}

static void
tea_outbox_dispose (GObject *object)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  g_hash_table_remove_all (self->by_item);
  g_queue_clear_full (&self->messages, message_free);
  g_queue_clear_full (&self->stored, message_free);
  g_clear_pointer (&self->ledger, tea_classic_ledger_free);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_object (&self->timeline);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_outbox_parent_class)->dispose (object);
}

static void
tea_outbox_finalize (GObject *object)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  g_hash_table_unref (self->by_item);
  g_free (self->obstacle);

  G_OBJECT_CLASS (tea_outbox_parent_class)->finalize (object);
}

static void
tea_outbox_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  switch (prop_id)
    {
    case PROP_N_UNSENT:
      g_value_set_uint (value, self->n_unsent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_outbox_class_init (TeaOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_outbox_dispose;
  object_class->finalize = tea_outbox_finalize;
  object_class->get_property = tea_outbox_get_property;

  /**
   * TeaOutbox:n-unsent:
   *
   * How many messages, and things to be done, wait or are on their way.
   */
  properties[PROP_N_UNSENT]
      = g_param_spec_uint ("n-unsent", NULL, NULL, 0, G_MAXUINT, 0,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaOutbox::delivery:
   * @self: the outbox
   * @item: a message
   *
   * A message has come further, or has failed. That it is stored is told when it has its
   * place: then its time is known as well.
   */
  signals[SIGNAL_DELIVERY] = g_signal_new ("delivery", TEA_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaOutbox::refused:
   * @self: the outbox
   * @kind: what was to be done
   * @target: the event that it is about; 0 for none
   * @error: why
   *
   * The server does not do what a message cannot say.
   */
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", TEA_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 3, TEA_TYPE_EVENT_KIND, G_TYPE_UINT64, G_TYPE_ERROR);
}

static void
tea_outbox_init (TeaOutbox *self)
{
  self->by_item = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->messages);
  g_queue_init (&self->stored);
  self->next = 1;
}

/**
 * tea_outbox_new:
 * @timeline: where one's own messages are shown
 * @clock: by which clock
 *
 * Returns: (transfer full): an empty outbox, which is closed
 */
TeaOutbox *
tea_outbox_new (TeaTimeline *timeline, TeaClock *clock)
{
  TeaOutbox *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_OUTBOX, NULL);
  self->timeline = g_object_ref (timeline);
  self->clock = g_object_ref (clock);
  self->timer = tea_timer_new (clock, go_on_cb, self);
  self->ledger = tea_classic_ledger_new (clock);

  return self;
}

/**
 * tea_outbox_say:
 * @self: an outbox
 * @text: what to say
 * @reply_to: the message that it answers; 0 for none
 *
 * Says a message, or lets it wait while the outbox is closed. Where nothing is acknowledged, what
 * it answers is not told.
 */
void
tea_outbox_say (TeaOutbox *self, const char *text, guint64 reply_to)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (text != NULL);

  if (say_at_once (self, text))
    {
      item = append (self, text, reply_to, TEA_DELIVERY_SENT);
      tea_classic_ledger_add (self->ledger, item);
      tell (self, item);
      return;
    }

  item = append (self, text, reply_to,
                 takes_new (self) && self->obstacle == NULL && !holds_back (self)
                     ? TEA_DELIVERY_SENDING
                     : TEA_DELIVERY_WAITING);
  message = add (self, item);
  if (takes_new (self))
    {
      message->is_held = holds_back (self);
      if (self->obstacle != NULL)
        tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_WAITING, self->obstacle);
      queue_up (self, message);
    }
  tell (self, item);
  say_waiting (self);
}

/**
 * tea_outbox_tell:
 * @self: an outbox
 * @kind: what is done
 * @target: the event that is meant; 0 for none
 * @text: (nullable): its text, if that kind has one
 * @data: (nullable): its data, if that kind has any
 *
 * Does in a room that has a log what a message cannot say, or lets it wait while the outbox is
 * closed. Nothing is shown of it; [signal@Tea.Outbox::refused] tells when the server does not
 * take it.
 */
void
tea_outbox_tell (TeaOutbox *self, TeaEventKind kind, guint64 target, const char *text, GBytes *data)
{
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  message = g_new0 (Message, 1);
  message->kind = kind;
  message->target = target;
  message->epoch = self->epoch;
  message->text = g_strdup (text);
  message->data = data != NULL ? g_bytes_ref (data) : NULL;
  measure (message);
  g_queue_push_tail (&self->messages, message);
  if (takes_new (self))
    queue_up (self, message);
  update_n_unsent (self);
}

/**
 * tea_outbox_retry:
 * @self: an outbox
 * @item: a message that failed, or waits because the server can store nothing
 *
 * Says a message again that was refused for good, as another message, or lets it wait while
 * the outbox is closed. Where it waits because the server can store nothing, the first of those
 * that do is tried at once; when that is stored, the others follow.
 */
void
tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item)
{
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  if (g_hash_table_contains (self->by_item, item))
    {
      try_now (self);
      return;
    }

  g_return_if_fail (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED);

  message = add (self, item);
  if (takes_new (self))
    {
      queue_up (self, message);
      if (message->stage == STAGE_PARKED)
        show (self, item, TEA_DELIVERY_WAITING, self->obstacle);
      else
        show (self, item, TEA_DELIVERY_SENDING, NULL);
    }
  else
    {
      show (self, item, TEA_DELIVERY_WAITING, NULL);
      say_waiting (self);
    }
}

/**
 * tea_outbox_discard:
 * @self: an outbox
 * @item: a message that can be discarded
 *
 * Gives a message up and takes it out of the timeline.
 */
void
tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item)
{
  Message *message;
  Message *next;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (tea_outbox_can_discard (self, item));

  message = g_hash_table_lookup (self->by_item, item);
  if (message != NULL)
    settle_and_forget (self, message);

  /* The server may wait for it, and need not any more. */
  next = g_queue_peek_head (&self->messages);
  if (next != NULL)
    next->say_at = 0;

  tea_timeline_remove (self->timeline, item);
  update_n_unsent (self);
  go_on (self);
}

/**
 * tea_outbox_can_discard:
 * @self: an outbox
 * @item: a message of one's own
 *
 * Returns: whether the message is surely not stored anywhere, and will not be
 */
gboolean
tea_outbox_can_discard (TeaOutbox *self, TeaTimelineItem *item)
{
  Message *message;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), FALSE);

  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
    return TRUE;

  message = g_hash_table_lookup (self->by_item, item);

  return message != NULL
         && (message->stage == STAGE_WAITING || message->stage == STAGE_PARKED
             || message->held_until > tea_clock_get_time (self->clock));
}

/**
 * tea_outbox_get_n_unsent:
 * @self: an outbox
 *
 * Returns: how many messages, and things to be done, wait or are on their way
 */
guint
tea_outbox_get_n_unsent (TeaOutbox *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);

  return self->n_unsent;
}

/**
 * tea_outbox_keep:
 * @self: an outbox
 * @file: where to keep what is in it
 * @room: the address of its room
 *
 * Keeps all that is not stored, in place of what was kept for the room; the file has to be saved
 * then.
 */
void
tea_outbox_keep (TeaOutbox *self, TeaOutboxFile *file, const char *room)
{
  g_autoptr (GPtrArray) kept
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_kept_message_free);

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (TEA_IS_OUTBOX_FILE (file));
  g_return_if_fail (room != NULL);

  for (GList *l = self->messages.head; l != NULL; l = l->next)
    {
      Message *message = l->data;
      TeaTimelineItem *item = message->item;

      if (item != NULL)
        g_ptr_array_add (kept, tea_kept_message_new (TEA_EVENT_MESSAGE,
                                                     tea_timeline_item_get_reply_to (item),
                                                     message->epoch, message->number,
                                                     tea_timeline_item_get_time (item),
                                                     tea_timeline_item_get_text (item), NULL));
      else if (!is_leaving (message))
        g_ptr_array_add (kept,
                         tea_kept_message_new (message->kind, message->target, message->epoch,
                                               message->number, 0, message->text, message->data));
    }

  tea_outbox_file_set_messages (file, room, kept, self->next);
}

static void
restore_message (TeaOutbox *self, TeaKeptMessage *kept)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  Message *message;

  if (kept->kind == TEA_EVENT_MESSAGE)
    {
      item = g_object_ref (tea_timeline_append_own (self->timeline, kept->text, kept->target,
                                                    kept->time, TEA_DELIVERY_WAITING));
      message = add (self, item);
    }
  else
    {
      tea_outbox_tell (self, kept->kind, kept->target, *kept->text != '\0' ? kept->text : NULL,
                       kept->data);
      message = g_queue_peek_tail (&self->messages);
    }

  message->is_kept = TRUE;
  message->epoch = kept->epoch;
  message->number = kept->number;
  if (kept->number == 0)
    return;

  message->stage = STAGE_SAID;
  if (item != NULL)
    {
      g_autofree char *id = _tea_timeline_dup_id (self->stream, kept->number);

      _tea_timeline_item_set_id (item, id);
    }
}

/**
 * tea_outbox_restore:
 * @self: an outbox that is closed and empty
 * @file: where things are kept
 * @room: the address of its room
 *
 * Takes up what an earlier program did not get rid of. Once the outbox is opened, all of it is
 * said again under the numbers it had: what is stored already is not stored twice.
 */
void
tea_outbox_restore (TeaOutbox *self, TeaOutboxFile *file, const char *room)
{
  GPtrArray *kept;
  guint32 next;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (TEA_IS_OUTBOX_FILE (file));
  g_return_if_fail (room != NULL);
  g_return_if_fail (self->send == NULL && self->say == NULL);
  g_return_if_fail (g_queue_is_empty (&self->messages));

  kept = tea_outbox_file_get_messages (file, room, &next);
  if (kept == NULL)
    return;

  self->stream = tea_outbox_file_get_stream (file);
  self->next = MAX (self->next, next);
  for (guint i = 0; i < kept->len; i++)
    restore_message (self, kept->pdata[i]);
  update_n_unsent (self);
}

/**
 * tea_outbox_give_up:
 * @self: an outbox that is closed
 *
 * Forgets all that is not stored: it is kept somewhere else.
 */
void
tea_outbox_give_up (TeaOutbox *self)
{
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (self->send == NULL && self->say == NULL);

  while ((message = g_queue_peek_head (&self->messages)) != NULL)
    give_up (self, message);
  self->next = 1;
  update_n_unsent (self);
}

/**
 * tea_outbox_stop:
 * @self: an outbox
 *
 * Says again what is on its way, and lets everything else wait, until it is opened again.
 */
void
tea_outbox_stop (TeaOutbox *self)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->is_stopped = TRUE;
}

/**
 * tea_outbox_close:
 * @self: an outbox
 *
 * There is no way to the room any more. What was not acknowledged waits; and of what would
 * not be acknowledged anyway, what most likely was not heard.
 */
void
tea_outbox_close (TeaOutbox *self)
{
  g_autoptr (GPtrArray) unheard = NULL;
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->round_trip = NULL;
  self->send = NULL;
  self->say = NULL;
  self->is_stopped = FALSE;
  tea_timer_unset (self->timer);

  unheard = tea_classic_ledger_take_unheard (self->ledger);
  for (guint i = 0; i < unheard->len; i++)
    {
      add (self, unheard->pdata[i]);
      show (self, unheard->pdata[i], TEA_DELIVERY_WAITING, NULL);
    }

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (GList *l = self->messages.head; l != NULL; l = l->next)
    {
      Message *message = l->data;

      unhold (message);
      message->is_held = FALSE;
      if (message->item != NULL && message->stage == STAGE_SAID)
        g_ptr_array_add (items, g_object_ref (message->item));
    }
  set_obstacle (self, NULL);
  for (guint i = 0; i < items->len; i++)
    if (tea_timeline_item_get_delivery (items->pdata[i]) == TEA_DELIVERY_SENDING)
      show (self, items->pdata[i], TEA_DELIVERY_WAITING, NULL);
}

/* Whether it is about an event of a log that is no more: another may have that number now. */
static gboolean
is_of_other_log (TeaOutbox *self, Message *message)
{
  guint64 target
      = message->item != NULL ? tea_timeline_item_get_reply_to (message->item) : message->target;

  return target > 0 && message->epoch != 0 && message->epoch != self->epoch;
}

/* What people have written is said without what it answers. Returns what else there is. */
static GPtrArray *
take_out_others (TeaOutbox *self)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (message_free);
  GList *next = NULL;

  for (GList *l = self->messages.head; l != NULL; l = next)
    {
      Message *message = l->data;

      next = l->next;
      if (!is_of_other_log (self, message))
        continue;

      if (message->item == NULL)
        {
          settle (self, message);
          g_ptr_array_add (others, message);
          continue;
        }
      _tea_timeline_item_set_reply_to (message->item, 0);
      measure (message);
    }

  return g_steal_pointer (&others);
}

static void
refuse_others (TeaOutbox *self, GPtrArray *others)
{
  g_autoptr (GError) error
      = tea_refusal_to_error (TEA_REFUSAL_GONE,
                              _ ("The room was put back to an earlier state. Try again."));

  for (guint i = 0; i < others->len; i++)
    {
      Message *message = others->pdata[i];

      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, message->kind, message->target, error);
    }
  update_n_unsent (self);
}

/**
 * tea_outbox_open:
 * @self: an outbox that is closed
 * @epoch: the epoch of the room's log
 * @stream: what tells this program's numbers from those of others
 * @stored: the latest number that the server has stored
 * @is_member: whether one is a member of the room
 * @round_trip: how long answers take, to which those to what is said are added; it has to stay
 *   while the outbox is open
 * @send: how to send a frame
 * @user_data: for @send
 *
 * There is a way to a room that has a log: says all that is there and is not stored. Who finds
 * only now that they have left has come in again by opening it, and leaves once more. What was
 * about events of another log is refused; answers to them answer nothing now.
 *
 * Returns: how many messages these are
 */
guint
tea_outbox_open (TeaOutbox *self,
                 guint64 epoch,
                 guint32 stream,
                 guint32 stored,
                 gboolean is_member,
                 TeaRoundTrip *round_trip,
                 TeaFrameFunc send,
                 gpointer user_data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) others = NULL;
  gboolean leaves_again = FALSE;
  Message *first;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);
  g_return_val_if_fail (self->send == NULL && self->say == NULL, 0);
  g_return_val_if_fail (round_trip != NULL && send != NULL, 0);

  self->has_left = FALSE;
  while ((first = g_queue_peek_head (&self->messages)) != NULL && first->number > 0
         && first->number <= stored)
    {
      leaves_again = leaves_again || (is_leaving (first) && is_member);
      /* What an earlier program has said is in the history, if anywhere. */
      if (first->is_kept)
        give_up (self, first);
      else
        tea_outbox_take_ack (self, first->number, 0);
    }
  if (leaves_again)
    {
      self->has_left = FALSE;
      tea_outbox_tell (self, TEA_EVENT_LEFT, 0, NULL, NULL);
    }

  self->epoch = epoch;
  others = take_out_others (self);
  self->next = MAX (self->next, stored + 1);
  self->stream = stream;
  self->round_trip = round_trip;
  self->send = send;
  self->user_data = user_data;
  self->is_stopped = FALSE;

  for (GList *l = self->messages.head; l != NULL; l = l->next)
    {
      Message *message = l->data;

      if (message->number == 0)
        give_number (self, message);
      else
        say_anew (message);
      if (message->item != NULL)
        g_ptr_array_add (items, g_object_ref (message->item));
    }

  go_on (self);
  for (guint i = 0; i < items->len; i++)
    show (self, items->pdata[i], TEA_DELIVERY_SENDING, NULL);
  refuse_others (self, others);

  return items->len;
}

/**
 * tea_outbox_get_has_left:
 * @self: an outbox
 *
 * Returns: whether the room was left for good since the outbox was opened, and the server has
 *   said so
 */
gboolean
tea_outbox_get_has_left (TeaOutbox *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  return self->has_left;
}

/**
 * tea_outbox_get_next_number:
 * @self: an outbox
 *
 * Returns: the number that the next message gets
 */
guint32
tea_outbox_get_next_number (TeaOutbox *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);

  return self->next;
}

/**
 * tea_outbox_get_waiting_since:
 * @self: an outbox
 *
 * Tells since when the server has answered nothing of what is said.
 *
 * Returns: since when, in µs of the clock; 0 when no answer is waited for
 */
gint64
tea_outbox_get_waiting_since (TeaOutbox *self)
{
  Message *first;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);

  first = is_logged_open (self) ? g_queue_peek_head (&self->messages) : NULL;
  if (first == NULL || first->stage != STAGE_SAID || first->say_at == 0)
    return 0;

  return MAX (first->said, self->answered);
}

/* Where a message had to be said again, nobody knows which of both was answered: the first,
 * where nothing gets lost. */
static void
note_round_trip (TeaOutbox *self, Message *message)
{
  if (!is_logged_open (self) || message->stage != STAGE_SAID || message->said == 0
      || (message->is_again && tea_round_trip_is_lossy (self->round_trip, self->answered)))
    return;

  tea_round_trip_add (self->round_trip, self->answered - message->said);
}

/**
 * tea_outbox_take_ack:
 * @self: an outbox
 * @number: which message
 * @seq: its number in the room's log; 0 when that is not known
 *
 * A message is stored. It gets its place when it comes out of the room's log.
 */
void
tea_outbox_take_ack (TeaOutbox *self, guint32 number, guint64 seq)
{
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->answered = tea_clock_get_time (self->clock);
  message = find_number (self, number);
  if (message == NULL)
    return;

  note_round_trip (self, message);
  if (tells_of_room (self, message))
    unpark (self);
  if (message->item == NULL)
    {
      self->has_left = self->has_left || is_leaving (message);
      settle_and_forget (self, message);
      go_on (self);
      update_n_unsent (self);
      return;
    }

  settle (self, message);
  message->stage = STAGE_STORED;
  g_queue_push_tail (&self->stored, message);
  if (seq > 0)
    _tea_timeline_item_set_seq (message->item, seq);
  go_on (self);
  tea_timeline_set_delivery (self->timeline, message->item, TEA_DELIVERY_DELIVERED, NULL);
  update_n_unsent (self);
}

/* Why, where the server gives no words for it. */
static const char *
get_reason (Message *message, TeaRefusal code)
{
  if (tea_refusal_passes (code))
    return _ ("The server cannot store messages at the moment.");

  return message->item != NULL ? _ ("The server does not take this message.")
                               : _ ("The server does not do this.");
}

/* Whoever told it is told, and may tell it again. */
static void
refuse_told (TeaOutbox *self, Message *message, TeaRefusal code, const char *text)
{
  g_autoptr (GError) error = tea_refusal_to_error (code, text);
  TeaEventKind kind = message->kind;
  guint64 target = message->target;

  settle_and_forget (self, message);
  go_on (self);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, kind, target, error);
  update_n_unsent (self);
}

/* Messages are stored in order: what is behind one that cannot be stored now cannot be
 * either. All of them keep their numbers, and wait until the first of them is stored. What is
 * before it has been stored, as its answer will tell. */
static void
park (TeaOutbox *self, Message *first, const char *reason)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->obstacle == NULL)
    self->pause = SHORTEST_PAUSE;
  else if (first->number == self->tried)
    self->pause = MIN (2 * self->pause, LONGEST_PAUSE);
  self->try_at = tea_clock_get_time (self->clock) + self->pause;

  for (GList *l = g_queue_find (&self->messages, first); l != NULL; l = l->next)
    {
      Message *message = l->data;

      if (message->stage != STAGE_SAID)
        break;

      message->stage = STAGE_PARKED;
      if (message->item != NULL
          && tea_timeline_item_get_delivery (message->item) != TEA_DELIVERY_WAITING)
        g_ptr_array_add (items, g_object_ref (message->item));
    }

  set_obstacle (self, reason);
  go_on (self);
  for (guint i = 0; i < items->len; i++)
    {
      Message *message = g_hash_table_lookup (self->by_item, items->pdata[i]);

      /* Whoever was told of the one before may have said them again. */
      if (message != NULL && message->stage == STAGE_PARKED)
        show (self, message->item, TEA_DELIVERY_WAITING, reason);
    }
}

/**
 * tea_outbox_take_nack:
 * @self: an outbox
 * @number: which message
 * @code: why, for programs
 * @text: why, in the server's words
 *
 * A message is not stored. With %TEA_REFUSAL_TRY_LATER it waits, and so does all that is behind
 * it: it is said again under the same number after a while, which grows, and the others follow
 * it when it is stored. Otherwise it will never be.
 */
void
tea_outbox_take_nack (TeaOutbox *self, guint32 number, TeaRefusal code, const char *text)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (text != NULL);

  self->answered = tea_clock_get_time (self->clock);
  message = find_number (self, number);
  if (message == NULL || message->stage != STAGE_SAID)
    return;

  if (*text == '\0')
    text = get_reason (message, code);
  if (message->item == NULL)
    {
      refuse_told (self, message, code, text);
      return;
    }

  if (code == TEA_REFUSAL_TRY_LATER || code == TEA_REFUSAL_NOT_BEFORE)
    {
      park (self, message, text);
      return;
    }

  item = g_object_ref (message->item);
  settle_and_forget (self, message);
  _tea_timeline_item_set_id (item, NULL);
  go_on (self);
  show (self, item, TEA_DELIVERY_FAILED, text);
}

/**
 * tea_outbox_take_hold:
 * @self: an outbox
 * @number: which message
 * @delay: in ms
 *
 * A message is not stored yet, and is said again after a while. Where that is not a mere moment,
 * it is shown that it waits, and until when.
 */
void
tea_outbox_take_hold (TeaOutbox *self, guint32 number, guint32 delay)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  Message *message;
  gint64 wait;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->answered = tea_clock_get_time (self->clock);
  message = find_number (self, number);
  if (message == NULL || message->stage != STAGE_SAID)
    return;

  say_anew (message);
  wait = MIN (delay, HOLD_MAX_MS) * G_TIME_SPAN_MILLISECOND;
  message->held_until = tea_clock_get_time (self->clock) + wait;
  go_on (self);
  if (message->item == NULL || delay < HOLD_SHOWN_MS)
    return;

  item = g_object_ref (message->item);
  message->is_held = TRUE;
  _tea_timeline_item_set_hold_until (item, tea_clock_get_real_time (self->clock) + wait);
  show (self, item, TEA_DELIVERY_WAITING, NULL);
}

/**
 * tea_outbox_take_pieces:
 * @self: an outbox
 * @number: which message
 * @received: a bit for each piece of it that has come
 *
 * Takes note of which pieces need not be said again.
 */
void
tea_outbox_take_pieces (TeaOutbox *self, guint32 number, guint32 received)
{
  Message *message;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->answered = tea_clock_get_time (self->clock);
  message = find_number (self, number);
  if (message == NULL || !message->is_long || !is_logged_open (self))
    return;

  /* There is somebody, who takes pieces: not the time to become slow. */
  if ((received & ~message->received) != 0)
    message->patience = tea_round_trip_get_patience (self->round_trip);
  /* Fewer than before, where the server has dropped them. */
  message->received = received;
}

static void
place (TeaOutbox *self, TeaTimelineItem *item, guint64 seq, gint64 time)
{
  tea_timeline_settle_own (self->timeline, item, seq, time);
  tell (self, item);
}

/**
 * tea_outbox_take_logged:
 * @self: an outbox
 * @event: something under one's own name that came out of the room's log
 *
 * A message has its place.
 *
 * Returns: whether it is a message of this very program, and was on its way
 */
gboolean
tea_outbox_take_logged (TeaOutbox *self, TeaEvent *event)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  Message *message;
  guint32 number;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  number = tea_event_get_number (event);
  if (tea_event_get_stream (event) != self->stream || number == 0)
    return FALSE;

  message = find_number (self, number);
  if (message != NULL)
    {
      if (message->item != NULL)
        item = g_object_ref (message->item);
      self->has_left = self->has_left || is_leaving (message);
      if (tells_of_room (self, message))
        unpark (self);
      settle_and_forget (self, message);
      go_on (self);
    }
  for (GList *l = self->stored.head; l != NULL && item == NULL; l = l->next)
    if (((Message *) l->data)->number == number)
      {
        item = g_object_ref (((Message *) l->data)->item);
        forget (self, &self->stored, l->data);
        break;
      }
  if (item == NULL)
    {
      update_n_unsent (self);
      return FALSE;
    }

  place (self, item, tea_event_get_seq (event), tea_event_get_time (event));
  tea_timeline_take_form (self->timeline, event);

  return TRUE;
}

/* In the order of the log; those whose number is not known come last. */
static int
compare_items (gconstpointer a, gconstpointer b)
{
  guint64 one = tea_timeline_item_get_seq (*(TeaTimelineItem **) a) - 1;
  guint64 other = tea_timeline_item_get_seq (*(TeaTimelineItem **) b) - 1;

  return (one > other) - (one < other);
}

static void
place_passed (TeaOutbox *self, guint64 seq, gboolean with_unknown)
{
  g_autoptr (GPtrArray) passed = g_ptr_array_new_with_free_func (g_object_unref);
  GList *next;

  for (GList *l = self->stored.head; l != NULL; l = next)
    {
      Message *message = l->data;
      guint64 own = tea_timeline_item_get_seq (message->item);

      next = l->next;
      if (own > 0 ? own <= seq : with_unknown)
        {
          g_ptr_array_add (passed, g_object_ref (message->item));
          forget (self, &self->stored, message);
        }
    }

  /* What became of them is not known. */
  g_ptr_array_sort (passed, compare_items);
  for (guint i = 0; i < passed->len; i++)
    {
      TeaTimelineItem *item = passed->pdata[i];

      _tea_timeline_item_set_stale (item, tea_timeline_item_get_seq (item) > 0);
      place (self, item, tea_timeline_item_get_seq (item), tea_timeline_item_get_time (item));
    }
}

/**
 * tea_outbox_take_next:
 * @self: an outbox
 * @seq: the number of what comes next out of the room's log
 *
 * What is stored before that, and did not come, has its place before what comes.
 */
void
tea_outbox_take_next (TeaOutbox *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (seq > 0);

  place_passed (self, seq - 1, FALSE);
}

/**
 * tea_outbox_take_passed:
 * @self: an outbox
 * @seq: a number in the room's log
 *
 * What was stored up to that number, and did not come, has its place in a gap.
 */
void
tea_outbox_take_passed (TeaOutbox *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  place_passed (self, seq, TRUE);
}

/**
 * tea_outbox_open_classic:
 * @self: an outbox that is closed
 * @say_func: how to say something
 * @user_data: for @say_func
 *
 * There is a way to a room where nothing is acknowledged: says what waits, in the order in
 * which it was written.
 *
 * Returns: how many messages were said
 */
guint
tea_outbox_open_classic (TeaOutbox *self, TeaClassicSayFunc say_func, gpointer user_data)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);
  g_return_val_if_fail (self->send == NULL && self->say == NULL, 0);
  g_return_val_if_fail (say_func != NULL, 0);

  self->say = say_func;
  self->user_data = user_data;
  self->is_stopped = FALSE;

  return say_waiting (self);
}

/**
 * tea_outbox_take_refusal:
 * @self: an outbox
 * @reason: why the server refused something
 *
 * What a server that acknowledges nothing refuses is most likely what was just said: that
 * message has failed.
 *
 * Returns: whether there was one
 */
gboolean
tea_outbox_take_refusal (TeaOutbox *self, const char *reason)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  item = tea_classic_ledger_take_refusal (self->ledger);
  if (item == NULL)
    return FALSE;

  show (self, item, TEA_DELIVERY_FAILED, reason);

  return TRUE;
}

/**
 * tea_outbox_take_echo:
 * @self: an outbox
 * @text: a message that came from the server under one's own name
 *
 * Some servers send one's own lines back.
 *
 * Returns: whether this is one of them
 */
gboolean
tea_outbox_take_echo (TeaOutbox *self, const char *text)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  return tea_classic_ledger_take_echo (self->ledger, text);
}

/**
 * tea_outbox_note_heard:
 * @self: an outbox
 *
 * A server that acknowledges nothing sent something: it was there when the latest messages
 * were sent.
 */
void
tea_outbox_note_heard (TeaOutbox *self)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  tea_classic_ledger_note_heard (self->ledger);
}
