#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Greets everyone who enters a room: greeter.py ADDRESS"""

import sys

import gi

gi.require_version("Tea", "1.0")
from gi.repository import GLib, Tea  # noqa: E402


def hear(client, event):
    if event.get_kind() == Tea.EventKind.JOINED and event.get_author() != client.get_name():
        client.say(f"Hello, {event.get_author()}!")


greeter = Tea.Client(history=0)
greeter.connect("event", hear)
greeter.join(Tea.RoomAddress.parse(sys.argv[1]), "Greeter")
GLib.MainLoop().run()
