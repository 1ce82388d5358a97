/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-limits.h"
#include "tea-refusal.h"

#define TARGET 7

static char *
make_key (guint person)
{
  guint8 digest[TEA_FINGERPRINT_SIZE] = { (guint8) person, (guint8) (person >> 8), 1 };

  return tea_fingerprint_from_bytes (digest);
}

static TeaEvent *
make_message (void)
{
  g_autofree char *key = make_key (0);

  return tea_event_new_logged (TARGET, TEA_EVENT_MESSAGE, 1000, "Mei", "tea", key, 5, 7);
}

static GBytes *
make_record (void)
{
  g_autoptr (TeaEvent) message = make_message ();

  return tea_event_record_encode (message);
}

static TeaEvent *
make_change (guint64 seq, TeaEventKind kind, guint person, const char *text, gboolean set)
{
  g_autofree char *key = make_key (person);
  g_autofree char *name = g_strdup_printf ("person %u", person);
  g_autoptr (GBytes) data
      = kind == TEA_EVENT_REACTED ? tea_event_data_encode_reacted (set, 0, NULL) : NULL;

  return tea_event_new_from_fields (&(TeaEventFields){ .seq = seq,
                                                       .kind = kind,
                                                       .time = 1000 + (gint64) seq,
                                                       .author = name,
                                                       .text = text,
                                                       .key = key,
                                                       .stream = 1,
                                                       .number = 1,
                                                       .target = TARGET,
                                                       .data = data });
}

static void
assert_forms_equal (TeaEvent *one, TeaEvent *other)
{
  g_assert_cmpstr (tea_event_get_text (one), ==, tea_event_get_text (other));
  g_assert_cmpuint (tea_event_get_version (one), ==, tea_event_get_version (other));
  g_assert_true (tea_message_form_equal (tea_event_get_form (one), tea_event_get_form (other)));
}

/* What comes out at the other end of the network. */
static TeaEvent *
send (TeaEvent *event)
{
  g_autoptr (GBytes) packet = tea_frame_encode_event (event);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet), &frame, &error);
  g_assert_no_error (error);

  return tea_event_ref (frame.event.event);
}

static void
test_changes (void)
{
  static const struct
  {
    TeaEventKind kind;
    guint person;
    const char *text;
    gboolean set;
    const char *message; /* what it is then: its text, and its reactions */
  } steps[] = {
    { TEA_EVENT_EDITED, 0, "green tea", FALSE, "green tea" },
    { TEA_EVENT_REACTED, 1, "❤", TRUE, "green tea ❤1" },
    { TEA_EVENT_REACTED, 1, "❤️", TRUE, "green tea ❤1" },
    { TEA_EVENT_REACTED, 2, "❤️", TRUE, "green tea ❤2" },
    { TEA_EVENT_REACTED, 2, "🍵", TRUE, "green tea ❤2 🍵1" },
    { TEA_EVENT_REACTED, 3, "👍", FALSE, "green tea ❤2 🍵1" },
    { TEA_EVENT_EDITED, 0, "oolong", FALSE, "oolong ❤2 🍵1" },
    { TEA_EVENT_REACTED, 1, "❤️", FALSE, "oolong ❤1 🍵1" },
    { TEA_EVENT_REACTED, 2, "❤", FALSE, "oolong 🍵1" },
    { TEA_EVENT_REACTED, 1, "❤️", TRUE, "oolong 🍵1 ❤️1" },
    { TEA_EVENT_REACTED, 3, "❤", TRUE, "oolong 🍵1 ❤️2" },
    { TEA_EVENT_REMOVED, 4, NULL, FALSE, "(removed by person 4)" },
  };
  g_autoptr (GBytes) record = make_record ();
  g_autoptr (TeaEvent) original = make_message ();
  g_autoptr (TeaEvent) shown = make_message ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      guint64 seq = 10 + i;
      g_autoptr (TeaEvent) change
          = make_change (seq, steps[i].kind, steps[i].person, steps[i].text, steps[i].set);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) after = tea_event_form_apply (record, change, &error);
      g_autoptr (TeaEvent) described = NULL;
      g_autoptr (TeaEvent) told = NULL;
      g_autoptr (TeaEvent) stored = NULL;
      g_autoptr (TeaEvent) pulled = NULL;
      g_autoptr (TeaEvent) followed = NULL;
      g_autoptr (TeaEvent) late = NULL;
      g_autoptr (GString) line = g_string_new (NULL);
      TeaMessageForm *form;

      g_test_message ("%s", steps[i].message);
      g_assert_no_error (error);
      if (steps[i].kind != TEA_EVENT_REMOVED)
        {
          g_autoptr (GBytes) twice = tea_event_form_apply (after, change, &error);

          g_assert_no_error (error);
          g_assert_true (g_bytes_equal (twice, after));
        }

      described = tea_event_form_describe (after, change);
      told = send (described);
      stored = tea_event_record_decode (TARGET, seq, after, &error);
      g_assert_no_error (error);
      pulled = send (stored);

      /* Who was told of each change has what is stored, and so has who missed some. */
      followed = tea_event_form_follow (shown, told);
      assert_forms_equal (followed, pulled);
      late = tea_event_form_follow (pulled, told);
      g_assert_true (late == pulled);

      form = tea_event_get_form (pulled);
      if (tea_message_form_get_removed_by (form) != NULL)
        g_string_append_printf (line, "(removed by %s)", tea_message_form_get_removed_by (form));
      else
        g_string_append (line, tea_event_get_text (pulled));
      for (guint j = 0; j < tea_message_form_get_reactions (form)->len; j++)
        {
          TeaReaction *reaction = tea_message_form_get_reactions (form)->pdata[j];

          g_string_append_printf (line, " %s%u", tea_reaction_get_emoji (reaction),
                                  tea_reaction_get_count (reaction));
        }
      g_assert_cmpstr (line->str, ==, steps[i].message);
      g_assert_cmphex (tea_event_get_check (pulled), ==, tea_event_get_check (original));

      g_bytes_unref (record);
      record = g_steal_pointer (&after);
      tea_event_unref (shown);
      shown = g_steal_pointer (&followed);
    }

  /* Nothing is left of what was removed but who said it. */
  g_assert_null (memmem (g_bytes_get_data (record, NULL), g_bytes_get_size (record), "oolong", 6));
  g_assert_null (
      memmem (g_bytes_get_data (record, NULL), g_bytes_get_size (record), "person 1", 8));
}

/* Of many who react only the first are told, and still all know how many there are. */
static void
test_crowd (void)
{
  g_autoptr (GBytes) record = make_record ();
  g_autoptr (TeaEvent) shown = make_message ();

  for (guint i = 0; i < 60; i++)
    {
      gboolean set = i < 30;
      g_autoptr (TeaEvent) change = make_change (10 + i, TEA_EVENT_REACTED, i % 30, "🍵", set);
      g_autoptr (GBytes) after = tea_event_form_apply (record, change, NULL);
      g_autoptr (TeaEvent) told = tea_event_form_describe (after, change);
      g_autoptr (TeaEvent) pulled = tea_event_record_decode (TARGET, 10 + i, after, NULL);
      g_autoptr (TeaEvent) followed = tea_event_form_follow (shown, told);
      GPtrArray *reactions = tea_message_form_get_reactions (tea_event_get_form (followed));
      guint n_people = set ? i + 1 : 59 - i;

      assert_forms_equal (followed, pulled);
      g_assert_cmpuint (reactions->len, ==, n_people > 0);
      if (n_people > 0)
        {
          g_assert_cmpuint (tea_reaction_get_count (reactions->pdata[0]), ==, n_people);
          g_assert_cmpuint (g_strv_length ((char **) tea_reaction_get_names (reactions->pdata[0])),
                            ==, MIN (n_people, TEA_REACTION_MAX_NAMES));
        }
      g_bytes_unref (record);
      record = g_steal_pointer (&after);
      tea_event_unref (shown);
      shown = g_steal_pointer (&followed);
    }
}

static GBytes *
apply_many (guint n_people, guint n_emojis, GError **error)
{
  g_autoptr (GBytes) record = make_record ();

  for (guint i = 0; i < n_people; i++)
    {
      char emoji[7] = { 0 };
      g_autoptr (TeaEvent) change = NULL;
      GBytes *after;

      g_unichar_to_utf8 (0x1f330 + i % n_emojis, emoji);
      change = make_change (10 + i, TEA_EVENT_REACTED, i, emoji, TRUE);
      after = tea_event_form_apply (record, change, error);
      if (after == NULL)
        return NULL;
      g_bytes_unref (record);
      record = after;
    }

  return g_steal_pointer (&record);
}

static void
test_too_many (void)
{
  g_autoptr (GError) emojis_error = NULL;
  g_autoptr (GError) people_error = NULL;
  g_autoptr (GError) no_error = NULL;
  g_autoptr (GBytes) most = NULL;
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (TeaEvent) again = NULL;

  most = apply_many (TEA_MESSAGE_MAX_REACTIONS, TEA_MESSAGE_MAX_EMOJIS, &no_error);
  g_assert_no_error (no_error);
  event = tea_event_record_decode (TARGET, 9999, most, &no_error);
  g_assert_no_error (no_error);
  again = tea_event_form_follow (event, event);
  g_assert_true (again == event);

  g_assert_null (
      apply_many (TEA_MESSAGE_MAX_EMOJIS + 1, TEA_MESSAGE_MAX_EMOJIS + 1, &emojis_error));
  g_assert_error (emojis_error, TEA_REFUSAL, (int) TEA_REFUSAL_OTHER);
  g_assert_null (apply_many (TEA_MESSAGE_MAX_REACTIONS + 1, TEA_MESSAGE_MAX_EMOJIS, &people_error));
  g_assert_error (people_error, TEA_REFUSAL, (int) TEA_REFUSAL_OTHER);
}

static void
test_gone (void)
{
  g_autoptr (GBytes) record = make_record ();
  g_autoptr (TeaEvent) removal = make_change (10, TEA_EVENT_REMOVED, 0, NULL, FALSE);
  g_autoptr (TeaEvent) joined
      = tea_event_new_logged (3, TEA_EVENT_JOINED, 1, "Mei", NULL, NULL, 0, 0);
  g_autoptr (GBytes) removed = tea_event_form_apply (record, removal, NULL);
  g_autoptr (GBytes) no_message = tea_event_record_encode (joined);
  GBytes *const records[] = { removed, no_message };
  static const TeaEventKind kinds[] = { TEA_EVENT_EDITED, TEA_EVENT_REMOVED, TEA_EVENT_REACTED };

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++)
      {
        g_autoptr (TeaEvent) change = make_change (11, kinds[j], 0, "🍵", TRUE);
        g_autoptr (GError) error = NULL;

        g_assert_null (tea_event_form_apply (records[i], change, &error));
        g_assert_error (error, TEA_REFUSAL, (int) TEA_REFUSAL_GONE);
      }
}

/* Who is sent out takes along what they said. */
static void
test_sent_out (void)
{
  static const struct
  {
    const char *name;
    guint64 erase;
    gboolean is_removed;
  } cases[] = {
    { "Mei", TARGET, TRUE }, { "Mei", 1, TRUE },   { "Mei", TARGET + 1, FALSE },
    { "Mei", 0, FALSE },     { "Noor", 1, FALSE },
  };
  g_autofree char *key = make_key (0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TeaEvent) message = make_message ();
      g_autoptr (GBytes) data = tea_event_data_encode_sent_out (
          &(TeaSentOut){ .key = key, .name = (char *) cases[i].name, .erase = cases[i].erase });
      g_autoptr (TeaEvent) change = tea_event_new_from_fields (&(TeaEventFields){
          .seq = 20, .kind = TEA_EVENT_SENT_OUT, .author = "Bo", .text = "spam", .data = data });
      g_autoptr (TeaEvent) told = send (change);
      g_autoptr (TeaEvent) after = tea_event_form_follow (message, told);

      if (!cases[i].is_removed)
        {
          g_assert_true (after == message);
          continue;
        }
      g_assert_null (tea_event_get_text (after));
      g_assert_cmpuint (tea_event_get_version (after), ==, 20);
      g_assert_cmpstr (tea_message_form_get_removed_by (tea_event_get_form (after)), ==, "Bo");
    }
}

/* What a form is told as breaks off, or has too much of something. */
static void
test_rules (void)
{
  static const struct
  {
    const char *data;
    const char *text;
    gboolean is_right;
  } forms[] = {
    { "(0, '', [])", "tea", TRUE },
    { "(5, '', [('🍵', 2, ['Mei', 'Bo'])])", "tea", TRUE },
    { "(0, 'Mei', [])", "", TRUE },
    { "(0, '', [])", "", FALSE },
    { "(0, 'Mei', [])", "tea", FALSE },
    { "(5, 'Mei', [])", "", FALSE },
    { "(0, 'Mei', [('🍵', 1, [])])", "", FALSE },
    { "(-1, '', [])", "tea", FALSE },
    { "(0, '', [('', 1, [])])", "tea", FALSE },
    { "(0, '', [('🍵', 0, [])])", "tea", FALSE },
    { "(0, '', [('🍵', 1, ['Mei', 'Bo'])])", "tea", FALSE },
    { "(0, '', [('🍵', 1, [''])])", "tea", FALSE },
    { "(0, '', [('🍵', 9, ['1', '2', '3', '4', '5', '6', '7', '8', '9'])])", "tea", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GVariant) data
          = g_variant_parse (G_VARIANT_TYPE ("(xsa(suas))"), forms[i].data, NULL, NULL, NULL);
      g_autoptr (GVariant) more = NULL;
      g_autoptr (GBytes) packet = NULL;
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      guint8 head[3];

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
      g_test_skip ("needs a little-endian machine");
      return;
#endif
      g_assert_nonnull (data);
      more = g_variant_ref_sink (
          g_variant_new ("(tttxuuyss@ay)", (guint64) 7, (guint64) 0, (guint64) 9, (gint64) 1, 1u,
                         1u, 2, "Mei", forms[i].text,
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, g_variant_get_data (data),
                                                    g_variant_get_size (data), 1)));
      head[0] = TEA_FRAME_MORE;
      head[1] = g_variant_get_size (more) & 0xff;
      head[2] = (guint8) (g_variant_get_size (more) >> 8);
      g_byte_array_append (bytes, head, sizeof head);
      g_byte_array_append (bytes, g_variant_get_data (more), (guint) g_variant_get_size (more));
      packet = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));

      g_test_message ("%s", forms[i].data);
      g_assert_cmpint (tea_frame_reader_next (&(TeaFrameReader) TEA_FRAME_READER_INIT (packet),
                                              &frame, NULL),
                       ==, forms[i].is_right);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-form/changes", test_changes);
  g_test_add_func ("/event-form/crowd", test_crowd);
  g_test_add_func ("/event-form/too-many", test_too_many);
  g_test_add_func ("/event-form/gone", test_gone);
  g_test_add_func ("/event-form/sent-out", test_sent_out);
  g_test_add_func ("/event-form/rules", test_rules);

  return g_test_run ();
}
