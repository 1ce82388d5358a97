# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahouse-cli -f
complete -c teahouse-cli -n '__fish_is_first_arg' -a say -d 'Say one thing, or what comes in, and leave'
complete -c teahouse-cli -n '__fish_is_first_arg' -a rooms -d 'List the rooms of a house'
complete -c teahouse-cli -n '__fish_is_first_arg' -a servers -d 'List the servers whose keys are known'
complete -c teahouse-cli -n '__fish_is_first_arg' -a forget -d 'Forget the key of a server'
complete -c teahouse-cli -n 'not __fish_seen_subcommand_from servers forget' -a '(__fish_print_hostnames)'
complete -c teahouse-cli -n '__fish_seen_subcommand_from forget' -a '(teahouse-cli servers 2>/dev/null | string replace -r " .*" "")'
complete -c teahouse-cli -s n -l nick -x -d 'Enter under this name'
complete -c teahouse-cli -l password-file -r -F -d 'Read the password of the room from FILE'
complete -c teahouse-cli -l since -x -d 'Begin with what happened after number N; 0 for all that is kept'
complete -c teahouse-cli -l timeout -x -d 'Wait so many seconds for all of it to arrive'
complete -c teahouse-cli -l classic -d 'Speak the classic protocol'
complete -c teahouse-cli -l identity -r -F -d 'Be who has the key in FILE'
complete -c teahouse-cli -l room -x -d 'Open ROOM of the house, and say there what comes in'
complete -c teahouse-cli -l json -d 'Read and print one JSON object a line'
complete -c teahouse-cli -l version -d 'Show the version'
complete -c teahouse-cli -s h -l help -d 'Show the options'
