#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer that changes its network: a server and two people on machines of their own, as
far as their networks go, with a cable between them."""

import os
import subprocess
import sys

import teahouse
from teahouse import expect_equal

# What a client says once it is back (src/cli).
BACK = b"Connected again."

# Why there is no such network, if there is none.
no_network = None


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


def enter_network():
    """A network of the test's own, in which there can be cables."""
    teahouse.enter_own_network()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
    run("ip", "link", "delete", "near")


class Cable:
    """Between this network and a server's."""

    def __init__(self, server):
        self.address = None
        far = ("nsenter", f"--net=/proc/{server.process.pid}/ns/net", "ip")
        # Another test's goes with its server, but not at once.
        subprocess.run(("ip", "link", "delete", "near"), check=False, capture_output=True)
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
        run("ip", "link", "set", "far", "netns", str(server.process.pid))
        run(*far, "address", "add", "10.77.0.1/16", "dev", "far")
        run(*far, "link", "set", "far", "up")

    def plug(self, address, has_gateway):
        self.address = f"{address}/16"
        run("ip", "link", "set", "near", "up")
        run("ip", "address", "add", self.address, "dev", "near")
        if has_gateway:
            run("ip", "route", "add", "default", "via", "10.77.0.1")

    def unplug(self):
        run("ip", "address", "delete", self.address, "dev", "near")
        run("ip", "link", "set", "near", "down")


def enter(stage):
    if no_network is not None:
        raise teahouse.Skipped(no_network)

    server = stage.server("--classic", "off", "--grace", "60",
                          prepare=lambda: teahouse.unshare(teahouse.CLONE_NEWNET))
    return server, Cable(server)


def expect_nothing_else(people, texts):
    """That all know the same, that nothing is lost, and that nobody came or went."""
    for person in people:
        person.wait_texts(texts)
        expect_equal([entry[1:3] for entry in person.log() if entry[1] != "message"],
                     [("joined", "Mei"), ("joined", "Noor")],
                     f"Comings and goings that {person.nick} was told")
    teahouse.check_one_order(people)


def move(stage, has_gateway):
    server, cable = enter(stage)
    cable.plug("10.77.0.2", has_gateway)
    address = ("10.77.0.1", server.port)
    people = [stage.person(address, name).wait_inside(name) for name in ("Mei", "Noor")]
    people[0].wait_inside("Noor")

    texts = []
    for number in range(3, 8):
        cable.unplug()
        cable.plug(f"10.77.0.{number}", has_gateway)
        for person in people:
            texts.append(f"{person.nick} has moved to {number}")
            person.say(texts[-1])
        for person in people:
            person.wait_texts(texts)
    expect_nothing_else(people, texts)
    for person in people:
        expect_equal(person.err.count(BACK), 0, f"Times that {person.nick} was away")


def test_move(stage):
    """Another address: who moves is not even away."""
    move(stage, True)


def test_move_without_gateway(stage):
    """The same in a network from which nothing leads into the Internet."""
    move(stage, False)


def test_come_back(stage):
    """Without any network one is away; what is said meanwhile is said when there is one."""
    server, cable = enter(stage)
    cable.plug("10.77.0.2", True)
    address = ("10.77.0.1", server.port)
    people = [stage.person(address, name).wait_inside(name) for name in ("Mei", "Noor")]
    people[0].wait_inside("Noor")

    cable.unplug()
    for person in people:
        person.say(f"{person.nick} is there")
        person.wait_err("does not answer")
    cable.plug("10.77.0.3", True)
    for person in people:
        person.wait_err(BACK)
    expect_nothing_else(people, [f"{person.nick} is there" for person in people])


if __name__ == "__main__":
    try:
        enter_network()
    except (OSError, subprocess.CalledProcessError) as error:
        no_network = str(error)
    sys.exit(teahouse.main(globals()))
