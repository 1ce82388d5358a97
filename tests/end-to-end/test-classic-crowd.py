#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred classic clients at once."""

import collections
import os
import sys
import time

import teahouse
from teahouse import expect, expect_equal

CROWD = 200


def read_usage(server):
    """Memory in KiB and processor time in seconds."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return memory, (int(fields[11]) + int(fields[12])) / ticks


def check_crowd(stage, hosts):
    server = stage.server()
    memory, processor = read_usage(server)
    stage.note(f"empty: {memory} KiB, {processor:.2f} s of processor time")
    begin = time.monotonic()

    # All ask to enter at once, and all are let in.
    names = [f"客{number:03}" for number in range(CROWD)]
    clients = [stage.client(server, host=hosts[number % len(hosts)])
               for number in range(CROWD)]
    for client, name in zip(clients, names):
        client.name = name
        client.send(f"L {name}")
    stage.wait(lambda: all(b"Y" in client.inbox for client in clients), "all are in the room")

    memory, processor = read_usage(server)
    stage.note(f"{CROWD} inside: {memory} KiB, {processor:.2f} s, after "
               f"{time.monotonic() - begin:.2f} s")

    # Who came after oneself is announced, in the same order to all, and nobody else.
    expect_equal(clients[0].receive(), b"Y", "First")
    order = [names[0]] + [name_of(data, " entered the room")
                          for data in take(stage, clients[0], CROWD - 1)]
    expect_equal(sorted(order), names, "Entered")
    for client in clients[1:]:
        later = order[order.index(client.name) + 1:]
        client.expect("Y", *(f"{name} entered the room" for name in later))

    # Each says one line. UDP may lose what a full socket cannot take: so all sockets are
    # read after every few lines.
    spoken = time.monotonic()
    for number, client in enumerate(clients):
        client.say(f"我是第{number}位")
        if number % 10 == 9:
            clients[0].send(f"L {names[0]}")
            stage.wait(lambda: clients[0].inbox and clients[0].inbox[-1] == b"Y", "an answer")
            clients[0].inbox.pop()
    for number, client in enumerate(clients):
        heard = collections.Counter(take(stage, client, CROWD - 1))
        expected = {f"{name} ： 我是第{other}位".encode() for other, name in enumerate(names)
                    if other != number}
        expect_equal(heard, collections.Counter(expected), f"{client.name} heard")
    stage.note(f"{CROWD * (CROWD - 1)} lines delivered in {time.monotonic() - spoken:.2f} s")
    for client in clients:
        client.expect_nothing()

    # All leave.
    for number, client in enumerate(clients):
        client.send(f"E {client.name}")
        if number % 10 == 9:
            stage.wait(lambda: b"EXIT" in client.inbox, "EXIT")
    stage.wait(lambda: all(b"EXIT" in client.inbox for client in clients), "all have left")
    for number, client in enumerate(clients):
        gone = [data for data in client.inbox if data != b"EXIT"]
        expect_equal(gone, [f"{name} left the room".encode() for name in names[:number]], "Left")

    memory, processor = read_usage(server)
    stage.note(f"all left: {memory} KiB, {processor:.2f} s, after {time.monotonic() - begin:.2f} s")
    stage.member(server, names[0]).send(f"W {names[0]}").expect(f"W 1/1 {names[0]}")


def take(stage, client, number):
    stage.wait(lambda: len(client.inbox) >= number, f"{client.name} hears {number} lines")
    return [client.inbox.popleft() for _ in range(number)]


def name_of(data, ending):
    text = data.decode()
    expect(text.endswith(ending), f"Not {ending!r}: {text!r}")
    return text[:-len(ending)]


def test_crowd_ipv4(stage):
    """Over IPv4, all enter, each says a line, everyone hears every other's, all leave."""
    check_crowd(stage, ["127.0.0.1"])


def test_crowd_both(stage):
    """The same, half of them over IPv6."""
    check_crowd(stage, ["127.0.0.1", "::1"])


def test_crowd_dies(stage):
    """Two hundred die at once: one hears of each, and the server is well."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    names = [f"客{number:03}" for number in range(CROWD)]
    crowd = [stage.member(server, name) for name in names]
    for client in crowd:
        client.close()
    take(stage, bob, CROWD)
    bob.say("hello?")
    gone = [name_of(data, " left the room") for data in take(stage, bob, CROWD)]
    expect_equal(sorted(gone), names, "Left")
    bob.expect_nothing()


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
