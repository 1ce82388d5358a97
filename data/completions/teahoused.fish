# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahoused -f
complete -c teahoused -l address -x -a ':: 0.0.0.0 ::1 127.0.0.1' -d 'Listen on this IP address'
complete -c teahoused -l port -x -d 'Listen on this UDP port'
complete -c teahoused -l idle-timeout -x -d 'Count a silent classic client as gone after so long'
complete -c teahoused -l classic -x -a 'local anyone off' -d 'From where to serve classic clients'
complete -c teahoused -l classic-accept -x -a 'Y OK' -d 'How to say yes to a classic client'
complete -c teahoused -l config -r -F -d 'Read settings from this file'
complete -c teahoused -l data-dir -x -a '(__fish_complete_directories)' -d 'Keep what must last in this folder'
complete -c teahoused -l version -d 'Show the version'
complete -c teahoused -s h -l help -d 'Show the options'
