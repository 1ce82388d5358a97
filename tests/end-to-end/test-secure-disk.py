#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers whose disk is full, or whose database is damaged."""

import resource
import signal
import sys

import teahouse
from teahouse import expect, expect_equal


def outlive_limits():
    """A full disk is an error, not a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def limit_files(server, size):
    """How large a file of a running server can get; what is beyond fails as on a full disk."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def count_states(person, state):
    """How often somebody's messages came that far."""
    return sum(1 for event in person.events() if event.get("state") == state)


def test_full_disk(stage):
    """What a full disk cannot take is not acknowledged and not shown; once there is room
    again, it arrives, without anybody doing anything: once, in order."""
    server = stage.server("--classic", "off", prepare=outlive_limits)
    mei = stage.person(server, "Mei").wait_inside("Mei")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei.say("before").wait_texts(["before"])

    limit_files(server, 1)
    texts = [f"while it is full {number}" for number in range(150)]
    for text in texts:
        mei.say(text)
    stage.wait(lambda: count_states(mei, "waiting") == len(texts), "All of them wait")
    expect_equal(set(noor.texts() + mei.delivered()), {"before"}, "What was taken")
    expect(all(event["reason"] for event in mei.events() if event.get("state") == "waiting"),
           "It is not told why they wait.")
    expect(server.is_running(), "The server ended.")

    limit_files(server, resource.RLIM_INFINITY)
    noor.wait_texts(["before", *texts])
    mei.wait_texts(["before", *texts])
    stage.wait(lambda: count_states(mei, "delivered") == len(texts) + 1, "All are delivered")
    expect_equal(noor.texts(), ["before", *texts], "What arrived")
    n_states = [sum(1 for event in mei.events() if "state" in event and event["text"] == text)
                for text in texts]
    expect(max(n_states) <= 3, f"States of one message: {n_states}")
    teahouse.check_one_order([mei, noor])


def test_damaged_database(stage):
    """A server does not start on a damaged database, says so, and leaves it as it is."""
    data_dir = stage.path / "room"
    arguments = ("--classic", "off", "--data-dir", data_dir)
    server = stage.server(*arguments)
    mei = stage.person(server, "Mei").wait_inside("Mei")
    for number in range(50):
        mei.say(f"something {number} " + "x" * 200)
    mei.wait_texts([f"something {number} " + "x" * 200 for number in range(50)])
    server.stop()

    databases = list(data_dir.rglob("*.db")) + list(data_dir.rglob("*.sqlite"))
    expect_equal(len(databases), 1, "Databases")
    whole = databases[0].read_bytes()
    for name, damaged in (("its beginning overwritten", b"x" * 100 + whole[100:]),
                          ("its middle overwritten",
                           whole[:4096] + b"\xff" * 8192 + whole[12288:]),
                          ("cut", whole[:len(whole) // 2])):
        databases[0].write_bytes(damaged)
        broken = stage.program("teahoused", "--port", "0", *arguments)
        broken.wait_exit(1)
        expect_equal(broken.out, b"", f"{name}: standard output")
        for words in (b"room.db", b"cannot be used", b"damaged", b"Restore it from a backup"):
            expect(words in broken.err, f"{name}: does not say {words!r}: {broken.err!r}")
        expect_equal(databases[0].read_bytes(), damaged, f"{name}: the file")

    databases[0].write_bytes(whole)
    stage.server(*arguments)


def test_two_servers_on_one_database(stage):
    """A second server does not start where the first one keeps its room."""
    data_dir = stage.path / "room"
    stage.server("--data-dir", data_dir)
    second = stage.program("teahoused", "--port", "0", "--data-dir", data_dir)
    second.wait_exit(1)
    expect(second.err, "It does not say why.")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
