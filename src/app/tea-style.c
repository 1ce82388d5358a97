/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-style.h"

#include <adwaita.h>

/*
 * What the dark style and high contrast add to style.css.
 *
 * AdwApplication would load style-dark.css and style-hc.css by itself, but from version
 * 1.10 on it warns of them and wants media queries, which GTK 4.8 does not know.
 */

static void
set_in_use (GtkCssProvider *provider, AdwStyleManager *manager, gboolean in_use)
{
  GdkDisplay *display = adw_style_manager_get_display (manager);

  if (in_use)
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  else
    gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (provider));
}

static void
dark_cb (GtkCssProvider *provider, GParamSpec *pspec, AdwStyleManager *manager)
{
  g_assert (GTK_IS_CSS_PROVIDER (provider));

  set_in_use (provider, manager, adw_style_manager_get_dark (manager));
}

static void
high_contrast_cb (GtkCssProvider *provider, GParamSpec *pspec, AdwStyleManager *manager)
{
  g_assert (GTK_IS_CSS_PROVIDER (provider));

  set_in_use (provider, manager, adw_style_manager_get_high_contrast (manager));
}

static GtkCssProvider *
load (const char *path)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, path);

  return provider;
}

/**
 * tea_style_follow:
 * @display: a display
 *
 * Has the display's widgets look as its style asks, now and whenever that changes.
 */
void
tea_style_follow (GdkDisplay *display)
{
  AdwStyleManager *manager;
  GtkCssProvider *dark;
  GtkCssProvider *high_contrast;

  g_return_if_fail (GDK_IS_DISPLAY (display));

  /* The manager, which stays, keeps them. */
  manager = adw_style_manager_get_for_display (display);

  dark = load ("/io/github/teahousechat/Teahouse/dark.css");
  g_object_set_data_full (G_OBJECT (manager), "tea-dark", dark, g_object_unref);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (dark_cb), dark, G_CONNECT_SWAPPED);
  dark_cb (dark, NULL, manager);

  high_contrast = load ("/io/github/teahousechat/Teahouse/high-contrast.css");
  g_object_set_data_full (G_OBJECT (manager), "tea-high-contrast", high_contrast, g_object_unref);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (high_contrast_cb),
                           high_contrast, G_CONNECT_SWAPPED);
  high_contrast_cb (high_contrast, NULL, manager);
}
