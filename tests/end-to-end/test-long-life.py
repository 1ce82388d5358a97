#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A room that is there for long: what is forgotten, and what is not. Days pass in its
database, while the server is stopped."""

import sqlite3
import sys

import teahouse
from teahouse import expect, expect_equal


def pass_days(server, days):
    """Lets a stopped server believe that it has lived through more days."""
    database = sqlite3.connect(server.data_dir / "room.db")
    (lived,), = database.execute("SELECT lived FROM house")
    version, number, rest = lived.split(" ", 2)
    database.execute("UPDATE house SET lived = ?", (f"{version} {int(number) + days} {rest}",))
    database.commit()
    database.close()


def leave(person):
    person.end_input()
    person.wait_exit(0)


def is_on_disk(server, text):
    return any(text.encode() in path.read_bytes()
               for path in server.data_dir.glob("room.db*") if path.exists())


def read_history(stage, server, name):
    """What a newcomer is told of the past."""
    person = stage.person(server, name).wait_inside(name)
    texts = person.texts()
    leave(person)
    return texts


def say(stage, server, *texts):
    mei = stage.person(server, "Mei").wait_inside("Mei")
    mei.say(*texts)
    stage.wait(lambda: set(mei.delivered()) >= set(texts), "all of it is delivered")
    leave(mei)


def test_retention_by_age(stage):
    """What is older than so many days is gone, from the disk, too; the rest is not."""
    server = stage.server("--classic", "off")
    say(stage, server, "of the day before yesterday")
    server.stop()
    pass_days(server, 1)
    server = stage.server("--classic", "off", "--data-dir", server.data_dir)
    say(stage, server, "of yesterday")
    server.stop()
    pass_days(server, 1)

    server = stage.server("--classic", "off", "--data-dir", server.data_dir)
    expect_equal(read_history(stage, server, "Noor"),
                 ["of the day before yesterday", "of yesterday"], "History without a limit")
    server.stop()
    server = stage.server("--classic", "off", "--data-dir", server.data_dir, "--retain-days", 1)
    say(stage, server, "of today")
    stage.wait(lambda: read_history(stage, server, "Lin") == ["of yesterday", "of today"],
               "what is older than a day is gone")
    server.stop()
    expect(not is_on_disk(server, "of the day before yesterday"), "It is still on the disk.")
    expect(is_on_disk(server, "of yesterday"), "What is not old is not there.")


def test_retention_by_count(stage):
    """Of so many events the older are gone, whatever their age; both limits count."""
    texts = [f"number {number}" for number in range(20)]
    server = stage.server("--classic", "off")
    say(stage, server, *texts)
    server.stop()
    server = stage.server("--classic", "off", "--data-dir", server.data_dir, "--retain-events", 10,
                          "--retain-days", 100)
    stage.wait(lambda: "number 0" not in read_history(stage, server, "Noor"), "the oldest are gone")
    server.stop()
    expect(not is_on_disk(server, "number 7"), "It is still on the disk.")


def test_name_lifetime(stage):
    """A name is its owner's for as long as is set, and then anybody's."""
    server = stage.server("--classic", "off")
    say(stage, server, "This is Mei.")
    server.stop()
    # That she left may be in the log alone, where what is told of its time does not change.
    server = stage.server("--classic", "off", "--data-dir", server.data_dir)
    server.stop()
    pass_days(server, 10)

    for days in (0, 10):
        server = stage.server("--classic", "off", "--data-dir", server.data_dir,
                              "--name-lifetime", days)
        stage.person(server, "Mei", key="thief").wait_exit(3)
        server.stop()
    server = stage.server("--classic", "off", "--data-dir", server.data_dir,
                          "--name-lifetime", 9)
    heir = stage.person(server, "Mei", key="heir").wait_inside("Mei")
    expect_equal(stage.person(server, "Mei").wait_exit(3).texts(), [], "What she is told")
    leave(heir)


def test_many_names(stage):
    """Who takes one name too many gives up the one that they have not used for longest."""
    server = stage.server("--classic", "off")
    for number in range(17):
        leave(stage.person(server, f"Mei{number}", key="Mei").wait_inside(f"Mei{number}"))
    stage.person(server, "Mei1", key="Noor").wait_exit(3)
    leave(stage.person(server, "Mei0", key="Noor").wait_inside("Mei0"))
    server.stop()
    server = stage.server("--classic", "off", "--data-dir", server.data_dir)
    stage.person(server, "Mei0", key="Mei").wait_exit(3)
    leave(stage.person(server, "Mei1", key="Mei").wait_inside("Mei1"))


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
