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


def test_full_disk(stage):
    """What a full disk cannot take is not acknowledged and not shown; once there is room
    again, it arrives."""
    server = stage.server("--classic", "off", prepare=outlive_limits)
    mei = stage.person(server, "Mei").wait_inside("Mei")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei.say("before").wait_texts(["before"])

    limit_files(server, 1)
    mei.say("while it is full")
    stage.pass_time(3)
    expect("while it is full" not in noor.texts() + mei.delivered(), "It was taken.")
    expect(server.is_running(), "The server ended.")

    limit_files(server, resource.RLIM_INFINITY)
    mei.say("after")
    noor.wait_texts(["before", "while it is full", "after"])
    expect_equal(noor.texts()[-2:], ["while it is full", "after"], "The end of it")
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
