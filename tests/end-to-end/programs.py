# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that speak by way of teahouse-cli --json: what they do, and what they are told."""

from teahouse import expect, expect_equal


def enter(stage, server, name, *arguments):
    """Somebody with a key of their own."""
    cli = stage.cli(server, "--identity", stage.path / name.lower(), *arguments, name=name)
    cli.nick = name
    return cli.wait_inside(name)


def find(cli, kind, **members):
    """What was told with such members, if anything."""
    return [event for event in cli.events() if event["kind"] == kind
            and all(event.get(name) == value for name, value in members.items())]


def wait(cli, kind, **members):
    """The first that is told with such members."""
    cli.stage.wait(lambda: find(cli, kind, **members), f"{kind} with {members} is told")
    return find(cli, kind, **members)[0]


def ask(cli, answers=("opened", "closed", "rooms", "who", "history", "found", "shown",
                 "error"), **command):
    """Gives a command and waits for its answer."""
    known = sum(len(find(cli, kind)) for kind in answers)
    cli.command(**command)
    found = lambda: [event for event in cli.events() if event["kind"] in answers]
    cli.stage.wait(lambda: len(found()) > known, f"an answer to {command}")
    return found()[known]


def opened(cli, **command):
    answer = ask(cli, **command)
    expect_equal(answer["kind"], "opened", f"Answer to {command}: {answer}")
    return answer


def refused(cli, **command):
    answer = ask(cli, **command)
    expect_equal(answer["kind"], "error", f"Answer to {command}: {answer}")
    expect(answer["text"], "There is no reason.")
    name = next(iter(command))
    expect_equal(answer["command"], name, "What is refused")
    return answer


def say(cli, text, room=None, state="delivered"):
    """Says something, and waits for what becomes of it."""
    if room is None:
        cli.command(say=text)
    else:
        cli.command(say=text, room=room)
    return wait(cli, "message", text=text, room=room or "", state=state)


def texts(cli, room):
    """What others said in a room."""
    return [event["text"] for event in find(cli, "message", room=room) if "state" not in event]
