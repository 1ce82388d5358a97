/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-presence.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-name-ration.h"
#include "tea-name-skeleton.h"

/* How long to wait before a leaving is tried again that could not be stored: doubling,
 * from the first to the last. */
#define FIRST_RETRY G_TIME_SPAN_SECOND
#define LAST_RETRY (30 * G_TIME_SPAN_SECOND)

/* It is saved so long after something happened, and after so many events at the latest:
 * then little has to be read again at the next start, and little waits for that to be
 * removed from the log. */
#define SAVE_DELAY (2 * G_TIME_SPAN_SECOND)
#define SAVE_EVENTS 1000

/* How often to look for names that are free again. */
#define EXPIRY_INTERVAL G_TIME_SPAN_DAY

/* How many names are kept in all. */
#define MAX_NAMES 1000000

/* How many variants of a name are tried until a free one is found. */
#define MAX_SUGGESTIONS 64

/**
 * TeaPresence:
 *
 * Who is in the house now: a reading of the hall's log. Whoever comes or goes is written
 * into the log; once that is stored, and the log tells of it, it has happened.
 *
 * Somebody is here by one or more sessions. Who has a key stays for a grace time when the
 * last of them is lost, and so does everyone when the server is started again.
 */
struct _TeaPresence
{
  GObject parent_instance;

  TeaRoomWriter *writer;  /* (owned) */
  TeaNameRegistry *names; /* (owned) */
  TeaNameStore *store;    /* (owned) */
  TeaCalendar *calendar;  /* (owned) */
  TeaClock *clock;        /* (owned) */
  TeaNameRation *ration;  /* (owned) */
  GTimeSpan grace;
  guint max; /* so many people */
  gboolean is_open;

  GHashTable *people; /* (element-type TeaName Person) */
  GSequence *here;    /* (element-type Person) (unowned): as they joined */
  GQueue changed;     /* (element-type Person): of whom everyone is being told */
  guint n_joining;    /* how many are on their way in */
  guint n_names;      /* how many were kept when a name was looked up last */

  guint64 head;        /* the latest event that it takes account of */
  guint64 saved;       /* the event that what is saved takes account of */
  GHashTable *unsaved; /* (element-type TeaName): of these the store does not know the latest */
  TeaTimer *save_timer;
  TeaTimer *expiry_timer;
  gboolean is_closing; /* whether nobody comes in any more who is not here */
};

/*
 * What goes on about one name. There is one for everybody who is here or on their way in
 * or out, and one thing at a time is done about a name: who asks for it meanwhile is
 * decided upon later.
 */
typedef struct
{
  TeaPerson public;
  TeaPresence *presence;
  TeaName *id;         /* (owned): which name */
  TeaName *name;       /* (owned) (nullable): as whoever is here writes it */
  char *key;           /* (owned) (nullable) */
  char *skeleton;      /* (owned) (nullable): what names that look like theirs have in common */
  gint64 time;         /* when they joined */
  guint64 day;         /* on which day of the house's life */
  GSequenceIter *iter; /* (nullable): among those who are here */
  GQueue stays;        /* (element-type TeaStay): maybe none */

  GTask *looking;      /* (owned) (nullable): for whom it is looked up whose the name is */
  GTask *joining;      /* (owned) (nullable): whose entering is being stored */
  GQueue waiting;      /* (element-type GTask): who else wants to enter */
  GQueue leaving;      /* (element-type GTask): who waits until they are out */
  gboolean is_leaving; /* they are to be out */
  gboolean is_left;    /* that is being stored */
  gboolean is_busy;    /* answers are being given */
  guint n_writing;     /* how many of their messages are on their way */

  TeaTimer *timer; /* (owned): when somebody without a session is to leave */
  gint64 retry;    /* how long to wait when leaving could not be stored */
} Person;

struct _TeaStay
{
  Person *person; /* (nullable): NULL once they are out */
  TeaName *name;  /* (owned) */
  guint64 since;
  GList link; /* in the person's stays */
};

/* What somebody asked for who wants to enter. */
typedef struct
{
  TeaName *name;            /* (owned) */
  char *key;                /* (owned) (nullable) */
  char *address;            /* (owned) (nullable) */
  TeaNameRegistry *names;   /* (owned) (nullable): which keeps in mind what the key owns */
  TeaRegisteredName *entry; /* (owned) (nullable): what the store knows of the name */
} Entering;

/* A search for a name that somebody could have. */
typedef struct
{
  TeaName *name; /* (owned) */
  char *key;     /* (owned) (nullable) */
  guint n_tried;
} Suggesting;

/* Whose leaving is being stored. */
typedef struct
{
  TeaPresence *presence; /* (owned) */
  TeaName *name;         /* (owned) */
} Leaving;

G_DEFINE_FINAL_TYPE (TeaPresence, tea_presence, G_TYPE_OBJECT)

static void
entering_free (Entering *entering)
{
  if (entering->names != NULL)
    tea_name_registry_let_go (entering->names, entering->key);
  g_clear_object (&entering->names);
  g_clear_pointer (&entering->entry, tea_registered_name_free);
  tea_name_unref (entering->name);
  g_free (entering->key);
  g_free (entering->address);
  g_free (entering);
}

static void
suggesting_free (Suggesting *suggesting)
{
  tea_name_unref (suggesting->name);
  g_free (suggesting->key);
  g_free (suggesting);
}

static void
leaving_free (Leaving *leaving)
{
  g_object_unref (leaving->presence);
  tea_name_unref (leaving->name);
  g_free (leaving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Leaving, leaving_free)

static void
return_try_later (GTask *task)
{
  g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                           _ ("The room is closed. Try again later."));
}

static void
answer_leaving (Person *person)
{
  GTask *task;

  while ((task = g_queue_pop_head (&person->leaving)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static void
end_stays (Person *person)
{
  GList *link;

  while ((link = g_queue_pop_head_link (&person->stays)) != NULL)
    ((TeaStay *) link->data)->person = NULL;
  answer_leaving (person);
}

static void
set_away (Person *person)
{
  if (person->iter != NULL)
    g_sequence_remove (person->iter);
  person->iter = NULL;
  person->public = (TeaPerson){ 0 };
  g_clear_pointer (&person->name, tea_name_unref);
  g_clear_pointer (&person->key, g_free);
  g_clear_pointer (&person->skeleton, g_free);
}

static void
person_free (Person *person)
{
  GTask *task;

  if (person->looking != NULL)
    return_try_later (person->looking);
  g_clear_object (&person->looking);
  if (person->joining != NULL)
    return_try_later (person->joining);
  g_clear_object (&person->joining);

  while ((task = g_queue_pop_head (&person->waiting)) != NULL)
    {
      return_try_later (task);
      g_object_unref (task);
    }

  end_stays (person);
  set_away (person);
  g_queue_remove (&person->presence->changed, person);
  tea_timer_free (person->timer);
  tea_name_unref (person->id);
  g_free (person);
}

static int
compare_joined (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Person *one = a;
  const Person *other = b;

  return (one->public.joined > other->public.joined) - (one->public.joined < other->public.joined);
}

static void
set_here (Person *person, TeaName *name, const char *key, guint64 joined, gint64 time, guint64 day)
{
  set_away (person);
  person->name = tea_name_ref (name);
  person->key = g_strdup (key);
  person->skeleton = tea_name_skeleton (tea_name_get_text (name));
  person->time = time;
  person->day = day;
  person->public = (TeaPerson){ person->name, person->key, joined };
  person->iter = g_sequence_insert_sorted (person->presence->here, person, compare_joined, NULL);
}

static gboolean
is_here (Person *person)
{
  return person->iter != NULL;
}

static void go_on (Person *person);

static void
left_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Leaving) leaving = user_data;
  g_autoptr (GError) error = NULL;
  Person *person = g_hash_table_lookup (leaving->presence->people, leaving->name);

  if (tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error) != 0 || person == NULL
      || !person->is_leaving)
    return;

  /* They are out, as far as they know; everyone will hear of it when it can be kept. */
  g_debug ("Leaving could not be stored: %s", error->message);
  person->is_leaving = FALSE;
  person->is_left = FALSE;
  end_stays (person);
  tea_timer_set (person->timer, person->retry);
  person->retry = MIN (person->retry * 2, LAST_RETRY);
  go_on (person);
}

static void
leave_if_silent (Person *person)
{
  TeaPresence *self = person->presence;
  Leaving *leaving;
  TeaDraft draft;

  if (!person->is_leaving || person->is_left || person->n_writing > 0 || !self->is_open)
    return;

  person->is_left = TRUE;
  leaving = g_new0 (Leaving, 1);
  leaving->presence = g_object_ref (self);
  leaving->name = tea_name_ref (person->id);
  draft = (TeaDraft){ .kind = TEA_EVENT_LEFT, .author = person->name, .key = person->key };
  tea_room_writer_write_async (self->writer, &draft, left_cb, leaving);
}

static void
begin_to_leave (Person *person)
{
  tea_timer_unset (person->timer);
  person->is_leaving = TRUE;
  leave_if_silent (person);
}

static void
timer_cb (gpointer user_data)
{
  begin_to_leave (user_data);
}

/* When a stay has ended: whose last one it was leaves, or lingers. */
static void
check_stays (Person *person, gboolean is_lost)
{
  if (!is_here (person) || person->is_leaving || !g_queue_is_empty (&person->stays))
    return;

  if (is_lost && person->key != NULL)
    tea_timer_set (person->timer, person->presence->grace);
  else
    begin_to_leave (person);
}

static Person *
get_person (TeaPresence *self, TeaName *name)
{
  Person *person = g_hash_table_lookup (self->people, name);

  if (person != NULL)
    return person;

  person = g_new0 (Person, 1);
  person->presence = self;
  person->id = tea_name_ref (name);
  person->timer = tea_timer_new (self->clock, timer_cb, person);
  person->retry = FIRST_RETRY;
  g_queue_init (&person->stays);
  g_queue_init (&person->waiting);
  g_queue_init (&person->leaving);
  g_hash_table_insert (self->people, person->id, person);

  return person;
}

static void
begin_stay (Person *person, GTask *task)
{
  TeaStay *stay;

  if (g_task_return_error_if_cancelled (task))
    {
      check_stays (person, TRUE);
      return;
    }

  stay = g_new0 (TeaStay, 1);
  stay->person = person;
  stay->name = tea_name_ref (person->name);
  stay->since = person->presence->head;
  stay->link.data = stay;
  g_queue_push_tail_link (&person->stays, &stay->link);
  tea_timer_unset (person->timer);
  person->retry = FIRST_RETRY;
  g_task_return_pointer (task, stay, (GDestroyNotify) tea_stay_lose);
}

static void
joined_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPresence *self = g_task_get_source_object (task);
  Entering *entering = g_task_get_task_data (task);
  Person *person = g_hash_table_lookup (self->people, entering->name);
  g_autoptr (GError) error = NULL;

  self->n_joining--;
  tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);
  if (error == NULL || person == NULL || person->joining != task)
    return;

  if (g_error_matches (error, TEA_ERROR, TEA_ERROR_REFUSED))
    return_try_later (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));

  g_clear_object (&person->joining);
  go_on (person);
}

static gboolean
is_theirs (Person *person, const char *key)
{
  /* Who has no key and no session was here before the server was started again: whoever
   * has that name comes back, as far as anybody can know. */
  if (person->key == NULL)
    return key == NULL && g_queue_is_empty (&person->stays);

  return g_strcmp0 (person->key, key) == 0;
}

/* Whether somebody is here, or on their way in, under as many names as anybody can. */
static gboolean
has_many_names (TeaPresence *self, const char *key)
{
  GHashTableIter iter;
  Person *person;
  guint n = tea_name_registry_count_in_use (self->names, key);

  g_hash_table_iter_init (&iter, self->people);
  while (self->n_joining > 0 && g_hash_table_iter_next (&iter, NULL, (gpointer *) &person))
    if (person->joining != NULL && !is_here (person))
      n += g_strcmp0 (((Entering *) g_task_get_task_data (person->joining))->key, key) == 0;

  return n >= TEA_NAME_REGISTRY_MAX_NAMES;
}

static void
return_taken (GTask *task, Entering *entering)
{
  g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NAME_TAKEN, _ ("“%s” is taken."),
                           tea_name_get_text (entering->name));
}

/* Takes over what the store knows of a name, unless more is known already. */
static void
add_entry (TeaPresence *self, const TeaRegisteredName *entry)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (entry->name);

  if (entry->key != NULL && !g_hash_table_contains (self->unsaved, name))
    tea_name_registry_add (self->names, &(TeaOwnedName){ .name = name,
                                                         .key = entry->key,
                                                         .last_used = entry->last_used,
                                                         .last_day = entry->last_day });
}

/* What is known of a name: what is not yet saved is known here alone. */
static gboolean
find_name (TeaPresence *self, TeaName *name, const TeaOwnedName **owned)
{
  *owned = tea_name_registry_find (self->names, name);

  return *owned != NULL || g_hash_table_contains (self->unsaved, name);
}

static gboolean
is_entry_free (TeaPresence *self, TeaName *name, const TeaRegisteredName *entry, const char *key)
{
  /* Who has no key owns nothing. */
  if (entry == NULL || entry->key == NULL)
    return TRUE;

  return tea_name_registry_is_free (
      self->names, &(TeaOwnedName){ .name = name, .key = entry->key, .last_day = entry->last_day },
      key);
}

/* Whether the name is a new one for its key, which is kept for long then. */
static gboolean
check_new_name (TeaPresence *self, Entering *entering, const char *owner, GTask *task)
{
  if (entering->key == NULL || g_strcmp0 (owner, entering->key) == 0)
    return TRUE;

  if (self->n_names >= MAX_NAMES)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                               _ ("The server cannot keep more names. Enter under one that is "
                                  "yours already, or try again another day."));
      return FALSE;
    }

  if (entering->address != NULL && !tea_name_ration_take (self->ration, entering->address))
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                               _ ("Too many new names come from your network. Enter under one "
                                  "that is yours already, or try again another day."));
      return FALSE;
    }

  return TRUE;
}

/* Somebody else who is here, and whose name looks like the one that is asked for. */
static Person *
find_look_alike (TeaPresence *self, Entering *entering)
{
  g_autofree char *skeleton = tea_name_skeleton (tea_name_get_text (entering->name));

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->here); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      Person *person = g_sequence_get (iter);

      if (g_str_equal (person->skeleton, skeleton)
          && (entering->key == NULL || g_strcmp0 (person->key, entering->key) != 0))
        return person;
    }

  return NULL;
}

/* Who has had a name keeps it, whatever it looks like. */
static gboolean
check_looks (TeaPresence *self, Entering *entering, const char *owner, GTask *task)
{
  Person *other;

  if (entering->key != NULL && g_strcmp0 (owner, entering->key) == 0)
    return TRUE;

  other = find_look_alike (self, entering);
  if (other == NULL)
    return TRUE;

  g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NAME_TAKEN,
                           _ ("“%s” looks like “%s”, who is here. Choose another name."),
                           tea_name_get_text (entering->name), tea_name_get_text (other->name));

  return FALSE;
}

/* Decides when it is known whose the name is, and what else the key owns. */
static void
decide (Person *person, GTask *task)
{
  TeaPresence *self = person->presence;
  Entering *entering = g_task_get_task_data (task);
  const TeaDraft draft
      = { .kind = TEA_EVENT_JOINED, .author = entering->name, .key = entering->key };
  const TeaOwnedName *owned = NULL;
  const char *owner = NULL;
  gboolean is_free;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->is_closing)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                               _ ("The house is about to close. Nobody new is let in."));
      return;
    }

  /* What is known here is newer than what was looked up. */
  if (find_name (self, person->id, &owned))
    {
      is_free = tea_name_registry_is_free (self->names, owned, entering->key);
      owner = owned != NULL ? owned->key : NULL;
    }
  else
    {
      is_free = is_entry_free (self, person->id, entering->entry, entering->key);
      owner = entering->entry != NULL ? entering->entry->key : NULL;
    }

  if (!is_free)
    {
      return_taken (task, entering);
      return;
    }

  if (entering->key != NULL && has_many_names (self, entering->key))
    {
      g_task_return_new_error (
          task, TEA_ERROR, TEA_ERROR_REFUSED,
          _ ("You are here under %d names already. Leave under one of them first."),
          TEA_NAME_REGISTRY_MAX_NAMES);
      return;
    }

  if (tea_presence_get_n_people (self) + self->n_joining >= self->max)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_ROOM_FULL, "%s",
                               _ ("The room is full. Try again later."));
      return;
    }

  if (!check_looks (self, entering, owner, task) || !check_new_name (self, entering, owner, task))
    return;

  self->n_joining++;
  person->joining = g_object_ref (task);
  tea_room_writer_write_async (self->writer, &draft, joined_cb, g_object_ref (task));
}

/* Whoever waited for something to be looked up, if they still do. */
static Person *
find_looking (GTask *task)
{
  TeaPresence *self = g_task_get_source_object (task);
  Entering *entering = g_task_get_task_data (task);
  Person *person = g_hash_table_lookup (self->people, entering->name);

  return person != NULL && person->looking == task ? person : NULL;
}

static void
finish_looking (Person *person, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&person->looking);

  if (error == NULL)
    {
      decide (person, task);
    }
  else
    {
      g_debug ("A name could not be looked up: %s", error->message);
      g_task_return_error (task, tea_room_writer_explain (error));
    }

  go_on (person);
}

static void
owned_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPresence *self = g_task_get_source_object (task);
  Entering *entering = g_task_get_task_data (task);
  Person *person = find_looking (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  entries = tea_name_store_list_owned_finish (TEA_NAME_STORE (object), result, &error);
  if (person == NULL)
    return;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    add_entry (self, g_ptr_array_index (entries, i));
  if (entries != NULL)
    tea_name_registry_set_known (self->names, entering->key);
  finish_looking (person, error);
}

static void
look_up_key (Person *person)
{
  TeaPresence *self = person->presence;
  Entering *entering = g_task_get_task_data (person->looking);

  if (entering->key == NULL)
    {
      finish_looking (person, NULL);
      return;
    }

  entering->names = g_object_ref (self->names);
  tea_name_registry_hold (self->names, entering->key);
  if (tea_name_registry_is_known (self->names, entering->key))
    finish_looking (person, NULL);
  else
    tea_name_store_list_owned_async (self->store, entering->key, NULL, owned_listed_cb,
                                     g_object_ref (person->looking));
}

static void
name_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPresence *self = g_task_get_source_object (task);
  Entering *entering = g_task_get_task_data (task);
  Person *person = find_looking (task);
  g_autoptr (GError) error = NULL;
  gboolean is_known;

  is_known = tea_name_store_lookup_finish (TEA_NAME_STORE (object), result, &entering->entry,
                                           &self->n_names, &error);
  if (person == NULL)
    return;

  if (is_known)
    look_up_key (person);
  else
    finish_looking (person, error);
}

static TeaRegisteredName *
make_entry (TeaPresence *self, TeaName *name)
{
  Person *person = g_hash_table_lookup (self->people, name);
  const TeaOwnedName *owned;

  if (person != NULL && is_here (person))
    return tea_registered_name_new (tea_name_get_text (person->name), person->key,
                                    person->public.joined, person->time, person->day);

  owned = tea_name_registry_find (self->names, name);

  return owned != NULL ? tea_registered_name_new (tea_name_get_text (owned->name), owned->key, 0,
                                                  owned->last_used, owned->last_day)
                       : NULL;
}

static void
admit (Person *person, GTask *task)
{
  TeaPresence *self = person->presence;
  Entering *entering = g_task_get_task_data (task);
  const TeaOwnedName *owned = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (is_here (person) && is_theirs (person, entering->key))
    {
      begin_stay (person, task);
      return;
    }

  if (is_here (person))
    {
      return_taken (task, entering);
      return;
    }

  person->looking = g_object_ref (task);
  if (find_name (self, person->id, &owned))
    {
      /* It may be saved, and forgotten here, before it is decided upon. */
      entering->entry = make_entry (self, person->id);
      look_up_key (person);
    }
  else
    tea_name_store_lookup_async (self->store, tea_name_get_folded (person->id), NULL,
                                 name_looked_up_cb, g_object_ref (task));
}

/* Does what is next about a name, and forgets it when nothing is left to do. */
static void
go_on (Person *person)
{
  /* Whoever is answered may ask for the next thing at once. */
  if (person->is_busy)
    return;

  person->is_busy = TRUE;
  leave_if_silent (person);

  while (person->looking == NULL && person->joining == NULL && !person->is_leaving
         && !g_queue_is_empty (&person->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&person->waiting);

      admit (person, task);
    }

  person->is_busy = FALSE;
  if (!is_here (person) && person->looking == NULL && person->joining == NULL && !person->is_leaving
      && person->n_writing == 0 && !g_queue_find (&person->presence->changed, person))
    g_hash_table_remove (person->presence->people, person->id);
}

static void
save (TeaPresence *self)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();
  GHashTableIter iter;
  TeaName *name;

  tea_timer_unset (self->save_timer);
  if (self->saved == self->head && g_hash_table_size (self->unsaved) == 0)
    return;

  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
    {
      TeaRegisteredName *entry = make_entry (self, name);

      if (entry != NULL)
        g_ptr_array_add (changed, entry);
      else
        g_ptr_array_add (removed, (gpointer) tea_name_get_folded (name));
    }
  g_ptr_array_add (removed, NULL);

  tea_name_store_save (self->store, changed, (const char *const *) removed->pdata, self->head);
  g_hash_table_remove_all (self->unsaved);
  self->saved = self->head;
  tea_name_registry_forget_absent (self->names);
}

static void
save_cb (gpointer user_data)
{
  save (TEA_PRESENCE (user_data));
}

/* Decides when to save. */
static void
note_change (TeaPresence *self)
{
  if (self->head - self->saved >= SAVE_EVENTS)
    save (self);
  else if (tea_timer_get_due (self->save_timer) == 0)
    tea_timer_set (self->save_timer, SAVE_DELAY);
}

static void
expire_cb (gpointer user_data)
{
  TeaPresence *self = TEA_PRESENCE (user_data);

  guint64 oldest = tea_name_registry_get_oldest (self->names);

  tea_name_registry_expire (self->names);
  note_change (self);
  if (oldest > 0)
    tea_name_store_forget_unused (self->store, oldest);
  tea_timer_set (self->expiry_timer, EXPIRY_INTERVAL);
}

static void
name_changed_cb (TeaPresence *self, TeaName *name)
{
  g_assert (TEA_IS_PRESENCE (self));

  g_hash_table_add (self->unsaved, tea_name_ref (name));
}

static void
tea_presence_dispose (GObject *object)
{
  TeaPresence *self = TEA_PRESENCE (object);

  g_clear_pointer (&self->save_timer, tea_timer_free);
  g_clear_pointer (&self->expiry_timer, tea_timer_free);
  g_hash_table_remove_all (self->people);

  G_OBJECT_CLASS (tea_presence_parent_class)->dispose (object);
}

static void
tea_presence_finalize (GObject *object)
{
  TeaPresence *self = TEA_PRESENCE (object);

  g_hash_table_unref (self->people);
  g_hash_table_unref (self->unsaved);
  g_sequence_free (self->here);
  g_object_unref (self->writer);
  g_object_unref (self->names);
  g_object_unref (self->store);
  g_object_unref (self->calendar);
  g_object_unref (self->clock);
  tea_name_ration_free (self->ration);

  G_OBJECT_CLASS (tea_presence_parent_class)->finalize (object);
}

static void
tea_presence_class_init (TeaPresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_presence_dispose;
  object_class->finalize = tea_presence_finalize;
}

static void
tea_presence_init (TeaPresence *self)
{
  self->grace = TEA_PRESENCE_DEFAULT_GRACE;
  self->people
      = g_hash_table_new_full (tea_name_hash, tea_name_is_same, NULL, (GDestroyNotify) person_free);
  self->here = g_sequence_new (NULL);
  self->unsaved = g_hash_table_new_full (tea_name_hash, tea_name_is_same,
                                         (GDestroyNotify) tea_name_unref, NULL);
  g_queue_init (&self->changed);
}

/**
 * tea_presence_new:
 * @writer: what writes into the hall's log
 * @names: whose the names are
 * @store: where both are kept
 * @calendar: which day of the house's life it is
 * @clock: by which clock
 *
 * Returns: (transfer full): the presence of nobody yet
 */
TeaPresence *
tea_presence_new (TeaRoomWriter *writer,
                  TeaNameRegistry *names,
                  TeaNameStore *store,
                  TeaCalendar *calendar,
                  TeaClock *clock)
{
  TeaPresence *self;

  g_return_val_if_fail (TEA_IS_ROOM_WRITER (writer), NULL);
  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (names), NULL);
  g_return_val_if_fail (TEA_IS_NAME_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_CALENDAR (calendar), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_PRESENCE, NULL);
  self->writer = g_object_ref (writer);
  self->names = g_object_ref (names);
  self->store = g_object_ref (store);
  self->calendar = g_object_ref (calendar);
  self->clock = g_object_ref (clock);
  self->ration = tea_name_ration_new (clock);
  self->max = TEA_PRESENCE_MAX;
  self->save_timer = tea_timer_new (clock, save_cb, self);
  self->expiry_timer = tea_timer_new (clock, expire_cb, self);
  g_signal_connect_object (names, "changed", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_presence_set_max:
 * @self: a presence
 * @max: how many people, above 0
 *
 * Sets how many people can be in the house. Who is in it stays.
 */
void
tea_presence_set_max (TeaPresence *self, guint max)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (max > 0);

  self->max = max;
}

/**
 * tea_presence_set_grace:
 * @self: a presence
 * @grace: a time, in µs
 *
 * Sets for how long somebody with a key whose last session is lost counts as here, and
 * everybody after a start of the server.
 */
void
tea_presence_set_grace (TeaPresence *self, GTimeSpan grace)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (grace >= 0);

  self->grace = grace;
}

static void
take_entry (TeaPresence *self, TeaRegisteredName *entry, gboolean is_foreign)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (entry->name);
  gboolean is_here = entry->joined != 0 && !is_foreign;

  if (entry->key != NULL)
    {
      tea_name_registry_add (self->names, &(TeaOwnedName){ .name = name,
                                                           .key = entry->key,
                                                           .last_used = entry->last_used,
                                                           .last_day = entry->last_day,
                                                           .is_in_use = is_here });
      tea_name_registry_set_known (self->names, entry->key);
    }

  if (is_here)
    set_here (get_person (self, name), name, entry->key, entry->joined, entry->last_used,
              entry->last_day);
  else if (entry->joined != 0)
    g_hash_table_add (self->unsaved, tea_name_ref (name));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPresence *self = g_task_get_source_object (task);
  guint64 *head = g_task_get_task_data (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_foreign;
  guint64 as_of = 0;

  entries = tea_name_store_load_finish (TEA_NAME_STORE (object), result, &as_of, &error);
  if (entries == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* What is from the future belongs to another log: only whose names are whose counts. */
  is_foreign = as_of > *head;
  if (is_foreign)
    as_of = 0;

  for (guint i = 0; i < entries->len; i++)
    take_entry (self, g_ptr_array_index (entries, i), is_foreign);

  self->saved = as_of;
  self->head = as_of;
  g_task_return_pointer (task, g_memdup2 (&as_of, sizeof as_of), g_free);
}

/**
 * tea_presence_load_async:
 * @self: a presence of nobody yet
 * @head: the latest event of the hall's log
 * @cancellable: (nullable): to give up with
 * @callback: called when it is loaded
 * @user_data: for @callback
 *
 * Takes over what was saved: who was here, and which names are theirs. What has happened since
 * is to be applied then, event by event.
 */
void
tea_presence_load_async (TeaPresence *self,
                         guint64 head,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (!self->is_open);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_presence_load_async);
  g_task_set_task_data (task, g_memdup2 (&head, sizeof head), g_free);
  tea_name_store_load_async (self->store, TRUE, cancellable, loaded_cb, task);
}

/**
 * tea_presence_load_finish:
 * @self: a presence
 * @result: what the callback was given
 * @as_of: (out): the latest event that it takes account of
 * @error: return location for a #GError
 *
 * Returns: whether it is loaded; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_presence_load_finish (TeaPresence *self, GAsyncResult *result, guint64 *as_of, GError **error)
{
  g_autofree guint64 *loaded = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (loaded != NULL)
    *as_of = *loaded;

  return loaded != NULL;
}

/**
 * tea_presence_open:
 * @self: a presence to which all that happened was applied
 *
 * Lets people in. Whoever was here has the grace time to come back, without anybody hearing
 * that they were gone.
 */
void
tea_presence_open (TeaPresence *self)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));

  self->is_open = TRUE;
  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->here); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    tea_timer_set (((Person *) g_sequence_get (iter))->timer, self->grace);
  expire_cb (self);
}

/**
 * tea_presence_close:
 * @self: a presence
 *
 * Lets nobody in any more, and saves who is here: they are here again for the grace time
 * when it is opened the next time. Does nothing where it is not open.
 */
void
tea_presence_close (TeaPresence *self)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));

  if (!self->is_open)
    return;

  self->is_open = FALSE;
  save (self);
  tea_timer_unset (self->expiry_timer);
  g_hash_table_remove_all (self->people);
}

/**
 * tea_presence_set_is_closing:
 * @self: a presence
 * @is_closing: whether the house is about to close
 *
 * Sets whether only those are let in who are here already, by however many sessions.
 */
void
tea_presence_set_is_closing (TeaPresence *self, gboolean is_closing)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));

  self->is_closing = is_closing;
}

/**
 * tea_presence_save:
 * @self: a presence that is open
 *
 * Keeps what is known of names, so that what is asked of the store is right.
 */
void
tea_presence_save (TeaPresence *self)
{
  g_return_if_fail (TEA_IS_PRESENCE (self));

  save (self);
}

/**
 * tea_presence_apply:
 * @self: a presence
 * @event: what happened next in the hall
 *
 * Takes account of an event, of which nobody was told yet.
 */
void
tea_presence_apply (TeaPresence *self, TeaEvent *event)
{
  g_autoptr (TeaName) name = NULL;
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));

  /* What was saved takes account of it already. */
  if (tea_event_get_seq (event) <= self->head)
    return;

  self->head = tea_event_get_seq (event);
  if (tea_event_get_kind (event) != TEA_EVENT_JOINED
      && tea_event_get_kind (event) != TEA_EVENT_LEFT)
    return;

  name = tea_name_new_unchecked (tea_event_get_author (event));
  g_hash_table_add (self->unsaved, tea_name_ref (name));
  if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
    {
      person = get_person (self, name);
      set_here (person, name, tea_event_get_key (event), self->head, tea_event_get_time (event),
                tea_calendar_get_today (self->calendar));
      tea_name_registry_take (self->names, name, tea_event_get_key (event),
                              tea_event_get_time (event));
    }
  else
    {
      person = g_hash_table_lookup (self->people, name);
      if (person == NULL || !is_here (person))
        return;

      set_away (person);
      tea_name_registry_release (self->names, name, tea_event_get_time (event));
    }

  if (self->is_open)
    g_queue_push_tail (&self->changed, person);
  else
    go_on (person);
}

/**
 * tea_presence_settle:
 * @self: a presence
 *
 * Goes on when everyone was told of what was applied: whoever came or went is told so.
 */
void
tea_presence_settle (TeaPresence *self)
{
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));

  while ((person = g_queue_pop_head (&self->changed)) != NULL)
    {
      person->is_busy = TRUE;
      if (!is_here (person))
        {
          tea_timer_unset (person->timer);
          person->is_leaving = FALSE;
          person->is_left = FALSE;
          end_stays (person);
        }
      else if (person->joining != NULL)
        {
          g_autoptr (GTask) task = g_steal_pointer (&person->joining);

          begin_stay (person, task);
        }

      person->is_busy = FALSE;
      go_on (person);
    }

  note_change (self);
}

/**
 * tea_presence_enter_async:
 * @self: a presence
 * @name: what somebody wants to be called
 * @key: (nullable): the fingerprint of their key; %NULL for somebody without one
 * @address: (nullable): the IP address that they speak from
 * @cancellable: (nullable): to give up with
 * @callback: called when they are in, or are not let in
 * @user_data: for @callback
 *
 * Lets somebody in, once everyone has heard of it. Where the owner of the key is here under
 * that name already, or is back within the grace time, there is nothing to hear. The name
 * must be nobody else's here, and not owned by another key. Of names that are new to the
 * house each network has a ration.
 */
void
tea_presence_enter_async (TeaPresence *self,
                          TeaName *name,
                          const char *key,
                          const char *address,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Entering *entering;
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_presence_enter_async);
  g_task_set_check_cancellable (task, FALSE);

  if (!self->is_open)
    {
      return_try_later (task);
      return;
    }

  entering = g_new0 (Entering, 1);
  entering->name = tea_name_ref (name);
  entering->key = g_strdup (key);
  entering->address = g_strdup (address);
  g_task_set_task_data (task, entering, (GDestroyNotify) entering_free);

  person = get_person (self, name);
  g_queue_push_tail (&person->waiting, g_steal_pointer (&task));
  go_on (person);
}

/**
 * tea_presence_enter_finish:
 * @self: a presence
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): their stay, to be ended by tea_stay_leave() or tea_stay_lose();
 *   or %NULL, with @error one of %TEA_ERROR
 */
TeaStay *
tea_presence_enter_finish (TeaPresence *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_stay_get_name:
 * @self: a stay
 *
 * Returns: (transfer none): what they are called, which may be written in another way than was
 * asked for
 */
TeaName *
tea_stay_get_name (TeaStay *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * tea_stay_get_since:
 * @self: a stay
 *
 * Returns: the latest event when it began: what happens after that is for them
 */
guint64
tea_stay_get_since (TeaStay *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->since;
}

static void
end_stay (TeaStay *stay, gboolean is_lost)
{
  Person *person = stay->person;

  if (person != NULL)
    g_queue_unlink (&person->stays, &stay->link);
  tea_name_unref (stay->name);
  g_free (stay);

  if (person != NULL)
    check_stays (person, is_lost);
}

/**
 * tea_stay_leave:
 * @self: (transfer full): a stay
 *
 * Lets somebody out who said goodbye. They stay in the house where they have another stay
 * as well.
 */
void
tea_stay_leave (TeaStay *self)
{
  g_return_if_fail (self != NULL);

  end_stay (self, FALSE);
}

/**
 * tea_stay_lose:
 * @self: (transfer full): a stay
 *
 * Takes note that a session broke. Who has a key, and no other stay, is here for the grace
 * time yet; who has none is out.
 */
void
tea_stay_lose (TeaStay *self)
{
  g_return_if_fail (self != NULL);

  end_stay (self, TRUE);
}

/**
 * tea_presence_leave_async:
 * @self: a presence
 * @stay: (transfer full): a stay
 * @callback: called when they are out, and everyone was told so
 * @user_data: for @callback
 *
 * Lets somebody out as tea_stay_leave() does, and tells when it is so.
 */
void
tea_presence_leave_async (TeaPresence *self,
                          TeaStay *stay,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (stay != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_presence_leave_async);

  person = stay->person;
  if (person == NULL || person->is_leaving || person->stays.length > 1)
    g_task_return_boolean (task, TRUE);
  else
    g_queue_push_tail (&person->leaving, g_steal_pointer (&task));

  tea_stay_leave (stay);
}

/**
 * tea_presence_leave_finish:
 * @self: a presence
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: %TRUE: nobody is kept in. Where their leaving could not be stored, it will be
 *   later
 */
gboolean
tea_presence_leave_finish (TeaPresence *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_presence_send_out:
 * @self: a presence
 * @key: the fingerprint of a key
 *
 * Lets nobody linger who has that key: who has a stay leaves when that ends.
 */
void
tea_presence_send_out (TeaPresence *self, const char *key)
{
  GHashTableIter iter;
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (key != NULL);

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &person))
    if (is_here (person) && !person->is_leaving && g_queue_is_empty (&person->stays)
        && g_strcmp0 (person->key, key) == 0)
      tea_timer_set (person->timer, 0);
}

/**
 * tea_presence_begin_writing:
 * @self: a presence
 * @name: what somebody is called
 * @key: (nullable): the fingerprint of their key
 *
 * Somebody says something: their leaving is to come after it.
 *
 * Returns: whether they are here; if so, tea_presence_end_writing() is to follow
 */
gboolean
tea_presence_begin_writing (TeaPresence *self, TeaName *name, const char *key)
{
  Person *person;

  g_return_val_if_fail (TEA_IS_PRESENCE (self), FALSE);

  person = g_hash_table_lookup (self->people, name);
  if (person == NULL || !is_here (person) || g_strcmp0 (person->key, key) != 0
      || g_queue_is_empty (&person->stays))
    return FALSE;

  person->n_writing++;

  return TRUE;
}

/**
 * tea_presence_end_writing:
 * @self: a presence
 * @name: what somebody is called
 *
 * It is known what has become of something that was said.
 */
void
tea_presence_end_writing (TeaPresence *self, TeaName *name)
{
  Person *person;

  g_return_if_fail (TEA_IS_PRESENCE (self));

  person = g_hash_table_lookup (self->people, name);
  if (person == NULL || person->n_writing == 0)
    return;

  person->n_writing--;
  go_on (person);
}

/**
 * tea_presence_find:
 * @self: a presence
 * @name: a name
 *
 * Returns: (transfer none) (nullable): who is called that here; it counts until the next
 *   event
 */
const TeaPerson *
tea_presence_find (TeaPresence *self, TeaName *name)
{
  Person *person;

  g_return_val_if_fail (TEA_IS_PRESENCE (self), NULL);

  person = g_hash_table_lookup (self->people, name);

  return person != NULL && is_here (person) ? &person->public : NULL;
}

/**
 * tea_presence_get_n_people:
 * @self: a presence
 *
 * Returns: how many people are here
 */
guint
tea_presence_get_n_people (TeaPresence *self)
{
  g_return_val_if_fail (TEA_IS_PRESENCE (self), 0);

  return (guint) g_sequence_get_length (self->here);
}

/**
 * tea_presence_list:
 * @self: a presence
 * @after: those who joined after this event
 * @max: how many at most, above 0
 * @next: (out) (optional): the event after which to go on; 0 when these are all
 *
 * Returns: (transfer container) (element-type TeaPerson): who is here, in the order in which
 *   they came; they count until the next event
 */
GPtrArray *
tea_presence_list (TeaPresence *self, guint64 after, guint max, guint64 *next)
{
  const Person wanted = { .public.joined = after };
  g_autoptr (GPtrArray) list = NULL;
  GSequenceIter *iter;

  g_return_val_if_fail (TEA_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (max > 0, NULL);

  list = g_ptr_array_new ();
  iter = g_sequence_search (self->here, (gpointer) &wanted, compare_joined, NULL);
  for (; !g_sequence_iter_is_end (iter) && list->len < max; iter = g_sequence_iter_next (iter))
    {
      Person *person = g_sequence_get (iter);

      g_ptr_array_add (list, &person->public);
      after = person->public.joined;
    }

  if (next != NULL)
    *next = g_sequence_iter_is_end (iter) ? 0 : after;

  return g_steal_pointer (&list);
}

static void suggest_next (GTask *task);

/* Whether the search is over: somebody could have this name, or enough were tried. */
static gboolean
end_suggesting (GTask *task, gboolean is_free)
{
  Suggesting *suggesting = g_task_get_task_data (task);

  if (is_free)
    g_task_return_pointer (task, tea_name_ref (suggesting->name), (GDestroyNotify) tea_name_unref);
  else if (suggesting->n_tried >= MAX_SUGGESTIONS)
    g_task_return_pointer (task, NULL, NULL);
  else
    return FALSE;

  return TRUE;
}

static void
suggestion_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPresence *self = g_task_get_source_object (task);
  Suggesting *suggesting = g_task_get_task_data (task);
  g_autoptr (TeaRegisteredName) entry = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_free;

  /* Where nothing can be looked up there is nothing to suggest. */
  if (!tea_name_store_lookup_finish (TEA_NAME_STORE (object), result, &entry, &self->n_names,
                                     &error))
    {
      g_debug ("A name could not be looked up: %s", error->message);
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  is_free = !g_hash_table_contains (self->people, suggesting->name)
            && is_entry_free (self, suggesting->name, entry, suggesting->key);
  if (!end_suggesting (task, is_free))
    suggest_next (g_steal_pointer (&task));
}

/* Goes on with the next name that is here neither used nor kept in mind. */
static void
suggest_next (GTask *task)
{
  TeaPresence *self = g_task_get_source_object (task);
  Suggesting *suggesting = g_task_get_task_data (task);
  const TeaOwnedName *owned = NULL;
  gboolean is_over = FALSE;

  while (!is_over)
    {
      g_autofree char *variant = tea_name_suggest (tea_name_get_text (suggesting->name));

      tea_name_unref (suggesting->name);
      suggesting->name = tea_name_new_unchecked (variant);
      suggesting->n_tried++;
      if (g_hash_table_contains (self->people, suggesting->name))
        is_over = end_suggesting (task, FALSE);
      else if (find_name (self, suggesting->name, &owned))
        is_over = end_suggesting (task,
                                  tea_name_registry_is_free (self->names, owned, suggesting->key));
      else
        {
          tea_name_store_lookup_async (self->store, tea_name_get_folded (suggesting->name), NULL,
                                       suggestion_looked_up_cb, task);
          return;
        }
    }

  g_object_unref (task);
}

/**
 * tea_presence_suggest_name_async:
 * @self: a presence
 * @name: a fit name
 * @key: (nullable): the fingerprint of the key of who wants it
 * @callback: called with a name like it
 * @user_data: for @callback
 *
 * Looks for a name under which somebody could enter now.
 */
void
tea_presence_suggest_name_async (TeaPresence *self,
                                 TeaName *name,
                                 const char *key,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Suggesting *suggesting;

  g_return_if_fail (TEA_IS_PRESENCE (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_presence_suggest_name_async);

  suggesting = g_new0 (Suggesting, 1);
  suggesting->name = tea_name_ref (name);
  suggesting->key = g_strdup (key);
  g_task_set_task_data (task, suggesting, (GDestroyNotify) suggesting_free);
  suggest_next (g_steal_pointer (&task));
}

/**
 * tea_presence_suggest_name_finish:
 * @self: a presence
 * @result: what the callback was given
 *
 * Returns: (transfer full) (nullable): the name; %NULL where none was found
 */
TeaName *
tea_presence_suggest_name_finish (TeaPresence *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
