/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-rule-book.h"

#include <gio/gio.h>

#include "tea-event-data.h"
#include "tea-event-record.h"

/* So many networks can be banned from a house; of more, the ban that ends first is lifted. */
#define MAX_NETWORKS 1024

#define IPV4_PREFIX 24
#define IPV6_PREFIX 64

/**
 * TeaRuleBook:
 *
 * What holds in a room by what was done there: who is banned or muted, what is pinned, the
 * topic, how slow people speak, and in the hall their roles and banned networks. A reading of
 * the room's log that is kept beside it, at once: before anything that takes account of more.
 */
struct _TeaRuleBook
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
  guint32 room;
  TeaRoomRules *rules; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaRuleBook, tea_rule_book, G_TYPE_OBJECT)

static gint64
get_now (TeaRuleBook *self)
{
  return tea_calendar_get_time (tea_store_get_calendar (self->store));
}

static gboolean
find_restriction (GPtrArray *restrictions, const char *subject, guint *place)
{
  for (guint i = 0; i < restrictions->len; i++)
    if (g_str_equal (((TeaRestriction *) g_ptr_array_index (restrictions, i))->subject, subject))
      {
        *place = i;
        return TRUE;
      }

  return FALSE;
}

static void
drop_ended (TeaRuleBook *self, GPtrArray *restrictions)
{
  gint64 now = get_now (self);

  for (guint i = restrictions->len; i > 0; i--)
    if (((TeaRestriction *) g_ptr_array_index (restrictions, i - 1))->until <= now)
      g_ptr_array_remove_index (restrictions, i - 1);
}

static void
restrict_subject (
    TeaRuleBook *self, GPtrArray *restrictions, const char *subject, gint64 until, const char *why)
{
  guint place = 0;

  drop_ended (self, restrictions);
  if (find_restriction (restrictions, subject, &place))
    g_ptr_array_remove_index (restrictions, place);
  if (until > get_now (self))
    g_ptr_array_add (restrictions, tea_restriction_new (subject, until, why != NULL ? why : ""));
}

static gboolean
is_restricted (TeaRuleBook *self, GPtrArray *restrictions, const char *subject, gint64 *until)
{
  const TeaRestriction *restriction = NULL;
  guint place = 0;

  if (!find_restriction (restrictions, subject, &place))
    return FALSE;

  restriction = g_ptr_array_index (restrictions, place);
  if (restriction->until <= get_now (self))
    return FALSE;

  if (until != NULL)
    *until = restriction->until;

  return TRUE;
}

static gboolean
set_role (TeaRuleBook *self, const char *key, const char *name, TeaRoomRole role)
{
  GPtrArray *roles = self->rules->roles;
  gboolean is_changed = role > TEA_ROOM_ROLE_MEMBER;

  /* In other rooms members have their role themselves. */
  if (self->room != TEA_ROOM_INFO_HALL)
    return FALSE;

  for (guint i = roles->len; i > 0; i--)
    if (g_str_equal (((TeaMembership *) g_ptr_array_index (roles, i - 1))->key, key))
      {
        g_ptr_array_remove_index (roles, i - 1);
        is_changed = TRUE;
      }

  if (role > TEA_ROOM_ROLE_MEMBER)
    g_ptr_array_add (roles, tea_membership_new (key, name != NULL ? name : "", (guint8) role, 0));

  return is_changed;
}

static gboolean
apply_role (TeaRuleBook *self, TeaEvent *event)
{
  g_autofree char *key = NULL;
  TeaRoomRole role = TEA_ROOM_ROLE_NONE;

  return tea_event_data_decode_role (tea_event_get_data (event), &key, &role)
         && set_role (self, key, tea_event_get_text (event), role);
}

static gboolean
apply_sent_out (TeaRuleBook *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (!tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out))
    return FALSE;

  set_role (self, sent_out.key, NULL, TEA_ROOM_ROLE_MEMBER);
  restrict_subject (self, self->rules->bans, sent_out.key, sent_out.until,
                    tea_event_get_text (event));

  return TRUE;
}

static gboolean
apply_muted (TeaRuleBook *self, TeaEvent *event)
{
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;
  gint64 until = 0;

  if (!tea_event_data_decode_muted (tea_event_get_data (event), &key, &name, &until))
    return FALSE;

  restrict_subject (self, self->rules->mutes, key, until, tea_event_get_text (event));

  return TRUE;
}

static gboolean
remove_pin (TeaRuleBook *self, guint64 target)
{
  for (guint i = 0; i < self->rules->pins->len; i++)
    if (((TeaPin *) g_ptr_array_index (self->rules->pins, i))->target == target)
      {
        g_ptr_array_remove_index (self->rules->pins, i);
        return TRUE;
      }

  return FALSE;
}

static gboolean
apply_pinned (TeaRuleBook *self, TeaEvent *event)
{
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  guint64 target = tea_event_get_target (event);
  gboolean is_set = FALSE;

  if (!tea_event_data_decode_switch (tea_event_get_data (event), &is_set))
    return FALSE;

  if (!is_set)
    return remove_pin (self, target);

  /* Pinned already: it is said with what pinned it first. */
  if (tea_rule_book_is_pinned (self, target) || self->rules->pins->len >= TEA_RULE_BOOK_MAX_PINS)
    return FALSE;

  g_ptr_array_add (self->rules->pins, tea_pin_new (target, tea_event_get_seq (event), record));

  return TRUE;
}

static gboolean
apply_topic (TeaRuleBook *self, TeaEvent *event)
{
  g_autoptr (GBytes) record = tea_event_record_encode (event);

  tea_room_rules_set_topic (self->rules, tea_event_get_seq (event), record);

  return TRUE;
}

static gboolean
apply_settings (TeaRuleBook *self, TeaEvent *event)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;

  if (!tea_event_data_decode_settings (tea_event_get_data (event), &settings)
      || settings.slow_mode == TEA_SLOW_UNCHANGED || settings.slow_mode == self->rules->slow_mode)
    return FALSE;

  self->rules->slow_mode = settings.slow_mode;

  return TRUE;
}

static void
save (TeaRuleBook *self)
{
  tea_store_save_rules (self->store, self->room, self->rules);
}

static void
tea_rule_book_finalize (GObject *object)
{
  TeaRuleBook *self = TEA_RULE_BOOK (object);

  tea_room_rules_free (self->rules);
  g_object_unref (self->store);

  G_OBJECT_CLASS (tea_rule_book_parent_class)->finalize (object);
}

static void
tea_rule_book_class_init (TeaRuleBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_rule_book_finalize;
}

static void
tea_rule_book_init (TeaRuleBook *self)
{
  self->rules = tea_room_rules_new ();
}

/**
 * tea_rule_book_new:
 * @store: where it is kept
 * @room: the room's number
 *
 * Returns: (transfer full): a book without a rule
 */
TeaRuleBook *
tea_rule_book_new (TeaStore *store, guint32 room)
{
  TeaRuleBook *self = NULL;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);

  self = g_object_new (TEA_TYPE_RULE_BOOK, NULL);
  self->store = g_object_ref (store);
  self->room = room;

  return self;
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRuleBook *self = g_task_get_source_object (task);
  g_autoptr (TeaRoomRules) rules = NULL;
  GError *error = NULL;

  rules = tea_store_load_rules_finish (TEA_STORE (object), result, &error);
  if (rules == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  tea_room_rules_free (self->rules);
  self->rules = g_steal_pointer (&rules);
  g_task_return_boolean (task, TRUE);
}

/**
 * tea_rule_book_load_async:
 * @self: a book
 * @cancellable: (nullable): to give up with
 * @callback: called when it is loaded
 * @user_data: for @callback
 *
 * Takes over what was kept. What it takes account of already may be applied again.
 */
void
tea_rule_book_load_async (TeaRuleBook *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (TEA_IS_RULE_BOOK (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_rule_book_load_async);
  tea_store_load_rules_async (self->store, self->room, cancellable, loaded_cb, task);
}

/**
 * tea_rule_book_load_finish:
 * @self: a book
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is loaded; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_rule_book_load_finish (TeaRuleBook *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_rule_book_apply:
 * @self: a book
 * @event: what happened next in the room
 *
 * Takes account of an event, and keeps what it changes.
 */
void
tea_rule_book_apply (TeaRuleBook *self, TeaEvent *event)
{
  gboolean is_changed = FALSE;

  g_return_if_fail (TEA_IS_RULE_BOOK (self));
  g_return_if_fail (event != NULL);

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_ROLE:
      is_changed = apply_role (self, event);
      break;
    case TEA_EVENT_SENT_OUT:
      is_changed = apply_sent_out (self, event);
      break;
    case TEA_EVENT_MUTED:
      is_changed = apply_muted (self, event);
      break;
    case TEA_EVENT_PINNED:
      is_changed = apply_pinned (self, event);
      break;
    case TEA_EVENT_REMOVED:
      is_changed = remove_pin (self, tea_event_get_target (event));
      break;
    case TEA_EVENT_TOPIC:
      is_changed = apply_topic (self, event);
      break;
    case TEA_EVENT_SETTINGS:
      is_changed = apply_settings (self, event);
      break;
    default:
      break;
    }

  if (is_changed)
    save (self);
}

/**
 * tea_rule_book_unpin:
 * @self: a book
 * @target: a message that is erased
 *
 * Forgets that a message is pinned.
 */
void
tea_rule_book_unpin (TeaRuleBook *self, guint64 target)
{
  g_return_if_fail (TEA_IS_RULE_BOOK (self));

  if (remove_pin (self, target))
    save (self);
}

static GInetAddressMask *
make_mask (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16] = { 0 };
  guint length;

  if (parsed == NULL)
    return NULL;

  length = g_inet_address_get_family (parsed) == G_SOCKET_FAMILY_IPV6 ? IPV6_PREFIX : IPV4_PREFIX;
  for (guint i = 0; i < length / 8; i++)
    bytes[i] = g_inet_address_to_bytes (parsed)[i];
  network = g_inet_address_new_from_bytes (bytes, g_inet_address_get_family (parsed));

  return g_inet_address_mask_new (network, length, NULL);
}

/**
 * tea_rule_book_ban_network:
 * @self: the book of the hall
 * @address: an IP address
 * @until: until when, in µs since 1970 UTC
 *
 * Bans the network of an address: 24 bits of IPv4, 64 of IPv6.
 */
void
tea_rule_book_ban_network (TeaRuleBook *self, const char *address, gint64 until)
{
  g_autoptr (GInetAddressMask) mask = NULL;
  g_autofree char *prefix = NULL;
  GPtrArray *networks = NULL;
  guint first = 0;

  g_return_if_fail (TEA_IS_RULE_BOOK (self));
  g_return_if_fail (address != NULL);

  mask = make_mask (address);
  if (mask == NULL)
    return;

  networks = self->rules->networks;
  prefix = g_inet_address_mask_to_string (mask);
  restrict_subject (self, networks, prefix, until, "");
  if (networks->len > MAX_NETWORKS)
    {
      for (guint i = 1; i < networks->len; i++)
        if (((TeaRestriction *) g_ptr_array_index (networks, i))->until
            < ((TeaRestriction *) g_ptr_array_index (networks, first))->until)
          first = i;
      g_ptr_array_remove_index (networks, first);
    }
  save (self);
}

/**
 * tea_rule_book_is_banned:
 * @self: a book
 * @key: the fingerprint of a key
 * @until: (out) (optional): until when, in µs since 1970 UTC; %TEA_EVENT_MAX_TIME for good
 *
 * Returns: whether the key must not come in now
 */
gboolean
tea_rule_book_is_banned (TeaRuleBook *self, const char *key, gint64 *until)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return is_restricted (self, self->rules->bans, key, until);
}

/**
 * tea_rule_book_is_muted:
 * @self: a book
 * @key: the fingerprint of a key
 * @until: (out) (optional): until when, in µs since 1970 UTC; %TEA_EVENT_MAX_TIME for good
 *
 * Returns: whether the key must not say anything now
 */
gboolean
tea_rule_book_is_muted (TeaRuleBook *self, const char *key, gint64 *until)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return is_restricted (self, self->rules->mutes, key, until);
}

/**
 * tea_rule_book_has_network_bans:
 * @self: the book of the hall
 *
 * Returns: whether any network is banned, or was lately
 */
gboolean
tea_rule_book_has_network_bans (TeaRuleBook *self)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), FALSE);

  return self->rules->networks->len > 0;
}

/**
 * tea_rule_book_get_network_ban:
 * @self: the book of the hall
 * @address: (nullable): an IP address; %NULL where there is none
 *
 * Returns: until when its network is banned, in µs since 1970 UTC; 0 where it is not
 */
gint64
tea_rule_book_get_network_ban (TeaRuleBook *self, const char *address)
{
  g_autoptr (GInetAddressMask) mask = NULL;
  g_autofree char *prefix = NULL;
  gint64 until = 0;

  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), 0);

  if (self->rules->networks->len == 0 || address == NULL)
    return 0;

  mask = make_mask (address);
  if (mask == NULL)
    return 0;

  prefix = g_inet_address_mask_to_string (mask);

  return is_restricted (self, self->rules->networks, prefix, &until) ? until : 0;
}

/**
 * tea_rule_book_is_full:
 * @self: a book
 *
 * Returns: whether as many are banned, or muted, as can be
 */
gboolean
tea_rule_book_is_full (TeaRuleBook *self)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), TRUE);

  drop_ended (self, self->rules->bans);
  drop_ended (self, self->rules->mutes);

  return MAX (self->rules->bans->len, self->rules->mutes->len) >= TEA_RULE_BOOK_MAX_ENTRIES;
}

/**
 * tea_rule_book_get_role:
 * @self: the book of the hall
 * @key: the fingerprint of a key
 *
 * Returns: its role there
 */
TeaRoomRole
tea_rule_book_get_role (TeaRuleBook *self, const char *key)
{
  GPtrArray *roles = NULL;

  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), TEA_ROOM_ROLE_MEMBER);
  g_return_val_if_fail (key != NULL, TEA_ROOM_ROLE_MEMBER);

  roles = self->rules->roles;
  for (guint i = 0; i < roles->len; i++)
    {
      const TeaMembership *membership = g_ptr_array_index (roles, i);

      if (g_str_equal (membership->key, key))
        return (TeaRoomRole) membership->role;
    }

  return TEA_ROOM_ROLE_MEMBER;
}

/**
 * tea_rule_book_get_slow_mode:
 * @self: a book
 *
 * Returns: how many seconds are between two messages of one member; 0 for none
 */
guint
tea_rule_book_get_slow_mode (TeaRuleBook *self)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), 0);

  return self->rules->slow_mode;
}

/**
 * tea_rule_book_is_pinned:
 * @self: a book
 * @target: the number of a message
 *
 * Returns: whether it is pinned
 */
gboolean
tea_rule_book_is_pinned (TeaRuleBook *self, guint64 target)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), FALSE);

  for (guint i = 0; i < self->rules->pins->len; i++)
    if (((TeaPin *) g_ptr_array_index (self->rules->pins, i))->target == target)
      return TRUE;

  return FALSE;
}

/**
 * tea_rule_book_get_n_pins:
 * @self: a book
 *
 * Returns: how many messages are pinned
 */
guint
tea_rule_book_get_n_pins (TeaRuleBook *self)
{
  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), 0);

  return self->rules->pins->len;
}

static void
add_notice (GPtrArray *notices, guint64 seq, GBytes *record)
{
  g_autoptr (GError) error = NULL;
  TeaEvent *event = tea_event_record_decode (seq, 0, record, &error);

  if (event != NULL)
    g_ptr_array_add (notices, event);
  else
    g_warning ("What holds in a room cannot be read: %s", error->message);
}

/**
 * tea_rule_book_list_notices:
 * @self: a book
 *
 * Returns: (transfer full) (element-type TeaEvent): the events that set the topic and pinned
 *   what is pinned
 */
GPtrArray *
tea_rule_book_list_notices (TeaRuleBook *self)
{
  g_autoptr (GPtrArray) notices = NULL;

  g_return_val_if_fail (TEA_IS_RULE_BOOK (self), NULL);

  notices = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  if (self->rules->topic_seq != 0)
    add_notice (notices, self->rules->topic_seq, self->rules->topic);
  for (guint i = 0; i < self->rules->pins->len; i++)
    {
      const TeaPin *pin = g_ptr_array_index (self->rules->pins, i);

      add_notice (notices, pin->seq, pin->record);
    }

  return g_steal_pointer (&notices);
}
