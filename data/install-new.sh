#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs a configuration file, unless there is one: somebody may have changed it.
#
# install-new.sh FILE TARGET

set -eu

target=${DESTDIR:-}$2
[ -e "$target" ] || install -D -m 644 "$1" "$target"
