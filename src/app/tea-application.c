/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-application.h"

#include <glib/gi18n.h>
#include <glib-unix.h>

#include "tea-background.h"
#include "tea-help.h"
#include "tea-house-list.h"
#include "tea-name.h"
#include "tea-notifiers.h"
#include "tea-preferences-window.h"
#include "tea-room-address.h"
#include "tea-style.h"
#include "tea-window.h"

/* The exit status of a wrong command line, as teahouse-cli has it. */
#define EXIT_USAGE 2

/**
 * TeaApplication:
 *
 * The desktop program.
 *
 * It runs once for each user and session, and has one window: what further launches ask for
 * comes to it. It owns the houses that its user is in.
 */
struct _TeaApplication
{
  AdwApplication parent_instance;

  TeaHouseList *houses;      /* (owned) */
  TeaNotifiers *notifiers;   /* (owned) (nullable) */
  TeaBackground *background; /* (owned) (nullable) */
  TeaWindow *window;         /* (unowned) (nullable) */
  GtkWindow *preferences;    /* (unowned) (nullable) */

  guint terminate_source;
  guint interrupt_source;
};

G_DEFINE_FINAL_TYPE (TeaApplication, tea_application, ADW_TYPE_APPLICATION)

static const GOptionEntry option_entries[]
    = { { "nick", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
          N_ ("The name to enter under"), N_ ("NAME") },
        { "host", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
          N_ ("Host a room on this computer and enter it"), NULL },
        { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
          N_ ("Print the version and exit"), NULL },
        { G_OPTION_REMAINING, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, NULL },
        { NULL } };

static char *
dup_last_name (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);

  return g_settings_get_string (settings, "last-name");
}

/* Whoever looks at a room need not be notified of what happens in it. */
static void
view_changed_cb (TeaApplication *self)
{
  gboolean is_seen = gtk_widget_get_visible (GTK_WIDGET (self->window))
                     && gtk_window_is_active (GTK_WINDOW (self->window));

  g_assert (TEA_IS_APPLICATION (self));

  if (self->notifiers != NULL)
    tea_notifiers_set_in_view (self->notifiers,
                               is_seen ? tea_window_get_place (self->window) : NULL);
}

static TeaWindow *
show_window (TeaApplication *self)
{
  if (self->window == NULL)
    {
      self->window = tea_window_new (GTK_APPLICATION (self), self->background, self->houses);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      g_object_connect (self->window, "swapped-object-signal::notify::is-active", view_changed_cb,
                        self, "swapped-object-signal::notify::place", view_changed_cb, self,
                        "swapped-object-signal::notify::visible", view_changed_cb, self, NULL);
    }
  gtk_window_present (GTK_WINDOW (self->window));

  return self->window;
}

/* Whoever asks closes what is shown before the window, too. */
static void
quit (TeaApplication *self, gboolean ask)
{
  if (self->preferences != NULL)
    gtk_window_destroy (self->preferences);
  if (self->window == NULL)
    return;

  if (ask)
    tea_window_quit (self->window);
  else
    tea_window_close_now (self->window);
}

static void
host (TeaApplication *self, const char *name)
{
  TeaWindow *window = show_window (self);
  g_autofree char *last_name = dup_last_name ();

  if (name == NULL && tea_name_validate (last_name, NULL))
    name = last_name;

  if (name != NULL)
    tea_window_host (window, name);
  else
    tea_window_welcome (window, NULL, NULL);
}

static gboolean
terminated_cb (gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  quit (self, FALSE);

  return G_SOURCE_CONTINUE;
}

static void
host_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  host (self, NULL);
}

static void
help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  g_assert (TEA_IS_APPLICATION (self));

  if (window != NULL)
    tea_help_show (window);
}

static void
preferences_destroyed_cb (TeaApplication *self)
{
  g_assert (TEA_IS_APPLICATION (self));

  self->preferences = NULL;
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  if (self->preferences == NULL)
    {
      GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

      self->preferences = tea_preferences_window_new (GTK_APPLICATION (self));
      if (window != NULL && gtk_widget_get_visible (GTK_WIDGET (window)))
        gtk_window_set_transient_for (self->preferences, window);
      g_signal_connect_object (self->preferences, "destroy", G_CALLBACK (preferences_destroyed_cb),
                               self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (self->preferences);
}

/* Where the room is not there any more, the program all the same. */
static void
show_room_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;
  TeaPlace *place;

  g_assert (TEA_IS_APPLICATION (self));

  place = tea_notifiers_find (self->notifiers, g_variant_get_string (parameter, NULL));
  if (place != NULL)
    tea_window_show_unread (show_window (self), place);
  else
    g_application_activate (G_APPLICATION (self));
}

static void
mark_read_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  tea_notifiers_mark_read (self->notifiers, g_variant_get_string (parameter, NULL));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  quit (self, TRUE);
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;
  g_autoptr (GtkBuilder) builder = NULL;
  gboolean rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  GtkWindow *window;

  g_assert (TEA_IS_APPLICATION (self));

  builder = gtk_builder_new_from_resource ("/io/github/teahousechat/Teahouse/tea-shortcuts.ui");
  gtk_widget_set_visible (GTK_WIDGET (gtk_builder_get_object (builder, "back_ltr")), !rtl);
  gtk_widget_set_visible (GTK_WIDGET (gtk_builder_get_object (builder, "back_rtl")), rtl);
  window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  gtk_window_set_transient_for (window, gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (window);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TeaApplication *self = user_data;

  g_assert (TEA_IS_APPLICATION (self));

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", _ ("Teahouse"), "application-icon", APPLICATION_ID,
                         "version", PACKAGE_VERSION, "developer-name", _ ("The Teahouse authors"),
                         "copyright", "© 2026 The Teahouse authors", "license-type",
                         GTK_LICENSE_GPL_3_0, "comments",
                         _ ("Sit down and talk with the people around you"),
                         /* Translators: your names, one a line. */
                         "translator-credits", _ ("translator-credits"), NULL);
}

static const GActionEntry action_entries[] = {
  { "about", about_cb },
  { "help", help_cb },
  /* These two are in notifications. */
  { "mark-read", mark_read_cb, "s" },
  { "show-room", show_room_cb, "s" },
  /* This is in the desktop file. */
  { "host", host_cb },
  { "preferences", preferences_cb },
  { "quit", quit_cb },
  { "shortcuts", shortcuts_cb },
};

/* Who was somewhere when the program ended is there again; who was not is asked where to. */
static void
begin (TeaApplication *self)
{
  TeaWindow *window = show_window (self);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->houses)) == 0 && !tea_window_return (window))
    tea_window_welcome (window, NULL, NULL);
}

static void
tea_application_activate (GApplication *application)
{
  begin (TEA_APPLICATION (application));
}

static gboolean
show_house (TeaApplication *self, const char *link)
{
  g_autoptr (GNetworkAddress) address = tea_room_address_parse (link, NULL);

  return address != NULL && self->window != NULL && tea_window_show_house (self->window, address);
}

/* A link to where one is leads there. Whoever made another is not who decides that somebody
 * enters a room: it is only suggested. */
static void
tea_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  TeaApplication *self = TEA_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *link = g_file_get_uri (files[i]);

      if (!show_house (self, link))
        tea_window_welcome (show_window (self), NULL, link);
    }
}

static int
tea_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  TeaApplication *self = TEA_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **addresses = NULL;
  const char *address = NULL;
  const char *name = NULL;
  TeaWindow *window;

  g_variant_dict_lookup (options, "nick", "&s", &name);
  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &addresses))
    address = addresses[0];

  if (g_variant_dict_contains (options, "host"))
    {
      host (self, name);
      return EXIT_SUCCESS;
    }

  window = show_window (self);
  if (address != NULL && show_house (self, address))
    return EXIT_SUCCESS;

  if (name != NULL && address != NULL)
    tea_window_join (window, name, address);
  else if (name != NULL || address != NULL)
    tea_window_welcome (window, name, address);
  else
    begin (self);

  return EXIT_SUCCESS;
}

static int
tea_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autofree const char **addresses = NULL;
  g_autoptr (GError) error = NULL;
  const char *name = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("teahouse %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  g_variant_dict_lookup (options, "nick", "&s", &name);
  if (name != NULL && !tea_name_validate (name, &error))
    {
      g_printerr ("teahouse: %s\n", error->message);
      return EXIT_USAGE;
    }

  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &addresses))
    {
      g_autoptr (GNetworkAddress) address = NULL;

      if (g_strv_length ((char **) addresses) > 1)
        {
          g_printerr ("teahouse: %s\n", _ ("Only one address can be given."));
          return EXIT_USAGE;
        }

      if (g_variant_dict_contains (options, "host"))
        {
          g_printerr ("teahouse: %s\n",
                      _ ("A room is either hosted here or at an address: give one of the two."));
          return EXIT_USAGE;
        }

      address = tea_room_address_parse (addresses[0], &error);
      if (address == NULL)
        {
          g_printerr ("teahouse: %s\n", error->message);
          return EXIT_USAGE;
        }
    }

  return G_APPLICATION_CLASS (tea_application_parent_class)
      ->handle_local_options (application, options);
}

static void
tea_application_startup (GApplication *application)
{
  TeaApplication *self = TEA_APPLICATION (application);
  static const struct
  {
    const char *action;
    const char *accels[4];
  } shortcuts[] = {
    { "app.preferences", { "<Control>comma" } },
    { "app.quit", { "<Control>q" } },
    { "app.shortcuts", { "F1", "<Control>question", "<Control>F1" } },
    { "window.close", { "<Control>w" } },
    { "win.find", { "<Control>k" } },
    { "win.go(1)", { "<Control>Page_Down" } },
    { "win.go(-1)", { "<Control>Page_Up" } },
    { "win.go(2)", { "<Alt>Down" } },
    { "win.go(-2)", { "<Alt>Up" } },
    { "win.invite", { "<Control>i" } },
    { "win.join", { "<Control>l" } },
    { "win.new-conversation", { "<Control>n" } },
    { "win.new-room", { "<Control><Shift>n" } },
  };
  gboolean rtl;

  G_APPLICATION_CLASS (tea_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (self), action_entries,
                                   G_N_ELEMENTS (action_entries), self);
  for (size_t i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           shortcuts[i].accels);

  /* Back is where the arrow of the button points to. */
  rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "win.back",
                                         (const char *[]){ rtl ? "<Alt>Right" : "<Alt>Left",
                                                           NULL });

  self->background = tea_background_new (application);
  self->notifiers = tea_notifiers_new (application, self->houses);

  gtk_window_set_default_icon_name (APPLICATION_ID);
  tea_style_follow (gdk_display_get_default ());

  /* Ctrl+C and the end of the session say goodbye to the room, too. */
  self->terminate_source = g_unix_signal_add (SIGTERM, terminated_cb, self);
  self->interrupt_source = g_unix_signal_add (SIGINT, terminated_cb, self);
}

/* What is shown before a window goes with it. GTK 4.8 remembers a window that something was
 * shown before also when that is gone: whatever lives longer, as a dialog does while it handles
 * the key that closes everything, would use freed memory. */
static void
tea_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  GTK_APPLICATION_CLASS (tea_application_parent_class)->window_removed (application, window);

  for (guint i = g_list_model_get_n_items (windows); i-- > 0;)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (windows, i);

      if (other == NULL || gtk_window_get_transient_for (other) != window)
        continue;

      gtk_window_set_transient_for (other, NULL);
      gtk_window_destroy (other);
    }
}

static void
tea_application_shutdown (GApplication *application)
{
  TeaApplication *self = TEA_APPLICATION (application);

  g_clear_handle_id (&self->terminate_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_object (&self->notifiers);
  g_clear_object (&self->background);

  G_APPLICATION_CLASS (tea_application_parent_class)->shutdown (application);
}

static void
tea_application_finalize (GObject *object)
{
  TeaApplication *self = TEA_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_object_unref (self->houses);

  G_OBJECT_CLASS (tea_application_parent_class)->finalize (object);
}

static void
tea_application_class_init (TeaApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  GtkApplicationClass *gtk_application_class = GTK_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tea_application_finalize;
  application_class->activate = tea_application_activate;
  application_class->command_line = tea_application_command_line;
  application_class->open = tea_application_open;
  application_class->handle_local_options = tea_application_handle_local_options;
  application_class->shutdown = tea_application_shutdown;
  application_class->startup = tea_application_startup;
  gtk_application_class->window_removed = tea_application_window_removed;
}

static void
tea_application_init (TeaApplication *self)
{
  GApplication *application = G_APPLICATION (self);

  self->houses = tea_house_list_new ();

  g_application_add_main_option_entries (application, option_entries);
  g_application_set_option_context_parameter_string (application, _ ("[ADDRESS]"));
  g_application_set_option_context_summary (
      application, _ ("Teahouse is a group chat: take a seat in a room and talk."));
  g_application_set_option_context_description (
      application,
      _ ("Examples:\n"
         "  teahouse                              ask for a name and a room\n"
         "  teahouse --nick Mei 192.168.1.20      enter the room at that address as Mei\n"
         "  teahouse --nick Mei chat.example:9000 the same, with another port than 8888\n"
         "  teahouse --nick Mei teahouse://…      the room of a link, with the key it tells\n"
         "  teahouse --host                       open a room for the people on this network\n"
         "\n"
         "There is one window: what is launched again comes to it."));
}

/**
 * tea_application_new:
 *
 * Returns: (transfer full): the desktop program, ready to run
 */
TeaApplication *
tea_application_new (void)
{
  return g_object_new (TEA_TYPE_APPLICATION, "application-id", APPLICATION_ID, "resource-base-path",
                       "/io/github/teahousechat/Teahouse", "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN
                           | G_APPLICATION_CAN_OVERRIDE_APP_ID,
                       NULL);
}
