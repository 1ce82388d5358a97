# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A desktop that shows notifications: what GTK's protocol for it would show is kept."""

import time

from gi.repository import Gio, GLib

from accessibility import TIMEOUT, activate_action, wait_for

INTERFACE = Gio.DBusNodeInfo.new_for_xml("""
<node>
  <interface name="org.gtk.Notifications">
    <method name="AddNotification">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
    </method>
    <method name="RemoveNotification">
      <arg type="s" direction="in"/><arg type="s" direction="in"/>
    </method>
  </interface>
</node>
""").interfaces[0]


class Notification:
    def __init__(self, app_id, key, details):
        self.app_id = app_id
        self.key = key
        self.title = details['title']
        self.body = details.get('body')
        self.priority = details.get('priority', 'normal')
        self.default_action = details.get('default-action')
        self.target = details.get('default-action-target')
        self.buttons = {button['label']: button for button in details.get('buttons', [])}
        self.time = time.monotonic()

    def __repr__(self):
        return f'“{self.title}”: {self.body!r}'


class Desktop:
    """Keeps what is shown, by the application and the key, and all that was shown."""

    def __init__(self):
        self.shown = {}
        self.history = []
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.registration = self.bus.register_object('/org/gtk/Notifications', INTERFACE,
                                                     self._called, None, None)
        self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                           'RequestName', GLib.Variant('(su)', ('org.gtk.Notifications', 0)), None,
                           Gio.DBusCallFlags.NONE, TIMEOUT * 1000)

    def _called(self, _bus, _sender, _path, _interface, method, arguments, invocation):
        app_id, key, *details = arguments.unpack()
        if method == 'AddNotification':
            notification = Notification(app_id, key, *details)
            self.shown[app_id, key] = notification
            self.history.append(notification)
        else:
            self.shown.pop((app_id, key), None)
        invocation.return_value(None)

    def look_for(self, app, title):
        for notification in self.shown.values():
            if notification.app_id == app.app_id and notification.title == title:
                return notification
        return None

    def find(self, app, title):
        return wait_for(lambda: self.look_for(app, title), f'the notification “{title}”')

    def wait_gone(self, app, title):
        wait_for(lambda: self.look_for(app, title) is None,
                 f'the notification “{title}” to be withdrawn')

    def list_titles(self, app):
        """Of all that was shown."""
        return [n.title for n in self.history if n.app_id == app.app_id]

    def click(self, app, notification):
        activate_action(app, notification.default_action, notification.target)

    def press(self, app, notification, label):
        button = notification.buttons[label]
        activate_action(app, button['action'], button.get('target'))

    def close(self):
        self.bus.unregister_object(self.registration)
        self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                           'ReleaseName', GLib.Variant('(s)', ('org.gtk.Notifications',)), None,
                           Gio.DBusCallFlags.NONE, TIMEOUT * 1000)
