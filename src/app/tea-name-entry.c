/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-name-entry.h"

#include <glib/gi18n.h>

#include "tea-name.h"
#include "tea-reveal.h"

/* What is seen of a suggestion, however narrow the window. */
#define SUGGESTION_CHARACTERS 6

/**
 * TeaNameEntry:
 *
 * The row somebody writes their name into.
 *
 * It says under the row what is wrong with the name: while it is written, by the
 * rules for names, or after a server refused it, in the server's words and with
 * other names to try.
 */
struct _TeaNameEntry
{
  AdwBin parent_instance;

  char *refusal;    /* (owned) (nullable) */
  char *suggestion; /* (owned) (nullable): what the server would take instead */

  GtkWidget *row;
  GtkWidget *revealer;
  GtkWidget *message;
  GtkWidget *suggestions;
  GtkWidget *first_suggestion;
  GtkWidget *second_suggestion;
};

enum
{
  PROP_0,
  PROP_NAME_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  ACTIVATED,
  SUGGESTION_TAKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaNameEntry, tea_name_entry, ADW_TYPE_BIN)

static void
show_suggestion (GtkWidget *button, const char *name)
{
  GtkLabel *label;

  gtk_widget_set_visible (button, name != NULL);
  if (name == NULL)
    return;

  gtk_button_set_label (GTK_BUTTON (button), name);
  /* A long one leaves room for the message. It is at their ends that they differ. */
  label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_START);
  gtk_label_set_width_chars (label, MIN ((int) g_utf8_strlen (name, -1), SUGGESTION_CHARACTERS));
}

/* A name of several words as one; or nothing, where that is none. */
static char *
join_words (const char *name, const char *separator)
{
  g_auto (GStrv) words = g_strsplit_set (name, " \t", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) kept = NULL;
  g_autofree char *joined = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);
  kept = g_strv_builder_end (builder);
  joined = g_strjoinv (separator, kept);

  return g_strv_length (kept) > 1 && tea_name_validate (joined, NULL) ? g_steal_pointer (&joined)
                                                                      : NULL;
}

static void
update_suggestions (TeaNameEntry *self)
{
  const char *name = tea_name_entry_get_name (self);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!tea_name_entry_is_fit (self))
    {
      first = join_words (name, "");
      second = first != NULL ? join_words (name, "_") : NULL;
    }
  else if (self->refusal != NULL)
    {
      first = self->suggestion != NULL ? g_strdup (self->suggestion) : tea_name_suggest (name);
      second = tea_name_suggest (first);
    }

  show_suggestion (self->first_suggestion, first);
  show_suggestion (self->second_suggestion, second);
  gtk_widget_set_visible (self->suggestions, first != NULL);
}

static void
update_problem (TeaNameEntry *self)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (self->row);
  const char *name = tea_name_entry_get_name (self);
  g_autoptr (GError) error = NULL;
  const char *problem = self->refusal;

  /* An empty row needs no explanation. */
  if (*name != '\0' && !tea_name_validate (name, &error))
    problem = error->message;

  if (problem != NULL)
    {
      gtk_widget_add_css_class (self->row, "error");
      gtk_label_set_label (GTK_LABEL (self->message), problem);
      gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, problem, -1);
    }
  else
    {
      gtk_widget_remove_css_class (self->row, "error");
      gtk_accessible_reset_state (accessible, GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }

  update_suggestions (self);
  tea_reveal (self->revealer, problem != NULL);
}

static void
changed_cb (TeaNameEntry *self)
{
  g_clear_pointer (&self->refusal, g_free);
  g_clear_pointer (&self->suggestion, g_free);
  update_problem (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME_TEXT]);
}

static void
activated_cb (TeaNameEntry *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
suggestion_clicked_cb (TeaNameEntry *self, GtkButton *button)
{
  g_autofree char *name = g_strdup (gtk_button_get_label (button));
  gboolean was_refused = self->refusal != NULL;

  tea_name_entry_set_name (self, name);
  /* Who is still writing has not tried to enter yet. */
  if (was_refused)
    g_signal_emit (self, signals[SUGGESTION_TAKEN], 0);
}

static void
tea_name_entry_finalize (GObject *object)
{
  TeaNameEntry *self = TEA_NAME_ENTRY (object);

  g_free (self->refusal);
  g_free (self->suggestion);

  G_OBJECT_CLASS (tea_name_entry_parent_class)->finalize (object);
}

static void
tea_name_entry_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaNameEntry *self = TEA_NAME_ENTRY (object);

  switch (prop_id)
    {
    case PROP_NAME_TEXT:
      g_value_set_string (value, tea_name_entry_get_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_name_entry_class_init (TeaNameEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = tea_name_entry_finalize;
  object_class->get_property = tea_name_entry_get_property;

  /**
   * TeaNameEntry:name-text:
   *
   * What is written into the row.
   */
  properties[PROP_NAME_TEXT] = g_param_spec_string ("name-text", NULL, NULL, NULL,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaNameEntry::activated:
   *
   * Enter was pressed in the row.
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaNameEntry::suggestion-taken:
   *
   * Another name was taken from the suggestions in place of one that was refused; the row has it
   * already.
   */
  signals[SUGGESTION_TAKEN] = g_signal_new ("suggestion-taken", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-name-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, row);
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, revealer);
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, message);
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, suggestions);
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, first_suggestion);
  gtk_widget_class_bind_template_child (widget_class, TeaNameEntry, second_suggestion);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, suggestion_clicked_cb);
}

static void
tea_name_entry_init (TeaNameEntry *self)
{
  GtkEditable *text;

  gtk_widget_init_template (GTK_WIDGET (self));

  text = gtk_editable_get_delegate (GTK_EDITABLE (self->row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Your name"), -1);
  update_problem (self);
}

/**
 * tea_name_entry_get_name:
 * @self: a name entry
 *
 * Returns: (transfer none): what is written into the row
 */
const char *
tea_name_entry_get_name (TeaNameEntry *self)
{
  g_return_val_if_fail (TEA_IS_NAME_ENTRY (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->row));
}

/**
 * tea_name_entry_set_name:
 * @self: a name entry
 * @name: what to write into the row
 */
void
tea_name_entry_set_name (TeaNameEntry *self, const char *name)
{
  g_return_if_fail (TEA_IS_NAME_ENTRY (self));
  g_return_if_fail (name != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->row), name);
}

/**
 * tea_name_entry_is_fit:
 * @self: a name entry
 *
 * Returns: whether what is written is a name by the rules
 */
gboolean
tea_name_entry_is_fit (TeaNameEntry *self)
{
  g_return_val_if_fail (TEA_IS_NAME_ENTRY (self), FALSE);

  return tea_name_validate (tea_name_entry_get_name (self), NULL);
}

/**
 * tea_name_entry_set_refusal:
 * @self: a name entry
 * @refusal: (nullable): why a server refused the name, or %NULL
 * @suggestion: (nullable): a name that the server would take
 *
 * Shows a refusal until the name changes.
 */
void
tea_name_entry_set_refusal (TeaNameEntry *self, const char *refusal, const char *suggestion)
{
  g_return_if_fail (TEA_IS_NAME_ENTRY (self));

  g_free (self->refusal);
  self->refusal = g_strdup (refusal);
  g_free (self->suggestion);
  self->suggestion = g_strdup (suggestion);

  update_problem (self);
}

/**
 * tea_name_entry_focus:
 * @self: a name entry
 *
 * Puts the cursor into the row, with all of the text selected.
 */
void
tea_name_entry_focus (TeaNameEntry *self)
{
  g_return_if_fail (TEA_IS_NAME_ENTRY (self));

  gtk_widget_grab_focus (self->row);
  gtk_editable_select_region (GTK_EDITABLE (self->row), 0, -1);
}
