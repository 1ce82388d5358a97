/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-composer.h"

#include <string.h>

#include <glib/gi18n.h>

#include "tea-composer-strip.h"
#include "tea-limits.h"
#include "tea-name-completion.h"
#include "tea-text.h"

/* From so many bytes before the limit on it is told how much more there is room for. */
#define NEAR_LIMIT 1000

/**
 * TeaComposer:
 *
 * Where a message is written.
 *
 * Enter sends and Shift+Enter breaks the line; while an input method composes, all
 * keys belong to it. What is being written stays when sending fails. That it gets too long
 * is said while it is written.
 *
 * What is written may answer a message, or be another text for one: then what was being written
 * before is kept aside until that is done.
 */
struct _TeaComposer
{
  AdwBin parent_instance;

  TeaNameCompletion *completion; /* (owned) */
  char *last_text;               /* (owned) (nullable), what was sent last */
  TeaTimelineItem *answered;     /* (owned) (nullable), what the text answers */
  TeaTimelineItem *edited;       /* (owned) (nullable), what the text is another text for */
  char *aside;                   /* (owned) (nullable), what was written before @edited */
  guint follow_id;               /* of the tick in which the cursor is brought into view */

  TeaComposerStrip *strip;
  GtkWidget *emoji_button;
  GtkWidget *text_view;
  GtkTextBuffer *buffer;
  GtkTextTag *text_tag; /* (unowned), what all of the text has */
  GtkWidget *hint_label;
  GtkWidget *limit_label;
  GtkWidget *send_button;
};

enum
{
  CHANGED,
  EDIT_LAST,
  SEND,
  SCROLL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaComposer, tea_composer, ADW_TYPE_BIN)

static gboolean
is_empty (TeaComposer *self)
{
  return gtk_text_buffer_get_char_count (self->buffer) == 0;
}

static char *
dup_text (TeaComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* What is to be sent; empty if that is nothing. */
static char *
dup_message (TeaComposer *self)
{
  g_autofree char *text = dup_text (self);

  return tea_text_tidy (text);
}

static gboolean
can_be_sent (const char *message)
{
  return *message != '\0' && strlen (message) <= TEA_TEXT_MAX_BYTES;
}

/* The limit is in bytes, which nobody counts: what is told are characters like those that are
 * there. */
static char *
describe_limit (const char *message)
{
  gsize size = strlen (message);
  gsize n_characters = (gsize) g_utf8_strlen (message, -1);
  gsize n;

  if (size + NEAR_LIMIT < TEA_TEXT_MAX_BYTES)
    return NULL;

  if (size <= TEA_TEXT_MAX_BYTES)
    {
      n = (TEA_TEXT_MAX_BYTES - size) * n_characters / size;
      return g_strdup_printf (ngettext ("%u more character", "%u more characters", n), (guint) n);
    }

  n = MAX (1, (size - TEA_TEXT_MAX_BYTES) * n_characters / size);

  return g_strdup_printf (ngettext ("%u character too long", "%u characters too long", n),
                          (guint) n);
}

static void
update_limit (TeaComposer *self, const char *message)
{
  g_autofree char *text = describe_limit (message);

  gtk_widget_set_visible (self->limit_label, text != NULL);
  if (text == NULL)
    return;

  gtk_label_set_label (GTK_LABEL (self->limit_label), text);
  gtk_widget_remove_css_class (self->limit_label, can_be_sent (message) ? "error" : "soft");
  gtk_widget_add_css_class (self->limit_label, can_be_sent (message) ? "soft" : "error");
}

/* GTK does so too, but moves there slowly, to where the cursor would be if the composer had
 * stayed as high as it was. */
static gboolean
follow_cursor_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TeaComposer *self = TEA_COMPOSER (widget);
  GtkTextView *text_view = GTK_TEXT_VIEW (self->text_view);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (text_view));
  GdkRectangle cursor;
  GdkRectangle seen;
  GtkTextIter iter;
  int move = 0;

  self->follow_id = 0;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &iter, gtk_text_buffer_get_insert (self->buffer));
  gtk_text_view_get_iter_location (text_view, &iter, &cursor);
  gtk_text_view_get_visible_rect (text_view, &seen);
  cursor.y -= gtk_text_view_get_top_margin (text_view);
  cursor.height += gtk_text_view_get_top_margin (text_view)
                   + gtk_text_view_get_pixels_below_lines (text_view)
                   + gtk_text_view_get_bottom_margin (text_view);

  if (cursor.y < seen.y)
    move = cursor.y - seen.y;
  else if (cursor.y + cursor.height > seen.y + seen.height)
    move = cursor.y + cursor.height - (seen.y + seen.height);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + move);

  return G_SOURCE_REMOVE;
}

static void
follow_cursor (TeaComposer *self)
{
  if (self->follow_id == 0)
    self->follow_id
        = gtk_widget_add_tick_callback (GTK_WIDGET (self), follow_cursor_cb, NULL, NULL);
}

static void
insert_at_cursor (TeaComposer *self, const char *text)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete_selection (self->buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (self->buffer, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
}

static gboolean
send_text (TeaComposer *self)
{
  g_autofree char *text = dup_message (self);
  gboolean sent = FALSE;

  if (can_be_sent (text))
    g_signal_emit (self, signals[SEND], 0, text, &sent);
  if (!sent)
    return TRUE;

  if (self->edited == NULL)
    {
      g_free (self->last_text);
      self->last_text = g_steal_pointer (&text);
      gtk_text_buffer_set_text (self->buffer, "", -1);
    }
  tea_composer_give_up (self);

  return TRUE;
}

/* The last message is edited; where it cannot be, its text can be sent once more. */
static gboolean
recall (TeaComposer *self)
{
  gboolean edited = FALSE;

  g_signal_emit (self, signals[EDIT_LAST], 0, &edited);
  if (edited)
    return TRUE;
  if (self->last_text == NULL)
    return FALSE;

  gtk_text_buffer_set_text (self->buffer, self->last_text, -1);

  return TRUE;
}

static gboolean
complete (TeaComposer *self)
{
  return tea_name_completion_next (self->completion);
}

static gboolean
show_emoji (TeaComposer *self)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->emoji_button));

  return TRUE;
}

static gboolean
scroll_up (TeaComposer *self)
{
  g_signal_emit (self, signals[SCROLL], 0, GTK_SCROLL_PAGE_BACKWARD);

  return TRUE;
}

static gboolean
scroll_down (TeaComposer *self)
{
  g_signal_emit (self, signals[SCROLL], 0, GTK_SCROLL_PAGE_FORWARD);

  return TRUE;
}

static gboolean
scroll_to_end (TeaComposer *self)
{
  g_signal_emit (self, signals[SCROLL], 0, GTK_SCROLL_END);

  return TRUE;
}

typedef gboolean (*KeyFunc) (TeaComposer *self);

static KeyFunc
find_key (TeaComposer *self, guint keyval, GdkModifierType modifiers)
{
  gboolean empty = is_empty (self);

  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return modifiers == 0 || modifiers == GDK_CONTROL_MASK ? send_text : NULL;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return modifiers == 0 && empty ? recall : NULL;
    case GDK_KEY_Tab:
      return modifiers == 0 ? complete : NULL;
    case GDK_KEY_period:
      return modifiers == GDK_CONTROL_MASK ? show_emoji : NULL;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return modifiers == 0 ? scroll_up : NULL;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return modifiers == 0 ? scroll_down : NULL;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return modifiers == GDK_CONTROL_MASK && empty ? scroll_to_end : NULL;
    default:
      return NULL;
    }
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                gpointer user_data)
{
  TeaComposer *self = user_data;
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  KeyFunc func;

  g_assert (TEA_IS_COMPOSER (self));

  func = find_key (self, keyval, state & gtk_accelerator_get_default_mod_mask ());
  if (func == NULL)
    return GDK_EVENT_PROPAGATE;

  /* The input method comes first: its Enter chooses a word, its Up another one. */
  if (gtk_text_view_im_context_filter_keypress (GTK_TEXT_VIEW (self->text_view), event))
    return GDK_EVENT_STOP;

  return func (self);
}

static void
preedit_changed_cb (TeaComposer *self, const char *preedit)
{
  gtk_widget_set_visible (self->hint_label, *preedit == '\0' && is_empty (self));
}

static void
changed_cb (TeaComposer *self)
{
  g_autofree char *text = dup_message (self);

  gtk_widget_set_visible (self->hint_label, is_empty (self));
  gtk_widget_set_sensitive (self->send_button, can_be_sent (text));
  update_limit (self, text);
  follow_cursor (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A hyphen that nobody wrote would not be sent. */
static void
inserted_cb (TeaComposer *self, GtkTextIter *end, const char *text, int length)
{
  GtkTextIter start = *end;

  gtk_text_iter_backward_chars (&start, (int) g_utf8_strlen (text, length));
  gtk_text_buffer_apply_tag (self->buffer, self->text_tag, &start, end);
}

static void
size_changed_cb (TeaComposer *self, GtkAdjustment *adjustment)
{
  g_assert (TEA_IS_COMPOSER (self));

  follow_cursor (self);
}

static void
send_clicked_cb (TeaComposer *self)
{
  gtk_text_view_reset_im_context (GTK_TEXT_VIEW (self->text_view));
  send_text (self);
  gtk_widget_grab_focus (self->text_view);
}

static void
strip_closed_cb (TeaComposer *self)
{
  tea_composer_give_up (self);
  gtk_widget_grab_focus (self->text_view);
}

static void
emoji_picked_cb (TeaComposer *self, const char *emoji)
{
  g_assert (TEA_IS_COMPOSER (self));

  insert_at_cursor (self, emoji);
}

static void
emoji_closed_cb (TeaComposer *self)
{
  g_assert (TEA_IS_COMPOSER (self));

  gtk_widget_grab_focus (self->text_view);
}

/* Nearly two thousand emoji: only when somebody wants one. */
static void
create_emoji_chooser_cb (GtkMenuButton *button, gpointer user_data)
{
  TeaComposer *self = user_data;
  GtkWidget *chooser;

  g_assert (TEA_IS_COMPOSER (self));

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  chooser = gtk_emoji_chooser_new ();
  g_signal_connect_object (chooser, "emoji-picked", G_CALLBACK (emoji_picked_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chooser, "closed", G_CALLBACK (emoji_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (button, chooser);
}

/* GTK would grab the focus as below once Tab has passed the last child, and never let go. */
static gboolean
tea_composer_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static gboolean
tea_composer_grab_focus (GtkWidget *widget)
{
  TeaComposer *self = TEA_COMPOSER (widget);

  return gtk_widget_grab_focus (self->text_view);
}

static void
tea_composer_dispose (GObject *object)
{
  TeaComposer *self = TEA_COMPOSER (object);

  g_clear_object (&self->completion);
  g_clear_object (&self->answered);
  g_clear_object (&self->edited);

  G_OBJECT_CLASS (tea_composer_parent_class)->dispose (object);
}

static void
tea_composer_finalize (GObject *object)
{
  TeaComposer *self = TEA_COMPOSER (object);

  g_free (self->last_text);
  g_free (self->aside);

  G_OBJECT_CLASS (tea_composer_parent_class)->finalize (object);
}

static void
tea_composer_class_init (TeaComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_composer_dispose;
  object_class->finalize = tea_composer_finalize;
  widget_class->focus = tea_composer_focus;
  widget_class->grab_focus = tea_composer_grab_focus;

  /**
   * TeaComposer::changed:
   * @self: the composer
   *
   * Something else is written than before.
   */
  signals[CHANGED] = g_signal_new ("changed", TEA_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  /**
   * TeaComposer::edit-last:
   * @self: the composer
   *
   * The last message of one's own is to be edited.
   *
   * Returns: whether there is one that can be
   */
  signals[EDIT_LAST]
      = g_signal_new ("edit-last", TEA_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0,
                      g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 0);
  /**
   * TeaComposer::send:
   * @self: the composer
   * @text: what was written
   *
   * A message is ready to be said, or another text of one.
   *
   * Returns: whether it was taken; if not, it stays in the composer
   */
  signals[SEND] = g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1,
                                G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  /**
   * TeaComposer::scroll:
   * @self: the composer
   * @scroll: a page back, a page on, or to the end
   *
   * A key that moves the conversation, not the text, was pressed.
   */
  signals[SCROLL] = g_signal_new ("scroll", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, GTK_TYPE_SCROLL_TYPE);

  g_type_ensure (TEA_TYPE_COMPOSER_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, strip);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, emoji_button);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, buffer);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, hint_label);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, limit_label);
  gtk_widget_class_bind_template_child (widget_class, TeaComposer, send_button);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, preedit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_closed_cb);
}

static void
tea_composer_init (TeaComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->text_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "insert-hyphens", FALSE, NULL);
  g_signal_connect_object (self->buffer, "insert-text", G_CALLBACK (inserted_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->text_view)),
                           "changed", G_CALLBACK (size_changed_cb), self, G_CONNECT_SWAPPED);
  self->completion = tea_name_completion_new (self->buffer);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->emoji_button),
                                         create_emoji_chooser_cb, self, NULL);
}

/**
 * tea_composer_set_hint:
 * @self: a composer
 * @hint: what an empty composer says: where a message would go
 */
void
tea_composer_set_hint (TeaComposer *self, const char *hint)
{
  g_return_if_fail (TEA_IS_COMPOSER (self));

  gtk_label_set_label (GTK_LABEL (self->hint_label), hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  hint, -1);
}

/**
 * tea_composer_set_members:
 * @self: a composer
 * @members: (nullable): the people whose names Tab completes
 */
void
tea_composer_set_members (TeaComposer *self, GListModel *members)
{
  g_return_if_fail (TEA_IS_COMPOSER (self));

  tea_name_completion_set_members (self->completion, members);
}

/**
 * tea_composer_dup_draft:
 * @self: a composer
 *
 * Returns: (transfer full): the message that is being written, as it is
 */
char *
tea_composer_dup_draft (TeaComposer *self)
{
  g_return_val_if_fail (TEA_IS_COMPOSER (self), NULL);

  return self->edited != NULL ? g_strdup (self->aside) : dup_text (self);
}

/**
 * tea_composer_set_text:
 * @self: a composer
 * @text: what is to be written on
 */
void
tea_composer_set_text (TeaComposer *self, const char *text)
{
  g_return_if_fail (TEA_IS_COMPOSER (self));
  g_return_if_fail (text != NULL);

  gtk_text_buffer_set_text (self->buffer, text, -1);
}

/**
 * tea_composer_reply:
 * @self: a composer
 * @item: a message
 *
 * Has what is being written answer a message, and puts the focus there.
 */
void
tea_composer_reply (TeaComposer *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_COMPOSER (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  if (self->edited != NULL)
    tea_composer_give_up (self);
  g_set_object (&self->answered, item);
  tea_composer_strip_show_reply (self->strip, item);
  gtk_widget_grab_focus (self->text_view);
}

/**
 * tea_composer_edit:
 * @self: a composer
 * @item: a message of one's own
 *
 * Has a message be written anew, and puts the focus there. What was being written is kept aside.
 */
void
tea_composer_edit (TeaComposer *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_COMPOSER (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  if (self->edited == NULL)
    self->aside = dup_text (self);
  g_set_object (&self->edited, item);
  gtk_text_buffer_set_text (self->buffer, tea_timeline_item_get_text (item), -1);
  tea_composer_strip_show_edit (self->strip, item);
  gtk_widget_grab_focus (self->text_view);
}

/**
 * tea_composer_give_up:
 * @self: a composer
 *
 * Ends an edit, so that what was being written before is there again, or else a reply, of which
 * the text stays.
 *
 * Returns: whether there was one
 */
gboolean
tea_composer_give_up (TeaComposer *self)
{
  g_return_val_if_fail (TEA_IS_COMPOSER (self), FALSE);

  if (self->edited != NULL)
    {
      g_autofree char *aside = g_steal_pointer (&self->aside);

      g_clear_object (&self->edited);
      gtk_text_buffer_set_text (self->buffer, aside, -1);
      /* What was an answer before is one again. */
      if (self->answered != NULL)
        tea_composer_strip_show_reply (self->strip, self->answered);
      else
        tea_composer_strip_hide (self->strip);
      return TRUE;
    }

  if (self->answered == NULL)
    return FALSE;

  g_clear_object (&self->answered);
  tea_composer_strip_hide (self->strip);

  return TRUE;
}

/**
 * tea_composer_get_answered:
 * @self: a composer
 *
 * Returns: (transfer none) (nullable): the message that is answered
 */
TeaTimelineItem *
tea_composer_get_answered (TeaComposer *self)
{
  g_return_val_if_fail (TEA_IS_COMPOSER (self), NULL);

  return self->edited == NULL ? self->answered : NULL;
}

/**
 * tea_composer_get_edited:
 * @self: a composer
 *
 * Returns: (transfer none) (nullable): the message that is given another text
 */
TeaTimelineItem *
tea_composer_get_edited (TeaComposer *self)
{
  g_return_val_if_fail (TEA_IS_COMPOSER (self), NULL);

  return self->edited;
}

/**
 * tea_composer_mention:
 * @self: a composer
 * @name: the name of somebody
 *
 * Writes a mention of somebody at the cursor, and puts the focus there.
 */
void
tea_composer_mention (TeaComposer *self, const char *name)
{
  g_autofree char *mention = NULL;
  GtkTextIter cursor, before;

  g_return_if_fail (TEA_IS_COMPOSER (self));
  g_return_if_fail (name != NULL);

  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                    gtk_text_buffer_get_insert (self->buffer));
  before = cursor;
  if (gtk_text_iter_backward_char (&before)
      && !g_unichar_isspace (gtk_text_iter_get_char (&before)))
    mention = g_strconcat (" @", name, " ", NULL);
  else
    mention = g_strconcat ("@", name, " ", NULL);

  insert_at_cursor (self, mention);
  gtk_widget_grab_focus (self->text_view);
}

/**
 * tea_composer_take_key:
 * @self: a composer
 * @controller: a controller that is handling a key press
 *
 * Lets a key that was pressed somewhere else be typed here, and puts the focus here.
 *
 * Returns: whether the key was typed
 */
gboolean
tea_composer_take_key (TeaComposer *self, GtkEventControllerKey *controller)
{
  g_return_val_if_fail (TEA_IS_COMPOSER (self), FALSE);
  g_return_val_if_fail (GTK_IS_EVENT_CONTROLLER_KEY (controller), FALSE);

  gtk_widget_grab_focus (self->text_view);

  return gtk_event_controller_key_forward (controller, self->text_view);
}
