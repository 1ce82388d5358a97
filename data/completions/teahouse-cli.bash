# bash completion for teahouse-cli(1)                      -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

_teahouse_cli() {
    local cur prev words cword split
    _init_completion -s || return

    case $prev in
        -n | --nick) return ;;
    esac
    $split && return

    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '-n --nick= --classic --json --version --help' -- "$cur"))
        [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
    else
        _known_hosts_real -- "$cur"
    fi
} && complete -F _teahouse_cli teahouse-cli
