# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

complete -c teahouse -f -a '(__fish_print_hostnames)'
complete -c teahouse -s n -l nick -x -d 'The name to enter under'
complete -c teahouse -l host -d 'Host a room on this computer and enter it'
complete -c teahouse -l version -d 'Print the version and exit'
complete -c teahouse -s h -l help -d 'Show the options'
complete -c teahouse -l help-all -d 'Show the options, those of GTK too'
