
#pragma once

#include <glib.h>

#include "tea-frame.h"

G_BEGIN_DECLS

/**
 * TEA_REFUSAL:
 *
 * The error domain of what a server does not do for a client; its codes are #TeaRefusal.
 */
#define TEA_REFUSAL (tea_refusal_quark ())

GQuark tea_refusal_quark (void);

GError *tea_refusal_new (TeaRefusal code, const char *text);
TeaRefusal tea_refusal_from_error (const GError *error);
gboolean tea_refusal_passes (TeaRefusal code);

G_END_DECLS
