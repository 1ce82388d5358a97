# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for those who come from the lesson, whose program has to be one that works.

COURSE tells the folder they are in.
"""

import html.parser
import os
import pathlib
import sys

import teahouse
from teahouse import expect, expect_equal

PAGES = sorted(pathlib.Path(os.environ["COURSE"]).glob("course*.html"))


class Programs(html.parser.HTMLParser):
    """The programs in a page."""

    def __init__(self, page):
        super().__init__()
        self.programs = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "pre":
            self.inside = True
            self.programs.append("")

    def handle_endtag(self, tag):
        if tag == "pre":
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.programs[-1] += data


def read_program():
    programs = [program for path in PAGES for program in Programs(path.read_text()).programs]
    expect_equal(len(programs), len(PAGES), "Programs")
    return programs[0]


class Pupil(teahouse.Program):
    """Who runs the program of the lesson."""

    def __init__(self, stage, server, name):
        path = stage.path / "chat.py"
        path.write_text(read_program())
        super().__init__(stage, "python3", path, "127.0.0.1", str(server.port), name)


def test_pages(stage):
    """The program is the same in all languages, and is short"""
    expect(len(PAGES) > 1, f"Only {PAGES}")
    programs = {path.name: Programs(path.read_text()).programs for path in PAGES}
    for name, found in programs.items():
        expect_equal(found, programs["course.html"], f"Programs in {name}")
        expect_equal(len(found), 1, f"Number of programs in {name}")
    lines = [line for line in read_program().splitlines() if line.strip()]
    expect(len(lines) <= 15, f"It has {len(lines)} lines.")


def test_two_pupils(stage):
    """Two people with the program of the lesson talk, and one with another hears both"""
    server = stage.server()
    watcher = stage.cli(server, "--classic", name="Sam")
    watcher.wait_inside("Sam")
    mei = Pupil(stage, server, "Mei")
    watcher.wait_fact("joined", "Mei")
    noor = Pupil(stage, server, "Noor")
    watcher.wait_fact("joined", "Noor")

    mei.write("Is the tea ready?\n")
    noor.wait_out("Mei ： Is the tea ready?\n")
    noor.write("茶快好了\n")
    mei.wait_out("Noor ： 茶快好了\n")
    watcher.wait_fact("message", "Mei", "Is the tea ready?")
    watcher.wait_fact("message", "Noor", "茶快好了")

    # The end of what they type is their goodbye.
    mei.end_input()
    mei.wait_exit(0)
    watcher.wait_fact("left", "Mei")
    noor.wait_out("Mei left the room\n")


def test_a_taken_name(stage):
    """The program tells why one is not let in"""
    server = stage.server()
    stage.client(server).enter("Mei")
    mei = Pupil(stage, server, "Mei").wait_exit(1)
    expect(mei.err.decode().startswith("N "), f"It says {mei.err!r}")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
