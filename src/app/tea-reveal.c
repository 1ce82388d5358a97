/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-reveal.h"

/**
 * tea_reveal:
 * @revealer: a #GtkRevealer
 * @reveal: whether to show what is in it
 *
 * Shows or hides what is in a revealer, from assistive technologies, too: GTK 4.8
 * goes on telling them of what nobody sees.
 */
void
tea_reveal (GtkWidget *revealer, gboolean reveal)
{
  g_return_if_fail (GTK_IS_REVEALER (revealer));

  gtk_revealer_set_reveal_child (GTK_REVEALER (revealer), reveal);
  gtk_accessible_update_state (GTK_ACCESSIBLE (revealer), GTK_ACCESSIBLE_STATE_HIDDEN, !reveal, -1);
}
