/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-password-guard.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-inet-address.h"

/* Keys cost nothing to make, so that it is the address that counts in the end. Many
 * people can share one, who are allowed a few mistakes. */
#define FREE_FOR_ADDRESS 4
#define FIRST_WAIT G_TIME_SPAN_SECOND
#define MAX_WAIT_OF_KEY (15 * G_TIME_SPAN_MINUTE)
#define MAX_WAIT_OF_ADDRESS (5 * G_TIME_SPAN_MINUTE)

/* After so long without a mistake nothing is held against anybody. */
#define FORGET_AFTER G_TIME_SPAN_HOUR

/* So many suspects are remembered, those with the latest mistakes. */
#define MAX_SUSPECTS 4096

/* So many keys are remembered that were right, those of the latest. */
#define MAX_TRUSTED 4096

/* So many wait for their turn. */
#define MAX_WAITING 256

/**
 * TeaPasswordGuard:
 *
 * Lets people try a password, one after the other, and those who were wrong only after
 * a while that doubles each time.
 */
struct _TeaPasswordGuard
{
  GObject parent_instance;

  TeaPassword *password; /* (owned) */
  TeaClock *clock;       /* (owned) */

  GHashTable *suspects; /* (element-type utf8 Suspect): by their key, or network */
  GQueue by_mistake;    /* (element-type Suspect): the longest without a mistake first */

  GHashTable *trusted; /* (element-type utf8 GList): keys that were right, in @by_trust */
  GQueue by_trust;     /* (element-type utf8): who was right longest ago is the first */

  GQueue waiting; /* (element-type GTask) */
  gboolean is_busy;
};

typedef struct
{
  char *id;
  guint n_mistakes;
  gint64 last_mistake;
  gint64 until; /* when they may try again */
  GList link;
} Suspect;

/* Somebody's try. */
typedef struct
{
  char *text;
  char *key;
  char *network; /* (nullable) */
} Attempt;

G_DEFINE_FINAL_TYPE (TeaPasswordGuard, tea_password_guard, G_TYPE_OBJECT)

static void take_next (TeaPasswordGuard *self);

static void
suspect_free (Suspect *suspect)
{
  g_free (suspect->id);
  g_free (suspect);
}

static void
attempt_free (Attempt *attempt)
{
  explicit_bzero (attempt->text, strlen (attempt->text));
  g_free (attempt->text);
  g_free (attempt->key);
  g_free (attempt->network);
  g_free (attempt);
}

static char *
find_network (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL ? tea_inet_address_to_network (address) : g_strdup (text);
}

static void
forget (TeaPasswordGuard *self, Suspect *suspect)
{
  g_queue_unlink (&self->by_mistake, &suspect->link);
  g_hash_table_remove (self->suspects, suspect->id);
}

static void
forgive (TeaPasswordGuard *self, const char *id)
{
  Suspect *suspect = id != NULL ? g_hash_table_lookup (self->suspects, id) : NULL;

  if (suspect != NULL)
    forget (self, suspect);
}

static void
hold_against (TeaPasswordGuard *self, const char *id, guint n_free, gint64 max_wait)
{
  gint64 now = tea_clock_get_time (self->clock);
  Suspect *suspect;

  if (id == NULL)
    return;

  suspect = g_hash_table_lookup (self->suspects, id);
  if (suspect == NULL)
    {
      if (g_hash_table_size (self->suspects) >= MAX_SUSPECTS)
        forget (self, g_queue_peek_head (&self->by_mistake));

      suspect = g_new0 (Suspect, 1);
      suspect->id = g_strdup (id);
      suspect->link.data = suspect;
      g_hash_table_insert (self->suspects, suspect->id, suspect);
    }
  else
    {
      g_queue_unlink (&self->by_mistake, &suspect->link);
    }

  suspect->n_mistakes++;
  suspect->last_mistake = now;
  suspect->until = now;
  if (suspect->n_mistakes > n_free)
    suspect->until += MIN (FIRST_WAIT << MIN (suspect->n_mistakes - n_free - 1, 20), max_wait);
  g_queue_push_tail_link (&self->by_mistake, &suspect->link);
}

/* Returns: for how long yet they may not try */
static gint64
get_wait (TeaPasswordGuard *self, const char *id)
{
  gint64 now = tea_clock_get_time (self->clock);
  Suspect *suspect;

  while ((suspect = g_queue_peek_head (&self->by_mistake)) != NULL
         && suspect->last_mistake + FORGET_AFTER <= now)
    forget (self, suspect);

  suspect = id != NULL ? g_hash_table_lookup (self->suspects, id) : NULL;

  return suspect != NULL ? MAX (suspect->until - now, 0) : 0;
}

static void
distrust (TeaPasswordGuard *self, GList *link)
{
  g_queue_unlink (&self->by_trust, link);
  g_hash_table_remove (self->trusted, link->data);
  g_free (link->data);
  g_list_free_1 (link);
}

static void
trust (TeaPasswordGuard *self, const char *key)
{
  GList *link = g_hash_table_lookup (self->trusted, key);

  if (link != NULL)
    {
      g_queue_unlink (&self->by_trust, link);
      g_queue_push_tail_link (&self->by_trust, link);
      return;
    }

  if (self->by_trust.length >= MAX_TRUSTED)
    distrust (self, self->by_trust.head);
  g_queue_push_tail (&self->by_trust, g_strdup (key));
  g_hash_table_insert (self->trusted, self->by_trust.tail->data, self->by_trust.tail);
}

static gboolean
may_try (TeaPasswordGuard *self, Attempt *attempt, GError **error)
{
  gint64 wait = get_wait (self, attempt->key);
  guint seconds;

  /* What somebody else does at the same address is nothing to those who know the password. */
  if (!g_hash_table_contains (self->trusted, attempt->key))
    wait = MAX (wait, get_wait (self, attempt->network));

  seconds = (guint) ((wait + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);
  if (wait == 0)
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER,
               g_dngettext (GETTEXT_PACKAGE,
                            "There were too many wrong passwords. Try again in %u second.",
                            "There were too many wrong passwords. Try again in %u seconds.",
                            seconds),
               seconds);

  return FALSE;
}

static void
let_in (TeaPasswordGuard *self, GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);

  forgive (self, attempt->key);
  forgive (self, attempt->network);
  trust (self, attempt->key);
  g_task_return_boolean (task, TRUE);
}

static void
verified_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (TeaPasswordGuard) self = g_object_ref (g_task_get_source_object (task));
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;

  self->is_busy = FALSE;
  if (tea_password_verify_finish (TEA_PASSWORD (object), result, &error))
    {
      let_in (self, task);
    }
  else
    {
      hold_against (self, attempt->key, 0, MAX_WAIT_OF_KEY);
      hold_against (self, attempt->network, FREE_FOR_ADDRESS, MAX_WAIT_OF_ADDRESS);
      g_task_return_error (task, error);
    }

  take_next (self);
}

/* One after the other: what the one before has done wrong counts for the next. */
static void
take_next (TeaPasswordGuard *self)
{
  while (!self->is_busy && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
      Attempt *attempt = g_task_get_task_data (task);
      GError *error = NULL;

      if (!may_try (self, attempt, &error))
        {
          g_task_return_error (task, error);
        }
      else if (tea_password_is_known (self->password, attempt->text))
        {
          let_in (self, task);
        }
      else
        {
          self->is_busy = TRUE;
          tea_password_verify_async (self->password, attempt->text, NULL, verified_cb,
                                     g_steal_pointer (&task));
        }
    }
}

static void
tea_password_guard_finalize (GObject *object)
{
  TeaPasswordGuard *self = TEA_PASSWORD_GUARD (object);

  /* Tasks keep their guard: none waits any more. */
  g_assert (g_queue_is_empty (&self->waiting));

  g_queue_init (&self->by_mistake);
  g_hash_table_unref (self->suspects);
  g_hash_table_unref (self->trusted);
  g_queue_clear_full (&self->by_trust, g_free);
  g_object_unref (self->password);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_password_guard_parent_class)->finalize (object);
}

static void
tea_password_guard_class_init (TeaPasswordGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_password_guard_finalize;
}

static void
tea_password_guard_init (TeaPasswordGuard *self)
{
  self->suspects
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) suspect_free);
  self->trusted = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->by_mistake);
  g_queue_init (&self->by_trust);
  g_queue_init (&self->waiting);
}

/**
 * tea_password_guard_new:
 * @password: the room's password
 * @clock: by which clock people wait
 *
 * Returns: (transfer full): a guard who suspects nobody yet
 */
TeaPasswordGuard *
tea_password_guard_new (TeaPassword *password, TeaClock *clock)
{
  TeaPasswordGuard *self;

  g_return_val_if_fail (TEA_IS_PASSWORD (password), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_PASSWORD_GUARD, NULL);
  self->password = g_object_ref (password);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * tea_password_guard_check_async:
 * @self: a guard
 * @text: the password that somebody tries
 * @key: the fingerprint of their key
 * @address: (nullable): the IP address that they speak from
 * @callback: what to call with the answer
 * @user_data: for @callback
 *
 * Lets somebody try a password, when it is their turn and unless they have to wait. A key
 * that was right before waits for its own mistakes alone.
 */
void
tea_password_guard_check_async (TeaPasswordGuard *self,
                                const char *text,
                                const char *key,
                                const char *address,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Attempt *attempt;

  g_return_if_fail (TEA_IS_PASSWORD_GUARD (self));
  g_return_if_fail (text != NULL && key != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_password_guard_check_async);

  attempt = g_new0 (Attempt, 1);
  attempt->text = g_strdup (text);
  attempt->key = g_strdup (key);
  attempt->network = address != NULL ? find_network (address) : NULL;
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);

  /* Who comes back is not kept waiting by those who guess. */
  if (g_hash_table_contains (self->trusted, key) && may_try (self, attempt, NULL)
      && tea_password_is_known (self->password, text))
    {
      let_in (self, task);
      return;
    }

  if (g_queue_get_length (&self->waiting) >= MAX_WAITING)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                               _ ("Too many people want to enter at once. Try again."));
      return;
    }

  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  take_next (self);
}

/**
 * tea_password_guard_check_finish:
 * @self: a guard
 * @result: what the callback got
 * @error: return location for a #GError
 *
 * Returns: whether it was the password; if not, @error is %TEA_ERROR_PASSWORD_WRONG, or
 *   %TEA_ERROR_TRY_LATER where it was not looked at
 */
gboolean
tea_password_guard_check_finish (TeaPasswordGuard *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_PASSWORD_GUARD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
