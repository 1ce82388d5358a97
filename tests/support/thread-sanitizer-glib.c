/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* GLib's locks, made of those of pthread, for ThreadSanitizer: GLib itself is not built
 * with it and uses futexes, so that it would not see that anything is locked at all. What
 * the program calls comes here by the linker's --wrap; GLib's own locks stay as they are. */

#include <errno.h>
#include <pthread.h>

#include <glib.h>

void __wrap_g_mutex_init (GMutex *mutex);
void __wrap_g_mutex_clear (GMutex *mutex);
void __wrap_g_mutex_lock (GMutex *mutex);
void __wrap_g_mutex_unlock (GMutex *mutex);
void __wrap_g_cond_init (GCond *cond);
void __wrap_g_cond_clear (GCond *cond);
void __wrap_g_cond_wait (GCond *cond, GMutex *mutex);
gboolean __wrap_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time);
void __wrap_g_cond_broadcast (GCond *cond);

#define MUTEX(mutex) ((pthread_mutex_t *) (mutex)->p)
#define COND(cond) ((pthread_cond_t *) (cond)->p)

void
__wrap_g_mutex_init (GMutex *mutex)
{
  mutex->p = g_new (pthread_mutex_t, 1);
  g_assert (pthread_mutex_init (MUTEX (mutex), NULL) == 0);
}

void
__wrap_g_mutex_clear (GMutex *mutex)
{
  g_assert (pthread_mutex_destroy (MUTEX (mutex)) == 0);
  g_free (mutex->p);
}

void
__wrap_g_mutex_lock (GMutex *mutex)
{
  g_assert (pthread_mutex_lock (MUTEX (mutex)) == 0);
}

void
__wrap_g_mutex_unlock (GMutex *mutex)
{
  g_assert (pthread_mutex_unlock (MUTEX (mutex)) == 0);
}

void
__wrap_g_cond_init (GCond *cond)
{
  pthread_condattr_t attributes;

  cond->p = g_new (pthread_cond_t, 1);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  g_assert (pthread_cond_init (COND (cond), &attributes) == 0);
  pthread_condattr_destroy (&attributes);
}

void
__wrap_g_cond_clear (GCond *cond)
{
  g_assert (pthread_cond_destroy (COND (cond)) == 0);
  g_free (cond->p);
}

void
__wrap_g_cond_wait (GCond *cond, GMutex *mutex)
{
  g_assert (pthread_cond_wait (COND (cond), MUTEX (mutex)) == 0);
}

gboolean
__wrap_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  struct timespec end = { end_time / G_TIME_SPAN_SECOND, end_time % G_TIME_SPAN_SECOND * 1000 };
  int result = pthread_cond_timedwait (COND (cond), MUTEX (mutex), &end);

  g_assert (result == 0 || result == ETIMEDOUT);

  return result == 0;
}

void
__wrap_g_cond_broadcast (GCond *cond)
{
  g_assert (pthread_cond_broadcast (COND (cond)) == 0);
}
