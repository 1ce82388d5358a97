/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-intake.h"

#include <string.h>

#include "tea-frame-encode.h"
#include "tea-frame-rules.h"
#include "tea-piece-collector.h"
#include "tea-refusal.h"

/* How far ahead of the next message one can come and be kept, and how much of such. */
#define WINDOW 32
#define KEPT_BYTES (64 * 1024)

/* How many long messages can be under way. */
#define MAX_COLLECTORS 4

/* The answers to so many of the latest messages are remembered. */
#define N_ANSWERS 64

/**
 * TeaIntake:
 *
 * What one client says: its messages in the order of their numbers, each stored once,
 * however often and in whatever order they come.
 */
struct _TeaIntake
{
  GObject parent_instance;

  TeaRoom *room;           /* (owned) */
  TeaSecureSender *sender; /* (unowned) (nullable): NULL once it is closed */
  guint16 channel;
  TeaQuota *quota; /* (unowned) (nullable): the same */
  TeaName *name;   /* (owned) */
  char *key;       /* (owned) */
  guint32 stream;

  guint32 oldest;      /* the client says nothing below this any more */
  guint32 next;        /* the number that is to be stored next */
  guint32 told;        /* the number that the room is to be told next */
  GHashTable *kept;    /* (element-type guint32 Said): from @next on */
  gsize n_bytes;       /* in all of these */
  guint n_saying;      /* what the room was told and has not answered */
  gboolean waits;      /* for the answer to the latest of that, with all behind it */
  gboolean is_leaving; /* it is that one leaves */
  TeaTimer *timer;     /* (owned): goes on, when there is enough of the quota */
  guint32 held;        /* the latest number of which the client was told to wait */

  GHashTable *collectors; /* (element-type guint32 TeaPieceCollector) */
  GHashTable *reports;    /* (element-type guint32): of whose pieces the client is to be told */
  TeaTimer *report_timer; /* (owned) */

  struct
  {
    guint32 number;
    TeaRefusal refusal;
    guint64 seq; /* 0 where it was refused */
  } answers[N_ANSWERS];
};

/* What was said, or told. */
typedef struct
{
  TeaEventKind kind;
  guint64 target;
  char *text;   /* (owned) (nullable) */
  GBytes *data; /* (owned) (nullable) */
} Said;

/* A message on its way into the log. */
typedef struct
{
  TeaIntake *intake; /* (owned) */
  TeaEventKind kind;
  guint32 number;
  gboolean is_repeat;
} Saying;

G_DEFINE_FINAL_TYPE (TeaIntake, tea_intake, G_TYPE_OBJECT)

enum
{
  SIGNAL_STORED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void go_on (TeaIntake *self);

static void
said_free (Said *said)
{
  g_free (said->text);
  g_clear_pointer (&said->data, g_bytes_unref);
  g_free (said);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Said, said_free)

static Said *
said_new (TeaEventKind kind, guint64 target, const char *text, GBytes *data)
{
  Said *said = g_new0 (Said, 1);

  said->kind = kind;
  said->target = target;
  said->text = g_strdup (text);
  said->data = data != NULL && g_bytes_get_size (data) > 0 ? g_bytes_ref (data) : NULL;

  return said;
}

static gsize
measure (const Said *said)
{
  return (said->text != NULL ? strlen (said->text) : 0)
         + (said->data != NULL ? g_bytes_get_size (said->data) : 0);
}

static void
send (TeaIntake *self, GBytes *frame)
{
  tea_secure_sender_send (self->sender, self->channel, frame);
}

static void
saying_free (Saying *saying)
{
  g_object_unref (saying->intake);
  g_free (saying);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saying, saying_free)

static void
forget (TeaIntake *self, guint32 number)
{
  const Said *said = g_hash_table_lookup (self->kept, GUINT_TO_POINTER (number));

  if (said == NULL)
    return;

  self->n_bytes -= measure (said);
  g_hash_table_remove (self->kept, GUINT_TO_POINTER (number));
}

/* A message has its answer. */
static void
settle (TeaIntake *self, guint32 number, guint64 seq, TeaRefusal refusal)
{
  self->answers[number % N_ANSWERS].number = number;
  self->answers[number % N_ANSWERS].seq = seq;
  self->answers[number % N_ANSWERS].refusal = refusal;

  forget (self, number);
  while (self->answers[self->next % N_ANSWERS].number == self->next)
    self->next++;
  self->told = MAX (self->told, self->next);
}

/* Nothing can be stored now: those that wait behind it are told as well. */
static void
refuse_all (TeaIntake *self, TeaRefusal refusal, const char *text)
{
  GHashTableIter iter;
  gpointer number;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    {
      send (self, tea_frame_encode_nack (GPOINTER_TO_UINT (number), refusal, text));
      g_hash_table_iter_remove (&iter);
    }
  self->n_bytes = 0;
  self->told = self->next;
}

static void
refuse (TeaIntake *self, guint32 number, gboolean is_repeat, const GError *error)
{
  TeaRefusal refusal = tea_refusal_from_error (error);

  if (tea_refusal_passes (refusal))
    {
      if (is_repeat)
        send (self, tea_frame_encode_nack (number, refusal, error->message));
      else if (number == self->next)
        refuse_all (self, refusal, error->message);
      return;
    }

  send (self, tea_frame_encode_nack (number, refusal, error->message));
  if (!is_repeat)
    settle (self, number, 0, refusal);
}

static void
said_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saying) saying = user_data;
  g_autoptr (GError) error = NULL;
  TeaIntake *self = saying->intake;
  guint64 seq = tea_room_tell_finish (TEA_ROOM (object), result, &error);

  self->n_saying--;
  self->waits = self->waits && self->n_saying > 0;
  self->is_leaving = self->is_leaving && self->n_saying > 0;
  if (self->sender == NULL)
    return;

  if (error != NULL)
    {
      refuse (self, saying->number, saying->is_repeat, error);
    }
  else
    {
      send (self, tea_frame_encode_ack (saying->number, seq));
      if (!saying->is_repeat)
        settle (self, saying->number, seq, TEA_REFUSAL_OTHER);
      g_signal_emit (self, signals[SIGNAL_STORED], 0, saying->kind, seq);
    }

  go_on (self);
}

static void
say (TeaIntake *self, guint32 number, const Said *said, gboolean is_repeat)
{
  const TeaDraft draft = { .kind = said->kind,
                           .author = self->name,
                           .text = said->text,
                           .key = self->key,
                           .stream = self->stream,
                           .number = number,
                           .target = said->target,
                           .data = said->data,
                           .is_repeat = is_repeat };
  Saying *saying = g_new0 (Saying, 1);

  saying->intake = g_object_ref (self);
  saying->kind = said->kind;
  saying->number = number;
  saying->is_repeat = is_repeat;

  self->n_saying++;
  self->is_leaving = said->kind == TEA_EVENT_LEFT;
  self->waits = !tea_room_tell_async (self->room, &draft, said_cb, saying) || is_repeat;
}

static void
hold (TeaIntake *self, gint64 wait)
{
  gint64 delay = MAX (wait, 0) / G_TIME_SPAN_MILLISECOND + 1;

  send (self, tea_frame_encode_hold (self->told, (guint32) MIN (delay, G_MAXUINT32)));
}

static void
go_on (TeaIntake *self)
{
  const Said *said;

  while (self->sender != NULL && !self->waits
         && (said = g_hash_table_lookup (self->kept, GUINT_TO_POINTER (self->told))) != NULL)
    {
      gint64 wait = tea_room_get_wait (self->room, said->kind, self->key);

      if (wait == 0)
        wait = tea_quota_say (self->quota, measure (said));
      if (wait > 0)
        {
          tea_timer_set (self->timer, wait);
          if (self->held != self->told)
            hold (self, wait);
          self->held = self->told;
          return;
        }

      say (self, self->told++, said, FALSE);
    }
}

static void
go_on_cb (gpointer user_data)
{
  go_on (TEA_INTAKE (user_data));
}

static gboolean
is_below (gpointer number, gpointer value, gpointer bound)
{
  return GPOINTER_TO_UINT (number) < GPOINTER_TO_UINT (bound);
}

/* What is below that has its answer, or was given up, and is not to be said any more. */
static void
note_oldest (TeaIntake *self, guint32 oldest)
{
  if (oldest <= self->oldest)
    return;

  self->oldest = oldest;
  for (; self->next < oldest && g_hash_table_size (self->kept) > 0; self->next++)
    forget (self, self->next);
  g_hash_table_foreach_remove (self->collectors, is_below, GUINT_TO_POINTER (oldest));
  g_hash_table_foreach_remove (self->reports, is_below, GUINT_TO_POINTER (oldest));

  self->next = MAX (self->next, oldest);
  self->told = MAX (self->told, self->next);
  go_on (self);
}

static void
report_cb (gpointer user_data)
{
  TeaIntake *self = TEA_INTAKE (user_data);
  GHashTableIter iter;
  gpointer number;
  gpointer received;

  g_hash_table_iter_init (&iter, self->reports);
  while (g_hash_table_iter_next (&iter, &number, &received))
    send (self,
          tea_frame_encode_say_pieces (GPOINTER_TO_UINT (number), GPOINTER_TO_UINT (received)));
  g_hash_table_remove_all (self->reports);
}

/* Once a turn, whatever number of pieces came in it. */
static void
report (TeaIntake *self, guint32 number, guint32 received)
{
  if (g_hash_table_size (self->reports) == 0)
    tea_timer_set (self->report_timer, 0);
  g_hash_table_insert (self->reports, GUINT_TO_POINTER (number), GUINT_TO_POINTER (received));
}

/* Whether a message has its answer; if so, it is told again. */
static gboolean
answer_again (TeaIntake *self, guint32 number)
{
  if (self->answers[number % N_ANSWERS].number != number)
    return FALSE;

  tea_secure_sender_note_repeat (self->sender);
  if (self->answers[number % N_ANSWERS].seq != 0)
    send (self, tea_frame_encode_ack (number, self->answers[number % N_ANSWERS].seq));
  else
    send (self, tea_frame_encode_nack (number, self->answers[number % N_ANSWERS].refusal, ""));

  return TRUE;
}

/* Room for the pieces of one more message. Of too many, the one that comes last in the
 * stream has to be begun again. */
static gboolean
make_room (TeaIntake *self, guint32 for_number)
{
  GHashTableIter iter;
  gpointer number;
  guint32 last = 0;

  if (g_hash_table_size (self->collectors) < MAX_COLLECTORS)
    return TRUE;

  g_hash_table_iter_init (&iter, self->collectors);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    last = MAX (last, GPOINTER_TO_UINT (number));

  return for_number < last && g_hash_table_remove (self->collectors, GUINT_TO_POINTER (last));
}

static void
tea_intake_finalize (GObject *object)
{
  TeaIntake *self = TEA_INTAKE (object);

  g_hash_table_unref (self->kept);
  g_hash_table_unref (self->collectors);
  g_hash_table_unref (self->reports);
  tea_timer_free (self->timer);
  tea_timer_free (self->report_timer);
  g_object_unref (self->room);
  tea_name_unref (self->name);
  g_free (self->key);

  G_OBJECT_CLASS (tea_intake_parent_class)->finalize (object);
}

static void
tea_intake_class_init (TeaIntakeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_intake_finalize;

  /**
   * TeaIntake::stored:
   * @self: the intake
   * @kind: what it was
   * @seq: the event that it has become
   *
   * Something that was said is stored, and its client was told so.
   */
  signals[SIGNAL_STORED]
      = g_signal_new ("stored", TEA_TYPE_INTAKE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, TEA_TYPE_EVENT_KIND, G_TYPE_UINT64);
}

static void
tea_intake_init (TeaIntake *self)
{
  self->kept = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) said_free);
  self->collectors
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) tea_piece_collector_free);
  self->reports = g_hash_table_new (NULL, NULL);
}

/**
 * tea_intake_new:
 * @room: where it is said
 * @clock: by which clock
 * @sender: where the answers go, until tea_intake_close()
 * @channel: in which channel
 * @quota: how much may be said, until tea_intake_close()
 * @owner: (transfer none): who says it
 *
 * Returns: (transfer full): an intake
 */
TeaIntake *
tea_intake_new (TeaRoom *room,
                TeaClock *clock,
                TeaSecureSender *sender,
                guint16 channel,
                TeaQuota *quota,
                const TeaIntakeOwner *owner)
{
  TeaIntake *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (sender != NULL && quota != NULL, NULL);

  self = g_object_new (TEA_TYPE_INTAKE, NULL);
  self->room = g_object_ref (room);
  self->sender = sender;
  self->channel = channel;
  self->quota = quota;
  self->name = tea_name_ref (owner->name);
  self->key = g_strdup (owner->key);
  self->stream = owner->stream;
  self->next = self->told = owner->number + 1;
  self->timer = tea_timer_new (clock, go_on_cb, self);
  self->report_timer = tea_timer_new (clock, report_cb, self);

  return self;
}

/**
 * tea_intake_close:
 * @self: an intake
 *
 * Says and answers nothing any more.
 */
void
tea_intake_close (TeaIntake *self)
{
  g_return_if_fail (TEA_IS_INTAKE (self));

  self->sender = NULL;
  self->quota = NULL;
  tea_timer_unset (self->timer);
  tea_timer_unset (self->report_timer);
  g_hash_table_remove_all (self->kept);
  self->n_bytes = 0;
  g_hash_table_remove_all (self->collectors);
}

static void
take (TeaIntake *self, guint32 number, guint32 oldest, Said *said)
{
  g_autoptr (Said) owned = said;
  gsize size = measure (said);

  note_oldest (self, oldest);
  if (answer_again (self, number) || number < self->oldest)
    return;

  if (number < self->next || g_hash_table_contains (self->kept, GUINT_TO_POINTER (number)))
    tea_secure_sender_note_repeat (self->sender);

  if (number < self->next)
    {
      /* Stored long ago, or never: the log knows. */
      if (self->n_saying == 0 && tea_quota_say (self->quota, size) == 0)
        say (self, number, said, TRUE);
      return;
    }

  /* It waits; but the client has not heard so, or it need not wait any more. */
  if (number == self->told && !self->waits
      && g_hash_table_contains (self->kept, GUINT_TO_POINTER (number)))
    {
      self->held = 0;
      go_on (self);
      return;
    }

  if (number - self->next >= WINDOW
      || g_hash_table_contains (self->kept, GUINT_TO_POINTER (number)))
    return;

  if (number != self->next && self->n_bytes + size > KEPT_BYTES)
    return;

  self->n_bytes += size;
  g_hash_table_insert (self->kept, GUINT_TO_POINTER (number), g_steal_pointer (&owned));
  go_on (self);
}

/**
 * tea_intake_say:
 * @self: an intake that is not closed
 * @number: which message it is
 * @oldest: the lowest number that the client may still say
 * @text: what is said
 *
 * Stores a message when it is its turn, and answers when it is stored. One that was
 * answered is answered again; one that comes too early to be kept is passed over, as the
 * client repeats it, and so is one that was given up and comes late.
 */
void
tea_intake_say (TeaIntake *self, guint32 number, guint32 oldest, const char *text)
{
  g_return_if_fail (TEA_IS_INTAKE (self));
  g_return_if_fail (self->sender != NULL);
  g_return_if_fail (oldest > 0 && oldest <= number && text != NULL);

  take (self, number, oldest, said_new (TEA_EVENT_MESSAGE, 0, text, NULL));
}

static void
tell (TeaIntake *self, guint32 oldest, const TeaFrame *frame)
{
  TeaEventKind kind = tea_event_kind_from_wire (frame->tell.wire_kind);
  const char *text = *frame->tell.text != '\0' ? frame->tell.text : NULL;

  take (self, frame->tell.number, oldest,
        said_new (kind, frame->tell.target, text, frame->tell.data));
}

/**
 * tea_intake_tell:
 * @self: an intake that is not closed
 * @frame: a TELL
 *
 * Stores what is told, in the order of messages.
 */
void
tea_intake_tell (TeaIntake *self, const TeaFrame *frame)
{
  g_return_if_fail (TEA_IS_INTAKE (self));
  g_return_if_fail (self->sender != NULL);
  g_return_if_fail (frame != NULL && frame->type == TEA_FRAME_TELL);

  tell (self, frame->tell.oldest, frame);
}

/* All pieces are here. */
static void
take_whole (TeaIntake *self, TeaPieceCollector *collector, const TeaFrame *piece)
{
  guint32 number = piece->say_piece.number;
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autofree char *text = NULL;

  if (piece->type == TEA_FRAME_TELL_PIECE)
    {
      if (tea_piece_collector_read_frame (collector, TEA_FRAME_TELL, number, &frame, NULL))
        tell (self, piece->say_piece.oldest, &frame);
      return;
    }

  /* What is no text is refused where it is its turn. */
  text = tea_piece_collector_dup_text (collector, NULL);
  tea_intake_say (self, number, piece->say_piece.oldest, text != NULL ? text : "");
}

/**
 * tea_intake_say_piece:
 * @self: an intake that is not closed
 * @frame: a SAY_PIECE or TELL_PIECE
 *
 * Collects the pieces of what is long, and tells the client which have come.
 */
void
tea_intake_say_piece (TeaIntake *self, const TeaFrame *frame)
{
  guint32 number;
  gpointer key;
  TeaPieceCollector *collector;

  g_return_if_fail (TEA_IS_INTAKE (self));
  g_return_if_fail (self->sender != NULL);
  g_return_if_fail (frame != NULL);

  number = frame->say_piece.number;
  key = GUINT_TO_POINTER (number);
  note_oldest (self, frame->say_piece.oldest);
  if (answer_again (self, number) || number < self->oldest
      || (number >= self->next && number - self->next >= WINDOW))
    return;

  /* All of it is here, and on its way into the log. */
  if (g_hash_table_contains (self->kept, key))
    {
      report (self, number, G_MAXUINT32 >> (TEA_MAX_PIECES - frame->say_piece.count));
      return;
    }

  collector = g_hash_table_lookup (self->collectors, key);
  if (collector == NULL)
    {
      if (!make_room (self, number))
        return;

      collector = tea_piece_collector_new ();
      g_hash_table_insert (self->collectors, key, collector);
    }

  /* Pieces of something else under the same number: whoever does that does not get far. */
  if (!tea_piece_collector_add (collector, frame->say_piece.index, frame->say_piece.count,
                                frame->say_piece.bytes))
    {
      g_hash_table_remove (self->collectors, key);
      return;
    }

  report (self, number, tea_piece_collector_get_received (collector));
  if (!tea_piece_collector_is_complete (collector))
    return;

  g_hash_table_steal (self->collectors, key);
  take_whole (self, collector, frame);
  tea_piece_collector_free (collector);
}

/**
 * tea_intake_is_leaving:
 * @self: an intake
 *
 * Returns: whether its client has told that they leave, and has no answer yet
 */
gboolean
tea_intake_is_leaving (TeaIntake *self)
{
  g_return_val_if_fail (TEA_IS_INTAKE (self), FALSE);

  return self->is_leaving;
}
