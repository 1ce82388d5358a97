#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed's protocol, byte for byte."""

import gettext
import os
import pathlib
import sys

import teahouse
from teahouse import Skipped, expect, expect_equal


def test_a_conversation(stage):
    """Two people come, talk and go, and hear each other's lines but not their own."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    bob = stage.member(server, "Bob")
    mei.expect("Bob entered the room")

    mei.say("hello").expect_nothing()
    bob.expect("Mei ： hello")
    bob.say("hi").expect_nothing()
    mei.expect("Bob ： hi")

    bob.send("E Bob").expect("EXIT")
    mei.expect("Bob left the room")
    mei.send("Q Mei").expect("EXIT")


def test_repeated_entry(stage):
    """UDP loses answers: an entry that is repeated is answered again, announced once."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.client(server)
    mei.name = "Mei"
    mei.send("L Mei").send("L Mei").send("L mei").expect("Y", "Y", "Y")
    bob.expect("Mei entered the room").expect_nothing()


def test_repeated_exit(stage):
    """A goodbye that is repeated is answered again, announced once."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    mei.send("E Mei").send("E Mei").send("Q Mei").expect("EXIT", "EXIT", "EXIT")
    bob.expect("Mei entered the room", "Mei left the room").expect_nothing()


def test_coming_back(stage):
    """Who left can enter again from the same address, under another name, too."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    mei.send("E Mei").expect("EXIT")
    mei.enter("Lin").say("me again")
    bob.expect("Mei entered the room", "Mei left the room", "Lin entered the room",
               "Lin ： me again")


def test_text_is_kept(stage):
    """What is said arrives byte for byte."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    bob = stage.member(server, "Bob")
    mei.expect("Bob entered the room")

    for text in (
        "two  spaces,   three, and at the end  ",
        " a space first",
        " ",
        "one\nline\r\nafter another\n",
        "\ttab",
        "茶馆里的人们",
        "🍵 👩‍👩‍👧‍👦 🇨🇳 👍🏽 ❤️",
        "e\u0301 is not é, \u1100\u1161\u11a8 is not 각",
        "שלום עולם \u202eabc\u202c \u200f!",
        "مرحبا بالعالم",
        "\ufeffmark",
        "Bob ： a colon",
        "EXIT",
        "\U0010ffff\ufffe\U000f0000",
        "x" * 16384,
        "茶" * (16384 // 3),
    ):
        mei.say(text)
        bob.expect(f"Mei ： {text}")
    # What could steer their terminals arrives as something that cannot.
    mei.say("\x01\x1b[31mred\x7f\u0085")
    bob.expect("Mei ： \ufffd\ufffd[31mred\ufffd\ufffd")


def test_letters_are_not_taken_from_the_text(stage):
    """A text that looks like a request is a text."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    bob = stage.member(server, "Bob")
    mei.expect("Bob entered the room")
    for text in ("L Ann", "E Bob", "C Bob hello", "Q Mei", "W Mei"):
        mei.say(text)
        bob.expect(f"Mei ： {text}")
    bob.expect_nothing()


def test_zeros_of_c_strings(stage):
    """Programs in C send the zero that ends a string, or a whole buffer of them."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.client(server)
    mei.send(b"L Mei\0").expect("Y")
    mei.send(b"C Mei hello" + bytes(1000))
    mei.send(b"E Mei\0\0").expect("EXIT")
    bob.expect("Mei entered the room", "Mei ： hello", "Mei left the room")


def test_line_break_after_a_name(stage):
    """A line break that a terminal put after the name is no part of it."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stage.client(server).send("L Mei\n").expect("Y").send("E Mei\r\n").expect("EXIT")
    bob.expect("Mei entered the room", "Mei left the room")


def test_same_name(stage):
    """Names are the same after NFKC and case folding."""
    server = stage.server()
    for taken, others in (
        ("Mei", ("Mei", "mEi", "MEI", "Ｍｅｉ", "ｍＥｉ", "𝕄𝕖𝕚", "Mei\ufe0f")),
        ("Straße", ("STRASSE", "strasse")),
        ("é", ("e\u0301", "É", "E\u0301")),
        ("①", ("1",)),
        ("ΣΑΣ", ("σας",)),
        ("カ", ("ｶ",)),
        ("ᏣᎳᎩ", ("ꮳꮃꭹ",)),
    ):
        owner = stage.member(server, taken)
        for name in others:
            reason = stage.client(server).send(f"L {name}").expect_refusal()
            expect("taken" in reason, f"{name!r} is refused: {reason}")
        owner.send(f"E {taken}").expect("EXIT")
        stage.client(server).enter(others[0]).send(f"E {taken}").expect("EXIT")


def test_different_names(stage):
    """Names that differ for the eye are different names."""
    server = stage.server()
    for name in ("Mei", "Mej", "Mei2", "小明", "小敏", "🍵", "a-b_c.d", "O'Neil", "Y", "OK", "N", "L",
                 "EXIT"):
        stage.member(server, name)


def test_unfit_names(stage):
    """Spaces, control, format, bidi and invisible characters are refused, and heard of
    by nobody."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stranger = stage.client(server)
    for name in (
        "two words", " Mei", "Mei ", "tab\tbed", "no\u00a0break", "em\u2003space",
        "ideographic\u3000space", "line\nbreak", "bell\x07", "delete\x7f", "c1\x9b",
        "\u202eieM", "M\u200fei", "\u2066Mei\u2069", "zero\u200bwidth", "join\u200der", "\ufeffMei",
        "soft\u00adhyphen", "\u2028", "\u3164", "\ufe0f", "¨", "a:b", "a：b",
        "\ue000", "\U000e0041", "\uffff", "",
    ):
        stranger.send(f"L {name}").expect_refusal()
    stranger.expect_nothing()
    bob.expect_nothing()


def test_length_of_names(stage):
    """32 characters are a name, 33 are not, whatever they take in bytes."""
    server = stage.server()
    for character in ("a", "茶", "🍵"):
        stage.member(server, character * 32)
        stage.client(server).send("L " + character * 33).expect_refusal()
    stage.client(server).send("L " + "a" * 60000).expect_refusal()


def test_second_name(stage):
    """One address is one person: who is in the room cannot enter under another name."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    expect("Mei" in mei.send("L Lin").expect_refusal(), "The refusal does not say who one is.")
    mei.say("still here")
    bob.expect("Mei entered the room", "Mei ： still here").expect_nothing()


def test_accept_in_the_other_dialect(stage):
    """--classic-accept=OK answers OK."""
    server = stage.server("--classic-accept=OK")
    mei = stage.client(server)
    mei.enter("Mei", answer="OK").send("L Mei").expect("OK")
    stage.client(server).send("L Mei").expect_refusal()
    mei.send("E Mei").expect("EXIT")


def test_who_is_here(stage):
    """W names those who are here, in the order in which they came."""
    server = stage.server()
    names = ["Mei", "Bob", "茶"]
    members = [stage.member(server, name) for name in names]
    members[-1].send("W 茶").expect("W 1/1 Mei Bob 茶")
    stage.client(server).send("W Mei").expect_refusal()


def test_who_is_here_in_parts(stage):
    """The answer to W is cut so that each part fits into any network."""
    server = stage.server()
    names = [f"茶馆里名字很长很长的一位客人{number:03}" for number in range(100)]
    members = [stage.member(server, name) for name in names]
    last = members[-1].send("W " + names[-1])
    heard = []
    parts = 2
    while len(heard) < parts:
        datagram = last.receive()
        expect(len(datagram) <= 1200, f"A part has {len(datagram)} bytes")
        letter, number, *here = datagram.decode().split(" ")
        part, parts = map(int, number.split("/"))
        expect_equal((letter, part), ("W", len(heard) + 1), "Part")
        heard.append(here)
    expect_equal(sum(heard, []), names, "Names")


def test_chinese(stage):
    """In Chinese the room speaks as the seed's did."""
    locale = "zh_CN.UTF-8"
    if not pathlib.Path(os.environ.get("LOCPATH", "/nowhere"), locale).exists():
        raise Skipped("no Chinese locale could be made")
    catalog = gettext.translation("teahouse", os.environ["TEAHOUSE_CATALOGS"], ["zh_CN"])
    if catalog.gettext("%s entered the room") == "%s entered the room":
        raise Skipped("there is no Chinese translation yet")

    server = stage.server(program="teahoused-in-tree", environment={"LC_ALL": locale})
    bob = stage.member(server, "小明")
    mei = stage.member(server, "Mei").say("你好")
    mei.send("E Mei").expect("EXIT")
    bob.expect("Mei 进入了聊天室", "Mei ： 你好", "Mei退出了聊天室")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
