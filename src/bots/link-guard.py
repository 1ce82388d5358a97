#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes links that newcomers post, if it may keep order in the hall: link-guard.py ADDRESS"""

import re
import sys
import time

import gi

gi.require_version("Tea", "1.0")
from gi.repository import GLib, Tea  # noqa: E402

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
arrivals = {}


def hear(client, event):
    kind, author, text = event.get_kind(), event.get_author(), event.get_text() or ""
    if kind == Tea.EventKind.JOINED:
        arrivals.setdefault(author, time.monotonic())
    elif kind in (Tea.EventKind.MESSAGE, Tea.EventKind.EDITED) and LINK.search(text):
        if time.monotonic() - arrivals.get(author, float("-inf")) < 10 * 60:
            edited = kind == Tea.EventKind.EDITED
            client.remove(event.get_target() if edited else event.get_seq())
            client.say(f"{author}, links are for those who have been here for ten minutes.")


guard = Tea.Client(history=0)
guard.connect("event", hear)
guard.join(Tea.RoomAddress.parse(sys.argv[1]), "Guard")
GLib.MainLoop().run()
