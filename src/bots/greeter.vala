// SPDX-FileCopyrightText: 2026 The Teahouse authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Greets everyone who enters a room: greeter ADDRESS
int main (string[] args) {
    var greeter = new Tea.Client () { history = 0 };

    greeter.event.connect ((client, event) => {
        if (event.get_kind () != JOINED || event.get_author () == client.name)
            return;
        try {
            client.say (@"Hello, $(event.get_author ())!");
        } catch (Error error) {
            warning (error.message);
        }
    });

    try {
        greeter.join (Tea.RoomAddress.parse (args[1] ?? ""), "Greeter");
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }

    new MainLoop ().run ();
    return 0;
}
