#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The greeter of src/bots, in each of its languages, and what the tutorial shows of it."""

import os
import pathlib
import re
import subprocess
import sys

import programs
import teahouse
from teahouse import PROGRAMS, Skipped, expect, expect_equal

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BOTS = SOURCE / "src/bots"
TUTORIAL = SOURCE / "src/libteahouse/docs/tutorial.md"
SUFFIXES = {"python": "py", "c": "c", "javascript": "js", "vala": "vala"}


def find(variable, what):
    if not os.environ.get(variable):
        raise Skipped(f"There is no {what} here.")
    return os.environ[variable]


def compile_vala(stage):
    """As somebody would who has the library installed: with what pkg-config tells. What it
    is made for is written down beside it only where it is installed."""
    program = stage.path / "greeter"
    folder = find("VAPI_FOLDER", "Vala")
    done = subprocess.run([find("VALAC", "Vala"), f"--vapidir={folder}", "--pkg=gio-2.0", "--pkg=teahouse-1",
                           "--fatal-warnings", "--output", program, BOTS / "greeter.vala"],
                          cwd=stage.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    expect(done.returncode == 0, done.stdout)
    return str(program)


AWAITING = """
import Gio from 'gi://Gio';
import System from 'system';
import Tea from 'gi://Tea?version=1.0';

for (const what of ['join', 'load_older', 'leave'])
    Gio._promisify(Tea.Client.prototype, `${what}_async`, `${what}_finish`);

const client = new Tea.Client({history: 0});
await client.join_async(Tea.RoomAddress.parse(System.programArgs[0]), 'Bot', null);
await client.load_older_async(10, null);
for (let i = 0; i < client.timeline.get_n_items(); i++) {
    const {kind, text} = client.timeline.get_item(i);
    if (kind === Tea.TimelineItemKind.MESSAGE)
        print(text);
}
await client.leave_async(null);
print(client.state === Tea.ClientState.OUTSIDE);
try {
    await client.join_async(Tea.RoomAddress.parse(System.programArgs[0]), '', null);
} catch (error) {
    print(error.matches(Tea.Error, Tea.Error.NAME_EMPTY));
}
"""


def command(stage, language):
    """How the bot is run."""
    if language == "c":
        return [find("GREETER", "greeter")]
    find("GI_TYPELIB_PATH", "introspection")
    if language == "python":
        return [find("GI_PYTHON", "PyGObject"), str(BOTS / "greeter.py")]
    if language == "javascript":
        return [find("GJS", "gjs"), "-m", str(BOTS / "greeter.js")]
    return [compile_vala(stage)]


def start(stage, language, server, script=None):
    name, *arguments = command(stage, language)
    if script is not None:
        arguments[-1] = script
    PROGRAMS[language] = name
    environment = {"GI_TYPELIB_PATH": os.environ.get("GI_TYPELIB_PATH", "")}
    if language == "javascript":
        # It calls any exception that nobody catches critical, before it ends with status 1.
        environment["G_DEBUG"] = ""
    return stage.program(language, *arguments, "127.0.0.1:%u" % server.port,
                         environment=environment)


def greetings(person):
    return [text for _, kind, author, text in person.log()
            if (kind, author) == ("message", "Greeter")]


def check_greeter(stage, language):
    """Whoever enters is greeted once; who was there before and the bot itself are not, and
    neither is anybody when the server is started again."""
    server = stage.server()
    early = stage.person(server, "Mei").wait_inside("Mei")
    passer_by = stage.person(server, "Tom").wait_inside("Tom")
    passer_by.end_input()
    passer_by.wait_exit(0)

    bot = start(stage, language, server)
    early.wait_fact("joined", "Greeter")
    for name in ("李雷", "Jürgen"):
        stage.person(server, name).wait_inside(name)
        early.wait_texts([f"Hello, {name}!"])
    expected = ["Hello, 李雷!", "Hello, Jürgen!"]
    expect_equal(greetings(early), expected, "Greetings")

    port, data = server.port, server.data_dir
    server.stop()
    server = stage.server("--port", port, "--data-dir", data)
    stage.person(server, "Zoe").wait_inside("Zoe")
    early.wait_texts(["Hello, Zoe!"])
    expect_equal(greetings(early), expected + ["Hello, Zoe!"], "Greetings after the restart")
    expect(bot.is_running(), "The bot has ended.")
    expect_equal(bot.err.decode(), "", "What the bot complained about")


def check_itself(stage, language):
    """A bot that was away for so long that its coming back is an arrival does not greet
    itself."""
    server = stage.server()
    mei = stage.person(server, "Mei").wait_inside("Mei")
    bot = start(stage, language, server)
    mei.wait_fact("joined", "Greeter")
    stage.person(server, "Tom")
    mei.wait_texts(["Hello, Tom!"])

    port, data = server.port, server.data_dir
    server.stop()
    server = stage.server("--port", port, "--data-dir", data, "--grace", 0)
    zoe = stage.person(server, "Zoe").wait_inside("Zoe")
    stage.wait(lambda: zoe.facts().count(("joined", "Greeter", None)) == 2, "the bot comes back")
    stage.person(server, "李雷")
    zoe.wait_texts(["Hello, 李雷!"])
    expect("Hello, Greeter!" not in zoe.texts(), "It greets itself.")
    expect(bot.is_running(), "The bot has ended.")


def check_refusal(stage, language):
    """A bot that may not enter says why, and fails."""
    server = stage.server()
    stage.person(server, "Greeter").wait_inside("Greeter")
    bot = start(stage, language, server)
    stage.wait(lambda: not bot.is_running(), "the bot ends")
    expect_equal(bot.process.returncode, 1, "Exit status")
    bot.wait_err("belongs to somebody else")


def check_tutorial(stage, language):
    """What the tutorial shows is the bot, word by word."""
    del stage
    page = TUTORIAL.read_text(encoding="utf-8")
    shown = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)[1]
    text = (BOTS / f"greeter.{SUFFIXES[language]}").read_text(encoding="utf-8")
    text = re.split(r"SPDX-License-Identifier: .*\n(?: \*/\n)?", text)[1]
    expect_equal(shown.strip(), text.strip(), "The tutorial")


def test_fifteen_lines(stage):
    """The bot in Python has at most fifteen lines, besides whose it is and under which terms."""
    del stage
    text = (BOTS / "greeter.py").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    expect(len(lines) <= 15, f"It has {len(lines)}.")


def test_link_guard(stage):
    """The bot that keeps order removes links of newcomers, however they bring them in, and no
    others; it has at most twenty-five lines, and is what the tutorial shows."""
    text = (BOTS / "link-guard.py").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    expect(len(lines) <= 25, f"It has {len(lines)} lines.")
    shown = text.split("GPL-3.0-or-later\n")[1].strip()
    expect(shown in TUTORIAL.read_text(encoding="utf-8"), "The tutorial shows another.")

    server = stage.server("--classic", "off")
    programs.enter(stage, server, "Boss").end_input()
    stage.wait(lambda: b"entered" in server.err, "the log tells the key")
    operator = re.search(r"SHA256:[^)]+", server.err.decode())[0]
    server.stop()
    server = stage.server("--classic", "off", "--operators", operator)
    boss = programs.enter(stage, server, "Boss")
    early = programs.enter(stage, server, "Early")
    start(stage, "python", server, str(BOTS / "link-guard.py"))
    boss.wait_fact("joined", "Guard")
    boss.command(role="Guard", **{"as": "moderator"})
    programs.wait(boss, "role", name="Guard")
    new = programs.enter(stage, server, "New")
    for text in ("see http://example.org", "WWW.EXAMPLE.ORG", "no link"):
        new.say(text)
        programs.wait(boss, "message", author="New", text=text)
    seqs = {event["text"]: event["seq"] for event in programs.find(boss, "message", author="New")}
    early.say("https://example.org/old")
    for text in ("see http://example.org", "WWW.EXAMPLE.ORG"):
        programs.wait(new, "removed", author="Guard", target=seqs[text])
    new.command(edit=seqs["no link"], text="now http://example.org")
    programs.wait(new, "removed", author="Guard", target=seqs["no link"])
    stage.wait(lambda: len(programs.find(boss, "message", author="Guard")) == 3, "New is told three times")
    expect_equal(len(programs.find(boss, "removed")), 3, "What is removed")


def test_address_book(stage):
    """A bot knows the servers that somebody entered with another program, and does not enter
    one that has another key since."""
    server = stage.server()
    person = stage.person(server, "Mei").wait_inside("Mei")
    person.end_input()
    person.wait_exit(0)
    book = stage.path / ".config/teahouse/known-servers"
    pinned = book.read_text(encoding="utf-8")
    expect(server.fingerprint in pinned, f"What the terminal client wrote down: {pinned}")

    bot = start(stage, "python", server)
    stage.person(server, "Tom").wait_fact("joined", "Greeter")
    bot.kill()
    expect_equal(book.read_text(encoding="utf-8"), pinned, "The address book after that")

    port = server.port
    server.stop()
    other = stage.server("--port", port)
    expect(other.fingerprint != server.fingerprint, "It has the same key.")
    bot = start(stage, "python", other)
    stage.wait(lambda: not bot.is_running(), "the bot ends")
    expect_equal(bot.process.returncode, 1, "Exit status")
    bot.wait_err("(15)")
    expect_equal(book.read_text(encoding="utf-8"), pinned, "The address book in the end")


def test_awaiting(stage):
    """JavaScript can await whatever takes its time, and knows the errors."""
    server = stage.server()
    person = stage.person(server, "Mei").wait_inside("Mei").say("Tea time")
    person.wait_texts(["Tea time"])
    script = stage.path / "awaiting.js"
    script.write_text(AWAITING, encoding="utf-8")
    bot = start(stage, "javascript", server, script).wait_exit(0)
    expect_equal(bot.out.decode(), "Tea time\ntrue\ntrue\n", "What it printed")


def make_test(check, language):
    def test(stage):
        check(stage, language)
    name = f"test_{check.__name__.removeprefix('check_')}_{language}"
    test.__name__ = name
    test.__doc__ = check.__doc__
    return name, test


globals().update(make_test(check, language)
                 for check in (check_greeter, check_itself, check_refusal, check_tutorial)
                 for language in SUFFIXES)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
