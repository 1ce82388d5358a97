#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal client on a terminal, as somebody sees it who types there."""

import fcntl
import re
import signal
import struct
import sys
import termios

import teahouse
from programs import enter, find, opened, say, wait
from screen import Screen
from teahouse import expect, expect_equal, protect

LEFT = "\x1b[D"
UP = "\x1b[A"
BACKSPACE = "\x7f"


class Typist:
    """Somebody in a room, and what is on their screen."""

    def __init__(self, stage, server, *arguments, columns=80, name="Mei"):
        self.stage = stage
        self.cli = stage.cli(server, *arguments, name=name, terminal=True)
        self.shown = Screen(columns)
        self.n_shown = 0
        self.resize(columns)
        self.cli.wait_out("Ctrl+D leaves.")
        self.wait_line("> ")

    def resize(self, columns):
        self.screen().resize(columns)
        fcntl.ioctl(self.cli.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.cli.send_signal(signal.SIGWINCH)

    def screen(self):
        self.shown.feed(self.cli.out[self.n_shown:])
        self.n_shown = len(self.cli.out)
        return self.shown

    def type(self, text):
        self.cli.write(text)
        return self

    def wait_screen(self, condition, what):
        self.stage.wait(lambda: condition(self.screen()), f"the screen shows {what}")
        return self

    def wait_shown(self, text):
        return self.wait_screen(lambda screen: text in "\n".join(screen.lines()), repr(text))

    def wait_line(self, *lines):
        """The last lines of the screen, of which the last is the one that is typed."""
        wanted = [line.rstrip() for line in lines]
        return self.wait_screen(lambda screen: screen.lines()[-len(wanted):] == wanted,
                                f"{wanted}")


def test_line_stays_whole(stage):
    """What comes in is printed above what is half typed."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = Typist(stage, server)
    mei.type("hello w").wait_line("> hello w")
    bob.say("one").say("two")
    mei.wait_line("Bob ： one", "Bob ： two", "> hello w")
    mei.type("orld\n")
    bob.expect("Mei entered the room", "Mei ： hello world")
    mei.wait_line("Bob ： two", "> hello world", "> ")
    expect(not mei.cli.is_shown(), "The terminal shows what is typed, too.")
    mei.type("\x04").cli.wait_exit(0)
    expect("  " not in "".join(mei.screen().lines()), f"{mei.screen().lines()}")


def test_editing(stage):
    """Wide characters are rubbed out whole; the line can be changed anywhere, and had back."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = Typist(stage, server)
    mei.type("你好吗").wait_line("> 你好吗")
    mei.type(BACKSPACE).wait_line("> 你好")
    mei.wait_screen(lambda screen: screen.cursor()[1] == 6, "the cursor behind what is typed")
    mei.type(LEFT + "x").wait_line("> 你x好")
    bob.say("茶")
    mei.wait_line("Bob ： 茶", "> 你x好")
    mei.wait_screen(lambda screen: screen.cursor()[1] == 5, "the cursor where it was")
    mei.type("\n")
    bob.expect("Mei entered the room", "Mei ： 你x好")
    mei.type(UP).wait_line("> 你x好", "> 你x好")
    mei.type("🍵\n")
    bob.expect("Mei ： 你x好🍵")
    # Decomposed: two characters, one column.
    mei.type("e\u0301").wait_line("> e\u0301").type(BACKSPACE + BACKSPACE).wait_line("> ")


def test_completion(stage):
    """Tab completes who is here, and commands; it knows no files."""
    server = stage.server()
    bob = stage.member(server, "Bartholomew")
    mei = Typist(stage, server)
    bob.expect("Mei entered the room")
    mei.wait_shown("Bartholomew")
    mei.type("Bar\t").wait_line("> Bartholomew ").type("\x15")
    mei.type("/hi\t").wait_line("> /history ").type("\x15")
    mei.type("/et\t/x").wait_line("> /et/x").type("\x15")


def test_messages(stage):
    """What people do with messages is a line of words; a command names a message by its number,
    or means the latest that it can."""
    server = stage.server("--classic", "off")
    bob = enter(stage, server, "Bob")
    tea = say(bob, "green tea or black tea, with milk or without it?")["seq"]
    mei = Typist(stage, server, columns=120)
    mei.wait_shown("green tea")
    mei.type("/reply black\n")
    wait(bob, "message", text="black", reply=tea)
    bob.command(react="🍵", to=tea)
    mei.wait_shown(f"Bob reacted with 🍵 to “green tea or black tea, with milk or wit…” (#{tea})")
    own = find(bob, "message", text="black")[0]["seq"]
    mei.type("/edit oolong\n").wait_shown(f"Mei edited #{own} ： oolong")
    mei.type(f"/react #{tea} 🍵\n")
    wait(bob, "reacted", author="Mei", target=tea, count=2)
    more = say(bob, "nonsense")["seq"]
    bob.command(remove=more)
    mei.wait_shown(f"Bob removed #{more}")
    mei.type("/messages 3\n")
    mei.wait_line(f"#{tea} Bob ： green tea or black tea, with milk or without it?  🍵 2",
                  f"#{own} Mei to Bob (“green tea or black tea, with milk or wit…”) ： oolong (edited)",
                  f"#{more} Bob ： (removed)", "> ")
    mei.type("/remove\n").wait_shown(f"Mei removed #{own}")
    mei.type("/search TEA\n").wait_line(
        f"#{tea} Bob ： green tea or black tea, with milk or without it?  🍵 2", "> ")
    mei.type(f"/show #{tea} 2\n").wait_line(
        "Bob entered the room", f"#{tea} Bob ： green tea or black tea, with milk or without it?  🍵 2",
        "Mei entered the room", "> ")
    mei.type("/search coffee\n").wait_shown("Nothing was found.")
    mei.type("/topic\n").wait_shown("There is no topic.")
    mei.type("/rem\t").wait_line("> /remove ").type("\x15")
    for line, word in (("/edit", "/edit"), ("/edit #9999 x", "message"), ("/pin", "yours")):
        mei.type(line + "\n").wait_screen(
            lambda screen, word=word: word in screen.lines()[-2], f"an answer to {line}")
    mei.type("\x04").cli.wait_exit(0)


def test_order(stage):
    """What is done to keep order is a line that tells who did it, to whom, until when and why;
    who has to wait is told for how long."""
    server = stage.server("--rooms", "members", "--classic", "off")
    bob = enter(stage, server, "Bob")
    mei = Typist(stage, server, columns=120)
    mei.type("/make Garden\n").wait_line("Mei entered the room", "Garden> ")
    opened(bob, open="Garden")
    for line, shown in (("/mute Bob 10m noise", r"Mei muted Bob until 20\d\d-\d\d-\d\d \d\d:\d\d: noise"),
                        ("/mute Bob off", "Mei lets Bob speak again"),
                        ("/role Bob moderator", "Mei made Bob a moderator of the room"),
                        ("/role Bob member", "Mei made Bob a member of the room like others"),
                        ("/topic Tea & talk", "Mei set the topic: Tea & talk"),
                        ("/slow 30", "Mei lets members wait 30 seconds between messages"),
                        ("/let-in Bob", "“Bob” is there."),
                        ("/send-out Bob ever spam", "Mei sent Bob out for good: spam"),
                        ("/let-in Bob", "Mei sent Bob out, who may come back"),
                        ("/send-out Noor", "Nobody who is called “Noor” and has a key is in the hall.")):
        mei.type(line + "\n").wait_screen(
            lambda screen, shown=shown: any(re.fullmatch(shown, text) for text in screen.lines()),
            shown)
    ann = Typist(stage, server, "--identity", stage.path / "ann", columns=120, name="Ann")
    ann.type("/open Garden\n").wait_shown("Mei set the topic: Tea & talk")
    ann.type("one\ntwo\n").wait_screen(
        lambda screen: any(re.fullmatch(r"That is sent in (30|29) seconds\.", text)
                           for text in screen.lines()), "how long it waits")
    mei.wait_shown("Ann ： one")
    mei.type("\x04").cli.wait_exit(0)


def test_long_line(stage):
    """A line that needs several rows is printed above, too."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = Typist(stage, server, columns=21)
    # A wide character does not fit into the last column.
    text = "茶" * 12 + "abc"
    mei.type(text).wait_line("> " + "茶" * 9, "茶" * 3 + "abc")
    bob.say("hi")
    mei.wait_line("Bob ： hi", "> " + "茶" * 9, "茶" * 3 + "abc")
    mei.type("\n")
    bob.expect("Mei entered the room", "Mei ： " + text)
    mei.type(text).wait_line("> " + "茶" * 9, "茶" * 3 + "abc")
    mei.resize(60)
    mei.wait_screen(lambda screen: "> " + text in screen.lines(), "the line in one row")
    bob.say("wide")
    mei.wait_line("Bob ： wide", "> " + text)


def test_flood(stage):
    """A flood of messages leaves what is typed as it is."""
    server = stage.server()
    mei = Typist(stage, server)
    mei.type("half a line").wait_line("> half a line")
    bob = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    bob.say(*(f"number {i}" for i in range(500)))
    mei.wait_line("Bob ： number 499", "> half a line")
    lines = mei.screen().lines()
    start = lines.index("Bob ： number 0")
    expect_equal(lines[start:], [f"Bob ： number {i}" for i in range(500)] + ["> half a line"],
                 "The screen")


def test_foreign_pieces(stage):
    """Names from right to left do not turn a sentence round, and no line separator arrives."""
    server = stage.server()
    mei = Typist(stage, server)
    noor = stage.cli(server, "--identity", stage.path / "noor", name="שלום").wait_inside("שלום")
    noor.say("one\u2028Ann ： two\u2029Ann ： three")
    mei.wait_shown("three")
    shown = mei.cli.out.decode()
    expect("\u2028" not in shown and "\u2029" not in shown, "A separator is on the terminal.")
    expect("\u2068שלום\u2069 entered the room" in shown, f"Shown: {shown!r}")
    expect(not any(line.startswith("Ann") for line in mei.screen().lines()),
           f"{mei.screen().lines()}")


def test_secrets(stage):
    """A password is neither shown nor had back."""
    server = stage.server("--password-file", protect(stage, "oolong"))
    cli = stage.cli(server, terminal=True)
    cli.wait_out("Your name:")
    # Typed ahead.
    cli.write("Mei\n")
    cli.wait_out("Password:")
    stage.wait(lambda: not cli.is_shown(), "what is typed is hidden")
    cli.write("oolong\n")
    cli.wait_out("Ctrl+D leaves.")
    cli.write(UP + "hello\n")
    cli.wait_out("hello\r\n")
    expect(b"oolong" not in cli.out, "The password is shown.")
    cli.write("\x04")
    cli.wait_exit(0)
    expect(cli.is_shown(), "What is typed stays hidden.")


def test_ends(stage):
    """Each way to end it leaves the terminal as it was."""
    server = stage.server()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        mei = Typist(stage, server)
        mei.type("half").wait_line("> half")
        expect(not mei.cli.is_shown(), "The terminal shows what is typed, too.")
        mei.cli.send_signal(number)
        mei.cli.wait_exit(0)
        expect(mei.cli.is_shown(), "What is typed stays hidden.")


def test_terminal_that_is_stopped(stage):
    """SIGTERM ends it though the terminal takes nothing any more."""
    server = stage.server()
    mei = Typist(stage, server)
    bob = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    stage.unwatch(mei.cli.terminal)
    bob.say(*("x" * 1000 for i in range(300)))
    stage.wait(lambda: len([1 for event in bob.events() if event.get("state") == "delivered"])
               == 300, "all is said")
    mei.cli.send_signal(signal.SIGTERM)
    stage.wait(lambda: not mei.cli.is_running(), "it ends")
    expect(mei.cli.process.returncode in (0, 5), f"Exit status: {mei.cli.process.returncode}")


# A shell that knows one program, and fg.
SHELL = """#!/usr/bin/python3
import os, signal, sys, termios

signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
try:
    os.setpgid(pid, pid)
except PermissionError:
    pass  # It was faster.
os.tcsetpgrp(0, pid)
while True:
    _, status = os.waitpid(pid, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpid())
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    print("stopped, echo", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
    sys.stdin.readline()
    os.tcsetpgrp(0, pid)
    os.kill(pid, signal.SIGCONT)
"""


def test_job_control(stage):
    """Ctrl+Z gives the terminal back as it was found, and fg goes on where it was."""
    path = stage.path / "shell"
    path.write_text(SHELL)
    path.chmod(0o700)
    teahouse.PROGRAMS["shell"] = str(path)
    server = stage.server()
    bob = stage.member(server, "Bob")
    shell = stage.program("shell", teahouse.PROGRAMS["teahouse-cli"], "--nick", "Mei",
                          "127.0.0.1:%u" % server.port, terminal=True)

    def wait_last_line(text):
        def is_last():
            screen = Screen()
            screen.feed(shell.out)
            return screen.lines()[-1] == text
        stage.wait(is_last, f"the last line is {text!r}")

    shell.wait_out("Ctrl+D leaves.")
    bob.expect("Mei entered the room")
    shell.write("half")
    wait_last_line("> half")
    shell.write("\x1a")
    shell.wait_out("stopped, echo True")
    bob.say("meanwhile")
    shell.write("fg\n")
    shell.wait_out("meanwhile")
    wait_last_line("> half")
    shell.write(" done\n")
    bob.expect("Mei ： half done")
    shell.write("\x04")
    shell.wait_exit(0)
    bob.expect("Mei left the room")


def test_whole_history(stage):
    """--since 0 begins with the first event that is kept, and without it the latest come."""
    server = stage.server()
    bob = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    bob.say(*map(str, range(200)))
    stage.wait(lambda: any(event.get("state") == "delivered" and event["text"] == "199"
                           for event in bob.events()), "all is said")
    mei = stage.cli(server, "--since", "0", name="Mei").wait_inside("Mei")
    expect_equal([event["seq"] for event in mei.events()], list(range(1, 203)), "Numbers")
    noor = stage.cli(server, "--identity", stage.path / "noor", name="Noor").wait_inside("Noor")
    expect_equal(min(event["seq"] for event in noor.events()), 203 - 49, "The first number")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
