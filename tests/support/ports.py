# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports for tests that run at the same time and start their servers more than once."""

import errno
import functools
import itertools
import random
import socket

# As many processes that run tests have ports of their own.
N_PARTS = 32


@functools.cache
def take_ports():
    """The ports that this process may find, in turn, of all that run tests at the same time, and
    what keeps them: a name that nobody else can have in this network before it ends."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as limits:
        first = int(limits.read().split()[0])
    size = first // 2 // N_PARTS
    for part in random.sample(range(N_PARTS), N_PARTS):
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0teahouse-test-ports-{part}")
            break
        except OSError as error:
            name.close()
            if error.errno != errno.EADDRINUSE:
                raise
    # Where there are no more parts, the last one is shared.
    begin = first // 2 + part * size
    return itertools.cycle(range(begin, begin + size)), name


def find_port():
    """A port for a server that may be started on it again, or for a client that may be gone
    before it is sent something: not one of those that the system has for sockets to which the
    port is all one, and none that is another test's while nobody is there."""
    ports, _ = take_ports()
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("", next(ports)))
                return probe.getsockname()[1]
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
