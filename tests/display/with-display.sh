#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-display.sh COMMAND...: runs a command on an X display and a session bus of its
# own, so that any number of tests can run at a time and none sees the desktop of the
# person who runs them.

set -u

if ! command -v Xvfb >/dev/null || ! command -v dbus-run-session >/dev/null; then
  echo "Xvfb and dbus-run-session are needed to run this test" >&2
  if [ -n "${CI:-}" ]; then
    exit 1
  fi
  echo "1..0 # SKIP Xvfb or dbus-run-session is not installed"
  exit 77
fi

directory=$(mktemp -d) || exit 1
server=
command=

# The trap below calls it.
# shellcheck disable=SC2317
clean_up () {
  [ -n "$command" ] && kill "$command" 2>/dev/null
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  rm -rf "$directory"
}
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP

# The server writes its number when it can be connected to: opening the pipe for reading
# waits for that.
mkfifo "$directory/display"
# No key repeats: where a machine is slow, one that is pressed and let go is held long enough.
Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp -noreset -r \
  3>"$directory/display" >"$directory/log" 2>&1 &
server=$!
number=
read -r number <"$directory/display"
if [ -z "$number" ]; then
  echo "Xvfb did not start:" >&2
  cat "$directory/log" >&2
  exit 1
fi

mkdir -m 700 "$directory/run" "$directory/home"
DISPLAY=":$number"
HOME="$directory/home"
XDG_RUNTIME_DIR="$directory/run"
XDG_CONFIG_HOME="$directory/home/config"
XDG_DATA_HOME="$directory/home/data"
XDG_CACHE_HOME="$directory/home/cache"
GDK_BACKEND=x11
export DISPLAY HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME GDK_BACKEND
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XAUTHORITY GTK_THEME

# What the bus starts, such as the accessibility registry, prints to standard output as
# it likes: only the command's own goes there.
dbus-run-session -- sh -c 'exec "$@" >&3 3>&-' sh "$@" 3>&1 >&2 &
command=$!
wait "$command"
status=$?
command=
exit "$status"
