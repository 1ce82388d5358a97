#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs do with messages, and to keep order, by the terminal client."""

import re
import sys
import time

import teahouse
from programs import ask, enter, find, opened, refused, say, wait
from teahouse import expect, expect_equal

ROOMS = ("--rooms", "members", "--classic", "off")
CHANGES = ("edited", "removed", "reacted", "sent-out")


class Form:
    """A message as a program shows it that has heard of it and of its changes."""

    def __init__(self, event):
        self.author = event["author"]
        self.text = event["text"]
        self.reply = event.get("reply")
        self.edited = event.get("edited")
        self.removed = event.get("removed")
        self.reactions = {reaction["emoji"]: (reaction["count"], reaction["names"])
                          for reaction in event.get("reactions", [])}

    def change(self, event):
        if event["kind"] == "edited":
            self.text, self.edited = event["text"], event["time"]
        elif event["kind"] == "reacted":
            if event["count"] > 0:
                self.reactions[event["text"]] = (event["count"], event["names"])
            else:
                self.reactions.pop(event["text"], None)
        else:
            self.text, self.edited, self.removed = None, None, event["author"]
            self.reactions = {}

    def facts(self):
        return (self.author, self.text, self.reply, self.edited, self.removed,
                list(self.reactions.items()))


def forms(cli, room):
    """The messages of a room as a program shows them, by their numbers."""
    shown = {}
    for event in cli.events():
        if event.get("room") != room or not event.get("seq"):
            continue
        if event["kind"] == "message":
            shown[event["seq"]] = Form(event)
        elif event["kind"] == "sent-out" and event["erase"]:
            for seq, form in shown.items():
                if form.author == event["name"] and seq >= event["erase"]:
                    form.change(event)
        elif event["kind"] in CHANGES and event.get("target") in shown:
            shown[event["target"]].change(event)
    return {seq: form.facts() for seq, form in shown.items()}


def wait_forms(cli, room, wanted):
    cli.stage.wait(lambda: forms(cli, room) == wanted,
                   f"{cli.name} shows {wanted} and not {forms(cli, room)}")


def do(cli, kind, **command):
    """Does something, and waits for the event that it makes."""
    known = len(find(cli, kind, author=cli.nick))
    errors = len(find(cli, "error"))
    cli.command(**command)
    cli.stage.wait(lambda: len(find(cli, kind, author=cli.nick)) > known
                   or len(find(cli, "error")) > errors, f"{command} is told")
    expect_equal(find(cli, "error")[errors:], [], f"Refused: {command}")
    return find(cli, kind, author=cli.nick)[known]


def garden(stage, *names, server=None):
    """A house, and people in a room of it, of which the first owns it."""
    server = server or stage.server(*ROOMS)
    people = [enter(stage, server, name) for name in names]
    opened(people[0], make="Garden")
    for other in people[1:]:
        opened(other, open="Garden")
    return server, *people


def speak(cli, *texts):
    """Says something in the garden; returns the numbers."""
    return [say(cli, text, "Garden")["seq"] for text in texts]


def leave(*people):
    """All of it was done, and nothing is left of it."""
    for cli in people:
        cli.end_input()
        cli.wait_exit(0)


def test_forms(stage):
    """Whoever reads a message reads the same of it: who was there, who came later, who asked
    for it, and after the server was started again."""
    server, mei, bob = garden(stage, "Mei", "Bob")
    tea, gone, plain = speak(mei, "tea", "nonsense", "more tea")
    wait(bob, "message", text="more tea")
    answer = wait(bob.command(say="which?", room="Garden", reply=tea), "message", text="which?",
                  state="delivered")
    expect_equal(answer["reply"], tea, "What one answers oneself")
    expect_equal(wait(mei, "message", text="which?")["reply"], tea, "What it answers")

    edited = do(mei, "edited", edit=tea, text="green tea", room="Garden")
    expect_equal((edited["target"], edited["text"], edited["author"], edited["room"]),
                 (tea, "green tea", "Mei", "Garden"), "An edit")
    reacted = do(bob, "reacted", react="🍵", to=tea, room="Garden")
    expect_equal((reacted["target"], reacted["text"], reacted["off"], reacted["count"],
                  reacted["names"]), (tea, "🍵", False, 1, ["Bob"]), "A reaction")
    do(mei, "reacted", react="🍵", to=tea, room="Garden")
    do(mei, "reacted", react="👍", to=tea, room="Garden")
    back = do(mei, "reacted", react="👍", to=tea, room="Garden", off=True)
    expect_equal((back["off"], back["count"], back["names"]), (True, 0, []), "Taken back")
    do(mei, "edited", edit=tea, text="oolong", room="Garden")
    removed = do(mei, "removed", remove=gone, room="Garden")
    expect_equal((removed["target"], removed["text"]), (gone, None), "A removal")
    do(mei, "removed", remove=answer["seq"], room="Garden")

    at = wait(bob, "edited", text="oolong")["time"]
    wanted = {tea: ("Mei", "oolong", None, at, None, [("🍵", (2, ["Bob", "Mei"]))]),
              gone: ("Mei", None, None, None, "Mei", []),
              plain: ("Mei", "more tea", None, None, None, []),
              answer["seq"]: ("Bob", None, tea, None, "Mei", [])}
    for cli in (mei, bob):
        wait_forms(cli, "Garden", wanted)

    ann = enter(stage, server, "Ann")
    opened(ann, open="Garden")
    wait_forms(ann, "Garden", wanted)

    # More than what is told at first.
    speak(mei, *(f"cup {number}" for number in range(60)))
    zoe = enter(stage, server, "Zoe")
    opened(zoe, open="Garden")
    wait(zoe, "message", text="cup 59")
    expect(tea not in forms(zoe, "Garden"), "It came without being asked for")
    expect_equal(ask(zoe, history=200, room="Garden")["kind"], "history", "The answer")
    told = forms(zoe, "Garden")
    expect_equal({seq: told.get(seq) for seq in wanted}, wanted, "History")
    expect(not find(zoe, "edited") and not find(zoe, "reacted"), "History has changes of its own")

    server.stop()
    server = stage.server(*ROOMS, "--port", server.port, "--data-dir", server.data_dir)
    say(bob, "still here", "Garden")
    tom = enter(stage, server, "Tom")
    opened(tom, open="Garden")
    ask(tom, history=200, room="Garden")
    told = forms(tom, "Garden")
    expect_equal({seq: told.get(seq) for seq in wanted}, wanted, "After the restart")
    do(bob, "reacted", react="🍵", to=plain, room="Garden")
    for cli in (mei, zoe, tom):
        stage.wait(lambda cli=cli: forms(cli, "Garden")[plain][5] == [("🍵", (1, ["Bob"]))],
                   "goes on")


def test_refusals(stage):
    """A refusal names what it refuses, and the message."""
    _, mei, bob = garden(stage, "Mei", "Bob")
    own, gone = speak(mei, "tea", "nonsense")
    wait(bob, "message", text="nonsense")
    do(mei, "removed", remove=gone, room="Garden")
    for target, command in ((own, {"edit": own, "text": "mine"}), (own, {"remove": own}),
                            (own, {"pin": own}), (gone, {"react": "🍵", "to": gone}),
                            (9999, {"remove": 9999}), (own, {"react": "x", "to": own}),
                            (own, {"edit": own, "text": ""})):
        answer = refused_in(bob, command)
        expect_equal((answer.get("target"), answer["room"]), (target, "Garden"), f"{command}")
    for command in ({"topic": "mine"}, {"slow": 5}, {"role": "Bob", "as": "owner"},
                    {"mute": "Mei"}, {"send_out": "Mei"}, {"let_in": "Mei"},
                    {"send_out": "Nobody"}, {"mute": "Nobody"}, {"role": "Nobody", "as": "owner"}):
        refused_in(bob, command)
    for command in ({"edit": own}, {"react": "🍵"}, {"remove": "tea"}, {"search": "tea", "before": 3},
                    {"role": "Bob", "as": "king"}, {"slow": -1}):
        expect_equal(ask(bob, **command)["kind"], "error", f"{command}")
    # What nobody said.
    say(bob, "tea?", "Garden")
    expect_equal(find(mei, "error"), [], "What Mei was told")
    leave(mei, bob)


def refused_in(cli, command):
    """A command about the garden that is refused."""
    return refused(cli, **command, room="Garden")


def test_pins_and_topic(stage):
    """Everybody hears of both, and whoever comes later."""
    server, mei, bob = garden(stage, "Mei", "Bob")
    one, two = speak(mei, "one", "two")
    expect_equal(do(mei, "pinned", pin=one, room="Garden")["off"], False, "A pin")
    do(mei, "pinned", pin=two, room="Garden")
    expect_equal(do(mei, "pinned", pin=one, off=True, room="Garden")["off"], True, "Taken back")
    do(mei, "topic", topic="Tea & talk", room="Garden")
    expect_equal([(event["target"], event["off"]) for event in find_until(bob, "topic", "pinned")],
                 [(one, False), (two, False), (one, True)], "What Bob hears")
    speak(mei, *(f"cup {number}" for number in range(60)))
    ann = enter(stage, server, "Ann")
    opened(ann, open="Garden")
    for cli in (mei, bob, ann):
        wait(cli, "about", room="Garden", topic="Tea & talk", pins=[two])
    do(mei, "removed", remove=two, room="Garden")
    for cli in (mei, bob, ann):
        wait(cli, "about", room="Garden", topic="Tea & talk", pins=[])
    leave(mei, bob, ann)


def find_until(cli, last, kind):
    """The events of a kind, once another has come."""
    wait(cli, last)
    return find(cli, kind)


def test_search(stage):
    """Words of whatever script are found in their current form, in one room and in all."""
    _, mei, bob = garden(stage, "Mei", "Bob")
    said = ["Green tea, please", "我爱喝茶", "お茶をください", "차를 마시자", "Crème brûlée"]
    numbers = dict(zip(said, speak(mei, *said)))
    changed, secret = speak(mei, "chamomile", "raspberry")
    do(mei, "edited", edit=changed, text="peppermint", room="Garden")
    do(mei, "reacted", react="🍵", to=changed, room="Garden")
    do(mei, "removed", remove=secret, room="Garden")
    hall = say(bob, "tea in the hall: 喝茶")["seq"]
    wait(mei, "message", text="tea in the hall: 喝茶")

    def search(words, **members):
        answer = ask(bob, search=words, **members)
        expect_equal((answer["kind"], answer["command"], answer["asked"]),
                     ("found", "search", words), f"The answer: {answer}")
        return [(event["room"], event["seq"]) for event in answer["messages"]]

    for words, texts in (("tea", said[:1]), ("gre", said[:1]), ("喝茶", ["我爱喝茶"]),
                         ("茶", ["お茶をください", "我爱喝茶"]), ("ください", ["お茶をください"]),
                         ("마시", ["차를 마시자"]), ("creme BRULEE", ["Crème brûlée"]),
                         ('"tea green"', []), ("raspberry", []), ("chamomile", [])):
        expect_equal(search(words, room="Garden"), [("Garden", numbers[text]) for text in texts],
                     words)
    expect_equal(search("喝茶", room=""), [("", hall)], "In the hall")
    expect_equal(search("喝茶"), [("", hall), ("Garden", numbers["我爱喝茶"])], "Everywhere")
    message, = ask(bob, search="peppermint", room="Garden")["messages"]
    expect_equal((message["text"], message["author"], message["edited"] is not None,
                  message["reactions"]),
                 ("peppermint", "Mei", True, [{"emoji": "🍵", "count": 1, "names": ["Mei"]}]),
                 "The form of what is found")

    shown = ask(bob, show=changed, around=2, room="Garden")
    expect_equal((shown["kind"], shown["target"], [event["seq"] for event in shown["messages"]]),
                 ("shown", changed, [changed - 1, changed, changed + 1]), "What is around it")
    expect_equal(shown["messages"][1], message, "The same message")
    expect_equal(ask(bob, show=9999, room="Garden")["messages"], [], "What is not there")

    many = speak(mei, *(f"cup {number}" for number in range(60)))
    first = ask(bob, search="cup", room="Garden")
    rest = ask(bob, search="cup", room="Garden", before=first["next"])
    expect_equal([event["seq"] for event in first["messages"] + rest["messages"]], many[::-1],
                 "Two answers")
    expect_equal((len(first["messages"]), rest["next"]), (50, None), "How much each tells")
    refused(bob, search="tea", room="Cellar")
    leave(mei, bob)


def contains(folder, text):
    """Whether a text is in any file of a folder."""
    return [path.name for path in folder.rglob("*")
            if path.is_file() and text.encode() in path.read_bytes()]


def test_erased_from_the_disk(stage):
    """No file of the server holds a text that was removed, or edited away, a minute later."""
    server, mei, bob = garden(stage, "Mei", "Bob")
    first, second, kept = speak(mei, "gyokuro-one", "gyokuro-two", "sencha-three")
    do(mei, "edited", edit=first, text="matcha-four", room="Garden")
    do(bob, "reacted", react="🍵", to=second, room="Garden")
    expect(contains(server.data_dir, "sencha-three"), "It is not stored as it is")
    do(mei, "removed", remove=first, room="Garden")
    do(mei, "removed", remove=second, room="Garden")
    words = ("gyokuro-one", "gyokuro-two", "matcha-four")
    stage.wait(lambda: not any(contains(server.data_dir, word) for word in words),
               "nothing of it is left", 90)
    expect(contains(server.data_dir, "sencha-three"), "What was not removed is gone")
    expect_equal(ask(bob, search="gyokuro", room="Garden")["messages"], [], "Found")

    do(mei, "sent-out", send_out="Bob", erase=1, room="Garden")
    server.stop()
    expect_equal(contains(server.data_dir, "gyokuro"), [], "After the end")


def test_roles(stage):
    """An owner makes moderators, who keep order among members, and not upon owners."""
    _, mei, bob, ann = garden(stage, "Mei", "Bob", "Ann")
    seq, = speak(ann, "spam")
    wait(bob, "message", text="spam")
    refused_in(bob, {"remove": seq})
    role = do(mei, "role", role="Bob", room="Garden", **{"as": "moderator"})
    expect_equal((role["name"], role["text"], role["role"], role["author"]),
                 ("Bob", "Bob", "moderator", "Mei"), "The role")
    expect(role["key"].startswith("SHA256:"), f"The key: {role['key']}")
    wait(bob, "role")
    expect_equal(do(bob, "removed", remove=seq, room="Garden")["author"], "Bob", "Who removed it")
    refused_in(bob, {"mute": "Mei"})
    refused_in(bob, {"send_out": "Mei"})
    refused_in(bob, {"role": "Ann", "as": "moderator"})
    do(bob, "topic", topic="No spam", room="Garden")
    do(mei, "role", role="Bob", room="Garden", **{"as": "member"})
    wait(bob, "role", role="member")
    refused_in(bob, {"topic": "Spam"})


def test_muted(stage):
    """Who is muted reads, and is told until when."""
    _, mei, bob = garden(stage, "Mei", "Bob")
    muted = do(mei, "muted", mute="Bob", seconds=3600, reason="noise", room="Garden")
    expect_equal((muted["name"], muted["text"], muted["author"]), ("Bob", "noise", "Mei"), "Muted")
    expect(re.match(r"20\d\d-\d\d-\d\dT", muted["until"]), f"Until when: {muted['until']}")
    wait(bob, "muted")
    bob.command(say="loud", room="Garden")
    stage.wait(lambda: any(event.get("state") in ("waiting", "failed") and event.get("reason")
                           for event in find(bob, "message", text="loud")), "Bob is told")
    expect_equal(do(mei, "muted", mute="Bob", off=True, room="Garden")["until"], None, "Let speak")
    say(bob, "quiet", "Garden")
    wait(mei, "message", text="quiet")
    expect_equal(do(mei, "muted", mute="Bob", room="Garden")["until"], "forever", "For good")
    wait(bob, "muted", until="forever")
    say(bob, "silent", "Garden", state="failed")


def test_sent_out(stage):
    """Who is sent out is out on all devices, stays out as long as that was told, and nothing of
    what they said is left where that was wanted."""
    server, mei, bob = garden(stage, "Mei", "Bob")
    laptop = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    opened(laptop, open="Garden")
    spam, more = speak(bob, "buy pearls", "cheap pearls")
    wait(mei, "message", text="cheap pearls")
    sent = do(mei, "sent-out", send_out="Bob", forever=True, reason="spam", erase=spam,
              room="Garden")
    expect_equal((sent["name"], sent["text"], sent["until"], sent["erase"], sent["network"]),
                 ("Bob", "spam", "forever", spam, False), "Sent out")
    for cli in (bob, laptop):
        wait(cli, "closed", room="Garden")
        refused(cli, open="Garden")
        refused(cli, say="hi", room="Garden")
    for seq in (spam, more):
        expect_equal(forms(mei, "Garden")[seq][1:5:3], (None, "Mei"), "What is left")
    ann = enter(stage, server, "Ann")
    opened(ann, open="Garden")
    wait(ann, "sent-out", name="Bob")
    expect_equal([event["text"] for event in find(ann, "message", room="Garden") if event["text"]],
                 [], "What Ann reads")
    expect_equal(ask(ann, search="pearls", room="Garden")["messages"], [], "Found")

    do(mei, "sent-out", let_in="Bob", room="Garden")
    opened(laptop, open="Garden")
    wait(mei, "joined", author="Bob", room="Garden")
    refused_in(mei, {"let_in": "Bob"})
    # At once.
    do(mei, "sent-out", send_out="Bob", room="Garden")
    stage.wait(lambda: len(find(laptop, "closed", room="Garden")) == 2, "Bob is out again")
    opened(laptop, open="Garden")
    leave(mei, bob, laptop, ann)


def test_slow_mode(stage):
    """A member waits between messages, is told for how long, and it is sent then."""
    _, mei, bob = garden(stage, "Mei", "Bob")
    settings = do(mei, "settings", slow=3, room="Garden")
    expect_equal(settings["slow"], 3, "The settings")
    wait(bob, "settings")
    say(bob, "one", "Garden")
    began = time.monotonic()
    bob.command(say="two", room="Garden")
    waiting = wait(bob, "message", text="two", state="waiting")
    expect(1 <= waiting["seconds"] <= 3, f"How long: {waiting}")
    wait(bob, "message", text="two", state="delivered")
    expect(time.monotonic() - began > 2, "It did not wait")
    # Who keeps order does not wait.
    speak(mei, "three", "four", "five")
    do(mei, "settings", slow=0, room="Garden")
    wait(bob, "settings", slow=0)
    speak(bob, "six", "seven")
    leave(mei, bob)


def test_classic(stage):
    """In a classic room there is none of it, and that is said; classic members read the text of
    an answer and an edit, and nothing of the rest."""
    server = stage.server()
    pia = stage.member(server, "Pia")
    lin = stage.cli(server, "--classic", name="Lin").wait_inside("Lin")
    pia.expect("Lin entered the room")
    for command in ({"edit": 2, "text": "x"}, {"remove": 2},
                    {"react": "🍵", "to": 2}, {"pin": 2}, {"topic": "x"}, {"slow": 5},
                    {"search": "tea", "room": ""}, {"show": 2}, {"mute": "Pia"},
                    {"send_out": "Pia"}, {"role": "Pia", "as": "owner"}):
        refused(lin, **command)
    mei = enter(stage, server, "Mei")
    pia.expect("Mei entered the room")
    pia.say("tea?")
    seq = wait(mei, "message", text="tea?")["seq"]
    say(mei, "yes")
    answer = wait(mei.command(say="green", reply=seq), "message", text="green",
                  state="delivered")["seq"]
    do(mei, "reacted", react="🍵", to=seq)
    do(mei, "edited", edit=answer, text="black")
    do(mei, "removed", remove=answer)
    say(mei, "done")
    pia.expect("Mei ： yes", "Mei ： green", "Mei ： ✎ black", "Mei ： done")


def test_end_of_input(stage):
    """What was to be done when the input ends is done."""
    server, mei = garden(stage, "Mei")
    first, second = speak(mei, "one", "two")
    mei.end_input()
    mei.wait_exit(0)
    again = enter(stage, server, "Mei")
    opened(again, open="Garden")
    again.command(edit=first, text="ONE", room="Garden")
    again.command(remove=second, room="Garden")
    again.end_input()
    again.wait_exit(0)
    bob = enter(stage, server, "Bob")
    opened(bob, open="Garden")
    stage.wait(lambda: (forms(bob, "Garden").get(first, (None, None))[1],
                        forms(bob, "Garden").get(second, (None,) * 5)[4]) == ("ONE", "Mei"),
               "both are done")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
