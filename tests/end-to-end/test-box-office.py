# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The box office: tickets in one list, windows that sell them at once."""

import os
import re
import signal
import sys
import time

import teahouse
from teahouse import expect, expect_equal


def sell(stage, *arguments):
    """Lets all tickets be sold, and returns the lines that were printed."""
    program = stage.program("teahouse-box-office", *arguments).wait_exit(0)
    expect_equal(program.err, b"", "Errors")
    return program.out.decode().splitlines()


def expect_in_order(lines, n_tickets, n_windows):
    """Every line is a sale, the tickets in order, each once, and every window sells."""
    sales = [re.fullmatch(r"w(\d+)----T(\d+)", line) for line in lines]
    expect(all(sales), lines)
    expect_equal([int(sale[2]) for sale in sales], list(range(1, n_tickets + 1)), "Tickets")
    expect_equal({int(sale[1]) for sale in sales}, set(range(1, n_windows + 1)), "Windows")


def test_the_exercise(stage):
    """As the exercise has it: 500 tickets, ten windows, a tenth of a second each, which are
    5 s for each window and would be 50 for one"""
    began = time.monotonic()
    expect_in_order(sell(stage), 500, 10)
    expect(time.monotonic() - began >= 5, "Somebody was served in less than a tenth of a second.")


def test_other_sizes(stage):
    """Other numbers of tickets and windows"""
    expect_in_order(sell(stage, "--tickets", 30, "--windows", 3, "--seconds-per-sale", 0.001),
                    30, 3)
    expect_in_order(sell(stage, "--tickets", 4, "--windows", 4, "--seconds-per-sale", 0), 4, 4)
    expect_equal(sell(stage, "--tickets", 0), [])


def test_in_a_room(stage):
    """The windows tell their sales in a room, where everyone reads them in that order"""
    server = stage.server()
    watchers = [teahouse.Person(stage, server, name).wait_inside(name) for name in ("Mei", "Sam")]

    lines = sell(stage, "--tickets", 60, "--seconds-per-sale", 0.005,
                 "--room", f"127.0.0.1:{server.port}")
    expect_in_order(lines, 60, 10)

    for watcher in watchers:
        def heard():
            return [f"{author}----{text}" for _, kind, author, text in watcher.log()
                    if kind == "message"]
        stage.wait(lambda: len(heard()) >= len(lines), "every sale is heard")
        expect_equal(heard(), lines, "Heard")
        for number in range(1, 11):
            watcher.wait_fact("left", f"w{number}")


def test_no_room(stage):
    """Without the room nothing is sold"""
    server = stage.server()
    server.stop()
    program = stage.program("teahouse-box-office", "--tickets", 3,
                            "--room", f"127.0.0.1:{server.port}")
    program.wait_exit(1)
    expect_equal(program.out, b"", "Sales")
    expect_equal(len(program.err.splitlines()), 1, "How often it says why")


def test_full_disk(stage):
    """What was sold and is written nowhere does not count as sold"""
    with open("/dev/full", "wb") as full:
        program = stage.program("teahouse-box-office", "--tickets", 3, "--seconds-per-sale", 0,
                                prepare=lambda: os.dup2(full.fileno(), 1)).wait_exit(1)
    expect(program.err, "It does not say why.")


def test_version(stage):
    """It says which version it is, and sells nothing"""
    program = stage.program("teahouse-box-office", "--version").wait_exit(0)
    expect(re.fullmatch(rb"teahouse-box-office \d+\.\d+\.\d+\n", program.out), program.out)


def test_closing_early(stage):
    """Ctrl+C closes the windows at once"""
    program = stage.program("teahouse-box-office", "--tickets", 1000000, "--seconds-per-sale", 0.2)
    program.wait_out("w1----T1\n")
    program.send_signal(signal.SIGINT)
    program.wait_exit(1)


def test_closing_early_in_a_room(stage):
    """Ctrl+C closes the windows, and what they have sold is told; where the room is gone, and
    that would take for ever, Ctrl+C once more ends it"""
    server = stage.server()
    watcher = teahouse.Person(stage, server, "Mei").wait_inside("Mei")
    arguments = ("--tickets", 1000000, "--seconds-per-sale", 0.01,
                 "--room", f"127.0.0.1:{server.port}")

    program = stage.program("teahouse-box-office", *arguments)
    program.wait_out("----T50\n")
    program.send_signal(signal.SIGINT)
    program.wait_exit(1)
    n_sold = program.out.count(b"\n")
    watcher.wait_texts([f"T{number + 1}" for number in range(n_sold)])

    program = stage.program("teahouse-box-office", *arguments)
    program.wait_out("----T50\n")
    server.kill()
    # What is sold from now on nobody can be told.
    program.read(program.process.stdout.fileno(), "out")
    n_sold = program.out.count(b"\n")
    stage.wait(lambda: program.out.count(b"\n") > n_sold, "another ticket is sold")
    program.send_signal(signal.SIGINT)
    stage.pass_time(0.5)
    expect(program.is_running(), "It does not wait for the room.")
    program.send_signal(signal.SIGINT)
    program.wait_exit(1)


def test_nonsense(stage):
    """What makes no sense is refused, in words"""
    for arguments in (["--windows", "0"], ["--tickets", "-1"], ["--seconds-per-sale", "-1"],
                      ["--seconds-per-sale", "nan"], ["--room", "no room"], ["more"]):
        program = stage.program("teahouse-box-office", *arguments).wait_exit(2)
        expect_equal(program.out, b"", "Sales")
        expect(program.err, "It does not say why.")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
