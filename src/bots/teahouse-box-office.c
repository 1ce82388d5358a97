/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "tea-box-office.h"
#include "tea-sale-announcer.h"

#define EXIT_USAGE 2
#define MAX_WINDOWS 1000
#define MAX_SECONDS 3600.0

typedef struct
{
  int n_tickets;
  int n_windows;
  double seconds_per_sale;
  char *room;
  gboolean show_version;
} Options;

typedef struct
{
  GMainLoop *loop;
  GCancellable *closing;
  GCancellable *giving_up; /* what is sold and could not be told so far */
  TeaBoxOffice *office;
  TeaSaleAnnouncer *announcer; /* (nullable): nobody is to be told */
  int status;
} Opening;

static gboolean
parse_command_line (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[]
      = { { "tickets", 0, 0, G_OPTION_ARG_INT, &options->n_tickets,
            N_ ("How many tickets there are (default: 500)"), N_ ("NUMBER") },
          { "windows", 0, 0, G_OPTION_ARG_INT, &options->n_windows,
            N_ ("How many windows sell them (default: 10)"), N_ ("NUMBER") },
          { "seconds-per-sale", 0, 0, G_OPTION_ARG_DOUBLE, &options->seconds_per_sale,
            N_ ("How long a sale takes (default: 0.1)"), N_ ("SECONDS") },
          { "room", 0, 0, G_OPTION_ARG_STRING, &options->room,
            N_ ("Tell the sales in the room at this address, too"), N_ ("ADDRESS") },
          { "version", 0, 0, G_OPTION_ARG_NONE, &options->show_version, N_ ("Show the version"),
            NULL },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context,
                                _ ("Sells tickets at several windows at once, in their order.\n"
                                   "Each line says which window sold which ticket: w2----T203"));

  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is not an option."),
                   (*argv)[1]);
      return FALSE;
    }

  if (options->n_tickets < 0 || options->n_windows < 1 || options->n_windows > MAX_WINDOWS
      || !(options->seconds_per_sale >= 0 && options->seconds_per_sale <= MAX_SECONDS))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("There can be 0 tickets or more, 1 to %d windows, and a sale can take 0 to "
                      "%g seconds."),
                   MAX_WINDOWS, MAX_SECONDS);
      return FALSE;
    }

  return TRUE;
}

static void
sold_cb (guint window, guint ticket, gpointer user_data)
{
  Opening *opening = user_data;

  g_print ("w%u----T%u\n", window, ticket);
  if (opening->announcer != NULL)
    tea_sale_announcer_announce (opening->announcer, window, ticket);
}

static void
fail (Opening *opening, GError *error)
{
  /* All windows may have the same trouble. */
  if (opening->status == EXIT_SUCCESS && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_printerr ("%s\n", error->message);
  opening->status = EXIT_FAILURE;
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;

  if (!tea_sale_announcer_leave_finish (TEA_SALE_ANNOUNCER (source), result, &error))
    fail (opening, error);

  g_main_loop_quit (opening->loop);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;

  if (!tea_box_office_sell_finish (TEA_BOX_OFFICE (source), result, &error))
    fail (opening, error);

  if (opening->announcer != NULL)
    tea_sale_announcer_leave_async (opening->announcer, opening->giving_up, left_cb, opening);
  else
    g_main_loop_quit (opening->loop);
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;

  if (tea_sale_announcer_enter_finish (TEA_SALE_ANNOUNCER (source), result, &error))
    {
      tea_box_office_sell_async (opening->office, opening->closing, closed_cb, opening);
      return;
    }

  fail (opening, error);
  tea_sale_announcer_leave_async (opening->announcer, opening->giving_up, left_cb, opening);
}

/* Once closes the windows; twice does not wait for the room either. */
static gboolean
interrupted_cb (gpointer user_data)
{
  Opening *opening = user_data;

  if (g_cancellable_is_cancelled (opening->closing))
    g_cancellable_cancel (opening->giving_up);
  g_cancellable_cancel (opening->closing);

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Options options = { .n_tickets = 500, .n_windows = 10, .seconds_per_sale = 0.1 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) closing = g_cancellable_new ();
  g_autoptr (GCancellable) giving_up = g_cancellable_new ();
  g_autoptr (TeaBoxOffice) office = NULL;
  g_autoptr (TeaSaleAnnouncer) announcer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *room = NULL;
  Opening opening
      = { .loop = loop, .closing = closing, .giving_up = giving_up, .status = EXIT_SUCCESS };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!parse_command_line (&options, &argc, &argv, &error))
    {
      g_printerr (_ ("%s\n“teahouse-box-office --help” tells what can be said.\n"), error->message);
      return EXIT_USAGE;
    }

  if (options.show_version)
    {
      g_print ("teahouse-box-office %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  office = tea_box_office_new ((guint) options.n_tickets, (guint) options.n_windows,
                               (GTimeSpan) (options.seconds_per_sale * (double) G_TIME_SPAN_SECOND),
                               sold_cb, &opening);
  opening.office = office;

  room = options.room;
  if (room != NULL)
    {
      g_autoptr (GNetworkAddress) address
          = G_NETWORK_ADDRESS (tea_room_address_parse (room, &error));

      if (address == NULL)
        {
          g_printerr ("%s\n", error->message);
          return EXIT_USAGE;
        }

      announcer = tea_sale_announcer_new (address, (guint) options.n_windows);
      opening.announcer = announcer;
    }

  g_unix_signal_add (SIGINT, interrupted_cb, &opening);
  g_unix_signal_add (SIGTERM, interrupted_cb, &opening);

  if (announcer != NULL)
    tea_sale_announcer_enter_async (announcer, closing, entered_cb, &opening);
  else
    tea_box_office_sell_async (office, closing, closed_cb, &opening);
  g_main_loop_run (loop);

  if (fflush (stdout) != 0 || ferror (stdout) != 0)
    {
      g_printerr (_ ("Not every sale could be written.\n"));
      return EXIT_FAILURE;
    }

  return opening.status;
}
