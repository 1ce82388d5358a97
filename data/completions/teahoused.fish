# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahoused -f
complete -c teahoused -l address -x -a ':: 0.0.0.0 ::1 127.0.0.1' -d 'Listen on this IP address'
complete -c teahoused -l port -x -d 'Listen on this UDP port'
complete -c teahoused -l data-dir -x -a '(__fish_complete_directories)' -d 'Keep the room, its key and its names in this folder'
complete -c teahoused -l password-file -r -F -d 'Let in only who knows the password whose hash is in this file'
complete -c teahoused -l grace -x -d 'Count somebody as here for so long after their connection broke'
complete -c teahoused -l retain-days -x -d 'Forget what is older than so many days'
complete -c teahoused -l retain-events -x -d 'Remember only so many messages, arrivals and departures'
complete -c teahoused -l name-lifetime -x -d 'Free a name that nobody has used for so many days'
complete -c teahoused -l idle-timeout -x -d 'Count a silent classic client as gone after so long'
complete -c teahoused -l classic -x -a 'local anyone off' -d 'From where to serve classic clients'
complete -c teahoused -l classic-accept -x -a 'Y OK' -d 'How to say yes to a classic client'
complete -c teahoused -l rooms -x -a 'operators members off' -d 'Who may make rooms'
complete -c teahoused -l operators -x -d 'Whose keys are those of operators'
complete -c teahoused -n '__fish_use_subcommand' -a room -d 'Work on the rooms'
complete -c teahoused -n '__fish_use_subcommand' -a backup -d 'Copy all rooms and names'
complete -c teahoused -n '__fish_seen_subcommand_from room' -a 'list make rename archive erase export import'
complete -c teahoused -l config -r -F -d 'Read settings from this file'
complete -c teahoused -l hash-password -d 'Read a password and print the line for a password file'
complete -c teahoused -l version -d 'Show the version'
complete -c teahoused -s h -l help -d 'Show the options'
