#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal client in rooms that other people wrote from the same lesson."""

import sys
import time

import teahouse
from teahouse import expect, expect_equal


class Lesson:
    """A server as it is often written: lets everyone in, answers a goodbye."""

    def __init__(self, stage, accept="Y", echo=None, goodbye=("EXIT",), unknown=()):
        self.accept = accept
        self.echo = echo
        self.goodbye = goodbye
        self.unknown = unknown
        self.begun = time.monotonic()
        self.server = teahouse.ForeignServer(stage, self.answer)
        self.tell = self.server.tell

    def answer(self, request):
        letter, _, rest = request.decode().partition(" ")
        if letter == "L":
            return [self.accept]
        if letter == "C":
            name, _, text = rest.partition(" ")
            return [self.echo.format(name=name, text=text)] if self.echo else []
        if letter in "EQ":
            return self.goodbye
        return self.unknown

    def enter(self, stage, **keywords):
        cli = stage.cli(self.server.address(), "--classic", name="Mei", **keywords)
        if "terminal" not in keywords:
            cli.wait_inside("Mei")
        return cli

    def requests(self):
        """What was asked, apart from who is here, which is our own invention, and from what is
        asked again because the answer takes its time: not before a quarter of a second."""
        asked = [request.decode() for request in self.server.requests if request[:1] != b"W"]
        once = [request for number, request in enumerate(asked)
                if request[:1] == "C" or request not in asked[:number]]
        most = (time.monotonic() - self.begun) / 0.25
        expect(len(asked) - len(once) <= most, f"Asked again too soon: {asked}")
        return once


def test_ways_to_accept(stage):
    """Y and OK in any case, and with what is left of a C string, let one in."""
    for accept in ("Y", "y", "OK", "ok", "Ok", "OK\n", b"Y\0", b"OK\0\0\0\0", " Y "):
        lesson = Lesson(stage, accept)
        cli = lesson.enter(stage)
        cli.end_input()
        cli.wait_exit(0)
        expect_equal(lesson.requests(), ["L Mei", "E Mei"], "Requests")


def test_refusals(stage):
    """Anything else is a refusal, and the reason is shown."""
    for answer, reason in (
        ("N taken", "taken"), ("N", None), ("NO", "NO"), ("用户名已存在", "用户名已存在"),
        ("Name is already in use!", "Name is already in use!"), ("", None), ("yes", "yes"),
        (b"\xd3\xc3\xbb\xa7", None), ("昵称：已存在", "昵称：已存在"), ("error: taken", "error: taken"),
    ):
        server = Lesson(stage, answer).server
        cli = stage.cli(server.address(), "--classic", name="Mei").wait_exit(3)
        expect_equal(cli.out, b"", "Standard output")
        expect(cli.err.strip() and (reason or "") in cli.err.decode(), f"{answer!r}: {cli.err!r}")


def test_late_refusal(stage):
    """A refusal that reads like a line from the room is one also where it is asked again
    before the first answer comes."""
    asked = []

    def answer(request):
        asked.append(request)
        return ["昵称 ： 已存在"] * 2 if len(asked) == 2 else []
    server = teahouse.ForeignServer(stage, answer)
    cli = stage.cli(server.address(), "--classic", name="Mei").wait_exit(3)
    expect_equal(cli.out, b"", "Standard output")


def test_late_answer(stage):
    """Who hears what is said in the room is in it, though no answer comes; nothing that came
    early is lost."""
    lines = ["Bob ： hello", "Bob ： are you there?"]
    asked = []

    def answer(request):
        asked.append(request)
        return [lines.pop(0)] if request[:1] == b"L" and lines and len(asked) > 1 else []
    server = teahouse.ForeignServer(stage, answer)
    cli = stage.cli(server.address(), "--classic", name="Mei")
    cli.wait_fact("message", "Bob", "are you there?")
    expect_equal(cli.facts(), [("joined", "Mei", None), ("message", "Bob", "hello"),
                               ("message", "Bob", "are you there?")], "Told")


def test_refusal_cannot_steer_the_terminal(stage):
    """The reason of a refusal is text of others like any."""
    cli = Lesson(stage, "N \x1b]0;title\x07\x1b[2J taken").enter(stage, terminal=True)
    cli.wait_out("taken")
    cli.wait_out("Your name:")
    expect(b"\x1b" not in cli.out and b"\x07" not in cli.out, f"Shown: {cli.out!r}")


def test_messages(stage):
    """Either colon with any spacing is a message; what follows is its text."""
    lesson = Lesson(stage)
    cli = lesson.enter(stage)
    cli.take_fact()
    for line, author, text in (
        ("Bob ： hello", "Bob", "hello"),
        ("Bob：hello", "Bob", "hello"),
        ("Bob : hello", "Bob", "hello"),
        ("Bob:hello", "Bob", "hello"),
        ("Bob: hello", "Bob", "hello"),
        ("Bob :hello", "Bob", "hello"),
        (b"Bob: hello\0\0", "Bob", "hello"),
        ("Bob ：  two spaces  ", "Bob", " two spaces  "),
        ("Bob ： a: b：c", "Bob", "a: b：c"),
        ("小明：你好", "小明", "你好"),
        (b"Bob: caf\xe9", "Bob", "caf\ufffd"),
        ("Bob ： one\ntwo", "Bob", "one\ntwo"),
    ):
        lesson.tell(line)
        expect_equal(cli.take_fact(), ("message", author, text), repr(line))


def test_comings_and_goings(stage):
    """The wordings of the lesson, and of our own languages, are understood."""
    lesson = Lesson(stage)
    cli = lesson.enter(stage)
    cli.take_fact()
    for line, kind in (
        ("Bob 进入了聊天室", "joined"), ("Bob进入了聊天室", "joined"), ("Bob 进入聊天室", "joined"),
        ("Bob 退出了聊天室", "left"), ("Bob退出了聊天室", "left"), ("Bob离开了聊天室\n", "left"),
        ("Bob entered the room", "joined"), ("Bob left the room", "left"),
        ("Bob hat den Raum betreten", "joined"), ("Bob hat den Raum verlassen", "left"),
    ):
        lesson.tell(line)
        expect_equal(cli.take_fact(), (kind, "Bob", None), repr(line))


def test_notices(stage):
    """Whatever is nothing else is a notice."""
    lesson = Lesson(stage)
    cli = lesson.enter(stage)
    cli.take_fact()
    for line in ("Welcome!", "there are 3 people here", "EXIT now", "two words: and a colon",
                 "W something", "欢迎来到聊天室"):
        lesson.tell(line)
        expect_equal(cli.take_fact(), ("notice", None, line), repr(line))


def test_own_lines_come_back(stage):
    """Where the server sends one's own lines to oneself too, they are not told twice."""
    for echo in ("{name} ： {text}", "{name}:{text}", "{name}: {text}", "{name} 说: {text}"):
        lesson = Lesson(stage, echo=echo)
        cli = lesson.enter(stage)
        lesson.tell("Mei 进入了聊天室")
        cli.say("one", "two", "two")
        stage.wait(lambda: len(lesson.requests()) == 4, "three lines")
        lesson.tell("Bob: the end")
        cli.wait_fact("message", "Bob", "the end")
        expect_equal(cli.facts(), [("joined", "Mei", None), ("message", "Bob", "the end")], "Told")


def test_what_it_asks(stage):
    """It says what the lesson taught, and nothing else that could be taken for it."""
    lesson = Lesson(stage)
    cli = lesson.enter(stage)
    cli.say("hello", "  你好  🍵 ")
    stage.wait(lambda: len(lesson.requests()) == 3, "two lines")
    cli.end_input()
    cli.wait_exit(0)
    expect_equal(lesson.requests(), ["L Mei", "C Mei hello", "C Mei   你好  🍵 ", "E Mei"], "Requests")


def test_only_q(stage):
    """Where E is not known, Q leaves: no name stays behind."""
    lesson = Lesson(stage, accept="OK")
    members = {"Mei"}

    def answer(request):
        letter, _, rest = request.decode().partition(" ")
        if letter == "L":
            return ["OK"]
        if letter == "Q" and rest in members:
            members.remove(rest)
            return ["EXIT"]
        return []

    lesson.server.answer = answer
    cli = lesson.enter(stage)
    begin = time.monotonic()
    cli.end_input()
    cli.wait_exit(0)
    expect_equal(members, set(), "Who is left")
    expect_equal(lesson.requests()[:3], ["L Mei", "E Mei", "Q Mei"], "Requests")
    expect(time.monotonic() - begin < 5, "It takes too long.")


def test_exit(stage):
    """EXIT ends the session; so does a goodbye that is never answered."""
    lesson = Lesson(stage)
    cli = lesson.enter(stage)
    lesson.tell("EXIT")
    cli.wait_exit(0)

    for goodbye in ((), ("bye",), ("Mei left the room",)):
        cli = Lesson(stage, goodbye=goodbye).enter(stage)
        begin = time.monotonic()
        cli.end_input()
        cli.wait_exit(0)
        stage.note(f"answered with {goodbye}: left after {time.monotonic() - begin:.2f} s")


def test_question_unknown(stage):
    """A server that answers our question with something else is left alone soon, and
    the session goes on."""
    lesson = Lesson(stage, unknown=("unknown command",))
    cli = lesson.enter(stage)
    cli.say("hello")
    stage.wait(lambda: "C Mei hello" in lesson.requests(), "the line")
    lesson.tell("Bob: hi")
    cli.wait_fact("message", "Bob", "hi")


def test_never_answers(stage):
    """A server that never answers is given up after some tries."""
    server = teahouse.ForeignServer(stage, lambda request: [])
    begin = time.monotonic()
    cli = stage.cli(server.address(), "--classic", name="Mei").wait_exit(4)
    elapsed = time.monotonic() - begin
    stage.note(f"given up after {elapsed:.1f} s")
    expect(cli.err.strip(), "It says nothing about it.")
    expect(len(server.requests) >= 3 and set(server.requests) == {b"L Mei"},
           f"Requests: {server.requests}")


def test_answers_late(stage):
    """An answer to the second or third try is soon enough."""
    for tries in (2, 3, 4):
        server = teahouse.ForeignServer(
            stage, lambda request, n=tries: ["Y"] if len(server.requests) >= n else [])
        stage.cli(server.address(), "--classic", name="Mei").wait_inside("Mei")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
