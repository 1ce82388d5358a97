#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server whose clock is wrong: it destroys nothing, gives nothing away, and says so."""

import shutil
import sqlite3
import struct
import sys
import time

import teahouse
from teahouse import expect, expect_equal

DAY = 24 * 60 * 60

# A year and more ahead, and 1970.
AHEAD = 400 * DAY


def find_1970():
    return 7 * DAY - int(time.time())


class Clock:
    """The clock of a server, by how many seconds it is wrong."""

    def __init__(self, stage):
        self.path = stage.path / "shift"
        self.set(0)

    def set(self, seconds):
        # In place: the server has it mapped.
        with open(self.path, "r+b" if self.path.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))


def start(stage, clock, *arguments):
    return stage.server("--classic", "off", *arguments, program="teahoused-with-shifted-clock",
                        environment={"CLOCK_SHIFT": str(clock.path)})


def say(stage, server, *texts, name="Mei"):
    """Says something and leaves; returns the times of all that is known."""
    mei = stage.person(server, name).wait_inside(name)
    mei.say(*texts)
    stage.wait(lambda: set(mei.delivered()) >= set(texts), "all of it is delivered")
    mei.end_input()
    mei.wait_exit(0)


def read(server, query):
    database = sqlite3.connect(f"file:{server.data_dir / 'room.db'}?mode=ro", uri=True)
    rows = database.execute(query).fetchall()
    database.close()
    return rows


def read_times(server):
    """When the events happened, as the log has it, in seconds: it is what comes after the
    version of a record."""
    return [struct.unpack_from("<q", record, 1)[0] / 1e6
            for record, in read(server, "SELECT record FROM record WHERE record IS NOT NULL"
                                        " ORDER BY seq")]


def make_old(server):
    """Lets a stopped server believe that it has lived through a thousand days more, with
    what was said before."""
    database = sqlite3.connect(server.data_dir / "room.db")
    (lived,), = database.execute("SELECT lived FROM house")
    version, number, rest = lived.split(" ", 2)
    database.execute("UPDATE house SET lived = ?", (f"{version} {int(number) + 1000} {rest}",))
    database.commit()
    database.close()


def count_jumps(server):
    return server.err.decode().count("The clock has jumped")


def test_one_start(stage):
    """One start with a clock that is wrong removes nothing, though there is something that is
    to be removed; a start with the right clock does."""
    clock = Clock(stage)
    server = start(stage, clock)
    say(stage, server, "long ago")
    server.stop()
    make_old(server)

    for shift in (AHEAD, find_1970()):
        folder = stage.path / f"copy {shift}"
        shutil.copytree(server.data_dir, folder)
        clock.set(shift)
        wrong = start(stage, clock, "--data-dir", folder, "--retain-days", 30)
        wrong.wait_err("The clock has jumped")
        say(stage, wrong, "with a wrong clock", name="Noor")
        wrong.stop()
        expect_equal(count_jumps(wrong), 1, "Warnings")
        expect_equal(read(wrong, "SELECT min (seq) FROM record"), [(1,)], "The first event")
        expect(b"Removed" not in wrong.err, "It says that it removes something.")

        # Right again: that is a jump, too, and nobody knows which of both was right.
        clock.set(0)
        again = start(stage, clock, "--data-dir", folder, "--retain-days", 30)
        say(stage, again, "with the right clock", name="Noor")
        again.stop()
        expect_equal(count_jumps(again) + again.err.decode().count("The clock is right again"), 1,
                     "Warnings")
        expect_equal(read(again, "SELECT min (seq) FROM record"), [(1,)], "The first event")
        times = read_times(again)
        expect_equal(times, sorted(times), "The times in the log")
        expect(abs(times[-1] - time.time()) < 600 and times[0] > time.time() - 600,
               f"The times are {times}")

    clock.set(0)
    right = start(stage, clock, "--data-dir", server.data_dir, "--retain-days", 30)
    right.wait_err("events that were not to be kept any longer")
    expect_equal(count_jumps(right), 0, "Warnings")


def test_while_it_runs(stage):
    """A clock that is wrong for a while gives no event another time than it had."""
    clock = Clock(stage)
    server = start(stage, clock, "--retain-days", 30)
    say(stage, server, "right")
    for number, shift in enumerate((AHEAD, 0, find_1970(), 0)):
        clock.set(shift)
        say(stage, server, f"shift {number}")
    server.stop()

    expect_equal(count_jumps(server) + server.err.decode().count("The clock is right again"), 4,
                 "Warnings")
    times = read_times(server)
    expect_equal(times, sorted(times), "The times in the log")
    expect(time.time() - 600 < times[0] and times[-1] < time.time() + 600, f"The times are {times}")


def test_names(stage):
    """A wrong clock makes no name free, not even one that would be."""
    clock = Clock(stage)
    server = start(stage, clock)
    say(stage, server, "This is Mei.")
    server.stop()
    # That she left may be in the log alone, and would be of the day on which that is read.
    server = start(stage, clock, "--data-dir", server.data_dir)
    server.stop()
    make_old(server)

    for shift in (AHEAD, find_1970()):
        folder = stage.path / f"copy {shift}"
        shutil.copytree(server.data_dir, folder)
        clock.set(shift)
        wrong = start(stage, clock, "--data-dir", folder)
        stage.person(wrong, "Mei", key="thief").wait_exit(3)
        wrong.stop()

    clock.set(0)
    right = start(stage, clock, "--data-dir", server.data_dir)
    heir = stage.person(right, "Mei", key="heir").wait_inside("Mei")
    heir.kill()


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
