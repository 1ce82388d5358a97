/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-life.h"

#define TEA_TYPE_CONTROL_LIFE (tea_control_life_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlLife, tea_control_life, TEA, CONTROL_LIFE, GObject)

/* Ends the server, at once or when everybody has gone. */
struct _TeaControlLife
{
  GObject parent_instance;

  TeaHouse *house; /* (owned) */
  TeaTimer *timer; /* (owned): when it ends at the latest */
  TeaControlEndFunc end;
  gpointer end_data;
  gboolean is_draining;
};

G_DEFINE_FINAL_TYPE (TeaControlLife, tea_control_life, G_TYPE_OBJECT)

static void
end_cb (gpointer user_data)
{
  TeaControlLife *self = TEA_CONTROL_LIFE (user_data);

  self->is_draining = FALSE;
  self->end (self->end_data);
}

static void
end_if_empty (TeaControlLife *self)
{
  /* In a turn of its own: others hear of the same event yet. */
  if (self->is_draining && tea_presence_get_n_people (tea_house_get_presence (self->house)) == 0)
    tea_timer_set (self->timer, 0);
}

static void
hall_event_cb (TeaControlLife *self)
{
  g_assert (TEA_IS_CONTROL_LIFE (self));

  end_if_empty (self);
}

static void
stop (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlLife *self = TEA_CONTROL_LIFE (group);

  tea_timer_set (self->timer, 0);
  tea_control_answer (task, g_variant_new ("()"));
}

static void
drain (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlLife *self = TEA_CONTROL_LIFE (group);
  TeaPresence *presence = tea_house_get_presence (self->house);
  guint64 seconds = 0;

  g_variant_get (parameters, "(t)", &seconds);
  self->is_draining = TRUE;
  tea_presence_set_is_closing (presence, TRUE);
  if (seconds > 0)
    tea_timer_set (self->timer, (gint64) MIN (seconds, G_MAXUINT32) * G_TIME_SPAN_SECOND);
  else
    tea_timer_unset (self->timer);
  end_if_empty (self);
  tea_control_answer (task, g_variant_new ("()"));
}

static const TeaControlVerb verbs[] = {
  { "Stop", stop },
  { "Drain", drain },
  { NULL, NULL },
};

static void
tea_control_life_finalize (GObject *object)
{
  TeaControlLife *self = TEA_CONTROL_LIFE (object);

  tea_timer_free (self->timer);
  g_object_unref (self->house);

  G_OBJECT_CLASS (tea_control_life_parent_class)->finalize (object);
}

static void
tea_control_life_class_init (TeaControlLifeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_life_finalize;
}

static void
tea_control_life_init (TeaControlLife *self)
{
}

/**
 * tea_control_life_add:
 * @control: a control
 * @house: a house that is open
 * @clock: by which clock
 * @end: called when the server is to end, in a turn of its own
 * @user_data: for @end
 *
 * Lets an operator end the server.
 */
void
tea_control_life_add (TeaControl *control,
                      TeaHouse *house,
                      TeaClock *clock,
                      TeaControlEndFunc end,
                      gpointer user_data)
{
  TeaControlLife *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));
  g_return_if_fail (end != NULL);

  self = g_object_new (TEA_TYPE_CONTROL_LIFE, NULL);
  self->house = g_object_ref (house);
  self->timer = tea_timer_new (clock, end_cb, self);
  self->end = end;
  self->end_data = user_data;
  g_signal_connect_object (tea_house_get_hall (house), "event", G_CALLBACK (hall_event_cb), self,
                           G_CONNECT_SWAPPED);
  tea_control_add (control, self, verbs);
}
