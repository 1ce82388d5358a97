#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is given little, or stands still for a while."""

import resource
import signal
import socket
import sys

import teahouse
from teahouse import expect, expect_equal


def limit_descriptors(soft, hard):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def get_descriptors(server):
    return resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)


def expect_no_moves(people):
    """Nobody was told that anybody left, or entered twice."""
    for person in people:
        facts = person.facts()
        expect_equal([fact for fact in facts if fact[0] == "left"], [], f"Who left for {person.nick}")
        joined = [fact[1] for fact in facts if fact[0] == "joined"]
        expect_equal(len(joined), len(set(joined)), f"Who entered for {person.nick}")


def test_descriptors_raised(stage):
    """Of descriptors it takes as many as it may have, up to what it needs."""
    for soft, hard, wanted in ((64, 4096, 1024), (2048, 4096, 2048), (64, 300, 300)):
        server = stage.server(prepare=limit_descriptors(soft, hard))
        expect_equal(get_descriptors(server), (wanted, hard), "Descriptors")
        expect(b"files" not in server.err, f"It says {server.err!r}")


def test_few_descriptors(stage):
    """Where there are few of them, it says so; people need none, however many they are."""
    server = stage.server(prepare=limit_descriptors(48, 48))
    server.wait_err("Only 48 files")
    people = [stage.person(server, f"Person{number}") for number in range(8)]
    members = [stage.member(server, f"Member{number}") for number in range(60)]
    for person in people:
        person.wait_inside("Member59")
    people[0].say("There is a place for everybody.")
    for person in people[1:]:
        person.wait_texts(["There is a place for everybody."])
    expect(members, "Nobody is there.")


def test_stopped_server(stage):
    """A server that stands still for seconds, while people talk and strangers flood it, goes on
    where it was: all is there once, and nobody has left."""
    server = stage.server("--grace", "60", "--classic", "off")
    mei = stage.person(server, "Mei").wait_inside("Mei")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei.wait_inside("Noor")
    mei.say("before")
    noor.wait_texts(["before"])

    server.send_signal(signal.SIGSTOP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flooder:
        for number in range(20000):
            flooder.sendto(b"L x%d" % number + bytes(100), server.address())
    texts = ["before"]
    for number in range(10):
        texts += [f"Mei says {number}", f"Noor says {number}"]
        mei.say(texts[-2])
        noor.say(texts[-1])
    stage.pass_time(4)
    server.send_signal(signal.SIGCONT)

    for person in (mei, noor):
        person.wait_texts(texts)
    expect_no_moves((mei, noor))
    teahouse.check_one_order((mei, noor))


def test_stopped_member(stage):
    """A member that stands still keeps nobody waiting, and has all afterwards."""
    server = stage.server("--grace", "60")
    people = [stage.person(server, name).wait_inside(name) for name in ("Mei", "Noor", "Lin")]
    people[0].wait_inside("Lin")
    people[2].send_signal(signal.SIGSTOP)
    texts = [f"word {number}" for number in range(40)]
    people[0].say(*texts)
    people[1].wait_texts(texts)
    stage.pass_time(2)
    people[2].send_signal(signal.SIGCONT)
    people[2].wait_texts(texts)
    expect_no_moves(people)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
