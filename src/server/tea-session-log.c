/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-session-log.h"

#include "tea-inet-address.h"

/* As the log it is for, there is one for the process. */
static gboolean full_addresses = FALSE;

static const char *const names[] = {
  [TEA_SESSION_ENTERED] = "entered",
  [TEA_SESSION_LEFT] = "left",
  [TEA_SESSION_LOST] = "lost",
  [TEA_SESSION_SENT_OUT] = "sent-out",
};

/* Whoever reads the log has to be able to tell networks apart, not people. This machine has
 * nothing to hide. */
static char *
shorten (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  if (inet == NULL || full_addresses || g_inet_address_get_is_loopback (inet))
    return g_strdup (address);

  return tea_inet_address_describe_network (tea_inet_address_get_network (inet, TEA_NETWORK_WIDE));
}

/**
 * tea_session_log_set_full_addresses:
 * @are_full: whether addresses are logged as they are, and not the networks around them
 *
 * Sets what is logged of where people come from.
 */
void
tea_session_log_set_full_addresses (gboolean are_full)
{
  full_addresses = are_full;
}

/**
 * tea_session_log_write:
 * @news: what happened
 * @name: whose session it is
 * @key: (nullable): the fingerprint of their key; %NULL for classic clients
 * @address: (nullable): the IP address from which they came
 * @format: what happened to them, to go behind name and address
 * @...: arguments for it
 *
 * Logs it in words, and for programs in fields of the journal: `TEAHOUSE_EVENT`,
 * `TEAHOUSE_NAME`, `TEAHOUSE_KEY` and `TEAHOUSE_NETWORK`.
 */
void
tea_session_log_write (TeaSessionNews news,
                       const char *name,
                       const char *key,
                       const char *address,
                       const char *format,
                       ...)
{
  g_autofree char *network = NULL;
  g_autofree char *what = NULL;
  va_list arguments;

  g_return_if_fail (news < G_N_ELEMENTS (names));
  g_return_if_fail (name != NULL && format != NULL);

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  network = address != NULL ? shorten (address) : g_strdup ("of no address");

  /* Operators are named by their keys: here they are to be found. */
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "TEAHOUSE_EVENT", names[news],
                    "TEAHOUSE_NAME", name, "TEAHOUSE_KEY", key != NULL ? key : "",
                    "TEAHOUSE_NETWORK", network, "MESSAGE", "%s (%s%s%s) %s", name, network,
                    key != NULL ? ", " : "", key != NULL ? key : "", what);
}
