#!/usr/bin/gjs -m
// SPDX-FileCopyrightText: 2026 The Teahouse authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Greets everyone who enters a room: greeter.js ADDRESS

import GLib from 'gi://GLib';
import System from 'system';
import Tea from 'gi://Tea?version=1.0';

const greeter = new Tea.Client({history: 0});
greeter.connect('event', (client, event) => {
    if (event.get_kind() === Tea.EventKind.JOINED && event.get_author() !== client.name)
        client.say(`Hello, ${event.get_author()}!`);
});
greeter.join(Tea.RoomAddress.parse(System.programArgs[0]), 'Greeter', null);
new GLib.MainLoop(null, false).run();
