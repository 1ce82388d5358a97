/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-member-list.h"

#include "tea-name.h"

/**
 * TeaMemberList:
 *
 * Who is in a room, as far as a client knows: a [iface@Gio.ListModel] of
 * [class@Tea.Member], in which nobody is twice. This program's user is in it, whatever else
 * is known.
 */
struct _TeaMemberList
{
  GObject parent_instance;

  GPtrArray *members; /* (element-type TeaMember) */
  GHashTable *by_key; /* (element-type utf8 TeaMember) */
  char *own_key;      /* (nullable): who is in it always */
};

static GType
tea_member_list_get_item_type (GListModel *model)
{
  return TEA_TYPE_MEMBER;
}

static guint
tea_member_list_get_n_items (GListModel *model)
{
  TeaMemberList *self = TEA_MEMBER_LIST (model);

  return self->members->len;
}

static gpointer
tea_member_list_get_item (GListModel *model, guint position)
{
  TeaMemberList *self = TEA_MEMBER_LIST (model);

  if (position >= self->members->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->members, position));
}

static void
tea_member_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tea_member_list_get_item_type;
  iface->get_n_items = tea_member_list_get_n_items;
  iface->get_item = tea_member_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaMemberList,
                               tea_member_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tea_member_list_list_model_init))

static gboolean
append (TeaMemberList *self, TeaMember *member)
{
  char *key = (char *) tea_member_get_folded_name (member);

  if (g_hash_table_contains (self->by_key, key))
    return FALSE;

  g_hash_table_insert (self->by_key, key, member);
  g_ptr_array_add (self->members, g_object_ref (member));

  return TRUE;
}

static void
remove_at (TeaMemberList *self, guint position)
{
  TeaMember *member = g_ptr_array_index (self->members, position);

  g_hash_table_remove (self->by_key, tea_member_get_folded_name (member));
  g_ptr_array_remove_index (self->members, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static gboolean
is_own (TeaMemberList *self, const char *key)
{
  return g_strcmp0 (key, self->own_key) == 0;
}

/* Whether somebody is not in the room any more, or more is known of them. */
static gboolean
is_outdated (TeaMemberList *self, TeaMember *known, TeaMember *present)
{
  if (present == NULL)
    return !is_own (self, tea_member_get_folded_name (known));

  return tea_member_get_since (known) != tea_member_get_since (present)
         || g_strcmp0 (tea_member_get_fingerprint (known), tea_member_get_fingerprint (present))
                != 0;
}

static void
remove_key (TeaMemberList *self, const char *key)
{
  TeaMember *member = g_hash_table_lookup (self->by_key, key);
  guint position;

  if (member != NULL && g_ptr_array_find (self->members, member, &position))
    remove_at (self, position);
}

static void
tea_member_list_finalize (GObject *object)
{
  TeaMemberList *self = TEA_MEMBER_LIST (object);

  g_free (self->own_key);
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->members);

  G_OBJECT_CLASS (tea_member_list_parent_class)->finalize (object);
}

static void
tea_member_list_class_init (TeaMemberListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_member_list_finalize;
}

static void
tea_member_list_init (TeaMemberList *self)
{
  self->members = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * tea_member_list_new:
 *
 * Returns: (transfer full): an empty list
 */
TeaMemberList *
tea_member_list_new (void)
{
  return g_object_new (TEA_TYPE_MEMBER_LIST, NULL);
}

/**
 * tea_member_list_set_own:
 * @self: a list
 * @name: what this program's user is called
 *
 * Puts this program's user into the list, in place of whom it was before.
 */
void
tea_member_list_set_own (TeaMemberList *self, const char *name)
{
  g_autoptr (TeaMember) member = NULL;

  g_return_if_fail (TEA_IS_MEMBER_LIST (self));
  g_return_if_fail (name != NULL);

  if (self->own_key != NULL)
    remove_key (self, self->own_key);

  member = tea_member_new (name);
  g_free (self->own_key);
  self->own_key = g_strdup (tea_member_get_folded_name (member));
  tea_member_list_add (self, member);
}

/**
 * tea_member_list_lookup:
 * @self: a list
 * @name: a name in valid UTF-8
 *
 * Returns: (transfer none) (nullable): who has that name, if they are in the list
 */
TeaMember *
tea_member_list_lookup (TeaMemberList *self, const char *name)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (TEA_IS_MEMBER_LIST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  key = tea_name_fold (name);

  return g_hash_table_lookup (self->by_key, key);
}

/**
 * tea_member_list_add:
 * @self: a list
 * @member: somebody who is in the room
 *
 * Adds somebody. Who is in the list already stays the same object, unless they have entered
 * anew since.
 */
void
tea_member_list_add (TeaMemberList *self, TeaMember *member)
{
  TeaMember *known;

  g_return_if_fail (TEA_IS_MEMBER_LIST (self));
  g_return_if_fail (TEA_IS_MEMBER (member));

  known = g_hash_table_lookup (self->by_key, tea_member_get_folded_name (member));
  if (known != NULL && tea_member_get_since (known) < tea_member_get_since (member))
    remove_key (self, tea_member_get_folded_name (member));

  if (append (self, member))
    g_list_model_items_changed (G_LIST_MODEL (self), self->members->len - 1, 0, 1);
}

/**
 * tea_member_list_remove:
 * @self: a list
 * @name: a name in valid UTF-8
 *
 * Takes somebody out, if they are in the list and not this program's user.
 */
void
tea_member_list_remove (TeaMemberList *self, const char *name)
{
  g_autofree char *key = NULL;

  g_return_if_fail (TEA_IS_MEMBER_LIST (self));
  g_return_if_fail (name != NULL);

  key = tea_name_fold (name);
  if (!is_own (self, key))
    remove_key (self, key);
}

/**
 * tea_member_list_set:
 * @self: a list
 * @members: (element-type TeaMember): everyone who is in the room
 *
 * Makes the list be of these people, and this program's user. Who is in it already stays the
 * same object, unless more is known of them.
 */
void
tea_member_list_set (TeaMemberList *self, GPtrArray *members)
{
  g_autoptr (GHashTable) present = NULL;
  guint n_kept;

  g_return_if_fail (TEA_IS_MEMBER_LIST (self));
  g_return_if_fail (members != NULL);

  present = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < members->len; i++)
    {
      TeaMember *member = g_ptr_array_index (members, i);

      g_hash_table_insert (present, (char *) tea_member_get_folded_name (member), member);
    }

  for (guint i = self->members->len; i-- > 0;)
    {
      TeaMember *known = g_ptr_array_index (self->members, i);

      if (is_outdated (self, known,
                       g_hash_table_lookup (present, tea_member_get_folded_name (known))))
        remove_at (self, i);
    }

  n_kept = self->members->len;
  for (guint i = 0; i < members->len; i++)
    append (self, g_ptr_array_index (members, i));

  if (self->members->len > n_kept)
    g_list_model_items_changed (G_LIST_MODEL (self), n_kept, 0, self->members->len - n_kept);
}
