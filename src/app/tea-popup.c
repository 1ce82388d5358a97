/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-popup.h"

/* Set on a popover: a GWeakRef to what had the focus before. */
static G_DEFINE_QUARK (tea_popup_last, last)

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
closed_cb (GtkWidget *popover)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (popover));
  g_autoptr (GtkWidget) last
      = g_weak_ref_get (g_object_get_qdata (G_OBJECT (popover), last_quark ()));

  if (last != NULL && focus != NULL && gtk_widget_is_ancestor (focus, popover))
    gtk_widget_grab_focus (last);
}

/**
 * tea_popup:
 * @popover: a popover that has a place
 *
 * Shows a popover, and has the focus come back when it is gone: GTK would give it to
 * whatever comes next.
 */
void
tea_popup (GtkPopover *popover)
{
  GWeakRef *last;

  g_return_if_fail (GTK_IS_POPOVER (popover));

  last = g_new0 (GWeakRef, 1);
  g_weak_ref_init (last, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (popover))));
  g_object_set_qdata_full (G_OBJECT (popover), last_quark (), last, weak_ref_free);
  g_signal_handlers_disconnect_by_func (popover, closed_cb, NULL);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (popover);
}
