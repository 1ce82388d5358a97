# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahouse-cli -f -a '(__fish_print_hostnames)'
complete -c teahouse-cli -s n -l nick -x -d 'Enter under this name'
complete -c teahouse-cli -l classic -d 'Speak the classic protocol'
complete -c teahouse-cli -l json -d 'Print one JSON object a line'
complete -c teahouse-cli -l version -d 'Show the version'
complete -c teahouse-cli -s h -l help -d 'Show the options'
