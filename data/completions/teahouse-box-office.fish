# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahouse-box-office -f
complete -c teahouse-box-office -l tickets -x -d 'Sell so many tickets'
complete -c teahouse-box-office -l windows -x -d 'Sell them at so many windows'
complete -c teahouse-box-office -l seconds-per-sale -x -d 'Let every sale take so long'
complete -c teahouse-box-office -l room -x -a '(__fish_print_hostnames)' -d 'Tell the sales in the room at this address, too'
complete -c teahouse-box-office -l version -d 'Show the version'
complete -c teahouse-box-office -s h -l help -d 'Show the options'
