#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who begins handshakes without end, in a network of the test's own: they get their
ration, and everybody else gets in."""

import os
import socket
import struct
import subprocess
import sys
import time

import teahouse
from teahouse import expect

PER_SECOND, AT_ONCE = 100, 500
N_GUESTS = 800

IPV6_FREEBIND = 78

# Parts of DTLS (RFC 6347) and its handshake (RFC 5246).
HANDSHAKE, SERVER_HELLO, HELLO_VERIFY_REQUEST = 22, 2, 3
RECORD_HEADER, MESSAGE_HEADER = 13, 12

# Why there is no such network, if there is none.
no_network = None


def enter_network():
    """With many addresses: all that begin with 2001:db8:0:1 or 2001:db8:2 are ours."""
    teahouse.enter_own_network()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for what in ("address add 203.0.113.1/32", "address add 203.0.113.2/32",
                 "address add 2001:db8::1/128", "route add local 2001:db8:0:1::/64",
                 "route add local 2001:db8:2::/48"):
        subprocess.run(("ip", *what.split(), "dev", "lo"), check=True, capture_output=True)


def extension(number, *values):
    return struct.pack(f"!HH{len(values)}H", number, 2 * len(values), *values)


def make_hello(random, cookie=b""):
    """A request that GnuTLS takes up: ECDHE-ECDSA with AES, secp256r1 and its signatures, and
    the extended master secret."""
    extensions = extension(10, 2, 23) + extension(13, 2, 0x0403) + extension(23)
    body = (b"\xfe\xfd" + random + b"\0" + bytes([len(cookie)]) + cookie
            + struct.pack("!HHBBH", 2, 0xc02b, 1, 0, len(extensions)) + extensions)
    number = 1 if cookie else 0
    size = len(body).to_bytes(3, "big")
    message = b"\1" + size + struct.pack("!H", number) + bytes(3) + size + body
    return struct.pack("!BHHHIH", HANDSHAKE, 0xfeff, 0, 0, number, len(message)) + message


def get_message(datagram):
    return datagram[RECORD_HEADER] if datagram[0] == HANDSHAKE else None


class Guest:
    """Somebody who gets as far as to have a cookie."""

    def __init__(self, source, destination):
        family = socket.AF_INET6 if ":" in source else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        self.socket.bind((source, 0))
        self.socket.connect(destination)
        self.socket.settimeout(teahouse.LIMIT)
        random = os.urandom(32)
        self.socket.send(make_hello(random))
        answer = self.socket.recv(2048)
        teahouse.expect_equal(get_message(answer), HELLO_VERIFY_REQUEST, "Message")
        begin = RECORD_HEADER + MESSAGE_HEADER + 3
        self.request = make_hello(random, answer[begin:begin + answer[begin - 1]])
        self.socket.setblocking(False)

    def ask(self):
        self.socket.send(self.request)

    def is_answered(self):
        try:
            return get_message(self.socket.recv(2048)) == SERVER_HELLO
        except BlockingIOError:
            return False


def flood(stage, host, sources, *options):
    """All that come from somewhere at once, and a person from elsewhere."""
    if no_network is not None:
        raise teahouse.Skipped(no_network)
    server = stage.server("--classic", "off", *options)
    destination = (host, server.port)
    guests = [Guest(source, destination) for source in sources]

    begun = time.monotonic()
    waiting = list(guests)
    n_answered = 0
    for number, guest in enumerate(guests):
        guest.ask()
        # No faster than the server takes them in.
        if number % 50 == 49:
            Guest(sources[0], destination).socket.close()
    for guest in guests:
        if guest.is_answered():
            n_answered += 1
            waiting.remove(guest)
    most = AT_ONCE + PER_SECOND * (time.monotonic() - begun)
    stage.note(f"{n_answered} of {len(guests)} were answered; {most:.0f} might have been")
    expect(n_answered > 0, "Nobody was answered.")
    expect(n_answered <= most + 1, f"{n_answered} were answered, and {most:.0f} at most may be.")

    # They go on with it, and nobody else has to care.
    person = stage.person(("127.0.0.1", server.port), "Mei")
    shown = f"[{host}]" if ":" in host else host
    other = stage.person((shown, server.port), "Bob")
    for guest in waiting:
        guest.ask()
    person.wait_inside("Mei")
    other.wait_inside("Bob")
    for guest in guests:
        guest.socket.close()


def test_one_address(stage):
    """Many ports of one address"""
    flood(stage, "203.0.113.1", ["203.0.113.2"] * N_GUESTS)


def test_one_network(stage):
    """Many addresses of one IPv6 network"""
    flood(stage, "2001:db8::1", [f"2001:db8:0:1::{number:x}" for number in range(1, N_GUESTS + 1)])


def test_one_site(stage):
    """Many networks of one IPv6 site (/48): all of them have its ration together, half of all"""
    flood(stage, "2001:db8::1", [f"2001:db8:2:{number:x}::1" for number in range(1, N_GUESTS + 1)],
          "--handshakes-per-second", 2 * PER_SECOND)


if __name__ == "__main__":
    try:
        enter_network()
    except OSError as error:
        no_network = error.strerror
    except subprocess.CalledProcessError as error:
        no_network = error.stderr.decode().strip()
    sys.exit(teahouse.main(globals()))
