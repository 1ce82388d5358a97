# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahousectl -f
complete -c teahousectl -l data-dir -x -a '(__fish_complete_directories)' -d 'The folder of the server'
complete -c teahousectl -l room -x -d 'In which room'
complete -c teahousectl -l for -x -a '10m 1h 1d 7d' -d 'For how long to ban or mute'
complete -c teahousectl -l network -d 'Ban the network that they came from, too'
complete -c teahousectl -l erase -d 'Remove what they said in the room, too'
complete -c teahousectl -l json -d 'Answer in JSON, for programs'
complete -c teahousectl -l version -d 'Show the version'
complete -c teahousectl -s h -l help -d 'Show the options'
complete -c teahousectl -n '__fish_use_subcommand' -a status -d 'Show how the server is'
complete -c teahousectl -n '__fish_use_subcommand' -a rooms -d 'List the rooms'
complete -c teahousectl -n '__fish_use_subcommand' -a members -d 'List who is in the hall, or belongs to a room'
complete -c teahousectl -n '__fish_use_subcommand' -a sessions -d 'List the connections of those who are here'
complete -c teahousectl -n '__fish_use_subcommand' -a say -d 'Say something in the name of the house'
complete -c teahousectl -n '__fish_use_subcommand' -a send-out -d 'Send somebody out, who may come back'
complete -c teahousectl -n '__fish_use_subcommand' -a ban -d 'Send somebody out, and keep them out'
complete -c teahousectl -n '__fish_use_subcommand' -a unban -d 'Let somebody come back'
complete -c teahousectl -n '__fish_use_subcommand' -a mute -d 'Let somebody say nothing'
complete -c teahousectl -n '__fish_use_subcommand' -a unmute -d 'Let somebody speak again'
complete -c teahousectl -n '__fish_use_subcommand' -a slow -d 'Let everybody wait between messages'
complete -c teahousectl -n '__fish_use_subcommand' -a role -d 'Make somebody a member, a moderator or an owner'
