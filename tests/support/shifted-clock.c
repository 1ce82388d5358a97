/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A program that is linked with this has a clock that is wrong: by as many seconds, a 64-bit
 * integer, as are in the file that the environment variable CLOCK_SHIFT names. A change of
 * that file sets the clock while the program runs. The time since the start of the machine
 * stays right. */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift;

__attribute__ ((constructor)) static void
map_shift (void)
{
  const char *path = getenv ("CLOCK_SHIFT");
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  void *map = MAP_FAILED;

  if (fd >= 0)
    {
      map = mmap (NULL, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
      close (fd);
    }
  if (map == MAP_FAILED)
    abort ();
  shift = map;
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = (int) syscall (SYS_clock_gettime, clock, now);

  if (result == 0 && shift != NULL && clock == CLOCK_REALTIME)
    now->tv_sec += (time_t) *shift;

  return result;
}

int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  struct timespec time;

  clock_gettime (CLOCK_REALTIME, &time);
  now->tv_sec = time.tv_sec;
  now->tv_usec = time.tv_nsec / 1000;

  return 0;
}

time_t
time (time_t *now)
{
  struct timespec time;

  clock_gettime (CLOCK_REALTIME, &time);
  if (now != NULL)
    *now = time.tv_sec;

  return time.tv_sec;
}
