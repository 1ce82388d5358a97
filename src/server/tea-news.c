/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-news.h"

#include "tea-frame-encode.h"
#include "tea-room-ref.h"

/* News is told again until the client shows that it has come: doubling, from the first to the
 * last. */
#define FIRST_INTERVAL G_TIME_SPAN_SECOND
#define LAST_INTERVAL (60 * G_TIME_SPAN_SECOND)

struct _TeaNews
{
  TeaHouse *house;         /* (owned) */
  TeaClock *clock;         /* (owned) */
  TeaSecureSender *sender; /* (unowned) */
  char *key;               /* (owned) */

  GHashTable *items; /* (element-type guint32 Item): by the room's number */
};

/* What is new in one room. */
typedef struct
{
  TeaNews *news;
  guint32 room;
  char *folded; /* (owned) */
  GCancellable *cancellable;
  TeaStoreListing *listing; /* (owned) */
  guint64 joined;           /* what was said before that is nothing unread */
  guint64 counted;          /* up to which event what was not read is counted; 0: not yet */
  gboolean is_declined;     /* the client does not want to hear of it */
  gint64 interval;
  TeaTimer *timer; /* (owned) */
} Item;

static void
item_free (Item *item)
{
  g_cancellable_cancel (item->cancellable);
  g_object_unref (item->cancellable);
  tea_timer_free (item->timer);
  tea_store_listing_free (item->listing);
  g_free (item->folded);
  g_free (item);
}

static void
tell (Item *item)
{
  TeaNews *self = item->news;
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  TeaListedRoom room;

  tea_news_describe (self->house, self->key, item->listing, &room, strings);
  tea_secure_sender_send (self->sender, 0,
                          tea_frame_encode_room_list (TEA_ROOMS_NEWS, "", "", &room, 1));
  tea_timer_set (item->timer, item->interval);
  item->interval = MIN (item->interval * 2, LAST_INTERVAL);
}

/* Something that is found out about an item, which may go meanwhile. */
typedef struct
{
  GCancellable *cancellable; /* (owned) */
  Item *item;                /* (unowned): until that is cancelled */
  guint64 head;              /* of the room, when it was asked */
} Asked;

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->cancellable);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
unread_counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  Item *item = asked->item;
  guint n_unread = 0;

  if (!tea_store_count_unread_finish (TEA_STORE (object), result, &n_unread, NULL))
    n_unread = 1;
  if (g_cancellable_is_cancelled (asked->cancellable))
    return;

  item->listing->n_unread = n_unread;
  item->counted = asked->head;
  tell (item);
}

static void
position_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  guint64 read = 0;
  Item *item;

  tea_positions_find_finish (TEA_POSITIONS (object), result, &read, NULL);
  if (g_cancellable_is_cancelled (asked->cancellable))
    return;

  item = asked->item;
  read = MAX (read, item->joined);
  if (item->counted == item->listing->head && read == item->listing->read)
    {
      tell (item);
      return;
    }

  asked->head = item->listing->head;
  item->listing->read = read;
  tea_store_count_unread_async (tea_house_get_store (item->news->house), item->room, read,
                                TEA_UNREAD_MORE, NULL, unread_counted_cb, g_steal_pointer (&asked));
}

/* By another program they may have read some of it since. */
static void
find_unread (Item *item)
{
  TeaNews *self = item->news;
  Asked *asked = g_new0 (Asked, 1);

  asked->cancellable = g_object_ref (item->cancellable);
  asked->item = item;
  tea_positions_find_async (tea_house_get_positions (self->house), item->room, self->key,
                            position_found_cb, asked);
}

static void
timer_cb (gpointer user_data)
{
  find_unread (user_data);
}

static Item *
item_new (TeaNews *self, TeaRoom *room)
{
  const TeaRoomInfo *info = tea_room_get_info (room);
  Item *item = g_new0 (Item, 1);

  item->news = self;
  item->room = info->number;
  item->cancellable = g_cancellable_new ();
  item->listing = g_new0 (TeaStoreListing, 1);
  item->timer = tea_timer_new (self->clock, timer_cb, item);
  item->interval = FIRST_INTERVAL;
  g_hash_table_insert (self->items, GUINT_TO_POINTER (item->room), item);

  return item;
}

/* Brings what is told of a room up to date. */
static void
update (Item *item, TeaRoom *room)
{
  TeaNews *self = item->news;
  TeaMembers *members = tea_room_get_members (room);
  const TeaMembership *membership = tea_members_find (members, self->key);

  item->joined = membership != NULL ? membership->joined : 0;
  g_clear_pointer (&item->listing->info, tea_room_info_free);
  item->listing->info = tea_room_info_copy (tea_room_get_info (room));
  g_free (item->folded);
  item->folded = g_strdup (item->listing->info->folded);
  item->listing->role = (guint8) tea_room_get_role (room, self->key);
  item->listing->is_invited = tea_members_is_invited (members, self->key);
  item->listing->n_members = tea_members_get_n_members (members);
  item->listing->head = tea_room_reader_get_head (tea_room_get_reader (room));
}

/**
 * tea_news_new: (skip)
 * @house: the house
 * @clock: by which clock
 * @sender: (transfer none): what goes to the client, as long as the news is there
 * @key: the fingerprint of the client's key
 *
 * Returns: (transfer full): no news
 */
TeaNews *
tea_news_new (TeaHouse *house, TeaClock *clock, TeaSecureSender *sender, const char *key)
{
  TeaNews *self;

  g_return_val_if_fail (TEA_IS_HOUSE (house), NULL);
  g_return_val_if_fail (sender != NULL && key != NULL, NULL);

  self = g_new0 (TeaNews, 1);
  self->house = g_object_ref (house);
  self->clock = g_object_ref (clock);
  self->sender = sender;
  self->key = g_strdup (key);
  self->items = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) item_free);

  return self;
}

/**
 * tea_news_free: (skip)
 * @self: (transfer full): news
 *
 * Tells nothing any more.
 */
void
tea_news_free (TeaNews *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->items);
  g_free (self->key);
  g_object_unref (self->house);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_news_add: (skip)
 * @self: news
 * @room: a room that the client does not have open
 *
 * Tells the client, and again after 1, 2, 4 … 60 s, until it opens the room or says that it
 * is not interested.
 */
void
tea_news_add (TeaNews *self, TeaRoom *room)
{
  guint32 number;
  Item *item;

  g_return_if_fail (self != NULL);
  g_return_if_fail (TEA_IS_ROOM (room));

  number = tea_room_get_info (room)->number;
  item = g_hash_table_lookup (self->items, GUINT_TO_POINTER (number));
  if (item != NULL && item->is_declined)
    return;

  if (item == NULL)
    {
      item = item_new (self, room);
      update (item, room);
      find_unread (item);
      return;
    }

  /* It is counted when it is told the next time: now nobody knows whether it was counted. */
  update (item, room);
}

/**
 * tea_news_forget: (skip)
 * @self: (nullable): news
 * @room: a room's number
 *
 * There is nothing new in a room any more: the client has it open, or is out.
 */
void
tea_news_forget (TeaNews *self, guint32 room)
{
  if (self != NULL)
    g_hash_table_remove (self->items, GUINT_TO_POINTER (room));
}

/**
 * tea_news_decline: (skip)
 * @self: news
 * @address: the address of a room
 *
 * Tells nothing of a room any more, until the client has had it open.
 */
void
tea_news_decline (TeaNews *self, const char *address)
{
  g_autofree char *folded = NULL;
  GHashTableIter iter;
  Item *item;

  g_return_if_fail (self != NULL);
  g_return_if_fail (address != NULL);

  folded = tea_news_fold_address (self->key, address);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    if (g_str_equal (item->folded, folded))
      {
        item->is_declined = TRUE;
        tea_timer_unset (item->timer);
      }
}

/**
 * tea_news_fold_address: (skip)
 * @key: the fingerprint of a key
 * @address: the address of a room, as whoever has that key calls it
 *
 * Returns: (transfer full): by what the room is found; empty for what is no address
 */
char *
tea_news_fold_address (const char *key, const char *address)
{
  char *folded = NULL;

  if (tea_room_kind_from_address (address) == TEA_ROOM_KIND_PAIR)
    {
      g_autofree char *other = tea_room_ref_dup_pair_key (address);

      folded = other != NULL ? tea_room_info_fold_pair (key, other) : NULL;
    }
  else
    {
      folded = tea_room_ref_fold (address);
    }

  return folded != NULL ? folded : g_strdup ("");
}

/**
 * tea_news_describe: (skip)
 * @house: the house
 * @key: the fingerprint of a key
 * @listing: a room as it stands in a list for whoever has that key
 * @room: (out caller-allocates): the same as it is told, as long as @listing and @strings are
 *   there
 * @strings: (element-type utf8): where what is made for it is kept
 *
 * Puts a room into the list that a client is told: the conversation of two has the other's key
 * and name.
 */
void
tea_news_describe (TeaHouse *house,
                   const char *key,
                   const TeaStoreListing *listing,
                   TeaListedRoom *room,
                   GPtrArray *strings)
{
  const TeaRoomInfo *info = listing->info;
  gboolean is_member = listing->role != TEA_ROOM_ROLE_NONE;
  g_autofree char *other = tea_room_info_dup_other (info, key);
  guint32 flags = info->flags;

  if (info->password != NULL)
    flags |= TEA_ROOM_HAS_PASSWORD;
  if (other != NULL)
    flags |= TEA_ROOM_PAIR;

  *room = (TeaListedRoom){ .head = is_member ? listing->head : 0,
                           .unread = is_member ? listing->n_unread : 0,
                           .n_members = listing->n_members,
                           .flags = (TeaRoomFlags) flags,
                           .role = (TeaRoomRole) listing->role,
                           .address = info->address,
                           .title = info->title };

  if (tea_house_is_operator (house, key) && (info->flags & TEA_ROOM_LISTED) != 0)
    room->role = TEA_ROOM_ROLE_OWNER;
  if (other == NULL)
    return;

  g_ptr_array_add (strings, tea_room_ref_make_pair (other));
  room->address = g_ptr_array_index (strings, strings->len - 1);
  room->title = tea_house_find_name (house, other);
  if (*room->title == '\0' && listing->other_name != NULL)
    room->title = listing->other_name;
}
