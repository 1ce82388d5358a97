/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-form.h"

#include <glib/gi18n-lib.h>

#include "tea-emoji.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-record.h"
#include "tea-limits.h"
#include "tea-refusal.h"

static gboolean
is_removed (TeaEvent *message)
{
  TeaMessageForm *form = tea_event_get_form (message);

  return form != NULL && tea_message_form_get_removed_by (form) != NULL;
}

static gboolean
set_gone (GError **error)
{
  g_set_error_literal (error, TEA_REFUSAL, (int) TEA_REFUSAL_GONE,
                       _ ("The message that this is about is gone."));

  return FALSE;
}

static gboolean
set_too_many (GError **error)
{
  g_set_error_literal (error, TEA_REFUSAL, (int) TEA_REFUSAL_OTHER,
                       _ ("There are too many reactions to this message."));

  return FALSE;
}

/* Whether who is sent out said a message that goes with them. */
static gboolean
is_erased_by (TeaEvent *message, TeaEvent *change)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  return tea_event_data_decode_sent_out (tea_event_get_data (change), &sent_out)
         && sent_out.erase > 0 && tea_event_get_seq (message) >= sent_out.erase
         && g_strcmp0 (sent_out.name, tea_event_get_author (message)) == 0;
}

static gboolean
react (TeaStoredForm *form, TeaEvent *change, GError **error)
{
  g_auto (GStrv) names = NULL;
  gboolean set;
  guint count;

  if (!tea_event_data_decode_reacted (tea_event_get_data (change), &set, &count, &names))
    g_return_val_if_reached (set_too_many (error));

  return tea_stored_form_react (form, tea_event_get_text (change), tea_event_get_key (change),
                                tea_event_get_author (change), set)
         || set_too_many (error);
}

static TeaReaction *
find_reaction (GPtrArray *reactions, const char *emoji, guint *index)
{
  g_autofree char *wanted = tea_emoji_fold (emoji);

  for (guint i = 0; i < reactions->len; i++)
    {
      g_autofree char *folded = tea_emoji_fold (tea_reaction_get_emoji (reactions->pdata[i]));

      if (g_str_equal (folded, wanted))
        {
          *index = i;
          return reactions->pdata[i];
        }
    }

  return NULL;
}

/* The reactions to a message after somebody reacted or took that back. */
static GPtrArray *
change_reactions (GPtrArray *before, TeaEvent *change)
{
  g_autoptr (GPtrArray) after
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_reaction_unref);
  const char *emoji = tea_event_get_text (change);
  TeaReaction *known = NULL;
  g_auto (GStrv) names = NULL;
  gboolean set;
  guint count;
  guint place = 0;

  for (guint i = 0; before != NULL && i < before->len; i++)
    g_ptr_array_add (after, tea_reaction_ref (before->pdata[i]));
  if (!tea_event_data_decode_reacted (tea_event_get_data (change), &set, &count, &names))
    return g_steal_pointer (&after);

  known = find_reaction (after, emoji, &place);
  if (known != NULL && count == 0)
    g_ptr_array_remove_index (after, place);
  else if (count > 0)
    {
      TeaReaction *now = tea_reaction_new (known != NULL ? tea_reaction_get_emoji (known) : emoji,
                                           count, (const char *const *) names);

      if (known != NULL)
        g_ptr_array_remove_index (after, place);
      g_ptr_array_insert (after, known != NULL ? (gint) place : -1, now);
    }

  return g_steal_pointer (&after);
}

/**
 * tea_event_form_apply:
 * @record: the record of an event, as a log has it
 * @change: an edit, a removal or a reaction to it
 * @error: return location for a #GError
 *
 * Makes of the record of a message the one that it has after a change. Who may do that is not
 * asked here. The same change twice makes the same record as once.
 *
 * Returns: (transfer full): the record after the change, or %NULL with @error set to a
 *   #TeaRefusal: %TEA_REFUSAL_GONE where there is no message any more, %TEA_REFUSAL_OTHER where
 *   the record would be too large or the reactions too many
 */
GBytes *
tea_event_form_apply (GBytes *record, TeaEvent *change, GError **error)
{
  g_autoptr (TeaEvent) before = NULL;
  g_autoptr (TeaEvent) after = NULL;
  g_autoptr (TeaStoredForm) form = NULL;
  g_autoptr (GBytes) changed = NULL;
  TeaEventFields fields;

  g_return_val_if_fail (record != NULL, NULL);
  g_return_val_if_fail (change != NULL, NULL);

  before = tea_event_record_decode (1, 0, record, NULL);
  if (before == NULL || tea_event_get_kind (before) != TEA_EVENT_MESSAGE || is_removed (before))
    {
      set_gone (error);
      return NULL;
    }

  form = tea_event_record_get_form (record);
  if (form == NULL)
    form = tea_stored_form_new ();
  fields = *tea_event_get_fields (before);
  fields.form = NULL;

  switch ((int) tea_event_get_kind (change))
    {
    case TEA_EVENT_EDITED:
      tea_stored_form_edit (form, tea_event_get_time (change));
      fields.text = tea_event_get_text (change);
      break;
    case TEA_EVENT_REMOVED:
      tea_stored_form_remove (form, tea_event_get_author (change));
      fields.text = NULL;
      break;
    case TEA_EVENT_REACTED:
      if (!react (form, change, error))
        return NULL;
      break;
    default:
      g_return_val_if_reached (NULL);
    }

  after = tea_event_new_from_fields (&fields);
  changed = tea_event_record_encode_form (after, form);
  if (g_bytes_get_size (changed) > TEA_RECORD_MAX_BYTES)
    {
      set_too_many (error);
      return NULL;
    }

  return g_steal_pointer (&changed);
}

/**
 * tea_event_form_describe:
 * @record: the record of a message, after @change
 * @change: an edit, a removal or a reaction
 *
 * Makes of a change what is to be logged and told of it: a reaction tells how many have reacted
 * with that emoji then, and who.
 *
 * Returns: (transfer full): the change
 */
TeaEvent *
tea_event_form_describe (GBytes *record, TeaEvent *change)
{
  g_autoptr (TeaStoredForm) stored = NULL;
  g_autoptr (TeaMessageForm) form = NULL;
  g_autoptr (GBytes) data = NULL;
  g_auto (GStrv) names = NULL;
  TeaReaction *reaction = NULL;
  TeaEventFields fields;
  gboolean set;
  guint count;
  guint place;

  g_return_val_if_fail (record != NULL, NULL);
  g_return_val_if_fail (change != NULL, NULL);

  if (tea_event_get_kind (change) != TEA_EVENT_REACTED
      || !tea_event_data_decode_reacted (tea_event_get_data (change), &set, &count, &names))
    return tea_event_ref (change);

  stored = tea_event_record_get_form (record);
  if (stored != NULL)
    {
      form = tea_stored_form_tell (stored);
      reaction = find_reaction (tea_message_form_get_reactions (form), tea_event_get_text (change),
                                &place);
    }
  data = reaction != NULL ? tea_event_data_encode_reacted (set, tea_reaction_get_count (reaction),
                                                           tea_reaction_get_names (reaction))
                          : tea_event_data_encode_reacted (set, 0, NULL);
  fields = *tea_event_get_fields (change);
  fields.data = data;

  return tea_event_new_from_fields (&fields);
}

/**
 * tea_event_form_follow:
 * @message: a message, as it was told
 * @change: an event of the same room that comes after it
 *
 * Makes of a message what it is after a change that was told. What the message takes account of
 * already, and what does not concern it, changes nothing.
 *
 * Returns: (transfer full): the message after the change; @message itself where nothing changes
 */
TeaEvent *
tea_event_form_follow (TeaEvent *message, TeaEvent *change)
{
  g_autoptr (TeaMessageForm) now = NULL;
  g_autoptr (GPtrArray) reactions = NULL;
  TeaEventKind kind;
  TeaEventFields fields;
  TeaMessageForm *form;
  gint64 edited;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (change != NULL, NULL);

  kind = tea_event_get_kind (change);
  if (tea_event_get_kind (message) != TEA_EVENT_MESSAGE || is_removed (message)
      || tea_event_get_seq (change) <= tea_event_get_version (message))
    return tea_event_ref (message);
  if (kind == TEA_EVENT_SENT_OUT
          ? !is_erased_by (message, change)
          : !tea_event_kind_amends (kind)
                || tea_event_get_target (change) != tea_event_get_seq (message))
    return tea_event_ref (message);

  form = tea_event_get_form (message);
  fields = *tea_event_get_fields (message);
  fields.version = tea_event_get_seq (change);
  edited = form != NULL ? tea_message_form_get_edited (form) : 0;

  if (kind == TEA_EVENT_REMOVED || kind == TEA_EVENT_SENT_OUT)
    {
      fields.text = NULL;
      now = tea_message_form_new (0, tea_event_get_author (change), NULL);
    }
  else if (kind == TEA_EVENT_EDITED)
    {
      fields.text = tea_event_get_text (change);
      now = tea_message_form_new (tea_event_get_time (change), NULL,
                                  form != NULL ? tea_message_form_get_reactions (form) : NULL);
    }
  else
    {
      reactions
          = change_reactions (form != NULL ? tea_message_form_get_reactions (form) : NULL, change);
      now = tea_message_form_new (edited, NULL, reactions);
    }
  fields.form = now;

  return tea_event_new_from_fields (&fields);
}
